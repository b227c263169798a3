"""Measures of records small enough to be worked out in the head, and what is not defined said to be so."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.engine.logs import N_LAGGED
from cosim.errors import CosimError
from cosim.evidence.targets import read_targets
from cosim.measurement.dynamics import (
    correlate_lagged,
    measure_hysteresis,
    measure_peaks,
    measure_recovery,
    read_series,
)
from cosim.measurement.factors import read_trait, read_trust_map, read_trust_maps
from cosim.measurement.level import measure_level, measure_rung, measure_steps, name_rung
from cosim.measurement.observe import (
    OUTCOMES,
    outcome_table,
    outcomes,
    outcomes_by_municipality,
    paired_difference,
    summarise,
)
from cosim.measurement.participation import read_adult_ages, represent_ages, represent_sectors
from cosim.measurement.quality import QUALITIES, measure_quality
from cosim.measurement.results import count_abandonment
from cosim.measurement.shares import measure_gini
from cosim.measurement.slices import find_newest, take_municipality
from cosim.measurement.tables import arena_table, column_notes, empty_record, tables_of
from cosim.results.record import FailedRun
from cosim.vocabulary import ENDINGS, SECTORS, VALUE_KINDS
from tests.unit.record_maker import EVERYBODY, PUBLIC_ONLY, make_arenas, make_record

ALONE: dict[str, Any] = {
    "invited": PUBLIC_ONLY,
    "power_share": 0.0,
    "members": (4, 0, 0, 0),
    "first_phase": (0, -1, -1, -1),
    "proposals": (3, 0, 0, 0),
}
NOBODY: dict[str, Any] = {
    "members": (0, 0, 0, 0),
    "first_phase": (-1, -1, -1, -1),
    "proposals": (0, 0, 0, 0),
    "ages": (0, 0, 0, 0, 0),
    "months_met": 0,
    "acts": 0,
    "decided": 0,
    "wins_first_month": -1,
    "ending": ENDINGS.index("emptied"),
}


@pytest.mark.parametrize(
    ("arena", "steps", "level", "rung"),
    [
        ({}, (1, 1, 1, 0.5), 0.875, 5),
        ({"power_share": 0.25}, (1, 1, 1, 0.25), 0.8125, 4),
        ({"decided": 0}, (1, 1, 1, 0), 0.75, 4),
        ({"proposals": (9, 1, 1, 1)}, (1, 1, 1 / 3, 1 / 3), 2 / 3, 3),  # a quarter, where equal voice is 3/4
        ({"proposals": (0, 0, 0, 0)}, (1, 1, 0, 0), 0.5, 3),
        ({"first_phase": (0, 3, 2, -1), "proposals": (4, 4, 4, 0)}, (1, 1, 0.5, 0.5), 0.75, 5),
        ({"first_phase": (0, 3, -1, -1), "last_phase": 1}, (1, 1, 0.25, 0.25), 0.625, 3),
        ({"acts": 0}, (1, 0, 0, 0), 0.25, 2),
        ({"first_phase": (-1, -1, 0, -1)}, (1, 0, 0, 0), 0.25, 2),
        (ALONE, (0, 0, 0, 0), 0.0, 1),
    ],
)
def test_the_ladder_is_climbed_from_below(
    arena: dict[str, Any], steps: tuple[float, ...], level: float, rung: int
) -> None:
    """Each step is what it says, cut to the one below."""
    arenas = make_arenas(arena)
    assert measure_steps(arenas)[0] == pytest.approx(steps)
    assert measure_level(arenas)[0] == pytest.approx(level)
    assert measure_rung(arenas)[0] == rung


def test_nobody_has_no_level_and_no_quality() -> None:
    """What nobody was in is not at the lowest rung; it is nowhere."""
    arenas = make_arenas(NOBODY)
    assert np.isnan(measure_level(arenas)).all()
    assert np.isnan(measure_rung(arenas)).all()
    assert name_rung(float(measure_rung(arenas)[0])) == ""
    quality = measure_quality(arenas)
    assert {name for name, value in quality.items() if math.isnan(value[0])} == {
        *QUALITIES,
        "quality",
    } - {"influence"}
    assert quality["influence"][0] == 0.0  # no decision, hence no influence on one: a true zero


def test_quality_of_the_usual_arena() -> None:
    """Sectors are even; ages are (4, 4, 4, 2, 2); engagement and good acts are a half each; gains are a quarter."""
    quality = {name: float(value[0]) for name, value in measure_quality(make_arenas({})).items()}
    parts = np.array([4, 4, 4, 2, 2]) / 16
    evenness = -(parts * np.log(parts)).sum() / math.log(5)
    assert quality["inclusion"] == pytest.approx((1.0 + evenness) / 2)
    assert quality["dialogue"] == pytest.approx(0.5)
    assert quality["shared_understanding"] == 0.75
    assert quality["influence"] == pytest.approx(math.sqrt(0.75 * 0.5))
    assert quality["learning"] == pytest.approx(0.5 + 0.125)
    assert quality["quality"] == pytest.approx(np.mean([quality[name] for name in QUALITIES]))


RUN_OF_TWO: dict[str, Any] = {
    "arenas": [
        {"host": 1, "municipality": 0},
        {
            "host": 2,
            "municipality": 0,
            "ending": ENDINGS.index("cost"),
            "last_phase": 0,
            "wins_first_month": -1,
        },
        {"host": 1, "municipality": 1, "opened": 10, "closed": 13},
        {"host": 3, "municipality": 1, "ending": ENDINGS.index("running"), "closed": 24, "scheduled": 1},
        {"host": 5, "municipality": 1, **ALONE},
    ],
    "innovations": [
        {"host": 1, "arena_row": 0, "shared": 1, "quality": 1, "efficiency": 1, "value": 0.25},
        {
            **{"host": 1, "arena_row": 2, "municipality": 1, "month": 13, "months_taken": 4, "value": 0.75},
            **{"members": (4, 0, 2, 0), "quality": 1},
        },
        {"host": 5, "arena_row": 4, "municipality": 1, **{k: ALONE[k] for k in ("invited", "members")}},
    ],
    "municipalities": ("stad", "asker"),
    "adopted": [[-1, 11], [-1, -1], [12, -1]],
    "month": {
        "opened": 1,
        "cost": 1000.0,
        "reused": 1,
        "seat_months": 10,
        "left": 1,
        "invited": 4,
        "joined_civic": 1,
    },
}


def test_results_of_a_run_by_head() -> None:
    """Two municipalities, two years, ten units each: forty unit-years, three innovations, one abandoned."""
    found = outcomes(make_record(**RUN_OF_TWO))
    expected = {
        "innovations": 3.0,
        "innovations_per_unit_year": 3 / 40,
        "innovations_per_municipality_year": 3 / 4,
        "innovations_per_arena": 3 / 48,
        "units_with_innovation": 0.5,
        "started_not_finished": 0.4,
        "delivery_months": 8.0,
        "delivery_cv": math.sqrt(12) / 8,
        "abandoned": 1 / 4,
        "abandoned_cost": 1.0,
        "abandoned_policy": 0.0,
        "abandoned_first_phase": 1.0,
        "solution_quality": 0.5,
        "open_innovations": 2 / 3,
        # the newest of host 1 is that of month 13, so stad's own is not asked about
        "partner_own_units": 0.0,
        "partner_firms": 0.0,
        "partner_citizens": 0.5,
        "partner_research": 0.0,
        "value_quality": 0.5,
        "value_several_kinds": 0.0,
        "adoptions_per_innovation": 2 / 3,
        "adopted_elsewhere": 2 / 3,
        "reuse_per_unit_year": 48 / 40,
        "cost": 48000.0,
        "cost_per_innovation": 16000.0,
        "cost_per_value": 32000.0,
        "first_win_month": 2.0,
        "arenas_with_win": 4 / 5,
        "joint_arenas": 1.0,
        "seated": 480 / (200 * 24),
        "accepted": 0.25,
        "attendance": 0.75,
        "dropout": 0.1,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    table = count_abandonment(make_record(**RUN_OF_TWO))
    assert table.loc[1, "cost"] == 1
    assert table.to_numpy().sum() == 1
    assert list(table.index) == [1, 2, 3, 4]


def test_the_part_of_one_municipality_is_a_record_of_its_own() -> None:
    """Rows point at the same arenas as before, and every outcome can be taken of it."""
    record = make_record(**RUN_OF_TWO)
    part = take_municipality(record, "asker")
    assert len(part.arenas) == 3
    assert list(part.innovations["arena_row"]) == [0, 2]
    assert part.arenas[part.innovations["arena_row"]]["host"].tolist() == [1, 5]
    table = outcomes_by_municipality(record)
    assert list(table.index) == ["stad", "asker"]
    assert table.loc["stad", "innovations"] == 1
    assert table.loc["asker", "adopted_elsewhere"] == 0.5
    assert table.loc["stad", "adoptions_per_innovation"] == 1.0
    assert record.arenas["municipality"].tolist() == [0, 0, 1, 1, 1]
    with pytest.raises(CosimError, match="did you mean 'asker'"):
        take_municipality(record, "askr")


def test_the_newest_innovation_of_each_unit_is_asked_about() -> None:
    """Scheduled arenas are no unit, and what is older than two years is not asked about."""
    arenas = [{"host": 1}, {"host": 1}, {"host": 2}, {"host": 3, "scheduled": 1}, {"host": 4}]
    innovations = [
        {"host": host, "arena_row": row, "month": month}
        for row, (host, month) in enumerate([(1, 30), (1, 35), (2, 12), (3, 33), (4, 11)])
    ]
    record = make_record(arenas, innovations, months=36)
    assert find_newest(record).tolist() == [1, 2]


UNDEFINED_WHEN_EMPTY = {
    name
    for name in OUTCOMES
    if name.startswith(("delivery", "partner", "value", "representation", "gini", "members", "abandoned"))
}


@pytest.mark.parametrize("municipalities", [("stad",), ("stad", "asker"), ()])
def test_a_run_in_which_nothing_happened(municipalities: tuple[str, ...]) -> None:
    """No arena and no innovation: counts are 0, and what has no whole is NaN and no warning."""
    record = make_record(municipalities=municipalities, month={"opened": 0}) if municipalities else empty_record()
    found = outcomes(record)
    assert list(found) == list(OUTCOMES)
    assert found["innovations"] == found["cost"] == 0.0
    undefined = {name for name, value in found.items() if math.isnan(value)}
    others = {
        "level",
        "quality",
        "cost_per_innovation",
        "innovations_per_arena",
        "trust_before_wins",
        "dropout",
    }
    assert undefined >= UNDEFINED_WHEN_EMPTY | others
    if municipalities:
        assert found["innovations_per_unit_year"] == 0.0
        assert found["trust"] == found["optimism"] == 0.5
        assert found["units_with_innovation"] == 0.5
    for name, table in tables_of(record).items():
        full = tables_of(make_record(**RUN_OF_TWO))[name]
        assert table.dtypes.to_dict() == full.dtypes.to_dict()


def test_what_is_not_defined_in_a_short_run() -> None:
    """The barometer's window must be full, and a change needs two counts."""
    found = outcomes(make_record(months=23, people=[{}]))
    assert math.isnan(found["units_with_innovation"])
    assert math.isnan(found["started_not_finished"])
    assert math.isnan(found["trust_change"])
    assert math.isnan(found["optimism_change"])
    assert found["climate_change"] == 0.0


