"""Parquet files that are the same bytes whoever writes them, and that say so when they are no longer whole.

Floor 2. Comes in: an Arrow table, and a mark that says what kind of file it is. Goes out: bytes, and parts of tables
read back; a file that cannot be what its name says raises ``Damaged`` with the complaint about it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cosim.errors import Complaint
from cosim.results.places import Place

ROWS_A_GROUP: Final = 65_536
"""Rows read together when only some of a file are wanted."""
_MARK: Final = "cosim.format"
_VERSION: Final = "cosim.format_version"


class Damaged(Exception):
    """A file is not what its name says; caught where it is decided whether the others are to be read without it."""

    def __init__(self, path: str, complaint: Complaint) -> None:
        super().__init__(str(complaint))
        self.path, self.complaint = path, complaint


def damage(place: Place, path: str, found: str, allowed: str = "the file as it was written", do: str = "") -> Damaged:
    """Return what to raise about a file that is not whole."""
    do = do or (
        "copy the file again from where it was whole, or move it away and let its runs be made again; "
        "`cosim store check` names every such file"
    )
    return Damaged(path, Complaint(place.name, path, found, allowed, do))


def seal(table: pa.Table, kind: str, version: int, texts: Sequence[str], rows_a_group: int = ROWS_A_GROUP) -> bytes:
    """Return a table as the bytes of a Parquet file; the same table gives the same bytes.

    Parameters
    ----------
    table : the columns
    kind : what the file is, as in ``"cosim runs"``
    version : of the form of the file
    texts : columns that repeat themselves and are kept as dictionaries
    rows_a_group : rows read together when only some are wanted
    """
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        table.schema,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=list(texts),
        write_statistics=False,
        write_page_checksum=True,
        store_schema=False,
    ) as writer:
        writer.write_table(table, row_group_size=rows_a_group)
        writer.add_key_value_metadata({_MARK: kind, _VERSION: str(version)})
    return bytes(sink.getvalue())


@contextlib.contextmanager
def unsealed(place: Place, path: str, kind: str, version: int, schema: pa.Schema) -> Iterator[pq.ParquetFile]:
    """Give a Parquet file of the store, looked at and found to be of the right kind.

    Parameters
    ----------
    place, path : where it lies
    kind, version : what it is to be
    schema : the columns it has to begin with

    Raises
    ------
    Damaged
        It is no Parquet file, one of somebody else's, or one in a form of a later time; or it breaks while read.
    FileNotFoundError
        It is not there.
    """
    try:
        file = place.open(path)
        with file, pq.ParquetFile(file, pre_buffer=True, page_checksum_verification=True) as parquet:
            there = parquet.schema_arrow
            said = {key.decode(): value.decode() for key, value in (there.metadata or {}).items()}
            _compare(place, path, said, kind, version)
            head = pa.schema([there.field(at) for at in range(min(len(schema), len(there)))])
            if not head.equals(schema, check_metadata=False):
                raise damage(place, path, f"columns {', '.join(there.names[:12])}", f"{', '.join(schema.names)} first")
            yield parquet
    except FileNotFoundError:
        raise
    except (pa.ArrowException, ValueError, EOFError) as error:
        raise damage(place, path, f"not a whole Parquet file ({_one_line(error)})") from error
    except OSError as error:
        # Arrow says OSError without a number of what it cannot make sense of; with one, the system is at fault.
        if error.errno is None and type(error) is OSError:
            raise damage(place, path, f"not a whole Parquet file ({_one_line(error)})") from error
        raise place.letter(error, path) from error


def _compare(place: Place, path: str, said: dict[str, str], kind: str, version: int) -> None:
    if said.get(_MARK) != kind:
        do = "move it out of the store"
        raise damage(place, path, "a Parquet file that cosim did not write here", f"a file of {kind}", do)
    if said.get(_VERSION) != str(version):
        found, allowed = f"format version {said.get(_VERSION)}", f"format version {version}"
        raise damage(place, path, found, allowed, "read it with the version of cosim that wrote it")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


def read_rows(parquet: pq.ParquetFile, columns: Sequence[str], rows: NDArray[np.int64] | None = None) -> Any:
    """Return columns of a file, of all rows or of some in rising order; row groups without any are passed by."""
    if rows is None:
        return parquet.read(columns=list(columns), use_threads=False)
    sizes = [parquet.metadata.row_group(at).num_rows for at in range(parquet.metadata.num_row_groups)]
    begins = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    group = np.searchsorted(begins, rows, side="right") - 1
    needed = np.unique(group)
    table = parquet.read_row_groups(needed.tolist(), columns=list(columns), use_threads=False)
    if table.num_rows == len(rows):
        return table
    moved = np.concatenate(([0], np.cumsum(np.asarray(sizes, dtype=np.int64)[needed])))[:-1]
    return table.take(rows - begins[group] + moved[np.searchsorted(needed, group)])
