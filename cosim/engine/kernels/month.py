"""One month, in order. This file is the model's timetable: what happens, and after what."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.compiling import compiled, inlined, kernel
from cosim.engine.kernels.closing import close, drop_out, how_it_ends
from cosim.engine.kernels.deciding import RUNNING, advance
from cosim.engine.kernels.desk import DESK, lay_out, list_seats, turn_page
from cosim.engine.kernels.joining import fill_seats
from cosim.engine.kernels.learning import learn
from cosim.engine.kernels.meeting import meet
from cosim.engine.kernels.observing import clear_arenas, count_people, note_arena, observe_month
from cosim.engine.kernels.opening import open_arenas
from cosim.engine.kernels.organisations import exchange, learn_as_organisation, suffer_events
from cosim.engine.kernels.places import next_running, place_address, scalar_climate
from cosim.engine.kernels.reading import keep_lagged, move_constructs, read_arena, tally_month
from cosim.engine.kernels.searching import search
from cosim.engine.kernels.spreading import spread
from cosim.engine.kernels.writing import write_arena
from cosim.engine.processor import fetch
from cosim.engine.state import ARENA, LINE, SEAT

LINES_OF_ARENA = ARENA.itemsize // LINE + 1
LINES_OF_STAFF = 4 * SEAT.itemsize // LINE + 1


@inlined
def live_arena(
    world: Any, state: Any, process: Any, month: int, m: int, h: int, number: int, desk: Any, row: Any
) -> None:
    """Let one arena live a month, from meeting to leaving, and note what is to be seen of it."""
    counts = state.municipalities[m].counts
    p = world.settings[world.setting_row[month, m]]
    municipality = state.municipalities[m]
    a = h * world.n_places + number
    arena = state.arenas[a]
    seats = state.seats[a]
    where = place_address(state.hosts[h], number)
    members = list_seats(arena.taken, desk.members)
    arena.progress = 0
    arena.present = 0
    for entry in range(3):
        desk.sums[entry] = 0.0
    met = 0
    if p.month_meet > 0.5:
        met = meet(p, municipality, arena, seats, where, desk, members)
    n_guests = list_seats(arena.present, desk.guests)
    if met > 0 and p.month_search > 0.5:
        contributions = world.landscapes[arena.landscape]
        search(p, process, municipality, arena, seats, where, desk, n_guests, contributions, world.coupling)
    for reading in range(6):
        desk.earlier[reading] = arena.readings[reading]
    read_arena(p, municipality, arena, seats, desk, members, n_guests, world.landscape_best[arena.landscape])
    fresh = arena.seat_months == 0.0
    if p.month_constructs > 0.5:
        move_constructs(process, p, arena, fresh, desk)
    if not fresh:
        keep_lagged(state.lagged[m], arena.readings, desk.earlier)
    ending = advance(process, p, arena, seats, where, desk, members, met)
    tally_month(arena, month, met, members, n_guests, desk.sums)
    ending = how_it_ends(p, arena, month, ending)
    if p.month_learn > 0.5:
        learn(process, p, arena, seats, desk, members, ending)
    counts[11] += met
    counts[12] += n_guests
    counts[13] += int(desk.sums[0])
    counts[14] += int(desk.sums[1])
    counts[15] += members
    if ending != RUNNING:
        close(world, state, m, h, number, month, desk, ending)
        return
    if p.month_leave > 0.5:
        counts[10] += drop_out(p, state.actors, arena, seats, where, month, desk, members)
    note_arena(row, arena, world.n_seats // 4)


@inlined
def fetch_arena(state: Any, a: int) -> None:
    """Have an arena fetched, and the seats that are taken in nearly every arena: those of the host's own staff."""
    for line in range(LINES_OF_ARENA):
        fetch(state.arenas, a, line)
    for line in range(LINES_OF_STAFF):
        fetch(state.seats, a, line)


