"""The page of a study: one file that loads nothing, all words escaped, readable by all, alike the page of a run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.report.document import Figure, Heading, Paragraph, TableBlock, cell_words, table_words
from cosim.report.page_words import WORDS
from cosim.report.study_page import render_study_page
from cosim.report.templating import TEMPLATES
from tests.unit.study_document import document, figure, hostile, table


class Reading(HTMLParser):
    """What a browser would make of a page: tags with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """See that tags close in the order in which they were opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_loads_nothing() -> None:
    text = render_study_page(document())
    reading = Reading(text)
    assert {tag for tag, _ in reading.tags} & {"script", "link", "iframe", "object", "embed", "source", "form"} == set()
    assert all((one["src"] or "").startswith("data:image/") for one in reading.all("img"))
    assert not re.search(r"url\(|@import|srcset|http-equiv=.?refresh", text)
    assert "default-src 'none'" in text
    addresses = re.findall(r"https?://[^\s\"'<]+", text)
    assert set(addresses) == {"https://doi.org/10.1093/x"}
    assert [one["href"] for one in reading.all("a")] == ["https://doi.org/10.1093/x"]


def test_words_from_outside_stay_words() -> None:
    text = render_study_page(hostile())
    reading = Reading(text)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") > 12
    assert "javascript:" not in text
    assert not [one for _, attributes in reading.tags for one in attributes if one.startswith("on")]
    assert reading.all("html")[0]["lang"] == "en"


def test_the_page_can_be_read_by_all() -> None:
    reading = Reading(render_study_page(document()))
    assert not reading.open
    assert reading.all("html")[0]["lang"] == "nb"
    assert all(len(one.get("alt") or "") > 30 for one in reading.all("img"))
    levels = [int(tag[1]) for tag, _ in reading.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {one.get("scope") for one in reading.all("th")} == {"col", "row"}
    ids = [attributes["id"] for _, attributes in reading.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {one.get("aria-labelledby") for _, one in reading.tags} - {None} <= set(ids)
    assert "Figuren i ord" in reading.words


def test_numbers_are_written_as_the_language_does() -> None:
    words = Reading(render_study_page(document())).words
    assert "1\u00a0234\u00a0568" in words
    assert "12,3 %" in words
    assert "1,234,568" in Reading(render_study_page(document(lang="en"))).words


@pytest.mark.parametrize("lang", WORDS)
def test_nothing_still_makes_a_page(lang: str) -> None:
    empty = document((), answer=(), question="", caveats=(), command="", provenance=(), references=(), lang=lang)
    reading = Reading(render_study_page(empty))
    assert WORDS[lang]["no_answer"] in reading.words
    assert not reading.open


@pytest.mark.parametrize(
    "block",
    [
        TableBlock(pd.DataFrame(), "an empty table"),
        TableBlock(pd.DataFrame({"a": []}), "a table without rows"),
        TableBlock(pd.DataFrame([[1, 2]], columns=["a", "a"]), "a column twice"),
        Figure("x", "in words", "a figure that is not there"),
        Heading("alone"),
        Paragraph(""),
    ],
)
def test_a_block_that_holds_next_to_nothing_is_shown(block: Heading | Paragraph | Figure | TableBlock) -> None:
    reading = Reading(render_study_page(document((block,))))
    assert not reading.open
    assert getattr(block, "caption", "") in reading.words


def test_pictures_may_lie_in_files(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x")
    text = render_study_page(document((Figure("a", "words", "caption", png=path),)))
    assert 'src="data:image/png;base64,eA=="' in text


def test_the_look_is_that_of_the_page_of_a_run() -> None:
    for name in ("page.html", "study.html"):
        assert (TEMPLATES / name).read_text(encoding="utf-8").startswith('{% extends "frame.html" %}')
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    for wanted in ("prefers-color-scheme: dark", "@media print", "max-width: 34rem"):
        assert wanted in style
    assert style.count("{") == style.count("}")


def test_both_languages_have_all_words() -> None:
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
    for name, text in WORDS["en"].items():
        assert re.findall(r"\{\w*\}", text) == re.findall(r"\{\w*\}", WORDS["nb"][name])


def test_cells() -> None:
    assert cell_words(np.int64(1234)) == "1,234"
    assert cell_words(np.float64("inf")) == "–"
    assert cell_words(None) == "–"
    assert cell_words(pd.NA) == "–"
    assert cell_words(-0.00001, digits=2) == "0.00"
    assert cell_words(-1.5, "nb", digits=1) == "−1,5"
    assert cell_words("1.5", "nb") == "1.5"
    heads, rows, numeric = table_words(table(1), "nb")
    assert heads == ["tiltak", "kostnad (kr/år)", "andel", "antall"]
    assert rows == [["tiltak 1", "1\u00a0234\u00a0568", "12,3 %", "40"]]
    assert numeric == [False, True, True, True]


def test_a_figure_is_drawn_once_and_told_once() -> None:
    reading = Reading(render_study_page(document((figure(),))))
    assert len(reading.all("img")) == 1
    assert reading.words.count("Forskjell fra basis for hvert tiltak.") == 1
