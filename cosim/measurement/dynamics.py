"""Dynamics: what moves first, when arenas peak, and how a shock heals.

Floor 4. Correlations and peaks are read off one record; recovery and hysteresis are functions of two series, one with
the shock and one of the same luck without it.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from cosim.measurement.shares import mean_of, shares_of
from cosim.measurement.slices import count_months, has_ended, is_open
from cosim.results.record import RunRecord
from cosim.vocabulary import CONSTRUCTS, READINGS

Array = np.ndarray[Any, Any]

N: Final = len(CONSTRUCTS)
LEAST_MONTHS: Final = 3
"""An arena shorter than this has no beginning, middle and end."""
LEAST_VARIANCE: Final = 1e-9
"""A construct that varies less than this has no correlation with anything."""


def correlate_lagged(sums: Array) -> Array:
    """Return the correlation of each construct with each one a month later, [construct, construct a month later].

    Over all pairs of following months of all arenas, so arenas that differ in level count as well as months that do.

    Parameters
    ----------
    sums : array [engine.logs.N_LAGGED] or [municipality, engine.logs.N_LAGGED]
        Municipalities are pooled.

    Returns
    -------
    array [6, 6]
        NaN where there are fewer than two pairs, or a construct that does not vary.

    Sources
    -------
    ansell2008, emerson2012 : which construct moves first is what the theories differ in.
    ASSUMED : lag one month, Pearson.
    """
    total = np.asarray(sums, np.float64).reshape(-1, np.shape(sums)[-1]).sum(axis=0)
    n = total[0]
    if n < 2:
        return np.full((N, N), np.nan)
    x, y, xx, yy = total[1 : 1 + 4 * N].reshape(4, N) / n
    xy = total[1 + 4 * N :].reshape(N, N) / n
    spread_x, spread_y = xx - x * x, yy - y * y
    known = (spread_x[:, None] > LEAST_VARIANCE) & (spread_y[None, :] > LEAST_VARIANCE)
    below = np.where(known, np.abs(spread_x[:, None] * spread_y[None, :]), 1.0)
    return np.where(known, np.clip((xy - x[:, None] * y[None, :]) / np.sqrt(below), -1.0, 1.0), np.nan)


def measure_order(record: RunRecord) -> dict[str, float]:
    """Return how trust and wins go before one another: correlations a month apart, -1..1, in both directions.

    Sources
    -------
    ansell2008 : small wins feed trust, and trust feeds wins.
    """
    table = correlate_lagged(record.lagged)
    trust, wins = CONSTRUCTS.index("trust"), CONSTRUCTS.index("wins")
    return {"trust_before_wins": float(table[trust, wins]), "wins_before_trust": float(table[wins, trust])}


def measure_peaks(record: RunRecord) -> dict[str, float]:
    """Return where in an arena's life engagement and capacity were highest: 0 the first month, 1 the last.

    The mean over open arenas that ended after at least three months and met; the first of equal months counts.
    Mid-month over months lived, so that an arena that peaks at random has 0.5.

    Sources
    -------
    ulibarri2020 : collaborations peak near the middle of their life.
    """
    arenas = record.arenas
    months = count_months(arenas)
    chosen = is_open(arenas) & has_ended(arenas) & (months >= LEAST_MONTHS) & (arenas["months_met"] > 0)
    return {
        f"{name}_peak": mean_of(
            shares_of(arenas[f"peak_{name}_month"][chosen].astype(np.float64) + 0.5, months[chosen])
        )
        for name in ("engagement", "capacity")
    }


def read_series(record: RunRecord, name: str, *, of_open: bool = False) -> Array:
    """Return one monthly series of a record, pooled over municipalities, [month].

    Parameters
    ----------
    name : a reading of ``vocabulary.READINGS`` or a column of ``engine.logs.MONTH_ROW`` that is one number
        A reading is the mean over running arenas (NaN in a month without); climate, leadership and experience of the
        municipalities are called ``municipal_<name>``; counts and cost are sums.
    of_open : take readings over the arenas that invited outsiders only
    """
    table = record.month_table
    if name in READINGS:
        weights = table["active_open" if of_open else "active"].astype(np.float64)
        values = table["readings_open" if of_open else "readings"][:, :, READINGS.index(name)].astype(np.float64)
        return shares_of((values * weights).sum(axis=1), weights.sum(axis=1))
    if name.startswith("municipal_"):
        means: Array = table[name.removeprefix("municipal_")].astype(np.float64).mean(axis=1)
        return means
    sums: Array = table[name].astype(np.float64).sum(axis=1)
    return sums


def measure_recovery(shocked: Array, unshocked: Array, month: int, *, tolerance: float = 0.1, hold: int = 3) -> float:
    """Return the months from a shock until its trace is gone.

    The trace is the gap between the two series; it is gone in the first month, after the one of the largest gap, from
    which on the gap stays within a share of that largest gap for some months.

    Parameters
    ----------
    shocked, unshocked : arrays [month]
        The same measure with and without the shock, best as means over many replicates; NaN months are not gone.
    month : month of the shock
    tolerance : share of the largest gap, 0..1
    hold : months it must stay there, 1 or more

    Returns
    -------
    float
        Months; ``inf`` when it is not gone by the end of the series, NaN when the shock left no trace.

    Sources
    -------
    ASSUMED : a tenth of the largest gap, held for three months.

    Examples
    --------
    >>> before = np.ones(10)
    >>> after = np.array([1.0, 1.0, 0.0, 0.5, 0.95, 0.95, 1.0, 1.0, 1.0, 1.0])
    >>> measure_recovery(after, before, 2)
    2.0
    >>> measure_recovery(before, before, 2)
    nan
    """
    gap = np.abs(np.asarray(unshocked, np.float64)[month:] - np.asarray(shocked, np.float64)[month:])
    known = np.nan_to_num(gap, nan=0.0)
    largest = float(known.max(initial=0.0))
    if largest <= 0.0:
        return math.nan
    small = gap <= tolerance * largest
    for start in range(int(known.argmax()), len(gap) - hold + 1):
        if small[start : start + hold].all():
            return float(start)
    return math.inf


def measure_hysteresis(shocked: Array, unshocked: Array, removed: int, *, after: int = 24, window: int = 12) -> float:
    """Return the share of output still missing long after a shock was taken away: 0 all is back, 1 all is lost.

    Parameters
    ----------
    shocked, unshocked : arrays [month]
        Output with and without the shock, such as solutions delivered a month.
    removed : month in which the shock was taken away
    after, window : months to wait, and months to average over

    Returns
    -------
    float
        Negative if there is more than without the shock; NaN when the series are too short or nothing was to be lost.

    Sources
    -------
    ASSUMED : design note F8, the gap 24 months after removal, here as a mean over a year.

    Examples
    --------
    >>> measure_hysteresis(np.full(48, 0.5), np.ones(48), 12)
    0.5
    """
    start = removed + after
    if min(len(shocked), len(unshocked)) < start + window:
        return math.nan
    without = mean_of(unshocked[start : start + window])
    if math.isnan(without) or without == 0.0:
        return math.nan
    return 1.0 - mean_of(shocked[start : start + window]) / without
