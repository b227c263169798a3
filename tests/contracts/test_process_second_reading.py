"""The second reading of the theories that ship.

Matrices, hazards, gates and what is taught are written down again by hand from the design note, without a look at the
tables, and compared number by number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cosim.processes.catalogue import list_processes, read_matched, read_process
from cosim.processes.compile import compile_process, quantity_number
from cosim.processes.graph import graph_facts
from cosim.vocabulary import HAZARD_FORMS, N_NODES, READINGS

SHIPPED = list_processes()
E, T, Q, U, J, W = range(6)
NOTHING = [[0.0] * 6 for _ in range(6)]
CYCLE = [
    # E    T    Q    U    J    W      from
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],  # E
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],  # T
    [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],  # Q
    [0.0, 0.0, 1.0, 0.0, 0.0, 0.0],  # U
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],  # J
    [0.0, 0.0, 0.0, 1.0, 0.0, 0.0],  # W
]
WINS_TO_ALL = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    [1.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    [0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
    [0.0, 0.0, 1.0, 0.0, 0.0, 1.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
]
MUTUAL = [
    [0.0, 0.5, 0.5, 0.0, 1.0, 0.0],
    [0.5, 0.0, 0.0, 0.5, 1.0, 0.0],
    [0.5, 0.0, 0.0, 0.5, 1.0, 0.0],
    [0.0, 0.5, 0.5, 0.0, 1.0, 0.0],
    [0.5, 0.5, 0.5, 0.5, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
]
CHAIN = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 1.0, 1.0, 0.0],
]
FAITH = [
    # B    W    F    C    T    R      from
    [0.0, 0.0, 1.0, 0.0, 0.0, 1.0],  # behaviour
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],  # win
    [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],  # faith
    [-1.0, 0.0, 0.0, 0.0, 0.0, 0.0],  # conflict
    [0.0, 0.0, 0.0, -1.0, 0.0, 0.0],  # trust
    [0.0, 0.0, 0.0, 0.0, 1.0, 0.0],  # risk
]
SIX = ["engagement", "trust", "commitment", "understanding", "capacity", "wins"]
OWN_SIX = ["behaviour", "win", "faith", "conflict", "trust", "risk"]

# name: constructs, matrix, rho added, rho averaged, critical gain
PUBLISHED: dict[str, tuple[list[str], list[list[float]], float, float, float | None]] = {
    "additive": (SIX, NOTHING, 0.0, 0.0, None),
    "small-wins": (SIX, CYCLE, 1.0, 1.0, 1.0),
    "small-wins-all": (SIX, WINS_TO_ALL, 1.5342, 1.0, 0.6518),
    "regime": (SIX, MUTUAL, 2.0, 1.0, 0.5),
    "staged": (SIX, CHAIN, 0.0, 0.0, None),
    "trait-led": (SIX, NOTHING, 0.0, 0.0, None),
    "trait-led-minimum": (SIX, NOTHING, 0.0, 0.0, None),
    "trait-led-sum": (SIX, NOTHING, 0.0, 0.0, None),
    "faith-risk": (OWN_SIX, FAITH, 1.2207, 1.0, 0.8192),
}


def test_every_theory_has_a_second_reading() -> None:
    assert sorted(PUBLISHED) == list(SHIPPED)
    assert sorted(read_matched()) == list(SHIPPED)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_its_arrows_are_those_of_the_note(name: str) -> None:
    names, matrix, *_ = PUBLISHED[name]
    model = read_process(name)
    process = compile_process(model)
    assert list(model.construct_names) == names
    assert np.array_equal(process.arrows[:6, :6], matrix)
    assert process.n_nodes == 6


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_rho_is_the_published_one(name: str) -> None:
    _names, matrix, rho, averaged, gain = PUBLISHED[name]
    facts = graph_facts(read_process(name))
    assert facts.rho == pytest.approx(rho, abs=5e-5)
    assert facts.rho_add == facts.rho
    assert facts.rho_average == pytest.approx(averaged, abs=1e-9)
    assert facts.critical_gain == (None if gain is None else pytest.approx(gain, abs=5e-5))
    assert float(np.abs(np.linalg.eigvals(np.abs(np.array(matrix)))).max()) == pytest.approx(facts.rho, abs=1e-4)
    if rho > 0.0:  # no theory that ships has a balancing loop, so the two numbers say the same
        assert facts.critical_gain == pytest.approx(1.0 / facts.rho)
        assert all(loop.is_reinforcing for loop in facts.loops)


Shares = dict[str, float]
HAZARDS: dict[str, list[Callable[[Shares], float]]] = {
    "additive": [lambda y: 1.6 * (y["m.trust"] + y["m.optimism"] + y["m.identity"] + y["m.climate"]) / 4.0],
    "small-wins": [lambda y: 2.0 * y["wins"]],
    "small-wins-all": [lambda y: 2.0 * y["wins"]],
    "regime": [lambda y: 2.2 * y["capacity"] if y["capacity"] > 0.5 else 0.0],
    "staged": [
        lambda y: 5.0 * 2.0 * min(y["engagement"], y["understanding"]),
        lambda y: 5.0 * 2.0 * y["m.climate"],
        lambda y: 5.0 * 2.0 * min(y["understanding"], y["trust"]),
        lambda y: 5.0 * 2.0 * y["capacity"],
        lambda y: 5.0 * 2.0 * (0.5 + 0.5 * y["m.leadership"]),
    ],
    "trait-led": [lambda y: 14.0 * y["m.trust"] * y["m.optimism"] * y["m.identity"] * y["m.climate"]],
    "trait-led-minimum": [lambda y: 1.75 * min(y["m.trust"], y["m.optimism"], y["m.identity"], y["m.climate"])],
    "trait-led-sum": [lambda y: 1.75 * 0.25 * (y["m.trust"] + y["m.optimism"] + y["m.identity"] + y["m.climate"])],
    "faith-risk": [lambda y: 2.0 * y["behaviour"]],
}
GATES: dict[str, Callable[[Shares], bool]] = {
    "small-wins": lambda y: y["m.incentives"] > 0.3,
    "small-wins-all": lambda y: y["m.incentives"] > 0.3,
    "regime": lambda y: (
        (y["m.leadership"] + y["m.incentives"] + y["m.interdependence"] + y["m.uncertainty"]) / 4.0 > 0.45
    ),
    "faith-risk": lambda y: max(y["m.mandate"], y["m.trust"]) > 0.4,
}


def form_of(form: int, terms: Any, weights: Any, constant: float, shares: Any) -> float:
    """A hazard's form as the kernel reads it, said once more in plain Python."""
    used = [(shares[term], weight) for term, weight in zip(terms, weights, strict=True) if term >= 0]
    values = [value for value, _weight in used]
    word = HAZARD_FORMS[form]
    if word == "linear":
        return float(constant + sum(value * weight for value, weight in used))
    if word == "product":
        return float(np.prod(values))
    if word == "threshold":
        return float(values[0])
    return float(min(values) if word == "minimum" else max(values))