def test_outcomes_bear_the_names_of_what_they_measure() -> None:
    """Every outcome is returned by its function and told in two languages; shared names are those of the targets."""
    record = make_record(**RUN_OF_TWO)
    for one in OUTCOMES.values():
        assert one.name in one.measure(record)
        assert one.unit
        assert one.meaning
        assert one.betydning
        assert one.meaning != one.betydning
    told = {name for measure in {one.measure for one in OUTCOMES.values()} for name in measure(record)}
    assert told == set(OUTCOMES)
    targets = set(read_targets().index)
    assert {"units_with_innovation", "partner_firms", "value_several_kinds"} <= targets & set(OUTCOMES)
    with pytest.raises(CosimError, match="did you mean 'innovations'"):
        outcomes(record, ["innovation"])


def test_many_runs_and_pairs_of_runs() -> None:
    """Means and t intervals over replicates; a pair takes its shared luck away; fallen runs are left out."""
    fallen = FailedRun(scenario="s", process="p", seed=1, replicate=9, stage="run", kind="E", message="", command="")
    fewer = [make_record(innovations=[{}] * n, arenas=[{}], replicate=at) for at, n in enumerate((1, 2, 3))]
    more = [make_record(innovations=[{}] * n, arenas=[{}], replicate=at) for at, n in enumerate((3, 4, 5, 9))]
    names = ["innovations", "units_with_innovation"]
    table = summarise([*fewer, fallen], names)
    assert table.loc["innovations", ["n", "undefined", "mean", "sd"]].tolist() == [3, 0, 2.0, 1.0]
    assert table.loc["innovations", "high"] == pytest.approx(2.0 + 4.303 / math.sqrt(3), abs=1e-3)
    difference = paired_difference(fewer, more, names)
    assert difference.loc["innovations", ["n", "mean", "sd", "low"]].tolist() == [3, 2.0, 0.0, 2.0]
    assert paired_difference(outcome_table(fewer), outcome_table(more)).loc["innovations", "mean"] == 2.0
    with pytest.raises(CosimError, match="runs B"):
        paired_difference(fewer, [*more, *more])
    nothing = summarise([fallen])
    assert nothing["n"].eq(0).all()
    assert nothing["mean"].isna().all()


