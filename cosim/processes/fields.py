"""Taking fields out of a table that anybody may have written: each wrong one becomes a complaint, none an exception.

A field that is wrong is answered by a harmless value, so that the reading goes on and the letter says everything at
once. A complaint names the field by its dotted path; members of a list are counted from 1.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, Final

from cosim.errors import Complaint, ProcessError, nearest

MOST_COMPLAINTS: Final = 100
CHOOSE: Final = "choose one of them"
_PLAIN: Final = re.compile(r"[\w.\- >\[\]]{1,80}", re.ASCII)
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_DOTTED: Final = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*){0,5}")


def plain(text: str) -> str:
    """Return a key as it is if it is plain, else quoted and cut short."""
    return text if _PLAIN.fullmatch(text) else repr(text[:40])


def said(value: object) -> str:
    """Return what was found, in words a reader can find again in the file.

    Examples
    --------
    >>> said(True), said([1, 2]), said("trsut")
    ('true', 'a list of 2', "'trsut'")
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 64 else f"a whole number of {value.bit_length()} bits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else repr(value[:57]) + " and more"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "a table"
    return "a date or time"


def one_of(allowed: Collection[str]) -> str:
    """Return the allowed words as a text, the first forty of them."""
    words = list(allowed)
    return "one of " + ", ".join(words[:40]) + (" and more" if len(words) > 40 else "") if words else "nothing"


class Letter:
    """Gathers complaints about one file; raised once, at the end.

    Examples
    --------
    >>> letter = Letter("my.toml")
    >>> letter.complain("name", "nothing", "a text")
    >>> letter.is_empty
    False
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.complaints: list[Complaint] = []
        self.unsaid = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found wrong so far."""
        return not self.complaints

    @property
    def is_full(self) -> bool:
        """Whether nobody would read further complaints."""
        return len(self.complaints) >= MOST_COMPLAINTS

    def complain(self, key: str, found: str, allowed: str, do: str = "") -> None:
        """Add a complaint, unless there are too many already."""
        if self.is_full:
            self.unsaid += 1
            return
        self.complaints.append(Complaint(self.file, key, found, allowed, do))

    def send(self) -> None:
        """Raise all complaints in one error, or return if there are none.

        Raises
        ------
        ProcessError
            When there is at least one complaint.
        """
        if self.unsaid:
            self.complaints.append(Complaint(self.file, "", f"{self.unsaid} more of the kind", "", "mend these first"))
        if self.complaints:
            raise ProcessError(self.complaints)


