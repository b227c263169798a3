"""The rows a run stands on: what is fixed (``World``), and what moves (``State``).

Axes: N actors, M municipalities, H hosts (service units, and one host for each scheduled arena), A arena places
(H x places a host), S seats (4 sectors x K), T months, R rows of settings. Actors are sorted by municipality, then
sector; hosts by municipality. Rows are records, so that a kernel reads ``seat.optimism`` and what belongs together
lies together in memory; numpy sees each field as a column. Every array is allocated once; a run never grows one.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from cosim.engine.logs import N_COUNTS
from cosim.vocabulary import N_CLIMATE, N_NODES, N_READINGS

Array = np.ndarray[Any, Any]

PLACES: Final = 8
"""Arena places a host may have at most; fixed, so that an arena's address of luck never moves."""
SEATS_PER_SECTOR: Final = 16
"""Stride of a sector's seats in an address; a sector has at most so many, and all four fit one word of 64 bits."""
LINE: Final = 64
"""Bytes that a processor fetches from memory at a time."""
SCHEDULED: Final = 1
"""Kind of a host that exists for one scheduled arena; service units are 0."""
OUTSIDE: Final = -1
"""No seat, no phase, no month, no arrow: the value for "none" in every column of whole numbers."""
LONG_AGO: Final = -999
"""Month of something that never happened, far enough back for every window."""

ACTOR: Final = np.dtype(
    [
        ("trust", "f4", (4,)),
        ("distrust", "f4", (4,)),
        ("optimism", "f4"),
        ("identity", "f4"),
        ("identity_anchor", "f4"),
        ("framing", "f4"),
        ("fatigue", "f4"),
        ("seat", "i4"),
        ("left", "i2"),
        ("municipality", "i2"),
        ("sector", "i1"),
        ("former", "i1"),
        ("age", "i1"),
    ],
    align=True,
)
"""One person (or ``persons_per_actor`` of them): all that an invitation or a piece of news asks for, in the 64 bytes
that come from memory at a time. ``trust`` and ``distrust`` are evidence (r and u) about each sector, not shares.
``seat`` is arena x S + seat, -1 outside; a seated person's traits live in the seat. ``left`` is the month since which
fatigue and identity have not been brought up to date, -1 for one who was never seated."""

ORIGIN: Final = np.dtype([("creativity", "f4"), ("framing_anchor", "f4")], align=True)
"""What a person brings along and only an arena asks for, 8 bytes: a month does not change it."""

SEAT: Final = np.dtype(
    [
        ("trust", "f8", (4,)),
        ("distrust", "f8", (4,)),
        ("optimism", "f8"),
        ("identity", "f8"),
        ("identity_anchor", "f8"),
        ("creativity", "f8"),
        ("framing", "f8"),
        ("framing_anchor", "f8"),
        ("fatigue", "f8"),
        ("commitment", "f8"),
        ("worth", "f8"),
        ("solution", "i4"),
        ("actor", "i4"),
        ("former", "i1"),
        ("age", "i1"),
    ],
    align=True,
)
"""A member's traits while seated, with commitment to the arena and the solution in hand and its worth."""

ARENA: Final = np.dtype(
    [
        ("taken", "i8"),
        ("present", "i8"),
        ("best_worth", "f8"),
        ("nodes", "f8", (N_NODES,)),
        ("readings", "f8", (N_READINGS,)),
        ("start_solution", "i4"),
        ("best_solution", "i4"),
        ("landscape", "i2"),
        ("opened", "i2"),
        ("phase", "i1"),
        ("invited", "i1"),
        ("shared", "i1"),
        ("progress", "i1"),
        ("first_phase", "i1", (4,)),
        ("proposals", "f8", (4,)),
        ("months_met", "f8"),
        ("presence", "f8"),
        ("engagement", "f8"),
        ("understanding", "f8"),
        ("trust_first", "f8"),
        ("understanding_first", "f8"),
        ("peak_engagement", "f8"),
        ("peak_engagement_month", "f8"),
        ("peak_capacity", "f8"),
        ("peak_capacity_month", "f8"),
        ("acts", "f8"),
        ("acts_good", "f8"),
        ("seat_months", "f8"),
        ("joins", "f8"),
        ("leaves", "f8"),
        ("votes", "f8"),
        ("wins_first_month", "f8"),
    ],
    align=True,
)
"""A place for one arena at a time; ``phase`` -1 is closed. ``taken`` and ``present`` are sets of seats, one bit each;
``invited`` one of sectors. ``nodes`` are the theory's constructs (-1..1), ``readings`` shares. From ``proposals`` on:
sums and marks over the arena's life, from which level and quality of co-creation are measured."""

