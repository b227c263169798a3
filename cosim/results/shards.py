"""Blocks of runs, and the files that hold one block each.

Floor 2. Comes in: columns as arrays. Goes out: a ``Block`` in one order, its name (a hash of all that is in it), its
bytes, and blocks read back. The same runs give the same name and the same bytes, whoever writes them and in whatever
order they came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cosim.errors import Complaint, StoreError
from cosim.results.keys import KEY, Keys, as_binary, as_hex, as_keys, from_binary
from cosim.results.places import Place
from cosim.results.sealed import damage, read_rows, seal, unsealed

RUNS: Final = "runs"
ENDING: Final = ".parquet"
KIND: Final = "cosim runs"
VERSION: Final = 1
DONE: Final = "done"
FAILED: Final = "failed"
FIXED: Final = ("point", "replicate", "seed")
"""What belongs to a run whatever was measured in it."""
TEXTS: Final = ("stage", "kind", "message", "command")
"""What a run that failed leaves instead of outcomes."""
SCHEMA: Final = pa.schema(
    [
        ("key", pa.binary(KEY.itemsize)),
        ("point", pa.binary(KEY.itemsize)),
        ("replicate", pa.int64()),
        ("seed", pa.uint64()),
        ("status", pa.string()),
        *[(name, pa.string()) for name in TEXTS],
    ]
)

type Table = Mapping[str, Any] | pd.DataFrame | pa.Table
Outcomes = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Block:
    """Runs lying together, each once, sorted by point, replicate and key.

    Attributes
    ----------
    keys : (run,) sixteen bytes each
    fixed : ``point``, ``replicate`` and ``seed``, each (run,)
    failed : (run,) truth
    texts : ``stage``, ``kind``, ``message`` and ``command``, each (run,); empty where the run was done
    outcomes : name to (run,) of float64, names sorted; NaN in every run that failed
    """

    keys: Keys
    fixed: dict[str, NDArray[Any]]
    failed: NDArray[np.bool_]
    texts: dict[str, NDArray[np.object_]]
    outcomes: Outcomes

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.keys)

    def take(self, rows: NDArray[np.int64]) -> Block:
        """Return some of the runs, in the order asked for."""
        return Block(
            self.keys[rows],
            {name: column[rows] for name, column in self.fixed.items()},
            self.failed[rows],
            {name: column[rows] for name, column in self.texts.items()},
            {name: column[rows] for name, column in self.outcomes.items()},
        )

    @property
    def name(self) -> str:
        """The hash of all that is in the block, as 32 hexadecimal digits."""
        summary = hashlib.sha256(f"{KIND} {VERSION}\0".encode())
        summary.update(json.dumps([len(self), *self.outcomes]).encode())
        fallen = np.flatnonzero(self.failed)
        summary.update(json.dumps([self.texts[name][fallen].tolist() for name in TEXTS]).encode())
        columns = [self.keys, *self.fixed.values(), self.failed, *self.outcomes.values()]
        for column in columns:
            little = column.dtype.newbyteorder("<")
            summary.update(np.ascontiguousarray(column.astype(little, copy=False)).tobytes())
        return summary.hexdigest()[:32]


def as_block(table: Table) -> Block:
    """Return columns as a block.

    Parameters
    ----------
    table : ``key``, ``point``, ``replicate`` and ``seed``; ``status`` if any failed, with ``stage``, ``kind``,
        ``message`` and ``command``; every other column is an outcome and becomes float64

    Raises
    ------
    StoreError
        Columns are missing, of unequal length or of another kind, or one run stands there twice with other numbers.
    """
    names = [str(name) for name in (table.column_names if isinstance(table, pa.Table) else table)]
    columns = {name: _plain(table[name]) for name in names}
    needed = ("key", *FIXED)
    complaints = [
        _complaint(name, "no such column", "key, point, replicate and seed") for name in needed if name not in columns
    ]
    if not complaints:
        n_runs = len(columns["key"])
        complaints = [
            _complaint(name, f"{len(one)} values", f"{n_runs}, one for each key")
            for name, one in columns.items()
            if len(one) != n_runs
        ]
    if complaints:
        raise StoreError(complaints)
    keys, points = as_keys(columns.pop("key"), "key"), as_keys(columns.pop("point"), "point")
    numbers = {name: _as_whole(name, columns.pop(name), complaints) for name in FIXED[1:]}
    failed = _as_failed(columns.pop("status", np.full(len(keys), DONE)), complaints)
    texts = {name: _as_texts(columns.pop(name, None), failed) for name in TEXTS}
    outcomes = {name: _as_outcome(name, columns[name], failed, complaints) for name in sorted(columns)}
    if complaints:
        raise StoreError(complaints)
    return settle(Block(keys, {"point": points, **numbers}, failed, texts, outcomes))


def _complaint(key: str, found: str, allowed: str) -> Complaint:
    return Complaint("block of runs", key, found, allowed, "report this as a fault of whatever made the block")


def _plain(column: Any) -> NDArray[Any]:
    array = np.asarray(column.to_pylist() if isinstance(column, pa.ChunkedArray | pa.Array) else column)
    return array if array.ndim else array[None]


def _as_whole(name: str, column: NDArray[Any], complaints: list[Complaint]) -> NDArray[Any]:
    kind: type[np.int64 | np.uint64] = np.uint64 if name == "seed" else np.int64
    if len(column) == 0:
        return np.zeros(0, kind)
    if column.dtype.kind not in "iu" or column.ndim > 1:
        complaints.append(_complaint(name, f"values of kind {column.dtype}", "whole numbers"))
    elif int(column.min()) < 0 or int(column.max()) > np.iinfo(kind).max:
        found = f"from {column.min()} to {column.max()}"
        complaints.append(_complaint(name, found, f"0 to {np.iinfo(kind).max}"))
    else:
        return column.astype(kind)
    return np.zeros(len(column), kind)


def _as_failed(column: NDArray[Any], complaints: list[Complaint]) -> NDArray[np.bool_]:
    failed = np.asarray(column == FAILED, dtype=bool)
    if not np.all(failed | (column == DONE)):
        others = sorted({str(one) for one in column[~failed]} - {DONE})
        complaints.append(_complaint("status", ", ".join(others)[:80], f"{DONE}, {FAILED}"))
    return failed


def _as_texts(column: NDArray[Any] | None, failed: NDArray[np.bool_]) -> NDArray[np.object_]:
    texts = np.full(len(failed), "", dtype=object)
    if column is not None:
        texts[failed] = ["" if one is None else str(one) for one in column[failed]]
    return texts


def _as_outcome(
    name: str, column: NDArray[Any], failed: NDArray[np.bool_], complaints: list[Complaint]
) -> NDArray[np.float64]:
    """Return an outcome; a run that failed has none, and every NaN is the same NaN, so that bits can be compared."""
    try:
        if not name or column.ndim > 1 or column.dtype.kind not in "fiubO":
            raise ValueError
        values = column.astype(np.float64)
    except (TypeError, ValueError):
        found = f"values of kind {column.dtype}, {column.ndim} axes"
        complaints.append(_complaint(name or "a column without a name", found, "one number for each run"))
        return np.zeros(len(failed))
    values[failed | np.isnan(values)] = np.nan
    return values


def settle(block: Block) -> Block:
    """Return a block with every run once, in the one order; a run that was done stands before the same run failed.

    Raises
    ------
    StoreError
        The same run stands there twice with other numbers.
    """
    order = np.lexsort((block.failed, block.keys))
    first = np.ones(len(order), dtype=bool)
    first[1:] = block.keys[order][1:] != block.keys[order][:-1]
    if not first.all():
        again = np.flatnonzero(~first)
        before = order[np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))[again]]
        _compare_rows(block, before, order[again])
    kept = order[first]
    points, replicates = block.fixed["point"], block.fixed["replicate"]
    return block.take(kept[np.lexsort((block.keys[kept], replicates[kept], points[kept]))])


def _compare_rows(block: Block, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
    differ = [name for name, column in block.fixed.items() if np.any(column[one] != column[other])]
    done = ~block.failed[other]
    for name, values in block.outcomes.items():
        bits = values.view(np.uint64)
        if np.any((bits[one] != bits[other])[done]):
            differ.append(name)
    if differ:
        runs = as_hex(block.keys[other[:1]])[0]
        found = f"the same run twice with other numbers (run {runs} or one beside it)"
        raise StoreError([_complaint(", ".join(differ), found, "each run once, or twice alike")])


def join(blocks: Sequence[Block]) -> Block:
    """Return blocks that measured the same outcomes as one."""
    return settle(
        Block(
            np.concatenate([one.keys for one in blocks]),
            {name: np.concatenate([one.fixed[name] for one in blocks]) for name in FIXED},
            np.concatenate([one.failed for one in blocks]),
            {name: np.concatenate([one.texts[name] for one in blocks]) for name in TEXTS},
            {name: np.concatenate([one.outcomes[name] for one in blocks]) for name in blocks[0].outcomes},
        )
    )


def encode(block: Block) -> bytes:
    """Return the bytes of a block's file."""
    columns = {
        "key": as_binary(block.keys),
        "point": as_binary(block.fixed["point"]),
        "replicate": pa.array(block.fixed["replicate"]),
        "seed": pa.array(block.fixed["seed"]),
        "status": pa.array(np.where(block.failed, FAILED, DONE), pa.string()),
        **{name: pa.array(column, pa.string()) for name, column in block.texts.items()},
    }
    fields = [*SCHEMA, *[pa.field(name, pa.float64()) for name in block.outcomes]]
    arrays = [*columns.values(), *[pa.array(values) for values in block.outcomes.values()]]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    return seal(table, KIND, VERSION, ["point", "status", *TEXTS])


