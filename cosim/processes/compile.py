"""From a theory's table to the arrays that the one kernel reads.

Quantities are numbered: 0..11 the theory's own constructs in the order of its table, 12 and above the readings of
``vocabulary.READINGS``. A moderator and a construct's measurement are readings and keep their own numbers.
"""

from __future__ import annotations

import math

import numpy as np

from cosim.engine.state import OUTSIDE
from cosim.engine.theory import Array, Process
from cosim.errors import Complaint, ProcessError
from cosim.processes.graph import matrix_of
from cosim.processes.model import MEASURED, ProcessModel
from cosim.vocabulary import (
    DECISION_RULES,
    HAZARD_FORMS,
    N_NODES,
    N_PHASES,
    N_SECTORS,
    N_TERMS,
    READINGS,
    SECTORS,
)


def quantity_number(model: ProcessModel, name: str) -> int:
    """Return the number by which the kernel knows a quantity, -1 for an empty name.

    Parameters
    ----------
    model : ProcessModel
    name : a construct, or ``measured.`` and a reading, as the model's hazards and gates hold them

    Examples
    --------
    >>> from cosim.processes.catalogue import read_process
    >>> model = read_process("small-wins")
    >>> quantity_number(model, "wins"), quantity_number(model, "measured.wins")
    (5, 17)
    """
    if not name:
        return OUTSIDE
    if name.startswith(MEASURED):
        return N_NODES + READINGS.index(name.removeprefix(MEASURED))
    return model.construct_names.index(name)


def compile_process(model: ProcessModel, scale: float | None = None) -> Process:
    """Return the arrays of a theory.

    With ``combine = "average"`` each construct's arrows are divided by the sum of their sizes here, so that the kernel
    only ever adds.

    Parameters
    ----------
    model : ProcessModel
        Checked: as `reading` gives it.
    scale : float above 0, optional
        Multiplies every hazard; without it, the model's own.

    Returns
    -------
    Process
        New arrays at each call: ``arrows`` [12, 12] as [to, from], ``hazard_term`` [8, 6], and so on, float64, int64
        and uint8 as `Process` says.

    Raises
    ------
    ProcessError
        When the scale is no number above 0.
    """
    scale = model.scale if scale is None else float(scale)
    if not (math.isfinite(scale) and scale > 0.0):
        raise ProcessError([Complaint(model.name, "scale", repr(scale), "a number above 0")])
    n = len(model.constructs)
    arrows = np.zeros((N_NODES, N_NODES))
    arrows[:n, :n] = matrix_of(model)
    moderator = np.full((N_NODES, N_NODES), OUTSIDE, np.int64)
    low = np.ones((N_NODES, N_NODES))
    high = np.ones((N_NODES, N_NODES))
    for one in model.moderators:
        for sender, receiver in one.arrows:
            place = quantity_number(model, receiver), quantity_number(model, sender)
            moderator[place] = READINGS.index(one.reading)
            low[place] = one.low
            high[place] = one.high
    reading = np.full(N_NODES, OUTSIDE, np.int64)
    input_weight = np.zeros(N_NODES)
    bias = np.zeros(N_NODES)
    for node, construct in enumerate(model.constructs):
        reading[node] = READINGS.index(construct.measured) if construct.measured else OUTSIDE
        input_weight[node] = construct.input_weight
        bias[node] = construct.bias
    phases = _compile_phases(model)
    gate = model.start
    start_term = np.full(N_TERMS, OUTSIDE, np.int64)
    start_weight = np.zeros(N_TERMS)
    if gate is not None:
        start_term[: len(gate.terms)] = [quantity_number(model, term) for term in gate.terms]
        start_weight[: len(gate.terms)] = gate.weights
    feedback = model.feedback
    return Process(
        n_nodes=n,
        arrows=arrows,
        reading=reading,
        input_weight=input_weight,
        bias=bias,
        moderator=moderator,
        moderator_low=low,
        moderator_high=high,
        n_phases=len(model.phases),
        **phases,
        start_form=HAZARD_FORMS.index(gate.form) if gate is not None else 0,
        start_term=start_term,
        start_weight=start_weight,
        start_level=gate.level if gate is not None else -1.0,
        capacity_quantity=quantity_number(model, model.capacity),
        progress_optimism=feedback.progress_optimism,
        progress_commitment=feedback.progress_commitment,
        outcome_optimism=feedback.outcome_optimism,
        outcome_commitment=feedback.outcome_commitment,
        outcome_identity=feedback.outcome_identity,
        outcome_climate=feedback.outcome_climate,
        wins_to_trust=feedback.wins_to_trust,
        scale=scale,
    )


def _compile_phases(model: ProcessModel) -> dict[str, Array]:
    """Return the arrays with an axis of phases, by their names in ``Process``."""
    arrays: dict[str, Array] = {
        "hazard_form": np.zeros(N_PHASES, np.int64),
        "hazard_rate": np.zeros(N_PHASES),
        "hazard_constant": np.zeros(N_PHASES),
        "hazard_term": np.full((N_PHASES, N_TERMS), OUTSIDE, np.int64),
        "hazard_weight": np.zeros((N_PHASES, N_TERMS)),
        "hazard_gate": np.full(N_PHASES, OUTSIDE, np.int64),
        "gate_level": np.zeros(N_PHASES),
        "decision_rule": np.zeros(N_PHASES, np.int64),
        "may_take_part": np.zeros((N_PHASES, N_SECTORS), np.uint8),
        "may_propose": np.zeros((N_PHASES, N_SECTORS), np.uint8),
        "may_decide": np.zeros((N_PHASES, N_SECTORS), np.uint8),
        "back": np.full(N_PHASES, OUTSIDE, np.int64),
    }
    order = [phase.name for phase in model.phases]
    for number, phase in enumerate(model.phases):
        hazard = phase.hazard
        n_terms = len(hazard.terms)
        arrays["hazard_form"][number] = HAZARD_FORMS.index(hazard.form)
        arrays["hazard_rate"][number] = hazard.rate
        arrays["hazard_constant"][number] = hazard.constant
        arrays["hazard_term"][number, :n_terms] = [quantity_number(model, term) for term in hazard.terms]
        arrays["hazard_weight"][number, :n_terms] = hazard.weights
        arrays["hazard_gate"][number] = quantity_number(model, hazard.gate)
        arrays["gate_level"][number] = hazard.level
        arrays["decision_rule"][number] = DECISION_RULES.index(phase.decision)
        for verb in ("may_take_part", "may_propose", "may_decide"):
            arrays[verb][number] = [sector in getattr(phase, verb) for sector in SECTORS]
        arrays["back"][number] = order.index(phase.back) if phase.back in order else OUTSIDE
    return arrays
