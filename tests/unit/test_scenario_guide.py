"""Every example in the guides can be copied, read and run as it stands."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from cosim.cli import main
from cosim.cli.manual import GUIDE
from cosim.processes.catalogue import FOLDER, read_process
from cosim.scenario.files import SHIPPED
from cosim.scenario.reading import read_scenario

EXAMPLE = re.compile(r"^File (\S+)\n\n((?:(?:    .*)?\n)+)", flags=re.MULTILINE)


def copy_examples(folder: Path, guide: str) -> list[Path]:
    """Return the files of a guide, copied out as a reader would."""
    files = []
    for name, text in EXAMPLE.findall(guide):
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8")
    return files


def test_the_guide_to_scenarios_is_right(tmp_path: Path) -> None:
    guide = (SHIPPED / GUIDE).read_text(encoding="utf-8")
    files = copy_examples(tmp_path, guide)
    assert [path.name for path in files] == [
        "facilitator.toml",
        "half-the-votes.toml",
        "my-places.csv",
        "my-place.toml",
    ]
    hired, votes, mine = (read_scenario(path) for path in files if path.suffix == ".toml")
    assert hired.values_in("stad", 11)["arenas.facilitation"] == 0.3
    assert hired.values_in("stad", 12)["arenas.facilitation"] == 0.8
    assert "youth-council" in [arena.name for arena in votes.arenas]
    shares = [votes.values_in("stad", month)["arenas.power_share"] for month in (11, 12, 35, 36)]
    assert shares == [0.35, 0.5, 0.5, 0.35]
    assert votes.values_in("sola", 12)["arenas.power_share"] == 0.35
    assert votes.values_in("stad")["arenas.recruitment"] == 0.5
    assert (mine.municipalities, mine.process) == (("mine",), "regime")


def test_an_indented_copy_is_read_as_well(tmp_path: Path) -> None:
    guide = (SHIPPED / GUIDE).read_text(encoding="utf-8")
    copy_examples(tmp_path, guide)
    as_it_stands = read_scenario(tmp_path / "my-place.toml")
    for path in tmp_path.iterdir():
        path.write_text(textwrap.dedent(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert read_scenario(tmp_path / "my-place.toml") == as_it_stands


def test_the_guide_to_theories_is_right(tmp_path: Path) -> None:
    files = copy_examples(tmp_path, (FOLDER / GUIDE).read_text(encoding="utf-8"))
    assert [path.name for path in files] == ["mine.toml"]
    model = read_process(files[0])
    assert (len(model.constructs), len(model.phases), len(model.claims)) == (3, 2, 1)
    assert main(["process", "check", str(files[0])]) == 0


@pytest.mark.parametrize(("page", "folder"), [("scenario", SHIPPED), ("theory", FOLDER)])
def test_the_manual_prints_them(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manual", page]) == 0
    told = capsys.readouterr().out
    assert (folder / GUIDE).read_text(encoding="utf-8") in told
    assert str(folder) in told
    assert len(told.splitlines()) <= 100
    assert max(map(len, told.splitlines()[:-1])) <= 120
