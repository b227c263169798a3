"""The quality of co-creation in an arena: who was there, how they talked, and what it did to them, 0..1 each.

Floor 4. Read off the record's arenas. What is not defined for an arena (no members left, never met) is NaN.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.measurement.shares import measure_evenness, shares_of, where_known

Array = np.ndarray[Any, Any]

QUALITIES: Final = ("inclusion", "dialogue", "shared_understanding", "influence", "learning")
"""The parts of quality, in the order they are told."""


def measure_inclusion(arenas: Array) -> Array:
    """Return how evenly the members who stayed to the end are spread over sectors and age groups, 0..1 [arena].

    The mean of the normalised Shannon entropy over the four sectors and over the five age groups. NaN without members.

    Sources
    -------
    ansell2008 : inclusiveness of the process is part of its design.
    ASSUMED : evenness over equal groups, sectors and ages weighing the same.
    """
    both: Array = 0.5 * (measure_evenness(arenas["members"]) + measure_evenness(arenas["ages"]))
    return both


def measure_dialogue(arenas: Array) -> Array:
    """Return the quality of the talk, 0..1 [arena]: the geometric mean of engagement and of the share of good acts.

    Geometric, since full meetings of bad faith are no dialogue, and neither is good faith in an empty room. NaN for an
    arena that never met or in which nobody acted towards another.

    Sources
    -------
    ansell2008 : face-to-face dialogue in good faith.
    ASSUMED : the geometric mean.
    """
    good = shares_of(arenas["acts_good"], arenas["acts"])
    engagement = where_known(arenas["engagement"], arenas["months_met"] > 0)
    dialogue: Array = np.sqrt(np.clip(engagement, 0.0, 1.0) * np.clip(good, 0.0, 1.0))
    return dialogue


def measure_understanding(arenas: Array) -> Array:
    """Return how alike the members saw the problem, on average over the months they met, 0..1 [arena]; else NaN.

    Sources
    -------
    berthod2023 : shared understanding sets the one good case of five apart.
    """
    return where_known(arenas["understanding"], arenas["months_met"] > 0)


def measure_influence(arenas: Array) -> Array:
    """Return how much outsiders shaped and decided, 0..1 [arena].

    The geometric mean of their share of the proposals and of their power share, the latter 0 while nothing was put to
    a decision. 0 is true for an arena of the municipality alone; NaN where something was decided that nobody proposed.

    Sources
    -------
    arnstein1969 : influence is a share of power.
    ASSUMED : the product of power, decision and proposals, and its root to keep the scale of a share.
    """
    proposals = np.asarray(arenas["proposals"], np.float64)
    theirs = shares_of(proposals[:, 1:].sum(axis=1), proposals.sum(axis=1))
    power = np.where(arenas["decided"] > 0, np.asarray(arenas["power_share"], np.float64), 0.0)
    influence: Array = np.sqrt(np.where(power > 0, theirs * power, 0.0))
    return influence


def measure_learning(arenas: Array) -> Array:
    """Return what members learnt, 0..1 [arena]: 0.5 no change, 1 the largest gain there is, 0 the largest loss.

    One half plus half the mean of the gain in trust and the gain in shared understanding from the first meeting to the
    end. NaN for an arena that never met or has no members left to have learnt.

    Sources
    -------
    emerson2012 : trust and mutual understanding grow in repeated interaction.
    ASSUMED : equal weights and the scale.
    """
    gain = 0.5 * (np.asarray(arenas["trust_gain"], np.float64) + arenas["understanding_gain"])
    known = (arenas["months_met"] > 0) & (arenas["members"].sum(axis=1) > 0)
    return where_known(np.clip(0.5 + 0.5 * gain, 0.0, 1.0), known)


def measure_quality(arenas: Array) -> dict[str, Array]:
    """Return the five parts of quality and their mean under ``quality``, each [arena].

    The mean is NaN where a part is: means over different parts could not be compared.

    Parameters
    ----------
    arenas : records ``engine.logs.ARENA_ROW`` [arena]

    Sources
    -------
    ASSUMED : equal weights; the project announced a measure of quality, its formula was not found.
    """
    parts = {
        "inclusion": measure_inclusion(arenas),
        "dialogue": measure_dialogue(arenas),
        "shared_understanding": measure_understanding(arenas),
        "influence": measure_influence(arenas),
        "learning": measure_learning(arenas),
    }
    return parts | {"quality": sum((parts[name] for name in QUALITIES), np.zeros(len(arenas))) / len(QUALITIES)}
