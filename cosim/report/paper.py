"""Paper with structure: A4 pages on which every text and picture is tagged for who listens to them. Floor 3.

Once anything in a PDF is tagged, a screen reader passes over what is not. So whatever is written here is written inside
a tag, in the order in which it is to be read.
"""

from __future__ import annotations

import contextlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode, XPos, YPos
from fpdf.fonts import TTFFont

from cosim.report.plots.fonts import font_files

MARGIN: Final = 16.0
FOOT: Final = 15.0
INK: Final = (26, 26, 26)
SOFT: Final = (90, 90, 90)
LINE: Final = (200, 200, 200)
BLUE: Final = (0, 114, 178)
TINT: Final = (243, 247, 250)
LEADING: Final = 1.38
_MM: Final = 25.4 / 72.0


def printable(text: object) -> str:
    r"""Return text on one line, without what cannot be printed.

    Examples
    --------
    >>> printable("a\x00b\n c")
    'ab c'
    """
    kept = "".join(one for one in str(text) if one.isspace() or one.isprintable())
    # A space that does not break, as in a large number, stays what it is.
    return unicodedata.normalize("NFC", re.sub(r"[^\S\u00a0]+", " ", kept).strip())


class Paper(FPDF):
    """A4 pages in DejaVu Sans, on which text flows and pictures have words.

    Parameters
    ----------
    title, subject : of the file
    lang : of its text
    made : when, as the file says; nothing else in it depends on the clock
    foot : written at the foot of each page
    measured : another paper whose letters this one measures with, for trying out only: pictures are not drawn and the
        file is not to be kept, as it would hold the other's letters too
    """

    def __init__(
        self, title: str, subject: str, lang: str, made: datetime, foot: str, measured: Paper | None = None
    ) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.is_draft = measured is not None
        if measured is not None:
            self.fonts.update(measured.fonts)
        else:
            files = font_files()
            for face in ("", "B", "I"):
                self.add_font("cosim", face, files[face])
            self.add_font("mono", "", files["mono"])
        self.c_margin = 0.0
        self.set_margins(MARGIN, MARGIN - 2.0)
        self.set_auto_page_break(False)
        self.set_title(title)
        self.set_subject(subject)
        self.set_lang(lang)
        self.set_creator("cosim")
        self.set_producer("cosim")
        self.set_creation_date(made)
        self.str_alias_nb_pages = ""  # braces in a text are braces, not the number of pages
        self.add_page()

    @property
    def room(self) -> float:
        """Millimetres that are left on this page."""
        return float(self.h - FOOT - self.y)

    def new_page_unless(self, height: float) -> None:
        """Begin a page unless so many millimetres are left on this one."""
        if self.room < height and self.y > MARGIN + 1.0:
            self.add_page()

    @contextlib.contextmanager
    def tagged(self, kind: str, alt: str | None = None) -> Iterator[None]:
        """Tag what is written in the block: "/P", "/H1", "/Figure"; it must not leave its page."""
        mcid = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=kind, mcid=mcid, alt_text=alt)
        self._out(f"{kind} <</MCID {mcid}>> BDC")
        yield
        self._out("EMC")

    def style(self, size: float, face: str = "", colour: Sequence[int] = INK, family: str = "cosim") -> None:
        """Write in this size (points), face and colour from now on."""
        self.set_font(family, face, size)
        self.set_text_color(*colour)

    def lines_of(self, text: str, width: float) -> list[str]:
        """Return text broken into lines of a width in millimetres, in the style of now."""
        broken = self.multi_cell(
            width, 1.0, text, align="L", dry_run=True, output=MethodReturnValue.LINES, wrapmode=WrapMode.WORD
        )
        return [str(line) for line in broken] if isinstance(broken, list) else []

    def write_lines(
        self, text: str, *, kind: str = "/P", indent: float = 0.0, mark: str = "", fill: Sequence[int] | None = None
    ) -> None:
        """Write text from line to line and from page to page, in the style of now.

        Parameters
        ----------
        indent : millimetres
        mark : written before the first line, in the room of the indent
        fill : colour behind the text
        """
        height = self.font_size_pt * _MM * LEADING
        ahead = self.lines_of(text, self.epw - indent)
        # Two lines at least stay together at either end of a page.
        while ahead:
            fits = int(self.room / height)
            if fits < min(len(ahead), 2):
                self.add_page()
                continue
            some = ahead[: fits - 1 if 2 < fits == len(ahead) - 1 else fits]
            with self.tagged(kind):
                for line in some:
                    if fill is not None:
                        self.set_fill_color(*fill)
                    if mark:
                        self.set_x(self.l_margin)
                        self.cell(indent, height, mark)
                        mark = ""
                    self.set_x(self.l_margin + indent)
                    self.cell(
                        self.epw - indent, height, line, fill=fill is not None, new_x=XPos.LMARGIN, new_y=YPos.NEXT
                    )
            ahead = ahead[len(some) :]

    def footer(self) -> None:
        """Write the foot of a page, which is no part of what is read."""
        self._out("/Artifact BMC")
        self.set_y(-10.5)
        self.style(7.0, "", SOFT)
        self.cell(self.epw * 0.8, 4.0, self.foot)
        self.cell(self.epw * 0.2, 4.0, str(self.page_no()), align="R")
        self._out("EMC")

    def rule(self, colour: Sequence[int] = LINE, width: float = 0.2, length: float | None = None) -> None:
        """Draw a line across the page or of a length in millimetres, which is no part of what is read."""
        self._out("/Artifact BMC")
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(self.l_margin, self.y, self.l_margin + (self.epw if length is None else length), self.y)
        self._out("EMC")

    def draw_picture(self, content: bytes, alt: str, width: float, height: float) -> None:
        """Draw a PNG at the left margin, in millimetres, with its words for who cannot see it."""
        top = self.y
        if not self.is_draft:
            with self.tagged("/Figure", alt):
                self.image(io.BytesIO(content), x=self.l_margin, y=top, w=width, h=height)
        self.set_y(top + height)

    def content(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.output(out)
        return out.getvalue()

    def put_away(self) -> None:
        """Let go of the files of the letters, which the library leaves open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
