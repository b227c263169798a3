"""The sub-models' faces: wrong arguments are all said at once, and luck is an argument and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from cosim.engine.published import (
    collective_search,
    helix,
    landscapes,
    learning,
    membership,
    networks,
    organisational_code,
    relay_search,
    spread,
    stages,
    talk,
    thresholds,
    tipping,
    trust,
)
from cosim.errors import ParameterError

PROBLEM = landscapes.draw_landscape(8, 3, seed=1)
PEOPLE = np.linspace(0.0, 1.0, 30)
ALL = networks.complete_network(12)


def search(**options: Any) -> Any:
    """Return every array of a small collective search, one after another."""
    course = collective_search.collective_search(ALL, PROBLEM, 30, **options)
    return np.concatenate([np.ravel(part) for part in course])


LUCKY: dict[str, Callable[..., Any]] = {
    "landscape": lambda **luck: landscapes.draw_landscape(6, 2, neighbours="random", **luck).values,
    "random network": lambda **luck: networks.random_network(30, 0.3, **luck),
    "small world": lambda **luck: networks.small_world_network(30, 2, 0.3, **luck),
    "collective search": search,
    "all its switches": lambda **luck: search(
        sharing_chance=0.7,
        velocity=0.8,
        sample_size=4,
        copying_rule="conformity",
        copying_error=0.1,
        error_kind="flipped",
        tests_copies=True,
        simultaneous=False,
        **luck,
    ),
    "relay": lambda **luck: np.array(relay_search.compare_teams(100, 2, 6, 4, smoothness=2, **luck)),
    "talk": lambda **luck: talk.bounded_confidence(PEOPLE, 0.3, 0.5, 300, **luck),
    "talk in a network": lambda **luck: talk.bounded_confidence(
        PEOPLE, 0.3, 0.5, 300, network=networks.ring_network(30), **luck
    ),
    "spread": lambda **luck: spread.bass_spread(0.03, 0.38, 500, 5.0, **luck).shares,
    "acts": lambda **luck: trust.draw_acts(0.5, 50, n_paths=3, **luck),
    "optimism": lambda **luck: learning.optimism_path(0.5, 50, 0.3, 0.2, **luck),
    "identity": lambda **luck: learning.identity_path(0.5, 50, 0.3, 0.2, 0.5, **luck),
    "climate": lambda **luck: learning.climate_path(0.5, 50, 0.1, **luck),
    "membership": lambda **luck: membership.membership_path(0.3, 0.2, 100, 20, **luck),
    "code": lambda **luck: np.array(
        organisational_code.organisational_learning(n_periods=10, turnover=0.1, turbulence=0.05, **luck)
    ),
    "stages": lambda **luck: stages.draw_stage_times([0.2, 0.3], 50, **luck),
    "stages in steps": lambda **luck: stages.draw_stage_times([0.2, 0.3], 50, steps_per_month=2, **luck),
}


@pytest.mark.parametrize("name", LUCKY)
def test_same_luck_same_bits_whatever_the_threads(name: str) -> None:
    """Six replicates one after another, and the same six by four threads in another order."""
    run = LUCKY[name]
    alone = [run(seed=3, replicate=replicate) for replicate in range(6)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda replicate: run(seed=3, replicate=replicate), reversed(range(6))))
    for one, other in zip(alone, reversed(together), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", LUCKY)
def test_other_luck_other_bits(name: str) -> None:
    """Seed and replicate both matter, are not the same thing, and 0 is a seed like any other."""
    run = LUCKY[name]
    outcomes = [run(seed=seed, replicate=replicate) for seed, replicate in ((0, 0), (1, 0), (0, 1), (1, 1))]
    assert np.array_equal(outcomes[0], run())
    for place, one in enumerate(outcomes):
        assert not any(np.array_equal(one, other) for other in outcomes[:place])


WRONG: dict[str, tuple[Callable[..., Any], int]] = {
    "landscape": (lambda: landscapes.draw_landscape(0, -1, neighbours="nxt", seed=-1), 4),
    "neighbours of another shape": (lambda: landscapes.draw_landscape(4, 2, neighbours=np.zeros((4, 1))), 1),
    "own neighbour": (lambda: landscapes.draw_landscape(2, 1, neighbours=np.array([[0], [0]])), 1),
    "contributions": (lambda: landscapes.build_landscape([[0.0, 0.5, 1.0]]), 1),
    "search": (lambda: search(sharing_chance=1.1, velocity=-0.1, copying_rule="bset", sample_size=0), 4),
    "start": (lambda: search(start=[0, 1]), 1),
    "moves and errors": (lambda: search(moves=np.zeros((256, 1)), copying_error=0.1), 1),
    "odd table": (lambda: collective_search.collective_search(ALL, np.ones(9), 1), 1),
    "worthless table": (lambda: collective_search.collective_search(ALL, np.zeros(8), 1), 1),
    "oblong network": (lambda: collective_search.collective_search(np.ones((2, 3)), PROBLEM, 1), 1),
    "network of mirrors": (lambda: collective_search.collective_search(np.eye(3), PROBLEM, 1), 1),
    "ring": (lambda: relay_search.draw_ring(1, smoothness=-1), 2),
    "long step": (lambda: relay_search.measure_abilities([1.0, 2.0], [[2]]), 1),
    "too many heuristics": (lambda: relay_search.list_heuristics(8, 20), 1),
    "team": (lambda: relay_search.draw_team([[1, 2]], 2), 1),
    "way": (lambda: relay_search.team_search([1.0, 2.0], [[1]], way="rely"), 1),
    "talk": (lambda: talk.bounded_confidence([0.1, np.nan], -1.0, 0.6, -1), 4),
    "weights": (lambda: talk.attachment([[0.5, 0.1], [0.5, 0.5]], 2.0, [0.0, 1.0], 1), 2),
    "thresholds": (lambda: thresholds.cascade([-0.1, 0.5]), 1),
    "deviation": (lambda: thresholds.normal_outcome(0.25, 0.0), 1),
    "spread": (lambda: spread.bass_spread(-1.0, 0.1, 0, 1.0, steps_per_year=0), 3),
    "short spread": (lambda: spread.measure_peak(spread.Spread(np.arange(2.0), np.arange(2.0))), 1),
    "trust": (lambda: trust.trust_path([[2.0]], kept=1.5, start=(0.0,)), 3),
    "endless memory": (lambda: trust.trust_limit(0.5, kept=1.0), 1),
    "nothing moves": (lambda: learning.optimism_limit(0.5, 0.0, 0.0), 1),
    "rates beyond one": (lambda: learning.identity_path(0.5, 5, 0.6, 0.6, 0.5), 1),
    "no membership": (lambda: membership.membership_limit(0.0, 0.0), 1),
    "members": (lambda: organisational_code.organisational_learning(socialisation=[0.1, 0.2]), 1),
    "stages": (lambda: stages.draw_stage_times([0.0], 0), 2),
    "arrows": (lambda: tipping.settle([[0.0, 1.0]], -1.0), 2),
    "fold": (lambda: tipping.fold_bias(0.5), 1),
    "mask": (lambda: helix.best_within(PROBLEM, 256, 0), 1),
    "sectors": (lambda: helix.mask_of([4], 10), 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_argument_is_said_at_once(name: str) -> None:
    call, n_complaints = WRONG[name]
    with pytest.raises(ParameterError) as raised:
        call()
    assert len(raised.value.complaints) == n_complaints, str(raised.value)


def test_misspelt_word_is_guessed() -> None:
    with pytest.raises(ParameterError, match="did you mean 'conformity'"):
        search(copying_rule="confomity")


def test_search_without_looking_or_trying_stands_still() -> None:
    """No copying and no search: scores, and the number of solutions, stay as they began."""
    course = collective_search.collective_search(ALL, PROBLEM, 10, copying_rule="none", search_mode="none")
    assert np.ptp(course.scores) == 0.0
    assert np.ptp(course.n_solutions) == 0


def test_copying_alone_spreads_the_best_start() -> None:
    """Everybody holds the best start after one round in a complete network, and after as many as a line is long."""
    for network, n_rounds in ((ALL, 1), (networks.line_network(12), 11)):
        course = collective_search.collective_search(network, PROBLEM, n_rounds, search_mode="none", seed=2)
        assert course.n_solutions[-1] == 1
        assert course.final_scores.max() == course.best_scores[0]


def test_full_error_copies_nothing() -> None:
    """If every differing decision is got wrong and kept as it was, copying changes nobody."""
    course = collective_search.collective_search(ALL, PROBLEM, 5, copying_error=1.0, search_mode="none", seed=2)
    assert np.ptp(course.scores) == 0.0


def test_conformity_needs_two_alike() -> None:
    """Four who all differ copy nobody; once two agree on something better, the others follow."""
    values = np.arange(1.0, 9.0)
    options: dict[str, Any] = {"copying_rule": "conformity", "search_mode": "none"}
    everybody = networks.complete_network(4)
    differ = collective_search.collective_search(everybody, values, 3, start=[0, 1, 2, 3], **options)
    assert differ.final_solutions.tolist() == [0, 1, 2, 3]
    agree = collective_search.collective_search(everybody, values, 3, start=[5, 5, 2, 7], **options)
    assert agree.final_solutions.tolist() == [5, 5, 5, 7]


def test_moves_make_any_landscape() -> None:
    """On a ring of ten places with one peak, steps to either side bring everybody up."""
    places = np.arange(10)
    moves = np.stack([(places - 1) % 10, (places + 1) % 10], axis=1)
    course = collective_search.collective_search(
        networks.line_network(5), 1.0 + np.minimum(places, 10 - places), 60, moves=moves, copying_rule="none"
    )
    assert (course.final_solutions == 5).all()


def test_leaps_find_the_best() -> None:
    course = collective_search.collective_search(ALL, PROBLEM, 300, search_mode="leap")
    assert course.final_scores.min() == 1.0


def test_small_world_keeps_ties_mutual() -> None:
    network = networks.small_world_network(40, 3, 0.4, seed=1)
    assert np.array_equal(network, network.T)
    assert not network.diagonal().any()
    assert network.sum() == networks.ring_network(40, 3).sum()
    assert not np.array_equal(network, networks.ring_network(40, 3))
