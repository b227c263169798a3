"""Draws a world and its people. Floor 4.

Luck has addresses: a person's traits depend on seed, replicate, municipality code, sector and number, so the same
people live in every scenario, under every theory, whoever else is simulated.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cosim.engine import address
from cosim.engine.kernels.peopling import draw_landscapes, draw_people, measure_prehistory
from cosim.engine.logs import ARENA_ROW, INNOVATION_ROW, MONTH_ROW, N_LAGGED, N_PEOPLE
from cosim.engine.state import (
    ACTOR,
    ARENA,
    HOST,
    LONG_AGO,
    ORIGIN,
    OUTSIDE,
    PLACE,
    SCHEDULED,
    SEAT,
    State,
    World,
    rows_in_lines,
)
from cosim.parameters.settings import settings_rows
from cosim.population.setting import Setting
from cosim.population.starting import (
    age_shares,
    count_sectors,
    former_units,
    municipalities_of,
    read_shipped_climate,
    starting_means,
    starting_organisations,
    town_deviations,
    whom_one_looks_to,
)
from cosim.vocabulary import FOCUS_AREAS, SECTORS, SERVICE_AREAS

Array = np.ndarray[Any, Any]

AREA_SHARES = (0.40, 0.35, 0.10, 0.05, 0.10)
"""Share of units in each service area (order of SERVICE_AREAS). ASSUMED: no table of workplaces by area was found;
health and care and education are the two largest by staff."""
LEAST_STAFF = 8
"""A unit draws on at least so many public actors, its neighbours' if it has fewer itself (actors for many persons)."""


class Peopled(NamedTuple):
    """A world with its people, ready for month 0, and the table its municipalities came from."""

    world: World
    state: State
    table: pd.DataFrame


def start_of_luck(seed: int, replicate: int) -> np.uint64:
    """Return the luck of a run as the kernels take it; a plain int would be compiled for once signed, once not."""
    return np.uint64(address.luck_of_run(seed, replicate))


@lru_cache(maxsize=8)
def pool_of_problems(seed: int, n_landscapes: int, coupling: int) -> tuple[Array, Array]:
    """Return a seed's problems, the same for all its replicates: contributions [L, 16, 2^(K+1)] and best worths [L]."""
    landscapes = np.empty((n_landscapes, 16, 2 ** (coupling + 1)), np.float64)
    best = np.empty(n_landscapes, np.float64)
    draw_landscapes(start_of_luck(seed, 0), landscapes, best, coupling)
    landscapes.setflags(write=False)
    best.setflags(write=False)
    return landscapes, best


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
    rows, row_of = scenario.setting_table()
    table = municipalities_of(scenario)
    at_start = [rows[row] for row in row_of[0]]
    counts = count_sectors(table, at_start)
    world, hosts = make_world(scenario, replicate, table, rows, row_of, counts)
    deviations = town_deviations(world.run_luck, world.places)
    state = make_state(world, hosts, table, at_start, deviations)
    formers = np.minimum((np.arange(8)[None, :] + 1) / former_units(table)[:, None], 1.0)
    draw_people(world, state, starting_means(table, at_start, deviations), age_shares(table, counts), formers)
    measure_prehistory(world, state)
    return Peopled(world, state, table)


def make_world(
    scenario: Setting, replicate: int, table: pd.DataFrame, rows: list[dict[str, float]], row_of: Array, counts: Array
) -> tuple[World, Array]:
    """Return what the run never changes, and the rows of its hosts."""
    at_start = [rows[row] for row in row_of[0]]
    values = at_start[0]
    n = len(table)
    n_places = max(int(row["arenas.parallel"]) for row in rows)
    places = np.zeros(n, PLACE)
    bounds = np.concatenate([[0], counts.ravel().cumsum()])
    for m in range(n):
        places["sector_first"][m] = bounds[4 * m : 4 * m + 5]
    places["actor_first"] = places["sector_first"][:, 0]
    places["actor_last"] = places["sector_first"][:, 4]
    places["address"] = table["code"].to_numpy(int)
    roles = table["role"].to_numpy()
    hosts, edges = make_hosts(scenario, table, at_start, places)
    places["host_first"], places["host_last"] = edges[:-1], edges[1:]
    # A place can close at most once a month; pages that are never written cost nothing.
    places["log_first"] = edges[:-1] * n_places * (scenario.months + 1)
    places["population"] = table["population_2020"].to_numpy(float)
    places["experienced"] = roles == "experienced"
    places["exchanging"] = (roles != "plain") * np.array([row["exchange.members"] for row in at_start])
    coupling = int(values["search.coupling"])
    landscapes, best = pool_of_problems(scenario.seed, int(values["search.landscapes"]), coupling)
    climate = read_shipped_climate()
    per_sector = max(1, *(int(row[f"arenas.seats_{sector}"]) for row in rows for sector in SECTORS))
    world = World(
        run_luck=start_of_luck(scenario.seed, replicate),
        settings=settings_rows(rows),
        setting_row=np.ascontiguousarray(row_of, np.int64),
        places=places,
        neighbours=whom_one_looks_to(table, values["spread.nearness"]),
        climate_anchors=np.stack([climate["innovative"].to_numpy(float), climate["stagnated"].to_numpy(float)]) / 300.0,
        landscapes=landscapes,
        landscape_best=best,
        persons_per_actor=float(values["population.persons_per_actor"]),
        coupling=coupling,
        n_seats=4 * per_sector,
        n_places=n_places,
        n_months=scenario.months,
        people_every=scenario.people_every,
    )
    return world, hosts


