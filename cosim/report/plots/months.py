"""Figures over time: innovations, units that innovate, and what people think of the place and its future."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import (
    BLUE,
    FAINT,
    SECTOR_MARKS,
    SOFT,
    VERMILION,
    as_per_cent,
    begin,
    begin_panels,
    say_instead,
    styled,
)
from cosim.report.wording import interval_words, per_cent
from cosim.results.intervals import Interval, interval_of_mean, summarise_groups

MONTHS_A_BIN: Final = 3
WINDOW: Final = 24
"""Months that the barometer looks back: a unit innovates if it put something into use within them."""
MOST_PANELS: Final = 24
LEAST_FOR_SPREAD: Final = 10
"""Replicates from which on one may say where nine of ten lie."""
TIMES_THE_MEAN: Final = 3.0
"""Height of small panels: a place so small that luck rules it must not flatten all others."""
LEAST_HEIGHT: Final = 0.1
"""Of an axis of shares: small moves should look small."""


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


def _month_years(months: Any, start: tuple[int, int]) -> Any:
    return start[0] + (start[1] - 1 + np.asarray(months, np.float64)) / 12.0


def _year_ticks(axes: Axes, start: tuple[int, int], months: int) -> None:
    """Put a tick at the beginning of each year, fewer when there are many."""
    first, last = start[0] + (start[1] - 1) / 12.0, start[0] + (start[1] - 1 + months) / 12.0
    axes.set_xlim(first, max(last, first + 1 / 12))
    step = max(1, math.ceil((last - first) / 10))
    axes.set_xticks(np.arange(math.ceil(first), math.floor(last) + 1, step))
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:.0f}")


def tell_bands(n_replicates: int, spread: bool = True) -> str:
    """Return in words what the lines and bands of a figure over time are.

    Examples
    --------
    >>> tell_bands(1), tell_bands(5)
    ('Line: one replicate.', 'Line: mean of 5 replicates; band: its 95 % interval.')
    """
    if n_replicates < 2:
        return "Line: one replicate."
    if spread and n_replicates >= LEAST_FOR_SPREAD:
        bands = "dark band: its 95 % interval; pale band: nine of ten replicates"
        return f"Line: mean of {n_replicates} replicates; {bands}."
    return f"Line: mean of {n_replicates} replicates; band: its 95 % interval."


def _draw_band(
    axes: Axes, x: Any, table: pd.DataFrame, colour: str, label: str, *, spread: bool = True, **line: Any
) -> None:
    """Draw a mean with its interval and, if there are enough replicates to speak of, where nine of ten of them lie."""
    if spread and table["n"].max() >= LEAST_FOR_SPREAD:
        axes.fill_between(x, table["p5"], table["p95"], color=colour, alpha=0.14, linewidth=0)
    if table["n"].max() > 1:
        axes.fill_between(x, table["low"], table["high"], color=colour, alpha=0.28, linewidth=0)
    axes.plot(x, table["mean"], color=colour, label=label, **line)


@styled
def plot_innovations(
    frame: pd.DataFrame, axes: Axes | None = None, *, start: tuple[int, int] = (2020, 1)
) -> Axes:
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
    _draw_band(axes, _quarter_years(table.index, start), table, BLUE, "mean", marker="o", markersize=3.5)
    _year_ticks(axes, start, int(frame["month"].max()) + 1)
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
    first = _above_zero(interval_of_mean(rate.xs(0, level="year")))
    text = f"In the first year {interval_words(first)} innovations per unit were put into use"
    years = (int(frame["month"].max()) + 1) // 12
    if years > 1:
        last = _above_zero(interval_of_mean(rate.xs(years - 1, level="year")))
        text += f"; in the last whole year {interval_words(last)}"
    return f"{text}. {tell_bands(frame['replicate'].nunique())}"


def _above_zero(interval: Interval) -> Interval:
    """Return an interval cut where a rate cannot be."""
    return interval._replace(low=max(interval.low, 0.0)) if interval.low < 0.0 else interval


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
    outer, panels = begin_panels(axes, rows, columns, 0.5 + 1.2 * rows, (0.05, gap))
    if not shown or frame["month"].max() + 1 < MONTHS_A_BIN:
        for panel in panels:
            panel.set_axis_off()
        return say_instead(outer, "fewer months than a quarter: nothing to draw over time")
    table = _rates(frame[frame["municipality"].isin(shown)], "municipality")
    total = _rates(frame)
    most = float(np.nanmax([TIMES_THE_MEAN * total["mean"].max(), table["mean"].quantile(0.98), 1e-9]))
    months = int(frame["month"].max()) + 1
    for place, panel in enumerate(panels):
        if place >= len(shown):
            panel.set_axis_off()
            continue
        one = table.loc[shown[place]]
        panel.plot(
            _quarter_years(total.index, start),
            total["mean"],
            color=SOFT,
            linewidth=0.9,
            linestyle=(0, (2, 1.5)),
        )
        _draw_band(panel, _quarter_years(one.index, start), one, BLUE, "", linewidth=1.4)
        _year_ticks(panel, start, months)
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
    text += "of very small places may leave their panels."
    if n > MOST_PANELS:
        text += f" The first {MOST_PANELS} of {n} are drawn."
    return text


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
    _year_ticks(axes, start, int(frame["month"].max()) + 1)
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
    _draw_band(axes, _month_years(table.index, start), table, BLUE, "model", **alone)
    if table.index[0] > 0:
        first, full = axes.get_xlim()[0], float(_month_years(table.index[0], start))
        axes.axvspan(first, full, color=FAINT, alpha=0.35, linewidth=0)
        middle = 0.5 * (first + full)
        axes.text(middle, 0.06, "two years are not yet full", ha="center", color=SOFT, fontsize=8.5)
    axes.set_ylim(0.0, 1.0)
    as_per_cent(axes)
    axes.set_ylabel("share of units")
    axes.set_title("Units with an innovation in the last two years", pad=24)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return axes


def describe_units_innovating(
    frame: pd.DataFrame, *, measured: tuple[float, float, float] | None = None
) -> str:
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


OUTLOOKS: Final = (("optimism", "Optimism"), ("identity", "Local identity"))


@styled
def plot_outlook(
    frame: pd.DataFrame, axes: Axes | None = None, *, start: tuple[int, int] = (2020, 1)
) -> Axes:
    """Return axes with two panels, optimism and local identity of each sector over time.

    Parameters
    ----------
    frame : table ``people``: replicate, month, municipality, sector, n, optimism, identity
    start : year and month of month 0
    """
    outer, panels = begin_panels(axes, 1, 2, 3.3, (0.12, 0.0))
    known = frame[frame["n"] > 0] if len(frame) else frame
    if known.empty:
        for panel in panels:
            panel.set_axis_off()
        return say_instead(outer, "nobody was counted")
    months = int(known["month"].max())
    for panel, (trait, title) in zip(panels, OUTLOOKS, strict=True):
        for sector, mark in SECTOR_MARKS.items():
            table = outlook_over_time(known, trait, sector)
            if len(table):
                every = max(1, len(table) // 8)
                _draw_band(
                    panel, _month_years(table.index, start), table, mark.colour, sector, spread=False,
                    marker=mark.marker, linestyle=mark.dash, markevery=every,
                )  # fmt: skip
        _year_ticks(panel, start, max(months, 1))
        panel.set_title(title)
        low, high = panel.get_ylim()
        lacking = max(LEAST_HEIGHT - (high - low), 0.0) / 2.0
        panel.set_ylim(low - lacking, high + lacking)
    panels[0].set_ylabel("mean of a sector, 0 to 1")
    panels[0].legend(loc="best", ncols=2, handlelength=3.2)
    return outer


def outlook_over_time(frame: pd.DataFrame, trait: str, sector: str) -> pd.DataFrame:
    """Return a sector's mean of a trait by month over replicates, municipalities weighing by their people."""
    one = frame[(frame["sector"] == sector) & (frame["n"] > 0)]
    sums = one.assign(total=one[trait] * one["n"]).groupby(["replicate", "month"])[["total", "n"]].sum()
    return summarise_groups(sums["total"] / sums["n"]).sort_index()


def describe_outlook(frame: pd.DataFrame) -> str:
    """Return in words what `plot_outlook` shows."""
    parts = []
    for trait, title in OUTLOOKS:
        moves = []
        for sector in SECTOR_MARKS:
            table = outlook_over_time(frame, trait, sector) if len(frame) else frame
            if len(table):
                moves.append(f"{sector} {table['mean'].iloc[0]:.2f} to {table['mean'].iloc[-1]:.2f}")
        if moves:
            parts.append(f"{title} from the first count to the last: {', '.join(moves)}.")
    if not parts:
        return "Nobody was counted."
    return " ".join([*parts, tell_bands(frame["replicate"].nunique(), spread=False)])
