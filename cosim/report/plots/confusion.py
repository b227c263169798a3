"""Whether theories can be told apart: which one is chosen when each in turn is the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cosim.report.plots.cells import draw_cells, room_below
from cosim.report.plots.rows import as_numbers, names_in, rows_of, tell_cut, tell_names, write_head
from cosim.report.plots.style import INK, begin, say_instead, styled
from cosim.report.wording import per_cent

MOST_THEORIES = 16


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.empty:
        return frame
    table = as_numbers(frame, "share")
    return table.assign(truth=table["truth"].astype(str), chosen=table["chosen"].astype(str))


@styled
def plot_confusion(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one row for each true theory, one column for each chosen one and its share in the cell.

    Parameters
    ----------
    frame : truth, chosen, share
        Shares of a row add to one; a pair that is not there was never chosen or not tried, and is hatched.
    """
    table = _kept(frame)
    truths = names_in(table["truth"], MOST_THEORIES) if len(table) else []
    # The same order both ways, so that the diagonal is the truth; what is chosen and never true comes after.
    chosen = [one for one in truths if (table["chosen"] == one).any()] if truths else []
    chosen += (
        [one for one in names_in(table["chosen"], 99) if one not in truths][: MOST_THEORIES - len(chosen)]
        if truths
        else []
    )
    axes = begin(axes, 1.1 + room_below(chosen) + 0.34 * max(len(truths), 2))
    if not truths:
        return say_instead(axes, "no theory was tried as the truth")
    shares = np.full((len(truths), len(chosen)), np.nan)
    for row in rows_of(table):
        if row.truth in truths and row.chosen in chosen:
            shares[truths.index(row.truth), chosen.index(row.chosen)] = row.share
    texts = [[f"{100.0 * one:.0f}" if np.isfinite(one) else "" for one in line] for line in shares]
    draw_cells(axes, shares, texts, truths, chosen, most=1.0, letters=8.5 if len(chosen) <= 10 else 7)
    for truth in truths:
        if truth in chosen:
            corner = (chosen.index(truth) - 0.5, len(truths) - 1.5 - truths.index(truth))
            axes.add_patch(Rectangle(corner, 1.0, 1.0, facecolor="none", edgecolor=INK, linewidth=1.6, zorder=3))
    axes.set_xlabel("theory chosen")
    axes.set_ylabel("true theory")
    write_head(axes, "Which theory is chosen, per cent of the trials (framed: the true one)")
    return axes


def describe_confusion(frame: pd.DataFrame) -> str:
    """Return in words what `plot_confusion` shows."""
    table = _kept(frame)
    if table.empty:
        return "No theory was tried as the truth."
    parts = []
    for truth in names_in(table["truth"], MOST_THEORIES):
        rows = table[(table["truth"] == truth) & table["share"].notna()]
        right = rows.loc[rows["chosen"] == truth, "share"]
        wrong = rows[rows["chosen"] != truth].sort_values("share", ascending=False, kind="stable").head(1)
        text = (
            f"{truth} is found in {per_cent(float(right.iloc[0]))} of its trials"
            if len(right)
            else f"{truth} is never found"
        )
        taken = [f"{row.chosen} ({per_cent(row.share)})" for row in rows_of(wrong) if row.share > 0.0]
        parts.append(f"{text}, most often taken for {tell_names(taken)}." if taken else f"{text}.")
    return " ".join(parts) + tell_cut(MOST_THEORIES, table["truth"].nunique(), "theories")
