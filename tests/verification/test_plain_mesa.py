"""The engine beside the same month written as ordinary Mesa objects: equal in distribution.

Two programs, written apart from one description, one with addressed luck and one with `model.random`. Each outcome's
mean over replicates is compared by Welch's test and, for those of the first world, its distribution by the test of
Kolmogorov and Smirnov. All tests together have a chance of ONE_IN of a false alarm (Bonferroni), were the luck drawn
anew; the seeds are fixed, so that a test that passes goes on passing. A difference of six tenths of a standard
deviation between replicates, in any outcome, would be found with a chance of about one in two.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats

from benchmarks.limit import LimitRun, compile_month
from benchmarks.plain_mesa.model import PlainModel
from benchmarks.plain_mesa.setting import read_setting
from benchmarks.worlds import world_of
from cosim.engine.kernels.month import count_at_start, live_months
from cosim.engine.logs import COUNTS
from cosim.engine.theory import pack_process
from cosim.parameters.settings import settings_dtype
from cosim.population.drawing import draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.scenario.model import Scenario
from cosim.vocabulary import ENDINGS, READINGS, SECTORS

ONE_IN = 200.0
WORLDS = {
    "one": (world_of(4000), 50),
    "three": (world_of((1500, 1200, 1800), roles=("experienced", "learner", "plain")), 48),
}
FOR_EACH_PLAIN = 5
PEOPLE = ("trust_0", "trust_1", "trust_2", "trust_3", "optimism", "identity", "fatigue", "seated")


def engine_run(scenario: Scenario, replicate: int) -> tuple[Any, Any]:
    """Return a world and its state after all months."""
    process = pack_process(compile_process(read_process(scenario.process)))
    peopled = draw_population(scenario, replicate)
    count_at_start(peopled.world, peopled.state)
    live_months(peopled.world, peopled.state, process, 0, scenario.months)
    return peopled.world, peopled.state


def engine_outcomes(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Return the outcomes of one run of the engine."""
    world, state = engine_run(scenario, replicate)
    months, towns = state.months, state.municipalities
    used = zip(world.places["log_first"], towns["arena_count"], strict=True)
    arenas = np.concatenate([state.arena_log[first : first + n] for first, n in used])
    used = zip(world.places["log_first"], towns["innovation_count"], strict=True)
    made = np.concatenate([state.innovation_log[first : first + n] for first, n in used])
    found = {name: float(months[name].sum()) for name in COUNTS}
    found |= {f"ended {ending}": float((arenas["ending"] == number).sum()) for number, ending in enumerate(ENDINGS)}
    found |= {f"members {sector}": float(months["members"][:, :, k].mean()) for k, sector in enumerate(SECTORS)}
    found |= {f"reading {name}": float(months["readings"][:, :, k].mean()) for k, name in enumerate(READINGS)}
    found |= {f"open {name}": float(months["readings_open"][:, :, k].mean()) for k, name in enumerate(READINGS[:8])}
    for name in ("active", "active_open", "units_innovating", "units_tried_only", "climate", "experience", "cost"):
        found[name] = float(months[name].mean())
    for column in ("seat_months", "joins", "leaves", "presence", "trust_gain", "understanding_gain", "cost", "votes"):
        if column in arenas.dtype.names:
            found[f"arena {column}"] = float(arenas[column].mean())
    found["months to delivery"] = float(made["months_taken"].mean()) if len(made) else np.nan
    for column in ("value", "quality", "efficiency", "staff_satisfaction", "citizen_influence"):
        found[f"made {column}"] = float(made[column].mean()) if len(made) else np.nan
    weights = state.people[-1, :, :, 0]
    for k, name in enumerate(PEOPLE):
        found[f"people {name}"] = float((state.people[-1, :, :, 1 + k] * weights).sum() / weights.sum())
        found[f"staff {name}"] = float((state.people[-1, :, 0, 1 + k] * weights[:, 0]).sum() / weights[:, 0].sum())
    sums = state.lagged.sum(axis=0)
    found["wins then trust"] = float(sums[25 + 6 * 5 + 1] / sums[0])
    return found


