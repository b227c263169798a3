"""Actors as Mesa sees them: windows on a row, which read and write the engine's columns and own nothing. Floor 5.

Windows are made when somebody looks, and each row has at most one. One of Mesa's two doors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from mesa.agent import Agent, AgentSet

from cosim.engine.kernels.peopling import LEAST, MOST
from cosim.errors import CosimError, nearest
from cosim.model.arenas import Arena
from cosim.model.letters import check_number, letter
from cosim.model.people import COLUMNS, NUMBERS, TRUSTS
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]

_MESA: Final = ("model", "unique_id", "pos", "row")
_LIMITS: Final = dict.fromkeys(NUMBERS, (0.0, 1.0)) | dict.fromkeys(TRUSTS, (LEAST, MOST)) | {"fatigue": (0.0, np.inf)}
_LISTED: Final = frozenset(COLUMNS) - {"trust", "commitment"}
"""Columns whose entries, made a list, are what the windows themselves would say."""


def _number(name: str, what: str) -> Any:
    """Return a property that reads and writes one trait where the truth stands."""
    low, high = _LIMITS[name]

    def read(self: Actor) -> float:
        return float(self.model.living.people.read(self.row, name))

    def write(self: Actor, value: Any) -> None:
        self.model.living.people.write(self.row, name, check_number(f"actor {self.row}", name, value, low, high))

    return property(read, write, doc=what)


def _word(name: str, what: str) -> Any:
    """Return a property that reads one of an actor's words."""

    def read(self: Actor) -> str | None:
        word: str | None = self.model.living.people.word(self.row, name)
        return word

    return property(read, doc=what)