def test_factors_weigh_every_person_alike() -> None:
    """Citizens are three times as many in one municipality as in the other."""
    record = make_record(municipalities=("stad", "asker"), people=[{}, {"optimism": 0.75}])
    record.people[1, 0, 2] = (75, 0.25, 0.5, 0.5, 0.5, 1.0, 0.75, 0.0, 0.0)
    record.people[1, :, 3, 0] = 0
    after = read_trust_map(record)
    assert after[2, 0] == pytest.approx((75 * 0.25 + 25 * 0.5) / 100)
    assert np.isnan(after[3]).all()
    assert read_trust_maps(record)[0, 2, 0] == 0.25
    assert read_trust_map(record, "before") == pytest.approx(np.full((4, 4), 0.5))
    assert read_trait(record, "optimism", sector="civic") == pytest.approx((75 * 1.0 + 25 * 0.75) / 100)


def test_who_takes_part() -> None:
    """The usual arena seats the four sectors alike, and so are the people; in ages the old are 4 of 16."""
    record = make_record([{}, {**ALONE, "ages": (4, 0, 0, 0, 0)}])
    assert represent_sectors(record) == pytest.approx([1.0] * 4)
    adults = read_adult_ages(("stad",))[0]
    assert adults.sum() == pytest.approx(1.0)
    assert adults[3] + adults[4] == pytest.approx(0.188 / (1 - 0.213))
    assert represent_ages(record) == pytest.approx(np.array([4, 4, 4, 2, 2]) / 16 / adults)
    found = outcomes(record, ["gini_sectors", "representation_67_plus"])
    assert found["gini_sectors"] == pytest.approx(0.0)
    assert found["representation_67_plus"] == pytest.approx(0.25 / (adults[3] + adults[4]))
    assert read_adult_ages(("elsewhere",))[0].sum() == pytest.approx(1.0)
    assert math.isnan(measure_gini(np.zeros(2), np.ones(2)))


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 12), min_size=3, max_size=30))
def test_lagged_correlations_from_sums(pairs: list[tuple[float, ...]]) -> None:
    """The sums a run keeps give the correlation that the pairs themselves give."""
    x, y = np.array(pairs)[:, :6], np.array(pairs)[:, 6:]
    sums = np.concatenate([[len(x)], x.sum(0), y.sum(0), (x * x).sum(0), (y * y).sum(0), (x.T @ y).ravel()])
    assert len(sums) == N_LAGGED
    found = correlate_lagged(np.stack([sums * 0.5, sums * 0.5]))
    for one, other in np.ndindex(6, 6):
        spread = x[:, one].std() * y[:, other].std()
        if spread > 0.001:
            assert found[one, other] == pytest.approx(np.corrcoef(x[:, one], y[:, other])[0, 1], abs=1e-6)
        elif x[:, one].std() == 0.0:
            assert math.isnan(found[one, other])


