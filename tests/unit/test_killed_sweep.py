"""A sweep that is killed at any moment and begun again ends with the store it would have had undisturbed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cosim.errors import StoreError
from cosim.results.runstore import RunStore
from tests.unit.study_files import SWEEP, write_study

KILLS = 10
STUDY = SWEEP.replace("n = 8", "n = 64").replace("least = 4", "least = 8")
"""264 points and 2,112 runs of some 3 ms."""
MAKE = """
import sys
from cosim.study import execute
execute.MOST_RUNS = 16  # so that there are many files to be cut off in
from cosim.results.runstore import RunStore
from cosim.study.reading import read_study
from cosim.study.sweep import sweep_factors
store = RunStore(sys.argv[2], create=True)
print("begun", flush=True)
swept = sweep_factors(read_study(sys.argv[1]), store, on_done=lambda number, *_: print(number, flush=True))
print("made", sum(one.made for one in swept.made), flush=True)
"""


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a store but its journal, with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "journal" not in path.parts
    }


def begin(study: Path, store: Path) -> subprocess.Popen[str]:
    """Begin a sweep in a process of its own, and return it when it makes its first runs."""
    words = [sys.executable, "-W", "error", "-c", MAKE, str(study), str(store)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills otherwise")
def test_killed_ten_times_and_none_the_worse(tmp_path: Path) -> None:
    study = write_study(tmp_path, STUDY)
    luck = random.Random(6)
    began = time.monotonic()
    out, err = begin(study, tmp_path / "whole").communicate(timeout=300)
    whole = time.monotonic() - began
    assert err == ""
    n_runs = int(out.split()[-1])
    expected = files_of(tmp_path / "whole")
    place = tmp_path / "killed"
    cut_off = 0
    seen: list[int] = []
    for kill in range(KILLS):
        process = begin(study, place)
        assert process.stdout is not None
        # Some in the middle of the first files, some between, some in the middle of a write.
        for _line in range(luck.randrange(1 + kill)):
            process.stdout.readline()
        time.sleep(luck.random() * min(0.2, whole / 20))
        process.kill()
        process.communicate()
        cut_off += process.returncode == -signal.SIGKILL
        store = RunStore(place)
        assert store.check() == (), "what is there is whole, whenever it was cut off"
        seen.append(len(store.refresh()))
        assert seen == sorted(seen), "nothing that was there is lost"
    assert cut_off == KILLS
    assert 0 < seen[-1] < n_runs
    out, err = begin(study, place).communicate(timeout=300)
    assert err == ""
    assert int(out.split()[-1]) == n_runs - seen[-1], "no run that was there was made again"
    RunStore(place)  # sweeps up what was half-written
    assert files_of(place) == expected
    with pytest.raises(StoreError):
        RunStore(tmp_path / "nowhere")
