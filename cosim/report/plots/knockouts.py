"""What becomes of outcomes when a part of the theory is taken out, alone and two by two."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.rows import (
    MOST_PANELS,
    MOST_ROWS,
    ROW,
    as_numbers,
    begin_stack,
    draw_interval,
    draw_zero,
    key_of,
    label_rows,
    names_in,
    rows_of,
    say_unknown,
    spare_panels,
    tell_cut,
    tell_names,
    title_panels,
    unit_axis,
    unit_in,
    write_head,
)
from cosim.report.plots.style import BLUE, SOFT, VERMILION, Mark, say_instead, styled
from cosim.report.wording import interval_words, number_words
from cosim.results.intervals import Interval

MARKS: Final = {"up": Mark(BLUE, "^", "solid"), "down": Mark(VERMILION, "v", "solid"), "none": Mark(SOFT, "o", "solid")}


def _kept(frame: pd.DataFrame, kind: str = "") -> pd.DataFrame:
    if frame.empty:
        return frame
    table = as_numbers(frame, "effect", "low", "high")
    if "outcome" not in table:
        table = table.rename(columns={"claim": "outcome"})
    names = {name: table[name].astype(str) for name in ("mechanism", "outcome", "kind")}
    table = table.assign(**names)
    table = table.assign(way=np.where(table["low"] > 0.0, "up", np.where(table["high"] < 0.0, "down", "none")))
    return table[table["kind"] == kind] if kind else table


@styled
def plot_knockouts(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome and one row for each mechanism or pair: its effect with interval.

    Parameters
    ----------
    frame : mechanism, outcome (or claim), effect, low, high, kind ("main", "interaction")
        And, if it is known, unit. An interaction's mechanism is the names of the pair, as they are to be read.
    """
    table = _kept(frame)
    outcomes = names_in(table["outcome"], MOST_PANELS) if len(table) else []
    pairs = list(dict.fromkeys(zip(table["kind"], table["mechanism"], strict=True))) if len(table) else []
    pairs = sorted(pairs, key=lambda pair: pair[0] != "main")[:MOST_ROWS]
    columns = min(3, max(len(outcomes), 1))
    each = 0.3 + 1.1 * ROW * max(len(pairs), 2)
    outer, panels = begin_stack(axes, max(math.ceil(len(outcomes) / columns), 1), columns, each)
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no mechanism was taken out")
    n_main = sum(kind == "main" for kind, _ in pairs)
    for place, outcome in enumerate(outcomes):
        panel, rows = panels[place], table[table["outcome"] == outcome]
        for row in rows_of(rows):
            if (row.kind, row.mechanism) in pairs:
                y = len(pairs) - 1.0 - pairs.index((row.kind, row.mechanism))
                draw_interval(panel, y, row.effect, row.low, row.high, MARKS[row.way], hollow=row.way == "none")
        label_rows(panel, [name for _, name in pairs] if place % columns == 0 else [""] * len(pairs), letters=28)
        if 0 < n_main < len(pairs):
            panel.axhline(len(pairs) - n_main - 0.5, color=SOFT, linewidth=0.9)
        draw_zero(panel)
        say_unknown(panel, rows["effect"])
        panel.margins(x=0.08)
        unit_axis(panel, unit_in(rows), "effect")
        panel.locator_params(axis="x", nbins=4 if columns == 3 else 6)
    keys = [key_of(MARKS["up"], "more"), key_of(MARKS["down"], "less"), key_of(MARKS["none"], "interval holds 0")]
    keys[2].set_markerfacecolor("white")
    title = "What each mechanism does to the outcomes" + (" (below the line: pairs)" if n_main < len(pairs) else "")
    write_head(outer, title, keys, above=title_panels(panels, outcomes, columns))
    return outer


def describe_knockouts(frame: pd.DataFrame) -> str:
    """Return in words what `plot_knockouts` shows."""
    table = _kept(frame)
    if table.empty:
        return "No mechanism was taken out."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[(table["outcome"] == outcome) & table["effect"].notna()]
        sure = rows[rows["way"] != "none"].sort_values("effect", key=np.abs, ascending=False, kind="stable")
        told = [f"{row.mechanism} {_signed(row)}" for row in rows_of(sure)]
        text = f"{outcome}: {tell_names(told, 3)}" if told else f"{outcome}: no effect that can be told from none"
        rest = len(rows) - len(sure)
        parts.append(f"{text}; {rest} of {len(rows)} cannot be told from none." if told and rest else f"{text}.")
    return (
        " ".join(parts)
        + tell_cut(MOST_ROWS, table["mechanism"].nunique(), "mechanisms")
        + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
    )


def _signed(row: Any) -> str:
    known = math.isfinite(row.low) and math.isfinite(row.high)
    words = (
        interval_words(Interval(row.effect, row.low, row.high, 2), "difference") if known else number_words(row.effect)
    )
    return f"+{words}" if row.effect > 0 else words
