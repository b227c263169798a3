"""The survey recovers what it was given, and errs by as much as its size, its scale and its silent ones say."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from cosim.engine import address
from cosim.measurement.instrument import read_instrument
from cosim.measurement.scales import (
    correlate_scales,
    measure_alpha,
    read_scales,
    score_construct,
    score_items,
)
from cosim.measurement.survey import PeopleColumns, choose_people, hold_constructs, take_survey
from cosim.vocabulary import SECTORS
from tests.verification.figures import BLUE, COLOURS, label, new_figure, save

Array = np.ndarray[Any, Any]

LUCK: Final = np.uint64(address.luck_of_run(7, 0))
SPREAD: Final = 0.15
EXACT: Final = {
    "survey.asked_per_sector": 10.0**9,
    "survey.answer_base": 40.0,
    "survey.answer_trust": 0.0,
    "survey.item_error": 0.0,
    "survey.points": 101.0,
}
"""Everybody is asked and answers without error on a scale of 101."""
REAL: Final = {
    "survey.asked_per_sector": 50.0,
    "survey.answer_base": 0.0,
    "survey.answer_trust": 0.5,
    "survey.item_error": 0.15,
    "survey.points": 5.0,
}
"""The defaults: of fifty asked about half answer, with half a point of error on a scale of five."""


def make_people(n_per_sector: int, municipalities: int = 1, *, codes: Array | None = None) -> PeopleColumns:
    """Return people whose trust differs by sector and person, with traits cut to 0.02..0.98."""
    luck = np.random.default_rng(20200101)
    n = n_per_sector * len(SECTORS) * municipalities
    sector = np.tile(np.repeat(np.arange(len(SECTORS)), n_per_sector), municipalities)
    bent = luck.normal(0.0, 0.8 * SPREAD, n)[:, None]
    trust = 0.55 + 0.05 * sector[:, None] + bent + luck.normal(0.0, 0.6 * SPREAD, (n, len(SECTORS)))
    return PeopleColumns(
        municipality=np.repeat(np.arange(municipalities), n // municipalities),
        sector=sector,
        age=luck.integers(0, 5, n),
        trust=np.clip(trust, 0.02, 0.98),
        optimism=np.clip(luck.normal(0.55, SPREAD, n), 0.02, 0.98),
        identity=np.clip(luck.normal(0.72, SPREAD, n), 0.02, 0.98),
        fatigue=np.clip(luck.exponential(0.1, n), 0.0, 1.0),
        climate=np.linspace(0.4, 0.6, municipalities),
        codes=codes,
    )


def true_means(people: PeopleColumns) -> dict[str, Array]:
    """Return the mean of every construct in each sector, [sector] each."""
    held = hold_constructs(people, np.arange(len(people.sector)))
    n = np.bincount(people.sector)
    return {name: np.bincount(people.sector, values) / n for name, values in held.items()}


def seen_means(people: PeopleColumns, month: int, settings: dict[str, float]) -> dict[str, Array]:
    """Return what a survey sees of every construct in each sector, [sector] each; NaN where it is not asked."""
    answers = take_survey(people, month, LUCK, settings)
    found = {}
    for one in read_instrument().constructs:
        scores = score_construct(answers, one.key)
        known = ~np.isnan(scores)
        n = np.bincount(answers["sector"][known], minlength=len(SECTORS)).astype(np.float64)
        total = np.bincount(answers["sector"][known], scores[known], minlength=len(SECTORS))
        found[one.key] = np.where(n > 0, total / np.maximum(n, 1.0), np.nan)
    return found


def test_a_census_without_error_finds_the_truth() -> None:
    """Everybody, no error, 101 points: what is left is rounding, at most half a point and far less on average."""
    people = make_people(5000)
    truth, seen = true_means(people), seen_means(people, 0, EXACT)
    assert set(truth) == set(seen)
    table = read_scales(take_survey(people, 0, LUCK, EXACT)).set_index(["construct", "sector"])
    for (name, sector), row in table.iterrows():
        assert row["mean"] == pytest.approx(seen[name][SECTORS.index(sector)], abs=1e-12)
        assert row["asked"] == row["answered"] == 5000
    for name, values in seen.items():
        asked = ~np.isnan(values)
        assert asked.sum() == (1 if name == "climate" else 4)
        assert values[asked] == pytest.approx(truth[name][asked], abs=0.0005 if name != "climate" else 0.005)


def test_the_sample_is_the_one_that_slots_give_one_by_one() -> None:
    """The smallest draws of each sector are asked, found here person by person."""
    people = make_people(30, 2)
    luck = int(address.luck_of(LUCK, 5, address.SURVEY_ASKED))
    chosen, groups, numbers = choose_people(people, 7, luck)
    expected = []
    for group in range(8):
        members = np.flatnonzero(people.municipality * 4 + people.sector == group)
        draws = [address.draw(np.uint64(luck), (group << 26) + number) for number in range(len(members))]
        expected += sorted(members[np.argsort(draws)[:7]].tolist())
    assert chosen.tolist() == expected
    assert groups.tolist() == np.repeat(np.arange(8), 7).tolist()
    assert (people.municipality[chosen] * 4 + people.sector[chosen]).tolist() == groups.tolist()
    mixed = np.random.default_rng(1).permutation(240)
    shuffled = PeopleColumns(*(column[mixed] for column in people[:7]), climate=people.climate)
    assert set(shuffled.sector[choose_people(shuffled, 7, luck)[0]]) == {0, 1, 2, 3}
    assert len(choose_people(people, 100, luck)[0]) == 240
    assert len(choose_people(people, 0, luck)[0]) == 0
    nobody = PeopleColumns(*(column[:0] for column in people[:7]), climate=people.climate)
    assert len(take_survey(nobody, 0, LUCK, REAL)) == 0
    assert set(choose_people(people, 6, luck)[0]) < set(chosen)
    assert numbers.max() < 30


def test_answers_do_not_depend_on_the_company() -> None:
    """With its code told, a municipality answers the same alone as among others; the order of rows is the people's."""
    both = make_people(60, 2, codes=np.array([4649, 3203]))
    alone = PeopleColumns(
        *(column[240:] for column in both[:7]), climate=both.climate[1:], codes=np.array([3203])
    )._replace(municipality=np.zeros(240, np.int64))
    together, single = take_survey(both, 3, LUCK, REAL), take_survey(alone, 3, LUCK, REAL)
    shared = together[together["municipality"] == 1]
    shared["municipality"] = 0
    assert shared.tobytes() == single.tobytes()


