"""What is laid out once a scenario, worked out again one municipality, sector and unit at a time: the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cosim.engine.state import HOST, LONG_AGO
from cosim.evidence.climate import read_climate
from cosim.evidence.profiles import choose_profile, read_profiles
from cosim.population.planning import AREA_SHARES, LEAST_STAFF, Plan, lay_plan
from cosim.population.starting import CONFLICTS, means_of_people, starting_organisations
from cosim.scenario.model import Scenario
from cosim.vocabulary import FOCUS_AREAS, SECTORS, SERVICE_AREAS
from tests.agreement.worlds import PLANNED, change, small_world

WHERE = {"stad": {"people.between": 0.07, "organisation.between": 0.1}, "asker": {"people.trust": 0.43}}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return a scenario with merged, measured and plain municipalities, own values, and scheduled arenas."""
    return small_world(
        municipalities=("stad", "ovre-eiker", "vanylven", "nordre-follo", "asker", "traena"),
        where=WHERE,
        changes=(change("people.optimism", 0.3, 0),),
        arenas=PLANNED,
    )


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    """Return its plan."""
    return lay_plan(scenario)


@pytest.fixture(scope="module")
def deviations(scenario: Scenario) -> Any:
    """Return what luck might have given each municipality."""
    return np.random.default_rng(5).normal(size=(len(scenario.municipalities), 5))


def values_of(scenario: Scenario) -> list[dict[str, float]]:
    """Return the values that hold in each municipality at the start."""
    return [scenario.values_in(key) for key in scenario.municipalities]


def test_means(scenario: Scenario, plan: Plan, deviations: Any) -> None:
    found = means_of_people(plan.tendencies, deviations)
    profiles = read_profiles()
    for m, (key, values) in enumerate(zip(scenario.municipalities, values_of(scenario), strict=True)):
        formers = plan.table["n_former_units"].fillna(1)
        profile = choose_profile(profiles, key, merged=bool(formers[key] > 1))
        luck = [0.0 if profile.standing == "measured" else values["people.between"] * d for d in deviations[m, :3]]
        for place, truster in enumerate(SECTORS):
            told = []
            for other, trusted in enumerate(SECTORS):
                named = profile.relations.get(f"{truster}_to_{trusted}", profile.trait("general_trust"))
                own = values["people.trust_own"] if place == other else 0.0
                told.append(values["people.trust"] + luck[0] + own + values["people.trust_step"] * named.step)
            for trait, moved in (("optimism", luck[1]), ("identity", luck[2])):
                step = profile.trait(trait).step
                told.append(values[f"people.{trait}"] + moved + values[f"people.{trait}_step"] * step)
            told += [values["people.creativity"], 0.5 + values["people.framing_gap"] * (place - 1.5) / 1.5]
            assert found[m, place].tolist() == told


def test_ages(scenario: Scenario, plan: Plan) -> None:
    places = plan.world.places
    for m in range(len(scenario.municipalities)):
        row = plan.table.iloc[m]
        adults = 1.0 - row["share_under_18_2020"]
        old, oldest = row["share_67_plus_2020"] / adults, row["share_80_plus_2020"] / adults
        counts = np.diff(places["sector_first"][m])
        scale = counts.sum() / max(counts[2], 1)
        for sector in range(4):
            very = min(oldest * scale, 0.5) if sector == 2 else 0.0
            elder = min((old - oldest) * scale, 0.5) if sector == 2 else 0.0
            young = (1.0 - elder - very) / 3.0
            assert plan.ages[m, sector].tolist() == np.cumsum([young, young, young, elder, very]).tolist()


def test_organisations(scenario: Scenario, plan: Plan, deviations: Any) -> None:
    rows = starting_organisations(plan.organisations, deviations)
    average = read_climate()["average"].to_numpy(float) / 300.0
    usual = (np.delete(average, CONFLICTS).sum() + 1.0 - average[CONFLICTS]) / len(average)
    roles = plan.table["role"]
    for m, (key, values) in enumerate(zip(scenario.municipalities, values_of(scenario), strict=True)):
        between = values["organisation.between"]
        lift = (values["organisation.climate"] + between * deviations[m, 3]) / usual
        climate = [min(max(level * lift, 0.0), 1.0) for level in average]
        climate[CONFLICTS] = min(max(1.0 - (1.0 - average[CONFLICTS]) * lift, 0.0), 1.0)
        assert rows["climate"][m].tolist() == climate
        assert rows["leadership"][m] == min(max(values["leadership.start"] + between * deviations[m, 4], 0.0), 1.0)
        assert rows["design"][m] == values["organisation.design"]
        assert rows["administration"][m] == values["organisation.administration"]
        assert rows["experience"][m] == values[f"organisation.experience_{roles[key]}"]


def test_hosts(scenario: Scenario, plan: Plan) -> None:
    told: list[tuple[int, ...]] = []
    for m, (key, values) in enumerate(zip(scenario.municipalities, values_of(scenario), strict=True)):
        place = plan.world.places[m]
        assert place["host_first"] == len(told)
        code, (first, last) = int(place["address"]), place["sector_first"][:2].tolist()
        staff = plan.table["population_2020"].iloc[m] * values["population.staff_per_1000"] / 1000.0
        n_units = max(round(staff / values["population.staff_per_unit"]), 1)
        cuts = np.linspace(first, last, n_units + 1).round().astype(int).tolist()
        for unit in range(n_units):
            end = min(max(cuts[unit + 1], cuts[unit] + LEAST_STAFF), last)
            start = max(min(cuts[unit], end - LEAST_STAFF), first)
            area = int(np.searchsorted(np.cumsum(AREA_SHARES), (unit + 0.5) / n_units))
            told.append((code * 65536 + unit, start, end, -1, area, unit % len(FOCUS_AREAS), 0, 1))
        for number, arena in enumerate(one for one in scenario.arenas if one.where == key):
            invited = sum(1 << SECTORS.index(sector) for sector in {*arena.invites, "public"})
            area, focus = SERVICE_AREAS.index(arena.area), FOCUS_AREAS.index(arena.focus)
            told.append((code * 65536 + 32768 + number, first, last, arena.opens_month, area, focus, 1, invited))
        assert place["host_last"] == len(told)
    names = ["address", "staff_first", "staff_last", "month", "area", "focus", "kind", "invited"]
    assert list(zip(*(plan.hosts[name].tolist() for name in names), strict=True)) == told
    assert (plan.hosts["newest"] == LONG_AGO).all()
    assert (plan.hosts["tried"] == LONG_AGO).all()
    assert not plan.hosts["running"].any()
    assert plan.hosts.dtype == HOST
