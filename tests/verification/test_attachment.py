"""Where do opinions end when people are attached to their first ones?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.talk import attachment, attachment_limit
from tests.verification import figures
from tests.verification.twin_of_luck import draws

N_PEOPLE = 200


def test_attachment_ends_at_the_solution() -> None:
    """E15 and L9: iterating ends where the linear system says.

    Null: the largest difference is below 1e-10. One group of 200 with random weights; no luck after that, no false
    alarm. With susceptibility of at most 0.9, 400 rounds leave 0.9^400, about 1e-18, of the first distance.
    """
    weights = draws(15, 0, 0, 0, np.arange(N_PEOPLE**2)).reshape(N_PEOPLE, N_PEOPLE) ** 3
    weights /= weights.sum(axis=1, keepdims=True)
    openness = 0.9 * draws(15, 1, 0, 0, np.arange(N_PEOPLE))
    opinions = draws(15, 2, 0, 0, np.arange(N_PEOPLE))
    path = attachment(weights, openness, opinions, 400)
    limit = attachment_limit(weights, openness, opinions)
    residual = np.abs(limit - openness * (weights @ limit) - (1.0 - openness) * opinions).max()
    gap = np.abs(path - limit).max(axis=1)
    figure, (panel,) = figures.new_figure()
    panel.semilogy(np.maximum(gap[:120], 1e-17), color=figures.BLUE, label="largest distance to the solution")
    panel.axhline(1e-10, color=figures.VERMILION, label="bar of E15")
    figures.label(panel, "200 people attached to their first opinion", "round (number)", "distance (opinion, 0 to 1)")
    figures.save(figure, "E15_attachment", [f"E15: largest difference {gap[-1]:.1e}; bar 1e-10."])
    assert gap[-1] < 1e-10
    assert residual < 1e-12


def test_limits_of_susceptibility() -> None:
    """Null: nobody moves at 0; all agree at 1 if all heed all. Exact."""
    weights = np.full((3, 3), 1.0 / 3.0)
    assert np.array_equal(attachment(weights, 0.0, [0.0, 0.3, 0.9], 5)[-1], [0.0, 0.3, 0.9])
    assert attachment(weights, 1.0, [0.0, 0.3, 0.9], 5)[-1] == pytest.approx([0.4, 0.4, 0.4], abs=1e-15)
