"""Stores merged into one, and many small files of a store made into fewer large ones.

Floor 2. Both only ever add files before they take any away, so whoever is stopped half-way leaves a store that says
the same: some runs may lie in it twice, which is harmless.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from cosim.errors import Complaint, StoreError
from cosim.results.gathering import find_contradictions
from cosim.results.places import Place
from cosim.results.points import ENDING, POINTS, PointShelf, encode_points
from cosim.results.runindex import RunIndex, Shard
from cosim.results.runstore import JOURNAL, RunStore
from cosim.results.sealed import Damaged
from cosim.results.shards import encode, join, path_of, read_block

RUNS_A_SHARD: Final = 200_000
"""About as many runs as a shard is to have: with a dozen outcomes some twenty megabytes."""
LETTERS_A_BATCH: Final = 50_000_000
"""About as long as the texts of a batch of points are to be."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: shards, runs and batches of points that were not there, and entries of the journal."""

    n_shards: int
    n_runs: int
    n_batches: int
    n_entries: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """Shards of runs and batches of points, before and after."""

    shards_before: int
    shards_after: int
    batches_before: int
    batches_after: int


@contextmanager
def _letters(place: str) -> Iterator[None]:
    """Turn what may befall the files on the way into letters."""
    try:
        yield
    except Damaged as fault:
        raise StoreError([fault.complaint]) from fault
    except FileNotFoundError as error:
        found, allowed = "a file went while it was read", "stores that nobody compacts just now"
        raise StoreError([Complaint(place, "", found, allowed, "give the same command again")]) from error


def merge(into: RunStore, others: Sequence[RunStore]) -> Merged:
    """Copy what other stores hold and this one does not, and return how much that was.

    Nothing is copied before all is known to agree; what is alike is passed over.

    Parameters
    ----------
    into : the store that is to hold all
    others : stores that stay as they are

    Raises
    ------
    StoreError
        Two of the stores contradict each other, or a file is not what was written.
    """
    mine = into.refresh()
    parts = mine.parts()
    for other in others:
        parts = other.refresh().parts() | parts
    together = RunIndex(parts.values())
    held = {shard.name for shard in mine.shards}
    with _letters(into.place):
        if complaints := find_contradictions(together):
            raise StoreError(complaints)
        _compare_points((into, *others))
        n_batches = sum(_copy_new(into.files, other.files, POINTS) for other in others)
        n_entries = sum(_copy_new(into.files, other.files, JOURNAL) for other in others)
        new = [shard for shard in together.shards if shard.name not in held]
        for shard in new:
            read_block(shard.place, shard.name)
            into.files.put(path_of(shard.name), shard.place.read(path_of(shard.name)))
    return Merged(len(new), len(into.refresh()) - len(mine), n_batches, n_entries)


def _compare_points(stores: Iterable[RunStore]) -> None:
    """Raise a letter if two stores say different things of a point, or a batch is not as it was written."""
    known: dict[str, bytes] = {}
    seen: set[str] = set()
    for store in stores:
        shelf = PointShelf(store.files)
        for name in shelf.batches().keys() - seen:
            seen.add(name)
            for key, made in shelf.read_batch(name).items():
                mark = hashlib.sha256(made.encode()).digest()
                if known.setdefault(key, mark) != mark:
                    do = "find out which store is wrong, and leave it out"
                    found = f"point {key} made in another way than in the stores before"
                    raise StoreError([Complaint(store.place, POINTS, found, "one way for one point", do)])


def _copy_new(into: Place, other: Place, folder: str) -> int:
    """Copy files that are not there yet and return how many; names say what is in them."""
    new = sorted(other.entries(folder).keys() - into.entries(folder).keys())
    for name in new:
        into.put(f"{folder}/{name}", other.read(f"{folder}/{name}"))
    return len(new)


def compact(store: RunStore, *, runs_a_shard: int = RUNS_A_SHARD) -> Compacted:
    """Make few large shards of many small ones, and the same of points; what a reader is told stays the same.

    A run that was stored twice lies there once afterwards, and one that failed and was done later, as done.

    Parameters
    ----------
    store : the store; others may read it and write to it meanwhile
    runs_a_shard : about as many runs as a shard is to have

    Raises
    ------
    StoreError
        Shards contradict each other, or a file is not as it was written; nothing is taken away then.
    """
    index = store.refresh()
    shelf = PointShelf(store.files, skip_damaged=store.skip_damaged)
    batches = sorted(shelf.batches())
    with _letters(store.place):
        if complaints := find_contradictions(index):
            raise StoreError(complaints)
        for group in _groups(index.shards, runs_a_shard):
            _join_shards(store.files, group)
        _join_batches(store.files, shelf, batches)
    return Compacted(len(index.shards), len(store.refresh().shards), len(batches), len(shelf.batches()))


def _groups(shards: Sequence[Shard], runs_a_shard: int) -> Iterator[list[Shard]]:
    """Yield shards that are to be one: small, and of the same outcomes, for a run may lack what it never measured."""
    alike: dict[tuple[str, ...], list[Shard]] = {}
    for shard in shards:
        if 2 * len(shard.positions) <= runs_a_shard:
            alike.setdefault(shard.outcomes, []).append(shard)
    for small in alike.values():
        group: list[Shard] = []
        n_runs = 0
        for shard in small:
            if n_runs + len(shard.positions) > runs_a_shard and len(group) > 1:
                yield group
                group, n_runs = [], 0
            group.append(shard)
            n_runs += len(shard.positions)
        if len(group) > 1:
            yield group


def _join_shards(place: Place, group: Sequence[Shard]) -> None:
    block = join([read_block(place, shard.name) for shard in group])
    name = block.name
    place.put(path_of(name), encode(block))
    read_block(place, name)  # what is taken away next must be whole in what was just written
    for shard in group:
        if shard.name != name:
            place.remove(path_of(shard.name))


def _join_batches(place: Place, shelf: PointShelf, names: Sequence[str]) -> None:
    together: dict[str, str] = {}
    group: list[str] = []
    for name in names:
        points = shelf.read_batch(name)
        if 2 * _letters_in(points) > LETTERS_A_BATCH:
            continue
        if _letters_in(together) + _letters_in(points) > LETTERS_A_BATCH:
            _put_batch(place, together, group)
            together, group = {}, []
        for key, made in points.items():
            if together.setdefault(key, made) != made:
                do = "find out which of its files is wrong, and move it away"
                found = f"point {key} made in two ways"
                raise StoreError([Complaint(place.name, POINTS, found, "one way for one point", do)])
        group.append(name)
    _put_batch(place, together, group)


def _letters_in(points: dict[str, str]) -> int:
    return sum(map(len, points.values()))


def _put_batch(place: Place, points: dict[str, str], group: Sequence[str]) -> None:
    if len(group) < 2:
        return
    name, content = encode_points(points)
    place.put(f"{POINTS}/{name}{ENDING}", content)
    for old in group:
        if old != f"{name}{ENDING}":
            place.remove(f"{POINTS}/{old}")
