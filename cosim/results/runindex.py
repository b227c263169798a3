"""Which run lies in which shard, held in memory as arrays.

Floor 2. Comes in: the keys of every shard, and which of its runs failed. Goes out: which runs are there with which
outcomes. No outcome is read: of a million runs the index is some tens of megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cosim.results.keys import KEY, Keys, find_keys
from cosim.results.places import Place
from cosim.results.shards import read_columns

DONE: Final = np.uint8(1)
FELL: Final = np.uint8(2)

Positions = NDArray[np.int64]
Flags = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ShardKeys:
    """What is known of a shard before it has a place in an index.

    ``size`` is in bytes, ``outcomes`` are the names of its columns, ``keys`` and ``failed`` are (row,).
    """

    place: Place
    name: str
    size: int
    outcomes: tuple[str, ...]
    keys: Keys
    failed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard in an index; ``positions`` (row,) say which run each of its rows is."""

    place: Place
    name: str
    size: int
    outcomes: tuple[str, ...]
    positions: NDArray[np.int32]
    failed: NDArray[np.bool_]

    def read(self, columns: Sequence[str], rows: Positions) -> pa.Table:
        """Return columns of some of the rows, which are in rising order."""
        return read_columns(self.place, self.name, columns, rows if len(rows) < len(self.positions) else None)


class RunIndex:
    """Every run of a store once, sorted by key, and the shards it lies in.

    Attributes
    ----------
    keys : (run,) sorted
    shards : sorted by name
    """

    def __init__(self, parts: Iterable[ShardKeys] = ()) -> None:
        parts = sorted(parts, key=lambda one: one.name)
        together = np.concatenate([np.zeros(0, KEY), *[one.keys for one in parts]])
        self.keys, position = np.unique(together, return_inverse=True)
        ends = np.cumsum([len(one.keys) for one in parts], dtype=np.int64)
        split = np.split(position.astype(np.int32), ends[:-1]) if parts else []
        self.shards = tuple(
            Shard(one.place, one.name, one.size, one.outcomes, positions, one.failed)
            for one, positions in zip(parts, split, strict=True)
        )
        self._flags: dict[tuple[str, ...], Flags] = {}
        for shard in self.shards:
            # One row more than there are runs: position -1 is a run that is nowhere.
            flags = self._flags.setdefault(shard.outcomes, np.zeros(len(self.keys) + 1, np.uint8))
            flags[shard.positions] |= np.where(shard.failed, FELL, DONE)

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.keys)

    def parts(self) -> dict[str, ShardKeys]:
        """Return what the index was made of, by the names of the shards."""
        return {
            one.name: ShardKeys(one.place, one.name, one.size, one.outcomes, self.keys[one.positions], one.failed)
            for one in self.shards
        }

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of all outcomes that some shard holds, sorted."""
        return tuple(sorted({name for outcomes in self._flags for name in outcomes}))

    def find(self, keys: Keys) -> Positions:
        """Return the position of each key, -1 where there is no such run."""
        return find_keys(keys, self.keys)

    def flags(self, at: Positions, outcome: str | None = None) -> Flags:
        """Return of some runs whether they were DONE, FELL or both where an outcome was to be measured, or anywhere.

        Parameters
        ----------
        at : (row,) positions; a run that is nowhere, -1, has neither flag
        outcome : one; whichever by default
        """
        found = np.zeros(len(at), np.uint8)
        for outcomes, flags in self._flags.items():
            if outcome is None or outcome in outcomes:
                found |= flags[at]
        return found

    def there(self, at: Positions, outcomes: Sequence[str], *, retry_failed: bool) -> NDArray[np.bool_]:
        """Return of some runs whether they need not be run for these outcomes."""
        anywhere = self.flags(at)
        if not outcomes:
            return np.greater(anywhere & DONE if retry_failed else anywhere, 0)
        only_fell = anywhere == FELL
        enough = np.ones(len(at), dtype=bool)
        for name in outcomes:
            here = self.flags(at, name)
            measured: NDArray[np.bool_] = np.greater(here & DONE, 0)
            enough &= measured if retry_failed else (here > 0) | only_fell
        return enough

    def failed(self, at: Positions, outcomes: Sequence[str]) -> NDArray[np.bool_]:
        """Return of some runs whether they failed: done nowhere, or fallen where one of the outcomes was wanted."""
        failed: NDArray[np.bool_] = self.flags(at) == FELL
        for name in outcomes:
            failed |= self.flags(at, name) == FELL
        return failed

    def in_order_of_shards(self) -> Positions:
        """Return every run once, those of one shard together, as they are fastest read."""
        firsts = [shard.positions[rows] for shard, rows in self.owned()]
        return np.concatenate([np.zeros(0, np.int64), *firsts])

    def owned(self) -> Iterator[tuple[Shard, Positions]]:
        """Yield every shard with its rows, rising, of runs that no earlier shard holds."""
        seen = np.zeros(len(self.keys), dtype=bool)
        for shard in self.shards:
            rows = np.flatnonzero(~seen[shard.positions])
            seen[shard.positions] = True
            yield shard, rows
