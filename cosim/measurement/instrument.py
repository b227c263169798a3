"""The questionnaire as an object: items, the constructs they are items of, and the scale.

Floor 4. Comes in: ``evidence/instrument.toml``. The wording is ours; what is asked of whom follows the public
description of the trust measurements in Norwegian municipalities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint
from cosim.evidence.files import HERE, check_table, check_word, read_toml, refuse
from cosim.vocabulary import SECTORS

INSTRUMENT: Final = HERE / "instrument.toml"
MEASURABLE: Final = (
    *(f"trust_{sector}" for sector in SECTORS),
    "general_trust",
    "identity",
    "optimism",
    "climate",
    "fatigue",
)
"""What people carry that can be asked for."""
SCALE_FIELDS: Final = ("points", "low_en", "low_nb", "high_en", "high_nb", "standing", "sources")
MOST_POINTS: Final = 101


@dataclass(frozen=True, slots=True)
class Item:
    """One statement: what it is an item of, its words, who gets it, and whether agreeing means less."""

    key: str
    construct: str
    en: str
    nb: str
    asked: tuple[str, ...]
    turned: bool


@dataclass(frozen=True, slots=True)
class Construct:
    """What several items together are about."""

    key: str
    en: str
    nb: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """The items in the order of their columns, the constructs, and a scale of ``points`` answers from low to high."""

    items: tuple[Item, ...]
    constructs: tuple[Construct, ...]
    points: int
    low: tuple[str, str]
    high: tuple[str, str]

    def items_of(self, construct: str) -> tuple[Item, ...]:
        """Return the items of one construct."""
        return tuple(item for item in self.items if item.construct == construct)


def read_instrument(path: Path | str | None = None) -> Instrument:
    """Return the questionnaire.

    Parameters
    ----------
    path : Path or str, optional
        An own TOML file of the same form; without it, the one that ships.

    Raises
    ------
    EvidenceError
        With every complaint at once: fields missing or unknown, a construct nobody can be asked for or nobody asks
        for, a sector that does not exist, an item that nobody gets, a scale without at least two points.

    Sources
    -------
    telemarksforskingmethod : who is asked about whom, and about what else.
    ekvall1996 : the dimensions of creative climate.

    Examples
    --------
    >>> read_instrument().items[0].en
    'The people who work for the municipality here keep their word.'
    """
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> Instrument:
    """Return the questionnaire that ships, read once."""
    return _read(INSTRUMENT)


def _read(path: Path) -> Instrument:
    file = str(path)
    tables, complaints = read_toml(path)
    complaints += check_table(file, "file", tables, ("scale", "constructs", "items"))
    scale = tables.get("scale", {})
    complaints += check_table(file, "scale", scale, SCALE_FIELDS)
    points = scale.get("points", 5)
    if type(points) is not int or not 2 <= points <= MOST_POINTS:
        allowed = f"a whole number from 2 to {MOST_POINTS}"
        complaints.append(Complaint(file, "scale.points", repr(points), allowed, "mend the number"))
    constructs = tables.get("constructs", {})
    for key, table in constructs.items():
        complaints += check_word(file, f"constructs.{key}", key, MEASURABLE)
        complaints += _check_texts(file, f"constructs.{key}", table, ("en", "nb"), ("sources",))
    items = tables.get("items", {})
    for key, table in items.items():
        complaints += _check_item(file, f"items.{key}", table, constructs)
    asked_for = {table["construct"] for table in items.values() if isinstance(table, dict) and "construct" in table}
    complaints += [
        Complaint(file, f"constructs.{key}", "no item", "at least one item", "add an item or remove it")
        for key in constructs
        if key not in asked_for
    ]
    refuse(complaints)
    return Instrument(
        items=tuple(Item(key=key, **(table | {"asked": tuple(table["asked"])})) for key, table in items.items()),
        constructs=tuple(
            Construct(key=key, **(table | {"sources": tuple(table["sources"])})) for key, table in constructs.items()
        ),
        points=points,
        low=(scale["low_en"], scale["low_nb"]),
        high=(scale["high_en"], scale["high_nb"]),
    )


def _check_texts(file: str, key: str, table: object, texts: tuple[str, ...], rest: tuple[str, ...]) -> list[Complaint]:
    """Return a complaint for what is no table, for fields missing or unknown, and for texts that are none."""
    if not isinstance(table, dict):
        return [Complaint(file, key, repr(table), "a table", f"write [{key}] above its fields")]
    complaints = check_table(file, key, table, (*texts, *rest))
    complaints += [
        Complaint(file, f"{key}.{name}", repr(table[name]), "a text in quotes", "write it")
        for name in texts
        if name in table and not (isinstance(table[name], str) and table[name].strip())
    ]
    return complaints


def _check_item(file: str, key: str, table: object, constructs: Mapping[str, Any]) -> list[Complaint]:
    """Return every complaint about one item."""
    complaints = _check_texts(file, key, table, ("construct", "en", "nb"), ("asked", "turned"))
    if complaints or not isinstance(table, dict):
        return complaints
    complaints += check_word(file, f"{key}.construct", table["construct"], tuple(constructs))
    asked = table["asked"]
    if not isinstance(asked, list) or not asked:
        complaints.append(Complaint(file, f"{key}.asked", repr(asked), "a list of sectors", "name at least one"))
    else:
        complaints += [one for sector in asked for one in check_word(file, f"{key}.asked", sector, SECTORS)]
    if not isinstance(table["turned"], bool):
        complaints.append(Complaint(file, f"{key}.turned", repr(table["turned"]), "true or false", "mend the value"))
    return complaints
