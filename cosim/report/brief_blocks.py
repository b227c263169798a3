"""How each kind of block stands on paper: paragraph, figure with its words, compact table. Floor 3."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

from fpdf.enums import XPos, YPos

from cosim.report.document import Block, Figure, Heading, Paragraph, TableBlock, picture, table_words
from cosim.report.page_words import words_of
from cosim.report.paper import BLUE, LEADING, SOFT, Paper, printable

TALLEST: Final = 92.0
"""Millimetres that a figure may take, so that two pages hold more than pictures, unless it could not be read then."""
LEAST_SCALE: Final = 0.62
"""How far a figure is made smaller than the page is wide; smaller, its letters could not be read."""
GAP: Final = 2.5
"""Millimetres between the columns of a table."""
MOST_ROWS: Final = 12
MOST_COLUMNS: Final = 9
TABLE_SIZE: Final = 7.5
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MM: Final = 25.4 / 72.0


def cut(text: object, letters: int) -> str:
    """Return a text of at most so many letters, with a sign where it was cut.

    Examples
    --------
    >>> cut("a b c d", 5)
    'a b…'
    """
    whole = printable(text)
    return whole if len(whole) <= letters else whole[: letters - 1].rstrip() + "…"


def name_of(block: Block, words: Mapping[str, str]) -> str:
    """Return how a block is named when it is left out."""
    match block:
        case Figure():
            return words["a_figure"].format(what=cut(block.caption or block.name, 60))
        case TableBlock():
            return words["a_table"].format(what=cut(block.caption, 60))
        case _:
            return words["a_paragraph"].format(what=cut(block.text, 60))


def write_heading(paper: Paper, text: str, under: float) -> None:
    """Write a heading, together with so many millimetres of what comes under it."""
    paper.new_page_unless(10.0 + under)
    paper.y += 2.2
    paper.style(10.5, "B", BLUE)
    paper.write_lines(printable(text), kind="/H2")
    paper.y += 0.4


def write_block(paper: Paper, block: Block, lang: str) -> None:
    """Write a block; one that holds nothing writes nothing."""
    match block:
        case Paragraph(text=text):
            paper.style(9.0)
            paper.write_lines(printable(text))
        case Figure():
            _write_figure(paper, block)
        case TableBlock():
            _write_table(paper, block, lang)
        case Heading(text=text):
            write_heading(paper, text, 0.0)


def least_height(paper: Paper, block: Block) -> float:
    """Return how many millimetres must be left for a block to begin on this page."""
    if isinstance(block, Figure):
        width, height = _size(paper, picture(block.png))
        return height * LEAST_SCALE * float(paper.epw) / width + 8.0 if width else 9.0
    return 16.0 if isinstance(block, TableBlock) else 9.0


def _size(paper: Paper, content: bytes) -> tuple[float, float]:
    """Return width and height of a picture on this paper, in millimetres; 0 if it is no PNG or could not be read."""
    if len(content) < 24 or not content.startswith(_PNG):
        return 0.0, 0.0
    across, down = struct.unpack(">II", content[16:24])
    if not across or not down:
        return 0.0, 0.0
    least, whole = LEAST_SCALE * float(paper.epw), float(paper.eph) - 20.0
    width = min(float(paper.epw), max(TALLEST * across / down, least))
    height = width * down / across
    return (width, height) if height <= whole else (0.0, 0.0)


def _write_figure(paper: Paper, figure: Figure) -> None:
    content = picture(figure.png)
    width, height = _size(paper, content)
    alt = printable(figure.alt or figure.caption)
    paper.style(8.0, colour=SOFT)
    caption = printable(figure.caption)
    below = len(paper.lines_of(caption, paper.epw)) * 8.0 * _MM * LEADING + 2.0 if caption else 2.0
    if not height:
        # A picture that cannot be drawn, or only too small, is still told.
        paper.write_lines(" ".join(one for one in (caption, alt) if one))
        return
    if paper.room < height + below:
        scale = (paper.room - below) / height
        if scale * width < LEAST_SCALE * float(paper.epw):
            paper.add_page()
            scale = min(1.0, (paper.room - below) / height)
        width, height = scale * width, scale * height
    paper.draw_picture(content, alt, width, height)
    paper.y += 1.0
    if caption:
        paper.style(8.0, colour=SOFT)
        paper.write_lines(caption)


def _write_table(paper: Paper, table: TableBlock, lang: str) -> None:
    words = words_of(lang)
    heads, rows, numeric = table_words(table, lang)
    said = [printable(table.caption)] if table.caption else []
    if len(rows) > MOST_ROWS:
        said.append(words["rows"].format(drawn=MOST_ROWS, there=len(rows)))
    if len(heads) > MOST_COLUMNS:
        said.append(words["columns"].format(drawn=MOST_COLUMNS, there=len(heads)))
    lines = [[printable(cell) for cell in line[:MOST_COLUMNS]] for line in [heads, *rows[:MOST_ROWS]]]
    paper.new_page_unless(18.0)
    paper.style(8.0, colour=SOFT)
    paper.write_lines(" ".join(said))
    if not lines[0]:
        return
    paper.style(TABLE_SIZE, "B")
    widths = _widths(paper, lines)
    for place, line in enumerate(lines):
        if _row_height(paper, line, widths, bold=place == 0) > paper.room:
            paper.add_page()
            if place:
                _write_row(paper, lines[0], widths, numeric, bold=True)
        _write_row(paper, line, widths, numeric, bold=place == 0)
    paper.y += 0.6


def _widths(paper: Paper, lines: Sequence[Sequence[str]]) -> list[float]:
    """Return the width of each column: what its longest cell takes, or its share where that is too much."""
    natural = [max(paper.get_string_width(line[place]) + GAP + 0.3 for line in lines) for place in range(len(lines[0]))]
    even = paper.epw / len(natural)
    spare = paper.epw - sum(min(one, even) for one in natural)
    greed = sum(max(one - even, 0.0) for one in natural)
    share = min(1.0, spare / greed) if greed > 0.0 else 0.0
    return [min(one, even) + share * max(one - even, 0.0) for one in natural]


def _row_height(paper: Paper, line: Sequence[str], widths: Sequence[float], *, bold: bool) -> float:
    paper.style(TABLE_SIZE, "B" if bold else "")
    most = max(len(paper.lines_of(cell, width - GAP)) for cell, width in zip(line, widths, strict=True))
    return max(most, 1) * TABLE_SIZE * _MM * 1.25 + 1.2


def _write_row(
    paper: Paper, line: Sequence[str], widths: Sequence[float], numeric: Sequence[bool], *, bold: bool
) -> None:
    """Write one row; a row taller than a page is cut at its foot."""
    whole = _row_height(paper, line, widths, bold=bold)
    height, top, x = TABLE_SIZE * _MM * 1.25, paper.y + 0.6, paper.l_margin
    most = max(int((paper.room - 0.6) / height), 1)
    with paper.tagged("/P"):
        for cell, width, is_number in zip(line, widths, numeric, strict=False):
            for nth, text in enumerate(paper.lines_of(cell, width - GAP)[:most]):
                paper.set_xy(x, top + nth * height)
                align = "R" if is_number else "L"
                paper.cell(width - GAP, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.TOP)
            x += width
    paper.set_xy(paper.l_margin, min(top - 0.6 + whole, paper.y + paper.room))
    paper.rule(width=0.4 if bold else 0.15, length=sum(widths) - GAP)
