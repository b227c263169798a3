"""Does the library for sensitivity analysis find what is known of Ishigami's function?"""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import sobol as analyse
from SALib.sample import sobol as sample

from tests.verification import figures

FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


@pytest.mark.statistical
def test_ishigami() -> None:
    """E17: first-order and total shares of variance of sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1.

    Null: the shares known in closed form, variance 13.845, mean 3.5. One Sobol sample of n 8,192, scrambled with a
    fixed seed; tolerance 0.02. Over other scramblings each share varies by less than 0.002: chance of a
    false alarm below 1e-10. The library's own confidence intervals, 0.01 to 0.03 wide either way,
    take the points for independent.
    """
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
    points = sample.sample(problem, 8192, calc_second_order=False, seed=17)
    x1, x2, x3 = points.T
    values = np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    found = analyse.analyze(problem, values, calc_second_order=False, seed=17)
    figure, (panel,) = figures.new_figure()
    places = np.arange(3)
    for shift, name, true in ((-0.2, "S1", FIRST), (0.2, "ST", TOTAL)):
        colour = figures.BLUE if name == "S1" else figures.ORANGE
        panel.bar(places + shift, found[name], 0.35, color=colour, label={"S1": "first order", "ST": "total"}[name])
        panel.errorbar(places + shift, true, 0.02, fmt="k_", markersize=12)
    panel.set_xticks(places, problem["names"])
    figures.label(panel, "Ishigami's function; black: known, ± 0.02", "input", "share of variance (0 to 1)")
    words = [f"E17: S1 {np.round(found['S1'], 4)} (bar {FIRST}), ST {np.round(found['ST'], 4)} (bar {TOTAL}) ± 0.02"]
    words += [f"E17: mean {values.mean():.3f} (3.5), variance {values.var():.3f} (13.845)"]
    figures.save(figure, "E17_sobol", words)
    assert found["S1"] == pytest.approx(FIRST, abs=0.02)
    assert found["ST"] == pytest.approx(TOTAL, abs=0.02)
    assert values.mean() == pytest.approx(3.5, abs=0.05)
    assert values.var() == pytest.approx(13.845, rel=0.02)
