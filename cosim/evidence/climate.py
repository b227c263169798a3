"""Reads Ekvall's table of creative climate in innovative, average and stagnated organisations."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from cosim.errors import Complaint
from cosim.evidence.files import HERE, STANDINGS, refuse
from cosim.evidence.tables import Column, read_table
from cosim.vocabulary import CLIMATE_DIMENSIONS

CLIMATE: Final = HERE / "climate.csv"
CLIMATE_TOP: Final = 300
ORGANISATIONS: Final = ("innovative", "average", "stagnated")
REVERSED: Final = "conflicts"
OVERLAPPING: Final = "trust_openness"
COLUMNS: Final = (
    Column("dimension", "text", required=True, allowed=CLIMATE_DIMENSIONS),
    *(Column(name, "number", required=True, low=0, high=CLIMATE_TOP) for name in ORGANISATIONS),
    Column("process_use", "text"),
    Column("standing", "text", required=True, allowed=STANDINGS),
    Column("note", "text"),
)


def read_climate(path: Path | str | None = None) -> pd.DataFrame:
    """Return the mean scores of ten climate dimensions in three kinds of organisation.

    They anchor where a climate may lie. The table is recalled from reprints and was not read again, so its standing
    is assumed; only the order of its largest gaps (risk taking, then playfulness) was corroborated.

    Parameters
    ----------
    path : Path or str, optional
        An own CSV file of the same columns; without it, the one that ships.

    Returns
    -------
    pandas.DataFrame, [dimension, column]
        The ten dimensions in the order of the vocabulary; innovative, average and stagnated are ``float64`` on
        0-300. On ``conflicts`` a high score is bad.

    Raises
    ------
    EvidenceError
        With every complaint about the table at once, and every dimension that it lacks.

    Sources
    -------
    ekvall1996 : the ten dimensions.
    cordevoclimate : risk taking has the largest gap, playfulness the second.
    fryback2011 : how many organisations of each kind.
    ASSUMED : the scores, looked for in the paper and its reprints, recalled.

    Examples
    --------
    >>> float(read_climate().loc["risk_taking", "innovative"])
    195.0
    """
    path = CLIMATE if path is None else Path(path)
    table, complaints = read_table(path, COLUMNS, index="dimension")
    complaints += [
        Complaint(str(path), name, "no such row", "all ten dimensions", f"add a row {name}")
        for name in CLIMATE_DIMENSIONS
        if name not in table.index
    ]
    refuse(complaints)
    return table.loc[list(CLIMATE_DIMENSIONS)]


def measure_climate(table: pd.DataFrame, *, without_trust: bool = False) -> pd.Series[float]:
    """Return one climate in 0..1 for each kind of organisation.

    The mean of the dimensions over 300, conflicts turned round. Trust is itself a dimension: where trust is explicit
    in the model, leave it out here, or it is counted twice.

    Parameters
    ----------
    table : pandas.DataFrame
        What `read_climate` returns.
    without_trust : bool, optional
        Leave out the dimension of trust and openness.

    Returns
    -------
    pandas.Series of float64, [innovative, average, stagnated]

    Sources
    -------
    ekvall1996 : the dimensions; the scores are recalled.

    Examples
    --------
    >>> measure_climate(read_climate()).round(3).to_dict()
    {'innovative': 0.661, 'average': 0.526, 'stagnated': 0.416}
    """
    scores = table.loc[:, list(ORGANISATIONS)] / CLIMATE_TOP
    scores.loc[REVERSED] = 1.0 - scores.loc[REVERSED]
    if without_trust:
        scores = scores.drop(index=OVERLAPPING)
    return scores.mean()
