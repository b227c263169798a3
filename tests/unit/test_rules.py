"""The rules one by one: how exact their arithmetic is, which way they go, and where they end."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.engine.rules import (
    arithmetic,
    constructs,
    deciding,
    framing,
    joining,
    learning,
    searching,
    spreading,
    trust,
)

SHARES = st.floats(0.0, 1.0)
NUMBERS = st.floats(-1e6, 1e6)
N_POINTS = 100_000


def on(rule: Callable[..., float], points: Any) -> Any:
    """Return a rule of one number at many points, array like the points."""
    return np.array([rule(point) for point in points.tolist()])


def about_steps() -> Any:
    """Return points on both sides of where the range reduction of the exponential turns over."""
    turns = math.log(2.0) * (np.arange(-86, 86) + 0.5)
    return np.concatenate([turns, np.nextafter(turns, -99.0), np.nextafter(turns, 99.0)])


# --- arithmetic ------------------------------------------------------------------------------------------------------


def test_exponential_is_exact_to_1e_14() -> None:
    """Relative error against the platform's, at 100,000 points, the extremes and where the reduction turns over."""
    points = np.concatenate([np.linspace(-60.0, 60.0, N_POINTS), about_steps(), [0.0, -0.0, 1e-300, -1e-300]])
    true = np.array([math.exp(point) for point in points])
    assert np.abs(on(arithmetic.exponential, points) / true - 1.0).max() < 1e-14


@pytest.mark.parametrize(("x", "true"), [(1e308, math.exp(60.0)), (-math.inf, math.exp(-60.0)), (60.5, math.exp(60.0))])
def test_exponential_is_cut(x: float, true: float) -> None:
    assert arithmetic.exponential(x) == pytest.approx(true, rel=1e-14)


def test_exponential_never_falls() -> None:
    """Along 100,000 points, and from float to neighbouring float about each turn of the reduction."""
    assert (np.diff(on(arithmetic.exponential, np.linspace(-60.0, 60.0, N_POINTS))) > 0.0).all()
    for turn in about_steps()[:172]:
        near = [turn]
        for _step in range(40):
            near.append(np.nextafter(near[-1], 99.0))
        assert (np.diff(on(arithmetic.exponential, np.array(near))) >= 0.0).all()


def test_saturation_is_exact() -> None:
    """Absolute error below 1e-15 everywhere; relative error below 1e-14, near 0 by the next test."""
    points = np.concatenate([np.linspace(-30.0, 30.0, N_POINTS), [1e308, -1e308, 0.0, 1e-9, -1e-9]])
    found, true = on(arithmetic.saturation, points), np.tanh(points)
    error = np.abs(found - true)
    large = np.abs(points) >= 0.02
    assert error.max() < 1e-15
    assert (error[large] / np.abs(true[large])).max() < 1e-14


def test_saturation_is_exact_to_1e_14_near_zero() -> None:
    points = np.geomspace(1e-9, 0.02, 1000)
    assert np.abs(on(arithmetic.saturation, points) / np.tanh(points) - 1.0).max() < 1e-14


def test_saturation_never_falls_and_stays_within_one() -> None:
    found = on(arithmetic.saturation, np.linspace(-25.0, 25.0, N_POINTS))
    assert (np.diff(found) >= 0.0).all()
    assert np.abs(found).max() <= 1.0
    assert arithmetic.saturation(0.0) == 0.0


@given(NUMBERS)
def test_saturation_is_odd(x: float) -> None:
    assert arithmetic.saturation(-x) == pytest.approx(-arithmetic.saturation(x), abs=1e-15)


@given(NUMBERS)
def test_logistic_is_a_chance_and_its_complement(x: float) -> None:
    assert 0.0 < arithmetic.logistic(x) <= 1.0
    assert arithmetic.logistic(x) + arithmetic.logistic(-x) == pytest.approx(1.0, abs=1e-15)


def test_logistic_is_exact_and_never_falls() -> None:
    points = np.linspace(-59.0, 59.0, N_POINTS)
    found = on(arithmetic.logistic, points)
    assert np.abs(found * (1.0 + np.exp(-points)) - 1.0).max() < 1e-14
    assert (np.diff(found) >= 0.0).all()


@given(st.floats(-70.0, 70.0), st.floats(0.0, 1.0, exclude_max=True))
def test_happens_is_the_comparison_with_the_chance(odds: float, luck: float) -> None:
    """Wherever luck falls, and at the chance itself and the floats beside it."""
    chance = arithmetic.logistic(odds)
    for lot in (luck, chance, np.nextafter(chance, 0.0), np.nextafter(chance, 1.0)):
        assert arithmetic.happens(odds, lot) == (lot < chance)


