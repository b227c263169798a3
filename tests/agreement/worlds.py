"""Small worlds to compare in: few people, few units, everything that can happen allowed to happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from cosim.engine.kernels.month import count_at_start, live_months, write_running
from cosim.engine.state import State, World
from cosim.engine.theory import pack_process
from cosim.population.drawing import draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.scenario.model import Change, Frozen, Scenario, ScheduledArena
from cosim.scenario.reading import read_scenario
from cosim.vocabulary import SECTORS
from tests.agreement.twin import things, timetable
from tests.agreement.twin.comparing import differences
from tests.agreement.twin.from_arrays import build_world
from tests.agreement.twin.luck import Luck

SMALL = {
    "population.persons_per_actor": 50.0,
    "population.staff_per_unit": 100.0,
    "search.landscapes": 3.0,
    "arenas.opening": 0.2,
    "arenas.openness": 0.5,
    "process.base_hazard": 0.15,
    "arenas.oldest": 12.0,
    "join.base_civic": -2.0,
}
"""One actor for fifty adults, and settings that make a short life eventful."""

MUNICIPALITIES = ("stad", "ovre-eiker", "vanylven")
"""A merged pilot, an experienced one, and a small learner."""


def small_world(
    settings: Mapping[str, float] | None = None,
    *,
    process: str = "additive",
    municipalities: tuple[str, ...] = MUNICIPALITIES,
    months: int = 12,
    changes: tuple[Change, ...] = (),
    arenas: tuple[ScheduledArena, ...] = (),
    where: Mapping[str, Mapping[str, float]] | None = None,
    **others: Any,
) -> Scenario:
    """Return a scenario of a few small municipalities."""
    return replace(
        read_scenario("stad"),
        name="small-world",
        process=process,
        municipalities=municipalities,
        table=None,
        months=months,
        **{"seed": 7, "replicates": 2, "survey_months": (), "people_every": 5} | others,
        settings=Frozen({**SMALL, **(settings or {})}),
        where=Frozen({key: Frozen(values) for key, values in (where or {}).items()}),
        changes=changes,
        arenas=arenas,
    )


def change(name: str, to: float, first: int, last: int | None = None, where: tuple[str, ...] = ()) -> Change:
    """Return a change of a parameter from a month on, or for some months."""
    return Change(name, to, first, last, where, "to see what it does")


def arena(where: str, opens_month: int, invites: tuple[str, ...] = SECTORS, number: int = 1) -> ScheduledArena:
    """Return a scheduled arena."""
    name = f"arena-{number}"
    return ScheduledArena(name, name, where, opens_month, "public_health", "education", invites, "decided")


EVENTFUL = (
    change("context.scandal", 3.0, 4, 4),
    change("context.election", 0.3, 6, 6, ("stad",)),
    change("context.meetings_closed", 1.0, 3, 5),
    change("context.budget_cut", 0.5, 5),
    change("leadership.training", 0.5, 2, 8, ("ovre-eiker",)),
    change("arenas.digital", 0.6, 4),
    change("arenas.parallel", 4.0, 6),
    change("arenas.seats_civic", 9.0, 5),
    change("arenas.seats_public", 1.0, 7, None, ("stad",)),
    change("exchange.every", 2.0, 0),
)
"""A scandal, an election, closed meetings, less money, training, and arenas that change their size."""

PLANNED = (
    arena("stad", 0),
    arena("stad", 3, ("public", "civic"), number=2),
    arena("vanylven", 11, ("public", "research"), number=3),
)


@cache
def theory(process: str) -> Any:
    """Return a process model as the kernels read it."""
    return pack_process(compile_process(read_process(process)))


def drawn(scenario: Scenario, replicate: int = 0, process: Any = None) -> SimpleNamespace:
    """Return a scenario's world and state before month 0, with everybody counted, and its process or another."""
    peopled = draw_population(scenario, replicate)
    count_at_start(peopled.world, peopled.state)
    return SimpleNamespace(world=peopled.world, state=peopled.state, process=process or theory(scenario.process))


def lived(scenario: Scenario, replicate: int = 0, until: int | None = None) -> SimpleNamespace:
    """Return a scenario's world and state after so many months, in one call of the kernels."""
    drawn_world = drawn(scenario, replicate)
    end = scenario.months if until is None else until
    live_months(drawn_world.world, drawn_world.state, drawn_world.process, 0, end)
    return drawn_world


def compare_lives(scenario: Scenario, replicate: int = 0, process: Any = None) -> things.World:
    """Let the kernels and the twin live a scenario side by side, compare after each month, and return the twin."""
    one = drawn(scenario, replicate, process)
    world: World = one.world
    state: State = one.state
    twin = build_world(world, state, one.process, Luck(scenario.seed, replicate))
    timetable.count(twin, 0)
    for month in range(scenario.months):
        live_months(world, state, one.process, month, month + 1)
        timetable.live(twin, month)
        complain(f"after month {month}", differences(world, state, twin, month + 1))
    write_running(world, state, scenario.months)
    timetable.write_running(twin)
    complain("at the end", differences(world, state, twin, scenario.months))
    return twin


def complain(when: str, found: list[str]) -> None:
    """Fail with the first differences there are."""
    assert not found, f"{when} {len(found)} columns differ:\n" + "\n".join(found[:12])


def same_bits(one: Any, other: Any) -> bool:
    """Return whether two arrays hold the same bits, column by column (what lies between columns does not count)."""
    if one.dtype.names is None:
        return one.shape == other.shape and np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes()
    return one.dtype == other.dtype and all(same_bits(one[name], other[name]) for name in one.dtype.names)
