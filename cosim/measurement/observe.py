"""Every outcome by name, in one table; and what many runs say of each.

Floor 4. To add an outcome: one function in this room that returns it, and one line in ``outcomes.toml``. Studies,
stores, plots and pages know outcomes only by these names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from cosim.errors import Complaint, CosimError, nearest
from cosim.evidence.files import read_toml
from cosim.measurement import cocreation, dynamics, factors, participation, results
from cosim.measurement.slices import take_municipality
from cosim.results.intervals import interval_of_mean
from cosim.results.record import FailedRun, RunRecord

Measure = Callable[[RunRecord], dict[str, float]]
Array = np.ndarray[Any, Any]
Runs = Iterable[RunRecord | FailedRun] | pd.DataFrame

RUN: Final = ("scenario", "process", "seed", "replicate")
"""What tells one run from another in a table of outcomes."""


class Outcome(NamedTuple):
    """A number that a run has: its unit, what it means in English and Norwegian, and the function that returns it."""

    name: str
    unit: str
    meaning: str
    betydning: str
    measure: Measure


def _read_outcomes() -> dict[str, Outcome]:
    """Return the table of outcomes, each with the function named above its line."""
    found: dict[str, Outcome] = {}
    for room in (results, cocreation, factors, participation, dynamics):
        for function, lines in TABLES.get(room.__name__.rpartition(".")[2], {}).items():
            measure: Measure = getattr(room, function)
            for name, (unit, meaning, betydning) in lines.items():
                found[name] = Outcome(name, unit, meaning, betydning, measure)
    return found


TABLES: Final = read_toml(Path(__file__).with_name("outcomes.toml"))[0]
OUTCOMES: Final = _read_outcomes()
"""Outcomes in the order they are told. Those named as a calibration target are measured as the target was."""


def outcomes(record: RunRecord, names: Sequence[str] | None = None) -> dict[str, float]:
    """Return the outcomes of a run, all or those named, in the order of OUTCOMES; NaN where one is not defined.

    Raises
    ------
    CosimError
        With every name that is no outcome, and the nearest one.
    """
    wanted = check_names(names)
    measured: dict[str, float] = {}
    for measure in dict.fromkeys(OUTCOMES[name].measure for name in wanted):
        measured |= measure(record)
    return {name: float(measured[name]) for name in wanted}


def check_names(names: Sequence[str] | None) -> list[str]:
    """Return the outcomes meant, in the order of OUTCOMES, all for None; raises `CosimError` for names unknown."""
    if names is None:
        return list(OUTCOMES)
    complaints = [
        Complaint(
            "outcomes",
            name,
            "no such outcome",
            "a name that cosim manual lists",
            nearest(name, list(OUTCOMES)),
        )
        for name in names
        if name not in OUTCOMES
    ]
    if complaints:
        raise CosimError(complaints)
    return [name for name in OUTCOMES if name in names]


def outcomes_by_municipality(record: RunRecord, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the outcomes of each municipality of a run, [municipality, outcome]."""
    rows = [outcomes(take_municipality(record, key), names) for key in record.municipalities]
    index = pd.Index(record.municipalities, name="municipality", dtype="str")
    return pd.DataFrame(rows, index=index, columns=pd.Index(check_names(names)), dtype="float64")


def outcome_table(runs: Iterable[RunRecord | FailedRun], names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return one row for each run that did not fall, [run, scenario process seed replicate and outcomes].

    Records may come one at a time and are let go of, so many runs fit in little memory.
    """
    rows = [
        {key: getattr(one, key) for key in RUN} | outcomes(one, names) for one in runs if isinstance(one, RunRecord)
    ]
    kinds = dict.fromkeys(RUN[:2], "str") | dict.fromkeys(RUN[2:], "int64")
    kinds |= dict.fromkeys(check_names(names), "float64")
    return pd.DataFrame(rows, columns=pd.Index(list(kinds))).astype(kinds)


def summarise(runs: Runs, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return what runs say of each outcome: mean, standard deviation and a 95 per cent interval for the mean.

    Parameters
    ----------
    runs : records, or what `outcome_table` returns
        Replicates of one thing; runs that fell are left out.
    names : outcomes, all by default

    Returns
    -------
    pandas.DataFrame, [outcome, (unit, n, undefined, mean, sd, low, high)]
        ``n`` runs in which the outcome is defined, which the interval (Student's t) rests on, and ``undefined`` the
        others: where there are any, the mean is of the defined ones only. Limits are NaN below two runs.
    """
    table = runs if isinstance(runs, pd.DataFrame) else outcome_table(runs, names)
    wanted = [name for name in check_names(names) if name in table.columns]
    return _tell(wanted, {name: table[name].to_numpy(np.float64) for name in wanted})


def paired_difference(runs_a: Runs, runs_b: Runs, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return how much more of each outcome there is in B than in A, over replicates that met the same luck.

    Pairing takes away the luck both shared: the interval is of the mean difference, not of two means.

    Parameters
    ----------
    runs_a, runs_b : records, or what `outcome_table` returns
        Paired by seed and replicate; a run without its pair is left out.
    names : outcomes, all by default

    Returns
    -------
    pandas.DataFrame, [outcome, (unit, n, undefined, mean, sd, low, high)]
        Of B - A; ``n`` pairs in which both are defined.

    Raises
    ------
    CosimError
        One side holds a seed and replicate more than once, as when several scenarios are mixed.
    """
    sides = [
        (runs if isinstance(runs, pd.DataFrame) else outcome_table(runs, names)).set_index(["seed", "replicate"])
        for runs in (runs_a, runs_b)
    ]
    complaints = [
        Complaint(
            f"runs {letter}",
            "replicate",
            "a luck more than once",
            "one run for each",
            "give one scenario a side",
        )
        for letter, side in zip("AB", sides, strict=True)
        if side.index.has_duplicates
    ]
    if complaints:
        raise CosimError(complaints)
    shared = sides[0].index.intersection(sides[1].index)
    a, b = (side.loc[shared] for side in sides)
    wanted = [name for name in check_names(names) if name in a.columns and name in b.columns]
    return _tell(wanted, {name: b[name].to_numpy(np.float64) - a[name].to_numpy(np.float64) for name in wanted})


def _tell(names: list[str], values: dict[str, Array]) -> pd.DataFrame:
    """Return the table of what is known of some outcomes from their values over runs."""
    rows = []
    for name in names:
        known = values[name][np.isfinite(values[name])]
        mean, low, high, n = interval_of_mean(known)
        sd = float(known.std(ddof=1)) if n > 1 else math.nan
        rows.append((OUTCOMES[name].unit, n, len(values[name]) - n, mean, sd, low, high))
    numbers = dict.fromkeys(("mean", "sd", "low", "high"), "float64")
    kinds = {"unit": "str", "n": "int64", "undefined": "int64"} | numbers
    index = pd.Index(names, name="outcome", dtype="str")
    return pd.DataFrame(rows, index=index, columns=pd.Index(list(kinds))).astype(kinds)
