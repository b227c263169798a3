"""Where do optimism, identity and climate settle under a constant chance of good outcomes?"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cosim.engine.published.learning import (
    climate_limit,
    climate_path,
    identity_limit,
    identity_path,
    optimism_limit,
    optimism_path,
)
from tests.verification import figures

RATES = ((0.3, 0.2), (0.1, 0.1), (0.05, 0.033))
CHANCES = (0.2, 0.5, 0.8)
N_PATHS, N_TIMES, BURN_IN = 200, 6000, 1000


@pytest.mark.statistical
def test_optimism() -> None:
    """E14 and L5: mean optimism is a+ p / (a+ p + a- (1 - p)), for nine settings.

    Null: exactly. A million pieces of news each, tolerance 0.005. The standard error is 0.0004 at most: chance of a
    false alarm below 1e-10.
    """
    found = {
        (rates, chance): optimism_path(chance, N_TIMES, *rates, n_paths=N_PATHS, seed=14)[:, BURN_IN:].mean()
        for rates, chance in product(RATES, CHANCES)
    }
    worst = max(abs(mean - optimism_limit(chance, *rates)) for (rates, chance), mean in found.items())
    fine = np.linspace(0.001, 0.999, 101)
    figure, (panel,) = figures.new_figure()
    for colour, rates in zip(figures.COLOURS, RATES, strict=False):
        panel.plot(fine, [optimism_limit(chance, *rates) for chance in fine], color=colour, label=f"rates {rates}")
        panel.plot(CHANCES, [found[rates, chance] for chance in CHANCES], "o", color=colour)
    panel.plot([0, 1], [0, 1], ":", color="0.5", label="as things are")
    figures.label(panel, "Lines: closed form; dots: simulated", "chance of good news (0 to 1)", "optimism (0 to 1)")
    figures.save(figure, "E14_optimism", [f"E14: largest difference {worst:.4f}; bar 0.005."])
    assert worst <= 0.005
    assert round(optimism_limit(0.5, 0.3, 0.2), 12) == 0.6


@pytest.mark.statistical
def test_identity_and_climate() -> None:
    """L6: identity settles at (i1 f + i2 I0) / (i1 f + i2), climate at f 0.661 + (1 - f) 0.416.

    Null: exactly, the rules being linear. A million months each, tolerance 0.005; standard errors 0.0003 at most:
    chance of a false alarm below 1e-10.
    """
    fine = np.linspace(0.01, 1.0, 100)
    figure, (left, right) = figures.new_figure(2)
    identity, climate = {}, {}
    for f in CHANCES:
        identity[f] = identity_path(f, N_TIMES, 0.05, 0.01, 0.4, n_paths=N_PATHS, seed=6)[:, BURN_IN:].mean()
        climate[f] = climate_path(f, N_TIMES, 0.02, n_paths=N_PATHS, seed=6)[:, BURN_IN:].mean()
    left.plot(fine, [identity_limit(f, 0.05, 0.01, 0.4) for f in fine], color=figures.BLUE, label="closed form")
    left.plot(list(identity), list(identity.values()), "o", color=figures.VERMILION, label="simulated")
    right.plot(fine, [climate_limit(f) for f in fine], color=figures.BLUE, label="closed form")
    right.plot(list(climate), list(climate.values()), "o", color=figures.VERMILION, label="simulated")
    figures.label(left, "Identity", "chance of success in a month (0 to 1)", "local identity (0 to 1)")
    figures.label(right, "Climate", "chance of success (0 to 1)", "creative climate (0 to 1)")
    gaps = [abs(identity[f] - identity_limit(f, 0.05, 0.01, 0.4)) for f in CHANCES]
    gaps += [abs(climate[f] - (f * 0.661 + (1.0 - f) * 0.416)) for f in CHANCES]
    figures.save(figure, "L6_identity_and_climate", [f"L6: largest difference {max(gaps):.4f}; bar 0.005."])
    assert max(gaps) <= 0.005


@pytest.mark.statistical
def test_identity_on_the_way() -> None:
    """L6: the mean path itself is I* + (I(0) - I*) (1 - i1 f - i2)^t.

    Null: exactly. 20,000 paths of 120 months, tolerance five standard errors of the simulated mean in every month:
    chance of a false alarm below 1e-4, months being alike.
    """
    chance, up, back, anchor = 0.3, 0.05, 0.01, 0.4
    paths = identity_path(chance, 120, up, back, anchor, start=0.1, n_paths=20_000, seed=7)
    limit = identity_limit(chance, up, back, anchor)
    true = limit + (0.1 - limit) * (1.0 - up * chance - back) ** np.arange(1, 121)
    error = paths.std(axis=0) / np.sqrt(20_000)
    assert (np.abs(paths.mean(axis=0) - true) <= 5.0 * error + 1e-12).all()
