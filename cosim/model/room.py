"""Lays the rows of a world out anew when a lever asks for more seats or arenas than it was built with. Floor 5.

Luck has addresses that do not depend on how many seats or places there are, so a world that is given room on the way
goes on with the same bits as one that had it from the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from cosim.engine.state import ARENA, OUTSIDE, SEAT, State, World
from cosim.model.recording import used_rows
from cosim.vocabulary import N_SECTORS, SECTORS

Array = np.ndarray[Any, Any]

LOGS: Final = {
    "arena_log": "arena_count",
    "innovation_log": "innovation_count",
    "adopted": "innovation_count",
    "pressure": "innovation_count",
}
"""What a municipality has a region of rows in, and the column that counts the rows in use."""


def room_for(rows: Sequence[Mapping[str, float]]) -> tuple[int, int]:
    """Return how many arenas a host and how many seats a sector need room for, under any of the rows of settings."""
    n_places = max(int(row["arenas.parallel"]) for row in rows)
    return n_places, max(1, *(int(row[f"arenas.seats_{sector}"]) for row in rows for sector in SECTORS))


def make_room(world: World, state: State, n_places: int, per_sector: int) -> tuple[World, State]:
    """Return a world with room for so many arenas a host and seats a sector; the same one if it has it already.

    Parameters
    ----------
    n_places : 1..PLACES
    per_sector : 1..15
    """
    old = (world.n_places, world.n_seats // N_SECTORS)
    new = (max(n_places, old[0]), max(per_sector, old[1]))
    if new == old:
        return world, state
    n_hosts = len(state.hosts)
    arenas = np.zeros((n_hosts, new[0]), ARENA)
    arenas["phase"] = OUTSIDE
    arenas[:, : old[0]] = state.arenas.reshape(n_hosts, old[0])
    for seats_in in ("taken", "present"):
        arenas[seats_in] = _spread_bits(arenas[seats_in], old[1], new[1])
    seats = np.zeros((n_hosts, new[0], N_SECTORS, new[1]), SEAT)
    seats["actor"] = OUTSIDE
    seats[:, : old[0], :, : old[1]] = state.seats.reshape(n_hosts, old[0], N_SECTORS, old[1])
    actors = state.actors.copy()
    seated = np.flatnonzero(actors["seat"] >= 0)
    where = np.unravel_index(actors["seat"][seated], (n_hosts, old[0], N_SECTORS, old[1]))
    actors["seat"][seated] = np.ravel_multi_index(where, seats.shape)
    places = world.places.copy()
    places["log_first"] = world.places["log_first"] // old[0] * new[0]
    wider = world._replace(places=places, n_places=new[0], n_seats=N_SECTORS * new[1])
    roomy = state._replace(
        actors=actors,
        arenas=arenas.reshape(-1),
        seats=seats.reshape(-1, wider.n_seats),
        **_move_logs(world, wider, state),
    )
    return wider, roomy


def _spread_bits(sets: Array, old: int, new: int) -> Array:
    """Return sets of seats, one bit each, for another number of seats a sector."""
    spread = np.zeros_like(sets)
    for sector in range(N_SECTORS):
        spread |= ((sets >> (sector * old)) & ((1 << old) - 1)) << (sector * new)
    return spread


def _move_logs(world: World, wider: World, state: State) -> dict[str, Array]:
    """Return the logs with each municipality's rows at the start of its new region."""
    logs = {}
    for name, count in LOGS.items():
        log: Array = getattr(state, name)
        used = state.municipalities[count]
        moved = np.empty((len(log) // world.n_places * wider.n_places, *log.shape[1:]), log.dtype)
        moved[used_rows(wider, used)] = log[used_rows(world, used)]
        logs[name] = moved
    solutions = logs["innovation_log"]
    shift = wider.places["log_first"] - world.places["log_first"]
    rows = used_rows(wider, state.municipalities["innovation_count"])
    solutions["arena_row"][rows] += shift[solutions["municipality"][rows]]
    return logs
