"""Membership alone: people who join and leave at constant chances."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.state import Array


def membership_path(
    chance_joining: float,
    chance_leaving: float,
    n_people: int,
    n_months: int,
    *,
    seed: int = 0,
    replicate: int = 0,
) -> Array:
    """Return the share of members month by month, from nobody, under constant chances.

    Parameters
    ----------
    chance_joining : 0..1 a month for one outside: being invited times saying yes (iota pi)
    chance_leaving : 0..1 a month for a member (h)
    n_people : whole number, 1 or more
    n_months : whole number, 0 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [month + 1], 0..1

    Sources
    -------
    ASSUMED : a chain of two states.

    Examples
    --------
    >>> membership_path(1.0, 1.0, 10, 3)
    array([0., 1., 0., 1.])
    """
    given = Arguments("membership_path")
    joining = given.share("chance_joining", chance_joining)
    leaving = given.share("chance_leaving", chance_leaving)
    n_people = given.whole("n_people", n_people, 1)
    n_months = given.whole("n_months", n_months, 0)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(_membership(seed, replicate, joining, leaving, n_people, n_months))


def membership_limit(chance_joining: float, chance_leaving: float) -> tuple[float, float]:
    """Return the share of members after endless months and the part of a distance to it that a month leaves.

    Parameters
    ----------
    chance_joining, chance_leaving : 0..1, not both 0

    Returns
    -------
    share : iota pi / (iota pi + h)
    left : 1 - iota pi - h

    Sources
    -------
    ASSUMED : a chain of two states.

    Examples
    --------
    >>> membership_limit(0.25, 0.25)
    (0.5, 0.5)
    """
    given = Arguments("membership_limit")
    joining = given.share("chance_joining", chance_joining)
    leaving = given.share("chance_leaving", chance_leaving)
    if joining + leaving == 0.0:
        given.complain("chance_joining", "nobody who moves", "a chance above 0")
    given.settle()
    return joining / (joining + leaving), 1.0 - joining - leaving


@compiled
def _membership(
    seed: int, replicate: int, chance_joining: float, chance_leaving: float, n_people: int, n_months: int
) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    member = np.zeros(n_people, np.bool_)
    shares = np.zeros(n_months + 1)
    for month in range(n_months):
        luck = address.luck_of(run_luck, month, address.LEAVE)
        n_members = 0
        for person in range(n_people):
            chance = chance_leaving if member[person] else chance_joining
            if address.draw(luck, person) < chance:
                member[person] = not member[person]
            n_members += member[person]
        shares[month + 1] = n_members / n_people
    return shares
