"""A document of a study that never was, with hostile and with Norwegian words in it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from cosim.report.document import Block, Document, Figure, Heading, Paragraph, TableBlock
from cosim.report.plots.differences import describe_differences, plot_differences
from cosim.report.plots.saving import draw_bytes
from tests.unit.study_frames import differences

EVIL = "<script>alert('1')</script> **x** {nb} $\\frac{1}{0}$ & \x00\x1b"


@cache
def figure(n: int = 3, *, name: str = "differences") -> Figure:
    """Return a drawn figure of n alternatives."""
    frame = differences(n)
    axes = plot_differences(frame)
    svg, png = (draw_bytes(axes, kind, {"Title": "Forskjell"}) for kind in ("svg", "png"))
    return Figure(name, describe_differences(frame), "Forskjell fra basis for hvert tiltak.", svg, png, rank=0)


def table(n: int = 3, rank: int = 3) -> TableBlock:
    """Return a table of n rows."""
    frame = pd.DataFrame(
        {"tiltak": [f"tiltak {one + 1}" for one in range(n)], "kostnad": 1234567.5, "andel": 0.1234, "antall": 40}
    )
    return TableBlock(frame, "Kostnad per år.", {"kostnad": "kr/år", "andel": "share"}, {"kostnad": 0}, rank)


def document(blocks: tuple[Block, ...] | None = None, **changes: Any) -> Document:
    """Return a document in Norwegian."""
    if blocks is None:
        blocks = (
            Heading("Virkning"),
            Paragraph("Forskjellen er parvis: samme flaks med og uten tiltaket.", 1),
            figure(),
            Heading("Kostnad"),
            table(),
        )
    made = Document(
        title="Åpent budsjett i Ålesund og Vågå?",
        question="Hva gir mest nyskaping per krone når øyet ser på små kommuner?",
        answer=(
            "Åpent budsjett gir −0,05 (−0,08 til −0,02) færre innovasjoner.",
            "Tilliten endres ikke så det kan sies.",
        ),
        blocks=blocks,
        caveats=("Folk, arenaer og vedtak er simulert.", "Én teori er kjørt."),
        command="cosim compare study.toml --seed 7 --out again",
        provenance=(("laget", "2026-01-02 (UTC)"), ("frø", "7")),
        references=({"line": "Ansell og Gash (2008).", "address": "https://doi.org/10.1093/x", "by": "teorien"},),
        lang="nb",
    )
    return replace(made, **changes)


def hostile() -> Document:
    """Return a document in which every word is an attack."""
    frame = pd.DataFrame({EVIL: [EVIL, EVIL], "n": [1.0, float("nan")]})
    return Document(
        title=EVIL,
        question=EVIL,
        answer=(EVIL,),
        blocks=(
            Heading(EVIL),
            Paragraph(EVIL),
            Figure(EVIL, EVIL, f"caption {EVIL}", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"no picture"),
            TableBlock(frame, EVIL, {"n": EVIL}),
        ),
        caveats=(EVIL,),
        command=EVIL,
        provenance=((EVIL, EVIL),),
        references=({"line": EVIL, "address": "javascript:alert(1)", "by": EVIL},),
        lang=EVIL,
    )
