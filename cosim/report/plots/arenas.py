"""What became of arenas: how they ended, how long delivery took, and how much co-creation there was in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    SOFT,
    as_per_cent,
    begin,
    begin_panels,
    say_instead,
    styled,
)
from cosim.report.wording import count_words, in_plain_words, interval_words, listed, per_cent
from cosim.results.intervals import Interval, interval_of_mean, summarise_groups
from cosim.vocabulary import ENDINGS, LEVELS

CAUSES: Final = ENDINGS[2:]
CAUSE_WORDS: Final = {
    "cost": "too dear",
    "policy": "challenged policy",
    "no_support": "no internal support",
    "exhausted": "worn out by age",
    "emptied": "left by everybody",
}
LONGEST_SHOWN: Final = 48


def shares_by(frame: pd.DataFrame, column: str, values: Sequence[object]) -> pd.DataFrame:
    """Return the share of rows with each value, over replicates; a replicate without rows is left out.

    Parameters
    ----------
    frame : with a column ``replicate``
    column : whose values are counted
    values : what is counted, in order
    """
    counts = frame.groupby(["replicate", column], observed=True).size().unstack(column).reindex(columns=list(values))
    counts = counts.fillna(0.0)
    shares = counts.div(counts.sum(axis=1).where(counts.sum(axis=1) > 0), axis=0)
    stacked: Any = shares.stack()
    return summarise_groups(stacked).reindex(list(values))


def _bars(axes: Axes, table: pd.DataFrame, labels: list[str], colour: str, *, hatch: str = "") -> None:
    """Draw lying bars with intervals and their numbers, the first on top."""
    y = np.arange(len(table))[::-1]
    axes.barh(y, table["mean"], color=colour, alpha=0.8, height=0.62, hatch=hatch, edgecolor="white", linewidth=0.5)
    reach = None
    if table["low"].notna().all():
        reach = np.array([table["mean"] - np.maximum(table["low"], 0.0), table["high"] - table["mean"]])
        axes.errorbar(table["mean"], y, xerr=reach, fmt="none", ecolor=INK, elinewidth=1.2)
    ends = table["high"].fillna(table["mean"])
    for place, end, mean in zip(y, ends, table["mean"], strict=True):
        if np.isfinite(mean):
            axes.annotate(
                per_cent(mean),
                (end, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
    axes.set_yticks(y, labels)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0.0, min(1.0, max(float(np.nanmax(ends)) * 1.18, 0.1)))
    as_per_cent(axes, "x")


def _fallen(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["ending"].isin(CAUSES)] if len(frame) else frame


@styled
def plot_endings(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with why arenas ended without a solution in use, as shares of those that did.

    Parameters
    ----------
    frame : table ``arena``: replicate, ending
    """
    axes = begin(axes, 2.7)
    fallen = _fallen(frame)
    if fallen.empty:
        return say_instead(axes, "no arena ended without a solution in use")
    _bars(axes, shares_by(fallen, "ending", CAUSES), [CAUSE_WORDS[cause] for cause in CAUSES], ORANGE)
    axes.set_xlabel("share of the arenas that ended without one")
    axes.set_title("Why arenas ended without a solution in use")
    return axes


def describe_endings(frame: pd.DataFrame) -> str:
    """Return in words what `plot_endings` shows."""
    fallen = _fallen(frame)
    if fallen.empty:
        return "No arena ended without a solution in use."
    ended = frame[frame["ending"] != ENDINGS[0]]
    table = shares_by(fallen, "ending", CAUSES).sort_values("mean", ascending=False)
    told = [f"{CAUSE_WORDS[str(cause)]} {per_cent(row['mean'])}" for cause, row in table.iterrows() if row["mean"] > 0]
    share = per_cent(len(fallen) / len(ended))
    text = f"{share} of the arenas that ended did so without a solution in use: {listed(told)}."
    return f"{text} Bars: mean over replicates with its 95 % interval."


def _delivery(frame: pd.DataFrame) -> tuple[Interval, Interval]:
    """Return mean and coefficient of variation of months to delivery, each over replicates."""
    groups = frame.groupby("replicate")["months_taken"]
    means, counts = groups.mean(), groups.count()
    spread = (groups.std(ddof=1) / means.where(means > 0))[counts > 1]
    return interval_of_mean(means), interval_of_mean(spread)


