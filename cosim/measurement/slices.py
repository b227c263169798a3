"""Parts of a record: one municipality, the arenas open to outsiders, the innovations a barometer would ask about.

Floor 4. A part is a record or rows of one, so every measure of the whole is a measure of the part.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np

from cosim.errors import Complaint, CosimError, nearest
from cosim.results.record import RunRecord
from cosim.vocabulary import ENDINGS

Array = np.ndarray[Any, Any]

PUBLIC_ONLY: Final = 1
"""``invited`` of an arena that asked nobody from outside the municipality."""
WINDOW: Final = 24
"""Months the innovation barometer asks about."""
RUNNING: Final = ENDINGS.index("running")
DELIVERED: Final = ENDINGS.index("delivered")


def take_municipality(record: RunRecord, municipality: str) -> RunRecord:
    """Return the part of a record that happened in one municipality.

    ``adopted`` keeps its columns: whether others took a solution up is part of what became of it.

    Raises
    ------
    CosimError
        The record has no such municipality; the nearest name is told.
    """
    if municipality not in record.municipalities:
        allowed = "one of " + ", ".join(record.municipalities)
        do = nearest(municipality, record.municipalities) or "choose one of these"
        raise CosimError([Complaint("record", "municipality", repr(municipality), allowed, do)])
    m = record.municipalities.index(municipality)
    rows = np.flatnonzero(record.arenas["municipality"] == m)
    solutions = np.flatnonzero(record.innovations["municipality"] == m)
    innovations = record.innovations[solutions]
    innovations["arena_row"] = np.searchsorted(rows, innovations["arena_row"])
    arenas = record.arenas[rows]
    survey = record.survey[record.survey["municipality"] == m]
    for part in (arenas, innovations, survey):
        part["municipality"] = 0
    return dataclasses.replace(
        record,
        municipalities=(municipality,),
        arenas=arenas,
        innovations=innovations,
        month_table=record.month_table[:, m : m + 1],
        people=record.people[:, m : m + 1],
        lagged=record.lagged[m : m + 1],
        adopted=record.adopted[solutions],
        survey=survey,
        n_actors=record.n_actors[m : m + 1],
    )


def is_open(rows: Array) -> Array:
    """Return which arenas or innovations invited somebody from outside the municipality [row]."""
    invited: Array = rows["invited"] != PUBLIC_ONLY
    return invited


def has_ended(arenas: Array) -> Array:
    """Return which arenas have ended, with a solution or without [arena]."""
    ended: Array = arenas["ending"] != RUNNING
    return ended


def count_months(arenas: Array) -> Array:
    """Return the months each arena lived, the first and the last included [arena].

    An arena still running is written down in the month after the last, which it has not lived.
    """
    months: Array = np.asarray(arenas["closed"], np.int64) - arenas["opened"] + has_ended(arenas)
    return months


def by_units(record: RunRecord) -> Array:
    """Return which innovations service units made, as against arenas the scenario scheduled [innovation]."""
    units: Array = record.arenas["scheduled"][record.innovations["arena_row"]] == 0
    return units


def find_newest(record: RunRecord) -> Array:
    """Return the rows of each service unit's newest innovation in the last two years, sorted.

    The innovation barometer asks the leader of a unit about the newest innovation; shares over all innovations would
    let busy units speak more than once. A solution taken over from elsewhere has no row and is not among them.

    Sources
    -------
    ks2018barometer : the newest innovation, in the last two years.
    """
    rows = np.flatnonzero(by_units(record) & (record.innovations["month"] >= record.months - WINDOW))
    newest_first = rows[np.argsort(-record.innovations["month"][rows].astype(np.int64), kind="stable")]
    _, at = np.unique(record.innovations["host"][newest_first], return_index=True)
    found: Array = np.sort(newest_first[at])
    return found
