"""What is known of the municipalities at the start: how many of each sector, what people think on average, how old
they are, whom one looks to, and what state the organisations are in. Floor 4.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cosim.engine.kernels.peopling import draw_deviations
from cosim.engine.state import MUNICIPALITY
from cosim.evidence.climate import read_climate
from cosim.evidence.municipalities import count_adults, read_municipalities
from cosim.evidence.national import read_national
from cosim.evidence.profiles import choose_profile, read_profiles
from cosim.population.setting import Setting
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]

OTHER_COUNTY = 0.25
"""Nearness of municipalities in different counties, against 1 within one. ASSUMED."""
CONFLICTS = 7
"""Place of the climate dimension that counts against the climate."""
N_DEVIATIONS = 5
"""In trust, optimism, identity, climate and leadership a municipality differs by luck, in this order."""
DEVIATES_IN = (0, 0, 0, 0, 1, 2)
"""The deviation that moves each mean: trust in the four sectors, optimism, identity."""


class Tendencies(NamedTuple):
    """The means that people are drawn around, in the parts they are the sum of.

    Axes: M municipalities, 4 sectors, 8 means (trust in four sectors, optimism, identity, creativity, framing anchor).
    """

    usual: Array  # [M, 4, 8] of people anywhere
    by_luck: Array  # [M, 8] what one standard deviation of the municipality is worth, 0 where it was measured
    own: Array  # [M, 4, 8] trust in one's own sector
    known: Array  # [M, 4, 8] the steps that its profile tells of


class Organisations(NamedTuple):
    """The municipalities' organisations before luck moves their climate and leadership a little."""

    rows: Array  # [M] MUNICIPALITY, climate and leadership not yet known
    climate: Array  # [M] share
    leadership: Array  # [M] share
    by_luck: Array  # [M] what one standard deviation is worth


@lru_cache(maxsize=16)
def _read_table(path: Path | None, _stamp: tuple[int, int]) -> pd.DataFrame:
    """Return a table of municipalities, read again only when its file has changed."""
    return read_municipalities(path)


@lru_cache(maxsize=16)
def _choose_rows(path: Path | None, stamp: tuple[int, int], keys: tuple[str, ...]) -> pd.DataFrame:
    """Return some rows of a table of municipalities; whole sweeps ask for the same ones."""
    return _read_table(path, stamp).loc[list(keys)]


def municipalities_of(scenario: Setting) -> pd.DataFrame:
    """Return the rows of a scenario's municipalities, in its order; the caller's own, to write to."""
    path = scenario.table
    found = path.stat() if path is not None and path.exists() else None
    stamp = (found.st_mtime_ns, found.st_size) if found is not None else (0, 0)
    return _choose_rows(path, stamp, scenario.municipalities).copy(deep=False)


# What ships does not change while a process lives: read it once, not once a replicate.
_national = cache(read_national)
_profiles = cache(read_profiles)
read_shipped_climate = cache(read_climate)


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
    deviations = np.empty((len(places), N_DEVIATIONS))
    draw_deviations(run_luck, places, deviations)
    return deviations


def lay_tendencies(table: pd.DataFrame, settings: list[dict[str, float]]) -> Tendencies:
    """Return what is known of the means that people are drawn around, before luck.

    Measured profiles are ordinal; what a step is worth in numbers is a parameter. Where nothing was measured,
    municipalities differ by luck; a measured one keeps the place it was found to have.
    """
    profiles = _profiles()
    merged = former_units(table) > 1
    shape = (len(table), len(SECTORS), 8)
    usual, own, known = (np.zeros(shape) for _part in range(3))
    by_luck = np.zeros((len(table), 8))
    for m, (key, values) in enumerate(zip(table.index, settings, strict=True)):
        profile = choose_profile(profiles, str(key), merged=bool(merged[m]))
        general = profile.trait("general_trust").step
        for sector, truster in enumerate(SECTORS):
            own[m, sector, sector] = values["people.trust_own"]
            for other, trusted in enumerate(SECTORS):
                named = profile.relations.get(f"{truster}_to_{trusted}")
                known[m, sector, other] = values["people.trust_step"] * (general if named is None else named.step)
        known[m, :, 4] = values["people.optimism_step"] * profile.trait("optimism").step
        known[m, :, 5] = values["people.identity_step"] * profile.trait("identity").step
        usual[m, :, :4] = values["people.trust"]
        usual[m, :, 4:7] = values["people.optimism"], values["people.identity"], values["people.creativity"]
        usual[m, :, 7] = 0.5 + values["people.framing_gap"] * (np.arange(len(SECTORS)) - 1.5) / 1.5
        by_luck[m, : len(DEVIATES_IN)] = 0.0 if profile.standing == "measured" else values["people.between"]
    return Tendencies(usual, by_luck, own, known)


