"""Which figures a report has, in the order of the page; each with its own words.

Floor 3. To add a figure: a ``plot_`` and a ``describe_`` in ``plots/``, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from cosim.evidence.municipalities import read_municipalities
from cosim.report.plots import arenas, innovations, municipalities, outlook, participation, targets, trust, units
from cosim.results.store import StoredRun

COMPARING: Final = ("municipalities", "innovations-by-municipality")
"""Figures that say nothing about one municipality alone."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report: its file name, its heading, how it is drawn and how it is told."""

    name: str
    heading: str
    plot: Callable[[], Axes]
    describe: Callable[[], str]


def list_figures(stored: StoredRun, comparison: pd.DataFrame) -> list[Figure]:
    """Return the figures of a report.

    Parameters
    ----------
    stored : results, read and checked
    comparison : from `cosim.report.tables.compare_with_targets`
    """
    table = stored.tables
    by_month, arena, innovation, people = (
        table[name] for name in ("municipality_month", "arena", "innovation", "people")
    )
    names = read_municipalities()["name"].to_dict()
    by_month = by_month.assign(municipality=[names.get(key, key) for key in by_month["municipality"]])
    year, month = stored.manifest["scenario"]["start"]
    start = (int(year), int(month))
    barometer = _barometer(comparison)
    values = comparison[comparison.index.str.startswith("value_")]
    partners = comparison[comparison.index.str.startswith("partner_")]
    figures = [
        Figure(
            "innovations",
            "Innovations over time",
            lambda: innovations.plot_innovations(by_month, start=start),
            lambda: innovations.describe_innovations(by_month),
        ),
        Figure(
            "municipalities",
            "Municipalities beside one another",
            lambda: municipalities.plot_municipalities(by_month),
            lambda: municipalities.describe_municipalities(by_month),
        ),
        Figure(
            "innovations-by-municipality",
            "Innovations over time in each municipality",
            lambda: innovations.plot_innovations_by_municipality(by_month, start=start),
            lambda: innovations.describe_innovations_by_municipality(by_month),
        ),
        Figure(
            "units-innovating",
            "How many units innovate",
            lambda: units.plot_units_innovating(by_month, start=start, measured=barometer),
            lambda: units.describe_units_innovating(by_month, measured=barometer),
        ),
        Figure(
            "trust",
            "Who trusts whom",
            lambda: trust.plot_trust_map(people),
            lambda: trust.describe_trust_map(people),
        ),
        Figure(
            "outlook",
            "Optimism and local identity",
            lambda: outlook.plot_outlook(people, start=start),
            lambda: outlook.describe_outlook(people),
        ),
        Figure(
            "participation",
            "Who takes part",
            lambda: participation.plot_participation(arena, people),
            lambda: participation.describe_participation(arena, people),
        ),
        Figure(
            "levels",
            "How much co-creation, and how good",
            lambda: arenas.plot_levels(arena),
            lambda: arenas.describe_levels(arena),
        ),
        Figure(
            "delivery-time",
            "How long a solution takes",
            lambda: arenas.plot_delivery_time(innovation),
            lambda: arenas.describe_delivery_time(innovation),
        ),
        Figure(
            "endings",
            "Why arenas end with nothing",
            lambda: arenas.plot_endings(arena),
            lambda: arenas.describe_endings(arena),
        ),
        Figure(
            "values",
            "Kinds of value",
            lambda: targets.plot_targets(values, title="Kinds of value, beside the barometer of 2018"),
            lambda: targets.describe_targets(values),
        ),
        Figure(
            "partners",
            "Partners",
            lambda: targets.plot_targets(
                partners, title="Partners in the newest innovation, beside the barometer of 2018"
            ),
            lambda: targets.describe_targets(partners),
        ),
    ]
    alone = by_month["municipality"].nunique() < 2
    return [one for one in figures if not (alone and one.name in COMPARING)]


def _barometer(comparison: pd.DataFrame) -> tuple[float, float, float] | None:
    if "units_with_innovation" not in comparison.index:
        return None
    row: Any = comparison.loc["units_with_innovation"]
    return float(row["value"]), float(row["low"]), float(row["high"])
