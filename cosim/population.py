"""Draws a world and its people from a scenario and the evidence.

Floor 4. Luck has addresses: a person's traits depend on seed, replicate, municipality code, sector and number, so the
same people live in every scenario, under every theory, whoever else is simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from cosim.engine import address
from cosim.engine.kernels.peopling import draw_landscapes, draw_people, measure_prehistory
from cosim.engine.logs import ARENA_ROW, INNOVATION_ROW, MONTH_ROW, N_LAGGED, N_PEOPLE
from cosim.engine.state import ACTOR, ARENA, HOST, LONG_AGO, MUNICIPALITY, OUTSIDE, PLACE, SCHEDULED, SEAT, State, World
from cosim.evidence.climate import read_climate
from cosim.evidence.municipalities import count_adults, read_municipalities
from cosim.evidence.national import read_national
from cosim.evidence.profiles import choose_profile, read_profiles
from cosim.parameters.settings import settings_rows
from cosim.vocabulary import FOCUS_AREAS, SECTORS, SERVICE_AREAS

Array = np.ndarray[Any, Any]

AREA_SHARES = (0.40, 0.35, 0.10, 0.05, 0.10)
"""Share of units in each service area (order of SERVICE_AREAS). ASSUMED: no table of workplaces by area was found;
health and care and education are the two largest by staff."""
OTHER_COUNTY = 0.25
"""Nearness of municipalities in different counties, against 1 within one. ASSUMED."""
CONFLICTS = 7
"""Place of the climate dimension that counts against the climate."""
LEAST_STAFF = 8
"""A unit draws on at least so many public actors, its neighbours' if it has fewer itself (actors for many persons)."""


class Planned(Protocol):
    """What is asked of a scheduled arena."""

    @property
    def where(self) -> str:
        """Key of the municipality."""
        ...

    @property
    def focus(self) -> str:
        """Focus area."""
        ...

    @property
    def area(self) -> str:
        """Service area."""
        ...

    @property
    def invites(self) -> tuple[str, ...]:
        """Sectors."""
        ...

    @property
    def opens_month(self) -> int:
        """Month of the run."""
        ...


class Setting(Protocol):
    """What is asked of a scenario; a scenario and this room stand on the same floor, so only its shape is named."""

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Keys, in order."""
        ...

    @property
    def table(self) -> Path | None:
        """An own table of municipalities."""
        ...

    @property
    def months(self) -> int:
        """Length of the run."""
        ...

    @property
    def seed(self) -> int:
        """Seed, 0 or more."""
        ...

    @property
    def people_every(self) -> int:
        """Months between two counts of everybody."""
        ...

    @property
    def arenas(self) -> Sequence[Planned]:
        """Scheduled arenas."""
        ...

    def setting_table(self) -> tuple[list[dict[str, float]], Array]:
        """Return distinct rows of settings and which row holds, [months, municipality]."""
        ...


class Peopled(NamedTuple):
    """A world with its people, ready for month 0, and the table its municipalities came from."""

    world: World
    state: State
    table: pd.DataFrame


@lru_cache(maxsize=16)
def _read_table(path: Path | None, _stamp: tuple[int, int]) -> pd.DataFrame:
    """Return a table of municipalities, read again only when its file has changed."""
    return read_municipalities(path)


def municipalities_of(scenario: Setting) -> pd.DataFrame:
    """Return the rows of a scenario's municipalities, in its order."""
    path = scenario.table
    found = path.stat() if path is not None and path.exists() else None
    stamp = (found.st_mtime_ns, found.st_size) if found is not None else (0, 0)
    return _read_table(path, stamp).loc[list(scenario.municipalities)]


# What ships does not change while a process lives: read it once, not once a replicate.
_national = cache(read_national)
_profiles = cache(read_profiles)
_climate = cache(read_climate)


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


