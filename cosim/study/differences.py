"""Paired differences between policies, from the outcomes of runs that met the same luck. Floor 7.

Comes in: values [alternative, replicate, column], the baseline first. Goes out: tidy frames with intervals. Nothing
here knows how runs are made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.measurement.groups import SIGN, unit_of_column
from cosim.results.intervals import interval_of_mean, student_point

Array = np.ndarray[Any, Any]

FEWEST_PEOPLE: Final = 20
"""A group of fewer people is not told of: what happens to so few is theirs to tell (ASSUMED; statistics offices
suppress between 3 and 30)."""
RESAMPLES: Final = 2000
RATIO_SEED: Final = 20240101


def tell_differences(
    names: Sequence[str], columns: Sequence[str], values: Array, persons_per_actor: float = 1.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the differences from the baseline, of the whole and of groups.

    Parameters
    ----------
    names : the alternatives, the baseline first
    columns : outcomes, and columns of groups
    values : array [alternative, replicate, column], NaN where a run failed or the outcome is not defined
    persons_per_actor : how many people one actor stands for, for the suppression of small groups

    Returns
    -------
    whole : frame [alternative x outcome: alternative, outcome, unit, baseline, mean, low, high, n, undefined,
    share_mean,
        share_low, share_high, sd_paired, sd_unpaired]
        ``mean`` is of alternative minus baseline over pairs in which both are defined; ``share_...`` is that over the
        baseline's mean; ``sd_unpaired`` is what the difference's standard deviation would be without pairing.
    groups : frame [alternative, outcome, unit, group_kind, group, people, mean, low, high, n, suppressed]
    """
    whole, groups = [], []
    at = {name: place for place, name in enumerate(columns)}
    for place in range(1, len(names)):
        for name in columns:
            base, other = values[0, :, at[name]], values[place, :, at[name]]
            if SIGN not in name:
                whole.append({"alternative": names[place], "outcome": name, **_difference(base, other, name)})
            elif not name.startswith("people"):
                kind, _, group = name.partition(SIGN)[2].partition(":")
                people = interval_of_mean(values[0, :, at[f"people{SIGN}{kind}:{group}"]]).mean * persons_per_actor
                found = _difference(base, other, name)
                small = people < FEWEST_PEOPLE
                told = {key: math.nan if small else found[key] for key in ("mean", "low", "high")}
                groups.append(
                    {
                        "alternative": names[place], "outcome": name.partition(SIGN)[0], "unit": found["unit"],
                        "group_kind": kind, "group": group, "people": people, **told, "n": found["n"],
                        "suppressed": small,
                    }
                )  # fmt: skip
    return pd.DataFrame(whole), pd.DataFrame(groups)


def _difference(base: Array, other: Array, name: str) -> dict[str, Any]:
    both = np.isfinite(base) & np.isfinite(other)
    found = interval_of_mean(other[both] - base[both])
    level = float(base[both].mean()) if both.any() else math.nan
    spread = (other - base)[both].std(ddof=1) if found.n > 1 else math.nan
    apart = math.sqrt(base[both].var(ddof=1) + other[both].var(ddof=1)) if found.n > 1 else math.nan
    scale = 1.0 / abs(level) if level else math.nan
    return {
        "unit": unit_of_column(name), "baseline": level, "mean": found.mean, "low": found.low, "high": found.high,
        "n": found.n, "undefined": int((~both).sum()), "share_mean": found.mean * scale,
        "share_low": found.low * scale, "share_high": found.high * scale, "sd_paired": float(spread),
        "sd_unpaired": apart,
    }  # fmt: skip


