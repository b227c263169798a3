"""The shards of a store as they are now: others write, join and damage them while one reads.

Floor 2. Comes in: a place. Goes out: an index of its runs that is renewed when files came or went, and answers from an
index that held while it was asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from cosim.errors import Complaint, StoreError
from cosim.results.places import Place
from cosim.results.runindex import RunIndex, ShardKeys
from cosim.results.sealed import Damaged
from cosim.results.shards import ENDING, RUNS, read_keys

READERS: Final = 8
"""Shards whose keys are read side by side."""
TRIES: Final = 5
"""Times a reading begins anew because shards were joined into others under its eyes."""


class ShardShelf:
    """All shards of a store, and the index of what is in them.

    Parameters
    ----------
    place : where the store lies
    skip_damaged : whether shards that are not whole are passed by
    """

    def __init__(self, place: Place, *, skip_damaged: bool = False) -> None:
        self._place, self._skip_damaged = place, skip_damaged
        self._index: RunIndex | None = None
        self._damaged: dict[tuple[str, int], Complaint] = {}
        self._stale = False
        self._renewing = threading.Lock()

    @property
    def damaged(self) -> tuple[Complaint, ...]:
        """A complaint about each shard that was passed by."""
        return tuple(self._damaged.values())

    def refresh(self) -> RunIndex:
        """Return the index of all runs there now.

        Raises
        ------
        StoreError
            Shards are not whole and are not to be passed by; every one is named.
        """
        with self._renewing:
            self._stale = False
            listed = self._place.entries(RUNS)
            there = {name.removesuffix(ENDING): size for name, size in listed.items() if name.endswith(ENDING)}
            # A file of another size than the damaged one has been mended.
            self._damaged = {one: why for one, why in self._damaged.items() if there.get(one[0]) == one[1]}
            index = self._index or RunIndex()
            held = {shard.name for shard in index.shards}
            new = {one for one in there.items() if one[0] not in held} - self._damaged.keys()
            if new or not held <= there.keys():
                parts = {name: part for name, part in index.parts().items() if name in there}
                self._add(parts, new)
                index = RunIndex(parts.values())
            self._index = index
            return index

    def forget(self) -> None:
        """Have the next question asked of what is there then: this process wrote something."""
        self._stale = True

    @property
    def index(self) -> RunIndex:
        """The index as last renewed, with all that this process has written."""
        index = self._index
        return self.refresh() if index is None or self._stale else index

    def _add(self, parts: dict[str, ShardKeys], new: set[tuple[str, int]]) -> None:
        """Add shards that were not there when last looked."""
        broken: dict[tuple[str, int], Complaint] = {}
        with ThreadPoolExecutor(READERS) as pool:
            for one, seen in zip(new, pool.map(self._look_into, new), strict=True):
                if isinstance(seen, Complaint):
                    broken[one] = seen
                elif seen is not None:
                    parts[one[0]] = seen
        if broken and not self._skip_damaged:
            raise StoreError(broken[one] for one in sorted(broken))
        self._damaged |= broken

    def _look_into(self, one: tuple[str, int]) -> ShardKeys | Complaint | None:
        """Return a shard's keys, what is wrong with it, or nothing if it has gone since it was listed."""
        name, size = one
        try:
            outcomes, keys, failed = read_keys(self._place, name)
        except FileNotFoundError:
            return None
        except Damaged as fault:
            return fault.complaint
        return ShardKeys(self._place, name, size, outcomes, keys, failed)

    def steadily[Answer](self, ask: Callable[[RunIndex], Answer]) -> Answer:
        """Return what is answered from an index whose shards were all there, and whole, while they were read.

        Raises
        ------
        StoreError
            A shard breaks only further in than its keys, and is not to be passed by.
        """
        vanished = 0
        while True:
            index = self.refresh()
            try:
                return ask(index)
            except FileNotFoundError as error:
                vanished += 1
                if vanished == TRIES:
                    raise self._place.letter(error, RUNS) from error
            except Damaged as fault:
                if not self._skip_damaged:
                    raise StoreError([fault.complaint]) from fault
                self._pass_by(fault)

    def _pass_by(self, fault: Damaged) -> None:
        with self._renewing:
            parts = self._index.parts() if self._index else {}
            name = fault.path.removeprefix(f"{RUNS}/").removesuffix(ENDING)
            part = parts.pop(name, None)
            if part is not None:
                self._damaged[name, part.size] = fault.complaint
                self._index = RunIndex(parts.values())
