"""A municipality as it can be told apart from everything around it: no number in it depends on who else is simulated,
how many seats or places the arrays were made for, or what is planned for later.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from cosim.engine.state import SEATS_PER_SECTOR
from tests.agreement.worlds import same_bits

INDICES = frozenset({"host", "arena_row", "municipality", "seat", "actor", "taken", "present"})
"""Columns that say where something lies in an array, not what it is; those of seats are shown in another way."""
BETWEEN = frozenset({"adopted", "pressure", "solutions.n_adopted"})
"""What a municipality has to do with others."""


def columns(name: str, rows: Any) -> dict[str, Any]:
    """Return the columns of some rows that are not indices."""
    return {f"{name}.{column}": rows[column] for column in rows.dtype.names if column not in INDICES}


def seats_in(words: Any, seats_a_sector: int) -> list[list[int]]:
    """Return sets of seats as lists of numbers that do not depend on how many seats a sector has."""
    return [
        [
            seat // seats_a_sector * SEATS_PER_SECTOR + seat % seats_a_sector
            for seat in range(4 * seats_a_sector)
            if int(word) >> seat & 1
        ]
        for word in words
    ]


def portrait(one: SimpleNamespace, code: int, months: int) -> dict[str, Any]:
    """Return everything there is to say of the municipality of a code after so many months."""
    world, state = one.world, one.state
    m = int(np.flatnonzero(world.places["address"] == code)[0])
    place, organisation = world.places[m], state.municipalities[m]
    hosts = slice(place["host_first"], place["host_last"])
    arenas = slice(hosts.start * world.n_places, hosts.stop * world.n_places)
    at_work = arenas.start + np.flatnonzero(state.arenas["phase"][arenas] >= 0)
    actors = state.actors[place["actor_first"] : place["actor_last"]]
    seated = np.flatnonzero(actors["seat"] >= 0)
    seats_a_sector = world.n_seats // 4
    seats = actors["seat"][seated] % world.n_seats
    units = state.hosts[hosts][state.hosts["kind"][hosts] == 0]
    arena_log = state.arena_log[place["log_first"] :][: organisation["arena_count"]]
    solutions = state.innovation_log[place["log_first"] :][: organisation["innovation_count"]]
    counted = months // world.people_every + 1 if world.people_every else 1
    return {
        **columns("actors", actors),
        **columns("origins", state.origins[place["actor_first"] : place["actor_last"]]),
        **columns("seats", state.seats.reshape(-1)[actors["seat"][seated]]),
        "seats.who": seated,
        "seats.number": seats // seats_a_sector * SEATS_PER_SECTOR + seats % seats_a_sector,
        **columns("arenas", state.arenas[at_work]),
        "arenas.address": state.hosts["address"][at_work // world.n_places] * 8 + at_work % world.n_places,
        "arenas.taken": seats_in(state.arenas["taken"][at_work], seats_a_sector),
        "arenas.present": seats_in(state.arenas["present"][at_work], seats_a_sector),
        **columns("organisation", organisation.reshape(1)),
        **{f"units.{column}": units[column] for column in ("address", "newest", "tried", "area", "focus")},
        **columns("arena_log", arena_log),
        "arena_log.address": state.hosts["address"][arena_log["host"]],
        **columns("solutions", solutions),
        "solutions.address": state.hosts["address"][solutions["host"]],
        "solutions.arena_row": solutions["arena_row"] - place["log_first"],
        "adopted": state.adopted[place["log_first"] :][: organisation["innovation_count"]],
        "pressure": state.pressure[place["log_first"] :][: organisation["innovation_count"]],
        "lagged": state.lagged[m],
        **columns("months", state.months[:months, m]),
        "people": state.people[:counted, m],
    }


def unlike(one: dict[str, Any], other: dict[str, Any], but: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of what differs in two portraits."""
    assert one.keys() == other.keys()
    return [
        name
        for name in one.keys() - but
        if not (one[name] == other[name] if isinstance(one[name], list) else same_bits(one[name], other[name]))
    ]
