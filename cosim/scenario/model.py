"""What a scenario is once it has been checked. Floor 4.

Nothing here is checked again: a `Scenario` that exists is right. All of it is frozen, hashable and can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cosim.parameters.catalogue import read_declarations
from cosim.parameters.values import defaults
from cosim.scenario.calendar import Month, write_month

Overlay = tuple[tuple[str, float], ...]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


class Frozen[V](Mapping[str, V]):
    """A mapping that cannot be changed, compares by content, has a hash and can be pickled."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, name: str) -> V:
        """Return the value of a name."""
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        """Return an iterator over the names, in the order they were given."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._items)

    def __hash__(self) -> int:
        """Return a hash of the content, whatever its order."""
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        """Return the content as a dict would be written."""
        return f"Frozen({self._items!r})"


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that takes another value from a month on.

    ``first`` and ``last`` count months from the start of the run; ``last`` is included, and None means it stays.
    ``where`` is empty when the change is everywhere. Of two changes that hold at once the later in the file wins.
    """

    name: str
    to: float
    first: int
    last: int | None
    where: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class ScheduledArena:
    """An arena that the municipality has decided to open, whatever units begin of themselves.

    ``invites`` holds sectors in the order of the vocabulary; the public sector is always among them.
    """

    name: str
    title: str
    where: str
    opens_month: int
    focus: str
    area: str
    invites: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named world: who, when, under which theory, with which values and events.

    ``settings`` holds the values that were set and ``where`` those that hold in one municipality only; what is named
    in neither has its declared default. ``survey_months`` counts from the start, ``months`` itself being the end of the
    run. ``table`` is the path of an own table of municipalities, or None. ``source_text`` (the files as they were
    written) and ``parent`` (the scenario it extends) tell where it came from and do not count when two are compared.
    """

    name: str
    title: str
    title_nb: str
    question: str
    question_nb: str
    reasons: tuple[str, ...]
    process: str
    municipalities: tuple[str, ...]
    table: Path | None
    start: Month
    months: int
    seed: int
    replicates: int
    survey_months: tuple[int, ...]
    people_every: int
    settings: Frozen[float]
    where: Frozen[Frozen[float]]
    changes: tuple[Change, ...]
    arenas: tuple[ScheduledArena, ...]
    source_text: str = field(default="", compare=False, repr=False)
    parent: Scenario | None = field(default=None, compare=False, repr=False)

    def month_text(self, number: int) -> str:
        """Return the text of a month of the run, 0 being the first."""
        return write_month(self.start, number)

    def with_values(self, values: Mapping[str, float]) -> Scenario:
        """Return the same scenario with other values, which hold everywhere and always.

        Values for one municipality and scheduled changes of the same parameters give way, so that whoever varies a
        parameter gets what was asked for.

        Parameters
        ----------
        values : mapping of str to float
            Checked values (see `cosim.parameters.values.check_values`) by dotted name.
        """
        kept = {
            place: Frozen({name: value for name, value in local.items() if name not in values})
            for place, local in self.where.items()
        }
        return replace(
            self,
            settings=Frozen({**self.settings, **values}),
            where=Frozen({place: local for place, local in kept.items() if local}),
            changes=tuple(change for change in self.changes if change.name not in values),
        )

    def values_in(self, municipality: str, month: int = 0) -> dict[str, float]:
        """Return every parameter's value in a municipality and month, by dotted name in declared order."""
        return defaults() | dict(self._overlay(*self._local(municipality), month))

    def setting_table(self) -> tuple[list[dict[str, float]], IntArray]:
        """Return the distinct rows of values, and which of them holds when and where.

        Returns
        -------
        rows : list of dict, [R]
            Every parameter's value by dotted name, in declared order.
        row_of : array of int64, [months, M]
            Municipalities in the scenario's order.
        """
        numbers: dict[Overlay, int] = {}
        alike: dict[tuple[Frozen[float], tuple[Change, ...]], int] = {}
        row_of = np.zeros((self.months, len(self.municipalities)), np.int64)
        for m, municipality in enumerate(self.municipalities):
            own, changes = self._local(municipality)
            twin = alike.setdefault((own, changes), m)
            if twin != m:
                row_of[:, m] = row_of[:, twin]
                continue
            edges = {0, self.months}
            for change in changes:
                edges |= {change.first} if change.last is None else {change.first, change.last + 1}
            inside = sorted(edge for edge in edges if 0 <= edge <= self.months)
            for begin, end in pairwise(inside):
                overlay = self._overlay(own, changes, begin)
                row_of[begin:end, m] = numbers.setdefault(overlay, len(numbers))
        usual = defaults()
        return [usual | dict(overlay) for overlay in numbers], row_of

    def _local(self, municipality: str) -> tuple[Frozen[float], tuple[Change, ...]]:
        """Return the values that hold in one municipality only, and the changes that reach it."""
        changes = (change for change in self.changes if not change.where or municipality in change.where)
        return self.where.get(municipality, Frozen({})), tuple(changes)

    def _overlay(self, own: Frozen[float], changes: tuple[Change, ...], month: int) -> Overlay:
        """Return what differs from the declared defaults in a month, in declared order."""
        values = dict(self.settings) | dict(own)
        for change in changes:
            if change.first <= month and (change.last is None or month <= change.last):
                values[change.name] = change.to
        usual = defaults()
        return tuple((name, values[name]) for name in usual if values.get(name, usual[name]) != usual[name])


def one_default(name: str) -> float:
    """Return one parameter's declared default.

    Examples
    --------
    >>> one_default("talk.base")
    0.8
    """
    return read_declarations()[name].default
