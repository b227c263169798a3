"""How trust comes back after a shock: one path for each theory, with its band."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.rows import (
    as_numbers,
    begin_stack,
    fold,
    key_of,
    mark_of,
    names_in,
    rows_of,
    spare_panels,
    tell_cut,
    write_head,
)
from cosim.report.plots.style import INK, SOFT, say_instead, styled
from cosim.report.wording import interval_words, number_words
from cosim.results.intervals import Interval

MOST_PATHS = 8


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.empty:
        return frame
    table = as_numbers(frame, "month", "mean", "low", "high")
    table = table.assign(process=table["process"].astype(str))
    return table[table["month"].notna()].sort_values("month", kind="stable")


@styled
def plot_recovery(
    frame: pd.DataFrame,
    axes: Axes | None = None,
    *,
    shock_month: float | None = None,
    what: str = "trust, difference from the same luck without the shock",
) -> Axes:
    """Return axes with trust by month after a shock, one line and band for each process model.

    Parameters
    ----------
    frame : process, month, mean, low, high
    shock_month : when the shock came, drawn as a line
    what : what is measured, written along the axis
    """
    table = _kept(frame)
    processes = names_in(frame["process"], MOST_PATHS) if len(table) else []
    outer, panels = begin_stack(axes, 1, 1, 2.7)
    panel = panels[0]
    spare_panels(panels, len(processes))
    if not processes or table["mean"].isna().all():
        spare_panels(panels, 0)
        return say_instead(outer, "no path after a shock is known")
    months = sorted(set(table["month"]))
    for nth, process in enumerate(processes):
        line, mark = table[table["process"] == process], mark_of(nth)
        panel.fill_between(line["month"], line["low"], line["high"], color=mark.colour, alpha=0.14, linewidth=0)
        # The marks of different paths stand at different months, or those that run together would hide one another.
        every = max(1, len(months) // 8)
        shift = nth * every // max(len(processes), 1)
        panel.plot(
            line["month"], line["mean"], color=mark.colour, linestyle=mark.dash, marker=mark.marker,
            markevery=slice(min(shift, max(len(line) - 1, 0)), None, every), markersize=5,
        )  # fmt: skip
    if shock_month is not None:
        panel.axvline(shock_month, color=INK, linewidth=1.2, linestyle=(0, (8, 2)))
        panel.annotate(
            "shock", (shock_month, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -3), va="top",
            textcoords="offset points", fontsize=8,
        )  # fmt: skip
    low, high = panel.get_ylim()
    if low < 0.0 < high:
        panel.axhline(0.0, color=SOFT, linewidth=1.1, linestyle=(0, (2.0, 1.5)))
    panel.set_xlabel("month")
    panel.set_ylabel(fold(what, 34))
    keys = [key_of(mark_of(nth), name, line=True) for nth, name in enumerate(processes)]
    write_head(outer, "How trust comes back after a shock (bands: 95 % intervals)", keys)
    return outer


def describe_recovery(frame: pd.DataFrame) -> str:
    """Return in words what `plot_recovery` shows."""
    table = _kept(frame)
    parts = []
    for process in names_in(table["process"], MOST_PATHS) if len(table) else []:
        line = table[(table["process"] == process) & table["mean"].notna()]
        if line.empty:
            continue
        lowest, last = rows_of(line.iloc[[int(np.argmin(line["mean"]))]])[0], rows_of(line.iloc[[-1]])[0]
        end = interval_words(Interval(last.mean, last.low, last.high, 2), "difference")
        low = f"lowest {number_words(lowest.mean)} in month {lowest.month:.0f}"
        parts.append(f"{process}: {low}, at the end (month {last.month:.0f}) {end}.")
    cut = tell_cut(MOST_PATHS, table["process"].nunique(), "theories") if parts else ""
    return " ".join(parts) + cut if parts else "No path after a shock is known."
