"""What a theory's graph can do, what can be knocked out of it, and how it is told and drawn."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.errors import ProcessError
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.describe import describe_process, drawing_of
from cosim.processes.graph import (
    components_of,
    critical_gain,
    graph_facts,
    loops_of,
    spectral_radius,
)
from cosim.processes.mechanisms import list_mechanisms, weaken_mechanism
from cosim.processes.reading import process_from_table
from cosim.report.plots.causal_graph import plot_causal_graph
from cosim.results.drawing import GraphDrawing
from tests.unit.small_theory import table


def test_loops_carry_the_sign_of_their_arrows() -> None:
    matrix = np.array([[0.0, 0.0, -1.0], [2.0, 0.0, 0.0], [0.0, 0.5, -3.0]])
    loops, complete = loops_of(matrix, ("a", "b", "c"))
    assert complete
    assert [(loop.nodes, loop.strength) for loop in loops] == [(("c",), -3.0), (("a", "b", "c"), -1.0)]
    assert not any(loop.is_reinforcing for loop in loops)


def test_loops_of_complete_graphs_are_counted_right() -> None:
    # Simple cycles of the complete directed graph: sum over k of C(n, k) (k - 1)!.
    for n, count in [(2, 1), (3, 5), (4, 20), (5, 84), (6, 409)]:
        assert len(loops_of(1.0 - np.eye(n), tuple("abcdef")[:n], 10_000)[0]) == count
    loops, complete = loops_of(np.ones((12, 12)), tuple("abcdefghijkl"))
    assert len(loops) == 500
    assert not complete


def test_loops_agree_with_another_enumeration() -> None:
    networkx = pytest.importorskip("networkx")
    luck = np.random.default_rng(3)
    for _ in range(60):
        n = int(luck.integers(1, 8))
        matrix = luck.choice([-1.0, 0.0, 0.0, 0.5], size=(n, n))
        graph = networkx.from_numpy_array(matrix.T != 0.0, create_using=networkx.DiGraph)
        expected = sorted(tuple(np.roll(one, -int(np.argmin(one)))) for one in networkx.simple_cycles(graph))
        names = tuple("abcdefgh"[:n])
        found = sorted(tuple(names.index(node) for node in loop.nodes) for loop in loops_of(matrix, names, 10**6)[0])
        assert found == expected
        parts = [one for one in networkx.strongly_connected_components(graph) if len(one) > 1]
        parts += [{node} for node in range(n) if matrix[node, node] and not any(node in one for one in parts)]
        assert sorted(components_of(matrix)) == sorted(tuple(sorted(one)) for one in parts)


def test_rho_bounds_the_tipping_point_and_meets_it_without_balancing_loops() -> None:
    luck = np.random.default_rng(4)
    for _ in range(100):
        matrix = luck.normal(size=(5, 5)) * (luck.random((5, 5)) < 0.4)
        rho = spectral_radius(matrix)
        assert rho == pytest.approx(float(np.abs(np.linalg.eigvals(np.abs(matrix))).max()), abs=1e-3)
        gain = critical_gain(matrix)
        assert gain is None or gain >= 1.0 / rho - 1e-9
        signs = luck.choice([-1.0, 1.0], size=5)
        balanced = np.abs(matrix) * np.outer(signs, signs)
        if rho > 0.0:
            assert critical_gain(balanced) == pytest.approx(1.0 / rho)


def test_moderators_move_rho() -> None:
    facts = graph_facts(read_process("small-wins"))
    assert facts.rho_low == pytest.approx(0.5)
    assert facts.rho_high == pytest.approx(1.5)


def test_mechanisms_are_weakened_one_at_a_time() -> None:
    model = process_from_table(table())
    assert weaken_mechanism(model, "theory.arrows.hope.wins", 0.5).arrows[0].weight == 1.0
    assert weaken_mechanism(model, "theory.arrows", 0.0).arrows[1].weight == 0.0
    shrunk = weaken_mechanism(model, "theory.moderators.leadership", 0.5).moderators[0]
    assert (shrunk.low, shrunk.high) == (0.5, 2.0)
    assert weaken_mechanism(model, "theory.start", 0.0).start is None
    assert weaken_mechanism(model, "theory.feedback.progress.optimism", 0.5).feedback.progress_optimism == 0.5
    assert weaken_mechanism(model, "theory.phases.act.gate", 0.0).phases[1].hazard.gate == ""
    assert weaken_mechanism(model, "theory.phases.act.decision", 0.0).phases[1].decision == "none"
    assert weaken_mechanism(model, "theory.phases.talk.rate", 2.0).phases[0].hazard.rate == 6.0
    assert "theory.feedback.outcome" not in list_mechanisms(model)
    with pytest.raises(ProcessError, match=r"did you mean 'theory\.start'"):
        weaken_mechanism(model, "theory.stat", 0.0)


def test_a_theory_is_told_in_words() -> None:
    text = describe_process(process_from_table(table()))
    for words in [
        "3 × hope × trust", "2 × (0.5 + wins − 1.5 conflict), only while zeal > 0.125",
        "consent of civic; if refused, back to talk", "While the greatest of mandate and trust > 0.25.",
        "leadership multiplies hope → wins by 0 (none) to 3 (full)", "balancing (−1): hope → wins → hope",
        "may take part: public and civic", "Progress teaches optimism.", "An outcome teaches nothing.",
    ]:  # fmt: skip
        assert words in text


def test_the_drawing_says_what_multiplies_and_what_is_measured() -> None:
    drawing = drawing_of(process_from_table(table()))
    assert drawing.nodes == (("hope", "optimism"), ("wins", "wins"), ("zeal", ""))
    assert drawing.arrows[0] == ("hope", "wins", 2.0, "leadership")
    assert [name for name, _text in drawing.phases] == ["talk", "act"]


def test_pictures_are_drawn_of_small_large_and_odd_graphs() -> None:
    names = [f"construct_with_a_long_name_{n}" for n in range(12)]
    arrows = tuple((one, two, -0.5 if one < two else 1.5, "leadership") for one in names for two in names)
    large = GraphDrawing("Costs $5 and $6", tuple((n, "trust") for n in names), arrows, (("p", "1 × x\nno vote"),) * 8)
    for drawing in (large, GraphDrawing("One", (("only", ""),), (("only", "only", 1.0, ""),), ())):
        axes = plot_causal_graph(drawing)
        figure = axes.get_figure()
        assert figure is not None
        figure.canvas.draw()
    again = plot_causal_graph(drawing_of(read_process("staged")), axes)
    assert again is axes


def test_labels_do_not_lie_on_one_another() -> None:
    for name in list_processes():
        axes = plot_causal_graph(drawing_of(read_process(name)))
        figure = axes.get_figure(root=True)
        assert figure is not None
        figure.canvas.draw()
        boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
        overlaps = [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if a.overlaps(b)]
        assert not overlaps, name
