"""How many service units innovate, as the innovation barometer counts them."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import BLUE, FAINT, SOFT, VERMILION, as_per_cent, begin, say_instead, styled
from cosim.report.plots.timeline import draw_band, month_years, tell_bands, year_ticks
from cosim.report.wording import per_cent
from cosim.results.intervals import summarise_groups

WINDOW: Final = 24
"""Months that the barometer looks back: a unit innovates if it put something into use within them."""


def _innovating(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the share of units that innovate, by month, from the first month with a whole window behind it."""
    kept = frame[frame["month"] >= min(WINDOW - 1, int(frame["month"].max()) if len(frame) else 0)]
    sums = kept.groupby(["replicate", "month"])[["units_innovating", "units"]].sum()
    return summarise_groups(sums["units_innovating"] / sums["units"].where(sums["units"] > 0)).sort_index()


@styled
def plot_units_innovating(
    frame: pd.DataFrame,
    axes: Axes | None = None,
    *,
    start: tuple[int, int] = (2020, 1),
    measured: tuple[float, float, float] | None = None,
) -> Axes:
    """Return axes with the share of units that had an innovation in the last two years.

    Parameters
    ----------
    frame : table ``municipality_month``: replicate, municipality, month, units, units_innovating
    start : year and month of month 0
    measured : (value, low, high) of the barometer, drawn as a band of its own
    """
    axes = begin(axes, 3.2)
    if frame.empty:
        return say_instead(axes, "no month was recorded")
    table = _innovating(frame)
    year_ticks(axes, start, int(frame["month"].max()) + 1)
    if measured is not None:
        value, low, high = measured
        axes.axhspan(low, high, color=VERMILION, alpha=0.22, linewidth=0)
        axes.axhline(
            value,
            color=VERMILION,
            linestyle=(0, (6, 2)),
            linewidth=1.3,
            label="measured, with its uncertainty",
        )
    alone: Any = {"marker": "o"} if len(table) == 1 else {}
    draw_band(axes, month_years(table.index, start), table, BLUE, "model", **alone)
    if table.index[0] > 0:
        first, full = axes.get_xlim()[0], float(month_years(table.index[0], start))
        axes.axvspan(first, full, color=FAINT, alpha=0.35, linewidth=0)
        middle = 0.5 * (first + full)
        axes.text(middle, 0.06, "two years are not yet full", ha="center", color=SOFT, fontsize=8.5)
    axes.set_ylim(0.0, 1.0)
    as_per_cent(axes)
    axes.set_ylabel("share of units")
    axes.set_title("Units with an innovation in the last two years", pad=24)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return axes


def describe_units_innovating(frame: pd.DataFrame, *, measured: tuple[float, float, float] | None = None) -> str:
    """Return in words what `plot_units_innovating` shows."""
    if frame.empty:
        return "No month was recorded."
    last = _innovating(frame).iloc[-1]
    text = f"At the end {per_cent(last['mean'])} of the units had put an innovation into use within two years"
    if last["n"] > 1:
        text += f" (95 % interval {per_cent(last['low'])} to {per_cent(last['high'])})"
    if measured is not None:
        text += f"; the barometer of 2018 found {per_cent(measured[0])}"
    if frame["month"].max() < WINDOW - 1:
        text += ". The run is shorter than two years, so the window is not yet full"
    return f"{text}. {tell_bands(frame['replicate'].nunique())}"
