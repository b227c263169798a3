"""Which municipalities a scenario simulates, read against the table they stand in. Floor 4."""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from cosim.errors import Complaint, EvidenceError, nearest
from cosim.evidence.municipalities import count_adults, read_municipalities
from cosim.evidence.national import read_national
from cosim.parameters.values import shown
from cosim.scenario.files import SHIPPED

MOST_ACTORS: Final = 20_000_000
"""More actors than this do not fit in the memory of a laptop."""
LARGEST_TABLE: Final = 64 * 1024 * 1024


def find_table(name: str, folder: Path) -> Path:
    """Return the path of an own table: relative to the scenario's folder, or one that ships."""
    path = folder / name
    shipped = SHIPPED / name
    if not os.path.lexists(path) and Path(name).name == name and shipped.suffix == ".csv" and shipped.is_file():
        return shipped
    return Path(os.path.abspath(path))


def read_table(path: Path | None) -> tuple[pd.DataFrame | None, list[Complaint]]:
    """Return the municipalities there are to choose from, and every complaint about an own table.

    Luck is addressed by the municipality's number, so that in an own table every row needs one of its own.
    """
    if path is None:
        return _shipped_table(), []
    complaints = _look_at_file(path)
    if complaints:
        return None, complaints
    try:
        table = read_municipalities(path)
    except EvidenceError as error:
        return None, list(error.complaints)
    except csv.Error as error:
        return None, [Complaint(str(path), "", str(error), "a table with commas", "save it again as CSV")]
    codes: dict[str, str] = {}
    free = free_codes(table)
    for key, code in zip(table.index, table["code"], strict=True):
        if not isinstance(code, str) or not code:
            allowed = "four digits that no other row has; a municipality's luck is addressed by them"
            do = f"fill in the column code: its own number (Stad 4649), or for an invented one {next(free, 'any')}"
            complaints.append(Complaint(str(path), f"{key}.code", "nothing", allowed, do))
        elif codes.setdefault(code, str(key)) != key:
            allowed = "a number of its own"
            complaints.append(Complaint(str(path), f"{key}.code", f"the code of {codes[code]}", allowed, "change one"))
    return (None if complaints else table), complaints


def free_codes(table: pd.DataFrame) -> Iterator[str]:
    """Yield the codes from 9901 on that no row of a table has; numbers from there on are given to nobody.

    Examples
    --------
    >>> next(free_codes(pd.DataFrame({"code": ["9901", None]})))
    '9902'
    """
    taken = set(table["code"])
    yield from (str(code) for code in range(9901, 10_000) if str(code) not in taken)


@lru_cache(maxsize=1)
def _shipped_table() -> pd.DataFrame:
    return read_municipalities()


def _look_at_file(path: Path) -> list[Complaint]:
    """Return a complaint unless there is an ordinary file of a size a table can have."""
    allowed = f"a CSV file of at most {LARGEST_TABLE // 1024**2} MB"
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "a path that no file can have"
        return [Complaint(str(path).replace("\0", "?"), "", reason, allowed, "check the path of the table")]
    if not stat.S_ISREG(found.st_mode):
        return [Complaint(str(path), "", "no ordinary file", allowed, "give the path of a file")]
    if found.st_size > LARGEST_TABLE:
        return [Complaint(str(path), "", f"{found.st_size} bytes", allowed, "leave out what is not needed")]
    return []


def choose_municipalities(wanted: object, table: pd.DataFrame, file: str) -> tuple[tuple[str, ...], list[Complaint]]:
    """Return the municipalities of a world, in the order asked for, and every complaint about the list."""
    keys = [str(key) for key in table.index]
    if wanted == "all":
        return tuple(keys), []
    place = "world.municipalities"
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, str) for one in wanted):
        allowed = 'a list of keys in quotes, or "all"'
        return (), [Complaint(file, place, shown(wanted), allowed, "such as " + ", ".join(keys[:3]))]
    complaints: list[Complaint] = []
    for one in dict.fromkeys(wanted):
        if one not in keys:
            complaints.append(complain_of_municipality(one, keys, file, place))
        elif wanted.count(one) > 1:
            complaints.append(Complaint(file, place, f"{one} twice", "each municipality once", "remove one"))
    return (() if complaints else tuple(wanted)), complaints


def complain_of_municipality(one: str, keys: list[str], file: str, place: str) -> Complaint:
    """Return the complaint about a municipality that the table does not have, with the nearest one that it has."""
    do = nearest(one, keys) or "one of " + ", ".join(keys[:20])
    return Complaint(file, place, f"no municipality {shown(one)}", "a key of the table", do)


def look_at_size(
    table: pd.DataFrame, municipalities: tuple[str, ...], persons_per_actor: float, file: str
) -> list[Complaint]:
    """Return a complaint when the world has more actors than can be held in memory."""
    adults = count_adults(table.loc[list(municipalities)], read_national()["share_adults"].value)
    actors = float(adults.sum()) / persons_per_actor
    if actors <= MOST_ACTORS:
        return []
    least = float(adults.sum()) / MOST_ACTORS
    do = f'set "population.persons_per_actor" to {least:.0f} or more, or leave out municipalities'
    return [Complaint(file, "world", f"about {actors:,.0f} actors", f"at most {MOST_ACTORS:,} actors", do)]
