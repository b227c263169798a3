"""Hazards and gates as the table says them: a form over named quantities."""

from __future__ import annotations

from typing import Any

from cosim.engine.compiling import kernel
from cosim.engine.rules.constructs import share_of
from cosim.vocabulary import N_NODES, N_READINGS, N_TERMS

LINEAR, PRODUCT, MINIMUM, MAXIMUM, THRESHOLD = range(5)


@kernel
def combined(form: int, terms: Any, weights: Any, constant: float, quantities: Any) -> float:
    """Return the value of a form over quantities.

    linear: constant + sum of weight times quantity; product, minimum, maximum: of the quantities; threshold: the
    first quantity (its gate is checked beside). Zero if no term is named and the form is not linear.
    """
    if form == LINEAR:
        total = constant
        for term in range(N_TERMS):
            if terms[term] >= 0:
                total += weights[term] * quantities[terms[term]]
        return total
    if terms[0] < 0:
        return 0.0
    value = quantities[terms[0]]
    for term in range(1, N_TERMS):
        if terms[term] < 0:
            continue
        other = quantities[terms[term]]
        if form == PRODUCT:
            value *= other
        elif form == MINIMUM:
            value = min(value, other)
        elif form == MAXIMUM:
            value = max(value, other)
    return value


@kernel
def fill_quantities(arena: Any, n_nodes: int, quantities: Any) -> None:
    """Write an arena's constructs (as shares) and readings where terms find them."""
    for node in range(n_nodes):
        quantities[node] = share_of(arena.nodes[node])
    for reading in range(N_READINGS):
        quantities[N_NODES + reading] = arena.readings[reading]


@kernel
def hazard_of_event(process: Any, phase: int, base_hazard: float, quantities: Any) -> float:
    """Return the hazard of a phase's event this month, 0 where its gate is shut."""
    gate = process.hazard_gate[phase]
    if gate >= 0 and quantities[gate] <= process.gate_level[phase]:
        return 0.0
    form = combined(
        process.hazard_form[phase],
        process.hazard_term[phase],
        process.hazard_weight[phase],
        process.hazard_constant[phase],
        quantities,
    )
    return base_hazard * process.scale * process.hazard_rate[phase] * max(form, 0.0)
