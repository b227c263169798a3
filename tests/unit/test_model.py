"""The Mesa model as somebody uses it: built, stepped, looked at, copied and changed on the way."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesa.agent import AgentSet

from cosim.engine.kernels.month import live_months
from cosim.engine.rules.trust import trust_from_evidence
from cosim.errors import CosimError
from cosim.model.actors import ACTORS, CivicActor
from cosim.model.cocreation import CoCreationModel
from cosim.model.living import LivingWorld
from cosim.model.people import evidence_for
from cosim.model.reporters import REPORTERS
from cosim.results.record import RunRecord
from cosim.run import run
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario
from cosim.vocabulary import CLIMATE_DIMENSIONS, CONSTRUCTS, READINGS, SECTORS, VALUE_KINDS

COARSE = {"population.persons_per_actor": 20}


def same_tables(one: RunRecord, other: RunRecord) -> bool:
    """Return whether two records hold the same bits, the survey aside."""
    names = ("arenas", "innovations", "month_table", "people", "lagged", "adopted", "n_actors")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in names)


@pytest.fixture
def model() -> CoCreationModel:
    """Return a model of the fourteen municipalities after 14 months, with 13,000 actors."""
    model = CoCreationModel("norway14", months=40, settings=COARSE)
    model.run_for(14)
    return model


def test_with_its_defaults_it_is_built_and_steps_ten_times() -> None:
    model = CoCreationModel()
    for _month in range(10):
        model.step()
    assert isinstance(model, mesa.Model)
    assert (model.month, model.time, model.steps, model.running) == (10, 10.0, 10, True)
    arguments = list(inspect.signature(CoCreationModel).parameters.values())
    assert all(one.default is not inspect.Parameter.empty for one in arguments)


def test_the_collector_tells_of_every_month() -> None:
    model = CoCreationModel(months=30, seed=3)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(REPORTERS)
    assert len(frame) == 31
    assert not frame.isna().any().any()
    record = model.record()
    table = record.month_table
    assert frame["innovations"].iloc[-1] == len(record.innovations) == len(model.innovations)
    assert frame["arenas"].iloc[1:].tolist() == table["active"].sum(axis=1).tolist()
    assert frame["open_arenas"].iloc[1:].tolist() == table["active_open"].sum(axis=1).tolist()
    for place, sector in enumerate(SECTORS):
        assert frame[f"members_{sector}"].iloc[1:].tolist() == table["members"][:, :, place].sum(axis=1).tolist()
    shares = table["units_innovating"].sum(axis=1) / table["units"].sum(axis=1)
    np.testing.assert_allclose(frame["units_innovating"].iloc[1:], shares, rtol=1e-6)
    np.testing.assert_allclose(frame["climate"].iloc[1:], table["climate"][:, 0], rtol=1e-6)
    assert frame["trust"].iloc[-1] == pytest.approx(model.column("trust").mean())
    for name in ("optimism", "identity"):
        assert frame[name].iloc[-1] == pytest.approx(model.column(name).mean())
    model.agents.set("optimism", 0.25)
    assert REPORTERS["optimism"](model) == 0.25


def test_the_collector_tells_of_actors_when_asked() -> None:
    model = CoCreationModel(
        "traena",
        months=6,
        model_reporters={},
        agent_reporters={"optimism": "optimism", "reached": lambda one: one.trust_in("civic")},
    )
    model.run_for(6)
    frame = model.datacollector.get_agent_vars_dataframe()
    assert list(frame.columns) == ["optimism", "reached"]
    assert len(frame) == 7 * len(model.agents)
    assert frame["optimism"].loc[6.0].tolist() == model.column("optimism").tolist()
    assert frame["reached"].loc[6.0].tolist() == model.column("trust_civic").tolist()
    by_type = mesa.DataCollector(agenttype_reporters={CivicActor: {"fatigue": "fatigue"}})
    by_type.collect(model)
    civic = by_type.get_agenttype_vars_dataframe(CivicActor)
    assert len(civic) == len(model.agents_by_type[CivicActor])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_goes_on_with_the_same_bits(model: CoCreationModel, copied: Callable[[Any], Any]) -> None:
    model.agents.shuffle_do("step")
    n_compiled = len(live_months.signatures)
    twin = copied(model)
    model.run_for(26)
    for _month in range(26):
        twin.step()
    assert twin.record().same_as(model.record())
    assert not twin.running
    assert twin.random.getstate() == model.random.getstate()
    ours, theirs = (one.datacollector.get_model_vars_dataframe() for one in (model, twin))
    assert ours.equals(theirs)
    assert len(live_months.signatures) == n_compiled, "the engine was compiled again for the copy"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda held: pickle.loads(pickle.dumps(held))])
def test_windows_are_copied_with_their_model(model: CoCreationModel, copied: Callable[[Any], Any]) -> None:
    size = len(pickle.dumps(model))
    chosen = model.agents.select(at_most=3)
    assert len(pickle.dumps(model)) == size, "windows were pickled"
    model.mine = chosen
    model.all_of_them = model.agents
    one, twin = copied([model.actor(1), model])
    assert one.model is twin is not model
    assert one is twin.actor(1) is twin.mine.to_list()[1]
    assert type(one) is type(model.actor(1))
    assert twin.all_of_them is twin.agents
    assert len(twin.agents) == len(model.agents)
    one.optimism = 0.875
    assert twin.column("optimism")[1] == 0.875 != model.column("optimism")[1]


def test_a_branch_leaves_the_trunk_alone(model: CoCreationModel) -> None:
    branch = copy.deepcopy(model)
    branch.change("arenas.facilitation", 0.9)
    branch.actor(0).optimism = 0.9
    branch.municipalities["stad"].leadership = 0.9
    branch.run_for(20)
    untouched = CoCreationModel("norway14", months=40, settings=COARSE)
    untouched.run_for(40)
    model.run_for(26)
    assert model.record().same_as(untouched.record())
    assert branch.record().month_table[:14].tobytes() == model.record().month_table[:14].tobytes()
    assert branch.record().month_table[14:].tobytes() != model.record().month_table[14:34].tobytes()


def test_two_models_share_nothing() -> None:
    one, other, alone = (CoCreationModel("traena", months=12) for _ in range(3))
    one.change("arenas.openness", 1.0)
    one.agents.set("optimism", 0.98)
    one.municipalities["traena"].set_climate(freedom=1.0, conflicts=0.0)
    one.run_for(12)
    other.run_for(12)
    alone.run_for(12)
    assert other.record().same_as(alone.record())
    assert not one.record().same_as(alone.record())
    assert other.actor(0) is not one.actor(0)


def test_luck_is_seed_and_replicate() -> None:
    def optimists(**luck: Any) -> list[float]:
        found: list[float] = CoCreationModel("traena", months=1, **luck).column("optimism").tolist()
        return found

    assert optimists() == optimists(seed=1) == optimists(rng=1) == optimists(rng=np.int64(1)) != optimists(seed=0)
    assert optimists(replicate=1) != optimists() == optimists(replicate=0)
    assert optimists(rng=np.random.default_rng(5)) == optimists(rng=np.random.default_rng(5)) != optimists(seed=5)
    drawn = CoCreationModel("traena", rng=np.random.SeedSequence(8), months=1)
    assert optimists(seed=drawn.scenario.seed) == drawn.column("optimism").tolist()
    # Mesa's own luck, for shuffling, goes by the same two.
    first, second = (CoCreationModel("traena", months=1, replicate=one) for one in (0, 1))
    assert first.random.random() == CoCreationModel("traena", months=1).random.random() != second.random.random()


@pytest.mark.parametrize(
    ("name", "to", "where", "until"),
    [
        ("arenas.facilitation", 0.8, ["stad", "asker"], None),
        ("arenas.decision_rule", "consent", None, 30),
        ("month.spread", False, None, 20),
        ("arenas.seats_civic", 9, None, None),
        ("arenas.parallel", 4, "nordre-follo", None),
        ("arenas.seats_public", 1, "nordre-follo", None),
        ("leave.fatigue_kept", 0.5, None, 20),
    ],
)
def test_a_lever_changed_on_the_way_is_a_change_in_the_scenario(
    model: CoCreationModel, name: str, to: Any, where: Any, until: int | None
) -> None:
    unchanged = copy.deepcopy(model)
    arena = model.arenas[3]
    told = (arena.n_members, arena.constructs, [one.row for one in arena.members])
    model.change(name, to, where, until, because="to see what it does")
    assert told == (arena.n_members, arena.constructs, [one.row for one in arena.members])
    change = model.scenario.changes[-1]
    assert (change.name, change.first, change.last) == (name, 14, until)
    model.run_for(26)
    unchanged.run_for(26)
    assert same_tables(model.record(), run(model.scenario))
    assert not same_tables(model.record(), unchanged.record())
    assert model.record().month_table[:14].tobytes() == unchanged.record().month_table[:14].tobytes()


def test_settings_are_those_in_force_where_one_looks(model: CoCreationModel) -> None:
    stad, asker = (model.municipalities[key] for key in ("stad", "asker"))
    before = stad.settings["arenas.facilitation"]
    model.change("arenas.facilitation", 0.8, where="stad")
    assert (stad.settings["arenas.facilitation"], asker.settings["arenas.facilitation"]) == (0.8, before)
    assert stad.settings["population.persons_per_actor"] == 20


def test_an_arena_tells_of_itself(model: CoCreationModel) -> None:
    arenas = model.arenas
    assert len(arenas) == int((model.living.state.arenas["phase"] >= 0).sum())
    assert {arena.municipality for arena in arenas} <= set(model.scenario.municipalities)
    for arena in arenas:
        assert tuple(arena.constructs) == model.process.construct_names == CONSTRUCTS
        assert tuple(arena.readings) == READINGS
        told = [*arena.constructs.values(), *arena.readings.values(), arena.best_quality]
        assert all(0.0 <= share <= 1.0 for share in told)
        assert sum(arena.n_members.values()) == len(arena.members)
        assert all(one.arena == arena and one.municipality == arena.municipality for one in arena.members)
        assert all(one.commitment is not None for one in arena.members)
        assert "public" in arena.invited
        assert arena.is_open == (len(arena.invited) > 1)
        assert arena.phase in [phase.name for phase in model.process.phases]
        assert 1 <= arena.months_open <= 14
        assert {arena} == {copy.copy(arena)}
    by_sector = {sector: sum(arena.n_members[sector] for arena in arenas) for sector in SECTORS}
    seated = model.agents.select(lambda one: one.is_seated)
    assert by_sector == dict.fromkeys(SECTORS, 0) | seated.groupby("sector").count()
    named = {arena.title: arena for arena in arenas if arena.scheduled}
    assert named["Home care services of the future"].municipality == "stad"
    assert named["Home care services of the future"].area == "health_and_care"


def test_a_window_on_an_arena_that_closed_says_so(model: CoCreationModel) -> None:
    arenas = model.arenas
    model.run_for(25)
    closed = [arena for arena in arenas if not arena.is_running]
    assert closed
    assert set(arenas) - set(closed) == set(arenas) & set(model.arenas)
    with pytest.raises(CosimError, match="has closed"):
        closed[0].members  # noqa: B018
    assert "closed" in repr(closed[0])


def test_a_municipality_tells_of_itself_and_can_be_written(model: CoCreationModel) -> None:
    stad = model.municipalities["stad"]
    assert (stad.name, stad.role, stad.population) == ("Stad", "pilot", 9457)
    assert sum(stad.n_actors.values()) == (model.column("municipality") == "stad").sum()
    assert stad.n_units == int(model.living.state.months["units"][13, 0])
    assert tuple(stad.climate_dimensions) == CLIMATE_DIMENSIONS
    assert stad.climate == pytest.approx(float(model.living.state.months["climate"][13, 0]))
    assert {arena.municipality for arena in stad.arenas} == {"stad"}
    stad.leadership, stad.design, stad.administration, stad.experience = 0.9, 0.8, 0.7, 0.6
    row = model.living.state.municipalities[0]
    assert [row[name] for name in ("leadership", "design", "administration", "experience")] == [0.9, 0.8, 0.7, 0.6]
    before = stad.climate
    stad.set_climate(idea_time=1.0, conflicts=0.0)
    assert stad.climate > before
    with pytest.raises(AttributeError):
        stad.leadrship = 0.5  # type: ignore[attr-defined]


def test_innovations_are_those_of_the_record(model: CoCreationModel) -> None:
    model.run_for(26)
    record = model.record()
    assert [one.month for one in model.innovations] == record.innovations["month"].tolist()
    assert [len(one.adopted) for one in model.innovations] == record.innovations["n_adopted"].tolist()
    assert sum(place.n_innovations for place in model.municipalities.values()) == len(record.innovations)
    assert all(set(one.brings) <= set(VALUE_KINDS) and one.municipality not in one.adopted for one in model.innovations)


def test_at_the_horizon_it_stands_still() -> None:
    model = CoCreationModel("traena", months=3)
    with pytest.raises(CosimError, match="months=4"):
        model.run_for(4)
    assert model.time == 0
    model.run_until(2)
    model.run_for(1)
    assert not model.running
    before = model.datacollector.get_model_vars_dataframe()
    model.step()
    model.run_for(0)
    assert (model.month, model.time, model.steps) == (3, 3.0, 3)
    assert model.datacollector.get_model_vars_dataframe().equals(before)


def test_events_of_mesa_happen_between_months() -> None:
    class Shocked(CoCreationModel):
        """A model with a scandal on its calendar."""

        def scandal(self) -> None:
            """Let everybody lose trust in the municipality."""
            self.agents.set("trust_public", 0.2)

    model = Shocked("traena", months=6)
    model.schedule_event(model.scandal, at=3.5)
    model.run_for(6)
    trust = model.datacollector.get_model_vars_dataframe()["trust"]
    assert trust.iloc[4] < trust.iloc[3] - 0.05


def test_a_step_that_failed_does_not_go_on_in_silence() -> None:
    model = CoCreationModel("traena", months=6, model_reporters={"month": lambda one: 1 / (one.month - 2)})
    model.step()
    with pytest.raises(ZeroDivisionError):
        model.step()
    with pytest.raises(CosimError, match="failed"):
        model.step()
    with pytest.raises(CosimError, match="failed"):
        model.run_for(1)


def test_the_survey_can_be_asked_any_month(model: CoCreationModel) -> None:
    answers = model.survey()
    assert set(answers["month"].tolist()) == {14}
    assert model.survey().tobytes() == answers.tobytes()
    assert set(model.record().survey["month"].tolist()) == {0, 12}


def test_mesas_pages_can_make_it_anew(model: CoCreationModel) -> None:
    # They refuse a scenario that counts as true and is not of Mesa's own kind.
    assert isinstance(model.scenario, Scenario)
    assert not model.scenario
    assert model.actor(0).scenario is model.scenario
    assert replace(model.scenario, seed=9).seed == 9
    assert {"seed", "rng"} <= set(inspect.signature(CoCreationModel).parameters)


def test_a_scenario_already_read_can_be_lived() -> None:
    scenario = read_scenario("traena", months=4)
    model = CoCreationModel(scenario, seed=6)
    model.run_for(4)
    assert same_tables(model.record(), run(replace(scenario, seed=6)))


def test_a_deleted_model_gives_its_memory_back() -> None:
    model = CoCreationModel("traena", months=4)
    model.run_for(2)
    model.agents.shuffle_do("step")
    chosen = model.agents_by_type[CivicActor].select(at_most=5)
    left = [weakref.ref(one) for one in (model, model.living, model.actor(0), model.living.state.actors)]
    del model
    gc.collect()
    assert [one() for one in left] == [None] * 4
    assert isinstance(chosen, AgentSet)
    assert len(chosen) == 0


def test_nobody_lives_on_in_mesas_registries() -> None:
    def build() -> None:
        model = CoCreationModel("traena", months=2)
        model.run_for(2)
        model.agents.do("step")

    build()
    gc.collect()
    before = sum(isinstance(one, ACTORS) for one in gc.get_objects())
    for _turn in range(3):
        build()
    gc.collect()
    assert sum(isinstance(one, ACTORS) for one in gc.get_objects()) == before


def test_a_living_world_needs_no_mesa() -> None:
    program = (
        "import sys; from cosim.model.living import LivingWorld; import cosim.model.reporters; "
        "import cosim.model.municipalities; print('mesa' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_living_world_lives_many_months_in_one_call() -> None:
    scenario = read_scenario("stad", months=30)
    at_once, by_month = LivingWorld(scenario), LivingWorld(scenario)
    at_once.live(30)
    for _month in range(30):
        by_month.live()
    assert at_once.record().same_as(by_month.record())
    assert set(at_once.record().survey["month"].tolist()) == {0, 12}


@given(st.floats(0.02, 0.98), st.floats(0.0, 500.0))
def test_evidence_gives_the_share_and_keeps_its_amount(share: float, amount: float) -> None:
    positive, negative = evidence_for(share, amount)
    assert positive >= 0.0
    assert negative >= 0.0
    assert trust_from_evidence(positive, negative) == pytest.approx(share, abs=1e-9)
    enough = 1.0 / min(share, 1.0 - share) - 2.0
    assert positive + negative == pytest.approx(max(amount, enough), abs=1e-6)
