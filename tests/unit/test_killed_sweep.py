"""A sweep that is killed at any moment and begun again ends with the store it would have had undisturbed."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from cosim.results.runstore import RunStore
from cosim.study import execute
from cosim.study.reading import read_study
from cosim.study.sweep import sweep_factors
from tests.unit.study_files import SWEEP, write_study

KILLS = 10
STUDY = SWEEP.replace("n = 8", "n = 64").replace("least = 4", "least = 8")
"""260 points and 2,088 runs of some 3 ms."""


def make(study: Path, place: Path, told: Connection) -> None:
    """Make a sweep and tell how far it has come."""
    execute.MOST_RUNS = 16  # so that there are many files to be cut off in
    store = RunStore(place, create=True)
    told.send(0)
    swept = sweep_factors(read_study(study), store, on_done=lambda number, *_: told.send(number))
    assert swept is not None
    told.send(sum(one.made for one in swept.made))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a store but its journal, with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "journal" not in path.parts
    }


def begin(context: Any, study: Path, place: Path) -> tuple[Any, Connection]:
    """Begin a sweep in a process of its own; return it, and what it tells."""
    told, teller = context.Pipe(duplex=False)
    process = context.Process(target=make, args=(study, place, teller))
    process.start()
    teller.close()
    assert told.recv() == 0
    return process, told


def finish(process: Any, told: Connection) -> int:
    """Let a sweep come to its end; return how many runs it made."""
    last = 0
    while True:
        try:
            last = told.recv()
        except EOFError:
            process.join()
            assert process.exitcode == 0
            return last


@pytest.mark.slow
@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="this system kills otherwise")
def test_killed_ten_times_and_none_the_worse(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cosim.study.sweep"])
    study = write_study(tmp_path, STUDY)
    luck = random.Random(6)
    began = time.monotonic()
    n_runs = finish(*begin(context, study, tmp_path / "whole"))
    whole = time.monotonic() - began
    expected = files_of(tmp_path / "whole")
    place = tmp_path / "killed"
    seen: list[int] = []
    for kill in range(KILLS):
        process, told = begin(context, study, place)
        # Some in the middle of the first files, some between, some in the middle of a write.
        for _file in range(luck.randrange(1 + kill)):
            told.recv()
        time.sleep(luck.random() * min(0.2, whole / 20))
        process.kill()
        process.join()
        told.close()
        assert process.exitcode == -signal.SIGKILL
        store = RunStore(place)
        assert store.check() == (), "what is there is whole, whenever it was cut off"
        seen.append(len(store.refresh()))
        assert seen == sorted(seen), "nothing that was there is lost"
    assert 0 < seen[-1] < n_runs
    assert finish(*begin(context, study, place)) == n_runs - seen[-1], "no run that was there was made again"
    RunStore(place)  # sweeps up what was half-written
    assert files_of(place) == expected
