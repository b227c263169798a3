"""How much of an outcome's variance each factor makes, alone and with all that it acts together with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from cosim.report.plots.rows import (
    MOST_PANELS,
    MOST_ROWS,
    ROW,
    as_numbers,
    begin_stack,
    label_rows,
    names_in,
    per_cent_ticks,
    rows_of,
    say_unknown,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    write_head,
)
from cosim.report.plots.style import BLUE, FAINT, INK, ORANGE, SOFT, say_instead, styled
from cosim.report.wording import interval_words, per_cent
from cosim.results.intervals import Interval

KINDS: Final = {
    "S1": "alone (S1)",
    "ST": "with all it acts together with (ST)",
    "delta": "on the whole distribution (delta)",
    "median": "on the whole distribution (PAWN)",
    "median_by_chance": "what chance alone shows (PAWN)",
}
FACES: Final[tuple[dict[str, Any], ...]] = (
    {"facecolor": BLUE, "edgecolor": BLUE, "linewidth": 1.0},
    {"facecolor": "white", "edgecolor": ORANGE, "hatch": "/////", "linewidth": 1.0},
)
CHANCE: Final = "chance"
"""The kind of a row without a factor: the share of the variance that is luck between replicates."""


def _kept(frame: pd.DataFrame, kinds: Sequence[str] | None) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that can be drawn, and the one or two kinds of index among them."""
    there = [kind for kind in (kinds or KINDS) if (frame["kind"] == kind).any()][:2] if len(frame) else []
    table = as_numbers(frame, "value", "low", "high")
    return table[table["kind"].isin([*there, CHANCE])], there


def _telling(kinds: Sequence[str]) -> str:
    """Return the kind that says which factor makes most: the total of two, and never what chance alone shows."""
    return kinds[0] if kinds[0] == "median" else kinds[-1]


def _ordered(table: pd.DataFrame, kinds: Sequence[str]) -> list[str]:
    """Return the factors, the one that makes most over all outcomes first."""
    rows = table[table["kind"] == _telling(kinds)]
    size = rows.groupby(rows["factor"].astype(str), sort=False)["value"].mean().fillna(-np.inf)
    return [str(one) for one in size.sort_values(ascending=False, kind="stable").index]


@styled
def plot_indices(frame: pd.DataFrame, axes: Axes | None = None, *, kinds: Sequence[str] | None = None) -> Axes:
    """Return axes with one panel for each outcome: the first-order and the total index of each factor.

    Parameters
    ----------
    frame : outcome, factor, kind, value, low, high
        Kinds "S1" and "ST", or "delta", or "median" and "median_by_chance"; a row of kind "chance" holds the share that
        is luck.
    kinds : at most two kinds to draw; those of `KINDS` that are there if not said
    """
    table, there = _kept(frame, kinds)
    outcomes = names_in(table["outcome"], MOST_PANELS) if len(table) else []
    factors = _ordered(table, there)[:MOST_ROWS] if there else []
    has_chance = bool(len(table)) and bool((table["kind"] == CHANCE).any())
    labels = [*factors, "chance"] if has_chance else factors
    columns = min(3, max(len(outcomes), 1))
    each = 0.3 + 1.25 * ROW * max(len(labels), 2)
    outer, panels = begin_stack(axes, max(math.ceil(len(outcomes) / columns), 1), columns, each)
    spare_panels(panels, len(outcomes) if factors else 0)
    if not factors:
        return say_instead(outer, "no index was reckoned")
    least, most = float(table["low"].min(skipna=True)), float(table["high"].max(skipna=True))
    most = np.nanmax([most, table["value"].max(), 0.1])
    for place, outcome in enumerate(outcomes):
        panel, rows = panels[place], table[table["outcome"].astype(str) == outcome]
        for row in rows_of(rows):
            _draw(panel, row, labels, there)
        label_rows(panel, labels if place % columns == 0 else [""] * len(labels), letters=24)
        if has_chance:
            panel.axhline(0.5, color=SOFT, linewidth=0.8)
        say_unknown(panel, rows["value"])
        panel.set_xlim(min(0.0, max(np.nan_to_num(least), -0.15)), min(1.06 * most, 1.3))
        per_cent_ticks(panel)
        panel.set_xlabel("share of the variance" if set(there) <= {"S1", "ST"} else "index, 0 to 100 %")
    above = title_panels(panels, outcomes, columns)
    keys = [Patch(**face, label=KINDS.get(kind, kind)) for face, kind in zip(FACES, there, strict=False)]
    if has_chance:
        keys.append(Patch(facecolor=FAINT, edgecolor=SOFT, hatch="....", label="luck between replicates"))
    write_head(outer, "What moves the outcomes", keys, above=above)
    return outer


def _draw(panel: Axes, row: Any, labels: list[str], there: list[str]) -> None:
    chance = row.kind == CHANCE
    name = "chance" if chance else str(row.factor)
    if name not in labels or not math.isfinite(row.value):
        return
    y = len(labels) - 1.0 - (len(labels) - 1 if chance else labels.index(name))
    face: dict[str, Any] = {"facecolor": FAINT, "edgecolor": SOFT, "hatch": "....", "linewidth": 0.8}
    height = 0.62
    if not chance:
        place = there.index(row.kind)
        face, height = FACES[place], 0.66 / len(there)
        y += (0.0, 0.18 * (1 - 2 * place))[len(there) - 1]
    panel.barh(y, row.value, height=height, **face)
    if math.isfinite(row.low) and math.isfinite(row.high):
        panel.plot([row.low, row.high], [y, y], color=INK, linewidth=1.1, zorder=3)
        panel.plot([row.low, row.high], [y, y], linestyle="none", marker="|", color=INK, markersize=4.5, zorder=3)


def describe_indices(frame: pd.DataFrame, *, kinds: Sequence[str] | None = None) -> str:
    """Return in words what `plot_indices` shows."""
    table, there = _kept(frame, kinds)
    if not there:
        return "No index was reckoned."
    outcomes = names_in(table["outcome"], MOST_PANELS)
    parts = []
    for outcome in outcomes:
        rows = table[(table["outcome"].astype(str) == outcome) & table["value"].notna()]
        last = rows[rows["kind"] == _telling(there)].sort_values("value", ascending=False, kind="stable")
        if last.empty:
            parts.append(f"{outcome}: no index is known.")
            continue
        told = [
            f"{row.factor} {interval_words(Interval(row.value, row.low, row.high, 2), 'difference')}"
            for row in rows_of(last.head(3))
        ]
        text = f"{outcome}: {KINDS.get(_telling(there), _telling(there))}, most is made by {tell_names(told)}"
        if "S1" in there:
            text += f"; all factors alone add to {per_cent(float(rows.loc[rows['kind'] == 'S1', 'value'].sum()))}"
        luck = rows.loc[rows["kind"] == CHANCE, "value"]
        if len(luck):
            text += f", and luck between replicates makes {per_cent(float(luck.iloc[0]))}"
        parts.append(f"{text}.")
    n_factors = table.loc[table["kind"] != CHANCE, "factor"].nunique()
    cut = tell_cut(MOST_ROWS, n_factors, "factors") + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
    return " ".join(parts) + cut
