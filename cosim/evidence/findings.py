"""The form that calibration targets and held-out findings share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from cosim.errors import Complaint
from cosim.evidence.files import CONFIDENCES, refuse
from cosim.evidence.tables import Column, read_table

FINDING_KINDS: Final = ("level", "direction", "order", "pattern")
FINDING_COLUMNS: Final = (
    Column("key", "text", required=True),
    Column("quantity", "text", required=True),
    Column("value", "number"),
    Column("low", "number"),
    Column("high", "number"),
    Column("unit", "text", required=True),
    Column("population", "text", required=True),
    Column("year", "text", required=True),
    Column("kind", "text", required=True, allowed=FINDING_KINDS),
    Column("sources", "list", required=True),
    Column("confidence", "text", required=True, allowed=CONFIDENCES),
    Column("comparability", "text"),
)


def read_findings(path: Path, also: Sequence[Column] = ()) -> pd.DataFrame:
    """Return a table of findings, one row each, indexed by key.

    A *level* has a value and, where known, the range its rounding and sampling leave open. A *direction* has the sign
    +1 or -1. An *order* or a *pattern* is told in words and may have no number at all.

    Parameters
    ----------
    path : Path
        A CSV file with the columns of ``FINDING_COLUMNS``.
    also : columns that this table has besides

    Returns
    -------
    pandas.DataFrame, [finding, column]
        value, low and high are ``float64`` with NaN where there is none; sources are tuples of reference keys.

    Raises
    ------
    EvidenceError
        With every complaint at once: what the columns forbid, a level without a value, a direction that is not +1 or
        -1, a share outside 0..1, a value outside its own range, half a range.
    """
    table, complaints = read_table(path, (*FINDING_COLUMNS, *also), index="key")
    file = str(path)
    for key, row in table.iterrows():
        value, low, high, kind = row["value"], row["low"], row["high"], row["kind"]
        found = "nothing" if pd.isna(value) else str(value)
        if kind == "level" and pd.isna(value):
            complaints.append(Complaint(file, f"{key}.value", found, "a number for a level", "fill the cell"))
        if kind == "direction" and value not in (-1.0, 1.0):
            do = "write which way it goes"
            complaints.append(Complaint(file, f"{key}.value", found, "1 or -1 for a direction", do))
        if row["unit"] == "share" and (value < 0 or value > 1):
            do = "divide a percentage by 100"
            complaints.append(Complaint(file, f"{key}.value", found, "a share from 0 to 1", do))
        if pd.isna(low) != pd.isna(high):
            complaints.append(Complaint(file, f"{key}.low", "half a range", "both ends", "fill low and high"))
        if value < low or value > high or low > high:
            found, do = f"{value}, with {low} to {high}", "mend one of the three"
            complaints.append(Complaint(file, f"{key}.value", found, "low, value, high in that order", do))
    refuse(complaints)
    return table
