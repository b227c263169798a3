"""What made each point, as the JSON text a run is remade from.

Floor 2. Comes in: point keys with JSON texts. Goes out: the same, in one form. A batch of points is one file, named by
the hash of its content; points of one study are much alike, so that a batch is small however long its texts are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cosim.errors import Complaint, StoreError
from cosim.results.keys import KEY, Keys, as_binary, as_hex, as_keys, find_keys, from_binary
from cosim.results.places import Place
from cosim.results.provenance import canonical
from cosim.results.sealed import Damaged, damage, read_rows, seal, unsealed

POINTS: Final = "points"
ENDING: Final = ".parquet"
KIND: Final = "cosim points"
VERSION: Final = 1
MODEL_VERSION: Final = "version"
"""The field of a point's JSON that names the version of the model, if it has one."""
TRIES: Final = 3
POINTS_A_GROUP: Final = 512
"""Points read together when one of them is wanted."""
SCHEMA: Final = pa.schema([("point", pa.binary(KEY.itemsize)), ("version", pa.string()), ("made", pa.string())])

type Made = str | Mapping[str, Any]
"""What made a point: an object, or its JSON text."""


def encode_points(points: Mapping[str, Made]) -> tuple[str, bytes]:
    """Return the name of a batch of points and the bytes of its file.

    Parameters
    ----------
    points : key (32 hexadecimal digits) to an object, or to the JSON text of one

    Raises
    ------
    StoreError
        A key or a text is none.
    """
    keys = as_keys(list(points), "point")
    order = np.argsort(keys, kind="stable")
    fields = [_fields_of(key, text) for key, text in points.items()]
    made = [canonical(fields[at]) for at in order.tolist()]
    versions = [str(fields[at].get(MODEL_VERSION, "")) for at in order.tolist()]
    columns = [as_binary(keys[order]), pa.array(versions, pa.string()), pa.array(made, pa.string())]
    content = seal(pa.Table.from_arrays(columns, schema=SCHEMA), KIND, VERSION, ["version", "made"], POINTS_A_GROUP)
    return _name_of(keys[order], made), content


def _name_of(keys: Keys, made: Sequence[str]) -> str:
    summary = hashlib.sha256(f"{KIND} {VERSION}\0".encode())
    summary.update(keys.tobytes())
    summary.update(json.dumps(list(made)).encode())
    return summary.hexdigest()[:32]


def _fields_of(key: str, made: Made) -> Mapping[str, Any]:
    if isinstance(made, Mapping):
        return made
    try:
        fields = json.loads(made)
    except (TypeError, ValueError):
        fields = None
    if not isinstance(fields, dict):
        do = "report this as a fault of whatever made the point"
        raise StoreError([Complaint("point", key, repr(made)[:80], "the JSON text of an object", do)])
    return fields