@styled
def plot_delivery_time(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with the months from opening to use, and their mean and coefficient of variation.

    Parameters
    ----------
    frame : table ``innovation``: replicate, months_taken
    """
    axes = begin(axes, 3.0)
    if frame.empty:
        return say_instead(axes, "no solution was put into use")
    months = frame["months_taken"].to_numpy(np.float64)
    longest = int(min(months.max(), LONGEST_SHOWN))
    bins = np.arange(0, longest + 2) - 0.5
    weights = np.full(len(months), 1.0 / len(months))
    axes.hist(
        np.minimum(months, longest),
        bins=list(bins),
        weights=weights,
        color=BLUE,
        alpha=0.75,
        edgecolor="white",
    )
    mean, spread = _delivery(frame)
    axes.axvline(mean.mean, color=INK, linestyle=(0, (5, 2)), linewidth=1.4)
    text = f"mean {interval_words(mean, 'months')} months\ncoefficient of variation {interval_words(spread, 'ratio')}"
    axes.annotate(
        text, (mean.mean, 0.97), xycoords=("data", "axes fraction"), xytext=(8, 0), textcoords="offset points",
        va="top", fontsize=8.5, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2},
    )  # fmt: skip
    axes.set_xlabel(
        "months from opening to use" + (f", {longest} or more in the last bar" if months.max() > longest else "")
    )
    axes.set_ylabel("share of innovations")
    as_per_cent(axes)
    axes.set_xlim(-0.7, longest + 0.7)
    axes.set_title("How long a solution takes")
    return axes


def describe_delivery_time(frame: pd.DataFrame) -> str:
    """Return in words what `plot_delivery_time` shows."""
    if frame.empty:
        return "No solution was put into use."
    mean, spread = _delivery(frame)
    count = count_words(len(frame), "innovation")
    return (
        f"{count} in all replicates took {interval_words(mean, 'months')} months on average from opening to use; "
        f"their coefficient of variation is {interval_words(spread, 'ratio')}."
    )


def _open(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the ended arenas that invited somebody from outside and have a rung, as the outcome ``quality`` does."""
    if frame.empty:
        return frame
    return frame[frame["open"].astype(bool) & frame["rung"].notna() & (frame["ending"] != ENDINGS[0])]


@styled
def plot_levels(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with two panels: how many open arenas reached each rung, and the quality of co-creation there.

    Parameters
    ----------
    frame : table ``arena``: replicate, open, rung (1..5), quality
    """
    outer, panels = begin_panels(axes, 1, 2, 2.9, (0.06, 0.0))
    arenas = _open(frame)
    if arenas.empty:
        for panel in panels:
            panel.set_axis_off()
        return say_instead(outer, "no arena that was open to others than the municipality has ended")
    rungs = range(len(LEVELS), 0, -1)
    labels = [f"{rung} {in_plain_words(LEVELS[rung - 1])}" for rung in rungs]
    _bars(panels[0], shares_by(arenas, "rung", [float(rung) for rung in rungs]), labels, BLUE)
    panels[0].set_xlabel("share of ended open arenas")
    panels[0].set_title("Level of co-creation")
    quality = _quality(arenas).reindex([float(rung) for rung in rungs])
    y = np.arange(len(LEVELS))[::-1]
    if quality["n"].max() > 1:
        reach = np.nan_to_num(np.array([quality["mean"] - quality["low"], quality["high"] - quality["mean"]]))
        panels[1].errorbar(quality["mean"], y, xerr=reach, fmt="s", color=GREEN, markersize=6, elinewidth=1.5)
    else:
        panels[1].plot(quality["mean"], y, "s", color=GREEN, markersize=6)
    panels[1].set_ylim(panels[0].get_ylim())
    panels[1].set_yticks(y, [""] * len(y))
    panels[1].tick_params(axis="y", length=0)
    panels[1].set_xlim(0.0, 1.0)
    panels[1].set_xlabel("quality of co-creation, 0 to 1")
    panels[1].set_title("Quality on each rung")
    for place, mean in zip(y, quality["mean"], strict=True):
        if not np.isfinite(mean):
            panels[1].text(0.5, place, "no arena", ha="center", va="center", fontsize=8, color=SOFT)
    return outer


def _quality(arenas: pd.DataFrame) -> pd.DataFrame:
    return summarise_groups(arenas.groupby(["replicate", "rung"])["quality"].mean())


def describe_levels(frame: pd.DataFrame) -> str:
    """Return in words what `plot_levels` shows."""
    arenas = _open(frame)
    if arenas.empty:
        return "No arena that was open to others than the municipality has ended."
    table = shares_by(arenas, "rung", [float(rung) for rung in range(1, len(LEVELS) + 1)])
    told = [f"{in_plain_words(word)} {per_cent(mean)}" for word, mean in zip(LEVELS, table["mean"], strict=True)]
    quality = interval_of_mean(arenas.groupby("replicate")["quality"].mean())
    text = f"Of the open arenas that ended these shares reached each rung: {listed(told)}."
    return f"{text} Quality over all of them: {interval_words(quality, 'score 0..1')} of 1."
