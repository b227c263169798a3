"""What a world leaves behind: answers to the questionnaire on the way, and the record of a run. Floor 5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cosim.engine.state import State, World
from cosim.measurement.survey import ANSWER, PeopleColumns, take_survey
from cosim.model.people import People
from cosim.population.starting import CONFLICTS
from cosim.results.record import RunRecord
from cosim.scenario.model import Scenario

Array = np.ndarray[Any, Any]


def people_columns(world: World, state: State, month: int) -> PeopleColumns:
    """Return everybody's traits as columns at the start of a month; nobody is changed by being looked at."""
    people = People(world, state, month)
    climate = state.municipalities["climate"].copy()
    climate[:, CONFLICTS] = 1.0 - climate[:, CONFLICTS]
    return PeopleColumns(
        municipality=state.actors["municipality"].astype(np.int64),
        sector=state.actors["sector"].astype(np.int64),
        age=state.actors["age"].astype(np.int64),
        trust=people.column("trust"),
        optimism=people.column("optimism"),
        identity=people.column("identity"),
        fatigue=people.column("fatigue"),
        climate=climate.mean(axis=1),
        codes=world.places["address"],
    )


def ask(world: World, state: State, month: int) -> Array:
    """Return the answers to the questionnaire at the start of a month."""
    row = world.settings[world.setting_row[min(month, world.n_months - 1), 0]]
    names = world.settings.dtype.names or ()
    settings = {name.replace("survey_", "survey.", 1): float(row[name]) for name in names if name.startswith("survey_")}
    return take_survey(people_columns(world, state, month), month, world.run_luck, settings)


def make_record(
    scenario: Scenario, replicate: int, world: World, state: State, answers: Sequence[Array], seconds: float
) -> RunRecord:
    """Return a run's record: the used rows of the logs, innovations pointing at their arenas' new places."""
    arena_rows = used_rows(world, state.municipalities["arena_count"])
    solution_rows = used_rows(world, state.municipalities["innovation_count"])
    innovations = state.innovation_log[solution_rows]
    innovations["arena_row"] = np.searchsorted(arena_rows, innovations["arena_row"])
    return RunRecord(
        scenario=scenario.name,
        process=scenario.process,
        seed=scenario.seed,
        replicate=replicate,
        start=scenario.start,
        months=scenario.months,
        people_every=scenario.people_every,
        municipalities=scenario.municipalities,
        arenas=state.arena_log[arena_rows],
        innovations=innovations,
        month_table=state.months,
        people=state.people,
        lagged=state.lagged,
        adopted=state.adopted[solution_rows],
        survey=np.concatenate(answers) if len(answers) else np.zeros(0, ANSWER),
        n_actors=world.places["actor_last"] - world.places["actor_first"],
        seconds=seconds,
    )


def used_rows(world: World, used: Array) -> Array:
    """Return the numbers of the rows written in a log, region by region.

    Parameters
    ----------
    used : [M] rows used of each municipality's region
    """
    firsts = world.places["log_first"]
    return np.concatenate([np.arange(first, first + n) for first, n in zip(firsts, used, strict=True)])
