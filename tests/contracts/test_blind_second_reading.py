"""The shipped theories against a second reading of the note, which was written without sight of the tables.

Field by field, on the compiled arrays. Where the note leaves a choice, the table may take the other one, but only if
`second_reading_doubts.AMBIGUOUS` says so.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from cosim.engine.theory import Process
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.compile import compile_process
from cosim.processes.graph import graph_facts
from cosim.processes.model import ProcessModel
from cosim.vocabulary import DECISION_RULES, HAZARD_FORMS, N_NODES, N_TERMS, READINGS
from tests.contracts.second_reading import AMBIGUOUS, FEEDBACK, READING
from tests.contracts.second_reading_doubts import ONE_RULE

NAMES = tuple(READING)
NONE = -1


def read(name: str) -> tuple[ProcessModel, Process]:
    """Return a shipped theory and its arrays."""
    model = read_process(name)
    return model, compile_process(model, 1.0)


def others(name: str, field: str, phase: int | None = None) -> list[Any]:
    """Return what else the note bears for a field of a theory (``also`` of its entries in AMBIGUOUS)."""
    return [
        one["also"]
        for one in AMBIGUOUS
        if name in one["theories"] and one["field"] == field and one.get("phase") == phase and one["also"] is not None
    ]


def quantity(number: int, model: ProcessModel) -> str:
    """Return a quantity as the second reading writes it."""
    if number < N_NODES:
        return f"construct:{model.construct_names[number]}"
    return f"reading:{READINGS[number - N_NODES]}"


def named(numbers: np.ndarray, weights: np.ndarray, model: ProcessModel) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the names and weights of the terms in use; what is not in use must be empty."""
    used = [place for place in range(N_TERMS) if numbers[place] != NONE]
    assert used == list(range(len(used)))
    assert not weights[len(used) :].any()
    return tuple(quantity(numbers[place], model) for place in used), tuple(float(weights[place]) for place in used)


def phase_of(process: Process, model: ProcessModel, phase: int) -> dict[str, Any]:
    """Return a compiled phase's hazard as the second reading writes it."""
    terms, weights = named(process.hazard_term[phase], process.hazard_weight[phase], model)
    gate = int(process.hazard_gate[phase])
    return {
        "form": HAZARD_FORMS[process.hazard_form[phase]],
        "rate": float(process.hazard_rate[phase]),
        "constant": float(process.hazard_constant[phase]),
        "terms": terms,
        "weights": weights,
        "gate": None if gate == NONE else (quantity(gate, model), float(process.gate_level[phase])),
    }


