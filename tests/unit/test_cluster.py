"""A study on a Dask cluster: the bits it has on threads, and nothing lost with a worker that is killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosim.errors import RunError, StudyError
from cosim.results.runstore import RunStore
from cosim.study import execute as module
from cosim.study.execute import Elsewhere, execute, gather
from cosim.study.points import Point, point_at
from tests.unit.study_files import make_study

pytest.importorskip("distributed", reason="the cluster is an extra")
COLUMNS = ("innovations_per_unit_year", "optimism")
LUCKS = range(24)
PATIENCE = 120.0
COMMAND = "from distributed.cli.{0} import main; main()"


class Cluster:
    """A scheduler and workers on this machine, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log = (folder / "log").open("wb")
        self._environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        self._begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                self.address = str(json.loads(self._file.read_text())["address"])
                return
            except (OSError, ValueError):
                assert time.monotonic() < ends, "no scheduler came"
                time.sleep(0.1)

    def _begin(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", COMMAND.format(what), *words, "--scheduler-file", str(self._file)]
        process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=self._environment)
        self._processes.append(process)
        return process

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Begin a worker of one thread, which nobody begins again when it dies."""
        words = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60")
        return self._begin("dask_worker", *words)

    def end(self) -> None:
        """End every process that was begun."""
        for process in self._processes[::-1]:
            process.kill()
            process.wait()
        self._log.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Return a scheduler without workers."""
    one = Cluster(tmp_path)
    yield one
    one.end()


@pytest.fixture
def points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Point]:
    """Return the points of a small design, in blocks of eight runs."""
    monkeypatch.setattr(module, "MOST_RUNS", 8)
    study = make_study(tmp_path)
    word, model = study.processes[0]
    return [point_at(study.baseline, word, model, {"people.trust": 0.3 + 0.02 * at}) for at in range(12)]


def on_threads(points: list[Point], place: Path) -> tuple[np.ndarray[Any, Any], dict[str, bytes]]:
    """Return what the runs come to on threads here, and the files of their store."""
    store = RunStore(place, create=True)
    execute(points, LUCKS, COLUMNS, store)
    return gather(points, LUCKS, COLUMNS, store), files_of(store)


def files_of(store: RunStore) -> dict[str, bytes]:
    """Return the files of runs with their bytes."""
    return {path.name: path.read_bytes() for path in Path(store.place, "runs").iterdir()}


@pytest.mark.slow
def test_the_same_bits_and_nothing_lost_with_a_worker(cluster: Cluster, points: list[Point], tmp_path: Path) -> None:
    values, files = on_threads(points, tmp_path / "threads")
    store = RunStore(tmp_path / "cluster", create=True)
    workers = [cluster.add_worker(), cluster.add_worker()]
    told: list[tuple[int, int, int]] = []

    def kill_one(*numbers: int) -> None:
        told.append((numbers[0], numbers[1], numbers[2]))
        if len(told) == 6:
            workers[0].kill()
            workers[0].wait()

    made = execute(points, LUCKS, COLUMNS, store, where=Elsewhere(scheduler=cluster.address), on_done=kill_one)
    assert made[:5] == (288, 0, 288, 0, 0)
    assert workers[0].returncode is not None
    assert workers[1].poll() is None
    assert told[-1] == (288, 288, 0)
    assert len(told) == 36
    assert np.array_equal(gather(points, LUCKS, COLUMNS, store), values, equal_nan=True)
    assert files_of(store) == files
    assert store.check() == ()
    # And what is there is not made again, nor what a deadline leaves out.
    rest = execute(points, range(30), COLUMNS, store, where=Elsewhere(scheduler=cluster.address), deadline=0.0)
    assert (rest.found, rest.made + rest.left) == (288, 72)


@pytest.mark.slow
def test_a_worker_that_cannot_make_runs_gets_a_letter(
    cluster: Cluster, points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.add_worker()
    store = RunStore(tmp_path / "cluster", create=True)
    with monkeypatch.context() as patch:
        patch.setattr(module, "model_version", lambda: "another")
        with pytest.raises(StudyError, match="the same version of cosim on every worker"):
            execute(points, LUCKS, COLUMNS, store, where=Elsewhere(scheduler=cluster.address))
    with monkeypatch.context() as patch:
        patch.setattr(module, "measure_columns", None)  # here; there it is as it was
        patch.setattr(module, "make_block", time.sleep)
        with pytest.raises(RunError, match="TypeError"):
            execute(points, LUCKS, COLUMNS, store, where=Elsewhere(scheduler=cluster.address))
    assert len(store.refresh()) == 0


@pytest.mark.slow
def test_no_worker_gets_a_letter(
    cluster: Cluster, points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1.0)
    store = RunStore(tmp_path / "cluster", create=True)
    with pytest.raises(StudyError, match="no worker there"):
        execute(points, LUCKS, COLUMNS, store, where=Elsewhere(scheduler=cluster.address))


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "nonsense", "http://127.0.0.1:{port}", "tcp://", ":::"])
def test_a_scheduler_that_is_not_there_gets_a_letter(
    points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1.0)
    store = RunStore(tmp_path / "store", create=True)
    where = Elsewhere(scheduler=address.format(port=free_port()))
    with pytest.raises(StudyError, match="--scheduler"):
        execute(points, LUCKS, COLUMNS, store, where=where)
