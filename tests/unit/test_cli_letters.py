"""What the command line says to words it cannot use, and to one who stops it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import cosim
from cosim.cli import main
from cosim.errors import ScenarioError
from cosim.study.matching import Match
from tests.unit.small_theory import SMALL
from tests.unit.test_cli import TINY

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


SAID = {
    "misspelt option": (["run", "stad", "--replicats", "4"], ["cosim run", "did you mean '--replicates'?"]),
    "misspelt option with its value": (["run", "stad", "--sed=4"], ["no option '--sed'", "did you mean '--seed'?"]),
    "misspelt command": (["rnu"], ["'rnu'", "did you mean 'run'?"]),
    "misspelt verb": (["process", "shwo"], ["cosim process: VERB", "did you mean 'show'?"]),
    "word too many": (["scenario", "show", "stad", "asker"], ["'asker', one word too many"]),
    "nothing named": (["run"], ["cosim run: SCENARIO", "found    nothing"]),
    "no value": (["run", "stad", "--seed"], ["cosim run: --seed", "expected one argument"]),
    "no number": (["run", "stad", "--seed", "x"], ["'x' is not a whole number"]),
    "decimal comma": (["run", "stad", "--set", "arenas.openness=0,8"], ["write 0.8 with a decimal point; it means"]),
    "per cent": (["run", "stad", "--set", "arenas.openness=80%"], ["write 0.8; it means"]),
    "an option under --set": (["run", "stad", "--set", "months=3"], ["cosim run --set: months", "write --months"]),
    "no theory like it": (["run", "stad", "--process", "nope"], ["cosim run: --process", "cosim process list"]),
    "empty place": (["run", "stad", "--out", ""], ["cosim run: --out", "an empty name is no place"]),
    "a file for a folder": (["report", "notes.txt"], ["a file, not a folder", "the folder it lies in"]),
    "no scenario ending": (["scenario", "check", "notes.txt"], ["does not end in .toml", "rename it to notes.toml"]),
    "no theory ending": (["process", "check", "notes.txt"], ["does not end in .toml", "rename it to notes.toml"]),
    "picture that is there": (["process", "draw", "regime", "--out", "there.svg"], ["add --replace"]),
    "table that is there": (["process", "match", "--out", "notes.txt"], ["add --replace"]),
    "picture in no folder": (["process", "draw", "regime", "--out", "none/a.svg"], ["no folder none"]),
    "table in no folder": (["process", "match", "--out", "none/a.toml"], ["no folder none"]),
}


@pytest.mark.parametrize("name", SAID)
def test_a_letter_says_what_to_do(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.txt").write_text("mine")
    Path("there.svg").write_text("mine")
    words, expected = SAID[name]
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [one for one in [*expected, "    do "] if one not in err] == []
    assert "usage:" not in err
    assert Path("notes.txt").read_text() == Path("there.svg").read_text() == "mine"
    assert not Path("none").exists()


@pytest.mark.parametrize("words", [[], ["scenario"], ["process"], ["manual"]])
def test_who_asks_for_nothing_is_told_what_there_is(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 5
    assert err == ""


def test_a_picture_is_written_over_when_told() -> None:
    Path("there.svg").write_text("mine")
    assert main(["process", "draw", "regime", "--out", "there.svg", "--replace"]) == 0
    assert Path("there.svg").stat().st_size > 1000


def test_a_full_disk_is_no_wrong_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def found(*_: object, on_match: object, **__: object) -> None:
        assert callable(on_match)
        on_match(Match("regime", 0.5, 50.0, 50.0, 0.5, 40))

    def full(*_: object, **__: object) -> int:
        raise FULL

    monkeypatch.setattr("cosim.study.matching.match_processes", found)
    assert main(["process", "match", "--out", "a.toml"]) == 0
    assert "regime = 0.5  # 50.0 against 50.0" in Path("a.toml").read_text()
    monkeypatch.setattr(Path, "write_text", full)
    assert main(["process", "match", "--out", "b.toml"]) == 1
    assert "No space left" in capsys.readouterr().err


def test_a_value_given_twice_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    twice = ["--set", "arenas.openness=0.1", "--set", "arenas.openness = 0.2"]
    assert main([*TINY, *twice, "--quiet", "--no-report"]) == 0
    assert "--set arenas.openness was given 2 times; the last holds: 0.2" in capsys.readouterr().err


def test_who_stops_while_the_page_is_made_is_told_where_the_tables_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_folder: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("cosim.report.build.build_report", stop)
    assert main([*TINY, "--quiet", "--out", "a"]) == 130
    assert "the tables are whole and lie in a; cosim report a makes" in capsys.readouterr().err
    cosim.read_results("a")


def test_python_callers_get_their_own_words() -> None:
    with pytest.raises(ScenarioError) as letter:
        cosim.CoCreationModel(process="nope", settings={"trust.kpet": 0.5})
    assert "cosim run" not in str(letter.value)
    assert "--" not in str(letter.value)
    assert "cosim.CoCreationModel: process" in str(letter.value)
    assert "cosim.CoCreationModel: settings.trust.kpet" in str(letter.value)
    with pytest.raises(ScenarioError, match=r"cosim\.read_scenario: months"):
        cosim.read_scenario("stad", months=0)


def test_actors_are_on_the_face() -> None:
    model = cosim.CoCreationModel("traena", settings={"population.persons_per_actor": 50.0})
    kinds = (cosim.PublicActor, cosim.PrivateActor, cosim.CivicActor, cosim.ResearchActor)
    assert {*model.agents_by_type} == {*kinds}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('decision = "consent"|decision = "king"', "choose one of them"),
        ("weight = 2.0|weight = 200", "write 10 or less"),
        ("weight = 2.0|weight = '2'", "without quotes"),
        ('measured = "optimism"|measured = "zzz"', "choose one of them"),
    ],
)
def test_every_complaint_about_a_theory_says_what_to_do(
    change: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = change.split("|")
    assert before in SMALL
    Path("mine.toml").write_text(SMALL.replace(before, after))
    assert main(["process", "check", "mine.toml"]) == 2
    err = capsys.readouterr().err
    assert expected in err


def test_every_complaint_about_an_arena_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.toml").write_text(
        'extends = "stad"\n[[arena]]\nname = "a"\nwhere = "stad"\nopens = "2020-02"\nfocus = "zzz"\narea = "zzz"\n'
        'invites = ["zzz"]\nbecause = "a test"\n'
    )
    assert main(["scenario", "check", "mine.toml"]) == 2
    err = capsys.readouterr().err
    assert err.count("    found") == err.count("    do ") == 3
