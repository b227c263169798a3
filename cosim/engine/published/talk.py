"""Talk: people who hear only those near enough to them, and people who keep to where they come from."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.published.networks import list_neighbours
from cosim.engine.rules.framing import framing_after_talk, framing_pulled_home
from cosim.engine.state import Array


def bounded_confidence(
    opinions: Array,
    bound: float | Array,
    step: float,
    n_meetings: int,
    *,
    network: Array | None = None,
    seed: int = 0,
    replicate: int = 0,
) -> Array:
    """Return opinions after so many meetings of two.

    Two who meet, drawn anew each time, move towards each other if they are near enough.

    Parameters
    ----------
    opinions : array [person]
    bound : 0 or more, or array [person]
        How far away an opinion may be and still be listened to.
    step : 0..0.5, share of the distance that each moves
    n_meetings : whole number, 0 or more
    network : array [person, person], or None for complete mixing
        With a network, the first of the two is drawn from all and the second from those the first sees.
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [person]

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    deffuant2000 : bounded confidence.

    Examples
    --------
    >>> bounded_confidence([0.2, 0.4], 0.3, 0.5, 1)
    array([0.3, 0.3])
    >>> bounded_confidence([0.2, 0.8], 0.3, 0.5, 1)
    array([0.2, 0.8])
    """
    given = Arguments("bounded_confidence")
    people = given.array("opinions", opinions, 1).copy()
    bounds = given.array("bound", np.broadcast_to(bound, people.shape), 1, 0.0)
    step = given.number("step", step, 0.0, 0.5)
    n_meetings = given.whole("n_meetings", n_meetings, 0)
    seed, replicate = given.luck(seed, replicate)
    if people.size < 2:
        given.complain("opinions", "one person", "two or more")
    first, seen = np.zeros(1, np.int64), np.zeros(0, np.int64)
    if network is not None:
        first, seen = list_neighbours(given, network)
        if first.size != people.size + 1:
            given.complain("network", f"{first.size - 1} people", f"{people.size}, one for each opinion")
    given.settle()
    _meet(seed, replicate, people, bounds, step, n_meetings, first, seen)
    return people


def count_parties(opinions: Array, gap: float, smallest_share: float = 0.05) -> int:
    """Return the number of groups of opinions, leaving out groups that are too small.

    Parameters
    ----------
    opinions : array [person]
    gap : above 0
        Neighbouring opinions further apart than this belong to different groups.
    smallest_share : 0..1 of all people

    Returns
    -------
    int

    Sources
    -------
    bennaim2003 : major and minor parties.

    Examples
    --------
    >>> count_parties([0.1, 0.1, 0.11, 0.5, 0.9, 0.9], 0.05, 0.25)
    2
    """
    given = Arguments("count_parties")
    people = np.sort(given.array("opinions", opinions, 1))
    gap = given.number("gap", gap, 0.0)
    smallest_share = given.share("smallest_share", smallest_share)
    given.settle()
    cuts = np.flatnonzero(np.diff(people) > gap) + 1
    sizes = np.diff(np.concatenate(([0], cuts, [people.size])))
    return int((sizes >= smallest_share * people.size).sum())


def attachment(weights: Array, susceptibility: float | Array, opinions: Array, n_rounds: int) -> Array:
    """Return opinions round by round when all listen to all they heed and are drawn back to their first opinion.

    Parameters
    ----------
    weights : array [listener, speaker], 0 or more, each row of sum 1
    susceptibility : 0..1, or array [person]
        0 keeps the first opinion for ever, 1 has no attachment to it.
    opinions : array [person]
    n_rounds : whole number, 0 or more

    Returns
    -------
    array [round + 1, person]

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    friedkin1990 : x(t + 1) = S W x(t) + (1 - S) x(0).

    Examples
    --------
    >>> attachment([[0.0, 1.0], [1.0, 0.0]], 0.5, [0.0, 1.0], 1)[1]
    array([0.5, 0.5])
    """
    heeded, openness, people = _check("attachment", weights, susceptibility, opinions)
    given = Arguments("attachment")
    n_rounds = given.whole("n_rounds", n_rounds, 0)
    given.settle()
    return np.asarray(_listen(heeded, openness, people, n_rounds))


def attachment_limit(weights: Array, susceptibility: float | Array, opinions: Array) -> Array:
    """Return where opinions end when all are attached to their first opinion: the solution of a linear system.

    Parameters
    ----------
    weights, susceptibility, opinions : as for ``attachment``
        Every group of people who heed only each other needs at least one with susceptibility below 1.

    Returns
    -------
    array [person]

    Sources
    -------
    friedkin1990 : x = (1 - S W)^-1 (1 - S) x(0).

    Examples
    --------
    >>> attachment_limit([[0.0, 1.0], [1.0, 0.0]], 0.5, [0.0, 0.75])
    array([0.25, 0.5 ])
    """
    heeded, openness, people = _check("attachment_limit", weights, susceptibility, opinions)
    system = np.eye(people.size) - openness[:, np.newaxis] * heeded
    return np.asarray(np.linalg.solve(system, (1.0 - openness) * people))


def _check(call: str, weights: Any, susceptibility: Any, opinions: Any) -> tuple[Array, Array, Array]:
    given = Arguments(call)
    people = given.array("opinions", opinions, 1)
    heeded = given.array("weights", weights, 2, 0.0)
    if heeded.shape != (people.size, people.size):
        given.complain("weights", f"shape {heeded.shape}", f"shape {(people.size, people.size)}")
    elif np.abs(heeded.sum(axis=1) - 1.0).max() > 1e-9:
        given.complain("weights", "rows that do not sum to 1", "what a listener heeds, as shares", "divide each row")
    openness = given.array("susceptibility", np.broadcast_to(susceptibility, people.shape), 1, 0.0, 1.0)
    given.settle()
    return heeded, openness, people


@compiled
def _meet(
    seed: int, replicate: int, people: Any, bounds: Any, step: float, n_meetings: int, first: Any, seen: Any
) -> None:
    luck = address.luck_of(address.luck_of_run(seed, replicate), 0, address.PAIR)
    for meeting in range(n_meetings):
        one = address.draw_below(luck, 2 * meeting, people.size)
        if first.size == 1:
            other = address.draw_below(luck, 2 * meeting + 1, people.size - 1)
            other += other >= one
        else:
            degree = first[one + 1] - first[one]
            if degree == 0:
                continue
            other = seen[first[one] + address.draw_below(luck, 2 * meeting + 1, degree)]
        own, heard = people[one], people[other]
        people[one] = framing_after_talk(own, heard, bounds[one], step)
        people[other] = framing_after_talk(heard, own, bounds[other], step)


@compiled
def _listen(weights: Any, susceptibility: Any, opinions: Any, n_rounds: int) -> Any:
    path = np.empty((n_rounds + 1, opinions.size))
    path[0] = opinions
    for turn in range(n_rounds):
        for person in range(opinions.size):
            heard = 0.0
            for speaker in range(opinions.size):
                heard += weights[person, speaker] * path[turn, speaker]
            path[turn + 1, person] = framing_pulled_home(heard, opinions[person], 1.0 - susceptibility[person])
    return path
