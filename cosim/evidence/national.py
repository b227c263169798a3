"""Reads the national values that stand in where a municipality has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cosim.errors import Complaint
from cosim.evidence.files import (
    CONFIDENCES,
    HERE,
    STANDINGS,
    check_sources,
    check_table,
    check_word,
    read_toml,
    refuse,
)

NATIONAL: Final = HERE / "national.toml"
FIELDS: Final = ("value", "unit", "year", "meaning", "sources", "confidence", "standing")


@dataclass(frozen=True, slots=True)
class NationalValue:
    """One national value and who says so.

    ``standing`` is measured, derived or assumed; ``confidence`` H, M or L, for a single municipality where the value
    is a ratio per inhabitant.
    """

    key: str
    value: float
    unit: str
    year: str
    meaning: str
    sources: tuple[str, ...]
    confidence: str
    standing: str
    note: str = ""


def read_national(path: Path | str | None = None) -> dict[str, NationalValue]:
    """Return the national values by key.

    No figures of staff, firms or associations were found for any of the fourteen municipalities, and few of trust
    and attachment; the nation stands in for them, openly.

    Parameters
    ----------
    path : Path or str, optional
        An own TOML file; without it, the one that ships.

    Returns
    -------
    dict of str to NationalValue
        Shares are 0..1; the rest in the unit told.

    Raises
    ------
    EvidenceError
        With every complaint at once: fields missing or unknown, a value that is no number, a measured or derived
        value without a source, a share outside 0..1.

    Examples
    --------
    >>> read_national()["staff_per_1000"].value
    96.4
    """
    path = NATIONAL if path is None else Path(path)
    file, values = str(path), dict[str, NationalValue]()
    tables, complaints = read_toml(path)
    for key, table in tables.items():
        wrong = check_table(file, key, table, FIELDS, ("note",))
        if not wrong:
            wrong += check_word(file, f"{key}.confidence", table["confidence"], CONFIDENCES)
            wrong += check_word(file, f"{key}.standing", table["standing"], STANDINGS)
            wrong += check_sources(file, key, table["sources"], table["standing"])
            value = table["value"]
            if isinstance(value, bool) or not isinstance(value, int | float):
                wrong.append(Complaint(file, f"{key}.value", repr(value), "a number", "mend the value"))
            elif table["unit"].startswith("share") and not 0 <= value <= 1:
                do = "divide a percentage by 100"
                wrong.append(Complaint(file, f"{key}.value", repr(value), "a share from 0 to 1", do))
        complaints += wrong
        if not wrong:
            fields = {name: table[name] for name in (*FIELDS, "note") if name in table}
            fields |= {"value": float(table["value"]), "sources": tuple(table["sources"])}
            values[key] = NationalValue(key=key, **fields)
    refuse(complaints)
    return values
