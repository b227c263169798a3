"""A run is stored once, found again by its key, and never silently two things."""

from __future__ import annotations

import json
import pickle
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import StoreError
from cosim.results.joining import compact, merge
from cosim.results.keys import as_keys
from cosim.results.runstore import RunStore
from tests.unit.run_blocks import OUTCOMES, block, key, value


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """Return an empty store in a folder."""
    return RunStore(tmp_path / "store", create=True)


def shards(store: RunStore) -> dict[str, bytes]:
    """Return every file of runs and its bytes."""
    return {one.name: one.read_bytes() for one in (Path(store.place) / "runs").iterdir()}


def keys(numbers: Any) -> list[str]:
    """Return the keys of numbered runs."""
    return [key(number) for number in numbers]


def test_what_is_written_is_read_in_the_order_asked_for(store: RunStore) -> None:
    store.write(block(range(20), failed=[3]))
    store.write(block(range(20, 30)))
    asked = [25, 3, 7, 25]
    frame = store.read(keys(asked), ["level_true"])
    assert frame["key"].tolist() == keys(asked)
    assert frame["point"].tolist() == [key(number // 10, "point") for number in asked]
    assert frame["replicate"].tolist() == [5, 3, 7, 5]
    assert frame["seed"].tolist() == [2**63 - 1] * 4
    assert frame["status"].tolist() == ["done", "failed", "done", "done"]
    assert frame["message"].tolist() == ["", "run 3 fell", "", ""]
    wanted = [value(25, "level_true"), np.nan, value(7, "level_true"), value(25, "level_true")]
    np.testing.assert_array_equal(frame["level_true"], wanted)
    everything = store.read()
    assert everything["key"].tolist() == sorted(keys(range(30)))
    assert everything.columns[-3:].tolist() == sorted(OUTCOMES)


def test_missing_says_which_runs_are_still_to_be_made(store: RunStore) -> None:
    assert store.missing(keys(range(3)), OUTCOMES).tolist() == [True] * 3
    store.write(block(range(2), ["innovations"], failed=[1]))
    assert store.missing(keys(range(3))).tolist() == [False, False, True]
    assert store.missing(keys(range(3)), ["innovations"]).tolist() == [False, False, True]
    assert store.missing(keys(range(3)), ["innovations"], retry_failed=True).tolist() == [False, True, True]
    # One that fell would fall again whatever is measured; one that was done has to be made for what is new.
    assert store.missing(keys(range(3)), ["quality_true"]).tolist() == [True, False, True]
    assert store.missing([], ["innovations"]).tolist() == []


def test_a_later_study_adds_columns_to_the_same_runs(store: RunStore) -> None:
    store.write(block(range(10), ["innovations"]))
    store.write(block(range(5, 15), ["quality_true", "innovations"]))
    frame = store.read(keys(range(15)))
    np.testing.assert_array_equal(frame["innovations"], [value(number, "innovations") for number in range(15)])
    late = [np.nan] * 5 + [value(number, "quality_true") for number in range(5, 15)]
    np.testing.assert_array_equal(frame["quality_true"], late)
    assert store.missing(keys(range(15)), ["quality_true", "innovations"]).tolist() == [True] * 5 + [False] * 10
    assert len(store.read()) == 15


def test_what_is_not_there_says_so(store: RunStore) -> None:
    store.write(block(range(2), ["innovations"]))
    frame = store.read(keys([0, 99]), ["innovations"])
    assert frame["status"].tolist() == ["done", "missing"]
    assert frame["point"].tolist() == [key(0, "point"), ""]
    assert frame["replicate"].tolist() == [0, -1]
    assert np.isnan(frame["innovations"][1])
    assert store.read(keys([0]), ["quality_true"])["status"].tolist() == ["missing"]
    with pytest.raises(StoreError, match="did you mean 'innovations'"):
        store.read(columns=["innovation"])
    assert RunStore(f"memory://{uuid.uuid4().hex}", create=True).read().empty


def test_a_run_that_fell_and_was_done_later_is_done(store: RunStore) -> None:
    store.write(block([4], failed=[4]))
    assert store.read()["status"].tolist() == ["failed"]
    store.write(block([4]))
    frame = store.read()
    assert frame["status"].tolist() == ["done"]
    assert frame["message"].tolist() == [""]
    assert not store.missing(keys([4]), OUTCOMES, retry_failed=True).any()
    assert store.check() == ()


def test_a_run_that_falls_only_where_more_is_measured_is_done_for_the_rest(store: RunStore) -> None:
    store.write(block([4], ["innovations"]))
    store.write(block([4], ["quality_true"], failed=[4]))
    assert store.read(keys([4]), ["innovations"])["status"].tolist() == ["done"]
    assert store.read(keys([4]), ["quality_true"])["status"].tolist() == ["failed"]
    assert not store.missing(keys([4]), ["innovations", "quality_true"]).any()


def test_the_same_runs_are_the_same_file_in_whatever_order(tmp_path: Path) -> None:
    one, other = (RunStore(tmp_path / name, create=True) for name in ("one", "other"))
    whole = block(range(100), failed=[7])
    name = one.write(whole)
    turned = {column: np.asarray(values)[::-1] for column, values in reversed(whole.items())}
    assert other.write(turned) == name
    assert other.write(pd.DataFrame(whole)) == name
    assert other.write(pa.table({column: pa.array(list(values)) for column, values in whole.items()})) == name
    assert shards(one) == shards(other)
    assert list(shards(one)) == [f"{name}.parquet"]
    assert one.write(block(range(99), failed=[7])) != name
    assert one.write(block(range(100), OUTCOMES[:2], failed=[7])) != name
    assert one.write(block([])) == ""


def test_keys_may_come_as_bytes_and_end_in_zeros(store: RunStore) -> None:
    told = ["ab" + "00" * 15, "00" * 16, "00" * 15 + "01"]
    whole = block(range(3)) | {"key": told}
    name = store.write(whole)
    for like in ([bytes.fromhex(one) for one in told], np.frombuffer(bytes.fromhex("".join(told)), "V16")):
        assert store.write(whole | {"key": like}) == name
        assert not store.missing(like).any()
    assert sorted(store.read()["key"]) == sorted(told)
    assert store.missing(["ab" + "00" * 14 + "01"]).all()
    flat = np.frombuffer(bytes.fromhex("".join(told)), np.uint8).reshape(3, 16)
    np.testing.assert_array_equal(as_keys(flat), as_keys(told))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"key": ["12", "34"]}, "32 hexadecimal digits"),
        ({"key": ["zz" * 16, "00" * 16]}, "32 hexadecimal digits"),
        ({"replicate": [1]}, "2, one for each key"),
        ({"replicate": [0.5, 1]}, "whole numbers"),
        ({"seed": [-1, 1]}, "from -1 to 1"),
        ({"status": ["done", "dnoe"]}, "dnoe"),
        ({"innovations": ["many", "few"]}, "one number for each run"),
        ({"key": [key(0), key(0)]}, "each run once, or twice alike"),
    ],
)
def test_a_block_that_is_none_is_refused(store: RunStore, change: dict[str, Any], told: str) -> None:
    with pytest.raises(StoreError, match=told):
        store.write(block(range(2)) | change)
    assert store.read().empty


