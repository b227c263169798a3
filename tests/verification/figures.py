"""One figure for each question, kept in ``build/verification`` with what was found beside the bar it must clear."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

FOLDER = Path(__file__).parents[2] / "build" / "verification"

# Okabe and Ito's colours, which those who see red and green alike can tell apart.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK, YELLOW)


def new_figure(n_panels: int = 1, height: float = 4.0) -> tuple[Figure, list[Any]]:
    """Return a figure with so many panels side by side."""
    figure = Figure(figsize=(5.4 * n_panels, height), layout="constrained")
    panels = figure.subplots(1, n_panels, squeeze=False)[0]
    for panel in panels:
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.25)
    return figure, list(panels)


def label(panel: Any, title: str, x: str, y: str, *, legend: bool = True) -> None:
    """Write title and axes, units in brackets."""
    panel.set_title(title, loc="left", fontsize=10)
    panel.set_xlabel(x)
    panel.set_ylabel(y)
    if legend and panel.get_legend_handles_labels()[1]:
        panel.legend(frameon=False, fontsize=8)


def save(figure: Figure, name: str, found: Sequence[str]) -> None:
    """Write the figure, with what was found against each bar, as a PNG and the same words as text."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = "\n".join(found)
    wide = round(18.0 * figure.get_figwidth())
    wrapped = "\n".join(textwrap.fill(line, wide, subsequent_indent="    ") for line in found)
    figure.supxlabel(wrapped, fontsize=7.5, x=0.01, ha="left")
    figure.savefig(FOLDER / f"{name}.png", dpi=110, metadata={"Software": None})
    (FOLDER / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
