"""A theory as a page of plain text, and as what a picture of it is made of."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from cosim.evidence.references import cite
from cosim.processes.graph import GraphFacts, graph_facts
from cosim.processes.mechanisms import list_mechanisms
from cosim.processes.model import ASSUMED, ProcessModel
from cosim.processes.words import (
    claim_words,
    decision_words,
    hazard_words,
    listed,
    number_words,
    quantity_words,
    start_words,
)
from cosim.results.drawing import GraphDrawing
from cosim.vocabulary import SECTORS

WIDTH: Final = 100
_MOST_LOOPS_SHOWN: Final = 12


def describe_process(model: ProcessModel) -> str:
    """Return a theory as text that a terminal shows well: what it says, on whose word, and what its graph can do.

    Parameters
    ----------
    model : ProcessModel

    Returns
    -------
    str
        Lines of at most about 100 characters; headings and tables as in Markdown.
    """
    parts = [
        _heading(model),
        _sources(model),
        _constructs(model),
        _arrows(model),
        f"## Start\n\n{_who(start_words(model), *(_start_source(model)))}",
        _phases(model),
        _feedback(model),
        _graph(model, graph_facts(model)),
        _claims(model),
        _mechanisms(model),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def drawing_of(model: ProcessModel) -> GraphDrawing:
    """Return what a picture of a theory's graph is made of."""
    names = model.construct_names
    by_arrow = {ends: one.reading for one in model.moderators for ends in one.arrows}
    return GraphDrawing(
        title=model.title,
        nodes=tuple((construct.name, construct.measured) for construct in model.constructs),
        arrows=tuple(
            (arrow.sender, arrow.receiver, arrow.weight, by_arrow.get((arrow.sender, arrow.receiver), ""))
            for arrow in model.arrows
        ),
        phases=tuple(
            (phase.name, f"{hazard_words(phase.hazard, names)}\n{_short_decision(phase.decision)}")
            for phase in model.phases
        ),
        back=tuple(
            (number, [other.name for other in model.phases].index(phase.back))
            for number, phase in enumerate(model.phases)
            if phase.decision != "none" and phase.back in [other.name for other in model.phases]
        ),
    )


def _short_decision(decision: str) -> str:
    return "no vote" if decision == "none" else f"then {decision}"


def _wrap(text: str, indent: str = "", first: str | None = None) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns, the last of them wrapped."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    margin = sum(widths) + 2 * len(widths)

    def line(row: Sequence[str]) -> str:
        left = "".join(cell.ljust(width) + "  " for cell, width in zip(row, widths, strict=False))
        last = textwrap.wrap(" ".join(row[-1].split()), max(WIDTH - margin, 30), break_on_hyphens=False) or [""]
        return ("\n" + " " * margin).join([left + last[0], *last[1:]]).rstrip()

    rule = ["-" * width for width in widths] + ["-" * min(max(WIDTH - margin, 30), 40)]
    return "\n".join([line(head), line(rule), *(line(row) for row in rows)])


def _who(text: str, source: str, because: str) -> str:
    return _wrap(" ".join(part for part in (text, because, f"[{source}]") if part))


def _heading(model: ProcessModel) -> str:
    parts = [f"# {model.name}: {model.title}", _wrap(model.about)]
    if model.about_nb:
        parts += [f"*{model.title_nb}*", _wrap(model.about_nb)]
    return "\n\n".join(parts)


def _sources(model: ProcessModel) -> str:
    if not model.sources:
        return "## Sources\n\nNone named: an idea of its author's own."
    lines = []
    for source in model.sources:
        lines.append(_wrap(f"{source.key}: {source.reason}", "  ", "- "))
        lines.append(_wrap(source.where or cite(source.key), "  "))
    return "## Sources\n\n" + "\n".join(lines)


def _constructs(model: ProcessModel) -> str:
    rows = [
        (
            one.name,
            one.measured or "nothing",
            number_words(one.input_weight),
            number_words(one.bias),
            one.means,
        )
        for one in model.constructs
    ]
    return "## Constructs\n\n" + _table(("construct", "measured from", "input", "bias", "what it is"), rows)


def _arrows(model: ProcessModel) -> str:
    if not model.arrows:
        return "## Arrows\n\nNone: the constructs are only what is measured."
    rows = [(one.sender, one.receiver, number_words(one.weight), one.source, one.because) for one in model.arrows]
    meet = "are added" if model.combine == "add" else "are averaged"
    parts = [
        f"## Arrows\n\nArrows that meet {meet}.",
        _table(("from", "to", "weight", "source", "because"), rows),
    ]
    for one in model.moderators:
        count = (
            "every arrow" if len(one.arrows) == len(model.arrows) else listed([" → ".join(two) for two in one.arrows])
        )
        ends = f"{number_words(one.low)} (none) to {number_words(one.high)} (full)"
        parts.append(_who(f"{one.reading} multiplies {count} by {ends}.", one.source, one.because))
    return "\n\n".join(parts)


