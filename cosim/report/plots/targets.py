"""The model beside what was measured: each with its uncertainty, and a verdict."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import BLUE, INK, SOFT, VERMILION, as_per_cent, begin, say_instead, styled
from cosim.report.wording import listed, per_cent

SIGNS: Final = {"hit": "✓ hit", "miss": "✗ miss", "cannot say": "? cannot say"}
LETTERS_A_LINE: Final = 34
FEW: Final = 6
"""Targets that a caption can name one by one."""


@styled
def plot_targets(
    frame: pd.DataFrame, axes: Axes | None = None, *, title: str = "The model beside what was measured"
) -> Axes:
    """Return axes with one row for each target.

    Parameters
    ----------
    frame : from `cosim.report.tables.compare_with_targets`
    title : heading of the figure
    """
    axes = begin(axes, 1.15 + 0.42 * max(len(frame), 1))
    if frame.empty:
        return say_instead(axes, "no target is measured in these runs")
    rows: list[Any] = list(frame.itertuples())
    for place, row in enumerate(rows):
        y = len(frame) - 1 - place
        first = place == 0
        axes.barh(
            y, row.high - row.low, left=row.low, height=0.56, facecolor="none", edgecolor=VERMILION, hatch="/////",
            linewidth=0.8, label="measured, with its uncertainty" if first else None,
        )  # fmt: skip
        axes.plot(
            [row.value, row.value],
            [y - 0.28, y + 0.28],
            color=VERMILION,
            linewidth=2.2,
            solid_capstyle="butt",
        )
        if np.isfinite(row.mean):
            reach = [[row.mean - row.mean_low], [row.mean_high - row.mean]] if np.isfinite(row.mean_low) else None
            axes.errorbar(
                row.mean, y, xerr=reach, fmt="o", color=BLUE, markersize=6, elinewidth=1.6,
                label="model, mean and 95 % interval" if first else None,
            )  # fmt: skip
        axes.text(
            1.02, y, SIGNS[str(row.verdict)], transform=axes.get_yaxis_transform(), va="center", fontsize=8.5,
            color=VERMILION if row.verdict == "miss" else INK if row.verdict == "hit" else SOFT,
            weight="bold" if row.verdict == "miss" else "normal",
        )  # fmt: skip
    labels = [textwrap.fill(str(one), LETTERS_A_LINE) for one in frame["quantity"]]
    axes.set_yticks(range(len(frame))[::-1], labels, fontsize=8)
    axes.set_ylim(-0.6, len(frame) - 0.4)
    axes.set_xlim(0.0, 1.0)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    as_per_cent(axes, "x")
    axes.set_title(title, pad=24)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return axes


def describe_targets(frame: pd.DataFrame) -> str:
    """Return in words what `plot_targets` shows."""
    if frame.empty:
        return "No target is measured in these runs."
    parts = []
    for verdict, verb in (("hit", "hits"), ("miss", "misses")):
        rows: list[Any] = list(frame[frame["verdict"] == verdict].itertuples())
        if verdict == "hit" and len(frame) > FEW:
            parts.append(f"The model hits {len(rows)} of the {len(frame)} quantities that it measures.")
            continue
        told = [f"{row.quantity} (model {per_cent(row.mean)}, measured {per_cent(row.value)})" for row in rows]
        if told:
            parts.append(f"The model {verb} {listed(told)}.")
    silent = [str(one) for one in frame.loc[frame["verdict"] == "cannot say", "quantity"]]
    if silent:
        parts.append(f"It cannot say about {listed(silent)}.")
    return " ".join(parts)
