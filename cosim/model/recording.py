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
    """Return a run's record: the used rows of the logs, innovations pointing at their arenas' new places.

    The logs are copied; months, counts of people and sums are the state's own.
    """
    n_arenas, n_solutions = (state.municipalities[count] for count in ("arena_count", "innovation_count"))
    innovations = take_used(state.innovation_log, world, n_solutions)
    # A municipality's rows move as one, from where its region begins to behind those of the municipalities before it.
    moved = world.places["log_first"] - (n_arenas.cumsum() - n_arenas)
    innovations["arena_row"] -= np.repeat(moved, n_solutions)
    return RunRecord(
        scenario=scenario.name,
        process=scenario.process,
        seed=scenario.seed,
        replicate=replicate,
        start=scenario.start,
        months=scenario.months,
        people_every=scenario.people_every,
        municipalities=scenario.municipalities,
        arenas=take_used(state.arena_log, world, n_arenas),
        innovations=innovations,
        month_table=state.months,
        people=state.people,
        lagged=state.lagged,
        adopted=take_used(state.adopted, world, n_solutions),
        survey=np.concatenate(answers) if len(answers) else np.zeros(0, ANSWER),
        n_actors=world.places["actor_last"] - world.places["actor_first"],
        seconds=seconds,
    )


def take_used(log: Array, world: World, used: Array) -> Array:
    """Return a copy of the rows written in a log, region by region; see `used_rows`."""
    taken = np.empty((int(used.sum()), *log.shape[1:]), log.dtype)
    end = 0
    for first, n in zip(world.places["log_first"].tolist(), used.tolist(), strict=True):
        taken[end : end + n] = log[first : first + n]
        end += n
    return taken


def used_rows(world: World, used: Array) -> Array:
    """Return the numbers of the rows written in a log, region by region.

    Parameters
    ----------
    used : [M] rows used of each municipality's region
    """
    firsts = world.places["log_first"]
    return np.concatenate([np.arange(first, first + n) for first, n in zip(firsts, used, strict=True)])