def path_of(name: str) -> str:
    """Return where a shard lies in its store."""
    return f"{RUNS}/{name}{ENDING}"


def read_columns(place: Place, name: str, columns: Sequence[str], rows: NDArray[np.int64] | None = None) -> pa.Table:
    """Return columns of a shard, of all its runs or of some in rising order; ``Damaged`` if it is not whole."""
    with unsealed(place, path_of(name), KIND, VERSION, SCHEMA) as parquet:
        return read_rows(parquet, columns, rows)


def read_keys(place: Place, name: str) -> tuple[tuple[str, ...], Keys, NDArray[np.bool_]]:
    """Return which outcomes a shard holds, its keys, and which of its runs failed; no outcome is read."""
    path = path_of(name)
    with unsealed(place, path, KIND, VERSION, SCHEMA) as parquet:
        there = parquet.schema_arrow
        outcomes = there.names[len(SCHEMA) :]
        if any(there.field(at).type != pa.float64() for at in range(len(SCHEMA), len(there))):
            raise damage(place, path, "an outcome that is no column of numbers")
        table = read_rows(parquet, ["key", "status"])
    return tuple(outcomes), from_binary(table["key"]), as_failed(table["status"])


def as_failed(status: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return which runs failed."""
    return np.asarray(pc.equal(status, FAILED).to_numpy(), dtype=bool)


def read_block(place: Place, name: str) -> Block:
    """Return a shard whole, compared with the hash that is its name; ``Damaged`` if it is not what was written."""
    outcomes, keys, failed = read_keys(place, name)
    table = read_columns(place, name, [*FIXED, *TEXTS, *outcomes])
    block = Block(
        keys,
        {"point": from_binary(table["point"]), **{one: table[one].to_numpy() for one in FIXED[1:]}},
        failed,
        {one: table[one].to_numpy() for one in TEXTS},
        {one: table[one].to_numpy() for one in outcomes},
    )
    if block.name != name:
        raise damage(place, path_of(name), "other numbers than were written")
    return block
