"""Who gains: each alternative's difference in each municipality, sector and age, with intervals."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from cosim.report.plots.rows import (
    MOST_ROWS,
    as_numbers,
    begin_stack,
    draw_interval,
    draw_zero,
    key_of,
    label_rows,
    mark_of,
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
from cosim.report.plots.style import FAINT, SOFT, say_instead, styled
from cosim.report.wording import SHARE, count_words, interval_words
from cosim.results.intervals import Interval

MOST_ALTERNATIVES: Final = 6
MOST_OUTCOMES: Final = 6


def _kept(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that may be shown, and those that may not because too few stand behind them."""
    if frame.empty:
        return frame, frame
    table = as_numbers(frame, "mean", "low", "high", "n")
    words = {name: table[name].astype(str) for name in ("alternative", "outcome", "group_kind", "group")}
    table = table.assign(**words)
    hidden = table["suppressed"].fillna(False).astype(bool) if "suppressed" in table else pd.Series(False, table.index)
    return table[~hidden], table[hidden]


@styled
def plot_gains(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome, one row for each group and one mark for each alternative.

    Parameters
    ----------
    frame : alternative, outcome, group_kind, group, mean, low, high, n, suppressed
        And, if it is known, unit. What is suppressed is not drawn; the caption says how many rows that are.
    """
    table, hidden = _kept(frame)
    outcomes = names_in(table["outcome"], MOST_OUTCOMES) if len(table) else []
    alternatives = names_in(table["alternative"], MOST_ALTERNATIVES) if len(table) else []
    pairs = list(dict.fromkeys(zip(table["group_kind"], table["group"], strict=True)))[:MOST_ROWS] if len(table) else []
    kinds = names_in(kind for kind, _ in pairs)
    pairs = [pair for kind in kinds for pair in pairs if pair[0] == kind]
    columns = min(3, max(len(outcomes), 1))
    row = 0.2 + 0.085 * max(len(alternatives), 1)
    each = 0.3 + row * max(len(pairs), 2)
    outer, panels = begin_stack(axes, max(math.ceil(len(outcomes) / columns), 1), columns, each)
    spare_panels(panels, len(outcomes))
    if not outcomes:
        why = "too few stand behind every group to show any" if len(hidden) else "no group was compared"
        return say_instead(outer, why)
    labels = [group if len(kinds) == 1 else f"{group} ({kind})" for kind, group in pairs]
    step = 0.7 / max(len(alternatives), 1)
    for place, outcome in enumerate(outcomes):
        panel, rows = panels[place], table[table["outcome"] == outcome]
        for one in rows_of(rows):
            pair = (one.group_kind, one.group)
            if pair not in pairs or one.alternative not in alternatives:
                continue
            nth = alternatives.index(one.alternative)
            y = len(pairs) - 1.0 - pairs.index(pair) + step * (0.5 * (len(alternatives) - 1) - nth)
            draw_interval(panel, y, one.mean, one.low, one.high, mark_of(nth), size=4.5)
        label_rows(panel, labels if place % columns == 0 else [""] * len(labels), letters=26)
        for at in range(len(pairs) - 1):
            apart = pairs[len(pairs) - 1 - at][0] != pairs[len(pairs) - 2 - at][0]
            panel.axhline(at + 0.5, color=SOFT if apart else FAINT, linewidth=1.0 if apart else 0.5, zorder=1)
        draw_zero(panel)
        say_unknown(panel, rows["mean"])
        panel.margins(x=0.06)
        unit_axis(panel, unit_in(rows), "difference")
        panel.locator_params(axis="x", nbins=4 if columns == 3 else 6)
    keys = [key_of(mark_of(nth), name) for nth, name in enumerate(alternatives)]
    write_head(
        outer,
        "Who gains: difference from the baseline in each group",
        keys,
        above=title_panels(panels, outcomes, columns),
    )
    return outer


def describe_gains(frame: pd.DataFrame) -> str:
    """Return in words what `plot_gains` shows; what is suppressed is said to be."""
    table, hidden = _kept(frame)
    are = "is" if len(hidden) == 1 else "are"
    few = f" {count_words(len(hidden), 'row')} of groups too small to show {are} left out."
    if table.empty:
        return "No group was compared." if hidden.empty else f"No group can be shown.{few}"
    parts = []
    for outcome in names_in(table["outcome"], MOST_OUTCOMES):
        for alternative in names_in(table["alternative"], MOST_ALTERNATIVES):
            rows = table[(table["outcome"] == outcome) & (table["alternative"] == alternative) & table["mean"].notna()]
            if rows.empty:
                continue
            up, down = rows[rows["low"] > 0.0], rows[rows["high"] < 0.0]
            told = [
                f"{verb} in {tell_names([_told(row) for row in rows_of(some)], 3)}"
                for verb, some in (("up", up), ("down", down))
                if len(some)
            ]
            rest = len(rows) - len(up) - len(down)
            if rest:
                told.append(f"no difference that can be told in {count_words(rest, 'group')}")
            parts.append(f"{outcome} under {alternative}: {'; '.join(told)}.")
    n_pairs = len(set(zip(table["group_kind"], table["group"], strict=True)))
    text = " ".join(parts) + tell_cut(MOST_ROWS, n_pairs, "groups")
    text += tell_cut(MOST_ALTERNATIVES, table["alternative"].nunique(), "alternatives")
    text += tell_cut(MOST_OUTCOMES, table["outcome"].nunique(), "outcomes")
    return (text or "No difference is known.") + (few if len(hidden) else "")


def _told(row: Any) -> str:
    times, sign = (100.0, " points") if getattr(row, "unit", "") == SHARE else (1.0, "")
    difference = Interval(times * row.mean, times * row.low, times * row.high, 2)
    return f"{row.group} ({interval_words(difference, 'difference')}{sign})"
