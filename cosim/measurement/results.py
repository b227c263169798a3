"""Results: what came of the arenas, and what it cost.

Floor 4. Every function takes a record (of a run, or of one municipality in it) and returns a number or a dict of
numbers, NaN where it is not defined. Shares that the innovation barometer also asks for are taken as it takes them.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.measurement.shares import mean_of, share_of
from cosim.measurement.slices import (
    DELIVERED,
    WINDOW,
    by_units,
    find_newest,
    has_ended,
    is_open,
)
from cosim.results.record import RunRecord
from cosim.vocabulary import ENDINGS, VALUE_KINDS

Array = np.ndarray[Any, Any]

CAUSES: Final = ENDINGS[2:]
"""Why an arena ended without a solution in use."""


def count_unit_years(record: RunRecord) -> float:
    """Return the unit-years lived: service units summed over months, over twelve."""
    return float(record.month_table["units"].sum()) / 12.0


def measure_pace(record: RunRecord) -> dict[str, float]:
    """Return how many innovations were made, and how often.

    ``innovations`` counts all; ``innovations_per_unit_year`` those of service units over their unit-years (arenas that
    the scenario scheduled belong to no unit); ``innovations_per_municipality_year`` all; ``innovations_per_arena`` all,
    over the arenas opened.
    """
    n = len(record.innovations)
    opened = float(record.month_table["opened"].sum())
    return {
        "innovations": float(n),
        "innovations_per_unit_year": share_of(float(by_units(record).sum()), count_unit_years(record)),
        "innovations_per_municipality_year": share_of(12.0 * n, record.months * len(record.municipalities)),
        "innovations_per_arena": share_of(n, opened),
    }


def measure_innovators(record: RunRecord) -> dict[str, float]:
    """Return the share of units with an innovation in the last two years, and of the others with something started.

    Both in the last month. NaN in a run of less than two years: the barometer's window is not yet full.

    Sources
    -------
    ks2018innovative : 74 per cent had one, and 1 of 4 of the others had something started.
    """
    if record.months < WINDOW:
        return {"units_with_innovation": math.nan, "started_not_finished": math.nan}
    last = record.month_table[-1]
    units, innovating = float(last["units"].sum()), float(last["units_innovating"].sum())
    tried = float(last["units_tried_only"].sum())
    return {
        "units_with_innovation": share_of(innovating, units),
        "started_not_finished": share_of(tried, units - innovating),
    }


def measure_delivery(record: RunRecord) -> dict[str, float]:
    """Return the mean months from opening to use, and their coefficient of variation (NaN below two innovations).

    Sources
    -------
    sorensen2011 : stages in a row make for a low spread of delivery times; the sign to look for.
    """
    months = record.innovations["months_taken"].astype(np.float64)
    mean = mean_of(months)
    spread = float(months.std(ddof=1)) if len(months) > 1 else math.nan
    return {"delivery_months": mean, "delivery_cv": share_of(spread, mean)}


def count_abandonment(record: RunRecord) -> pd.DataFrame:
    """Return how many arenas ended without a solution in use, [phase from 1, cause]; every cause, phases reached."""
    counts = _count_causes(record)
    phases = pd.RangeIndex(1, len(counts) + 1, name="phase")
    return pd.DataFrame(counts, index=phases, columns=pd.Index(CAUSES, name="cause"))


def _count_causes(record: RunRecord) -> Array:
    """Return how many arenas ended without a solution in use, [phase, cause]; at least one phase."""
    ending, phase = record.arenas["ending"], record.arenas["last_phase"]
    failed = has_ended(record.arenas) & (ending != DELIVERED)
    n_phases = max(int(phase.max(initial=-1)) + 1, 1)
    counts = np.zeros((n_phases, len(CAUSES)), np.int64)
    np.add.at(counts, (np.maximum(phase[failed], 0), ending[failed].astype(np.int64) - 2), 1)
    return counts


def measure_abandonment(record: RunRecord) -> dict[str, float]:
    """Return the share of ended arenas without a solution in use, and of those, the share of each cause and in phase 1.

    The last is NaN where no arena reached a second phase, as in a theory that has only one.

    Sources
    -------
    cherrypicking2018 : proposals fall on cost, on challenge to existing policy, and for want of support inside.
    """
    counts = _count_causes(record)
    n_failed = float(counts.sum())
    shares = {
        f"abandoned_{cause}": share_of(float(counts[:, place].sum()), n_failed) for place, cause in enumerate(CAUSES)
    }
    return {
        "abandoned": share_of(n_failed, float(has_ended(record.arenas).sum())),
        **shares,
        "abandoned_first_phase": share_of(float(counts[0].sum()), n_failed if len(counts) > 1 else 0.0),
    }


def measure_partners(innovations: Array) -> dict[str, float]:
    """Return the share of innovations with each kind of partner.

    A partner is a sector with members in the arena when it delivered; other units, if they were invited.

    Parameters
    ----------
    innovations : records ``engine.logs.INNOVATION_ROW`` [innovation]
    """
    n, members = len(innovations), innovations["members"] > 0
    return {
        "partner_own_units": share_of(float((innovations["shared"] > 0).sum()), n),
        "partner_firms": share_of(float(members[:, 1].sum()), n),
        "partner_citizens": share_of(float(members[:, 2].sum()), n),
        "partner_research": share_of(float(members[:, 3].sum()), n),
    }


def measure_values(innovations: Array) -> dict[str, float]:
    """Return the share of innovations with each kind of value, and with more than one kind.

    Parameters
    ----------
    innovations : records ``engine.logs.INNOVATION_ROW`` [innovation]
    """
    n = len(innovations)
    kinds = np.stack([innovations[kind] > 0 for kind in VALUE_KINDS], axis=1)
    shares = {f"value_{kind}": share_of(float(kinds[:, at].sum()), n) for at, kind in enumerate(VALUE_KINDS)}
    return shares | {"value_several_kinds": share_of(float((kinds.sum(axis=1) > 1).sum()), n)}


def measure_barometer(record: RunRecord) -> dict[str, float]:
    """Return what the innovation barometer would find; the names are those of the calibration targets.

    Partners and values are shares of the newest innovation of each service unit in the last two years, and of what has
    been lived so far in a shorter run.

    Sources
    -------
    ks2018innovative, ks2018values, coi2018norway, meldst30 : what was asked, of whom.
    """
    newest = record.innovations[find_newest(record)]
    return measure_innovators(record) | measure_partners(newest) | measure_values(newest)


def measure_solutions(record: RunRecord) -> dict[str, float]:
    """Return the mean quality of solutions put into use (0..1), and the share of them from open arenas."""
    return {
        "solution_quality": mean_of(record.innovations["value"]),
        "open_innovations": share_of(float(is_open(record.innovations).sum()), len(record.innovations)),
    }


def measure_spread(record: RunRecord) -> dict[str, float]:
    """Return how innovations travel: taken up elsewhere, and reused here; the first two NaN with nobody to go to.

    ``adoptions_per_innovation`` counts the other municipalities that took one up by the end, ``adopted_elsewhere`` is
    the share taken up by at least one, ``reuse_per_unit_year`` counts what units here took over from others.
    """
    n_others = record.adopted.shape[1] - 1
    taken = (record.adopted >= 0).sum(axis=1).astype(np.float64)
    known = taken if n_others > 0 else np.empty(0)
    return {
        "adoptions_per_innovation": mean_of(known),
        "adopted_elsewhere": mean_of(known > 0),
        "reuse_per_unit_year": share_of(float(record.month_table["reused"].sum()), count_unit_years(record)),
    }


def measure_cost(record: RunRecord) -> dict[str, float]:
    """Return what all arenas, training and exchange cost (NOK), per innovation and per unit of value (its quality)."""
    cost = float(record.month_table["cost"].sum())
    return {
        "cost": cost,
        "cost_per_innovation": share_of(cost, len(record.innovations)),
        "cost_per_value": share_of(cost, float(record.innovations["value"].astype(np.float64).sum())),
    }


def measure_first_win(record: RunRecord) -> dict[str, float]:
    """Return the mean months from opening to the first step forward, over arenas that took one, and their share.

    Sources
    -------
    ansell2008 : small wins.
    """
    first = record.arenas["wins_first_month"].astype(np.float64)
    met = record.arenas["months_met"] > 0
    return {
        "first_win_month": mean_of(np.where(first >= 0, first, np.nan)),
        "arenas_with_win": share_of(float((first[met] >= 0).sum()), float(met.sum())),
    }
