"""NK landscapes: problems whose decisions hang together, every solution's worth in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled, inlined
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.searching import worth
from cosim.engine.state import Array

MOST_DECISIONS = 24
"""A table of 2**24 numbers is 128 MB; larger problems need no table and no best value, hence another function."""


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """A problem of N decisions of two ways each.

    Attributes
    ----------
    contributions : array [decision, pattern of 1 + K bits], each 0..1
        Bit 0 of the pattern is the decision itself, bit j its j-th neighbour.
    neighbours : array [decision, K]
        The decisions on which each one's contribution also depends.
    values : array [solution], each 0..1
        Worth of all 2**N solutions; bit d of a solution's number is decision d.
    """

    contributions: Array
    neighbours: Array
    values: Array

    @property
    def n_decisions(self) -> int:
        """N, the number of decisions."""
        return int(self.contributions.shape[0])

    @property
    def coupling(self) -> int:
        """K, how many others a decision's contribution depends on."""
        return int(self.neighbours.shape[1])

    @property
    def best(self) -> float:
        """The worth of the best solution there is."""
        return float(self.values.max())

    def count_optima(self) -> int:
        """Return the number of solutions that no single change improves."""
        return int(_count_optima(self.values, self.n_decisions))


def draw_landscape(
    n_decisions: int, coupling: int, *, neighbours: str | Array = "next", seed: int = 0, replicate: int = 0
) -> Landscape:
    """Return a landscape whose contributions are drawn uniformly from 0..1.

    Parameters
    ----------
    n_decisions : N, 1..24
    coupling : K, 0..N - 1
        0 gives a single peak, N - 1 a landscape without any likeness between neighbouring solutions.
    neighbours : 'next', 'random', or array [decision, K]
        Whether a decision hangs together with the K next ones in a circle, or with K drawn from all the others.
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    Landscape

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    kauffman1993 : the NK landscape.

    Examples
    --------
    >>> draw_landscape(8, 0).count_optima()
    1
    """
    given = Arguments("draw_landscape")
    n_decisions = given.whole("n_decisions", n_decisions, 1, MOST_DECISIONS)
    coupling = given.whole("coupling", coupling, 0, max(n_decisions - 1, 0))
    seed, replicate = given.luck(seed, replicate)
    if isinstance(neighbours, str):
        kind = given.word("neighbours", neighbours, ("next", "random"))
        given.settle()
        draw = _next_neighbours if kind == "next" else _draw_neighbours
        table = draw(seed, replicate, n_decisions, coupling)
    else:
        table = _check_neighbours(given, neighbours, n_decisions, coupling)
        given.settle()
    return _landscape(_draw_contributions(seed, replicate, n_decisions, coupling), table)


def build_landscape(contributions: Array, neighbours: Array | None = None) -> Landscape:
    """Return the landscape of given contributions.

    Parameters
    ----------
    contributions : array [decision, pattern of 1 + K bits], each 0..1
    neighbours : array [decision, K], or None for the K next ones in a circle

    Returns
    -------
    Landscape

    Raises
    ------
    ParameterError
        If the shapes do not fit together.

    Sources
    -------
    kauffman1993 : the NK landscape.

    Examples
    --------
    >>> build_landscape([[0.0, 1.0], [0.5, 0.0]]).values
    array([0.25, 0.75, 0.  , 0.5 ])
    """
    given = Arguments("build_landscape")
    checked = given.array("contributions", contributions, 2, 0.0, 1.0)
    n_decisions, n_patterns = checked.shape
    coupling = int(n_patterns).bit_length() - 2
    if n_patterns != 2 ** (coupling + 1) or not 0 <= coupling < n_decisions <= MOST_DECISIONS:
        given.complain("contributions", f"shape {checked.shape}", f"2 ** (1 + K) patterns, K < N <= {MOST_DECISIONS}")
        given.settle()
    if neighbours is None:
        table = _next_neighbours(0, 0, n_decisions, coupling)
    else:
        table = _check_neighbours(given, neighbours, n_decisions, coupling)
    given.settle()
    return _landscape(checked, table)


