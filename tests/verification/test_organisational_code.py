"""Does an organisation know more in the end when its members learn slowly? The set-up of March."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cosim.engine.published.organisational_code import organisational_learning
from tests.verification import figures

SPEEDS = (0.1, 0.3, 0.5, 0.7, 0.9)
N_RUNS = 80


def final_knowledge(**options: Any) -> Any:
    """Return what the code knows after 100 periods, array [run]."""
    return np.array([organisational_learning(seed=1991, replicate=run, **options).code[-1] for run in range(N_RUNS)])


@pytest.mark.statistical
def test_slow_socialisation_knows_more() -> None:
    """Published: slow socialisation of members and fast learning of the code give the most knowledge.

    Null: knowledge does not depend on socialisation. 80 organisations as published, a setting, the same luck in all.
    At each of three speeds of the code, socialisation of 0.1 must be ahead of 0.9 by five standard errors: chance of a
    false alarm below 1e-6. The published levels are not a bar; they cannot be had from the text alone.
    """
    figure, (panel,) = figures.new_figure()
    means = {}
    for colour, code_speed in zip(figures.COLOURS, (0.1, 0.5, 0.9), strict=False):
        runs = [final_knowledge(socialisation=speed, code_learning=code_speed) for speed in SPEEDS]
        means[code_speed] = [float(run.mean()) for run in runs]
        panel.plot(SPEEDS, means[code_speed], "o-", color=colour, label=f"code learns at {code_speed}")
        gap = runs[0] - runs[-1]
        assert gap.mean() > 5.0 * gap.std() / np.sqrt(N_RUNS)
    figures.label(panel, "30 dimensions, 50 members", "socialisation (chance a period)", "the code has right (share)")
    figures.save(figure, "socialisation", [f"code {speed}: {np.round(mean, 3)}" for speed, mean in means.items()])
    assert means[0.9][0] == max(max(mean) for mean in means.values())


@pytest.mark.statistical
def test_mixed_and_changing_members_know_more() -> None:
    """Published: fast and slow learners together, or some turnover, know more than members alike who stay.

    Null: no difference from socialisation of 0.5 for all. 80 organisations, five standard errors: chance of a false
    alarm below 1e-6.
    """
    alike = final_knowledge(socialisation=0.5)
    mixed = final_knowledge(socialisation=np.where(np.arange(50) < 25, 0.1, 0.9))
    changing = final_knowledge(socialisation=0.5, turnover=0.1)
    for other in (mixed, changing):
        gap = other - alike
        assert gap.mean() > 5.0 * gap.std() / np.sqrt(N_RUNS)
