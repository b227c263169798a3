"""What the sectors are worth to a solution: each can change only some of its decisions."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.published.landscapes import Landscape
from cosim.engine.rules.searching import N_DECISIONS, knows
from cosim.engine.state import Array
from cosim.vocabulary import N_SECTORS


def expected_best(share_covered: float) -> float:
    """Return the expected worth of the best solution when decisions do not hang together.

    A decision that somebody can change is worth the better of two uniform numbers, one that nobody can is worth one.

    Parameters
    ----------
    share_covered : 0..1, of decisions that somebody who is present can change

    Returns
    -------
    float

    Sources
    -------
    kauffman1993 : K = 0; share x 2/3 + (1 - share) x 1/2.

    Examples
    --------
    >>> [round(expected_best(sectors / 4), 3) for sectors in (1, 2, 3, 4)]
    [0.542, 0.583, 0.625, 0.667]
    """
    given = Arguments("expected_best")
    share = given.share("share_covered", share_covered)
    given.settle()
    return share * 2.0 / 3.0 + (1.0 - share) / 2.0


def mask_of(sectors: Array, n_decisions: int = N_DECISIONS) -> int:
    """Return the decisions that some sectors know together, bit d for decision d.

    Parameters
    ----------
    sectors : array [sector], numbers 0..3
    n_decisions : 16 for what the engine's sectors know, overlapping; otherwise a multiple of 4, split among them

    Returns
    -------
    int

    Sources
    -------
    ASSUMED : six of sixteen decisions a sector in the engine; a quarter each in the closed form of the design note.

    Examples
    --------
    >>> bin(mask_of([0], 8)), bin(mask_of([0]))
    ('0b11', '0b111111')
    """
    given = Arguments("mask_of")
    chosen = given.array("sectors", sectors, 1, 0.0, N_SECTORS - 1.0).astype(np.int64)
    n_decisions = given.whole("n_decisions", n_decisions, 4, 24)
    if n_decisions % N_SECTORS:
        given.complain("n_decisions", n_decisions, f"a multiple of {N_SECTORS}")
    given.settle()
    width = n_decisions // N_SECTORS
    mask = 0
    for sector in chosen:
        own = knows(sector) if n_decisions == N_DECISIONS else ((1 << width) - 1) << (width * int(sector))
        mask |= int(own)
    return mask


def best_within(landscape: Landscape, mask: int, start: int | Array) -> Array:
    """Return the worth of the best solution that differs from a start only in some decisions, by trying all.

    Parameters
    ----------
    landscape : Landscape
    mask : whole number, bit d for a decision that may be changed
    start : solution, or array [start] of solutions

    Returns
    -------
    array [start]

    Sources
    -------
    kauffman1993 : the landscape.

    Examples
    --------
    >>> from cosim.engine.published.landscapes import draw_landscape
    >>> problem = draw_landscape(8, 3)
    >>> bool(best_within(problem, 255, 0)[0] == problem.best)
    True
    """
    given = Arguments("best_within")
    last = landscape.values.size - 1
    mask = given.whole("mask", mask, 0, last)
    starts = given.array("start", np.atleast_1d(start), 1, 0.0, last).astype(np.int64)
    given.settle()
    return np.asarray(_best_within(landscape.values, mask, starts))


@compiled
def _best_within(values: Any, mask: int, starts: Any) -> Any:
    best = np.empty(starts.size)
    for place in range(starts.size):
        fixed = starts[place] & ~mask
        best[place] = values[fixed]
        changed = mask
        while changed > 0:
            best[place] = max(best[place], values[fixed | changed])
            changed = (changed - 1) & mask
    return best
