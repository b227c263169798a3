"""Which claim rests on which mechanism: a sign in each cell, from the same claim with and without it."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from cosim.report.plots.rows import MOST_ROWS, fold, names_in, rows_of, tell_cut, tell_names, write_head
from cosim.report.plots.style import BLUE, FAINT, INK, ORANGE, SOFT, begin, say_instead, styled

RESTS: Final = "rests on"
SIGNS: Final = {
    RESTS: ("●", BLUE, "", "white"),
    "is held back by": ("✗", ORANGE, "", INK),
    "stands without": ("–", "white", "", INK),
    "fails anyway": ("·", "white", ".....", INK),
    "cannot tell": ("?", FAINT, "", INK),
}
"""Word of the verdict to sign, face, hatch and ink."""
MOST_COLUMNS: Final = 20


@styled
def plot_foundations(frame: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Return axes with one row for each claim, one column for each mechanism and a sign in each cell.

    Parameters
    ----------
    frame : claim, mechanism, word
        The word is rests on, stands without, is held back by, fails anyway or cannot tell; a pair that is not there
        was not asked for and its cell is empty.
    """
    claims = names_in(frame["claim"], MOST_ROWS) if len(frame) else []
    mechanisms = names_in(frame["mechanism"], MOST_COLUMNS) if len(frame) else []
    axes = begin(axes, 2.6 + 0.29 * max(len(claims), 2))
    if not claims:
        return say_instead(axes, "no claim was checked without a mechanism")
    seen = set()
    for row in rows_of(frame):
        claim, mechanism = str(row.claim), str(row.mechanism)
        if claim not in claims or mechanism not in mechanisms:
            continue
        word = row.word if row.word in SIGNS else "cannot tell"
        seen.add(word)
        sign, face, hatch, ink = SIGNS[word]
        x, y = mechanisms.index(mechanism), len(claims) - 1 - claims.index(claim)
        cell = Rectangle((x - 0.5, y - 0.5), 1.0, 1.0, facecolor=face, edgecolor=SOFT, linewidth=0.6)
        cell.set_hatch(hatch)
        axes.add_patch(cell)
        axes.text(x, y, sign, ha="center", va="center", fontsize=10, color=ink)
    axes.set_xlim(-0.5, len(mechanisms) - 0.5)
    axes.set_ylim(-0.5, len(claims) - 0.5)
    axes.set_yticks(range(len(claims))[::-1], [fold(one, 30) for one in claims], fontsize=8)
    names = [fold(one, 26) for one in mechanisms]
    axes.set_xticks(range(len(names)), names, fontsize=8, rotation=45, ha="right", rotation_mode="anchor")
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    keys = [
        Patch(facecolor=face, edgecolor=SOFT, hatch=hatch, label=f"{sign} {word}")
        for word, (sign, face, hatch, _) in SIGNS.items()
        if word in seen
    ]
    write_head(axes, "Which claim rests on which mechanism", keys)
    return axes


def describe_foundations(frame: pd.DataFrame) -> str:
    """Return in words what `plot_foundations` shows."""
    if frame.empty:
        return "No claim was checked without a mechanism."
    parts = []
    for claim in names_in(frame["claim"], MOST_ROWS):
        rows = frame[frame["claim"].astype(str) == claim]
        rests = [str(one) for one in rows.loc[rows["word"] == RESTS, "mechanism"]]
        back = [str(one) for one in rows.loc[rows["word"] == "is held back by", "mechanism"]]
        unsure = int((~rows["word"].isin([word for word in SIGNS if word != "cannot tell"])).sum())
        told = [f"rests on {tell_names(rests)}" if rests else "rests on none of the mechanisms that could be judged"]
        told += [f"is held back by {tell_names(back)}"] if back else []
        told += [f"cannot be told for {unsure}"] if unsure else []
        parts.append(f"{claim} {'; '.join(told)}.")
    return (
        " ".join(parts)
        + tell_cut(MOST_ROWS, frame["claim"].nunique(), "claims")
        + tell_cut(MOST_COLUMNS, frame["mechanism"].nunique(), "mechanisms")
    )
