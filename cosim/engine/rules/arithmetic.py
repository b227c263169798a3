"""Exponential, logistic and hyperbolic tangent whose bits are the same on every platform.

The platform's own functions differ in the last bit from one library to the next, which would break the promise that a
scenario and a seed give the same result everywhere. These use only additions, multiplications and one table.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from cosim.engine.compiling import inlined

_LIMIT: Final = 60.0
_LOG2E: Final = 1.4426950408889634
_LN2_HIGH: Final = 0.693147180369123816490
_LN2_LOW: Final = 1.90821492927058770002e-10
_POWERS: Final = np.ldexp(1.0, np.arange(-90, 91))


@inlined
def exponential(x: float) -> float:
    """Return e to the power x, with x cut to -60..60; relative error below 1e-14.

    Range reduction to |r| <= ln 2 / 2, then the Taylor polynomial of degree 12.

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
    whole = np.floor(x * _LOG2E + 0.5)
    r = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
    total = 1.0 / 479001600.0
    total = total * r + 1.0 / 39916800.0
    total = total * r + 1.0 / 3628800.0
    total = total * r + 1.0 / 362880.0
    total = total * r + 1.0 / 40320.0
    total = total * r + 1.0 / 5040.0
    total = total * r + 1.0 / 720.0
    total = total * r + 1.0 / 120.0
    total = total * r + 1.0 / 24.0
    total = total * r + 1.0 / 6.0
    total = total * r + 0.5
    total = total * r + 1.0
    total = total * r + 1.0
    return total * _POWERS[int(whole) + 90]


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