def plain_outcomes(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Return the same outcomes of one run of the plain model."""
    model = PlainModel(read_setting(scenario), replicate)
    for _month in range(scenario.months):
        model.step()
    rows = [row for month in model.month_rows for row in month]
    total: Counter[Any] = Counter()
    for row in rows:
        total.update({name: value for name, value in row.items() if isinstance(name, tuple) or name in COUNTS})
    found = {name: float(total[name]) for name in COUNTS}
    found |= {f"joined_{sector}": float(total["joined", k]) for k, sector in enumerate(SECTORS)}
    found |= {f"ended {ending}": float(total["ended", ending]) for ending in ENDINGS}
    found["delivered"] = float(total["ended", "delivered"])
    found |= {f"members {sector}": np.mean([row["members"][k] for row in rows]) for k, sector in enumerate(SECTORS)}
    found |= {f"reading {name}": np.mean([row["readings"][k] for row in rows]) for k, name in enumerate(READINGS)}
    found |= {f"open {name}": np.mean([row["readings_open"][k] for row in rows]) for k, name in enumerate(READINGS[:8])}
    for name in ("active", "active_open", "units_innovating", "units_tried_only", "climate", "experience", "cost"):
        found[name] = np.mean([row[name] for row in rows])
    for column in ("seat_months", "joins", "leaves", "presence", "trust_gain", "understanding_gain", "cost"):
        found[f"arena {column}"] = np.mean([row[column] for row in model.arena_rows])
    made = [innovation.row for town in model.municipalities for innovation in town.innovations]
    found["months to delivery"] = np.mean([row["months_taken"] for row in made]) if made else np.nan
    for column in ("value", "quality", "efficiency", "staff_satisfaction", "citizen_influence"):
        found[f"made {column}"] = np.mean([row[column] for row in made]) if made else np.nan
    people = [
        (row, n, sector)
        for town, means in zip(model.municipalities, model.people_rows[-1], strict=True)
        for sector, (row, n) in enumerate(zip(means, town.place.residents, strict=True))
    ]
    for name in PEOPLE:
        everybody = [(row[name] * n, n, sector) for row, n, sector in people]
        found[f"people {name}"] = sum(one[0] for one in everybody) / sum(one[1] for one in everybody)
        staff = [one for one in everybody if one[2] == 0]
        found[f"staff {name}"] = sum(one[0] for one in staff) / sum(one[1] for one in staff)
    found["wins then trust"] = np.mean([earlier[5] * now[1] for earlier, now in model.lagged])
    return {name: float(value) for name, value in found.items()}


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize("name", WORLDS)
def test_the_engine_and_plain_mesa_have_the_same_outcomes(name: str) -> None:
    """Every count, reading, ending, trait and cost has the same mean in both."""
    scenario, n_plain = WORLDS[name]
    plain = [plain_outcomes(scenario, replicate) for replicate in range(n_plain)]
    engine = [engine_outcomes(scenario, replicate) for replicate in range(n_plain * FOR_EACH_PLAIN)]
    assert plain[0].keys() == engine[0].keys()
    compared = {}
    for outcome in plain[0]:
        ours = np.array([run[outcome] for run in engine])
        theirs = np.array([run[outcome] for run in plain])
        ours, theirs = ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
        both = np.concatenate([ours, theirs])
        if np.ptp(both) < 1e-5 * max(abs(both.mean()), 1.0):
            continue
        compared[f"{outcome}: mean"] = float(stats.ttest_ind(ours, theirs, equal_var=False).pvalue)
        if name == "one":
            compared[f"{outcome}: distribution"] = float(stats.ks_2samp(ours, theirs).pvalue)
    allowed = 1.0 / ONE_IN / len(WORLDS) / len(compared)
    suspects = {test: p for test, p in compared.items() if p < allowed}
    assert not suspects, f"{len(compared)} tests, p below {allowed:.1e}: {suspects}"


@pytest.mark.slow
@pytest.mark.skipif(compile_month(settings_dtype()) is None, reason="there is no g++")
@pytest.mark.parametrize("name", WORLDS)
def test_the_limit_in_cpp_follows_the_engine(name: str) -> None:
    """With the same luck in 32-bit numbers, the C++ lives the same first year, and nearly the same five."""
    scenario, _ = WORLDS[name]
    process = pack_process(compile_process(read_process(scenario.process)))
    totals = []
    for replicate in range(4):
        _world, state = engine_run(scenario, replicate)
        peopled = draw_population(scenario, replicate)
        limit = LimitRun(peopled.world, peopled.state, process)
        limit.count_at_start()
        limit.live_months(0, scenario.months)
        limit.close()
        other = peopled.state
        for column in ("opened", "invited", "joined_civic", "present", "acts_good", "delivered", "active", "members"):
            np.testing.assert_array_equal(other.months[column][:12], state.months[column][:12], err_msg=column)
        np.testing.assert_allclose(other.months["readings"][:12], state.months["readings"][:12], atol=1e-4)
        np.testing.assert_allclose(other.months["cost"][:12], state.months["cost"][:12], rtol=1e-5)
        np.testing.assert_allclose(other.people[:2], state.people[:2], rtol=1e-4, atol=1e-5)
        totals.append([(run.months["seat_months"].sum(), run.months["delivered"].sum()) for run in (state, other)])
    ours, theirs = np.array(totals, float).sum(axis=0)
    np.testing.assert_allclose(theirs, ours, rtol=0.02, atol=2.0)
