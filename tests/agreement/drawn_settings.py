"""Settings and theories that hypothesis draws: any parameters, anywhere in their declared ranges and often at their
ends, and tables that nobody would write but that the kernels must carry out all the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from cosim.engine.state import OUTSIDE
from cosim.engine.theory import Process, pack_process
from cosim.parameters.catalogue import read_declarations
from cosim.scenario.model import Change
from cosim.vocabulary import DECISION_RULES, HAZARD_FORMS, N_NODES, N_PHASES, N_READINGS, N_TERMS
from tests.agreement.worlds import change

COSTLY = {
    "population.persons_per_actor": [50.0, 120.0, 400.0, 1000.0],
    "population.staff_per_unit": [60.0, 100.0, 1000.0],
    "search.coupling": [0.0, 2.0, 4.0, 7.0],
    "search.landscapes": [1.0, 3.0],
}
"""Parameters whose whole range would only make the examples slow: what is tried of them."""


@st.composite
def values(draw: Any, among: list[str]) -> dict[str, float]:
    """Draw values for some parameters, within their declared ranges and often at their ends."""
    declarations = read_declarations()
    names = draw(st.lists(st.sampled_from(among), unique=True, max_size=12))
    found = {}
    for name in names:
        one = declarations[name]
        whole = st.integers(int(one.low), int(one.high)).map(float)
        inside = whole if one.is_whole else st.floats(one.low, one.high)
        anything = st.sampled_from([one.low, one.high]) | inside
        found[name] = draw(st.sampled_from(COSTLY[name]) if name in COSTLY else anything)
    return found


MOVING = [
    name
    for name, one in read_declarations().items()
    if not one.at_start and one.group not in ("survey", "cost") and not (one.everywhere and one.group != "month")
]
ANY = [name for name, one in read_declarations().items() if one.group != "survey"]


def later_changes(values: dict[str, float]) -> tuple[Change, ...]:
    """Return changes to values from month 3 on, every second one for four months only."""
    return tuple(change(name, to, 3, 6 if number % 2 else None) for number, (name, to) in enumerate(values.items()))


def draw_theory(number: int) -> Any:
    """Return the number-th of endlessly many theories: any graph, phases, forms, gates, rights and feedback."""
    luck = np.random.default_rng(number)
    n_nodes, n_phases = int(luck.integers(1, N_NODES + 1)), int(luck.integers(1, N_PHASES + 1))
    graph = (N_NODES, N_NODES)
    quantities = np.concatenate([np.arange(n_nodes), N_NODES + np.arange(N_READINGS)])
    n_terms = luck.integers(1, N_TERMS + 1, N_PHASES)
    n_start = int(luck.integers(1, N_TERMS + 1))
    measured = luck.integers(0, N_READINGS, N_NODES)
    moderators = luck.integers(0, N_READINGS, graph)
    gates = luck.choice(quantities, N_PHASES)
    rights = luck.random((3, N_PHASES, 4)) < 0.8
    feedback = luck.choice([0.0, 0.5, 1.0], 7)
    theory = Process(
        n_nodes=n_nodes,
        arrows=np.where(luck.random(graph) < 0.4, luck.uniform(-2.0, 2.0, graph), 0.0),
        reading=np.where(luck.random(N_NODES) < 0.7, measured, OUTSIDE),
        input_weight=luck.uniform(-1.0, 2.0, N_NODES),
        bias=luck.uniform(-0.5, 0.5, N_NODES),
        moderator=np.where(luck.random(graph) < 0.4, moderators, OUTSIDE),
        moderator_low=luck.uniform(0.0, 2.0, graph),
        moderator_high=luck.uniform(0.0, 2.0, graph),
        n_phases=n_phases,
        hazard_form=luck.integers(0, len(HAZARD_FORMS), N_PHASES),
        hazard_rate=luck.uniform(0.0, 20.0, N_PHASES),
        hazard_constant=luck.uniform(-0.2, 0.5, N_PHASES),
        hazard_term=np.where(
            np.arange(N_TERMS) < n_terms[:, None], luck.choice(quantities, (N_PHASES, N_TERMS)), OUTSIDE
        ),
        hazard_weight=luck.uniform(-0.5, 1.0, (N_PHASES, N_TERMS)),
        hazard_gate=np.where(luck.random(N_PHASES) < 0.3, gates, OUTSIDE),
        gate_level=luck.uniform(0.0, 0.7, N_PHASES),
        decision_rule=luck.integers(0, len(DECISION_RULES), N_PHASES),
        may_take_part=rights[0],
        may_propose=rights[1],
        may_decide=rights[2],
        back=luck.integers(OUTSIDE, n_phases, N_PHASES),
        start_form=int(luck.integers(0, len(HAZARD_FORMS))),
        start_term=np.where(
            np.arange(N_TERMS) < n_start, luck.integers(N_NODES, N_NODES + N_READINGS, N_TERMS), OUTSIDE
        ),
        start_weight=luck.uniform(0.0, 1.0, N_TERMS),
        start_level=float(luck.choice([-1.0, 0.0, 0.3])),
        capacity_quantity=int(luck.choice(quantities)),
        progress_optimism=feedback[0],
        progress_commitment=feedback[1],
        outcome_optimism=feedback[2],
        outcome_commitment=feedback[3],
        outcome_identity=feedback[4],
        outcome_climate=feedback[5],
        wins_to_trust=feedback[6],
        scale=float(luck.uniform(0.1, 3.0)),
    )
    return pack_process(theory)
