"""The one door to a run: what it takes, what it refuses in words, and what its record says of itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cosim
from cosim.errors import ProcessError, ScenarioError
from cosim.measurement.observe import OUTCOMES
from cosim.processes.catalogue import FOLDER
from cosim.processes.compile import compile_process
from cosim.results.record import RunRecord
from cosim.scenario.model import Scenario
from tests.unit.record_maker import make_record

SHORT = 'extends = "reference"\n[run]\nmonths = 3\nreplicates = 2\n[set]\n"population.persons_per_actor" = 50\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a scenario that runs in no time."""
    file = tmp_path / "short.toml"
    file.write_text(SHORT, encoding="utf-8")
    return file


@pytest.fixture
def scenario(path: Path) -> Scenario:
    """Return that scenario, read."""
    return cosim.read_scenario(path)


def test_a_scenario_may_be_read_named_or_lie_in_a_file(path: Path, scenario: Scenario, monkeypatch: Any) -> None:
    told = cosim.run(scenario)
    assert cosim.run(path).same_as(told)
    assert cosim.run(str(path)).same_as(told)
    monkeypatch.chdir(path.parent)
    assert cosim.run("short").same_as(told)
    records = list(cosim.run_replicates("short", threads=1))
    assert [one.replicate for one in records] == [0, 1]
    assert isinstance(records[0], RunRecord)
    assert records[0].same_as(told)


def test_the_record_names_the_process_that_ran(scenario: Scenario, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    shutil.copy(FOLDER / "regime.toml", own)
    told = cosim.run(replace(scenario, process="regime"))
    model = cosim.read_process("regime")
    named = cosim.run(scenario, process="regime")
    assert (named.process, named.same_as(told)) == ("regime", True)
    assert cosim.run(scenario, process=model).process == "regime"
    filed = cosim.run(scenario, process=own)
    assert (filed.process, filed.same_as(told)) == (str(own), True)
    compiled = cosim.run(scenario, process=compile_process(model))
    assert (compiled.process, compiled.same_as(told)) == (scenario.process, True)
    assert [one.process for one in cosim.run_replicates(scenario, [1], process="regime")] == ["regime"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"replicate": -1}, "a whole number of 0 or more"),
        ({"replicate": 1.5}, "found    1.5"),
        ({"replicate": True}, "found    True"),
        ({"replicate": 2**63}, "replicate"),
        ({"threads": 0}, "a whole number of 1 or more"),
        ({"threads": "two"}, "found    'two'"),
        ({"process": 3}, "the name of a theory"),
        ({"replicate": -1, "threads": -1}, "2 things"),
    ],
)
def test_what_cannot_be_run_gets_a_letter(scenario: Scenario, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        cosim.run(scenario, **options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"replicates": 3}, "range"),
        ({"replicates": [0, -1]}, "found    -1"),
        ({"threads": 0}, "a whole number of 1 or more"),
    ],
)
def test_replicates_are_checked_before_any_record_is_fetched(
    scenario: Scenario, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(ScenarioError, match=told):
        cosim.run_replicates(scenario, **options)


def test_misspelt_names_get_the_nearest(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'stad'"):
        cosim.run("stadd")
    with pytest.raises(ProcessError, match="did you mean 'regime'"):
        cosim.run(scenario, process="regimee")


def test_a_whole_number_of_numpy_is_one(scenario: Scenario) -> None:
    record = cosim.run(scenario, np.int64(1))
    assert record.same_as(cosim.run(scenario, 1))


def test_a_record_says_who_it_is_and_prints_no_array() -> None:
    record = make_record()
    told = repr(record)
    assert len(told.splitlines()) == 4
    assert f"RunRecord of {record.scenario} under {record.process}" in told
    assert f"seed {record.seed}, replicate {record.replicate}, {record.months} months" in told
    assert "tables_of" in told
    assert "array" not in told


def test_the_face_gives_tables_and_outcomes(scenario: Scenario) -> None:
    record = cosim.run(scenario)
    tables = cosim.tables_of(record)
    assert all(isinstance(frame, pd.DataFrame) for frame in tables.values())
    assert len(tables["municipality_month"]) == 3
    assert set(cosim.outcomes(record)) == set(OUTCOMES)