def means_of_people(tendencies: Tendencies, deviations: Array) -> Array:
    """Return the means the people are drawn around, [M, 4 sectors, 8]: trust in four sectors, optimism, identity,
    creativity, framing anchor.
    """
    usual, by_luck, own, known = tendencies
    luck = np.zeros(by_luck.shape)
    luck[:, : len(DEVIATES_IN)] = deviations[:, DEVIATES_IN]
    means: Array = usual + (by_luck * luck)[:, None, :] + own + known
    return means


def starting_means(table: pd.DataFrame, settings: list[dict[str, float]], deviations: Array) -> Array:
    """Return the same from what is known of the municipalities, see `lay_tendencies` and `means_of_people`."""
    return means_of_people(lay_tendencies(table, settings), deviations)


def age_shares(table: pd.DataFrame, counts: Array) -> Array:
    """Return cumulative shares of the five age groups by municipality and sector, [M, 4, 5].

    Staff, firms and research are of working age (18-66), split evenly over its three groups (ASSUMED); citizens make
    up the rest, so that each municipality's measured shares over 66 and over 79 hold for all its adults together.
    """
    adults = 1.0 - _given(table["share_under_18_2020"], 0.208)
    old = _given(table["share_67_plus_2020"], 0.154) / adults
    oldest = _given(table["share_80_plus_2020"], 0.043) / adults
    scale = counts.sum(axis=1) / np.maximum(counts[:, 2], 1)
    groups = np.zeros((len(table), 4, 5))
    groups[:, 2, 3] = np.minimum((old - oldest) * scale, 0.5)
    groups[:, 2, 4] = np.minimum(oldest * scale, 0.5)
    groups[:, :, :3] = ((1.0 - groups[:, :, 3] - groups[:, :, 4]) / 3.0)[:, :, None]
    shares: Array = groups.cumsum(axis=2)
    return shares


def former_units(table: pd.DataFrame) -> Array:
    """Return how many municipalities each was merged from, [M], 1 if none or unknown; at most 8 are told apart."""
    formers: Array = table["n_former_units"].to_numpy(np.int64, na_value=1).clip(1, 8)
    return formers


def _given(column: pd.Series[float], otherwise: float) -> Array:
    """Return a column as numbers, the national one where the table has none."""
    numbers = column.to_numpy(np.float64)
    return np.where(np.isnan(numbers), otherwise, numbers)


def whom_one_looks_to(table: pd.DataFrame, share_nearness: float) -> Array:
    """Return [M, M] weights of a municipality's attention to others: near ones, and large ones; rows sum to 1."""
    n = len(table)
    county = table["county"].to_numpy(object, na_value="")
    near = np.where(county[:, None] == county[None, :], 1.0, OTHER_COUNTY)
    size = np.broadcast_to(np.sqrt(table["population_2020"].to_numpy(float))[None, :], (n, n)).copy()
    for weights in (near, size):
        np.fill_diagonal(weights, 0.0)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    mixed: Array = share_nearness * near + (1.0 - share_nearness) * size
    return mixed


def lay_organisations(table: pd.DataFrame, settings: list[dict[str, float]]) -> Organisations:
    """Return what is known of each municipality's organisation, before luck."""
    rows = np.zeros(len(table), MUNICIPALITY)
    for m, (values, role) in enumerate(zip(settings, table["role"], strict=True)):
        rows["design"][m] = values["organisation.design"]
        rows["administration"][m] = values["organisation.administration"]
        rows["experience"][m] = values[f"organisation.experience_{role}"]
    names = ("organisation.climate", "leadership.start", "organisation.between")
    climate, leadership, by_luck = (np.array([values[name] for values in settings]) for name in names)
    return Organisations(rows, climate, leadership, by_luck)


def starting_organisations(organisations: Organisations, deviations: Array) -> Array:
    """Return each municipality's climate, leadership, design, administration and experience before month 0.

    The climate is Ekvall's average organisation, moved so that its scalar is the parameter ``organisation.climate``.
    """
    average, usual = _average_climate()
    climate_by_luck, leadership_by_luck = organisations.by_luck * deviations[:, 3:].T
    lift = (organisations.climate + climate_by_luck) / usual
    rows = organisations.rows.copy()
    rows["climate"] = np.clip(average * lift[:, None], 0.0, 1.0)
    rows["climate"][:, CONFLICTS] = np.clip(1.0 - (1.0 - average[CONFLICTS]) * lift, 0.0, 1.0)
    rows["leadership"] = np.clip(organisations.leadership + leadership_by_luck, 0.0, 1.0)
    return rows


@cache
def _average_climate() -> tuple[Array, float]:
    """Return the climate of Ekvall's average organisation, 0..1 [dimension], and as one share."""
    climate = read_shipped_climate()["average"].to_numpy(float) / 300.0
    climate.setflags(write=False)
    return climate, float((np.delete(climate, CONFLICTS).sum() + 1.0 - climate[CONFLICTS]) / len(climate))
