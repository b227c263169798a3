"""Windows on arenas: who sits there, how far they have come, what can be read off them. They own nothing. Floor 5."""

from __future__ import annotations

from typing import Any, Final, Protocol

from cosim.engine.rules.constructs import share_of
from cosim.engine.rules.searching import quality_of
from cosim.engine.state import OUTSIDE, SCHEDULED
from cosim.model.letters import letter
from cosim.model.living import LivingWorld
from cosim.scenario.model import ScheduledArena
from cosim.vocabulary import FOCUS_AREAS, READINGS, SECTORS, SERVICE_AREAS

FIRST_SCHEDULED: Final = 32768
"""Number of a municipality's first host for a scheduled arena, see `population.make_hosts`."""


class Model(Protocol):
    """What a window asks of the model it belongs to."""

    living: LivingWorld

    def actor(self, row: int) -> Any:
        """Return the window on one actor."""
        ...


def sectors_in(bits: int) -> tuple[str, ...]:
    """Return the sectors in a set of them, one bit each.

    Examples
    --------
    >>> sectors_in(5)
    ('public', 'civic')
    """
    return tuple(sector for place, sector in enumerate(SECTORS) if (bits >> place) & 1)


class Arena:
    """A window on one arena while it runs.

    A place holds one arena after another; a window stays with the one it was made for, and says so in a letter when
    that one has closed (`is_running` then is False). What closed arenas came to stands in ``model.record().arenas``.

    Parameters
    ----------
    model : whose arena it is
    place : 0 or more, in the engine's rows of arenas

    Attributes
    ----------
    host : number of the service unit, or of the host of a scheduled arena, in the engine's rows
    number : which of the host's arenas
    opened_month : month it opened in
    """

    __slots__ = ("_model", "host", "number", "opened_month")

    def __init__(self, model: Model, place: int) -> None:
        self._model = model
        self.host, self.number = divmod(place, model.living.world.n_places)
        self.opened_month = int(model.living.state.arenas["opened"][place])

    def __repr__(self) -> str:
        """Return the place, the municipality and the phase."""
        return f"<Arena {self.place} in {self.municipality}: {self.phase if self.is_running else 'closed'}>"

    def __eq__(self, other: object) -> bool:
        """Return whether two windows look at the same arena of the same model."""
        return isinstance(other, Arena) and self._key() == other._key()

    def __hash__(self) -> int:
        """Return a hash of the model, the place and the month the arena opened."""
        return hash(self._key())

    def _key(self) -> tuple[int, int, int, int]:
        return id(self._model), self.host, self.number, self.opened_month

    @property
    def is_running(self) -> bool:
        """Whether the arena is still open."""
        row = self._model.living.state.arenas[self.place]
        return bool(row["phase"] >= 0 and row["opened"] == self.opened_month)

    @property
    def place(self) -> int:
        """The place it has in the engine's rows."""
        return self.host * self._model.living.world.n_places + self.number

    @property
    def municipality(self) -> str:
        """The key of the municipality."""
        living = self._model.living
        m = int(living.world.places["host_last"].searchsorted(self.host, side="right"))
        return living.scenario.municipalities[m]

    @property
    def area(self) -> str:
        """The service area of the host."""
        return SERVICE_AREAS[int(self._model.living.state.hosts["area"][self.host])]

    @property
    def focus(self) -> str:
        """What the effort is about, one of ``vocabulary.FOCUS_AREAS``."""
        return FOCUS_AREAS[int(self._model.living.state.hosts["focus"][self.host])]

    @property
    def scheduled(self) -> ScheduledArena | None:
        """What the scenario says of it, if the municipality decided on it; None for one that a unit began."""
        living = self._model.living
        host = living.state.hosts[self.host]
        if host["kind"] != SCHEDULED:
            return None
        here = [arena for arena in living.scenario.arenas if arena.where == self.municipality]
        return here[int(host["address"]) % 65536 - FIRST_SCHEDULED]

    @property
    def title(self) -> str:
        """The title of a scheduled arena; an empty text for others."""
        scheduled = self.scheduled
        return "" if scheduled is None else scheduled.title

    @property
    def invited(self) -> tuple[str, ...]:
        """The sectors that are invited, the public one always among them."""
        return sectors_in(int(self._row["invited"]))

    @property
    def is_open(self) -> bool:
        """Whether anybody from outside the municipality is invited: a co-creation arena."""
        return self.invited != SECTORS[:1]

    @property
    def phase(self) -> str:
        """The name of its phase in the process model."""
        return self._model.living.theory.phases[int(self._row["phase"])].name

    @property
    def months_open(self) -> int:
        """Months since it opened, the one it opened in among them; 0 before that month is over."""
        return self._model.living.month - self.opened_month if self.is_running else 0

    @property
    def members(self) -> tuple[Any, ...]:
        """The actors who sit in it, as windows, by sector and seat."""
        seated = self._model.living.state.seats["actor"][self._running()]
        return tuple(self._model.actor(row) for row in seated[seated != OUTSIDE].tolist())

    @property
    def n_members(self) -> dict[str, int]:
        """How many of each sector sit in it."""
        seated = self._model.living.state.seats["actor"][self._running()].reshape(len(SECTORS), -1)
        return dict(zip(SECTORS, (seated != OUTSIDE).sum(axis=1).tolist(), strict=True))

    @property
    def constructs(self) -> dict[str, float]:
        """The theory's constructs by name, as shares 0..1 (0.5 is the middle of the -1..1 they move in)."""
        nodes = self._row["nodes"].tolist()
        names = self._model.living.theory.construct_names
        return {name: float(share_of.py_func(node)) for name, node in zip(names, nodes, strict=False)}

    @property
    def readings(self) -> dict[str, float]:
        """What can be read off it since the month that is over, shares 0..1 by the names of the vocabulary."""
        return dict(zip(READINGS, self._row["readings"].tolist(), strict=True))

    @property
    def best_quality(self) -> float:
        """How good its best solution is: 0 no better than chance, 1 the best there is."""
        row = self._row
        best = self._model.living.world.landscape_best[row["landscape"]]
        return float(quality_of.py_func(float(row["best_worth"]), float(best)))

    @property
    def _row(self) -> Any:
        return self._model.living.state.arenas[self._running()]

    def _running(self) -> int:
        """Return the place, or say that this arena has closed."""
        if not self.is_running:
            where = f"arena {self.place} of month {self.opened_month}"
            do = "take model.arenas anew; closed arenas stand in model.record().arenas"
            raise letter(where, "", "an arena that has closed", "one that runs", do)
        return self.place


def running_arenas(model: Model) -> tuple[Arena, ...]:
    """Return windows on the arenas that run, by municipality and host."""
    places = (model.living.state.arenas["phase"] >= 0).nonzero()[0].tolist()
    return tuple(Arena(model, place) for place in places)
