"""What is known of the municipalities at the start: how many of each sector, what people think on average, how old
they are, whom one looks to, and what state the organisations are in. Floor 4.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.engine import address
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


def starting_organisations(table: pd.DataFrame, settings: list[dict[str, float]], deviations: Array) -> Array:
    """Return each municipality's climate, leadership, design, administration and experience before month 0.

    The climate is Ekvall's average organisation, moved so that its scalar is the parameter ``organisation.climate``.
    """
    climate = read_shipped_climate()["average"].to_numpy(float) / 300.0
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
