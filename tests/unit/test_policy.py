"""Policies against numbers reckoned by hand: differences, groups, costs, when to stop, regret, and where they fail."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.stats import qmc

from cosim.errors import StudyError
from cosim.processes.catalogue import read_process
from cosim.results.runstore import RunStore
from cosim.scenario.reading import read_scenario
from cosim.study import policy
from cosim.study.claims import judge_claims
from cosim.study.definition import Budget, Replicates, Wish
from cosim.study.differences import half_width, narrowing, replicates_needed, tell_costs, tell_differences
from cosim.study.discovery import find_boxes
from cosim.study.execute import Made
from cosim.study.policy import compare_policies, sample_until
from cosim.study.reading import read_study
from cosim.study.robustness import _fails, tell_regret, tell_satisfied, try_worlds
from cosim.study.sensitivity_design import Factor
from tests.unit.study_files import COMPARISON, make_study

NAN = math.nan
Array = np.ndarray[Any, Any]
T3 = float(stats.t.ppf(0.975, 3))


def test_differences_by_hand() -> None:
    base, other = [10.0, 12.0, 9.0, 13.0, NAN], [11.0, 15.0, 10.0, 16.0, 40.0]
    values = np.array([base, other])[:, :, None]
    whole, groups = tell_differences(["a", "b"], ["abandoned"], values)
    row = whole.iloc[0]
    assert len(whole) == 1
    assert len(groups) == 0
    assert (row["alternative"], row["outcome"], row["n"], row["undefined"]) == ("b", "abandoned", 4, 1)
    assert row["baseline"] == 11.0
    assert row["mean"] == 2.0
    half = T3 * math.sqrt(4.0 / 3.0) / 2.0
    assert row["low"] == pytest.approx(2.0 - half, abs=1e-3)
    assert row["high"] == pytest.approx(2.0 + half, abs=1e-3)
    assert row["share_mean"] == pytest.approx(2.0 / 11.0)
    assert row["share_high"] == pytest.approx(row["high"] / 11.0)
    assert row["sd_paired"] == pytest.approx(math.sqrt(4.0 / 3.0))
    assert row["sd_unpaired"] == pytest.approx(math.sqrt(10.0 / 3.0 + 26.0 / 3.0))


def test_a_baseline_of_nothing_has_no_share_and_nothing_defined_has_no_difference() -> None:
    values = np.array([[[0.0, NAN], [0.0, NAN]], [[1.0, NAN], [2.0, 5.0]]])
    whole, _ = tell_differences(["a", "b"], ["abandoned", "level"], values)
    assert whole["mean"].tolist()[0] == 1.5
    assert math.isnan(whole["share_mean"][0])
    assert math.isnan(whole["mean"][1])
    assert whole["n"].tolist() == [2, 0]


def test_small_groups_are_not_told_of() -> None:
    columns = ["trust@sector:public", "trust@sector:civic", "people@sector:public", "people@sector:civic"]
    values = np.zeros((2, 3, 4))
    values[1, :, :2] = [[0.1, 0.2], [0.2, 0.4], [0.3, 0.6]]
    values[:, :, 2:] = [4.0, 5.0]
    values[0, 1] = NAN  # a run that failed
    _, groups = tell_differences(["a", "b"], columns, values, persons_per_actor=4.0)
    small, large = groups.to_dict("records")
    assert (small["group"], small["people"], small["suppressed"]) == ("public", 16.0, True)
    assert math.isnan(small["mean"])
    assert math.isnan(small["low"])
    assert (large["group"], large["people"], large["suppressed"]) == ("civic", 20.0, False)
    assert large["mean"] == pytest.approx(0.4)
    assert (large["outcome"], large["group_kind"], large["n"]) == ("trust", "sector", 2)
    values[0] = NAN
    assert tell_differences(["a", "b"], columns, values)[1]["n"].tolist() == [0, 0]


COSTS = {
    "no gain": ([0.0, 1.0, -1.0, 0.0], [5.0, 6.0, 5.0, 6.0], "no gain that can be told from none"),
    "loses and saves": ([-1.0, -2.0, -1.0, -2.0], [-5.0, -6.0, -5.0, -6.0], "loses and saves"),
    "loses": ([-1.0, -2.0, -1.0, -2.0], [5.0, 6.0, 5.0, 6.0], "loses, and saves nothing that can be told"),
    "gains and saves": ([1.0, 2.0, 1.0, 2.0], [-5.0, -6.0, -5.0, -6.0], "gains and saves"),
    "gains": ([1.0, 2.0, 1.0, 2.0], [30.0, 60.0, 30.0, 60.0], "gains, at a cost"),
}


@pytest.mark.parametrize(("gain", "extra", "verdict"), COSTS.values(), ids=list(COSTS))
def test_what_a_gain_costs(gain: list[float], extra: list[float], verdict: str) -> None:
    base = np.array([7.0, 8.0, 9.0, 7.0])
    cost = np.stack([100.0 * base, 100.0 * base + extra])
    row = tell_costs(["a", "b"], cost, {"innovation": np.stack([base, base + gain])}).iloc[0]
    assert row["verdict"] == verdict
    assert row["extra_cost"] == pytest.approx(np.mean(extra))
    assert row["extra_gain"] == pytest.approx(np.mean(gain))
    if verdict == "gains, at a cost":  # thirty for one more in every pair, whichever pairs are drawn
        assert (row["per_gain"], row["low"], row["high"]) == pytest.approx((30.0, 30.0, 30.0))
    else:
        assert math.isnan(row["per_gain"])


def test_costs_leave_failed_runs_out_and_are_the_same_each_time() -> None:
    luck = np.random.default_rng(3)
    cost, gain = luck.normal(100, 5, (2, 30)), luck.normal(10, 0.5, (2, 30))
    cost[1] += 50.0
    gain[1] += 5.0
    cost[0, 3] = gain[1, 8] = NAN
    one, other = (tell_costs(["a", "b"], cost, {"innovation": gain}) for _again in range(2))
    pd.testing.assert_frame_equal(one, other)
    assert one["low"][0] < one["per_gain"][0] < one["high"][0]
    assert one["per_gain"][0] == pytest.approx(10.0, rel=0.1)


@pytest.mark.parametrize(("sd", "half"), [(1.0, 0.5), (1.0, 0.05), (3.0, 0.1), (0.2, 5.0)])
def test_replicates_needed_are_enough_and_one_fewer_is_not(sd: float, half: float) -> None:
    n = int(replicates_needed(sd, half))
    assert stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n) <= half * 1.001
    assert n == 2 or stats.t.ppf(0.975, n - 2) * sd / math.sqrt(n - 1) > half * 0.999
    assert replicates_needed(0.0, half) == 2.0
    assert math.isnan(replicates_needed(NAN, half))
    assert math.isnan(replicates_needed(sd, 0.0))


def test_narrowing_and_half_width() -> None:
    values = np.array([[1.0, 2.0, 1.0, 2.0], [2.0, 2.0, 3.0, 3.0], [1.0, 2.0, 1.0, 2.0]])
    told = narrowing(["a", "b", "c"], "level", values, (2, 4))
    assert told["n"].tolist() == [2, 4, 2, 4]
    assert told["mean"].tolist() == [0.5, 1.0, 0.0, 0.0]
    half = T3 * math.sqrt(2.0 / 3.0) / 2.0
    assert told["high"][1] - told["mean"][1] == pytest.approx(half, abs=1e-3)
    assert half_width(values, as_share=False) == pytest.approx(half, abs=1e-3)
    assert half_width(values, as_share=True) == pytest.approx(half / 1.5, abs=1e-3)
    assert half_width(values - np.array([1.0, 2.0, 1.0, 2.0]), as_share=False) == pytest.approx(half, abs=1e-3)
    nothing = np.zeros((2, 4))
    assert half_width(nothing, as_share=False) == 0.0, "of a baseline of nothing the unit says how wide"
    assert math.isnan(half_width(nothing, as_share=True))
    assert math.isnan(half_width(np.full((2, 4), NAN), as_share=False))


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[range]:
    """Let a run be its replicate's number, and return the batches that were made."""
    batches: list[range] = []

    def make(_points: Any, batch: range, *_: Any, **__: Any) -> Made:
        batches.append(batch)
        return Made(0, 0, 0, 0, 5 if len(batches) > 9 else 0, 0.0)

    monkeypatch.setattr(policy, "execute", make)
    monkeypatch.setattr(
        policy, "gather", lambda points, batch, *_: np.array([[[float(one)] for one in batch]] * len(points))
    )
    return batches


