"""One past, several futures: the same bits as if each had lived its past alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.results.runstore import RunStore
from cosim.run import prepare, run_prepared
from cosim.scenario.model import Change, Scenario
from cosim.scenario.reading import read_scenario
from cosim.study import execute as executing
from cosim.study.branching import have_one_size, run_futures, shared_months, worthy_past
from cosim.study.execute import Elsewhere, execute, gather
from cosim.study.points import Point, point_at

COLUMNS = ("innovations", "trust", "cost")


def futures(*dates: int, value: float = 0.9, months: int = 24) -> list[Point]:
    base = read_scenario("traena", months=months)
    worlds: list[Scenario] = [base]
    for number, date in enumerate(dates):
        change = Change("arenas.openness", value, date, None, (), "a test")
        worlds.append(replace(base, name=f"future-{number}", changes=(*base.changes, change)))
    return [point_at(one, "small-wins", read_process("small-wins")) for one in worlds]


def test_the_past_ends_where_the_first_change_begins() -> None:
    assert shared_months(futures(12, 18)) == 12
    assert shared_months(futures(5)) == 5
    assert shared_months(futures()) == 0, "one world has no other to share with"


def test_other_people_have_another_past() -> None:
    here, there = futures(12)
    for world in (replace(there.scenario, seed=2), there.scenario.with_values({"people.trust": 0.4})):
        assert shared_months([here, point_at(world, "small-wins", read_process("small-wins"))]) == 0
    assert shared_months([here, point_at(there.scenario, "staged", read_process("staged"))]) == 0


@pytest.mark.parametrize("date", [1, 12, 18])
def test_futures_are_the_runs_alone(date: int) -> None:
    points = futures(date, min(date + 4, 23))
    ready = [prepare(one.scenario, compile_process(one.model), reuse=True) for one in points]
    for replicate in (0, 3, 1):
        together = list(run_futures(ready, date, replicate))
        alone = [run_prepared(prepare(one.scenario, compile_process(one.model)), replicate) for one in points]
        assert all(one.same_as(other) for one, other in zip(together, alone, strict=True))
    assert not together[0].same_as(together[1]), "the change must change something, or nothing was tested"


def test_seats_that_change_size_are_lived_alone() -> None:
    base, other = futures(12)
    change = Change("arenas.seats_civic", 8.0, 12, None, (), "a test")
    wider = point_at(replace(other.scenario, changes=(change,)), "small-wins", read_process("small-wins"))
    ready = [prepare(one.scenario, compile_process(one.model)) for one in (base, wider)]
    assert not have_one_size(ready)
    assert have_one_size([ready[0], ready[0]])
    assert worthy_past([base, other]) == 12
    assert worthy_past(futures(1)) == 0, "a month is not worth a copy"


def test_a_store_is_the_same_with_and_without_a_shared_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = futures(12, 16)
    shared = RunStore(tmp_path / "shared", create=True)
    execute(points, range(5), COLUMNS, shared, where=Elsewhere(workers=1))
    monkeypatch.setattr(executing, "MOST_FUTURES", 0)
    alone = RunStore(tmp_path / "alone", create=True)
    execute(points, range(5), COLUMNS, alone, where=Elsewhere(workers=1))
    one, other = (gather(points, range(5), COLUMNS, store) for store in (shared, alone))
    np.testing.assert_array_equal(one, other)
    assert np.isfinite(one).all()
