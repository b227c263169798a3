"""Reads what happens in a scenario: changes of parameters and scheduled arenas. Floor 4.

As in `sections`, what is right is returned and complaints go into the list that is handed in. Where a field is wrong, a
harmless value takes its place, so that months and municipalities are judged too when the sections are joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cosim.errors import Complaint, nearest
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.values import complain_of_name, look_at_value, shown
from cosim.scenario.calendar import Month
from cosim.scenario.sections import (
    NAME,
    Complaints,
    complain_everywhere,
    dotted,
    look_at_fields,
    read_moment,
    read_text,
    read_words,
    shorten,
    table_in,
)
from cosim.vocabulary import FOCUS_AREAS, SECTORS, SERVICE_AREAS

CHANGE: Final = ("to", "from", "until", "where", "because")
ARENA: Final = ("name", "title", "where", "opens", "focus", "area", "invites", "because")
MOST_ARENAS: Final = 1000
MOST_CHANGES: Final = 1000


@dataclass(frozen=True, slots=True)
class WrittenChange:
    """A change as it was written, with its place in the file."""

    key: str
    name: str
    to: float
    begins: Month | None
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
    opens: Month | None
    focus: str
    area: str
    invites: tuple[str, ...]
    because: str


def read_changes(table: Mapping[str, Any], file: str, complaints: Complaints) -> list[WrittenChange]:
    """Return the changes that are right, in the order of the file."""
    found = []
    for name, section in dotted(table_in(table, "change", file, complaints), file, "change", complaints).items():
        key = shorten(f"change.{name}")
        if name not in read_declarations():
            complaints.append(complain_of_name(name, None, file, key))
        for number, one in enumerate(section if isinstance(section, list) else [section], start=1):
            place = f"{key}[{number}]" if isinstance(section, list) else key
            change = _read_change(name, one, file, place, complaints)
            if change is not None:
                found.append(change)
    if len(found) > MOST_CHANGES:
        complaints.append(
            Complaint(file, "change", f"{len(found)} changes", f"at most {MOST_CHANGES}", "leave some out")
        )
    return found


def _read_change(name: str, one: object, file: str, key: str, complaints: Complaints) -> WrittenChange | None:
    if not isinstance(one, dict):
        do = f'write [change."{name}"] above the lines to, from and because'
        complaints.append(Complaint(file, key, shown(one), "a table", do))
        return None
    look_at_fields(one, CHANGE, file, key, complaints)
    declaration = read_declarations().get(name)
    value = 0.0
    if declaration is not None:
        if declaration.at_start:
            allowed = "a parameter that is read every month; this one is read once, before the first"
            complaints.append(Complaint(file, key, "a change under way", allowed, "set it under [set]"))
        value, complaint = look_at_value(name, one.get("to"), file, f"{key}.to")
        complaints += [] if complaint is None else [complaint]
    begins = read_moment(one.get("from"), file, f"{key}.from", complaints)
    until = read_moment(one["until"], file, f"{key}.until", complaints) if "until" in one else None
    if begins is not None and until is not None and until < begins:
        found = f"{shown(one['until'])}, before {shown(one['from'])}"
        allowed = "the month of from or a later one"
        complaints.append(Complaint(file, f"{key}.until", found, allowed, "mend one of the two"))
    where = read_words(one, "where", file, f"{key}.where", complaints)
    if "where" in one and declaration is not None and declaration.everywhere:
        complaints.append(complain_everywhere(file, f"{key}.where"))
    because = _read_because(one, file, key, complaints)
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
        if arena.name and arena.name in {other.name for other in found}:
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
    look_at_fields(one, ARENA, file, key, complaints)
    words = {"focus": "", "area": ""}
    for field in ("name", "where"):
        text = read_text(one, field, file, f"{key}.{field}", complaints)
        if text is None and field not in one:
            complaints.append(Complaint(file, f"{key}.{field}", "nothing", "a text", f"add {field}"))
        words[field] = text or ""
    if words["name"] and (not NAME.fullmatch(words["name"]) or len(words["name"]) > 80):
        allowed = "lower-case ASCII letters and digits, words joined by hyphens"
        complaints.append(Complaint(file, f"{key}.name", shown(words["name"]), allowed, "keep the words for title"))
    for field, allowed_words in (("focus", FOCUS_AREAS), ("area", SERVICE_AREAS)):
        word = one.get(field)
        if not isinstance(word, str) or word not in allowed_words:
            found = "nothing" if word is None else shown(word)
            do = (nearest(word, allowed_words) if isinstance(word, str) else "") or "choose one of them"
            complaints.append(Complaint(file, f"{key}.{field}", found, "one of " + ", ".join(allowed_words), do))
        else:
            words[field] = word
    opens = read_moment(one.get("opens"), file, f"{key}.opens", complaints)
    invites = read_words(one, "invites", file, f"{key}.invites", complaints) if "invites" in one else SECTORS
    for word in invites:
        if word not in SECTORS:
            allowed = "any of " + ", ".join(SECTORS)
            do = nearest(word, SECTORS) or "choose among them"
            complaints.append(Complaint(file, f"{key}.invites", shown(word), allowed, do))
    title = read_text(one, "title", file, f"{key}.title", complaints)
    because = _read_because(one, file, key, complaints)
    sectors = tuple(sector for sector in SECTORS if sector in invites or sector == "public")
    words["title"] = title or words["name"]
    return WrittenArena(key=key, opens=opens, invites=sectors, because=because, **words)


def _read_because(one: Mapping[str, Any], file: str, key: str, complaints: Complaints) -> str:
    """Return the reason, which must be there."""
    because = read_text(one, "because", file, f"{key}.because", complaints)
    if because is None and "because" not in one:
        allowed = "a text that says why, or who says so"
        complaints.append(Complaint(file, f"{key}.because", "nothing", allowed, "add because"))
    return because or ""