class Actor(Agent):
    """A window on one actor: a person, or ``persons_per_actor`` of them.

    What is read is what the next month will find: a seated person's traits from the seat, an outsider's fatigue and
    identity as they have faded by now. What is written changes the run from the next month on; shares are checked, and
    outside a seat kept with seven digits. Attributes that are no trait cannot be set, so that a misspelt one is not
    lost. ``model.actor(row)`` and ``model.agents`` give windows; there is no other way to come by one.

    ``unique_id`` is the row + 1. ``pos`` is Mesa's, for whoever wants to draw actors somewhere.
    """

    row: int
    """Place in the engine's columns, by municipality, then sector."""

    optimism = _number("optimism", "Share 0..1.")
    identity = _number("identity", "Local identity, share 0..1; it is drawn back to its anchor month by month.")
    identity_anchor = _number("identity_anchor", "Where local identity is drawn back to, share 0..1.")
    creativity = _number("creativity", "Share 0..1.")
    framing = _number("framing", "How the actor sees the problem, 0..1.")
    framing_anchor = _number("framing_anchor", "How the actor saw the problem before meeting anybody, 0..1.")
    fatigue = _number("fatigue", "0 or more; it fades month by month.")
    trust_public = _number("trust_public", "Trust in the public sector, 0.02..0.98; see `trust`.")
    trust_private = _number("trust_private", "Trust in firms, 0.02..0.98; see `trust`.")
    trust_civic = _number("trust_civic", "Trust in citizens and voluntary groups, 0.02..0.98; see `trust`.")
    trust_research = _number("trust_research", "Trust in research, 0.02..0.98; see `trust`.")
    sector = _word("sector", "One of ``vocabulary.SECTORS``.")
    municipality = _word("municipality", "The key of the municipality.")
    age_group = _word("age_group", "One of ``vocabulary.AGE_GROUPS``.")
    former_municipality = _word("former_municipality", "The unit that was merged into this one in 2020; None without.")

    def __init__(self, model: Any, row: int | None = None) -> None:
        object.__setattr__(self, "row", row)
        super().__init__(model)

    def __repr__(self) -> str:
        """Return the sector, the row and the municipality."""
        return f"<{type(self).__name__} {self.row} in {self.municipality}>"

    def __setattr__(self, name: str, value: Any) -> None:
        """Write a trait; refuse what is none."""
        if name not in _MESA and name not in _WRITABLE:
            where, allowed = f"actor {getattr(self, 'row', '?')}", "one of " + ", ".join(_WRITABLE)
            raise letter(where, name, "something that cannot be written", allowed, nearest(name, _WRITABLE))
        object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy needs: there is nothing but the model and the row."""
        window = (window_on, (type(self), self.model, self.row))
        return window if self.pos is None else (*window, {"pos": self.pos})

    @property
    def trust(self) -> Array:
        """Trust in the four sectors, [4] shares in the order of ``vocabulary.SECTORS``; a copy that refuses writing.

        Write it whole (``actor.trust = [0.5, 0.6, 0.7, 0.6]``) or one share (``actor.trust_civic = 0.7``). Trust rests
        on evidence, and the amount of it is kept: who has seen much is as hard to move after the write as before.
        """
        people = self.model.living.people
        shares = np.array([people.read(self.row, name) for name in TRUSTS])
        shares.setflags(write=False)
        return shares

    @trust.setter
    def trust(self, shares: Any) -> None:
        where, values = f"actor {self.row}", [*shares] if np.ndim(shares) == 1 else []
        if len(values) != len(TRUSTS):
            raise letter(where, "trust", "something else", "four shares, in the order of " + ", ".join(SECTORS))
        checked = [check_number(where, name, one, LEAST, MOST) for name, one in zip(TRUSTS, values, strict=True)]
        for name, share in zip(TRUSTS, checked, strict=True):
            self.model.living.people.write(self.row, name, share)

    def trust_in(self, sector: str) -> float:
        """Return the trust in one sector, a share."""
        if sector not in SECTORS:
            allowed = "one of " + ", ".join(SECTORS)
            raise letter(f"actor {self.row}", "trust_in", repr(sector), allowed, nearest(str(sector)[:60], SECTORS))
        return float(getattr(self, f"trust_{sector}"))

    @property
    def commitment(self) -> float | None:
        """Commitment to the arena, a share 0..1; None outside, where there is nothing to be committed to."""
        return self.model.living.people.read(self.row, "commitment") if self.is_seated else None

    @commitment.setter
    def commitment(self, value: Any) -> None:
        if not self.is_seated:
            raise letter(f"actor {self.row}", "commitment", "an actor outside any arena", "one who is seated")
        share = check_number(f"actor {self.row}", "commitment", value, 0.0, 1.0)
        self.model.living.people.write(self.row, "commitment", share)

    @property
    def is_seated(self) -> bool:
        """Whether the actor is a member of an arena."""
        return bool(self.model.living.people.seat_of(self.row) >= 0)

    @property
    def arena(self) -> Arena | None:
        """The arena the actor is a member of, as a window; None outside."""
        seat = self.model.living.people.seat_of(self.row)
        return None if seat < 0 else Arena(self.model, seat // self.model.living.world.n_seats)

    def step(self) -> None:
        """Do nothing: a month is lived by all together, in the engine, when the model steps.

        Who is asked, who comes, what they make of one another: all that needs an arena, not one actor's turn. So
        ``model.agents.shuffle_do("step")`` changes nothing; a rule of your own is a function of an actor, which
        ``model.agents.shuffle_do(rule)`` lets everybody follow between two months.
        """


_WRITABLE: Final = (*NUMBERS, "trust", "commitment")


class PublicActor(Actor):
    """Somebody who works for the municipality or another public body."""


class PrivateActor(Actor):
    """Somebody who speaks for a firm."""


class CivicActor(Actor):
    """A citizen, alone or for a voluntary group."""


class ResearchActor(Actor):
    """Somebody who speaks for research."""


ACTORS: Final = (PublicActor, PrivateActor, CivicActor, ResearchActor)
"""The class of each sector's actors, in the order of ``vocabulary.SECTORS``."""


def window_on(kind: type[Actor], model: Any, row: int) -> Actor:
    """Return the one window on a row of a copied model, whose own attributes may not be back yet."""
    windows: dict[int, Actor] = model.__dict__.setdefault("windows", {})
    if row not in windows:
        window = windows[row] = kind.__new__(kind)
        window.__dict__.update(model=model, row=row, unique_id=row + 1, pos=None)
    return windows[row]


