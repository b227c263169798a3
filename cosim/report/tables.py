"""Tables of the page: outcomes with their intervals, and targets with a verdict.

Floor 3. Comes in: the store's frames and the targets. Goes out: frames and rows of words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from cosim.report.wording import SHARE, UNKNOWN, interval_words, number_words, within_bounds
from cosim.results.intervals import LEAST_FOR_VERDICTS, Interval, interval_of_mean
from cosim.results.tables import REPLICATE

VERDICTS: Final = ("hit", "miss", "cannot say")
WIDEST: Final = 0.2
"""An interval of a share wider than this agrees with nearly everything, and so with nothing (ASSUMED)."""


def summarise_outcomes(outcomes: pd.DataFrame) -> dict[str, Interval]:
    """Return every outcome's mean over replicates with its interval.

    Parameters
    ----------
    outcomes : table ``outcomes``, one row a replicate
    """
    return {str(name): interval_of_mean(outcomes[name]) for name in outcomes.columns if name != REPLICATE}


def tell_outcomes(
    summary: Mapping[str, Interval], names: Iterable[str], notes: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return one row of words for each named outcome that was measured: name, what, value, unit, n.

    Parameters
    ----------
    notes : outcome to its unit and meaning
    """
    rows = []
    for name in names:
        if name in summary:
            note = notes.get(name)
            unit, meaning = (note.unit, note.meaning) if note is not None else ("", name)
            rows.append(
                {
                    "name": name,
                    "what": meaning,
                    "value": interval_words(summary[name], unit),
                    "unit": "" if unit == SHARE else unit,
                    "n": str(summary[name].n),
                }
            )
    return rows


def compare_with_targets(summary: Mapping[str, Interval], targets: pd.DataFrame) -> pd.DataFrame:
    """Return every target with a level, the model's mean beside it, and whether it hits.

    A *miss* is when the interval of the model's mean and the range of the measurement do not overlap; a *hit* when
    they do and the interval is narrow enough to mean something; *cannot say* otherwise: when the model does not
    measure it, below five replicates, and when all replicates are alike, for such an interval knows no doubt.

    Parameters
    ----------
    summary : outcome to interval; an outcome bears the name of the target it answers
    targets : from `cosim.evidence.targets.read_targets`

    Returns
    -------
    pandas.DataFrame, [target, column]
        quantity, value, low, high, unit, sources, given_by; mean, mean_low, mean_high, n; verdict.
    """
    nothing = Interval(math.nan, math.nan, math.nan, 0)
    rows = []
    for key, target in targets[targets["kind"] == "level"].iterrows():
        model = within_bounds(summary.get(str(key), nothing), str(target["unit"]))
        low, high = (float(target[end]) if pd.notna(target[end]) else float(target["value"]) for end in ("low", "high"))
        rows.append(
            {
                "key": str(key),
                "quantity": str(target["quantity"]),
                "value": float(target["value"]),
                "low": low,
                "high": high,
                "unit": str(target["unit"]),
                "sources": tuple(target["sources"]),
                "given_by": tuple(target.get("given_by", ())),
                "mean": model.mean,
                "mean_low": model.low,
                "mean_high": model.high,
                "n": model.n,
                "verdict": judge(model, low, high),
            }
        )
    return pd.DataFrame(rows, columns=_COMPARISON).set_index("key")


_COMPARISON: Final = [
    "key", "quantity", "value", "low", "high", "unit", "sources", "given_by",
    "mean", "mean_low", "mean_high", "n", "verdict",
]  # fmt: skip


def judge(model: Interval, low: float, high: float) -> str:
    """Return whether a mean's interval and a measured range agree.

    Examples
    --------
    >>> judge(Interval(0.70, 0.68, 0.72, 9), 0.715, 0.765)
    'hit'
    >>> judge(Interval(0.5, 0.4, 0.6, 9), 0.715, 0.765)
    'miss'
    >>> judge(Interval(0.5, 0.1, 0.9, 3), 0.715, 0.765), judge(Interval(0.5, math.nan, math.nan, 1), 0.7, 0.8)
    ('cannot say', 'cannot say')
    >>> judge(Interval(0.5, 0.4, 0.6, 4), 0.715, 0.765), judge(Interval(0.5, 0.5, 0.5, 20), 0.715, 0.765)
    ('cannot say', 'cannot say')
    """
    known = math.isfinite(model.low) and math.isfinite(model.high)
    if not known or model.n < LEAST_FOR_VERDICTS or model.is_point:
        return "cannot say"
    if model.high < low or high < model.low:
        return "miss"
    return "hit" if model.high - model.low <= WIDEST else "cannot say"


def explain(row: Any) -> str:
    """Return why nothing can be said about a target, an empty text where something can."""
    if row["verdict"] != "cannot say":
        return ""
    if not row["n"]:
        return "not measured in this run"
    if row["n"] < 2:
        return "one replicate only"
    if row["n"] < LEAST_FOR_VERDICTS:
        return f"fewer than {LEAST_FOR_VERDICTS} replicates"
    if Interval(row["mean"], row["mean_low"], row["mean_high"], int(row["n"])).is_point:
        return "all replicates are alike: too few cases to tell"
    return "too few replicates: the interval is too wide"


def count_verdicts(comparison: pd.DataFrame) -> tuple[int, int, int, int]:
    """Return how many targets are hit, how many of those are figures that were put in, missed, and without verdict."""
    hits, misses, silent = (int((comparison["verdict"] == word).sum()) for word in VERDICTS)
    n_given = int(((comparison["verdict"] == "hit") & (comparison["given_by"].str.len() > 0)).sum())
    return hits, n_given, misses, silent


def tell_targets(comparison: pd.DataFrame) -> list[dict[str, str]]:
    """Return one row of words for each target: quantity, measured, model, verdict, why, and what was set from it."""
    rows = []
    for key, row in comparison.iterrows():
        share = row["unit"] == SHARE
        sign = " %" if share else ""
        written = [
            number_words(100.0 * row[end], 1) if share else number_words(row[end]) for end in ("value", "low", "high")
        ]
        model = Interval(row["mean"], row["mean_low"], row["mean_high"], int(row["n"]))
        rows.append(
            {
                "key": str(key),
                "quantity": row["quantity"],
                "measured": f"{written[0]}{sign} ({written[1]} to {written[2]}{sign})",
                "model": interval_words(model, row["unit"]) if model.n else UNKNOWN,
                "verdict": row["verdict"],
                "why": explain(row),
                "given": ", ".join(row["given_by"]),
            }
        )
    return rows
