"""Innovations over time, of all municipalities together and of each."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import BLUE, SOFT, begin, begin_panels, say_instead, styled
from cosim.report.plots.timeline import draw_band, tell_bands, year_ticks
from cosim.report.wording import interval_words
from cosim.results.intervals import interval_of_mean, summarise_groups

MONTHS_A_BIN: Final = 3
RATE: Final = "per unit and year"
MOST_PANELS: Final = 24
TIMES_THE_MEAN: Final = 3.0
"""Height of small panels: a place so small that luck rules it must not flatten all others."""


def _rates(frame: pd.DataFrame, *groups: str) -> pd.DataFrame:
    """Return innovations per unit and year by quarter, over replicates; the last quarter only if it is whole."""
    quarter = frame["month"] // MONTHS_A_BIN
    whole = (int(frame["month"].max()) + 1) // MONTHS_A_BIN if len(frame) else 0
    kept = frame.assign(quarter=quarter)[quarter < whole]
    sums = kept.groupby(["replicate", *groups, "quarter"], observed=True)[["delivered", "units"]].sum()
    units = (sums["units"] / MONTHS_A_BIN).where(sums["units"] > 0)
    table = summarise_groups(sums["delivered"] / units * (12.0 / MONTHS_A_BIN))
    return table.sort_index()


def _quarter_years(quarters: Any, start: tuple[int, int]) -> Any:
    """Return the middle of each quarter as a year with a fraction."""
    month = (np.asarray(quarters, np.float64) + 0.5) * MONTHS_A_BIN
    return start[0] + (start[1] - 1 + month) / 12.0


@styled
def plot_innovations(frame: pd.DataFrame, axes: Axes | None = None, *, start: tuple[int, int] = (2020, 1)) -> Axes:
    """Return axes with innovations per unit and year, quarter by quarter, over all municipalities.

    Parameters
    ----------
    frame : table ``municipality_month``: replicate, municipality, month, delivered, units
    start : year and month (1..12) of month 0
    """
    axes = begin(axes, 3.2)
    if frame.empty or frame["month"].max() + 1 < MONTHS_A_BIN:
        return say_instead(axes, "fewer months than a quarter: nothing to draw over time")
    table = _rates(frame)
    draw_band(axes, _quarter_years(table.index, start), table, BLUE, "mean", marker="o", markersize=3.5)
    year_ticks(axes, start, int(frame["month"].max()) + 1)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("innovations per unit and year")
    axes.set_title("Innovations put into use, by quarter")
    return axes


def describe_innovations(frame: pd.DataFrame) -> str:
    """Return in words what `plot_innovations` shows."""
    if frame.empty:
        return "No month was recorded."
    by_year = frame.assign(year=frame["month"] // 12)
    sums = by_year.groupby(["replicate", "year"])[["delivered", "units"]].sum()
    rate = sums["delivered"] / (sums["units"] / 12.0).where(sums["units"] > 0)
    first = interval_of_mean(rate.xs(0, level="year"))
    text = f"In the first year {interval_words(first, RATE)} innovations per unit were put into use"
    years = (int(frame["month"].max()) + 1) // 12
    if years > 1:
        last = interval_of_mean(rate.xs(years - 1, level="year"))
        text += f"; in the last whole year {interval_words(last, RATE)}"
    return f"{text}. {tell_bands(frame['replicate'].nunique())}"


@styled
def plot_innovations_by_municipality(
    frame: pd.DataFrame, axes: Axes | None = None, *, start: tuple[int, int] = (2020, 1)
) -> Axes:
    """Return axes with one small panel for each municipality: innovations per unit and year.

    Parameters
    ----------
    frame : table ``municipality_month``
    start : year and month of month 0

    Returns
    -------
    Axes
        The outer ones; the panels are their insets, all on one scale. At most the 24 first municipalities are drawn.
    """
    names = list(dict.fromkeys(frame["municipality"])) if len(frame) else []
    shown = names[:MOST_PANELS]
    columns = min(4, max(len(shown), 1))
    rows = max(math.ceil(len(shown) / columns), 1)
    gap = 0.26 / (rows - 1) if rows > 1 else 0.0
    outer, panels = begin_panels(axes, rows, columns, 0.8 + 1.2 * rows, (0.05, gap))
    if not shown or frame["month"].max() + 1 < MONTHS_A_BIN:
        for panel in panels:
            panel.set_axis_off()
        return say_instead(outer, "fewer months than a quarter: nothing to draw over time")
    table = _rates(frame[frame["municipality"].isin(shown)], "municipality")
    total = _rates(frame)
    most = float(np.nanmax([TIMES_THE_MEAN * total["mean"].max(), table["mean"].quantile(0.98), 1e-9]))
    months = int(frame["month"].max()) + 1
    outer.set_title("Innovations per unit and year, by quarter", pad=22)
    for place, panel in enumerate(panels):
        if place >= len(shown):
            panel.set_axis_off()
            continue
        one = table.loc[shown[place]]
        # A very small place's band is as tall as its luck; it ends where its panel does.
        one = one.assign(p5=one["p5"].clip(0.0, most), p95=one["p95"].clip(0.0, most))
        panel.plot(
            _quarter_years(total.index, start),
            total["mean"],
            color=SOFT,
            linewidth=0.9,
            linestyle=(0, (2, 1.5)),
        )
        draw_band(panel, _quarter_years(one.index, start), one, BLUE, "", linewidth=1.4)
        year_ticks(panel, start, months)
        panel.set_ylim(0.0, most)
        panel.set_title(shown[place], fontsize=8.0, pad=3)
        panel.tick_params(labelsize=7)
        years = panel.get_xticks()
        panel.set_xticks(years[:: max(1, math.ceil(len(years) / 3))])
        if place % columns:
            panel.tick_params(labelleft=False)
        if place + columns < len(shown):
            panel.tick_params(labelbottom=False)
    return outer


def describe_innovations_by_municipality(frame: pd.DataFrame) -> str:
    """Return in words what `plot_innovations_by_municipality` shows."""
    n = frame["municipality"].nunique() if len(frame) else 0
    if not n:
        return "No municipality was recorded."
    text = "Innovations per unit and year by quarter, one panel for each municipality, all on one scale. "
    text += f"{tell_bands(frame['replicate'].nunique())} Dotted line: all municipalities together. Bands "
    text += "of very small places end where their panels do."
    if n > MOST_PANELS:
        text += f" The first {MOST_PANELS} of {n} are drawn."
    return text
