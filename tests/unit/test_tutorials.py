"""The tutorials run from start to end, as they stand, without a warning of their own."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorials"


def run_tutorial(name: str) -> None:
    """Run a tutorial as a reader would who runs the file."""
    runpy.run_path(str(TUTORIALS / name), run_name="__main__")


def test_all_of_them_are_tested_here() -> None:
    assert sorted(path.name for path in TUTORIALS.iterdir() if path.is_file()) == [
        "with_ema_workbench.py",
        "with_salib.py",
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ipyparallel not installed:UserWarning")  # said when the workbench is imported
def test_the_workbench_drives_runs(capsys: pytest.CaptureFixture[str]) -> None:
    run_tutorial("with_ema_workbench.py")
    told = capsys.readouterr().out
    assert "open_doors: +" in told
    assert "is chance" in told


@pytest.mark.slow
def test_salib_drives_runs(capsys: pytest.CaptureFixture[str]) -> None:
    run_tutorial("with_salib.py")
    told = capsys.readouterr().out
    assert "people.trust" in told
    assert "chance is" in told
