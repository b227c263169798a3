"""The causal graph of a theory: constructs in a ring, signed arrows between them, those that no arrow touches apart in
a row, and phases in a chain below.

Sign is told three times over (colour, dash and a bar with a minus instead of a head), so that the picture reads in
grey and to everybody.
"""

from __future__ import annotations

import math
import textwrap
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Polygon

from cosim.report.plots.style import BLUE, INK, SOFT, VERMILION, begin, styled
from cosim.results.drawing import GraphDrawing

PLUS: Final = BLUE
MINUS: Final = VERMILION
MEASURE: Final = SOFT
HALF: Final = np.array([0.37, 0.20])
"""Half axes of a construct; six of them stand on an ellipse with half axes RING."""
RING: Final = np.array([1.45, 1.0])
APART: Final = 0.95
"""Height of a row of constructs that no arrow touches, with what they are measured from below them."""
A_ROW: Final = 5
ACROSS: Final = 2.45
"""Half the width of the picture."""
INCHES: Final = 1.84
"""Of paper for one unit of the picture, so that texts fit their shapes."""
SMALL: Final = 8.5
LANE: Final = 0.14
"""Between the ways back that refused decisions lead."""
_INPUT_DASH: Final = (0, (2.0, 1.5))
_MINUS_DASH: Final = (0, (4.0, 2.0))


@styled
def plot_causal_graph(drawing: GraphDrawing, axes: Axes | None = None) -> Axes:
    """Return axes with a theory's graph and phases.

    Parameters
    ----------
    drawing : GraphDrawing
    axes : Axes, optional
        Drawn on; without it, a new figure, 9 inches wide for up to eight constructs, that belongs to nobody else.

    Returns
    -------
    Axes

    Sources
    -------
    ASSUMED : colours of Okabe and Ito, blue and vermilion, told apart by all common kinds of colour vision.
    """
    drawn = {(sender, receiver) for sender, receiver, _weight, _by in drawing.arrows}
    linked = {name for ends in drawn for name in ends}
    ring = [name for name, _measured in drawing.nodes if name in linked or not linked]
    apart = [name for name, _measured in drawing.nodes if name not in ring]
    grown = max(1.0, len(ring) / 8.0) if len(ring) > 1 else 0.0
    across = ACROSS * max(1.0, grown)
    rows = _phase_rows(drawing.phases)
    top, bottom = grown * float(RING[1]) + 0.62, -grown * float(RING[1]) - 0.75
    position = dict(zip(ring, [grown * RING * one for one in _directions(len(ring))], strict=True))
    position |= _places_apart(apart, across, bottom)
    bottom -= APART * math.ceil(len(apart) / A_ROW)
    lowest = bottom - sum(_row_height(row) + 0.2 for row in rows) - LANE * len(drawing.back)
    axes = begin(axes, (top - lowest) * INCHES + 1.0, 2.0 * across * INCHES)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(-across, across)
    axes.set_ylim(lowest, top)
    axes.set_title("\n".join(textwrap.wrap(drawing.title, 70)), fontsize=13)
    for sender, receiver, weight, moderated in drawing.arrows:
        if sender == receiver:
            points = _own_loop(position[sender])
        else:
            points = _curve(position[sender], position[receiver], both=(receiver, sender) in drawn)
        _draw_arrow(axes, points, weight, bool(moderated))
    for name, measured in drawing.nodes:
        away = _outward(position[name]) if name in ring else np.array([0.0, -1.0])
        _draw_construct(axes, name, measured, position[name], away, is_linked=name in linked)
    if not drawing.arrows:
        text = "no arrows: the constructs\nare only what is measured"
        axes.text(0.0, 0.0, text, ha="center", va="center", color=MEASURE)
    edges: list[tuple[float, float]] = []
    for row in rows:
        edges += _draw_row(axes, row, bottom, is_last=row is rows[-1])
        bottom -= _row_height(row) + 0.2
    for lane, (refused, again) in enumerate(drawing.back):
        _draw_back(axes, edges[refused], edges[again], (lane + 1) * LANE)
    _draw_legend(axes, drawing)
    return axes


def _directions(count: int) -> list[Any]:
    """Return directions around a circle, clockwise from the top."""
    angles = [math.pi / 2.0 - 2.0 * math.pi * number / max(count, 1) for number in range(count)]
    return [np.array([math.cos(angle), math.sin(angle)]) for angle in angles]


