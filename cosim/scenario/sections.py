"""Reads the sections of one scenario file: what may stand in each, and every complaint about it. Floor 4.

Every function here takes what TOML gave, whatever it is, and returns what is right in it; complaints go into the list
it is handed. Whether a month lies in the run or a municipality in the world is asked when the sections are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cosim.errors import Complaint, nearest
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.values import look_at_values, shown
from cosim.scenario.calendar import EARLIEST, LATEST, Month, read_month

Complaints = list[Complaint]

TEXTS: Final = ("title", "title_nb", "question", "question_nb")
TOP: Final = (
    "name",
    *TEXTS,
    "reasons",
    "extends",
    "process",
    "world",
    "run",
    "set",
    "where",
    "change",
    "arena",
)
RUN: Final = ("start", "months", "seed", "replicates", "survey_months", "people_every")
WHOLE_NUMBERS: Final = {
    "months": (1, 1200),
    "seed": (0, 2**63 - 1),
    "replicates": (1, 100_000),
    "people_every": (0, 1200),
}
LONGEST_TEXT: Final = 4000
NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MONTH_FORM: Final = f'a month in quotes, such as "2021-09", from {EARLIEST} to {LATEST}'


def table_in(table: Mapping[str, Any], key: str, file: str, complaints: Complaints) -> dict[str, Any]:
    """Return a section that must be a table; an empty one when it is missing or something else."""
    value = table.get(key, {})
    if isinstance(value, dict):
        return value
    complaints.append(Complaint(file, key, shown(value), "a table", f"write [{key}] above its lines"))
    return {}


def look_at_fields(table: Mapping[str, Any], known: Sequence[str], file: str, key: str, complaints: Complaints) -> None:
    """Complain of every field that is not known."""
    for name in table:
        if name not in known:
            where = f"{key}.{name}" if key else name
            do = nearest(name, known)
            if not do and name in read_declarations():
                do = "parameters stand under [set]"
            complaints.append(Complaint(file, shorten(where), "an unknown key", "one of " + ", ".join(known), do))


def read_text(table: Mapping[str, Any], field: str, file: str, key: str, complaints: Complaints) -> str | None:
    """Return a text, None when it is missing or no text."""
    value = table.get(field)
    if value is None:
        return None
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT:
        return value.strip()
    allowed = f"a text in quotes of at most {LONGEST_TEXT} characters"
    complaints.append(Complaint(file, key, shown(value), allowed, "write it out"))
    return None


def read_words(table: Mapping[str, Any], field: str, file: str, key: str, complaints: Complaints) -> tuple[str, ...]:
    """Return a list of texts, or one text as a list of one; empty when it is missing or something else."""
    value = table.get(field)
    if value is None:
        return ()
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and all(
        isinstance(one, str) and one.strip() and len(one) <= LONGEST_TEXT for one in listed
    ):
        return tuple(one.strip() for one in listed)
    complaints.append(Complaint(file, key, shown(value), "a list of texts in quotes", "mend the list"))
    return ()


def read_whole(field: str, value: object, file: str, key: str, complaints: Complaints) -> int | None:
    """Return one of the run's whole numbers, None when it is not one or out of range."""
    low, high = WHOLE_NUMBERS[field]
    if type(value) is int and low <= value <= high:
        return value
    do = "write it without quotes" if isinstance(value, str) else "write a whole number within these bounds"
    complaints.append(Complaint(file, key, shown(value), f"a whole number from {low} to {high}", do))
    return None


def read_moment(value: object, file: str, key: str, complaints: Complaints) -> Month | None:
    """Return a month, None when it is missing or not one."""
    month = read_month(value)
    if month is None:
        found = "nothing" if value is None else shown(value)
        complaints.append(Complaint(file, key, found, _MONTH_FORM, "write year, hyphen and month"))
    return month


def read_run(table: Mapping[str, Any], file: str, complaints: Complaints) -> dict[str, Any]:
    """Return what is right in the section ``run``; survey months as whole numbers or as `Month`."""
    section = table_in(table, "run", file, complaints)
    look_at_fields(section, RUN, file, "run", complaints)
    found: dict[str, Any] = {}
    for field in WHOLE_NUMBERS:
        if field in section:
            found[field] = read_whole(field, section[field], file, f"run.{field}", complaints)
    if "start" in section:
        found["start"] = read_moment(section["start"], file, "run.start", complaints)
    if "survey_months" in section:
        listed = section["survey_months"]
        moments: list[int | Month] = []
        most = WHOLE_NUMBERS["months"][1]
        allowed = 'a list of months, counted from 0 at the start or written as texts such as "2021-09"'
        if not isinstance(listed, list) or len(listed) > most + 1:
            complaints.append(Complaint(file, "run.survey_months", shown(listed), allowed, "mend the list"))
            listed = []
        for one in listed:
            moment = one if type(one) is int and 0 <= one <= most else read_month(one)
            if moment is None:
                complaints.append(Complaint(file, "run.survey_months", shown(one), allowed, "mend that month"))
            else:
                moments.append(moment)
        found["survey_months"] = tuple(moments)
    return {field: value for field, value in found.items() if value is not None}


def read_set(table: Mapping[str, Any], file: str, complaints: Complaints) -> dict[str, float]:
    """Return the values of the section ``set`` that are right."""
    section = table_in(table, "set", file, complaints)
    values, wrong = look_at_values(dotted(section, file, "set", complaints), file, "set")
    complaints += wrong
    return values


def read_where(table: Mapping[str, Any], file: str, complaints: Complaints) -> dict[str, dict[str, float]]:
    """Return the values that hold in one municipality, by its key."""
    found: dict[str, dict[str, float]] = {}
    for municipality, section in table_in(table, "where", file, complaints).items():
        key = shorten(f"where.{municipality}")
        if not isinstance(section, dict):
            do = f"write [where.{municipality}] above its lines" if NAME.fullmatch(municipality) else "mend it"
            complaints.append(Complaint(file, key, shown(section), "a table", shorten(do)))
            continue
        values, wrong = look_at_values(dotted(section, file, key, complaints), file, key)
        complaints += wrong
        for name in list(values):
            if read_declarations()[name].everywhere:
                complaints.append(complain_everywhere(file, f"{key}.{name}"))
                del values[name]
        found[municipality] = values
    return found


def dotted(section: Mapping[str, Any], file: str, key: str, complaints: Complaints) -> dict[str, Any]:
    """Return a section with dotted names as its keys, whether or not the names stood in quotes."""
    flat: dict[str, Any] = {}
    for name, value in _flattened(section):
        if name in flat:
            do = "write the name once, in quotes"
            complaints.append(Complaint(file, shorten(f"{key}.{name}"), "the name twice", "each name once", do))
        flat[name] = value
    return flat


def _flattened(section: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    groups = {name.split(".")[0] for name in read_declarations()}
    for name, value in section.items():
        if name in groups and isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def complain_everywhere(file: str, key: str) -> Complaint:
    """Return the complaint about a value for some places of a parameter that has one for all."""
    allowed = "a parameter that may differ between municipalities; this one holds for all of them"
    return Complaint(file, key, "a value for some places only", allowed, "set it under [set]")


def shorten(text: str) -> str:
    """Return a key short enough for a letter."""
    return text if len(text) <= 80 else text[:77] + "..."
