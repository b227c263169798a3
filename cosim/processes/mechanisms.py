"""Mechanisms that can be weakened or knocked out, to see which claim rests on which part of a theory.

A mechanism has a dotted name that begins with ``theory.``, so that a claim or a study can vary it like a parameter:
its level is a multiplier, 1 as the table says, 0 knocked out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial

from cosim.errors import Complaint, ProcessError, nearest
from cosim.processes.model import Arrow, Feedback, Hazard, Moderator, Phase, ProcessModel

_Change = Callable[[float], ProcessModel]
_FLAGS = tuple(field.name for field in fields(Feedback) if field.type == "float")


def list_mechanisms(model: ProcessModel) -> tuple[str, ...]:
    """Return the names of all mechanisms of a theory that can be weakened.

    Sources
    -------
    ASSUMED : knocking out a mechanism to see what rests on it is common practice; the names are ours.
    """
    return tuple(_mechanisms(model))


def weaken_mechanism(model: ProcessModel, mechanism: str, times: float) -> ProcessModel:
    """Return the theory with one mechanism multiplied: 0 knocks it out, 1 leaves it as it is.

    Parameters
    ----------
    model : ProcessModel
    mechanism : one of ``list_mechanisms(model)``
    times : 0..10
        Multiplies weights, rates and flags. A moderator's range shrinks towards 1. Gates and decisions are there (above
        0) or not (0).

    Raises
    ------
    ProcessError
        When the theory has no such mechanism, or ``times`` is out of its range.
    """
    known = _mechanisms(model)
    if mechanism not in known:
        do = nearest(mechanism, list(known)) or "`show` lists the mechanisms of a theory"
        raise ProcessError([Complaint(model.name, mechanism[:80], "no such mechanism", "a mechanism it has", do)])
    if not 0.0 <= times <= 10.0:
        raise ProcessError([Complaint(model.name, mechanism, repr(times), "a multiplier, 0 to 10")])
    return known[mechanism](float(times))


def _mechanisms(model: ProcessModel) -> dict[str, _Change]:
    found: dict[str, _Change] = {}
    if model.arrows:
        found["theory.arrows"] = partial(_arrows, model, None)
    for arrow in model.arrows:
        found[f"theory.arrows.{arrow.sender}.{arrow.receiver}"] = partial(_arrows, model, arrow)
    if model.moderators:
        found["theory.moderators"] = partial(_moderators, model, None)
    for moderator in model.moderators:
        found[f"theory.moderators.{moderator.reading}"] = partial(_moderators, model, moderator.reading)
    if model.start is not None:
        found["theory.start"] = partial(_start, model)
    for flag in _FLAGS:
        if getattr(model.feedback, flag) > 0.0:
            group, _, what = flag.partition("_")
            if group in ("progress", "outcome"):
                found[f"theory.feedback.{group}"] = partial(_feedback, model, group)
                found[f"theory.feedback.{group}.{what}"] = partial(_feedback, model, flag)
            else:
                found[f"theory.feedback.{flag}"] = partial(_feedback, model, flag)
    for phase in model.phases:
        found[f"theory.phases.{phase.name}.rate"] = partial(_rate, model, phase)
        if phase.hazard.gate:
            found[f"theory.phases.{phase.name}.gate"] = partial(_gate, model, phase)
        if phase.decision != "none":
            found[f"theory.phases.{phase.name}.decision"] = partial(_decision, model, phase)
    return found


def _arrows(model: ProcessModel, one: Arrow | None, times: float) -> ProcessModel:
    changed = (replace(arrow, weight=arrow.weight * times) if one in (None, arrow) else arrow for arrow in model.arrows)
    return replace(model, arrows=tuple(changed))


def _moderators(model: ProcessModel, reading: str | None, times: float) -> ProcessModel:
    def shrunk(moderator: Moderator) -> Moderator:
        if reading not in (None, moderator.reading):
            return moderator
        low, high = (1.0 + (end - 1.0) * times for end in (moderator.low, moderator.high))
        return replace(moderator, low=low, high=high)

    return replace(model, moderators=tuple(shrunk(moderator) for moderator in model.moderators))


def _start(model: ProcessModel, times: float) -> ProcessModel:
    return model if times > 0.0 else replace(model, start=None)


def _feedback(model: ProcessModel, group: str, times: float) -> ProcessModel:
    flags = {flag: getattr(model.feedback, flag) * times for flag in _FLAGS if flag.startswith(group)}
    return replace(model, feedback=replace(model.feedback, **flags))


def _phase(model: ProcessModel, old: Phase, new: Phase) -> ProcessModel:
    return replace(model, phases=tuple(new if phase == old else phase for phase in model.phases))


def _rate(model: ProcessModel, phase: Phase, times: float) -> ProcessModel:
    return _phase(model, phase, replace(phase, hazard=replace(phase.hazard, rate=phase.hazard.rate * times)))


def _gate(model: ProcessModel, phase: Phase, times: float) -> ProcessModel:
    if times > 0.0:
        return model
    old = phase.hazard
    form = "linear" if old.form == "threshold" else old.form
    new: Hazard = replace(old, form=form, gate="", level=0.0)
    return _phase(model, phase, replace(phase, hazard=new))


def _decision(model: ProcessModel, phase: Phase, times: float) -> ProcessModel:
    return model if times > 0.0 else _phase(model, phase, replace(phase, decision="none", back=""))
