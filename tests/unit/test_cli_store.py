"""``cosim store``: what a store holds, whether it is whole, and several made one, from the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from cosim.cli import store as command
from cosim.errors import StoreError
from cosim.results.runstore import RunStore
from tests.unit.run_blocks import block, key


def carry_out(*words: str) -> int:
    """Carry out a command line of ``cosim``, which knows no other command here."""
    parser = argparse.ArgumentParser(prog="cosim")
    command.add_command(parser.add_subparsers(required=True), argparse.ArgumentParser(add_help=False))
    options = parser.parse_args(["store", *words])
    code: int = options.command(options)
    return code


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Return the folder of a store with thirty runs in two shards."""
    store = RunStore(tmp_path / "store", create=True)
    store.write(block(range(20), failed=[3]))
    store.write(block(range(20, 30)))
    store.write_points({key(0, "point"): '{"version": "0.1"}'})
    return store.place


def test_list_says_what_there_is(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out("list", place) == 0
    said = capsys.readouterr().out
    assert "runs     30, of which 1 failed" in said
    assert "points   3, of which 1 say what made them" in said
    assert "shards   2 (" in said
    assert "model    0.1 (10 runs)" in said
    assert "outcome  innovations (29 runs)" in said
    assert carry_out("list", place, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["n_runs"] == 30
    assert told["model_versions"] == {"0.1": 10, "not said": 20}


def test_check_names_what_is_broken(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out("check", place) == 0
    assert "all is as it was written (2 shards, 30 runs)" in capsys.readouterr().out
    broken = next((Path(place) / "runs").iterdir())
    broken.write_bytes(b"half")
    with pytest.raises(StoreError, match=broken.name):
        carry_out("check", place)
    assert carry_out("list", place) == 0
    assert broken.name in capsys.readouterr().err


def test_merge_and_compact(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = str(tmp_path / "into")
    with pytest.raises(StoreError, match=r"no store\.json"):
        carry_out("merge", into, place)
    assert carry_out("merge", into, place, "--create") == 0
    said = capsys.readouterr().out
    assert said == f"{into}: 30 new runs in 2 new shards; 1 new file of points, 0 new files of the journal\n"
    assert carry_out("compact", into) == 0
    assert "2 shards became 1, 1 file of points became 1" in capsys.readouterr().out
    assert len(RunStore(into).read()) == 30
