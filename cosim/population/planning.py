"""Lays out what all replicates of a scenario share: the world as far as luck has no part in it. Floor 4.

Everything here is looked up, counted and cut once a scenario, however many replicates are drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cosim.engine.logs import ARENA_ROW, INNOVATION_ROW
from cosim.engine.state import ACTOR, ARENA, HOST, LONG_AGO, ORIGIN, PLACE, SCHEDULED, SEAT, World
from cosim.parameters.settings import settings_rows
from cosim.population.problems import pool_of_problems, start_of_luck
from cosim.population.setting import Setting
from cosim.population.starting import (
    Organisations,
    Tendencies,
    age_shares,
    count_sectors,
    former_units,
    lay_organisations,
    lay_tendencies,
    municipalities_of,
    read_shipped_climate,
    whom_one_looks_to,
)
from cosim.vocabulary import FOCUS_AREAS, SECTORS, SERVICE_AREAS

Array = np.ndarray[Any, Any]
Rooms = dict[str, tuple[tuple[int, ...], np.dtype[Any]]]

AREA_SHARES = (0.40, 0.35, 0.10, 0.05, 0.10)
"""Share of units in each service area (order of SERVICE_AREAS). ASSUMED: no table of workplaces by area was found;
health and care and education are the two largest by staff."""
LEAST_STAFF = 8
"""A unit draws on at least so many public actors, its neighbours' if it has fewer itself (actors for many persons)."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the replicates of a scenario are drawn from; shared by all of them, so nobody writes to it.

    Attributes
    ----------
    seed : whole number, 0 or more
    table : the municipalities' rows of evidence
    world : of replicate 0, its prehistory not yet measured
    hosts : [H] HOST, before month 0
    rooms : shape and form of the large arrays of a state, by name; a run writes before it reads what lies in them
    n_counts : how often everybody is counted
    tendencies, organisations : what luck moves a little in each municipality
    ages : [M, 4, 5] cumulative shares of the age groups
    formers : [M, 8] cumulative shares of the former municipalities
    """

    seed: int
    table: pd.DataFrame
    world: World
    hosts: Array
    rooms: Rooms
    n_counts: int
    tendencies: Tendencies
    organisations: Organisations
    ages: Array
    formers: Array


def lay_plan(scenario: Setting) -> Plan:
    """Return what all replicates of a scenario share.

    Parameters
    ----------
    scenario : checked scenario

    Sources
    -------
    ssb2024population : inhabitants and age structure.
    ASSUMED : who wears which hat; equal sizes of former municipalities.
    """
    rows, row_of = scenario.setting_table()
    table = municipalities_of(scenario)
    at_start = [rows[row] for row in row_of[0]]
    counts = count_sectors(table, at_start)
    world, hosts = lay_world(scenario, table, rows, row_of, counts)
    every = world.people_every
    return Plan(
        seed=scenario.seed,
        table=table,
        world=world,
        hosts=hosts,
        rooms=rooms_of(world, len(hosts)),
        n_counts=world.n_months // every + 1 if every > 0 else 1,
        tendencies=lay_tendencies(table, at_start),
        organisations=lay_organisations(table, at_start),
        ages=age_shares(table, counts),
        formers=np.minimum((np.arange(8)[None, :] + 1) / former_units(table)[:, None], 1.0),
    )


def lay_world(
    scenario: Setting, table: pd.DataFrame, rows: list[dict[str, float]], row_of: Array, counts: Array
) -> tuple[World, Array]:
    """Return what a run never changes, and the rows of its hosts."""
    at_start = [rows[row] for row in row_of[0]]
    values = at_start[0]
    n = len(table)
    n_places = max(int(row["arenas.parallel"]) for row in rows)
    places = np.zeros(n, PLACE)
    bounds = np.concatenate([[0], counts.ravel().cumsum()])
    places["sector_first"] = bounds[4 * np.arange(n)[:, None] + np.arange(5)]
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
        run_luck=start_of_luck(scenario.seed, 0),
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
    parts = []
    inhabitants = table["population_2020"].to_numpy(float)
    for m, (key, values) in enumerate(zip(table.index, settings, strict=True)):
        code = int(places["address"][m])
        first, last = (int(bound) for bound in places["sector_first"][m, :2])
        staff = inhabitants[m] * values["population.staff_per_1000"] / 1000.0
        n_units = max(round(staff / values["population.staff_per_unit"]), 1)
        planned = [arena for arena in scenario.arenas if arena.where == key]
        hosts = np.zeros(n_units + len(planned), HOST)
        number = np.arange(n_units)
        cuts = np.linspace(first, last, n_units + 1).round().astype(int)
        units = hosts[:n_units]
        units["address"] = code * 65536 + number
        units["staff_last"] = np.minimum(np.maximum(cuts[1:], cuts[:-1] + LEAST_STAFF), last)
        units["staff_first"] = np.maximum(np.minimum(cuts[:-1], units["staff_last"] - LEAST_STAFF), first)
        units["month"] = -1
        units["area"] = np.searchsorted(np.cumsum(AREA_SHARES), (number + 0.5) / n_units)
        units["focus"] = number % len(FOCUS_AREAS)
        units["invited"] = 1
        for place, (host, arena) in enumerate(zip(hosts[n_units:], planned, strict=True)):
            host["address"] = code * 65536 + 32768 + place
            host["staff_first"], host["staff_last"] = first, last
            host["month"] = arena.opens_month
            host["area"], host["focus"] = SERVICE_AREAS.index(arena.area), FOCUS_AREAS.index(arena.focus)
            host["kind"] = SCHEDULED
            host["invited"] = 1 | sum(1 << SECTORS.index(sector) for sector in set(arena.invites) - {"public"})
        parts.append(hosts)
    rows = np.concatenate(parts)
    rows["newest"] = rows["tried"] = LONG_AGO
    return rows, np.cumsum([0, *map(len, parts)], dtype=np.int64)


def rooms_of(world: World, n_hosts: int) -> Rooms:
    """Return shape and form of the large arrays that a state of this world needs, by name."""
    n_actors = int(world.places["actor_last"][-1])
    n_arenas = n_hosts * world.n_places
    n_rows = n_arenas * (world.n_months + 1)
    n = len(world.places)
    return {
        "actors": ((n_actors,), ACTOR),
        "origins": ((n_actors,), ORIGIN),
        "arenas": ((n_arenas,), ARENA),
        "seats": ((n_arenas, world.n_seats), SEAT),
        "arena_log": ((n_rows,), ARENA_ROW),
        "innovation_log": ((n_rows,), INNOVATION_ROW),
        "adopted": ((n_rows, n), np.dtype(np.int16)),
        "pressure": ((n_rows, n), np.dtype(np.float32)),
    }
