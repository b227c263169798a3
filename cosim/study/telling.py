"""Puts a study's findings into words, tables and pictures: what all kinds of study have in common. Floor 7."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from cosim.measurement.observe import OUTCOMES
from cosim.report.document import IF_ROOM, USUALLY, Block, Heading, Paragraph, TableBlock
from cosim.report.wording import SHARE, interval_words, per_cent
from cosim.results.intervals import Interval
from cosim.results.provenance import read_commit, read_version
from cosim.study.definition import Study
from cosim.study.execute import Made
from cosim.study.points import model_version

Row = Mapping[str, Any]
SLIGHT: Final = 0.01
"""A difference of less than this share of the baseline is called slight (ASSUMED)."""

CAVEATS: Final = (
    "The parameters are reasoned, not calibrated: each says in `cosim manual parameters` whether it was measured, "
    "estimated, assumed or is free. What is said here holds in the model.",
    "An interval says how well the model's own mean is known after so many lucks, and nothing about how well the "
    "model knows Norway.",
    "Two pilot municipalities cannot tell the rival theories apart: try the same question under another with "
    "`processes`.",
)


def records(frame: pd.DataFrame) -> list[Row]:
    """Return a frame's rows as plain mappings."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def rows_by(frame: pd.DataFrame, column: str) -> dict[str, Row]:
    """Return a frame's rows by what stands in one column."""
    return {str(row[column]): row for row in records(frame)}


def name_outcome(name: str) -> str:
    """Return an outcome's meaning, for a sentence."""
    one = OUTCOMES.get(name.partition("@")[0])
    return name if one is None else one.meaning


def unit_words(unit: str) -> str:
    """Return a unit as it stands behind a number: nothing where the number is written in per cent."""
    return "" if unit == SHARE else f" {unit}"


def change_words(mean: float, low: float, high: float, n: int, unit: str) -> str:
    """Return a difference with its interval and unit."""
    if not math.isfinite(mean):
        return "not defined"
    return interval_words(Interval(mean, low, high, n), unit if unit == SHARE else "") + unit_words(unit)


def runs_words(made: Sequence[Made]) -> str:
    """Return how many runs were made, found and failed, and how long it took."""
    n = sum(one.made for one in made)
    # What an earlier stage of the same study made, a later one finds: that is not what was there before it.
    before = [sum(other.made for other in made[:place]) for place in range(len(made))]
    found = sum(max(one.found - own, 0) for one, own in zip(made, before, strict=True))
    failed, seconds = sum(one.failed for one in made), sum(one.seconds for one in made)
    told = f"{n:,} runs were made"
    if n and seconds > 0:
        told += f" in {seconds:,.0f} s"
    told += f"; {found:,} were found in the store" if found else ""
    return told + (f"; {failed:,} of them failed" if failed else "") + "."


def birth(study: Study, made: Sequence[Made], ended: str) -> tuple[tuple[str, str], ...]:
    """Return a study's birth certificate for its page."""
    commit, dirty = read_commit()
    theories = ", ".join(model.name for _, model in study.processes)
    return (
        ("study", study.name),
        ("worlds", ", ".join(one.name for one in study.scenarios)),
        ("theories", theories),
        ("seed", str(study.seed)),
        ("months", str(study.baseline.months)),
        ("runs", runs_words(made)),
        ("ended because", ended),
        ("cosim", f"{read_version()}, model {model_version()}"),
        ("commit", (commit or "none")[:12] + (" and changes" if dirty else "")),
    )


def guards_block(guards: Sequence[str]) -> list[Block]:
    """Return what looks wrong as blocks; nothing when nothing does."""
    if not guards:
        return []
    return [Heading("What looks wrong"), *[Paragraph(f"{one[0].upper()}{one[1:]}.", USUALLY) for one in guards]]


def table_block(frame: pd.DataFrame, caption: str, rank: int = IF_ROOM, **units: str) -> TableBlock:
    """Return a frame as a table of a page."""
    return TableBlock(frame, caption, units, {}, rank)


def share_words(row: Row) -> str:
    """Return a difference as a share of the baseline, with its interval; empty where the baseline is no amount.

    A change has no amount that another could be a share of: of a rise that is nearly nothing anything is a great part.
    """
    if not math.isfinite(row["share_mean"]) or str(row["unit"]).startswith("difference"):
        return ""
    return f"{per_cent(row['share_mean'], 1)} ({per_cent(row['share_low'], 1)} to {per_cent(row['share_high'], 1)})"


def is_slight(row: Row) -> bool:
    """Return whether a difference, as far as it is known, stays below what anybody would notice."""
    ends = (abs(row["share_low"]), abs(row["share_high"]))
    return bool(share_words(row)) and max(ends) < SLIGHT


def money_words(nok: float) -> str:
    """Return an amount with no more figures than it deserves.

    Examples
    --------
    >>> money_words(48_051_843.0), money_words(315.4), money_words(-8_409_072.0)
    ('48 million', '315', '−8.4 million')
    """
    if not math.isfinite(nok):
        return "–"
    sign, size = ("−" if nok < 0 else ""), abs(nok)
    if size >= 1e6:
        millions = size / 1e6
        return f"{sign}{millions:,.0f} million" if millions >= 9.95 else f"{sign}{millions:.1f} million"
    digits = max(3 - len(str(int(size))), 0)
    return f"{sign}{round(size, -3) if size >= 1e5 else round(size, -2) if size >= 1e4 else round(size, digits):,.0f}"