def agree(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Return whether a hazard is as read; where the note gives no number, any number above 0 will do."""
    free_rate = wanted["rate"] is None
    free_weights = None in wanted["weights"]
    return (
        all(found[key] == wanted[key] for key in ("form", "constant", "terms", "gate"))
        and (found["rate"] > 0.0 if free_rate else found["rate"] == wanted["rate"])
        and (min(found["weights"]) > 0.0 if free_weights else found["weights"] == wanted["weights"])
    )


def test_the_same_theories_ship() -> None:
    assert set(NAMES) == set(list_processes())


@pytest.mark.parametrize("name", NAMES)
def test_nodes(name: str) -> None:
    model, process = read(name)
    assert model.construct_names == READING[name]["nodes"]
    assert process.n_nodes == len(READING[name]["nodes"])


@pytest.mark.parametrize("name", NAMES)
def test_arrows(name: str) -> None:
    _, process = read(name)
    n = process.n_nodes
    np.testing.assert_array_equal(process.arrows[:n, :n], np.array(READING[name]["arrows"]))
    assert not process.arrows[n:].any()
    assert not process.arrows[:, n:].any()


@pytest.mark.parametrize("name", NAMES)
def test_rho(name: str) -> None:
    model, process = read(name)
    wanted = READING[name]["rho"]
    eigenvalues = np.linalg.eigvals(process.arrows)
    assert max(abs(eigenvalues)) == pytest.approx(wanted, abs=5e-4)
    assert graph_facts(model).rho == pytest.approx(wanted, abs=5e-4)


@pytest.mark.parametrize("name", NAMES)
def test_what_each_construct_is_measured_from(name: str) -> None:
    _, process = read(name)
    allowed = others(name, "measured")
    for place, (node, wanted) in enumerate(zip(READING[name]["nodes"], READING[name]["measured"], strict=True)):
        number = int(process.reading[place])
        found = None if number == NONE else READINGS[number]
        assert found == wanted or any(found in one[node] for one in allowed), (node, found, wanted)


@pytest.mark.parametrize("name", NAMES)
def test_measurement_inside_the_saturation(name: str) -> None:
    _, process = read(name)
    n = process.n_nodes
    no_arrow_in = ~process.arrows[:n].any(axis=1)
    np.testing.assert_array_equal(process.input_weight[:n], no_arrow_in.astype(float))
    assert not process.bias.any()


@pytest.mark.parametrize("name", NAMES)
def test_moderators(name: str) -> None:
    _, process = read(name)
    wanted = READING[name]["moderator"]
    carried = process.arrows != 0.0
    if wanted is None:
        assert (process.moderator == NONE).all()
        return
    reading, low, high = wanted
    np.testing.assert_array_equal(process.moderator, np.where(carried, READINGS.index(reading), NONE))
    assert (process.moderator_low[carried] == low).all()
    assert (process.moderator_high[carried] == high).all()


@pytest.mark.parametrize("name", NAMES)
def test_phases(name: str) -> None:
    model, process = read(name)
    wanted = READING[name]["phases"]
    assert process.n_phases == len(wanted)
    for phase, hazard in enumerate(wanted):
        found = phase_of(process, model, phase)
        assert any(agree(found, one) for one in (hazard, *others(name, "phases", phase))), (phase, found, hazard)


@pytest.mark.parametrize("name", NAMES)
def test_decision_before_delivery(name: str) -> None:
    _, process = read(name)
    found = tuple(DECISION_RULES[rule] != "none" for rule in process.decision_rule[: process.n_phases])
    allowed = [READING[name]["decision"]]
    for one in others(name, "decision"):
        allowed.extend(one)
    assert found in allowed
    rules = {DECISION_RULES[rule] for rule in process.decision_rule[: process.n_phases]} - {"none"}
    assert rules == {"majority"}  # F2.7, F4: theta_S .5


@pytest.mark.parametrize("name", NAMES)
def test_start_gate(name: str) -> None:
    model, process = read(name)
    wanted = READING[name]["start"]
    terms, weights = named(process.start_term, process.start_weight, model)
    if wanted is None:
        assert process.start_level < 0.0
        assert terms == ()
        return
    assert HAZARD_FORMS[process.start_form] == wanted["form"]
    assert (terms, weights) == (wanted["terms"], wanted["weights"])
    free_level = "level" in others(name, "start")
    assert 0.0 < process.start_level < 1.0 if free_level else process.start_level == wanted["level"]


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_for_capacity_at_delivery(name: str) -> None:
    model, process = read(name)
    assert quantity(process.capacity_quantity, model) in {READING[name]["capacity"], *others(name, "capacity")}


@pytest.mark.parametrize("name", NAMES)
def test_wins_to_trust(name: str) -> None:
    _, process = read(name)
    assert (process.wins_to_trust > 0.0) in {READING[name]["wins_to_trust"], *others(name, "wins_to_trust")}


@pytest.mark.parametrize("name", NAMES)
def test_what_people_learn(name: str) -> None:
    _, process = read(name)
    allowed = [FEEDBACK, *({**FEEDBACK, **one} for one in others(name, "feedback"))]
    assert {key: getattr(process, key) for key in FEEDBACK} in allowed


def test_the_silent_theories_learn_by_one_rule() -> None:
    """F2.8 or F(ii): the null and faith-risk say nothing of identity and climate, so neither can differ in it."""
    learned = {name: (read(name)[1].outcome_identity, read(name)[1].outcome_climate) for name in ONE_RULE}
    assert len(set(learned.values())) == 1, learned


def test_no_two_rivals_are_one() -> None:
    """A10: rivals differ in pattern. The rate of a single phase is only a level, which matching takes out (F3)."""

    def pattern(name: str) -> tuple[Any, ...]:
        _, process = read(name)
        rate = process.hazard_rate / process.hazard_rate[0]
        return tuple(np.asarray(value).tolist() for value in process._replace(hazard_rate=rate))

    patterns = {name: pattern(name) for name in NAMES}
    twins = [pair for pair in combinations(NAMES, 2) if patterns[pair[0]] == patterns[pair[1]]]
    assert twins == []
