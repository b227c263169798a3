"""A scenario that cannot be used gets one letter: where, what was found, what is allowed, what to do."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cosim.errors import ScenarioError
from cosim.scenario.describing import scenario_to_toml
from cosim.scenario.reading import parse_overrides, read_scenario

Write = Callable[..., Path]


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


def letter_of(name_or_path: str | Path, *args: Any, **options: Any) -> str:
    """Return the letter that a scenario that cannot be read gets."""
    with pytest.raises(ScenarioError) as told:
        read_scenario(name_or_path, *args, **options)
    return str(told.value)


def test_circles_and_towers_get_a_letter(write: Write, tmp_path: Path) -> None:
    assert "mine extends mine" in letter_of(write('extends = "mine.toml"'))
    write('extends = "b.toml"', "a.toml")
    write('extends = "a.toml"', "b.toml")
    assert "a extends b extends a" in letter_of(tmp_path / "a.toml")
    os.symlink(tmp_path / "c.toml", tmp_path / "d.toml")
    write('extends = "d.toml"', "c.toml")
    assert "c extends d" in letter_of(tmp_path / "c.toml")
    for number in range(6):
        write(f'extends = "n{number + 1}.toml"' if number < 5 else "", f"n{number}.toml")
    assert "at most 5 files in a row" in letter_of(tmp_path / "n0.toml")
    assert read_scenario(tmp_path / "n1.toml").name == "n1"


@pytest.mark.parametrize("text", ["arenas.meetings", "=1", "arenas.meetings=", "", "arenas.meetings 1"])
def test_an_override_that_is_none_gets_a_letter(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"such as --set arenas\.facilitation=0\.8"):
        parse_overrides(["talk.base=0.5", text])
    assert parse_overrides([" talk.base = 0.5 ", "talk.base=a=b"]) == {"talk.base": "a=b"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"months": 0}, "cosim.read_scenario: months"),
        ({"months": 1201}, "from 1 to 1200"),
        ({"months": -5}, "cosim.read_scenario: months"),
        ({"seed": -1}, "cosim.read_scenario: seed"),
        ({"seed": 2**63}, "cosim.read_scenario: seed"),
        ({"replicates": 0}, "cosim.read_scenario: replicates"),
        ({"replicates": True}, "cosim.read_scenario: replicates"),
        ({"process": "small-win"}, "did you mean 'small-wins'?"),
        ({"process": "no/such.toml"}, "no/such.toml"),
        ({"overrides": {"months": "12"}}, "give months beside the overrides"),
        ({"overrides": {"arenas.meeting": "1"}}, "cosim.read_scenario: overrides.arenas.meeting"),
    ],
)
def test_a_wrong_option_gets_a_letter(options: dict[str, Any], told: str) -> None:
    assert told in letter_of("stad", **options)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nmae = 'x'", "did you mean 'name'?"),
        ("name = 'Two Words'", "words joined by hyphens"),
        ("title = 3", "a text in quotes"),
        ('"arenas.meetings" = 2', "parameters stand under [set]"),
        ("process = 'smal-wins'", "did you mean 'small-wins'?"),
        ("process = 3", "the name of a process model"),
        ("process = 'nowhere.toml'", "nowhere.toml"),
        ("extends = 3", "the name of a scenario"),
        ("extends = 'stadd'", "did you mean 'stad'?"),
        ("extends = 'nowhere.toml'", "nowhere.toml"),
        ("run = 3", "write [run] above its lines"),
        ("[run]\nmonth = 3", "did you mean 'months'?"),
        ("[run]\nmonths = -3", "a whole number from 1 to 1200"),
        ("[run]\nmonths = 2.5", "a whole number from 1 to 1200"),
        ("[run]\nmonths = '24'", "write it without quotes"),
        ("[run]\nmonths = true", "a whole number from 1 to 1200"),
        ("[run]\nseed = -1", "run.seed"),
        ("[run]\nreplicates = 0", "run.replicates"),
        ("[run]\nstart = '2020'", "a month in quotes"),
        ("[run]\nstart = 2020-01-01", "a month in quotes"),
        ("[run]\nsurvey_months = [61]", "2025-02 is month 62"),
        ("[run]\nsurvey_months = ['2019-12']", "2019-12 is 1 month before the start"),
        ("[run]\nsurvey_months = 3", "a list of months"),
        ("[world]\nmunicipalities = ['stadt']", "did you mean 'stad'?"),
        ("[world]\nmunicipalities = ['stad', 'stad']", "stad twice"),
        ("[world]\nmunicipalities = []", "a list of keys"),
        ("[world]\nmunicipalities = 'stad'", "a list of keys"),
        ("[world]\ntable = 'nowhere.csv'", "nowhere.csv"),
        ('[world]\ntable = "no\\u0000where.csv"', "a path that no file can have"),
        ("[world]\ntown = 1", "world.town"),
        ("[set]\n'arenas.meeting' = 1", "did you mean 'arenas.meetings'?"),
        ("[set]\n'arenas.openness' = '30 %'", "write 0.3"),
        ("[set]\n'arenas.openness' = 30", "divide a percentage by 100"),
        ("[set]\n'talk.base' = 0.5\n[set.talk]\nbase = 0.6", "the name twice"),
        ("[set]\n'population.persons_per_actor' = 0.5", "a number from 1 to 1000"),
        ("where = 3", "write [where] above its lines"),
        ("[where]\nstad = 3", "write [where.stad] above its lines"),
        ("[where.stadt]\n'talk.base' = 0.5", "did you mean 'stad'?"),
        ("[where.stad]\n'search.coupling' = 5", "set it under [set]"),
        (
            "[world]\nmunicipalities = ['sola']\n[where.stad]\n'talk.base' = 0.5",
            "a municipality of this world",
        ),
        ("change = 3", "write [change] above its lines"),
        ("[change]\n'talk.base' = 3", "above the lines to, from and because"),
        ("[change.'talk.bass']\nto = 3", "did you mean 'talk.base'?"),
        ("[change.'talk.base']\nto = 3\nfrom = '2021-01'\nbecause = 'x'", "a number from 0 to 1"),
        ("[change.'talk.base']\nfrom = '2021-01'\nbecause = 'x'", "change.talk.base.to"),
        ("[change.'talk.base']\nto = 0.5\nbecause = 'x'", "change.talk.base.from"),
        ("[change.'talk.base']\nto = 0.5\nfrom = '2021-01'", "add because"),
        ("[change.'talk.base']\nto = 0.5\nfrom = '2021-01'\nbecause = ''", "change.talk.base.because"),
        ("[change.'talk.base']\nto = 0.5\nform = '2021-01'", "did you mean 'from'?"),
        ("[change.'talk.base']\nto = 0.5\nfrom = '2025-01'\nbecause = 'x'", "2025-01 is month 61"),
        ("[change.'talk.base']\nto = 0.5\nfrom = '2031-01'\nbecause = 'x'", "has 60 months, 2020-01..2024-12"),
        ("[set]\n'exchange.members' = 'ja'", "write true or false"),
        ("[set]\n'arenas.openness' = 1.7", "choose a value within the range"),
        ("[change.'talk.base']\nto = 0.5\nfrom = '2019-01'\nbecause = 'x'", "2019-01 is 12 months before the start"),
        (
            "[change.'talk.base']\nto = 0.5\nfrom = '2021-02'\nuntil = '2021-01'\nbecause = 'x'",
            "before '2021-02'",
        ),
        (
            "[change.'talk.base']\nto = 0.5\nfrom = '2021-02'\nwhere = ['x']\nbecause = 'x'",
            "no municipality 'x'",
        ),
        (
            "[change.'survey.points']\nto = 7\nfrom = '2021-02'\nwhere = ['stad']\nbecause = 'x'",
            "holds for all",
        ),
        ("[change.'people.trust']\nto = 0.5\nfrom = '2021-02'\nbecause = 'x'", "read once, before the first"),
        (
            "[change.'search.coupling']\nto = 5\nfrom = '2021-02'\nbecause = 'x'",
            "read once, before the first",
        ),
        ("[change.'population.share_research']\nto = 0.1\nfrom = '2021-02'\nbecause = 'x'", "read once"),
        ("arena = 3", "write [[arena]] above each"),
        ("arena = [3]", "write [[arena]] above its lines"),
        ("[[arena]]\nname = 'a'", "arena[1].where"),
        ("[[arena]]\nname = 'A b'", "keep the words for title"),
        ("[[arena]]\nfocus = 'health'", "public_health"),
        ("[[arena]]\narea = 'helth_and_care'", "did you mean 'health_and_care'?"),
        ("[[arena]]\ninvites = ['citizens', 'privat']", "did you mean 'private'?"),
        ("[[arena]]\nopens = '2021'", "a month in quotes"),
        ("name =", "mend that place"),
        ("a" * 300_000, "256 kB"),
    ],
)
def test_a_wrong_file_gets_a_letter(write: Write, text: str, told: str) -> None:
    letter = letter_of(write(text))
    assert told in letter, letter


def test_all_complaints_come_in_one_letter(write: Write) -> None:
    text = """
    nmae = "x"
    process = "smal-wins"
    [run]
    months = -1
    [set]
    "arenas.meeting" = 1
    [change."talk.base"]
    to = 7
    from = "2021-01"
    [[arena]]
    name = "a"
    """
    with pytest.raises(ScenarioError) as told:
        read_scenario(write(text))
    keys = {one.key for one in told.value.complaints}
    assert {"nmae", "process", "run.months", "set.arenas.meeting", "change.talk.base.to"} <= keys
    assert {"change.talk.base.because", "arena[1].where", "arena[1].opens"} <= keys
    assert pickle.loads(pickle.dumps(told.value)).complaints == told.value.complaints


def test_a_complaint_names_the_file_it_is_about(write: Write) -> None:
    write('[set]\n"talk.bass" = 1\n', "parent.toml")
    letter = letter_of(write('extends = "parent.toml"\n[set]\n"talk.trsut" = 1\n'))
    assert "parent.toml: set.talk.bass" in letter
    assert "mine.toml: set.talk.trsut" in letter


def test_arenas_have_names_of_their_own(write: Write) -> None:
    arena = """
    [[arena]]
    name = "home-care-of-the-future"
    where = "stad"
    opens = "2021-01"
    focus = "public_health"
    area = "social"
    because = "a test"
    """
    assert "a second" in letter_of(write(arena + arena))
    assert "a second" in letter_of(write('extends = "stad"\n' + arena))


@pytest.mark.parametrize("kind", ["missing", "folder", "bytes", "loop", "pipe", "nul"])
def test_what_is_no_file_gets_a_letter(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "bytes":
        path.write_bytes(b"name = '\xff\xfe'")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "pipe":
        os.mkfifo(path)
    assert "to mend" in letter_of(f"{path}\0" if kind == "nul" else path)


def test_a_name_that_does_not_ship_gets_the_nearest(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    assert "did you mean 'norway14'?" in letter_of("norway")
    monkeypatch.chdir(write('name = "mine"').parent)
    assert read_scenario("mine").name == "mine"


def test_an_own_table_takes_the_place_of_the_fourteen(write: Write) -> None:
    write(
        "key,code,name,role,population_2020\nhere,9902,Here,plain,5000\nthere,9903,There,learner,800\n",
        "own.csv",
    )
    path = write('extends = "norway14"\n[world]\ntable = "own.csv"\n')
    letter = letter_of(path)
    assert "no municipality 'stad'" in letter
    scenario = read_scenario(write('[world]\ntable = "own.csv"\n'))
    assert scenario.municipalities == ("here", "there")
    assert scenario.table is not None
    assert scenario.table.is_absolute()
    assert read_scenario(write(scenario_to_toml(scenario), "again.toml")) == scenario


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("key,code,name,role,population_2020\nhere,,Here,plain,5000\n", "here.code"),
        ("key,name,role,population_2020\nhere,Here,plain,5000\n", "for an invented one 9901"),
        ("key,name,role,population_2020\nhere,Here,plain,5000\n", "here.code"),
        ("key,code,name,role,population_2020\na,9901,A,plain,5\nb,9901,B,plain,5\n", "the code of a"),
        ("key,code,name,role,population_2020\na,9901,A,pilott,5\n", "did you mean 'pilot'?"),
        ("key,code\n", "no rows"),
        ("", "no rows"),
    ],
)
def test_a_wrong_table_gets_a_letter(write: Write, table: str, told: str) -> None:
    write(table, "own.csv")
    assert told in letter_of(write('[world]\ntable = "own.csv"\n'))


def test_every_row_without_a_code_is_offered_another(write: Write) -> None:
    write("key,name,role,population_2020\nhere,Here,plain,5000\nthere,There,plain,5000\n", "own.csv")
    letter = letter_of(write('[world]\ntable = "own.csv"\n'))
    assert "invented one 9901" in letter
    assert "invented one 9902" in letter


def test_a_scenario_needs_a_world_or_one_to_rest_on(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "bare.toml"
    for text, told in (
        ("", "an empty file"),
        ('title = "x"\n[set]\n"talk.base" = 0.5\n', "neither extends nor [world]"),
    ):
        path.write_text(text, encoding="utf-8")
        letter = letter_of(path)
        assert told in letter
        assert 'extends = "stad"' in letter
    path.write_text('extends = "values.toml"\n[world]\nmunicipalities = ["stad"]\n', encoding="utf-8")
    (tmp_path / "values.toml").write_text('[set]\n"talk.base" = 0.5\n', encoding="utf-8")
    assert read_scenario(path).municipalities == ("stad",)
    assert "values.toml" in letter_of(tmp_path / "values.toml")


def test_a_folder_is_told_to_be_one(tmp_path: Path, write: Write) -> None:
    assert "is a folder, not a scenario file" in letter_of(tmp_path)
    write("", "inside.toml")
    assert f"such as {tmp_path / 'inside.toml'}" in letter_of(f"{tmp_path}/")


def test_a_table_that_is_no_file_gets_a_letter(write: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no ordinary file" in letter_of(write('[world]\ntable = "pipe.csv"\n'))
    assert "no ordinary file" in letter_of(write('[world]\ntable = "."\n'))


def test_too_many_actors_get_a_letter_that_says_how_many_persons_each(write: Write) -> None:
    write("key,code,name,role,population_2020\nbig,9901,Big,plain,100000000\n", "own.csv")
    letter = letter_of(write('[world]\ntable = "own.csv"\n'))
    assert "about 79,200,000 actors" in letter
    assert '"population.persons_per_actor" to 4 or more' in letter
    assert read_scenario(write('[world]\ntable = "own.csv"\n[set]\n"population.persons_per_actor" = 4\n'))
