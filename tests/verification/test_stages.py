"""How long does a chain of stages take?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.stages import draw_stage_times, stage_moments
from tests.verification import figures

UNEQUAL = np.array([1 / 1.5, 1 / 3.5, 1 / 5.0, 1 / 6.0, 1 / 10.0])
EQUAL = np.full(5, 1 / 5.2)
N_CHAINS = 200_000


@pytest.mark.statistical
def test_chain_of_stages() -> None:
    """E18 and L12: five exponential stages take 26 months; variance the sum of 1 / rate^2; CV 0.447 if equal.

    Null: exactly. 200,000 chains; tolerance 1 % of the mean (standard error 0.11 %) and 2 % of the variance (standard
    error 0.4 %): chance of a false alarm below 1e-5. In monthly steps the moments are those of geometric times.
    """
    figure, (panel,) = figures.new_figure()
    words = []
    for colour, (name, rates) in zip(
        figures.COLOURS, {"unequal rates": UNEQUAL, "equal rates": EQUAL}.items(), strict=False
    ):
        for steps in (None, 1):
            total = draw_stage_times(rates, N_CHAINS, steps_per_month=steps, seed=18).sum(axis=1)
            mean, variance = stage_moments(rates, steps_per_month=steps)
            how = "any moment" if steps is None else "monthly steps"
            counts, edges = np.histogram(total, bins=np.arange(0.5, 100.5), density=True)
            panel.plot(edges[:-1], counts, "-" if steps is None else ":", color=colour, label=f"{name}, {how}")
            spread = np.sqrt(total.var()) / total.mean()
            words.append(
                f"E18 {name}, {how}: mean {total.mean():.3f} ({mean:.3f}), variance {total.var():.2f} ({variance:.2f}),"
                f" CV {spread:.4f}"
            )
            assert total.mean() == pytest.approx(mean, rel=0.01)
            assert total.var() == pytest.approx(variance, rel=0.02)
            if name == "equal rates" and steps is None:
                assert spread == pytest.approx(1.0 / np.sqrt(5.0), abs=0.005)
    figures.label(panel, "Time through five stages", "time (months)", "chains (share a month)")
    figures.save(figure, "E18_stages", [*words, "E18: bars 1 % on the mean, 2 % on the variance."])
