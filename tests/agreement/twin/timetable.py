"""The month's order, read from the vocabulary: each row goes through all arenas before the next row begins.

The kernels take the arenas one by one through the rows and the municipalities one by one through the arenas. That this
is the same is said there; here it is done the other way, so that the comparison is the proof.
"""

from __future__ import annotations

from collections.abc import Callable

from cosim.vocabulary import MONTH_ROWS
from tests.agreement.twin import between, observing
from tests.agreement.twin.deciding import advance, decide
from tests.agreement.twin.joining import fill_seats
from tests.agreement.twin.learning import hear_of_outcomes, learn
from tests.agreement.twin.leaving import leave, wear_out
from tests.agreement.twin.meeting import meet
from tests.agreement.twin.opening import events, open_arenas
from tests.agreement.twin.reading import read_and_move
from tests.agreement.twin.searching import search
from tests.agreement.twin.things import Municipality, World
from tests.agreement.twin.writing import arena_row

IF_ON: dict[str, Callable[[World, Municipality, int], None]] = {
    "events": events,
    "open": open_arenas,
    "join": fill_seats,
    "meet": meet,
    "search": search,
    "advance": advance,
    "learn": learn,
}
"""Rows that do nothing when they are switched off."""

EITHER_WAY: dict[str, Callable[[World, Municipality, int, bool], None]] = {
    "constructs": read_and_move,
    "decide": decide,
    "leave": leave,
}
"""Rows that have something to do in any case: to read the arenas, to add up their month, to end them."""

TOGETHER: dict[str, Callable[[World, int], None]] = {"exchange": between.exchange, "spread": between.spread}
"""Rows between municipalities."""


def live(world: World, month: int) -> None:
    """Let the world live one month."""
    for municipality in world.municipalities:
        begin_month(municipality)
    for row in MONTH_ROWS:
        if row in TOGETHER and is_on(world, month, 0, row):
            TOGETHER[row](world, month)
        for municipality in world.municipalities:
            on = is_on(world, month, municipality.number, row)
            if row in IF_ON and on:
                IF_ON[row](world, municipality, month)
            if row in EITHER_WAY:
                EITHER_WAY[row](world, municipality, month, on)
            if row == "decide":
                # Whatever the decision, an arena may be at its end; its members learn of that too.
                wear_out(world, municipality, month)
            if row == "leave" and is_on(world, month, municipality.number, "learn"):
                # Outcomes can be heard of only when the arenas of the month have ended.
                hear_of_outcomes(world, municipality, month)
    world.months.append([observing.observe(world, one, month) for one in world.municipalities])
    if world.people_every > 0 and (month + 1) % world.people_every == 0:
        count(world, month + 1)


def is_on(world: World, month: int, municipality: int, row: str) -> bool:
    """Return whether a row of the month is switched on; what is watched cannot be switched off."""
    return row == "observe" or getattr(world.settings(month, municipality), f"month_{row}") > 0.5


def begin_month(municipality: Municipality) -> None:
    """Forget what the month before was like in each arena."""
    for arena in municipality.arenas():
        arena.meetings, arena.present, arena.progress = 0, set(), False
        arena.acts, arena.good, arena.seen = 0, 0, 0.0
        arena.event, arena.ending = False, "running"


def count(world: World, month: int) -> None:
    """Count everybody at the start of a month."""
    world.people.append([observing.count_people(world, one, month) for one in world.municipalities])


def write_running(world: World) -> None:
    """Write down the arenas that are still at work at the end of the run."""
    last = world.n_months - 1
    for municipality in world.municipalities:
        p = world.settings(last, municipality.number)
        for arena in municipality.arenas():
            arena.ending = "running"
            municipality.arena_log.append(arena_row(p, municipality, arena, last))
