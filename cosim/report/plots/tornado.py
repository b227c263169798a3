"""One factor at a time: the outcome at the low and at the high end of each factor, the widest swing on top."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from cosim.report.plots.rows import (
    MOST_PANELS,
    MOST_ROWS,
    ROW,
    as_numbers,
    begin_stack,
    draw_zero,
    end_words,
    fold,
    label_rows,
    names_in,
    rows_of,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    unit_axis,
    unit_in,
    write_head,
)
from cosim.report.plots.style import BLUE, INK, ORANGE, say_instead, styled
from cosim.report.wording import SHARE, interval_words, number_words, per_cent
from cosim.results.intervals import Interval

NUMBERS = ("low_value", "high_value", "outcome_at_low", "outcome_at_high", "base")
ENDS = ("at_low_low", "at_low_high", "at_high_low", "at_high_high")
CHANGE = ("change", "low", "high", "n")
LOW: dict[str, Any] = {"facecolor": "white", "edgecolor": ORANGE, "hatch": "/////", "linewidth": 1.0}
HIGH: dict[str, Any] = {"facecolor": BLUE, "edgecolor": BLUE, "linewidth": 1.0}


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with numbers, and how far each factor swings its outcome."""
    if frame.empty:
        return frame
    table = as_numbers(frame, *NUMBERS, *ENDS, *CHANGE)
    table = table.assign(outcome=table["outcome"].astype(str), factor=table["factor"].astype(str))
    ends = table[["outcome_at_low", "outcome_at_high", "base"]]
    return table.assign(swing=ends.max(axis=1) - ends.min(axis=1))[table["base"].notna()]


@styled
def plot_tornado(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome: bars from the base to the outcome at each end of a factor.

    Parameters
    ----------
    frame : outcome, factor, low_value, high_value, outcome_at_low, outcome_at_high, base
        And, if they are known, unit of the outcome and the 95 per cent intervals at_low_low, at_low_high, at_high_low,
        at_high_high;
        and the paired change from the low to the high end with its 95 per cent interval, change, low and high.
    """
    table = _kept(frame)
    outcomes = names_in(table["outcome"], MOST_PANELS) if len(table) else []
    most = max((table["outcome"] == one).sum() for one in outcomes) if outcomes else 1
    outer, panels = begin_stack(axes, max(len(outcomes), 1), 1, 0.3 + 1.45 * ROW * min(max(most, 2), MOST_ROWS))
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no factor was moved alone")
    for panel, outcome in zip(panels, outcomes, strict=False):
        rows = table[table["outcome"] == outcome].sort_values("swing", ascending=False, kind="stable").head(MOST_ROWS)
        for place, row in enumerate(rows_of(rows)):
            y = len(rows) - 1.0 - place
            _draw(panel, y, row.base, row.outcome_at_low, (row.at_low_low, row.at_low_high), LOW)
            _draw(panel, y, row.base, row.outcome_at_high, (row.at_high_low, row.at_high_high), HIGH)
        label_rows(panel, [_label(row) for row in rows_of(rows)], size=7.5)
        draw_zero(panel, float(rows["base"].iloc[0]))
        panel.margins(x=0.06)
        unit_axis(panel, unit_in(rows), "outcome")
    keys = [Patch(**LOW, label="factor at its low end"), Patch(**HIGH, label="factor at its high end")]
    write_head(outer, "One factor at a time, from the base (dotted)", keys, above=title_panels(panels, outcomes, 1))
    return outer


def _label(row: Any) -> str:
    known = math.isfinite(row.low_value) and math.isfinite(row.high_value)
    name = fold(row.factor, 32, 1)
    return f"{name}\n{end_words(row.low_value)} to {end_words(row.high_value)}" if known else name


def _draw(panel: Axes, y: float, base: float, end: float, interval: tuple[float, float], face: Any) -> None:
    """Draw one bar and its interval, a little apart from the other end's so that both are seen if they overlap."""
    if not math.isfinite(end):
        return
    shift = 0.18 if face is HIGH else -0.18
    panel.barh(y + shift, end - base, left=base, height=0.34, **face)
    if all(math.isfinite(one) for one in interval):
        at = [y + shift] * 2
        panel.plot(interval, at, color=INK, linewidth=1.1, zorder=3)
        panel.plot(interval, at, linestyle="none", marker="|", color=INK, markersize=4.5, zorder=3)


def _told(row: Any, written: Callable[[float], str]) -> str:
    """Return a factor with the outcome at both its ends and, where it is known, the paired change with its interval."""
    ends = f"from {written(row.outcome_at_low)} to {written(row.outcome_at_high)}"
    if not (math.isfinite(row.change) and math.isfinite(row.low)):
        return f"{row.factor} ({ends})"
    change = interval_words(Interval(row.change, row.low, row.high, 2), "difference")
    return f"{row.factor} ({ends}, change {change})"


def describe_tornado(frame: pd.DataFrame) -> str:
    """Return in words what `plot_tornado` shows."""
    table = _kept(frame)
    if table.empty:
        return "No factor was moved alone."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[table["outcome"] == outcome].sort_values("swing", ascending=False, kind="stable")
        written = per_cent if unit_in(rows) == SHARE else number_words
        base = f"base {written(float(rows['base'].iloc[0]))}"
        sure = rows[rows["low"].isna() | (rows["low"] > 0.0) | (rows["high"] < 0.0)]
        told = [_told(row, written) for row in rows_of(sure.head(3)) if np.isfinite(row.swing)]
        swings = f"the widest swings are by {tell_names(told)}" if told else "no swing can be told from luck"
        parts.append(f"{outcome}, {base}: {swings}.")
    most = int(table.groupby("outcome").size().max())
    return (
        " ".join(parts)
        + tell_cut(MOST_ROWS, most, "factors")
        + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
    )
