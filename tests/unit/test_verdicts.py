"""Verdicts on claims: each shape's effect by head, limits against scipy, looks, domains, fractions and knock-outs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cosim.errors import CosimError
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.model import Claim
from cosim.study.limits import chance_above, lower_limit, summarise_means, upper_limit
from cosim.study.looks import plan_looks
from cosim.study.regions import judge_over_domain, split_domain
from cosim.study.shapes import find_conditions, levels_to_run, plan_levels
from cosim.study.verdicts import FAILS, HOLDS, UNDECIDED, decide, judge
from tests.unit.verdict_maker import give

WOBBLE = np.array([-1.0, 1.0, -0.5, 0.5, 0.0, 0.0, 0.2, -0.2])


def make_claim(shape: str, margin: float = 1.0, **more: Any) -> Claim:
    """Return a claim on people.trust at levels 0.3 and 0.7 unless told otherwise."""
    varied = {} if shape in ("band", "order") else {"factor": "people.trust", "levels": (0.3, 0.7), "direction": "up"}
    return Claim("c", "A claim.", "level", shape, margin, "assumed", **(varied | more))


def around(*means: float, wobble: float = 0.1) -> np.ndarray:
    """Return values [levels, 8] that wobble independently enough around their means, which are exact."""
    return np.array([mean + wobble * np.roll(WOBBLE, 3 * place) for place, mean in enumerate(means)])


# ---------------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize("error", [0.05, 0.0125, 0.001])
def test_limits_are_students_where_luck_is_even(error: float) -> None:
    values = np.concatenate([WOBBLE, [np.nan, np.inf]]) + 3.0
    means = summarise_means(values)
    low, high = stats.t.interval(1.0 - 2.0 * error, 7, loc=3.0, scale=stats.sem(WOBBLE))
    assert (float(lower_limit(means, error)), float(upper_limit(means, error))) == pytest.approx((low, high))


def test_a_long_tail_moves_out_the_limit_on_its_own_side_only() -> None:
    values = np.array([0.0, 0.1, 0.2, 0.1, 0.0, 0.3, 0.1, 4.0])
    low, high = stats.t.interval(0.9, 7, loc=values.mean(), scale=stats.sem(values))
    means = summarise_means(values)
    assert float(lower_limit(means, 0.05)) == pytest.approx(low)
    skew, t, n = stats.skew(values, bias=False), stats.t.isf(0.05, 7), len(values)
    wider = t + skew * (2.0 * t**2 + 1.0) / (6.0 * np.sqrt(n))
    assert float(upper_limit(means, 0.05)) == pytest.approx(values.mean() + wider * stats.sem(values))
    assert float(upper_limit(means, 0.05)) > high


@given(st.lists(st.integers(-9, 9), min_size=5, max_size=30), st.sampled_from([0.05, 0.0125, 0.001]))
def test_p_values_say_what_limits_say(values: list[int], error: float) -> None:
    means = summarise_means(np.array(values, np.float64) + 0.5)
    low = float(lower_limit(means, error))
    if abs(low) > 1e-9:
        assert (float(chance_above(means)) <= error) == (low > 0.0)


def test_replicates_all_alike_need_as_many_as_a_sign_test() -> None:
    assert float(lower_limit(summarise_means(np.full(5, 2.0)), 0.05)) == 2.0
    assert float(lower_limit(summarise_means(np.full(5, 2.0)), 0.01)) == -np.inf
    assert float(lower_limit(summarise_means(np.full(7, 0.1)), 0.01)) == pytest.approx(0.1)
    assert float(chance_above(summarise_means(np.full(10, 2.0)))) == 0.5**10
    assert float(chance_above(summarise_means(np.full(10, -2.0)))) == 1.0


def test_too_few_replicates_say_nothing() -> None:
    for values in (np.full(4, 2.0), np.array([1.0, 2.0]), np.full(9, np.nan), np.zeros(0)):
        means = summarise_means(values)
        assert float(lower_limit(means, 0.05)) == -np.inf
        assert float(chance_above(means)) == 0.5


# ---------------------------------------------------------------------------------------------------- shapes


def test_every_shipped_claim_can_be_planned_and_judged() -> None:
    luck = np.random.default_rng(1)
    seen = set()
    for name in list_processes():
        for claim in read_process(name).claims:
            plan = plan_levels(claim)
            assert all(list(setting) == list(plan[0]) for setting in plan)
            shape = tuple(len(one) for one in levels_to_run(claim) if one) or ((2,) if claim.shape == "order" else (1,))
            assert len(plan) == (np.prod(shape) if claim.factor else 1)
            verdict = judge(claim, luck.normal(5.0, 1.0, (*shape, 10)))
            assert verdict.sentence.startswith(verdict.says.capitalize())
            seen.add(claim.shape)
    assert seen >= {"sign", "threshold", "interaction", "band", "order"}


def test_plans_by_head() -> None:
    turning = make_claim("threshold", levels=(0.3, 0.6, 0.9, 1.6), at=(0.75, 1.2))
    assert [setting["people.trust"] for setting in plan_levels(turning)] == [0.3, 0.75, 1.2, 1.6]
    both = make_claim("interaction", levels=(0.1, 0.5, 0.9), moderator="theory.arrows", with_levels=(0.0, 1.0))
    assert plan_levels(both) == [
        {"people.trust": level, "theory.arrows": other} for level in (0.1, 0.9) for other in (0.0, 1.0)
    ]
    assert plan_levels(make_claim("order", before="delivery_months")) == [{}]


@pytest.mark.parametrize("at", [(0.1, 0.5), (0.3, 0.7), (0.5, 0.9)])
def test_a_threshold_needs_a_stretch_to_compare_with(at: tuple[float, float]) -> None:
    with pytest.raises(CosimError, match="add a level outside"):
        plan_levels(make_claim("threshold", at=at))


@pytest.mark.parametrize(
    ("claim", "means", "effects", "sides"),
    [
        (make_claim("sign"), (2.0, 5.0), [3.0], [1]),
        (make_claim("sign", direction="down"), (5.0, 2.0), [-3.0], [-1]),
        (make_claim("sign", direction="none"), (5.0, 5.5), [0.5, 0.5], [1, -1]),
        (make_claim("monotone", levels=(0.1, 0.4, 0.7)), (1.0, 3.0, 2.5), [1.5, 2.0, -0.5], [1, 1, 1]),
        (make_claim("threshold", levels=(0, 1, 3, 4), at=(1, 3)), (0.0, 1.0, 9.0, 9.5), [8.0, 6.0, 7.0], [1, 1, 1]),
        (make_claim("threshold", levels=(0, 3), at=(1, 3)), (0.0, 1.0, 9.0), [8.0, 6.0], [1, 1]),
        (make_claim("band", band=(2.0, 4.0)), (3.0,), [3.0, 3.0], [1, -1]),
        (make_claim("order", before="delivery_months"), (2.0, 9.0), [7.0], [1]),
    ],
)
def test_effects_by_head(claim: Claim, means: tuple[float, ...], effects: list[float], sides: list[int]) -> None:
    conditions = find_conditions(claim, around(*means))
    assert [float(one.contrast.mean()) for one in conditions] == pytest.approx(effects)
    assert [one.side for one in conditions] == sides
    assert judge(claim, around(*means, wobble=0.01)).says == HOLDS


def test_an_interaction_is_the_difference_of_differences() -> None:
    claim = make_claim("interaction", moderator="leadership.start", with_levels=(0.3, 0.7))
    values = np.stack([around(1.0, 2.0), around(3.0, 9.0)])
    verdict = judge(claim, values)
    assert verdict.effect == pytest.approx((9.0 - 2.0) - (3.0 - 1.0))
    assert verdict.says == HOLDS
    share = make_claim("interaction", 0.1, margin_in="share", moderator="leadership.start", with_levels=(0.3, 0.7))
    assert judge(share, values).margin == pytest.approx(0.1 * 1.5)


def test_shares_are_of_the_mean_at_the_first_level() -> None:
    ten_percent = make_claim("sign", 0.1, margin_in="share")
    verdict = judge(ten_percent, around(20.0, 30.0))
    assert (verdict.effect, verdict.margin, verdict.bound) == pytest.approx((10.0, 2.0, 2.0))
    assert judge(ten_percent, -around(20.0, 30.0)).bound == pytest.approx(2.0)
    band = make_claim("band", 0.1, margin_in="share", band=(18.0, 30.0))
    assert judge(band, around(17.0)).says == HOLDS
    assert judge(band, around(17.0)).margin == pytest.approx(1.7)
    assert judge(band, around(16.0)).says == FAILS
    assert "margin 10 % of the mean)" in judge(band, around(16.0)).sentence
    # From nothing to something is a rise by more than any share of nothing.
    assert judge(ten_percent, np.stack([np.zeros(8), 3.0 + WOBBLE])).says == HOLDS


# -------------------------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("margin", "direction", "change", "says"),
    [
        (0.0, "up", 0.0, FAILS),
        (0.0, "up", 0.5, HOLDS),
        (0.0, "down", 0.5, FAILS),
        (0.0, "none", 0.0, HOLDS),
        (0.0, "none", 0.5, FAILS),
        (0.5, "up", 0.5, FAILS),
        (0.5, "none", 0.5, HOLDS),
        (0.5, "none", -0.75, FAILS),
    ],
)
def test_zero_is_a_value_and_the_bound_belongs_to_one_side(
    margin: float, direction: str, change: float, says: str
) -> None:
    first = np.arange(10.0)
    verdict = judge(make_claim("sign", margin, direction=direction), np.stack([first, first + change]))
    assert verdict.says == says
    assert "all alike: up to 26 in 100 lucks may still differ" in verdict.sentence


def test_rounding_is_no_effect() -> None:
    first = np.linspace(0.1, 0.9, 10)
    verdict = judge(make_claim("sign", 0.0), np.stack([first, (first + 0.2) - 0.2]))
    assert (verdict.says, verdict.effect) == (FAILS, 0.0)


@given(st.lists(st.floats(-3.0, 3.0), min_size=8, max_size=8), st.sampled_from(["up", "down", "none"]))
def test_a_verdict_follows_from_its_interval(noise: list[float], direction: str) -> None:
    claim = make_claim("sign", 1.0, direction=direction)
    values = np.stack([np.arange(8.0), np.arange(8.0) + np.round(noise, 3)])
    verdict = judge(claim, values)
    inside = {"up": verdict.low > 1.0, "down": verdict.high < -1.0, "none": verdict.low >= -1 and verdict.high <= 1}
    outside = {"up": verdict.high <= 1.0, "down": verdict.low >= -1.0, "none": verdict.low > 1 or verdict.high < -1}
    assert verdict.low <= verdict.effect <= verdict.high
    if verdict.says == HOLDS:
        assert inside[direction]
    if verdict.says == FAILS:
        assert outside[direction]
    code = int(decide(find_conditions(claim, values), 0.05))
    assert {HOLDS: 1, FAILS: -1, UNDECIDED: 0}[verdict.says] == code


def test_pairs_with_an_undefined_outcome_are_left_out() -> None:
    values = around(1.0, 4.0)
    values[0, 2] = values[1, 5] = np.nan
    verdict = judge(make_claim("sign"), values)
    kept = np.delete(values, [2, 5], axis=1)
    assert (verdict.replicates, verdict.dropped) == (6, 2)
    assert verdict.effect == pytest.approx((kept[1] - kept[0]).mean())
    assert "6 replicates, 2 left out because an outcome is undefined." in verdict.sentence
    few = judge(make_claim("sign"), np.where(np.arange(8) < 4, around(1.0, 4.0), np.nan))
    assert few.says == UNDECIDED
    assert few.sentence == "Undecided: 4 of 8 replicates have the outcome at every level; a verdict needs 5."


def test_the_weakest_condition_speaks_for_a_claim_that_holds_and_the_worst_for_one_that_fails() -> None:
    claim = make_claim("monotone", 0.5, levels=(0.1, 0.4, 0.7))
    holds, fails = judge(claim, around(1.0, 3.0, 3.0)), judge(claim, around(1.0, 3.0, 1.9))
    assert (holds.says, fails.says) == (HOLDS, FAILS)
    assert "from 0.4 to 0.7 is" in holds.sentence
    assert fails.effect == pytest.approx(-1.1)
    assert (holds.confidence, fails.confidence) == pytest.approx((0.9, 1.0 - 2.0 * 0.05 / 3.0))


def test_a_straight_line_is_no_threshold() -> None:
    claim = make_claim("threshold", 0.1, levels=(0.1, 0.9), at=(0.3, 0.7))
    assert judge(claim, around(1.0, 3.0, 7.0, 9.0, wobble=0.01)).says == FAILS
    assert judge(claim, around(1.0, 1.0, 7.0, 7.0, wobble=0.01)).says == HOLDS
    assert judge(claim, around(7.0, 5.0, 5.0, 3.0, wobble=0.01)).says == FAILS  # flat between two falls


def test_values_of_the_wrong_shape_get_a_letter() -> None:
    for values in (np.zeros((3, 8)), np.zeros(8), np.zeros((2, 2, 8))):
        with pytest.raises(CosimError, match="values"):
            judge(make_claim("sign"), values)
    with pytest.raises(CosimError, match="0 < error <= of"):
        judge(make_claim("sign"), np.zeros((2, 8)), error=0.1)


# ----------------------------------------------------------------------------------------------------- looks


@given(st.integers(5, 30), st.integers(0, 300), st.floats(0.001, 0.2))
def test_looks_spend_what_is_allowed_and_end_at_the_most(first: int, more: int, error: float) -> None:
    looks = plan_looks(first, first + more, error)
    assert sum(look.error for look in looks) == pytest.approx(error)
    assert (looks[0].replicates, looks[-1].replicates) == (first, first + more)
    counts = [look.replicates for look in looks]
    assert all(before < after <= 2 * before for before, after in pairwise(counts))


def test_a_plan_that_is_none_gets_one_letter() -> None:
    with pytest.raises(CosimError, match="2 things to mend") as raised:
        plan_looks(4, 3, 0.7)
    assert len(raised.value.complaints) == 2


def test_p_values_are_those_of_the_whole_plan() -> None:
    once, spent = (judge(make_claim("sign"), around(1.0, 3.0), error=error) for error in (0.05, 0.0125))
    assert spent.p_holds == pytest.approx(4.0 * once.p_holds)
    assert once.confidence == pytest.approx(0.9)
    assert spent.low < once.low


# --------------------------------------------------------------------------------------------------- domains


def over(says: list[str], **parameters: list[float]) -> Any:
    """Return the verdict over points with these verdicts and places."""
    points = [dict(zip(parameters, place, strict=True)) for place in zip(*parameters.values(), strict=True)]
    return judge_over_domain([give(one) for one in says], points)


TRUST = np.linspace(0.1, 0.9, 20)


def test_a_claim_holds_over_a_domain_only_where_every_point_holds() -> None:
    assert over([HOLDS] * 20, trust=list(TRUST)).says == HOLDS
    assert over([FAILS] * 20, trust=list(TRUST)).says == FAILS
    undecided = over([HOLDS] * 19 + [UNDECIDED], trust=list(TRUST))
    assert undecided.says == UNDECIDED
    assert undecided.sentence.endswith("shown at 19 and shown to be false at 0 of 20 points.")
    assert "does not hold over all" in over([UNDECIDED] * 19 + [FAILS], trust=list(TRUST)).sentence


def test_it_is_said_where_it_turns() -> None:
    labels = [HOLDS if trust < 0.4 else FAILS for trust in TRUST]
    gain = [float(one) for one in np.random.default_rng(3).permutation(20)]
    verdict = over(labels, **{"people.trust": list(TRUST), "process.gain": gain})
    assert verdict.says == "depends"
    assert verdict.sentence == (
        "Depends: holds where people.trust < 0.416 (8 of 8 points hold, 0 fail); "
        "fails where people.trust > 0.416 (0 of 12 points hold, 12 fail)."
    )


def test_a_corner_takes_two_splits() -> None:
    trust, gain = (one.ravel() for one in np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 2, 6)))
    labels = np.where((trust < 0.5) & (gain > 0.7), 1, -1)
    regions = split_domain(labels, np.stack([trust, gain], axis=1), ["trust", "gain"])
    assert sorted((region.holds, region.fails) for region in regions) == [(0, 6), (0, 18), (12, 0)]
    corner = next(region for region in regions if region.holds)
    assert {name: (low, high) for name, low, high in corner.where} == {
        "trust": (-np.inf, pytest.approx(0.5)),
        "gain": (pytest.approx(0.6), np.inf),
    }


def test_verdicts_dealt_out_blindly_are_not_split() -> None:
    verdict = over([HOLDS, FAILS] * 10, trust=list(TRUST))
    assert verdict.says == "depends"
    assert verdict.sentence == (
        "Depends, shown at 10 and shown to be false at 10 of 20 points; no split of trust tells where."
    )


def test_points_share_the_error() -> None:
    points = [{"trust": float(trust)} for trust in TRUST]
    weak = [give(HOLDS, 0.01)] * 10 + [give(FAILS, 0.01)] * 10
    assert judge_over_domain(weak, points).says == UNDECIDED
    assert judge_over_domain([give(HOLDS, 0.01)] * 20, points).says == HOLDS
    strong = [give(HOLDS, 0.002)] * 10 + [give(FAILS, 0.002)] * 10
    assert judge_over_domain(strong, points).says == "depends"


def test_a_domain_without_points_gets_a_letter() -> None:
    with pytest.raises(CosimError, match="a verdict for every point"):
        judge_over_domain([], [])
    with pytest.raises(CosimError, match="the same names"):
        judge_over_domain([give(HOLDS)] * 2, [{"a": 1.0}, {"b": 1.0}])
    assert judge_over_domain([give(HOLDS)], [{}]).sentence == "Holds over the domain: at the only point."
    assert judge_over_domain([give(HOLDS), give(FAILS)] * 5, [{}] * 10).says == "depends"
