"""Numbers as a reader wants them: no more digits than are known, shares in per cent, intervals in words.

Floor 3. Used by figures, tables, page and command line alike, so that one number reads the same everywhere.
"""

from __future__ import annotations

import math
from typing import Final

from cosim.results.intervals import LEAST_FOR_VERDICTS, Interval

UNKNOWN: Final = "not known"
SHARE: Final = "share"
"""The one unit that is written in per cent; a score from 0 to 1 is not."""
_FREE: Final = ("difference", "correlation")
"""Beginnings of units that may be below 0."""


def number_words(value: float, digits: int | None = None) -> str:
    """Return a number with so many decimals, or with three figures that count.

    Examples
    --------
    >>> number_words(1234.5), number_words(0.01234), number_words(12.345), number_words(-0.0001, 2)
    ('1,234', '0.0123', '12.3', '0.00')
    >>> number_words(896225.0, -4)
    '900,000'
    >>> number_words(float("nan"))
    'not known'
    """
    if not math.isfinite(value):
        return UNKNOWN
    if digits is None:
        digits = 0 if value == 0.0 else max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
    text = f"{round(value, digits):,.{max(digits, 0)}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")


def per_cent(share: float, digits: int = 0) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> per_cent(0.745), per_cent(0.0049, 1)
    ('74 %', '0.5 %')
    >>> per_cent(1.0, 1)
    '100 %'
    """
    if digits > 0 and abs(share) >= 0.9995:
        digits = 0
    return UNKNOWN if not math.isfinite(share) else f"{number_words(100.0 * share, digits)} %"


def digits_for(half_width: float) -> int:
    """Return how many decimals an interval of that half width deserves: two figures of it, below 0 before the point.

    Examples
    --------
    >>> digits_for(0.034), digits_for(3.4), digits_for(340.0), digits_for(45000.0)
    (3, 1, -1, -3)
    """
    if not math.isfinite(half_width) or half_width <= 0.0:
        return 2
    return min(6, 1 - math.floor(math.log10(half_width)))


def within_bounds(interval: Interval, unit: str) -> Interval:
    """Return an interval cut where a quantity of that unit cannot be.

    Examples
    --------
    >>> within_bounds(Interval(0.9, 0.7, 1.1, 3), "share")
    Interval(mean=0.9, low=0.7, high=1.0, n=3)
    >>> within_bounds(Interval(0.1, -0.2, 0.4, 3), "per unit and year").low
    0.0
    >>> within_bounds(Interval(0.1, -0.2, 0.4, 3), "difference of scores").low
    -0.2
    """
    if not unit or unit.startswith(_FREE) or not math.isfinite(interval.high - interval.low):
        return interval
    most = 1.0 if unit.startswith(SHARE) or "0..1" in unit else math.inf
    return interval._replace(low=max(interval.low, 0.0), high=min(interval.high, most))


def interval_words(interval: Interval, unit: str = "") -> str:
    """Return a mean with its 95 per cent interval in brackets, cut where its unit cannot be.

    Examples
    --------
    >>> interval_words(Interval(0.5812, 0.5493, 0.6131, 20))
    '0.581 (0.549 to 0.613)'
    >>> interval_words(Interval(0.5812, 0.5493, 0.6131, 20), "share")
    '58.1 % (54.9 to 61.3 %)'
    >>> interval_words(Interval(3.0, float("nan"), float("nan"), 1))
    '3.00'
    >>> interval_words(Interval(0.5, 0.5, 0.5, 3), "share")
    '50.0 % (too few replicates for an interval)'
    """
    mean, low, high, _ = within_bounds(interval, unit)
    if not math.isfinite(mean):
        return UNKNOWN
    times, sign = (100.0, " %") if unit == SHARE else (1.0, "")
    size = math.floor(math.log10(abs(mean))) if mean else 2
    alone = per_cent(mean, 1) if sign else number_words(mean, min(6, 2 - size))
    if not math.isfinite(high - low):
        return alone
    if interval.is_point and interval.n < LEAST_FOR_VERDICTS:
        return f"{alone} (too few replicates for an interval)"
    digits = digits_for(times * (high - low) / 2.0)
    most = times * max(abs(mean), abs(low), abs(high))
    if sign:
        digits = min(digits, 1)
    if most > 0.0:
        digits = min(digits, 2 - math.floor(math.log10(most)))
    words = [number_words(times * one, digits) for one in (mean, low, high)]
    return f"{words[0]}{sign} ({words[1]} to {words[2]}{sign})"


def count_words(count: int, thing: str, things: str | None = None) -> str:
    """Return a count with its thing.

    Examples
    --------
    >>> count_words(1, "replicate"), count_words(20, "replicate")
    ('1 replicate', '20 replicates')
    """
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def listed(words: list[str], last: str = "and") -> str:
    """Return words as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def in_plain_words(name: str) -> str:
    """Return a name of the model as a reader writes it.

    Examples
    --------
    >>> in_plain_words("health_and_care")
    'health and care'
    """
    return name.replace("_", " ")
