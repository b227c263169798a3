"""Makes a sample of a study's runs again and compares the bits. Floor 7."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.errors import Complaint, StoreError
from cosim.measurement.groups import measure_columns
from cosim.processes.compile import compile_process
from cosim.results.runstore import RunStore
from cosim.run import prepare, run_prepared
from cosim.study.keeping import MANIFEST, RUNS, read_study_manifest
from cosim.study.points import Point, model_version, point_from

SAMPLE_SEED = 20240105


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a sample: how many runs were made again, how many were the same to the bit, and a sentence for
    each that was not.
    """

    n: int
    same: int
    told: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether every run that was made again came out the same."""
        return self.n > 0 and self.same == self.n


def verify_study(folder: Path, store: str | None = None, *, n: int = 20) -> Verified:
    """Return whether runs of a study's folder come out the same again.

    Parameters
    ----------
    folder : results of a study
    store : where its runs lie now; where they lay by default
    n : runs to make again, drawn evenly over all of them

    Raises
    ------
    StoreError
        It is no study's folder, a file in it is not as it was written, or the store is not there.
    """
    manifest = read_study_manifest(folder)
    if not manifest:
        do = "give the folder that cosim sweep, compare or claims wrote; for a single run there is its page's command"
        raise StoreError([Complaint(str(folder), MANIFEST, "no study's results", "a study's folder", do)])
    _look_at_files(folder, manifest)
    runs = pd.read_parquet(folder / f"{RUNS}.parquet")
    keys = runs["key"].to_numpy(str)
    rng = np.random.default_rng(SAMPLE_SEED)
    chosen = np.sort(rng.choice(len(keys), min(n, len(keys)), replace=False))
    kept = str(manifest["store"])
    place = store or (kept if "://" in kept else str(Path(kept).expanduser()))
    return remake(RunStore(place), [str(key) for key in keys[chosen]])


def remake(store: RunStore, keys: Sequence[str], *, let_fall: bool = False) -> Verified:
    """Return whether these runs of a store come out the same again; one that fell, whether it falls the same way.

    Parameters
    ----------
    store, keys : which runs
    let_fall : whether a run that falls falls here, with all that led to it
    """
    found = store.read(list(keys))
    told: list[str] = []
    texts = store.read_points(sorted({one for one in found["point"] if one}))
    same = n = 0
    outcomes = [name for name in found.columns if found[name].dtype == np.float64]
    measured = {name: {key for key, not_there in zip(keys, store.missing(keys, [name]), strict=True) if not not_there}
                for name in outcomes}  # fmt: skip
    for row in found.to_dict("records"):
        key = str(row["key"])
        if row["status"] == "missing":
            told.append(f"{key} is not in the store")
            continue
        point = point_from(texts[str(row["point"])])
        if bytes(point.run_keys([int(row["replicate"])])[0]).hex() != key:
            told.append(f"{key} was made by another model than this one ({model_version()}): it cannot be made again")
            continue
        n += 1
        columns = [name for name in outcomes if key in measured[name]]
        other = _compare(row, point, columns, let_fall=let_fall)
        told += [f"{key} {other}"] if other else []
        same += not other
    return Verified(n, same, tuple(told))


def _compare(row: Mapping[Any, Any], point: Point, columns: Sequence[str], *, let_fall: bool) -> str:
    """Return how a run that is made again differs from what was stored of it; nothing if it does not."""
    fell = f"{row['kind']}: {row['message']}" if row["status"] == "failed" else ""
    try:
        prepared = prepare(point.scenario, compile_process(point.model))
        again = measure_columns(run_prepared(prepared, int(row["replicate"])), columns)
    except Exception as fault:
        if let_fall:
            raise
        now = f"{type(fault).__name__}: {fault}"
        return "" if now == fell else f"falls now, with {now}; it " + (f"fell with {fell}" if fell else "did not then")
    if fell:
        return f"fell in stage {row['stage']} with {fell}; now it does not"
    apart = [name for name in columns if not np.array_equal(again[name], row[name], equal_nan=True)]
    if not apart:
        return ""
    return f"differs in {', '.join(apart[:5])}: {row[apart[0]]!r} was stored, {again[apart[0]]!r} now"


def _look_at_files(folder: Path, manifest: dict[str, object]) -> None:
    """Raise a letter naming every file that is not as it was written."""
    files = manifest["files"]
    assert isinstance(files, dict)
    complaints = []
    for name, written in files.items():
        path = folder / str(name)
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            digest = ""
        if digest != written["sha256"]:
            found = "is not there" if not digest else "is not as it was written"
            complaints.append(Complaint(str(folder), str(name), found, "the file as the study left it"))
    if complaints:
        raise StoreError(complaints)
