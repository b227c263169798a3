"""What only the whole table can show: parts that nothing moves, phases without exit, teaching that nobody hears."""

from __future__ import annotations

from typing import Final

from cosim.errors import nearest
from cosim.processes.fields import Letter, one_of, said
from cosim.processes.mechanisms import list_mechanisms
from cosim.processes.model import ASSUMED, MEASURED, Gate, Hazard, ProcessModel
from cosim.processes.paths import reaching

HEARD_AS: Final = {
    "optimism": ("optimism", "engagement"),
    "commitment": ("commitment", "engagement", "trust", "conflict"),
    "identity": ("identity", "engagement", "trust", "conflict"),
    "climate": ("climate", "engagement", "trust", "understanding", "conflict", "wins"),
}
"""Where a trait that is taught shows in an arena.

Optimism and identity decide who joins, commitment who comes and how they act, identity how others' acts are seen, the
climate how often one meets, how far apart views may lie, how one argues and how much is tried.
"""


def check_sources(letter: Letter, model: ProcessModel) -> None:
    """Complain of every number or claim whose source is not among the theory's own."""
    keys = [source.key for source in model.sources]
    for key in {key for key in keys if keys.count(key) > 1}:
        letter.complain("sources", f"{said(key)} more than once", "each source once", "join the reasons")
    parts = [(f"arrows {arrow.sender} -> {arrow.receiver}", arrow.source) for arrow in model.arrows]
    parts += [(f"moderators {moderator.reading}", moderator.source) for moderator in model.moderators]
    parts += [("start", model.start.source)] if model.start else []
    parts += [(f"phases {phase.name}", phase.source) for phase in model.phases]
    parts += [(f"phases {phase.name} hazard", phase.hazard.source) for phase in model.phases]
    parts += [("feedback", model.feedback.source)]
    parts += [(f"claims {claim.id}", claim.source) for claim in model.claims if claim.source]
    for where, key in parts:
        if key not in (ASSUMED, *keys):
            hint = "" if letter.is_full else nearest(key, keys)
            letter.complain(where, f"source {said(key)}", one_of((ASSUMED, *keys)), hint or "add it to sources")


def check_graph(letter: Letter, model: ProcessModel) -> None:
    """Complain of constructs that nothing measures and nothing moves.

    An arrow from a construct to itself is allowed: what is there keeps itself going.
    """
    for construct in model.constructs:
        moved = any(arrow.receiver == construct.name for arrow in model.arrows)
        if not construct.measured and not moved:
            letter.complain(
                f"constructs.{construct.name}",
                "nothing measures it and no arrow moves it",
                "a reading under measured, or an arrow to it",
                "measure it, draw an arrow, or take it out",
            )


def check_phases(letter: Letter, model: ProcessModel) -> None:
    """Complain of phases that cannot be left or in which nobody may act, and of a start that never comes."""
    for number, phase in enumerate(model.phases, 1):
        where = f"phases {phase.name or number}"
        if not phase.may_take_part:
            letter.complain(where, "nobody may take part", "at least one sector", "name who may take part")
        for verb, sectors in (("propose", phase.may_propose), ("decide", phase.may_decide)):
            outside = [sector for sector in sectors if sector not in phase.may_take_part]
            if outside and not (verb == "decide" and phase.decision == "none"):
                found = f"{', '.join(outside)} may {verb} without taking part"
                letter.complain(where, found, "sectors that take part", f"widen may_take_part, or narrow may_{verb}")
        if phase.decision != "none" and not phase.may_decide:
            letter.complain(where, f"a decision by {phase.decision} that nobody may take", "who may decide")
        if phase.decision == "authority" and phase.may_decide and "public" not in phase.may_decide:
            letter.complain(where, "authority without the public sector", "public among may_decide")
        if phase.hazard.rate * most_of(phase.hazard) <= 0.0:
            letter.complain(
                where,
                "no exit: its hazard can never be above 0",
                "a rate above 0, a form that can be above 0, a gate below 1",
                "mend the hazard",
            )
    if model.phases and not any(phase.may_propose for phase in model.phases):
        letter.complain("phases", "nobody may propose in any phase", "at least one sector in one phase")
    gate = model.start
    if gate is not None and gate.level >= 0.0 and gate.terms and most_of(gate) <= gate.level:
        found = f"a gate that never opens: at most {most_of(gate):g}"
        letter.complain("start.level", found, f"below {most_of(gate):g}", "lower the level")


