"""Runs as frames, and a store in a few numbers.

Floor 2. Comes in: an index of runs. Goes out: a frame with a row for each run asked for, which says of each whether it
was done, failed or is missing; and the summary of what a store holds.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from cosim.errors import Complaint, StoreError, nearest
from cosim.results.gathering import Gathering, refuse
from cosim.results.keys import KEY, Keys, as_hex_column, find_keys, from_binary
from cosim.results.runindex import DONE as MEASURED
from cosim.results.runindex import FELL, RunIndex
from cosim.results.shards import DONE, FAILED, TEXTS

STORE_WORD: Final = "{store}"
"""Stands in a failed run's command for where the store lies: runs are the same wherever they are kept."""
MISSING: Final = "missing"
"""The status of a run that was asked for and is not there, or not with all outcomes asked for."""
NOT_SAID: Final = "not said"
"""The model version of runs whose point names none."""


def read_frame(index: RunIndex, keys: Keys, names: Sequence[str], *, all_of_them: bool) -> pd.DataFrame:
    """Return runs with outcomes; NaN where one was not measured.

    Parameters
    ----------
    index : RunIndex
    keys : (row,) in any order and any number of times
    names : outcomes, each once
    all_of_them : whether a run that lacks one of the outcomes is missing
    """
    at = index.find(keys)
    wanted, back = np.unique(at[at >= 0], return_inverse=True)
    gathering = Gathering(index, wanted, names, refuse).gather()
    # What is laid out for a run that is nowhere stands last.
    rows = np.full(len(at), len(wanted))
    rows[at >= 0] = back
    there = index.there(at, names if all_of_them else (), retry_failed=False)
    failed = index.failed(at, names) & there
    points = as_hex_column(gathering.fixed["point"][back])
    columns: dict[str, Any] = {
        "key": as_hex_column(keys),
        "point": points if len(back) == len(at) else _spread(points, at >= 0),
        "replicate": np.append(gathering.fixed["replicate"], -1)[rows],
        "seed": np.append(gathering.fixed["seed"], np.uint64(0))[rows],
        "status": _words(np.where(failed, FAILED, np.where(there, DONE, MISSING))),
    }
    fallen = np.flatnonzero(failed).tolist()
    for place, name in enumerate(TEXTS):
        told = np.full(len(at), "", dtype=object)
        for row in fallen:
            told[row] = gathering.texts[rows[row]][place]
            if name == "command":
                told[row] = told[row].replace(STORE_WORD, shlex.quote(index.shards[0].place.name))
        columns[name] = _words(told)
    for name in names:
        columns[name] = np.append(gathering.values.pop(name), np.nan)[rows]
    return pd.DataFrame(columns, copy=False)


def _words(column: NDArray[Any]) -> Any:
    return pa.array(column, pa.string()).to_pandas()


def _spread(column: pd.Series, there: NDArray[np.bool_]) -> Any:
    """Return a column with an empty text in every row that is not there."""
    spread = np.full(len(there), "", dtype=object)
    spread[there] = column
    return _words(spread)


def refuse_unknown(index: RunIndex, place: str, names: Sequence[str]) -> None:
    """Raise a letter about outcomes that no shard holds; of a store without runs nothing can be said."""
    known = index.outcomes
    complaints = [
        Complaint(place, name, "an outcome that no shard holds", ", ".join(known[:20]), nearest(name, known))
        for name in names
        if name not in known and len(index)
    ]
    if complaints:
        raise StoreError(complaints)


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """What a store holds.

    Attributes
    ----------
    place : where it lies
    n_runs, n_failed : runs, and those of them that were never done
    n_points, n_described : points that the runs belong to, and those whose making is told
    n_shards, n_bytes : files of runs
    outcomes : name to the number of runs it was measured in
    model_versions : version to the number of runs, ``not said`` where the point names none
    n_damaged : shards passed by
    """

    place: str
    n_runs: int
    n_failed: int
    n_points: int
    n_described: int
    n_shards: int
    n_bytes: int
    outcomes: dict[str, int]
    model_versions: dict[str, int]
    n_damaged: int


def summarise_runs(
    index: RunIndex, place: str, described: Keys, versions: Sequence[str], n_damaged: int
) -> StoreSummary:
    """Return a store in a few numbers, read shard by shard.

    Parameters
    ----------
    described, versions : points whose making is told, sorted, and the version of the model each names
    """
    points, n_runs = np.zeros(0, KEY), np.zeros(0, np.int64)
    for shard, rows in index.owned():
        if len(rows):
            here = from_binary(shard.read(["point"], rows)["point"])
            points, back = np.unique(np.concatenate([points, here]), return_inverse=True)
            more = np.bincount(back[len(n_runs) :], minlength=len(points))
            more[back[: len(n_runs)]] += n_runs
            n_runs = more
    at = find_keys(points, described)
    every = np.arange(len(index))
    by_version: dict[str, int] = {}
    for place_of, number in zip(at.tolist(), n_runs.tolist(), strict=True):
        version = (versions[place_of] if place_of >= 0 else "") or NOT_SAID
        by_version[version] = by_version.get(version, 0) + number
    return StoreSummary(
        place=place,
        n_runs=len(index),
        n_failed=int(np.count_nonzero(index.flags(every) == FELL)),
        n_points=len(points),
        n_described=int(np.count_nonzero(at >= 0)),
        n_shards=len(index.shards),
        n_bytes=sum(shard.size for shard in index.shards),
        outcomes={name: int(np.count_nonzero(index.flags(every, name) & MEASURED)) for name in index.outcomes},
        model_versions=dict(sorted(by_version.items())),
        n_damaged=n_damaged,
    )
