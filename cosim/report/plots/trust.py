"""Who trusts whom, before the first month and after the last."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import INK, SOFT, begin_panels, say_instead, styled
from cosim.vocabulary import SECTORS

DARK: Final = 0.62
"""Trust above which a cell is so dark that its number is written in white."""


def trust_map(frame: pd.DataFrame, month: int) -> Any:
    """Return trust at one count, [who, in whom], means over replicates and everybody; NaN for a sector nobody is in.

    Parameters
    ----------
    frame : table ``people``: replicate, month, municipality, sector, n, trust_public, trust_private, ...
    month : of the count
    """
    out = np.full((len(SECTORS), len(SECTORS)), np.nan)
    columns = [f"trust_{sector}" for sector in SECTORS]
    now = frame[(frame["month"] == month) & (frame["n"] > 0)]
    for who, sector in enumerate(SECTORS):
        rows = now[now["sector"] == sector]
        if len(rows):
            out[who] = np.average(rows[columns].to_numpy(np.float64), axis=0, weights=rows["n"].to_numpy(np.float64))
    return out


def _first_and_last(frame: pd.DataFrame) -> tuple[int, int]:
    return int(frame["month"].min()), int(frame["month"].max())


@styled
def plot_trust_map(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with the directed trust of each sector in each, at the first count and at the last.

    Parameters
    ----------
    frame : table ``people``
    """
    outer, panels = begin_panels(axes, 1, 2, 3.75, (0.10, 0.0))
    if frame.empty:
        for panel in panels:
            panel.set_axis_off()
        return say_instead(outer, "nobody was counted")
    first, last = _first_and_last(frame)
    middles = np.arange(len(SECTORS)) + 0.5
    maps = {"before": trust_map(frame, first), "after": trust_map(frame, last)}
    for panel, (when, values) in zip(panels, maps.items(), strict=True):
        panel.pcolormesh(values, cmap="Blues", vmin=0.0, vmax=1.0, edgecolors="white", linewidth=1.5)
        panel.set_aspect("equal")
        panel.invert_yaxis()
        panel.grid(visible=False)
        for side in panel.spines.values():
            side.set_visible(False)
        panel.tick_params(length=0)
        for who, whom in np.ndindex(values.shape):
            value = values[who, whom]
            text = "–" if np.isnan(value) else f"{value:.2f}"
            change = value - maps["before"][who, whom]
            if when == "after" and np.isfinite(change) and last > first:
                text += f"\n{change:+.2f}".replace("-", "−") if abs(change) >= 0.005 else "\n0.00"
            panel.text(
                whom + 0.5,
                who + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=8.5,
                color="white" if value > DARK else INK,
            )
        panel.set_xticks(middles, SECTORS)
        panel.set_yticks(middles, SECTORS if when == "before" else [""] * len(SECTORS))
        panel.set_xlabel("in whom", color=SOFT)
        panel.set_title("Before the first month" if when == "before" else f"After month {last}, with the change")
    panels[0].set_ylabel("who trusts", color=SOFT)
    return outer


def describe_trust_map(frame: pd.DataFrame) -> str:
    """Return in words what `plot_trust_map` shows."""
    if frame.empty:
        return "Nobody was counted."
    first, last = _first_and_last(frame)
    before, after = trust_map(frame, first), trust_map(frame, last)
    if np.isnan(after).all():
        return "Nobody was counted."
    parts = []
    for word, place in (("highest", np.nanargmax(after)), ("lowest", np.nanargmin(after))):
        who, whom = (int(one) for one in np.unravel_index(place, after.shape))
        parts.append(f"{word} from {SECTORS[who]} to {SECTORS[whom]} ({after[who, whom]:.2f})")
    text = "Trust, 0 to 1, of the sector in the row in the sector in the column. "
    text += f"At the end it is {parts[0]} and {parts[1]}"
    if last > first:
        change = after - before
        who, whom = (int(one) for one in np.unravel_index(np.nanargmax(np.abs(change)), change.shape))
        moved = f"{change[who, whom]:+.2f}".replace("-", "−")
        text += f"; it moved most from {SECTORS[who]} to {SECTORS[whom]} ({moved})"
    return text + "."
