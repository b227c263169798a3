"""Constructs that only drive each other: when a graph of arrows carries itself, and when it tips."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.constructs import construct_next
from cosim.engine.state import Array

_SMALL = 1e-6


def settle(
    arrows: Array,
    gain: float,
    *,
    bias: float | Array = 0.0,
    start: float | Array = 0.5,
    months: float = 1.0,
    n_months: int = 5000,
) -> Array:
    """Return where constructs end that move only along the theory's arrows.

    Parameters
    ----------
    arrows : array [to, from] (A)
    gain : 0 or more (g)
    bias : number, or array [construct] (b)
    start : -1..1, number or array [construct]
    months : 1 or more, inertia (tau); changes how fast, not where to, except round loops that turn back on themselves
    n_months : whole number, 0 or more

    Returns
    -------
    array [construct], -1..1

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    ASSUMED : z' = -z + tanh(g A z + b), the construct rule with nothing measured and all weight on the arrows.

    Examples
    --------
    >>> settle([[0.0, 0.0], [1.0, 0.0]], 5.0)
    array([0., 0.])
    """
    given = Arguments("settle")
    matrix = _check_arrows(given, arrows)
    gain = given.number("gain", gain, 0.0)
    biases = given.array("bias", np.broadcast_to(bias, matrix.shape[:1]), 1)
    state = given.array("start", np.broadcast_to(start, matrix.shape[:1]), 1, -1.0, 1.0).copy()
    months = given.number("months", months, 1.0)
    n_months = given.whole("n_months", n_months, 0)
    given.settle()
    _settle(matrix, gain, biases, state, months, n_months)
    return state


def measure_threshold(arrows: Array, *, highest: float = 100.0, n_months: int = 20000) -> float:
    """Return the gain above which a small push grows instead of dying out, found by halving.

    Parameters
    ----------
    arrows : array [to, from]
    highest : above 0, gain up to which is looked
    n_months : whole number, 1 or more; the longer, the sharper

    Returns
    -------
    float
        Infinite if nothing grows up to the highest gain, as in a graph without loops.

    Sources
    -------
    ASSUMED : linear stability; the threshold is 1 over the largest real part of the eigenvalues.

    Examples
    --------
    >>> round(measure_threshold([[0.0, 2.0], [2.0, 0.0]]), 2)
    0.5
    >>> measure_threshold([[0.0, 0.0], [1.0, 0.0]])
    inf
    """
    given = Arguments("measure_threshold")
    matrix = _check_arrows(given, arrows)
    highest = given.number("highest", highest, 0.0)
    n_months = given.whole("n_months", n_months, 1)
    given.settle()
    if not _grows(matrix, highest, n_months):
        return float("inf")
    low, high = 0.0, highest
    while high - low > 1e-5 * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _grows(matrix, middle, n_months) else (middle, high)
    return 0.5 * (low + high)


def fold_bias(loop_gain: float) -> float:
    """Return the bias against them at which constructs that carry each other give way, in closed form.

    Parameters
    ----------
    loop_gain : G, gain times the common sum of the graph's rows, 1 or more

    Returns
    -------
    float, 0 or more

    Sources
    -------
    ASSUMED : the fold of z = tanh(G z + b), |b| = |atanh(z) - G z| at z = sqrt(1 - 1 / G).

    Examples
    --------
    >>> round(fold_bias(1.5), 4)
    0.2075
    """
    given = Arguments("fold_bias")
    loop_gain = given.number("loop_gain", loop_gain, 1.0)
    given.settle()
    turning = np.sqrt(1.0 - 1.0 / loop_gain)
    return float(abs(np.arctanh(turning) - loop_gain * turning))


def measure_fold(arrows: Array, gain: float, *, n_months: int = 20000) -> float:
    """Return the bias against all constructs at which a high state gives way, found by halving.

    Parameters
    ----------
    arrows : array [to, from]
    gain : 0 or more
    n_months : whole number, 1 or more; near the fold it gives way slowly

    Returns
    -------
    float, 0 or more; 0 if there is no high state to give way

    Sources
    -------
    ASSUMED : hysteresis of z' = -z + tanh(g A z + b).

    Examples
    --------
    >>> round(measure_fold([[1.5]], 1.0), 3)
    0.208
    """
    given = Arguments("measure_fold")
    matrix = _check_arrows(given, arrows)
    gain = given.number("gain", gain, 0.0)
    n_months = given.whole("n_months", n_months, 1)
    given.settle()
    low, high = 0.0, float(gain * np.abs(matrix).sum()) + 1.0
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        state = np.ones(len(matrix))
        _settle(matrix, gain, np.full(len(matrix), -middle), state, 1.0, n_months)
        low, high = (middle, high) if state.mean() > 0.0 else (low, middle)
    return 0.5 * (low + high)


def _check_arrows(given: Arguments, arrows: Any) -> Array:
    matrix = given.array("arrows", arrows, 2)
    if matrix.shape[0] != matrix.shape[1]:
        given.complain("arrows", f"shape {matrix.shape}", "a square matrix [to, from]")
        return np.zeros((1, 1))
    return matrix


def _grows(matrix: Array, gain: float, n_months: int) -> bool:
    """Return whether a small push grows.

    Each month takes a hundredth of the way, which stands for continuous time: a loop that turns back on itself is not
    taken for one that grows. Size and gain are kept apart, so that nothing saturates and nothing drowns in rounding.
    """
    pushed = 1.0 + 0.1 * np.arange(len(matrix))  # no symmetry that a mode could hide behind
    return bool(_growth(matrix, gain, pushed, 100.0, n_months) > 0.0)


@compiled
def _settle(arrows: Any, gain: float, biases: Any, state: Any, months: float, n_months: int) -> None:
    n = state.size
    inflow = np.empty(n)
    for _month in range(n_months):
        for to in range(n):
            inflow[to] = biases[to]
            for sender in range(n):
                inflow[to] += gain * arrows[to, sender] * state[sender]
        for to in range(n):
            state[to] = construct_next(state[to], 0.0, inflow[to], 1.0, months)


@compiled
def _growth(arrows: Any, gain: float, state: Any, months: float, n_months: int) -> float:
    """Return the mean growth a month, in logarithms, over the second half of the time."""
    biases = np.zeros(state.size)
    growth = 0.0
    for month in range(n_months):
        state *= _SMALL / np.abs(state).max()
        _settle(arrows, gain, biases, state, months, 1)
        if month >= n_months // 2:
            growth += np.log(np.abs(state).max() / _SMALL)
    return growth / max(n_months - n_months // 2, 1)
