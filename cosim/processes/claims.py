"""Claims as tables: a statement, what is measured, what is varied, and the shape the theory expects."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from cosim.processes.fields import Section, said
from cosim.processes.model import ASSUMED, DIRECTIONS, MARGINS_IN, SHAPES, Claim

KEYS: Final = (
    "id", "statement", "outcome", "factor", "shape", "levels", "direction", "with", "with_levels", "at", "band",
    "before", "domain", "margin", "margin_in", "source",
)  # fmt: skip
NEEDED: Final = {
    "sign": ("factor", "levels", "direction"),
    "monotone": ("factor", "levels", "direction"),
    "threshold": ("factor", "levels", "direction", "at"),
    "interaction": ("factor", "levels", "direction", "with", "with_levels"),
    "band": ("band",),
    "order": ("before",),
}
"""The fields each shape needs; it may have no other of these."""
FEWEST: Final = {"sign": 2, "monotone": 3, "threshold": 3, "interaction": 2}
LARGEST: Final = 1e6


def read_claims(top: Section) -> tuple[Claim, ...]:
    """Return the claims of a theory's table, complaining of each that no run could check."""
    read: list[Claim] = []
    for section in top.sections("claims", KEYS, 40):
        claim = _claim(section)
        if claim.id and claim.id in [other.id for other in read]:
            section.complain("id", said(claim.id), "each id once", "choose another id")
        read.append(claim)
    return tuple(read)


def _claim(section: Section) -> Claim:
    shape = section.word("shape", SHAPES)
    needed = NEEDED.get(shape, ())
    if shape:
        for key in sorted({key for keys in NEEDED.values() for key in keys}):
            if key in needed and key not in section.table:
                section.complain(key, "nothing", f"a value: the shape is {shape}", f"add {key}")
            elif key not in needed and key in section.table:
                section.complain(key, said(section.table[key]), f"nothing: the shape is {shape}", "take it out")
    directions = DIRECTIONS if shape in ("sign", "interaction") else DIRECTIONS[:2]
    source = section.name("source") if "source" in section.table else ASSUMED
    return Claim(
        id=section.name("id"),
        statement=section.text("statement"),
        outcome=section.dotted("outcome"),
        shape=shape,
        margin=section.number("margin", 0.0, LARGEST, None, 0.0),
        source=source,
        margin_in=section.word("margin_in", MARGINS_IN, "unit", "unit"),
        factor=section.dotted("factor", required=False),
        levels=_rising(section, "levels", FEWEST.get(shape, 2), 20),
        direction=section.word("direction", directions, ""),
        moderator=section.dotted("with", required=False),
        with_levels=_rising(section, "with_levels", 2, 20),
        at=_rising(section, "at", 2, 2),
        band=_rising(section, "band", 2, 2),
        before=section.dotted("before", required=False),
        domain=_domain(section),
    )


def _rising(section: Section, name: str, least: int, most: int) -> tuple[float, ...]:
    numbers = section.numbers(name, least, most, LARGEST)
    if any(low >= high for low, high in pairwise(numbers)):
        section.complain(name, said(list(numbers)), "numbers that rise", "put them in order")
        return ()
    return numbers


def _domain(section: Section) -> tuple[tuple[str, float, float], ...]:
    table = section.section("domain", None)
    if table is None:
        return ()
    if len(table.table) > 10:
        table.letter.complain(table.path, f"{len(table.table)} parameters", "at most 10")
        return ()
    read = []
    for name in table.table:
        ends = table.numbers(name, 2, 2, LARGEST)
        if len(ends) == 2 and ends[0] <= ends[1]:
            read.append((name, *ends))
        elif len(ends) == 2:
            table.complain(name, "the larger first", "[low, high]", "turn them round")
    return tuple(read)
