"""One past, several futures: worlds that differ only from some month on live the months before it once. Floor 7.

Luck has addresses, so two such worlds would live the same past to the bit if each lived it alone; here it is lived once
and copied. No bit depends on it, and a run made in a family has the key it would have alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from cosim.engine.kernels.month import count_at_start, write_running
from cosim.engine.state import State, World
from cosim.model.months import live
from cosim.model.recording import make_record, used_rows
from cosim.population.drawing import draw_replicate, make_room
from cosim.results.record import RunRecord
from cosim.run import Prepared
from cosim.study.points import Point, theory_of, world_of

Array = np.ndarray[Any, Any]

LOGS: Final = {
    "arena_log": "arena_count",
    "innovation_log": "innovation_count",
    "adopted": "innovation_count",
    "pressure": "innovation_count",
}
"""Logs of which only the rows written so far are copied, and what counts them."""
WORTH_IT: Final = 0.1
"""A shared past is lived once when it is at least this part of the run: copying costs about as much as a few months."""


def shared_months(points: Sequence[Point]) -> int:
    """Return how many months points live alike from the start; 0 when they are not futures of one past.

    Futures of one past are worlds of the same municipalities, seed and theory whose values differ only through
    scheduled changes.
    """
    first = points[0]
    alike = {(world_of(one.scenario, dated=False), theory_of(one.model), one.scenario.settings) for one in points}
    if len(points) < 2 or len(alike) > 1:
        return 0
    tables = []
    for one in points:
        rows, row_of = one.scenario.setting_table()
        tables.append([[tuple(rows[row].values()) for row in month] for month in row_of])
    months = first.scenario.months
    return next((month for month in range(months) if any(table[month] != tables[0][month] for table in tables)), months)


def worthy_past(points: Sequence[Point]) -> int:
    """Return how many months points are to live together; 0 when they share too few for copying to be worth it."""
    months = shared_months(points)
    return months if months >= WORTH_IT * points[0].scenario.months else 0


def have_one_size(prepared: Sequence[Prepared]) -> bool:
    """Return whether the arrays of all futures have one size, so that a state can be copied from one to the others."""
    return all(one.plan.rooms == prepared[0].plan.rooms for one in prepared)


def run_futures(prepared: Sequence[Prepared], months: int, replicate: int) -> Iterator[RunRecord]:
    """Yield the record of each future of a replicate; the past is lived once.

    Parameters
    ----------
    prepared : the futures, each as `run.prepare` made it with ``reuse``
    months : how long their past is, as `shared_months` says
    replicate : 0 or more
    """
    began = time.perf_counter()
    first, spare = prepared[0], prepared[0].spare
    world, past, _table = draw_replicate(first.plan, replicate, spare.state if spare is not None else None)
    if spare is not None:
        spare.state = past
    count_at_start(world, past)
    live(world, past, first.theory, 0, months)
    for place, one in enumerate(prepared):
        own = one.plan.world._replace(run_luck=world.run_luck, places=world.places)
        last = place == len(prepared) - 1
        state = past if last else copy_state(world, past, one)
        live(own, state, one.theory, months, one.scenario.months)
        write_running(own, state, one.scenario.months)
        yield make_record(one.scenario, replicate, own, state, [], time.perf_counter() - began)
        began = time.perf_counter()


def copy_state(world: World, state: State, one: Prepared) -> State:
    """Return a copy of a state to go on from, laid into the arrays of the last one made so on this thread."""
    spare = one.spare
    old = spare.state if spare is not None and spare.state is not state else None
    parts: dict[str, Array] = {}
    used: dict[str, Any] = {name: used_rows(world, state.municipalities[count]) for name, count in LOGS.items()}
    for name, array in state._asdict().items():
        if name not in one.plan.rooms:  # a record keeps it as it is, so it is made anew each time
            parts[name] = array.copy()
            continue
        room = make_room(one.plan, name, getattr(old, name, None))
        rows = used.get(name, slice(None))
        room[rows] = array[rows]
        parts[name] = room
    made = State(**parts)
    if spare is not None:
        spare.state = made
    return made
