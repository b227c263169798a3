"""Letters about what somebody tried to do to a living world. Floor 5."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cosim.errors import Complaint, CosimError, nearest
from cosim.parameters.values import shown
from cosim.scenario.reading import DOOR, OVERRIDES


def letter(where: str, key: str, found: str, allowed: str, do: str = "") -> CosimError:
    """Return an error with one complaint."""
    return CosimError([Complaint(where, key, found, allowed, do)])


def check_number(where: str, key: str, value: Any, low: float, high: float) -> float:
    """Return a value as a number, if it is one from ``low`` to ``high``.

    Raises
    ------
    CosimError
        When it is none, not finite or out of range; nothing has been changed then.

    Examples
    --------
    >>> check_number("actor 3", "optimism", 1, 0.0, 1.0)
    1.0
    """
    allowed = f"a number of {low:g} or more" if math.isinf(high) else f"a number from {low:g} to {high:g}"
    try:
        number = math.nan if isinstance(value, bool | str | bytes) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isfinite(number) and low <= number <= high:
        return number
    do = f"write {number / 100:g} for {number:g} %" if high == 1.0 and 1.0 < number <= 100.0 else ""
    raise letter(where, key, shown(value), allowed, do)


def check_whole(where: str, key: str, value: Any, low: int, high: int | None = None) -> int:
    """Return a value as a whole number, if it is one of ``low`` or more (and at most ``high``).

    Raises
    ------
    CosimError
        When it is none or out of range.

    Examples
    --------
    >>> check_whole("model", "replicate", 2, 0)
    2
    """
    try:
        number = low - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = low - 1
    if number < low or (high is not None and number > high):
        allowed = f"a whole number of {low} or more" if high is None else f"a whole number from {low} to {high}"
        raise letter(where, key, shown(value), allowed)
    return number


def check_word(where: str, key: str, value: Any, allowed: Sequence[str]) -> str:
    """Return a word, if it is one of those allowed.

    Raises
    ------
    CosimError
        When it is not, with the nearest that is.
    """
    if isinstance(value, str) and value in allowed:
        return value
    raise letter(where, key, shown(value), "one of " + ", ".join(allowed), nearest(str(value)[:60], allowed))


def in_own_words(one: Complaint) -> Complaint:
    """Return a complaint about an argument of the model as one who called the model reads it.

    Examples
    --------
    >>> in_own_words(Complaint("cosim.read_scenario", "overrides.trust.kpet", "no such parameter", "")).key
    'settings.trust.kpet'
    """
    if one.file != DOOR:
        return one
    key = one.key
    if key.startswith(f"{OVERRIDES}."):
        key = "settings" + key.removeprefix(OVERRIDES)
    return replace(one, file="cosim.CoCreationModel", key=key)
