"""Row *leave*: members drop out, arenas close, and what they came to is written down."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import kernel
from cosim.engine.kernels.deciding import DELIVERED, EMPTIED, EXHAUSTED, RUNNING
from cosim.engine.kernels.places import give_seat_back, place_address, seat_slot
from cosim.engine.kernels.writing import PUBLIC_ONLY, offer_to_others, write_arena, write_innovation
from cosim.engine.processor import fetch, first_in
from cosim.engine.rules.arithmetic import happens
from cosim.engine.rules.joining import odds_of_leaving
from cosim.engine.state import OUTSIDE

MONTHS_TO_GATHER = 3


@kernel
def drop_out(p: Any, actors: Any, arena: Any, seats: Any, where: int, month: int, desk: Any, members: int) -> int:
    """Let members leave who have had enough or change jobs, and fade the others' fatigue; return how many left."""
    luck_leave = desk.lucks[address.LEAVE]
    luck_turnover = desk.lucks[address.TURNOVER]
    base, by_commitment, by_fatigue = p.leave_base, p.leave_commitment, p.leave_fatigue
    kept, turnover = p.leave_fatigue_kept, p.leave_turnover
    n_leaving = 0
    for one in range(members):
        seat = desk.members[one]
        member = seats[seat]
        slot = seat_slot(where, desk.slot_of[seat])
        fatigue = member.fatigue
        odds = odds_of_leaving(base, member.commitment, fatigue, by_commitment, by_fatigue)
        member.fatigue = fatigue * kept
        leaves = happens(odds, address.draw(luck_leave, slot)) | (address.draw(luck_turnover, slot) < turnover)
        desk.leaving[n_leaving] = seat
        n_leaving += 1 if leaves else 0
    for one in range(n_leaving):
        fetch(actors, np.int64(seats[desk.leaving[one]].actor), 0)
    for one in range(n_leaving):
        seat = desk.leaving[one]
        give_seat_back(arena, seats[seat], seat, actors[seats[seat].actor], month)
    arena.leaves += n_leaving
    return n_leaving


@kernel
def how_it_ends(p: Any, arena: Any, month: int, ending: int) -> int:
    """Return how an arena ends this month: as decided, worn out by age, or left by everybody."""
    age = month - arena.opened + 1
    if ending == RUNNING and age >= p.arenas_oldest:
        return EXHAUSTED
    if ending == RUNNING and age > MONTHS_TO_GATHER and arena.taken == 0:
        return EMPTIED
    return ending


@kernel
def close(world: Any, state: Any, m: int, h: int, number: int, month: int, desk: Any, ending: int) -> None:
    """Close an arena: write it down, tell of it, and let its members go home."""
    p = world.settings[world.setting_row[month, m]]
    municipality = state.municipalities[m]
    log_first = world.places[m].log_first
    host = state.hosts[h]
    a = h * world.n_places + number
    arena = state.arenas[a]
    seats = state.seats[a]
    arena_row = log_first + municipality.arena_count
    write_arena(state.arena_log[arena_row], p, arena, seats, host, m, h, number, month, ending)
    municipality.arena_count += 1
    municipality.counts[2] += 1
    is_open = np.int64(arena.invited) != PUBLIC_ONLY
    if ending == DELIVERED:
        at = log_first + municipality.innovation_count
        luck = desk.lucks[address.VALUE]
        where = place_address(host, number)
        write_innovation(state.innovation_log[at], p, state.arena_log[arena_row], arena_row, luck, where)
        offer_to_others(state.adopted[at], state.pressure[at], world.neighbours, m)
        municipality.innovation_count += 1
        host.newest = month
        municipality.counts[3] += 1
        municipality.outcomes[0] += 1.0
        if is_open:
            municipality.counts[4] += 1
            municipality.news[0] += 1.0
    else:
        host.tried = month
        municipality.outcomes[1] += 1.0
        if is_open:
            municipality.news[1] += 1.0
    left = arena.taken
    while left:
        seat = first_in(left)
        left &= left - 1
        if p.month_leave > 0.5:
            seats[seat].fatigue *= p.leave_fatigue_kept
        give_seat_back(arena, seats[seat], seat, state.actors[seats[seat].actor], month)
    arena.phase = OUTSIDE
    host.running &= ~(1 << number)
