"""A changed copy of a theory that ships is nowhere taken for it, and a check says what deserves a second look."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosim.cli import main
from cosim.processes.catalogue import FOLDER, is_shipped, label_of, list_processes, read_process
from cosim.processes.cautions import caution
from cosim.processes.reading import process_from_text, read_process_file
from cosim.results.store import read_results
from tests.unit.small_theory import SMALL

DRIVE = 0.56


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def changed_copy() -> Path:
    """Write a copy of regime that keeps its name and says something else, and return its path."""
    text = (FOLDER / "regime.toml").read_text(encoding="utf-8")
    path = Path("mine.toml")
    path.write_text(text.replace("weight = 1.0", "weight = 2.5", 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    return path


def test_a_theory_that_ships_keeps_its_name_wherever_it_lies() -> None:
    for name in list_processes():
        assert label_of(read_process(name), name) == name
    Path("copy.toml").write_bytes((FOLDER / "regime.toml").read_bytes())
    assert label_of(read_process("copy.toml"), "copy.toml") == "regime"


def test_a_changed_copy_is_shown_as_an_own_table(capsys: pytest.CaptureFixture[str]) -> None:
    path = changed_copy()
    assert not is_shipped(read_process(str(path)))
    words = ["run", "traena", "--process", str(path), "--months", "6", "--replicates", "2", "--quiet"]
    assert main(words) == 0
    assert "theory   regime (own table, mine.toml)" in capsys.readouterr().out
    (folder,) = Path("results").iterdir()
    assert folder.name.startswith("traena-regime-own-")
    assert read_results(folder).manifest["process"]["label"] == "regime (own table, mine.toml)"
    assert "<code>regime (own table, mine.toml)</code>" in (folder / "index.html").read_text(encoding="utf-8")
    assert b"process regime (own table, mine.toml)" in (folder / "figures" / "trust.png").read_bytes()
    assert main([*words, "--json", "--no-report", "--out", "b"]) == 0
    assert json.loads(capsys.readouterr().out)["theory"] == "regime (own table, mine.toml)"
    Path("own.toml").write_text(f'extends = "stad"\nprocess = "{path}"\n')
    assert main(["scenario", "check", "own.toml"]) == 0
    assert "theory regime (own table, mine.toml))" in capsys.readouterr().out


def test_a_check_says_what_deserves_a_second_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "check", str(changed_copy())]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "mine.toml: regime can be used" in told
    assert "note: it calls itself regime, as a theory that ships, and says something else" in told
    assert "the spectral radius of its arrows is" in told
    assert "it tips" in told


def test_notes_on_loops_and_self_arrows() -> None:
    assert caution(read_process("additive"), DRIVE) == []
    (note,) = caution(read_process("regime"), DRIVE)
    assert "spectral radius of its arrows is 2" in note
    assert "passes 0.5 it tips" in note
    assert "By default that product is 0.56, above it" in note
    (quiet,) = caution(read_process("small-wins"), DRIVE)
    assert "below it" in quiet
    loop = SMALL.replace(
        '{ from = "zeal", to = "zeal", weight = 1.0 }', '{ from = "zeal", to = "zeal", weight = -3.0 }'
    )
    notes = caution(process_from_text(loop), DRIVE)
    assert any("With their signs they never tip" in one for one in notes)
    assert any("from a construct to itself: zeal (−3)" in one for one in notes)


def test_a_check_of_the_file_that_ships_notes_no_other_name() -> None:
    model = read_process_file(FOLDER / "trait-led.toml", {"trait-led": read_process("trait-led").scale})
    assert caution(model, DRIVE) == []
