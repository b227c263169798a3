"""Makes small records by hand, of which every measure can be worked out in the head.

An arena or innovation is a dict of the columns that matter; the rest are those of a usual one. Months and people are
the same everywhere unless told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cosim.engine.logs import ARENA_ROW, INNOVATION_ROW, MONTH_ROW, N_LAGGED, PEOPLE
from cosim.measurement.survey import ANSWER
from cosim.results.record import RunRecord
from cosim.vocabulary import ENDINGS

Row = Mapping[str, Any]

EVERYBODY = 15
PUBLIC_ONLY = 1

USUAL_ARENA: Row = {
    "invited": EVERYBODY,
    "opened": 0,
    "closed": 9,
    "ending": ENDINGS.index("delivered"),
    "last_phase": 3,
    "worth": 0.5,
    "support": 0.75,
    "power_share": 0.5,
    "months_met": 8,
    "presence": 0.75,
    "engagement": 0.5,
    "understanding": 0.75,
    "understanding_gain": 0.25,
    "trust": 0.75,
    "trust_gain": 0.25,
    "commitment": 0.5,
    "capacity": 0.5,
    "acts": 100,
    "acts_good": 50,
    "seat_months": 160,
    "joins": 20,
    "leaves": 4,
    "peak_engagement_month": 4,
    "peak_capacity_month": 9,
    "wins_first_month": 2,
    "members": (4, 4, 4, 4),
    "first_phase": (0, 0, 0, 0),
    "proposals": (3, 3, 3, 3),
    "decided": 1,
    "ages": (4, 4, 4, 2, 2),
    "cost": 1000.0,
}
USUAL_INNOVATION: Row = {
    "month": 9,
    "months_taken": 10,
    "value": 0.5,
    "invited": EVERYBODY,
    "members": (4, 4, 4, 4),
    "power_share": 0.5,
    "observability": 0.5,
}
USUAL_PEOPLE: Row = {
    "n": 25,
    "trust_public": 0.5,
    "trust_private": 0.5,
    "trust_civic": 0.5,
    "trust_research": 0.5,
    "optimism": 0.5,
    "identity": 0.75,
    "fatigue": 0.0,
    "seated": 0.25,
}


def make_rows(form: np.dtype[Any], usual: Row, rows: Sequence[Row]) -> np.ndarray[Any, Any]:
    """Return records of a form, each the usual one with what is told of it."""
    made = np.zeros(len(rows), form)
    for place, row in enumerate(rows):
        for name, value in (usual | dict(row)).items():
            made[name][place] = value
    return made


def make_arenas(*rows: Row) -> np.ndarray[Any, Any]:
    """Return arenas, each the usual one with what is told of it."""
    return make_rows(ARENA_ROW, USUAL_ARENA, rows)


def make_record(
    arenas: Sequence[Row] = (),
    innovations: Sequence[Row] = (),
    *,
    months: int = 24,
    municipalities: Sequence[str] = ("stad",),
    month: Row | None = None,
    people: Sequence[Row] = ({}, {}),
    lagged: np.ndarray[Any, Any] | None = None,
    adopted: Sequence[Sequence[int]] | None = None,
    survey: np.ndarray[Any, Any] | None = None,
    seed: int = 1,
    replicate: int = 0,
) -> RunRecord:
    """Return a record.

    Parameters
    ----------
    month : columns of every month and municipality (10 units, of which 5 innovating and 2 trying, unless told)
    people : one row for each count, of every municipality and sector
    """
    n = len(municipalities)
    table = np.zeros((months, n), MONTH_ROW)
    usual: Row = {"units": 10, "units_innovating": 5, "units_tried_only": 2, "climate": 0.5, "opened": 1}
    for name, value in (usual | dict(month or {})).items():
        table[name] = value
    counts = np.zeros((len(people), n, 4, len(PEOPLE)))
    for place, row in enumerate(people):
        for name, value in (USUAL_PEOPLE | dict(row)).items():
            counts[place, :, :, PEOPLE.index(name)] = value
    solutions = make_rows(INNOVATION_ROW, USUAL_INNOVATION, innovations)
    taken = np.full((len(solutions), n), -1, np.int16)
    if adopted is not None:
        taken[:] = adopted
    solutions["n_adopted"] = (taken >= 0).sum(axis=1)
    return RunRecord(
        scenario="by hand",
        process="additive",
        seed=seed,
        replicate=replicate,
        start=(2020, 1),
        months=months,
        people_every=12,
        municipalities=tuple(municipalities),
        arenas=make_arenas(*arenas),
        innovations=solutions,
        month_table=table,
        people=counts,
        lagged=np.zeros((n, N_LAGGED)) if lagged is None else lagged,
        adopted=taken,
        survey=np.zeros(0, ANSWER) if survey is None else survey,
        n_actors=np.full(n, 100),
        seconds=0.0,
    )
