"""Rival theories side by side: tables, levels, differences, elasticity, states of rest, a blow that is taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cosim.engine.logs import PEOPLE
from cosim.errors import StudyError
from cosim.measurement.observe import outcomes
from cosim.processes.catalogue import list_processes, read_process
from cosim.results.intervals import interval_of_mean
from cosim.results.runstore import RunStore
from cosim.run import prepare, run, run_prepared
from cosim.scenario.reading import read_scenario
from cosim.study.definition import Budget, Replicates, Study
from cosim.study.hysteresis import count_to_half, count_to_none, shock_rivals
from cosim.study.lives import live_rival, tell_order
from cosim.study.rivals import ELASTIC, compare_rivals, describe_rivals, tell_against_null, tell_elasticity, tell_signs
from cosim.study.shocks import Shock, run_healed, with_shock
from cosim.study.states import find_stable_states
from cosim.vocabulary import SECTORS

NAMES = ("staged", "additive", "regime")
SMALL = {"population.persons_per_actor": "20"}


def small_study(replicates: int = 3) -> Study:
    """Return a study of three theories in a small world, the null theory not the first."""
    scenario = read_scenario("reference", SMALL, months=30)
    theories = tuple((name, read_process(name)) for name in NAMES)
    outcome = ("innovations_per_unit_year",)
    rule = Replicates(replicates, replicates)
    return Study("try", "Try", "Prøv", "?", "?", (), (scenario,), theories, outcome, rule, Budget())


def test_tables_stand_side_by_side() -> None:
    """Coupling and tipping are those of the design note; what does not tip has no critical gain."""
    table = describe_rivals([(name, read_process(name)) for name in list_processes()]).set_index("process")
    assert list(table.index) == list(list_processes())
    assert table.loc["regime", "rho"] == pytest.approx(2.0)
    assert table.loc["small-wins-all", "critical_gain"] == pytest.approx(0.65, abs=0.005)
    assert np.isnan(table.loc["additive", "critical_gain"])
    assert table.loc["staged", "phases"] == 5
    assert table["stable_states"].to_dict() == dict.fromkeys(list_processes(), 1) | {"regime": 2}
    assert table["balancing_loops"].sum() == 0


@pytest.mark.parametrize("name", ["small-wins", "small-wins-all", "regime", "faith-risk"])
def test_a_second_state_appears_where_the_graph_tips(name: str) -> None:
    """Gain times weight of arrows a tenth below and a tenth above 1 / rho: one state of rest, then two that mirror."""
    model = read_process(name)
    tips = float(describe_rivals([(name, model)])["critical_gain"].iloc[0])
    below, above = (find_stable_states(model, times * tips, 1.0) for times in (0.9, 1.1))
    assert (below.n, above.n, below.all_rest, above.all_rest) == (1, 2, True, True)
    np.testing.assert_allclose(above.places[0] + above.places[1], 1.0, atol=1e-3)


def test_comparison_meets_the_same_runs(tmp_path: Path) -> None:
    """What the frames say is what single runs of the same people and luck say; the null theory comes first."""
    study = small_study()
    found = compare_rivals(study, RunStore(tmp_path / "store", create=True))
    assert found.names == ("additive", "staged", "regime")
    assert found.null == "additive"
    by_hand = {
        name: [outcomes(run(study.baseline, replicate, process=name)) for replicate in range(3)] for name in NAMES
    }
    rows = found.rivals.set_index(["process", "quantity"])
    against = found.differences.set_index(["process", "quantity"])
    for name in NAMES:
        mean = np.mean([one["delivery_months"] for one in by_hand[name]])
        assert rows.loc[(name, "delivery_months"), "mean"] == pytest.approx(mean)
    paired = [
        one["delivery_months"] - null["delivery_months"]
        for one, null in zip(by_hand["staged"], by_hand["additive"], strict=True)
    ]
    assert against.loc[("staged", "delivery_months"), "mean"] == pytest.approx(np.mean(paired))
    assert against.loc[("staged", "delivery_months"), "low"] == pytest.approx(interval_of_mean(paired).low)
    assert set(found.differences["sign"]) == {"too few runs"}
    assert len(found.elasticity) == len(NAMES) * 4 * len(ELASTIC)
    assert set(found.rivals.columns) >= {"process", "quantity", "unit", "mean", "low", "high"}


def test_elasticity_is_reckoned_by_head() -> None:
    """Twice the outcome at the high end under one theory and as much under the null: shares 1 and 0, beyond 1."""
    base = np.full((2, 4, 3), 10.0)
    ends = np.full((2, 1, 2, 4, 3), 10.0)
    ends[1, 0, 0], ends[1, 0, 1] = 5.0, 15.0
    table = tell_elasticity(["null", "other"], [("people.trust", 0.3, 0.7)], list(ELASTIC), base, ends)
    table = table[table["quantity"] == ELASTIC[0]].set_index("process")
    assert table["mean"].to_dict() == {"null": 0.0, "other": 1.0}
    assert table.loc["other", "beyond_null"] == 1.0


def test_undefined_pairs_are_left_out_and_counted() -> None:
    """A pair in which one side is not defined is in neither the mean nor the null's level."""
    values = np.array([[[1.0], [2.0], [np.nan]], [[2.0], [4.0], [9.0]]])
    row = tell_against_null(["null", "other"], ["delivery_months"], values).iloc[0]
    assert (row["mean"], row["null_mean"], row["n"], row["undefined"], row["share_mean"]) == (1.5, 1.5, 2, 1, 1.0)


