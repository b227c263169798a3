"""How much co-creation there was in a run, and how good: the arenas' level and quality, averaged.

Floor 4. Over open arenas that have ended: an arena that invited nobody from outside was not meant to be co-creation,
and one still running has not shown how far it gets.
"""

from __future__ import annotations

from cosim.measurement.level import measure_level, measure_rung
from cosim.measurement.quality import measure_quality
from cosim.measurement.shares import mean_of, where_known
from cosim.measurement.slices import has_ended, is_open
from cosim.results.record import RunRecord
from cosim.vocabulary import LEVELS

JOINT_DESIGN = LEVELS.index("joint_design") + 1


def measure_cocreation(record: RunRecord) -> dict[str, float]:
    """Return the mean level and quality of open arenas that have ended, and the share that came to joint design.

    NaN without such arenas; an arena in which something is not defined is left out of that mean.
    """
    arenas = record.arenas[is_open(record.arenas) & has_ended(record.arenas)]
    rung = measure_rung(arenas)
    joint = where_known(rung >= JOINT_DESIGN, rung == rung)
    means = {name: mean_of(values) for name, values in measure_quality(arenas).items()}
    return {"level": mean_of(measure_level(arenas)), "joint_arenas": mean_of(joint)} | means