class PointShelf:
    """The points of a store, written and read batch by batch.

    Parameters
    ----------
    place : where the store lies
    skip_damaged : whether a batch that is not whole is passed by
    """

    def __init__(self, place: Place, *, skip_damaged: bool = False) -> None:
        self._place, self._skip_damaged = place, skip_damaged
        self._batches: dict[str, tuple[Keys, list[str]]] = {}
        self._written: set[str] = set()
        self.damaged: tuple[Complaint, ...] = ()

    def write(self, points: Mapping[str, Made]) -> str:
        """Write a batch of points and return its name; what this process wrote already is not put again."""
        if not points:
            return ""
        name, content = encode_points(points)
        if name not in self._written:
            self._place.put(f"{POINTS}/{name}{ENDING}", content)
            self._written.add(name)
        return name

    def refresh(self) -> list[Complaint]:
        """Look for batches others wrote, and return a complaint about each that cannot be read.

        Raises
        ------
        StoreError
            One cannot be read, and they are not to be passed by.
        """
        complaints: list[Complaint] = []
        there = {name for name in self._place.entries(POINTS) if name.endswith(ENDING)}
        self._batches = {name: batch for name, batch in self._batches.items() if name in there}
        for name in sorted(there - self._batches.keys()):
            try:
                with unsealed(self._place, f"{POINTS}/{name}", KIND, VERSION, SCHEMA) as parquet:
                    table = read_rows(parquet, SCHEMA.names[:2])
                self._batches[name] = from_binary(table["point"]), table["version"].to_pylist()
            except Damaged as fault:
                complaints.append(fault.complaint)
            except FileNotFoundError:
                continue  # joined with others since it was listed: what was in it is there under another name
        if complaints and not self._skip_damaged:
            raise StoreError(complaints)
        self.damaged = tuple(complaints)
        return complaints

    def read(self, keys: Keys) -> dict[str, str]:
        """Return the JSON text of each point, by its key.

        Raises
        ------
        StoreError
            Nothing is known of a point, or two batches say different things of it.
        """
        for tried in range(1, TRIES + 1):
            try:
                return self._read_once(keys)
            except FileNotFoundError as error:  # joined with others meanwhile: what was in it has another name now
                if tried == TRIES:
                    raise self._place.letter(error, POINTS) from error
        raise AssertionError("the last try returns or raises")

    def _read_once(self, keys: Keys) -> dict[str, str]:
        self.refresh()
        wanted = np.unique(keys)
        found: dict[str, str] = {}
        batch_of: dict[str, str] = {}
        for name, (there, _) in self._batches.items():
            rows = np.flatnonzero(find_keys(there, wanted) >= 0)
            for key, made in self._made(name, there, rows) if len(rows) else ():
                if found.setdefault(key, made) != made:
                    raise StoreError([self.contradiction(key, batch_of[key], name)])
                batch_of.setdefault(key, name)
        missing = [key for key in as_hex(wanted) if key not in found]
        if missing:
            do = "merge the store in which it was made into this one, or run its study again"
            told = f"nothing about {missing[0]}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
            raise StoreError([Complaint(self._place.name, POINTS, told, "a point of this store", do)])
        return {key: found[key] for key in as_hex(keys)}

    def _made(self, name: str, keys: Keys, rows: NDArray[np.int64]) -> Iterator[tuple[str, str]]:
        """Yield key and text of some rows of a batch."""
        try:
            with unsealed(self._place, f"{POINTS}/{name}", KIND, VERSION, SCHEMA) as parquet:
                texts = read_rows(parquet, ["made"], rows)["made"].to_pylist()
        except Damaged as fault:
            raise StoreError([fault.complaint]) from fault
        return zip(as_hex(keys[rows]), texts, strict=True)

    def contradiction(self, key: str, one: str, other: str) -> Complaint:
        """Return the complaint about two batches that say different things of a point."""
        do = "find out which of the two is wrong, and move that file away"
        where = f"{POINTS}/{one} and {POINTS}/{other}"
        return Complaint(self._place.name, where, f"point {key} made in two ways", "one way for one point", do)

    def versions(self) -> tuple[Keys, list[str]]:
        """Return every point once, sorted, and the version of the model it names or an empty text."""
        self.refresh()
        keys = np.concatenate([np.zeros(0, KEY), *[there for there, _ in self._batches.values()]])
        names = [name for _, versions in self._batches.values() for name in versions]
        unique, first = np.unique(keys, return_index=True)
        return unique, [names[at] for at in first.tolist()]

    def batches(self) -> dict[str, Keys]:
        """Return the files of all batches there now, with the points in each."""
        self.refresh()
        return {name: keys for name, (keys, _) in self._batches.items()}

    def read_batch(self, name: str) -> dict[str, str]:
        """Return all points of a batch, compared with the hash that is its name.

        Raises
        ------
        StoreError
            It is not what was written.
        """
        keys = self._batches[name][0]
        points = dict(self._made(name, keys, np.arange(len(keys))))
        if f"{_name_of(keys, list(points.values()))}{ENDING}" != name:
            raise StoreError([damage(self._place, f"{POINTS}/{name}", "other texts than were written").complaint])
        return points


def check_points(place: Place) -> list[Complaint]:
    """Return a complaint about every batch that is not as it was written, or says what another denies."""
    shelf = PointShelf(place, skip_damaged=True)
    complaints = shelf.refresh()
    known: dict[str, tuple[bytes, str]] = {}
    for name in shelf.batches():
        try:
            batch = shelf.read_batch(name)
        except StoreError as letter:
            complaints.extend(letter.complaints)
            continue
        except FileNotFoundError:
            continue  # joined with others since it was listed
        for key, made in batch.items():
            mark = hashlib.sha256(made.encode()).digest()
            first, where = known.setdefault(key, (mark, name))
            if first != mark:
                complaints.append(shelf.contradiction(key, where, name))
    return complaints
