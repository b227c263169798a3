"""Scenario discovery: in which part of the uncertain world does a policy fail? PRIM, put in words. Floor 7.

The only door to the EMA Workbench, whose patient rule induction is used as it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from cosim.errors import Complaint, StudyError
from cosim.study.sensitivity_design import Factor

Array = np.ndarray[Any, Any]

FEWEST_OF_A_KIND: Final = 8
"""With fewer worlds that fail (or that do not) there is nothing to find a rule in (ASSUMED)."""
WANTED_DENSITY: Final = 0.8
"""The share of a box's worlds that should fail (Bryant and Lempert use 0.8 and more)."""
SHUFFLES: Final = 19
SHUFFLE_SEED: Final = 20240106
LIKELY_BY_CHANCE: Final = 0.05
"""A bound of a box is told only if luck alone would give it less often (the quasi p-value of the box's dimension)."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of a box: a factor, the part of its range, the whole range, and how likely chance alone gives it."""

    factor: str
    low: float
    high: float
    factor_low: float
    factor_high: float
    p: float
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world in which most fails: its bounds, which share of all failures it covers, which share of its
    own worlds fail (density), and which share of all worlds it holds.
    """

    bounds: tuple[Bound, ...]
    coverage: float
    density: float
    mass: float

    def words(self) -> str:
        """Return the box as a sentence."""
        if not self.bounds:
            return "no part of the ranges stands out: failures are spread over all of them"
        parts = " and ".join(_said(one) for one in self.bounds)
        return (
            f"mostly where {parts}. There {self.density:.0%} of the worlds fail, against "
            f"{self.density * self.mass / self.coverage:.0%} of all"
        )


def _said(one: Bound) -> str:
    if one.levels:
        return f"{one.factor} is {' or '.join(one.levels)}"
    below, above = one.high < one.factor_high, one.low > one.factor_low
    if below and above:
        return f"{one.factor} lies in {one.low:.3g} to {one.high:.3g}"
    return f"{one.factor} is below {one.high:.3g}" if below else f"{one.factor} is above {one.low:.3g}"


def find_boxes(worlds: pd.DataFrame, fails: Array, factors: Sequence[Factor]) -> tuple[Box, ...]:
    """Return the box in which a policy fails, or nothing when none is dense enough to be worth a word.

    Of the peeling trajectory the first box that is dense enough is taken, which is the one that covers most; bounds
    that chance gives easily are let go of, and what is told of the box is told of what is left. Peeling always finds
    something: unless no box found in the same worlds with failures shuffled among them, 19 times over, is as unlikely,
    nothing is told. So in one of twenty studies at most a box is told where there is none.

    Parameters
    ----------
    worlds : frame [world, factor] of levels
    fails : array of truth [world]
    factors : what the columns are, for their ranges and words

    Raises
    ------
    StudyError
        The EMA Workbench is not installed.

    Sources
    -------
    ASSUMED : patient rule induction (Friedman and Fisher) as scenario discovery (Bryant and Lempert) uses it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of its own optional parts
            from ema_workbench.analysis import prim
    except ImportError as error:
        do = "pip install 'cosim[discovery]'"
        raise StudyError([Complaint("cosim", "robustness", "no package ema_workbench", "it", do)]) from error
    named = {factor.name: factor for factor in factors}
    shown = worlds.copy()
    for name, factor in named.items():
        if factor.choices:
            words = list(factor.choices)
            shown[name] = pd.Categorical([words[int(level)] for level in worlds[name]], words)
    fails = np.asarray(fails, bool)

    def peel(these: Array) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return prim.Prim(shown, these, peel_alpha=0.1).find_box()

    found = peel(fails)
    if found is None:
        return ()
    path = found.peeling_trajectory
    base = float(fails.mean())
    dense = path.index[path["density"] >= max(WANTED_DENSITY, (1.0 + base) / 2.0)]
    bounds = _bounds(found, int(dense[0]) if len(dense) else int(path["density"].idxmax()), named)
    inside = np.ones(len(fails), bool)
    for one in bounds:
        inside &= _within(worlds[one.factor].to_numpy(np.float64), one, named[one.factor])
    hits = int((fails & inside).sum())
    if not bounds or not inside.any() or hits / inside.sum() < min(base + 0.1, (1.0 + base) / 2.0):
        return ()
    surprise, luck = _surprise(found, fails), np.random.default_rng(SHUFFLE_SEED)
    for _shuffle in range(SHUFFLES):
        other = peel(luck.permutation(fails))
        if other is not None and _surprise(other, fails) >= surprise:
            return ()
    return (Box(bounds, hits / int(fails.sum()), hits / int(inside.sum()), float(inside.mean())),)


def _surprise(found: Any, fails: Array) -> float:
    """Return how unlikely the least likely box on a peeling path is, were failures scattered: minus its log chance."""
    path = found.peeling_trajectory
    held = np.round(path["mass"].to_numpy(np.float64) * len(fails))
    hits = np.round(path["density"].to_numpy(np.float64) * held)
    with np.errstate(divide="ignore"):
        return float(np.max(-stats.hypergeom.logsf(hits - 1, len(fails), int(fails.sum()), held)))


def _within(levels: Array, one: Bound, factor: Factor) -> Array:
    """Return which worlds lie within a bound."""
    if factor.choices:
        return np.isin(levels.astype(np.int64), [factor.choices.index(word) for word in one.levels])
    return np.asarray((levels >= one.low) & (levels <= one.high))


def _bounds(found: Any, at: int, named: dict[str, Factor]) -> tuple[Bound, ...]:
    limits, chances = found.box_lims[at], found.p_values[at]
    bounds = []
    for name, factor in named.items():
        if name not in chances:
            continue
        ps = [float(p) for p in chances[name] if p >= 0]
        p = min(ps, default=1.0)
        if p > LIKELY_BY_CHANCE:
            continue
        if factor.choices:
            kept = tuple(one for one in factor.choices if one in limits[name].iloc[0])
            bounds.append(Bound(name, factor.low, factor.high, factor.low, factor.high, p, kept))
            continue
        low, high = float(limits[name].iloc[0]), float(limits[name].iloc[1])
        # PRIM's outer limits are those of the sample; a side that was never peeled is the range's own.
        sample = found.box_lims[0][name]
        low = factor.low if low <= float(sample.iloc[0]) else low
        high = factor.high if high >= float(sample.iloc[1]) else high
        if low > factor.low or high < factor.high:
            bounds.append(Bound(name, low, high, factor.low, factor.high, p))
    return tuple(bounds)
