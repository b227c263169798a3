"""Reads the sections of one scenario file: what may stand in each, and every complaint about it. Floor 4.

Every function here takes what TOML gave, whatever it is, and returns what is right in it; complaints go into the list
it is handed. Whether a month lies in the run or a municipality in the world is asked when the sections are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cosim.errors import Complaint, nearest
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.values import complain_of_name, look_at_value, look_at_values, shown
from cosim.scenario.calendar import EARLIEST, LATEST, Month, read_month
from cosim.vocabulary import FOCUS_AREAS, SECTORS, SERVICE_AREAS

Complaints = list[Complaint]

TEXTS: Final = ("title", "title_nb", "question", "question_nb")
TOP: Final = ("name", *TEXTS, "reasons", "extends", "process", "world", "run", "set", "where", "change", "arena")
RUN: Final = ("start", "months", "seed", "replicates", "survey_months", "people_every")
WHOLE_NUMBERS: Final = {
    "months": (1, 1200),
    "seed": (0, 2**63 - 1),
    "replicates": (1, 100_000),
    "people_every": (0, 1200),
}
CHANGE: Final = ("to", "from", "until", "where", "because")
ARENA: Final = ("name", "title", "where", "opens", "focus", "area", "invites", "because")
MOST_ARENAS: Final = 1000
LONGEST_TEXT: Final = 4000
NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MONTH_FORM: Final = f'a month in quotes, such as "2021-09", from {EARLIEST} to {LATEST}'


@dataclass(frozen=True, slots=True)
class WrittenChange:
    """A change as it was written, with its place in the file."""

    key: str
    name: str
    to: float
    begins: Month
    until: Month | None
    where: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class WrittenArena:
    """An arena as it was written, with its place in the file."""

    key: str
    name: str
    title: str
    where: str
    opens: Month
    focus: str
    area: str
    invites: tuple[str, ...]
    because: str


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
            complaints.append(Complaint(file, _short(where), "an unknown key", "one of " + ", ".join(known), do))


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
    if isinstance(listed, list) and all(isinstance(one, str) and one.strip() for one in listed):
        if all(len(one) <= LONGEST_TEXT for one in listed):
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
        allowed = "a list of months, counted from 0 at the start or written as texts such as \"2021-09\""
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
        key = _short(f"where.{municipality}")
        if not isinstance(section, dict):
            do = f"write [where.{municipality}] above its lines" if NAME.fullmatch(municipality) else "mend it"
            complaints.append(Complaint(file, key, shown(section), "a table", _short(do)))
            continue
        values, wrong = look_at_values(dotted(section, file, key, complaints), file, key)
        complaints += wrong
        for name in list(values):
            if read_declarations()[name].everywhere:
                complaints.append(_complain_everywhere(file, f"{key}.{name}"))
                del values[name]
        found[municipality] = values
    return found


def read_changes(table: Mapping[str, Any], file: str, complaints: Complaints) -> list[WrittenChange]:
    """Return the changes that are right, in the order of the file."""
    found = []
    for name, section in dotted(table_in(table, "change", file, complaints), file, "change", complaints).items():
        key = _short(f"change.{name}")
        if name not in read_declarations():
            complaints.append(complain_of_name(name, None, file, key))
            continue
        for number, one in enumerate(section if isinstance(section, list) else [section], start=1):
            place = f"{key}[{number}]" if isinstance(section, list) else key
            change = _read_change(name, one, file, place, complaints)
            if change is not None:
                found.append(change)
    return found


def _read_change(name: str, one: object, file: str, key: str, complaints: Complaints) -> WrittenChange | None:
    if not isinstance(one, dict):
        do = f'write [change."{name}"] above the lines to, from and because'
        complaints.append(Complaint(file, key, shown(one), "a table", do))
        return None
    wrong: Complaints = []
    look_at_fields(one, CHANGE, file, key, wrong)
    declaration = read_declarations()[name]
    if declaration.at_start:
        allowed = "a parameter that is read every month; this one is read once, before the first"
        wrong.append(Complaint(file, key, "a change under way", allowed, "set it under [set]"))
    value, complaint = look_at_value(name, one.get("to"), file, f"{key}.to")
    if complaint is not None:
        wrong.append(complaint)
    begins = read_moment(one.get("from"), file, f"{key}.from", wrong)
    until = read_moment(one["until"], file, f"{key}.until", wrong) if "until" in one else None
    if begins is not None and until is not None and until < begins:
        found = f"{shown(one['until'])}, before {shown(one['from'])}"
        wrong.append(Complaint(file, f"{key}.until", found, "the month of from or a later one", "mend one of the two"))
    where = read_words(one, "where", file, f"{key}.where", wrong)
    if "where" in one and declaration.everywhere:
        wrong.append(_complain_everywhere(file, f"{key}.where"))
    because = _read_because(one, file, key, wrong)
    complaints += wrong
    if wrong or begins is None:
        return None
    return WrittenChange(key, name, value, begins, until, where, because)


def read_arenas(table: Mapping[str, Any], file: str, complaints: Complaints) -> list[WrittenArena]:
    """Return the scheduled arenas that are right, in the order of the file."""
    listed = table.get("arena", [])
    listed = [listed] if isinstance(listed, dict) else listed
    if not isinstance(listed, list) or len(listed) > MOST_ARENAS:
        allowed = f"at most {MOST_ARENAS} tables"
        complaints.append(Complaint(file, "arena", shown(listed), allowed, "write [[arena]] above each"))
        return []
    found: list[WrittenArena] = []
    for number, one in enumerate(listed, start=1):
        arena = _read_arena(one, file, f"arena[{number}]", complaints)
        if arena is None:
            continue
        if arena.name in {other.name for other in found}:
            complaints.append(complain_of_twin(arena, file))
        else:
            found.append(arena)
    return found


def complain_of_twin(arena: WrittenArena, file: str) -> Complaint:
    """Return the complaint about a second arena of the same name."""
    return Complaint(file, f"{arena.key}.name", f"a second {arena.name!r}", "a name of its own", "rename one of them")


def _read_arena(one: object, file: str, key: str, complaints: Complaints) -> WrittenArena | None:
    if not isinstance(one, dict):
        complaints.append(Complaint(file, key, shown(one), "a table", "write [[arena]] above its lines"))
        return None
    wrong: Complaints = []
    look_at_fields(one, ARENA, file, key, wrong)
    words: dict[str, str] = {}
    for field in ("name", "where"):
        text = read_text(one, field, file, f"{key}.{field}", wrong)
        if text is None and field not in one:
            wrong.append(Complaint(file, f"{key}.{field}", "nothing", "a text", f"add {field}"))
        words[field] = text or ""
    if words["name"] and (not NAME.fullmatch(words["name"]) or len(words["name"]) > 80):
        allowed = "lower-case ASCII letters and digits, words joined by hyphens"
        wrong.append(Complaint(file, f"{key}.name", shown(words["name"]), allowed, "keep the words for title"))
    for field, allowed_words in (("focus", FOCUS_AREAS), ("area", SERVICE_AREAS)):
        word = one.get(field)
        if not isinstance(word, str) or word not in allowed_words:
            found = "nothing" if word is None else shown(word)
            do = nearest(word, allowed_words) if isinstance(word, str) else "choose one"
            wrong.append(Complaint(file, f"{key}.{field}", found, "one of " + ", ".join(allowed_words), do))
        else:
            words[field] = word
    opens = read_moment(one.get("opens"), file, f"{key}.opens", wrong)
    invites = read_words(one, "invites", file, f"{key}.invites", wrong) if "invites" in one else SECTORS
    for word in invites:
        if word not in SECTORS:
            allowed = "any of " + ", ".join(SECTORS)
            wrong.append(Complaint(file, f"{key}.invites", shown(word), allowed, nearest(word, SECTORS)))
    title = read_text(one, "title", file, f"{key}.title", wrong)
    because = _read_because(one, file, key, wrong)
    complaints += wrong
    if wrong or opens is None:
        return None
    sectors = tuple(sector for sector in SECTORS if sector in invites or sector == "public")
    return WrittenArena(
        key, words["name"], title or words["name"], words["where"], opens, words["focus"], words["area"], sectors, because
    )


def _read_because(one: Mapping[str, Any], file: str, key: str, complaints: Complaints) -> str:
    """Return the reason, which must be there."""
    because = read_text(one, "because", file, f"{key}.because", complaints)
    if because is None and "because" not in one:
        allowed = "a text that says why, or who says so"
        complaints.append(Complaint(file, f"{key}.because", "nothing", allowed, "add because"))
    return because or ""


def dotted(section: Mapping[str, Any], file: str, key: str, complaints: Complaints) -> dict[str, Any]:
    """Return a section with dotted names as its keys, whether or not the names stood in quotes."""
    flat: dict[str, Any] = {}
    for name, value in _flattened(section):
        if name in flat:
            do = "write the name once, in quotes"
            complaints.append(Complaint(file, _short(f"{key}.{name}"), "the name twice", "each name once", do))
        flat[name] = value
    return flat


def _flattened(section: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    groups = {name.split(".")[0] for name in read_declarations()}
    for name, value in section.items():
        if name in groups and isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _complain_everywhere(file: str, key: str) -> Complaint:
    allowed = "a parameter that may differ between municipalities; this one holds for all of them"
    return Complaint(file, key, "a value for some places only", allowed, "set it under [set]")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