def test_signs_share_the_error_as_holm_has_it() -> None:
    """Two of three differences of 40 pairs: the smallest must pass a third of the error, the next a half."""
    rng = np.random.default_rng(3)
    samples = [rng.standard_normal(40) + shift for shift in (0.55, -0.3, 0.02)]
    chances = np.array([stats.ttest_1samp(one, 0.0).pvalue for one in samples])
    order = np.argsort(chances)
    passed, still = np.zeros(3, bool), True
    for place, at in enumerate(order):
        still = bool(still and chances[at] <= 0.05 / (3 - place))
        passed[at] = still
    words = tell_signs([interval_of_mean(one) for one in samples])
    told = [
        ("more" if one.mean() > 0 else "less") if ok else "cannot tell" for one, ok in zip(samples, passed, strict=True)
    ]
    assert words == told


def test_months_until_half_is_gone() -> None:
    """The last month above half counts, not the first below; a gap that stays is never gone."""
    assert count_to_half(np.array([0.0, 0.0, -1.0, -0.4, -0.6, -0.4]), 2) == 3.0
    assert count_to_half(np.full(5, -1.0), 0) == np.inf
    assert count_to_half(np.zeros(5), 0) == 0.0
    gap = np.array([[0.0, 0.0, 0.0]] * 2 + [[-1.0, -2.0, -0.5]] * 3 + [[-0.1, -0.3, 0.1]] * 6)
    assert count_to_none(gap, 2, 2) == 3.0
    assert count_to_none(gap[:-1], 2, 2) == np.inf


@pytest.mark.parametrize("meets", ["true", "false"])
def test_a_blow_taken_back_leaves_no_trace_where_nothing_follows_trust(meets: str) -> None:
    """Where neither joining, talking nor moving on asks for trust, the run is to rounding the one without the blow:
    what members forgot of it, and who had sat in an arena for how long, is kept track of.
    """
    blind = dict.fromkeys(("join.trust", "talk.trust", "talk.commitment", "leave.commitment", "framing.trust"), "0")
    still = dict.fromkeys(("month.search", "month.advance", "month.learn", "month.leave"), "false") | {
        "month.meet": meets
    }
    scenario = read_scenario("reference", SMALL | blind | still, months=24)
    shock = Shock(month=6, removed=15, after=0)
    calm = run(scenario, 1)
    hit = prepare(with_shock(scenario, shock), read_process(scenario.process))
    healed, stays = run_healed(hit, 1, shock), run_prepared(hit, 1)
    trust = [PEOPLE.index(f"trust_{sector}") for sector in SECTORS]
    assert calm.month_table["seat_months"].sum() > 0
    assert np.abs(stays.people - calm.people)[-1, ..., trust].max() > 0.1
    np.testing.assert_allclose(healed.people[-1][..., trust], calm.people[-1][..., trust], atol=1e-5)


def test_without_acts_nothing_is_taken() -> None:
    """The run that is lived step by step, with a blow of nothing, has the bits of the one lived in one go."""
    scenario = replace(read_scenario("reference", SMALL, months=12), survey_months=())
    prepared = prepare(scenario, read_process("regime"))
    healed = run_healed(prepared, 2, Shock(acts=0.0, month=3, removed=7))
    assert healed.same_as(run_prepared(prepared, 2))


def test_recovery_is_paired_and_tidy() -> None:
    """Before the blow there is no difference at all; it strikes in its month; what is taken back comes back."""
    scenario = read_scenario("reference", SMALL, months=28)
    theories = [(name, read_process(name)) for name in ("additive", "regime")]
    shock = Shock(month=6, removed=10, after=4)
    found = shock_rivals(scenario, theories, shock, replicates=4)
    path = found.recovery[found.recovery["process"] == "regime"].set_index("month")
    assert list(found.recovery.columns) == ["process", "month", "mean", "low", "high"]
    assert (path.loc[:5, "mean"] == 0.0).all()
    assert path.loc[6, "high"] < -0.1
    assert abs(path.loc[12, "mean"]) < 0.5 * abs(path.loc[9, "mean"])
    row = found.indices.set_index("process").loc["regime"]
    assert row["back"] <= 2.0
    assert row["deepest_low"] <= row["deepest"] <= row["deepest_high"] < 0.0
    assert found.indices["beyond_null"].iloc[0] == 0.0
    assert set(found.gaps["blow"]) == {"stays", "removed"}
    assert {"delivered", "optimism"} <= set(found.paths["quantity"])


def test_order_turns_round_with_its_pair() -> None:
    """How far one construct is ahead of another is how far the other is behind."""
    prepared = prepare(read_scenario("reference", SMALL, months=24), read_process("additive"))
    table = tell_order([live_rival("additive", lambda luck: run_prepared(prepared, luck), range(3))])
    ahead = table.pivot(index="first", columns="then", values="ahead")
    pd.testing.assert_frame_equal(ahead, -ahead.T, check_names=False)


def test_a_run_too_short_is_refused() -> None:
    """The letter says how many months it takes."""
    with pytest.raises(StudyError, match="60 or more"):
        shock_rivals(read_scenario("reference", months=24), [("additive", read_process("additive"))])
