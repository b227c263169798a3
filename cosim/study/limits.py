"""How sure a mean over replicates is, at any level of error, with a guard against lopsided luck. Floor 7.

`results.intervals` draws the 95 per cent interval of a mean; a verdict needs one limit at a time, at the level of its
look, over many claims at once. Student's limits are right for bell-shaped luck. Where the luck has a long tail, one of
the two is too near; it is moved out by the first term of the expansion in skewness, and the other stays where it is.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cosim.results.intervals import LEAST_FOR_VERDICTS

Floats = NDArray[np.float64]
ALIKE: Final = 1e-12
"""Spread over replicates, as a share of the largest value, below which they are one and the same number."""


class Means(NamedTuple):
    """Means over replicates, and what their limits need; every field has the shape of the values without replicates.

    ``error`` is the standard error: 0 where all replicates are alike, infinite below the least number for a verdict.
    ``skew`` is the skewness of the replicates, ``n`` how many of them are defined.
    """

    mean: Floats
    error: Floats
    skew: Floats
    n: NDArray[np.int64]


def summarise_means(values: Floats) -> Means:
    """Return mean, standard error and skewness over the last axis, leaving out replicates that are not finite.

    Parameters
    ----------
    values : [..., replicates]

    Examples
    --------
    >>> means = summarise_means(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]))
    >>> float(means.mean), round(float(means.error), 3), float(means.skew), int(means.n)
    (3.0, 0.707, 0.0, 5)
    """
    known = np.isfinite(values)
    n = known.sum(axis=-1)
    some = np.maximum(n, 1)
    mean = np.where(known, values, 0.0).sum(axis=-1) / some
    off = np.where(known, values - mean[..., None], 0.0)
    largest = np.abs(np.where(known, values, 0.0)).max(axis=-1, initial=0.0)
    off = np.where(np.abs(off).max(axis=-1, initial=0.0)[..., None] <= ALIKE * largest[..., None], 0.0, off)
    squares = (off**2).sum(axis=-1)
    spread = np.sqrt(squares / some)
    # The unbiased form: with ten replicates the plain one is too small by a sixth.
    unbiased = np.sqrt(some * np.maximum(n - 1.0, 0.0)) / np.maximum(n - 2.0, 1.0)
    skew = unbiased * (off**3).sum(axis=-1) / some / np.where(spread > 0.0, spread, 1.0) ** 3
    error = np.sqrt(squares / np.maximum(n - 1, 1) / some)
    few = n < LEAST_FOR_VERDICTS
    return Means(np.where(n > 0, mean, np.nan), np.where(few, np.inf, error), np.where(few, 0.0, skew), n)


def lower_limit(means: Means, error: float) -> Floats:
    """Return the number that the true mean lies below with a chance of at most ``error``, as near as is known.

    Replicates that are all alike have no spread to reckon with. The limit is then their value if a sign test would
    say so at this level (one half to the power of n), and minus infinity before.

    Parameters
    ----------
    means : Means
    error : 0..0.5, chance of being wrong on this one side

    Sources
    -------
    ASSUMED : the term in skewness is Johnson's and Hall's, from general knowledge; that it is used only to widen is
        ours. What it mends and what it leaves is measured in tests/verification/test_verdict_errors.py.

    Examples
    --------
    >>> means = summarise_means(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    >>> round(float(lower_limit(means, 0.025)), 2)
    1.04
    >>> float(lower_limit(summarise_means(np.full(10, 2.0)), 0.05))
    2.0
    """
    t = student_points(error, means.n)
    half = (t + _bend(means) * (2.0 * t**2 + 1.0) / 6.0) * np.where(np.isfinite(means.error), means.error, 1.0)
    said = np.where(means.error > 0.0, np.isfinite(means.error), 0.5**means.n <= error)
    return np.where(said, means.mean - half, -np.inf)


def upper_limit(means: Means, error: float) -> Floats:
    """Return the number that the true mean lies above with a chance of at most ``error``; see `lower_limit`."""
    return -lower_limit(turned(means), error)


def turned(means: Means) -> Means:
    """Return the same means with their signs changed."""
    return Means(-means.mean, means.error, -means.skew, means.n)


def chance_above(means: Means) -> Floats:
    """Return the smallest error at which the lower limit lies above 0: the p-value of "the mean is above 0".

    Examples
    --------
    >>> means = summarise_means(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    >>> p = float(chance_above(means))
    >>> 0.0 < p < 0.01, abs(float(lower_limit(means, p))) < 1e-9
    (True, True)
    """
    alike = means.error == 0.0
    known = np.isfinite(means.mean)
    ratio = np.where(known, means.mean, 0.0) / np.where(alike, 1.0, means.error)
    bend = _bend(means)
    past = ratio - bend / 6.0
    # Solves t + bend (2 t^2 + 1) / 6 = ratio for t; below the bend's own sixth the limit is not widened further.
    t = np.where(past > 0.0, 2.0 * past / (1.0 + np.sqrt(1.0 + 4.0 / 3.0 * bend * np.maximum(past, 0.0))), past)
    p = stats.t.sf(t, np.maximum(means.n - 1, 1))
    return np.where(alike & known, np.where(means.mean > 0.0, 0.5**means.n, 1.0), p)


def _bend(means: Means) -> Floats:
    # Only a tail towards low values makes the lower limit too near; the other way it is too far, and is left so.
    return np.maximum(-means.skew, 0.0) / np.sqrt(np.maximum(means.n, 1))


def student_points(error: float, n: NDArray[np.int64]) -> Floats:
    """Return Student's upper points for numbers of replicates, one degree of freedom fewer each.

    Examples
    --------
    >>> student_points(0.025, np.array([2, 11, 31])).round(3).tolist()
    [12.706, 2.228, 2.042]
    """
    return np.asarray(stats.t.isf(error, np.maximum(n - 1, 1)), np.float64)
