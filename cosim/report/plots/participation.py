"""Who takes part: each sector's share of the seats in open arenas beside its share of the people."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import FAINT, INK, SECTOR_MARKS, SOFT, as_per_cent, begin, say_instead, styled
from cosim.report.wording import listed, per_cent
from cosim.results.intervals import summarise_groups
from cosim.vocabulary import SECTORS


def shares_of_seats(arenas: pd.DataFrame) -> pd.DataFrame:
    """Return each sector's share among members of open arenas, over replicates.

    Parameters
    ----------
    arenas : table ``arena``: replicate, open, members_public, members_private, members_civic, members_research
    """
    columns = [f"members_{sector}" for sector in SECTORS]
    kept = arenas[arenas["open"].astype(bool)] if len(arenas) else arenas
    sums = kept.groupby("replicate")[columns].sum().astype(np.float64)
    sums.columns = pd.Index(SECTORS)
    totals = sums.sum(axis=1)
    stacked: Any = sums.div(totals.where(totals > 0), axis=0).stack()
    return summarise_groups(stacked).reindex(list(SECTORS))


def shares_of_people(people: pd.DataFrame) -> dict[str, float]:
    """Return each sector's share among people at the first count.

    Parameters
    ----------
    people : table ``people``: replicate, month, sector, n
    """
    first = people[people["month"] == people["month"].min()]
    counts = first.groupby("sector", observed=True)["n"].sum().reindex(list(SECTORS)).fillna(0.0).astype(np.float64)
    total = float(counts.sum())
    return {sector: float(counts[sector]) / total if total > 0 else math.nan for sector in SECTORS}


@styled
def plot_participation(arenas: pd.DataFrame, people: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with each sector's share of the members of open arenas, and of the people.

    Parameters
    ----------
    arenas : table ``arena``
    people : table ``people``
    """
    axes = begin(axes, 2.9)
    seats = shares_of_seats(arenas)
    if arenas.empty or people.empty or seats["mean"].isna().all():
        return say_instead(axes, "nobody took part in an arena open to others than the municipality")
    crowd = shares_of_people(people)
    y = np.arange(len(SECTORS))[::-1].astype(np.float64)
    for place, sector in zip(y, SECTORS, strict=True):
        row: Any = seats.loc[sector]
        mark = SECTOR_MARKS[sector]
        axes.barh(place + 0.19, row["mean"], height=0.34, color=mark.colour, alpha=0.85)
        if np.isfinite(row["low"]):
            reach = [[row["mean"] - max(row["low"], 0.0)], [row["high"] - row["mean"]]]
            axes.errorbar(row["mean"], place + 0.19, xerr=reach, fmt="none", ecolor=INK, elinewidth=1.2)
        axes.barh(
            place - 0.19,
            crowd[sector],
            height=0.34,
            facecolor=FAINT,
            edgecolor=SOFT,
            linewidth=0.8,
        )
        ends = (
            (max(row["mean"], np.nan_to_num(row["high"])), row["mean"], 0.19),
            (crowd[sector], crowd[sector], -0.19),
        )
        for end, value, shift in ends:
            text = "under 1 %" if 0 < value < 0.005 else per_cent(value)
            axes.annotate(
                text, (end, place + shift), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8
            )
    axes.barh([np.nan], [np.nan], color=SOFT, label="members of open arenas, with 95 % interval")
    axes.barh([np.nan], [np.nan], facecolor=FAINT, edgecolor=SOFT, label="people")
    axes.set_yticks(y, SECTORS)
    axes.set_ylim(-0.6, len(SECTORS) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0.0, min(1.12, max(*crowd.values(), float(np.nanmax(seats["mean"]))) * 1.15))
    as_per_cent(axes, "x")
    axes.set_xlabel("share")
    axes.set_title("Who takes part, beside who lives and works there", pad=24)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return axes


def describe_participation(arenas: pd.DataFrame, people: pd.DataFrame) -> str:
    """Return in words what `plot_participation` shows."""
    seats = shares_of_seats(arenas)
    if arenas.empty or people.empty or seats["mean"].isna().all():
        return "Nobody took part in an arena open to others than the municipality."
    crowd = shares_of_people(people)
    told = [
        f"{sector} {per_cent(float(mean))} against {per_cent(crowd[sector], 1)}"
        for sector, mean in zip(SECTORS, seats["mean"], strict=True)
    ]
    return f"Share of the members of open arenas against share of the people: {listed(told)}."
