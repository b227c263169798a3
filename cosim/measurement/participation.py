"""Participation: how many take part, who they are beside who lives there, and how they fall away.

Floor 4. Who takes part is read off the open arenas, those that invited somebody from outside the municipality: an
arena of staff alone tells nothing of whom a municipality reaches.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

import numpy as np

from cosim.engine.logs import PEOPLE
from cosim.evidence.municipalities import read_municipalities
from cosim.evidence.national import read_national
from cosim.measurement.shares import mean_of, measure_gini, share_of, shares_of
from cosim.measurement.slices import is_open
from cosim.results.record import RunRecord
from cosim.vocabulary import AGE_GROUPS, SECTORS

Array = np.ndarray[Any, Any]

WORKING_GROUPS: Final = 3
"""Age groups from 18 to 66 years, taken as equally large (ASSUMED, as where people are drawn)."""


@cache
def _known_shares() -> dict[str, tuple[float, float, float]]:
    """Return the shares under 18, of 67 and of 80 years or more by municipality; the country's under an empty key."""
    names = ("share_under_18", "share_67_plus", "share_80_plus")
    national = read_national()
    country = tuple(national[name].value for name in names)
    table = read_municipalities()[[f"{name}_2020" for name in names]]
    known = {
        str(key): tuple(float(own) if not np.isnan(own) else other for own, other in zip(row, country, strict=True))
        for key, row in zip(table.index, table.to_numpy(np.float64), strict=True)
    }
    return {key: (value[0], value[1], value[2]) for key, value in (known | {"": country}).items()}


@lru_cache(maxsize=16)
def read_adult_ages(municipalities: tuple[str, ...]) -> Array:
    """Return the share of adults in each age group, [municipality, age group], rows summing to 1; not to be written to.

    A municipality that does not ship gets the country's shares.

    Sources
    -------
    ssb2024population : shares under 18, of 67 and more and of 80 and more on 1 January 2020.
    ASSUMED : the three groups between 18 and 66 are equally large.
    """
    known = _known_shares()
    shares = np.empty((len(municipalities), len(AGE_GROUPS)))
    for row, key in enumerate(municipalities):
        young, old, oldest = known.get(key, known[""])
        adults = 1.0 - young
        working = (1.0 - old / adults) / WORKING_GROUPS
        shares[row] = [working] * WORKING_GROUPS + [(old - oldest) / adults, oldest / adults]
    shares.setflags(write=False)
    return shares


def count_members(record: RunRecord, column: str) -> Array:
    """Return the members of open arenas, as they closed or stood at the end, by ``members`` (sector) or ``ages``."""
    arenas = record.arenas
    counts: Array = arenas[column][is_open(arenas)].astype(np.float64).sum(axis=0)
    return counts


def _represent(members: Array, people: Array) -> Array:
    """Return each group's share among members over its share among people."""
    return shares_of(shares_of(members, np.sum(members)), shares_of(people, np.sum(people)))


def represent_sectors(record: RunRecord) -> Array:
    """Return each sector's share among members over its share among people, [sector]: 1 as many as there should be.

    NaN for all without members, and for a sector nobody belongs to.
    """
    return _represent(count_members(record, "members"), count_people(record))


def represent_ages(record: RunRecord) -> Array:
    """Return each age group's share among members over its share among adults, [age group]; NaN without members."""
    return _represent(count_members(record, "ages"), count_adults(record))


def count_people(record: RunRecord) -> Array:
    """Return the people of each sector before month 0, [sector]."""
    people: Array = record.people[0, :, :, PEOPLE.index("n")].sum(axis=0)
    return people


def count_adults(record: RunRecord) -> Array:
    """Return how many adults of each age group there are, [age group]."""
    adults: Array = record.n_actors.astype(np.float64) @ read_adult_ages(record.municipalities)
    return adults


def measure_equity(record: RunRecord) -> dict[str, float]:
    """Return who takes part in open arenas: representation of sectors and ages, and its inequality as Gini.

    Sources
    -------
    verba1995 : who takes part, and who does not, as the question of equal voice.
    ASSUMED : Gini between groups of members per head; NaN without members.
    """
    people, adults = count_people(record), count_adults(record)
    sectors, ages = represent_sectors(record), represent_ages(record)
    return {
        **{f"representation_{sector}": float(sectors[place]) for place, sector in enumerate(SECTORS)},
        "representation_18_34": float(ages[0]),
        "representation_67_plus": mean_of(ages[3:], adults[3:]),
        "gini_sectors": measure_gini(sectors, people),
        "gini_ages": measure_gini(ages, adults),
    }


def measure_participation(record: RunRecord) -> dict[str, float]:
    """Return how many take part and how fast they fall away.

    ``seated`` is the mean share of all people who hold a seat; ``accepted`` the share of invitations that led to a
    seat; ``attendance`` the share of members who came, over months in which arenas met; ``dropout`` the share of
    members who leave in a month, arenas that close not counted.
    """
    table = record.month_table
    seat_months = float(table["seat_months"].sum())
    joined = sum(float(table[f"joined_{sector}"].sum()) for sector in SECTORS)
    met = record.arenas["months_met"].astype(np.float64)
    return {
        "seated": share_of(seat_months, float(record.n_actors.sum()) * record.months),
        "accepted": share_of(joined, float(table["invited"].sum())),
        "attendance": mean_of(record.arenas["presence"], met),
        "dropout": share_of(float(table["left"].sum()), seat_months),
    }


def dropout_curve(record: RunRecord) -> Array:
    """Return the share of members who left in each month [month], pooled over municipalities; NaN without members."""
    table = record.month_table
    return shares_of(table["left"].sum(axis=1), table["seat_months"].sum(axis=1))


def participation_curve(record: RunRecord) -> Array:
    """Return the share of each sector's people who hold a seat, [month, sector], pooled; NaN for an empty sector."""
    return shares_of(record.month_table["members"].sum(axis=1), count_people(record)[None, :])
