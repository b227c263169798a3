"""Diversity against ability: teams of searchers with different rules of thumb on a ring of values."""

from __future__ import annotations

from itertools import permutations
from typing import Any, Final, NamedTuple

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.state import Array

WAYS: Final = ("relay", "tournament")
MOST_HEURISTICS: Final = 2_000_000


class TeamComparison(NamedTuple):
    """The best searchers as a team against a random team, on one ring.

    Attributes
    ----------
    best_value, random_value : mean value reached from all starts, in units of the ring's values
    best_diversity, random_diversity : share of differing steps, mean over pairs, 0..1
    best_ability, mean_ability : mean value reached alone, by the best and by the average heuristic
    """

    best_value: float
    random_value: float
    best_diversity: float
    random_diversity: float
    best_ability: float
    mean_ability: float


def draw_ring(
    n_places: int, *, smoothness: int = 0, highest: float = 100.0, seed: int = 0, replicate: int = 0
) -> Array:
    """Return the values of a ring of places.

    Parameters
    ----------
    n_places : whole number, 2 or more
    smoothness : whole number, 0 or more
        0 draws every place on its own; otherwise places 1..2 x smoothness apart are drawn and straight lines join them.
    highest : above 0
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [place], each 0..highest

    Sources
    -------
    hong2004 : 2,000 places of uniform values 0..100.
    grim2019 : smoothness, the mean distance between drawn places being smoothness + 1/2.

    Examples
    --------
    >>> draw_ring(2000).shape
    (2000,)
    """
    given = Arguments("draw_ring")
    n_places = given.whole("n_places", n_places, 2)
    smoothness = given.whole("smoothness", smoothness, 0, n_places)
    highest = given.number("highest", highest, 0.0)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(_draw_ring(seed, replicate, n_places, smoothness) * highest)


def list_heuristics(n_steps: int, longest_step: int) -> Array:
    """Return all heuristics: every ordered choice of different steps.

    Parameters
    ----------
    n_steps : k, 1..longest_step
    longest_step : l, 1 or more; the steps are 1..l

    Returns
    -------
    array [heuristic, step]

    Sources
    -------
    hong2004 : heuristics as ordered k-tuples.

    Examples
    --------
    >>> len(list_heuristics(3, 12))
    1320
    """
    given = Arguments("list_heuristics")
    longest_step = given.whole("longest_step", longest_step, 1)
    n_steps = given.whole("n_steps", n_steps, 1, longest_step)
    given.settle()
    number = np.prod(np.arange(longest_step, longest_step - n_steps, -1, dtype=np.float64))
    if number > MOST_HEURISTICS:
        given.complain("longest_step", f"{number:.0f} heuristics", f"at most {MOST_HEURISTICS}")
        given.settle()
    return np.array(list(permutations(range(1, longest_step + 1), n_steps)), dtype=np.int64)


def measure_abilities(values: Array, heuristics: Array) -> Array:
    """Return how well each heuristic does alone: the mean value reached from all starts.

    A searcher looks one step ahead after another, goes where it is better, and stops when no step helps.

    Parameters
    ----------
    values : array [place]
    heuristics : array [heuristic, step], each shorter than the ring

    Returns
    -------
    array [heuristic]

    Sources
    -------
    hong2004 : expected performance over all starting points.

    Examples
    --------
    >>> measure_abilities([1.0, 3.0, 2.0, 4.0], [[1], [2]])
    array([3.5, 3. ])
    """
    given = Arguments("measure_abilities")
    ring, steps = _check(given, values, heuristics, "heuristics")
    given.settle()
    return np.asarray(_abilities(ring, np.argsort(-ring, kind="stable"), steps))


def team_search(values: Array, team: Array, *, way: str = "relay") -> Array:
    """Return the value a team reaches from each start.

    Parameters
    ----------
    values : array [place]
    team : array [member, step]
    way : 'relay' or 'tournament'
        One after another, each from where the last stopped, until nobody gets further; or all from the same place and
        on from the best place found.

    Returns
    -------
    array [start]

    Sources
    -------
    hong2004 : the relay.
    grim2019 : the tournament.

    Examples
    --------
    >>> team_search([1.0, 2.0, 0.0, 3.0], [[1], [2]])
    array([3., 3., 3., 3.])
    """
    given = Arguments("team_search")
    ring, steps = _check(given, values, team, "team")
    way = given.word("way", way, WAYS)
    given.settle()
    return np.asarray(_team(ring, np.argsort(-ring, kind="stable"), steps, way == "relay"))


def draw_team(heuristics: Array, team_size: int, *, seed: int = 0, replicate: int = 0) -> Array:
    """Return a team of different heuristics drawn at random.

    Parameters
    ----------
    heuristics : array [heuristic, step]
    team_size : whole number, 1..number of heuristics
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [member, step]

    Sources
    -------
    hong2004 : the random team, without replacement.

    Examples
    --------
    >>> len(draw_team(list_heuristics(3, 12), 10))
    10
    """
    given = Arguments("draw_team")
    pool = given.array("heuristics", heuristics, 2, 1.0).astype(np.int64)
    team_size = given.whole("team_size", team_size, 1, len(pool))
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(pool[_draw_places(seed, replicate, len(pool), team_size)])


