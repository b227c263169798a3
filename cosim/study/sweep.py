"""Which success factors drive outcomes: a design over the factors, grown until the indices have settled. Floor 7."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.errors import Complaint, CosimError, StudyError
from cosim.measurement.groups import unit_of_column
from cosim.results.intervals import interval_of_mean
from cosim.results.runstore import RunStore
from cosim.study.definition import Study
from cosim.study.execute import HERE, Elsewhere, Made, OnDone, execute, gather
from cosim.study.factors import written
from cosim.study.guards import look_at_outcomes, look_at_twins
from cosim.study.points import Point, points_of_design
from cosim.study.sensitivity import analyse, make_design
from cosim.study.sensitivity_convergence import converge, is_converged
from cosim.study.sensitivity_design import Design, Factor
from cosim.study.sensitivity_words import Language, words

Array = np.ndarray[Any, Any]

DESIGN_SEED: Final = 20240103
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nb")
FEWEST_BESIDE: Final = 64
"""Blocks below which PAWN's slices hold too few points to say anything (ASSUMED: some six a slice)."""
INDEX: Final = {"sobol": "ST", "morris": "mu_star", "pawn": "median", "delta": "delta"}
"""The index by which each method's convergence is judged."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found.

    Attributes
    ----------
    design : the rows that were run
    values : [row, replicate, outcome]
    indices : frame [outcome, factor, other, kind, value, low, high, blocks, dropped, note]
    convergence : frame of the same with a column n: the indices on half, a quarter ... of the blocks
    tornado : frame [outcome, factor, low_value, high_value, outcome_at_low, outcome_at_high, base, low, high, unit ...]
        One factor at a time, all others as the scenario has them; ``low`` and ``high`` bound the paired difference.
    sentences : in English, one for each outcome; ``setninger`` in Norwegian
    guards : what looks wrong
    ended : why it ended
    made : what each execution came to
    beside : what PAWN says of the same runs, a frame as ``indices``; empty where it was not asked
    ends : the points of the tornado
    """

    design: Design
    values: Array
    indices: pd.DataFrame
    convergence: pd.DataFrame
    tornado: pd.DataFrame
    sentences: tuple[str, ...]
    setninger: tuple[str, ...]
    guards: tuple[str, ...]
    ended: str
    made: tuple[Made, ...]
    beside: pd.DataFrame
    ends: tuple[Point, ...]


def sweep_factors(
    study: Study,
    store: RunStore,
    *,
    where: Elsewhere = HERE,
    on_done: OnDone | None = None,
) -> Swept | None:
    """Return which of the study's factors drive its outcomes; None when this process makes one shard of the runs only.

    The design is doubled from ``sweep.n`` blocks up to ``sweep.most`` until the first outcome's indices have settled;
    a larger design begins with the smaller one, so no run is made twice.

    Raises
    ------
    StudyError, StoreError, CosimError
        Runs cannot be made or kept, or too many fell for an answer.
    """
    sweep = study.sweep
    assert sweep is not None
    deadline = study.budget.deadline
    lucks = range(study.replicates.least)
    made: list[Made] = []
    ends = _points_at_ends(study)

    def make(points: list[Point]) -> None:
        done = execute(
            points,
            lucks,
            study.outcomes,
            store,
            where=where,
            on_done=on_done,
            deadline=deadline,
        )
        made.append(done)

    n, ended = sweep.n, ""
    while True:
        design = make_design(study.factors, sweep.method, n, DESIGN_SEED, sweep.second_order)
        points = points_of_design(study.baseline, study.processes, study.factors, design.values)
        n_runs = len({point.key for point in (*ends, *points)}) * len(lucks)
        if not made:
            do = "ask for fewer blocks (sweep.n), factors or replicates"
            study.budget.refuse(n_runs, study.name, do)
        if study.budget.runs and n_runs > study.budget.runs:
            ended = f"twice as many blocks would pass the budget of {study.budget.runs:,} runs"
            n //= 2
            break
        if not made:
            make(ends)
        make(points)
        if where.shard[1] > 1:
            return None
        values = gather(points, lucks, study.outcomes, store)
        if made[-1].left:
            ended = f"the budget of {study.budget.hours:g} hours was spent"
            break
        if design.n >= 8 or sweep.most > n:
            _, growth = _analyse(study, design, values, 0)
            settled = is_converged(growth, kind=INDEX[sweep.method], width=sweep.until)
            if settled:
                ended = f"the indices have settled: {settled.why}"
                break
        if 2 * n > sweep.most:
            ended = f"the {sweep.most} blocks that were asked for were made"
            break
        n *= 2
    if len(design.values) != len(values):
        design = design.first(n)
    indices, growing = _analyse(study, design, values, 0)
    sentences = [tuple(words(indices, study.outcomes[0], language) for language in LANGUAGES)]
    tables = {study.outcomes[0]: (indices, growing)}
    guards = look_at_outcomes(study.outcomes, values)
    for at, name in enumerate(study.outcomes[1:], 1):
        try:
            tables[name] = _analyse(study, design, values, at)
        except StudyError as error:  # what the study is about was told; this one is not defined often enough
            guards.append(f"{name} was not analysed: {error.complaints[0].found}")
            sentences.append((f"{name} could not be analysed.", f"{name} kunne ikke analyseres."))
            continue
        sentences.append(tuple(words(tables[name][0], name, language) for language in LANGUAGES))
    ends_values = gather(ends, lucks, study.outcomes, store)
    pairs = ends_values[1:].reshape(len(study.factors), 2, len(lucks), -1)
    guards += look_at_twins([factor.name for factor in study.factors], pairs, "the factor")
    return Swept(
        design,
        values,
        _named({name: pair[0] for name, pair in tables.items()}),
        _named({name: pair[1] for name, pair in tables.items()}),
        tell_tornado(study.factors, study.outcomes, ends_values),
        tuple(one[0] for one in sentences),
        tuple(one[1] for one in sentences),
        tuple(guards),
        ended,
        tuple(made),
        look_beside(study, design, values),
        tuple(ends),
    )


