"""How each theory takes a blow to trust: how deep, how long, and what is still missing long after it is over. Floor 7.

The blow is the parameter ``context.scandal``: acts of distrust that everybody learns of. Every replicate lives twice
with the same people and the same luck, once with the blow and once without; all that is told is the difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.errors import Complaint, StudyError
from cosim.processes.model import ProcessModel
from cosim.results.intervals import Interval, interval_of_mean
from cosim.scenario.model import Change, Scenario
from cosim.study.lives import Lives, live_rival, tell_abandonment, tell_order, tell_paths, tell_trust

Array = np.ndarray[Any, Any]
OnTheory = Callable[[int, int], None]

SCANDAL: Final = "context.scandal"
TRUST: Final = "trust"
OUTPUT: Final = "delivered"
WINDOW: Final = 12
"""Months over which output is summed: a year, since a month delivers next to nothing (ASSUMED)."""
RESAMPLES: Final = 1000
SEED: Final = 20240202


@dataclass(frozen=True, slots=True)
class Shock:
    """A blow to trust: acts of distrust a month, the first month (from 0), for how many months, and how long after its
    end output is compared.
    """

    acts: float = 20.0
    month: int = 12
    lasting: int = 1
    after: int = 24

    @property
    def removed(self) -> int:
        """The first month without it."""
        return self.month + self.lasting


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """What a blow to trust did under each theory.

    Parameters
    ----------
    recovery : frame [process, month, mean, low, high]
        Members' trust, with the blow less without it; month 0 is the first of the run.
    gaps : frame [process, quantity, unit, month, mean, low, high]
        The same for every quantity that is followed.
    indices : frame [process, deepest, deepest_low, deepest_high, half_gone, half_low, half_high, traceless,
        hysteresis, hysteresis_low, hysteresis_high, lost, lost_low, lost_high, null_hysteresis, null_low, null_high]
        ``deepest`` is the largest fall of trust; ``half_gone`` the months from the blow until half of it is gone for
        good, infinite if that is not seen, with an interval over resampled replicates; ``traceless`` those until the
        interval of the gap holds none and goes on to, which more replicates would move. ``hysteresis`` is the share of
        output that is missing in the year that begins ``after`` months behind the end of the blow; ``lost`` the
        solutions missing from the blow to the end of the run; ``null_...`` how much larger the share is than under the
        first theory.
    paths : frame [process, quantity, unit, month, mean, low, high]
        Without the blow.
    order, abandonment, trust : see `lives`; without the blow
    """

    shock: Shock
    recovery: pd.DataFrame
    gaps: pd.DataFrame
    indices: pd.DataFrame
    paths: pd.DataFrame
    order: pd.DataFrame
    abandonment: pd.DataFrame
    trust: pd.DataFrame


def shock_rivals(
    scenario: Scenario,
    processes: Sequence[tuple[str, ProcessModel]],
    shock: Shock | None = None,
    *,
    replicates: int = 40,
    workers: int | None = None,
    on_done: OnTheory | None = None,
) -> Hysteresis:
    """Return what a blow to trust does under each theory.

    Parameters
    ----------
    scenario : the world; its own changes of ``context.scandal`` stay
    processes : the theories, the null theory first
    shock : 20 acts in month 12 without it
    replicates : pairs of runs for each theory
    workers : threads; all processors by default
    on_done : called with (theories done, theories in all)

    Raises
    ------
    StudyError
        The run is too short to see what is left after the blow, or the blow is none.

    Sources
    -------
    ASSUMED : design note F8; 20 acts, month 12, and the gap 24 months after the end, here over a year.
    """
    shock = shock or Shock()
    _look_at(scenario, shock, replicates)
    lucks = range(replicates)
    hit = with_shock(scenario, shock)
    calm: list[Lives] = []
    gaps, indices = [], []
    first: Array | None = None
    for done, (name, model) in enumerate(processes, 1):
        without, with_it = (live_rival(one, name, model, lucks, workers=workers) for one in (scenario, hit))
        calm.append(without)
        gap = {what: with_it.paths[what] - without.paths[what] for what in without.paths}
        gaps.append(tell_paths(name, gap))
        row, shares = _tell_indices(name, shock, without.paths, with_it.paths, first)
        first = shares if first is None else first
        indices.append(row)
        if on_done is not None:
            on_done(done, len(processes))
    told = pd.concat(gaps, ignore_index=True)
    recovery = told[told["quantity"] == TRUST].drop(columns=["quantity", "unit"]).reset_index(drop=True)
    paths = pd.concat([tell_paths(one.process, one.paths) for one in calm], ignore_index=True)
    return Hysteresis(
        shock, recovery, told, pd.DataFrame(indices), paths, tell_order(calm), tell_abandonment(calm), tell_trust(calm)
    )


def with_shock(scenario: Scenario, shock: Shock) -> Scenario:
    """Return the scenario with the blow in it, everywhere."""
    because = "a blow to trust, to see how it heals"
    change = Change(SCANDAL, shock.acts, shock.month, shock.removed - 1, (), because)
    return replace(scenario, changes=(*scenario.changes, change))


def _tell_indices(
    process: str, shock: Shock, calm: dict[str, Array], hit: dict[str, Array], first: Array | None
) -> tuple[dict[str, Any], Array]:
    """Return the row of a theory, and its share of output missing in each resample; the first theory's come in."""
    gap = hit[TRUST] - calm[TRUST]
    months = range(gap.shape[1])
    means = np.array([interval_of_mean(gap[:, month]) for month in months])
    deepest = shock.month + int(np.nanargmin(means[shock.month :, 0]))
    picks = np.random.default_rng(SEED).integers(0, len(gap), (RESAMPLES, len(gap)))
    halves = np.array([count_to_half(_mean(gap[pick]), shock.month) for pick in picks])
    start = shock.removed + shock.after
    late = slice(start, start + WINDOW)
    missing = _share_missing(hit[OUTPUT][:, late].sum(axis=1), calm[OUTPUT][:, late].sum(axis=1))
    shares = np.array([missing(pick) for pick in picks])
    lost = interval_of_mean((calm[OUTPUT] - hit[OUTPUT])[:, shock.month :].sum(axis=1))
    known = missing(np.arange(len(gap)))
    half, share = _of_resamples(count_to_half(_mean(gap), shock.month), halves), _of_resamples(known, shares)
    beyond = _of_resamples(0.0, np.zeros(1)) if first is None else _of_resamples(known - first[0], shares - first[1:])
    row = {"process": process}
    row |= _three("deepest", interval_of_mean(gap[:, deepest])) | _three("half", half, "half_gone")
    row |= {"traceless": count_to_none(means, deepest, shock.month)}
    row |= _three("hysteresis", share) | _three("lost", lost) | _three("null", beyond, "null_hysteresis")
    return row, np.concatenate([[known], shares])


