"""Morris' screening: how far a factor moves an outcome, against how unevenly it does."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.rows import (
    MOST_PANELS,
    as_numbers,
    begin_stack,
    key_of,
    label_beside,
    mark_of,
    names_in,
    rows_of,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    unit_axis,
    write_head,
)
from cosim.report.plots.style import SOFT, Mark, say_instead, styled
from cosim.report.wording import interval_words, number_words
from cosim.results.intervals import Interval

SMALL: Final = 0.1
"""A factor that moves an outcome less than this share of what the strongest does is drawn unnamed (ASSUMED)."""
MOST_NAMED: Final = 14


def _pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each outcome and factor: mu_star, its low and high, sigma, and what chance alone shows."""
    table = as_numbers(frame, "value", "low", "high") if len(frame) else frame
    if table.empty:
        return pd.DataFrame(columns=["outcome", "factor", "value", "low", "high", "sigma", "floor"])
    keys = ["outcome", "factor"]
    table = table.assign(outcome=table["outcome"].astype(str), factor=table["factor"].astype(str))
    star = table[table["kind"] == "mu_star"][[*keys, "value", "low", "high"]].drop_duplicates(keys)
    sigma = table[table["kind"] == "sigma"][[*keys, "value"]].rename(columns={"value": "sigma"})
    floor = table[table["kind"] == "mu_star_by_chance"][[*keys, "value"]].rename(columns={"value": "floor"})
    both = star.merge(sigma.drop_duplicates(keys), on=keys)
    both = both.merge(floor.drop_duplicates(keys), on=keys, how="left").fillna({"floor": 0.0})
    return both[both["value"].notna() & both["sigma"].notna()]


@styled
def plot_screening(frame: pd.DataFrame, axes: Axes | None = None, *, unit: str = "") -> Axes:
    """Return axes with one panel for each outcome: mu_star across, sigma up, the factors named beside.

    Parameters
    ----------
    frame : outcome, factor, kind ("mu_star", "sigma"), value, low, high
    unit : of all outcomes, if they have the same
    """
    table = _pairs(frame)
    outcomes = names_in(table["outcome"], MOST_PANELS)
    outer, panels = begin_stack(axes, max(len(outcomes), 1), 1, 2.3)
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no factor was screened")
    strong, weak = mark_of(0), Mark(SOFT, "x", "solid")
    for panel, outcome in zip(panels, outcomes, strict=False):
        rows = table[table["outcome"] == outcome].sort_values("value", ascending=False, kind="stable")
        most = max(float(np.nanmax(rows[["value", "high"]].to_numpy())), 1e-12)
        tall = max(float(rows["sigma"].max()), 0.02 * most)
        panel.set_xlim(0.0, 1.06 * most)
        panel.set_ylim(-0.04 * tall, 1.1 * tall)
        reach = np.array([0.0, 2.0 * most])
        for slope, dash in ((1.0, (0, (6, 2))), (0.5, (0, (1.4, 1.4)))):
            panel.plot(reach, slope * reach, color=SOFT, linewidth=0.9, linestyle=dash, zorder=1.5)
        named = rows[rows["value"] >= SMALL * most].head(MOST_NAMED)
        for row in rows_of(rows):
            mark = strong if row.Index in named.index else weak
            if math.isfinite(row.low) and math.isfinite(row.high):
                panel.plot([row.low, row.high], [row.sigma] * 2, color=mark.colour, linewidth=1.0, alpha=0.7)
            panel.plot(row.value, row.sigma, marker=mark.marker, color=mark.colour, markersize=5.5, linestyle="none")
        label_beside(panel, list(named["sigma"]), list(named["value"]), list(named["factor"]))
        unit_axis(panel, unit, "mean size of the effect, μ*")
        unit_axis(panel, unit, "spread of it, σ", "y")
    dashes = [Mark(SOFT, "", (0, (6, 2))), Mark(SOFT, "", (0, (1.4, 1.4)))]
    keys = [
        key_of(strong, "factor, with 95 % interval of μ*"),
        key_of(weak, "moves it little"),
        key_of(dashes[0], "σ = μ*: uneven or interacting above", line=True, marker=False),
        key_of(dashes[1], "σ = μ*/2: much the same below", line=True, marker=False),
    ]
    write_head(outer, "Which factors move the outcomes, and how evenly", keys, above=title_panels(panels, outcomes, 1))
    return outer


def describe_screening(frame: pd.DataFrame) -> str:
    """Return in words what `plot_screening` shows."""
    table = _pairs(frame)
    if table.empty:
        return "No factor was screened."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[table["outcome"] == outcome].sort_values("value", ascending=False, kind="stable")
        # An interval says how well mu* is known; that it is more than luck shows by itself is another question.
        sure = rows[(rows["value"] > rows["floor"]) & ~(rows["low"] <= rows["floor"])]
        if sure.empty:
            parts.append(f"{outcome}: no factor moves it more than chance does.")
            continue
        told = [
            f"{row.factor} (μ* {interval_words(Interval(row.value, row.low, row.high, 2), 'difference')}, "
            f"σ {number_words(row.sigma)})"
            for row in rows_of(sure.head(3))
        ]
        weak = int((rows["value"] < SMALL * rows["value"].max()).sum())
        text = f"{outcome}: moved most by {tell_names(told)}"
        if weak:
            text += f"; {weak} of {len(rows)} factors move it less than a tenth of that"
        uneven = [str(row.factor) for row in rows_of(rows) if row.sigma > row.value >= SMALL * rows["value"].max()]
        if uneven:
            text += f"; unevenly or together with others: {tell_names(uneven)}"
        parts.append(f"{text}.")
    return " ".join(parts) + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
