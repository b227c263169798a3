"""How much co-creation there was in a run, and how good: the arenas' level and quality, averaged.

Floor 4. Over open arenas that have ended: an arena that invited nobody from outside was not meant to be co-creation,
and one still running has not shown how far it gets.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.measurement.level import level_of, measure_steps, rung_of
from cosim.measurement.quality import measure_quality
from cosim.measurement.shares import mean_of, where_known
from cosim.measurement.slices import has_ended, is_open
from cosim.results.record import RunRecord
from cosim.vocabulary import LEVELS

Array = np.ndarray[Any, Any]

JOINT_DESIGN: Final = LEVELS.index("joint_design") + 1


def take_meant(record: RunRecord) -> Array:
    """Return the arenas that were meant to be co-creation and have shown how far they get: open ones, ended."""
    meant: Array = record.arenas[is_open(record.arenas) & has_ended(record.arenas)]
    return meant


def measure_heights(record: RunRecord) -> dict[str, float]:
    """Return the mean level of open arenas that have ended, and the share that came to joint design.

    NaN without such arenas; an arena in which something is not defined is left out of that mean.
    """
    steps = measure_steps(take_meant(record))
    rung = rung_of(steps)
    joint = where_known(rung >= JOINT_DESIGN, ~np.isnan(rung))
    return {"level": mean_of(level_of(steps)), "joint_arenas": mean_of(joint)}


def measure_qualities(record: RunRecord) -> dict[str, float]:
    """Return the mean quality of open arenas that have ended, and the mean of each of its parts.

    NaN without such arenas; an arena in which something is not defined is left out of that mean.
    """
    return {name: mean_of(values) for name, values in measure_quality(take_meant(record)).items()}
