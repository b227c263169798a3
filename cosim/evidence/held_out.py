"""Reads the held-out findings: what the model is judged by and never fitted to.

The module stands alone so that a test of the house can keep the calibration from importing it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from cosim.evidence.files import HERE, refuse
from cosim.evidence.findings import read_findings
from cosim.evidence.tables import Column, read_table

HELD_OUT: Final = HERE / "held_out.csv"
FIVE_CASES: Final = HERE / "five_cases.csv"
CASE_ITEMS: Final = (
    "overall_performance",
    "prehistory",
    "balanced_resources",
    "incentives",
    "inclusiveness",
    "ground_rules",
    "conflict_mediation",
    "dialogue",
    "intermediate_outcomes",
    "commitment",
    "shared_understanding",
    "trust_building",
)


def read_held_out(path: Path | str | None = None) -> pd.DataFrame:
    """Return the held-out findings, one row each, indexed by key.

    The path of council trust after 2019, its fall with size, reuse and spread by centrality, the peak at mid-life,
    the fate of proposals and the routes to success: most are tested by direction, order or shape alone.

    Parameters
    ----------
    path : Path or str, optional
        An own CSV file of the same columns; without it, the one that ships.

    Returns
    -------
    pandas.DataFrame, [finding, column]
        See `cosim.evidence.findings.read_findings`.

    Raises
    ------
    EvidenceError
        With every complaint about the table at once.

    Sources
    -------
    tillitsbarometeret2018, tillitsbarometeret2020, tillitsbarometeret2025 : council trust from year to year.
    oecd2023trust, localelection2019trust : trust in local government on other scales, and by size.
    ks2018innovative, ks2024barometer : innovation by size, reuse and spread by centrality.
    cherrypicking2018 : the fate of proposals.
    ulibarri2020 : the peak at mid-life.
    ansell2008, torfing2020, douglas2020pathways, avoyanflood : small wins, leadership and routes to success.
    berthod2023 : five coded cases.

    Examples
    --------
    >>> float(read_held_out().loc["proposal_fate_cost", "value"])
    -1.0
    """
    return read_findings(HELD_OUT if path is None else Path(path))


def read_five_cases(path: Path | str | None = None) -> pd.DataFrame:
    """Return five collaborations coded on the items of Ansell and Gash, one row each, indexed by case.

    Good prehistory and dialogue alone did not suffice (Jena); shared understanding sets the best case (Kalmar) apart.
    A model whose output rises with engagement and early trust alone fails here.

    Parameters
    ----------
    path : Path or str, optional
        An own CSV file of the same columns; without it, the one that ships.

    Returns
    -------
    pandas.DataFrame of Int64, [case, item]
        Items are 1 strong, 0 moderate, -1 weak; overall_performance is 1 good, 0 moderate, -1 weak.

    Raises
    ------
    EvidenceError
        With every complaint about the table at once.

    Sources
    -------
    berthod2023 : the coded table.

    Examples
    --------
    >>> int(read_five_cases().loc["kalmar", "shared_understanding"])
    1
    """
    items = [Column(item, "count", required=True, low=-1, high=1) for item in CASE_ITEMS]
    columns = [Column("case", "text", required=True), *items]
    table, complaints = read_table(FIVE_CASES if path is None else Path(path), columns, index="case")
    refuse(complaints)
    return table
