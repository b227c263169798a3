"""What does somebody come to believe of a partner who cooperates with a constant chance?"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from cosim.engine.published.trust import draw_acts, trust_limit, trust_moments, trust_path
from tests.verification import figures

KEPT = 0.95
N_PATHS, N_ACTS, BURN_IN = 400, 3000, 500


def mean_trust(chance: float, bad_weight: float, **group: float) -> float:
    """Return trust averaged over paths and acts, once the start is forgotten."""
    acts = draw_acts(chance, N_ACTS, n_paths=N_PATHS, seed=13, **group)
    return float(trust_path(acts, kept=KEPT, bad_weight=bad_weight)[:, BURN_IN:].mean())


@pytest.mark.statistical
def test_trust_with_forgetting() -> None:
    """E13 and L1: at lambda 0.95 trust settles near the closed form.

    Null: mean trust differs from trust at mean evidence by at most 0.015, at weights of bad news 1 to 3 and chances
    0.5 to 0.9. A million acts each, standard error below 0.0004; the ratio itself is biased by up to 0.01, which the
    closed form leaves out. Chance of a false alarm below 1e-6. Exact where nothing is left to chance.
    """
    chances = np.array([0.5, 0.6, 0.7, 0.8, 0.9])
    figure, (panel,) = figures.new_figure()
    worst = 0.0
    for colour, weight in zip(figures.COLOURS, (1.0, 2.0, 3.0), strict=False):
        found = np.array([mean_trust(chance, weight) for chance in chances])
        limits = np.array([trust_limit(chance, kept=KEPT, bad_weight=weight) for chance in chances])
        worst = max(worst, float(np.abs(found - limits).max()))
        panel.plot(chances, limits, color=colour, label=f"bad news weighs {weight:g}")
        panel.plot(chances, found, "o", color=colour, markersize=4)
    figures.label(panel, "Lines: closed form; dots: simulated", "chance of cooperation (0 to 1)", "trust (0 to 1)")
    figures.save(figure, "E13_trust", [f"E13: largest difference {worst:.4f}; bar 0.015."])
    assert worst <= 0.015
    assert [round(trust_limit(0.7, kept=KEPT, bad_weight=weight), 3) for weight in (1, 2, 3)] == [
        0.682,
        0.536,
        0.441,
    ]
    always = trust_path(np.ones((1, 3000)), kept=KEPT, bad_weight=1.0)[0, -1]
    never = trust_path(np.zeros((1, 3000)), kept=KEPT, bad_weight=1.0)[0, -1]
    assert always == pytest.approx(trust_limit(1.0, kept=KEPT), abs=1e-12)
    assert never == pytest.approx(trust_limit(0.0, kept=KEPT), abs=1e-12)


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.85])
def test_moments_without_forgetting(chance: float) -> None:
    """L2: after n acts mean trust is (n q + 1) / (n + 2) and its variance n q (1 - q) / (n + 2)^2.

    Null: exactly, by weighing all 4,096 courses of 12 acts with their chances. No luck, no false alarm.
    """
    acts = np.array(list(product([0.0, 1.0], repeat=12)))
    weights = np.prod(np.where(acts == 1.0, chance, 1.0 - chance), axis=1)
    trust = trust_path(acts)
    for n_acts in range(1, 13):
        last = trust[:, n_acts - 1]
        mean = weights @ last
        true = trust_moments(chance, n_acts)
        assert mean == pytest.approx(true[0], abs=1e-13)
        assert weights @ (last - mean) ** 2 == pytest.approx(true[1], abs=1e-13)


@pytest.mark.statistical
def test_moments_of_drawn_acts() -> None:
    """L2 with luck: mean and variance over 200,000 drawn courses of 40 acts.

    Null: the exact ones. Tolerance 4.5 standard errors (of the variance: from the normal's fourth moment): chance of a
    false alarm 1.4e-5.
    """
    n_paths, n_acts, chance = 200_000, 40, 0.7
    last = trust_path(draw_acts(chance, n_acts, n_paths=n_paths, seed=2))[:, -1]
    mean, variance = trust_moments(chance, n_acts)
    assert abs(last.mean() - mean) < 4.5 * np.sqrt(variance / n_paths)
    assert abs(last.var() - variance) < 4.5 * variance * np.sqrt(2.0 / n_paths)


def test_no_bias() -> None:
    """L3: without discount, or with full identity, an out-group is trusted like one's own.

    Null: bit for bit, since luck does not know of groups. No false alarm.
    """
    inside: Any = trust_path(draw_acts(0.8, 500, seed=3), kept=KEPT, bad_weight=2.0)
    no_discount = trust_path(draw_acts(0.8, 500, discount=0.0, identity=0.3, seed=3), kept=KEPT, bad_weight=2.0)
    one_identity = trust_path(draw_acts(0.8, 500, discount=0.4, identity=1.0, seed=3), kept=KEPT, bad_weight=2.0)
    assert np.array_equal(inside, no_discount)
    assert np.array_equal(inside, one_identity)
    assert np.array_equal(
        trust_path(draw_acts(0.8, 500, seed=3), bad_weight=3.0, identity=1.0),
        trust_path(draw_acts(0.8, 500, seed=3)),
    )


@pytest.mark.statistical
def test_gap_between_groups() -> None:
    """L4: lambda 0.95, bad news 2, chance 0.8, discount 0.4: 0.654 inside; outside 0.327, 0.473, 0.654.

    Null: the closed form gives these to three decimals, and simulated means differ from it by at most 0.015 (the bias
    of the ratio; standard error below 0.0005). Chance of a false alarm below 1e-6.
    """
    bars = {0.0: 0.327, 0.5: 0.473, 1.0: 0.654}
    identities = np.linspace(0.0, 1.0, 11)
    outside = [trust_limit(0.8 * (1.0 - 0.4 * (1.0 - one)), kept=KEPT, bad_weight=2.0) for one in identities]
    inside = trust_limit(0.8, kept=KEPT, bad_weight=2.0)
    found = {one: mean_trust(0.8, 2.0, discount=0.4, identity=one) for one in bars}
    figure, (panel,) = figures.new_figure()
    panel.axhline(inside, color=figures.BLUE, label="one's own group")
    panel.plot(identities, outside, color=figures.VERMILION, label="another group")
    panel.plot(list(found), list(found.values()), "o", color=figures.VERMILION)
    figures.label(panel, "Identity lifts the discount", "shared identity (0 to 1)", "trust (0 to 1)")
    words = ", ".join(f"{one:g}: {value:.4f} (bar {bars[one]})" for one, value in found.items())
    figures.save(figure, "L4_gap_between_groups", [f"L4, identity {words}; ± 0.015"])
    assert round(inside, 3) == 0.654
    for one, bar in bars.items():
        assert round(trust_limit(0.8 * (1.0 - 0.4 * (1.0 - one)), kept=KEPT, bad_weight=2.0), 3) == bar
        assert abs(found[one] - bar) <= 0.015
