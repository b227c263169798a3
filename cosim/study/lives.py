"""What one theory does month by month, and other tables of a run that the store does not keep. Floor 7.

A store holds one number an outcome. Paths, correlations among all six constructs, maps of trust and causes by phase are
tables; here they are read off records as those are made, and only they are kept.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.measurement.dynamics import correlate_lagged, read_series
from cosim.measurement.factors import read_trust_map
from cosim.measurement.results import CAUSES, count_abandonment
from cosim.results.intervals import interval_of_mean
from cosim.results.record import RunRecord
from cosim.vocabulary import CONSTRUCTS, N_PHASES, SECTORS

Array = np.ndarray[Any, Any]

READ: Final = ("trust", "engagement", "commitment", "understanding", "wins", "optimism", "identity", "climate")
"""Readings followed month by month, means over running arenas."""
COUNTED: Final = ("delivered", "opened", "active", "left", "reused", "cost")
"""Counts a month, over the whole world."""
UNITS: Final = dict.fromkeys(READ, "share") | {
    "delivered": "solutions a month", "opened": "arenas a month", "active": "arenas", "left": "members a month",
    "reused": "solutions a month", "cost": "NOK a month",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """What one theory did in R replicates of T months.

    Parameters
    ----------
    process : its name
    paths : [R, T] by quantity, READ and COUNTED
    lagged : [R, 6, 6] correlation of each construct with each one a month later
    abandoned : [R, N_PHASES, causes] shares of ended arenas that gave up so
    trust : [R, 2, 4, 4] who trusts whom, at the start and at the end
    """

    process: str
    paths: dict[str, Array]
    lagged: Array
    abandoned: Array
    trust: Array


def live_rival(
    process: str, run_one: Callable[[int], RunRecord], replicates: Sequence[int], workers: int | None = None
) -> Lives:
    """Return what a theory did.

    Parameters
    ----------
    process : the word that names the theory
    run_one : makes the run of one replicate; several threads call it at once
    replicates : lucks
    workers : threads; all processors by default
    """
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        taken = list(pool.map(lambda luck: _take(run_one(luck)), replicates))
    paths = {name: np.stack([one["paths"][name] for one in taken]) for name in UNITS}
    lagged, abandoned, trust = (np.stack([one[name] for one in taken]) for name in ("lagged", "abandoned", "trust"))
    return Lives(process, paths, lagged, abandoned, trust)


def _take(record: RunRecord) -> dict[str, Any]:
    """Return all that is kept of a record."""
    causes = np.zeros((N_PHASES, len(CAUSES)))
    counted = count_abandonment(record).to_numpy(np.float64)
    causes[: len(counted)] = counted
    ended = float((record.arenas["ending"] > 0).sum())
    return {
        "paths": {name: read_series(record, name) for name in UNITS},
        "lagged": correlate_lagged(record.lagged),
        "abandoned": causes / ended if ended else np.full_like(causes, math.nan),
        "trust": np.stack([read_trust_map(record, "before"), read_trust_map(record, "after")]),
    }


def tell_order(lives: Sequence[Lives]) -> pd.DataFrame:
    """Return how each construct goes before each, frame [process, first, then, mean, low, high, ahead, ahead_low,
    ahead_high].

    ``mean`` is the correlation of ``first`` with ``then`` a month later; ``ahead`` how much larger that is than the
    other way round, over the same runs: above none, ``first`` leads.

    Sources
    -------
    ansell2008, emerson2012 : which construct moves first is what the theories differ in.
    """
    rows = []
    for one in lives:
        for a, first in enumerate(CONSTRUCTS):
            for b, then in enumerate(CONSTRUCTS):
                found = interval_of_mean(one.lagged[:, a, b])
                ahead = interval_of_mean(one.lagged[:, a, b] - one.lagged[:, b, a])
                rows.append(
                    {"process": one.process, "first": first, "then": then, "mean": found.mean, "low": found.low,
                     "high": found.high, "ahead": ahead.mean, "ahead_low": ahead.low, "ahead_high": ahead.high}
                )  # fmt: skip
    return pd.DataFrame(rows)


def tell_abandonment(lives: Sequence[Lives]) -> pd.DataFrame:
    """Return where and why arenas gave up, as shares of those that ended: frame [process, phase, cause, mean, low,
    high]; phases that no arena of a theory gave up in are left out.
    """
    rows = []
    for one in lives:
        for phase in np.flatnonzero(np.nansum(one.abandoned, axis=(0, 2))):
            for place, cause in enumerate(CAUSES):
                found = interval_of_mean(one.abandoned[:, phase, place])
                row = {"process": one.process, "phase": int(phase) + 1, "cause": cause}
                rows.append(row | {"mean": found.mean, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)


def tell_trust(lives: Sequence[Lives]) -> pd.DataFrame:
    """Return who trusts whom before and after, frame [process, who, whom, before, mean, low, high, change, change_low,
    change_high]; ``mean`` is of the end.
    """
    rows = []
    for one in lives:
        for a, who in enumerate(SECTORS):
            for b, whom in enumerate(SECTORS):
                before, after = one.trust[:, 0, a, b], one.trust[:, 1, a, b]
                found, change = interval_of_mean(after), interval_of_mean(after - before)
                rows.append(
                    {"process": one.process, "who": who, "whom": whom, "before": interval_of_mean(before).mean,
                     "mean": found.mean, "low": found.low, "high": found.high, "change": change.mean,
                     "change_low": change.low, "change_high": change.high}
                )  # fmt: skip
    return pd.DataFrame(rows)


def tell_paths(process: str, paths: dict[str, Array]) -> pd.DataFrame:
    """Return the mean path of each quantity, frame [process, quantity, unit, month, mean, low, high].

    Parameters
    ----------
    paths : arrays [replicate, month] by quantity
    """
    rows = []
    for name, values in paths.items():
        for month in range(values.shape[1]):
            found = interval_of_mean(values[:, month])
            row = {"process": process, "quantity": name, "unit": UNITS[name], "month": month}
            rows.append(row | {"mean": found.mean, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)
