"""Hazards, gates, claims and numbers of a theory in words."""

from __future__ import annotations

from collections.abc import Sequence

from cosim.processes.model import MEASURED, OUT, Claim, Gate, Hazard, Phase, ProcessModel


def number_words(number: float) -> str:
    """Return a number as people write it.

    Examples
    --------
    >>> number_words(2.0), number_words(1.5341876), number_words(-0.25)
    ('2', '1.534', '−0.25')
    """
    return f"{round(number, 3):g}".replace("-", "−")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["trust", "wins", "climate"])
    'trust, wins and climate'
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def quantity_words(name: str, constructs: Sequence[str]) -> str:
    """Return a quantity's name; a reading that shares its name with a construct is called measured.

    Examples
    --------
    >>> quantity_words("measured.trust", ["trust"]), quantity_words("measured.climate", ["trust"])
    ('measured trust', 'climate')
    """
    reading = name.removeprefix(MEASURED)
    return f"measured {reading}" if name != reading and reading in constructs else reading


def form_words(form: Hazard | Gate, constructs: Sequence[str]) -> str:
    """Return a form over quantities in words, without its rate or level."""
    names = [quantity_words(term, constructs) for term in form.terms]
    if form.form == "product":
        return " × ".join(names)
    if form.form in ("minimum", "maximum"):
        if len(names) == 1:
            return names[0]
        return f"{'the least' if form.form == 'minimum' else 'the greatest'} of {listed(names)}"
    if form.form == "threshold":
        return names[0]
    constant = form.constant if isinstance(form, Hazard) else 0.0
    if len(names) > 1 and constant == 0.0 and set(form.weights) == {1.0 / len(names)}:
        return f"the mean of {listed(names)}"
    parts = [number_words(constant)] if constant != 0.0 or not names else []
    for name, weight in zip(names, form.weights, strict=True):
        size = "" if abs(weight) == 1.0 else f"{number_words(abs(weight))} "
        sign = "− " if weight < 0.0 else "+ " if parts else ""
        parts.append(f"{sign}{size}{name}")
    return " ".join(parts)


def hazard_words(hazard: Hazard, constructs: Sequence[str]) -> str:
    """Return a hazard in words.

    Examples
    --------
    >>> hazard_words(Hazard("threshold", 2.2, 0.0, ("capacity",), (1.0,), "capacity", 0.5), ["capacity"])
    '2.2 × capacity, only while capacity > 0.5'
    """
    words = form_words(hazard, constructs)
    if " " in words and hazard.form == "linear" and not words.startswith(("the ", "measured ")):
        words = f"({words})"
    words = f"{number_words(hazard.rate)} × {words}"
    if hazard.gate:
        words += f", only while {quantity_words(hazard.gate, constructs)} > {number_words(hazard.level)}"
    return words


def decision_words(phase: Phase) -> str:
    """Return who decides at the end of a phase and where a refusal leads."""
    if phase.decision == "none":
        return "no vote"
    refused = "the effort ends" if phase.back == OUT else f"back to {phase.back}"
    who = "" if len(phase.may_decide) == 4 else f" of {listed(phase.may_decide)}"
    return f"{phase.decision}{who}; if refused, {refused}"


def start_words(model: ProcessModel) -> str:
    """Return the start gate in words."""
    if model.start is None:
        return "Always open."
    return f"While {form_words(model.start, ())} > {number_words(model.start.level)}."


def claim_words(claim: Claim) -> str:
    """Return what is looked at to judge a claim."""
    levels = " → ".join(number_words(level) for level in claim.levels)
    margin = f"{number_words(claim.margin)}{' of its mean' if claim.margin_in == 'share' else ''}"
    if claim.shape == "band":
        words = f"{claim.outcome} within {number_words(claim.band[0])} to {number_words(claim.band[1])}"
    elif claim.shape == "order":
        words = f"{claim.outcome} before {claim.before}"
    else:
        moves = {"up": "rises", "down": "falls", "none": "does not move"}[claim.direction]
        words = f"{claim.outcome} {moves} with {claim.factor} ({levels})"
        if claim.shape == "interaction":
            other = " → ".join(number_words(level) for level in claim.with_levels)
            moves = {"up": "grows", "down": "shrinks", "none": "does not change"}[claim.direction]
            effect = f"the effect of {claim.factor} ({levels}) on {claim.outcome}"
            words = f"{effect} {moves} with {claim.moderator} ({other})"
        if claim.shape == "threshold":
            words += f", turning between {number_words(claim.at[0])} and {number_words(claim.at[1])}"
        if claim.shape == "monotone":
            words += " at every step"
    where = [f"{name} {number_words(low)} to {number_words(high)}" for name, low, high in claim.domain]
    return f"{words}{', where ' + listed(where) if where else ''}; counts from {margin}"
