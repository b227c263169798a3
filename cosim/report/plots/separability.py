"""How much data it takes to tell theories apart: how often the true one is found, by arenas, waves and noise."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cosim.report.plots.rows import (
    MOST_PANELS,
    as_numbers,
    begin_stack,
    key_of,
    mark_of,
    per_cent_ticks,
    rows_of,
    spare_panels,
    tell_cut,
    title_panels,
    write_head,
)
from cosim.report.plots.style import INK, say_instead, styled
from cosim.report.wording import per_cent
from cosim.results.intervals import Interval

MOST_LINES = 8


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.empty:
        return frame
    table = as_numbers(frame, "arenas", "waves", "noise", "accuracy", "low", "high", "chance")
    return table[table["arenas"].notna() & table["accuracy"].notna()].sort_values(["noise", "waves", "arenas"])


def _values(column: pd.Series) -> list[float]:
    return sorted({float(one) for one in column.dropna()})


@styled
def plot_separability(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each level of noise: accuracy by number of arenas, one line a number of waves.

    Parameters
    ----------
    frame : arenas, waves, noise, accuracy, low, high, chance
        Shares; chance is what guessing would reach.
    """
    table = _kept(frame)
    noises = _values(table["noise"])[:MOST_PANELS] if len(table) else []
    waves = _values(table["waves"])[:MOST_LINES] if len(table) else []
    columns = min(3, max(len(noises), 1))
    outer, panels = begin_stack(axes, max(math.ceil(len(noises) / columns), 1), columns, 2.2)
    spare_panels(panels, len(noises))
    if not noises:
        return say_instead(outer, "no design was tried")
    for place, noise in enumerate(noises):
        panel, rows = panels[place], table[table["noise"] == noise]
        for nth, wave in enumerate(waves):
            line, mark = rows[rows["waves"] == wave], mark_of(nth)
            panel.fill_between(line["arenas"], line["low"], line["high"], color=mark.colour, alpha=0.14, linewidth=0)
            panel.plot(line["arenas"], line["accuracy"], color=mark.colour, linestyle=mark.dash, marker=mark.marker)
        chance = rows["chance"].dropna()
        if len(chance):
            panel.axhline(float(chance.iloc[0]), color=INK, linewidth=1.3, linestyle=(0, (8, 2)))
        panel.set_ylim(0.0, 1.02)
        per_cent_ticks(panel, "y")
        panel.margins(x=0.06)
        panel.set_xlabel("arenas observed")
        panel.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1))
        if place % columns:
            panel.tick_params(labelleft=False)
        else:
            panel.set_ylabel("true theory found")
    above = title_panels(panels, [f"noise {noise:g}" for noise in noises], columns)
    keys = [
        key_of(mark_of(nth), f"{wave:.0f} {'wave' if wave == 1 else 'waves'}", line=True)
        for nth, wave in enumerate(waves)
    ]
    if table["chance"].notna().any():
        keys.append(Line2D([], [], color=INK, linewidth=1.3, linestyle=(0, (8, 2)), label="guessing"))
    write_head(outer, "How much data tells the theories apart (bands: 95 % intervals)", keys, above=above)
    return outer


def describe_separability(frame: pd.DataFrame) -> str:
    """Return in words what `plot_separability` shows."""
    table = _kept(frame)
    if table.empty:
        return "No design was tried."
    parts = []
    for noise in _values(table["noise"])[:MOST_PANELS]:
        rows = rows_of(table[table["noise"] == noise].sort_values(["accuracy"], kind="stable"))
        told = [f"{_told(row)}" for row in ([rows[0], rows[-1]] if len(rows) > 1 else rows)]
        parts.append(f"With noise {noise:g} the true theory is found in {' and '.join(told)}.")
    chance = table["chance"].dropna()
    if len(chance):
        parts.append(f"Guessing finds it in {per_cent(float(chance.iloc[0]))}.")
    return " ".join(parts) + tell_cut(MOST_PANELS, table["noise"].nunique(), "levels of noise")


def _told(row: object) -> str:
    arenas, waves, mean, low, high = (getattr(row, name) for name in ("arenas", "waves", "accuracy", "low", "high"))
    known = Interval(mean, low, high, 2)
    ends = f" (95 % interval {per_cent(known.low)} to {per_cent(known.high)})" if math.isfinite(low + high) else ""
    seen = f", {waves:.0f} {'wave' if waves == 1 else 'waves'}" if math.isfinite(waves) else ""
    return f"{per_cent(mean)}{ends} of trials with {arenas:.0f} arenas{seen}"
