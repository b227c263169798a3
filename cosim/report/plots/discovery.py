"""Where a policy fails or a claim breaks: the boxes of scenario discovery, each range within the whole one."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from cosim.report.plots.rows import (
    ROW,
    as_numbers,
    begin_stack,
    end_words,
    fold,
    label_rows,
    names_in,
    rows_of,
    spare_panels,
    tell_cut,
    title_panels,
    write_head,
)
from cosim.report.plots.style import FAINT, INK, SOFT, VERMILION, say_instead, styled
from cosim.report.wording import listed, per_cent

MOST_BOXES: Final = 6
MOST_FACTORS: Final = 20
LETTERS: Final = 34


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose box and whole range are known."""
    if frame.empty:
        return frame
    table = as_numbers(frame, "low", "high", "factor_low", "factor_high", "coverage", "density")
    table = table.assign(box=table["box"].astype(str), factor=table["factor"].astype(str))
    return table[
        table["factor_low"].notna() & table["factor_high"].notna() & (table["factor_low"] < table["factor_high"])
    ]


def range_words(row: Any) -> str:
    """Return in words where in its whole range a box keeps a factor.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> range_words(SimpleNamespace(low=0.0, high=0.3, factor_low=0.0, factor_high=1.0))
    'at most 0.3'
    """
    low = row.low if math.isfinite(row.low) else row.factor_low
    high = row.high if math.isfinite(row.high) else row.factor_high
    slack = 1e-9 * (row.factor_high - row.factor_low)
    from_start, to_end = low <= row.factor_low + slack, high >= row.factor_high - slack
    if from_start and to_end:
        return "anything"
    if from_start:
        return f"at most {end_words(high)}"
    return f"at least {end_words(low)}" if to_end else f"{end_words(low)} to {end_words(high)}"


@styled
def plot_boxes(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each box: the range of each factor as a bar within its whole range.

    Parameters
    ----------
    frame : box, factor, low, high, factor_low, factor_high, coverage, density
        An end that is not known is the end of the factor's whole range.
    """
    table = _kept(frame)
    boxes = names_in(table["box"], MOST_BOXES) if len(table) else []
    most = max((table["box"] == one).sum() for one in boxes) if boxes else 1
    outer, panels = begin_stack(
        axes, max(len(boxes), 1), 1, 0.2 + 1.3 * ROW * max(min(most, MOST_FACTORS), 1), gap=0.45
    )
    spare_panels(panels, len(boxes))
    if not boxes:
        return say_instead(outer, "no box was found")
    titles: list[str] = []
    for panel, box in zip(panels, boxes, strict=False):
        rows = table[table["box"] == box].head(MOST_FACTORS)
        for place, row in enumerate(rows_of(rows)):
            y = len(rows) - 1.0 - place
            whole = row.factor_high - row.factor_low
            low = (row.low - row.factor_low) / whole if math.isfinite(row.low) else 0.0
            high = (row.high - row.factor_low) / whole if math.isfinite(row.high) else 1.0
            panel.barh(y, 1.0, height=0.24, facecolor=FAINT, edgecolor=SOFT, linewidth=0.6)
            panel.barh(
                y,
                high - low,
                left=low,
                height=0.56,
                facecolor="white",
                edgecolor=VERMILION,
                hatch="/////",
                linewidth=1.4,
            )
            at = panel.get_yaxis_transform()
            panel.text(1.02, y, fold(range_words(row), 26, 1), transform=at, va="center", fontsize=7.5, color=INK)
        labels = [
            f"{fold(row.factor, LETTERS, 1)}\n{end_words(row.factor_low)} to {end_words(row.factor_high)}"
            for row in rows_of(rows)
        ]
        label_rows(panel, labels, size=7.5)
        panel.set_xlim(0.0, 1.0)
        panel.set_xticks([])
        panel.spines["bottom"].set_visible(False)
        panel.spines["left"].set_visible(False)
        titles.append(f"{box}: {_worth(rows)}")
    keys = [
        Patch(facecolor="white", edgecolor=VERMILION, hatch="/////", label="the box"),
        Patch(facecolor=FAINT, edgecolor=SOFT, label="the factor's whole range, its ends beside its name"),
    ]
    write_head(outer, "Under which conditions it happens", keys, above=title_panels(panels, titles, 1))
    return outer


def _worth(rows: pd.DataFrame) -> str:
    coverage, density = float(rows["coverage"].iloc[0]), float(rows["density"].iloc[0])
    told = [f"holds {per_cent(coverage)} of the cases"] if math.isfinite(coverage) else []
    told += [f"{per_cent(density)} of what is in it are cases"] if math.isfinite(density) else []
    return "; ".join(told) or "its worth is not known"


def describe_boxes(frame: pd.DataFrame) -> str:
    """Return in words what `plot_boxes` shows."""
    table = _kept(frame)
    if table.empty:
        return "No box was found."
    parts = []
    for box in names_in(table["box"], MOST_BOXES):
        rows = table[table["box"] == box]
        told = [f"{row.factor} {range_words(row)}" for row in rows_of(rows) if range_words(row) != "anything"]
        parts.append(f"{box}: {listed(told) or 'no factor is bounded'}; {_worth(rows)}.")
    most = int(table.groupby("box").size().max())
    return (
        " ".join(parts)
        + tell_cut(MOST_FACTORS, most, "factors")
        + tell_cut(MOST_BOXES, table["box"].nunique(), "boxes")
    )