class Section:
    """One table of the file, with its dotted path; asks for fields and complains of what is wrong with them."""

    def __init__(self, letter: Letter, path: str, table: dict[str, Any], known: Sequence[str] | None) -> None:
        self.letter = letter
        self.path = path
        self.table = table
        for key in table if known is not None else ():
            if key not in known:  # type: ignore[operator]
                hint = "" if letter.is_full else nearest(key[:60], known or ())
                letter.complain(self.key(key), "an unknown key", one_of(known or ()), hint or "take it out")

    def key(self, name: str) -> str:
        """Return the dotted path of a field."""
        return f"{self.path}.{plain(name)}" if self.path else plain(name)

    def complain(self, name: str, found: str, allowed: str, do: str = "") -> None:
        """Add a complaint about a field."""
        self.letter.complain(self.key(name), found, allowed, do)

    def _missing(self, name: str, allowed: str) -> None:
        self.complain(name, "nothing", allowed, f"add {name}")

    def text(self, name: str, *, longest: int = 400, required: bool = True) -> str:
        """Return a text without control characters, stripped; empty if it is wrong or left out."""
        allowed = f"a text of 1 to {longest} characters"
        value = self.table.get(name)
        if value is None:
            if required:
                self._missing(name, allowed)
            return ""
        if not isinstance(value, str):
            self.complain(name, said(value), allowed, "put it in quotes")
            return ""
        value = value.strip()
        if not (1 if required else 0) <= len(value) <= longest:
            self.complain(name, f"{len(value)} characters", allowed)
            return ""
        odd = {one for one in value if one not in "\n\t" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co")}
        if odd:
            codes = ", ".join(f"U+{ord(one):04X}" for one in sorted(odd)[:5])
            self.complain(
                name, f"invisible characters ({codes})", "visible characters and line breaks", "take them out"
            )
            return ""
        return value

    def name(self, name: str) -> str:
        """Return a name: small letters, digits, - and _, at most 40; empty if it is wrong."""
        value = self.table.get(name)
        if isinstance(value, str) and _NAME.fullmatch(value):
            return value
        self.complain(name, "nothing" if value is None else said(value), NAME_ALLOWED, f"name it under {name}")
        return ""

    def dotted(self, name: str, *, required: bool = True) -> str:
        """Return a dotted name, such as a parameter's; empty if it is wrong or left out."""
        value = self.table.get(name)
        if value is None and not required:
            return ""
        if isinstance(value, str) and len(value) <= 120 and _DOTTED.fullmatch(value):
            return value
        found = "nothing" if value is None else said(value)
        self.complain(name, found, "a dotted name in small letters, as start.trust", f"mend {name}")
        return ""

    def word(self, name: str, allowed: Sequence[str], default: str | None = None, empty: str = "") -> str:
        """Return one of the allowed words; ``empty`` if it is wrong."""
        value = self.table.get(name)
        if value is None:
            if default is None:
                self._missing(name, one_of(allowed))
                return empty
            return default
        if isinstance(value, str) and value in allowed:
            return value
        hint = nearest(value[:60], allowed) if isinstance(value, str) and not self.letter.is_full else ""
        self.complain(name, said(value), one_of(allowed), hint or CHOOSE)
        return empty

    def words(self, name: str, allowed: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of different allowed words in the order of the allowed; the default if it is left out."""
        value = self.table.get(name)
        if value is None:
            return default
        if not isinstance(value, list):
            self.complain(name, said(value), f"a list, each {one_of(allowed)}", "put it in [ ]")
            return default
        taken: list[str] = []
        for number, one in enumerate(value, 1):
            if not (isinstance(one, str) and one in allowed):
                hint = nearest(one[:60], allowed) if isinstance(one, str) and not self.letter.is_full else ""
                self.complain(f"{name}[{number}]", said(one), one_of(allowed), hint or CHOOSE)
            elif one in taken:
                self.complain(f"{name}[{number}]", f"{said(one)} again", "each once", "take it out")
            else:
                taken.append(one)
        return tuple(one for one in allowed if one in taken)

    def number(self, name: str, low: float, high: float, default: float | None, wrong: float = 1.0) -> float:
        """Return a finite number in low..high; ``wrong`` if it is not one."""
        allowed = f"a number, {low:g} to {high:g}"
        value = self.table.get(name)
        if value is None:
            if default is None:
                self._missing(name, allowed)
                return wrong
            return default
        checked = _number(value, low, high)
        if checked is None:
            self.complain(name, said(value), allowed, _advice(value, low, high))
            return wrong
        return checked

    def numbers(self, name: str, least: int, most: int, size: float = 10.0) -> tuple[float, ...]:
        """Return a list of ``least`` to ``most`` finite numbers, none beyond ``size``; empty if wrong or left out."""
        count = f"{least}" if least == most else f"{least} to {most}"
        allowed = f"a list of {count} numbers within ±{size:g}"
        value = self.table.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not least <= len(value) <= most:
            self.complain(name, said(value), allowed, "write that many, in [ ]")
            return ()
        checked = [_number(one, -size, size) for one in value]
        for position, one in enumerate(checked):
            if one is None:
                do = _advice(value[position], -size, size)
                self.complain(f"{name}[{position + 1}]", said(value[position]), f"a number within ±{size:g}", do)
        return tuple(one for one in checked if one is not None) if None not in checked else ()

    def section(self, name: str, known: Sequence[str] | None, *, required: bool = False) -> Section | None:
        """Return a table inside this one, or None if there is none."""
        value = self.table.get(name)
        if value is None:
            if required:
                self._missing(name, f"a table [{self.key(name)}]")
            return None
        if not isinstance(value, dict):
            self.complain(name, said(value), f"a table [{self.key(name)}]")
            return None
        return Section(self.letter, self.key(name), value, known)

    def sections(self, name: str, known: Sequence[str], most: int, *, required: bool = False) -> list[Section]:
        """Return the tables of a list of tables, at most so many."""
        value = self.table.get(name)
        if value is None:
            if required:
                self._missing(name, f"at least one table [[{self.key(name)}]]")
            return []
        if not isinstance(value, list) or (required and not value):
            self.complain(name, said(value), f"a list of tables [[{self.key(name)}]]")
            return []
        if len(value) > most:
            self.complain(name, f"{len(value)} of them", f"at most {most}", "take the rest out")
        taken = []
        for number, table in enumerate(value[:most], 1):
            if isinstance(table, dict):
                taken.append(Section(self.letter, f"{self.key(name)}[{number}]", table, known))
            else:
                self.complain(f"{name}[{number}]", said(table), "a table { key = value }")
        return taken


NAME_ALLOWED: Final = "small letters a-z, digits, - and _, a letter first, at most 40"


def is_name(text: str) -> bool:
    """Return whether a text is a name of small letters, digits, - and _.

    Examples
    --------
    >>> is_name("small-wins"), is_name("Small wins")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None


def _advice(value: Any, low: float, high: float) -> str:
    """Return what to do about what is no number within bounds."""
    if isinstance(value, str):
        return "write it without quotes, with a decimal point"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or (isinstance(value, float) and not math.isfinite(value)):
        return "write one finite number"
    return f"write {low:g} or more" if value < low else f"write {high:g} or less"


def _number(value: object, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) + 0.0 if low <= value <= high else None
