"""Reads the references, and writes one as a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cosim.errors import Complaint, EvidenceError, nearest
from cosim.evidence.files import HERE, check_table, check_word, read_toml, refuse

REFERENCES: Final = HERE / "references.toml"
READINGS_OF_A_WORK: Final = ("seen", "known")
REQUIRED: Final = ("authors", "title", "where", "read")
OPTIONAL: Final = ("year", "doi", "url", "note")


@dataclass(frozen=True, slots=True)
class Reference:
    """A work or page that cosim leans on.

    ``read`` is "seen" when at least its abstract or opening was read, "known" when it is cited from general
    knowledge; ``note`` says what to check before a statement is quoted. Empty texts and a year of None are not known.
    """

    key: str
    authors: str
    title: str
    where: str
    read: str
    year: int | None = None
    doi: str = ""
    url: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Return the reference as one line."""
        year = "n.d." if self.year is None else str(self.year)
        address = f" https://doi.org/{self.doi}" if self.doi else f" {self.url}" if self.url else ""
        title = self.title if self.title.endswith(("?", ".")) else f"{self.title}."
        return f"{self.authors} ({year}). {title} {self.where}.{address}"


def read_references(path: Path | str | None = None) -> dict[str, Reference]:
    """Return the references by key, in the order of the file.

    Every measured or estimated number in cosim names one of these keys, so that a reader can ask who says so.

    Parameters
    ----------
    path : Path or str, optional
        An own file of the same form; without it, the one that ships.

    Returns
    -------
    dict of str to Reference

    Raises
    ------
    EvidenceError
        With every complaint at once: a field missing, unknown or of the wrong kind, a key that is not lower-case
        ASCII.

    Examples
    --------
    >>> read_references()["ansell2008"].year
    2008
    """
    path = REFERENCES if path is None else Path(path)
    file, references = str(path), dict[str, Reference]()
    tables, complaints = read_toml(path)
    for key, table in tables.items():
        if not re.fullmatch("[a-z][a-z0-9]*", key):
            form = "a surname in lower-case ASCII and a year"
            complaints.append(Complaint(file, key, repr(key), form, "rename the table"))
        wrong = check_table(file, key, table, REQUIRED, OPTIONAL)
        wrong += check_word(file, f"{key}.read", table.get("read", "seen"), READINGS_OF_A_WORK)
        for name, value in table.items():
            kind: type = int if name == "year" else str
            if type(value) is not kind or value == "":
                allowed = "a year" if kind is int else "a text in quotes"
                wrong.append(Complaint(file, f"{key}.{name}", repr(value), allowed, "mend the value"))
        complaints += wrong
        if not wrong:
            references[key] = Reference(key=key, **table)
    refuse(complaints)
    return references


@cache
def _shipped_references() -> dict[str, Reference]:
    """Return the references that ship, read once."""
    return read_references()


def cite(key: str, references: Mapping[str, Reference] | None = None) -> str:
    """Return one line that cites a reference.

    Parameters
    ----------
    key : str
        A key of ``references.toml``, such as ``ansell2008``.
    references : mapping of str to Reference, optional
        Own references; without them, those that ship.

    Returns
    -------
    str

    Raises
    ------
    EvidenceError
        When there is no such key, with the nearest one.

    Examples
    --------
    >>> cite("march1991")
    'March, J. G. (1991). Exploration and exploitation in organizational learning. Organization Science 2(1).
    https://doi.org/10.1287/orsc.2.1.71'
    """
    known = _shipped_references() if references is None else references
    if key not in known:
        do = nearest(key, list(known)) or "see references.toml for the keys"
        raise EvidenceError([Complaint("references", key, "an unknown key", "a key of the references", do)])
    return str(known[key])