NOTHING: Any = None


def test_sampling_stops_when_it_is_enough(laid_out: list[range]) -> None:
    enough = sample_until([NOTHING] * 2, ["level"], Replicates(20, 200), NOTHING, is_enough=lambda v: v.shape[1] > 40)
    assert laid_out == [range(20), range(20, 30), range(30, 45)]
    assert enough.looks == (20, 30, 45)
    assert enough.ended == "as narrow as was asked"
    assert enough.of("level").tolist() == [list(range(45))] * 2


def test_sampling_stops_at_the_most_and_without_a_rule_at_once(laid_out: list[range]) -> None:
    never = sample_until([NOTHING] * 2, ["level"], Replicates(20, 50), NOTHING, is_enough=lambda _: False)
    assert never.looks == (20, 30, 45, 50)
    assert "the most that was allowed, 50" in never.ended
    assert sample_until([NOTHING] * 2, ["level"], Replicates(20, 50), NOTHING).looks == (20,)


def test_sampling_stops_at_the_budget(laid_out: list[range]) -> None:
    def sample(runs: int) -> policy.Sampled:
        rule = Replicates(20, 200)
        return sample_until([NOTHING] * 2, ["level"], rule, NOTHING, budget=Budget(runs), is_enough=lambda _: False)

    assert sample(70).looks == (20, 30, 35)
    assert sample(61).looks == (20, 30)
    assert "61 runs" in sample(61).ended
    assert sample(11).looks == (5,)
    with pytest.raises(StudyError, match=r"budget\.runs"):
        sample(3)


