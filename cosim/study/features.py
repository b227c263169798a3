"""What a data set of arenas says, as numbers that a classifier can read. Floor 7.

Comes in: many data sets at once, each of so many arenas asked in so many waves, with error. Goes out: one row a data
set. Everything is a mean, a spread or a correlation over the arenas of one data set, as a researcher would reckon it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.vocabulary import CONSTRUCTS, ENDINGS

Array = np.ndarray[Any, Any]

NOT_KNOWN: Final = -9.0
"""Stands where a data set cannot say (nobody left to ask, nothing varied): far from every value there is."""
TRAITS_JOINED: Final = 4
"""Trust, optimism, identity and climate, whose least and product are looked at too."""
FEWEST: Final = 3
"""A correlation over fewer pairs is not reckoned."""


def wave_months(n_waves: int, months: int) -> Array:
    """Return the months of an arena's life in which it is asked: the first, the last and evenly between.

    Examples
    --------
    >>> wave_months(3, 19).tolist(), wave_months(1, 19).tolist(), wave_months(0, 19).tolist()
    ([0, 9, 18], [0], [])
    """
    return np.asarray(np.round(np.linspace(0, months - 1, n_waves)), np.int64)


def measure_sets(seen: Array, at: Array, endings: Array, months: Array, n_months: int) -> Array:
    """Return what each data set says, [sets, features].

    Parameters
    ----------
    seen : array [sets, arenas, waves, what]
        What was asked for, with error; the six constructs first, then the traits. NaN once an arena is no more.
    at : array [waves]
        Month of life of each wave.
    endings : array [sets, arenas]
        Places in ``vocabulary.ENDINGS``; 0 still running.
    months : array [sets, arenas]
        Months lived.
    n_months : months of life that were followed

    Sources
    -------
    ASSUMED : which summaries; those in which design note A10 says that the rivals differ (level, spread, order, what
        delivery follows, time to it).
    """
    parts = [_outcomes(endings, months, n_months)]
    if len(at):
        parts += [_levels(seen), _drivers(seen, at, endings, months)]
    if len(at) > 1:
        parts.append(_moves(seen))
    said: Array = np.nan_to_num(np.concatenate(parts, axis=1), nan=NOT_KNOWN).astype(np.float32)
    return said


def _outcomes(endings: Array, months: Array, n_months: int) -> Array:
    """Return shares of endings, of early ones, and mean and spread of the time to delivery and to failure."""
    delivered = endings == ENDINGS.index("delivered")
    failed = endings > ENDINGS.index("delivered")
    columns = [(endings == place).mean(axis=1) for place in range(len(ENDINGS))]
    for chosen in (delivered, failed):
        columns += [(chosen & (months <= part * n_months)).mean(axis=1) for part in (1 / 6, 1 / 3, 2 / 3)]
        mean = _mean(np.where(chosen, months, np.nan))
        spread = _spread(np.where(chosen, months, np.nan))
        columns += [mean / n_months, spread / np.maximum(mean, 1.0)]
    return np.stack(columns, axis=1)


def _levels(seen: Array) -> Array:
    """Return the mean and the spread over arenas of everything in each wave, and the share of arenas still there."""
    sets = len(seen)
    there = np.isfinite(seen[..., 0]).mean(axis=1)
    return np.concatenate(
        [there, _mean(seen).reshape(sets, -1), _spread(seen).reshape(sets, -1), _correlations(seen, seen, half=True)],
        axis=1,
    )


def _drivers(seen: Array, at: Array, endings: Array, months: Array) -> Array:
    """Return how what is held in a wave goes with delivering, and with ending at all, before the next.

    Beside each construct and trait stand the least and the product of trust and the three traits: they tell a theory in
    which factors add from one in which they multiply or the weakest decides.
    """
    traits = np.concatenate([seen[..., CONSTRUCTS.index("trust")][..., None], seen[..., len(CONSTRUCTS) :]], axis=-1)[
        ..., :TRAITS_JOINED
    ]
    drivers = np.concatenate([seen, traits.min(axis=-1)[..., None], traits.prod(axis=-1)[..., None]], axis=-1)
    until = np.append(at[1:] + 1, np.iinfo(np.int64).max)
    ends = (months[:, :, None] > at + 1) & (months[:, :, None] <= until) & (endings[:, :, None] > 0)
    delivers = ends & (endings == ENDINGS.index("delivered"))[:, :, None]
    there = np.isfinite(seen[..., 0])
    events = np.stack([np.where(there, ends, np.nan), np.where(there, delivers, np.nan)], axis=-1)
    return _correlations(drivers, events)


def _moves(seen: Array) -> Array:
    """Return the mean change of everything from wave to wave, and how levels go before changes."""
    sets = len(seen)
    changes = np.diff(seen, axis=2)
    n = len(CONSTRUCTS)
    leads = _correlations(seen[:, :, :-1, :n], changes[..., :n])
    together = _correlations(changes[..., :n], changes[..., :n], half=True)
    return np.concatenate([_mean(changes).reshape(sets, -1), leads, together], axis=1)


def _mean(values: Array) -> Array:
    """Return the means over arenas (axis 1) of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    n = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0))


def _spread(values: Array) -> Array:
    """Return the standard deviations over arenas (axis 1) of what is known; NaN below two."""
    known = np.isfinite(values)
    n = known.sum(axis=1)
    off = np.where(known, values - np.expand_dims(_mean(values), 1), 0.0)
    total = (off * off).sum(axis=1)
    return np.asarray(np.sqrt(np.divide(total, n - 1, out=np.full(total.shape, np.nan), where=n > 1)))


def _correlations(x: Array, y: Array, *, half: bool = False) -> Array:
    """Return the correlations of each of x with each of y over all arenas and waves of a set, [sets, pairs].

    ``half`` keeps each pair of different ones once, for x and y that are the same.
    """
    sets = len(x)
    x, y = x.reshape(sets, -1, x.shape[-1]), y.reshape(sets, -1, y.shape[-1])
    known = np.isfinite(x).all(axis=2) & np.isfinite(y).all(axis=2)
    n = known.sum(axis=1)[:, None]
    x, y = (np.where(known[..., None], one, 0.0) for one in (x, y))
    x, y = (np.where(known[..., None], one - (one.sum(axis=1) / np.maximum(n, 1))[:, None], 0.0) for one in (x, y))
    below = np.sqrt((x * x).sum(axis=1)[:, :, None] * (y * y).sum(axis=1)[:, None, :])
    found = np.divide(
        np.matmul(x.transpose(0, 2, 1), y), below, out=np.full(below.shape, np.nan),
        where=(below > 1e-9) & (n[..., None] >= FEWEST),
    )  # fmt: skip
    if half:
        rows, columns = np.triu_indices(x.shape[-1], 1)
        return np.asarray(found[:, rows, columns])
    return np.asarray(found.reshape(sets, -1))