def most_of(form: Hazard | Gate) -> float:
    """Return the most a hazard's or gate's form can come to, each quantity being a share (0 if its gate stays shut).

    Examples
    --------
    >>> most_of(Hazard("linear", 1.0, -0.5, ("trust",), (0.75,), "", 0.0))
    0.25
    """
    gate, level = (form.gate, form.level) if isinstance(form, Hazard) else ("", 0.0)
    if gate and level >= 1.0:
        return 0.0
    if form.form != "linear":
        return 1.0
    most = form.constant if isinstance(form, Hazard) else 0.0
    for term in set(form.terms):
        weight = sum(own for name, own in zip(form.terms, form.weights, strict=True) if name == term)
        least = max(level, 0.0) if term == gate else 0.0
        most += weight if weight > 0.0 else weight * least
    return most


def listened_to(model: ProcessModel) -> set[str]:
    """Return the readings that a theory's start, hazards or use of capacity depend on, directly or by arrows."""
    named = {model.capacity}
    for phase in model.phases:
        named.update((*phase.hazard.terms, phase.hazard.gate))
    constructs = reaching(model, named)
    heard = {name.removeprefix(MEASURED) for name in named if name.startswith(MEASURED)}
    if model.start is not None:
        heard.update(term.removeprefix(MEASURED) for term in model.start.terms)
    heard.update(one.measured for one in model.constructs if one.name in constructs and one.measured)
    for moderator in model.moderators:
        if any(receiver in constructs for _sender, receiver in moderator.arrows):
            heard.add(moderator.reading)
    return heard


def check_feedback(letter: Letter, model: ProcessModel) -> None:
    """Complain of teaching that the theory itself does not carry.

    A trait that progress or outcomes teach must show in a reading on which the theory's start, hazards or capacity
    depend, directly or along arrows. Wins that add evidence to trust are the people's side of something the graph
    must say too: a path of arrows from a construct measured from wins to one measured from trust.
    """
    heard = listened_to(model)
    feedback = model.feedback
    taught = {
        "progress": {"optimism": feedback.progress_optimism, "commitment": feedback.progress_commitment},
        "outcome": {
            "optimism": feedback.outcome_optimism,
            "commitment": feedback.outcome_commitment,
            "identity": feedback.outcome_identity,
            "climate": feedback.outcome_climate,
        },
    }
    for kind, flags in taught.items():
        for trait, flag in flags.items():
            if flag > 0.0 and not heard.intersection(HEARD_AS[trait]):
                letter.complain(
                    f"feedback.{kind}",
                    f"{trait}, which nothing in the theory listens to",
                    f"what a hazard depends on; {trait} shows in {', '.join(HEARD_AS[trait])}",
                    "take it out, or let a hazard or a construct that leads to one depend on it",
                )
    if feedback.wins_to_trust > 0.0:
        wins = {one.name for one in model.constructs if one.measured == "wins"}
        trust = {one.name for one in model.constructs if one.measured == "trust"}
        if not wins & reaching(model, trust):
            letter.complain(
                "feedback.wins_to_trust",
                f"{feedback.wins_to_trust:g}, which no arrow carries",
                "a path of arrows from a construct measured from wins to one measured from trust",
                "draw it, or set wins_to_trust to 0",
            )


def check_mechanisms(letter: Letter, model: ProcessModel) -> None:
    """Complain of claims that vary a mechanism the theory does not have."""
    known = list_mechanisms(model)
    for claim in model.claims:
        for name in (claim.factor, claim.moderator):
            if name.startswith("theory.") and name not in known:
                hint = nearest(name, known)
                letter.complain(f"claims {claim.id}", said(name), "a mechanism of this theory", hint)
