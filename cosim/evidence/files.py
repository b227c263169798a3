"""Reads the files of evidence and checks the fields of their tables, gathering every complaint.

Each reader of this room has the same duty: say everything that is wrong with a file at once. The checks here return
complaints; `refuse` raises them in one letter.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint, EvidenceError, nearest

HERE: Final = Path(__file__).parent
CONFIDENCES: Final = ("H", "M", "L")
"""H the publisher's own page or a direct copy of the official table, M secondary, L third-hand or a placeholder."""
STANDINGS: Final = ("measured", "derived", "assumed")
"""Read from a source; arithmetic on what was read; not read anywhere."""


def refuse(complaints: Iterable[Complaint]) -> None:
    """Raise one letter with all complaints, or return if there are none.

    Raises
    ------
    EvidenceError
        When there is at least one complaint.
    """
    gathered = list(complaints)
    if gathered:
        raise EvidenceError(gathered)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    Raises
    ------
    EvidenceError
        When the file is missing, is no file or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        found, do = error.strerror or str(error), "check the path of the table"
    except UnicodeDecodeError:
        found, do = "text in another encoding", "save the file again as UTF-8"
    raise EvidenceError([Complaint(str(path), "", found, "a text file in UTF-8", do)])


def read_toml(path: Path) -> tuple[dict[str, dict[str, Any]], list[Complaint]]:
    """Return the tables of a TOML file, and a complaint for all that stands outside a table.

    Raises
    ------
    EvidenceError
        When the file cannot be read or is not TOML.
    """
    file = str(path)
    try:
        content = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise EvidenceError([Complaint(file, "", str(error), "TOML", "mend that line")]) from error
    tables = {key: table for key, table in content.items() if isinstance(table, dict)}
    complaints = [
        Complaint(file, key, repr(value), "a table", f"write [{key}] above its fields")
        for key, value in content.items()
        if key not in tables
    ]
    if not content:
        complaints.append(Complaint(file, "", "no tables", "at least one table", "fill the file"))
    return tables, complaints


def check_table(
    file: str, key: str, table: Mapping[str, Any], required: Sequence[str], optional: Sequence[str] = ()
) -> list[Complaint]:
    """Return a complaint for every field of a TOML table that is missing or unknown."""
    known = (*required, *optional)
    complaints = [
        Complaint(file, f"{key}.{name}", "nothing", "a value", f"add {name} to [{key}]")
        for name in required
        if name not in table
    ]
    for name in table:
        if name not in known:
            allowed = "one of " + ", ".join(known)
            complaints.append(Complaint(file, f"{key}.{name}", "an unknown field", allowed, nearest(name, known)))
    return complaints


def check_word(file: str, key: str, word: object, allowed: Sequence[str]) -> list[Complaint]:
    """Return a complaint when a word is not among the allowed ones, else an empty list."""
    if word in allowed:
        return []
    return [Complaint(file, key, repr(word), "one of " + ", ".join(allowed), nearest(str(word), allowed))]


def check_sources(file: str, key: str, sources: object, standing: object) -> list[Complaint]:
    """Return a complaint unless the sources are a list of keys, empty only where the standing is assumed.

    Whether a key is among the references is not asked: an own table may have sources of its own.
    """
    listed = isinstance(sources, list) and all(isinstance(source, str) and source for source in sources)
    if listed and (sources or standing == "assumed"):
        return []
    allowed = "a list of keys of the references"
    return [Complaint(file, f"{key}.sources", repr(sources), allowed, "name a source, or call it assumed")]
