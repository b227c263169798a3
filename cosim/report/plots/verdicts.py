"""Claims of the theories and what the runs say of them: each effect against the claim's own margin, and a verdict."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from cosim.report.plots.rows import (
    ROW,
    as_numbers,
    draw_interval,
    draw_zero,
    fold,
    key_of,
    names_in,
    rows_of,
    tell_cut,
    tell_names,
    write_head,
)
from cosim.report.plots.style import BLUE, FAINT, GREEN, INK, SOFT, VERMILION, Mark, begin, say_instead, styled
from cosim.report.wording import SHARE, count_words, interval_words, number_words
from cosim.results.intervals import Interval

SIGNS: Final = {"holds": "✓ holds", "fails": "✗ fails", "depends": "◐ depends", "undecided": "? undecided"}
VERDICT_MARKS: Final = {
    "holds": Mark(BLUE, "o", "solid"),
    "fails": Mark(VERMILION, "X", "solid"),
    "depends": Mark(GREEN, "D", "solid"),
    "undecided": Mark(SOFT, "s", "solid"),
}
FARTHEST: Final = 8.0
"""Margins beyond which an effect is drawn at the edge with an arrow, so that one large effect flattens no other."""
MOST_CLAIMS: Final = 40


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the claims in the order of their theories, with effects in units of their margins."""
    if frame.empty:
        return frame
    table = as_numbers(frame, "effect", "low", "high", "margin", "n")
    names = {name: table[name].astype(str) for name in ("theory", "claim", "verdict")}
    table = table.assign(**names)
    place = {name: nth for nth, name in enumerate(dict.fromkeys(table["theory"]))}
    table = table.sort_values("theory", key=lambda theory: theory.map(place), kind="stable")
    scale = table["margin"].abs().where(table["margin"].abs() > 0.0)
    return table.assign(**{f"{name}_scaled": table[name] / scale for name in ("effect", "low", "high")})


@styled
def plot_verdicts(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one row for each claim, by theory: the effect in margins, its interval, the verdict.

    Parameters
    ----------
    frame : theory, claim, statement, verdict, effect, low, high, margin, unit, n, region
        The verdict is holds, fails, depends or undecided. A margin of 0 gives no scale: the effect is told, not drawn.
    """
    table = _kept(frame).head(MOST_CLAIMS)
    theories = names_in(table["theory"]) if len(table) else []
    n_lines = len(table) + len(theories)
    axes = begin(axes, 1.75 + 1.25 * ROW * max(n_lines, 2))
    if table.empty:
        return say_instead(axes, "no claim was checked")
    reach = float(np.nanmax([*table[["low_scaled", "high_scaled", "effect_scaled"]].abs().to_numpy().ravel(), 1.6]))
    edge = min(1.08 * reach, FARTHEST)
    axes.axvspan(-1.0, 1.0, facecolor=FAINT, alpha=0.55, edgecolor="none", zorder=0.5)
    draw_zero(axes)
    y, ticks, labels = n_lines - 1.0, [], []
    for theory in theories:
        axes.text(
            0.0, y, fold(theory, 60, 1), transform=axes.get_yaxis_transform(), va="center", ha="left", fontsize=8.5,
            weight="bold", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
        axes.axhline(y + 0.5, color=SOFT, linewidth=0.8)
        y -= 1.0
        for row in rows_of(table[table["theory"] == theory]):
            _draw(axes, row, y, edge)
            ticks.append(y)
            labels.append(fold(row.claim, 30))
            y -= 1.0
    axes.set_yticks(ticks, labels, fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.set_ylim(-0.6, n_lines - 0.4)
    axes.set_xlim(-edge, edge)
    axes.set_xlabel("effect, in margins of its claim")
    seen = [word for word in VERDICT_MARKS if (table["verdict"] == word).any()]
    keys: list[Any] = [key_of(VERDICT_MARKS[word], word) for word in seen]
    keys.append(Patch(facecolor=FAINT, alpha=0.55, label="smaller than the margin"))
    write_head(axes, "What the runs say of each claim", keys)
    return axes


def _draw(axes: Axes, row: Any, y: float, edge: float) -> None:
    mark = VERDICT_MARKS.get(row.verdict, VERDICT_MARKS["undecided"])
    ends = [row.effect_scaled, row.low_scaled, row.high_scaled]
    mean, low, high = (min(max(one, -edge), edge) if math.isfinite(one) else one for one in ends)
    outside = math.isfinite(row.effect_scaled) and abs(row.effect_scaled) > edge
    draw_interval(axes, y, math.nan if outside else mean, low, high, mark)
    if outside:
        marker = ">" if mean > 0 else "<"
        axes.plot(mean, y, marker=marker, color=mark.colour, markersize=7, clip_on=False, zorder=3)
        side = "right" if mean > 0 else "left"
        axes.text(0.965 * mean, y, number_words(row.effect_scaled), ha=side, va="bottom", fontsize=7.5, color=INK)
    elif not math.isfinite(mean):
        axes.text(0.0, y, "not drawn", ha="center", va="center", fontsize=7, color=SOFT)
    axes.text(
        1.02, y, SIGNS.get(row.verdict, fold(row.verdict, 16, 1)), transform=axes.get_yaxis_transform(), va="center",
        fontsize=8.5, color=VERMILION if row.verdict == "fails" else INK,
        weight="bold" if row.verdict in ("holds", "fails") else "normal",
    )  # fmt: skip


def describe_verdicts(frame: pd.DataFrame) -> str:
    """Return in words what `plot_verdicts` shows."""
    table = _kept(frame)
    if table.empty:
        return "No claim was checked."
    parts = []
    for theory in names_in(table["theory"]):
        rows = table[table["theory"] == theory]
        counts = [f"{int((rows['verdict'] == word).sum())} {word}" for word in SIGNS if (rows["verdict"] == word).any()]
        fallen = [f"{row.claim} ({_effect(row)})" for row in rows_of(rows[rows["verdict"] == "fails"])]
        text = f"{theory}, {count_words(len(rows), 'claim')}: {', '.join(counts) or 'no verdict'}"
        if fallen:
            text += f"; fails: {tell_names(fallen, 3)}"
        where = [
            f"{row.claim} {row.region}"
            for row in rows_of(rows[rows["verdict"] == "depends"])
            if isinstance(getattr(row, "region", None), str) and row.region
        ]
        if where:
            text += f"; depends: {tell_names(where, 3)}"
        parts.append(f"{text}.")
    return " ".join(parts) + tell_cut(MOST_CLAIMS, len(table), "claims")


def _effect(row: Any) -> str:
    unit = row.unit if isinstance(row.unit, str) else ""
    times, sign = (100.0, "points") if unit == SHARE else (1.0, unit)
    ends = Interval(times * row.effect, times * row.low, times * row.high, int(np.nan_to_num(row.n)))
    return f"effect {interval_words(ends, 'difference')} {sign}".strip()