@pytest.mark.parametrize("name", sorted(HAZARDS))
def test_hazards_and_gates_are_those_of_the_note(name: str) -> None:
    model = read_process(name)
    process = compile_process(model)
    assert process.n_phases == len(HAZARDS[name])
    luck = np.random.default_rng(1)
    for _ in range(50):
        quantities = luck.random(N_NODES + len(READINGS))
        shares = {f"m.{reading}": quantities[N_NODES + n] for n, reading in enumerate(READINGS)}
        shares |= dict(zip(model.construct_names, quantities, strict=False))
        for phase, expected in enumerate(HAZARDS[name]):
            value = process.hazard_rate[phase] * form_of(
                process.hazard_form[phase], process.hazard_term[phase], process.hazard_weight[phase],
                process.hazard_constant[phase], quantities,
            )  # fmt: skip
            gate = process.hazard_gate[phase]
            if gate >= 0 and quantities[gate] <= process.gate_level[phase]:
                value = 0.0
            assert value == pytest.approx(expected(shares), abs=1e-12)
        if name in GATES:
            value = form_of(process.start_form, process.start_term, process.start_weight, 0.0, quantities)
            assert (value > process.start_level) == GATES[name](shares)
        else:
            assert process.start_level < 0.0


# name: progress (optimism, commitment), outcome (optimism, commitment, identity, climate), wins to trust
TAUGHT = {
    "additive": (1, 1, 1, 1, 0, 0, 0),
    "small-wins": (1, 1, 1, 1, 1, 1, 0),
    "small-wins-all": (1, 1, 1, 1, 1, 1, 1),
    "regime": (1, 1, 1, 1, 1, 1, 0),
    "staged": (1, 1, 1, 1, 1, 1, 0),
    "trait-led": (1, 1, 1, 1, 1, 1, 0),
    "trait-led-minimum": (1, 1, 1, 1, 1, 1, 0),
    "trait-led-sum": (1, 1, 1, 1, 1, 1, 0),
    "faith-risk": (1, 1, 1, 1, 0, 0, 0),
}


