"""An arena that has never met neither moves on nor puts anything into use."""

from __future__ import annotations

import pytest

from cosim.processes.catalogue import list_processes
from cosim.run import run
from cosim.scenario.reading import read_scenario
from cosim.vocabulary import ENDINGS

EAGER = {"process.base_hazard": 1.0, "arenas.opening": 0.5, "arenas.oldest": 12.0}
SELDOM = {**EAGER, "arenas.meetings": 0.1}


@pytest.mark.parametrize("process", list_processes())
def test_nothing_comes_of_an_arena_that_never_met(process: str) -> None:
    record = run(read_scenario("stad", SELDOM, process=process, months=36))
    unmet = record.arenas["months_met"] == 0
    assert unmet.sum() > 10
    assert not (record.arenas["ending"][unmet] == ENDINGS.index("delivered")).any()
    assert not record.arenas["last_phase"][unmet].any()
    assert (record.arenas["months_met"][record.innovations["arena_row"]] > 0).all()


def test_without_meetings_there_are_no_innovations() -> None:
    record = run(read_scenario("stad", {**EAGER, "month.meet": 0.0}, months=36))
    assert len(record.arenas) > 10
    assert len(record.innovations) == 0
