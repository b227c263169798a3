"""How many parties are left when people hear only those who are near?"""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.address import PEOPLE
from cosim.engine.published.talk import bounded_confidence, count_parties
from tests.verification import figures
from tests.verification.twin_of_luck import draws

N_PEOPLE = 10_000
N_GROUPS = 40
BOUNDS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.26, 0.265, 0.27, 0.275, 0.28, 0.30, 0.40, 0.50)


@pytest.mark.slow
@pytest.mark.statistical
def test_number_of_parties() -> None:
    """E10 and L9: one party above a bound of about 0.267, two at 0.20, three at 0.15, eight or nine at 0.05.

    Null: the number of parties, averaged over groups, passes from 2 to 1 between the bounds 0.26 and 0.28; every group
    has three at 0.15, two at 0.20 and 0.25, one from 0.28 on; the average at 0.05 is 8 to 9, not the 10 of the rule of
    thumb 1 / (2 bound). 40 groups of 10,000 people, uniform opinions, steps of 0.5; parties hold at least 5 %. In
    groups of this size the switch is a ramp: the share of groups with one party is about 0.02 at 0.26, 0.4 at 0.27 and
    0.93 at 0.275. Chance of a false alarm from the switch: that of 20 of 40 with a chance of 0.02, below 1e-20; away
    from it no exception was seen in 60 groups each, so that its chance is unlikely above 0.05 in any one.
    """
    parties: dict[float, list[int]] = {}
    for bound in BOUNDS:
        n_meetings = N_PEOPLE * (500 if bound < 0.12 else 60)
        for group in range(N_GROUPS):
            start = draws(10, group, 0, PEOPLE, np.arange(N_PEOPLE))
            end = bounded_confidence(start, bound, 0.5, n_meetings, seed=10, replicate=group)
            parties.setdefault(bound, []).append(count_parties(end, bound / 2.0))
    mean = {bound: float(np.mean(counts)) for bound, counts in parties.items()}
    steep = [bound for bound in BOUNDS if 0.25 <= bound <= 0.30]
    switch = float(np.interp(-1.5, [-mean[bound] for bound in steep], steep))
    figure, (panel,) = figures.new_figure()
    fine = np.linspace(0.045, 0.5, 300)
    panel.plot(fine, np.floor(1.0 / (2.0 * fine)), color="0.6", label="rule of thumb 1/(2 bound), rounded down")
    panel.plot(list(mean), list(mean.values()), "o", color=figures.BLUE, label=f"mean of {N_GROUPS} groups")
    panel.axvline(0.267, color=figures.VERMILION, label="0.267, theory")
    panel.set_ylim(0, 11)
    figures.label(panel, "Parties of at least 5 %", "bound of confidence (opinion, 0 to 1)", "parties (number)")
    words = [f"E10: switch from 2 to 1 at {switch:.4f}; bar 0.26 to 0.28."]
    words += ["E10: " + ", ".join(f"{bound:g}: {number:.2f}" for bound, number in mean.items())]
    figures.save(figure, "E10_parties", [*words, "Bars: .05: 8 to 9, .15: 3, .20: 2, .28 and above: 1."])
    assert 0.26 <= switch <= 0.28
    assert set(parties[0.15]) == {3}
    assert set(parties[0.20]) == set(parties[0.25]) == {2}
    assert set(parties[0.28]) == set(parties[0.30]) == set(parties[0.40]) == set(parties[0.50]) == {1}
    assert 8.0 <= mean[0.05] <= 9.0


def test_everybody_near_means_agreement() -> None:
    """Null: with a bound of 1 all end at the mean they began with. Exact: meetings keep the sum."""
    start = draws(11, 0, 0, PEOPLE, np.arange(500))
    end = bounded_confidence(start, 1.01, 0.5, 50_000, seed=11)
    assert np.ptp(end) < 1e-12
    assert end.mean() == pytest.approx(start.mean(), abs=1e-12)


def test_a_network_keeps_apart_who_never_meet() -> None:
    """Null: two groups without a tie between them end at their own means, whatever the bound. Exact."""
    start = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    apart = np.kron(np.eye(2), np.ones((3, 3))) - np.eye(6)
    end = bounded_confidence(start, 2.0, 0.5, 2000, network=apart)
    assert end == pytest.approx([0.2] * 3 + [0.8] * 3, abs=1e-12)
