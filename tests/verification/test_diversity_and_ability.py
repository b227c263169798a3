"""Do random teams beat teams of the ablest, and on what problems not? The set-up of Hong and Page."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.engine.published.relay_search import compare_teams, draw_ring
from tests.verification import figures

N_RINGS = 100
BARS = {(10, 12): (92.34, 94.35), (20, 12): (93.66, 94.74)}
"""Published by the open replication (500 rings), by team size and longest step: ablest, random."""


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize(("team_size", "longest_step"), BARS)
def test_random_teams_win(team_size: int, longest_step: int) -> None:
    """E6: mean value reached by the ablest and by a random team on a ring of 2,000 uniform values.

    Null: the published means are true and random teams win on at least 90 % of rings. 100 rings, tolerance 0.4.
    Standard errors 0.13 (ablest, 10), 0.08 (ablest, 20) and 0.05 (random): chance of a false alarm 0.003 for teams of
    ten, below 1e-5 for teams of twenty.
    """
    outcomes = np.array(
        [compare_teams(2000, 3, longest_step, team_size, seed=2004, replicate=ring) for ring in range(N_RINGS)]
    )
    ablest, chosen = outcomes[:, 0], outcomes[:, 1]
    wins = float((chosen > ablest).mean())
    bar = BARS[team_size, longest_step]
    figure, (panel,) = figures.new_figure()
    panel.scatter(ablest, chosen, s=12, color=figures.BLUE, label="one ring")
    ends = [min(ablest.min(), chosen.min()), max(ablest.max(), chosen.max())]
    panel.plot(ends, ends, color="0.5", label="equal")
    panel.plot(*bar, "P", color=figures.VERMILION, markersize=10, label="published means")
    title = f"Teams of {team_size}, steps up to {longest_step}"
    figures.label(panel, title, "ablest team (value, 0 to 100)", "random team (value, 0 to 100)")
    words = f"E6 ({team_size}, {longest_step}): ablest {ablest.mean():.2f}, random {chosen.mean():.2f}; "
    words += f"bar {bar} ± 0.4;"
    figures.save(figure, f"E6_teams_of_{team_size}", [f"{words} random wins {wins:.2f}; bar 0.90."])
    assert (ablest.mean(), chosen.mean()) == pytest.approx(bar, abs=0.4)
    assert wins >= 0.90


@pytest.mark.statistical
def test_ability_wins_on_smooth_problems() -> None:
    """Published: on smooth rings (smoothness above 4) the ablest team wins.

    Null: both kinds of team win half of the rings at smoothness 8. 60 rings, teams of 9: the ablest must win at least
    42, which chance gives with 0.001.
    """
    wins = {}
    for smoothness in (0, 2, 4, 8):
        outcomes = np.array(
            [compare_teams(2000, 3, 12, 9, smoothness=smoothness, seed=2019, replicate=ring) for ring in range(60)]
        )
        wins[smoothness] = int((outcomes[:, 0] > outcomes[:, 1]).sum())
    figure, (panel,) = figures.new_figure()
    panel.plot(list(wins), [number / 60 for number in wins.values()], "o-", color=figures.BLUE)
    panel.axhline(0.5, color="0.5")
    figures.label(panel, "Where ability beats diversity", "smoothness (places)", "rings won by the ablest team (share)")
    figures.save(figure, "smooth_rings", [f"ablest team wins, of 60: {wins}; bar: fewer than 6 at 0, at least 42 at 8"])
    assert wins[0] < 6
    assert wins[8] >= 42


@pytest.mark.statistical
def test_ring_is_as_smooth_as_asked() -> None:
    """Null: values are uniform at smoothness 0; at smoothness s their neighbours' likeness grows with s.

    A ring of 100,000: mean 50 within 0.5 (standard error 0.09); the lag-one correlation is 0 within 0.02 (standard
    error 0.003) without smoothness and above 0.5 at smoothness 4. False alarm below 1e-7.
    """
    rough, smooth = draw_ring(100_000, seed=1), draw_ring(100_000, smoothness=4, seed=1)
    assert abs(rough.mean() - 50.0) < 0.5
    assert abs(np.corrcoef(rough, np.roll(rough, 1))[0, 1]) < 0.02
    assert np.corrcoef(smooth, np.roll(smooth, 1))[0, 1] > 0.5
