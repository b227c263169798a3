"""Killed writers, two writers at once, full disks, damaged files: nothing is lost, and every fault has its letter."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cosim.errors import StoreError
from cosim.results import joining, places, sealed
from cosim.results.joining import compact, merge
from cosim.results.runstore import RunStore
from tests.unit.run_blocks import OUTCOMES, block, key
from tests.unit.test_runstore import keys, shards

TOP = Path(__file__).parents[2]
WRITE = """
import os, signal, sys
from cosim.results.runstore import RunStore
from tests.unit.run_blocks import block
place, first, last, doomed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
store = RunStore(place)
put_in_place = os.replace
for number in range(first, last):
    if number == doomed:
        os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    store.write(block(range(100 * number, 100 * number + 200), failed=[100 * number]))
    print(number, flush=True)
"""


def writer(store: RunStore, first: int, last: int, doomed: int = -1) -> subprocess.Popen[str]:
    """Start a process that writes numbered blocks, and kills itself with one lying half in place."""
    words = [sys.executable, "-c", WRITE, store.place, str(first), str(last), str(doomed)]
    return subprocess.Popen(words, cwd=TOP, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """Return an empty store in a folder."""
    return RunStore(tmp_path / "store", create=True)


@pytest.fixture
def undisturbed(tmp_path: Path) -> RunStore:
    """Return a store in which the first blocks were written without any trouble."""
    whole = RunStore(tmp_path / "undisturbed", create=True)
    for number in range(8):
        whole.write(block(range(100 * number, 100 * number + 200), failed=[100 * number]))
    return whole


def hidden(store: RunStore) -> list[Path]:
    """Return what lies hidden among the runs of a store."""
    return [one for one in (Path(store.place) / "runs").iterdir() if one.name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="nobody is killed there")
def test_what_a_killed_writer_left_is_swept_and_nothing_is_lost(store: RunStore, undisturbed: RunStore) -> None:
    with writer(store, 0, 8, doomed=3) as process:
        assert process.wait() == -signal.SIGKILL
    assert len(hidden(store)) == 1
    assert not hidden(RunStore(store.place)), "its writer is gone"
    assert len(shards(store)) == 3
    assert shards(store).items() <= shards(undisturbed).items()
    with writer(store, 0, 8) as process:
        assert process.wait() == 0
    assert shards(store) == shards(undisturbed)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="nobody is killed there")
def test_writers_killed_at_any_moment_leave_whole_shards(store: RunStore, undisturbed: RunStore) -> None:
    for milliseconds in (0, 7, 23, 41):
        with writer(store, 0, 10_000) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(milliseconds / 1000)
            process.kill()
        reader = RunStore(store.place)
        assert reader.check() == ()
        assert not reader.read(keys(range(200)), list(OUTCOMES))["status"].eq("missing").any()
    written = shards(store)
    assert all(written[name] == whole for name, whole in shards(undisturbed).items() if name in written)


def test_leftovers_of_other_machines_wait_an_hour(store: RunStore) -> None:
    store.write(block([1]))
    runs = Path(store.place) / "runs"
    fresh, old = (runs / f".{name}.parquet.0123abcd-1-0123abcd.partial" for name in ("fresh", "old"))
    for path in (fresh, old, runs / ".keep"):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * places.AN_HOUR,) * 2)
    assert len(RunStore(store.place).read()) == 1
    assert sorted(one.name for one in hidden(store)) == sorted([fresh.name, ".keep"])


def test_a_writer_whose_hidden_file_was_swept_writes_it_again(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, swept = os.replace, []

    def swept_first(source: Path, target: Path) -> None:
        if not swept:
            swept.append(source)
            source.unlink()
        replace(source, target)

    monkeypatch.setattr(places.os, "replace", swept_first)
    store.write(block([1]))
    assert len(store.read()) == 1


def test_two_processes_write_the_same_and_different_blocks(store: RunStore, undisturbed: RunStore) -> None:
    with writer(store, 0, 6) as one, writer(store, 2, 8) as other:
        assert one.wait() == 0
        assert other.wait() == 0
    assert shards(store) == shards(undisturbed)
    assert store.check() == ()
    pd.testing.assert_frame_equal(store.read(), undisturbed.read())


def test_two_may_make_a_store_at_once(tmp_path: Path) -> None:
    faults: list[Exception] = []

    def make() -> None:
        try:
            RunStore(tmp_path / "store", create=True)
        except StoreError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _foreign(path: Path) -> None:
    pq.write_table(pa.table({"key": [1]}), path)


def _newer(path: Path) -> None:
    path.write_bytes(sealed.seal(pq.read_table(path).replace_schema_metadata(), "cosim runs", 2, []))


def _other_columns(path: Path) -> None:
    content = sealed.seal(pa.table({"key": [1]}), "cosim runs", 1, [])
    path.write_bytes(content)


def _no_numbers(path: Path) -> None:
    table = pq.read_table(path).replace_schema_metadata()
    path.write_bytes(sealed.seal(table.append_column("words", pa.array(["a"] * len(table))), "cosim runs", 1, []))


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_truncate, "not a whole Parquet file"),
        (lambda path: path.write_bytes(b""), "not a whole Parquet file"),
        (lambda path: path.write_bytes(b"PAR1" * 99), "not a whole Parquet file"),
        (_foreign, "cosim did not write"),
        (_newer, "format version 2"),
        (_other_columns, "columns key"),
        (_no_numbers, "no column of numbers"),
    ],
)
def test_a_damaged_shard_is_named_and_the_others_stay_readable(
    store: RunStore, harm: Callable[[Path], Any], told: str
) -> None:
    store.write(block(range(10)))
    name = store.write(block(range(10, 20)))
    path = Path(store.place) / "runs" / f"{name}.parquet"
    harm(path)
    with pytest.raises(StoreError, match=told) as caught:
        RunStore(store.place).read()
    assert f"runs/{name}.parquet" in str(caught.value)
    assert all(caught.value.complaints[0].__getattribute__(field) for field in ("found", "allowed", "do"))
    lenient = RunStore(store.place, skip_damaged=True)
    assert lenient.read()["key"].tolist() == sorted(keys(range(10)))
    assert lenient.missing(keys(range(20))).tolist() == [False] * 10 + [True] * 10
    assert lenient.summarise().n_damaged == 1
    assert [one.key for one in lenient.check()] == [f"runs/{name}.parquet"]
    # To make the runs again is to mend it.
    assert lenient.write(block(range(10, 20))) == name
    assert len(lenient.read()) == 20
    assert lenient.check() == ()
    assert not lenient.damaged


def test_a_shard_that_breaks_further_in_is_passed_by_when_met(store: RunStore) -> None:
    store.write(block(range(10)))
    name = store.write(block(range(10, 3000)))
    path = Path(store.place) / "runs" / f"{name}.parquet"
    content = bytearray(path.read_bytes())
    chunk = pq.ParquetFile(path).metadata.row_group(0).column(10)
    content[chunk.data_page_offset + 200] ^= 0xFF
    path.write_bytes(content)
    strict, lenient = RunStore(store.place), RunStore(store.place, skip_damaged=True)
    assert len(strict.refresh()) == 3000
    with pytest.raises(StoreError, match="not a whole Parquet file"):
        strict.read()
    assert len(lenient.read()) == 10
    assert [one.key for one in lenient.damaged] == [f"runs/{name}.parquet"]
    with pytest.raises(StoreError, match="not a whole Parquet file"):
        merge(RunStore("memory://broken-further-in", create=True), [strict])


def test_numbers_changed_within_a_whole_file_are_found(store: RunStore) -> None:
    name = store.write(block(range(10)))
    path = Path(store.place) / "runs" / f"{name}.parquet"
    path.write_bytes((Path(store.place) / "runs" / f"{store.write(block(range(11)))}.parquet").read_bytes())
    (Path(store.place) / "runs" / "notes.txt").write_text("mine")
    told = str(StoreError(store.check()))
    assert "other numbers than were written" in told
    assert "a file that is no shard" in told
    with pytest.raises(StoreError, match="other numbers"):
        compact(store)


def test_damaged_points_are_named(store: RunStore) -> None:
    name = store.write_points({key(1, "point"): "{}"})
    store.write_points({key(2, "point"): "{}"})
    path = Path(store.place) / "points" / f"{name}.parquet"
    _truncate(path)
    with pytest.raises(StoreError, match=name):
        RunStore(store.place).read_points([key(2, "point")])
    assert RunStore(store.place, skip_damaged=True).read_points([key(2, "point")])
    assert [one.key for one in store.check()] == [f"points/{name}.parquet"]


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "not permitted"), (errno.EIO, "give the same command again")],
)
def test_a_disk_that_takes_nothing_loses_nothing(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    store.write(block(range(5)))

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(places.os, "fsync", refuse)
    with pytest.raises(StoreError, match=told) as caught:
        store.write(block(range(5, 10)))
    assert "what was stored before is whole" in str(caught.value)
    monkeypatch.undo()
    assert not hidden(store)
    assert len(store.read()) == 5


def test_a_store_that_went_away_says_so(store: RunStore) -> None:
    store.write(block([1]))
    Path(store.place).rename(Path(store.place).with_name("elsewhere"))
    with pytest.raises(StoreError, match="a place that can be reached"):
        store.write(block([2]))
    assert not Path(store.place).exists()


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store\.json"):
        RunStore(tmp_path / "nowhere")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("two years of work")
    with pytest.raises(StoreError, match="files, but no"):
        RunStore(tmp_path / "thesis", create=True)
    with pytest.raises(StoreError, match=r"chapter\.txt"):
        RunStore(tmp_path / "thesis" / "chapter.txt", create=True)
    head = tmp_path / "store" / "store.json"
    RunStore(tmp_path / "store", create=True)
    head.write_text(json.dumps({"format": "cosim run store", "format_version": 2}))
    with pytest.raises(StoreError, match="format version 2"):
        RunStore(tmp_path / "store", create=True)
    head.write_text("[]")
    with pytest.raises(StoreError, match="another file of that name"):
        RunStore(tmp_path / "store")


@pytest.mark.parametrize("at", range(1, 5))
def test_compacting_stopped_anywhere_loses_nothing(store: RunStore, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    for begin in (0, 5, 10):
        store.write(block(range(begin, begin + 8), failed=[begin]))
    before = store.read()
    calls = []

    def stop(*_: Any) -> None:
        calls.append(1)
        if len(calls) == at:
            raise KeyboardInterrupt

    for name in ("put", "remove"):
        done = getattr(places.Folder, name)

        def stopping(*words: Any, done: Callable[..., None] = done) -> None:
            stop()
            done(*words)

        monkeypatch.setattr(places.Folder, name, stopping)
    with pytest.raises(KeyboardInterrupt):
        compact(store)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(RunStore(store.place).read(), before)
    compact(store)
    assert len(shards(store)) == 1
    pd.testing.assert_frame_equal(store.read(), before)


def test_a_reader_goes_on_while_shards_are_joined(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for begin in range(0, 40, 10):
        store.write(block(range(begin, begin + 10)))
    reader, before = RunStore(store.place), store.read()
    reader.refresh()
    open_file, joined = places.Folder.open, []

    def open_late(folder: places.Folder, path: str) -> Any:
        monkeypatch.undo()
        joined.append(joining.compact(RunStore(store.place)))
        return open_file(folder, path)

    monkeypatch.setattr(places.Folder, "open", open_late)
    pd.testing.assert_frame_equal(reader.read(), before)
    assert joined[0].shards_after == 1
