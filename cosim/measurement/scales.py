"""Scales: what a study would read off the answers, with standard errors, reliability and what unreliability hides.

Floor 4. Comes in: answers as ``survey`` gives them. Nothing here knows what people really hold.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.measurement.instrument import Item, read_instrument
from cosim.measurement.shares import share_of
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]

LEAST_ANSWERS: Final = 5
"""Fewer answers than this are withheld, as a real study would, lest somebody be recognised."""


def score_items(answers: Array, items: tuple[Item, ...]) -> Array:
    """Return the answers to some items on 0..1, [answer, item], turned ones turned round; NaN where there is none."""
    scores = np.full((len(answers), len(items)), np.nan)
    top = np.maximum(answers["points"].astype(np.float64) - 1.0, 1.0)
    for place, item in enumerate(items):
        ticked = answers[item.key].astype(np.float64)
        score = (ticked - 1.0) / top
        scores[:, place] = np.where(ticked > 0, 1.0 - score if item.turned else score, np.nan)
    return scores


def score_construct(answers: Array, construct: str) -> Array:
    """Return each person's score on a construct, 0..1 [answer]: the mean over its items; NaN without an answer."""
    return score_items(answers, read_instrument().items_of(construct)).mean(axis=1)


def measure_alpha(scores: Array) -> float:
    """Return Cronbach's alpha of a scale: the share of the score's variance that its items have in common.

    Parameters
    ----------
    scores : array [person, item]
        Persons with a NaN are left out.

    Returns
    -------
    float
        At most 1; NaN with fewer than two items or two persons, or when everybody has the same score. It can be
        negative when items disagree, and is near 0 where persons do not differ, as in one workplace's climate.

    Sources
    -------
    ASSUMED : Cronbach (1951), from general knowledge; n / (n - 1) (1 - sum of variances / variance of the sum).

    Examples
    --------
    >>> measure_alpha(np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]))
    1.0
    """
    scores = np.asarray(scores, np.float64)
    scores = scores[~np.isnan(scores).any(axis=1)]
    n_persons, n_items = scores.shape
    if n_items < 2 or n_persons < 2:
        return math.nan
    whole = float(scores.sum(axis=1).var(ddof=1))
    parts = float(scores.var(axis=0, ddof=1).sum())
    return float(n_items / (n_items - 1.0) * (1.0 - share_of(parts, whole if whole > 1e-12 else 0.0)))


def correct_attenuation(correlation: float, alpha_x: float, alpha_y: float) -> float:
    """Return what a correlation would be without error in either scale; NaN where a reliability is not above 0.

    It may pass 1 in small samples; it is then told as it is, as a warning.

    Sources
    -------
    ASSUMED : Spearman (1904), from general knowledge; r / sqrt(alpha alpha).

    Examples
    --------
    >>> correct_attenuation(0.4, 0.5, 0.5)
    0.8
    """
    if not (alpha_x > 0.0 and alpha_y > 0.0):
        return math.nan
    return float(correlation / math.sqrt(alpha_x * alpha_y))


