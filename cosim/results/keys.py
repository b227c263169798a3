"""Keys of sixteen bytes: hexadecimal outside, rows of ``S16`` inside.

Floor 2. A key says what it names by being a hash of it; the store never makes one, it is handed them from above.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from cosim.errors import Complaint, StoreError

KEY: Final = np.dtype("S16")
"""Every row is sixteen bytes wide, so that a zero byte at the end is part of the key whatever numpy prints."""
DIGITS: Final = 32

Keys = NDArray[np.bytes_]
KeysLike = Keys | NDArray[Any] | Sequence[str] | Sequence[bytes] | pd.Series


def as_keys(keys: KeysLike, what: str = "keys") -> Keys:
    """Return keys as rows of sixteen bytes.

    Parameters
    ----------
    keys : texts of 32 hexadecimal digits, or ``bytes`` of 16, or an array ``S16``, ``V16`` or ``uint8`` (key, 16)
    what : what the letter calls them

    Raises
    ------
    StoreError
        Something among them is no such key.

    Examples
    --------
    >>> as_hex(as_keys(["00" * 16, b"0123456789abcdef"[:8].hex() * 2]))
    ['00000000000000000000000000000000', '30313233343536373031323334353637']
    """
    if isinstance(keys, np.ndarray):
        if keys.ndim == 1 and keys.dtype.kind in "SV" and keys.dtype.itemsize == KEY.itemsize:
            return np.ascontiguousarray(keys).view(KEY)
        if keys.ndim == 2 and keys.dtype == np.uint8 and keys.shape[1] == KEY.itemsize:
            return np.ascontiguousarray(keys).view(KEY)[:, 0]
    listed = keys.tolist() if isinstance(keys, np.ndarray | pd.Series) else list(keys)
    content = b"".join(map(_bytes_of, listed))
    if len(content) != KEY.itemsize * len(listed):
        wrong = next(one for one in listed if len(_bytes_of(one)) != KEY.itemsize)
        do = "make keys with a hash of 16 bytes, for example blake2b(..., digest_size=16).hexdigest()"
        raise StoreError([Complaint(what, "", repr(wrong)[:80], f"{DIGITS} hexadecimal digits, or 16 bytes", do)])
    return np.frombuffer(content, KEY)


def _bytes_of(key: Any) -> bytes:
    """Return the sixteen bytes of one key, or none at all of what is no key."""
    if isinstance(key, bytes):
        return key if len(key) == KEY.itemsize else b""
    try:
        return bytes.fromhex(key) if len(key) == DIGITS else b""
    except (TypeError, ValueError):
        return b""


def as_hex(keys: Keys) -> list[str]:
    """Return keys as texts of 32 hexadecimal digits."""
    digits = keys.tobytes().hex()
    return [digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS)]


def as_hex_column(keys: Keys) -> pd.Series:
    """Return keys as a column of hexadecimal text, without a Python object for each."""
    offsets = np.arange(0, DIGITS * len(keys) + 1, DIGITS, dtype=np.int32)
    digits = keys.tobytes().hex().encode("ascii")
    column: Any = pa.StringArray.from_buffers(len(keys), pa.py_buffer(offsets), pa.py_buffer(digits)).to_pandas()
    return pd.Series(column)


def as_binary(keys: Keys) -> pa.Array:
    """Return keys as an Arrow array of sixteen bytes each."""
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(KEY.itemsize), len(keys), [None, pa.py_buffer(keys.tobytes())]
    )


def from_binary(column: pa.ChunkedArray) -> Keys:
    """Return the keys of an Arrow column of sixteen bytes each."""
    return np.frombuffer(b"".join(_chunk_bytes(chunk) for chunk in column.chunks), KEY)


def _chunk_bytes(chunk: pa.Array) -> bytes:
    if len(chunk) == 0:
        return b""
    begin = chunk.offset * KEY.itemsize
    return bytes(memoryview(chunk.buffers()[1])[begin : begin + len(chunk) * KEY.itemsize])


def find_keys(keys: Keys, among: Keys) -> NDArray[np.int64]:
    """Return where each key stands in a sorted array, -1 where it does not.

    Parameters
    ----------
    keys : (key,)
    among : (run,) sorted, each once
    """
    if len(among) == 0:
        return np.full(len(keys), -1, np.int64)
    at = np.searchsorted(among, keys)
    at[at == len(among)] = 0
    at[among[at] != keys] = -1
    return at
