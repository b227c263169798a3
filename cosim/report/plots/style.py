"""How every figure looks: colours that all eyes tell apart, and a marker and a dash for when there is no colour.

Nothing outside a figure is touched: settings hold while one figure is drawn or saved, and no window is ever opened.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler
from matplotlib.ticker import PercentFormatter

INK: Final = "#1a1a1a"
SOFT: Final = "#5a5a5a"
FAINT: Final = "#d9d9d9"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
ORANGE: Final = "#E69F00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
WIDTH: Final = 7.2
"""Inches; a column of the page, and of most journals' full width."""


class Mark(NamedTuple):
    """How one group is drawn, three times over: colour, marker and dash."""

    colour: str
    marker: str
    dash: Any


SECTOR_MARKS: Final[dict[str, Mark]] = {
    "public": Mark(BLUE, "o", "solid"),
    "private": Mark(ORANGE, "s", (0, (5.0, 1.6))),
    "civic": Mark(GREEN, "^", (0, (1.4, 1.4))),
    "research": Mark(PURPLE, "D", (0, (6.0, 1.6, 1.4, 1.6))),
}

STYLE: Final[Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.facecolor": "white",
    "axes.prop_cycle": cycler(color=[BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY]),
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.0,
    "errorbar.capsize": 2.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "cosim",
}


def styled[**P, R](plot: Callable[P, R]) -> Callable[P, R]:
    """Return a function that draws in this style and leaves everybody's settings as they were."""

    @functools.wraps(plot)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(STYLE):
            return plot(*args, **kwargs)

    return drawn


def begin(axes: Axes | None, height: float, width: float = WIDTH) -> Axes:
    """Return the axes given, or those of a new figure that belongs to nobody else."""
    if axes is None:
        axes = Figure(figsize=(width, height), layout="constrained").subplots()
    return axes


def begin_panels(
    axes: Axes | None, rows: int, columns: int, height: float, gaps: tuple[float, float]
) -> tuple[Axes, list[Axes]]:
    """Return bare outer axes and panels laid out in them, row by row.

    Parameters
    ----------
    gaps : (between columns, between rows), as shares of the outer axes
    """
    if axes is None:
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots()
    axes.set_axis_off()
    across, down = gaps
    wide = (1.0 - across * (columns - 1)) / columns
    high = (1.0 - down * (rows - 1)) / rows
    places = [
        (column * (wide + across), 1.0 - high - row * (high + down), wide, high)
        for row in range(rows)
        for column in range(columns)
    ]
    return axes, [axes.inset_axes(place) for place in places]


def say_instead(axes: Axes, text: str) -> Axes:
    """Return axes that say why there is nothing to draw."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, text, ha="center", va="center", color=SOFT, transform=axes.transAxes, wrap=True)
    return axes


def as_per_cent(axes: Axes, which: str = "y") -> None:
    """Write an axis of shares in per cent."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(PercentFormatter(xmax=1.0, decimals=0, symbol=" %"))
