"""The parameters: declarations read with every complaint, values checked, settings as the engine reads them."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import Complaint, ParameterError, ScenarioError
from cosim.evidence.references import read_references
from cosim.parameters.catalogue import cost_of, read_declarations, read_folder, read_groups
from cosim.parameters.declaration import Declaration, cited_keys, read_declaration, read_group
from cosim.parameters.manual import describe_parameter, describe_parameters
from cosim.parameters.settings import settings_dtype, settings_of, settings_rows
from cosim.parameters.values import check_values, defaults, look_at_value

ONE = """
default = 0.5
unit = "share"
enhet = "andel"
range = [0.0, 1.0]
prior = [0.2, 0.8]
standing = "assumed"
role = "lever"
source = ["ASSUMED : nothing was found"]
label = "One"
navn = "En"
means = "It means one."
betyr = "Den betyr en."
"""
GROUP = '[group]\nplace = 1\nlabel = "G"\nnavn = "G"\nmeans = "A group."\nbetyr = "En gruppe."\n'


def read_one(text: str) -> tuple[Declaration | None, list[Complaint]]:
    """Return what a declaration's table is read as."""
    return read_declaration("g.toml", "g", "one", tomllib.loads(text), read_references())


def test_a_declaration_is_read_whole() -> None:
    declaration, complaints = read_one(ONE)
    assert not complaints
    assert declaration is not None
    assert (declaration.name, declaration.field, declaration.kind) == ("g.one", "g_one", "number")
    assert (declaration.low, declaration.prior_low, declaration.prior_high, declaration.high) == (
        0.0,
        0.2,
        0.8,
        1.0,
    )
    assert not declaration.at_start
    assert not declaration.everywhere


@pytest.mark.parametrize(
    ("before", "after", "key", "told"),
    [
        ("default = 0.5", "default = 1.5", "one.default", "a number from 0 to 1"),
        ("default = 0.5", "default = true", "one.default", "a number"),
        ("default = 0.5", "default = nan", "one.default", "a number"),
        ("default = 0.5", "", "one.default", "a value"),
        ("prior = [0.2, 0.8]", "prior = [0.6, 0.8]", "one.prior", "around the default"),
        ("prior = [0.2, 0.8]", "prior = [0.2, 1.8]", "one.prior", "within the range"),
        ("range = [0.0, 1.0]", "range = [1.0, 0.0]", "one", "low <= high"),
        ("range = [0.0, 1.0]", "range = [0.0]", "one", "low <= high"),
        ('standing = "assumed"', 'standing = "asumed"', "one.standing", "did you mean 'assumed'?"),
        ('standing = "assumed"', 'standing = "measured"', "one.source", "a source"),
        ('role = "lever"', 'role = "handle"', "one.role", "lever, uncertain, structure"),
        ('["ASSUMED : nothing was found"]', '["nobody2020 : said so"]', "one.source", "references.toml"),
        ('["ASSUMED : nothing was found"]', '["somebody said so"]', "one.source", "key : reason"),
        ('["ASSUMED : nothing was found"]', "[]", "one.source", "a list of lines"),
        ('means = "It means one."', 'means = ""', "one.means", "a text"),
        ('unit = "share"', 'unti = "share"', "one.unti", "did you mean 'unit'?"),
        ('unit = "share"', 'unit = "share"\nkind = "count"', "one", "whole numbers"),
        ('unit = "share"', 'unit = "share"\nkind = "choice"', "one.choices", "one for each value"),
        ('unit = "share"', 'unit = "share"\nchoices = ["a"]', "one.choices", "nothing"),
        ('unit = "share"', 'unit = "share"\nat_start = 1', "one.at_start", "true or false"),
    ],
)
def test_a_broken_declaration_gets_a_letter(before: str, after: str, key: str, told: str) -> None:
    assert before in ONE
    declaration, complaints = read_one(ONE.replace(before, after))
    assert declaration is None
    assert any(one.key == key and told in str(one) for one in complaints), [str(one) for one in complaints]


def test_a_declaration_must_be_a_table_with_a_plain_name() -> None:
    assert read_declaration("g.toml", "g", "one", 3, {})[1]
    assert read_declaration("g.toml", "g", "One", {}, {})[1]
    assert read_group("g.toml", "g", None)[1]
    assert read_group("g.toml", "g", {"place": "1"})[1]


def test_a_folder_gathers_the_complaints_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GROUP + "[one]" + ONE.replace("0.5", "5"))
    (tmp_path / "b.toml").write_text("what is this")
    (tmp_path / "c.toml").write_text(GROUP + "[one]" + ONE + 'cost = "c.one"\n')
    (tmp_path / "d.toml").write_bytes(b"\xff")
    with pytest.raises(ParameterError) as told:
        read_folder(tmp_path)
    files = {Path(one.file).name for one in told.value.complaints}
    assert files == {"a.toml", "b.toml", "c.toml", "d.toml"}


def test_two_parameters_may_not_share_a_field(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GROUP + "[b_one]" + ONE)
    (tmp_path / "a_b.toml").write_text(GROUP + "[one]" + ONE)
    with pytest.raises(ParameterError, match="the field of"):
        read_folder(tmp_path)


def test_groups_come_in_their_places() -> None:
    places = [group.place for group in read_groups().values()]
    assert places == sorted(places)
    assert [name.split(".")[0] for name in read_declarations()] == sorted(
        (name.split(".")[0] for name in read_declarations()), key=list(read_groups()).index
    )


