"""What one parameter is, and how its table is read.

A parameter is declared once, in ``declarations/<group>.toml``; everything that says anything about it (the check of
a scenario, the slider, the sweep, the manual, the table of the ODD protocol) reads it from there. Floor 3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cosim.errors import Complaint
from cosim.evidence.files import check_table, check_word

KINDS: Final = ("number", "count", "switch", "choice")
STANDINGS: Final = ("measured", "estimated", "assumed", "free")
"""Read from a source; reckoned from sources; set by us; to be calibrated because no evidence was found."""
ROLES: Final = ("lever", "uncertain", "structure")
"""Somebody can decide it; the world has it and we do not know it; part of how the model is built."""
ASSUMED: Final = "ASSUMED"

_GROUP_FIELDS: Final = ("place", "label", "navn", "means", "betyr")
_TEXTS: Final = ("unit", "enhet", "label", "navn", "means", "betyr")
_REQUIRED: Final = ("default", "range", "standing", "role", "source", *_TEXTS)
_FLAGS: Final = ("at_start", "everywhere")
_OPTIONAL: Final = ("kind", "prior", "choices", "valg", "cost", *_FLAGS)
_SOURCE: Final = re.compile(r"([A-Za-z]\w*) : \S.*")


@dataclass(frozen=True, slots=True)
class Group:
    """A family of parameters, named by the first part of their names; ``place`` orders the manual."""

    name: str
    place: int
    label: str
    navn: str
    means: str
    betyr: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of one parameter. Always true: low <= prior_low <= prior_high <= high, and the default within.

    ``choices`` and ``valg`` name the values 0, 1, 2 ... of a choice in English and Norwegian, and are empty for the
    other kinds. ``cost`` is the name of the parameter that prices a lever, or an empty text. What is ``at_start`` is
    read once, before the first month, so a change later in a run would do nothing; what is ``everywhere`` has one value
    for all municipalities.
    """

    name: str
    group: str
    default: float
    unit: str
    enhet: str
    low: float
    high: float
    prior_low: float
    prior_high: float
    kind: str
    standing: str
    role: str
    source: tuple[str, ...]
    label: str
    navn: str
    means: str
    betyr: str
    choices: tuple[str, ...] = ()
    valg: tuple[str, ...] = ()
    cost: str = ""
    at_start: bool = False
    everywhere: bool = False

    @property
    def field(self) -> str:
        """Return the name of its field in the engine's settings."""
        return self.name.replace(".", "_")

    @property
    def is_whole(self) -> bool:
        """Return whether only whole numbers make sense."""
        return self.kind != "number"

    @property
    def allowed(self) -> str:
        """Return what may be written for it, with the unit."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(f'"{word}"' for word in self.choices)
        number = "a whole number" if self.is_whole else "a number"
        return f"{number} from {self.low:g} to {self.high:g} ({self.unit})"

    def written(self, value: float) -> str:
        """Return a value as a person would write it.

        Examples
        --------
        >>> from cosim.parameters.catalogue import read_declarations
        >>> read_declarations()["arenas.decision_rule"].written(2.0)
        'majority'
        >>> read_declarations()["arenas.meetings"].written(0.75)
        '0.75'
        """
        if self.kind == "switch":
            return "true" if value > 0.5 else "false"
        if self.kind == "choice":
            return self.choices[int(value)]
        return f"{value:.10g}"


def read_group(file: str, name: str, table: object) -> tuple[Group | None, list[Complaint]]:
    """Return a group from its table, and every complaint about it."""
    if not isinstance(table, dict):
        return None, [Complaint(file, "group", "nothing", "a table [group]", "say what the group is")]
    complaints = check_table(file, "group", table, _GROUP_FIELDS)
    for field, value in table.items():
        kind: type = int if field == "place" else str
        if field in _GROUP_FIELDS and (type(value) is not kind or value == ""):
            complaints.append(Complaint(file, f"group.{field}", repr(value), kind.__name__, "mend the value"))
    return (None if complaints else Group(name=name, **table)), complaints


def read_declaration(
    file: str, group: str, key: str, table: object, known: Mapping[str, Any]
) -> tuple[Declaration | None, list[Complaint]]:
    """Return a declaration from its table, and every complaint about it.

    Parameters
    ----------
    file : str
        Named in the complaints.
    group, key : str
        The two parts of the parameter's name.
    table : object
        What TOML gave.
    known : mapping
        Keys of the references; every measured or estimated number must cite one.

    Returns
    -------
    Declaration or None
        None when there is anything to complain of.
    list of Complaint
    """
    if not isinstance(table, dict):
        return None, [Complaint(file, key, repr(table), "a table", f"write [{key}] above its fields")]
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", key):
        return None, [Complaint(file, key, "this name", "lower-case words joined by _", "rename the table")]
    complaints = check_table(file, key, table, _REQUIRED, _OPTIONAL)
    kind = table.get("kind", "number")
    complaints += check_word(file, f"{key}.kind", kind, KINDS)
    complaints += check_word(file, f"{key}.standing", table.get("standing"), STANDINGS)
    complaints += check_word(file, f"{key}.role", table.get("role"), ROLES)
    for field in _TEXTS:
        text = table.get(field, "")
        if not isinstance(text, str) or not text.strip():
            complaints.append(Complaint(file, f"{key}.{field}", repr(text), "a text", "write one"))
    for field in _FLAGS:
        if not isinstance(table.get(field, False), bool):
            complaints.append(Complaint(file, f"{key}.{field}", repr(table[field]), "true or false", "mend it"))
    limits = _limits(table.get("range"))
    prior = _limits(table.get("prior", table.get("range")))
    default = table.get("default")
    if limits is None or prior is None:
        complaints.append(Complaint(file, key, "range or prior", "[low, high], low <= high", "mend it"))
    elif default is None or not _is_number(default) or not limits[0] <= float(default) <= limits[1]:
        allowed = f"a number from {limits[0]:g} to {limits[1]:g}"
        complaints.append(Complaint(file, f"{key}.default", repr(default), allowed, "mend it"))
    elif not limits[0] <= prior[0] <= float(default) <= prior[1] <= limits[1]:
        complaints.append(
            Complaint(file, f"{key}.prior", str(prior), "within the range, around the default", "mend it")
        )
    elif kind in ("count", "switch", "choice") and not all(map(_is_whole, (default, *limits, *prior))):
        complaints.append(Complaint(file, key, "a broken number", f"whole numbers for a {kind}", "mend it"))
    complaints += _check_sources(file, key, table, known)
    complaints += _check_choices(file, key, kind, table, limits)
    if complaints or limits is None or prior is None:
        return None, complaints
    fields = {field: table[field] for field in ("standing", "role", *_TEXTS)}
    declaration = Declaration(
        name=f"{group}.{key}",
        group=group,
        default=float(table["default"]),
        low=limits[0],
        high=limits[1],
        prior_low=prior[0],
        prior_high=prior[1],
        kind=kind,
        source=tuple(table["source"]),
        choices=tuple(table.get("choices", ())),
        valg=tuple(table.get("valg", ())),
        cost=table.get("cost", ""),
        at_start=table.get("at_start", False),
        everywhere=table.get("everywhere", False),
        **fields,
    )
    return declaration, []


def cited_keys(declaration: Declaration) -> tuple[str, ...]:
    """Return the references a declaration leans on, without ``ASSUMED``.

    Examples
    --------
    >>> from cosim.parameters.catalogue import read_declarations
    >>> cited_keys(read_declarations()["trust.bad_news"])
    ('slovic1993', 'trustasymmetry2013')
    """
    keys = (line.split(" : ")[0] for line in declaration.source)
    return tuple(key for key in keys if key != ASSUMED)


def _limits(value: object) -> tuple[float, float] | None:
    if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]:
        return float(value[0]), float(value[1])
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int | float) and float(value).is_integer()


def _check_sources(file: str, key: str, table: Mapping[str, Any], known: Mapping[str, Any]) -> list[Complaint]:
    sources = table.get("source")
    if not isinstance(sources, list) or not sources:
        return [Complaint(file, f"{key}.source", repr(sources), "a list of lines", "say who says so, or ASSUMED")]
    complaints, found = [], []
    for line in sources:
        match = _SOURCE.fullmatch(line) if isinstance(line, str) else None
        if match is None:
            allowed = "'key : reason', or 'ASSUMED : what was looked for'"
            complaints.append(Complaint(file, f"{key}.source", repr(line), allowed, "mend the line"))
        elif match[1] != ASSUMED:
            found.append(match[1])
    complaints += [
        Complaint(file, f"{key}.source", one, "a key of references.toml", "add the work there")
        for one in found
        if one not in known
    ]
    if table.get("standing") in ("measured", "estimated") and not found:
        do = "name the source, or call it assumed"
        complaints.append(Complaint(file, f"{key}.source", "only ASSUMED", "a source", do))
    return complaints


def _check_choices(
    file: str, key: str, kind: object, table: Mapping[str, Any], limits: tuple[float, float] | None
) -> list[Complaint]:
    complaints = []
    for field in ("choices", "valg"):
        words = table.get(field, [])
        texts = isinstance(words, list) and all(isinstance(word, str) and word for word in words)
        wanted = int(limits[1]) + 1 if kind == "choice" and limits is not None and limits[0] == 0 else 0
        if not texts or len(words) != wanted or len(set(words)) != wanted:
            allowed = f"{wanted} different words, one for each value" if wanted else "nothing"
            complaints.append(Complaint(file, f"{key}.{field}", repr(words), allowed, "mend the list"))
    if kind == "switch" and limits != (0.0, 1.0):
        complaints.append(Complaint(file, f"{key}.range", repr(limits), "[0, 1] for a switch", "mend it"))
    return complaints