def test_sampling_stops_when_time_is_up(laid_out: list[range]) -> None:
    rule, hours = Replicates(20, 10**6), Budget(hours=5.0)
    ended = sample_until([NOTHING] * 2, ["level"], rule, NOTHING, budget=hours, is_enough=lambda _: False)
    assert ended.ended == "the budget of 5 hours was spent"
    assert len(ended.looks) == 10


def test_regret_by_hand() -> None:
    level = np.array([[1.0, 2.0, 3.0, NAN], [2.0, 1.0, 3.0, 5.0]])
    cost = np.array([[10.0, 10.0, 10.0, 10.0], [12.0, 8.0, 10.0, 10.0]])
    told = tell_regret(("a", "b"), ("level", "cost"), np.stack([level, cost], axis=2))
    rows = told.set_index(["outcome", "alternative"])
    assert rows["mean"].to_dict() == pytest.approx(
        {("level", "a"): 1 / 3, ("level", "b"): 1 / 3, ("cost", "a"): 0.5, ("cost", "b"): 0.5}
    )
    assert rows["worst"].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert rows["best_share"].tolist() == pytest.approx([2 / 3, 2 / 3, 0.75, 0.75])
    nothing = tell_regret(("a", "b"), ("level",), np.full((2, 4, 1), NAN))
    assert nothing["worst"].isna().all()


def test_satisfaction_by_hand() -> None:
    means = np.array([[[1.0, 5.0], [2.0, 4.0], [3.0, 9.0], [NAN, 1.0]]])
    wishes = (Wish("level", "at_least", 2.0), Wish("cost", "at_most", 5.0))
    told = tell_satisfied(("a",), wishes, ("level", "cost"), means).set_index("wish")
    assert told["share"].to_dict() == {"level at least 2": 0.5, "cost at most 5": 0.75, "all of these": 0.25}
    known = stats.binomtest(2, 4).proportion_ci(method="wilson")
    assert told.loc["level at least 2", ["low", "high"]].tolist() == pytest.approx([known.low, known.high])
    assert tell_satisfied(("a",), (), ("level", "cost"), means).empty


