"""What a municipality's month is worked out on: the month's luck, the seating plan, and room for notes.

One record for each thread. What lies on it belongs to the arena at hand and means nothing to the next.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import inlined, kernel
from cosim.engine.processor import first_in
from cosim.engine.state import SEATS_PER_SECTOR
from cosim.vocabulary import N_NODES, N_READINGS

MOST_SEATS: Final = 64
MOST_INVITATIONS: Final = 128

DESK: Final = np.dtype(
    [
        ("lucks", "u8", (len(address.DECISIONS),)),
        ("sector_of", "u4", (MOST_SEATS,)),
        ("slot_of", "u4", (MOST_SEATS,)),
        ("members", "u4", (MOST_SEATS,)),
        ("guests", "u4", (MOST_SEATS,)),
        ("circle", "u4", (MOST_SEATS,)),
        ("shown", "u4", (MOST_SEATS,)),
        ("trying", "u4", (MOST_SEATS,)),
        ("leaving", "u4", (MOST_SEATS,)),
        ("found", "i8", (MOST_SEATS,)),
        ("worths", "f8", (MOST_SEATS,)),
        ("offered", "i8", (4,)),
        ("turns", "i8", (4,)),
        ("bases", "f8", (4,)),
        ("asked", "i8", (2 * 4 * MOST_INVITATIONS,)),
        ("trusts", "f8", (4,)),
        ("n_asked", "i8", (2 * 4,)),
        ("quantities", "f8", (N_NODES + N_READINGS,)),
        ("earlier", "f8", (6,)),
        ("measured", "f8", (N_NODES,)),
        ("inflow", "f8", (N_NODES,)),
        ("climate", "f8"),
        ("sums", "f8", (3,)),
    ],
    align=True,
)
"""``lucks`` of each decision this month; ``sector_of`` and ``slot_of`` each seat, see ``places.seat_slot``; ``climate``
the municipality's, as one share; ``members`` and ``guests``: the seats of those who sit in the arena, and of those who
came this month; ``asked`` and ``n_asked``: whom two arenas ask, each on its side of the desk, by sector; the rest: see
who writes it. Seats are numbers without a sign, so that nobody need ask whether one is counted from the end.
"""


@kernel
def lay_out(desk: Any, per_sector: int) -> None:
    """Write the seating plan of arenas with so many seats a sector."""
    for seat in range(4 * per_sector):
        sector = seat // per_sector
        desk.sector_of[seat] = sector
        desk.slot_of[seat] = sector * SEATS_PER_SECTOR + seat - sector * per_sector


@kernel
def turn_page(desk: Any, run_luck: Any, month: int) -> None:
    """Write down the luck of a month's decisions."""
    for decision in range(len(address.DECISIONS)):
        desk.lucks[decision] = address.luck_of(run_luck, month, decision)


@inlined
def list_seats(seats: int, out: Any) -> int:
    """Write the seats of a set one after the other and return how many they are."""
    n = 0
    while seats:
        out[n] = first_in(seats)
        seats &= seats - 1
        n += 1
    return n
