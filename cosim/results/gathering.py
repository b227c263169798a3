"""Columns of runs put together from every shard that holds some of them.

Floor 2. Comes in: an index and the runs wanted. Goes out: their columns as arrays. A later study may have measured more
of the same runs, so columns of one run may lie in several shards; where two say the same, they must say it to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosim.errors import Complaint, StoreError
from cosim.results.keys import KEY, as_hex, from_binary
from cosim.results.runindex import Positions, RunIndex, Shard
from cosim.results.shards import FIXED, TEXTS, path_of

OUTCOMES_AT_ONCE: Final = 16
"""Outcomes compared in one pass when all are, so that memory does not grow with their number."""


class Gathering:
    """Columns of some runs put together from every shard that holds some of them.

    Parameters
    ----------
    index : RunIndex
    wanted : (run,) positions, rising, each once
    outcomes : names; NaN where an outcome was not measured
    complain : what to do with a contradiction
    compare_fixed : whether a shard is opened only to see that it agrees about point, replicate and seed

    Attributes
    ----------
    fixed : ``point``, ``replicate``, ``seed``, each (run,)
    values : outcome to (run,)
    texts : row to the four texts of a run that failed somewhere
    """

    def __init__(
        self,
        index: RunIndex,
        wanted: Positions,
        outcomes: Sequence[str],
        complain: Callable[[Complaint], None],
        *,
        compare_fixed: bool = False,
    ) -> None:
        n_runs = len(wanted)
        self.index, self.wanted, self.outcomes = index, wanted, outcomes
        self.fixed: dict[str, NDArray[Any]] = {
            "point": np.zeros(n_runs, KEY),
            "replicate": np.zeros(n_runs, np.int64),
            "seed": np.zeros(n_runs, np.uint64),
        }
        self.values = {name: np.full(n_runs, np.nan) for name in outcomes}
        self.texts: dict[int, tuple[str, ...]] = {}
        self._known = np.zeros(n_runs, dtype=bool)
        self._measured = {name: np.zeros(n_runs, dtype=bool) for name in outcomes}
        self._complain, self._compare_fixed = complain, compare_fixed

    def gather(self) -> Gathering:
        """Read every shard that has something to say, and return itself."""
        slots = np.full(len(self.index), -1, np.int32)
        slots[self.wanted] = np.arange(len(self.wanted), dtype=np.int32)
        for shard in self.index.shards:
            slot = slots[shard.positions]
            rows = np.flatnonzero(slot >= 0)
            if len(rows):
                self._add(shard, rows, slot[rows])
        return self

    def _add(self, shard: Shard, rows: Positions, slot: NDArray[np.int32]) -> None:
        here = [name for name in self.outcomes if name in shard.outcomes]
        failed = shard.failed[rows]
        nothing_new = bool(self._known[slot].all()) and not here and not failed.any()
        if nothing_new and not self._compare_fixed:
            return
        table = shard.read([*FIXED, *here, *(TEXTS if failed.any() else ())], rows)
        known = self._known[slot]
        for name in FIXED:
            column = from_binary(table[name]) if name == "point" else table[name].to_numpy()
            self._lay(self.fixed[name], slot, column, known, shard, name)
        self._known[slot] = True
        done = ~failed
        for name in here:
            values, where = table[name].to_numpy()[done], slot[done]
            measured = self._measured[name]
            self._lay(self.values[name], where, values, measured[where], shard, name)
            measured[where] = True
        if failed.any():
            texts = zip(*(table[name].to_numpy()[failed] for name in TEXTS), strict=True)
            for row, told in zip(slot[failed].tolist(), texts, strict=True):
                self.texts.setdefault(row, told)

    def _lay(
        self,
        onto: NDArray[Any],
        slot: NDArray[np.int32],
        column: NDArray[Any],
        known: NDArray[np.bool_],
        shard: Shard,
        name: str,
    ) -> None:
        """Lay values where nothing lies yet, and compare them to the bit where something does."""
        if known.any():
            here, there = column[known], onto[slot[known]]
            if column.dtype == np.float64:
                here, there = here.view(np.uint64), there.view(np.uint64)
            if len(differ := np.flatnonzero(here != there)):
                row = int(slot[known][differ[0]])
                found = f"{_word(onto[row])} in the first, {_word(column[known][differ[0]])} in the second"
                self._complain(self._contradiction(row, shard, name, found, len(differ)))
        onto[slot[~known]] = column[~known]

    def _contradiction(self, row: int, shard: Shard, name: str, found: str, n_runs: int) -> Complaint:
        position = self.wanted[row]
        other = next(
            one
            for one in self.index.shards
            if (name in FIXED or name in one.outcomes)
            and np.any((one.positions == position) & ((name in FIXED) | ~one.failed))
        )
        run = as_hex(self.index.keys[position : position + 1])[0]
        more = f", and {n_runs - 1} more of its runs" if n_runs > 1 else ""
        return Complaint(
            shard.place.name,
            f"{path_of(other.name)} and {path_of(shard.name)}",
            f"run {run}: {name} is {found}{more}",
            "the same bits wherever the same run was stored",
            "find out which of the two another version of the model or of the keys made, and move that file away",
        )


def _word(value: Any) -> str:
    return value.ljust(KEY.itemsize, b"\0").hex() if isinstance(value, bytes) else repr(value.item())


def refuse(complaint: Complaint) -> None:
    """Raise the letter about a contradiction: numbers that may be wrong are not handed on."""
    raise StoreError([complaint])


def find_contradictions(index: RunIndex) -> list[Complaint]:
    """Return a complaint for every two shards of which one says of a run what the other denies."""
    times = np.zeros(len(index), np.int32)
    for shard in index.shards:
        times[shard.positions] += 1
    wanted = np.flatnonzero(times > 1)
    complaints: list[Complaint] = []
    if len(wanted):
        for at in range(0, max(len(index.outcomes), 1), OUTCOMES_AT_ONCE):
            some = index.outcomes[at : at + OUTCOMES_AT_ONCE]
            Gathering(index, wanted, some, complaints.append, compare_fixed=at == 0).gather()
    return complaints
