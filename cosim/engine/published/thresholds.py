"""Thresholds: people who join when enough others have."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.joining import joins_at_threshold
from cosim.engine.state import Array

_ROUNDING = 1e-9


def cascade(thresholds: Array) -> Array:
    """Return how many have joined after each round, until nobody more joins.

    Parameters
    ----------
    thresholds : array [person], share of all who must have joined before this person does, 0 or more
        A threshold is met by the smallest number of people that is not below it.

    Returns
    -------
    array [round + 1]
        Starts with 0 and never falls; the last is the outcome.

    Raises
    ------
    ParameterError
        If a threshold is negative.

    Sources
    -------
    granovetter1978 : thresholds of collective behaviour.

    Examples
    --------
    >>> cascade([0.0, 0.25, 0.5, 0.75])
    array([0, 1, 2, 3, 4])
    >>> cascade([0.0, 0.5, 0.5, 0.75])
    array([0, 1])
    """
    given = Arguments("cascade")
    people = given.array("thresholds", thresholds, 1, 0.0)
    given.settle()
    needed = np.ceil(people * people.size - _ROUNDING)
    return np.asarray(_cascade(needed / people.size))


def normal_thresholds(n_people: int, mean: float, deviation: float) -> Array:
    """Return thresholds of a group as evenly spread over a normal distribution as can be.

    Parameters
    ----------
    n_people : whole number, 1 or more
    mean : share
    deviation : share, above 0

    Returns
    -------
    array [person]
        Those below 0 are set to 0: they join alone. Those above 1 never join.

    Sources
    -------
    granovetter1978 : normal thresholds of mean 25 %.

    Examples
    --------
    >>> float(normal_thresholds(3, 0.25, 0.1)[1])
    0.25
    """
    given = Arguments("normal_thresholds")
    n_people = given.whole("n_people", n_people, 1)
    bell = _bell(given, mean, deviation)
    given.settle()
    return np.array([max(bell.inv_cdf((place + 0.5) / n_people), 0.0) for place in range(n_people)])


def normal_outcome(mean: float, deviation: float) -> float:
    """Return the share who join in an endless group with normal thresholds: the lowest fixed point of their sum.

    Parameters
    ----------
    mean : share
    deviation : share, above 0

    Returns
    -------
    float, 0..1

    Sources
    -------
    granovetter1978 : r = F(r), reached from nobody.

    Examples
    --------
    >>> round(normal_outcome(0.25, 0.10), 3)
    0.007
    >>> round(normal_outcome(0.25, 0.15), 3)
    1.0
    """
    given = Arguments("normal_outcome")
    bell = _bell(given, mean, deviation)
    given.settle()
    share = 0.0
    while True:
        joined = bell.cdf(share)
        if joined - share < 1e-14:
            return joined
        share = joined


def critical_deviation(mean: float) -> float:
    """Return the deviation of normal thresholds above which nearly everybody joins instead of a few.

    There the curve of those who join touches the diagonal: F(r) = r and F'(r) = 1.

    Parameters
    ----------
    mean : share, above 0 and below 0.5

    Returns
    -------
    float

    Sources
    -------
    granovetter1978 : a jump near 12.2 % at a mean of 25 %.

    Examples
    --------
    >>> round(critical_deviation(0.25), 4)
    0.1222
    """
    given = Arguments("critical_deviation")
    mean = given.number("mean", mean, 0.001, 0.499)
    given.settle()
    standard = NormalDist()

    def over(deviation: float) -> float:
        touching = -np.sqrt(-2.0 * np.log(deviation * np.sqrt(2.0 * np.pi)))
        return standard.cdf(touching) - (mean + deviation * touching)

    low, high = 1e-6, 1.0 / np.sqrt(2.0 * np.pi)
    for _half in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if over(middle) < 0.0 else (low, middle)
    return float(0.5 * (low + high))


def _bell(given: Arguments, mean: Any, deviation: Any) -> NormalDist:
    return NormalDist(given.number("mean", mean, -1e6, 1e6), max(given.number("deviation", deviation, 1e-12), 1e-12))


@compiled
def _cascade(thresholds: Any) -> Any:
    n_people = thresholds.size
    path = np.zeros(n_people + 2, np.int64)
    turn = 0
    while True:
        filled = path[turn] / n_people
        joined = 0
        for person in range(n_people):
            joined += joins_at_threshold(filled, thresholds[person])
        if joined == path[turn]:
            return path[: turn + 1].copy()
        turn += 1
        path[turn] = joined
