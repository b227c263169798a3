"""What is run: a point is one world under one theory at one setting; a run is a point and a luck. Floor 7.

A run's key says all that decides its numbers and nothing else: the model's own sources, the world, the values, the
theory as the kernels read it, the seed and the replicate. Prose, titles and file names are not in it, so a run made in
one study is found by every other that wants it, and a run made by an older model is never taken for a new one.
Questionnaires are left out of a study's runs: asking changes nobody, and no outcome is read off the answers.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from cosim.engine.theory import pack_process
from cosim.parameters.values import defaults
from cosim.processes.catalogue import FOLDER as SHIPPED_THEORIES
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.compile import compile_process
from cosim.processes.mechanisms import weaken_mechanism
from cosim.processes.model import ProcessModel
from cosim.results.provenance import PACKAGE, canonical
from cosim.scenario.describing import scenario_to_toml
from cosim.scenario.model import Frozen, Scenario
from cosim.scenario.reading import read_scenario
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
    it is run, with what was ``weakened`` in it; ``key`` is 16 bytes.
    """

    scenario: Scenario
    process: str
    model: ProcessModel
    weakened: tuple[tuple[str, float], ...]
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
    weakened = tuple((name, float(times)) for name, times in values.items() if name.startswith(MECHANISM))
    for name, times in weakened:
        model = weaken_mechanism(model, name, times)
    settings = {name: float(value) for name, value in values.items() if not name.startswith(MECHANISM)}
    world = replace(scenario.with_values(settings), process=process, survey_months=())
    return Point(world, process, model, weakened, _key_of(world, model))


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


@lru_cache(maxsize=256)
def world_of(scenario: Scenario, *, dated: bool = True) -> str:
    """Return a hash of all that decides a run but the theory and, if its settings are emptied, what holds everywhere.

    Without ``dated`` scheduled changes are left out: what then agrees are futures of one past.
    """
    table = None if scenario.table is None else hashlib.sha256(scenario.table.read_bytes()).hexdigest()
    told = {
        "municipalities": scenario.municipalities,
        "table": table,
        "months": scenario.months,
        "seed": scenario.seed,
        "people_every": scenario.people_every,
        "where": {place: dict(values) for place, values in scenario.where.items()},
        "changes": [[one.name, one.to, one.first, one.last, sorted(one.where)] for one in scenario.changes if dated],
        "arenas": [[one.where, one.opens_month, one.focus, one.area, sorted(one.invites)] for one in scenario.arenas],
    }
    return hashlib.sha256(canonical(told).encode()).hexdigest()


@lru_cache(maxsize=1024)
def theory_of(model: ProcessModel) -> str:
    """Return a hash of a theory as the kernels read it; its prose and claims are not in it."""
    return hashlib.sha256(pack_process(compile_process(model)).tobytes()).hexdigest()


def describe_point(point: Point) -> str:
    """Return all that is needed to make a point's runs again, as JSON; `point_from` reads it."""
    scenario = point.scenario
    own = point.process not in list_processes()
    table = scenario.table
    shipped = table is None or table.parent.name == "evidence"
    told = {
        "version": model_version(),
        "scenario": scenario_to_toml(replace(scenario, process=point.model.name)),
        "seed": scenario.seed,
        "process": point.model.name,
        "process_text": Path(point.process).read_text(encoding="utf-8-sig") if own else None,
        "weakened": dict(point.weakened),
        "table_text": None if shipped or table is None else table.read_text(encoding="utf-8-sig"),
        "table_path": None if shipped or table is None else table.absolute().as_posix(),
    }
    return canonical(told)


def point_from(text: str) -> Point:
    """Return a point from what `describe_point` wrote of it, wherever the files it came from have gone.

    Raises
    ------
    ScenarioError, ProcessError
        The text is not what this version of cosim can use.
    """
    told = json.loads(text)
    folder = Path(tempfile.mkdtemp(prefix="cosim-point-"))
    process = str(told["process"])
    scenario = str(told["scenario"])
    if told["process_text"] is not None:
        own = folder / f"{process}-own.toml"
        own.write_text(told["process_text"], encoding="utf-8")
        scenario = scenario.replace(f'process = "{process}"', f"process = {json.dumps(own.as_posix())}", 1)
        process = str(own)
    if told["table_text"] is not None:
        table = folder / "municipalities.csv"
        table.write_text(told["table_text"], encoding="utf-8")
        scenario = scenario.replace(told["table_path"], table.as_posix())
    path = folder / "scenario.toml"
    path.write_text(scenario, encoding="utf-8")
    return point_at(read_scenario(path), process, read_process(process), told["weakened"])
