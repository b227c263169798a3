"""What every figure over time shares: years on its axis, a line with its bands, and the words for them."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

LEAST_FOR_SPREAD: Final = 10
"""Replicates from which on one may say where nine of ten lie."""


def month_years(months: Any, start: tuple[int, int]) -> Any:
    """Return month numbers as years with a fraction."""
    return start[0] + (start[1] - 1 + np.asarray(months, np.float64)) / 12.0


def year_ticks(axes: Axes, start: tuple[int, int], months: int) -> None:
    """Put a tick at the beginning of each year, fewer when there are many."""
    first, last = start[0] + (start[1] - 1) / 12.0, start[0] + (start[1] - 1 + months) / 12.0
    axes.set_xlim(first, max(last, first + 1 / 12))
    step = max(1, math.ceil((last - first) / 10))
    axes.set_xticks(np.arange(math.ceil(first), math.floor(last) + 1, step))
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:.0f}")


def tell_bands(n_replicates: int, spread: bool = True) -> str:
    """Return in words what the lines and bands of a figure over time are.

    Examples
    --------
    >>> tell_bands(1), tell_bands(5)
    ('Line: one replicate.', 'Line: mean of 5 replicates; band: its 95 % interval.')
    """
    if n_replicates < 2:
        return "Line: one replicate."
    if spread and n_replicates >= LEAST_FOR_SPREAD:
        bands = "dark band: its 95 % interval; pale band: nine of ten replicates"
        return f"Line: mean of {n_replicates} replicates; {bands}."
    return f"Line: mean of {n_replicates} replicates; band: its 95 % interval."


def draw_band(
    axes: Axes, x: Any, table: pd.DataFrame, colour: str, label: str, *, spread: bool = True, **line: Any
) -> None:
    """Draw a mean with its interval and, if there are enough replicates to speak of, where nine of ten of them lie."""
    if spread and table["n"].max() >= LEAST_FOR_SPREAD:
        axes.fill_between(x, table["p5"], table["p95"], color=colour, alpha=0.14, linewidth=0)
    if table["n"].max() > 1:
        axes.fill_between(x, table["low"], table["high"], color=colour, alpha=0.28, linewidth=0)
    axes.plot(x, table["mean"], color=colour, label=label, **line)
