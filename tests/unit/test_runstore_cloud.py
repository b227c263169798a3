"""The same store in memory and in an object store, through a server that speaks S3."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cosim.errors import StoreError
from cosim.results.joining import compact, merge
from cosim.results.places import open_place
from cosim.results.runstore import RunStore
from tests.unit.run_blocks import block, key
from tests.unit.test_runstore import keys, shards
from tests.unit.test_runstore_perils import writer

SERVE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
NEEDED = ("s3fs", "moto", "flask", "flask_cors")
LACKING = [name for name in NEEDED if importlib.util.find_spec(name) is None]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the address of an empty bucket on this machine."""
    import s3fs

    with subprocess.Popen(
        [sys.executable, "-c", SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.stdout.readline().strip()}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("studies")
        yield "s3://studies/one"
        server.terminate()
    s3fs.S3FileSystem.clear_instance_cache()


def use(store: RunStore, folder: Path) -> None:
    """Do everything one does with a store, beside the same in a folder."""
    beside = RunStore(folder, create=True)
    for one in (store, beside):
        for begin in (0, 10, 20):
            one.write(block(range(begin, begin + 12), failed=[begin]))
        one.write(block(range(5), ["innovations"]))
        one.write_points({key(1, "point"): '{"version": "v1"}'})
        one.write_journal({"seconds": 1})
    pd.testing.assert_frame_equal(store.read(), beside.read())
    wanted = keys([3, 7, 31])
    pd.testing.assert_frame_equal(store.read(wanted, ["innovations"]), beside.read(wanted, ["innovations"]))
    assert store.missing(keys(range(30, 34)), ["innovations"]).tolist() == [False, False, True, True]
    assert store.read_points([key(1, "point")]) == beside.read_points([key(1, "point")])
    assert store.read_journal() == [{"seconds": 1}]
    assert store.summarise().outcomes == beside.summarise().outcomes
    there = store.files.entries("runs")
    assert {name: store.files.read(f"runs/{name}") for name in there} == shards(beside)
    reader = RunStore(store.place)
    before = reader.read()
    assert compact(store).shards_after == 2
    pd.testing.assert_frame_equal(reader.read(), before)
    assert store.check() == ()
    home = RunStore(folder.with_name("home"), create=True)
    assert merge(home, [store, beside]).n_runs == 32
    assert merge(store, [home]).n_shards == 3
    name = next(iter(store.files.entries("runs")))
    store.files.put(f"runs/{name}", b"half")
    with pytest.raises(StoreError, match="not a whole Parquet file"):
        RunStore(store.place).read()
    assert len(RunStore(store.place, skip_damaged=True).read()) > 0


def test_a_store_in_memory(tmp_path: Path) -> None:
    place = f"memory://{uuid.uuid4().hex}/study"
    with pytest.raises(StoreError, match=r"no store\.json"):
        RunStore(place)
    use(RunStore(place, create=True), tmp_path / "beside")
    open_place(f"{place}/other").put("thesis.txt", b"two years of work")
    with pytest.raises(StoreError, match="files, but no"):
        RunStore(f"{place}/other", create=True)


def test_an_address_that_promises_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="an address of kind ftp://"):
        RunStore("ftp://somewhere/study", create=True)
    RunStore(f"file://{tmp_path}/study", create=True)
    assert (tmp_path / "study" / "store.json").exists()


@pytest.mark.skipif(importlib.util.find_spec("gcsfs") is not None, reason="what gs:// needs is installed")
def test_an_address_whose_package_is_missing_names_it() -> None:
    with pytest.raises(StoreError, match="gcsfs"):
        RunStore("gs://somewhere/study")


@pytest.mark.slow
@pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}")
def test_a_store_in_an_object_store(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store\.json"):
        RunStore(bucket)
    with pytest.raises(StoreError, match="studies-that-are-not"):
        RunStore("s3://studies-that-are-not/one", create=True)
    use(RunStore(bucket, create=True), tmp_path / "beside")


@pytest.mark.slow
@pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}")
def test_two_processes_write_one_object_store(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, beside = RunStore(bucket, create=True), RunStore(tmp_path / "beside", create=True)
    with writer(store, 0, 4) as one, writer(store, 2, 6) as other, writer(beside, 0, 6) as alone:
        assert [one.wait(), other.wait(), alone.wait()] == [0, 0, 0]
    assert {name: store.files.read(f"runs/{name}") for name in store.files.entries("runs")} == shards(beside)
    pd.testing.assert_frame_equal(store.read(), beside.read())


@pytest.mark.slow
@pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}")
def test_an_object_store_that_does_not_answer_is_a_letter(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(StoreError, match="a place that can be reached"):
        RunStore(bucket)
