"""Finds scenario files and reads the chain of a scenario and those it extends. Floor 4."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint, ProcessError, ScenarioError, nearest
from cosim.parameters.values import shown
from cosim.processes.files import parse_table, read_bytes

SHIPPED: Final = Path(__file__).parent.parent / "scenarios"
DEEPEST: Final = 5
"""So many files may rest on one another."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One scenario file: what complaints call it, the folder its paths start from, its table and its text."""

    file: str
    folder: Path
    stem: str
    table: dict[str, Any]
    text: str


def list_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that ship, in alphabetical order.

    Examples
    --------
    >>> "nordre-follo" in list_scenarios()
    True
    """
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def refuse(file: str, key: str, found: str, allowed: str, do: str) -> ScenarioError:
    """Return a letter with one complaint."""
    return ScenarioError([Complaint(file, key, found, allowed, do)])


def is_path(text: str) -> bool:
    """Return whether a text looks like a path rather than a name.

    Examples
    --------
    >>> is_path("stad"), is_path("my/stad.toml"), is_path("mine.toml")
    (False, True, True)
    """
    return text.endswith(".toml") or "/" in text or os.sep in text


def find_scenario(name: str, folder: Path, file: str, key: str) -> Path:
    """Return the path of a scenario that is named, or whose path is given relative to a folder.

    A name is one that ships, or a file of that name in the folder.

    Raises
    ------
    ScenarioError
        When there is none, with the nearest name.
    """
    if is_path(name):
        return folder / name
    if name in list_scenarios():
        return SHIPPED / f"{name}.toml"
    own = folder / f"{name}.toml"
    try:
        if own.is_file():
            return own
        if (folder / name).is_file():
            found, allowed = f"{name}, a file whose name does not end in .toml", "a scenario file, ending in .toml"
            raise refuse(file, key, found, allowed, f"rename it to {Path(name).with_suffix('.toml').name}")
    except (OSError, ValueError):
        pass
    do = nearest(name, list_scenarios()) or "one that ships is " + ", ".join(list_scenarios())
    raise refuse(file, key, f"no scenario {shown(name)}", "the name of a scenario, or the path of a file", do)


def read_layer(path: Path) -> Layer:
    """Return one scenario file.

    Raises
    ------
    ScenarioError
        When it is no ordinary file, too large, not UTF-8 or not TOML.
    """
    file = path.name if path.parent == SHIPPED else str(path)
    if _is_folder(path):
        inside = sorted(one.name for one in path.glob("*.toml"))[:5]
        do = f"give the path of a file in it, such as {path / inside[0]}" if inside else "give the path of a file"
        raise refuse(file, "", "is a folder, not a scenario file", "a scenario file, which ends in .toml", do)
    try:
        content = read_bytes(path)
        table = parse_table(content, file)
    except ProcessError as error:
        raise ScenarioError(_told_of_scenario(one, file) for one in error.complaints) from error
    return Layer(file, path.parent, path.stem, table, content.decode("utf-8-sig"))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _told_of_scenario(one: Complaint, file: str) -> Complaint:
    """Return a complaint about a file without the word theory in it."""
    do = "take out what is no scenario" if "theory" in one.do else one.do
    return Complaint(file, one.key, one.found, one.allowed, do)


def read_chain(path: Path) -> list[Layer]:
    """Return a scenario file after all those it rests on, the one that rests on nothing first.

    Raises
    ------
    ScenarioError
        When a file cannot be read, extends itself by some way round, or rests on too many.
    """
    chain: list[Layer] = []
    seen: list[str] = []
    while True:
        layer = read_layer(path)
        real = os.path.realpath(path)
        if real in seen:
            round_trip = " extends ".join([*(layer.stem for layer in chain), path.stem])
            raise refuse(chain[-1].file, "extends", round_trip, "no circle", "let one of them stand alone")
        seen.append(real)
        chain.append(layer)
        parent = layer.table.get("extends")
        if parent is None:
            return chain[::-1]
        if not isinstance(parent, str) or not parent:
            found, allowed = shown(parent), "the name of a scenario, or the path of a file, in quotes"
            raise refuse(layer.file, "extends", found, allowed, "mend it")
        if len(chain) == DEEPEST:
            found = " extends ".join(one.stem for one in chain) + f" extends {parent}"
            raise refuse(layer.file, "extends", found, f"at most {DEEPEST} files in a row", "join some of them")
        path = find_scenario(parent, layer.folder, layer.file, "extends")