def test_where_it_fails_by_hand(tmp_path: Path) -> None:
    study = replace(make_study(tmp_path, COMPARISON), outcomes=("level",))
    means = np.array([[1.0, 2.0, 3.0, NAN, 4.0, NAN], [2.0, 2.0, 1.0, 5.0, NAN, NAN]])[:, :, None]
    assert _fails(study, means, 1, ())[0].tolist() == [False, True, True, False, True, True]
    assert _fails(study, means, 0, ())[0].tolist() == [True, False, False, True, False, True]
    assert _fails(study, means, 1, (Wish("level", "at_least", 2.0),))[0].tolist() == [0, 0, 1, 0, 1, 1]
    fewer = replace(study, outcomes=("abandoned",))
    assert _fails(fewer, means, 1, ())[0].tolist() == [True, True, False, False, True, True]


NAMES = ("wet", "tall", "green", "old")
FACTORS = tuple(Factor(name, -1.0, 3.0) for name in NAMES)


def draw_worlds(n: int, seed: int, factors: tuple[Factor, ...] = FACTORS) -> pd.DataFrame:
    """Return worlds drawn evenly over the factors' ranges."""
    unit = qmc.Sobol(len(factors), seed=seed).random(n)
    return pd.DataFrame({one.name: one.at(unit[:, at]) for at, one in enumerate(factors)})


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True], ids=["few fail", "most fail"])
def test_a_planted_box_is_found(turned: bool) -> None:
    worlds = draw_worlds(128, 1)
    inside = (worlds["wet"] > 0.6) if turned else (worlds["wet"] > 0.6) & (worlds["old"] < 1.2)
    fails = inside.to_numpy() | (np.random.default_rng(1).random(128) < 0.05)
    (box,) = find_boxes(worlds, fails, FACTORS)
    bounds = {one.factor: one for one in box.bounds}
    assert set(bounds) >= ({"wet"} if turned else {"wet", "old"})
    assert bounds["wet"].low == pytest.approx(0.6, abs=0.5)
    assert bounds["wet"].high == 3.0
    assert box.density > 0.8
    assert box.coverage > 0.7
    held = np.ones(128, bool)
    for one in box.bounds:
        held &= ((worlds[one.factor] >= one.low) & (worlds[one.factor] <= one.high)).to_numpy()
    assert box.density == pytest.approx(fails[held].mean()), "what is told is true of the box that is told"
    assert box.coverage == pytest.approx(fails[held].sum() / fails.sum())
    assert box.mass == pytest.approx(held.mean())
    assert "wet is above" in box.words()
    assert find_boxes(worlds, fails, FACTORS) == (box,)


@pytest.mark.slow
def test_a_box_of_words_and_of_counts() -> None:
    rule = Factor("rule", kind="choice", choices=("lot", "vote", "consent"))
    factors = (rule, Factor("seats", 2, 9, "count"), Factor("wet"))
    worlds = draw_worlds(128, 2, factors)
    (box,) = find_boxes(worlds, (worlds["rule"] == 2.0).to_numpy(), factors)
    assert [one.levels for one in box.bounds] == [("consent",)]
    assert (box.density, box.coverage) == (1.0, 1.0)
    assert "rule is consent" in box.words()


@pytest.mark.slow
def test_nothing_is_found_in_noise() -> None:
    """Of 20 studies of noise at most 4 give a box; at 1 in 20 each, more has a chance of 2.6e-3 (seeds are fixed)."""
    luck = np.random.default_rng(8)
    found = [find_boxes(draw_worlds(64, seed), luck.random(64) < 0.4, FACTORS) for seed in range(20)]
    assert sum(map(bool, found)) <= 4


