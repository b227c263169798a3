"""Who gains: a few outcomes of each sector, age group and municipality, as columns beside the outcomes of the whole.

Floor 4. A column is named ``outcome@kind:group`` (``trust@sector:civic``). A study asks for them when it compares
policies; how many people stand behind a group is a column too (``people@...``), so that a small one can be left unsaid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from cosim.measurement.factors import read_trait, read_trust_map
from cosim.measurement.observe import OUTCOMES, outcomes
from cosim.measurement.participation import count_adults, count_members, count_people
from cosim.measurement.shares import share_of, shares_of
from cosim.measurement.slices import take_municipality
from cosim.results.record import RunRecord
from cosim.vocabulary import AGE_GROUPS, SECTORS

Array = np.ndarray[Any, Any]

SIGN: Final = "@"
OF_A_MUNICIPALITY: Final = ("innovations_per_unit_year", "level", "trust")
OF_A_SECTOR: Final = ("trust", "optimism", "seats_per_1000")
OF_AN_AGE: Final = ("seats_per_1000",)
UNITS: Final = {"seats_per_1000": "members of open arenas per 1,000 adults", "people": "actors"}
"""Units of the group outcomes that are not outcomes of the whole."""


def group_columns(municipalities: Sequence[str]) -> tuple[str, ...]:
    """Return the names of all columns of groups for a world of these municipalities.

    Examples
    --------
    >>> group_columns(["stad"])[:3]
    ('trust@sector:public', 'trust@sector:private', 'trust@sector:civic')
    """
    names = [f"{name}{SIGN}sector:{sector}" for name in (*OF_A_SECTOR, "people") for sector in SECTORS]
    names += [f"{name}{SIGN}age:{age}" for name in (*OF_AN_AGE, "people") for age in AGE_GROUPS]
    if len(municipalities) > 1:
        told = (*OF_A_MUNICIPALITY, "people")
        names += [f"{name}{SIGN}municipality:{key}" for name in told for key in municipalities]
    return tuple(names)


def measure_groups(record: RunRecord) -> dict[str, float]:
    """Return the columns of groups of a run: what `group_columns` names, and nothing else.

    ``trust@sector`` is the mean trust of a sector's people in the three other sectors at the end, ``seats_per_1000``
    the members of open arenas (as they closed or stood at the end) per 1,000 of the group.

    Sources
    -------
    ASSUMED : which outcomes are told by group; those whose distribution a council would ask about.
    """
    members, ages = count_members(record, "members"), count_members(record, "ages")
    people, adults = count_people(record), count_adults(record)
    trusted = read_trust_map(record)
    row: dict[str, float] = {}
    for place, sector in enumerate(SECTORS):
        row[f"trust@sector:{sector}"] = float(np.delete(trusted[place], place).mean())
        row[f"optimism@sector:{sector}"] = read_trait(record, "optimism", sector=sector)
        row[f"seats_per_1000@sector:{sector}"] = share_of(1000.0 * float(members[place]), float(people[place]))
        row[f"people@sector:{sector}"] = float(people[place])
    rates = 1000.0 * shares_of(ages, adults)
    row |= {f"seats_per_1000@age:{age}": float(rates[place]) for place, age in enumerate(AGE_GROUPS)}
    row |= {f"people@age:{age}": float(adults[place]) for place, age in enumerate(AGE_GROUPS)}
    if len(record.municipalities) > 1:
        for place, key in enumerate(record.municipalities):
            told = outcomes(take_municipality(record, key), OF_A_MUNICIPALITY)
            row |= {f"{name}@municipality:{key}": value for name, value in told.items()}
            row[f"people@municipality:{key}"] = float(record.n_actors[place])
    return row


def unit_of_column(name: str) -> str:
    """Return the unit of an outcome, or of a group's."""
    bare = name.partition(SIGN)[0]
    return UNITS[bare] if bare in UNITS else OUTCOMES[bare].unit


def measure_columns(record: RunRecord, columns: Sequence[str]) -> dict[str, float]:
    """Return the columns that are asked for, outcomes of the whole and of groups alike."""
    whole = [name for name in columns if SIGN not in name]
    row = outcomes(record, whole) if whole else {}
    if len(whole) < len(columns):
        groups = measure_groups(record)
        row |= {name: groups[name] for name in columns if SIGN in name}
    return row
