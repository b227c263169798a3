"""Limit L15: nobody is lost or doubled, everything adds up, and every state stays where it has a meaning."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.engine.kernels.month import live_months
from cosim.engine.state import OUTSIDE
from cosim.processes.catalogue import list_processes
from cosim.run import run
from tests.agreement.drawn_settings import ANY, MOVING, later_changes, values
from tests.agreement.worlds import EVENTFUL, PLANNED, drawn, lived, same_bits, small_world

SHARES = {
    "actors": ("optimism", "identity", "identity_anchor", "framing"),
    "origins": ("creativity", "framing_anchor"),
    "seats": ("optimism", "identity", "commitment", "framing", "worth"),
    "arenas": ("readings", "best_worth"),
    "municipalities": ("climate", "leadership", "design", "administration", "experience"),
}
"""Columns that are shares, 0..1."""


def look_at_people(one: SimpleNamespace) -> None:
    """Everybody is in one place, and each seat and its actor point at one another."""
    world, state = one.world, one.state
    actors, seats = state.actors, state.seats.reshape(-1)
    seated = np.flatnonzero(actors["seat"] != OUTSIDE)
    taken = np.flatnonzero(seats["actor"] != OUTSIDE)
    chairs = actors["seat"][seated]
    assert len(np.unique(chairs)) == len(seated) == len(taken)
    assert len(seated) + np.count_nonzero(actors["seat"] == OUTSIDE) == len(actors)
    assert np.array_equal(seats["actor"][chairs], seated)
    assert np.array_equal(np.sort(chairs), taken)
    arenas, numbers = chairs // world.n_seats, chairs % world.n_seats
    assert np.array_equal(numbers // (world.n_seats // 4), actors["sector"][seated])
    first_host = np.searchsorted(world.places["host_last"] * world.n_places, arenas, side="right")
    assert np.array_equal(first_host, actors["municipality"][seated])
    words = state.arenas["taken"].view(np.uint64)[:, None] >> np.arange(world.n_seats, dtype=np.uint64) & np.uint64(1)
    at_work = state.arenas["phase"] != OUTSIDE
    assert np.array_equal(np.flatnonzero((words == 1) & at_work[:, None]), taken)
    assert not np.any(state.arenas["present"][at_work] & ~state.arenas["taken"][at_work])


def look_at_ranges(one: SimpleNamespace) -> None:
    """Every state that is alive lies in its range."""
    world, state = one.world, one.state
    rows = {
        "actors": state.actors,
        "origins": state.origins,
        "seats": state.seats.reshape(-1)[state.actors["seat"][state.actors["seat"] != OUTSIDE]],
        "arenas": state.arenas[state.arenas["phase"] != OUTSIDE],
        "municipalities": state.municipalities,
    }
    for table, names in SHARES.items():
        for name in names:
            column = rows[table][name]
            assert np.all((column >= 0.0) & (column <= 1.0)), f"{table}.{name}: {column.min()} .. {column.max()}"
    for table in ("actors", "seats"):
        for name in ("trust", "distrust", "fatigue"):
            assert np.all(rows[table][name] >= 0.0), f"{table}.{name}"
            assert np.all(np.isfinite(rows[table][name])), f"{table}.{name}"
    arenas = rows["arenas"]
    assert np.all(np.abs(arenas["nodes"]) <= 1.0)
    assert np.all(arenas["phase"] < one.process["n_phases"])
    assert np.all(arenas["best_worth"] <= world.landscape_best[arenas["landscape"]])
    which = state.actors["seat"][state.actors["seat"] != OUTSIDE] // world.n_seats
    assert np.all(rows["seats"]["worth"] <= state.arenas["best_worth"][which])
    assert np.all(arenas["acts_good"] <= arenas["acts"])


def look_at_sums(one: SimpleNamespace, month: int) -> None:
    """Every row of the month and of the logs adds up with all the rows before it."""
    world, state = one.world, one.state
    months = state.months[: month + 1]
    taken_up = 0
    for m, place in enumerate(world.places):
        log = state.arena_log[place["log_first"] :][: state.municipalities["arena_count"][m]]
        solutions = state.innovation_log[place["log_first"] :][: state.municipalities["innovation_count"][m]]
        now, so_far = months[month, m], {name: int(months[name][:, m].sum()) for name in ("opened", "closed", "left")}
        joined = sum(int(months[f"joined_{name}"][:, m].sum()) for name in ("public", "private", "civic", "research"))
        assert so_far["opened"] - so_far["closed"] == now["active"]
        assert so_far["closed"] == len(log)
        assert joined - so_far["left"] - log["members"].sum() == now["members"].sum()
        assert months["delivered"][:, m].sum() == len(solutions) == np.count_nonzero(log["ending"] == 1)
        for name in ("meetings", "present", "acts", "acts_good", "seat_months", "opened_open", "delivered_open"):
            assert np.all(months[name] >= 0)
        assert now["units_innovating"] + now["units_tried_only"] <= now["units"]
        assert np.array_equal(log["ages"].sum(axis=1), log["members"].sum(axis=1))
        adopted = state.adopted[place["log_first"] :][: len(solutions)]
        assert np.array_equal(solutions["n_adopted"], (adopted != OUTSIDE).sum(axis=1))
        assert np.all((adopted == OUTSIDE) | (adopted > solutions["month"][:, None]))
        assert np.all(adopted[:, m] == OUTSIDE)
        pressure = state.pressure[place["log_first"] :][: len(solutions)]
        assert np.all((pressure >= 0.0) & (pressure <= 1.0 + 1e-6))
        taken_up += int(solutions["n_adopted"].sum())
    assert months["reused"].sum() == taken_up


def look_at_every_month(one: SimpleNamespace, n_months: int) -> None:
    """Let a world live, and look at it after each month."""
    look_at_people(one)
    look_at_ranges(one)
    for month in range(n_months):
        live_months(one.world, one.state, one.process, month, month + 1)
        look_at_people(one)
        look_at_ranges(one)
        look_at_sums(one, month)


@pytest.mark.parametrize("process", list_processes())
def test_every_theory_keeps_count(process: str) -> None:
    look_at_every_month(drawn(small_world(process=process, months=24, changes=EVENTFUL, arenas=PLANNED)), 24)


@pytest.mark.parametrize("process", list_processes())
def test_a_checked_run_finds_nothing(process: str) -> None:
    run(small_world(process=process, months=24, changes=EVENTFUL, arenas=PLANNED), checked=True)


@pytest.mark.parametrize("process", list_processes())
def test_same_seed_same_bits_and_another_seed_others(process: str) -> None:
    scenario = small_world(process=process)
    assert run(scenario).same_as(run(scenario))
    other = lived(small_world(process=process, seed=8))
    assert not same_bits(lived(scenario).state.actors, other.state.actors)


@given(process=st.sampled_from(list_processes()), start=values(ANY), later=values(MOVING))
@settings(max_examples=60)
def test_any_settings_keep_count(process: str, start: dict[str, float], later: dict[str, float]) -> None:
    changes = later_changes(later)
    look_at_every_month(drawn(small_world(start, process=process, months=8, changes=changes, arenas=PLANNED[:2])), 8)