def test_a_block_without_its_columns_is_refused(store: RunStore) -> None:
    with pytest.raises(StoreError, match="2 things to mend"):
        store.write({"key": [key(0)], "point": [key(0)]})


def test_runs_twice_in_a_block_are_stored_once(store: RunStore) -> None:
    assert store.write(block([1, 2, 1])) == store.write(block([1, 2]))


def test_what_contradicts_itself_is_named_and_not_handed_on(store: RunStore, tmp_path: Path) -> None:
    one = store.write(block(range(5), ["innovations"]))
    wrong = block(range(4, 9), ["innovations"])
    wrong["innovations"][0] = -1.0
    other = store.write(wrong)
    with pytest.raises(StoreError) as caught:
        store.read()
    letter = str(caught.value)
    assert one in letter
    assert other in letter
    assert key(4) in letter
    assert [complaint.key for complaint in store.check()] == [
        " and ".join(f"runs/{name}.parquet" for name in sorted([one, other]))
    ]
    before = shards(store)
    with pytest.raises(StoreError, match=other):
        compact(store)
    assert shards(store) == before
    empty = RunStore(tmp_path / "other", create=True)
    with pytest.raises(StoreError, match="the same bits"):
        merge(empty, [store])
    assert empty.read().empty
    assert store.read(keys(range(4)), ["innovations"])["status"].tolist() == ["done"] * 4


