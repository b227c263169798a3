"""All declarations, read once and checked together. Floor 3."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from cosim.errors import Complaint, EvidenceError, ParameterError
from cosim.evidence.files import read_text
from cosim.evidence.references import read_references
from cosim.parameters.declaration import Declaration, Group, read_declaration, read_group

DECLARATIONS: Final = Path(__file__).parent / "declarations"


def read_folder(folder: Path) -> tuple[dict[str, Group], dict[str, Declaration]]:
    """Return the groups and the declarations of a folder, in the order the groups ask for.

    Raises
    ------
    ParameterError
        With every complaint about every file at once.
    """
    known = read_references()
    complaints: list[Complaint] = []
    groups: list[Group] = []
    declarations: dict[str, list[Declaration]] = {}
    for path in sorted(folder.glob("*.toml")):
        file, name = path.name, path.stem
        try:
            content: dict[str, Any] = tomllib.loads(read_text(path))
        except EvidenceError as error:
            complaints += error.complaints
            continue
        except tomllib.TOMLDecodeError as error:
            complaints.append(Complaint(file, "", str(error), "TOML", "mend that line"))
            continue
        group, wrong = read_group(file, name, content.pop("group", None))
        complaints += wrong
        if group is not None:
            groups.append(group)
        declarations[name] = []
        for key, table in content.items():
            declaration, wrong = read_declaration(file, name, key, table, known)
            complaints += wrong
            if declaration is not None:
                declarations[name].append(declaration)
    groups.sort(key=lambda group: (group.place, group.name))
    ordered = {one.name: one for group in groups for one in declarations[group.name]}
    complaints += _check_together(ordered)
    if complaints:
        raise ParameterError(complaints)
    return {group.name: group for group in groups}, ordered


def _check_together(declarations: dict[str, Declaration]) -> list[Complaint]:
    """Return a complaint for every field name used twice and every cost that is no cost."""
    complaints = []
    fields: dict[str, str] = {}
    for one in declarations.values():
        other = fields.setdefault(one.field, one.name)
        if other != one.name:
            complaints.append(
                Complaint(f"{one.group}.toml", one.name, f"the field of {other}", "a field of its own", "rename it")
            )
        if one.cost and not (one.cost.startswith("cost.") and one.cost in declarations):
            allowed = "the name of a parameter of the group cost"
            complaints.append(Complaint(f"{one.group}.toml", f"{one.name}.cost", one.cost, allowed, "mend it"))
    return complaints


@cache
def _shipped() -> tuple[MappingProxyType[str, Group], MappingProxyType[str, Declaration]]:
    groups, declarations = read_folder(DECLARATIONS)
    return MappingProxyType(groups), MappingProxyType(declarations)


def read_declarations() -> MappingProxyType[str, Declaration]:
    """Return every parameter's declaration by its dotted name, in the order of the manual; read once.

    Raises
    ------
    ParameterError
        When a declaration that ships is broken.

    Examples
    --------
    >>> read_declarations()["trust.kept"].default
    0.97
    """
    return _shipped()[1]


def read_groups() -> MappingProxyType[str, Group]:
    """Return the groups of parameters by name, in the order of the manual.

    Examples
    --------
    >>> next(iter(read_groups()))
    'arenas'
    """
    return _shipped()[0]


def cost_of(lever: Declaration) -> Declaration | None:
    """Return the parameter that prices a lever, or None when nothing does.

    Examples
    --------
    >>> cost_of(read_declarations()["arenas.facilitation"]).unit
    'NOK per open arena and month at full facilitation'
    """
    return read_declarations()[lever.cost] if lever.cost else None
