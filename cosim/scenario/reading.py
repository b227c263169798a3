"""Reads a scenario: a file and all it rests on, options and overrides, joined and checked in one letter. Floor 4.

What a file says itself must fit its own run and world; what it has from another file is cut to them, so that a
scenario of one municipality and two years can rest on one of fourteen and five.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint, ProcessError, ScenarioError, nearest
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.values import look_at_value, shown
from cosim.processes.catalogue import list_processes, read_process
from cosim.scenario.files import Layer, find_scenario, is_path, read_chain
from cosim.scenario.joining import join_layers
from cosim.scenario.model import Scenario
from cosim.scenario.sections import NAME, read_whole

DOOR: Final = "cosim.read_scenario"
"""What complaints about arguments call their place; the command line and the Mesa model put their own names there."""
OVERRIDES: Final = "overrides"
OF_ITS_OWN: Final = "an argument of its own"
Overrides = Mapping[str, Any]


def read_scenario(
    name_or_path: str | os.PathLike[str],
    overrides: Overrides | None = None,
    process: str | None = None,
    months: int | None = None,
    seed: int | None = None,
    replicates: int | None = None,
    variant: Layer | None = None,
) -> Scenario:
    """Return a scenario, checked, with options and overrides in force.

    Parameters
    ----------
    name_or_path : str or path
        The name of one that ships, or the path of a file.
    overrides : mapping of str to str or number, optional
        Values by dotted name. An override holds everywhere and always: values for one municipality and scheduled
        changes of the same parameter give way to it.
    process : str, optional
        The process model in place of the scenario's own.
    months : count, 1..1200, optional
        What is scheduled after the last month is left out.
    seed : count, 0..2**63 - 1, optional
    replicates : count, 1..100000, optional
    variant : Layer, optional
        A table that rests on the scenario without being a file of its own, as a study's alternatives do.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every complaint about the file, those it extends, and the options.

    Examples
    --------
    >>> read_scenario("stad", {"arenas.facilitation": "0.8"}, months=12).values_in("stad")["arenas.facilitation"]
    0.8
    """
    if isinstance(name_or_path, str) and not is_path(name_or_path):
        path = find_scenario(name_or_path, Path(), "scenario", "")
    else:
        path = Path(name_or_path)
    chain = read_chain(path) + ([] if variant is None else [variant])
    complaints: list[Complaint] = []
    options: dict[str, Any] = {}
    given = {"months": months, "seed": seed, "replicates": replicates}
    for field, value in given.items():
        if value is not None:
            options[field] = read_whole(field, value, DOOR, field, complaints)
    look_at_beginning(chain, complaints)
    forced = look_at_overrides(overrides or {}, complaints)
    process = _find_process(process, chain, complaints)
    name = _find_name(chain[-1], complaints)
    scenario = join_layers(chain, name, process, options, forced, complaints)
    if complaints or scenario is None:
        raise ScenarioError(complaints)
    return replace(scenario, parent=_read_parent(chain[:-1])) if len(chain) > 1 else scenario


def _read_parent(chain: list[Layer]) -> Scenario | None:
    """Return the scenario that one extends, or None when it cannot stand alone."""
    complaints: list[Complaint] = []
    process = _find_process(None, chain, complaints)
    parent = join_layers(chain, _find_name(chain[-1], complaints), process, {}, {}, complaints)
    return None if complaints else parent


def parse_overrides(texts: Sequence[str]) -> dict[str, str]:
    """Return overrides by name from texts such as ``arenas.facilitation=0.8``; the last of a name wins.

    Raises
    ------
    ScenarioError
        For every text without a name or without an equals sign.

    Examples
    --------
    >>> parse_overrides(["arenas.facilitation=0.8"])
    {'arenas.facilitation': '0.8'}
    """
    complaints, found = [], {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            do = "such as --set arenas.facilitation=0.8"
            complaints.append(Complaint("--set", "", shown(text), "name=value, without spaces", do))
        else:
            found[name.strip()] = value.strip()
    if complaints:
        raise ScenarioError(complaints)
    return found


def look_at_overrides(overrides: Overrides, complaints: list[Complaint]) -> dict[str, float]:
    """Return the overrides that are right, as numbers."""
    found = {}
    for name, written in overrides.items():
        value = written
        if isinstance(written, str) and name in read_declarations() and len(written) <= 60:
            try:
                value = float(written)
            except ValueError:
                value = written
        elif name in ("months", "seed", "replicates", "process"):
            do = f"give {name} beside the overrides, not among them"
            complaints.append(Complaint(DOOR, f"{OVERRIDES}.{name}", OF_ITS_OWN, "a parameter", do))
            continue
        key = f"{OVERRIDES}.{name if len(name) <= 80 else name[:77] + '...'}"
        number, complaint = look_at_value(name, value, DOOR, key)
        if complaint is not None:
            complaints.append(complaint)
        else:
            found[name] = number
    return found


def look_at_beginning(chain: list[Layer], complaints: list[Complaint]) -> None:
    """Complain of a file that rests on nothing and has no world either: it would be all fourteen without a word."""
    if any("world" in layer.table for layer in chain):
        return
    layer = chain[0]
    found = "neither extends nor [world]" if layer.table else "an empty file"
    allowed = "what the scenario rests on, or a world of its own"
    do = 'add extends = "stad" above the first [section], or [world] with municipalities = ["stad"]'
    complaints.append(Complaint(layer.file, "", found, allowed, f"{do}; cosim manual scenario has examples"))


def _find_process(option: str | None, chain: list[Layer], complaints: list[Complaint]) -> str:
    """Return the process model: the option, else what the last file that names one says, else ``small-wins``.

    A path is relative to the file that gives it; one on the command line, to the folder one stands in.
    """
    if option is not None:
        return _look_at_process(option, Path(), DOOR, "process", complaints)
    for layer in reversed(chain):
        named = layer.table.get("process")
        if isinstance(named, str) and named:
            return _look_at_process(named, layer.folder, layer.file, "process", complaints)
        if named is not None:
            allowed = "the name of a process model, or the path of its file, in quotes"
            complaints.append(Complaint(layer.file, "process", shown(named), allowed, "mend it"))
    return "small-wins"


def _look_at_process(name: str, folder: Path, file: str, key: str, complaints: list[Complaint]) -> str:
    if not is_path(name):
        if name not in list_processes():
            allowed = "one of " + ", ".join(list_processes()) + ", or the path of a file"
            do = nearest(name[:60], list_processes()) or "cosim process list says what each of them is"
            complaints.append(Complaint(file, key, shown(name), allowed, do))
        return name
    path = os.path.abspath(folder / name)
    try:
        read_process(path)
    except ProcessError as error:
        complaints += error.complaints
    return path


def _find_name(layer: Layer, complaints: list[Complaint]) -> str:
    """Return the scenario's name: what its file says, else the file's own name made plain."""
    name = layer.table.get("name")
    if name is None:
        ascii_only = unicodedata.normalize("NFKD", layer.stem).encode("ascii", "ignore").decode()
        return re.sub("[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:80].strip("-") or "scenario"
    if isinstance(name, str) and NAME.fullmatch(name) and len(name) <= 80:
        return name
    allowed = "lower-case ASCII letters and digits, words joined by hyphens"
    complaints.append(Complaint(layer.file, "name", shown(name), allowed, "keep the words for title"))
    return "scenario"
