"""What the twin's world is made of: ordinary objects in lists and dicts, each thing by its name.

Sets are sets, an empty seat is None, a closed arena is gone, and whatever has a word in the vocabulary is found by that
word: if the kernels took the wrong place in a row, this world would not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from cosim.vocabulary import CONSTRUCTS, N_NODES, READINGS, SECTORS

PLACES_A_HOST = 8
SEATS_A_SECTOR = 16


def single(value: float) -> float:
    """Return a number as it is when kept in 32 bits, which is how an actor's row and the logs keep it."""
    return float(np.float32(value))


@dataclass(eq=False, slots=True)
class Actor:
    """Somebody who lives in a municipality; while seated, what changes of them is in the seat."""

    number: int
    municipality: int
    sector: int
    former: int
    age: int
    trust: list[float]
    distrust: list[float]
    optimism: float
    identity: float
    identity_anchor: float
    creativity: float
    framing: float
    framing_anchor: float
    fatigue: float = 0.0
    left: int | None = None
    seat: Member | None = None


@dataclass(eq=False, slots=True)
class Member:
    """An actor in a seat."""

    actor: Actor
    arena: Arena
    number: int
    trust: list[float]
    distrust: list[float]
    optimism: float
    identity: float
    framing: float
    fatigue: float
    commitment: float
    solution: int = 0
    worth: float = 0.0

    @property
    def sector(self) -> int:
        """Return the sector whose seat it is."""
        return self.number // self.arena.seats_a_sector


@dataclass(eq=False, slots=True)
class Problem:
    """A landscape, read as ``problem[decision, pattern]`` as the rule of worth does."""

    number: int
    contributions: list[list[float]]
    best: float

    def __getitem__(self, place: tuple[int, int]) -> float:
        """Return the contribution of a decision under a pattern."""
        return self.contributions[place[0]][place[1]]


@dataclass(eq=False, slots=True)
class Arena:
    """An effort at work: who sits in it, what it has found, what its month was like."""

    host: Host
    place: int
    opened: int
    invited: set[int]
    shared: bool
    problem: Problem
    start_solution: int
    best_solution: int
    best_worth: float
    seats: list[Member | None]
    seats_a_sector: int
    phase: int = 0
    nodes: list[float] = field(default_factory=lambda: [0.0] * N_NODES)
    readings: dict[str, float] = field(default_factory=lambda: dict.fromkeys(READINGS, 0.0))
    first_phase: list[int | None] = field(default_factory=lambda: [None] * len(SECTORS))
    proposals: list[float] = field(default_factory=lambda: [0.0] * len(SECTORS))
    life: dict[str, float] = field(default_factory=dict)
    # What follows is about the present month.
    meetings: int = 0
    present: set[int] = field(default_factory=set)
    progress: bool = False
    acts: int = 0
    good: int = 0
    seen: float = 0.0
    n_members: int = 0
    event: bool = False
    ending: str = "running"

    @property
    def address(self) -> int:
        """Return the address of the arena's place, at which its luck lives."""
        return self.host.address * PLACES_A_HOST + self.place

    @property
    def is_open(self) -> bool:
        """Return whether somebody from outside was invited."""
        return self.invited != {0}

    def members(self) -> Iterator[Member]:
        """Return the members in the order of their seats."""
        return (member for member in self.seats if member is not None)

    def slot(self, seat: int) -> int:
        """Return the slot of a seat, which does not depend on how many seats a scenario gives a sector."""
        sector, number = divmod(seat, self.seats_a_sector)
        return (self.address * len(SECTORS) + sector) * SEATS_A_SECTOR + number


@dataclass(eq=False, slots=True)
class Host:
    """A service unit, or the host of one scheduled arena."""

    number: int
    address: int
    staff: range
    area: int
    focus: int
    scheduled: bool
    month: int
    invited: set[int]
    newest: int
    tried: int
    arenas: list[Arena | None]


@dataclass(eq=False, slots=True)
class Solution:
    """Something put into use, and who else has heard of it or uses it; ``address`` is where it was made."""

    row: dict[str, Any]
    address: int
    adopted: list[int | None]
    pressure: list[float]


@dataclass(eq=False, slots=True)
class Municipality:
    """A municipality with its people, its hosts, its logs and the counts of the month."""

    number: int
    code: int
    actors: list[Actor]
    by_sector: list[range]
    hosts: list[Host]
    log_first: int
    prehistory_trust: float
    prehistory_optimism: float
    experienced: bool
    exchanging: bool
    climate: dict[str, float]
    leadership: float
    design: float
    administration: float
    experience: float
    counts: dict[str, int]
    good_news: int = 0
    bad_news: int = 0
    good_outcomes: int = 0
    bad_outcomes: int = 0
    arena_log: list[dict[str, Any]] = field(default_factory=list)
    solutions: list[Solution] = field(default_factory=list)
    lagged: Lagged = field(default_factory=lambda: Lagged())

    def arenas(self) -> Iterator[Arena]:
        """Return the arenas at work, host by host."""
        return (arena for host in self.hosts for arena in host.arenas if arena is not None)

    def units(self) -> list[Host]:
        """Return the service units, without the hosts of scheduled arenas."""
        return [host for host in self.hosts if not host.scheduled]

    def scalar_climate(self) -> float:
        """Return the mean of the ten dimensions of climate, conflicts turned round."""
        total = 0.0
        for name, level in self.climate.items():
            total += 1.0 - level if name == "conflicts" else level
        return total / len(self.climate)


@dataclass(eq=False, slots=True)
class Lagged:
    """Sums from which the correlations of the six constructs with those of the month before follow."""

    n: float = 0.0
    x: dict[str, float] = field(default_factory=lambda: dict.fromkeys(CONSTRUCTS, 0.0))
    y: dict[str, float] = field(default_factory=lambda: dict.fromkeys(CONSTRUCTS, 0.0))
    xx: dict[str, float] = field(default_factory=lambda: dict.fromkeys(CONSTRUCTS, 0.0))
    yy: dict[str, float] = field(default_factory=lambda: dict.fromkeys(CONSTRUCTS, 0.0))
    xy: dict[tuple[str, str], float] = field(
        default_factory=lambda: {(one, two): 0.0 for one in CONSTRUCTS for two in CONSTRUCTS}
    )


@dataclass(eq=False, slots=True)
class World:
    """Everything, with the theory, the settings and the luck it lives under."""

    municipalities: list[Municipality]
    settings: Callable[[int, int], SimpleNamespace]
    theory: SimpleNamespace
    luck: Any
    problems: list[Problem]
    coupling: int
    neighbours: list[list[float]]
    anchors: tuple[dict[str, float], dict[str, float]]
    persons_per_actor: float
    n_places: int
    seats_a_sector: int
    n_months: int
    people_every: int
    months: list[list[dict[str, Any]]] = field(default_factory=list)
    people: list[list[list[dict[str, float]]]] = field(default_factory=list)
