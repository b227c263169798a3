"""Tables of a record as pandas frames, one row for each arena, innovation, month, count of people, or answer.

Floor 4. Comes in: a record's arrays, where -1 or 0 can stand for none. Goes out: tidy frames with words for numbers
and NaN for none; their columns have the same kinds whatever a run holds, and `column_notes` says what each means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.engine.logs import ARENA_ROW, COUNTS, INNOVATION_ROW, MONTH_ROW, N_LAGGED, PEOPLE
from cosim.measurement.instrument import read_instrument
from cosim.measurement.level import measure_level, measure_rung
from cosim.measurement.notes import write_notes
from cosim.measurement.quality import measure_quality
from cosim.measurement.shares import where_known
from cosim.measurement.slices import count_months, is_open
from cosim.measurement.survey import ANSWER
from cosim.results.record import RunRecord
from cosim.results.tables import Note
from cosim.vocabulary import (
    AGE_GROUPS,
    ENDINGS,
    FOCUS_AREAS,
    INNOVATION_TYPES,
    READINGS,
    SECTORS,
    SERVICE_AREAS,
    VALUE_KINDS,
)

Array = np.ndarray[Any, Any]
Columns = dict[str, Any]

AGE_NAMES: Final = tuple(age.replace("-", "_").replace("+", "_plus") for age in AGE_GROUPS)
MET: Final = (
    "presence",
    "engagement",
    "understanding",
    "peak_engagement_month",
    "peak_capacity_month",
)
"""Columns of an arena that say nothing if it never met."""
PEOPLED: Final = ("trust", "commitment")
"""Columns of an arena that say nothing if nobody is left in it."""
GAINS: Final = ("trust_gain", "understanding_gain")
"""Columns of an arena that need both."""


def write_months(start: tuple[int, int], numbers: Array) -> pd.Series[str]:
    """Return each month number as ``YYYY-MM``.

    Examples
    --------
    >>> write_months((2020, 11), np.array([0, 2])).tolist()
    ['2020-11', '2021-01']
    """
    whole = 12 * start[0] + start[1] - 1 + np.asarray(numbers, np.int64)
    return pd.Series(
        [f"{year:04d}-{month + 1:02d}" for year, month in zip(whole // 12, whole % 12, strict=True)],
        dtype="str",
    )


def _words(names: Sequence[str], codes: Array) -> pd.Series[str]:
    """Return the word for each code."""
    return pd.Series(np.array([*names, ""], dtype=object)[np.asarray(codes, np.int64)], dtype="str")


def _by_sector(name: str, values: Array) -> Columns:
    """Return a nested column as one for each sector."""
    return {f"{name}_{sector}": values[..., place].ravel() for place, sector in enumerate(SECTORS)}


def _invitations(invited: Array) -> Columns:
    """Return which sectors were invited, from bits."""
    return {f"invited_{sector}": (invited >> place) & 1 > 0 for place, sector in enumerate(SECTORS)}


def _whole(values: Array) -> Array:
    return np.asarray(values, np.int64)


def arena_table(record: RunRecord) -> pd.DataFrame:
    """Return one row for each arena, in the order of the record, with its level and quality of co-creation."""
    rows = record.arenas
    met, peopled = rows["months_met"] > 0, rows["members"].sum(axis=1) > 0
    known = dict.fromkeys(MET, met) | dict.fromkeys(PEOPLED, peopled) | dict.fromkeys(GAINS, met & peopled)
    known |= {"support": rows["decided"] > 0, "wins_first_month": rows["wins_first_month"] >= 0}
    plain = (
        "worth",
        "power_share",
        "capacity",
        "acts",
        "acts_good",
        "seat_months",
        "joins",
        "leaves",
        "cost",
    )
    measured = {name: rows[name].astype(np.float64) for name in ("months_met", *plain)}
    measured |= {name: where_known(rows[name], where) for name, where in known.items()}
    first = rows["first_phase"]
    columns: Columns = {
        "arena": np.arange(len(rows)),
        "municipality": _words(record.municipalities, rows["municipality"]),
        "host": _whole(rows["host"]),
        "place": _whole(rows["place"]),
        "area": _words(SERVICE_AREAS, rows["area"]),
        "focus": _words(FOCUS_AREAS, rows["focus"]),
        "scheduled": rows["scheduled"] > 0,
        "open": is_open(rows),
        **_invitations(rows["invited"]),
        "shared": rows["shared"] > 0,
        "opened_month": _whole(rows["opened"]),
        "opened_date": write_months(record.start, rows["opened"]),
        "closed_month": _whole(rows["closed"]),
        "closed_date": write_months(record.start, rows["closed"]),
        "months": count_months(rows),
        "ending": _words(ENDINGS, rows["ending"]),
        "last_phase": _whole(rows["last_phase"]) + 1,
        "decided": rows["decided"] > 0,
        **measured,
        **_by_sector("members", _whole(rows["members"])),
        **{f"members_{age}": _whole(rows["ages"][:, place]) for place, age in enumerate(AGE_NAMES)},
        **_by_sector("first_phase", where_known(first + 1, first >= 0)),
        **_by_sector("proposals", rows["proposals"].astype(np.float64)),
        "level": measure_level(rows),
        "rung": measure_rung(rows),
        **measure_quality(rows),
    }
    return pd.DataFrame(columns)


def innovation_table(record: RunRecord) -> pd.DataFrame:
    """Return one row for each solution put into use, in the order of the record; ``arena`` is its row there."""
    rows = record.innovations
    kinds = {f"value_{kind}": rows[kind] > 0 for kind in VALUE_KINDS}
    columns: Columns = {
        "innovation": np.arange(len(rows)),
        "arena": _whole(rows["arena_row"]),
        "municipality": _words(record.municipalities, rows["municipality"]),
        "host": _whole(rows["host"]),
        "area": _words(SERVICE_AREAS, rows["area"]),
        "focus": _words(FOCUS_AREAS, rows["focus"]),
        "scheduled": record.arenas["scheduled"][rows["arena_row"]] > 0,
        "open": is_open(rows),
        **_invitations(rows["invited"]),
        "shared": rows["shared"] > 0,
        "month": _whole(rows["month"]),
        "date": write_months(record.start, rows["month"]),
        "months_taken": _whole(rows["months_taken"]),
        "type": _words(INNOVATION_TYPES, rows["type"]),
        "value": rows["value"].astype(np.float64),
        **kinds,
        "n_kinds": _whole(np.sum([*kinds.values()], axis=0)),
        **_by_sector("members", _whole(rows["members"])),
        "power_share": rows["power_share"].astype(np.float64),
        "observability": rows["observability"].astype(np.float64),
        "n_adopted": _whole(rows["n_adopted"]),
    }
    return pd.DataFrame(columns)


def month_table(record: RunRecord) -> pd.DataFrame:
    """Return one row for each month and municipality; readings are NaN in a month without such an arena."""
    rows = record.month_table
    n_months, n = rows.shape
    month = np.repeat(np.arange(n_months), n)
    readings = {
        f"{word}_{reading}": where_known(rows[column][:, :, place], rows[running] > 0).ravel()
        for word, column, running in (
            ("reading", "readings", "active"),
            ("reading_open", "readings_open", "active_open"),
        )
        for place, reading in enumerate(READINGS)
    }
    columns: Columns = {
        "month": month,
        "date": write_months(record.start, month),
        "municipality": _words(record.municipalities, np.tile(np.arange(n), n_months)),
        **{name: _whole(rows[name]).ravel() for name in (*COUNTS, "active", "active_open")},
        **_by_sector("members", _whole(rows["members"])),
        **readings,
        **{name: rows[name].astype(np.float64).ravel() for name in ("climate", "leadership", "experience")},
        **{name: _whole(rows[name]).ravel() for name in ("units", "units_innovating", "units_tried_only")},
        "cost": rows["cost"].ravel(),
    }
    return pd.DataFrame(columns)


def people_table(record: RunRecord) -> pd.DataFrame:
    """Return one row for each count, municipality and sector: means over everybody; NaN in a sector without people."""
    rows = record.people
    n_counts, n, n_sectors, _ = rows.shape
    month = np.repeat(np.arange(n_counts) * record.people_every, n * n_sectors)
    peopled = rows[..., 0] > 0
    columns: Columns = {
        "month": month,
        "date": write_months(record.start, month),
        "municipality": _words(record.municipalities, np.tile(np.repeat(np.arange(n), n_sectors), n_counts)),
        "sector": _words(SECTORS, np.tile(np.arange(n_sectors), n_counts * n)),
        "n": _whole(rows[..., 0]).ravel(),
        **{name: where_known(rows[..., place], peopled).ravel() for place, name in enumerate(PEOPLE) if place > 0},
    }
    return pd.DataFrame(columns)


def survey_table(record: RunRecord) -> pd.DataFrame:
    """Return one row for each person asked in a survey, items as ticked; NaN where nothing was."""
    rows = record.survey
    columns: Columns = {
        "month": _whole(rows["month"]),
        "date": write_months(record.start, rows["month"]),
        "municipality": _words(record.municipalities, rows["municipality"]),
        "sector": _words(SECTORS, rows["sector"]),
        "age": _words(AGE_GROUPS, rows["age"]),
        "asked": rows["asked"] > 0,
        "answered": rows["answered"] > 0,
        "points": _whole(rows["points"]),
        **{item.key: where_known(rows[item.key], rows[item.key] > 0) for item in read_instrument().items},
    }
    return pd.DataFrame(columns)


TABLES: Final[dict[str, Callable[[RunRecord], pd.DataFrame]]] = {
    "arena": arena_table,
    "innovation": innovation_table,
    "municipality_month": month_table,
    "people": people_table,
    "survey": survey_table,
}
"""Every table of a record by the name it is stored under."""


def tables_of(record: RunRecord) -> dict[str, pd.DataFrame]:
    """Return every table of a record, by the name it is stored under."""
    return {name: make(record) for name, make in TABLES.items()}


@cache
def columns_of() -> dict[str, tuple[str, ...]]:
    """Return the columns of every table, in order; they are the same whatever a run holds."""
    return {name: tuple(map(str, frame.columns)) for name, frame in tables_of(empty_record()).items()}


def column_notes() -> dict[str, dict[str, Note]]:
    """Return for every table, in the order of its columns, what each means and its unit.

    Examples
    --------
    >>> column_notes()["innovation"]["months_taken"]
    Note(unit='months', meaning='from opening the arena to the solution in use, first and last month included')
    """
    notes = write_notes()
    return {table: {column: notes[column] for column in columns} for table, columns in columns_of().items()}


def empty_record() -> RunRecord:
    """Return the record of a run in which nothing lived: no municipality, no month."""
    return RunRecord(
        scenario="",
        process="",
        seed=0,
        replicate=0,
        start=(2020, 1),
        months=0,
        people_every=0,
        municipalities=(),
        arenas=np.zeros(0, ARENA_ROW),
        innovations=np.zeros(0, INNOVATION_ROW),
        month_table=np.zeros((0, 0), MONTH_ROW),
        people=np.zeros((1, 0, len(SECTORS), len(PEOPLE))),
        lagged=np.zeros((0, N_LAGGED)),
        adopted=np.zeros((0, 0), np.int16),
        survey=np.zeros(0, ANSWER),
        n_actors=np.zeros(0, np.int64),
        seconds=0.0,
    )
