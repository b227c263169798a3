"""Whatever is written in a scenario or on the command line, the answer is a scenario or a letter, and soon."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosim.errors import ScenarioError
from cosim.parameters.catalogue import read_declarations
from cosim.scenario.describing import describe_scenario, scenario_to_toml
from cosim.scenario.files import SHIPPED, list_scenarios
from cosim.scenario.reading import parse_overrides, read_scenario
from cosim.scenario.sections import RUN, TOP

NAMES = list(read_declarations())
TEXTS = {name: (SHIPPED / f"{name}.toml").read_bytes() for name in list_scenarios()}
JUST_ONCE = settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])

keys = st.sampled_from([*TOP, *RUN, *(f'"{name}"' for name in NAMES[:40]), "to", "from", "until", "because", "stad"])
values = st.sampled_from(
    [
        "0",
        "-1",
        "0.5",
        "1e999",
        "nan",
        "true",
        "''",
        "'stad'",
        "'2021-09'",
        "'30 %'",
        "2021-09-01",
        "[]",
        "[1, 2]",
        "['stad']",
        "{}",
        "{ to = 1, from = '2021-01', because = 'x' }",
        "{ a.b.c = [[], {}] }",
        "0x" + "f" * 5000,
        "[0x" + "f" * 5000 + "]",
        "9" * 4000,
        "'" + "x" * 5000 + "'",
    ]
)
headers = st.sampled_from(
    [
        "[run]",
        "[world]",
        "[set]",
        "[where.stad]",
        "[where]",
        "[[arena]]",
        "[change.talk.base]",
        "[[change.'talk.base']]",
    ]
)
lines = st.one_of(st.builds("{} = {}".format, keys, values), headers)


def check_letter(letter: ScenarioError) -> None:
    """Look whether a letter says something, and not too much."""
    assert letter.complaints
    assert len(str(letter)) < 1000 * len(letter.complaints)


def read_or_refuse(path: Path) -> None:
    """Read a scenario; what can be read must also stand being told, tabled and written out and read again."""
    try:
        scenario = read_scenario(path)
    except ScenarioError as letter:
        check_letter(letter)
        return
    assert describe_scenario(scenario)
    _, row_of = scenario.setting_table()
    assert row_of.shape == (scenario.months, len(scenario.municipalities))
    again = path.with_name("again.toml")
    again.write_text(scenario_to_toml(scenario), encoding="utf-8")
    assert read_scenario(again) == scenario


@JUST_ONCE
@given(st.binary(max_size=300))
def test_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    read_or_refuse(path)


@JUST_ONCE
@given(st.lists(lines, max_size=8))
def test_tables(tmp_path: Path, written: list[str]) -> None:
    path = tmp_path / "x.toml"
    path.write_text("\n".join([*written, *([] if "[world]" in written else ["[world]"])]), encoding="utf-8")
    read_or_refuse(path)


@JUST_ONCE
@given(st.sampled_from(sorted(TEXTS)), st.lists(lines, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_shipped_ones_with_lines_put_in_taken_out_or_changed(
    tmp_path: Path, name: str, put_in: list[str], luck: random.Random
) -> None:
    text = TEXTS[name].decode().split("\n")
    for line in put_in:
        at = luck.randrange(len(text))
        if luck.random() < 0.5:
            text.insert(at, line)
        elif "=" in text[at]:
            text[at] = text[at].partition("=")[0] + "=" + line.partition("=")[2]
        else:
            del text[at]
            text = text or [""]
    path = tmp_path / "x.toml"
    path.write_text("\n".join(text), encoding="utf-8")
    read_or_refuse(path)


@JUST_ONCE
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_shipped_ones_with_bytes_changed(tmp_path: Path, name: str, at: int, put_in: bytes) -> None:
    content = TEXTS[name]
    at %= len(content)
    path = tmp_path / "x.toml"
    path.write_bytes(content[:at] + put_in + content[at + len(put_in) :])
    read_or_refuse(path)


@JUST_ONCE
@given(
    st.dictionaries(
        st.sampled_from(NAMES) | st.text(max_size=100),
        st.text(max_size=100) | st.floats().map(repr) | st.integers().map(str),
        max_size=4,
    )
)
def test_overrides(overrides: dict[str, str]) -> None:
    try:
        scenario = read_scenario("gloppen", overrides)
    except ScenarioError as letter:
        check_letter(letter)
    else:
        assert overrides.keys() <= scenario.settings.keys()


@given(st.lists(st.text(max_size=40), max_size=4))
def test_override_texts(texts: list[str]) -> None:
    try:
        assert len(parse_overrides(texts)) <= len(texts)
    except ScenarioError as letter:
        check_letter(letter)


@JUST_ONCE
@given(st.text(max_size=60))
def test_names(name: str) -> None:
    with pytest.raises(ScenarioError):
        read_scenario(f"?{name}")


@JUST_ONCE
@given(
    st.binary(max_size=200)
    | st.text(alphabet="key,code\nname;role-population_2020 'x9\"\0", max_size=200).map(str.encode)
)
def test_tables_of_municipalities(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.csv").write_bytes(content)
    path = tmp_path / "x.toml"
    path.write_text("[world]\ntable = 'own.csv'\n")
    read_or_refuse(path)


def test_nests_and_long_roads(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    road = ".".join("a" * 60)
    deep, wide = f"[\n{{ {road} = " * 90, f"{{ {road} = " * 500
    for text in ("[" * 5000, "a = " + "[" * 900, "x=" + deep, "x=" + wide, "set." + road):
        path.write_text(text, encoding="utf-8")
        read_or_refuse(path)
    closed = "[\n{ " + road + " = "
    path.write_text("run = " + closed * 80 + "1" + " }]" * 80, encoding="utf-8")
    read_or_refuse(path)
    path.write_text("[set]\n'talk.base' = " + closed * 80 + "1" + " }]" * 80, encoding="utf-8")
    read_or_refuse(path)


def test_very_many_changes(tmp_path: Path) -> None:
    one = "[[change.'talk.base']]\nto = 0.5\nfrom = '20{:02d}-{:02d}'\nbecause = 'x'\n"
    path = tmp_path / "x.toml"
    path.write_text("[run]\nmonths = 900\n" + "".join(one.format(20 + n // 12, n % 12 + 1) for n in range(900)))
    read_or_refuse(path)
    path.write_text("".join(one.format(20, 1) for _ in range(1001)))
    with pytest.raises(ScenarioError, match="at most 1000"):
        read_scenario(path)
