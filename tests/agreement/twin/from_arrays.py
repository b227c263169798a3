"""The drawn population as ordinary objects: how the twin comes to stand in the same world as the kernels."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np

from cosim.engine.logs import COUNTS
from cosim.engine.state import ORIGIN, SCHEDULED, State, World
from cosim.engine.theory import PROCESS
from cosim.vocabulary import CLIMATE_DIMENSIONS, SECTORS
from tests.agreement.twin import things


def plain(value: Any) -> Any:
    """Return a number or an array as Python's own numbers and lists."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def theory_of(process: Any) -> SimpleNamespace:
    """Return a compiled process model's fields as lists and numbers."""
    return SimpleNamespace(**{name: plain(process[name]) for name in PROCESS.names or ()})


def sectors_in(bits: int) -> set[int]:
    """Return the sectors of a set of bits."""
    return {sector for sector in range(len(SECTORS)) if bits >> sector & 1}


def build_world(world: World, state: State, process: Any, luck: Any) -> things.World:
    """Return the twin's world: the same people and places as in the arrays before month 0, with nothing begun."""
    assert not np.any(state.arenas["phase"] >= 0), "the twin starts where no arena has begun"
    names = world.settings.dtype.names or ()

    @cache
    def settings_in_row(row: int) -> SimpleNamespace:
        return SimpleNamespace(**{name: plain(world.settings[row][name]) for name in names})

    row_of = plain(world.setting_row)
    innovative, stagnated = (
        dict(zip(CLIMATE_DIMENSIONS, levels, strict=True)) for levels in plain(world.climate_anchors)
    )
    return things.World(
        municipalities=[build_municipality(world, state, m) for m in range(len(world.places))],
        settings=lambda month, m: settings_in_row(row_of[month][m]),
        theory=theory_of(process),
        luck=luck,
        problems=[
            things.Problem(number, contributions, best)
            for number, (contributions, best) in enumerate(
                zip(plain(world.landscapes), plain(world.landscape_best), strict=True)
            )
        ],
        coupling=world.coupling,
        neighbours=plain(world.neighbours),
        anchors=(innovative, stagnated),
        persons_per_actor=world.persons_per_actor,
        n_places=world.n_places,
        seats_a_sector=world.n_seats // len(SECTORS),
        n_months=world.n_months,
        people_every=world.people_every,
    )


def build_municipality(world: World, state: State, m: int) -> things.Municipality:
    """Return one municipality with its actors and hosts."""
    place, organisation = world.places[m], state.municipalities[m]
    first, last = int(place["actor_first"]), int(place["actor_last"])
    edges = [edge - first for edge in plain(place["sector_first"])]
    return things.Municipality(
        number=m,
        code=int(place["address"]),
        actors=[build_actor(number, state.actors[number], state.origins[number]) for number in range(first, last)],
        by_sector=[range(begin, end) for begin, end in pairwise(edges)],
        hosts=[
            build_host(number, state.hosts[number], first, world.n_places)
            for number in range(place["host_first"], place["host_last"])
        ],
        log_first=int(place["log_first"]),
        prehistory_trust=float(place["prehistory"][0]),
        prehistory_optimism=float(place["prehistory"][1]),
        experienced=bool(place["experienced"] > 0.5),
        exchanging=bool(place["exchanging"] > 0.5),
        climate=dict(zip(CLIMATE_DIMENSIONS, plain(organisation["climate"]), strict=True)),
        leadership=float(organisation["leadership"]),
        design=float(organisation["design"]),
        administration=float(organisation["administration"]),
        experience=float(organisation["experience"]),
        counts=dict.fromkeys(COUNTS, 0),
    )


TRAITS = (
    "municipality",
    "sector",
    "former",
    "age",
    "trust",
    "distrust",
    "optimism",
    "identity",
    "identity_anchor",
    "creativity",
    "framing",
    "framing_anchor",
    "fatigue",
)


def build_actor(number: int, row: Any, origin: Any) -> things.Actor:
    """Return one actor, not seated and never yet."""
    assert row["seat"] == row["left"] == -1
    traits = {name: plain((origin if name in ORIGIN.names else row)[name]) for name in TRAITS}
    return things.Actor(number=number, **traits)


def build_host(number: int, row: Any, first: int, n_places: int) -> things.Host:
    """Return one host; its staff are numbered within the municipality."""
    return things.Host(
        number=number,
        address=int(row["address"]),
        staff=range(int(row["staff_first"]) - first, int(row["staff_last"]) - first),
        area=int(row["area"]),
        focus=int(row["focus"]),
        scheduled=bool(row["kind"] == SCHEDULED),
        month=int(row["month"]),
        invited=sectors_in(int(row["invited"])),
        newest=int(row["newest"]),
        tried=int(row["tried"]),
        arenas=[None] * n_places,
    )
