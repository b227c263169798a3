"""The mean over replicates and how sure it is; everybody who prints or draws an interval takes it from here.

Floor 2. Replicates are independent lucks of one scenario, so the mean's interval is Student's. It says how well the
model's own mean is known, and nothing about how well the model knows Norway.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

CONFIDENCE: Final = 0.95
_T: Final = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's 97.5 per cent points for 1 to 30 degrees of freedom."""
LEAST_FOR_VERDICTS: Final = 5
"""Replicates below which no verdict is given, and below which equal replicates give no interval (ASSUMED)."""
_Z: Final = 1.959963984540054


class Interval(NamedTuple):
    """A mean with its 95 per cent interval; the ends are NaN for fewer than two values, all is NaN for none."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def is_point(self) -> bool:
        """Whether two or more replicates gave one and the same number, so that the interval has no width."""
        return self.n > 1 and self.high - self.low <= 1e-12 * max(abs(self.mean), 1.0)


def student_point(freedom: int) -> float:
    """Return Student's 97.5 per cent point for 1 or more degrees of freedom, right to three decimals.

    Examples
    --------
    >>> student_point(1), student_point(30)
    (12.706, 2.042)
    >>> round(student_point(60), 3)
    2.0
    """
    if freedom <= len(_T):
        return _T[freedom - 1]
    z = _Z
    # Cornish and Fisher's expansion in one over the degrees of freedom.
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def interval_of_mean(values: Iterable[float]) -> Interval:
    """Return the mean of the values that are known, with its 95 per cent interval.

    Examples
    --------
    >>> interval_of_mean([1.0, 2.0, 3.0, float("nan")])
    Interval(mean=2.0, low=-0.48, high=4.48, n=3)
    >>> interval_of_mean([1.0])
    Interval(mean=1.0, low=nan, high=nan, n=1)
    """
    known = np.asarray(list(values), np.float64)
    known = known[np.isfinite(known)]
    n = len(known)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(known.mean())
    if n == 1:
        return Interval(mean, math.nan, math.nan, 1)
    half = student_point(n - 1) * float(known.std(ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - half, mean + half, n)


def summarise_groups(values: pd.Series[Any]) -> pd.DataFrame:
    """Return mean, low, high, n and the middle 90 per cent (p5, p95) over replicates, one row for each group.

    Parameters
    ----------
    values : series indexed by (replicate, group) or (replicate, group, group ...)
        One number a replicate and group; those not known are left out.
    """
    known = values[np.isfinite(values.to_numpy(np.float64))]
    groups = known.groupby(level=list(range(1, known.index.nlevels)), observed=True, sort=False)
    table = groups.agg(["mean", "std", "count"])
    freedom = np.maximum(table["count"].to_numpy() - 1, 1)
    points = np.array([student_point(int(one)) for one in freedom]) if len(table) else np.zeros(0)
    half = points * table["std"].to_numpy(np.float64) / np.sqrt(np.maximum(table["count"].to_numpy(), 1))
    out = pd.DataFrame({"mean": table["mean"], "low": table["mean"] - half, "high": table["mean"] + half})
    out["p5"], out["p95"] = groups.quantile(0.05), groups.quantile(0.95)
    return out.assign(n=table["count"])
