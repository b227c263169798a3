"""All municipalities beside one another: how often their units put something new into use."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import BLUE, SOFT, begin, say_instead, styled
from cosim.report.plots.timeline import LEAST_FOR_SPREAD
from cosim.report.wording import count_words, interval_words, listed
from cosim.results.intervals import Interval, summarise_groups

MOST_ROWS: Final = 40
"""Of more municipalities only the highest and the lowest are drawn."""


def rates_by_municipality(frame: pd.DataFrame) -> pd.DataFrame:
    """Return innovations per unit and year of each municipality over replicates, highest first.

    Parameters
    ----------
    frame : table ``municipality_month``: replicate, municipality, month, delivered, units
    """
    sums = frame.groupby(["replicate", "municipality"], observed=True)[["delivered", "units"]].sum()
    table = summarise_groups(sums["delivered"] / (sums["units"] / 12.0).where(sums["units"] > 0))
    return table.sort_values("mean", ascending=False)


@styled
def plot_municipalities(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with innovations per unit and year of each municipality, ordered, with intervals.

    Parameters
    ----------
    frame : table ``municipality_month``
    """
    table = rates_by_municipality(frame) if len(frame) else pd.DataFrame({"mean": []})
    n = len(table)
    if n > MOST_ROWS:
        table = pd.concat([table.iloc[: MOST_ROWS // 2], table.iloc[-MOST_ROWS // 2 :]])
    axes = begin(axes, 1.1 + 0.24 * max(len(table), 3))
    if table.empty:
        return say_instead(axes, "no municipality with units was recorded")
    y = np.arange(len(table))[::-1]
    everywhere = frame.groupby("replicate")[["delivered", "units"]].sum()
    years = (everywhere["units"] / 12.0).where(everywhere["units"] > 0)
    axes.axvline(
        float((everywhere["delivered"] / years).mean()),
        color=SOFT,
        linestyle=(0, (2, 1.5)),
        linewidth=1.1,
        label="all together",
    )
    if table["n"].max() >= LEAST_FOR_SPREAD:
        band: Any = {"color": BLUE, "alpha": 0.22, "linewidth": 6.5, "label": "nine of ten replicates"}
        axes.hlines(y, table["p5"], table["p95"], **band)
    reach = None
    if table["low"].notna().all():
        # No rate is below 0, so its interval is cut there, as it is in the text.
        reach = np.array([table["mean"] - table["low"].clip(lower=0.0), table["high"] - table["mean"]])
    axes.errorbar(table["mean"], y, xerr=reach, fmt="o", color=BLUE, markersize=5, label="mean and its 95 % interval")
    axes.set_yticks(y, [str(one) for one in table.index])
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.set_xlim(left=0.0)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("innovations per unit and year")
    axes.set_title(
        "Municipalities, most innovations first" + (f" ({MOST_ROWS} of {n})" if n > MOST_ROWS else ""), pad=24
    )
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, borderaxespad=0.2)
    return axes


def describe_municipalities(frame: pd.DataFrame) -> str:
    """Return in words what `plot_municipalities` shows."""
    table = rates_by_municipality(frame) if len(frame) else pd.DataFrame()
    if table.empty:
        return "No municipality with units was recorded."

    def told(place: int) -> str:
        row = table.iloc[place]
        rate = Interval(row["mean"], row["low"], row["high"], int(row["n"]))
        return f"{table.index[place]} with {interval_words(rate, 'per unit and year')}"

    if len(table) == 1:
        return f"One municipality: {told(0)} innovations per unit and year."
    count = count_words(len(table), "municipality", "municipalities")
    rates = "innovations per unit and year"
    alike = [str(name) for name in table.index[1:] if not table.loc[name, "high"] < table["low"].iloc[0]]
    if not table["high"].iloc[-1] < table["low"].iloc[0]:
        return (
            f"The {count} cannot be told apart by these replicates: the means run from {told(-1)} to "
            f"{told(0)} {rates}, and the intervals overlap."
        )
    text = f"Of {count}, units innovate most often in {told(0)} {rates}, least often in {told(-1)}."
    if alike:
        told_apart = listed(alike) if len(alike) <= 4 else f"{len(alike)} others"
        text = f"Of {count}, the mean is highest in {told(0)} {rates} and lowest in {told(-1)}; " + (
            f"{told_apart} cannot be told apart from the highest."
        )
    return text
