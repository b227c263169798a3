"""What the arrows of a theory can do by themselves: loops and their signs, coupling, and where it tips.

With saturating constructs, z' = -z + tanh(g A z), the state of rest loses its hold where the gain g (times the weight
of arrows) times the largest real part among the eigenvalues of A passes 1. Two numbers are told, since arrows may carry
signs:

- *rho*, the spectral radius of |A|: how strongly everything hangs together if all arrows pulled the same way. It is
  the number the rivals are compared by, and an upper bound.
- the *critical gain*, 1 over the largest real part among the eigenvalues of A itself: where the theory, with its signs,
  tips. It is 1 / rho exactly when every loop among mutually connected constructs is reinforcing (its arrows' signs
  multiply to plus), as in all theories that ship; a balancing loop raises it.

Whether arrows that meet add or average is itself a hypothesis: averaged, every graph in which all constructs reach one
another has rho 1. So both are told. Moderators count as 1 unless a level is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cosim.engine.theory import Array
from cosim.processes.model import ProcessModel

MOST_LOOPS: Final = 500
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Loop:
    """A closed path of arrows that passes no construct twice; ``strength`` is the product of its weights."""

    nodes: tuple[str, ...]
    strength: float

    @property
    def is_reinforcing(self) -> bool:
        """Whether a push comes back with its own sign."""
        return self.strength > 0.0


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a theory's graph is, by arithmetic alone.

    ``critical_gain`` is None where nothing tips. ``rho_low`` and ``rho_high`` are rho with every moderating reading at
    0 and at 1. ``loops`` holds at most 500; ``all_loops`` says whether these are all.
    """

    rho: float
    rho_add: float
    rho_average: float
    rho_low: float
    rho_high: float
    critical_gain: float | None
    critical_gain_add: float | None
    critical_gain_average: float | None
    components: tuple[tuple[str, ...], ...]
    loops: tuple[Loop, ...]
    all_loops: bool


def matrix_of(model: ProcessModel, combine: str | None = None, moderated_at: float | None = None) -> Array:
    """Return the matrix of arrows.

    Parameters
    ----------
    model : ProcessModel
    combine : "add" or "average", optional
        Instead of what the table says; average divides each row by the sum of its sizes.
    moderated_at : share, 0..1, optional
        Level of every moderating reading; without it, moderators count as 1.

    Returns
    -------
    array [to, from] of float64, one row and column a construct
    """
    place = {name: number for number, name in enumerate(model.construct_names)}
    matrix = np.zeros((len(place), len(place)))
    for arrow in model.arrows:
        matrix[place[arrow.receiver], place[arrow.sender]] = arrow.weight
    if (combine or model.combine) == "average":
        sizes = np.abs(matrix).sum(axis=1, keepdims=True)
        matrix = np.divide(matrix, sizes, out=matrix, where=sizes > 0.0)
    if moderated_at is not None:
        for moderator in model.moderators:
            times = moderator.low + (moderator.high - moderator.low) * moderated_at
            for sender, receiver in moderator.arrows:
                matrix[place[receiver], place[sender]] *= times
    return matrix


def components_of(matrix: Array) -> tuple[tuple[int, ...], ...]:
    """Return the sets of nodes that all reach one another, each a loop at least (alone only with an own arrow).

    Parameters
    ----------
    matrix : array [to, from]
    """
    reach = matrix != 0.0
    for middle in range(len(matrix)):
        reach = reach | np.outer(reach[:, middle], reach[middle, :])
    both = reach & reach.T
    rows = {tuple(int(node) for node in np.flatnonzero(row)) for row in both}
    return tuple(sorted(row for row in rows if row))


def spectral_radius(matrix: Array) -> float:
    """Return rho, the spectral radius of the matrix of sizes; exactly 0 if no arrows close a loop.

    Examples
    --------
    >>> spectral_radius(np.array([[0.0, 2.0], [-0.5, 0.0]]))
    1.0
    >>> spectral_radius(np.array([[0.0, 2.0], [0.0, 0.0]]))
    0.0
    """
    return max((float(np.abs(one).max()) for one in _eigenvalues(np.abs(matrix))), default=0.0)


def critical_gain(matrix: Array) -> float | None:
    """Return the gain (times weight of arrows) beyond which the state of rest tips; None if it never does.

    Examples
    --------
    >>> critical_gain(np.array([[0.0, 2.0], [2.0, 0.0]]))
    0.5
    >>> critical_gain(np.array([[0.0, 2.0], [-2.0, 0.0]])) is None
    True
    """
    most = max((float(one.real.max()) for one in _eigenvalues(matrix)), default=0.0)
    return 1.0 / most if most > _TINY else None


def loops_of(matrix: Array, names: tuple[str, ...], most: int = MOST_LOOPS) -> tuple[tuple[Loop, ...], bool]:
    """Return the loops, shortest first, and whether these are all.

    Parameters
    ----------
    matrix : array [to, from]
    names : names of the nodes
    most : stop after so many; twelve constructs that all act on one another close more than a hundred million
    """
    found: list[tuple[int, ...]] = []
    complete = True
    for path in _closed_paths(matrix):
        if len(found) == most:
            complete = False
            break
        found.append(path)
    loops = []
    for path in sorted(found, key=lambda path: (len(path), path)):
        ends = zip(path, (*path[1:], path[0]), strict=True)
        strength = float(np.prod([matrix[receiver, sender] for sender, receiver in ends]))
        loops.append(Loop(tuple(names[node] for node in path), strength))
    return tuple(loops), complete


def graph_facts(model: ProcessModel) -> GraphFacts:
    """Return the loops, components, coupling and tipping points of a theory's graph."""
    names = model.construct_names
    own, add, average = (matrix_of(model, combine) for combine in (None, "add", "average"))
    loops, complete = loops_of(own, names)
    return GraphFacts(
        rho=spectral_radius(own),
        rho_add=spectral_radius(add),
        rho_average=spectral_radius(average),
        rho_low=spectral_radius(matrix_of(model, moderated_at=0.0)),
        rho_high=spectral_radius(matrix_of(model, moderated_at=1.0)),
        critical_gain=critical_gain(own),
        critical_gain_add=critical_gain(add),
        critical_gain_average=critical_gain(average),
        components=tuple(tuple(names[node] for node in one) for one in components_of(own)),
        loops=loops,
        all_loops=complete,
    )


def _eigenvalues(matrix: Array) -> list[Array]:
    """Return the eigenvalues of each component; none outside them, where only rounding could make one."""
    blocks = (matrix[np.ix_(nodes, nodes)] for nodes in components_of(matrix))
    return [np.linalg.eigvals(block) for block in blocks]


def _closed_paths(matrix: Array) -> Iterator[tuple[int, ...]]:
    """Yield each loop once, as nodes from its lowest on, walking only where the way back is still open."""
    follows = [[int(node) for node in np.flatnonzero(matrix[:, sender])] for sender in range(len(matrix))]

    def is_open(node: int, home: int, path: list[int]) -> bool:
        seen, waiting = {*path, *range(home)}, [node]
        while waiting:
            for after in follows[waiting.pop()]:
                if after == home:
                    return True
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return False

    def walk(path: list[int]) -> Iterator[tuple[int, ...]]:
        for after in follows[path[-1]]:
            if after == path[0]:
                yield tuple(path)
            elif after > path[0] and after not in path and is_open(after, path[0], [*path, after]):
                yield from walk([*path, after])

    for home in range(len(matrix)):
        yield from walk([home])
