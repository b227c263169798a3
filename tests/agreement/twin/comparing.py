"""Where the twin's world and the kernels' state differ, column by column, to the bit.

Each table is compared as (row numbers of the kernels' array, the twin's rows as dicts with every field of the array's
type), so that a new column that the twin does not know is a fault. What an empty seat and a closed arena last held is
nothing that the model knows of any more and is not compared, only that they are empty and closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cosim.engine.logs import PEOPLE
from cosim.engine.state import ORIGIN, OUTSIDE, State
from cosim.engine.state import World as KernelWorld
from cosim.vocabulary import CONSTRUCTS, READINGS
from tests.agreement.twin.things import Actor, Arena, Host, Member, Municipality, World

Rows = list[tuple[int, dict[str, Any]]]


def differences(kernel: KernelWorld, state: State, twin: World, months: int) -> list[str]:
    """Return every difference after so many months, as a sentence each: none if the two agree to the bit."""
    n_seats = kernel.n_seats
    found = []
    for name, array, rows in (
        ("actors", state.actors, [actor_row(one, n_seats, twin.n_places) for one in actors_of(twin)]),
        ("origins", state.origins, [origin_row(one) for one in actors_of(twin)]),
        ("arenas", state.arenas, [arena_row(one, twin.n_places) for one in arenas_of(twin)]),
        ("seats", state.seats.reshape(-1), [seat_row(one, n_seats, twin.n_places) for one in members_of(twin)]),
        ("municipalities", state.municipalities, [organisation_row(one) for one in twin.municipalities]),
        ("hosts", state.hosts, [host_row(host, one) for one in twin.municipalities for host in one.hosts]),
        ("arena_log", state.arena_log, arena_log_rows(twin)),
        ("innovation_log", state.innovation_log, innovation_rows(twin)),
        ("months", state.months[:months].reshape(-1), month_rows(twin)),
    ):
        found += compare_rows(name, array, rows)
    found += compare_empty(state, twin)
    places = [place for place, _row in innovation_rows(twin)]
    solutions = [solution for one in twin.municipalities for solution in one.solutions]
    adopted = [[OUTSIDE if month is None else month for month in one.adopted] for one in solutions]
    found += compare_columns("adopted", state.adopted[places], adopted)
    found += compare_columns("pressure", state.pressure[places], [one.pressure for one in solutions])
    found += compare_columns("lagged", state.lagged, [lagged_row(one) for one in twin.municipalities])
    counted = [[[row[name] for name in PEOPLE] for row in one] for count in twin.people for one in count]
    shape = (len(twin.people), *state.people.shape[1:])
    found += compare_columns("people", state.people[: len(twin.people)], np.reshape(counted, shape).tolist())
    return found


def compare_rows(name: str, array: Any, rows: Rows) -> list[str]:
    """Return a sentence for each column in which rows of an array are not the twin's."""
    places = [place for place, _row in rows]
    found = []
    for field in array.dtype.names:
        expected = [row[field] for _place, row in rows]
        found += compare_columns(f"{name}.{field}", array[field][places], expected, places)
    extra = {key for _place, row in rows for key in row} - set(array.dtype.names)
    return found + [f"{name} has no column {field}" for field in sorted(extra)]


def compare_columns(name: str, kernel: Any, expected: list[Any], places: list[int] | None = None) -> list[str]:
    """Return a sentence with the first row in which a column differs; numbers are compared as bits."""
    twin = np.array(expected, dtype=kernel.dtype).reshape(kernel.shape)
    bits = f"u{kernel.dtype.itemsize}"
    unlike = np.ascontiguousarray(kernel).view(bits) != np.ascontiguousarray(twin).view(bits)
    if not np.any(unlike):
        return []
    row = int(np.flatnonzero(unlike.reshape(len(twin), -1).any(axis=1))[0])
    place = row if places is None else places[row]
    return [f"{name}[{place}]: kernels {kernel[row]!r}, twin {twin[row]!r} ({np.count_nonzero(unlike)} numbers differ)"]


def compare_empty(state: State, twin: World) -> list[str]:
    """Return a sentence if an arena is open or a seat taken that is not in the twin, or the other way round."""
    open_arenas = set(np.flatnonzero(state.arenas["phase"] != OUTSIDE).tolist())
    taken = set(np.flatnonzero(state.seats["actor"].reshape(-1) != OUTSIDE).tolist())
    n_seats = state.seats.shape[1]
    found = []
    if open_arenas != {place_of(one, twin.n_places) for one in arenas_of(twin)}:
        found.append("arenas: not the same are open")
    if taken != {seat_of(one, n_seats, twin.n_places) for one in members_of(twin)}:
        found.append("seats: not the same are taken")
    return found


def actors_of(twin: World) -> Iterator[Actor]:
    """Return everybody, in the kernels' order."""
    return (actor for municipality in twin.municipalities for actor in municipality.actors)


