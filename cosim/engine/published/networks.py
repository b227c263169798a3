"""Who can look at whom: networks as matrices [person, person], true where the row's person sees the column's."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.state import Array


def line_network(n_people: int) -> Array:
    """Return people in a row, each seeing those beside them: the least efficient network that holds together.

    Parameters
    ----------
    n_people : whole number, 1 or more

    Returns
    -------
    array [person, person] of bool

    Sources
    -------
    lazer2007 : the linear network.

    Examples
    --------
    >>> line_network(3).sum(axis=1)
    array([1, 2, 1])
    """
    given = Arguments("line_network")
    n_people = given.whole("n_people", n_people, 1)
    given.settle()
    apart = np.abs(np.subtract.outer(np.arange(n_people), np.arange(n_people)))
    return np.asarray(apart == 1)


def ring_network(n_people: int, reach: int = 1) -> Array:
    """Return people in a circle, each seeing so many on either side.

    Parameters
    ----------
    n_people : whole number, 1 or more
    reach : people seen on either side, 0 or more

    Returns
    -------
    array [person, person] of bool

    Sources
    -------
    lazer2007 : the regular network that small worlds start from.

    Examples
    --------
    >>> ring_network(6, 2).sum(axis=1)
    array([4, 4, 4, 4, 4, 4])
    """
    given = Arguments("ring_network")
    n_people = given.whole("n_people", n_people, 1)
    reach = given.whole("reach", reach, 0)
    given.settle()
    apart = np.abs(np.subtract.outer(np.arange(n_people), np.arange(n_people)))
    around = np.minimum(apart, n_people - apart)
    return np.asarray((around > 0) & (around <= reach))


def lattice_network(n_people: int, reach: int = 2) -> Array:
    """Return the lattice of Lazer and Friedman: a ring in which everybody sees two (or more) on either side.

    Their text can also be read as a grid (see ``grid_network``); only this reading gives their pairwise wins.

    Parameters
    ----------
    n_people : whole number, 1 or more
    reach : people seen on either side, 0 or more

    Returns
    -------
    array [person, person] of bool

    Sources
    -------
    lazer2007 : the lattice, more efficient than a line and less than a complete network.

    Examples
    --------
    >>> int(lattice_network(100).sum(axis=1).max())
    4
    """
    return ring_network(n_people, reach)


def grid_network(n_rows: int, n_columns: int, *, wrapped: bool = True) -> Array:
    """Return people on a grid, each seeing the four beside them.

    Parameters
    ----------
    n_rows, n_columns : whole numbers, 1 or more
    wrapped : bool
        Whether the last row and column are beside the first.

    Returns
    -------
    array [person, person] of bool, row by row

    Sources
    -------
    ASSUMED : the other reading of a lattice.

    Examples
    --------
    >>> int(grid_network(3, 4).sum(axis=1).max())
    4
    >>> int(grid_network(2, 2, wrapped=False).sum())
    8
    """
    given = Arguments("grid_network")
    n_rows = given.whole("n_rows", n_rows, 1)
    n_columns = given.whole("n_columns", n_columns, 1)
    given.settle()
    rows = ring_network(n_rows) if wrapped else line_network(n_rows)
    columns = ring_network(n_columns) if wrapped else line_network(n_columns)
    return np.asarray(np.kron(rows, np.eye(n_columns)) + np.kron(np.eye(n_rows), columns) > 0)


def complete_network(n_people: int) -> Array:
    """Return people who all see each other: the most efficient network.

    Parameters
    ----------
    n_people : whole number, 1 or more

    Returns
    -------
    array [person, person] of bool

    Sources
    -------
    lazer2007 : the fully connected network.

    Examples
    --------
    >>> int(complete_network(3).sum())
    6
    """
    given = Arguments("complete_network")
    n_people = given.whole("n_people", n_people, 1)
    given.settle()
    return ~np.eye(n_people, dtype=bool)


def random_network(n_people: int, chance: float, *, seed: int = 0, replicate: int = 0) -> Array:
    """Return people of whom each pair sees each other with the same chance.

    Parameters
    ----------
    n_people : whole number, 1 or more
    chance : 0..1
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [person, person] of bool, symmetric; it need not hold together

    Sources
    -------
    lazer2007 : random networks of different density.

    Examples
    --------
    >>> int(random_network(4, 1.0).sum())
    12
    """
    given = Arguments("random_network")
    n_people = given.whole("n_people", n_people, 1)
    chance = given.share("chance", chance)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(_draw_pairs(seed, replicate, n_people, chance))


def small_world_network(n_people: int, reach: int, chance: float, *, seed: int = 0, replicate: int = 0) -> Array:
    """Return a ring of which each tie is, with a chance, moved to somebody anywhere.

    Parameters
    ----------
    n_people : whole number, 1 or more
    reach : people seen on either side, 0 or more
    chance : 0..1, of moving a tie
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [person, person] of bool, symmetric, with as many ties as the ring

    Sources
    -------
    lazer2007 : short cuts at the same density.

    Examples
    --------
    >>> bool(small_world_network(20, 2, 0.5).sum() == ring_network(20, 2).sum())
    True
    """
    given = Arguments("small_world_network")
    n_people = given.whole("n_people", n_people, 1)
    reach = given.whole("reach", reach, 0)
    chance = given.share("chance", chance)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(_move_ties(seed, replicate, ring_network(n_people, reach), chance))


def list_neighbours(given: Arguments, network: Any) -> tuple[Array, Array]:
    """Return whom each person sees as one list, and where each person's part of it begins.

    Parameters
    ----------
    given : the call's arguments, to complain to
    network : array [person, person], nonzero where the row's person sees the column's

    Returns
    -------
    first : array [person + 1]
    seen : array [tie]
    """
    matrix = np.asarray(network)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape[0] == 0:
        given.complain("network", f"shape {matrix.shape}", "a square matrix [person, person]")
        matrix = np.zeros((1, 1))
    if matrix.diagonal().any():
        given.complain("network", "somebody who sees themselves", "nothing on the diagonal")
    rows, seen = np.nonzero(matrix)
    first = np.zeros(matrix.shape[0] + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=matrix.shape[0]), out=first[1:])
    return first, seen.astype(np.int64)


@compiled
def _draw_pairs(seed: int, replicate: int, n_people: int, chance: float) -> Any:
    luck = address.luck_of(address.luck_of_run(seed, replicate), 0, address.PAIR)
    network = np.zeros((n_people, n_people), np.bool_)
    for one in range(n_people):
        for other in range(one):
            if address.draw(luck, one * n_people + other) < chance:
                network[one, other] = True
                network[other, one] = True
    return network


@compiled
def _move_ties(seed: int, replicate: int, ring: Any, chance: float) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    luck_moved = address.luck_of(run_luck, 0, address.PAIR)
    luck_where = address.luck_of(run_luck, 1, address.PAIR)
    network = ring.copy()
    n_people = ring.shape[0]
    for one in range(n_people):
        for other in range(one):
            tie = one * n_people + other
            if not ring[one, other] or address.draw(luck_moved, tie) >= chance:
                continue
            free = 0
            for third in range(n_people):
                free += third != one and not network[one, third]
            if free == 0:
                continue
            choice = address.draw_below(luck_where, tie, free)
            for third in range(n_people):
                if third != one and not network[one, third]:
                    if choice == 0:
                        network[one, other] = False
                        network[other, one] = False
                        network[one, third] = True
                        network[third, one] = True
                        break
                    choice -= 1
    return network
