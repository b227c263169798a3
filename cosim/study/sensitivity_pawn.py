"""How far a factor moves the whole distribution of an outcome: PAWN, beside what a factor that does nothing shows.

Floor 7. Shares of variance say little of an outcome that is skewed or has two humps; the largest distance between
distribution functions asks no more than an order of the outcome's values.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.study.sensitivity_design import Design, Factor, Floats
from cosim.study.sensitivity_indices import Label
from cosim.study.sensitivity_intervals import tabulate

SLICES: Final = 10
"""Slices of a number's range; levels are slices of their own as long as there are no more of them (convention)."""
_Z: Final = 1.959963984540054


def slices_of(factor: Factor, unit: Floats) -> NDArray[np.intp]:
    """Return the slice each row lies in, [rows], from its place on the unit axis.

    Examples
    --------
    >>> slices_of(Factor("x"), np.array([0.0, 0.19, 0.999])).tolist()
    [0, 1, 9]
    >>> slices_of(Factor("rule", kind="switch"), np.array([0.3, 0.7])).tolist()
    [0, 1]
    """
    n = min(factor.levels, SLICES) if factor.levels else SLICES
    place = unit
    if factor.levels:
        place = np.minimum(np.floor(unit * factor.levels), factor.levels - 1.0) / factor.levels
    return np.asarray(np.minimum(np.floor(place * n + 1e-9), n - 1), np.intp)


def distances(values: Floats, slices: NDArray[np.intp]) -> Floats:
    """Return the Kolmogorov-Smirnov distance of each slice's values from all values, [slices that hold rows].

    Examples
    --------
    >>> distances(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 0, 1, 1])).tolist()
    [0.5, 0.5]
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    is_last = np.append(ranked[1:] != ranked[:-1], True)
    member = slices[order][:, None] == np.unique(slices)
    within = np.cumsum(member, axis=0) / member.sum(axis=0)
    overall = np.arange(1, len(values) + 1)[:, None] / len(values)
    # Rows of equal value are stepped over together.
    return np.asarray(np.abs(within - overall)[is_last].max(axis=0))


def pawn_labels(design: Design) -> list[Label]:
    """Return what each number of PAWN's table is about: every factor alone, for groups mean nothing to it."""
    names = [factor.name for factor in design.factors]
    return [
        Label(name, "", kind)
        for name in names
        for kind in ("median", "maximum", "median_by_chance", "maximum_by_chance")
    ]


def measure_pawn(design: Design, values: Floats, kept: NDArray[np.bool_], n_resamples: int) -> pd.DataFrame:
    """Return the median and the largest distance over each factor's slices, with what mixed-up slices show.

    The distance of a few rows from all is above zero even if the factor does nothing, and drawing rows anew adds
    to it. So the interval is the value and 1.96 standard errors of the resamples, not their percentiles, and
    ``..._by_chance`` holds, for a dummy factor with the same slices mixed up, the mean and the middle 95 of a hundred:
    a factor whose value lies within it has not been shown to matter. Luck of the runs is in both.

    Sources
    -------
    pianosi2018 : the index from a sample that was made for any purpose, and the dummy.

    Parameters
    ----------
    values : [rows kept], means over replicates
    kept : [rows]
    """
    rng = np.random.default_rng([design.seed, 3])
    n, columns = len(values), []
    for place, factor in enumerate(design.factors):
        slices = slices_of(factor, design.unit[kept, place])
        found = _summary(distances(values, slices))
        rows = rng.integers(0, n, (n_resamples, n))
        drawn = np.array([_summary(distances(values[one], slices[one])) for one in rows])
        dummy = np.array([_summary(distances(values, rng.permutation(slices))) for _ in range(n_resamples)])
        reach = _Z * drawn.std(axis=0, ddof=1)
        columns += [(found[i], found[i] - reach[i], found[i] + reach[i]) for i in (0, 1)]
        low, high = np.quantile(dummy, [0.025, 0.975], axis=0)
        columns += [(dummy[:, i].mean(), low[i], high[i]) for i in (0, 1)]
    value, low, high = np.clip(np.array(columns).T, 0.0, 1.0)
    labels = pawn_labels(design)
    return tabulate(labels, value, low, high, [""] * len(labels), kept)


def _summary(found: Floats) -> tuple[float, float]:
    return float(np.median(found)), float(found.max())
