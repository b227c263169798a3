"""Making runs: the same bits whoever makes them and in whatever order, none twice, and one that falls falls alone."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pytest

from cosim.errors import StoreError, StudyError
from cosim.measurement.groups import group_columns, measure_columns
from cosim.processes.compile import compile_process
from cosim.results.joining import merge
from cosim.results.runstore import RunStore
from cosim.run import prepare, run_prepared
from cosim.study import execute as module
from cosim.study.execute import Elsewhere, Made, cut_into_blocks, execute, gather, within_shard
from cosim.study.points import Point, point_at
from cosim.study.verify import remake
from tests.unit.study_files import COMPARISON, make_study

COLUMNS = ("innovations_per_unit_year", "trust", "dialogue", "trust@sector:civic")
LUCKS = range(9)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RUNS", 8)


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[Point]:
    """Return five points: two futures of one past, and three worlds of other people."""
    study = make_study(tmp_path_factory.mktemp("study"), COMPARISON)
    word, model = study.processes[0]
    made = [point_at(world, word, model) for world in study.scenarios]
    return made + [point_at(study.baseline, word, model, {"people.trust": trust}) for trust in (0.3, 0.5, 0.7)]


@pytest.fixture(scope="module")
def alone(points: list[Point]) -> np.ndarray[Any, Any]:
    """Return what each run comes to when it is made by itself, [point, replicate, column]."""
    table = np.empty((len(points), len(LUCKS), len(COLUMNS)))
    for at, point in enumerate(points):
        for luck in LUCKS:
            record = run_prepared(prepare(point.scenario, compile_process(point.model)), luck)
            table[at, luck] = [measure_columns(record, COLUMNS)[name] for name in COLUMNS]
    return table


def shards_of(store: RunStore) -> dict[str, bytes]:
    """Return the files of runs and of points, with their bytes."""
    folder = Path(store.place)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("[rp]*/*.parquet")}


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_same_bits_on_any_number_of_threads(
    points: list[Point], alone: np.ndarray[Any, Any], tmp_path: Path, threads: int
) -> None:
    store = RunStore(tmp_path / "store", create=True)
    told: list[tuple[int, int, int]] = []
    made = execute(
        points, LUCKS, COLUMNS, store, where=Elsewhere(threads), on_done=lambda *numbers: told.append(numbers)
    )
    assert made[:5] == (45, 0, 45, 0, 0)
    assert np.array_equal(gather(points, LUCKS, COLUMNS, store), alone, equal_nan=True)
    assert [one[1:] for one in told] == [(45, 0)] * len(told)
    assert sorted(one[0] for one in told) == [one[0] for one in told]
    assert told[-1][0] == 45
    assert store.check() == ()


def test_the_same_files_on_any_number_of_threads_and_in_shares(points: list[Point], tmp_path: Path) -> None:
    whole = RunStore(tmp_path / "whole", create=True)
    execute(points, LUCKS, COLUMNS, whole, where=Elsewhere(1))
    two = RunStore(tmp_path / "two", create=True)
    execute(points, LUCKS, COLUMNS, two, where=Elsewhere(3))
    assert shards_of(two) == shards_of(whole)
    shares = [RunStore(tmp_path / f"share{number}", create=True) for number in (1, 2, 3)]
    done = [
        execute(points, LUCKS, COLUMNS, store, where=Elsewhere(2, shard=(number, 3)))
        for number, store in zip((1, 2, 3), shares, strict=True)
    ]
    assert sum(one.made for one in done) == 45
    assert all(one.made > 0 and one.left == 0 and one.found == 0 for one in done)
    merged = RunStore(tmp_path / "merged", create=True)
    merge(merged, shares[::-1])
    assert shards_of(merged) == shards_of(whole)
    assert execute(points, LUCKS, COLUMNS, merged).made == 0


def test_a_store_in_memory(points: list[Point], alone: np.ndarray[Any, Any]) -> None:
    store = RunStore("memory://test_execute", create=True)
    try:
        execute(points[::-1], LUCKS[::-1], COLUMNS, store, where=Elsewhere(2))
        assert np.array_equal(gather(points, LUCKS, COLUMNS, store), alone, equal_nan=True)
    finally:
        fsspec.filesystem("memory").rm("/test_execute", recursive=True)


def test_points_of_one_past_are_as_if_alone_whatever_is_asked_first(
    points: list[Point], alone: np.ndarray[Any, Any], tmp_path: Path
) -> None:
    futures, store = points[:2], RunStore(tmp_path / "store", create=True)
    assert next(cut_into_blocks(futures, LUCKS, COLUMNS, store)).past == 6
    execute(futures[1:], [2, 5], COLUMNS[:1], store)
    execute(futures, [5, 4], COLUMNS, store)
    execute(futures, LUCKS, COLUMNS, store)
    assert np.array_equal(gather(futures, LUCKS, COLUMNS, store), alone[:2], equal_nan=True)
    assert store.check() == ()


def test_no_run_is_made_twice(points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[tuple[bytes, int]] = Counter()
    lock = threading.Lock()
    make = module.make_block

    def count(block: module.Block) -> module.Rows:
        with lock:
            made.update((block.points[at].key, int(luck)) for at, luck in zip(block.at, block.replicates, strict=True))
        return make(block)

    monkeypatch.setattr(module, "make_block", count)
    store = RunStore(tmp_path / "store", create=True)
    assert execute(points[2:4] * 2, LUCKS[:5], COLUMNS, store)[:5] == (10, 0, 10, 0, 0)
    assert execute(points[1:], LUCKS, COLUMNS, store)[:5] == (36, 10, 26, 0, 0)
    assert execute(points[1:], LUCKS, COLUMNS[:2], store)[:5] == (36, 36, 0, 0, 0)
    assert max(made.values()) == 1
    assert execute(points[1:2], LUCKS, (*COLUMNS, "abandoned"), store).made == 9, "what was not measured must be"


def test_columns_of_groups_are_measured(points: list[Point], tmp_path: Path) -> None:
    store = RunStore(tmp_path / "store", create=True)
    names = group_columns(points[0].scenario.municipalities)
    execute(points[:1], range(2), names, store)
    values = gather(points[:1], range(2), names, store)[0]
    assert np.isfinite(values).all()
    people = [at for at, name in enumerate(names) if name.startswith("people@sector")]
    ages = [at for at, name in enumerate(names) if name.startswith("people@age")]
    assert values[0, people].sum() == pytest.approx(values[0, ages].sum(), rel=0.01)


def fall(monkeypatch: pytest.MonkeyPatch, lucks: set[int], what: str = "run_prepared") -> None:
    """Let runs of some replicates fall."""
    real = getattr(module, what)

    def spoilt(first: Any, second: Any, *more: Any, **named: Any) -> Any:
        replicate = first.replicate if what == "measure_columns" else second
        if replicate in lucks:
            raise ZeroDivisionError(f"replicate {replicate}")
        return real(first, second, *more, **named)

    monkeypatch.setattr(module, what, spoilt)
    if what == "run_prepared":
        monkeypatch.setattr(module, "run_futures", lambda *_: (_ for _ in ()).throw(LookupError("made alone")))


@pytest.mark.parametrize(("what", "stage"), [("run_prepared", "run"), ("measure_columns", "measure")])
def test_a_run_that_falls_takes_no_other_with_it(
    points: list[Point],
    alone: np.ndarray[Any, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    stage: str,
) -> None:
    store = RunStore(tmp_path / "a store", create=True)
    with monkeypatch.context() as patch:
        fall(patch, {1, 6}, what)
        made = execute(points, LUCKS, COLUMNS, store)
        assert made[:5] == (45, 0, 45, 10, 0)
        assert execute(points, LUCKS, COLUMNS, store)[:5] == (45, 45, 0, 0, 0), "it is not made again by itself"
    expected = alone.copy()
    expected[:, [1, 6]] = np.nan
    assert np.array_equal(gather(points, LUCKS, COLUMNS, store), expected, equal_nan=True)
    failed = store.read(columns=COLUMNS).query("status == 'failed'")
    assert len(failed) == 10
    assert set(failed["stage"]) == {stage}
    assert set(failed["kind"]) == {"ZeroDivisionError"}
    assert set(failed["message"]) == {"replicate 1", "replicate 6"}
    key = failed["key"].iloc[0]
    assert failed["command"].iloc[0] == f"cosim verify '{store.place}' --run {key} --debug"
    assert remake(store, [key]).told == (
        f"{key} fell in stage {stage} with ZeroDivisionError: {failed['message'].iloc[0]}; now it does not",
    )
    with monkeypatch.context() as patch:
        patch.setattr("cosim.study.verify.run_prepared", lambda *_: 1 // 0)
        assert not remake(store, [key]).is_same
        with pytest.raises(ZeroDivisionError):
            remake(store, [key], let_fall=True)
    assert execute(points, LUCKS, COLUMNS, store, where=Elsewhere(2, retry_failed=True))[:5] == (45, 35, 10, 0, 0)
    assert np.array_equal(gather(points, LUCKS, COLUMNS, store), alone, equal_nan=True)
    assert store.check() == ()


def test_a_run_that_falls_in_the_middle_leaves_nothing_behind(
    points: list[Point], alone: np.ndarray[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, n_lived = sys.modules["cosim.run"].live, 0

    def stop_half_way(world: Any, state: Any, theory: Any, month: int, until: int, **named: Any) -> None:
        nonlocal n_lived
        n_lived += 1
        live(world, state, theory, month, until, **named)
        if n_lived % 3 == 1:
            state.actors[:] = np.zeros(1, state.actors.dtype)
            raise FloatingPointError(f"run {n_lived} fell with all its arrays spoilt")

    store = RunStore(tmp_path / "store", create=True)
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["cosim.run"], "live", stop_half_way)
        made = execute(points[2:], LUCKS, COLUMNS, store, where=Elsewhere(1))
    assert made.failed == 9
    values = gather(points[2:], LUCKS, COLUMNS, store)
    fallen = np.isnan(values[:, :, 0])
    assert fallen.sum() == 9
    assert np.array_equal(values[~fallen], alone[2:][~fallen], equal_nan=True)


def test_worlds_of_other_sizes_in_one_block_are_as_if_alone(
    points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_RUNS", 64)
    base = points[0]
    sizes = [point_at(base.scenario, base.process, base.model, {"population.persons_per_actor": per})
             for per in (16.0, 40.0, 12.0, 90.0)]  # fmt: skip
    store = RunStore(tmp_path / "store", create=True)
    assert len(list(cut_into_blocks(sizes, LUCKS, COLUMNS, store))) == 1
    execute(sizes, LUCKS, COLUMNS, store)
    found = remake(store, [str(key) for key in store.read()["key"]])
    assert (found.n, found.same, found.told) == (36, 36, ())


def test_failures_are_the_same_in_every_store(
    points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fall(monkeypatch, {1})
    here, there = (RunStore(tmp_path / name, create=True) for name in ("here", "there"))
    for store in (here, there):
        execute(points, LUCKS, COLUMNS, store)
    assert shards_of(here) == shards_of(there)


def test_a_world_that_cannot_be_laid_out_is_runs_that_fell(
    points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_scenario: Any) -> Any:
        raise MemoryError("too large a world")

    monkeypatch.setattr(sys.modules["cosim.run"], "lay_plan", refuse)  # the face has a function of that name
    store = RunStore(tmp_path / "store", create=True)
    assert execute(points, range(2), COLUMNS, store).failed == 10
    assert set(store.read()["kind"]) == {"MemoryError"}


def test_what_is_not_defined_is_there(points: list[Point], tmp_path: Path) -> None:
    store = RunStore(tmp_path / "store", create=True)
    names = ("delivery_months",)
    word = point_at(points[0].scenario, points[0].process, points[0].model, {"process.base_hazard": 0.0})
    execute([word], range(3), names, store)
    values = gather([word], range(3), names, store)
    assert np.isnan(values).all(), "nothing is delivered where nothing moves"
    assert execute([word], range(3), names, store).made == 0
    assert set(store.read(word.run_keys(range(3)), list(names))["status"]) == {"done"}


def test_the_budget_of_hours_ends_it_and_what_was_made_is_kept(
    points: list[Point], alone: np.ndarray[Any, Any], tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "store", create=True)
    none = execute(points, LUCKS, COLUMNS, store, deadline=time.monotonic())
    assert (none.made, none.left) == (0, 45)

    def stop_after_one(*_: int) -> None:
        nonlocal over
        over = True

    over = False
    clock = time.monotonic

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return clock() + (1e6 if over else 0.0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "time", Clock)
        some = execute(
            points, LUCKS, COLUMNS, store, where=Elsewhere(1), deadline=clock() + 1e5, on_done=stop_after_one
        )
    assert 0 < some.made < 45
    assert some.made + some.left == 45
    rest = execute(points, LUCKS, COLUMNS, store)
    assert rest.found == some.made
    assert np.array_equal(gather(points, LUCKS, COLUMNS, store), alone, equal_nan=True)


def test_nothing_wanted_is_nothing_made(tmp_path: Path, points: list[Point]) -> None:
    store = RunStore(tmp_path / "store", create=True)
    assert execute([], LUCKS, COLUMNS, store)[:5] == (0, 0, 0, 0, 0)
    assert execute(points, [], COLUMNS, store)[:5] == (0, 0, 0, 0, 0)
    assert gather([], LUCKS, COLUMNS, store).shape == (0, 9, 4)


def test_another_version_of_the_model_is_refused(
    points: list[Point], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path / "store", create=True)
    block = next(cut_into_blocks(points, LUCKS, COLUMNS, store))
    monkeypatch.setattr(module, "model_version", lambda: "another")
    with pytest.raises(StudyError, match="another"):
        module.make_block(block)


def test_stores_say_what_made_each_point(points: list[Point], tmp_path: Path) -> None:
    store = RunStore(tmp_path / "store", create=True)
    execute(points, range(2), COLUMNS, store)
    told = store.read_points([point.key.hex() for point in points])
    assert len(told) == 5
    assert {json.loads(text)["version"] for text in told.values()} == {module.model_version()}
    assert store.summarise().n_described == 5
    found = remake(store, [str(key) for key in store.read()["key"]])
    assert (found.n, found.same, found.told) == (10, 10, ())


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "a/b", "1/2/3", "-1/2", " 1/2", "1/0"])
def test_shares_that_are_none(text: str) -> None:
    with pytest.raises(StudyError, match="--shard"):
        within_shard(text)


def test_shares_and_blocks() -> None:
    assert within_shard("3/20") == (3, 20)
    assert Made(1, 2, 3, 4, 5, 6.0).left == 5


def test_points_that_were_lost_are_told_again(points: list[Point], tmp_path: Path) -> None:
    store = RunStore(tmp_path, create=True)
    execute(points, LUCKS, COLUMNS, store, where=Elsewhere(1))
    keys = [point.key.hex() for point in points]
    for path in (tmp_path / "points").glob("*.parquet"):
        path.unlink()
    lost = RunStore(tmp_path)
    with pytest.raises(StoreError, match="nothing about"):
        lost.read_points(keys)
    assert execute(points, LUCKS, COLUMNS, lost, where=Elsewhere(1)).made == 0
    assert sorted(RunStore(tmp_path).read_points(keys)) == sorted(keys)


def test_an_execution_leaves_its_seconds_in_the_journal(points: list[Point], tmp_path: Path) -> None:
    store = RunStore(tmp_path, create=True)
    made = execute(points[:1], LUCKS, COLUMNS, store, where=Elsewhere(1))
    execute(points[:1], LUCKS, COLUMNS, store, where=Elsewhere(1))
    (entry,) = store.read_journal()
    assert (entry["made"], entry["seconds"]) == (9, made.seconds)