def _landscape(contributions: Array, neighbours: Array) -> Landscape:
    n_decisions, coupling = neighbours.shape
    if np.array_equal(neighbours, _next_neighbours(0, 0, n_decisions, coupling)):
        values = _values_in_circle(contributions, n_decisions, coupling)
    else:
        values = _values(contributions, neighbours)
    return Landscape(contributions, neighbours, values)


def _check_neighbours(given: Arguments, neighbours: Any, n_decisions: int, coupling: int) -> Array:
    table = np.asarray(neighbours)
    own = np.arange(n_decisions)[:, np.newaxis]
    if table.shape != (n_decisions, coupling):
        given.complain("neighbours", f"shape {table.shape}", f"shape {(n_decisions, coupling)}")
    elif table.size and (table.min() < 0 or table.max() >= n_decisions or (table == own).any()):
        given.complain("neighbours", "numbers out of range, or a decision as its own neighbour", "other decisions")
    return np.ascontiguousarray(table, dtype=np.int64)


def _next_neighbours(seed: int, replicate: int, n_decisions: int, coupling: int) -> Array:
    return (np.arange(n_decisions)[:, np.newaxis] + np.arange(1, coupling + 1)) % n_decisions


@compiled
def _draw_contributions(seed: int, replicate: int, n_decisions: int, coupling: int) -> Any:
    luck = address.luck_of(address.luck_of_run(seed, replicate), 0, address.LANDSCAPE)
    n_patterns = 1 << (coupling + 1)
    contributions = np.empty((n_decisions, n_patterns))
    for decision in range(n_decisions):
        for pattern in range(n_patterns):
            contributions[decision, pattern] = address.draw(luck, decision * n_patterns + pattern)
    return contributions


@compiled
def _draw_neighbours(seed: int, replicate: int, n_decisions: int, coupling: int) -> Any:
    luck = address.luck_of(address.luck_of_run(seed, replicate), 1, address.LANDSCAPE)
    neighbours = np.empty((n_decisions, coupling), np.int64)
    others = np.empty(n_decisions, np.int64)
    for decision in range(n_decisions):
        for other in range(n_decisions - 1):
            others[other] = other if other < decision else other + 1
        for place in range(coupling):
            left = n_decisions - 1 - place
            chosen = place + address.draw_below(luck, decision * n_decisions + place, left)
            neighbours[decision, place] = others[chosen]
            others[chosen] = others[place]
    return neighbours


@compiled
def _values_in_circle(contributions: Any, n_decisions: int, coupling: int) -> Any:
    values = np.empty(1 << n_decisions)
    for solution in range(values.size):
        values[solution] = worth(solution, contributions, n_decisions, coupling)
    return values


@inlined
def _bit(bits: int, place: int) -> int:
    """Return one bit of a part of a solution, 0 for a place below the part (places above it hold nothing)."""
    return (bits >> place) & 1 if place >= 0 else 0


@compiled
def _values(contributions: Any, neighbours: Any) -> Any:
    """Return every solution's worth for any neighbours: the rule ``worth``, summed in the same order.

    Which pattern a decision sees is looked up for the lower and the upper half of the bits apart, which takes far fewer
    steps than picking the bits one by one.
    """
    n_decisions = neighbours.shape[0]
    n_low = n_decisions // 2
    low_patterns = np.empty(1 << n_low, np.int64)
    high_patterns = np.empty(1 << (n_decisions - n_low), np.int64)
    values = np.zeros(1 << n_decisions)
    for decision in range(n_decisions):
        for half, patterns in ((0, low_patterns), (n_low, high_patterns)):
            for bits in range(patterns.size):
                pattern = _bit(bits, decision - half)
                for place in range(neighbours.shape[1]):
                    pattern |= _bit(bits, neighbours[decision, place] - half) << (place + 1)
                patterns[bits] = pattern
        for high in range(high_patterns.size):
            upper = high_patterns[high]
            row = values[high << n_low : (high + 1) << n_low]
            for low in range(low_patterns.size):
                row[low] += contributions[decision, upper | low_patterns[low]]
    return values / n_decisions


@compiled
def _count_optima(values: Any, n_decisions: int) -> int:
    n_optima = 0
    for solution in range(values.size):
        own = values[solution]
        better = False
        for decision in range(n_decisions):
            if values[solution ^ (1 << decision)] > own:
                better = True
                break
        if not better:
            n_optima += 1
    return n_optima
