"""Scenarios: what a file may say, what it gets from the file it rests on, and one letter for all that is wrong."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from cosim.errors import ScenarioError
from cosim.parameters.values import defaults
from cosim.scenario.calendar import count_months, read_month, write_month
from cosim.scenario.describing import describe_scenario, list_differences, scenario_to_toml
from cosim.scenario.files import SHIPPED, list_scenarios
from cosim.scenario.model import Frozen, Scenario
from cosim.scenario.reading import read_scenario

Write = Callable[..., Path]

MINE = """
name = "mine"
extends = "stad"

[run]
months = 24

[set]
"arenas.facilitation" = 0.8

[[change."arenas.meetings"]]
to = 2
from = "2020-06"
until = "2020-09"
because = "a summer of meetings"
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a scenario file and returns its path; one that says no more gets all fourteen as its world."""

    def write_file(text: str, name: str = "mine.toml") -> Path:
        path = tmp_path / name
        whole = "extends" in text or "[world]" in text or not name.endswith(".toml")
        beginning = "" if whole else "\n[world]\n"
        path.write_text(text + beginning, encoding="utf-8")
        return path

    return write_file


@pytest.mark.parametrize("name", list_scenarios())
def test_what_ships_is_read_asked_and_reasoned(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.name == name
    assert scenario.question.endswith("?")
    assert scenario.question_nb.endswith("?")
    assert scenario.question != scenario.question_nb
    assert scenario.reasons
    assert scenario.title != name
    assert name in describe_scenario(scenario)


@pytest.mark.parametrize("name", list_scenarios())
def test_what_ships_can_be_written_out_and_read_again(name: str, write: Write) -> None:
    scenario = read_scenario(name)
    again = read_scenario(write(scenario_to_toml(scenario), "again.toml"))
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.parent is None


def test_there_is_one_for_each_municipality() -> None:
    everyone = read_scenario("norway14").municipalities
    assert len(everyone) == 14
    assert set(list_scenarios()) == {*everyone, "norway14", "reference"}
    for name in everyone:
        assert read_scenario(name).municipalities == (name,)


def test_the_pilots_have_their_arenas() -> None:
    (home_care,) = read_scenario("stad").arenas
    assert (home_care.where, home_care.opens_month, home_care.area) == ("stad", 12, "health_and_care")
    (childhood,) = read_scenario("nordre-follo").arenas
    assert (childhood.where, childhood.opens_month, childhood.focus) == ("nordre-follo", 12, "public_health")
    assert len(read_scenario("norway14").arenas) == 2
    assert not read_scenario("asker").arenas


def test_the_pandemic_comes_and_goes() -> None:
    scenario = read_scenario("norway14")
    closed = [scenario.values_in("asker", month)["context.meetings_closed"] for month in (1, 2, 5, 6, 10, 15, 16)]
    assert closed == [0.0, 0.7, 0.7, 0.0, 0.5, 0.5, 0.0]
    assert scenario.values_in("asker", 1)["arenas.digital"] == 0.0
    assert scenario.values_in("asker", 59)["arenas.digital"] == 0.3


def test_the_reference_is_usual_in_every_way() -> None:
    scenario = read_scenario("reference")
    rows, row_of = scenario.setting_table()
    assert rows == [defaults() | dict(scenario.settings)]
    assert all(value == 0.0 for value in scenario.settings.values()), "differences may be taken away, nothing else"
    assert row_of.shape == (60, 1)
    assert scenario.table is not None
    assert not scenario.arenas


def test_months_are_counted_from_the_start() -> None:
    assert count_months((2020, 3), (2020, 1)) == -2
    assert [write_month((2020, 11), number) for number in (0, 1, 2, 14)] == [
        "2020-11",
        "2020-12",
        "2021-01",
        "2022-01",
    ]
    for wrong in ("2021-9", "2021-00", "21-09", "2021-09-01", "1850-01", 2021, None, " 2021-09"):
        assert read_month(wrong) is None


def test_rows_of_settings_are_distinct_and_complete(write: Write) -> None:
    scenario = read_scenario(
        write("""
        [world]
        municipalities = ["stad", "asker", "sola"]
        [run]
        months = 10
        [set]
        "talk.base" = 0.7
        [where.asker]
        "talk.base" = 0.9
        [[change."talk.base"]]
        to = 0.5
        from = "2020-03"
        until = "2020-05"
        where = ["stad", "asker"]
        because = "a test"
        [[change."talk.base"]]
        to = 0.6
        from = "2020-05"
        because = "a test"
        """)
    )
    rows, row_of = scenario.setting_table()
    assert row_of.dtype == np.int64
    assert all(list(row) == list(defaults()) for row in rows)
    assert len(rows) == len({tuple(row.items()) for row in rows}) == 4
    table = np.array([[rows[row]["talk.base"] for row in month] for month in row_of])
    expected = np.full((10, 3), 0.6)
    expected[:4] = [0.7, 0.9, 0.7]
    expected[2:4, :2] = 0.5
    np.testing.assert_array_equal(table, expected)
    for month in range(10):
        for m, name in enumerate(scenario.municipalities):
            assert scenario.values_in(name, month) == rows[row_of[month, m]]


def test_setting_a_default_makes_no_new_row(write: Write) -> None:
    text = '[set]\n"talk.base" = 0.8\n[where.asker]\n"talk.trust" = 0.3\n'
    rows, row_of = read_scenario(write(text)).setting_table()
    assert rows == [defaults()]
    assert not row_of.any()


def test_a_file_may_be_very_short(write: Write) -> None:
    scenario = read_scenario(write("", "Åre og Ås 2.toml"))
    assert scenario.name == "are-og-as-2"
    assert scenario.title == scenario.name
    assert (scenario.start, scenario.months, scenario.process) == ((2020, 1), 60, "small-wins")
    assert scenario.survey_months == (0, 60)
    assert len(scenario.municipalities) == 14


def test_names_need_no_quotes(write: Write) -> None:
    text = """
    [set]
    arenas.facilitation = 0.8
    month.spread = false
    arenas.decision_rule = "consent"
    [change.arenas.meetings]
    to = 2
    from = "2021-01"
    because = "a test"
    """
    scenario = read_scenario(write(text))
    assert scenario.settings == {"arenas.facilitation": 0.8, "month.spread": 0.0, "arenas.decision_rule": 4.0}
    assert scenario.changes[0].name == "arenas.meetings"
    assert "(as the" not in describe_scenario(scenario)
    assert "arenas.decision_rule (Decision rule) = consent" in describe_scenario(scenario)


def test_an_arena_invites_everybody_unless_it_says_whom(write: Write) -> None:
    text = """
    [[arena]]
    name = "a"
    where = "sola"
    opens = "2020-01"
    focus = "local_development"
    area = "culture"
    because = "a test"
    [[arena]]
    name = "b"
    where = "sola"
    opens = "2024-12"
    focus = "local_development"
    area = "culture"
    invites = ["research"]
    because = "a test"
    """
    one, two = read_scenario(write(text)).arenas
    assert one.invites == ("public", "private", "civic", "research")
    assert two.invites == ("public", "research")
    assert (one.opens_month, two.opens_month) == (0, 59)


def test_a_file_has_what_it_rests_on_and_says_how_it_differs(write: Write) -> None:
    path = write(MINE)
    scenario, stad = read_scenario(path), read_scenario("stad")
    assert scenario.months == 24
    assert scenario.settings == {**stad.settings, "arenas.facilitation": 0.8}
    assert scenario.arenas == stad.arenas
    assert scenario.parent == stad
    assert scenario.question == ""
    assert set(list_differences(stad, scenario)) == {
        "months: 60 -> 24",
        "survey_months: 0, 12, 41, 60 -> 0, 12",
        "arenas.facilitation: default -> 0.8",
        "+ arenas.meetings (Meetings a month) = 2 from 2020-06 to 2020-09: a summer of meetings",
    }
    told = describe_scenario(scenario)
    assert "differs from stad" in told
    assert "arenas.facilitation (Prosessledelse) = 0.8" in describe_scenario(scenario, "nb")
    assert "# mine.toml" in scenario.source_text
    assert "# norway14.toml" in scenario.source_text
    assert read_scenario(write(scenario_to_toml(scenario), "again.toml")) == scenario


def test_what_is_inherited_is_cut_to_the_world_and_the_run(write: Write) -> None:
    write(
        """
        [where.asker]
        "talk.base" = 0.9
        [change."talk.trust"]
        to = 0.5
        from = "2020-03"
        where = ["asker", "sola"]
        because = "a test"
        [change."talk.support"]
        to = 0.5
        from = "2020-03"
        where = ["asker"]
        because = "a test"
        """,
        "parent.toml",
    )
    text = 'extends = "parent"\n[world]\nmunicipalities = ["sola"]\n[run]\nstart = "2022-01"\nmonths = 6\n'
    scenario = read_scenario(write(text))
    assert not scenario.where
    assert [(change.name, change.first, change.where) for change in scenario.changes] == [("talk.trust", 0, ("sola",))]


def test_a_parent_may_be_named_by_path_or_lie_beside(write: Write) -> None:
    write("[run]\nseed = 7\n", "other.toml")
    assert read_scenario(write('extends = "other.toml"')).seed == 7
    assert read_scenario(write('extends = "other"')).seed == 7
    assert read_scenario(write('extends = "stad"', "stad.toml")).municipalities == ("stad",)


def test_options_and_overrides_are_in_force(write: Write) -> None:
    path = write(MINE)
    overrides = {"arenas.meetings": "1.5", "month.spread": "off", "talk.base": 0.5}
    scenario = read_scenario(path, overrides, "regime", months=12, seed=0, replicates=3)
    assert (scenario.process, scenario.months, scenario.seed, scenario.replicates) == ("regime", 12, 0, 3)
    assert scenario.settings["month.spread"] == 0.0
    assert scenario.settings["talk.base"] == 0.5
    assert {scenario.values_in("stad", month)["arenas.meetings"] for month in range(12)} == {1.5}
    assert not scenario.arenas
    assert {change.name for change in scenario.changes} == {"context.meetings_closed", "arenas.digital"}


def test_other_values_hold_everywhere_and_always(write: Write) -> None:
    where = "[where.sola]\n'talk.base' = 0.9\n'talk.trust' = 0.1\n[where.asker]\n'talk.base' = 0.9\n"
    change = "[change.'talk.base']\nto = 0.5\nfrom = '2021-01'\nbecause = 'a test'\n"
    path = write(where + change)
    scenario = read_scenario(path).with_values({"talk.base": 0.6})
    assert scenario == read_scenario(path, {"talk.base": "0.6"})
    assert scenario.where == {"sola": {"talk.trust": 0.1}}
    assert not scenario.changes
    assert {row["talk.base"] for row in scenario.setting_table()[0]} == {0.6}


def test_an_override_holds_in_every_municipality() -> None:
    assert read_scenario("stad", {"exchange.members": "true"}).settings["exchange.members"] == 1.0
    with pytest.raises(ScenarioError, match=r"write 0\.3"):
        read_scenario("stad", {"arenas.openness": "30 %"})


def test_a_seed_of_zero_is_a_seed(write: Write) -> None:
    assert read_scenario(write("[run]\nseed = 0\n")).seed == 0


def test_a_scenario_is_frozen_hashable_and_crosses_borders() -> None:
    scenario = read_scenario("norway14")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert hash(again) == hash(scenario)
    with pytest.raises(FrozenInstanceError):
        scenario.months = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.settings["talk.base"] = 1.0  # type: ignore[index]
    assert isinstance(scenario, Scenario)


def test_frozen_mappings_compare_by_content() -> None:
    assert Frozen({"a": 1.0, "b": 2.0}) == Frozen({"b": 2.0, "a": 1.0}) == {"a": 1.0, "b": 2.0}
    assert hash(Frozen({"a": 1.0, "b": 2.0})) == hash(Frozen({"b": 2.0, "a": 1.0}))
    assert Frozen({"a": 1.0}) != Frozen({"a": 2.0})
    assert repr(Frozen({"a": 1.0})) == "Frozen({'a': 1.0})"


def test_texts_survive_being_written_out(write: Write) -> None:
    title = 'quote " backslash \\\\ tab \\t line \\n bell \\u0007 æøå 𝄞'.replace('"', '\\"')
    scenario = read_scenario(write(f'title = "{title}"\nreasons = ["{title}", "b"]\n'))
    assert "\u0007" in scenario.title
    assert read_scenario(write(scenario_to_toml(scenario), "mine.toml")) == scenario


def test_the_folder_of_what_ships_holds_nothing_else() -> None:
    assert {path.suffix for path in SHIPPED.iterdir()} == {".toml", ".csv", ".txt"}
