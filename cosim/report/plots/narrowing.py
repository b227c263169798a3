"""Whether there were replicates enough: how wide the interval of a difference still is as they grow in number."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
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
    names_in,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    unit_axis,
    write_head,
)
from cosim.report.plots.style import INK, say_instead, styled
from cosim.report.wording import count_words, number_words

MOST_ALTERNATIVES: Final = 8


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return half the width of each interval that is known."""
    if frame.empty:
        return frame
    table = as_numbers(frame, "n", "mean", "low", "high", "stop")
    table = table.assign(alternative=table["alternative"].astype(str), outcome=table["outcome"].astype(str))
    table = table.assign(half=(table["high"] - table["low"]) / 2.0)
    return table[table["half"].notna() & table["n"].notna()].sort_values("n", kind="stable")


@styled
def plot_narrowing(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome: half the width of the interval, by number of replicates.

    Parameters
    ----------
    frame : alternative, outcome, n, mean, low, high
        And, if they are known, unit and stop: the half width at which running stops.
    """
    table = _kept(frame)
    outcomes = names_in(frame["outcome"], MOST_PANELS) if len(table) else []
    outcomes = [one for one in outcomes if (table["outcome"] == one).any()]
    alternatives = names_in(frame["alternative"], MOST_ALTERNATIVES) if len(table) else []
    columns = min(2, max(len(outcomes), 1))
    outer, panels = begin_stack(axes, max(math.ceil(len(outcomes) / columns), 1), columns, 1.9, across=0.16)
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no interval is known: one replicate only")
    for panel, outcome in zip(panels, outcomes, strict=False):
        rows = table[table["outcome"] == outcome]
        for place, alternative in enumerate(alternatives):
            line, mark = rows[rows["alternative"] == alternative], mark_of(place)
            every = max(1, len(line) // 6)
            panel.plot(
                line["n"], line["half"], color=mark.colour, linestyle=mark.dash, marker=mark.marker, markersize=4.5,
                markevery=slice(place % every, None, every),
            )  # fmt: skip
        stops = rows["stop"].dropna()
        if len(stops):
            panel.axhline(float(stops.iloc[0]), color=INK, linewidth=1.6, linestyle=(0, (8, 2)))
        # The first few replicates give intervals so wide that all later ones would lie on the axis.
        seen = float(rows.loc[rows["n"] >= rows["n"].quantile(0.25), "half"].max())
        top = np.nanmax([1.15 * seen, 1.4 * float(stops.max()) if len(stops) else 0.0, 1e-12])
        panel.set_ylim(0.0, top)
        panel.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
        panel.set_xlabel("replicates")
        unit = str(rows["unit"].iloc[0]) if "unit" in rows and pd.notna(rows["unit"].iloc[0]) else ""
        unit_axis(panel, unit, "half the width", "y")
    keys = [key_of(mark_of(place), name, line=True) for place, name in enumerate(alternatives)]
    if table["stop"].notna().any():
        keys.append(Line2D([], [], color=INK, linewidth=1.6, linestyle=(0, (8, 2)), label="stop when below"))
    write_head(
        outer,
        "Were there replicates enough? (95 % interval of the difference)",
        keys,
        above=title_panels(panels, outcomes, columns),
    )
    return outer


def describe_narrowing(frame: pd.DataFrame) -> str:
    """Return in words what `plot_narrowing` shows."""
    table = _kept(frame)
    if table.empty:
        return "No interval is known: one replicate only."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[table["outcome"] == outcome]
        last = rows.groupby("alternative", sort=False).last()
        widest = last.sort_values("half", ascending=False, kind="stable").iloc[0]
        text = (
            f"{outcome}: after {count_words(int(widest['n']), 'replicate')} the widest interval is "
            f"± {number_words(float(widest['half']))} ({widest.name})"
        )
        if last["stop"].notna().any():
            late = [str(one) for one in last.index[last["half"] > last["stop"]]]
            text += (
                f"; still above the stopping line: {tell_names(late)}" if late else "; all are below the stopping line"
            )
        parts.append(f"{text}.")
    return (
        " ".join(parts)
        + tell_cut(MOST_ALTERNATIVES, table["alternative"].nunique(), "alternatives")
        + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
    )
