"""The fast engine and its plain twin agree to the bit, after every month and in every column.

The kernels were compiled and think in rows; the twin interprets ordinary objects. They share the rules (which have
tests of their own) and nothing else: not the order of the loops, not the luck, not the places of things in rows.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.engine.kernels.month import live_months
from cosim.processes.catalogue import list_processes
from cosim.scenario.reading import read_scenario
from cosim.vocabulary import MONTH_ROWS
from tests.agreement.drawn_settings import ANY, MOVING, draw_theory, later_changes, values
from tests.agreement.twin import timetable
from tests.agreement.twin.comparing import differences
from tests.agreement.twin.from_arrays import build_world
from tests.agreement.twin.luck import Luck
from tests.agreement.worlds import EVENTFUL, PLANNED, change, compare_lives, drawn, small_world

LEVERS: dict[str, dict[str, float]] = {
    "threshold joining": {"join.rule": 1.0, "join.invitations_civic": 60.0},
    "conformity": {"search.rule": 1.0},
    "copy error": {"search.copy_error": 0.1},
    "conformity with copy error": {"search.rule": 1.0, "search.copy_error": 0.3, "search.sharing": 1.5},
    "recruitment": {"arenas.recruitment": 0.8, "join.invitations_civic": 100.0},
    "sixty-four seats": {f"arenas.seats_{name}": 16.0 for name in ("public", "private", "civic", "research")},
    "no seats but its own": {f"arenas.seats_{name}": 0.0 for name in ("private", "civic", "research")},
    "many meetings": {"arenas.meetings": 4.0, "meet.rounds": 16.0, "meet.presence": 5.0},
    "no pairs": {"meet.rounds": 0.0},
    "eight at once": {"arenas.parallel": 8.0, "arenas.opening": 0.5},
    "nobody stays": {"leave.base": 5.0, "leave.turnover": 0.5},
    "nobody is alike": {"talk.discount": 1.0, "talk.discount_former": 1.0, "framing.base": 1.0},
    "a simple problem": {"search.coupling": 0.0},
    "news for everybody": {"learn.spectators": 10000.0, "arenas.feedback_public": 1.0},
    "idle units": {"arenas.idle_units": 0.5},
    "no climate at all": {"organisation.climate": 0.0, "organisation.between": 0.0, "learn.climate": 0.0},
    "all are exchanging": {"exchange.every": 1.0, "exchange.gain": 0.5, "organisation.experience_experienced": 1.0},
    "hardly anybody": {"population.persons_per_actor": 1000.0},
}


@pytest.mark.parametrize("process", list_processes())
def test_every_theory(process: str) -> None:
    twin = compare_lives(small_world(process=process, months=24, changes=EVENTFUL, arenas=PLANNED))
    endings = {row["ending"] for one in twin.municipalities for row in one.arena_log}
    assert len(endings) >= 4, "too little happened for the comparison to mean much"
    assert any(one.solutions for one in twin.municipalities)


@pytest.mark.parametrize("row", [row for row in MONTH_ROWS if row != "observe"])
@pytest.mark.parametrize("process", ["small-wins-all", "staged"])
def test_a_row_switched_off(process: str, row: str) -> None:
    compare_lives(small_world({f"month.{row}": 0.0}, process=process, changes=EVENTFUL))


def test_rows_switched_off_in_one_place_or_for_a_time() -> None:
    """Rows can be off here and on there, today and not tomorrow; those between municipalities are everybody's."""
    some = [change(f"month.{row}", 0.0, 4, 7, ("stad",)) for row in ("join", "meet", "learn", "leave", "decide")]
    shared = [change(f"month.{row}", 0.0, 3, 6) for row in ("exchange", "spread")]
    compare_lives(small_world(process="regime", months=16, changes=(*some, *shared)))