def test_happens_at_every_step_of_its_table() -> None:
    """At each sixteenth from -8 to 8 and beside it, with luck about the chances at both ends of the step."""
    for step in range(-130, 131):
        for odds in (step / 16.0, np.nextafter(step / 16.0, -9.0), np.nextafter(step / 16.0, 9.0)):
            for neighbour in (step - 1, step, step + 1):
                chance = arithmetic.logistic(neighbour / 16.0)
                for lot in (chance, chance - 2e-12, chance + 2e-12, chance - 5e-13, chance + 5e-13):
                    assert arithmetic.happens(odds, lot) == (lot < arithmetic.logistic(odds))


@given(st.floats(0.0, 70.0), st.floats(0.0, 1.0, exclude_max=True))
def test_comes_in_month_is_the_comparison_with_the_chance(hazard: float, luck: float) -> None:
    """Wherever luck falls, and at the chance itself and the floats beside it; also for hazards that hardly are any."""
    for one in (hazard, hazard * 1e-9, hazard * 1e-17):
        chance = arithmetic.chance_in_month(one)
        for lot in (luck, chance, np.nextafter(chance, 0.0), np.nextafter(chance, 1.0)):
            assert arithmetic.comes_in_month(one, lot) == (lot < chance)


def test_happens_of_what_is_no_number() -> None:
    assert not arithmetic.happens(math.nan, 0.0)
    assert arithmetic.happens(math.inf, 0.5)
    assert not arithmetic.happens(-math.inf, 0.5)


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_chance_in_month_of_two_hazards(one: float, other: float) -> None:
    """Escaping both hazards is escaping their sum; no hazard, no event."""
    chance = arithmetic.chance_in_month
    assert chance(0.0) == 0.0
    assert 1.0 - chance(one + other) == pytest.approx((1.0 - chance(one)) * (1.0 - chance(other)), abs=1e-15)


@given(NUMBERS, SHARES, SHARES)
def test_within_stays_within(x: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert low <= arithmetic.within(x, low, high) <= high
    assert arithmetic.within(one, 0.0, 1.0) == one


# --- constructs and decisions ----------------------------------------------------------------------------------------


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), NUMBERS, SHARES, st.floats(1.0, 100.0))
def test_construct_stays_between_where_it_was_and_where_it_goes(
    state: float, measured: float, inflow: float, weight: float, months: float
) -> None:
    target = (1.0 - weight) * measured + weight * arithmetic.saturation(inflow)
    following = constructs.construct_next(state, measured, inflow, weight, months)
    assert min(state, target) - 1e-12 <= following <= max(state, target) + 1e-12
    assert -1.0 <= following <= 1.0
    assert constructs.construct_next(state, measured, inflow, weight, 1.0) == pytest.approx(target, abs=1e-12)


@pytest.mark.parametrize(("state", "share"), [(-1.0, 0.0), (0.0, 0.5), (1.0, 1.0)])
def test_share_of_construct(state: float, share: float) -> None:
    assert constructs.share_of(state) == share


@given(SHARES, SHARES, SHARES, SHARES)
def test_support_needs_both_quality_and_nearness(quality: float, reservation: float, far: float, bound: float) -> None:
    assert deciding.supports(quality, reservation, far, bound) == (quality >= reservation and far <= bound)


@given(SHARES, SHARES, st.integers(0, 9), st.integers(0, 9), SHARES)
def test_weighted_support_lies_between_the_sides(
    public: float, others: float, n_public: int, n_others: int, power: float
) -> None:
    support = deciding.weighted_support(public, others, n_public, n_others, power)
    if n_public and n_others:
        assert min(public, others) - 1e-12 <= support <= max(public, others) + 1e-12
        assert deciding.weighted_support(public, others, n_public, n_others, 0.0) == public
        assert deciding.weighted_support(public, others, n_public, n_others, 1.0) == others
    else:
        assert support == (public if n_public else others if n_others else 0.0)


@given(SHARES, SHARES, SHARES)
def test_success_comes_with_quality_and_capacity(one: float, other: float, capacity: float) -> None:
    low, high = sorted((one, other))
    assert 0.15 <= deciding.chance_of_success(low, capacity) <= deciding.chance_of_success(high, capacity) <= 1.0
    assert deciding.chance_of_success(capacity, low) <= deciding.chance_of_success(capacity, high)


# --- framing and joining ---------------------------------------------------------------------------------------------


@given(SHARES, SHARES, SHARES, st.floats(0.0, 0.5))
def test_talk_brings_nearer_or_leaves_alone(own: float, other: float, bound: float, step: float) -> None:
    ours, theirs = (framing.framing_after_talk(*pair, bound, step) for pair in ((own, other), (other, own)))
    if abs(own - other) < bound:
        assert abs(ours - theirs) == pytest.approx(abs(own - other) * (1.0 - 2.0 * step), abs=1e-15)
        assert ours + theirs == pytest.approx(own + other, abs=1e-15)
    else:
        assert (ours, theirs) == (own, other)


