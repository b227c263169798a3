"""The level of co-creation: how far up the ladder an arena came, as five rungs and as a number in 0..1.

Floor 4. Read off the record's arenas; nothing is asked of anybody. A ladder is climbed from below: a step counts only
as far as the steps under it are taken.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.measurement.shares import shares_of, where_known
from cosim.vocabulary import LEVELS

Array = np.ndarray[Any, Any]

NEVER: Final = 127
"""Stands for the phase of an entry that did not come about; later than any phase."""
TAKEN: Final = 0.5
"""A step taken at least so far counts as a rung; for the last, it is where neither side can carry a decision alone."""


def measure_steps(arenas: Array) -> Array:
    """Return how far each arena took the four steps above the lowest rung, 0..1 each and never rising.

    The theory asks who takes part, in which phase, in doing what. The steps are

    - *input*: somebody from outside the municipality had a seat (1) or nobody (0);
    - *dialogue*: they and the municipality both had seats and acted towards each other (1) or not (0);
    - *joint design*: the share of the phases reached that somebody from outside was there for, times their voice: their
      share of the proposals over the share that equal sectors would have, at most 1; 0 when nobody proposed anything;
    - *joint decision*: their power share; 0 when nothing was put to a decision.

    Each step is cut to the one below it: who has half the votes on what others designed decides jointly only as far as
    they designed jointly.

    Parameters
    ----------
    arenas : records ``engine.logs.ARENA_ROW`` [arena]
        ``first_phase`` is -1 for a sector that never had a seat. For a running arena the level is that reached so far.

    Returns
    -------
    array [arena, 4]
        NaN for an arena where nobody ever had a seat.

    Sources
    -------
    torfing2019 : the ladder, from self-help through input and dialogue to joint design and implementation.
    arnstein1969 : a say in the decision as what sets the rungs apart.
    ASSUMED : each step's measure, the cutting, and equal weights of the steps; the ladder was published in words.
    """
    first = np.asarray(arenas["first_phase"], np.int64)
    seated = first >= 0
    entry = np.where(seated[:, 1:], first[:, 1:], NEVER).min(axis=1)
    outside = entry < NEVER
    entry = np.where(outside, entry, 0)
    reached = np.maximum(np.asarray(arenas["last_phase"], np.int64), entry) + 1
    proposals = np.asarray(arenas["proposals"], np.float64)
    theirs = shares_of(proposals[:, 1:].sum(axis=1), proposals.sum(axis=1))
    n_seated = seated.sum(axis=1)
    equal = shares_of(n_seated - seated[:, 0], n_seated)
    voice = shares_of(theirs, equal)
    voice = np.where(np.isnan(voice), 0.0, np.minimum(voice, 1.0))
    power = np.asarray(arenas["power_share"], np.float64)
    steps = np.stack(
        [
            outside,
            outside & seated[:, 0] & (arenas["acts"] > 0),
            (1.0 - entry / reached) * voice,
            power * (arenas["decided"] > 0),
        ],
        axis=1,
    )
    return where_known(np.minimum.accumulate(steps, axis=1), n_seated[:, None] > 0)


def measure_level(arenas: Array) -> Array:
    """Return the level of co-creation of each arena, 0..1 [arena]: the mean of the four steps.

    0 is the municipality on its own, 1 outsiders who were there from the start, proposed their part and held all the
    power; with half of it, 0.875. NaN where nobody ever had a seat.

    Sources
    -------
    torfing2019, arnstein1969 : see `measure_steps`.
    """
    return level_of(measure_steps(arenas))


def measure_rung(arenas: Array) -> Array:
    """Return the rung of each arena [arena], 1..5 in the order of ``vocabulary.LEVELS``, as a float.

    One plus the number of steps taken at least half way. NaN where nobody ever had a seat.

    Sources
    -------
    torfing2019 : the rungs.
    ASSUMED : half way as the bound.
    """
    return rung_of(measure_steps(arenas))


def level_of(steps: Array) -> Array:
    """Return the level of each arena, 0..1 [arena], from its steps [arena, 4]; see `measure_level`."""
    level: Array = steps.mean(axis=1)
    return level


def rung_of(steps: Array) -> Array:
    """Return the rung of each arena, 1..5 [arena], from its steps [arena, 4]; see `measure_rung`."""
    return where_known(1 + (steps >= TAKEN).sum(axis=1), ~np.isnan(steps[:, 0]))


def name_rung(rung: float) -> str:
    """Return the word for a rung, an empty text for NaN.

    Examples
    --------
    >>> name_rung(4.0)
    'joint_design'
    """
    return "" if np.isnan(rung) else LEVELS[int(rung) - 1]