def read_scales(answers: Array, municipalities: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return the score of each municipality and sector on each construct, in each month of asking.

    Parameters
    ----------
    answers : records ``survey.ANSWER`` [asked]
    municipalities : keys, in the order of the record
        Without them, municipalities are told by number.

    Returns
    -------
    pandas.DataFrame
        month, municipality, sector, construct; ``asked`` and ``answered`` persons; ``mean`` 0..1 and its
        ``standard_error`` (spread over root of n; NaN with ``withheld`` true when fewer than five answered); ``alpha``
        of the scale over everybody who answered that month. Only constructs that the sector was asked for.
    """
    instrument = read_instrument()
    rows = []
    for month in np.unique(answers["month"]):
        wave = answers[answers["month"] == month]
        group = wave["municipality"].astype(np.int64) * len(SECTORS) + wave["sector"]
        names, group = np.unique(group, return_inverse=True)
        n_asked = np.bincount(group, minlength=len(names))
        for construct in instrument.constructs:
            items = instrument.items_of(construct.key)
            scores = score_items(wave, items)
            alpha = measure_alpha(scores)
            score = scores.mean(axis=1)
            known = ~np.isnan(score)
            n = np.bincount(group[known], minlength=len(names))
            total = np.bincount(group[known], score[known], minlength=len(names))
            mean = total / np.maximum(n, 1)
            off = np.bincount(group[known], (score[known] - mean[group[known]]) ** 2, minlength=len(names))
            error = np.sqrt(off / np.maximum(n - 1, 1) / np.maximum(n, 1))
            for place, name in enumerate(names):
                m, sector = divmod(int(name), len(SECTORS))
                if not any(SECTORS[sector] in item.asked for item in items):
                    continue
                told = n[place] >= LEAST_ANSWERS
                rows.append(
                    (
                        int(month),
                        str(m) if municipalities is None else municipalities[m],
                        SECTORS[sector],
                        construct.key,
                        int(n_asked[place]),
                        int(n[place]),
                        float(mean[place]) if told else math.nan,
                        float(error[place]) if told else math.nan,
                        not told,
                        alpha,
                    )
                )
    kinds = {
        "month": "int64",
        "municipality": "str",
        "sector": "str",
        "construct": "str",
        "asked": "int64",
        "answered": "int64",
        "mean": "float64",
        "standard_error": "float64",
        "withheld": "bool",
        "alpha": "float64",
    }
    return pd.DataFrame(rows, columns=pd.Index(list(kinds))).astype(kinds)


def _correlate(x: Array, y: Array) -> float:
    """Return Pearson's correlation; NaN for too few persons, or when one of the two does not vary."""
    if len(x) < LEAST_ANSWERS:
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    below = math.sqrt(float((x * x).sum()) * float((y * y).sum()))
    return share_of(float((x * y).sum()), below if below > 1e-12 else 0.0)


def correlate_scales(answers: Array) -> pd.DataFrame:
    """Return the correlation of every two scales over persons, as seen and corrected for attenuation.

    Returns
    -------
    pandas.DataFrame
        construct, other, ``n`` persons with both, ``correlation``, ``corrected``; NaN where a scale does not vary,
        fewer than five answered both, or a reliability is not above 0. Waves are pooled.
    """
    instrument = read_instrument()
    scores = {one.key: score_items(answers, instrument.items_of(one.key)) for one in instrument.constructs}
    alphas = {key: measure_alpha(values) for key, values in scores.items()}
    names = list(scores)
    rows = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            x, y = scores[one].mean(axis=1), scores[other].mean(axis=1)
            both = ~(np.isnan(x) | np.isnan(y))
            r = _correlate(x[both], y[both])
            rows.append((one, other, int(both.sum()), r, correct_attenuation(r, alphas[one], alphas[other])))
    kinds = {
        "construct": "str",
        "other": "str",
        "n": "int64",
        "correlation": "float64",
        "corrected": "float64",
    }
    return pd.DataFrame(rows, columns=pd.Index(list(kinds))).astype(kinds)


def see_trust_map(scales: pd.DataFrame, month: int, municipality: str | None = None) -> Array:
    """Return the trust map as a study sees it, 0..1 [who, in whom]; over municipalities, each answer weighing alike.

    Parameters
    ----------
    scales : what `read_scales` returns
    month : the month of asking
    municipality : its name there; all of them by default

    Returns
    -------
    array [4, 4]
        NaN where the answers are withheld.
    """
    chosen = scales[(scales["month"] == month) & ~scales["withheld"]]
    if municipality is not None:
        chosen = chosen[chosen["municipality"] == municipality]
    seen = np.full((len(SECTORS), len(SECTORS)), np.nan)
    for who, sector in enumerate(SECTORS):
        for whom, target in enumerate(SECTORS):
            rows = chosen[(chosen["sector"] == sector) & (chosen["construct"] == f"trust_{target}")]
            n = float(rows["answered"].sum())
            seen[who, whom] = share_of(float((rows["mean"] * rows["answered"]).sum()), n)
    return seen
