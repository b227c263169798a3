"""Shares, means and evenness that are NaN where they are not defined, never 0.

Floor 4. Nobody can be 0 per cent of nothing: a study that averaged such zeros would read a silent run as a failed one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def share_of(part: float, whole: float) -> float:
    """Return part divided by whole; NaN when there is no whole.

    Examples
    --------
    >>> share_of(1, 4)
    0.25
    >>> share_of(0, 0)
    nan
    """
    return float(part) / float(whole) if whole != 0 else math.nan


def shares_of(part: Array, whole: Array | float) -> Array:
    """Return part divided by whole, element by element; NaN where there is no whole.

    Examples
    --------
    >>> shares_of(np.array([1.0, 2.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    whole = np.asarray(whole, np.float64)
    shares: Array = np.asarray(part, np.float64) / np.where(whole != 0, whole, np.nan)
    return shares


def mean_of(values: Array, weights: Array | None = None) -> float:
    """Return the mean of the values that are known (not NaN), weighted if asked; NaN when none is, or none weighs.

    Examples
    --------
    >>> mean_of(np.array([1.0, np.nan, 3.0]))
    2.0
    >>> mean_of(np.array([]))
    nan
    >>> mean_of(np.array([1.0, 3.0]), np.array([3.0, 1.0]))
    1.5
    """
    values = np.asarray(values, np.float64).ravel()
    if weights is None:
        known = values[~np.isnan(values)]
        return share_of(float(known.sum()), len(known))
    weight = np.asarray(weights, np.float64).ravel()
    weighs = ~np.isnan(values) & (weight > 0)
    weight = weight[weighs]
    return share_of(float((values[weighs] * weight).sum()), float(weight.sum()))


def where_known(values: Array, known: Array) -> Array:
    """Return the values as numbers, NaN where they are not known.

    Examples
    --------
    >>> where_known(np.array([1, 2]), np.array([True, False])).tolist()
    [1.0, nan]
    """
    return np.where(known, np.asarray(values, np.float64), np.nan)


def measure_evenness(counts: Array) -> Array:
    """Return how evenly people are spread over groups: Shannon entropy over its largest value, 0..1.

    1 when every group is as large as the others, 0 when all are in one, NaN when there is nobody.

    Parameters
    ----------
    counts : array [..., group]
        Persons, 0 or more.

    Sources
    -------
    ASSUMED : normalised Shannon entropy (Pielou's evenness) rather than 1 - Gini, which cannot reach 0 with few groups.

    Examples
    --------
    >>> measure_evenness(np.array([[3, 3, 3, 3], [5, 0, 0, 0], [0, 0, 0, 0]])).tolist()
    [1.0, 0.0, nan]
    """
    counts = np.asarray(counts, np.float64)
    parts = shares_of(counts, counts.sum(axis=-1, keepdims=True))
    logs = np.log(np.where(parts > 0, parts, 1.0))
    evenness: Array = 0.0 - (parts * logs).sum(axis=-1) / math.log(counts.shape[-1])
    return np.clip(evenness, 0.0, 1.0)


def measure_gini(rates: Array, weights: Array) -> float:
    """Return the Gini coefficient of rates over groups of unequal size: 0 all alike, towards 1 all in one group.

    Parameters
    ----------
    rates : array [group]
        Something per head, 0 or more, such as seats per adult.
    weights : array [group]
        Size of each group; groups without people are left out.

    Returns
    -------
    float
        NaN when nobody has anything or there are no people.

    Sources
    -------
    ASSUMED : half the mean absolute difference over the mean; between groups only, so a lower bound of that between
        persons.

    Examples
    --------
    >>> measure_gini(np.array([2.0, 2.0]), np.array([1.0, 9.0]))
    0.0
    >>> measure_gini(np.array([0.0, 1.0]), np.array([3.0, 1.0]))
    0.75
    """
    rates, weights = np.asarray(rates, np.float64), np.asarray(weights, np.float64)
    known = (weights > 0) & ~np.isnan(rates)
    rates, weights = rates[known], weights[known]
    if not weights.size:
        return math.nan
    weights = weights / weights.sum()
    between = float((weights[:, None] * weights[None, :] * np.abs(rates[:, None] - rates[None, :])).sum())
    return share_of(between, 2.0 * float((weights * rates).sum()))