@kernel
def live_arenas(world: Any, state: Any, process: Any, month: int, m: int, desk: Any) -> None:
    """Let a municipality's arenas live a month.

    Arenas touch one another only when seats are filled (before) and through what the municipality learns (after), so
    that to take them one by one through the rows of the month is the same as to take row by row through the arenas.
    Each is fetched while the one before it lives.
    """
    place = world.places[m]
    row = state.months[month, m]
    clear_arenas(row)
    desk.climate = scalar_climate(state.municipalities[m])
    h, number = next_running(state.hosts, place.host_first, place.host_last, 0)
    while h >= 0:
        next_h, next_number = next_running(state.hosts, h, place.host_last, number + 1)
        if next_h >= 0:
            fetch_arena(state, next_h * world.n_places + next_number)
        live_arena(world, state, process, month, m, h, number, desk, row)
        h, number = next_h, next_number


@compiled
def live_municipalities(world: Any, state: Any, process: Any, month: int, first: int, last: int) -> None:
    """Let the municipalities first..last-1 live a month, all but what passes between municipalities."""
    # A record does not keep the array it lies in alive, so the array is held here while others work on it.
    desks = np.empty(1, DESK)
    live_at_desk(world, state, process, month, first, last, desks)


@kernel
def live_at_desk(world: Any, state: Any, process: Any, month: int, first: int, last: int, desks: Any) -> None:
    """Let the municipalities first..last-1 live a month, worked out on one thread's desk."""
    desk = desks[0]
    lay_out(desk, world.n_seats // 4)
    turn_page(desk, world.run_luck, month)
    for m in range(first, last):
        p = world.settings[world.setting_row[month, m]]
        if p.month_events > 0.5:
            suffer_events(world, state, month, m)
        if p.month_open > 0.5:
            open_arenas(world, state, process, month, m, desk)
        if p.month_join > 0.5:
            fill_seats(world, state, process, month, m, desk)
        live_arenas(world, state, process, month, m, desk)
        if p.month_learn > 0.5:
            learn_as_organisation(world, state, process, month, m)


@kernel
def live_between(world: Any, state: Any, month: int, climates: Any) -> None:
    """Let experience and solutions pass between municipalities, then write the month down."""
    n = world.places.shape[0]
    p = world.settings[world.setting_row[month, 0]]
    if p.month_exchange > 0.5:
        exchange(world, state, month)
    if p.month_spread > 0.5:
        spread(world, state, month, climates)
    for m in range(n):
        observe_month(world, state, month, m)
    if world.people_every > 0 and (month + 1) % world.people_every == 0:
        for m in range(n):
            count_people(world, state, month + 1, m, (month + 1) // world.people_every)


@compiled
def live_months(world: Any, state: Any, process: Any, start: int, end: int) -> None:
    """Let the whole world live the months start..end-1 in one call, without the interpreter."""
    n = world.places.shape[0]
    climates = np.empty(n, np.float64)
    for month in range(start, end):
        live_municipalities(world, state, process, month, 0, n)
        live_between(world, state, month, climates)


@kernel
def count_at_start(world: Any, state: Any) -> None:
    """Count the population before the first month."""
    for m in range(world.places.shape[0]):
        count_people(world, state, 0, m, 0)


@kernel
def write_running(world: Any, state: Any, month: int) -> None:
    """Write the arenas that still run after a number of months to the log, without closing them; call it once."""
    for m in range(world.places.shape[0]):
        p = world.settings[world.setting_row[min(month, world.n_months - 1), m]]
        place = world.places[m]
        municipality = state.municipalities[m]
        for h in range(place.host_first, place.host_last):
            for number in range(world.n_places):
                a = h * world.n_places + number
                if state.arenas[a].phase < 0:
                    continue
                row = state.arena_log[place.log_first + municipality.arena_count]
                arena = state.arenas[a]
                write_arena(row, p, arena, state.seats[a], state.hosts[h], m, h, number, month - 1, RUNNING)
                municipality.arena_count += 1
