"""Compares policies: every world meets the same lucks, until the paired difference is known well enough. Floor 7."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.errors import Complaint, StudyError
from cosim.measurement.groups import group_columns
from cosim.results.runstore import RunStore
from cosim.study.definition import Budget, Replicates, Study
from cosim.study.differences import half_width, narrowing, tell_costs, tell_differences
from cosim.study.execute import HERE, Elsewhere, Made, OnDone, execute, gather
from cosim.study.points import Point, point_at

Array = np.ndarray[Any, Any]
ALWAYS: Final = ("cost", "innovations", "cost_per_innovation", "cost_per_value")
"""Measured in every comparison, whatever else is asked for: what it costs is part of the answer."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Runs of some points: their values [point, replicate, column], the looks that were taken, and why it ended."""

    columns: tuple[str, ...]
    values: Array
    looks: tuple[int, ...]
    ended: str
    made: tuple[Made, ...]

    def of(self, column: str) -> Array:
        """Return the values of one column, [point, replicate]."""
        return np.asarray(self.values[:, :, self.columns.index(column)])


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found; frames as `differences` makes them."""

    names: tuple[str, ...]
    sampled: Sampled
    differences: pd.DataFrame
    groups: pd.DataFrame
    costs: pd.DataFrame
    narrowing: pd.DataFrame


def sample_until(
    points: Sequence[Point],
    columns: Sequence[str],
    replicates: Replicates,
    store: RunStore,
    *,
    budget: Budget | None = None,
    where: Elsewhere = HERE,
    on_done: OnDone | None = None,
    is_enough: Callable[[Array], bool] | None = None,
) -> Sampled:
    """Return runs of all points on the same lucks: at least, then half as many again each time, until enough or at
    most.

    The rule is looked at after each batch. Stopping when an interval is narrow favours samples that happen to be
    narrow (Chow and Robbins); with 20 replicates to begin with, an interval of 95 per cent still covers 94.5 with luck
    near normal, 93 where the difference has skewness 1, and 89 to 91 where it has 2 (tests/verification/test_stopping).

    Parameters
    ----------
    points : worlds, the baseline first
    columns : outcomes to have
    replicates : least and most
    budget : runs and hours that may not be passed; a batch that would pass the runs is not begun
    is_enough : told the values [point, replicate, column] so far; without it ``least`` is enough
    """
    budget = budget or Budget()
    deadline = budget.deadline
    looks: list[int] = []
    made: list[Made] = []
    n, ended = replicates.least, ""
    values = np.empty((len(points), 0, len(columns)))
    while not ended:
        if budget.runs and len(points) * n > budget.runs:
            n = budget.runs // len(points)
            ended = f"the budget of {budget.runs:,} runs was spent"
            if n < 2 and not looks:
                found, allowed = f"{budget.runs:,}", f"two lucks at each of {len(points)} points, {2 * len(points):,}"
                raise StudyError([Complaint("study", "budget.runs", found, f"at least {allowed}", "raise it")])
            if looks and n <= looks[-1]:
                break
        first = looks[-1] if looks else 0
        batch = range(first, n)
        made.append(execute(points, batch, columns, store, where=where, on_done=on_done, deadline=deadline))
        values = np.concatenate([values, gather(points, batch, columns, store)], axis=1)
        looks.append(n)
        if made[-1].left:
            ended = f"the budget of {budget.hours:g} hours was spent"
        elif not ended and (is_enough is None or is_enough(values)):
            ended = "as narrow as was asked" if is_enough is not None else "as many replicates as were asked"
        elif not ended and n >= replicates.most:
            ended = f"the most that was allowed, {replicates.most} replicates"
        n = min(replicates.most, n + max(n // 2, 10))
    return Sampled(tuple(columns), values, tuple(looks), ended, tuple(made))


def compare_policies(
    study: Study, store: RunStore, *, where: Elsewhere = HERE, on_done: OnDone | None = None
) -> Comparison:
    """Return what the study's alternatives do that its baseline does not.

    Raises
    ------
    StoreError, StudyError
        Runs cannot be kept, or not be made where they should.
    """
    process, model = study.processes[0]
    points = [point_at(scenario, process, model) for scenario in study.scenarios]
    names = tuple(scenario.name for scenario in study.scenarios)
    whole = tuple(dict.fromkeys((*study.outcomes, *ALWAYS)))
    shared = [one for one in study.baseline.municipalities if all(one in s.municipalities for s in study.scenarios)]
    alone = any(len(scenario.municipalities) < 2 for scenario in study.scenarios)
    columns = (*whole, *group_columns(shared[:1] if alone else shared))
    rule = study.replicates

    def is_enough(values: Array) -> bool:
        return half_width(values[:, :, 0], as_share=rule.width_in == "share") <= rule.width

    sampled = sample_until(
        points,
        columns,
        rule,
        store,
        budget=study.budget,
        where=where,
        on_done=on_done,
        is_enough=is_enough if rule.width > 0.0 else None,
    )
    persons = study.baseline.values_in(study.baseline.municipalities[0])["population.persons_per_actor"]
    differences, groups = tell_differences(names, columns, sampled.values, persons)
    cost = sampled.of("cost")
    innovations = sampled.of("innovations")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(innovations > 0, cost / sampled.of("cost_per_value"), 0.0)
    gains = {"innovation": innovations, "unit of quality put into use": value}
    return Comparison(
        names,
        sampled,
        differences,
        groups,
        tell_costs(names, cost, gains),
        narrowing(names, whole[0], sampled.of(whole[0]), sampled.looks),
    )