def _places_apart(names: list[str], across: float, top: float) -> dict[str, Any]:
    """Return the places of constructs that no arrow touches, in rows below the ring."""
    places = {}
    for first in range(0, len(names), A_ROW):
        row = names[first : first + A_ROW]
        level = top - float(HALF[1]) - APART * (first // A_ROW)
        for number, name in enumerate(row):
            places[name] = np.array([across * ((2 * number + 1) / len(row) - 1.0), level])
    return places


def _outward(place: Any) -> Any:
    length = float(np.hypot(*place))
    return place / length if length > 0.0 else np.array([0.0, 1.0])


def _outside(points: Any, place: Any, gap: float) -> Any:
    """Return which points lie outside a construct by at least a gap."""
    return np.hypot(*((points - place) / (HALF + gap)).T) > 1.0


def _curve(start: Any, end: Any, *, both: bool) -> Any:
    """Return the points [n, 2] of a bent line from the rim of one construct to the rim of another.

    A line whose twin comes back the other way keeps to its own side; one alone is nearly straight.
    """
    along = end - start
    across = np.array([along[1], -along[0]]) / np.hypot(*along)
    aside = (0.055 if both else 0.0) * across
    bend = (start + end) / 2.0 + aside + (0.10 if both else 0.07) * np.hypot(*along) * across
    t = np.linspace(0.0, 1.0, 400)[:, None]
    points = (1.0 - t) ** 2 * (start + aside) + 2.0 * t * (1.0 - t) * bend + t**2 * (end + aside)
    kept = points[_outside(points, start, 0.0) & _outside(points, end, 0.0)]
    return kept if len(kept) > 20 else points[150:250]


def _own_loop(place: Any) -> Any:
    """Return the points of a line from a construct round to itself, beside its input."""
    away = _outward(place) / HALF
    angle = math.atan2(away[1], away[0]) + 0.65
    turned = np.array([math.cos(angle), math.sin(angle)])
    centre = place + HALF * turned + 0.10 * _outward(turned / HALF)
    t = np.linspace(0.0, 2.0 * math.pi, 400)
    circle = centre + 0.15 * np.stack([np.cos(t), np.sin(t)], axis=1)
    free = _outside(circle, place, 0.0)
    first = int(np.argmax(free & ~np.roll(free, 1)))
    circle, free = np.roll(circle, -first, axis=0), np.roll(free, -first)
    return circle[: len(free) if free.all() else int(np.argmin(free))]


def _draw_arrow(axes: Axes, points: Any, weight: float, moderated: bool) -> None:
    colour, width = (PLUS if weight > 0.0 else MINUS), _line_width(weight)
    tip = points[-1]
    back = points[np.hypot(*(points - tip).T) > 0.06]
    along = _outward(tip - (back[-1] if len(back) else points[0]))
    across = np.array([-along[1], along[0]])
    size = 0.03 + 0.009 * width
    shaft = points[np.hypot(*(points - tip).T) > (2.0 * size if weight > 0.0 else 0.0)]
    dash: Any = "solid" if weight > 0.0 else _MINUS_DASH
    axes.plot(*shaft.T, color=colour, linewidth=width, linestyle=dash, solid_capstyle="butt", zorder=2)
    if weight > 0.0:
        corners = np.array([tip, tip - 2.4 * size * along + size * across, tip - 2.4 * size * along - size * across])
        axes.add_patch(Polygon(corners, closed=True, facecolor=colour, edgecolor="white", linewidth=0.6, zorder=4))
    else:
        bar = np.array([tip + 1.5 * size * across, tip - 1.5 * size * across])
        axes.plot(*bar.T, color=colour, linewidth=width + 1.2, solid_capstyle="butt", zorder=4)
        # The minus stands near the bar, where lines that cross in the middle have parted.
        place = points[int(0.66 * len(points))]
        axes.plot(*place, marker="o", markersize=12, color="white", markeredgecolor=colour, zorder=5)
        axes.plot(*place, marker="_", markersize=7, color=colour, markeredgewidth=2.0, zorder=6)
    if moderated:
        place = points[int(0.36 * len(points))]
        axes.plot(*place, marker="D", markersize=6, color="white", markeredgecolor=colour, zorder=5)


def _line_width(weight: float) -> float:
    return 0.7 + 1.4 * min(abs(weight), 3.0)


def _draw_construct(axes: Axes, name: str, measured: str, place: Any, away: Any, *, is_linked: bool) -> None:
    edge = INK if is_linked else MEASURE
    axes.add_patch(Ellipse(place, *(2.0 * HALF), facecolor="#f2f2f2", edgecolor=edge, linewidth=1.3, zorder=3))
    words = textwrap.wrap(name.replace("_", " ").replace("-", " "), 14, max_lines=3, placeholder=" …")
    size = 10.5 * min(1.0, 13.0 / max(len(word) for word in words), 2.4 / len(words))
    axes.text(place[0], place[1], "\n".join(words), ha="center", va="center", fontsize=size, color=INK, zorder=7)
    if not measured:
        return
    rim = place + away / np.hypot(*(away / HALF))
    style = {
        "arrowstyle": "->",
        "linestyle": _INPUT_DASH,
        "color": MEASURE,
        "linewidth": 1.1,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    axes.annotate("", xy=tuple(rim + 0.02 * away), xytext=tuple(rim + 0.22 * away), arrowprops=style, zorder=2)
    side = "left" if away[0] > 0.3 else "right" if away[0] < -0.3 else "center"
    level = "bottom" if away[1] > 0.8 else "top" if away[1] < -0.8 else "center"
    label = rim + 0.25 * away
    axes.text(
        label[0],
        label[1],
        measured.replace("_", " "),
        ha=side,
        va=level,
        fontsize=SMALL,
        style="italic",
        color=MEASURE,
    )


Row = list[tuple[str, list[str], float]]


def _phase_rows(phases: tuple[tuple[str, str], ...]) -> list[Row]:
    """Return rows of (name, lines of text, width of the box), five or fewer a row."""
    n_rows = math.ceil(len(phases) / 5)
    a_row = math.ceil(len(phases) / max(n_rows, 1))
    rows = []
    for first in range(0, len(phases), max(a_row, 1)):
        part = phases[first : first + a_row]
        wide = min((2.0 * ACROSS - 0.1 - 0.15 * (len(part) - 1)) / len(part), 2.9)
        rows.append([(name, _lines(text, int(wide * 24.0)), wide) for name, text in part])
    return rows


def _lines(text: str, letters: int) -> list[str]:
    return [line for part in text.replace("_", " ").split("\n") for line in textwrap.wrap(part, letters)]


def _row_height(row: Row) -> float:
    return 0.27 + 0.083 * max(len(lines) for _name, lines, _wide in row)


def _draw_back(axes: Axes, start: tuple[float, float], end: tuple[float, float], deep: float) -> None:
    """Draw the way back after a refused decision: down from one phase, along, and up into another."""
    floor = min(start[1], end[1]) - deep
    out, home = start[0] + 0.12, end[0] - 0.12
    line: dict[str, Any] = {"color": MEASURE, "linewidth": 0.9, "linestyle": _MINUS_DASH}
    axes.plot([out, out, home], [start[1], floor, floor], zorder=2, **line)
    arrow = {"arrowstyle": "-|>", "shrinkA": 0.0, "shrinkB": 0.0, **line}
    axes.annotate("", xy=(home, end[1]), xytext=(home, floor), arrowprops=arrow, zorder=2)
    axes.text(
        (out + home) / 2.0, floor, "refused", ha="center", va="center", fontsize=SMALL, style="italic", color=MEASURE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, zorder=3,
    )  # fmt: skip


def _draw_row(axes: Axes, row: Row, top: float, *, is_last: bool) -> list[tuple[float, float]]:
    """Draw a row of phases and return where the lower edge of each has its middle."""
    places = []
    high, gap = _row_height(row), 0.15
    left = -sum(wide + gap for _name, _lines, wide in row) / 2.0 + gap / 2.0
    step = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.0, "shrinkA": 0.0, "shrinkB": 0.0}
    for number, (name, lines, wide) in enumerate(row):
        corner = (left + 0.04, top - high + 0.04)
        style = "round,pad=0.04,rounding_size=0.05"
        axes.add_patch(
            FancyBboxPatch(corner, wide - 0.08, high - 0.08, boxstyle=style, facecolor="white", edgecolor=INK, zorder=3)
        )
        head, middle = name.replace("_", " "), left + wide / 2.0
        size = min(10.0, 10.0 * wide * 18.0 / len(head)) if head else 10.0
        axes.text(middle, top - 0.06, head, ha="center", va="top", fontsize=size, weight="bold", color=INK, zorder=4)
        axes.text(middle, top - 0.19, "\n".join(lines), ha="center", va="top", fontsize=SMALL, color=INK, zorder=4)
        places.append((middle, top - high))
        left += wide + gap
        if number + 1 < len(row):
            axes.annotate(
                "",
                xy=(left, top - high / 2.0),
                xytext=(left - gap, top - high / 2.0),
                arrowprops=step,
                zorder=4,
            )
    if not is_last:
        axes.annotate("", xy=(0.0, top - high - 0.2), xytext=(0.0, top - high), arrowprops=step, zorder=4)
    return places


def _draw_legend(axes: Axes, drawing: GraphDrawing) -> None:
    weights = [weight for _from, _to, weight, _by in drawing.arrows]
    sizes = sorted({abs(weight) for weight in weights})
    readings = ", ".join(sorted({by for _from, _to, _weight, by in drawing.arrows if by}))
    handles = []
    if any(weight > 0.0 for weight in weights):
        handles.append(Line2D([], [], color=PLUS, linewidth=2.1, marker=">", label="raises"))
    if any(weight < 0.0 for weight in weights):
        handles.append(
            Line2D([], [], color=MINUS, linewidth=2.1, linestyle=(0, (1.6, 0.8)), marker="|", label="lowers (−)")
        )
    if readings:
        label = f"multiplied by {readings}"
        handles.append(Line2D([], [], color=PLUS, linewidth=2.1, marker="D", markerfacecolor="white", label=label))
    if any(measured for _name, measured in drawing.nodes):
        handles.append(Line2D([], [], color=MEASURE, linewidth=1.1, linestyle=_INPUT_DASH, label="measured from"))
    if len(sizes) > 1:
        for size in sizes if len(sizes) < 4 else (sizes[0], sizes[-1]):
            handles.append(Line2D([], [], color=INK, linewidth=_line_width(size), label=f"weight {size:g}"))
    if handles:
        place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0)}
        axes.legend(handles=handles, ncols=min(len(handles), 5), frameon=False, fontsize=9.5, **place)
