"""How sorry one would be: each alternative's distance from the best one, over all worlds tried."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cosim.report.plots.rows import (
    MOST_PANELS,
    MOST_ROWS,
    ROW,
    as_numbers,
    begin_stack,
    label_rows,
    names_in,
    rows_of,
    say_unknown,
    spare_panels,
    tell_cut,
    title_panels,
    unit_axis,
    unit_in,
    write_head,
)
from cosim.report.plots.style import BLUE, INK, SKY, VERMILION, say_instead, styled
from cosim.report.wording import SHARE, number_words, per_cent

QUANTILES = ("p5", "p25", "p50", "p75", "p95", "worst")


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with numbers, the least regret in the middle first."""
    if frame.empty:
        return frame
    table = as_numbers(frame, *QUANTILES)
    blank = pd.Series("", index=table.index)
    outcome = table["outcome"].astype(str) if "outcome" in table else blank
    table = table.assign(alternative=table["alternative"].astype(str), outcome=outcome)
    return table.sort_values("p50", kind="stable")


@styled
def plot_regret(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one panel for each outcome and one row for each alternative: the spread of its regret.

    Parameters
    ----------
    frame : alternative, p5, p25, p50, p75, p95
        Quantiles over worlds, 0 or more; and, if they are known, outcome, unit and worst.
    """
    table = _kept(frame)
    outcomes = names_in(frame["outcome"] if "outcome" in frame else table["outcome"], MOST_PANELS) if len(table) else []
    most = max((table["outcome"] == one).sum() for one in outcomes) if outcomes else 1
    outer, panels = begin_stack(axes, max(len(outcomes), 1), 1, 0.3 + ROW * max(min(most, MOST_ROWS), 2))
    spare_panels(panels, len(outcomes))
    if not outcomes:
        return say_instead(outer, "no regret was reckoned")
    for panel, outcome in zip(panels, outcomes, strict=False):
        rows = table[table["outcome"] == outcome].head(MOST_ROWS)
        for place, row in enumerate(rows_of(rows)):
            y = len(rows) - 1.0 - place
            if math.isfinite(row.p5) and math.isfinite(row.p95):
                panel.plot([row.p5, row.p95], [y, y], color=BLUE, linewidth=1.4, solid_capstyle="butt")
            if math.isfinite(row.p25) and math.isfinite(row.p75):
                panel.barh(y, row.p75 - row.p25, left=row.p25, height=0.5, facecolor=SKY, edgecolor=BLUE, linewidth=1.0)
            if math.isfinite(row.p50):
                panel.plot([row.p50, row.p50], [y - 0.25, y + 0.25], color=INK, linewidth=2.2, solid_capstyle="butt")
            if math.isfinite(row.worst):
                panel.plot(row.worst, y, marker="x", color=VERMILION, markersize=6, markeredgewidth=1.6)
        label_rows(panel, list(rows["alternative"]), letters=32)
        say_unknown(panel, rows[list(QUANTILES)])
        panel.margins(x=0.05)
        panel.set_xlim(left=0.0)
        unit_axis(panel, unit_in(rows), "regret: how much less good than the best alternative in the same world")
    keys = [
        Line2D([], [], color=INK, linewidth=2.2, label="middle world"),
        Patch(facecolor=SKY, edgecolor=BLUE, label="half of the worlds"),
        Line2D([], [], color=BLUE, label="nine of ten"),
        Line2D([], [], color=VERMILION, marker="x", markeredgewidth=1.6, linestyle="none", label="worst"),
    ]
    write_head(outer, "Regret of each alternative over the worlds tried", keys, above=title_panels(panels, outcomes, 1))
    return outer


def describe_regret(frame: pd.DataFrame) -> str:
    """Return in words what `plot_regret` shows."""
    table = _kept(frame)
    if table.empty:
        return "No regret was reckoned."
    parts = []
    for outcome in names_in(table["outcome"], MOST_PANELS):
        rows = table[(table["outcome"] == outcome) & table["p50"].notna()]
        start = f"{outcome}: " if outcome else ""
        if rows.empty:
            parts.append(f"{start}no regret is known.")
            continue
        written = per_cent if unit_in(rows) == SHARE else number_words
        first, careful = rows.iloc[0], rows.sort_values("p95", kind="stable").iloc[0]
        text = (
            f"{start}the least regret in the middle world is that of {first['alternative']} ({written(first['p50'])})"
        )
        text += f"; in bad worlds (one of twenty) that of {careful['alternative']} ({written(careful['p95'])})"
        parts.append(f"{text}, of {len(rows)} alternatives.")
    return " ".join(parts) + tell_cut(MOST_PANELS, table["outcome"].nunique(), "outcomes")
