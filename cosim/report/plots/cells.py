"""A table drawn as cells: shade for the size, a number or a sign written in each, hatch where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cosim.report.plots.rows import fold
from cosim.report.plots.style import FAINT, SOFT

SIZES: Final = "Blues"
"""Shades from white at 0 to dark: one hue, so that grey says the same."""


def luminance(colour: Any) -> float:
    """Return the relative luminance of a colour as WCAG 2 reckons it, 0 black to 1 white.

    Examples
    --------
    >>> luminance("white"), luminance("black")
    (1.0, 0.0)
    """
    parts = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in mpl.colors.to_rgb(colour)]
    return round(float(np.dot(parts, (0.2126, 0.7152, 0.0722))), 9)


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours as WCAG 2 reckons it, 1 to 21; letters want 4.5.

    Examples
    --------
    >>> contrast("black", "white")
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(face: Any) -> str:
    """Return the colour of letters that stands out most from a face; one of the two always has a contrast of 4.5."""
    return max(("black", "white"), key=lambda ink: contrast(face, ink))


def shade_of(size: float, *, most: float) -> Any:
    """Return the shade of a size from 0 to the most."""
    share = 0.0 if most <= 0 else min(max(size / most, 0.0), 1.0)
    # The lightest fifth is pale enough for black letters, the darkest is not black: both ends stay legible.
    return mpl.colormaps[SIZES](0.92 * share) if share > 0.02 else "white"


def draw_cells(
    axes: Axes,
    sizes: np.ndarray[Any, Any],
    texts: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    most: float,
    letters: float = 7.5,
    bare: np.ndarray[Any, Any] | None = None,
) -> None:
    """Draw cells, the first row on top.

    Parameters
    ----------
    sizes : array, [row, column], 0 or more
        What the shade says; where it is not known the cell is hatched.
    texts : what is written in each cell
    most : the size of the darkest shade
    letters : points
    bare : array of bool, [row, column]
        Cells that do not exist and are left empty.
    """
    for r, c in np.ndindex(sizes.shape):
        if bare is not None and bare[r, c]:
            continue
        y = len(rows) - 1 - r
        known = np.isfinite(sizes[r, c])
        face = shade_of(float(sizes[r, c]), most=most) if known else "white"
        edge = FAINT if known else SOFT
        cell = Rectangle((c - 0.5, y - 0.5), 1.0, 1.0, facecolor=face, edgecolor=edge, linewidth=0.8, zorder=1)
        cell.set_hatch("" if known else "//////")
        axes.add_patch(cell)
        axes.text(c, y, texts[r][c], ha="center", va="center", fontsize=letters, color=ink_on(face), zorder=2)
    axes.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    axes.set_ylim(-0.5, max(len(rows), 1) - 0.5)
    axes.set_yticks(range(len(rows))[::-1], [fold(one, 28) for one in rows], fontsize=8)
    names = _upright(columns)
    turned: Any = {} if names else {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(range(len(columns)), names or [fold(one, 28, 1) for one in columns], fontsize=8, **turned)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)


def _upright(columns: Sequence[str]) -> list[str]:
    """Return the names of columns as they can stand side by side, none at all where they cannot."""
    names = [fold(one, max(int(5.0 / max(len(columns), 1) / 0.08), 1)) for one in columns]
    return names if not any("…" in one for one in names) else []


def room_below(columns: Sequence[str]) -> float:
    """Return how many inches the names of columns take below the cells."""
    if _upright(columns):
        return 0.35
    return 0.25 + 0.055 * min(max((len(one) for one in columns), default=0), 28)
