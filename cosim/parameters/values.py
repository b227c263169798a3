"""Values for parameters: the defaults, and the check of what somebody wrote. Floor 3."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from cosim.errors import Complaint, ParameterError, nearest
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.declaration import Declaration

LEAST_PERCENTAGE: Final = 2.0
"""A number from here to 100 where a share is wanted may be a percentage; 1.7 is more likely too large a share."""
_NUMBER_IN_TEXT: Final = re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)\s*(\D.*)?")


def defaults() -> dict[str, float]:
    """Return every parameter's default by its dotted name, in declared order; a new dict each time.

    Examples
    --------
    >>> defaults()["talk.base"]
    0.8
    """
    return {name: one.default for name, one in read_declarations().items()}


def check_values(values: Mapping[str, Any], file: str, key: str = "") -> dict[str, float]:
    """Return the values as numbers, checked against their declarations.

    Parameters
    ----------
    values : mapping of str to Any
        Dotted names and what was written for them: a number, true or false for a switch, a word for a choice.
    file, key : str
        Named in the complaints; ``key`` is the table the values stood in.

    Returns
    -------
    dict of str to float
        In the order they were given.

    Raises
    ------
    ParameterError
        With every complaint at once: unknown names with the nearest one, numbers out of range, texts where a number
        is wanted.

    Examples
    --------
    >>> check_values({"arenas.decision_rule": "consent", "month.spread": False}, "a.toml")
    {'arenas.decision_rule': 4.0, 'month.spread': 0.0}
    """
    checked, complaints = look_at_values(values, file, key)
    if complaints:
        raise ParameterError(complaints)
    return checked


def look_at_values(values: Mapping[str, Any], file: str, key: str = "") -> tuple[dict[str, float], list[Complaint]]:
    """Return the values that are right, and a complaint for every one that is not; see `check_values`."""
    checked: dict[str, float] = {}
    complaints: list[Complaint] = []
    for name, written in values.items():
        value, complaint = look_at_value(name, written, file, f"{key}.{name}" if key else name)
        if complaint is not None:
            complaints.append(complaint)
        else:
            checked[name] = value
    return checked, complaints


def look_at_value(name: str, written: object, file: str, key: str) -> tuple[float, Complaint | None]:
    """Return one value as a number, and a complaint if it cannot be one (the number is then not a number)."""
    declarations = read_declarations()
    if name not in declarations:
        return math.nan, complain_of_name(name, written, file, key)
    declaration = declarations[name]
    number = _number_of(declaration, written)
    if isinstance(number, str):
        return math.nan, Complaint(file, key, shown(written), declaration.allowed, number)
    outside = not declaration.low <= number <= declaration.high
    if outside or (declaration.is_whole and not number.is_integer()):
        return math.nan, Complaint(file, key, shown(written), declaration.allowed, _advice(declaration, number))
    return number, None


def complain_of_name(name: str, written: object, file: str, key: str) -> Complaint:
    """Return the complaint about a parameter that does not exist, with the nearest one that does."""
    declarations = read_declarations()
    if isinstance(written, Mapping):
        inner = next(iter(written), "name")
        do = f'put the dotted name in quotes: "{name}.{inner}" = ...'
        return Complaint(file, key, "a table", "dotted names in quotes, each with a value", do)
    if "." not in name:
        same = [one for one in declarations if one.split(".")[1] == name]
        if same:
            return Complaint(file, key, f"{name!r}", "group and name with a dot", f"did you mean '{same[0]}'?")
    do = nearest(name, list(declarations)) or "cosim manual lists the parameters"
    return Complaint(file, key, f"no parameter {shown(name)}", "a declared parameter", do)


def _number_of(declaration: Declaration, written: object) -> float | str:
    """Return what was written as a number, or a text that says what to do when it is none."""
    if isinstance(written, bool):
        return float(written) if declaration.kind == "switch" else "write a number"
    if isinstance(written, int | float):
        try:
            number = float(written)
        except OverflowError:
            return "write a smaller number"
        return number if math.isfinite(number) else "write a finite number"
    if not isinstance(written, str):
        return "write one value"
    word = written.strip()
    if declaration.kind == "switch" and word.lower() in ("on", "off", "true", "false"):
        return 1.0 if word.lower() in ("on", "true") else 0.0
    if declaration.kind == "switch":
        return "write true or false"
    if declaration.kind == "choice":
        for words in (declaration.choices, declaration.valg):
            if word.lower() in words:
                return float(words.index(word.lower()))
        return nearest(word.lower(), declaration.choices) or "choose one of them"
    return _advice_on_text(declaration, word)


def _advice_on_text(declaration: Declaration, word: str) -> str:
    """Return what to do about a text where a number is wanted, such as ``30 %`` or ``0.3 per year``."""
    match = _NUMBER_IN_TEXT.fullmatch(word[:60])
    if match is None:
        return f"write a number; it means {declaration.unit}"
    digits, rest = match[1].replace(",", "."), (match[2] or "").strip()
    if rest in ("%", "percent", "per cent", "prosent"):
        return f"write {float(digits) / 100:g} without quotes or per cent; it means {declaration.unit}"
    if not rest:
        point = " with a decimal point" if "," in match[1] else ""
        return f"write {digits}{point}, without quotes; it means {declaration.unit}"
    return f"write the number alone, without quotes, in this unit: {declaration.unit}"


def _advice(declaration: Declaration, number: float) -> str:
    """Return what to do about a number that is out of range or not whole."""
    if declaration.high == 1.0 and LEAST_PERCENTAGE <= number <= 100.0 and declaration.kind == "number":
        return f"divide a percentage by 100: {number / 100:g}"
    if declaration.is_whole and not number.is_integer():
        return "write a whole number"
    return f"choose a value within the range; the default is {declaration.written(declaration.default)}"


def shown(written: object) -> str:
    """Return what somebody wrote, short enough for a letter, whatever it is.

    Examples
    --------
    >>> shown("30 %")
    "'30 %'"
    >>> shown(10**30)
    'a whole number of 100 binary digits'
    """
    if isinstance(written, int) and not isinstance(written, bool) and abs(written) >= 10**20:
        return f"a whole number of {written.bit_length()} binary digits"
    if isinstance(written, dict):
        return "a table"
    if isinstance(written, list) and (len(written) > 8 or any(isinstance(one, dict | list | int) for one in written)):
        return f"a list of {len(written)}"
    text = repr(written[:60] if isinstance(written, str) else written)
    return text if len(text) <= 60 else text[:57] + "..."
