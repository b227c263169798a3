"""A world that Mesa steps and looks at is, bit for bit, the world the kernels live; windows are truth, not copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mesa.agent import AgentSet

from cosim.engine.kernels.month import count_at_start, live_months
from cosim.engine.logs import PEOPLE
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import ORIGIN
from cosim.engine.theory import pack_process
from cosim.errors import CosimError
from cosim.model import recording
from cosim.model.actors import ACTORS, Actor, CivicActor, PublicActor
from cosim.model.cocreation import CoCreationModel
from cosim.model.people import COLUMNS, NOT_GIVEN_BACK, NUMBERS, SHARES, TRUSTS
from cosim.model.recording import used_rows
from cosim.model.room import LOGS
from cosim.population.drawing import draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.results.record import RunRecord
from cosim.run import ask as ask_of_run
from cosim.run import run
from cosim.scenario.reading import read_scenario
from cosim.vocabulary import SECTORS

COARSE = {"population.persons_per_actor": 20}
"""The fourteen municipalities with some 13,000 actors: small, and still with exchange and spread between them."""
TABLES = ("arenas", "innovations", "month_table", "people", "lagged", "adopted", "n_actors")
"""What a record holds besides the survey, which is asked on the way and has a test of its own."""


def bits_of(world: Any, state: Any) -> dict[str, bytes]:
    """Return every column that moves, as bytes; of the logs the rows in use, and no padding between columns."""
    columns = {}
    for name, rows in state._asdict().items():
        if name in LOGS:
            rows = rows[used_rows(world, state.municipalities[LOGS[name]])]
        for field in rows.dtype.names or ("",):
            columns[f"{name}.{field}"] = (rows[field] if field else rows).tobytes()
    return columns


def same_tables(one: RunRecord, other: RunRecord) -> bool:
    """Return whether two records hold the same bits, the survey aside."""
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in TABLES)


@pytest.fixture(scope="module")
def lived() -> CoCreationModel:
    """Return a model of Stad after 30 months, for tests that only look."""
    model = CoCreationModel("stad")
    model.run_for(30)
    return model


@pytest.fixture
def small() -> CoCreationModel:
    """Return a model of 743 actors after 12 months, to be written to."""
    model = CoCreationModel("stad", settings={"population.persons_per_actor": 10})
    model.run_for(12)
    return model


@pytest.mark.parametrize(("name", "settings"), [("stad", {}), ("norway14", COARSE)])
def test_a_month_stepped_through_mesa_is_a_month_of_the_kernel(name: str, settings: dict[str, Any]) -> None:
    model = CoCreationModel(name, replicate=3, settings=settings)
    scenario = read_scenario(name, settings)
    theory = pack_process(compile_process(read_process(scenario.process)))
    world, state, _ = draw_population(scenario, 3)
    count_at_start(world, state)
    for month in range(15):
        model.step()
        live_months(world, state, theory, month, month + 1)
        mine, kernels = bits_of(model.living.world, model.living.state), bits_of(world, state)
        assert [column for column in kernels if mine[column] != kernels[column]] == [], f"month {month}"
    assert model.month == model.time == model.steps == 15


@pytest.mark.parametrize(("name", "settings"), [("stad", {}), ("norway14", COARSE)])
@pytest.mark.parametrize("threads", [1, 3])
def test_the_record_is_that_of_a_run(name: str, settings: dict[str, Any], threads: int) -> None:
    model = CoCreationModel(name, seed=7, settings=settings, threads=threads)
    model.run_for(60)
    assert not model.running
    assert same_tables(model.record(), run(read_scenario(name, settings, seed=7)))


def test_a_record_on_the_way_is_that_of_a_shorter_run(small: CoCreationModel) -> None:
    records = {}
    for months in (13, 24, 31):
        small.run_until(months)
        records[months] = small.record()
        # A lever for the month that comes next is no part of the months that were lived.
        small.change("cost.budget", 20000 + months)
        assert small.record().same_as(records[months])
        assert records[months].months == months == len(records[months].month_table)
    scenario = small.scenario
    for months, record in records.items():
        assert same_tables(record, run(replace(scenario, months=months)))


@pytest.mark.skipif(ask_of_run is not recording.ask, reason="cosim.run asks before outsiders are up to date")
def test_the_survey_finds_the_same_whoever_steps() -> None:
    model = CoCreationModel("stad", months=24)
    for _month in range(24):
        model.step()
    record = run(read_scenario("stad", months=24))
    assert set(record.survey["month"].tolist()) == {0, 12}
    assert model.record().same_as(record)


def test_looking_changes_no_bit() -> None:
    looked_at, alone = CoCreationModel("stad", months=24), CoCreationModel("stad", months=24)
    for _month in range(24):
        for name in COLUMNS:
            looked_at.column(name)
        looked_at.agents.shuffle_do("step")
        looked_at.agents.map(repr)
        [arena.readings | arena.constructs for arena in looked_at.arenas]
        looked_at.survey()
        looked_at.step()
        looked_at.record()
        alone.step()
    living = looked_at.living
    assert bits_of(living.world, living.state) == bits_of(alone.living.world, alone.living.state)


def test_a_trait_written_through_a_window_changes_the_run_and_only_from_there() -> None:
    models = [CoCreationModel("stad", months=36) for _ in range(2)]
    for model in models:
        model.run_for(12)
    models[1].agents.set("optimism", 0.95)
    for model in models:
        model.run_for(24)
    plain, written = (model.record() for model in models)
    assert plain.month_table[:12].tobytes() == written.month_table[:12].tobytes()
    assert plain.month_table[12:].tobytes() != written.month_table[12:].tobytes()
    assert plain.people[:2].tobytes() == written.people[:2].tobytes()
    # Optimists say yes more often.
    assert written.month_table["joined_civic"].sum() > plain.month_table["joined_civic"].sum()


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("seated", [True, False])
def test_what_is_written_stands_where_the_engine_reads(small: CoCreationModel, name: str, seated: bool) -> None:
    actor = small.agents.select(lambda one: one.is_seated is seated).to_list()[1]
    others = {column: small.column(column) for column in (*NUMBERS, "commitment")}
    before = others.pop(name)
    setattr(actor, name, 0.3125)
    state = small.living.state
    if seated:
        row = state.seats.reshape(-1)[state.actors["seat"][actor.row]]
        assert row["actor"] == actor.row
    else:
        row = (state.origins if name in ORIGIN.names else state.actors)[actor.row]
    if name in TRUSTS:
        sector = TRUSTS.index(name)
        share = trust_from_evidence(float(row["trust"][sector]), float(row["distrust"][sector]))
        assert share == pytest.approx(0.3125, abs=1e-6)
    else:
        assert row[name] == 0.3125
        # What a seat does not hand back on leaving is written at home as well.
        home = state.origins if name in ORIGIN.names else state.actors
        assert name not in NOT_GIVEN_BACK or home[name][actor.row] == 0.3125
    assert getattr(actor, name) == pytest.approx(0.3125, abs=1e-6)
    before[actor.row] = getattr(actor, name)
    assert before.tobytes() == small.column(name).tobytes()
    for column, values in others.items():
        np.testing.assert_allclose(small.column(column), values, atol=1e-6, err_msg=column)


def test_trust_keeps_the_amount_of_evidence(small: CoCreationModel) -> None:
    actor = small.agents.select(lambda one: one.is_seated).to_list()[0]
    chair = small.living.state.seats.reshape(-1)[small.living.state.actors["seat"][actor.row]]
    amounts = chair["trust"] + chair["distrust"]
    actor.trust = [0.4, 0.5, 0.6, 0.7]
    np.testing.assert_allclose(chair["trust"] + chair["distrust"], amounts)
    np.testing.assert_allclose(actor.trust, [0.4, 0.5, 0.6, 0.7])
    assert actor.trust_in("civic") == actor.trust_civic == actor.trust[2]
    # A share that so little evidence cannot give brings the least that can.
    actor.trust_public = 0.98
    assert actor.trust_public == pytest.approx(0.98)
    assert chair["distrust"][0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        actor.trust[0] = 0.5


def test_outsiders_fade_when_read_and_only_then_when_written() -> None:
    model = CoCreationModel("stad", settings={"population.persons_per_actor": 10, "leave.base": 1.0})
    model.run_for(20)
    state = model.living.state
    rows = np.flatnonzero((state.actors["left"] >= 0) & (state.actors["left"] < 20) & (state.actors["seat"] < 0))
    assert len(rows) > 20
    kept = 0.95
    assert model.municipalities["stad"].settings["leave.fatigue_kept"] == kept
    for row in rows[:20].tolist():
        stored, actor = state.actors[row].copy(), model.actor(row)
        expected = float(stored["fatigue"])
        for _month in range(20 - int(stored["left"])):
            expected *= kept
        assert actor.fatigue == expected < stored["fatigue"]
        assert state.actors[row] == stored
    identity = actor.identity
    actor.fatigue = 0.5
    assert state.actors["left"][row] == 20
    assert state.actors["identity"][row] == np.float32(identity)
    assert (actor.fatigue, actor.identity) == (0.5, pytest.approx(identity, abs=1e-7))


def test_columns_windows_and_the_engines_count_say_the_same(lived: CoCreationModel) -> None:
    windows = lived.agents.to_list()
    for name in COLUMNS:
        column = lived.column(name)
        assert len(column) == len(windows) == len(lived.agents)
        if name == "trust":
            assert all(np.array_equal(one.trust, shares) for one, shares in zip(windows, column, strict=True))
        elif name == "commitment":
            assert [one.commitment for one in windows] == [None if np.isnan(one) else one for one in column]
        else:
            assert [getattr(one, name) for one in windows] == column.tolist(), name
    counted = lived.living.count_people()
    sector = lived.column("sector")
    for place, word in enumerate(SECTORS):
        assert counted[0, place, 0] == (sector == word).sum()
        for name in ("optimism", "identity", "fatigue", *TRUSTS):
            mean = lived.column(name)[sector == word].mean()
            assert mean == pytest.approx(counted[0, place, PEOPLE.index(name)], rel=1e-12)


def test_types_are_the_sectors_of_the_rows(lived: CoCreationModel) -> None:
    counts = np.bincount(lived.living.state.actors["sector"], minlength=4)
    assert {kind: len(agents) for kind, agents in lived.agents_by_type.items()} == dict(
        zip(ACTORS, counts, strict=True)
    )
    assert lived.agent_types == [*ACTORS]
    for place, (kind, agents) in enumerate(lived.agents_by_type.items()):
        assert all(type(one) is kind and one.sector == SECTORS[place] for one in agents)
        assert agents.get("row") == np.flatnonzero(lived.living.state.actors["sector"] == place).tolist()


def test_counting_and_columns_make_no_window() -> None:
    model = CoCreationModel("stad", months=3)
    civic = model.agents_by_type[CivicActor]
    assert len(model.agents) == 7443 > len(civic)
    assert model.agents.agg("optimism", np.mean) == pytest.approx(model.column("optimism").mean())
    assert model.agents.get(["row", "sector"])[0] == [0, "public"]
    assert set(civic.get("sector")) == {"civic"}
    assert model.windows == {}
    assert model.actor(5) is model.actor(5) is model.agents.to_list()[5]
    assert len(model.windows) == 7443


VERBS: dict[str, Callable[[Any], Any]] = {
    "len": len,
    "iter": list,
    "to_list": lambda agents: agents.to_list(),
    "get": lambda agents: agents.get("identity"),
    "get several": lambda agents: agents.get(["row", "sector", "fatigue"]),
    "get a window": lambda agents: agents.get("arena"),
    "get what is not there": lambda agents: agents.get("mood", handle_missing="default", default_value=0),
    "agg": lambda agents: agents.agg("optimism", max),
    "agg several": lambda agents: agents.agg("trust_civic", [min, max, np.mean]),
    "map by name": lambda agents: agents.map("trust_in", "research"),
    "map a function": lambda agents: agents.map(lambda one, power: one.optimism**power, 2),
    "select all": lambda agents: agents.select().to_list(),
    "select": lambda agents: agents.select(lambda one: one.optimism > 0.6).to_list(),
    "select the first": lambda agents: agents.select(at_most=7).to_list(),
    "select a share": lambda agents: agents.select(lambda one: one.is_seated, at_most=0.01).to_list(),
    "select a type": lambda agents: agents.select(agent_type=PublicActor).to_list(),
    "shuffle": lambda agents: agents.shuffle().to_list(),
    "sort": lambda agents: agents.sort("identity").to_list(),
    "sort by a function": lambda agents: agents.sort(lambda one: -one.row, ascending=True).to_list(),
    "groupby": lambda agents: {key: group.to_list() for key, group in agents.groupby("sector")},
    "groupby a function": lambda agents: agents.groupby(lambda one: one.age_group, result_type="list").count(),
    "groupby agg": lambda agents: agents.groupby("age_group").agg("fatigue", sum),
    "groupby map": lambda agents: agents.groupby("sector").map(len),
    "and": lambda agents: (agents & agents.select(at_most=9)).to_list(),
    "minus": lambda agents: (agents - agents.select(at_most=9)).to_list(),
    "or": lambda agents: len(agents | agents.select(at_most=9)),
    "copy": lambda agents: agents.copy().to_list(),
    "equal": lambda agents: agents == agents.select(),
    "disjoint": lambda agents: agents.isdisjoint(agents.select(at_most=1)),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("sector", [None, 2])
@pytest.mark.parametrize("filled", [False, True])
def test_every_verb_says_what_mesas_own_set_says(
    lived: CoCreationModel, verb: str, sector: int | None, filled: bool
) -> None:
    whole = CoCreationModel("stad", months=1) if not filled else lived
    ours = whole.agents if sector is None else whole.agents_by_type[ACTORS[sector]]
    if filled:
        ours.do("step")
    plain = AgentSet([*ours] if filled else [whole.actor(row) for row in ours.rows.tolist()], random=whole.random)
    plain.copy = plain.select  # type: ignore[attr-defined]
    luck = whole.random.getstate()
    said = VERBS[verb](ours)
    whole.random.setstate(luck)
    assert said == VERBS[verb](plain)


def test_do_shuffle_do_and_set_reach_everybody(small: CoCreationModel) -> None:
    order: list[int] = []
    assert small.agents.do(lambda one: order.append(one.row)) is small.agents
    assert order == list(range(len(small.agents)))
    order.clear()
    small.agents.shuffle_do(lambda one, step: order.append(step * one.row), 1)
    assert order != sorted(order) == list(range(len(small.agents)))
    assert small.agents.do("step") is small.agents
    assert small.agents.set("creativity", 0.25) is small.agents
    assert set(small.column("creativity").tolist()) == {0.25}
    for name in SHARES:
        small.agents_by_type[CivicActor].set(name, 0.75)
        civic = small.column("sector") == "civic"
        assert set(small.column(name)[civic].tolist()) == {0.75}


def test_who_is_in_a_set(small: CoCreationModel) -> None:
    other = CoCreationModel("stad", months=1)
    actor = small.actor(0)
    assert actor in small.agents
    assert actor in small.agents_by_type[PublicActor]
    assert actor not in small.agents_by_type[CivicActor]
    assert actor not in other.agents
    assert "actor" not in small.agents


@pytest.mark.parametrize(
    "change",
    [
        lambda agents, one: agents.add(one),
        lambda agents, one: agents.discard(one),
        lambda agents, one: agents.remove(one),
        lambda agents, one: agents.pop(),
        lambda agents, one: agents.clear(),
        lambda agents, one: agents.shuffle(inplace=True),
        lambda agents, one: agents.sort("row", inplace=True),
        lambda agents, one: agents.select(at_most=3, inplace=True),
        lambda agents, one: one.remove(),
        lambda agents, one: Actor(one.model),
        lambda agents, one: PublicActor(one.model, 0),
        lambda agents, one: CivicActor(one.model, 1),
        lambda agents, one: CivicActor.create_agents(one.model, 3),
        lambda agents, one: one.model.remove_all_agents(),
    ],
)
def test_nobody_comes_or_goes(small: CoCreationModel, change: Callable[[Any, Actor], Any]) -> None:
    n = len(small.agents)
    one = small.actor(0)
    with pytest.raises(CosimError, match="found"):
        change(small.agents, one)
    assert len(small.agents) == n == len(small.agents.to_list())
    assert small.agents.to_list()[0] is one


def test_what_a_set_gives_may_be_changed(small: CoCreationModel) -> None:
    chosen = small.agents.select(at_most=5)
    assert type(chosen) is AgentSet
    chosen.remove(small.actor(0))
    chosen.add(small.actor(99))
    assert sorted(chosen.get("row")) == [1, 2, 3, 4, 99]
    assert len(chosen.shuffle(inplace=True)) == 5


def test_a_rule_of_ones_own_acts_between_months() -> None:
    class Cheered(CoCreationModel):
        """A model in which whoever is seated is cheered up each month."""

        def step(self) -> None:
            """Live a month, then cheer."""
            super().step()
            self.agents.select(lambda one: one.is_seated).shuffle_do(cheer)

    def cheer(one: Actor) -> None:
        one.commitment = 1.0

    cheered, plain = Cheered("stad", months=24), CoCreationModel("stad", months=24)
    cheered.run_for(23)
    cheered.step()
    plain.run_for(24)
    assert set(cheered.column("commitment")[cheered.column("is_seated")].tolist()) == {1.0}
    assert cheered.record().month_table["left"].sum() < plain.record().month_table["left"].sum()
