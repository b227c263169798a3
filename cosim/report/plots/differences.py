"""What alternatives change against the baseline: paired differences with intervals, as shares of the baseline."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.rows import (
    MOST_PANELS,
    MOST_ROWS,
    ROW,
    as_numbers,
    begin_stack,
    draw_interval,
    draw_zero,
    fold,
    key_of,
    label_rows,
    mark_of,
    names_in,
    per_cent_ticks,
    rows_of,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    unit_axis,
    unit_in,
    write_head,
)
from cosim.report.plots.style import INK, SOFT, Mark, say_instead, styled
from cosim.report.wording import SHARE, interval_words, number_words, per_cent
from cosim.results.intervals import Interval

SURE = mark_of(0)
UNSURE = Mark(SOFT, "o", "solid")


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with numbers, and whether their interval leaves 0 out."""
    if frame.empty:
        return frame
    table = as_numbers(frame, "baseline", "mean", "low", "high", "n", "share_mean", "share_low", "share_high")
    table = table.assign(**{name: table[name].astype(str) for name in ("alternative", "outcome")})
    return table.assign(sure=(table["low"] > 0.0) | (table["high"] < 0.0))


def _difference(row: Any, unit: str) -> str:
    """Return a difference in words; of a share, in percentage points."""
    times, name = (100.0, "difference in points") if unit == SHARE else (1.0, "difference")
    words = interval_words(
        Interval(times * row.mean, times * row.low, times * row.high, int(np.nan_to_num(row.n))), name
    )
    return f"{words} points" if unit == SHARE else words


@styled
def plot_differences(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome and one row for each alternative.

    Parameters
    ----------
    frame : alternative, outcome, unit, baseline, mean, low, high, n, share_mean, share_low, share_high
        The share is the difference divided by the baseline; an outcome whose shares are not known (a baseline of 0)
        is drawn in its own unit.
    """
    table = _kept(frame)
    outcomes = names_in(table["outcome"], MOST_PANELS) if len(table) else []
    alternatives = names_in(table["alternative"], MOST_ROWS) if len(table) else []
    outer, panels = begin_stack(axes, max(len(outcomes), 1), 1, 0.3 + 1.15 * ROW * max(len(alternatives), 1))
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no alternative was compared with the baseline")
    titles = []
    for panel, outcome in zip(panels, outcomes, strict=False):
        titles.append(_draw(panel, table[table["outcome"] == outcome], alternatives))
    keys = [key_of(SURE, "interval leaves 0 out"), key_of(UNSURE._replace(marker="o"), "interval holds 0")]
    keys[1].set_markerfacecolor("white")
    write_head(
        outer,
        "Difference from the baseline, same luck (mean, 95 % interval)",
        keys,
        above=title_panels(panels, titles, 1),
    )
    return outer


def _draw(panel: Axes, rows: pd.DataFrame, alternatives: list[str]) -> str:
    """Draw one outcome and return its title, which says how high its baseline is."""
    shares = bool(rows["share_mean"].notna().any())
    ends = ("share_mean", "share_low", "share_high") if shares else ("mean", "low", "high")
    unit = unit_in(rows)
    for row in rows_of(rows):
        if row.alternative not in alternatives:
            continue
        y = len(alternatives) - 1.0 - alternatives.index(row.alternative)
        mean, low, high = (getattr(row, end) for end in ends)
        draw_interval(panel, y, mean, low, high, SURE if row.sure else UNSURE, hollow=not row.sure)
        n = f", n {row.n:.0f}" if math.isfinite(row.n) else ""
        text = f"{_difference(row, unit)}{n}" if math.isfinite(row.mean) else "not known"
        panel.text(
            1.02, y, fold(text, 40, 2), transform=panel.get_yaxis_transform(), va="center", fontsize=7.5, color=INK
        )
    label_rows(panel, alternatives, letters=26)
    draw_zero(panel)
    panel.margins(x=0.06)
    if shares:
        per_cent_ticks(panel)
        panel.set_xlabel("share of the baseline")
    else:
        unit_axis(panel, unit, "difference")
    baseline = float(rows["baseline"].iloc[0])
    written = per_cent(baseline, 1) if unit == SHARE else f"{number_words(baseline)} {unit}".strip()
    return f"{rows['outcome'].iloc[0]}: baseline {written}"


def describe_differences(frame: pd.DataFrame) -> str:
    """Return in words what `plot_differences` shows."""
    table = _kept(frame)
    if table.empty:
        return "No alternative was compared with the baseline."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[(table["outcome"] == outcome) & table["mean"].notna()]
        order = rows[rows["sure"]].sort_values("share_mean", key=np.abs, ascending=False, kind="stable")
        told = [
            f"{row.alternative} {_difference(row, unit_in(rows))}"
            + (f", {per_cent(row.share_mean, 1)} of the baseline" if math.isfinite(row.share_mean) else "")
            for row in rows_of(order)
        ]
        text = (
            f"{outcome}: changed by {tell_names(told, 3)}"
            if told
            else f"{outcome}: no change that can be told from none"
        )
        unsure = int((~rows["sure"]).sum())
        parts.append(
            f"{text}; {unsure} of {len(rows)} alternatives cannot be told from none." if told and unsure else f"{text}."
        )
    return (
        " ".join(parts)
        + tell_cut(MOST_ROWS, table["alternative"].nunique(), "alternatives")
        + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
    )
