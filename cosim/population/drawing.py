"""Draws a world and its people. Floor 4.

Luck has addresses: a person's traits depend on seed, replicate, municipality code, sector and number, so the same
people live in every scenario, under every theory, whoever else is simulated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cosim.engine.kernels.peopling import draw_people, measure_prehistory
from cosim.engine.logs import MONTH_ROW, N_LAGGED, N_PEOPLE
from cosim.engine.state import OUTSIDE, State, World, rows_in_lines
from cosim.population.planning import Plan, lay_plan
from cosim.population.problems import start_of_luck
from cosim.population.setting import Setting
from cosim.population.starting import means_of_people, starting_organisations, town_deviations

Array = np.ndarray[Any, Any]


class Peopled(NamedTuple):
    """A world with its people, ready for month 0, and the table its municipalities came from."""

    world: World
    state: State
    table: pd.DataFrame


def draw_population(scenario: Setting, replicate: int) -> Peopled:
    """Return a world and its people before month 0.

    Parameters
    ----------
    scenario : checked scenario
    replicate : 0 or more

    Sources
    -------
    ssb2024population : inhabitants and age structure.
    ASSUMED : who wears which hat; equal sizes of former municipalities.
    """
    return draw_replicate(lay_plan(scenario), replicate)


def draw_replicate(plan: Plan, replicate: int, into: State | None = None) -> Peopled:
    """Return the world and the people of one replicate before month 0.

    What every replicate shares comes from the plan; only luck is drawn here, so that the same plan serves any number of
    replicates, on any number of threads.

    Parameters
    ----------
    plan : what `planning.lay_plan` returns
    replicate : 0 or more
    into : the state of an earlier replicate that nobody needs any more
        Its large arrays are written over, as far as they have the size that is needed; no bit depends on it. What a
        record keeps of a state as it is (months, counts of people, sums) is made anew all the same.
    """
    places = plan.world.places.copy()
    world = plan.world._replace(run_luck=start_of_luck(plan.seed, replicate), places=places)
    deviations = town_deviations(world.run_luck, places)
    state = make_state(plan, deviations, into)
    draw_people(world, state, means_of_people(plan.tendencies, deviations), plan.ages, plan.formers)
    measure_prehistory(world, state)
    return Peopled(world, state, plan.table)


def make_state(plan: Plan, deviations: Array, into: State | None = None) -> State:
    """Return the state before month 0, with arenas closed, seats empty and people not yet drawn.

    Parameters
    ----------
    deviations : [M, 5] see `starting.town_deviations`
    into : an earlier state, whose large arrays are written over where they fit
    """
    rooms = {name: make_room(plan, name, getattr(into, name, None)) for name in plan.rooms}
    for name, free in (("arenas", "phase"), ("seats", "actor")):
        rooms[name].view(np.uint8).fill(0)
        rooms[name][free] = OUTSIDE
    n, months = len(plan.table), plan.world.n_months
    return State(
        **rooms,
        municipalities=starting_organisations(plan.organisations, deviations),
        hosts=plan.hosts.copy(),
        lagged=np.zeros((n, N_LAGGED)),
        months=np.zeros((months, n), MONTH_ROW),
        people=np.zeros((plan.n_counts, n, 4, N_PEOPLE)),
    )


def make_room(plan: Plan, name: str, old: Array | None) -> Array:
    """Return one of a state's large arrays, whatever may lie in it: the old one if that has the size."""
    shape, form = plan.rooms[name]
    if old is not None and old.shape == shape:
        return old
    return rows_in_lines(shape[0], form) if name == "actors" else np.empty(shape, form)
