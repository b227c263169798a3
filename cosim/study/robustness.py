"""Does a policy hold in worlds we are unsure of? Regret, satisficing, and in words where it fails. Floor 7.

The worlds are drawn over the study's uncertain factors; in each, every alternative meets the same lucks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import binomtest, qmc

from cosim.measurement.observe import OUTCOMES
from cosim.results.intervals import interval_of_mean
from cosim.results.runstore import RunStore
from cosim.study.definition import Study, Wish
from cosim.study.discovery import FEWEST_OF_A_KIND, Box, find_boxes
from cosim.study.execute import HERE, Elsewhere, Made, OnDone, execute, gather
from cosim.study.points import Point, points_of_design

Array = np.ndarray[Any, Any]

QUANTILES: Final = (5, 25, 50, 75, 95)
DESIGN_SEED: Final = 20240102
BETTER_DOWN: Final = (
    "cost", "cost_per_innovation", "cost_per_value", "abandoned", "delivery_months", "first_win_month", "dropout",
    "gini_sectors", "gini_ages",
)  # fmt: skip
"""Outcomes of which less is better; for all others more is."""


@dataclass(frozen=True, slots=True)
class Robust:
    """What came of a policy in many worlds.

    Attributes
    ----------
    factors : names of what is uncertain, [F]
    levels : [world, F]
    means : [alternative, world, outcome] over replicates
    regret : frame [alternative, outcome, unit, mean, low, high, p5, p25, p50, p75, p95, worst, best_share]
        What is lost, in the outcome's unit, by having chosen this and not what was best in that world.
    satisfied : frame [alternative, wish, share, low, high, n]
    boxes : where an alternative fails, by alternative
    made : what the execution came to
    points, replicates : the runs it rests on
    failing, failed_share : what failing means for it, in words, and in what share of the worlds it does
    """

    factors: tuple[str, ...]
    levels: Array
    means: Array
    regret: pd.DataFrame
    satisfied: pd.DataFrame
    boxes: dict[str, tuple[Box, ...]]
    failing: dict[str, str]
    failed_share: dict[str, float]
    made: Made
    points: tuple[Point, ...]
    replicates: int


def try_worlds(study: Study, store: RunStore, *, where: Elsewhere = HERE, on_done: OnDone | None = None) -> Robust:
    """Return how the study's alternatives do over worlds drawn from its factors' ranges.

    Sources
    -------
    ASSUMED : worlds are a scrambled Sobol sequence, every place in the ranges as likely as any other; the ranges are
        what is believed, and the shares below mean nothing beyond them.
    """
    assert study.robustness is not None
    n = study.robustness.n
    unit = qmc.Sobol(len(study.factors), seed=DESIGN_SEED).random(n)
    levels = np.stack([factor.at(unit[:, at]) for at, factor in enumerate(study.factors)], axis=1)
    lucks = range(study.replicates.least)
    means = np.empty((len(study.scenarios), n, len(study.outcomes)))
    points = [points_of_design(one, study.processes, study.factors, levels) for one in study.scenarios]
    every = [point for some in points for point in some]
    n_runs = len({point.key for point in every}) * len(lucks)
    study.budget.refuse(n_runs, study.name, "ask for fewer worlds (robustness.n), alternatives or replicates")
    deadline = study.budget.deadline
    made = execute(every, lucks, study.outcomes, store, where=where, on_done=on_done, deadline=deadline)
    for place, some in enumerate(points):
        values = gather(some, lucks, study.outcomes, store)
        known = np.isfinite(values)
        with np.errstate(invalid="ignore"):
            sums = np.where(known, values, 0.0).sum(axis=1) / known.sum(axis=1)
        means[place] = sums
    names = tuple(one.name for one in study.scenarios)
    wishes = study.robustness.wishes
    boxes, failing, share = {}, {}, {}
    frame = pd.DataFrame(levels, columns=[factor.name for factor in study.factors])
    for place, name in enumerate(names):
        fails, said = _fails(study, means, place, wishes)
        failing[name] = said
        n_fail = int(fails.sum())
        share[name] = n_fail / n
        if min(n_fail, n - n_fail) >= FEWEST_OF_A_KIND:
            boxes[name] = find_boxes(frame, fails, study.factors)
    return Robust(
        tuple(factor.name for factor in study.factors),
        levels,
        means,
        tell_regret(names, study.outcomes, means),
        tell_satisfied(names, wishes, study.outcomes, means),
        boxes,
        failing,
        share,
        made,
        tuple(every),
        len(lucks),
    )


def _fails(study: Study, means: Array, place: int, wishes: tuple[Wish, ...]) -> tuple[Array, str]:
    """Return in which worlds an alternative fails, and what failing means."""
    if wishes:
        kept = np.ones(means.shape[1], bool)
        for wish in wishes:
            column = means[place, :, study.outcomes.index(wish.outcome)]
            kept &= np.array([wish.is_met(float(value)) for value in column])
        return ~kept, "misses what would satisfy"
    first = study.outcomes[0]
    meaning = OUTCOMES[first].meaning
    sign = -1.0 if first in BETTER_DOWN else 1.0
    # Where an outcome is not defined, nothing was got: it is worse than any that is.
    goods = np.where(np.isfinite(means[:, :, 0]), sign * means[:, :, 0], -np.inf)
    if place == 0:
        best = np.isfinite(goods[0]) & (goods[0] >= goods.max(axis=0))
        return np.asarray(~best), f"is not the best ({meaning})"
    return np.asarray(~(goods[place] > goods[0])), f"is no better than the baseline ({meaning})"


def tell_regret(names: tuple[str, ...], outcomes: tuple[str, ...], means: Array) -> pd.DataFrame:
    """Return the regret of each alternative over the worlds.

    Parameters
    ----------
    names : the alternatives [A]
    outcomes : [O]
    means : array [A, world, O]

    Returns
    -------
    frame [alternative, outcome, unit, mean, low, high, p5, p25, p50, p75, p95, worst, best_share]
        ``low`` and ``high`` bound the mean over worlds; ``best_share`` is the share of worlds in which it is the best.

    Sources
    -------
    ASSUMED : minimax regret as Savage has it; which way is better is declared in BETTER_DOWN.
    """
    rows = []
    for at, outcome in enumerate(outcomes):
        goods = means[:, :, at] * (-1.0 if outcome in BETTER_DOWN else 1.0)
        known = np.isfinite(goods).all(axis=0)
        lost = goods[:, known].max(axis=0, initial=-np.inf) - goods[:, known]
        for place, name in enumerate(names):
            found = interval_of_mean(lost[place])
            row: dict[str, Any] = {"alternative": name, "outcome": outcome, "unit": OUTCOMES[outcome].unit}
            row |= {"mean": found.mean, "low": max(found.low, 0.0), "high": found.high}
            some = len(lost[place]) > 0
            for part in QUANTILES:
                row[f"p{part}"] = float(np.quantile(lost[place], part / 100.0)) if some else np.nan
            row["worst"] = float(lost[place].max()) if some else np.nan
            row["best_share"] = float((lost[place] == 0.0).mean()) if some else np.nan
            rows.append(row)
    return pd.DataFrame(rows)


def tell_satisfied(
    names: tuple[str, ...], wishes: tuple[Wish, ...], outcomes: tuple[str, ...], means: Array
) -> pd.DataFrame:
    """Return in what share of worlds each alternative gives what would satisfy, and all of it at once.

    Returns
    -------
    frame [alternative, wish, share, low, high, n]
        Wilson's 95 per cent interval: how well so many worlds tell the share in all of them.
    """
    rows = []
    for place, name in enumerate(names):
        met = {}
        for wish in wishes:
            column = means[place, :, outcomes.index(wish.outcome)]
            met[f"{wish.outcome} {wish.side.replace('_', ' ')} {wish.level:g}"] = np.array(
                [wish.is_met(float(value)) for value in column]
            )
        if len(met) > 1:
            met["all of these"] = np.all(list(met.values()), axis=0)
        for what, kept in met.items():
            low, high = binomtest(int(kept.sum()), len(kept)).proportion_ci(method="wilson")
            rows.append(
                {
                    "alternative": name,
                    "wish": what,
                    "share": float(kept.mean()),
                    "low": low,
                    "high": high,
                    "n": len(kept),
                }
            )
    return pd.DataFrame(rows, columns=["alternative", "wish", "share", "low", "high", "n"])
