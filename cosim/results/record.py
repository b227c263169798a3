"""What one run leaves behind: tables, and who it was.

Floor 2. A record holds plain arrays; ``measurement`` reads levels, quality and results off them, ``store`` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RunRecord:
    """One run's birth certificate and tables.

    The arrays are as the engine wrote them: numbers for words, -1 or 0 for none. ``cosim.tables_of(record)`` gives them
    as pandas frames with words, dates and NaN, and ``cosim.outcomes(record)`` the numbers that studies compare.

    Axes: T months, M municipalities (order of ``municipalities``), O counts of the population (the first before month
    0, then every ``people_every`` months).

    Attributes
    ----------
    scenario : name
    process : name, or the path of the theory's file
    seed, replicate : whole numbers, 0 or more
    start : (year, month) of month 0
    months : T
    people_every : months between two counts
    municipalities : keys
    arenas : records ``engine.state.ARENA_ROW``, sorted by municipality, then the order of closing
    innovations : records ``engine.state.INNOVATION_ROW``; ``arena_row`` points into ``arenas``
    month_table : records ``engine.state.MONTH_ROW`` [T, M]
    people : [O, M, 4, len(engine.state.PEOPLE)] means over everybody of a sector
    lagged : [M, engine.state.N_LAGGED] sums for lag-one correlations of the six constructs
    adopted : [innovation, M] month in which a municipality took it up, -1 not
    survey : records ``measurement.survey.ANSWER``, empty without survey months
    n_actors : [M] actors
    seconds : wall time
    """

    scenario: str
    process: str
    seed: int
    replicate: int
    start: tuple[int, int]
    months: int
    people_every: int
    municipalities: tuple[str, ...]
    arenas: Array
    innovations: Array
    month_table: Array
    people: Array
    lagged: Array
    adopted: Array
    survey: Array
    n_actors: Array
    seconds: float

    def __repr__(self) -> str:
        """Return who the run was and how much came of it, in a few lines; the arrays stay unprinted."""
        sizes = [
            count(len(self.municipalities), "municipality", "municipalities"),
            count(len(self.arenas), "arena", "arenas"),
            count(len(self.innovations), "innovation", "innovations"),
            f"{self.seconds:.2f} seconds",
        ]
        begins = f"{self.start[0]:04d}-{self.start[1]:02d}"
        lines = [
            f"RunRecord of {self.scenario} under {self.process}",
            f"seed {self.seed}, replicate {self.replicate}, {count(self.months, 'month', 'months')} from {begins}",
            ", ".join(sizes),
            "cosim.tables_of(record) and cosim.outcomes(record) say what came of it",
        ]
        return "\n  ".join(lines)

    def same_as(self, other: RunRecord) -> bool:
        """Return whether two records hold the same bits, whatever time they took."""
        names = ("arenas", "innovations", "month_table", "people", "lagged", "adopted", "survey", "n_actors")
        return all(getattr(self, name).tobytes() == getattr(other, name).tobytes() for name in names)


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "arena", "arenas"), count(0, "arena", "arenas")
    ('1 arena', '0 arenas')
    """
    return f"{number} {one if number == 1 else many}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRun:
    """A run that fell: its stage, what was raised, and the command that makes it again alone."""

    scenario: str
    process: str
    seed: int
    replicate: int
    stage: str
    kind: str
    message: str
    command: str
