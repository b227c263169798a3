"""Seats and addresses: who sits where, how somebody takes a seat and how it is given back."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.compiling import inlined, kernel
from cosim.engine.processor import first_in
from cosim.engine.rules.learning import faded
from cosim.engine.state import OUTSIDE, PLACES, SCHEDULED, SEATS_PER_SECTOR

CONFLICTS = 7


@inlined
def place_address(host: Any, place: int) -> int:
    """Return the address of an arena's place, the same in every scenario that has the host."""
    return host.address * PLACES + place


@inlined
def seat_slot(where: int, slot: int) -> int:
    """Return the slot of a seat at a place's address; its own slot (see ``lay_out``) is the same in every scenario."""
    return where * (4 * SEATS_PER_SECTOR) + slot


@inlined
def is_in(seats: int, seat: int) -> bool:
    """Return whether a seat belongs to a set of seats (one bit each)."""
    return (seats >> seat) & 1 == 1


@inlined
def bring_up_to_date(person: Any, month: int, identity_kept: float, fatigue_kept: float) -> None:
    """Let an outsider's fatigue and identity fade for the months in which nobody looked."""
    gone = month - person.left
    if person.left == OUTSIDE or gone <= 0:
        return
    person.fatigue = faded(np.float64(person.fatigue), 0.0, fatigue_kept, gone)
    person.identity = faded(np.float64(person.identity), np.float64(person.identity_anchor), identity_kept, gone)
    person.left = month


@kernel
def fade(values: Any, targets: Any, kept: Any, gone: Any) -> None:
    """Let a column of outsiders' values fade, each for as many months as nobody has looked at its person."""
    for row in range(values.shape[0]):
        values[row] = faded(values[row], targets[row], kept[row], gone[row])


@inlined
def take_seat(arena: Any, seat: Any, number: int, person: Any, origin: Any, actor: int, at: int) -> None:
    """Let a person sit down: the traits move from the person's row to the seat."""
    # All read before any is written, so that they may be moved side by side.
    r, u = person.trust, person.distrust
    good = (r[0], r[1], r[2], r[3])
    bad = (u[0], u[1], u[2], u[3])
    for sector in range(4):
        seat.trust[sector] = good[sector]
    for sector in range(4):
        seat.distrust[sector] = bad[sector]
    seat.optimism = person.optimism
    seat.identity = person.identity
    seat.identity_anchor = person.identity_anchor
    seat.creativity = origin.creativity
    seat.framing = person.framing
    seat.framing_anchor = origin.framing_anchor
    seat.fatigue = person.fatigue
    seat.actor = actor
    seat.former = person.former
    seat.age = person.age
    person.seat = at
    arena.taken |= 1 << number


@inlined
def give_seat_back(arena: Any, seat: Any, number: int, person: Any, month: int) -> None:
    """Let a member go home with what the arena made of them; the seat is empty."""
    r, u = seat.trust, seat.distrust
    good = (r[0], r[1], r[2], r[3])
    bad = (u[0], u[1], u[2], u[3])
    for sector in range(4):
        person.trust[sector] = good[sector]
    for sector in range(4):
        person.distrust[sector] = bad[sector]
    person.optimism = seat.optimism
    person.identity = seat.identity
    person.framing = seat.framing
    person.fatigue = seat.fatigue
    person.seat = OUTSIDE
    person.left = month
    seat.actor = OUTSIDE
    arena.taken &= ~(1 << number)
    arena.present &= ~(1 << number)


@inlined
def end_of_units(hosts: Any, first: int, last: int) -> int:
    """Return where a municipality's service units end; the hosts of its scheduled arenas come after them."""
    while last > first and hosts[last - 1].kind == SCHEDULED:
        last -= 1
    return last


@inlined
def next_running(hosts: Any, h: int, last: int, number: int) -> tuple[int, int]:
    """Return the host and the place of the first arena at work from a host's place on, before the last host; -1 if
    there is none.
    """
    while h < last:
        running = np.int64(hosts[h].running) >> number
        if running:
            return h, number + first_in(running)
        h += 1
        number = 0
    return OUTSIDE, 0


@inlined
def scalar_climate(municipality: Any) -> float:
    """Return the creative climate as one share: mean of nine dimensions and of 1 minus conflicts."""
    total = 0.0
    for dimension in range(10):
        level = municipality.climate[dimension]
        total += 1.0 - level if dimension == CONFLICTS else level
    return total / 10.0
