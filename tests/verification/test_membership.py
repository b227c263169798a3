"""How many are members when people join and leave at constant chances?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.membership import membership_limit, membership_path
from tests.verification import figures


@pytest.mark.statistical
def test_membership() -> None:
    """L7: the share settles at iota pi / (iota pi + h); each month leaves 1 - iota pi - h of the distance.

    Null: exactly, month by month from nobody. 200,000 people, 120 months, tolerance five standard errors: chance of a
    false alarm below 1e-4, months being alike.
    """
    joining, leaving, n_people = 0.0056, 0.07, 200_000
    path = membership_path(joining, leaving, n_people, 120, seed=7)
    limit, left = membership_limit(joining, leaving)
    true = limit * (1.0 - left ** np.arange(121))
    figure, (panel,) = figures.new_figure()
    panel.plot(path, color=figures.BLUE, label="simulated")
    panel.plot(true, "--", color=figures.VERMILION, label="closed form")
    panel.axhline(limit, color="0.5")
    figures.label(panel, "Members, from nobody", "time (months)", "members (share)")
    gap = float(np.abs(path - true).max())
    figures.save(figure, "L7_membership", [f"L7: limit {limit:.4f}, largest difference {gap:.5f}; five errors 0.0029."])
    assert (np.abs(path - true) <= 5.0 * np.sqrt(true * (1.0 - true) / n_people)).all()