@pytest.mark.parametrize("name", sorted(TAUGHT))
def test_what_is_taught_is_as_decided(name: str) -> None:
    process = compile_process(read_process(name))
    flags = (
        process.progress_optimism, process.progress_commitment, process.outcome_optimism, process.outcome_commitment,
        process.outcome_identity, process.outcome_climate, process.wins_to_trust,
    )  # fmt: skip
    assert flags == TAUGHT[name]


@pytest.mark.parametrize("name", ["small-wins", "small-wins-all"])
def test_leadership_multiplies_every_arrow_of_the_cycle(name: str) -> None:
    process = compile_process(read_process(name))
    drawn = process.arrows != 0.0
    assert (process.moderator[drawn] == READINGS.index("leadership")).all()
    assert (process.moderator_low[drawn] == 0.5).all()
    assert (process.moderator_high[drawn] == 1.5).all()
    assert (process.moderator[~drawn] == -1).all()


def test_constructs_without_arrows_are_wholly_measured() -> None:
    for name in SHIPPED:
        process = compile_process(read_process(name))
        moved = (process.arrows != 0.0).any(axis=1)[: process.n_nodes]
        assert np.array_equal(process.input_weight[: process.n_nodes], np.where(moved, 0.0, 1.0)), name
        assert not process.bias.any()
        assert (process.reading[: process.n_nodes] >= 0).all()


def test_capacity_stands_where_the_theory_has_it() -> None:
    for name in SHIPPED:
        model = read_process(name)
        expected = N_NODES + READINGS.index("capacity") if name == "faith-risk" else J
        assert compile_process(model).capacity_quantity == expected
        assert quantity_number(model, "") == -1


@pytest.mark.parametrize(
    ("name", "gain", "level"),
    [("small-wins", 0.95, 0.0), ("small-wins", 1.05, 0.371), ("regime", 0.49, 0.0), ("regime", 0.51, 0.241),
     ("staged", 5.0, 0.0), ("faith-risk", 0.80, 0.0), ("small-wins-all", 0.64, 0.0)],
)  # fmt: skip
def test_it_tips_where_the_note_says(name: str, gain: float, level: float) -> None:
    """Replication bar E19: z' = -z + tanh(g A z) settles at 0 below the critical gain, at the published level above."""
    arrows = compile_process(read_process(name)).arrows
    z = np.full(N_NODES, 0.5)
    for _ in range(20_000):
        z += 0.5 * (-z + np.tanh(gain * arrows @ z))
    assert float(np.abs(z).max()) == pytest.approx(level, abs=0.002)
