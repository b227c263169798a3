"""Fields of a study's file that no other has: whole numbers in their range, and names that may be paths. Floor 7."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cosim.processes.fields import Section, said
from cosim.scenario.files import is_path

MOST_WORDS: Final = 40


def take_whole(section: Section, name: str, low: int, high: int, usual: int) -> int:
    """Return a whole number in low..high; the usual one if it is wrong or left out."""
    value = section.table.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        section.complain(name, said(value), f"a whole number, {low} to {high}")
        return usual
    return value


def take_words(section: Section, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list of different names or paths; a single one may stand without brackets."""
    value = section.table.get(name)
    if value is None:
        return default
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) and one for one in listed):
        section.complain(name, said(value), "a name or path in quotes, or a list of them", f"mend {name}")
        return default
    if len(listed) > MOST_WORDS:
        section.complain(name, f"{len(listed)} of them", f"at most {MOST_WORDS}", "take the rest out")
        return default
    return tuple(dict.fromkeys(listed))


def beside(folder: Path, word: str) -> str:
    """Return a path as it is from the folder of the file that names it; a name as it is.

    Examples
    --------
    >>> beside(Path("mine"), "regime")
    'regime'
    """
    return os.path.abspath(folder / word) if is_path(word) else word
