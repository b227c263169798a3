"""What is each sector worth to a solution when decisions do not hang together?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.helix import best_within, expected_best, mask_of
from cosim.engine.published.landscapes import draw_landscape
from tests.verification import figures
from tests.verification.twin_of_luck import draws

N_SPACES = 1500


@pytest.mark.statistical
def test_value_of_sectors() -> None:
    """L11: the best solution is worth share x 2/3 + (1 - share) / 2, share being the decisions covered.

    Null: exactly, for sectors with a quarter of the decisions each (N 20: 0.542, 0.583, 0.625, 0.667) and for the
    engine's sectors, which overlap (N 16). 1,500 problems with K 0 and 8 starts each; standard error at most 0.0018,
    tolerance 0.0075 on each of eight: chance of a false alarm below 4e-4.
    """
    found: dict[tuple[int, int], list[float]] = {}
    shares = {}
    for n_decisions in (12, 16):
        for space in range(N_SPACES):
            problem = draw_landscape(n_decisions, 0, seed=11, replicate=space)
            starts = np.floor(draws(11, space, 0, 0, np.arange(8)) * 2**n_decisions)
            for n_sectors in range(1, 5):
                mask = mask_of(np.arange(n_sectors), n_decisions)
                shares[n_decisions, n_sectors] = mask.bit_count() / n_decisions
                values = best_within(problem, mask, starts)
                found.setdefault((n_decisions, n_sectors), []).append(float(values.mean()))
    mean = {key: float(np.mean(values)) for key, values in found.items()}
    figure, (panel,) = figures.new_figure()
    panel.plot([0, 1], [0.5, 2 / 3], color="0.5", label="closed form")
    for colour, n_decisions, words in (
        (figures.BLUE, 12, "a quarter each"),
        (figures.VERMILION, 16, "overlapping"),
    ):
        keys = [(n_decisions, n_sectors) for n_sectors in range(1, 5)]
        panel.plot([shares[key] for key in keys], [mean[key] for key in keys], "o", color=colour, label=words)
    figures.label(panel, "One to four sectors, K 0", "decisions covered (share)", "worth of the best (0 to 1)")
    quarters = [round(mean[12, n_sectors], 4) for n_sectors in range(1, 5)]
    figures.save(figure, "L11_value_of_sectors", [f"L11: {quarters}; bar .542, .583, .625, .667 ± 0.0075"])
    for key, value in mean.items():
        assert abs(value - expected_best(shares[key])) <= 0.0075
