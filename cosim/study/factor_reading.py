"""Reads what a study varies: parameters, mechanisms of its theories, or the theory itself. Floor 7."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cosim.errors import ProcessError, nearest
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.declaration import Declaration
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.fields import Section, said
from cosim.study.factors import MECHANISM, PROCESS, factor_of
from cosim.study.fields import beside, take_words
from cosim.study.sensitivity_design import Factor

FIELDS: Final = ("range", "choices", "group")
MOST_FACTORS: Final = 60
STRONGEST: Final = 10.0
"""A mechanism is multiplied by so much: knocked out, as it is (1), or stronger."""


def read_factors(top: Section, folder: Path) -> tuple[Factor, ...]:
    """Return the factors that are right; a dotted name may stand in quotes or without them."""
    table = top.section("factors", None)
    if table is None:
        return ()
    named = dict(_leaves(table.table))
    if len(named) > MOST_FACTORS:
        top.complain("factors", f"{len(named)} factors", f"at most {MOST_FACTORS}")
        return ()
    whole = Section(table.letter, table.path, named, None)
    read = (_factor(whole, name, folder) for name in named)
    return tuple(one for one in read if one is not None)


def _leaves(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names with what stands under them: a table of tables is a name that goes on."""
    for name, value in table.items():
        if isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values()):
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _factor(table: Section, name: str, folder: Path) -> Factor | None:
    section = table.section(name, FIELDS)
    if section is None:
        return None
    group = section.text("group", longest=40, required=False)
    if name == PROCESS:
        return _process_factor(section, group, folder)
    declared = read_declarations().get(name)
    if name.startswith(MECHANISM) or declared is None:
        if "choices" in section.table:
            section.complain("choices", said(section.table["choices"]), "range = [low, high]", "take it out")
        if name.startswith(MECHANISM):
            low, high = _range(section, 0.0, STRONGEST, (0.0, 1.0))
            return Factor(name, low, high, group=group)
        do = nearest(name[:80], list(read_declarations())) or "cosim manual parameters lists them"
        table.complain(name, "no such parameter", "a parameter, theory.<mechanism> or process", do)
        return None
    return _parameter_factor(section, declared, group)


def _parameter_factor(section: Section, declared: Declaration, group: str) -> Factor | None:
    if declared.kind == "choice" and "range" in section.table:
        section.complain("range", said(section.table["range"]), 'choices = ["...", "..."]: it is a choice', "name them")
        return None
    if "choices" in section.table and declared.kind == "choice":
        words = section.words("choices", declared.choices, ())
        if len(words) < 2:
            allowed = f"two or more of {', '.join(declared.choices)}"
            section.complain("choices", said(section.table["choices"]), allowed)
            return None
        return Factor(declared.name, kind="choice", choices=words, group=group)
    if "choices" in section.table:
        allowed = f"range = [low, high]: {declared.name} is a {declared.kind}"
        section.complain("choices", said(section.table["choices"]), allowed, "take it out")
    low, high = _range(section, declared.low, declared.high, (declared.prior_low, declared.prior_high))
    if low >= high:
        section.complain("range", "nothing", f"low < high within {declared.low:g}..{declared.high:g}", "add range")
        return None
    if declared.is_whole and not (low.is_integer() and high.is_integer()):
        section.complain("range", f"{low:g} to {high:g}", "whole numbers", "round them")
        return None
    if declared.kind == "switch" and (low, high) != (0.0, 1.0):
        section.complain("range", f"{low:g} to {high:g}", "nothing: it is switched off and on", "take it out")
        return None
    return factor_of(declared, low, high, group)


def _process_factor(section: Section, group: str, folder: Path) -> Factor | None:
    if "range" in section.table:
        section.complain("range", said(section.table["range"]), 'choices = ["...", "..."]', "name theories")
    words = tuple(beside(folder, word) for word in take_words(section, "choices", list_processes()))
    for word in words:
        try:
            read_process(word)
        except ProcessError as error:
            section.letter.complaints += error.complaints
    if len(words) < 2:
        section.complain("choices", said(section.table.get("choices")), "two theories or more")
        return None
    return Factor(PROCESS, kind="choice", choices=words, group=group)


def _range(section: Section, low: float, high: float, usual: tuple[float, float]) -> tuple[float, float]:
    if "range" not in section.table:
        return usual
    ends = section.numbers("range", 2, 2, 1e12)
    if len(ends) != 2:
        return usual
    if not low <= ends[0] < ends[1] <= high:
        do = "put the lower first, and stay within what the parameter may be"
        section.complain("range", f"{ends[0]:g} to {ends[1]:g}", f"low < high within {low:g}..{high:g}", do)
        return usual
    return ends[0], ends[1]
