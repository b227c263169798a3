"""Frames to Parquet and back, each column with its meaning and unit.

Floor 2. One file holds one table of all replicates; each replicate is appended as it arrives, so that a long study
never lies whole in memory.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cosim.errors import Complaint, StoreError
from cosim.results.folders import sync_file

REPLICATE: Final = "replicate"
COMPRESSION: Final = "zstd"
ROWS_A_GROUP: Final = 50_000
"""Rows held back before they are written together: many small groups would be more footer than table."""


class Note(NamedTuple):
    """What a column means, and in which unit."""

    unit: str
    meaning: str


Notes = Mapping[str, Note]
REPLICATE_NOTE: Final = Note("number", "one luck; the same number meets the same people in every run")


def as_arrow(frame: pd.DataFrame, replicate: int, notes: Notes, about: Mapping[str, str]) -> pa.Table:
    """Return a replicate's frame as an Arrow table with its replicate number, meanings and units.

    Words become plain strings: a column that is empty in one replicate must have the same kind in all.
    """
    if REPLICATE in frame.columns:
        frame = frame.drop(columns=REPLICATE)
    plain = {
        name: column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
        for name, column in frame.items()
    }
    columns, fields = (
        [pa.array([replicate] * len(frame), pa.int32())],
        [_field(REPLICATE, pa.int32(), REPLICATE_NOTE)],
    )
    for name, column in plain.items():
        array = pa.Array.from_pandas(column)
        kind = array.type
        if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
            array = array.cast(pa.string())
        columns.append(array)
        fields.append(_field(str(name), array.type, notes.get(str(name))))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=dict(about)))


def _field(name: str, kind: pa.DataType, note: Note | None) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": note.unit, "meaning": note.meaning} if note else None)


class TableFile:
    """One Parquet file, open for appending replicates.

    The first replicate with a row decides the kinds of the columns: a frame without rows does not know them.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema, self.rows = path, schema, 0
        self._file = path.open("wb")
        self._writer: Any = None
        self._held: list[pa.Table] = []
        self._n_held = 0

    def append(self, table: pa.Table) -> None:
        """Append one replicate; other columns than the first one's are a fault of whoever made the frame."""
        if table.column_names != self.schema.names:
            found, allowed = ", ".join(table.column_names), ", ".join(self.schema.names)
            raise StoreError([Complaint(self.path.name, "columns", found, allowed, "report this as a fault")])
        if table.num_rows:
            if self.rows == 0:
                self.schema = table.schema
            self._held.append(table.cast(self.schema))
            self._n_held += table.num_rows
            self.rows += table.num_rows
        if self._n_held >= ROWS_A_GROUP:
            self._write()

    def _write(self) -> None:
        """Write what was held back."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, self.schema, compression=COMPRESSION)
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held))
        self._held, self._n_held = [], 0

    def close(self) -> None:
        """Write the footer and return when all is on the disk."""
        try:
            self._write()
            self._writer.close()
        finally:
            self._file.close()
        sync_file(self.path)

    def abandon(self) -> None:
        """Let go of the file; what is in it will be thrown away."""
        for part in (self._writer, self._file):
            try:
                if part is not None:
                    part.close()
            except (OSError, ValueError, pa.ArrowException):
                continue


def read_table(content: bytes) -> tuple[pd.DataFrame, dict[str, Note]]:
    """Return a table's frame and the notes of its columns from the bytes of its file."""
    table = pq.read_table(io.BytesIO(content))
    notes = {}
    for field in table.schema:
        note: Mapping[bytes, bytes] = field.metadata or {}
        if b"meaning" in note:
            notes[field.name] = Note(note.get(b"unit", b"").decode(), note[b"meaning"].decode())
    frame: Any = table.replace_schema_metadata(None).to_pandas()
    return frame, notes
