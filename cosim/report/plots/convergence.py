"""Whether indices have settled: each as the design grows, with its band."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from cosim.report.plots.rows import (
    MOST_PANELS,
    as_numbers,
    begin_stack,
    label_beside,
    mark_of,
    names_in,
    per_cent_ticks,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    write_head,
)
from cosim.report.plots.style import FAINT, say_instead, styled
from cosim.report.wording import number_words

MOST_NAMED: Final = 6
"""Factors drawn with mark and name; the others are thin grey lines."""


def _kept(frame: pd.DataFrame, kind: str | None) -> tuple[pd.DataFrame, str]:
    if frame.empty:
        return frame, kind or ""
    kind = kind or ("ST" if (frame["kind"] == "ST").any() else str(frame["kind"].iloc[0]))
    table = as_numbers(frame[frame["kind"] == kind], "n", "value", "low", "high")
    table = table.assign(outcome=table["outcome"].astype(str), factor=table["factor"].astype(str))
    return table[table["n"].notna() & (table["n"] > 0)], kind


@styled
def plot_convergence(frame: pd.DataFrame, axes: Axes | None = None, *, kind: str | None = None) -> Axes:
    """Return axes with one panel for each outcome: an index of each factor over growing designs, with bands.

    Parameters
    ----------
    frame : outcome, factor, kind, n, value, low, high
    kind : the index to draw; "ST" if it is there and nothing is said
    """
    table, kind = _kept(frame, kind)
    outcomes = names_in(table["outcome"], MOST_PANELS) if len(table) else []
    outer, panels = begin_stack(axes, max(len(outcomes), 1), 1, 2.1)
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no index was reckoned over growing designs")
    is_share = kind in ("S1", "ST", "S2", "delta", "median")
    for panel, outcome in zip(panels, outcomes, strict=False):
        rows = table[table["outcome"] == outcome]
        last = rows.sort_values("n", kind="stable").groupby("factor", sort=False)["value"].last()
        order = [str(one) for one in last.sort_values(ascending=False, kind="stable").index]
        ends: list[tuple[float, float, str]] = []
        for factor in order[::-1]:
            line = rows[rows["factor"] == factor].sort_values("n", kind="stable")
            place = order.index(factor)
            if place >= MOST_NAMED:
                panel.plot(line["n"], line["value"], color=FAINT, linewidth=1.0, zorder=1.5)
                continue
            mark = mark_of(place)
            panel.fill_between(line["n"], line["low"], line["high"], color=mark.colour, alpha=0.13, linewidth=0)
            panel.plot(
                line["n"], line["value"], color=mark.colour, linestyle=mark.dash, marker=mark.marker, markersize=4.5
            )
            known = line[line["value"].notna()]
            if len(known):
                ends.append((float(known["value"].iloc[-1]), float(known["n"].iloc[-1]), factor))
        panel.set_xscale("log")
        sizes = sorted(set(rows["n"]))
        panel.xaxis.set_major_locator(FixedLocator(_apart(sizes)))
        panel.xaxis.set_minor_locator(NullLocator())
        panel.xaxis.set_major_formatter(lambda n, _: f"{n:,.0f}")
        panel.set_xlim(sizes[0] / 1.08, sizes[-1] * 1.08)
        if is_share:
            per_cent_ticks(panel, "y")
        bottom, top = panel.get_ylim()
        panel.set_ylim(max(bottom, -0.2) if is_share else bottom, min(top, 1.4) if is_share else top)
        label_beside(panel, [one[0] for one in ends], [one[1] for one in ends], [one[2] for one in ends])
        panel.set_ylabel(f"{kind}, share of variance" if kind in ("S1", "ST", "S2") else kind)
        panel.set_xlabel("blocks of the design (n)")
    write_head(outer, "Have the indices settled? (bands: 95 % intervals)", above=title_panels(panels, outcomes, 1))
    return outer


def _apart(sizes: list[float]) -> list[float]:
    """Return the sizes whose numbers do not lie on one another on an axis of logarithms."""
    span = math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 1.0
    kept = [sizes[-1]]
    for one in sizes[-2::-1]:
        if math.log(kept[-1] / one) > 0.09 * span:
            kept.append(one)
    return kept[::-1]


def describe_convergence(frame: pd.DataFrame, *, kind: str | None = None, width: float = 0.1) -> str:
    """Return in words what `plot_convergence` shows.

    Parameters
    ----------
    frame, kind : as for `plot_convergence`
    width : of an interval that counts as settled, in the index's unit; of mu_star, as a share of the largest
    """
    table, kind = _kept(frame, kind)
    if table.empty:
        return "No index was reckoned over growing designs."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[table["outcome"] == outcome].sort_values("n", kind="stable")
        last = rows.groupby("factor", sort=False).last()
        half = ((last["high"] - last["low"]) / 2.0).dropna()
        n = int(rows["n"].max())
        if half.empty:
            parts.append(f"{outcome}: no interval of {kind} is known at {n:,} blocks.")
            continue
        scale = float(last["value"].max()) if kind == "mu_star" else 1.0
        wide = [str(one) for one in half.index[half >= scale * width / 2.0]]
        text = f"{outcome}: at {n:,} blocks the widest interval of {kind} is ± {number_words(float(half.max()), 3)}"
        parts.append(f"{text}; not settled: {tell_names(wide)}." if wide else f"{text}; all have settled.")
    return " ".join(parts) + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
