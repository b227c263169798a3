"""The parts of a study's figures: rows with intervals, labels never on one another, panels sized in inches.

Every group is drawn thrice over, by colour, by marker and by dash or hatch, so that it is told apart in grey.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from cosim.report.plots.saving import figure_of
from cosim.report.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILION,
    WIDTH,
    Mark,
    begin_panels,
)
from cosim.report.wording import SHARE, listed, number_words

MARKS: Final = (
    Mark(BLUE, "o", "solid"),
    Mark(VERMILION, "s", (0, (5.0, 1.6))),
    Mark(GREEN, "^", (0, (1.4, 1.4))),
    Mark(ORANGE, "D", (0, (6.0, 1.6, 1.4, 1.6))),
    Mark(PURPLE, "v", (0, (9.0, 2.0))),
    Mark(SKY, "P", (0, (3.0, 1.2, 1.2, 1.2, 1.2, 1.2))),
    Mark(INK, "X", (0, (1.0, 3.0))),
    Mark(SOFT, "*", (0, (9.0, 1.5, 1.5, 1.5))),
)
MOST_PANELS: Final = 9
MOST_ROWS: Final = 24
"""More rows than this cannot be read on a page; the text says how many are drawn."""
MOST_TICKS: Final = 6
A_TICK: Final = 0.62
"""Inches that the label of a small share takes."""
ROW: Final = 0.27
"""Inches that one row of one line takes."""
LETTER: Final = 0.072
"""Inches of one letter of a legend, a little too much rather than too little."""


def mark_of(place: int) -> Mark:
    """Return the mark of the group in that place; after eight groups they come again."""
    return MARKS[place % len(MARKS)]


def as_numbers(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a copy whose named columns are numbers, not known where they are missing or not finite."""
    out = frame.copy()
    for name in columns:
        values = pd.to_numeric(out[name], errors="coerce") if name in out else pd.Series(np.nan, index=out.index)
        out[name] = values.astype(np.float64).where(np.isfinite(values.astype(np.float64)))
    return out


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame, each with its columns as attributes."""
    return list(frame.itertuples())


def names_in(values: Iterable[object], most: int = MOST_ROWS) -> list[str]:
    """Return each name once, in the order in which it comes, at most so many."""
    return list(dict.fromkeys(str(one) for one in values))[:most]


def fold(text: object, letters: int = 30, lines: int = 2) -> str:
    r"""Return a label broken after spaces, dots, dashes and underscores, cut with a sign where it is too long.

    Examples
    --------
    >>> fold("people.identity_of_the_place", 18)
    'people.identity_\nof_the_place'
    >>> fold("a" * 30, 10)
    'aaaaaaaaaa\naaaaaaaaa…'
    """
    words = re.findall(r"[^\s._/-]+[\s._/-]*|[\s._/-]+", " ".join(str(text).split()))
    pieces = [word[start : start + letters] for word in words for start in range(0, len(word), letters)]
    out = [""]
    for piece in pieces:
        if out[-1] and len(out[-1]) + len(piece.rstrip()) > letters:
            out.append("")
        out[-1] += piece
    out = [line.rstrip() for line in out]
    if len(out) > lines:
        out = out[:lines]
        out[-1] = out[-1][: letters - 1] + "…"
    return "\n".join(out)


def draw_interval(
    axes: Axes, y: float, mean: float, low: float, high: float, mark: Mark, *, size: float = 6.0, hollow: bool = False
) -> None:
    """Draw a mean as a marker and its interval as a line with ends; what is not known is not drawn."""
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [y, y], color=mark.colour, linewidth=1.5, solid_capstyle="butt", zorder=2.5)
        axes.plot([low, high], [y, y], linestyle="none", marker="|", color=mark.colour, markersize=6, zorder=2.5)
    if math.isfinite(mean):
        face = "white" if hollow else mark.colour
        axes.plot(
            mean, y, marker=mark.marker, markersize=size, color=face, markeredgecolor=mark.colour,
            markeredgewidth=1.2, zorder=3,
        )  # fmt: skip


def key_of(mark: Mark, label: str, *, line: bool = False, marker: bool = True) -> Line2D:
    """Return what a legend shows of a mark: its marker, its dash, or both."""
    return Line2D(
        [], [], color=mark.colour, linestyle=mark.dash if line else "none", marker=mark.marker if marker else "",
        markersize=6, label=fold(label, 46, 1),
    )  # fmt: skip


def say_unknown(axes: Axes, values: Any) -> None:
    """Say in a panel that nothing of it is known, so that it is not taken for a panel of zeros."""
    if not np.isfinite(np.asarray(values, np.float64)).any():
        axes.text(0.5, 0.5, "not known", ha="center", va="center", color=SOFT, transform=axes.transAxes)


def label_rows(axes: Axes, labels: Sequence[str], *, letters: int = 30, size: float = 8.0) -> None:
    """Write the labels of rows, the first on top, and no lines between them; one with a break in it is not folded."""
    places = range(len(labels))[::-1]
    axes.set_yticks(places, [one if "\n" in one else fold(one, letters) for one in labels], fontsize=size)
    axes.set_ylim(-0.6, max(len(labels), 1) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def draw_zero(axes: Axes, at: float = 0.0) -> None:
    """Draw the line of no difference."""
    axes.axvline(at, color=SOFT, linewidth=1.1, linestyle=(0, (2.0, 1.5)), zorder=1.5)


def per_cent_ticks(axes: Axes, which: str = "x") -> None:
    """Write an axis of shares in per cent, with decimals where its steps are not whole."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if which == "x":  # small shares have long labels: no more of them than fit side by side
        wide = axes.get_window_extent().width / axes.figure.dpi
        axis.set_major_locator(MaxNLocator(max(min(round(wide / A_TICK), MOST_TICKS), 2)))
    axis.set_major_formatter(lambda share, _: f"{round(100.0 * share, 4):g} %".replace("-", "−").replace("−0 %", "0 %"))