def measure_diversity(team: Array) -> float:
    """Return the mean share of steps, place by place, in which two members differ.

    Parameters
    ----------
    team : array [member, step]

    Returns
    -------
    float, 0..1

    Sources
    -------
    hong2004 : diversity of two heuristics; the published scores are mistaken.
    wallrich : found the mistake.

    Examples
    --------
    >>> measure_diversity([[1, 2, 3], [1, 3, 2]])
    0.6666666666666666
    """
    given = Arguments("measure_diversity")
    steps = given.array("team", team, 2, 1.0)
    given.settle()
    differ = (steps[:, np.newaxis, :] != steps[np.newaxis, :, :]).mean(axis=2)
    return float(differ.sum() / max(len(steps) * (len(steps) - 1), 1))


def compare_teams(
    n_places: int,
    n_steps: int,
    longest_step: int,
    team_size: int,
    *,
    smoothness: int = 0,
    way: str = "relay",
    seed: int = 0,
    replicate: int = 0,
) -> TeamComparison:
    """Return how the team of the ablest and a random team do on a ring drawn for them.

    Parameters
    ----------
    n_places : whole number, 2 or more
    n_steps, longest_step : k and l
    team_size : whole number, 1 or more
    smoothness : whole number, 0 or more
    way : 'relay' or 'tournament'
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    TeamComparison

    Sources
    -------
    hong2004 : the comparison; n 2,000, k 3, l 12 or 20, teams of 10 or 20.

    Examples
    --------
    >>> outcome = compare_teams(200, 2, 6, 5)
    >>> outcome.best_ability > outcome.mean_ability
    True
    """
    ring = draw_ring(n_places, smoothness=smoothness, seed=seed, replicate=replicate)
    heuristics = list_heuristics(n_steps, longest_step)
    chosen = draw_team(heuristics, team_size, seed=seed, replicate=replicate)
    abilities = measure_abilities(ring, heuristics)
    ablest = heuristics[np.argsort(-abilities, kind="stable")[:team_size]]
    return TeamComparison(
        float(team_search(ring, ablest, way=way).mean()),
        float(team_search(ring, chosen, way=way).mean()),
        measure_diversity(ablest),
        measure_diversity(chosen),
        float(abilities.max()),
        float(abilities.mean()),
    )


def _check(given: Arguments, values: Any, heuristics: Any, name: str) -> tuple[Array, Array]:
    ring = given.array("values", values, 1)
    steps = given.array(name, heuristics, 2, 1.0)
    if steps.max() >= ring.size:
        given.complain(name, f"a step of {steps.max():.0f}", f"steps shorter than the ring of {ring.size}")
    return ring, steps.astype(np.int64)


@compiled
def _draw_ring(seed: int, replicate: int, n_places: int, smoothness: int) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    luck = address.luck_of(run_luck, 0, address.LANDSCAPE)
    luck_gap = address.luck_of(run_luck, 1, address.LANDSCAPE)
    values = np.empty(n_places)
    if smoothness == 0:
        for place in range(n_places):
            values[place] = address.draw(luck, place)
        return values
    begin = 0
    start_value = address.draw(luck, 0)
    first_value = start_value
    while begin < n_places:
        end = begin + 1 + address.draw_below(luck_gap, begin, 2 * smoothness)
        if end >= n_places:
            end = n_places
            end_value = first_value
        else:
            end_value = address.draw(luck, end)
        for place in range(begin, end):
            share = (place - begin) / (end - begin)
            values[place] = (1.0 - share) * start_value + share * end_value
        begin = end
        start_value = end_value
    return values


@compiled
def _draw_places(seed: int, replicate: int, n_all: int, n_drawn: int) -> Any:
    luck = address.luck_of(address.luck_of_run(seed, replicate), 0, address.INVITED)
    places = np.arange(n_all)
    for place in range(n_drawn):
        other = place + address.draw_below(luck, place, n_all - place)
        places[place], places[other] = places[other], places[place]
    return places[:n_drawn].copy()


@compiled
def _reach(values: Any, order: Any, heuristic: Any, reached: Any) -> None:
    """Write where a searcher who starts at each place stops; better places come first in ``order``."""
    for place in order:
        at = place
        for step in heuristic:
            ahead = at + step
            if ahead >= values.size:
                ahead -= values.size
            if values[ahead] > values[at]:
                at = ahead
        reached[place] = at if at == place else reached[at]


@compiled
def _abilities(values: Any, order: Any, heuristics: Any) -> Any:
    reached = np.empty(values.size, np.int64)
    abilities = np.empty(heuristics.shape[0])
    for one in range(heuristics.shape[0]):
        _reach(values, order, heuristics[one], reached)
        total = 0.0
        for place in range(values.size):
            total += values[reached[place]]
        abilities[one] = total / values.size
    return abilities


@compiled
def _team(values: Any, order: Any, team: Any, relay: bool) -> Any:
    n_members = team.shape[0]
    reached = np.empty((n_members, values.size), np.int64)
    for member in range(n_members):
        _reach(values, order, team[member], reached[member])
    found = np.empty(values.size)
    for start in range(values.size):
        at = start
        if relay:
            idle = 0
            member = 0
            while idle < n_members:
                ahead = reached[member, at]
                idle = idle + 1 if ahead == at else 0
                at = ahead
                member = (member + 1) % n_members
        else:
            moving = True
            while moving:
                best = at
                for member in range(n_members):
                    if values[reached[member, at]] > values[best]:
                        best = reached[member, at]
                moving = best != at
                at = best
        found[start] = values[at]
    return found