def arenas_of(twin: World) -> Iterator[Arena]:
    """Return the arenas at work, in the kernels' order."""
    return (arena for municipality in twin.municipalities for arena in municipality.arenas())


def members_of(twin: World) -> Iterator[Member]:
    """Return everybody who is seated, in the kernels' order."""
    return (member for arena in arenas_of(twin) for member in arena.members())


def place_of(arena: Arena, n_places: int) -> int:
    """Return the number of an arena's place in the kernels' row of arenas."""
    return arena.host.number * n_places + arena.place


def seat_of(member: Member, n_seats: int, n_places: int) -> int:
    """Return the number of a member's seat in the kernels' row of seats."""
    return place_of(member.arena, n_places) * n_seats + member.number


def as_bits(numbers: set[int]) -> int:
    """Return a set of small numbers as the signed word in which the kernels keep it."""
    word = sum(1 << number for number in numbers)
    return word - 2**64 if word >= 2**63 else word


def actor_row(one: Actor, n_seats: int, n_places: int) -> tuple[int, dict[str, Any]]:
    """Return an actor's columns; the traits of somebody seated are those they sat down with."""
    elsewhere = ("number", "seat", "left", *ORIGIN.names)
    row = {name: getattr(one, name) for name in Actor.__slots__ if name not in elsewhere}
    row["left"] = OUTSIDE if one.left is None else one.left
    row["seat"] = OUTSIDE if one.seat is None else seat_of(one.seat, n_seats, n_places)
    return one.number, row


def origin_row(one: Actor) -> tuple[int, dict[str, Any]]:
    """Return what an actor brings along."""
    return one.number, {name: getattr(one, name) for name in ORIGIN.names}


def seat_row(one: Member, n_seats: int, n_places: int) -> tuple[int, dict[str, Any]]:
    """Return a taken seat's columns."""
    row = {name: getattr(one, name) for name in Member.__slots__ if name not in ("actor", "arena", "number")}
    fixed = ("identity_anchor", "creativity", "framing_anchor", "former", "age")
    row |= {name: getattr(one.actor, name) for name in fixed}
    return seat_of(one, n_seats, n_places), row | {"actor": one.actor.number}


def arena_row(one: Arena, n_places: int) -> tuple[int, dict[str, Any]]:
    """Return the columns of an arena at work."""
    return place_of(one, n_places), {
        "taken": as_bits({member.number for member in one.members()}),
        "present": as_bits(one.present),
        "best_worth": one.best_worth,
        "nodes": one.nodes,
        "readings": [one.readings[name] for name in READINGS],
        "start_solution": one.start_solution,
        "best_solution": one.best_solution,
        "landscape": one.problem.number,
        "opened": one.opened,
        "phase": one.phase,
        "invited": as_bits(one.invited),
        "shared": one.shared,
        "progress": one.progress,
        "first_phase": [OUTSIDE if phase is None else phase for phase in one.first_phase],
        "proposals": one.proposals,
        **one.life,
    }


def organisation_row(one: Municipality) -> tuple[int, dict[str, Any]]:
    """Return what moves in a municipality."""
    names = ("leadership", "design", "administration", "experience")
    return one.number, {name: getattr(one, name) for name in names} | {
        "climate": list(one.climate.values()),
        "news": [one.good_news, one.bad_news],
        "outcomes": [one.good_outcomes, one.bad_outcomes],
        "counts": list(one.counts.values()),
        "arena_count": len(one.arena_log),
        "innovation_count": len(one.solutions),
    }


def host_row(host: Host, home: Municipality) -> tuple[int, dict[str, Any]]:
    """Return a host's columns."""
    names = ("address", "month", "newest", "tried", "area", "focus")
    first = home.actors[0].number
    return host.number, {name: getattr(host, name) for name in names} | {
        "staff_first": host.staff.start + first,
        "staff_last": host.staff.stop + first,
        "kind": host.scheduled,
        "invited": as_bits(host.invited),
        "running": as_bits({place for place, arena in enumerate(host.arenas) if arena is not None}),
    }


def arena_log_rows(twin: World) -> Rows:
    """Return the rows of ended arenas with their places in the kernels' log."""
    return [(one.log_first + at, row) for one in twin.municipalities for at, row in enumerate(one.arena_log)]


def innovation_rows(twin: World) -> Rows:
    """Return the rows of solutions with their places in the kernels' log."""
    return [
        (one.log_first + at, solution.row) for one in twin.municipalities for at, solution in enumerate(one.solutions)
    ]


def month_rows(twin: World) -> Rows:
    """Return the rows of the months, each with its municipalities in order."""
    return list(enumerate(row for month in twin.months for row in month))


def lagged_row(one: Municipality) -> list[float]:
    """Return the sums of lag-one correlations in the kernels' order."""
    sums = one.lagged
    singles = [of[name] for of in (sums.x, sums.y, sums.xx, sums.yy) for name in CONSTRUCTS]
    return [sums.n, *singles, *(sums.xy[one_, two] for one_ in CONSTRUCTS for two in CONSTRUCTS)]
