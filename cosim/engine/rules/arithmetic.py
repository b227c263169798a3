"""Exponential, logistic and hyperbolic tangent whose bits are the same on every platform.

The platform's own functions differ in the last bit from one library to the next, which would break the promise that a
scenario and a seed give the same result everywhere. These use only additions, multiplications and powers of two.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from cosim.engine.compiling import inlined
from cosim.engine.processor import ROUNDING, power_of_two

_LIMIT: Final = 60.0
_LOG2E: Final = 1.4426950408889634
_LN2_HIGH: Final = 0.693147180369123816490
_LN2_LOW: Final = 1.90821492927058770002e-10


@inlined
def exponential(x: float) -> float:
    """Return e to the power x, with x cut to -60..60; relative error below 1e-14.

    Range reduction to |r| <= ln 2 / 2, then the Taylor polynomial of degree 12, its terms gathered in fours so that
    they need not wait for one another.

    Sources
    -------
    ASSUMED : textbook range reduction; error measured in ``tests/unit/test_rules.py``.

    Examples
    --------
    >>> round(exponential(1.0), 12)
    2.718281828459
    >>> exponential(0.0)
    1.0
    """
    x = min(max(x, -_LIMIT), _LIMIT)
    whole = (x * _LOG2E + ROUNDING) - ROUNDING
    r = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
    square = r * r
    fourth = square * square
    low = (0.5 + r * (1.0 / 6.0)) + square * (1.0 / 24.0 + r * (1.0 / 120.0))
    middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + square * (1.0 / 40320.0 + r * (1.0 / 362880.0))
    high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + square * (1.0 / 479001600.0)
    rest = square * (low + fourth * (middle + fourth * high))
    return (1.0 + (r + rest)) * power_of_two(whole)


@inlined
def logistic(x: float) -> float:
    """Return 1 / (1 + e**-x), a chance in 0..1.

    Sources
    -------
    ASSUMED : the usual form of a chance that adds influences on one scale.

    Examples
    --------
    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + exponential(-x))


_FINEST: Final = 16.0
_WIDEST: Final = 8.0
_MARGIN: Final = 1e-12
_STEPS: Final = np.array([1.0 / (1.0 + math.exp(_WIDEST - step / _FINEST)) for step in range(257)])
"""The logistic function at every sixteenth from -8 to 8: ``happens`` brackets with it."""


@inlined
def happens(odds: float, luck: float) -> bool:
    """Return whether something of these log odds happens: whether a uniform number is below ``logistic(odds)``.

    The same answer as that comparison gives, got without an exponential in 63 of 64 cases: a chance is bracketed
    between two sixteenths, and only luck that falls between them needs the chance itself.

    Parameters
    ----------
    odds : log odds
    luck : uniform number, 0..1

    Sources
    -------
    ASSUMED : a short cut; the agreement is tested in ``tests/unit/test_rules.py``.

    Examples
    --------
    >>> happens(0.0, 0.49), happens(0.0, 0.5)
    (True, False)
    """
    step = (odds + _WIDEST) * _FINEST
    if not 0.0 <= step < 2.0 * _WIDEST * _FINEST:
        return luck < logistic(odds)
    cell = np.uint32(step)
    sure = _STEPS[cell] - _MARGIN
    if sure <= luck <= _STEPS[cell + 1] + _MARGIN:
        return luck < logistic(odds)
    return luck < sure


@inlined
def saturation(x: float) -> float:
    """Return tanh(x), in -1..1: influence that adds up but cannot pass its limit; relative error below 1e-14.

    Near 0 the formula would lose digits by subtraction, so the series stands in.

    Sources
    -------
    ASSUMED : the saturating response of design note F2; slope 1 at the origin.

    Examples
    --------
    >>> saturation(0.0)
    0.0
    """
    if abs(x) >= 0.1:
        return 1.0 - 2.0 / (exponential(2.0 * x) + 1.0)
    square = x * x
    total = 21844.0 / 6081075.0
    total = total * square - 1382.0 / 155925.0
    total = total * square + 62.0 / 2835.0
    total = total * square - 17.0 / 315.0
    total = total * square + 2.0 / 15.0
    total = total * square - 1.0 / 3.0
    return x + x * square * total


@inlined
def chance_in_month(hazard: float) -> float:
    """Return the chance of at least one event in a month with a constant hazard (events a month).

    Sources
    -------
    ASSUMED : exponential waiting within the month.

    Examples
    --------
    >>> chance_in_month(0.0)
    0.0
    """
    return 1.0 - exponential(-hazard)


@inlined
def comes_in_month(hazard: float, luck: float) -> bool:
    """Return whether an event of this hazard (events a month) comes: whether a uniform number is below
    ``chance_in_month(hazard)``.

    The same answer, and mostly without the exponential, since a chance is never above its hazard.

    Sources
    -------
    ASSUMED : a short cut; the agreement is tested in ``tests/unit/test_rules.py``.

    Examples
    --------
    >>> comes_in_month(1.0, 0.63), comes_in_month(1.0, 0.64)
    (True, False)
    """
    return luck <= hazard + _MARGIN and luck < chance_in_month(hazard)


@inlined
def within(x: float, low: float, high: float) -> float:
    """Return x cut to low..high.

    Sources
    -------
    ASSUMED : arithmetic.

    Examples
    --------
    >>> within(1.5, 0.0, 1.0)
    1.0
    """
    return min(max(x, low), high)