@given(SHARES, SHARES, SHARES)
def test_pull_home(view: float, anchor: float, pull: float) -> None:
    home = framing.framing_pulled_home(view, anchor, pull)
    assert min(view, anchor) - 1e-15 <= home <= max(view, anchor) + 1e-15
    assert framing.framing_pulled_home(view, anchor, 0.0) == view
    assert framing.framing_pulled_home(view, anchor, 1.0) == anchor


@given(SHARES, SHARES, SHARES)
def test_tolerance_is_the_base_without_trust(base: float, share: float, confidence: float) -> None:
    assert framing.tolerance(base, share, 0.0) == base
    assert framing.tolerance(base, share, confidence) >= base


WEIGHTS = (1.0, 1.0, 1.0, 0.5, 2.0)


@given(st.floats(-5.0, 5.0), st.lists(SHARES, min_size=5, max_size=5), st.integers(0, 4), SHARES)
def test_joining_rises_with_traits_and_company_and_falls_with_fatigue(
    base: float, state: list[float], place: int, change: float
) -> None:
    before = joining.odds_of_joining(base, *state, *WEIGHTS)
    state[place] = min(state[place] + change, 1.0)
    after = joining.odds_of_joining(base, *state, *WEIGHTS)
    assert after <= before + 1e-14 if place == 4 else after >= before - 1e-14


@given(SHARES, SHARES)
def test_steep_joining_is_the_threshold(filled: float, threshold: float) -> None:
    """The threshold rule is the logistic one at an endless weight of the seats taken."""
    if abs(filled - threshold) > 1e-6:
        steep = joining.odds_of_joining(-1e9 * threshold, 0.5, 0.5, 0.5, filled, 0.0, 1.0, 1.0, 1.0, 1e9, 0.0)
        assert arithmetic.happens(steep, 0.5) == joining.joins_at_threshold(filled, threshold)
    assert joining.joins_at_threshold(threshold, threshold)


@given(st.floats(-5.0, 5.0), SHARES, SHARES, st.floats(0.0, 3.0))
def test_commitment_brings_people_and_keeps_them(base: float, one: float, other: float, fatigue: float) -> None:
    low, high = sorted((one, other))
    assert joining.odds_of_coming(base, low) <= joining.odds_of_coming(base, high)
    leaving = [joining.odds_of_leaving(base, commitment, fatigue, 1.0, 1.0) for commitment in (low, high)]
    assert leaving[1] <= leaving[0]
    assert joining.odds_of_leaving(base, low, fatigue, 1.0, 1.0) >= joining.odds_of_leaving(base, low, 0.0, 1.0, 1.0)


# --- learning and trust ----------------------------------------------------------------------------------------------


@given(SHARES, SHARES, SHARES, st.sampled_from([0.0, 1.0]))
def test_optimism_stays_a_share_and_moves_by_its_rate(
    optimism: float, rate_good: float, rate_bad: float, news: float
) -> None:
    after = learning.optimism_after_news(optimism, news, rate_good, rate_bad)
    assert 0.0 <= after <= 1.0
    rate = rate_good if news == 1.0 else rate_bad
    assert abs(after - optimism) == pytest.approx(rate * abs(news - optimism), abs=1e-15)


@given(SHARES, SHARES, SHARES)
def test_moving_towards(value: float, target: float, rate: float) -> None:
    assert learning.moved_towards(value, target, 0.0) == value
    assert learning.moved_towards(value, target, 1.0) == pytest.approx(target, abs=1e-15)
    assert abs(learning.moved_towards(value, target, rate) - target) <= abs(value - target) + 1e-15


@given(SHARES, SHARES, SHARES, SHARES, SHARES)
def test_identity_stays_a_share(identity: float, anchor: float, success: float, one: float, other: float) -> None:
    """As long as the two rates together are at most 1."""
    rate_success, rate_anchor = one * 0.5, other * 0.5
    after = learning.identity_next(identity, anchor, success, rate_success, rate_anchor)
    assert -1e-15 <= after <= 1.0 + 1e-15
    assert learning.identity_next(anchor, anchor, 0.0, rate_success, rate_anchor) == anchor