def unit_axis(axes: Axes, unit: str, what: str, which: str = "x") -> None:
    """Write what an axis measures and in what unit; shares in per cent."""
    set_label = axes.set_xlabel if which == "x" else axes.set_ylabel
    if unit == SHARE:
        per_cent_ticks(axes, which)
        set_label(what)
    elif unit.startswith(what):
        set_label(fold(unit, 60, 1))
    else:
        set_label(f"{what} ({fold(unit, 60, 1)})" if unit else what)


def unit_in(rows: pd.DataFrame) -> str:
    """Return the unit that rows are told in; empty where they do not say."""
    return str(rows["unit"].iloc[0]) if "unit" in rows and pd.notna(rows["unit"].iloc[0]) else ""


def end_words(value: float) -> str:
    """Return the end of a factor's range with no more digits than it needs.

    Examples
    --------
    >>> end_words(0.2), end_words(-12000.0)
    ('0.2', '−12,000')
    """
    text = number_words(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def begin_stack(
    axes: Axes | None, rows: int, columns: int, each: float, *, gap: float = 0.72, across: float = 0.05
) -> tuple[Axes, list[Axes]]:
    """Return bare outer axes and panels of a height in inches.

    Parameters
    ----------
    each, gap : height of a panel, and of what lies between two for labels and titles (inches)
    across : gap between columns, share of the outer width
    """
    inside = rows * each + (rows - 1) * gap
    return begin_panels(axes, rows, columns, inside + 1.5, (across, gap / inside))


def spare_panels(panels: Sequence[Axes], used: int) -> None:
    """Let the panels that hold nothing show nothing."""
    for panel in panels[used:]:
        panel.set_axis_off()


def title_panels(panels: Sequence[Axes], titles: Sequence[str], columns: int) -> float:
    """Write a title over each panel and return how many inches the titles of the first line of panels take."""
    letters = {1: 76, 2: 32}.get(columns, 20)
    folded = [fold(one, letters) for one in titles]
    for panel, title in zip(panels, folded, strict=False):
        panel.set_title(title, fontsize=8.5)
    lines = max((one.count("\n") + 1 for one in folded[:columns] if one), default=0)
    return (0.0, 0.24, 0.38)[lines]


def write_head(outer: Axes, title: str, handles: Sequence[Any] = (), *, above: float = 0.0) -> None:
    """Write the title and, under it, the legend, both above the axes and never on one another.

    Parameters
    ----------
    handles : artists with labels
    above : inches that the panels' own titles take
    """
    handles = list(handles)
    longest = max((len(str(one.get_label())) for one in handles), default=0)
    columns = max(1, min(len(handles), int(0.78 * WIDTH / (longest * LETTER + 0.55)))) if handles else 1
    lines = math.ceil(len(handles) / columns)
    if handles:
        shift = ScaledTranslation(0.0, above, figure_of(outer).dpi_scale_trans)
        outer.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, borderaxespad=0.2,
            bbox_transform=outer.transAxes + shift, handlelength=2.4, columnspacing=1.4,
        )  # fmt: skip
    outer.set_title(fold(title, 58, 3), pad=6.0 + 72.0 * above + 15.5 * lines)


def label_beside(axes: Axes, heights: Sequence[float], starts: Sequence[float], labels: Sequence[str]) -> None:
    """Write labels in a column right of the axes, each with a thin line to its point and none on another.

    Parameters
    ----------
    heights, starts : points in data
    labels : one line each
    """
    if not labels:
        return
    low, high = axes.get_ylim()
    inches = max(axes.get_position().height * float(figure_of(axes).get_size_inches()[1]), 1.0)
    step = 0.15 / inches
    order = np.argsort(heights, kind="stable")
    wanted = np.array([(heights[place] - low) / (high - low) for place in order])
    for place, at in zip(order, _spread(wanted, step), strict=True):
        axes.annotate(
            fold(labels[place], 30, 1), (starts[place], heights[place]), xytext=(1.03, at),
            textcoords="axes fraction", va="center", fontsize=7.5, annotation_clip=False,
            arrowprops={
                "arrowstyle": "-", "color": SOFT, "linewidth": 0.5, "relpos": (0.0, 0.5),
                "shrinkA": 0.0, "shrinkB": 3.0,
            },
        )  # fmt: skip


def _spread(wanted: np.ndarray[Any, Any], step: float) -> np.ndarray[Any, Any]:
    """Return rising places at least a step apart, within 0 and 1 where they have room, as near as can be to the wanted.

    Less the steps between them, the places need only rise: that is isotonic regression, by pooling neighbours.
    """
    pools: list[list[float]] = []
    for one in wanted - step * np.arange(len(wanted)):
        pools.append([float(one)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    flat = np.array([np.mean(pool) for pool in pools for _ in pool])
    out: np.ndarray[Any, Any] = np.clip(flat, 0.0, max(1.0 - step * (len(wanted) - 1), 0.0))
    out += step * np.arange(len(wanted))
    return out


def tell_cut(drawn: int, there: int, things: str) -> str:
    """Return the sentence that says how many of them are drawn, empty if all are."""
    return f" The first {drawn} of {there} {things} are drawn." if there > drawn else ""


def tell_names(names: Sequence[str], most: int = 5) -> str:
    """Return names as a sentence lists them, the last ones as a count."""
    shown = [str(one) for one in names[:most]]
    return listed([*shown, f"{len(names) - most} more"] if len(names) > most else shown)
