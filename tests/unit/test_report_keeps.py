"""A report keeps its hands off what it did not write, and says how its numbers are made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.cli import main
from cosim.errors import StoreError
from cosim.report.build import build_report
from cosim.report.page import tell_rerun
from cosim.results.store import read_report_files
from cosim.results.writer import write_results
from tests.unit.stored_run import frames_of, manifest_of


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a folder with results and a report."""
    folder = write_results(tmp_path / "a", {one: frames_of(one) for one in range(2)}, manifest_of(2))
    build_report(folder)
    return folder


def test_a_report_leaves_other_files_alone(built: Path) -> None:
    mine = built / "figures" / "mine.txt"
    mine.write_text("my notes")
    build_report(built, replace=True)
    assert mine.read_text() == "my notes"
    assert "figures/mine.txt" not in read_report_files(built)
    with pytest.raises(StoreError, match=r"did not write: figures/mine\.txt"):
        write_results(built, {0: frames_of(0)}, manifest_of(1), replace=True)
    assert mine.read_text() == "my notes"
    mine.unlink()
    write_results(built, {0: frames_of(0)}, manifest_of(1), replace=True)
    assert not (built / "figures").exists()


@pytest.mark.parametrize("name", ["index.html", "figures/trust.svg"])
def test_what_was_changed_by_hand_is_not_written_over(
    built: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = built / name, built / "figures" / "outlook.svg"
    path.write_text("mine")
    other.unlink()
    assert main(["report", str(built)]) == 2
    letter = capsys.readouterr().err
    assert "changed since the report wrote it" in letter
    assert str(path) in letter
    assert path.read_text() == "mine"
    assert not other.exists()  # all or nothing
    assert main(["report", str(built), "--replace"]) == 0
    assert path.read_text() != "mine"
    assert other.exists()


def test_figures_of_an_older_report_go_unless_somebody_changed_them(tmp_path: Path) -> None:
    folder = write_results(tmp_path / "a", {one: frames_of(one) for one in range(2)}, manifest_of(2))
    build_report(folder)
    (folder / "figures" / "municipalities.svg").write_text("mine")
    record = (folder / "report.json").read_text()
    alone = tmp_path / "b"
    write_results(alone, {one: frames_of(one, municipalities=("stad",)) for one in range(2)}, manifest_of(2))
    (folder / "figures").rename(alone / "figures")
    (alone / "report.json").write_text(record)
    build_report(alone, replace=True)
    assert (alone / "figures" / "municipalities.svg").read_text() == "mine"
    assert not (alone / "figures" / "municipalities.png").exists()


def test_a_page_without_a_list_is_somebodys_own(built: Path) -> None:
    (built / "report.json").write_text("[]")
    build_report(built)  # the same bytes: nothing is lost
    (built / "report.json").unlink()
    (built / "index.html").write_text("mine")
    with pytest.raises(StoreError, match="a file that no report wrote"):
        build_report(built)


@pytest.mark.parametrize(
    ("numbers", "n_asked", "expected"),
    [
        (range(3), 3, "--seed 7 --replicates 3 --out again"),
        ([4], 20, "--seed 7 --replicates 20 --only 4 --out again"),
        ([0], 20, "--seed 7 --replicates 20 --only 0 --out again"),
        ([7], 1, "--seed 7 --replicates 1 --only 7 --out again"),
        ([0], 1, "--seed 7 --replicates 1 --out again"),
    ],
)
def test_the_page_says_how_its_numbers_are_made_again(numbers: range | list[int], n_asked: int, expected: str) -> None:
    manifest = manifest_of(0)
    manifest["scenario"]["replicates"] = n_asked
    manifest["replicates"] = [{"replicate": one, "status": "done"} for one in numbers]
    assert tell_rerun(manifest) == f"cosim run scenario.toml {expected}"