def look_beside(study: Study, design: Design, values: Array) -> pd.DataFrame:
    """Return PAWN's distances from the runs of a Sobol design: whether another way of asking gives the same order.

    Its points are the first rows of the Saltelli blocks, so that it costs no run. Shares of variance can mislead where
    an outcome is skewed; PAWN asks the whole distribution.

    Returns
    -------
    frame as `Swept.indices`; empty for other methods, for too few blocks, and for an outcome not defined often enough
    """
    tables = {}
    if design.method == "sobol" and design.n >= FEWEST_BESIDE:
        plain = make_design(study.factors, "pawn", design.n, DESIGN_SEED)
        first = values[:: design.rows_per_block]
        for at, name in enumerate(study.outcomes):
            with contextlib.suppress(CosimError):
                tables[name] = analyse(plain, _table(plain, first, at), luck="common")
    return _named(tables) if tables else pd.DataFrame()


def _points_at_ends(study: Study) -> list[Point]:
    """Return the world as it is, then each factor at its low and its high end."""
    base = points_of_design(study.baseline, study.processes, (), np.zeros((1, 0)))
    for factor in study.factors:
        base += points_of_design(study.baseline, study.processes, (factor,), np.array([[factor.low], [factor.high]]))
    return base


def _table(design: Design, values: Array, at: int) -> pd.DataFrame:
    """Return one outcome's values [row, replicate], tied to the design's rows."""
    return pd.DataFrame(values[:, :, at], index=design.ids)


def _analyse(study: Study, design: Design, values: Array, at: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one outcome's indices, and those on growing parts of the design.

    Raises
    ------
    StudyError
        It is not defined, or runs fell, in too many places.
    """
    table = _table(design, values, at)
    try:
        growing = converge(design, table, luck="common")
        return growing[growing["n"] == design.n].drop(columns="n"), growing
    except CosimError as error:
        raise StudyError(
            Complaint(study.name, f"outcomes.{study.outcomes[at]}", one.found, one.allowed, one.do)
            for one in error.complaints
        ) from error


def _named(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return tables of several outcomes as one, each row naming its outcome and factor."""
    parts = [table.reset_index().assign(outcome=name) for name, table in tables.items()]
    return pd.concat(parts, ignore_index=True)


def tell_tornado(factors: Sequence[Factor], outcomes: Sequence[str], values: Array) -> pd.DataFrame:
    """Return what each factor does alone, from its low to its high end.

    Parameters
    ----------
    factors : [F]
    outcomes : [O]
    values : array [1 + 2 F, replicate, O]: the world as it is, then each factor at its low and its high end

    Returns
    -------
    frame [outcome, factor, low_value, high_value, base, outcome_at_low, outcome_at_high, at_low_low, at_low_high,
        at_high_low, at_high_high, unit, change, low, high, n]
        The ``at_...`` bound the outcome at each end, by its difference from the base. ``change`` is paired, the same
        lucks at both ends; ``low`` and ``high`` bound it at 95 per cent.
    """
    rows = []
    for at, outcome in enumerate(outcomes):
        usual = values[0, :, at]
        base = interval_of_mean(usual).mean
        for place, factor in enumerate(factors):
            below, above = values[1 + 2 * place, :, at], values[2 + 2 * place, :, at]
            change = interval_of_mean(above - below)
            # An end is known beside the base, on the same lucks, far better than by itself.
            down, up = interval_of_mean(below - usual), interval_of_mean(above - usual)
            rows.append(
                {
                    "outcome": outcome, "factor": factor.name, "low_value": written(factor, factor.low),
                    "high_value": written(factor, factor.high), "base": base,
                    "outcome_at_low": interval_of_mean(below).mean, "outcome_at_high": interval_of_mean(above).mean,
                    "at_low_low": base + down.low, "at_low_high": base + down.high, "at_high_low": base + up.low,
                    "at_high_high": base + up.high, "unit": unit_of_column(outcome), "change": change.mean,
                    "low": change.low, "high": change.high, "n": change.n,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)