def test_everybody_is_asked_equally_often() -> None:
    """50 of 200, 400 times: each about 100 times; chi-squared over 199 degrees within five deviations of its mean."""
    people = make_people(200)
    counts = np.zeros(800)
    for month in range(400):
        np.add.at(
            counts,
            choose_people(people, 50, int(address.luck_of(LUCK, month, address.SURVEY_ASKED)))[0],
            1,
        )
    for sector in range(4):
        own = counts[people.sector == sector]
        assert own.sum() == 400 * 50
        # Drawn without replacement, so the variance is 3/4 of the binomial's.
        chi = float(((own - 100.0) ** 2).sum()) / (100.0 * 0.75)
        assert abs(chi - 199.0) < 5.0 * math.sqrt(2 * 199.0)


def test_the_trusting_answer_more_by_as_much_as_told() -> None:
    """The share that answers, and the trust seen among them, are what the logistic rule makes of the people."""
    people = make_people(20_000)
    settings = EXACT | {"survey.answer_base": -0.5, "survey.answer_trust": 1.5}
    answers = take_survey(people, 0, LUCK, settings)
    trust = people.trust.mean(axis=1)
    chance = 1.0 / (1.0 + np.exp(0.5 - 1.5 * (2.0 * trust - 1.0)))
    error = math.sqrt(float((chance * (1.0 - chance)).sum())) / len(chance)
    assert abs(answers["answered"].mean() - chance.mean()) < 4.0 * error
    seen = np.nanmean(score_construct(answers, "general_trust"))
    expected = float((chance * trust).sum() / chance.sum())
    assert expected - trust.mean() > 0.01
    assert seen == pytest.approx(expected, abs=0.002)