@given(SHARES, SHARES, SHARES, st.integers(0, 48))
def test_fading_is_the_monthly_rule_so_many_times(value: float, target: float, kept: float, months: int) -> None:
    slowly = value
    for _month in range(months):
        slowly = learning.moved_towards(slowly, target, 1.0 - kept)
    assert learning.faded(value, target, kept, months) == pytest.approx(slowly, abs=1e-12)


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 100.0))
def test_trust_rises_with_good_acts_and_falls_with_bad(positive: float, negative: float, more: float) -> None:
    now = trust.trust_from_evidence(positive, negative)
    assert 0.0 < now < 1.0
    assert trust.trust_from_evidence(positive + more, negative) >= now
    assert trust.trust_from_evidence(positive, negative + more) <= now
    assert trust.trust_from_evidence(negative, positive) == pytest.approx(1.0 - now, abs=1e-15)


@given(SHARES, st.floats(1.0, 4.0))
def test_weight_of_bad_news_falls_to_one(identity: float, weight: float) -> None:
    assert 1.0 <= trust.weight_of_bad_news(identity, weight) <= weight
    assert trust.weight_of_bad_news(0.0, weight) == weight
    assert trust.weight_of_bad_news(1.0, weight) == 1.0


@given(SHARES, SHARES, SHARES, SHARES)
def test_cooperation_stays_within_its_cut(base: float, confidence: float, commitment: float, support: float) -> None:
    chance = trust.chance_of_cooperative_act(base, confidence, commitment, support, 0.3, 0.2, 0.1)
    assert 0.02 <= chance <= 0.98
    neutral = trust.chance_of_cooperative_act(base, 0.5, 0.5, 0.5, 0.3, 0.2, 0.1)
    assert neutral == arithmetic.within(base, 0.02, 0.98)


@given(SHARES, SHARES, SHARES)
def test_an_act_is_never_seen_as_better_than_it_was(chance: float, discount: float, identity: float) -> None:
    assert 0.0 <= trust.chance_seen(chance, discount, identity) <= chance
    assert trust.chance_seen(chance, 0.0, identity) == chance
    assert trust.chance_seen(chance, discount, 1.0) == chance


# --- searching and spreading -----------------------------------------------------------------------------------------


@given(st.integers(1, 16), st.data())
def test_worth_lies_between_least_and_most_and_reads_the_circle(n_decisions: int, data: st.DataObject) -> None:
    coupling = data.draw(st.integers(0, min(n_decisions - 1, 4)))
    solution = data.draw(st.integers(0, 2**n_decisions - 1))
    contributions = np.linspace(0.0, 1.0, n_decisions * 2 ** (coupling + 1)).reshape(n_decisions, -1) ** 2
    bits = [(solution >> place) & 1 for place in range(n_decisions)]
    slowly = 0.0
    for decision in range(n_decisions):
        seen = [bits[(decision + step) % n_decisions] << step for step in range(coupling + 1)]
        slowly += contributions[decision, sum(seen)]
    found = searching.worth(solution, contributions, n_decisions, coupling)
    assert found == slowly / n_decisions
    assert contributions.min() <= found <= contributions.max()


def test_what_sectors_know() -> None:
    """Six decisions each, in the order given; all four cover all, any three all but two, two decisions are shared."""
    masks = [searching.knows(sector) for sector in range(4)]
    for sector, mask in enumerate(masks):
        assert mask == sum(1 << searching.decision_in(sector, choice) for choice in range(6))
        assert (mask & masks[(sector + 1) % 4]).bit_count() == 2
        assert (mask & masks[(sector + 2) % 4]) == 0
        others = [other for other in range(4) if other != sector]
        assert (masks[others[0]] | masks[others[1]] | masks[others[2]]).bit_count() == 14
    assert masks[0] | masks[1] | masks[2] | masks[3] == searching.ALL_DECISIONS


@given(SHARES, SHARES, SHARES)
def test_trying_is_a_chance_that_climate_raises(base: float, weight: float, climate: float) -> None:
    assert base <= searching.chance_of_trying(base, weight, climate) <= 1.0
    assert searching.chance_of_trying(base, weight, 0.0) == base


@given(SHARES, st.floats(0.51, 1.0))
def test_quality_is_a_share_of_the_way_from_chance_to_the_best(found: float, best: float) -> None:
    quality = searching.quality_of(min(found, best), best)
    assert 0.0 <= quality <= 1.0
    assert searching.quality_of(best, best) == 1.0
    assert searching.quality_of(0.5, best) == 0.0


@given(SHARES, SHARES, SHARES, st.floats(0.0, 3.0), SHARES)
def test_adoption_hazard(innovation: float, imitation: float, pressure: float, absorbing: float, seen: float) -> None:
    hazard = spreading.adoption_hazard(innovation, imitation, pressure, absorbing, seen)
    assert hazard >= 0.0
    assert spreading.adoption_hazard(innovation, imitation, pressure, absorbing, 0.0) == 0.0
    assert spreading.adoption_hazard(innovation, imitation, 0.0, 1.0, 1.0) == innovation
