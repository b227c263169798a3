"""The page of a study: one HTML file that loads nothing, in the look of the page of a run. Floor 3."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from cosim.report.document import Block, Document, Figure, Heading, Paragraph, TableBlock, picture, table_words
from cosim.report.page_words import WORDS, words_of
from cosim.report.templating import page_templates

OPENS: Final = "https://"
"""The only kind of address a reader is offered to follow."""


def render_study_page(document: Document) -> str:
    """Return a document as one HTML text."""
    lang = document.lang if document.lang in WORDS else "en"
    return (
        page_templates()
        .get_template("study.html")
        .render(
            lang=lang,
            words=words_of(lang),
            document=document,
            parts=list(_parts(document, lang)),
            references=[
                {
                    "line": one.get("line", ""),
                    "by": one.get("by", ""),
                    "address": one.get("address", "") if str(one.get("address", "")).startswith(OPENS) else "",
                }
                for one in document.references
            ],
        )
    )


def _parts(document: Document, lang: str) -> Iterator[dict[str, Any]]:
    """Yield each block as the template takes it."""
    for place, block in enumerate(document.blocks):
        yield {"id": f"part-{place + 1}", **_part(block, lang)}


def _part(block: Block, lang: str) -> dict[str, Any]:
    match block:
        case Heading(text=text):
            return {"kind": "heading", "text": text}
        case Paragraph(text=text):
            return {"kind": "paragraph", "text": text}
        case Figure():
            return {"kind": "figure", "figure": block, "source": picture_address(block)}
        case TableBlock():
            heads, rows, numeric = table_words(block, lang)
            return {"kind": "table", "caption": block.caption, "heads": heads, "rows": rows, "numeric": numeric}


def picture_address(figure: Figure) -> str:
    """Return a picture as an address that holds the picture itself; empty if there is none.

    Examples
    --------
    >>> picture_address(Figure("a", "", "", png=b"x"))
    'data:image/png;base64,eA=='
    """
    for kind, content in (("svg+xml", picture(figure.svg)), ("png", picture(figure.png))):
        if content:
            return f"data:image/{kind};base64," + base64.b64encode(content).decode("ascii")
    return ""
