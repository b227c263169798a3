"""Are the landscapes as rugged as theory says?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.landscapes import build_landscape, draw_landscape
from tests.verification import figures

N_SPACES = 200
COUPLINGS = (0, 2, 5, 9)


@pytest.mark.statistical
def test_optima_of_landscapes() -> None:
    """E9: 2^10 / 11 = 93.09 optima without any likeness, exactly one without coupling, whose best is worth 2/3.

    Null: those are the expectations. 200 landscapes of N 10. Tolerance 2 optima at K 9 (standard error 0.45, false
    alarm 1e-5), exactly 1 at K 0, 0.02 on the best (standard error 0.005, false alarm 1e-4).
    """
    optima, best = {}, {}
    for coupling in COUPLINGS:
        spaces = [draw_landscape(10, coupling, seed=9, replicate=space) for space in range(N_SPACES)]
        optima[coupling] = np.array([space.count_optima() for space in spaces])
        best[coupling] = np.array([space.best for space in spaces])
    figure, (left, right) = figures.new_figure(2)
    left.violinplot(list(optima.values()), list(COUPLINGS), widths=1.2, showmeans=True)
    left.axhline(2**10 / 11, color=figures.VERMILION, label="2$^N$/(N + 1)")
    figures.label(left, "Local optima, N 10", "K (decisions)", "optima (number)")
    right.violinplot(list(best.values()), list(COUPLINGS), widths=1.2, showmeans=True)
    right.axhline(2 / 3, color=figures.VERMILION, label="2/3")
    figures.label(right, "Worth of the best solution", "K (decisions)", "worth (0 to 1)")
    words = [f"E9: optima at K 9 {optima[9].mean():.2f}; bar 93.09 ± 2."]
    words += [f"E9: optima at K 0 from {optima[0].min()} to {optima[0].max()}; bar 1."]
    figures.save(figure, "E9_landscapes", [*words, f"E9: best at K 0 {best[0].mean():.3f}; bar 0.667 ± 0.02."])
    assert abs(optima[9].mean() - 2**10 / 11) <= 2.0
    assert (optima[0] == 1).all()
    assert abs(best[0].mean() - 2.0 / 3.0) <= 0.02


def test_any_neighbours_agree_with_the_circle() -> None:
    """Null: the general form, given the circle's neighbours in another order, values every solution the same.

    Exact up to the order of the bits in a pattern: no luck, no false alarm.
    """
    circle = draw_landscape(8, 2, seed=1)
    swapped = circle.contributions.reshape(8, 2, 2, 2).transpose(0, 2, 1, 3).reshape(8, 8)
    other = build_landscape(swapped, circle.neighbours[:, ::-1])
    assert np.array_equal(other.values, circle.values)


@pytest.mark.statistical
def test_random_neighbours_are_uniform() -> None:
    """Null: each other decision is a neighbour equally often.

    2,000 landscapes of N 6, K 2: chi-square with 24 degrees of freedom (each row of counts sums to a constant), made
    smaller by drawing without replacement. Bound 60: chance of a false alarm below 1e-4.
    """
    counts = np.zeros((6, 6))
    for space in range(2000):
        table = draw_landscape(6, 2, neighbours="random", seed=3, replicate=space).neighbours
        assert all(len(set(row)) == 2 for row in table.tolist())
        np.add.at(counts, (np.arange(6)[:, np.newaxis], table), 1)
    assert not counts.diagonal().any()
    expected = 2000 * 2 / 5
    off = counts[~np.eye(6, dtype=bool)]
    assert ((off - expected) ** 2 / expected).sum() < 60.0
