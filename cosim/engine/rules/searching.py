"""Searching for a solution: a rugged landscape of decisions that hang together, and what each sector can change in it.

A solution is a string of bits, one for each decision. Each decision's worth depends on itself and on the K next ones
(in a circle), so that K sets how strongly decisions hang together.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.engine.compiling import inlined

N_DECISIONS: Final = 16
ALL_DECISIONS: Final = (1 << N_DECISIONS) - 1
_STRIDE: Final = 4
_WIDTH: Final = 6


@inlined
def worth(solution: int, contributions: Any, n_decisions: int, coupling: int) -> float:
    """Return the worth of a solution, the mean of its decisions' contributions.

    Parameters
    ----------
    solution : bits
    contributions : array [decision, pattern of 1 + coupling bits], each 0..1
    n_decisions : at most 31
    coupling : K, 0..n_decisions - 1

    Sources
    -------
    kauffman1993 : the NK landscape, with the K next decisions as neighbours.

    Examples
    --------
    >>> import numpy as np
    >>> worth(0b01, np.array([[0.0, 1.0], [0.5, 0.0]]), 2, 0)
    0.75
    """
    pattern = (1 << (coupling + 1)) - 1
    doubled = solution | (solution << n_decisions)
    total = 0.0
    for decision in range(n_decisions):
        total += contributions[decision, np.uint32((doubled >> decision) & pattern)]
    return total / n_decisions


@inlined
def knows(sector: int) -> int:
    """Return the mask of the decisions a sector knows how to change: six of sixteen, two shared with each neighbour.

    Sources
    -------
    ASSUMED : design note F1; together the four sectors cover every decision, any three of them all but two.

    Examples
    --------
    >>> bin(knows(0))
    '0b111111'
    >>> knows(0) | knows(1) | knows(2) | knows(3) == ALL_DECISIONS
    True
    """
    mask = ((1 << _WIDTH) - 1) << (_STRIDE * sector)
    return (mask | (mask >> N_DECISIONS)) & ALL_DECISIONS


@inlined
def decision_in(sector: int, choice: int) -> int:
    """Return the choice-th decision (0..5) that a sector knows how to change.

    Sources
    -------
    ASSUMED : the order of ``knows``.

    Examples
    --------
    >>> [decision_in(3, choice) for choice in range(6)]
    [12, 13, 14, 15, 0, 1]
    """
    return (_STRIDE * sector + choice) % N_DECISIONS


@inlined
def chance_of_trying(base: float, climate_weight: float, climate: float) -> float:
    """Return the chance that a member who is present tries something.

    Sources
    -------
    ekvall1996 : idea time is one of the ten dimensions of creative climate.
    ASSUMED : linear; design note F4.

    Examples
    --------
    >>> chance_of_trying(0.25, 0.5, 0.5)
    0.5
    """
    return min(base + climate_weight * climate, 1.0)


@inlined
def quality_of(worth_found: float, worth_best: float) -> float:
    """Return how good a solution is on the scale from chance (0) to the best there is (1), 0 at the least.

    Sources
    -------
    ASSUMED : design note F1, (V - 0.5) / (Vmax - 0.5), since a solution picked at random is worth 0.5 on average.

    Examples
    --------
    >>> quality_of(0.5, 0.75)
    0.0
    >>> quality_of(0.75, 0.75)
    1.0
    """
    return max((worth_found - 0.5) / (worth_best - 0.5), 0.0)
