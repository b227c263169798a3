"""Optimism and local identity of each sector over time."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import SECTOR_MARKS, begin_panels, say_instead, styled
from cosim.report.plots.timeline import draw_band, month_years, tell_bands, year_ticks
from cosim.results.intervals import summarise_groups

LEAST_HEIGHT: Final = 0.1
"""Of an axis of shares: small moves should look small."""
OUTLOOKS: Final = (("optimism", "Optimism"), ("identity", "Local identity"))


@styled
def plot_outlook(frame: pd.DataFrame, axes: Axes | None = None, *, start: tuple[int, int] = (2020, 1)) -> Axes:
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
                draw_band(
                    panel, month_years(table.index, start), table, mark.colour, sector, spread=False,
                    marker=mark.marker, linestyle=mark.dash, markevery=every,
                )  # fmt: skip
        year_ticks(panel, start, max(months, 1))
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