def test_reliability_is_what_error_and_spread_make_it() -> None:
    """Alpha of k items is k s2 / (k s2 + e2); correlations are given back what error took."""
    people = make_people(20_000)
    answers = take_survey(people, 0, LUCK, EXACT | {"survey.item_error": 0.1})
    spread = float(people.optimism.var())
    alpha = measure_alpha(score_items(answers, read_instrument().items_of("optimism")))
    assert alpha == pytest.approx(3 * spread / (3 * spread + 0.01), abs=0.01)
    pairs = correlate_scales(answers).set_index(["construct", "other"])
    row = pairs.loc[("trust_public", "trust_civic")]
    true = float(np.corrcoef(people.trust[:, 0], people.trust[:, 2])[0, 1])
    assert row["correlation"] < true - 0.05
    assert row["corrected"] == pytest.approx(true, abs=0.02)


STEPS: Final = {
    "sampling": EXACT | {"survey.asked_per_sector": 50.0},
    "+ non-response": EXACT | {"survey.asked_per_sector": 50.0, "survey.answer_base": 0.0, "survey.answer_trust": 0.5},
    "+ item error": REAL | {"survey.points": 101.0},
    "+ five boxes": REAL,
}
"""What a real survey adds to a perfect one, step by step."""


@pytest.mark.slow
@pytest.mark.statistical
def test_how_much_fifty_a_sector_can_tell() -> None:
    """300 surveys of 50 a sector out of 2,000: bias and root mean square error of a sector's mean, step by step.

    Bars, each with a chance of a false alarm below one in a thousand: sampling alone errs by the finite-population
    formula within 6 per cent (four times the error of a standard deviation from 300 x 4 surveys); half answering lifts
    it by about the root of two; the trusting answer more, so trust is seen too high by 0.002 to 0.01; no step moves
    the mean of another trait by more than 0.01, but for fatigue, which lies at the end of its scale and is pushed up.
    """
    people = make_people(2000)
    truth = true_means(people)
    names = ("trust_public", "trust_civic", "general_trust", "identity", "optimism", "fatigue")
    found = {step: [seen_means(people, month, settings) for month in range(300)] for step, settings in STEPS.items()}
    errors = {
        (step, name): np.array([seen[name] - truth[name] for seen in surveys])
        for step, surveys in found.items()
        for name in names
    }
    bias = pd.DataFrame({s: {n: errors[s, n].mean() for n in names} for s in STEPS})
    rmse = pd.DataFrame({s: {n: math.sqrt((errors[s, n] ** 2).mean()) for n in names} for s in STEPS})
    figure, (left, right) = new_figure(2)
    places = np.arange(len(names))
    for number, step in enumerate(STEPS):
        left.bar(places + 0.2 * (number - 1.5), rmse[step], 0.2, color=COLOURS[number], label=step)
        right.bar(places + 0.2 * (number - 1.5), bias[step], 0.2, color=COLOURS[number], label=step)
    for panel in (left, right):
        panel.set_xticks(places, [name.replace("_", "\n") for name in names], fontsize=8)
    label(left, "How far a sector's mean is off", "", "root mean square error [score 0..1]", legend=False)
    label(right, "Which way it is off", "", "bias [score 0..1]")
    right.axhline(0.0, color=BLUE, linewidth=0.8)
    told = [
        f"{name}: RMSE " + ", ".join(f"{step} {rmse.loc[name, step]:.4f}" for step in STEPS)
        + "; bias " + ", ".join(f"{bias.loc[name, step]:+.4f}" for step in STEPS)
        for name in names
    ]  # fmt: skip
    save(figure, "survey", ["50 asked of 2,000 in each sector, 300 surveys; defaults at the last step.", *told])
    for name in names:
        within = np.mean([_variance(people, name, sector) for sector in range(4)])
        expected = math.sqrt(within / 50 * (1 - 50 / 2000))
        assert rmse.loc[name, "sampling"] == pytest.approx(expected, rel=0.06)
        assert 1.25 < rmse.loc[name, "+ non-response"] / rmse.loc[name, "sampling"] < 1.6
        assert rmse.loc[name, "+ item error"] > rmse.loc[name, "+ non-response"]
        if name != "fatigue":
            assert bias.loc[name].abs().max() < 0.01
    assert 0.002 < bias.loc["general_trust", "+ non-response"] < 0.01
    assert abs(bias.loc["identity", "+ non-response"]) < 0.004
    assert 0.01 < bias.loc["fatigue", "+ five boxes"] < 0.06


def _variance(people: PeopleColumns, name: str, sector: int) -> float:
    """Return the variance of a construct among the people of a sector."""
    values = hold_constructs(people, np.flatnonzero(people.sector == sector))[name]
    return float(values.var(ddof=1))
