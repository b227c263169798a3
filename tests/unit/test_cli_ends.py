"""The command line at its ends: streams that cannot be written, signals, and what an override replaces."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cosim.cli import main
from tests.unit.test_cli import TINY, TOP, fake_runs, real_records


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
def test_output_that_cannot_be_written_is_no_fault_of_cosim() -> None:
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "cosim", "manual", "month"]
        asked = subprocess.run(words, cwd=TOP, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert asked.returncode == 1
    assert asked.stderr == "cosim: output could not be written: No space left on device\n"


def test_a_narrow_stream_gets_plain_signs() -> None:
    line = "from cosim.cli.entry import _survive_narrow_terminals as s; import sys; s(sys.stdout); "
    line += "print('\u22121 \u2192 \u00e6')"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    asked = subprocess.run(
        [sys.executable, "-c", line], cwd=TOP, env=environment, capture_output=True, text=True, check=True
    )
    assert asked.stdout == "-1 -> ?\n"


def test_what_an_override_replaces_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "stad", "--months", "6", "--replicates", "2", "--only", "7", "--quiet", "--no-report"]
    assert main([*words, "--set", "context.meetings_closed=0.1"]) == 0
    err = capsys.readouterr().err
    assert "replaces all 2 scheduled changes of it (from 2020-03, from 2020-11)" in err
    assert "replicate 7 lies beyond" in err


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_stop_it_as_ctrl_c_does(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number = getattr(signal, name)

    def stopped(*_: object, **__: object) -> Iterator[Any]:
        yield real_records(1)[0]
        signal.raise_signal(number)

    fake_runs(monkeypatch, stopped)
    found = signal.signal(number, signal.SIG_DFL)  # under nohup it would be ignored, and rightly so
    try:
        assert_stopped_by(number, capsys)
    finally:
        signal.signal(number, found)


def assert_stopped_by(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Run until the signal comes; nothing is left behind, the handler neither."""
    before = signal.getsignal(number)
    assert main([*TINY, "--quiet", "--out", "a"]) == 128 + number
    assert "nothing half-written" in capsys.readouterr().err
    assert list(Path().iterdir()) == []
    assert signal.getsignal(number) == before