def test_peaks_series_recovery_and_hysteresis() -> None:
    """Peaks count in lives of three months or more that ended; series are pooled; scars are told from healing."""
    peaks = measure_peaks(make_record([{}, {"closed": 1}, {"ending": ENDINGS.index("running"), "closed": 24}]))
    assert peaks == pytest.approx({"engagement_peak": 0.45, "capacity_peak": 0.95})
    record = make_record(municipalities=("stad", "asker"), month={"active": 1, "delivered": 2})
    record.month_table["active"][:, 0] = 3
    record.month_table["readings"][:, 0, 1] = 1.0
    record.month_table["active"][5] = 0
    trust = read_series(record, "trust")
    assert trust[0] == 0.75
    assert math.isnan(trust[5])
    assert read_series(record, "delivered")[0] == 4.0
    assert read_series(record, "municipal_climate")[0] == 0.5
    usual = np.ones(60)
    scarred = np.where(np.arange(60) >= 12, 0.25, 1.0)
    assert measure_recovery(scarred, usual, 12) == math.inf
    assert math.isnan(measure_recovery(usual, usual, 12))
    assert measure_hysteresis(scarred, usual, 12) == pytest.approx(0.75)
    assert math.isnan(measure_hysteresis(usual[:40], usual[:40], 12))
    assert math.isnan(measure_hysteresis(usual * 0, usual * 0, 12))


def test_tables_tell_none_from_zero() -> None:
    """Whoever never met has no attendance; every column has a note, and every note a column."""
    table = arena_table(make_record([{}, NOBODY, {**ALONE, "ending": ENDINGS.index("running"), "closed": 24}]))
    assert table["ending"].tolist() == ["delivered", "emptied", "running"]
    assert table["months"].tolist() == [10, 10, 24]
    assert table["closed_date"].tolist() == ["2020-10", "2020-10", "2022-01"]
    assert table["presence"].isna().tolist() == [False, True, False]
    assert table["trust"].isna().tolist() == [False, True, False]
    assert table["support"].isna().tolist() == [False, True, False]
    assert table["first_phase_civic"].isna().tolist() == [False, True, True]
    assert table["invited_civic"].tolist() == [True, True, False]
    assert table["members_80_plus"].tolist() == [2, 0, 2]
    notes = column_notes()
    for name, frame in tables_of(make_record(**RUN_OF_TWO)).items():
        assert list(notes[name]) == list(frame.columns)
        assert all(note.meaning and note.unit for note in notes[name].values())
    assert sum(kind.startswith("value_") for kind in notes["innovation"]) == len(VALUE_KINDS)
    assert EVERYBODY.bit_count() == len(SECTORS)
