"""Does it hang on whom one copies whether fast networks help? The reconciliation of Barkoczi and Galesic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cosim.engine.published.collective_search import collective_search
from cosim.engine.published.landscapes import draw_landscape
from cosim.engine.published.networks import complete_network, ring_network
from tests.verification import figures

N_SPACES = 150
NETWORKS = {"complete": complete_network(100), "ring": ring_network(100, 5)}
RULES = {"best of 3": ("best", 3), "most frequent of 3": ("conformity", 3)}


@pytest.mark.slow
@pytest.mark.statistical
def test_copying_rule_turns_the_effect_of_the_network() -> None:
    """Published: copying the best favours slow networks, copying the most frequent of a few favours fast ones.

    Null: there is no difference between a complete network and a ring of ten neighbours after 200 rounds, under either
    rule. 150 problems of N 15, K 7, 100 searchers who look at 3 others. The mean paired difference must lie on the
    published side by four standard errors: chance of a false alarm 6e-5.
    """
    mean: dict[tuple[str, str], Any] = {}
    gaps = {}
    for words, (rule, sample) in RULES.items():
        scores = {
            name: np.array(
                [
                    collective_search(
                        network,
                        draw_landscape(15, 7, neighbours="random", seed=2016, replicate=space),
                        200,
                        copying_rule=rule,
                        sample_size=sample,
                        seed=2016,
                        replicate=space,
                    ).scores
                    for space in range(N_SPACES)
                ]
            )
            for name, network in NETWORKS.items()
        }
        gap = scores["complete"][:, -1] - scores["ring"][:, -1]
        gaps[words] = (gap.mean(), gap.std() / np.sqrt(N_SPACES))
        mean.update({(words, name): course.mean(axis=0) for name, course in scores.items()})
    figure, (panel,) = figures.new_figure()
    for (words, name), course in mean.items():
        colour = figures.BLUE if words.startswith("best") else figures.VERMILION
        panel.plot(course, color=colour, linestyle="-" if name == "complete" else "--", label=f"{words}, {name}")
    figures.label(panel, "Whom one copies (N 15, K 7)", "round (number)", "mean score (0 to 1)")
    found = [f"{words}: complete - ring {gap:+.3f}, standard error {error:.3f}" for words, (gap, error) in gaps.items()]
    figures.save(figure, "copying_rules", found)
    assert gaps["best of 3"][0] < -4.0 * gaps["best of 3"][1]
    assert gaps["most frequent of 3"][0] > 4.0 * gaps["most frequent of 3"][1]
