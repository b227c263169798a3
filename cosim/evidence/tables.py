"""Reads a CSV table against a declaration of its columns, turning text into numbers and complaints."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from cosim.errors import Complaint, EvidenceError, nearest
from cosim.evidence.files import read_text

Kind = Literal["text", "list", "count", "number", "share"]
Cell = str | int | float | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table may hold.

    ``kind`` is text, list (words parted by ``;``), count (whole number), number or share (0..1); ``low`` and ``high``
    include their ends; ``allowed`` lists the words a text may be, and an empty tuple allows any.
    """

    name: str
    kind: Kind
    required: bool = False
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()


def read_cell(text: str, column: Column) -> tuple[Cell, str, str]:
    """Return the value of a cell, and what is allowed and what to do if the text is not that (else two empty texts).

    Examples
    --------
    >>> read_cell("0.25", Column("turnout", "share", low=0.0, high=1.0))
    (0.25, '', '')
    >>> read_cell("25", Column("turnout", "share", low=0.0, high=1.0))
    (None, 'a share from 0 to 1', 'divide a percentage by 100')
    """
    text = text.strip()
    if not text:
        empty = () if column.kind == "list" else None
        return (empty, "a value", "fill the cell") if column.required else (empty, "", "")
    if column.kind == "list":
        return tuple(part.strip() for part in text.split(";") if part.strip()), "", ""
    if column.kind == "text":
        if column.allowed and text not in column.allowed:
            return None, "one of " + ", ".join(column.allowed), nearest(text, column.allowed) or "choose one of them"
        return text, "", ""
    return read_number(text, column)


def read_number(text: str, column: Column) -> tuple[float | int | None, str, str]:
    """Return the number of a cell, and what is allowed and what to do if it is none or out of range."""
    low = 0.0 if column.kind == "share" and column.low is None else column.low
    high = 1.0 if column.kind == "share" and column.high is None else column.high
    allowed = {"count": "a whole number", "share": "a share", "number": "a number"}[column.kind]
    if low is not None and high is not None:
        allowed += f" from {low:g} to {high:g}"
    elif low is not None:
        allowed += f" of {low:g} or more"
    try:
        number = float(text)
    except ValueError:
        return None, allowed, "write digits and a decimal point, nothing else"
    outside = (low is not None and number < low) or (high is not None and number > high)
    if not math.isfinite(number) or outside or (column.kind == "count" and not number.is_integer()):
        percentage = column.kind == "share" and 2 <= number <= 100
        return None, allowed, "divide a percentage by 100" if percentage else "mend the number"
    return (int(number) if column.kind == "count" else number), "", ""


def check_header(file: str, header: Sequence[str], columns: Mapping[str, Column]) -> list[Complaint]:
    """Return a complaint for every column that is unknown, told twice or missing though required."""
    complaints: list[Complaint] = []
    for name in dict.fromkeys(header):
        if name not in columns:
            do = nearest(name, list(columns)) or "remove it or rename it"
            complaints.append(Complaint(file, name, "an unknown column", "one of " + ", ".join(columns), do))
        elif header.count(name) > 1:
            complaints.append(Complaint(file, name, "the column twice", "each column once", "remove one"))
    for name, column in columns.items():
        if column.required and name not in header:
            allowed = "a column filled in every row"
            complaints.append(Complaint(file, name, "no such column", allowed, f"add {name} to the header"))
    return complaints


def read_table(path: Path, columns: Sequence[Column], index: str) -> tuple[pd.DataFrame, list[Complaint]]:
    """Return a table indexed by its key column, and every complaint about it.

    Why both: the caller has more to check, such as sums over columns, and all of it belongs in one letter. A cell
    that is complained of is missing in the table. Missing stays missing: nothing is filled in.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8, with commas, decimal points and a header.
    columns : sequence of Column
        What the table may hold. An optional column may be left out.
    index : str
        The column that names the rows; each name once.

    Returns
    -------
    table : pandas.DataFrame, [key, column]
        All declared columns but the key, in order: counts as ``Int64``, numbers and shares as ``float64`` with NaN,
        lists as tuples, texts as ``str``.
    complaints : list of Complaint
        Empty if nothing is wrong.

    Raises
    ------
    EvidenceError
        When the file cannot be read at all.
    """
    file = str(path)
    lines = [line for line in csv.reader(io.StringIO(read_text(path), newline="")) if any(map(str.strip, line))]
    if len(lines) < 2:
        raise EvidenceError([Complaint(file, "", "no rows", "a header and at least one row", "fill the table")])
    header = [name.strip() for name in lines[0]]
    if len(header) == 1 and ";" in header[0]:
        do = "save the table with commas"
        raise EvidenceError([Complaint(file, "header", "columns parted by ;", "columns parted by commas", do)])
    known = {column.name: column for column in columns}
    complaints = check_header(file, header, known)
    cells: dict[str, list[Cell]] = {name: [] for name in known}
    for number, line in enumerate(lines[1:], start=1):
        texts = dict(zip(header, line, strict=False))
        label = texts.get(index, "").strip() or f"row {number}"
        if len(line) != len(header):
            allowed, do = f"{len(header)} cells, as in the header", "quote a cell that holds a comma"
            complaints.append(Complaint(file, label, f"{len(line)} cells", allowed, do))
        for name, column in known.items():
            text = texts.get(name, "")
            value, allowed, do = read_cell(text, column)
            cells[name].append(value)
            if allowed and name in header:
                complaints.append(Complaint(file, f"{label}.{name}", repr(text.strip()), allowed, do))
    keys = [key for key in cells[index] if key is not None]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        complaints.append(Complaint(file, str(key), "the key twice", "each key once", "rename or remove a row"))
    table = pd.DataFrame({name: make_series(cells[name], column.kind) for name, column in known.items()})
    return table.set_index(index), complaints


def make_series(values: Sequence[Cell], kind: Kind) -> pd.Series[Any]:
    """Return the values as a column of its kind, with what is missing left missing."""
    if kind == "count":
        return pd.Series([pd.NA if value is None else value for value in values], dtype="Int64")
    if kind in ("number", "share"):
        return pd.Series([math.nan if value is None else value for value in values], dtype="float64")
    return pd.Series(list(values), dtype="str" if kind == "text" else "object")
