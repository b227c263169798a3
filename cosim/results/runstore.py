"""The run store: every simulated run of every study, addressed by what it is, never run twice and never lost.

Floor 2. Comes in: blocks of runs under keys that were made above, and what made each point. Goes out: which runs are
missing, and the outcomes of those that are there. The store knows neither scenarios nor models.

A store is a folder or a prefix in an object store::

    store.json              that it is one, and in which format
    runs/<hash>.parquet     a shard: one block of runs, written once and never changed
    points/<hash>.parquet   a batch of points: point key, version of the model, and the JSON text of what made it
    journal/<time>-<mark>.json
                            who took how long on what: all that would differ were the same runs made again

A row of a shard is a run: ``key`` and ``point`` (16 bytes each), ``replicate``, ``seed``, ``status``, for one that
failed ``stage``, ``kind``, ``message`` and ``command``, then the outcomes that the study measured, as float64. Shards
may hold different outcomes, and a run may lie in several: reading puts them together. A shard is named by the hash of
its content and holds nothing that differs from one making to the next, so two processes that write the same block
write the same file, and stores are merged by copying files. Nobody locks anything.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.errors import Complaint, StoreError
from cosim.results.gathering import find_contradictions
from cosim.results.keys import KeysLike, as_hex, as_keys
from cosim.results.places import Place, open_place
from cosim.results.points import POINTS, Made, PointShelf, check_points
from cosim.results.runframes import StoreSummary, read_frame, refuse_unknown, summarise_runs
from cosim.results.runindex import RunIndex
from cosim.results.sealed import Damaged, damage
from cosim.results.shards import ENDING, RUNS, Table, as_block, encode, path_of, read_block
from cosim.results.shelf import ShardShelf

FORMAT: Final = "cosim run store"
FORMAT_VERSION: Final = 1
STORE: Final = "store.json"
JOURNAL: Final = "journal"
FOLDERS: Final = (RUNS, POINTS, JOURNAL)
_NAME: Final = re.compile(r"[0-9a-f]{32}")


class RunStore:
    """A store of runs in a folder or an object store; opening one reads no run.

    Parameters
    ----------
    place : a folder, or an address such as ``s3://bucket/study`` or ``memory://study``
    create : whether to make one where nothing is yet; one that is there is opened
    skip_damaged : whether shards that are not whole are passed by, their runs counting as missing

    Raises
    ------
    StoreError
        There is no store, something else is there, or it cannot be reached.
    """

    def __init__(self, place: str | Path, *, create: bool = False, skip_damaged: bool = False) -> None:
        self.place = str(place)
        self.skip_damaged = skip_damaged
        self._files: Place = open_place(place)
        self._shards = ShardShelf(self._files, skip_damaged=skip_damaged)
        self._points = PointShelf(self._files, skip_damaged=skip_damaged)
        self._begin(create)
        for folder in ("", *FOLDERS):
            self._files.sweep(folder)

    def __reduce__(self) -> tuple[Callable[..., RunStore], tuple[str, bool]]:
        """Return what pickle needs: another process opens the store for itself."""
        return (_reopen, (self.place, self.skip_damaged))

    def __repr__(self) -> str:
        """Return where the store lies."""
        return f"RunStore({self.place!r})"

    def _begin(self, create: bool) -> None:
        """Read the head of the store, or write it where there is to be one."""
        head = self._head()
        if head is None and not create:
            do = "give the folder of a run store, or have one made"
            raise StoreError([Complaint(self.place, "", f"no {STORE} there", "a run store", do)])
        if head is None and not self._files.is_empty():
            head = self._head()  # somebody may just have made the store
            if head is None:
                found, do = f"files, but no {STORE} among them", "name a folder that is empty or not there yet"
                raise StoreError([Complaint(self.place, "", found, "a run store, or nothing", do)])
        if head is None:
            self._files.make()
            head = json.dumps({"format": FORMAT, "format_version": FORMAT_VERSION}).encode() + b"\n"
            self._files.put(STORE, head)
        try:
            said = json.loads(head)
            kind, version = said["format"], said["format_version"]
        except (ValueError, TypeError, KeyError):
            kind, version = None, None
        if kind != FORMAT or version != FORMAT_VERSION:
            found = "another file of that name" if kind != FORMAT else f"format version {version!r}"
            do = "choose another folder" if kind != FORMAT else "use the version of cosim that wrote it"
            raise StoreError([Complaint(self.place, STORE, found, f"{FORMAT}, format version {FORMAT_VERSION}", do)])

    def _head(self) -> bytes | None:
        try:
            return self._files.read(STORE)
        except FileNotFoundError:
            return None

    @property
    def files(self) -> Place:
        """The place of the store's files, for those who join stores."""
        return self._files

    @property
    def damaged(self) -> tuple[Complaint, ...]:
        """A complaint about each file of runs or points that was passed by because it is not whole."""
        return (*self._shards.damaged, *self._points.damaged)

    def write(self, table: Table) -> str:
        """Write one block of runs as one shard and return its name; nothing and an empty name if it has no runs.

        Parameters
        ----------
        table : arrays, a frame or an Arrow table with ``key``, ``point``, ``replicate``, ``seed``; ``status``
            (``done`` or ``failed``, done by default), ``stage``, ``kind``, ``message``, ``command`` where something
            failed; all others are outcomes. What a run that failed has in them is not kept.

        Raises
        ------
        StoreError
            The columns are not such, the disk is full, or it may not be written.
        """
        block = as_block(table)
        if len(block) == 0:
            return ""
        name = block.name
        self._files.put(path_of(name), encode(block))
        self._shards.forget()
        return name

    def write_points(self, points: Mapping[str, Made]) -> str:
        """Write what made each point, key to an object or its JSON text, and return the name of the batch.

        The order of fields and the spaces between them are not kept. A field ``version`` is told in the summary.
        """
        return self._points.write(points)

    def told_points(self) -> frozenset[str]:
        """Return the points of which it is told what made them, in hexadecimal."""
        return frozenset(as_hex(self._points.versions()[0]))

    def write_journal(self, entry: Mapping[str, Any]) -> str:
        """Write down what differs each time, such as seconds and machine, and return the name of the entry."""
        name = f"{datetime.now(UTC).strftime('%Y%m%dT%H%M%S.%fZ')}-{uuid.uuid4().hex[:12]}"
        text = json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True)
        self._files.put(f"{JOURNAL}/{name}.json", text.encode("utf-8") + b"\n")
        return name

    def refresh(self) -> RunIndex:
        """Return the index of all runs there now, those that other processes wrote among them.

        Raises
        ------
        StoreError
            Shards are not whole and are not to be passed by; every one is named.
        """
        return self._shards.refresh()

    def missing(self, keys: KeysLike, columns: Sequence[str] = (), *, retry_failed: bool = False) -> NDArray[np.bool_]:
        """Return of each key whether its run is still to be made to have all these outcomes.

        Parameters
        ----------
        keys : (key,) hexadecimal texts or arrays of sixteen bytes
        columns : names of outcomes
        retry_failed : whether a run that failed is to be made again; otherwise it counts as there

        Shards that other processes wrote since the last `refresh` or `read` are not looked for: a study asks this once
        for each block it may have to make.

        Returns
        -------
        (key,) truth
        """
        index = self._shards.index
        return ~index.there(index.find(as_keys(keys)), list(columns), retry_failed=retry_failed)

    def read(self, keys: KeysLike | None = None, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return runs with their outcomes, one row for each key.

        Parameters
        ----------
        keys : which runs, in this order; all of them in the order of their keys by default
        columns : names of outcomes; all there are by default, NaN where one was not measured

        Returns
        -------
        frame
            ``key``, ``point``, ``replicate``, ``seed``, ``status``, ``stage``, ``kind``, ``message``, ``command``, then
            the outcomes. ``status`` is ``done``; ``failed`` if a run was done nowhere, or fell where one of the
            outcomes was wanted; ``missing`` if it is not there, or not with all outcomes that were named. Of a run that
            is nowhere the point is empty and the replicate -1.

        Raises
        ------
        StoreError
            All runs are asked for with an outcome that none has; two shards contradict each other; one is not whole.
        """
        asked = None if keys is None else as_keys(keys)
        names = None if columns is None else list(dict.fromkeys(columns))

        def ask(index: RunIndex) -> pd.DataFrame:
            if asked is None:
                refuse_unknown(index, self.place, names or ())
            known = index.outcomes if names is None else names
            return read_frame(index, index.keys if asked is None else asked, known, all_of_them=names is not None)

        return self._shards.steadily(ask)

    def iterate(self, columns: Sequence[str] | None = None, *, batch: int = 100_000) -> Iterator[pd.DataFrame]:
        """Yield all runs that are there now as frames of at most ``batch`` rows, in the order they are fastest read.

        Each frame is as `read` returns it for these runs, and all have the same columns.
        """
        index = self.refresh()
        keys = index.keys[index.in_order_of_shards()]
        names = index.outcomes if columns is None else tuple(dict.fromkeys(columns))
        refuse_unknown(index, self.place, names)
        for begin in range(0, len(keys), batch):
            some = keys[begin : begin + batch]
            yield self._shards.steadily(partial(read_frame, keys=some, names=names, all_of_them=columns is not None))

    def read_points(self, keys: KeysLike) -> dict[str, str]:
        """Return the JSON text of what made each point, by its key in hexadecimal.

        Raises
        ------
        StoreError
            Nothing is known of a point, two batches say different things of it, or a batch is not whole.
        """
        return self._points.read(as_keys(keys, "point"))

    def read_journal(self) -> list[dict[str, Any]]:
        """Return all entries of the journal, the oldest first; what cannot be read of it is left out, as it may be."""
        entries = []
        for name in sorted(self._files.entries(JOURNAL)):
            try:
                entries.append(json.loads(self._files.read(f"{JOURNAL}/{name}")))
            except (FileNotFoundError, ValueError):
                continue
        return entries

    def summarise(self) -> StoreSummary:
        """Return the store in a few numbers; of the runs only their points are read."""
        described, versions = self._points.versions()
        return self._shards.steadily(
            lambda index: summarise_runs(index, self.place, described, versions, len(self.damaged))
        )

    def check(self) -> tuple[Complaint, ...]:
        """Return a complaint about everything that is not as it was written; none if all is well.

        Every shard is read whole and compared with the hash that is its name, every point is read, and shards that
        hold the same runs are compared with each other. Files that are not the store's are named too.
        """
        complaints: list[Complaint] = []
        for file in sorted(self._files.entries(RUNS)):
            name = file.removesuffix(ENDING)
            if name == file or not _NAME.fullmatch(name):
                do = "move it out of the store"
                foreign = damage(self._files, f"{RUNS}/{file}", "a file that is no shard", "shards only", do)
                complaints.append(foreign.complaint)
                continue
            try:
                read_block(self._files, name)
            except Damaged as fault:
                complaints.append(fault.complaint)
            except FileNotFoundError:
                continue  # joined into another since it was listed
        whole = ShardShelf(self._files, skip_damaged=True)
        complaints += whole.steadily(find_contradictions)
        return (*complaints, *check_points(self._files))


def _reopen(place: str, skip_damaged: bool) -> RunStore:
    return RunStore(place, skip_damaged=skip_damaged)
