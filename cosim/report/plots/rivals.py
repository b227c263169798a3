"""What rival theories say about the same world: one quantity a panel, one theory a row."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.rows import (
    MOST_ROWS,
    ROW,
    as_numbers,
    begin_stack,
    draw_interval,
    fold,
    label_rows,
    mark_of,
    names_in,
    rows_of,
    say_unknown,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    unit_axis,
    write_head,
)
from cosim.report.plots.style import FAINT, say_instead, styled
from cosim.report.wording import interval_words
from cosim.results.intervals import Interval

MOST_QUANTITIES = 12


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.empty:
        return frame
    table = as_numbers(frame, "mean", "low", "high")
    unit = table["unit"].fillna("").astype(str) if "unit" in table else ""
    return table.assign(process=table["process"].astype(str), quantity=table["quantity"].astype(str), unit=unit)


@styled
def plot_rivals(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each quantity and one row for each process model: its mean with interval.

    Parameters
    ----------
    frame : process, quantity, unit, mean, low, high
    """
    table = _kept(frame)
    quantities = names_in(table["quantity"], MOST_QUANTITIES) if len(table) else []
    processes = names_in(table["process"], MOST_ROWS) if len(table) else []
    columns = min(3, max(len(quantities), 1))
    lines = max(math.ceil(len(quantities) / columns), 1)
    outer, panels = begin_stack(axes, lines, columns, 0.25 + ROW * max(len(processes), 2), gap=0.85)
    spare_panels(panels, len(quantities))
    if not quantities:
        return say_instead(outer, "no theory was run")
    for place, quantity in enumerate(quantities):
        panel, rows = panels[place], table[table["quantity"] == quantity]
        for row in rows_of(rows):
            if row.process not in processes:
                continue
            nth = processes.index(row.process)
            y = len(processes) - 1.0 - nth
            panel.axhline(y, color=FAINT, linewidth=0.6, zorder=1)
            draw_interval(panel, y, row.mean, row.low, row.high, mark_of(nth))
        label_rows(panel, processes if place % columns == 0 else [""] * len(processes), letters=22)
        say_unknown(panel, rows["mean"])
        panel.margins(x=0.1)
        panel.locator_params(axis="x", nbins=4 if columns == 3 else 6)
        unit = str(rows["unit"].iloc[0])
        unit_axis(panel, unit, "share" if unit == "share" else "")
        if unit != "share":
            panel.set_xlabel(fold(unit, 32, 1))
    write_head(
        outer,
        "The same world by rival theories (mean, 95 % interval; scales differ)",
        above=title_panels(panels, quantities, columns),
    )
    return outer


def describe_rivals(frame: pd.DataFrame) -> str:
    """Return in words what `plot_rivals` shows."""
    table = _kept(frame)
    if table.empty:
        return "No theory was run."
    parts = []
    for quantity in names_in(table["quantity"], MOST_QUANTITIES):
        rows = table[(table["quantity"] == quantity) & table["mean"].notna()].sort_values("mean", kind="stable")
        if rows.empty:
            parts.append(f"{quantity}: not known.")
            continue
        least, most = rows_of(rows)[0], rows_of(rows)[-1]
        if len(rows) == 1:
            parts.append(f"{quantity}: {_told(least)}.")
            continue
        apart = math.isfinite(least.high) and math.isfinite(most.low) and least.high < most.low
        told = f"{quantity}: from {_told(least)} to {_told(most)}"
        parts.append(f"{told}." if apart else f"{told}; these intervals overlap or are not known.")
    n = table["process"].nunique()
    text = f"{tell_names(names_in(table['process']), 8)} are set beside one another. " if n > 1 else ""
    return text + " ".join(parts) + tell_cut(MOST_QUANTITIES, table["quantity"].nunique(), "quantities")


def _told(row: object) -> str:
    process, mean, low, high, unit = (getattr(row, name) for name in ("process", "mean", "low", "high", "unit"))
    words = interval_words(Interval(mean, low, high, 2), unit)
    return f"{words}{f' {unit}' if unit and unit != 'share' else ''} in {process}"