def _start_source(model: ProcessModel) -> tuple[str, str]:
    return (model.start.source, model.start.because) if model.start else (ASSUMED, "The theory names no condition.")


def _phases(model: ProcessModel) -> str:
    names = model.construct_names
    lines = ["## Phases", "", "Hazards are multiples of the base hazard per month" + _times_scale(model)]
    for number, phase in enumerate(model.phases, 1):
        hazard = phase.hazard
        lines += ["", _wrap(f"{phase.name}: {phase.means}".rstrip(": "), "   ", f"{number}. ")]
        lines.append(
            _wrap(f"hazard: {hazard_words(hazard, names)}. {hazard.because} [{hazard.source}]", "     ", "   ")
        )
        lines.append(_wrap(f"decision: {decision_words(phase)}. {phase.because} [{phase.source}]", "     ", "   "))
        for verb, sectors in (("take part", phase.may_take_part), ("propose", phase.may_propose)):
            if len(sectors) < len(SECTORS):
                lines.append(f"   may {verb}: {listed(sectors) or 'nobody'}")
    capacity = quantity_words(model.capacity, names)
    lines += ["", f"A solution put into use succeeds the likelier the more {capacity} there is."]
    return "\n".join(lines)


def _times_scale(model: ProcessModel) -> str:
    return "." if model.scale == 1.0 else f", all times the scale {number_words(model.scale)}."


def _feedback(model: ProcessModel) -> str:
    one = model.feedback
    groups = {
        "Progress": {"optimism": one.progress_optimism, "commitment": one.progress_commitment},
        "An outcome": {
            "optimism": one.outcome_optimism,
            "commitment": one.outcome_commitment,
            "identity": one.outcome_identity,
            "climate": one.outcome_climate,
        },
    }
    lines = []
    for what, flags in groups.items():
        taught = [trait if flag == 1.0 else f"{trait} ({number_words(flag)})" for trait, flag in flags.items() if flag]
        lines.append(f"{what} teaches {listed(taught) or 'nothing'}.")
    wins = f"A step forward adds {number_words(one.wins_to_trust)} good acts to trust." if one.wins_to_trust else ""
    return "## What is learned\n\n" + _who(" ".join([*lines, wins]), one.source, one.because)


def _graph(model: ProcessModel, facts: GraphFacts) -> str:
    rows = [
        ("added", number_words(facts.rho_add), _gain_words(facts.critical_gain_add)),
        ("averaged", number_words(facts.rho_average), _gain_words(facts.critical_gain_average)),
    ]
    parts = [
        "## Graph",
        _table(("arrows that meet are", "rho", "tips where gain × weight of arrows passes"), rows),
    ]
    if model.moderators:
        parts.append(
            f"With its moderators at 0 rho is {number_words(facts.rho_low)}, at 1 {number_words(facts.rho_high)}."
        )
    if facts.components:
        groups = "; ".join(listed(one) for one in facts.components)
        parts.append(_wrap(f"Constructs that all reach one another: {groups}."))
    if facts.loops:
        count = f"{len(facts.loops)}{'' if facts.all_loops else ' or more'}"
        lines = [
            f"Loops: {count}" + (f", the {_MOST_LOOPS_SHOWN} shortest:" if len(facts.loops) > 12 else ":"),
            "",
        ]
        for loop in facts.loops[:_MOST_LOOPS_SHOWN]:
            kind = "reinforcing" if loop.is_reinforcing else "balancing"
            path = " → ".join((*loop.nodes, loop.nodes[0]))
            lines.append(_wrap(f"{kind} ({number_words(loop.strength)}): {path}", "  ", "- "))
        parts.append("\n".join(lines))
    else:
        parts.append("No loops: nothing tips inside an arena.")
    return "\n\n".join(parts)


def _gain_words(gain: float | None) -> str:
    return "never" if gain is None else number_words(gain)


def _claims(model: ProcessModel) -> str:
    if not model.claims:
        return "## Claims\n\nNone: nothing could speak against this theory."
    lines = []
    for claim in model.claims:
        lines.append(_wrap(f"{claim.id}: {claim.statement} [{claim.source}]", "  ", "- "))
        lines.append(_wrap(f"{claim.shape}: {claim_words(claim)}", "  "))
    return "## Claims\n\n" + "\n".join(lines)


def _mechanisms(model: ProcessModel) -> str:
    told = (
        "For claims and studies, which weaken them one at a time; they are no parameters and cannot be used with --set."
    )
    return f"## Mechanisms that can be knocked out\n\n{_wrap(told)}\n\n" + "\n".join(
        f"- {name}" for name in list_mechanisms(model)
    )
