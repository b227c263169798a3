"""When does a graph of arrows carry itself?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.tipping import fold_bias, measure_fold, measure_threshold, settle
from tests.verification import figures


def graph(arrows: str) -> np.ndarray:
    """Return the matrix [to, from] of arrows written like ``"E>T 1, T>Q 0.5"``; nodes in order of appearance."""
    parts = [arrow.split() for arrow in arrows.split(",")]
    nodes = sorted({node for ends, _ in parts for node in ends.split(">")})
    matrix = np.zeros((len(nodes), len(nodes)))
    for ends, weight in parts:
        sender, receiver = ends.split(">")
        matrix[nodes.index(receiver), nodes.index(sender)] += float(weight)
    return matrix


GRAPHS = {
    "small wins cycle (P1)": graph("E>T 1, T>Q 1, Q>U 1, U>W 1, W>E 1"),
    "with wins to all (P1b)": graph("E>T 1, T>Q 1, Q>U 1, U>W 1, W>E 1, W>T 1, W>Q 1, W>U 1"),
    "regime (P2)": graph(
        "T>E .5, Q>E .5, J>E 1, T>U .5, Q>U .5, J>U 1, E>T .5, U>T .5, J>T 1, E>Q .5, U>Q .5, J>Q 1,"
        "E>J .5, U>J .5, T>J .5, Q>J .5"
    ),
    "stages (P3)": graph("E>U 1, U>W 1, J>W 1"),
    "faith and risk (P5)": graph("F>B 1, R>B 1, B>W 1, W>F 1, B>C -1, C>T -1, T>R 1"),
}
RADII = dict(zip(GRAPHS, (1.0, 1.534, 2.0, 0.0, 1.2207), strict=True))


@pytest.mark.parametrize("name", GRAPHS)
def test_threshold_of_graph(name: str) -> None:
    """E19 and L13: a graph carries itself from the gain at which gain x spectral radius is 1; a chain never does.

    Null: within 1 %. No luck, no false alarm.
    """
    matrix = GRAPHS[name]
    radius = float(np.abs(np.linalg.eigvals(matrix)).max())
    found = measure_threshold(matrix)
    if RADII[name] == 0.0:
        assert radius < 1e-9
        assert found == np.inf
        return
    assert radius == pytest.approx(RADII[name], abs=5e-4)
    assert found * radius == pytest.approx(1.0, rel=0.01)
    below = settle(matrix, 0.95 / radius, n_months=20_000)
    above = settle(matrix, 1.05 / radius, n_months=20_000)
    assert np.abs(below).max() < 1e-9
    assert np.abs(above).max() > 0.2


def test_states_beside_the_threshold() -> None:
    """E19: cycle 0 at gain 0.95, 0.371 either way at 1.05; regime 0 at 0.49, 0.241 at 0.51; chain 0 at any gain.

    Null: to three decimals; the chain exactly. No luck, no false alarm.
    """
    cycle, regime, chain = (GRAPHS[name] for name in ("small wins cycle (P1)", "regime (P2)", "stages (P3)"))
    settled = {gain: settle(cycle, gain, n_months=20_000) for gain in (0.95, 1.05)}
    assert np.abs(settled[0.95]).max() < 1e-9
    assert settled[1.05] == pytest.approx(0.371, abs=5e-4)
    assert settle(cycle, 1.05, start=-0.5, n_months=20_000) == pytest.approx(-0.371, abs=5e-4)
    assert np.abs(settle(regime, 0.49, n_months=20_000)).max() < 1e-9
    assert settle(regime, 0.51, n_months=20_000)[:5] == pytest.approx(0.241, abs=5e-4)
    for gain in (0.5, 5.0, 50.0):
        assert (settle(chain, gain, start=1.0) == 0.0).all()
        assert np.abs(settle(chain, gain, start=1.0, months=3.0)).max() < 1e-300  # the smallest number stays
    gains = np.linspace(0.0, 2.0, 81)
    figure, (left, right) = figures.new_figure(2)
    for colour, (name, matrix) in zip(figures.COLOURS, GRAPHS.items(), strict=False):
        highest = [np.abs(settle(matrix, gain, n_months=3000)).max() for gain in gains]
        left.plot(gains, highest, color=colour, label=name)
    figures.label(left, "Where each graph ends", "gain", "largest construct (size, 0 to 1)")
    biases = np.linspace(0.0, 0.6, 121)
    for colour, loop in zip(figures.COLOURS, (1.2, 1.5, 2.0), strict=False):
        high = [settle([[loop]], 1.0, bias=-bias, start=1.0, n_months=3000)[0] for bias in biases]
        right.plot(biases, high, color=colour, label=f"loop gain {loop:g}")
        right.axvline(fold_bias(loop), color=colour, linestyle=":")
    figures.label(right, "Giving way; dotted: closed form", "bias against all constructs", "constructs (-1 to 1)")
    thresholds = {name: round(measure_threshold(matrix), 4) for name, matrix in GRAPHS.items()}
    words = [
        f"E19 thresholds (gain): {thresholds}",
        f"E19 fold at loop gain 1.5: {measure_fold([[1.5]], 1.0):.4f}",
    ]
    figures.save(figure, "E19_tipping", [*words, "E19: bars 1 / spectral radius ± 1 %, none for stages; 0.2075."])


@pytest.mark.parametrize("loop_gain", [1.2, 1.5, 2.0])
@pytest.mark.parametrize("name", ["small wins cycle (P1)", "regime (P2)"])
def test_fold(name: str, loop_gain: float) -> None:
    """E19: a high state gives way at the bias |atanh(z) - G z|, z = sqrt(1 - 1 / G); 0.2075 at G 1.5.

    Null: within 1 %; it holds at 95 % of that bias and gives way at 105 %. No luck, no false alarm. In the regime graph
    the last construct sends nothing, so that all five others have rows of sum 2.
    """
    matrix = GRAPHS[name][:5, :5]
    gain = loop_gain / float(matrix.sum(axis=1)[0])
    fold = fold_bias(loop_gain)
    assert measure_fold(matrix, gain) == pytest.approx(fold, rel=0.01)
    assert settle(matrix, gain, bias=-0.95 * fold, start=1.0).min() > 0.0
    assert settle(matrix, gain, bias=-1.05 * fold, start=1.0).max() < 0.0
    assert round(fold_bias(1.5), 4) == 0.2075
