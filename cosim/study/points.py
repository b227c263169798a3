"""What is run: a point is one world under one theory at one setting; a run is a point and a luck. Floor 7.

A run's key says all that decides its numbers and nothing else: the model's own sources, the world, the values, the
theory without its prose, the seed and the replicate. Prose, titles and file names are not in it, so a run made in
one study is found by every other that wants it, and a run made by an older model is never taken for a new one.
Questionnaires are left out of a study's runs: asking changes nobody, and no outcome is read off the answers.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from cosim.errors import Complaint, StudyError
from cosim.parameters.values import defaults
from cosim.processes.catalogue import FOLDER as SHIPPED_THEORIES
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.mechanisms import weaken_mechanism
from cosim.processes.model import ProcessModel
from cosim.results.provenance import PACKAGE, canonical
from cosim.scenario.model import Frozen, Scenario
from cosim.scenario.reading import read_scenario
from cosim.study.bare import bare_theory, bare_toml, bare_world, lay_out, read_table_text, theory_from_bare
from cosim.study.factors import MECHANISM, PROCESS, value_of
from cosim.study.sensitivity_design import Factor

Array = np.ndarray[Any, Any]

MODEL_ROOMS: Final = ("engine", "evidence", "parameters", "processes", "scenario", "population", "measurement", "model")
MODEL_FILES: Final = ("vocabulary.py", "run.py")
"""All that could move a number of a run; tables of theories are hashed with each point instead."""
KEY_BYTES: Final = 16


@cache
def model_version() -> str:
    """Return a hash (16 hex digits) of the sources and the evidence that decide what a run comes to."""
    digest = hashlib.sha256()
    files = [PACKAGE / name for name in MODEL_FILES]
    for room in MODEL_ROOMS:
        files += [path for path in (PACKAGE / room).rglob("*") if path.suffix in (".py", ".toml", ".csv")]
    for path in sorted(files):
        if path.parent == SHIPPED_THEORIES and path.suffix == ".toml":
            continue
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """One world under one theory at one setting. ``process`` is the word that names the theory, ``model`` the theory as
    it is run, mechanisms weakened in it; ``key`` is 16 bytes.
    """

    scenario: Scenario
    process: str
    model: ProcessModel
    key: bytes

    def run_keys(self, replicates: Sequence[int] | Array) -> Array:
        """Return the keys of its runs, [replicates] of 16 bytes."""
        made = [
            hashlib.blake2b(self.key + int(one).to_bytes(8, "little"), digest_size=KEY_BYTES).digest()
            for one in replicates
        ]
        return np.frombuffer(b"".join(made), f"V{KEY_BYTES}")


def point_at(scenario: Scenario, process: str, model: ProcessModel, values: Mapping[str, float] | None = None) -> Point:
    """Return the point at a setting.

    Parameters
    ----------
    scenario : the world
    process, model : the theory, by the word that names it and as read
    values : levels by name: parameters in their own numbers, mechanisms (``theory. ...``) as multipliers
    """
    values = values or {}
    for name, times in values.items():
        if name.startswith(MECHANISM):
            model = weaken_mechanism(model, name, float(times))
    settings = {name: float(value) for name, value in values.items() if not name.startswith(MECHANISM)}
    world = replace(scenario.with_values(settings), process=process, survey_months=())
    return Point(world, process, model, _key_of(world, model))


def points_of_design(
    scenario: Scenario, processes: Sequence[tuple[str, ProcessModel]], factors: Sequence[Factor], levels: Array
) -> list[Point]:
    """Return the points of a design, [rows, factors] of levels; the theory is the first one unless it is varied."""
    made = []
    chosen = {one: read_process(one) for factor in factors if factor.name == PROCESS for one in factor.choices}
    for row in levels:
        process, model = processes[0]
        values = {}
        for factor, level in zip(factors, row, strict=True):
            if factor.name == PROCESS:
                process = factor.choices[int(level)]
                model = chosen[process]
            else:
                values[factor.name] = value_of(factor, float(level))
        made.append(point_at(scenario, process, model, values))
    return made


def _key_of(scenario: Scenario, model: ProcessModel) -> bytes:
    usual = defaults()
    told = {
        "version": model_version(),
        "world": world_of(replace(scenario, settings=Frozen({}))),
        "settings": {name: value for name, value in scenario.settings.items() if value != usual[name]},
        "process": theory_of(model),
    }
    return hashlib.blake2b(canonical(told).encode(), digest_size=KEY_BYTES).digest()


def world_of(scenario: Scenario, *, dated: bool = True) -> str:
    """Return a hash of all that decides a run but the theory and, if its settings are emptied, what holds everywhere.

    Without ``dated`` scheduled changes are left out: what then agrees are futures of one past.
    """
    return _world_of(scenario, read_table_text(scenario.table), dated)


@lru_cache(maxsize=256)
def _world_of(scenario: Scenario, table: str | None, dated: bool) -> str:
    bare = bare_world(scenario)
    told = {
        "municipalities": bare.municipalities,
        "table": table,
        "months": bare.months,
        "seed": bare.seed,
        "people_every": bare.people_every,
        "where": {place: dict(values) for place, values in bare.where.items()},
        "changes": [[one.name, one.to, one.first, one.last, one.where] for one in bare.changes if dated],
        "arenas": [[one.where, one.opens_month, one.focus, one.area, sorted(one.invites)] for one in bare.arenas],
    }
    return hashlib.sha256(canonical(told).encode()).hexdigest()


@lru_cache(maxsize=1024)
def theory_of(model: ProcessModel) -> str:
    """Return a hash of a theory as it is run; its prose and claims are not in it."""
    return hashlib.sha256(canonical(bare_theory(model)).encode()).hexdigest()


def describe_point(point: Point) -> str:
    """Return all that is needed to make a point's runs again, as JSON; `point_from` reads it.

    It says the same of a point wherever and by whomever it was asked for: what has one key has one text.
    """
    return canonical(tell_point(point))


def tell_point(point: Point) -> dict[str, Any]:
    """Return what `describe_point` says of a point, as plain values."""
    return {
        "version": model_version(),
        "scenario": bare_toml(point.scenario),
        "theory": bare_theory(point.model),
        "table": read_table_text(point.scenario.table),
    }


def point_from(text: str) -> Point:
    """Return a point from what `describe_point` wrote of it, wherever the files it came from have gone.

    Raises
    ------
    StudyError, ScenarioError
        The text is not what this version of cosim can use.
    """
    try:
        told = json.loads(text)
        model = theory_from_bare(told["theory"])
        world, table = str(told["scenario"]), told["table"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        do = "use the version of cosim that made it"
        raise StudyError([Complaint("point", "", repr(text)[:80], "what a store keeps of a point", do)]) from error
    # Its own table is read when it is run, so the folder must last as long as we do.
    folder = _scratch() / hashlib.sha256(text.encode()).hexdigest()[:32]
    folder.mkdir(exist_ok=True)
    # The theory comes with the point; the scenario's file needs the name of one that can be found.
    scenario = read_scenario(lay_out(folder, world, table), process=list_processes()[0])
    return point_at(scenario, model.name, model)


@cache
def _scratch() -> Path:
    """Return a folder that is there until this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="cosim-points-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