def count_to_half(gap: Array, month: int) -> float:
    """Return the months from a blow until its trace has shrunk to half its largest size and stays below.

    Parameters
    ----------
    gap : array [month]
        With the blow less without; NaN where not known.
    month : month of the blow

    Examples
    --------
    >>> count_to_half(np.array([0.0, -0.4, -0.3, -0.1, -0.25, -0.1, 0.0]), 1)
    4.0
    >>> count_to_half(np.array([0.0, -0.4, -0.3]), 1)
    inf
    """
    size = np.nan_to_num(np.abs(np.asarray(gap, np.float64)[month:]))
    above = np.flatnonzero(size > 0.5 * size.max(initial=0.0))
    if not len(above):
        return 0.0
    return float(above[-1] + 1) if above[-1] + 1 < len(size) else math.inf


def count_to_none(gap: Array, deepest: int, month: int) -> float:
    """Return the months from a blow until the gap cannot be told from none for half a year on end; infinite if never.

    Parameters
    ----------
    gap : array [month, (mean, low, high, ...)]
    deepest : month of the largest gap
    month : month of the blow
    """
    none = (gap[:, 1] <= 0.0) & (gap[:, 2] >= 0.0)
    for start in range(deepest, len(none) - 5):
        if none[start : start + 6].all():
            return float(start - month)
    return math.inf


def _share_missing(hit: Array, calm: Array) -> Callable[[Array], float]:
    """Return a function from a choice of replicates to the share of output that is missing in them."""

    def missing(pick: Array) -> float:
        without = float(calm[pick].sum())
        return 1.0 - float(hit[pick].sum()) / without if without > 0.0 else math.nan

    return missing


def _of_resamples(known: float, resampled: Array) -> Interval:
    """Return a number with the middle 95 per cent of what it is in resampled replicates."""
    # Nearest ones and not between, since some may be infinite.
    if np.isnan(resampled).any():
        return Interval(known, math.nan, math.nan, len(resampled))
    low, high = np.quantile(resampled, (0.025, 0.975), method="nearest")
    return Interval(known, float(low), float(high), len(resampled))


def _three(name: str, one: Interval, mean: str = "") -> dict[str, float]:
    return {mean or name: one.mean, f"{name}_low": one.low, f"{name}_high": one.high}


def _mean(values: Array) -> Array:
    """Return means over replicates of what is known, [month]; NaN where nothing is."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    return np.divide(np.where(known, values, 0.0).sum(axis=0), n, out=np.full(n.shape, np.nan), where=n > 0)


def _look_at(scenario: Scenario, shock: Shock, replicates: int) -> None:
    """Raise one letter if a question of recovery makes no sense."""
    end = shock.removed + shock.after + WINDOW
    asked = (
        ("shock", f"{shock.acts:g} acts for {shock.lasting} months", shock.acts > 0.0 and shock.lasting > 0, "some"),
        ("shock.month", f"month {shock.month}", shock.month >= 0, "0 or later"),
        ("months", f"{scenario.months} months", scenario.months >= end, f"{end} or more, to see what is left"),
        ("replicates", f"{replicates}", replicates >= 2, "2 or more, 40 to tell a sign"),
    )
    complaints = [Complaint("hysteresis", name, found, allowed) for name, found, right, allowed in asked if not right]
    if complaints:
        raise StudyError(complaints)
