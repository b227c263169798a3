"""Plans: how many runs a precision takes, what data would decide, what they cost, and the words for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cosim.errors import StudyError
from cosim.study.planner import (
    Prices,
    look_at_precision,
    noise_of,
    plan_data,
    plan_precision,
    respondents_for,
)
from cosim.study.separability import Separability


def found_of(rows: list[tuple[str, int, int, float, float]], apart: float = 0.9) -> Separability:
    """Return what separability would say: (seen, arenas, waves, noise, accuracy), half intervals of 0.02."""
    table = pd.DataFrame(
        [
            {"seen": seen, "arenas": arenas, "waves": waves, "noise": noise, "accuracy": accuracy,
             "low": accuracy - 0.02, "high": accuracy + 0.02, "chance": 0.5, "worst": "b",
             "worst_accuracy": accuracy - 0.1, "worst_low": accuracy - 0.15, "worst_high": accuracy - 0.05}
            for seen, arenas, waves, noise, accuracy in rows
        ]
    )  # fmt: skip
    pairs = table[["seen", "arenas", "waves", "noise"]].assign(
        one="a", other="b", accuracy=apart, low=apart - 0.05, high=apart + 0.05, told_apart=apart - 0.05 > 0.5
    )
    return Separability(("a", "b"), 10, table, pd.DataFrame(), pairs)


def test_cheapest_design_that_surely_reaches_is_chosen() -> None:
    """A design whose interval still holds less than was wanted does not count, however cheap."""
    found = found_of([("people", 20, 2, 0.05, 0.86), ("people", 40, 2, 0.15, 0.88), ("people", 40, 3, 0.05, 0.95)])
    plan = plan_data(found, wanted=0.85)
    assert plan.cheapest is not None
    assert (plan.cheapest["arenas"], plan.cheapest["waves"], plan.cheapest["respondents"]) == (40, 2, 2.0)
    assert plan.words[0].startswith("The cheapest data tried that decide are 40 arenas in 2 waves")
    assert plan.options["cost"].is_monotonic_increasing
    assert "Two pilot municipalities cannot decide" in " ".join(plan.words)


def test_cost_is_reckoned_by_head() -> None:
    """Two municipalities, 20 arenas, two waves of two answers each."""
    plan = plan_data(found_of([("people", 20, 2, 0.15, 0.9)]), prices=Prices(1000.0, 100.0, 10.0, 1.0))
    assert plan.options["cost"].tolist() == [2 * 1000.0 + 20 * (100.0 + 2 * (10.0 + 2 * 1.0))]


def test_when_nothing_decides_it_says_so_and_names_who_is_alike() -> None:
    """No design is chosen; pairs no better than guessing are named, and so is what better instruments would do."""
    found = found_of(
        [("people", 20, 0, 0.05, 0.5), ("people", 20, 2, 0.05, 0.52), ("constructs", 20, 2, 0.05, 0.97)], 0.5
    )
    plan = plan_data(found)
    told = " ".join(plan.words)
    assert plan.cheapest is None
    assert told.startswith("None of the 2 designs tried")
    assert "a from b" in told
    assert "would decide: with 20 arenas" in told
    assert plan.alike[["one", "other"]].to_numpy().tolist() == [["a", "b"]]


def test_a_design_that_nobody_can_ask_for_is_never_chosen() -> None:
    """An error smaller than all members' answers leave cannot be bought."""
    plan = plan_data(found_of([("people", 20, 2, 0.001, 0.99)]))
    assert np.isinf(plan.options["cost"].iloc[0])
    assert np.isnan(plan.options["respondents"].iloc[0])
    assert plan.cheapest is None


def test_error_of_an_arenas_mean_is_what_sampling_gives() -> None:
    """Null: simulated errors have the reckoned variance; refused by chi-square about once in a thousand."""
    rng = np.random.default_rng(5)
    held = rng.standard_normal((20_000, 16)) * 0.15
    ticked = held[:, :4] + 0.15 * rng.standard_normal((20_000, 4))
    errors = ticked.mean(axis=1) - held.mean(axis=1)
    statistic = float((errors**2).sum()) / noise_of(4) ** 2
    assert 0.0005 < stats.chi2.cdf(statistic, 20_000) < 0.9995
    assert respondents_for(noise_of(4)) == 4


def test_precision_needed_covers_the_truth() -> None:
    """Null: the interval of the needed number holds the true one in 95 of 100 pilots.

    400 pilots of 10; refused when coverage is further than 4 standard errors away, about once in 16,000.
    """
    rng = np.random.default_rng(8)
    true = float(plan_precision({"paired": 1.0}, 10, 0.2, 1.0)["n"].iloc[0])
    held = 0
    for _pilot in range(400):
        row = plan_precision({"paired": float(rng.standard_normal(10).std(ddof=1))}, 10, 0.2, 1.0).iloc[0]
        held += row["n_low"] <= true <= row["n_high"]
    assert abs(held / 400 - 0.95) < 4.0 * np.sqrt(0.95 * 0.05 / 400)


def test_hours_follow_runs_and_workers() -> None:
    """A level takes one run a replicate and a difference two; twice the workers take half the time."""
    plan = plan_precision({"mean": 1.0, "paired": 1.0}, 20, 0.5, 100.0).set_index("kind")
    assert plan["runs"].to_dict() == {"mean": 18.0, "paired": 36.0}
    assert plan.loc["paired", "hours"] == pytest.approx(1.0)
    assert plan_precision({"paired": 1.0}, 20, 0.5, 100.0, workers=2)["hours"].iloc[0] == pytest.approx(0.5)


def test_reached_or_how_many_more() -> None:
    """After as many replicates as it says, an interval of the same spread is narrow enough."""
    values = np.random.default_rng(1).standard_normal(30)
    first = look_at_precision(values, 0.2)
    assert not first.is_reached
    more = look_at_precision(np.resize(values, 30 + int(first.more)), 0.21)
    assert more.is_reached
    assert "reached" in more.words
    assert look_at_precision(values[:1], 0.2).n == 1


@pytest.mark.parametrize(
    ("sds", "pilots", "half", "said"),
    [({"paired": -1.0}, 5, 0.1, "sd"), ({"other": 1.0}, 5, 0.1, "kind"), ({"mean": 1.0}, 1, 0.0, "half")],
)
def test_nonsense_is_refused(sds: dict[str, float], pilots: int, half: float, said: str) -> None:
    """Every complaint comes in one letter."""
    with pytest.raises(StudyError, match=said):
        plan_precision(sds, pilots, half, 1.0)


def test_a_plan_needs_what_a_questionnaire_sees() -> None:
    """Without a design of what members hold there is nothing to plan from."""
    with pytest.raises(StudyError, match="seen"):
        plan_data(found_of([("constructs", 20, 2, 0.05, 0.9)]))
