"""What replicates share, and the arrays they write over, change no bit of any of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cosim.engine.state import State
from cosim.population.drawing import draw_population, draw_replicate
from cosim.population.planning import lay_plan
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.results.record import FailedRun, RunRecord
from cosim.run import Prepared, prepare, run, run_or_fail, run_prepared, run_replicates
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario
from tests.agreement.worlds import EVENTFUL, PLANNED, lived, same_bits, small_world

SOME = ("stad", "traena", "vanylven")
OWN_TABLE = """key,code,name,role,n_former_units,population_2020
here,9901,Here,plain,3,2400
there,9902,There,experienced,1,900
"""
TABLES = ("arenas", "innovations", "month_table", "people", "lagged", "adopted", "survey", "n_actors")
LARGE = ("actors", "origins", "arenas", "seats", "arena_log", "innovation_log", "adopted", "pressure")


def scenario_of(name: str, folder: Path) -> Scenario:
    """Return one of several kinds of scenario, all short."""
    if name == "some of norway14, surveyed":
        whole = read_scenario("norway14")
        people = {"population.persons_per_actor": 20.0}
        cut = replace(whole, municipalities=SOME, months=14, survey_months=(0, 7, 14), arenas=())
        return replace(cut, settings=type(whole.settings)({**whole.settings, **people}))
    if name == "an own table":
        table = folder / "own.csv"
        table.write_text(OWN_TABLE, encoding="utf-8")
        here = small_world({"population.persons_per_actor": 1.0}, municipalities=("here", "there"))
        return replace(here, table=table)
    return small_world(process="staged", months=10, changes=EVENTFUL, arenas=PLANNED, survey_months=(0, 5))


KINDS = ("some of norway14, surveyed", "an own table", "changes and scheduled arenas")


@pytest.fixture(params=KINDS)
def scenario(request: pytest.FixtureRequest, tmp_path: Path) -> Scenario:
    """Return each kind of scenario in turn."""
    return scenario_of(request.param, tmp_path)


def test_fresh_and_reused_arrays_give_the_same_bits(scenario: Scenario) -> None:
    """Whatever ran before on the arrays, in whatever order, alone or on several threads."""
    fresh, reused = prepare(scenario), prepare(scenario, reuse=True)
    alone = [run(scenario, replicate) for replicate in range(3)]
    assert all(len(record.arenas) for record in alone)
    assert not alone[0].same_as(alone[1])
    for replicate in (2, 0, 0, 1):
        assert run_prepared(fresh, replicate).same_as(alone[replicate])
        assert run_prepared(reused, replicate).same_as(alone[replicate])
        assert run_prepared(reused, replicate, threads=2).same_as(alone[replicate])
    for here, there in zip(run_replicates(scenario, range(3), threads=2), alone, strict=True):
        assert isinstance(here, RunRecord)
        assert here.same_as(there)


def test_threads_share_what_is_prepared(scenario: Scenario) -> None:
    reused = prepare(scenario, reuse=True)
    alone = [run(scenario, replicate) for replicate in range(4)]
    with ThreadPoolExecutor(max_workers=3) as pool:
        for _again in range(3):
            records = pool.map(lambda replicate: run_prepared(reused, replicate), range(4))
            assert all(here.same_as(there) for here, there in zip(records, alone, strict=True))


def test_no_record_points_into_arrays_that_are_written_over(scenario: Scenario) -> None:
    reused = prepare(scenario, reuse=True)
    record = run_prepared(reused)
    assert reused.spare is not None
    state = reused.spare.state
    assert state is not None
    for table in TABLES:
        assert not any(np.shares_memory(getattr(record, table), getattr(state, name)) for name in LARGE), table
    kept = run(scenario)
    run_prepared(reused, 1)
    assert record.same_as(kept)


def soil(state: State) -> None:
    """Fill the large arrays of a state with what no run would leave there."""
    for name in LARGE:
        getattr(state, name).view(np.uint8).fill(0x5A)


def test_nothing_of_an_earlier_state_is_left(scenario: Scenario) -> None:
    """All that a fresh state holds, a state drawn into another's arrays holds too."""
    plan = lay_plan(scenario)
    fresh = draw_population(scenario, 1)
    earlier = lived(scenario, replicate=2).state
    soil(earlier)
    again = draw_replicate(plan, 1, into=earlier)
    assert all(getattr(again.state, name) is getattr(earlier, name) for name in LARGE)
    assert same_bits(again.world.places, fresh.world.places)
    for name in ("actors", "origins", "arenas", "seats", "municipalities", "hosts", "lagged", "months", "people"):
        assert same_bits(getattr(again.state, name), getattr(fresh.state, name)), name


def test_arrays_of_another_size_are_let_be() -> None:
    small, large = small_world(municipalities=("traena",)), small_world()
    earlier = draw_population(small, 0).state
    actors = earlier.actors.copy()
    drawn = draw_replicate(lay_plan(large), 0, into=earlier).state
    assert drawn.actors is not earlier.actors
    assert same_bits(earlier.actors, actors)
    assert same_bits(drawn.actors, draw_population(large, 0).state.actors)


def test_what_is_prepared_names_its_theory() -> None:
    scenario = small_world()
    assert prepare(scenario, "regime").scenario.process == "regime"
    compiled = compile_process(read_process("regime"))
    told = run_prepared(prepare(scenario, compiled), 1)
    assert told.process == scenario.process
    assert told.same_as(run(scenario, 1, process="regime"))


def test_a_world_that_cannot_be_laid_out_is_a_run_that_fell() -> None:
    """The plan is laid by the first replicate, so that its fault has a row and a command like any other."""
    prepared = prepare(replace(small_world(), municipalities=("nowhere",)))
    row = run_or_fail(prepared, 3, command="cosim run nowhere")
    assert isinstance(prepared, Prepared)
    assert isinstance(row, FailedRun)
    assert (row.kind, row.command) == ("KeyError", "cosim run nowhere --only 3 --debug")
