"""Does something spread among units that all see each other as the closed form says?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.spread import bass_peak, bass_share, bass_spread, measure_peak
from tests.verification import figures

INNOVATION, IMITATION = 0.03, 0.38
N_UNITS = 1_000_000
N_RUNS = 6


@pytest.mark.slow
@pytest.mark.statistical
def test_peak_of_spread() -> None:
    """E12 and L14: the peak comes after 6.193 years at a share of 0.4605.

    Null: both are true. 6 runs of a million units in monthly steps; tolerance 0.25 years and 0.02. Holding the hazard
    for a month delays by 0.097 years (without luck); the standard deviation of one run's peak is 0.02: chance of a
    false alarm below 1e-10. A yearly step comes 1.1 years late, which is why the step is an argument.
    """
    true = bass_peak(INNOVATION, IMITATION)
    figure, (left, right) = figures.new_figure(2)
    found, late = {}, {}
    for colour, steps in zip(figures.COLOURS, (1, 12, 48), strict=False):
        runs = [
            bass_spread(INNOVATION, IMITATION, N_UNITS, 15.0, steps_per_year=steps, seed=12, replicate=run)
            for run in range(N_RUNS if steps == 12 else 1)
        ]
        found[steps] = np.mean([measure_peak(run, max(2.0, 3.0 / steps)) for run in runs], axis=0)
        times = runs[0].times
        late[steps] = float(np.abs(runs[0].shares - bass_share(times, INNOVATION, IMITATION)).max())
        left.plot(times, runs[0].shares, color=colour, label=f"{steps} steps a year")
        right.plot(0.5 * (times[1:] + times[:-1]), np.diff(runs[0].shares) * steps, color=colour, linewidth=0.8)
    fine = np.linspace(0.0, 15.0, 301)
    left.plot(fine, bass_share(fine, INNOVATION, IMITATION), "k--", label="closed form")
    right.plot(0.5 * (fine[1:] + fine[:-1]), np.diff(bass_share(fine, INNOVATION, IMITATION)) / 0.05, "k--")
    right.axvspan(true.time - 0.25, true.time + 0.25, color="0.85")
    figures.label(left, "Spread, p 0.03 and q 0.38 a year", "time (years)", "have taken it up (share)")
    figures.label(right, "Its rate; grey: bar of E12", "time (years)", "take it up (share a year)")
    words = [f"E12: {n} steps a year: peak {at[0]:.3f} years at {at[1]:.4f}" for n, at in found.items()]
    figures.save(figure, "E12_spread", [*words, "E12: bars 6.193 ± 0.25 years and 0.4605 ± 0.02, monthly steps."])
    assert true == pytest.approx((6.193, 0.4605, 0.1106), abs=5e-4)
    assert abs(found[12][0] - true.time) <= 0.25
    assert abs(found[12][1] - true.share) <= 0.02
    assert late[48] < late[12] < late[1]


@pytest.mark.statistical
def test_spread_without_imitation_is_exponential() -> None:
    """Null: with q 0, the share left after t years is e^-pt whatever the step.

    100,000 units, tolerance five standard errors at each of 10 years: chance of a false alarm below 1e-5.
    """
    run = bass_spread(0.2, 0.0, 100_000, 10.0, steps_per_year=3, seed=1)
    true = 1.0 - np.exp(-0.2 * run.times)
    assert (np.abs(run.shares - true) <= 5.0 * np.sqrt(true * (1.0 - true) / 100_000)).all()