def narrowing(names: Sequence[str], outcome: str, values: Array, looks: Sequence[int]) -> pd.DataFrame:
    """Return how an outcome's paired interval narrowed as replicates were added.

    Parameters
    ----------
    names : the alternatives, the baseline first
    outcome : its name
    values : array [alternative, replicate] of that outcome
    looks : numbers of replicates

    Returns
    -------
    frame [alternative, outcome, n, mean, low, high]
    """
    rows = []
    for place in range(1, len(names)):
        for n in looks:
            found = interval_of_mean(values[place, :n] - values[0, :n])
            row = {"alternative": names[place], "outcome": outcome, "n": n}
            rows.append(row | {"mean": found.mean, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)


def half_width(values: Array, *, as_share: bool) -> float:
    """Return the widest half interval of the paired differences from the baseline; NaN while there is none.

    Parameters
    ----------
    values : array [alternative, replicate] of one outcome
    as_share : over the baseline's mean
    """
    widths = []
    for place in range(1, len(values)):
        both = np.isfinite(values[0]) & np.isfinite(values[place])
        found = interval_of_mean(values[place, both] - values[0, both])
        scale = abs(float(values[0, both].mean())) if both.any() and as_share else 1.0
        half = (found.high - found.low) / 2.0
        widths.append(half / scale if scale else math.nan)
    return max(widths) if widths and not np.isnan(widths).any() else math.nan


def replicates_needed(sd: float, half: float) -> float:
    """Return how many replicates bring a mean's 95 per cent interval to a half width; NaN where that cannot be known.

    Examples
    --------
    >>> replicates_needed(1.0, 0.5)
    18.0
    """
    if not (math.isfinite(sd) and half > 0.0):
        return math.nan
    if sd == 0.0:
        return 2.0
    n = 2
    while n < 10_000_000:
        needed = (student_point(n - 1) * sd / half) ** 2
        if needed <= n:
            break
        n = max(n + 1, min(math.ceil(needed), 2 * n))
    while n > 2 and (student_point(n - 2) * sd / half) ** 2 <= n - 1:
        n -= 1
    return float(n)


def tell_costs(names: Sequence[str], cost: Array, gains: dict[str, Array]) -> pd.DataFrame:
    """Return what one more of something costs under each alternative: extra cost over extra gain, paired.

    Parameters
    ----------
    names : the alternatives, the baseline first
    cost : array [alternative, replicate] in NOK
    gains : arrays [alternative, replicate] by what is gained (innovations, value)

    Returns
    -------
    frame [alternative, gain, extra_cost, cost_low, cost_high, extra_gain, per_gain, low, high, verdict]
        ``per_gain`` is NOK for one more; NaN, with the reason in ``verdict``, where the gain's interval holds 0: a
        ratio over what may be nothing says nothing. The interval is of a bootstrap over pairs, seeded.

    Sources
    -------
    ASSUMED : the incremental cost-effectiveness ratio, as health economics has it; 2,000 resamples.
    """
    rows = []
    rng = np.random.default_rng(RATIO_SEED)
    for place in range(1, len(names)):
        for gain, values in gains.items():
            extra_cost, extra = cost[place] - cost[0], values[place] - values[0]
            both = np.isfinite(extra_cost) & np.isfinite(extra)
            extra_cost, extra = extra_cost[both], extra[both]
            row: dict[str, Any] = {"alternative": names[place], "gain": gain}
            found = interval_of_mean(extra)
            dearer = interval_of_mean(extra_cost)
            row |= {
                "extra_cost": dearer.mean,
                "cost_low": dearer.low,
                "cost_high": dearer.high,
                "extra_gain": found.mean,
            }
            row |= {"per_gain": math.nan, "low": math.nan, "high": math.nan}
            if found.n < 2 or not (found.low > 0.0 or found.high < 0.0):
                row["verdict"] = "no gain that can be told from none"
            elif found.high < 0.0:
                row["verdict"] = "loses and saves" if dearer.high < 0.0 else "loses, and saves nothing that can be told"
            elif dearer.high < 0.0:
                row["verdict"] = "gains and saves"
            else:
                picks = rng.integers(0, len(extra), (RESAMPLES, len(extra)))
                with np.errstate(divide="ignore", invalid="ignore"):
                    ratios = extra_cost[picks].mean(axis=1) / extra[picks].mean(axis=1)
                row |= {"per_gain": dearer.mean / found.mean, "verdict": "gains, at a cost"}
                row["low"], row["high"] = (float(one) for one in np.nanquantile(ratios, (0.025, 0.975)))
            rows.append(row)
    return pd.DataFrame(rows)
