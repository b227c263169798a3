"""Reads the municipalities and what their columns mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from cosim.errors import Complaint
from cosim.evidence.files import CONFIDENCES, HERE, STANDINGS, check_table, check_word, read_toml, refuse
from cosim.evidence.tables import Column, read_table
from cosim.vocabulary import ROLES

MUNICIPALITIES: Final = HERE / "municipalities.csv"
COLUMNS: Final = HERE / "municipality_columns.toml"


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of the municipalities means, where it comes from and how far to trust it."""

    column: Column
    meaning: str
    unit: str
    sources: tuple[str, ...]
    confidence: str
    standing: str
    year: str = ""
    note: str = ""


def read_municipality_columns() -> dict[str, ColumnMeaning]:
    """Return what each column of the municipalities means, by name and in the order of the table.

    One description serves the reader's checks, the manual and the answer to who says so.

    Returns
    -------
    dict of str to ColumnMeaning

    Raises
    ------
    EvidenceError
        When the description that ships is broken.

    Examples
    --------
    >>> read_municipality_columns()["population_2020"].sources
    ('ssb2024population',)
    """
    file, meanings = str(COLUMNS), dict[str, ColumnMeaning]()
    tables, complaints = read_toml(COLUMNS)
    told = ("meaning", "unit", "sources", "confidence", "standing")
    for name, table in tables.items():
        wrong = check_table(file, name, table, ("kind", "required", *told), ("low", "high", "year", "note"))
        wrong += check_word(file, f"{name}.confidence", table.get("confidence"), CONFIDENCES)
        wrong += check_word(file, f"{name}.standing", table.get("standing"), STANDINGS)
        complaints += wrong
        if not wrong:
            rest = {field: table[field] for field in ("meaning", "unit", "confidence", "standing")}
            rest |= {field: table[field] for field in ("year", "note") if field in table}
            column = Column(name, table["kind"], table["required"], table.get("low"), table.get("high"))
            if name == "role":
                column = replace(column, allowed=ROLES)
            meanings[name] = ColumnMeaning(column=column, sources=tuple(table["sources"]), **rest)
    refuse(complaints)
    return meanings


def read_municipalities(path: Path | str | None = None) -> pd.DataFrame:
    """Return the municipalities, one row each, indexed by key.

    The fourteen of the project ship; an own table takes their place, and needs only key, name, role and
    population_2020. A value that is not known stays missing: the national value may stand in for it, but that is for
    the population to say, not for the evidence.

    Parameters
    ----------
    path : Path or str, optional
        An own CSV file; without it, the one that ships.

    Returns
    -------
    pandas.DataFrame, [municipality, column]
        The columns of `read_municipality_columns` but the key, in that order. Counts are ``Int64``, shares
        ``float64`` in 0..1, lists tuples of str.

    Raises
    ------
    EvidenceError
        With every complaint at once: unknown or missing columns, unreadable or out-of-range numbers, unknown roles,
        keys that are used twice or not lower-case ASCII, age shares or former units that contradict each other.

    Sources
    -------
    ssb2024population : inhabitants, ages, names and codes.
    ssb2024centrality, regional2023 : centrality, the edition of 2024 and the one before.
    ssb2020labourmarket : labour market regions.
    turnout2023 : turnout in municipal elections.
    stadmerger, sunnfjordsnl, askerwikipedia, nordrefollofaq : mergers.
    nordrefollofaq, sunnfjordcouncil : council size.
    project309403, telemarksforsking2020project : roles.

    Examples
    --------
    >>> int(read_municipalities()["population_2020"].sum())
    345756
    """
    path = MUNICIPALITIES if path is None else Path(path)
    columns = [meaning.column for meaning in read_municipality_columns().values()]
    table, complaints = read_table(path, columns, index="key")
    complaints += check_municipalities(str(path), table)
    refuse(complaints)
    return table


def check_municipalities(file: str, table: pd.DataFrame) -> list[Complaint]:
    """Return a complaint for every row whose columns contradict each other."""
    complaints: list[Complaint] = []
    for key, code in zip(table.index, table["code"], strict=True):
        if isinstance(key, str) and not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", key):
            form = "lower-case ASCII letters, digits and hyphens"
            complaints.append(Complaint(file, f"{key}.key", repr(key), form, "such as nordre-follo"))
        if isinstance(code, str) and not re.fullmatch("[0-9]{4}", code):
            form = "four digits, with the leading zero"
            complaints.append(Complaint(file, f"{key}.code", repr(code), form, "store the column as text"))
    young, old = table["share_under_18_2020"], table["share_67_plus_2020"]
    oldest = table["share_80_plus_2020"]
    for key in table.index[(oldest > old).to_numpy()]:
        allowed, do = "at most share_67_plus_2020, which counts them too", "mend one of the two"
        complaints.append(Complaint(file, f"{key}.share_80_plus_2020", "more than the 67+", allowed, do))
    for key in table.index[(young + old > 1).to_numpy()]:
        found, do = "more than all, together with those under 18", "mend one of the two"
        complaints.append(Complaint(file, f"{key}.share_67_plus_2020", found, "a sum of at most 1", do))
    for key, units, number in zip(table.index, table["former_units"], table["n_former_units"], strict=True):
        if units and not pd.isna(number) and len(units) != number:
            found = f"{number}, while former_units names {len(units)}"
            do = "list a mere part of a municipality in former_parts"
            complaints.append(Complaint(file, f"{key}.n_former_units", found, "the number of names", do))
    return complaints


def count_adults(table: pd.DataFrame, national_share: float) -> pd.Series[int]:
    """Return the inhabitants of 18 years or more on 1 January 2020, one whole number per municipality.

    Actors stand for adults. The share comes from the municipality's own share under 18, and from the national share
    of adults where that is missing.

    Parameters
    ----------
    table : pandas.DataFrame
        What `read_municipalities` returns.
    national_share : float
        Share of adults in 0..1, ``read_national()["share_adults"].value``.

    Returns
    -------
    pandas.Series of int64, [municipality]

    Sources
    -------
    ssb2024population : ages on 1 January 2020.

    Examples
    --------
    >>> int(count_adults(read_municipalities(), 0.792)["traena"])
    361
    """
    shares = 1.0 - table["share_under_18_2020"].to_numpy(dtype=np.float64)
    shares = np.where(np.isnan(shares), national_share, shares)
    adults = np.rint(table["population_2020"].to_numpy(dtype=np.float64) * shares).astype(np.int64)
    return pd.Series(adults, index=table.index, name="adults")