def count_sectors(table: pd.DataFrame, settings: list[dict[str, float]]) -> Array:
    """Return how many actors of each sector a municipality has, [M, 4].

    The public sector is the municipality's own staff; firms and research are shares of the adults by the hat they
    would wear in an arena; everybody else is a citizen.
    """
    adults = count_adults(table, _national()["share_adults"].value).to_numpy()
    counts = np.zeros((len(table), len(SECTORS)), np.int64)
    for m, (population, adult, values) in enumerate(zip(table["population_2020"], adults, settings, strict=True)):
        per = values["population.persons_per_actor"]
        total = max(round(adult / per), 8)
        public = min(max(round(population * values["population.staff_per_1000"] / 1000.0 / per), 2), total // 2)
        private = max(round(total * values["population.share_private"]), 1)
        research = max(round(total * values["population.share_research"]), 1)
        counts[m] = (public, private, max(total - public - private - research, 1), research)
    return counts


def town_deviations(run_luck: np.uint64, places: Array) -> Array:
    """Return by how many standard deviations each municipality differs from what is known of it, [M, 5]: in trust,
    optimism, identity, climate and leadership. Mean 0; a municipality differs alike in every scenario.
    """
    luck = np.uint64(address.luck_of(run_luck, -1, address.TOWN))
    return np.array([[address.draw_bell(luck, int(code) * 8 + k) for k in range(5)] for code in places["address"]])


def starting_means(table: pd.DataFrame, settings: list[dict[str, float]], deviations: Array) -> Array:
    """Return the means the people are drawn around, [M, 4 sectors, 8]: trust in four sectors, optimism, identity,
    creativity, framing anchor.

    Measured profiles are ordinal; what a step is worth in numbers is a parameter. Where nothing was measured,
    municipalities differ by luck; a measured one keeps the place it was found to have.
    """
    profiles = _profiles()
    means = np.zeros((len(table), 4, 8))
    for m, (key, values) in enumerate(zip(table.index, settings, strict=True)):
        profile = choose_profile(profiles, str(key), merged=bool(former_units(table)[m] > 1))
        general = profile.trait("general_trust").step
        between = values["people.between"]
        trust, optimism, identity = (
            0.0 if profile.standing == "measured" else between * float(deviation) for deviation in deviations[m, :3]
        )
        for sector, truster in enumerate(SECTORS):
            for other, trusted in enumerate(SECTORS):
                named = profile.relations.get(f"{truster}_to_{trusted}")
                step = general if named is None else named.step
                own = values["people.trust_own"] if sector == other else 0.0
                means[m, sector, other] = values["people.trust"] + trust + own + values["people.trust_step"] * step
            optimistic, at_home = profile.trait("optimism").step, profile.trait("identity").step
            means[m, sector, 4] = values["people.optimism"] + optimism + values["people.optimism_step"] * optimistic
            means[m, sector, 5] = values["people.identity"] + identity + values["people.identity_step"] * at_home
            means[m, sector, 6] = values["people.creativity"]
            means[m, sector, 7] = 0.5 + values["people.framing_gap"] * (sector - 1.5) / 1.5
    return means


def age_shares(table: pd.DataFrame, counts: Array) -> Array:
    """Return cumulative shares of the five age groups by municipality and sector, [M, 4, 5].

    Staff, firms and research are of working age (18-66), split evenly over its three groups (ASSUMED); citizens make
    up the rest, so that each municipality's measured shares over 66 and over 79 hold for all its adults together.
    """
    shares = np.zeros((len(table), 4, 5))
    for m in range(len(table)):
        row = table.iloc[m]
        adults = 1.0 - _given(row["share_under_18_2020"], 0.208)
        old = _given(row["share_67_plus_2020"], 0.154) / adults
        oldest = _given(row["share_80_plus_2020"], 0.043) / adults
        scale = counts[m].sum() / max(counts[m, 2], 1)
        for sector in range(4):
            very = min(oldest * scale, 0.5) if sector == 2 else 0.0
            elder = min((old - oldest) * scale, 0.5) if sector == 2 else 0.0
            young = (1.0 - elder - very) / 3.0
            shares[m, sector] = np.cumsum([young, young, young, elder, very])
    return shares


def former_units(table: pd.DataFrame) -> Array:
    """Return how many municipalities each was merged from, [M], 1 if none or unknown; at most 8 are told apart."""
    return table["n_former_units"].fillna(1).to_numpy(int).clip(1, 8)


def _given(value: float, otherwise: float) -> float:
    """Return a value, or the national one where the table has none."""
    return otherwise if pd.isna(value) else float(value)


def whom_one_looks_to(table: pd.DataFrame, share_nearness: float) -> Array:
    """Return [M, M] weights of a municipality's attention to others: near ones, and large ones; rows sum to 1."""
    n = len(table)
    county = table["county"].fillna("").to_numpy()
    near = np.where(county[:, None] == county[None, :], 1.0, OTHER_COUNTY)
    size = np.broadcast_to(np.sqrt(table["population_2020"].to_numpy(float))[None, :], (n, n)).copy()
    for weights in (near, size):
        np.fill_diagonal(weights, 0.0)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    mixed: Array = share_nearness * near + (1.0 - share_nearness) * size
    return mixed


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
    places["centrality"] = table["centrality_index_2024"].fillna(500).to_numpy(float) / 1000.0
    places["experienced"] = roles == "experienced"
    places["exchanging"] = (roles != "plain") * np.array([row["exchange.members"] for row in at_start])
    coupling = int(values["search.coupling"])
    landscapes, best = pool_of_problems(scenario.seed, int(values["search.landscapes"]), coupling)
    climate = _climate()
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


def starting_organisations(table: pd.DataFrame, settings: list[dict[str, float]], deviations: Array) -> Array:
    """Return each municipality's climate, leadership, design, administration and experience before month 0.

    The climate is Ekvall's average organisation, moved so that its scalar is the parameter ``organisation.climate``.
    """
    climate = _climate()["average"].to_numpy(float) / 300.0
    usual = (np.delete(climate, CONFLICTS).sum() + 1.0 - climate[CONFLICTS]) / len(climate)
    rows = np.zeros(len(table), MUNICIPALITY)
    for m, (values, role) in enumerate(zip(settings, table["role"], strict=True)):
        climate_by_luck, leadership_by_luck = values["organisation.between"] * deviations[m, 3:5]
        lift = (values["organisation.climate"] + climate_by_luck) / usual
        rows["climate"][m] = np.clip(climate * lift, 0.0, 1.0)
        rows["climate"][m, CONFLICTS] = np.clip(1.0 - (1.0 - climate[CONFLICTS]) * lift, 0.0, 1.0)
        rows["leadership"][m] = np.clip(values["leadership.start"] + leadership_by_luck, 0.0, 1.0)
        rows["design"][m] = values["organisation.design"]
        rows["administration"][m] = values["organisation.administration"]
        rows["experience"][m] = values[f"organisation.experience_{role}"]
    return rows


def make_state(
    world: World, hosts: Array, table: pd.DataFrame, settings: list[dict[str, float]], deviations: Array
) -> State:
    """Return the state before month 0, with arenas closed, seats empty and people not yet drawn."""
    n, months = len(table), world.n_months
    n_arenas = len(hosts) * world.n_places
    n_rows = n_arenas * (months + 1)
    arenas = np.zeros(n_arenas, ARENA)
    arenas["phase"] = OUTSIDE
    seats = np.zeros((n_arenas, world.n_seats), SEAT)
    seats["actor"] = OUTSIDE
    n_counts = months // world.people_every + 1 if world.people_every > 0 else 1
    return State(
        actors=np.empty(int(world.places["actor_last"][-1]), ACTOR),
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