def make_hosts(
    scenario: Setting, table: pd.DataFrame, settings: list[dict[str, float]], places: Array
) -> tuple[Array, Array]:
    """Return the rows of hosts (each municipality's service units, then one host for each scheduled arena) and where
    each municipality's begin.
    """
    rows: list[tuple[int, ...]] = []
    edges = [0]
    for m, (key, values) in enumerate(zip(table.index, settings, strict=True)):
        code = int(places["address"][m])
        first, last = (int(bound) for bound in places["sector_first"][m, :2])
        staff = table["population_2020"].iloc[m] * values["population.staff_per_1000"] / 1000.0
        n_units = max(round(staff / values["population.staff_per_unit"]), 1)
        cuts = np.linspace(first, last, n_units + 1).round().astype(int)
        areas = np.searchsorted(np.cumsum(AREA_SHARES), (np.arange(n_units) + 0.5) / n_units)
        for unit in range(n_units):
            end = min(max(int(cuts[unit + 1]), int(cuts[unit]) + LEAST_STAFF), last)
            start = max(min(int(cuts[unit]), end - LEAST_STAFF), first)
            rows.append((code * 65536 + unit, start, end, -1, int(areas[unit]), unit % len(FOCUS_AREAS), 0, 1))
        planned = [arena for arena in scenario.arenas if arena.where == key]
        for number, arena in enumerate(planned):
            invited = 1 | sum(1 << SECTORS.index(sector) for sector in set(arena.invites) - {"public"})
            area, focus = SERVICE_AREAS.index(arena.area), FOCUS_AREAS.index(arena.focus)
            rows.append(
                (code * 65536 + 32768 + number, first, last, arena.opens_month, area, focus, SCHEDULED, invited)
            )
        edges.append(len(rows))
    hosts = np.zeros(len(rows), HOST)
    names = ("address", "staff_first", "staff_last", "month", "area", "focus", "kind", "invited")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        hosts[name] = column
    hosts["newest"] = hosts["tried"] = LONG_AGO
    return hosts, np.array(edges, np.int64)


def make_state(
    world: World, hosts: Array, table: pd.DataFrame, settings: list[dict[str, float]], deviations: Array
) -> State:
    """Return the state before month 0, with arenas closed, seats empty and people not yet drawn."""
    n, months = len(table), world.n_months
    n_actors = int(world.places["actor_last"][-1])
    n_arenas = len(hosts) * world.n_places
    n_rows = n_arenas * (months + 1)
    arenas = np.zeros(n_arenas, ARENA)
    arenas["phase"] = OUTSIDE
    seats = np.zeros((n_arenas, world.n_seats), SEAT)
    seats["actor"] = OUTSIDE
    n_counts = months // world.people_every + 1 if world.people_every > 0 else 1
    return State(
        actors=rows_in_lines(n_actors, ACTOR),
        origins=np.empty(n_actors, ORIGIN),
        arenas=arenas,
        seats=seats,
        municipalities=starting_organisations(table, settings, deviations),
        hosts=hosts,
        arena_log=np.empty(n_rows, ARENA_ROW),
        innovation_log=np.empty(n_rows, INNOVATION_ROW),
        adopted=np.empty((n_rows, n), np.int16),
        pressure=np.empty((n_rows, n), np.float32),
        lagged=np.zeros((n, N_LAGGED)),
        months=np.zeros((months, n), MONTH_ROW),
        people=np.zeros((n_counts, n, 4, N_PEOPLE)),
    )