def test_a_lever_knows_its_price() -> None:
    declarations = read_declarations()
    assert cost_of(declarations["arenas.facilitation"]) == declarations["cost.facilitation"]
    assert cost_of(declarations["arenas.power_share"]) is None
    assert "ansell2008" in cited_keys(declarations["talk.support"])


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("arenas.openness", 0, 0.0),
        ("arenas.openness", 1.0, 1.0),
        ("arenas.parallel", 3.0, 3.0),
        ("arenas.decision_rule", "Majority", 2.0),
        ("arenas.decision_rule", "samtykke", 4.0),
        ("arenas.decision_rule", 1, 1.0),
        ("month.spread", False, 0.0),
        ("month.spread", "on", 1.0),
        ("month.spread", 0, 0.0),
        ("join.base_civic", -4, -4.0),
    ],
)
def test_a_right_value_becomes_a_number(name: str, written: object, value: float) -> None:
    assert check_values({name: written}, "a.toml") == {name: value}


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("arenas.openness", "30 %", "write 0.3 without quotes or per cent; it means share of efforts"),
        ("arenas.openness", "30 prosent", "write 0.3"),
        ("arenas.openness", 30, "divide a percentage by 100: 0.3"),
        ("spread.innovation", "0.3 per year", "in this unit: per year"),
        (
            "arenas.meetings",
            "0,75",
            "write 0.75 with a decimal point, without quotes; it means meetings per arena and month",
        ),
        ("arenas.meetings", "often", "it means meetings per arena and month"),
        ("arenas.meetings", -1, "a number from 0 to 4 (meetings per arena and month)"),
        ("arenas.meetings", True, "write a number"),
        ("arenas.meetings", math.nan, "write a finite number"),
        ("arenas.meetings", math.inf, "write a finite number"),
        ("arenas.meetings", 10**400, "write a smaller number"),
        ("arenas.meetings", [0.5], "write one value"),
        ("arenas.meetings", None, "write one value"),
        ("arenas.parallel", 2.5, "write a whole number"),
        ("arenas.decision_rule", "consnt", "did you mean 'consent'?"),
        ("arenas.decision_rule", 9, '"consent"'),
        ("month.spread", 0.5, "true or false"),
        ("arenas.meeting", 1, "did you mean 'arenas.meetings'?"),
        ("facilitation", 1, "did you mean 'arenas.facilitation'?"),
        ("arenas", {"meetings": {"to": 1}}, 'put the dotted name in quotes: "arenas.meetings" = ...'),
        ("zzz.qqq", 1, "cosim manual lists the parameters"),
    ],
)
def test_a_wrong_value_gets_a_letter_that_says_what_to_write(name: str, written: object, told: str) -> None:
    with pytest.raises(ParameterError) as letter:
        check_values({name: written}, "a.toml", "set")
    assert told in str(letter.value)
    assert f"a.toml: set.{name}" in str(letter.value)
    assert isinstance(letter.value, ScenarioError)


def test_all_wrong_values_come_in_one_letter() -> None:
    wrong = {"arenas.meeting": 1, "arenas.meetings": 9, "talk.base": "x", "talk.trust": 0.5}
    with pytest.raises(ParameterError) as letter:
        check_values(wrong, "a.toml")
    assert len(letter.value.complaints) == 3


written_things = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(defaults())), written_things)
def test_whatever_is_written_is_a_value_in_range_or_a_letter(name: str, written: object) -> None:
    value, complaint = look_at_value(name, written, "a.toml", name)
    declaration = read_declarations()[name]
    if complaint is None:
        assert declaration.low <= value <= declaration.high
        assert look_at_value(name, value, "a.toml", name) == (value, None)
    else:
        assert math.isnan(value)
        assert len(str(complaint)) < 600


def test_settings_have_a_field_for_each_parameter_and_their_defaults() -> None:
    rows = settings_rows([{}, {"talk.base": 0.9, "join.base_civic": -3.0}])
    assert rows.dtype == settings_dtype()
    assert rows.shape == (2,)
    assert settings_of(rows[0]) == defaults()
    assert settings_of(rows[1]) == defaults() | {"talk.base": 0.9, "join.base_civic": -3.0}
    assert all(rows.dtype[name] == np.float64 for name in rows.dtype.names or ())
    with pytest.raises(KeyError):
        settings_rows([{"talk.bass": 0.9}])


def test_defaults_are_new_each_time() -> None:
    first = defaults()
    first["talk.base"] = 0.0
    assert defaults()["talk.base"] == 0.8


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_the_manual_tells_of_every_parameter(lang: str) -> None:
    whole = describe_parameters(lang=lang)
    for name, declaration in read_declarations().items():
        assert name in whole
        told = describe_parameter(name, lang)
        assert (declaration.means if lang == "en" else declaration.betyr) in told
        assert (declaration.unit if lang == "en" else declaration.enhet) in told


def test_the_manual_writes_sources_out_and_numbers_as_norwegians_do() -> None:
    assert "Slovic, P. (1993)" in describe_parameter("trust.bad_news")
    assert "0,97 (andel per måned)" in describe_parameter("trust.kept", "nb")
    assert "som teorien sier" in describe_parameter("arenas.decision_rule", "nb")
    assert describe_parameters("meet").count("\n") == 5


def test_the_manual_refuses_what_it_does_not_have() -> None:
    with pytest.raises(ParameterError, match=r"did you mean 'meet\.rounds'"):
        describe_parameter("meet.round")
    with pytest.raises(ParameterError, match="did you mean 'arenas'"):
        describe_parameters("arena")
    with pytest.raises(ParameterError, match="en or nb"):
        describe_parameters(lang="sv")
