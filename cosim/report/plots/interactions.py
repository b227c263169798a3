"""Which pairs of factors act together: the second-order indices of each outcome, as cells."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.cells import draw_cells, room_below
from cosim.report.plots.rows import (
    MOST_PANELS,
    MOST_ROWS,
    as_numbers,
    begin_stack,
    names_in,
    rows_of,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    write_head,
)
from cosim.report.plots.style import say_instead, styled
from cosim.report.wording import per_cent

LEAST_SHADE: Final = 0.05
"""The darkest shade stands for at least this share, so that noise is not drawn as if it were something."""


def _second(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.empty:
        return frame
    table = as_numbers(frame[frame["kind"] == "S2"], "value", "low", "high")
    return table.assign(**{name: table[name].astype(str) for name in ("outcome", "factor", "other")})


@styled
def plot_interactions(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome: the share of variance of each pair of factors.

    Parameters
    ----------
    frame : outcome, factor, other, kind ("S2"), value, low, high
        Numbers are in per cent; in brackets where the interval holds 0.
    """
    table = _second(frame)
    outcomes = names_in(table["outcome"], MOST_PANELS) if len(table) else []
    factors = names_in([*table["factor"], *table["other"]], MOST_ROWS) if len(table) else []
    outer, panels = begin_stack(
        axes, max(len(outcomes), 1), 1, 0.4 + 0.27 * max(len(factors) - 1, 3), gap=0.4 + room_below(factors[:-1])
    )
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no index of pairs was reckoned")
    rows, columns = factors[1:], factors[:-1]
    most = max(float(np.nan_to_num(table["value"].max())), LEAST_SHADE)
    for panel, outcome in zip(panels, outcomes, strict=False):
        sizes = np.full((len(rows), len(columns)), np.nan)
        texts = [["" for _ in columns] for _ in rows]
        for row in rows_of(table[table["outcome"] == outcome]):
            if row.factor not in factors or row.other not in factors or row.factor == row.other:
                continue
            early, late = sorted((row.factor, row.other), key=factors.index)
            r, c = rows.index(late), columns.index(early)
            sizes[r, c] = max(row.value, 0.0) if np.isfinite(row.value) else np.nan
            sure = row.low > 0.0 or row.high < 0.0
            number = f"{100.0 * row.value:.0f}".replace("-", "−").replace("−0", "0") if np.isfinite(row.value) else ""
            texts[r][c] = number if sure or not number else f"({number})"
        # Only the lower triangle: a pair is one pair whichever of the two is named first.
        bare = np.triu(np.ones(sizes.shape, bool), k=1)
        small = 5.5 if len(columns) > 14 else 7.0
        draw_cells(panel, sizes, texts, rows, columns, most=most, letters=small, bare=bare)
    write_head(
        outer,
        "Pairs of factors that act together, per cent of the variance (in brackets: may be 0)",
        above=title_panels(panels, outcomes, 1),
    )
    return outer


def describe_interactions(frame: pd.DataFrame) -> str:
    """Return in words what `plot_interactions` shows."""
    table = _second(frame)
    if table.empty:
        return "No index of pairs was reckoned."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[table["outcome"] == outcome]
        sure = rows[(rows["low"] > 0.0) & rows["value"].notna()].sort_values("value", ascending=False, kind="stable")
        told = [f"{row.factor} with {row.other} {per_cent(row.value)}" for row in rows_of(sure)]
        parts.append(
            f"{outcome}, shares of the variance: {tell_names(told)}."
            if told
            else f"{outcome}: no pair of factors acts together that can be told from noise."
        )
    n_factors = len(set(table["factor"]) | set(table["other"]))
    return (
        " ".join(parts)
        + tell_cut(MOST_ROWS, n_factors, "factors")
        + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
    )
