"""How each theory takes a blow to trust: how deep, how long, and what is still missing when it has been taken back.

Floor 7. Every replicate lives three times with the same people and the same luck: without the blow, with it, and with
it taken back after a while (`shocks`). All that is told is the difference from the run without.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from cosim.errors import Complaint, StudyError
from cosim.processes.model import ProcessModel
from cosim.results.intervals import Interval, interval_of_mean
from cosim.run import prepare, run_prepared
from cosim.scenario.model import Scenario
from cosim.study.lives import Lives, live_rival, tell_abandonment, tell_order, tell_paths, tell_trust
from cosim.study.shocks import Shock, run_healed, with_shock

Array = np.ndarray[Any, Any]
OnTheory = Callable[[int, int], None]

TRUST: Final = "trust"
OUTPUT: Final = "delivered"
WINDOW: Final = 12
"""Months over which output is summed: a year, since a month delivers next to nothing (ASSUMED)."""
TRACELESS: Final = 6
"""Months on end in which a gap's interval must hold none before it is called gone (ASSUMED)."""
RESAMPLES: Final = 1000
SEED: Final = 20240202
STAYS, REMOVED = "stays", "removed"


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """What a blow to trust did under each theory.

    Parameters
    ----------
    recovery : frame [process, month, mean, low, high]
        Trust among members of arenas, the run in which the blow was taken back less the one without; month 0 is the
        first of the run.
    gaps : frame [blow, process, quantity, unit, month, mean, low, high]
        Every quantity that is followed, with the blow that ``stays`` and the one that is ``removed``, less without.
    indices : frame [process, deepest, deepest_low, deepest_high, half_gone, half_low, half_high, traceless, back,
        back_low, back_high, lost, lost_low, lost_high, hysteresis, hysteresis_low, hysteresis_high, beyond_null,
        beyond_null_low, beyond_null_high]
        While it stays: ``deepest`` is the largest fall of members' trust, ``half_gone`` the months until half of that
        is gone for good (infinite where that is not seen), ``traceless`` those until its interval holds none, which
        more replicates would move, and ``lost`` the solutions missing until the end. When it is taken back: ``back`` is
        the months from then until half of the gap in trust is gone, ``hysteresis`` the share of output still missing in
        the year that begins ``shock.after`` months later, and ``beyond_null`` how much larger that is than under the
        first theory. Intervals of months and shares are over resampled replicates.
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


class _Trio(NamedTuple):
    """A theory's runs without the blow, with it, and with it taken back; the same lucks in the same order."""

    calm: Lives
    stays: Lives
    removed: Lives


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
    scenario : the world
    processes : the theories, the null theory first
    shock : 20 acts in month 12, taken back in month 24, without it
    replicates : lucks, three runs each for each theory
    workers : threads; all processors by default
    on_done : called with (theories done, theories in all)

    Raises
    ------
    StudyError
        The run is too short to see what is left after the blow, or the blow is none.

    Sources
    -------
    ASSUMED : design note F8, recovery after the blow and the output gap 24 months after its removal, here over a year.
    """
    shock = shock or Shock()
    _look_at(scenario, shock, replicates)
    calm: list[Lives] = []
    gaps, indices = [], []
    first: Array | None = None
    for done, (name, model) in enumerate(processes, 1):
        trio = _live_trio(scenario, name, model, shock, range(replicates), workers)
        calm.append(trio.calm)
        for blow, lives in ((STAYS, trio.stays), (REMOVED, trio.removed)):
            gap = {what: lives.paths[what] - trio.calm.paths[what] for what in trio.calm.paths}
            gaps.append(tell_paths(name, gap).assign(blow=blow))
        row, shares = _tell_indices(name, shock, trio, first)
        first = shares if first is None else first
        indices.append(row)
        if on_done is not None:
            on_done(done, len(processes))
    told = pd.concat(gaps, ignore_index=True)
    told = told[["blow", *(name for name in told if name != "blow")]]
    chosen = told[(told["quantity"] == TRUST) & (told["blow"] == REMOVED)]
    return Hysteresis(
        shock,
        chosen[["process", "month", "mean", "low", "high"]].reset_index(drop=True),
        told,
        pd.DataFrame(indices),
        pd.concat([tell_paths(one.process, one.paths) for one in calm], ignore_index=True),
        tell_order(calm),
        tell_abandonment(calm),
        tell_trust(calm),
    )


def _live_trio(
    scenario: Scenario, name: str, model: ProcessModel, shock: Shock, lucks: Sequence[int], workers: int | None
) -> _Trio:
    world = replace(scenario, survey_months=())
    calm, hit = (prepare(one, model, reuse=True) for one in (world, with_shock(world, shock)))
    return _Trio(
        live_rival(name, lambda luck: run_prepared(calm, luck), lucks, workers),
        live_rival(name, lambda luck: run_prepared(hit, luck), lucks, workers),
        live_rival(name, lambda luck: run_healed(hit, luck, shock), lucks, workers),
    )


def _tell_indices(process: str, shock: Shock, trio: _Trio, first: Array | None) -> tuple[dict[str, Any], Array]:
    """Return the row of a theory, and its hysteresis followed by that in each resample; the first theory's come in."""
    calm, stays, removed = (one.paths for one in trio)
    gap, healed = stays[TRUST] - calm[TRUST], removed[TRUST] - calm[TRUST]
    picks = np.random.default_rng(SEED).integers(0, len(gap), (RESAMPLES, len(gap)))
    means = np.array([interval_of_mean(gap[:, month])[:3] for month in range(gap.shape[1])])
    deepest = shock.month + int(np.nanargmin(means[shock.month :, 0]))
    half = _resampled(lambda pick: count_to_half(_mean(gap[pick]), shock.month), picks)

    def come_back(pick: Array) -> float:
        """Return the months from the removal until half is gone of what was there last before it."""
        path = _mean(healed[pick])
        return max(count_to_half(path, shock.removed - 1, abs(float(path[shock.removed - 1]))) - 1.0, 0.0)

    back = _resampled(come_back, picks)
    lost = interval_of_mean((calm[OUTPUT] - stays[OUTPUT])[:, shock.month :].sum(axis=1))
    late = slice(shock.removed + shock.after, shock.removed + shock.after + WINDOW)
    with_it, without = (one[OUTPUT][:, late].sum(axis=1) for one in (removed, calm))
    shares = _resampled(lambda pick: _share_missing(with_it[pick], without[pick]), picks)
    row: dict[str, Any] = {"process": process}
    row |= _three("deepest", interval_of_mean(gap[:, deepest]))
    row |= _three("half", _of_resamples(half), "half_gone")
    row |= {"traceless": count_to_none(means, deepest, shock.month)}
    row |= _three("back", _of_resamples(back)) | _three("lost", lost)
    row |= _three("hysteresis", _of_resamples(shares))
    row |= _three("beyond_null", _of_resamples(shares - (shares if first is None else first)))
    return row, shares


