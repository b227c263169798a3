"""The command line: exit codes, letters, one JSON document, and help that costs nothing."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cosim
from cosim.cli import main
from cosim.cli.progress import Progress
from cosim.errors import RunError
from cosim.results.record import FailedRun
from cosim.results.store import read_results
from cosim.results.tables import TableFile

TOP = Path(__file__).parents[2]
TINY = ["run", "traena", "--months", "6", "--replicates", "2", "--seed", "5", "--threads", "1"]
HEAVY = ("SALib", "jinja2", "matplotlib", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow")
ASK = """
import json, sys
from cosim.cli import main
code = main({words!r})
print(json.dumps([code, sorted(set(sys.modules) & set({heavy!r}))]), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of a tiny world, with a report."""
    folder = tmp_path_factory.mktemp("ran") / "results"
    assert main([*TINY, "--quiet", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["scenario", "--help"], ["manual"], ["--version"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK.format(words=words, heavy=HEAVY)],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(asked.stderr.splitlines()[-1]) == [0, []]
    assert asked.stdout


def test_the_module_is_the_command() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "cosim", "--version"], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert asked.stdout == f"cosim {cosim.__version__}\n"


WRONG = {
    "unknown command": (["rnu"], "did you mean 'run'"),
    "no scenario": (["run"], "SCENARIO"),
    "misspelt scenario": (["run", "stda"], "did you mean 'stad'"),
    "misspelt process": (["run", "stad", "--process", "regmie"], "did you mean 'regime'"),
    "unknown parameter": (["run", "stad", "--set", "trust.kpet=0.5"], "did you mean 'trust.kept'"),
    "value out of range": (["run", "stad", "--set", "trust.kept=7"], "trust.kept"),
    "no value": (["run", "stad", "--set", "trust.kept"], "name=value"),
    "no replicate": (["run", "stad", "--replicates", "0"], "'0' is not a whole number of 1 or more"),
    "negative seed": (["run", "stad", "--seed", "-1"], "'-1' is not a whole number of 0 or more"),
    "huge seed": (["run", "stad", "--seed", str(2**64)], "too large"),
    "no months": (["run", "stad", "--months", "many"], "'many' is not a whole number"),
    "too many months": (["run", "stad", "--months", "100000"], "--months"),
    "no such file": (["scenario", "check", "none.toml"], "none.toml"),
    "no such theory file": (["process", "check", "none.toml"], "none.toml"),
    "no such results": (["report", "nowhere"], "no such folder"),
    "strange picture": (["process", "draw", "regime", "--out", "regime.gif"], "regime.gif"),
    "no such chapter": (["manual", "weather"], "one of parameters, scenario"),
    "no such group": (["manual", "parameters", "trus"], "did you mean 'trust'"),
    "no such theory to match": (["process", "match", "regmie"], "did you mean 'regime'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_gives_a_letter_and_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, expected = WRONG[name]
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert expected in err
    assert "Traceback" not in err


def test_every_complaint_comes_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "stad", "--set", "trust.kpet=0.5", "--set", "nothing.at_all=1", "--process", "regmie"]) == 2
    assert "3 things to mend" in capsys.readouterr().err


def test_a_run_answers_and_keeps(ran: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    stored = read_results(ran)
    assert {"arena", "innovation", "municipality_month", "people", "survey", "outcomes"} == stored.tables.keys()
    assert sorted(stored.tables["outcomes"]["replicate"]) == [0, 1]
    assert {one["status"] for one in stored.manifest["replicates"]} == {"done"}
    assert stored.manifest["provenance"]["command"][-1] == "results"
    assert (ran / "index.html").is_file()
    assert all(note.meaning for notes in stored.notes.values() for note in notes.values())
    assert stored.notes["arena"].keys() >= {"level", "quality", "ending"}
    where = tmp_path / "again"
    assert main([*TINY, "--quiet", "--out", str(where), "--no-report"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "innovations_per_unit_year" in out
    assert f"results  {where}" in out
    assert not (where / "index.html").exists()
    for name, frame in read_results(where).tables.items():
        assert frame.equals(stored.tables[name])


def test_results_are_made_again_from_their_own_folder(ran: Path, tmp_path: Path) -> None:
    words = ["run", str(ran / "scenario.toml"), "--process", str(ran / "process.toml"), "--quiet", "--no-report"]
    assert main([*words, "--out", str(tmp_path / "again")]) == 0
    first, again = read_results(ran), read_results(tmp_path / "again")
    for name, frame in first.tables.items():
        assert frame.equals(again.tables[name]), name
    assert again.manifest["process"]["own"]
    assert 'process = "process.toml"' in again.manifest["scenario"]["text"]
    assert (
        main(["run", str(tmp_path / "again" / "scenario.toml"), "--quiet", "--no-report", "--out", str(tmp_path / "b")])
        == 0
    )
    assert read_results(tmp_path / "b").tables["outcomes"].equals(first.tables["outcomes"])


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*TINY, "--json", "--out", "a"]) == 0
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert out.count("\n") == 1
    assert "2 of 2 runs" in err
    assert {
        "scenario",
        "process",
        "seed",
        "months",
        "replicates",
        "outcomes",
        "targets",
        "failed",
        "folder",
        "page",
    } < {*said}
    assert (said["scenario"], said["seed"], said["months"]) == ("traena", 5, 6)
    assert said["replicates"] == {"done": 2, "failed": 0}
    assert said["folder"] == "a"
    assert said["answer"][0].startswith("Over 2 replicates of 6 months")
    one = said["outcomes"]["innovations_per_unit_year"]
    assert one.keys() == {"mean", "low", "high", "n", "unit"}
    assert one["low"] <= one["mean"] <= one["high"]
    assert said["outcomes"]["units_with_innovation"]["mean"] is None  # two years have not passed
    assert said["targets"]["units_with_innovation"]["verdict"] == "cannot say"


def test_a_folder_that_is_there_is_refused_before_anything_runs(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    assert main(["run", "norway14", "--replicates", "10000", "--out", str(ran)]) == 2
    assert time.monotonic() - began < 20
    assert "--replace" in capsys.readouterr().err


def test_a_report_can_be_made_again(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(ran)]) == 0
    assert capsys.readouterr().out == f"{ran / 'index.html'}\n"


def fake_runs(monkeypatch: pytest.MonkeyPatch, runs: Callable[..., Iterator[Any]]) -> None:
    """Let the command run something else than the model."""
    monkeypatch.setattr(import_module("cosim.run"), "run_replicates", runs)


def real_records(n: int) -> list[Any]:
    """Return records of a tiny world."""
    scenario = cosim.read_scenario("traena", months=3, replicates=n, seed=5)
    return [cosim.run(scenario, one) for one in range(n)]


def fallen(replicate: int) -> FailedRun:
    """Return a run that fell."""
    return FailedRun(
        scenario="traena", process="small-wins", seed=5, replicate=replicate, stage="run", kind="RunError",
        message="month 2 went wrong", command="cosim run traena --seed 5",
    )  # fmt: skip


def test_a_failed_replicate_is_told_and_the_rest_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = real_records(2)
    fake_runs(monkeypatch, lambda *_, **__: iter([records[0], fallen(1), records[1]]))
    assert main([*TINY, "--quiet", "--out", "a"]) == 1
    assert "month 2 went wrong" in capsys.readouterr().err
    stored = read_results("a")
    assert [one["status"] for one in stored.manifest["replicates"]].count("failed") == 1
    assert "month 2 went wrong" in Path("a/index.html").read_text(encoding="utf-8")


def test_when_all_fail_the_failures_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_runs(monkeypatch, lambda *_, **__: iter([fallen(0), fallen(1)]))
    assert main([*TINY, "--json", "--out", "a"]) == 1
    assert json.loads(capsys.readouterr().out)["replicates"] == {"done": 0, "failed": 2}
    assert len(read_results("a").failed) == 2


def test_a_disk_that_fills_up_does_not_lose_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TableFile, "close", full)
    assert main([*TINY, "--quiet", "--out", "a"]) == 1
    out, err = capsys.readouterr()
    assert "innovations_per_unit_year" in out
    assert "the disk is full" in err
    assert list(Path().iterdir()) == []


def test_a_report_that_cannot_be_made_does_not_lose_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fall(_folder: Path) -> Path:
        raise OSError("a fault planted by a test")

    monkeypatch.setattr("cosim.report.build.build_report", fall)
    assert main([*TINY, "--json", "--quiet", "--out", "a"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["folder"] == "a"
    assert "planted" in err
    read_results("a")


def stopping(*_: object, **__: object) -> Iterator[Any]:
    """Yield one record, then be stopped."""
    yield real_records(1)[0]
    raise KeyboardInterrupt


def test_ctrl_c_leaves_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fake_runs(monkeypatch, stopping)
    assert main([*TINY, "--quiet", "--out", "a"]) == 130
    assert capsys.readouterr().err == "\ncosim: stopped; nothing half-written was left\n"
    assert list(Path().iterdir()) == []


def test_what_nobody_foresaw_is_a_letter(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fall(*_: object, **__: object) -> Iterator[Any]:
        raise ZeroDivisionError("a fault planted by a test")

    fake_runs(monkeypatch, fall)
    assert main([*TINY, "--quiet"]) == 1
    err = capsys.readouterr().err
    assert "a fault planted by a test" in err
    assert "seed     5" in err
    assert "--debug" in err
    assert "Traceback" not in err
    assert main([*TINY, "--quiet", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_run_error_is_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fall(*_: object, **__: object) -> Iterator[Any]:
        raise RunError("month 3 left its range")

    fake_runs(monkeypatch, fall)
    assert main([*TINY, "--quiet"]) == 1
    assert "The run failed" in capsys.readouterr().err


def test_a_reader_who_stops_reading_is_no_fault() -> None:
    command = f"{sys.executable} -m cosim manual parameters | head -1"
    asked = subprocess.run(command, shell=True, cwd=TOP, capture_output=True, text=True, check=False)
    assert asked.stderr == ""
    assert asked.stdout.count("\n") == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_a_real_interrupt(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "cosim", "run", "norway14", "--replicates", "500", "--out", str(tmp_path / "a")]
    # A shell's background jobs, such as some CI's, are born deaf to Ctrl-C; the one that is to hear it is not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(words, cwd=TOP, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with running:
        assert running.stderr is not None
        for line in running.stderr:
            if "of 500 runs" in line:
                break
        running.send_signal(signal.SIGINT)
        running.wait(timeout=120)
        assert running.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_processes_are_listed_shown_drawn_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(cosim.list_processes())
    assert main(["process", "show", "regime"]) == 0
    assert capsys.readouterr().out.startswith("# regime")
    for ending in ("svg", "png", "pdf"):
        assert main(["process", "draw", "regime", "--out", f"own.{ending}"]) == 0
        assert Path(f"own.{ending}").stat().st_size > 1000
    assert main(["process", "draw", "regime"]) == 0
    assert main(["process", "draw", "regime"]) == 2  # regime.svg is there now
    assert main(["process", "check", "regime"]) == 0
    capsys.readouterr()
    path = TOP / "cosim" / "processes" / "regime.toml"
    assert main(["process", "show", "regime"]) == 0
    assert capsys.readouterr().out.endswith(f"\nfile: {path}\n")
    assert main(["process", "check", str(path)]) == 0


def test_scenarios_are_listed_shown_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(cosim.list_scenarios())
    assert main(["scenario", "show", "stad", "--toml"]) == 0
    Path("mine.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["scenario", "check", "mine.toml"]) == 0
    assert "stad can be used (1 municipality, 60 months from 2020-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["manual"], "chapters"),
        (["manual", "month"], "month.search"),
        (["manual", "month", "--lang", "nb"], "month.search"),
        (["manual", "outcomes"], "units_with_innovation (share"),
        (["manual", "vocabulary"], "joint_decision"),
        (["manual", "processes"], "# staged"),
        (["manual", "parameters", "meet"], "  range         0 to 16"),
        (["manual", "parameters", "meet.rounds"], "who says so"),
    ],
)
def test_the_manual_has_its_chapters(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert expected in capsys.readouterr().out


class Terminal(io.StringIO):
    """A stream that says it is a terminal, or not."""

    def __init__(self, tty: bool) -> None:
        super().__init__()
        self.tty = tty

    def isatty(self) -> bool:
        """Return what it says it is."""
        return self.tty


def test_progress_in_a_terminal_is_one_line_and_elsewhere_a_line_now_and_then() -> None:
    for tty in (True, False):
        ticks = iter(np.arange(0.0, 1000.0, 4.0))
        stream = Terminal(tty)
        progress = Progress(stream=stream, clock=lambda ticks=ticks: float(next(ticks)))
        for number in range(1, 11):
            progress.done(number, 10, failed=int(number > 5))
        text = stream.getvalue()
        assert text.count("\n") == (1 if tty else 4)
        assert "about" in text
        assert text.rstrip().removesuffix("\x1b[K").endswith("10 of 10 runs, 1 failed in 40 s")
    silent = Terminal(False)
    Progress(quiet=True, stream=silent).done(1, 1)
    assert silent.getvalue() == ""


def test_the_face_names_what_it_has() -> None:
    assert {"run", "read_scenario", "read_results"} <= set(dir(cosim))
    for name in cosim.__all__:
        assert getattr(cosim, name) is not None
    assert import_module("cosim.run") is not cosim.run
    assert callable(cosim.run)
    with pytest.raises(AttributeError, match="cosim has no 'nothing'"):
        _ = cosim.nothing
