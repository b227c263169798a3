"""Factors: who trusts whom, optimism, local identity and creative climate, before and after.

Floor 4. Read off the counts of everybody; what a questionnaire would see instead is in ``scales``. Means over
municipalities weigh every person alike, the climate every municipality.
"""

from __future__ import annotations

import math
from typing import Any, Final, Literal

import numpy as np

from cosim.engine.logs import PEOPLE
from cosim.measurement.shares import mean_of, shares_of
from cosim.measurement.slices import is_open
from cosim.results.record import RunRecord
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]
When = Literal["before", "after"]

COLUMN: Final = {name: place for place, name in enumerate(PEOPLE)}
TRUST: Final = [COLUMN[f"trust_{sector}"] for sector in SECTORS]
COUNT_AT: Final = {"before": 0, "after": -1}
TELLING: Final = (
    ("public", "civic"),
    ("civic", "public"),
    ("public", "private"),
    ("private", "public"),
)
"""Relations (who, in whom) that the measurements in Norwegian municipalities tell of and studies choose by name."""


def read_trust_map(record: RunRecord, when: When = "after") -> Array:
    """Return the directed trust of each sector in each sector, 0..1 [who, in whom], pooled over municipalities.

    Parameters
    ----------
    record : RunRecord
    when : "before" (the count before month 0) or "after" (the last count of the run)

    Returns
    -------
    array [4, 4]
        Row and column in the order of ``vocabulary.SECTORS``; a row is NaN where the sector has no people.

    Sources
    -------
    telemarksforskingmethod : trust inside and between groups, shown as a map.
    """
    people = record.people[COUNT_AT[when]]
    # Municipalities lie side by side, so that each relation is summed as it would be alone.
    n = np.ascontiguousarray(people[:, None, :, COLUMN["n"]].transpose(2, 1, 0))
    trust = np.ascontiguousarray(people[:, :, TRUST].transpose(1, 2, 0))
    return shares_of(np.where(n > 0, trust * n, 0.0).sum(axis=2), n.sum(axis=2))


def read_trust_maps(record: RunRecord, when: When = "after") -> Array:
    """Return the directed trust of each municipality, 0..1 [municipality, who, in whom]; see `read_trust_map`."""
    people = record.people[COUNT_AT[when]]
    peopled = people[:, :, COLUMN["n"], None] > 0
    maps: Array = np.where(peopled, people[:, :, TRUST], np.nan)
    return maps


def read_trait(record: RunRecord, trait: str, when: When = "after", sector: str | None = None) -> float:
    """Return the mean optimism, identity or fatigue of everybody, or of one sector, 0..1.

    Examples
    --------
    ``read_trait(record, "optimism", "before", sector="civic")``
    """
    people = record.people[COUNT_AT[when]]
    who = slice(None) if sector is None else slice(SECTORS.index(sector), SECTORS.index(sector) + 1)
    return mean_of(people[:, who, COLUMN[trait]], people[:, who, COLUMN["n"]])


def mean_trust(record: RunRecord, when: When = "after") -> float:
    """Return the mean trust of everybody in the four sectors, 0..1."""
    people = record.people[COUNT_AT[when]]
    return mean_of(people[:, :, TRUST].mean(axis=2), people[:, :, COLUMN["n"]])


def mean_between(trust: Array) -> float:
    """Return the mean of the twelve relations between different sectors in a map of trust [who, in whom], 0..1."""
    return mean_of(trust[~np.eye(len(SECTORS), dtype=bool)])


def is_counted_again(record: RunRecord) -> bool:
    """Return whether the population was counted after the start, so that there is a change to speak of."""
    return len(record.people) > 1


def measure_trust(record: RunRecord) -> dict[str, float]:
    """Return the trust of all at the end and its change over the run (NaN when counted only once)."""
    trust = mean_trust(record)
    change = trust - mean_trust(record, "before") if is_counted_again(record) else math.nan
    return {"trust": trust, "trust_change": change}


def measure_relations(record: RunRecord) -> dict[str, float]:
    """Return trust at the end and its change over the run, between sectors and in four telling relations.

    A change is NaN when the population was counted only once.
    """
    again = is_counted_again(record)
    after, before = read_trust_map(record, "after"), read_trust_map(record, "before")
    between = mean_between(after)
    relations = {
        f"trust_{who}_in_{whom}": float(after[SECTORS.index(who), SECTORS.index(whom)]) for who, whom in TELLING
    }
    civic = before[SECTORS.index("civic"), SECTORS.index("public")]
    return {
        "trust_between_sectors": between,
        "trust_between_sectors_change": between - mean_between(before) if again else math.nan,
        **relations,
        "trust_civic_in_public_change": relations["trust_civic_in_public"] - float(civic) if again else math.nan,
    }


def measure_traits(record: RunRecord) -> dict[str, float]:
    """Return optimism and identity at the end and their change over the run (NaN when counted only once)."""
    out = {}
    for trait in ("optimism", "identity"):
        out[trait] = read_trait(record, trait)
        change = out[trait] - read_trait(record, trait, "before")
        out[f"{trait}_change"] = change if is_counted_again(record) else math.nan
    return out


def measure_climate(record: RunRecord) -> dict[str, float]:
    """Return the mean creative climate of the municipalities in the last month and its change since the first.

    Sources
    -------
    ekvall1996 : climate as a trait of the organisation, hence every municipality weighs the same.
    """
    climate = record.month_table["climate"].astype(np.float64)
    if not len(climate):
        return {"climate": math.nan, "climate_change": math.nan}
    last = mean_of(climate[-1])
    return {"climate": last, "climate_change": last - mean_of(climate[0]) if len(climate) > 1 else math.nan}


def measure_members(record: RunRecord) -> dict[str, float]:
    """Return members' trust at the end of open arenas (or at the end of the run) and its gain since the first meeting.

    NaN without an open arena that has met and kept members.
    """
    arenas = record.arenas
    known = is_open(arenas) & (arenas["months_met"] > 0) & (arenas["members"].sum(axis=1) > 0)
    return {
        "members_trust": mean_of(arenas["trust"][known]),
        "members_trust_gain": mean_of(arenas["trust_gain"][known]),
    }