@pytest.mark.parametrize("rule", range(5))
@pytest.mark.parametrize("process", ["additive", "staged"])
def test_every_decision_rule(process: str, rule: int) -> None:
    compare_lives(small_world({"arenas.decision_rule": float(rule)}, process=process))


@pytest.mark.parametrize("name", LEVERS)
def test_levers(name: str) -> None:
    twin = compare_lives(small_world(LEVERS[name], process="small-wins-all"))
    assert sum(row["seat_months"] for month in twin.months for row in month) > 50, "hardly anybody met"


def test_much_to_take_up_from_others() -> None:
    """Solutions travel: many made, many taken up, by several from one and by one from several in a month."""
    eager = {"spread.imitation": 5.0, "spread.innovation": 1.0, "spread.observability": 1.0, "arenas.parallel": 8.0}
    twin = compare_lives(small_world(eager, municipalities=("stad", "ovre-eiker", "vanylven", "traena"), months=20))
    assert sum(row["reused"] for month in twin.months for row in month) > 50


def test_alone_in_the_world() -> None:
    twin = compare_lives(small_world(municipalities=("traena",), people_every=0, months=30))
    assert twin.months[-1][0]["reused"] == 0
    assert len(twin.people) == 1


def test_another_seed_and_replicate() -> None:
    for seed, replicate in ((0, 0), (2**63 - 1, 1), (20200101, 99)):
        compare_lives(small_world(process="trait-led", seed=seed, months=6), replicate)


def test_all_fourteen() -> None:
    fourteen = read_scenario("norway14").municipalities
    compare_lives(small_world({"population.persons_per_actor": 300.0}, municipalities=fourteen, months=8))


@given(
    process=st.sampled_from(list_processes()),
    start=values(ANY),
    later=values(MOVING),
    replicate=st.integers(0, 2**31),
    planned=st.booleans(),
)
@settings(max_examples=60)
def test_any_settings(
    process: str, start: dict[str, float], later: dict[str, float], replicate: int, planned: bool
) -> None:
    changes = later_changes(later)
    arenas = PLANNED[:2] if planned else ()
    compare_lives(small_world(start, process=process, months=8, changes=changes, arenas=arenas), replicate)


@given(number=st.integers(0, 2**32), rule=st.integers(0, 4), replicate=st.integers(0, 9))
@settings(max_examples=60)
def test_any_theory(number: int, rule: int, replicate: int) -> None:
    """What a theory can say in its table, the kernels do: also what no theory that ships says."""
    scenario = small_world({"arenas.decision_rule": float(rule)}, months=10, changes=EVENTFUL[2:4], arenas=PLANNED[:2])
    compare_lives(scenario, replicate, draw_theory(number))


def test_the_judge_sees_a_single_bit() -> None:
    """One bit turned in any column of any table of the kernels' state is found."""
    scenario = small_world(months=12)
    one = drawn(scenario)
    twin = build_world(one.world, one.state, one.process, Luck(scenario.seed, 0))
    timetable.count(twin, 0)
    live_months(one.world, one.state, one.process, 0, scenario.months)
    for month in range(scenario.months):
        timetable.live(twin, month)
    assert not differences(one.world, one.state, twin, scenario.months)
    used = {
        "arenas": int(np.flatnonzero(one.state.arenas["phase"] >= 0)[0]),
        "seats": int(np.flatnonzero(one.state.seats["actor"].reshape(-1) >= 0)[0]),
    }
    for table in one.state._fields:
        array = getattr(one.state, table).reshape(-1)
        for column in array.dtype.names or (None,):
            cell = array[used.get(table, 0) :] if column is None else array[column][used.get(table, 0) :]
            cell[:1].reshape(-1)[:1].view("u1")[:1] ^= 1
            assert differences(one.world, one.state, twin, scenario.months), f"{table}.{column}"
            cell[:1].reshape(-1)[:1].view("u1")[:1] ^= 1
    assert not differences(one.world, one.state, twin, scenario.months)