class ActorSet(AgentSet):
    """All actors of a model, or of one sector: a Mesa AgentSet that makes its windows when it must.

    ``len``, ``in``, ``get`` and ``agg`` of a column read the engine's columns and make no window. Every other verb
    makes one for each actor of the set the first time, and is Mesa's own. What would change the set itself is refused
    with a letter: people are drawn with the world, and the model's own sets keep their order. What the verbs return
    (selections, groups, shuffled and sorted sets) are plain AgentSets.
    """

    def __init__(self, model: Any, sector: int | None = None) -> None:
        self.model = model
        self.sector_number = sector

    def __getattr__(self, name: str) -> Any:
        """Become a full AgentSet when Mesa looks for what it keeps the agents in."""
        if name == "random":
            return self.model.random
        if name != "_agents":
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        super().__init__(self.model.make_windows(self.rows), random=self.model.random)
        return self._agents

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy needs: there is nothing but the model and the sector."""
        return (set_of, (self.model, self.sector_number))

    def __repr__(self) -> str:
        """Return how many there are, of which sector."""
        which = "actors" if self.sector_number is None else f"{SECTORS[self.sector_number]} actors"
        return f"<ActorSet of {len(self)} {which}>"

    @property
    def rows(self) -> Array:
        """The rows of the actors in the set."""
        rows: Array = self.model.living.people.rows_of(self.sector_number)
        return rows

    def __len__(self) -> int:
        """Return how many actors there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Actor]:
        """Yield the window on each actor, row by row."""
        return iter(self.model.make_windows(self.rows))

    def __contains__(self, agent: object) -> bool:
        """Return whether an agent is a window on one of these actors."""
        ours = isinstance(agent, Actor) and agent.model is self.model
        return ours and (self.sector_number is None or isinstance(agent, ACTORS[self.sector_number]))

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Return an attribute of every actor, or several: columns are read without making windows."""
        names = [attr_names] if isinstance(attr_names, str) else [*attr_names]
        if handle_missing not in ("error", "default") or not _LISTED.issuperset(names):
            return list(super().get(attr_names, handle_missing, default_value))
        rows = slice(None) if self.sector_number is None else self.rows
        columns = [self.model.living.people.column(name)[rows].tolist() for name in names]
        return columns[0] if isinstance(attr_names, str) else [[*values] for values in zip(*columns, strict=True)]

    def copy(self) -> AgentSet:
        """Return a plain AgentSet of the same actors, which may be changed."""
        return AgentSet(self.model.make_windows(self.rows), random=self.model.random)

    __copy__ = copy

    @classmethod
    def _from_iterable(cls, agents: Iterator[Actor]) -> AgentSet:
        """Return what ``&``, ``|``, ``-`` and ``^`` give: a plain AgentSet."""
        return AgentSet(agents)

    def select(self, *args: Any, inplace: bool = False, **kwargs: Any) -> AgentSet:
        """Return the actors that pass a filter, as Mesa's ``select``; not in place."""
        return self._not_in(inplace).copy().select(*args, **kwargs)

    def shuffle(self, inplace: bool = False) -> AgentSet:
        """Return the actors in a random order, as Mesa's ``shuffle``; not in place."""
        return self._not_in(inplace).copy().shuffle(inplace=True)

    def sort(self, key: Callable[[Actor], Any] | str, ascending: bool = False, inplace: bool = False) -> AgentSet:
        """Return the actors sorted, as Mesa's ``sort``; not in place."""
        return self._not_in(inplace).copy().sort(key, ascending, inplace=True)

    def groupby(self, *args: Any, **kwargs: Any) -> Any:
        """Return the actors in groups, as Mesa's ``groupby``."""
        return self.copy().groupby(*args, **kwargs)

    def add(self, agent: Any) -> None:
        """Refuse: nobody can be added."""
        raise _refuse_membership(repr(agent))

    def discard(self, agent: Any) -> None:
        """Refuse: nobody can be taken out."""
        raise _refuse_membership(repr(agent))

    def remove(self, agent: Any) -> None:
        """Refuse: nobody can be taken out."""
        raise _refuse_membership(repr(agent))

    def _not_in(self, inplace: bool) -> ActorSet:
        if inplace:
            raise letter("agents", "inplace", "True", "False", "the model's own set stays as it is; use agents.copy()")
        return self


def set_of(model: Any, sector: int | None = None) -> ActorSet:
    """Return the one set of a model's actors, or of a sector's."""
    sets: dict[int | None, ActorSet] = model.__dict__.setdefault("sets", {})
    if sector not in sets:
        sets[sector] = ActorSet(model, sector)
    return sets[sector]


def _refuse_membership(found: str) -> CosimError:
    """Return the letter about somebody who would be added or taken out."""
    do = "people are drawn with the world: set population.persons_per_actor, or change a copy (agents.copy())"
    return letter("agents", "", found, "the actors that were drawn, no more and no less", do)
