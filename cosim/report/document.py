"""What a study has to show, before anybody has decided on paper or screen: question, answer, blocks, caveats, birth.

Floor 3. A document is words, tables and finished pictures. Whoever renders it escapes every word, for all of them may
have come from outside.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cosim.report.wording import SHARE, UNKNOWN, number_words

ALWAYS: Final = 0
USUALLY: Final = 2
IF_ROOM: Final = 4
"""Ranks of blocks: where there is no room for all, the highest rank goes first, and of one rank the last block."""
_COMMAS: Final = str.maketrans({",": "\u00a0", ".": ","})


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over the blocks that follow it; it goes when the last of them goes."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain words."""

    text: str
    rank: int = USUALLY


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished picture.

    Parameters
    ----------
    name : letters, digits and dashes; its place on the page
    alt : the picture in words, for who cannot see it
    caption : what is written under it
    svg, png : the picture, or the file that holds it; a page takes the first, paper the second
    rank : 0 or more, see the ranks above
    """

    name: str
    alt: str
    caption: str
    svg: bytes | Path | None = None
    png: bytes | Path | None = None
    rank: int = USUALLY


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table.

    Parameters
    ----------
    frame : one column a column, whose names are the heads; the first column names the rows
    units : unit by column; a share is written in per cent
    digits : decimals by column; three figures that count where nothing is said
    """

    frame: pd.DataFrame
    caption: str
    units: Mapping[str, str] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)
    rank: int = USUALLY


Block = Heading | Paragraph | Figure | TableBlock


@dataclass(frozen=True, slots=True)
class Document:
    """A study as it is shown.

    Parameters
    ----------
    title, question : text
    answer : sentences, the most important first
    blocks : in reading order
    caveats : what a reader must know before using it
    command : what makes the same numbers again
    provenance : (word, value), the birth certificate
    references : line and address of each work, as `cosim.report.page.tell_references` gives them
    lang : "en" or "nb"; the language of all that is in it, and of the words that are put round it
    """

    title: str
    question: str
    answer: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    caveats: tuple[str, ...] = ()
    command: str = ""
    provenance: tuple[tuple[str, str], ...] = ()
    references: tuple[Mapping[str, str], ...] = ()
    lang: str = "en"


def picture(of: bytes | Path | None) -> bytes:
    """Return the bytes of a picture, none at all if there is none."""
    return of.read_bytes() if isinstance(of, Path) else of or b""


def local_number(text: str, lang: str) -> str:
    r"""Return a number written in English as the language writes it.

    Examples
    --------
    >>> local_number("1,234.5", "nb")
    '1\xa0234,5'
    """
    return text.translate(_COMMAS) if lang == "nb" else text


def cell_words(value: Any, lang: str = "en", *, unit: str = "", digits: int | None = None) -> str:
    r"""Return what is written in a cell: numbers with no more digits than said, text as it is.

    Examples
    --------
    >>> cell_words(0.1234, unit="share", digits=1), cell_words(float("nan")), cell_words(3), cell_words(True)
    ('12.3 %', '–', '3', 'yes')
    >>> cell_words(1234.5, "nb", digits=1)
    '1\xa0234,5'
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return "–"
    if hasattr(value, "item"):
        value = value.item()  # a number of numpy is an ordinary one to who writes it
    if isinstance(value, bool):
        return {"nb": ("nei", "ja")}.get(lang, ("no", "yes"))[value]
    if isinstance(value, int) and unit != SHARE and digits is None:
        return local_number(f"{value:,}".replace("-", "−"), lang)
    if not isinstance(value, int | float):
        return str(value)
    if not math.isfinite(value):
        return "–"
    text = number_words(100.0 * value if unit == SHARE else value, 1 if unit == SHARE and digits is None else digits)
    text = "–" if text == UNKNOWN else local_number(text, lang)
    return f"{text} %" if unit == SHARE else text


def table_words(table: TableBlock, lang: str = "en") -> tuple[list[str], list[list[str]], list[bool]]:
    """Return a table's heads with their units, its rows as words, and which columns hold numbers."""
    names = [str(name) for name in table.frame.columns]
    heads, columns, numeric = [], [], []
    for place, name in enumerate(names):
        unit, digits = table.units.get(name, ""), table.digits.get(name)
        heads.append(f"{name} ({unit})" if unit and unit != SHARE else name)
        column = table.frame.iloc[:, place]
        columns.append([cell_words(one, lang, unit=unit, digits=digits) for one in column])
        numeric.append(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))
    rows = [list(row) for row in zip(*columns, strict=True)] if columns else []
    return heads, rows, numeric
