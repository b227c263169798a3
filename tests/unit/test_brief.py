"""The policy brief: never more than two pages, the same bytes twice, tagged, and honest about what had no room."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from cosim.report.brief import render_brief
from cosim.report.brief_blocks import cut
from cosim.report.document import ALWAYS, IF_ROOM, Block, Document, Figure, Heading, Paragraph, TableBlock
from cosim.report.paper import printable
from tests.unit.study_document import EVIL, document, figure, hostile, table

MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LONG = "Et svært langt avsnitt om samskaping på øya. "
AGAIN = """
import hashlib, sys
from datetime import UTC, datetime
from cosim.report.brief import render_brief
from tests.unit.study_document import document
print(hashlib.sha256(render_brief(document(), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))).hexdigest())
"""


def read(made: Document) -> PdfReader:
    """Return a brief as another library reads it; it has one or two pages."""
    reader = PdfReader(io.BytesIO(render_brief(made, MADE)), strict=True)
    assert 1 <= len(reader.pages) <= 2
    return reader


def words_of(made: Document) -> str:
    """Return the words of a brief on one line."""
    return " ".join(" ".join(page.extract_text() for page in read(made).pages).split())


def tags_of(made: Document) -> list[tuple[str, str]]:
    """Return the tags of a brief in reading order, each with its words for who cannot see."""
    tree = read(made).trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()["/K"]
    return [(str(one.get_object()["/S"]), str(one.get_object().get("/Alt", ""))) for one in tree]


def test_the_brief_says_it_all_in_norwegian() -> None:
    text = words_of(document())
    for word in (
        "Åpent budsjett i Ålesund og Vågå?",
        "Hva gir mest nyskaping per krone når øyet ser på små kommuner?",
        "−0,05 (−0,08 til −0,02) færre",
        "Virkning",
        "Kostnad per år.",
        "kostnad (kr/år)",
        "1\u00a0234\u00a0568".replace("\u00a0", " "),
        "Før du bruker dette",
        "cosim compare study.toml --seed 7 --out again",
        "frø: 7",
        "Ansell og Gash (2008)",
    ):
        assert word in text.replace("\u00a0", " "), word
    assert "Utelatt" not in text


def test_the_file_says_what_it_is() -> None:
    reader = read(document())
    about = reader.metadata
    assert about is not None
    assert about.title == "Åpent budsjett i Ålesund og Vågå?"
    assert about.creation_date == MADE
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nb"
    assert root["/MarkInfo"]["/Marked"]
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    names = {font["/BaseFont"] for font in fonts}
    assert all("DejaVuSans" in name for name in names)
    assert all("/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts)


def test_it_can_be_listened_to_in_order() -> None:
    tags = tags_of(document())
    kinds = [kind for kind, _ in tags]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/Figure")
    told = [alt for kind, alt in tags if kind == "/Figure"]
    assert told == [printable(figure().alt)]
    for page in read(document()).pages:
        content = page.get_contents()
        assert content is not None
        # Nothing is drawn outside a tag or an artifact: whoever listens hears all of it.
        depth = 0
        for line in content.get_data().split(b"\n"):
            depth += line.endswith((b"BDC", b"BMC")) - (line == b"EMC")
            assert depth in (0, 1)
            assert depth or b" Tj" not in line


def test_the_same_input_gives_the_same_bytes() -> None:
    one = render_brief(document(), MADE)
    assert render_brief(document(), MADE) == one
    assert render_brief(document(), MADE + timedelta(days=1)) != one
    full = document((*document().blocks, *(Paragraph(LONG * 60) for _ in range(6))))
    assert render_brief(full, MADE) == render_brief(full, MADE)


@pytest.mark.slow
def test_another_process_gives_the_same_bytes() -> None:
    hashes = set()
    for seed in ("1", "2"):
        there = {"cwd": Path(__file__).parents[2], "env": {**os.environ, "PYTHONHASHSEED": seed}}
        told = subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, check=True, **there)
        hashes.add(told.stdout)
    assert len(hashes) == 1


def test_what_has_no_room_goes_in_order_and_is_named() -> None:
    blocks = (
        Heading("Alltid"),
        Paragraph(f"FØRST. {LONG * 20}", ALWAYS),
        Heading("Om det er plass"),
        Paragraph(f"EKSTRA. {LONG * 60}", IF_ROOM),
        Heading("Vanlig"),
        *(Paragraph(f"NUMMER {one}. {LONG * 40}") for one in range(1, 6)),
    )
    text = words_of(document(blocks))
    shown, left_out = text.split("Utelatt av plasshensyn")
    assert "FØRST" in shown
    assert "Om det er plass" not in shown
    assert "EKSTRA" in left_out
    kept = [one for one in range(1, 6) if f"NUMMER {one}" in shown]
    assert kept == list(range(1, len(kept) + 1))
    assert kept != list(range(1, 6))
    assert all(f"NUMMER {one}" in left_out for one in range(len(kept) + 1, 6))
    assert "Ansell" not in text
    assert "simulert" in shown
    assert "--seed 7" in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"title": LONG * 100},
        {"question": LONG * 300},
        {"answer": (LONG * 300, "andre")},
        {"answer": tuple(LONG * 3 for _ in range(80))},
        {"caveats": (LONG * 300,)},
        {"caveats": tuple(LONG for _ in range(300))},
        {"command": "x" * 20000},
        {"provenance": (("a", LONG * 300),)},
        {"references": tuple({"line": LONG, "address": ""} for _ in range(200))},
        {"title": "x" * 5000, "question": "y" * 5000, "answer": ("z" * 5000,)},
    ],
)
def test_it_never_has_a_third_page(changes: dict[str, object]) -> None:
    text = words_of(document(**changes))
    assert "Kunnskapsnotat".upper() in text


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(""),
        Paragraph(LONG * 500, ALWAYS),
        TableBlock(pd.DataFrame(), "tom"),
        TableBlock(pd.DataFrame({"a": []}), "uten rader"),
        TableBlock(pd.DataFrame({"a": [LONG * 100, "b"], "b": [1, 2]}), "lang celle", rank=ALWAYS),
        TableBlock(pd.DataFrame([range(60)], columns=[f"kolonne {one}" for one in range(60)]), "mange", rank=ALWAYS),
        TableBlock(pd.DataFrame({"a": ["x" * 400]}), "uten mellomrom"),
        table(200, rank=ALWAYS),
        Figure("a", "i ord", "ingen bilde"),
        Figure("a", "i ord", "ødelagt bilde", png=b"x"),
        figure(20),
        Heading("alene"),
    ],
)
def test_any_block_has_a_place(block: Block) -> None:
    assert words_of(document((block,)))


def test_long_tables_are_cut_and_say_so() -> None:
    assert "De første 12 av 40 rader." in words_of(document((table(40, rank=ALWAYS),)))


def test_a_picture_too_small_to_be_read_is_told() -> None:
    tall = replace(figure(20), alt="Her er figuren i ord.")
    many = replace(tall, png=b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + (100).to_bytes(4) + (1000).to_bytes(4) + b"\x00" * 8)
    assert "Her er figuren i ord." in words_of(document((many,)))
    assert "/Figure" not in [kind for kind, _ in tags_of(document((many,)))]


def test_words_from_outside_stay_words() -> None:
    text = words_of(hostile())
    assert "<script>alert('1')</script> **x** {nb} $\\frac{1}{0}$ &" in text
    reader = read(hostile())
    assert "/Names" not in reader.trailer["/Root"]
    assert all("/Annots" not in page for page in reader.pages)


def test_text_is_made_fit_for_print() -> None:
    assert printable(EVIL) == "<script>alert('1')</script> **x** {nb} $\\frac{1}{0}$ &"
    assert printable("a\u202e\ud800\nb") == "a b"
    assert len(cut("x" * 1000, 50)) == 50
