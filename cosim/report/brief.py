"""The policy brief: a document on at most two pages of A4, with what had no room named at its end.

Floor 3. Where all cannot stay, things go in this order: the works cited; blocks, those of the highest rank first and of
one rank the last first; the birth certificate; blocks of rank 0; caveats and then sentences of the answer, the last
first, but never the first of either; and at the very last, long texts are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from cosim.report.brief_blocks import cut, least_height, name_of, write_block, write_heading
from cosim.report.document import ALWAYS, Block, Document, Heading
from cosim.report.page_words import WORDS, words_of
from cosim.report.paper import BLUE, MARGIN, SOFT, TINT, Paper, printable
from cosim.report.wording import listed

MOST_PAGES: Final = 2
MOST_NAMED: Final = 6
SHORT: Final = 400
"""Letters that a text keeps when nothing else helps; a name keeps a quarter of them."""


class _Step(NamedTuple):
    """Something that may be left out: of what kind, which one of its kind, and its words."""

    kind: str
    place: int
    words: str


def render_brief(document: Document, made: datetime) -> bytes:
    """Return a document as the bytes of a PDF of one or two pages; the same input always gives the same bytes.

    Parameters
    ----------
    document : the study
    made : when it was made, as the file says; in UTC unless it says otherwise
    """
    document = document if document.lang in WORDS else replace(document, lang="en")
    steps = _steps(document)
    paper = _lay_out(document, made, [])
    try:
        if paper.page_no() <= MOST_PAGES:
            return paper.content()
        fits = _fewest(document, made, steps, paper)
    finally:
        paper.put_away()
    if fits <= len(steps):
        paper = _lay_out(document, made, steps[:fits])
    else:
        paper = _lay_out(_shortened(document), made, steps, shortened=True)
    try:
        return paper.content()
    finally:
        paper.put_away()


def _fewest(document: Document, made: datetime, steps: Sequence[_Step], measured: Paper) -> int:
    """Return how many steps must be taken, one more than there are if all of them are not enough."""
    falls, fits = 0, len(steps) + 1
    while fits - falls > 1:
        middle = (fits + falls) // 2
        if _lay_out(document, made, steps[:middle], measured=measured).page_no() <= MOST_PAGES:
            fits = middle
        else:
            falls = middle
    return fits


def _shortened(document: Document) -> Document:
    """Return a document whose texts cannot fill a page each."""
    return Document(
        title=cut(document.title, SHORT // 4),
        question=cut(document.question, SHORT),
        answer=tuple(cut(one, SHORT) for one in document.answer),
        caveats=tuple(cut(one, SHORT) for one in document.caveats),
        command=cut(document.command, SHORT),
        lang=document.lang,
    )


def _steps(document: Document) -> list[_Step]:
    """Return what may be left out, in the order in which it goes."""
    words = words_of(document.lang)
    blocks = [
        (block.rank, _Step("block", place, name_of(block, words)))
        for place, block in enumerate(document.blocks)
        if not isinstance(block, Heading)
    ]
    ranked = sorted(blocks, key=lambda one: (-one[0], -one[1].place))
    steps = [_Step("references", 0, words["papers"])] if document.references else []
    steps += [step for rank, step in ranked if rank > ALWAYS]
    steps += [_Step("provenance", 0, words["birth"])] if document.provenance else []
    steps += [step for rank, step in ranked if rank <= ALWAYS]
    for kind, texts in (("caveat", document.caveats), ("sentence", document.answer)):
        for place in range(len(texts) - 1, 0, -1):
            steps.append(_Step(kind, place, words[kind].format(what=cut(texts[place], 50))))
    return steps


def _lay_out(
    document: Document,
    made: datetime,
    left_out: Sequence[_Step],
    *,
    shortened: bool = False,
    measured: Paper | None = None,
) -> Paper:
    """Return the pages of a document without what is left out."""
    words = words_of(document.lang)
    gone = {(step.kind, step.place) for step in left_out}
    title = printable(document.title)
    foot = printable(f"{words['simulated']} {cut(document.title, 90)}")
    paper = Paper(title, printable(document.question), document.lang, made, foot, measured)
    _write_top(paper, document, words["brief"])
    answer = [one for place, one in enumerate(document.answer) if ("sentence", place) not in gone]
    _write_answer(paper, answer or [words["no_answer"]], words["answer"])
    _write_blocks(paper, document, {place for kind, place in gone if kind == "block"})
    caveats = [one for place, one in enumerate(document.caveats) if ("caveat", place) not in gone]
    if caveats:
        write_heading(paper, words["caveats"], 12.0)
        for one in caveats:
            paper.style(8.5)
            paper.write_lines(printable(one), indent=4.0, mark="•")
            paper.y += 0.6
    if document.command:
        write_heading(paper, words["again"], 10.0)
        paper.style(7.5, family="mono")
        paper.write_lines(printable(document.command), fill=TINT)
    if document.provenance and ("provenance", 0) not in gone:
        paper.y += 1.5
        paper.style(7.0, colour=SOFT)
        paper.write_lines(printable(" · ".join(f"{word}: {value}" for word, value in document.provenance)))
    if document.references and ("references", 0) not in gone:
        write_heading(paper, words["papers"], 8.0)
        paper.style(7.0, colour=SOFT)
        for work in document.references:
            paper.write_lines(printable(f"{work.get('line', '')} {work.get('address', '')}"), indent=3.0)
    _write_left_out(paper, left_out, document.lang, shortened=shortened)
    return paper


def _write_top(paper: Paper, document: Document, kicker: str) -> None:
    paper.set_y(MARGIN - 3.0)
    paper.style(8.0, "B", BLUE)
    paper.write_lines(kicker.upper())
    paper.style(16.0, "B")
    paper.write_lines(printable(document.title), kind="/H1")
    if document.question:
        paper.y += 0.8
        paper.style(10.0, colour=SOFT)
        paper.write_lines(printable(document.question))
    paper.y += 1.6
    paper.rule(BLUE, 0.7)
    paper.y += 0.6


def _write_answer(paper: Paper, sentences: Sequence[str], heading: str) -> None:
    write_heading(paper, heading, 12.0)
    for place, sentence in enumerate(sentences):
        paper.style(10.0, "B" if place == 0 else "")
        paper.write_lines(printable(sentence))
        paper.y += 0.8


def _write_blocks(paper: Paper, document: Document, gone: set[int]) -> None:
    """Write what stays, and the headings that still have something under them."""
    heading: Heading | None = None
    for place, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            heading = block
        elif place not in gone:
            if heading is not None:
                write_heading(paper, heading.text, least_height(paper, block))
                heading = None
            _write_block(paper, block, document.lang)


def _write_block(paper: Paper, block: Block, lang: str) -> None:
    paper.y += 0.8
    write_block(paper, block, lang)
    paper.y += 1.2


def _write_left_out(paper: Paper, left_out: Sequence[_Step], lang: str, *, shortened: bool) -> None:
    words = words_of(lang)
    # Works cited and the birth certificate are no findings: that they are in the full report only is no loss to name.
    named = [step.words for step in left_out if step.kind not in ("references", "provenance")]
    if len(named) > MOST_NAMED:
        named = [*named[: MOST_NAMED - 1], words["others"].format(count=len(named) - MOST_NAMED + 1)]
    text = words["left_out"].format(what=listed(named, words["and"])) if named else ""
    text = f"{text} {words['shortened']}".strip() if shortened else text
    if text:
        paper.y += 1.5
        paper.style(7.5, "I", SOFT)
        paper.write_lines(printable(text))
