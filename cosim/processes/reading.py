"""A theory's table, checked: any text gives either a model or one letter with every complaint.

What belongs to one field is checked here; what only the whole can show is in `sense`. Where a field is wrong, a
harmless value takes its place so that the rest is judged too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from cosim.errors import nearest
from cosim.evidence.references import read_references
from cosim.processes import sense
from cosim.processes.claims import read_claims
from cosim.processes.fields import CHOOSE, NAME_ALLOWED, Letter, Section, is_name, one_of, said
from cosim.processes.files import parse_table, read_bytes
from cosim.processes.model import (
    ASSUMED,
    COMBINES,
    MEASURED,
    OUT,
    Arrow,
    Construct,
    Feedback,
    Gate,
    Hazard,
    Moderator,
    Phase,
    ProcessModel,
    Source,
)
from cosim.vocabulary import DECISION_RULES, HAZARD_FORMS, N_NODES, N_PHASES, N_TERMS, READINGS, SECTORS

TOP: Final = (
    "name", "title", "title_nb", "about", "about_nb", "sources", "combine", "capacity", "scale",
    "constructs", "arrows", "moderators", "start", "phases", "feedback", "claims",
)  # fmt: skip
GATES: Final = ("linear", "product", "minimum", "maximum")
LARGE: Final = 10.0
FASTEST: Final = 1000.0
KNOWN_AT_START: Final = (
    "trust", "capacity", "optimism", "climate", "leadership", "design", "administration", "incentives",
    "interdependence", "uncertainty", "mandate", "experience",
)  # fmt: skip
"""Readings that a municipality has before anybody has met; the start gate may ask for these only."""


def read_process_file(path: str | os.PathLike[str], matched: Mapping[str, float] | None = None) -> ProcessModel:
    """Return the theory in a file.

    Parameters
    ----------
    path : path of a TOML file
    matched : scales by name, for a table that says none itself

    Raises
    ------
    ProcessError
        With every complaint at once.
    """
    return process_from_text(read_bytes(path), os.fspath(path), matched)


def process_from_text(
    content: bytes | str, file: str = "text", matched: Mapping[str, float] | None = None
) -> ProcessModel:
    """Return the theory in a TOML text; see `read_process_file`."""
    return process_from_table(parse_table(content, file), file, matched)


def process_from_table(
    table: dict[str, Any], file: str = "table", matched: Mapping[str, float] | None = None
) -> ProcessModel:
    """Return the theory in a TOML table; see `read_process_file`."""
    letter = Letter(file)
    top = Section(letter, "", table, TOP)
    name = top.name("name")
    title = top.text("title", longest=120)
    sources = _sources(top)
    constructs = _constructs(top)
    names = tuple(construct.name for construct in constructs)
    arrows = _arrows(top, names)
    model = ProcessModel(
        name=name,
        title=title,
        title_nb=top.text("title_nb", longest=120, required=False) or title,
        about=top.text("about", longest=4000),
        about_nb=top.text("about_nb", longest=4000, required=False),
        sources=sources,
        constructs=constructs,
        arrows=arrows,
        moderators=_moderators(top, arrows),
        start=_start(top),
        phases=_phases(top, names),
        feedback=_feedback(top),
        capacity=_quantity(top, "capacity", names, "capacity") or "measured.capacity",
        combine=top.word("combine", COMBINES, "add", "add"),
        claims=read_claims(top),
        scale=top.number("scale", 1e-6, FASTEST, (matched or {}).get(name, 1.0)),
    )
    sense.check_sources(letter, model)
    sense.check_graph(letter, model)
    sense.check_phases(letter, model)
    if letter.is_empty:
        sense.check_feedback(letter, model)
        sense.check_mechanisms(letter, model)
    letter.send()
    return model


@cache
def known_references() -> frozenset[str]:
    """Return the keys of the references that ship."""
    return frozenset(read_references())


def _sources(top: Section) -> tuple[Source, ...]:
    read = []
    for section in top.sections("sources", ("key", "reason", "where"), 40):
        key = section.name("key")
        where = section.text("where", longest=1000, required=False)
        if key and not where and key not in known_references():
            hint = nearest(key, sorted(known_references()))
            section.complain(
                "key",
                said(key),
                "a key of the references, or an own one with `where`",
                hint or "add where = ...",
            )
        read.append(Source(key, section.text("reason", longest=1000), where))
    return tuple(read)


def _constructs(top: Section) -> tuple[Construct, ...]:
    table = top.section("constructs", None, required=True)
    if table is None:
        return ()
    if not 1 <= len(table.table) <= N_NODES:
        table.letter.complain(table.path, f"{len(table.table)} constructs", f"1 to {N_NODES}")
    read = []
    for name in list(table.table)[:N_NODES]:
        section = table.section(name, ("measured", "input", "bias", "means"))
        if not is_name(name):
            table.complain(name, "this name", NAME_ALLOWED, "choose another name")
        if section is None:
            read.append(Construct(name, READINGS[0], 0.0, 0.0, ""))
            continue
        measured = section.word("measured", ("none", *READINGS), empty=READINGS[0])
        weight = section.number("input", -LARGE, LARGE, 0.0, 0.0)
        if measured == "none" and weight != 0.0:
            section.complain("input", said(weight), "0 where nothing is measured", "name the reading under measured")
        bias = section.number("bias", -LARGE, LARGE, 0.0, 0.0)
        measured = "" if measured == "none" else measured
        read.append(Construct(name, measured, weight, bias, section.text("means", required=False)))
    return tuple(read)


def _arrows(top: Section, names: tuple[str, ...]) -> tuple[Arrow, ...]:
    read: list[Arrow] = []
    drawn: set[tuple[str, str]] = set()
    for section in top.sections("arrows", ("from", "to", "weight", "source", "because"), N_NODES * N_NODES):
        ends = section.word("from", names), section.word("to", names)
        weight = section.number("weight", -LARGE, LARGE, None)
        if weight == 0.0:
            section.complain("weight", "0", "a weight that is not 0", "take the arrow out")
        if all(ends) and ends in drawn:
            section.complain(
                "to", f"{ends[0]} -> {ends[1]} again", "each arrow once", "take one out, or add the weights"
            )
        drawn.add(ends)
        read.append(Arrow(*ends, weight, *_says_who(section)))
    return tuple(read)


def _moderators(top: Section, arrows: tuple[Arrow, ...]) -> tuple[Moderator, ...]:
    read: list[Moderator] = []
    drawn = {f"{arrow.sender} -> {arrow.receiver}": (arrow.sender, arrow.receiver) for arrow in arrows}
    taken: set[tuple[str, str]] = set()
    for section in top.sections("moderators", ("reading", "arrows", "low", "high", "source", "because"), N_NODES):
        reading = section.word("reading", READINGS, empty=READINGS[0])
        if section.table.get("arrows", "all") == "all":
            moderated = tuple(drawn.values())
        else:
            moderated = tuple(drawn[text] for text in section.words("arrows", tuple(drawn), ()))
        if not moderated and section.letter.is_empty:
            section.complain("arrows", "no arrow", "'all', or a list as ['wins -> trust']", "draw the arrows first")
        for ends in moderated:
            if ends in taken:
                section.complain("arrows", f"{ends[0]} -> {ends[1]} again", "one moderator for each arrow")
        taken.update(moderated)
        low = section.number("low", -LARGE, LARGE, None)
        high = section.number("high", -LARGE, LARGE, None)
        read.append(Moderator(reading, moderated, low, high, *_says_who(section)))
    return tuple(read)


def _start(top: Section) -> Gate | None:
    section = top.section("start", ("form", "terms", "weights", "level", "source", "because"))
    if section is None:
        return None
    form = section.word("form", GATES, "linear", "linear")
    terms = []
    for number, term in enumerate(_listed(section, "terms", 1), 1):
        reading = term.removeprefix(MEASURED) if isinstance(term, str) else term
        if reading in KNOWN_AT_START:
            terms.append(f"{MEASURED}{reading}")
        else:
            do = nearest(str(reading)[:60], KNOWN_AT_START)
            allowed = f"known before anybody has met: {one_of(KNOWN_AT_START)}"
            section.complain(f"terms[{number}]", said(term), allowed, do)
    weights = _weights(section, form, len(terms))
    level = section.number("level", 0.0, LARGE, None, -1.0)
    return Gate(form, tuple(terms), weights, level, *_says_who(section))


def _phases(top: Section, names: tuple[str, ...]) -> tuple[Phase, ...]:
    keys = (
        "name", "means", "may_take_part", "may_propose", "may_decide", "decision", "back", "hazard", "source",
        "because",
    )  # fmt: skip
    read: list[Phase] = []
    for section in top.sections("phases", keys, N_PHASES, required=True):
        take_part = section.words("may_take_part", SECTORS, SECTORS)
        propose = section.words("may_propose", SECTORS, take_part)
        decide = section.words("may_decide", SECTORS, take_part)
        name = section.name("name")
        if name == OUT or (name and name in [phase.name for phase in read]):
            section.complain("name", said(name), "a name of its own, not 'out'", "choose another name")
        decision = section.word("decision", DECISION_RULES, "none", "none")
        decided_nothing = section.table.get("decision", "none") == "none"
        if decided_nothing and "back" in section.table:
            found = said(section.table["back"])
            section.complain("back", found, "nothing, where nothing is decided", "take it out, or name a decision")
        back = _back(section, tuple(phase.name for phase in read)) if decision != "none" else ""
        hazard = section.section(
            "hazard",
            ("form", "rate", "constant", "terms", "weights", "gate", "level", "source", "because"),
            required=True,
        )
        read.append(
            Phase(
                name,
                section.text("means", required=False),
                take_part,
                propose,
                decide,
                decision,
                back,
                _hazard(hazard, names) if hazard else Hazard("linear", 1.0, 1.0, (), (), "", 0.0),
                *_says_who(section),
            )
        )
    return tuple(read)


def _back(section: Section, earlier: tuple[str, ...]) -> str:
    back = section.table.get("back", OUT)
    if isinstance(back, str) and back in (OUT, *earlier):
        return back
    allowed = f"'{OUT}' or an earlier phase: {one_of(earlier)}"
    section.complain("back", said(back), allowed, "a failed decision leads back, or out, never on")
    return OUT


def _hazard(section: Section, names: tuple[str, ...]) -> Hazard:
    form = section.word("form", HAZARD_FORMS, "linear", "linear")
    rate = section.number("rate", 0.0, FASTEST, None)
    constant = section.number("constant", -LARGE, LARGE, 0.0, 0.0)
    if constant != 0.0 and form != "linear":
        section.complain("constant", said(constant), "0, unless the form is linear", "take it out")
    found = _listed(section, "terms", 0 if form == "linear" else 1)
    terms = [_known_quantity(section, f"terms[{number}]", one, names) for number, one in enumerate(found, 1)]
    gate = _quantity(section, "gate", names, None)
    if form == "threshold":
        if len(found) > 1:
            section.complain(
                "terms", f"{len(found)} terms", "one term, which is its own gate", "use gate for another form"
            )
        if gate:
            section.complain("gate", said(gate), "nothing: a threshold's term is its own gate", "take it out")
        gate = terms[0] if terms else "measured.engagement"
    level = section.number("level", 0.0, 1.0, None if gate else 0.0, 0.0)
    if not gate and "level" in section.table:
        section.complain("level", said(level), "nothing without a gate", "name the gate, or take it out")
    return Hazard(
        form,
        rate,
        constant,
        tuple(terms),
        _weights(section, form, len(terms)),
        gate,
        level,
        *_says_who(section),
    )


def _weights(section: Section, form: str, n_terms: int) -> tuple[float, ...]:
    if "weights" not in section.table:
        return (1.0 / max(n_terms, 1) if form == "linear" else 1.0,) * n_terms
    if form != "linear":
        section.complain("weights", "weights", "none, unless the form is linear", "take them out")
        return (1.0,) * n_terms
    written = section.table.get("terms")
    count = len(written) if isinstance(written, list) else n_terms
    weights = section.numbers("weights", count, count, LARGE)
    return weights if len(weights) == n_terms else (1.0,) * n_terms


def _feedback(top: Section) -> Feedback:
    section = top.section("feedback", ("progress", "outcome", "wins_to_trust", "source", "because"))
    if section is None:
        return Feedback()
    progress = section.words("progress", ("optimism", "commitment"), ())
    outcome = section.words("outcome", ("optimism", "commitment", "identity", "climate"), ())
    wins_to_trust = section.number("wins_to_trust", 0.0, LARGE, 0.0, 0.0)
    return Feedback(
        float("optimism" in progress),
        float("commitment" in progress),
        float("optimism" in outcome),
        float("commitment" in outcome),
        float("identity" in outcome),
        float("climate" in outcome),
        wins_to_trust,
        *_says_who(section),
    )


def _listed(section: Section, name: str, least: int) -> list[Any]:
    value = section.table.get(name, [])
    if isinstance(value, list) and least <= len(value) <= N_TERMS:
        return value
    section.complain(name, said(value), f"a list of {least} to {N_TERMS} names")
    return value[:N_TERMS] if isinstance(value, list) else []


def _known_quantity(section: Section, key: str, value: object, names: tuple[str, ...]) -> str:
    if isinstance(value, str):
        if value in names:
            return value
        if value.removeprefix(MEASURED) in READINGS:
            return MEASURED + value.removeprefix(MEASURED)
    allowed = (*names, *(reading for reading in READINGS if reading not in names))
    hint = nearest(value[:60], allowed) if isinstance(value, str) and not section.letter.is_full else ""
    section.complain(key, said(value), f"a construct of the theory or a reading: {one_of(allowed)}", hint or CHOOSE)
    return "measured.engagement"


def _quantity(section: Section, name: str, names: tuple[str, ...], default: str | None) -> str:
    value = section.table.get(name, default)
    return "" if value is None else _known_quantity(section, name, value, names)


def _says_who(section: Section) -> tuple[str, str]:
    """Return who says so (a key of the theory's own sources, or "assumed") and why."""
    source = section.table.get("source", ASSUMED)
    if not isinstance(source, str) or not is_name(source):
        section.complain("source", said(source), f"a key of its sources, or '{ASSUMED}'")
        source = ASSUMED
    return source, section.text("because", longest=1000, required=False)