MUNICIPALITY: Final = np.dtype(
    [
        ("climate", "f8", (N_CLIMATE,)),
        ("leadership", "f8"),
        ("design", "f8"),
        ("administration", "f8"),
        ("experience", "f8"),
        ("news", "f8", (2,)),
        ("outcomes", "f8", (2,)),
        ("counts", "i8", (N_COUNTS,)),
        ("arena_count", "i8"),
        ("innovation_count", "i8"),
    ],
    align=True,
)
"""What moves in a municipality. ``news`` and ``outcomes``: successes and failures this month, of the open arenas and of
all; ``counts`` this month, see COUNTS; the last two are rows used of its regions of the logs."""

PLACE: Final = np.dtype(
    [
        ("address", "i8"),
        ("actor_first", "i8"),
        ("actor_last", "i8"),
        ("sector_first", "i8", (5,)),
        ("host_first", "i8"),
        ("host_last", "i8"),
        ("log_first", "i8"),
        ("population", "f8"),
        ("prehistory", "f8", (2,)),
        ("experienced", "f8"),
        ("exchanging", "f8"),
    ],
    align=True,
)
"""What is fixed in a municipality: its code (where its luck lives), where its people, hosts and log rows begin, its
inhabitants, mean starting trust and optimism, and whether it passes on or takes part in exchange."""

HOST: Final = np.dtype(
    [
        ("address", "i8"),
        ("staff_first", "i8"),
        ("staff_last", "i8"),
        ("month", "i4"),
        ("newest", "i2"),
        ("tried", "i2"),
        ("area", "i1"),
        ("focus", "i1"),
        ("kind", "i1"),
        ("invited", "i1"),
        ("running", "u1"),
    ],
    align=True,
)
"""A service unit or the host of one scheduled arena. ``address`` is municipality code x 65536 + number; ``newest`` the
month of its newest innovation, ``tried`` of its newest effort that ended without one; ``running`` the set of its places
where an arena is at work, one bit each."""


def rows_in_lines(n: int, dtype: np.dtype[Any]) -> Array:
    """Return n rows, not yet written, that begin where a line of 64 bytes of memory does."""
    memory = np.empty(n * dtype.itemsize + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + n * dtype.itemsize].view(dtype)


class World(NamedTuple):
    """What a run never changes."""

    run_luck: Any  # uint64, see address.luck_of_run
    settings: Array  # [R] records, one field a parameter (name with dots as underscores)
    setting_row: Array  # [T, M] which row of settings holds in a month in a municipality
    places: Array  # [M] PLACE
    neighbours: Array  # [M, M] whom a municipality looks to; rows sum to 1 (or 0 alone)
    climate_anchors: Array  # [2, 10] Ekvall's innovative and stagnated organisations, 0..1
    landscapes: Array  # [L, 16, 2 ** (K + 1)] contributions
    landscape_best: Array  # [L] worth of the best solution
    persons_per_actor: float
    coupling: int  # K
    n_seats: int  # S
    n_places: int  # arena places used a host, 1..PLACES
    n_months: int  # T
    people_every: int  # months between two counts of the whole population


class State(NamedTuple):
    """What moves."""

    actors: Array  # [N] ACTOR
    origins: Array  # [N] ORIGIN
    arenas: Array  # [A] ARENA
    seats: Array  # [A, S] SEAT
    municipalities: Array  # [M] MUNICIPALITY
    hosts: Array  # [H] HOST; only newest, tried and running move
    arena_log: Array  # ARENA_ROW, a region for each municipality
    innovation_log: Array  # INNOVATION_ROW, a region for each municipality
    adopted: Array  # [rows of innovation_log, M] int16 month of adoption, -1 not
    pressure: Array  # [rows of innovation_log, M] float32 weighted share of a municipality's neighbours using it
    lagged: Array  # [M, N_LAGGED] float64 sums from which lag-one correlations of the constructs follow
    months: Array  # [T, M] MONTH_ROW
    people: Array  # [O, M, 4, N_PEOPLE] float64 means over everybody of a sector, see PEOPLE