def test_a_comparison_that_is_run(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", COMPARISON)
    store = RunStore(tmp_path / "store", create=True)
    found = compare_policies(study, store)
    assert found.names == ("small", "facilitator")
    assert found.sampled.looks == (12,)
    assert found.sampled.of("trust").shape == (2, 12)
    assert set(found.differences["outcome"]) == {
        "trust", "innovations_per_unit_year", "cost", "innovations", "cost_per_innovation", "cost_per_value",
    }  # fmt: skip
    row = found.differences.set_index("outcome").loc["trust"]
    assert row["mean"] == pytest.approx(np.diff(found.sampled.of("trust").mean(axis=1))[0])
    assert row["low"] > 0.0, "who facilitates makes trust"
    assert set(found.groups["group_kind"]) == {"sector", "age"}
    assert found.costs["gain"].tolist() == ["innovation", "unit of quality put into use"]
    again = compare_policies(study, store)
    pd.testing.assert_frame_equal(again.differences, found.differences)
    assert again.sampled.made[0].made == 0
    narrow = replace(study, replicates=Replicates(12, 40, 1e-9, "share"))
    assert compare_policies(narrow, store).sampled.looks == (12, 22, 33, 40)


ROBUST = COMPARISON + (
    '[factors]\n"people.trust" = {}\n"people.identity" = {}\n[robustness]\nn = 16\n'
    '[[robustness.wishes]]\noutcome = "trust"\nat_least = 0.0\n'
)


def test_worlds_that_are_run(tmp_path: Path) -> None:
    study = replace(make_study(tmp_path / "study", ROBUST), replicates=Replicates(2, 2))
    robust = try_worlds(study, RunStore(tmp_path / "store", create=True))
    assert robust.made.made == 2 * 2 * 16
    assert robust.means.shape == (2, 16, 2)
    assert robust.levels.shape == (16, 2)
    assert robust.satisfied["share"].tolist() == [1.0, 1.0]
    assert robust.failed_share == {"small": 0.0, "facilitator": 0.0}
    assert robust.boxes == {}


def test_worlds_of_other_municipalities_share_the_groups_they_have(tmp_path: Path) -> None:
    text = COMPARISON.split("[[alternatives]]")[0].replace('"small.toml"', '["two.toml", "one.toml"]')
    study_folder = tmp_path / "study"
    make_study(study_folder)
    two = 'extends = "norway14"\n[world]\nmunicipalities = ["traena", "gloppen"]\n[run]\nmonths = 12\n'
    (study_folder / "two.toml").write_text(two, encoding="utf-8")
    (study_folder / "one.toml").write_text('extends = "traena"\n[run]\nmonths = 12\n', encoding="utf-8")
    study = replace(make_study(study_folder, text), replicates=Replicates(2, 2))
    found = compare_policies(study, RunStore(tmp_path / "store", create=True))
    assert sum(one.failed for one in found.sampled.made) == 0
    assert set(found.groups["group_kind"]) == {"sector", "age"}


def test_worlds_that_pass_the_budget_are_refused_before_any_run(tmp_path: Path) -> None:
    text = """
question = "?"
scenario = "traena"
months = 12
outcomes = ["innovations"]
budget = { runs = 40 }
replicates = { least = 4 }
robustness = { n = 8 }
factors = { "people.trust" = {} }
alternatives = [{ name = "open", set = { "arenas.openness" = 0.5 } }]
"""
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    store = RunStore(tmp_path / "store", create=True)
    with pytest.raises(StudyError, match=r"64 runs at least"):
        try_worlds(read_study(path), store)
    assert not len(store.read())


def test_claims_stop_at_the_budget_and_stay_undecided(tmp_path: Path) -> None:
    world = read_scenario("traena", months=12)
    model = read_process("additive")
    claim = next(one for one in model.claims if one.id == "traits-add")
    store = RunStore(tmp_path / "store", create=True)
    theories = [("additive", model, [claim])]
    judged = judge_claims(world, theories, store, budget=Budget(runs=50))
    assert judged.verdicts["n"].tolist() == [10]
    with pytest.raises(StudyError, match="budget"):
        judge_claims(world, theories, store, budget=Budget(runs=39))