def count_to_half(gap: Array, month: int, whole: float | None = None) -> float:
    """Return the months from a blow until its trace has shrunk to half its largest size and stays below.

    Parameters
    ----------
    gap : array [month]
        With the blow less without; NaN where not known.
    month : month of the blow
    whole : what half is to be gone of; the largest size from then on by default

    Examples
    --------
    >>> count_to_half(np.array([0.0, -0.4, -0.3, -0.1, -0.25, -0.1, 0.0]), 1)
    4.0
    >>> count_to_half(np.array([0.0, -0.4, -0.3]), 1)
    inf
    """
    size = np.nan_to_num(np.abs(np.asarray(gap, np.float64)[month:]))
    whole = float(size.max(initial=0.0)) if whole is None else whole
    above = np.flatnonzero(size > 0.5 * whole)
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
    for start in range(deepest, len(none) - TRACELESS + 1):
        if none[start : start + TRACELESS].all():
            return float(start - month)
    return math.inf


def _share_missing(hit: Array, calm: Array) -> float:
    """Return the share of output that is missing, NaN where there was none to miss."""
    without = float(calm.sum())
    return 1.0 - float(hit.sum()) / without if without > 0.0 else math.nan


def _resampled(reckon: Callable[[Array], float], picks: Array) -> Array:
    """Return what is reckoned from all replicates, and then from each choice of them, [1 + resamples]."""
    everyone = np.arange(picks.shape[1])
    return np.array([reckon(everyone), *(reckon(pick) for pick in picks)])


def _of_resamples(values: Array) -> Interval:
    """Return the first value with the middle 95 per cent of the others, which resampled replicates gave."""
    if np.isnan(values).any():
        return Interval(float(values[0]), math.nan, math.nan, len(values) - 1)
    # The nearest one and not one between two, since some may be infinite.
    low, high = np.quantile(values[1:], (0.025, 0.975), method="nearest")
    return Interval(float(values[0]), float(low), float(high), len(values) - 1)


def _three(name: str, one: Interval, mean: str = "") -> dict[str, float]:
    return {mean or name: one.mean, f"{name}_low": one.low, f"{name}_high": one.high}


def _mean(values: Array) -> Array:
    """Return means over replicates of what is known, [month]; NaN where nothing is."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    mean: Array = np.divide(np.where(known, values, 0.0).sum(axis=0), n, out=np.full(n.shape, np.nan), where=n > 0)
    return mean


def _look_at(scenario: Scenario, shock: Shock, replicates: int) -> None:
    """Raise one letter if a question of recovery makes no sense."""
    end = shock.removed + shock.after + WINDOW
    asked = (
        ("shock.acts", f"{shock.acts:g}", shock.acts > 0.0, "more than 0"),
        ("shock.month", f"month {shock.month}", shock.month >= 0, "0 or later"),
        ("shock.removed", f"month {shock.removed}", shock.removed > shock.month, "later than the blow"),
        ("months", f"{scenario.months} months", scenario.months >= end, f"{end} or more, to see what is left"),
        ("replicates", f"{replicates}", replicates >= 2, "2 or more, 40 to tell a sign"),
    )
    complaints = [Complaint("hysteresis", name, found, allowed) for name, found, right, allowed in asked if not right]
    if complaints:
        raise StudyError(complaints)
