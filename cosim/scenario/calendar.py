"""Months as people write them and as the simulation counts them. Floor 4."""

from __future__ import annotations

import re
from typing import Final

Month = tuple[int, int]
"""A year and a month, 1..12."""

EARLIEST: Final = 1900
LATEST: Final = 2200
_FORM: Final = re.compile(r"([0-9]{4})-([0-9]{2})")


def read_month(text: object) -> Month | None:
    """Return the year and month of a text such as ``2021-09``, None when it is not one.

    Examples
    --------
    >>> read_month("2021-09")
    (2021, 9)
    >>> read_month("2021-13") is None
    True
    """
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    return (year, month) if EARLIEST <= year <= LATEST and 1 <= month <= 12 else None


def count_months(start: Month, month: Month) -> int:
    """Return how many months a month lies after the start; negative before it.

    Examples
    --------
    >>> count_months((2020, 1), (2021, 9))
    20
    """
    return 12 * (month[0] - start[0]) + month[1] - start[1]


def write_month(start: Month, number: int) -> str:
    """Return the text of the month that lies so many months after the start.

    Examples
    --------
    >>> write_month((2020, 1), 20)
    '2021-09'
    """
    whole = 12 * start[0] + start[1] - 1 + number
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"
