"""When does one more make all the difference?"""

from __future__ import annotations

import numpy as np

from cosim.engine.published.thresholds import cascade, critical_deviation, normal_outcome, normal_thresholds
from tests.verification import figures


def test_one_threshold_decides() -> None:
    """E11 and L8: thresholds 0, 1, ..., 99 of 100 bring all in; with the 1 made a 2, one stays alone.

    Null: exactly 100 and exactly 1. No luck, no false alarm.
    """
    chain = np.arange(100) / 100.0
    broken = chain.copy()
    broken[1] = 0.02
    assert cascade(chain)[-1] == 100
    assert np.array_equal(cascade(chain), np.arange(101))
    assert cascade(broken)[-1] == 1


def test_normal_thresholds_jump() -> None:
    """E11 and L8: with normal thresholds of mean 25 % the outcome jumps at a deviation of 0.1222.

    Null: the touching point is 0.12222 within 0.0005, and joining, round by round, gives a few below it and all above:
    0.055 just below (within 0.01, since it rises steeply there), 1.0 above. No luck, no false alarm. A group of 100
    jumps a little higher, since its thresholds are grains.
    """
    critical = critical_deviation(0.25)
    low, high = 0.05, 0.30
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if normal_outcome(0.25, middle) < 0.5 else (low, middle)
    below, above = normal_outcome(0.25, critical - 0.0002), normal_outcome(0.25, critical + 0.0002)
    deviations = np.linspace(0.05, 0.2, 301)
    figure, (panel,) = figures.new_figure()
    endless = [normal_outcome(0.25, deviation) for deviation in deviations]
    grains = [cascade(normal_thresholds(100, 0.25, deviation))[-1] / 100 for deviation in deviations]
    panel.plot(deviations, endless, color=figures.BLUE, label="endless group")
    panel.plot(deviations, grains, ".", color=figures.ORANGE, markersize=3, label="100 people")
    panel.axvline(0.12222, color=figures.VERMILION, label="0.12222, bar of E11")
    figures.label(panel, "Normal thresholds of mean 25 %", "standard deviation (share)", "who join (share)")
    words = f"E11: touching at {critical:.5f}, jump at {middle:.5f}; bar 0.12222 ± 0.0005."
    figures.save(figure, "E11_thresholds", [words, f"E11: {below:.3f} just below (own 0.055), {above:.4f} above."])
    assert abs(critical - 0.12222) <= 0.0005
    assert abs(middle - critical) <= 1e-4
    assert abs(below - 0.055) <= 0.01
    assert above > 0.999