def test_a_minus_zero_is_not_a_zero_but_one_nan_is_another(store: RunStore) -> None:
    whole = block([0], ["innovations"])
    payload = np.array([0x7FF8000000000123], dtype=np.uint64).view(np.float64)
    assert store.write(whole | {"innovations": payload}) == store.write(whole | {"innovations": [np.nan]})
    other = block([1], ["innovations"])
    store.write(other | {"innovations": [0.0]})
    store.write(other | {"innovations": [-0.0]})
    with pytest.raises(StoreError, match=r"innovations is .*0\.0 in the first"):
        store.read()


def test_batches_hold_every_run_once(store: RunStore) -> None:
    for begin in range(0, 60, 20):
        store.write(block(range(begin, begin + 30), OUTCOMES[: 1 + begin // 20]))
    batches = list(store.iterate(batch=32))
    assert [len(one) for one in batches] == [32, 32, 6]
    together = pd.concat(batches).sort_values("key", ignore_index=True)
    pd.testing.assert_frame_equal(together, store.read())
    assert {tuple(one.columns) for one in store.iterate(["innovations"], batch=50)} == {tuple(together.columns[:10])}


def test_points_and_journal(store: RunStore) -> None:
    made = {key(n, "point"): json.dumps({"version": "v1", "n": n, "text": "trøndersk " * 100}) for n in range(5)}
    name = store.write_points(made)
    assert store.write_points(dict(reversed(made.items()))) == name
    assert store.write_points({}) == ""
    asked = [key(3, "point"), key(1, "point")]
    assert [json.loads(text)["n"] for text in store.read_points(asked).values()] == [3, 1]
    with pytest.raises(StoreError, match="nothing about"):
        store.read_points([key(9, "point")])
    with pytest.raises(StoreError, match="JSON text of an object"):
        store.write_points({key(9, "point"): "[1]"})
    store.write_journal({"seconds": 0.5})
    store.write_journal({"seconds": 0.25})
    assert [entry["seconds"] for entry in store.read_journal()] == [0.5, 0.25]
    store.write_points({key(0, "point"): json.dumps({"n": "another"})})
    with pytest.raises(StoreError, match="made in two ways"):
        store.read_points([key(0, "point")])
    assert "made in two ways" in str(StoreError(store.check()))


def test_the_summary_counts_runs_once(store: RunStore) -> None:
    store.write(block(range(30), ["innovations"], failed=[1, 2]))
    store.write(block(range(20, 40), ["innovations", "quality_true"]))
    store.write_points({key(n, "point"): json.dumps({"version": "v1"}) for n in (0, 1)})
    summary = store.summarise()
    assert (summary.n_runs, summary.n_failed, summary.n_points, summary.n_described) == (40, 2, 4, 2)
    assert summary.n_shards == 2
    assert summary.n_bytes == sum(map(len, shards(store).values()))
    assert summary.outcomes == {"innovations": 38, "quality_true": 20}
    assert summary.model_versions == {"not said": 20, "v1": 20}


def test_merging_is_the_union(tmp_path: Path) -> None:
    into, one, other = (RunStore(tmp_path / name, create=True) for name in ("into", "one", "other"))
    into.write(block(range(10)))
    one.write(block(range(10)))
    one.write(block(range(5, 25), ["innovations"]))
    other.write(block(range(5, 25), ["innovations"]))
    other.write(block(range(25, 30), failed=[26]))
    for store, n in ((one, 1), (other, 2)):
        store.write_points({key(n, "point"): "{}"})
        store.write_journal({"seconds": n})
    got = merge(into, [one, other])
    assert (got.n_shards, got.n_runs, got.n_batches, got.n_entries) == (2, 20, 2, 2)
    assert len(into.read()) == 30
    assert shards(into) == shards(one) | shards(other)
    assert into.read_points([key(1, "point"), key(2, "point")])
    again = merge(into, [one, other, into])
    assert (again.n_shards, again.n_runs, again.n_batches, again.n_entries) == (0, 0, 0, 0)
    one.write_points({key(2, "point"): '{"other": 1}'})
    with pytest.raises(StoreError, match="in another way"):
        merge(into, [one])


def test_compacting_changes_nothing_a_reader_sees(store: RunStore) -> None:
    for begin in range(0, 40, 4):
        store.write(block(range(begin, begin + 5), failed=[begin]))
        store.write_points({key(begin, "point"): "{}", key(0, "point"): "{}"})
    store.write(block(range(7), ["innovations"]))
    other_reader = RunStore(store.place)
    before = other_reader.read()
    got = compact(store)
    assert (got.shards_before, got.shards_after, got.batches_before, got.batches_after) == (11, 2, 10, 1)
    pd.testing.assert_frame_equal(other_reader.read(), before)
    assert len(other_reader.read_points([key(begin, "point") for begin in range(0, 40, 4)])) == 10
    assert store.check() == ()
    assert compact(store).shards_after == 2
    assert compact(store, runs_a_shard=8).shards_after == 2


def test_a_store_goes_with_its_worker(store: RunStore) -> None:
    store.write(block(range(3)))
    again = pickle.loads(pickle.dumps(store))
    pd.testing.assert_frame_equal(again.read(), store.read())
    again.write(block(range(3, 6)))
    assert store.missing(keys(range(3, 6))).all()  # looked for only when told
    store.refresh()
    assert not store.missing(keys(range(3, 6))).any()


RUNS = st.dictionaries(st.integers(0, 9), st.booleans(), min_size=1, max_size=6)
BLOCKS = st.lists(st.tuples(RUNS, st.sets(st.sampled_from(OUTCOMES))), max_size=6)


@given(blocks=BLOCKS, asked=st.sets(st.sampled_from(OUTCOMES), min_size=1), compacted=st.booleans())
def test_a_store_is_a_dictionary_of_runs(
    blocks: list[tuple[dict[int, bool], set[str]]], asked: set[str], compacted: bool
) -> None:
    store = RunStore(f"memory://{uuid.uuid4().hex}", create=True)
    done: dict[int, set[str]] = {}
    fell: dict[int, set[str]] = {}
    for runs, outcomes in blocks:
        store.write(block(runs, sorted(outcomes), [number for number, failed in runs.items() if failed]))
        for number, failed in runs.items():
            (fell if failed else done).setdefault(number, set()).update(outcomes)
    if compacted:
        compact(store)
    frame = store.read(keys(range(12)), sorted(asked))
    missing = store.missing(keys(range(12)), sorted(asked))
    retried = store.missing(keys(range(12)), sorted(asked), retry_failed=True)
    for number in range(12):
        measured, fallen = done.get(number, set()), fell.get(number, set())
        only_fell = number in fell and number not in done
        there = only_fell or all(name in measured | fallen for name in asked)
        assert missing[number] == (not there)
        assert retried[number] == (not asked <= measured)
        failed = there and (only_fell or not asked <= measured)
        assert frame["status"][number] == ("failed" if failed else "done" if there else "missing")
        wanted = [value(number, name) if name in measured else np.nan for name in sorted(asked)]
        np.testing.assert_array_equal(frame.loc[number, sorted(asked)].to_numpy(float), wanted)
    assert store.read()["key"].tolist() == sorted(keys(done.keys() | fell.keys()))
