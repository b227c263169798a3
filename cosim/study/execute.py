"""Makes the runs that a study wants and its store has not. Floor 7; the only door to a distributed engine.

The runs are cut into blocks before the first begins, in one order that depends on nothing but the study; a block is
made on one thread (here, or on a worker of a Dask cluster), comes back as a few columns, and becomes one shard of the
store. So a study that was killed goes on with the blocks it lacks, and ends with the shards it would have had
undisturbed; a hundred machines can each take the blocks whose number is theirs, and memory does not grow with the
number of runs.

Threads, not processes: nearly all of a run's time is spent in compiled code that holds no lock.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np

from cosim.errors import Complaint, RunError, StudyError
from cosim.measurement.groups import measure_columns
from cosim.population.starting import municipalities_of
from cosim.processes.compile import compile_process
from cosim.results.runframes import STORE_WORD as STORE
from cosim.results.runstore import RunStore
from cosim.run import Prepared, Spare, prepare, run_prepared
from cosim.study.branching import have_one_size, run_futures, worthy_past
from cosim.study.points import KEY_BYTES, Point, model_version, tell_point

Array = np.ndarray[Any, Any]
Rows = dict[str, Array]
OnDone = Callable[[int, int, int], None]

PEOPLE_MONTHS_A_BLOCK: Final = 2.5e8
"""A block should take some seconds (ASSUMED): so many inhabitants times months, of one actor each, 330 runs of a
municipality of ten thousand adults for five years."""
LEAST_RUNS, MOST_RUNS = 8, 1024
MOST_FUTURES: Final = 12
"""Among more points nobody looks for one past: a design's points have none."""
PATIENCE: Final = 60.0
"""Seconds that a scheduler's first worker is waited for."""
TEXTS: Final = ("stage", "kind", "message", "command")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Runs that are made together: the points [P], which of them each run is at and its replicate [runs], their keys,
    the columns to measure, and the model's version, which a worker elsewhere must share. Points that are futures of one
    ``past`` of so many months live it once.
    """

    points: tuple[Point, ...]
    at: Array
    replicates: Array
    keys: Array
    columns: tuple[str, ...]
    version: str
    past: int = 0


class Made(NamedTuple):
    """What came of an execution: runs wanted, already there, made now, failed among them, left undone, and seconds."""

    wanted: int
    found: int
    made: int
    failed: int
    left: int
    seconds: float


class Elsewhere(NamedTuple):
    """Where runs are made: threads here, or the address of a Dask scheduler; which blocks are this process's; and
    whether runs that failed before are made again.
    """

    workers: int | None = None
    scheduler: str | None = None
    shard: tuple[int, int] = (1, 1)
    retry_failed: bool = False


HERE: Final = Elsewhere()


def execute(
    points: Sequence[Point],
    replicates: Sequence[int],
    columns: Sequence[str],
    store: RunStore,
    *,
    where: Elsewhere = HERE,
    on_done: OnDone | None = None,
    deadline: float | None = None,
) -> Made:
    """Make every run that is wanted and not in the store; return how many there were of each kind.

    Parameters
    ----------
    points : where; the same point more than once is run once
    replicates : lucks, the same at every point, so that points can be compared pair by pair
    columns : outcomes to have of each run, as `measurement.groups.measure_columns` names them
    store : takes each block as it is done
    where : threads here (all processors by default) or a Dask scheduler, the share of the blocks to make, and whether
        runs that failed before are made again
    on_done : called with (runs done or found, runs in all, failed) after each block
    deadline : value of ``time.monotonic`` after which no block is begun

    Raises
    ------
    StudyError
        The scheduler cannot be reached, or a worker there has another version of the model.
    StoreError
        The store cannot take a block.
    """
    began = time.monotonic()
    unique = list({point.key: point for point in points}.values())
    store.refresh()
    again = where.retry_failed
    blocks = list(cut_into_blocks(unique, replicates, tuple(columns), store, where.shard, retry_failed=again))
    if where.shard == (1, 1):
        # A batch of points may have been lost while its runs are there: asked for again, they are told again.
        to_make, told = {one.key for block in blocks for one in block.points}, store.told_points()
        lost = [one for one in unique if one.key not in to_make and one.key.hex() not in told]
        store.write_points({one.key.hex(): tell_point(one) for one in lost})
    total = len(unique) * len(replicates)
    n_wanted = sum(len(block.keys) for block in blocks)
    elsewhere = 0
    if where.shard[1] > 1:  # what others make is neither found nor wanted here
        every = cut_into_blocks(unique, replicates, tuple(columns), store, retry_failed=again)
        elsewhere = sum(len(block.keys) for block in every) - n_wanted
    found = total - n_wanted - elsewhere
    made = failed = 0
    if on_done is not None and n_wanted == 0:
        on_done(found, found, 0)
    maker = _on_cluster if where.scheduler else _on_threads
    with contextlib.closing(maker(blocks, where, deadline)) as results:
        for block, rows in results:
            store.write_points({point.key.hex(): tell_point(point) for point in block.points})
            store.write(rows)
            made += len(block.keys)
            failed += int((rows["status"] == "failed").sum())
            if on_done is not None:
                on_done(found + made, found + n_wanted, failed)
    done = Made(total, found, made, failed, n_wanted - made, time.monotonic() - began)
    if made:  # what differs each time stays out of the shards
        machine = {"system": platform.system(), "machine": platform.machine(), "processors": os.cpu_count()}
        store.write_journal({**done._asdict(), **machine, "model": model_version(), "shard": list(where.shard)})
    return done


def cut_into_blocks(
    points: Sequence[Point],
    replicates: Sequence[int],
    columns: tuple[str, ...],
    store: RunStore,
    shard: tuple[int, int] = (1, 1),
    *,
    retry_failed: bool = False,
) -> Iterator[Block]:
    """Yield the blocks of this shard, each without the runs that the store has; the cuts lie where they always lie."""
    lucks = np.asarray(list(replicates), np.int64)
    size = runs_a_block(points[0]) if points else 1
    past = worthy_past(points) if 1 < len(points) <= MOST_FUTURES else 0
    # Whole points where that fits, so that what replicates share is made once.
    per = len(points) if past else max(size // max(len(lucks), 1), 1)
    pieces = max(-(-len(lucks) * (per if past else 1) // size), 1)
    number = 0
    for first in range(0, len(points), per):
        some = points[first : first + per]
        for piece in np.array_split(lucks, pieces):
            number += 1
            if (number - 1) % shard[1] != shard[0] - 1 or not len(piece):
                continue
            keys = np.concatenate([point.run_keys(piece) for point in some])
            lacking = store.missing(keys, columns, retry_failed=retry_failed)
            if lacking.any():
                at = np.repeat(np.arange(len(some)), len(piece))[lacking]
                runs = np.tile(piece, len(some))[lacking]
                yield Block(tuple(some), at, runs, keys[lacking], columns, model_version(), past)


def runs_a_block(point: Point) -> int:
    """Return how many runs make a block of some seconds at a point of this size."""
    people = float(municipalities_of(point.scenario)["population_2020"].sum())
    per = max(point.scenario.values_in(point.scenario.municipalities[0])["population.persons_per_actor"], 1.0)
    return int(np.clip(PEOPLE_MONTHS_A_BLOCK / (people / per * point.scenario.months), LEAST_RUNS, MOST_RUNS))


def make_block(block: Block) -> Rows:
    """Return the rows of a block's runs, made here and now on one thread; a run that falls is a row that says so.

    Raises
    ------
    StudyError
        The model here is not the one the block was cut for.
    """
    if block.version != model_version():
        found, allowed = f"the model {model_version()}", f"{block.version}, as where the study was begun"
        do = "install the same version of cosim on every worker"
        raise StudyError([Complaint("cosim", "version", found, allowed, do)])
    n = len(block.keys)
    rows: Rows = {
        "key": block.keys,
        "point": np.frombuffer(b"".join(block.points[at].key for at in block.at), f"V{KEY_BYTES}"),
        "replicate": block.replicates,
        "seed": np.array([block.points[at].scenario.seed for at in block.at], np.int64),
        "status": np.full(n, "done", object),
    }
    rows |= {name: np.full(n, "", object) for name in TEXTS}
    rows |= {name: np.full(n, np.nan) for name in block.columns}
    ready = _readied(block)
    left = _make_futures(block, ready, rows) if block.past else np.arange(n)
    came: dict[int, dict[str, float]] = {}
    for line, at, luck in zip(left.tolist(), block.at[left].tolist(), block.replicates[left].tolist(), strict=True):
        stage = "run"
        try:
            record = run_prepared(ready(at), luck)
            stage = "measure"
            came[line] = measure_columns(record, block.columns)
        except Exception as fault:  # a run that falls takes none with it
            rows["status"][line] = "failed"
            rows["stage"][line] = stage
            rows["kind"][line] = type(fault).__name__
            rows["message"][line] = str(fault)
            rows["command"][line] = f"cosim verify {STORE} --run {bytes(block.keys[line]).hex()} --debug"
    for name in block.columns:
        rows[name][list(came)] = [outcomes[name] for outcomes in came.values()]
    return rows


def _readied(block: Block) -> Callable[[int], Prepared]:
    """Return a function that makes a point of the block ready for its runs; a theory is compiled once.

    Futures of one past are at hand together, each with arrays of its own. Of other points one is at hand at a time and
    writes over the arrays of the one before it, so that memory does not grow with the points of a block.
    """
    theories: dict[int, Prepared] = {}
    spare = Spare()

    @lru_cache(maxsize=len(block.points) if block.past else 1)
    def ready(at: int) -> Prepared:
        point = block.points[at]
        if id(point.model) not in theories:
            theories[id(point.model)] = prepare(point.scenario, compile_process(point.model))
        return replace(theories[id(point.model)], scenario=point.scenario, spare=Spare() if block.past else spare)

    return ready


def _make_futures(block: Block, ready: Callable[[int], Prepared], rows: Rows) -> Array:
    """Make the runs whose past others in the block share; return the lines of those that are to be made alone."""
    alone: list[int] = []
    if not have_one_size([ready(int(at)) for at in np.unique(block.at)]):
        return np.arange(len(block.keys))
    for luck in np.unique(block.replicates):
        lines = np.flatnonzero(block.replicates == luck)
        try:
            if len(lines) < 2:
                raise LookupError("no other future is wanted of this luck")
            futures = [ready(int(block.at[line])) for line in lines]
            for line, record in zip(lines, run_futures(futures, block.past, int(luck)), strict=True):
                for name, value in measure_columns(record, block.columns).items():
                    rows[name][line] = value
        except Exception:  # made one by one, each falls for itself or not at all
            alone += [int(line) for line in lines]
    return np.array(alone, np.int64)


def _on_threads(blocks: Iterable[Block], where: Elsewhere, deadline: float | None) -> Generator[tuple[Block, Rows]]:
    """Yield blocks as they are done on threads here; only a few wait at a time."""
    workers = where.workers or os.cpu_count() or 1
    waiting = iter(blocks)
    running: dict[Future[Rows], Block] = {}
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        while True:
            late = deadline is not None and time.monotonic() >= deadline
            for block in islice(waiting, 0 if late else workers + 1 - len(running)):
                running[pool.submit(make_block, block)] = block
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _on_cluster(blocks: Iterable[Block], where: Elsewhere, deadline: float | None) -> Generator[tuple[Block, Rows]]:
    """Yield blocks as they are done on a Dask cluster; what a worker that dies had in hand is made by another."""
    try:
        import distributed
    except ImportError as error:
        do = "pip install 'cosim[cluster]'"
        raise StudyError([Complaint("cosim", "--scheduler", "no package dask", "distributed", do)]) from error
    dask: Any = distributed  # it has no types
    try:
        client = dask.Client(where.scheduler, timeout=f"{min(PATIENCE, 10.0):g}s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        allowed, do = "the address of a running scheduler, tcp://host:8786", "start one: dask scheduler"
        raise StudyError([Complaint("cosim", "--scheduler", str(error) or "no answer", allowed, do)]) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=f"{PATIENCE:g}s")
        except TimeoutError as error:
            do = f"start one: dask worker {where.scheduler}"
            raise StudyError(
                [Complaint("cosim", "--scheduler", "no worker there", "one worker or more", do)]
            ) from error
        waiting = iter(blocks)
        threads = max(sum(client.nthreads().values()), 1)
        running: dict[Any, Block] = {}
        done = dask.as_completed(loop=client.loop)

        def submit(block: Block) -> None:
            future = client.submit(make_block, block, pure=False, retries=3)
            running[future] = block
            done.add(future)

        for block in islice(waiting, 2 * threads):
            submit(block)
        for future in done:
            block = running.pop(future)
            try:
                rows = future.result()
            except StudyError:
                raise
            except Exception as fault:
                found, do = f"{type(fault).__name__}: {fault}", "look at the workers' logs; what was done is kept"
                raise RunError([Complaint("cosim", "--scheduler", found, "workers that live", do)]) from fault
            yield block, rows
            if deadline is None or time.monotonic() < deadline:
                for block in islice(waiting, 1):
                    submit(block)


def gather(points: Sequence[Point], replicates: Sequence[int], columns: Sequence[str], store: RunStore) -> Array:
    """Return the runs wanted as the store has them, [point, replicate, column]; NaN where one failed or is missing."""
    keys = np.concatenate([point.run_keys(replicates) for point in points]) if points else np.zeros(0, f"V{KEY_BYTES}")
    found = store.read(keys, list(columns))
    values = np.asarray(found[list(columns)].to_numpy(np.float64))
    return values.reshape(len(points), len(replicates), len(columns))


def within_shard(text: str) -> tuple[int, int]:
    """Return which share of how many, from a text such as ``3/20``.

    Raises
    ------
    StudyError
        It is no such text.
    """
    first, slash, last = text.partition("/")
    if slash and first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    allowed, do = "number/of, from 1/1 on", "such as --shard 3/20 for the third of twenty"
    raise StudyError([Complaint("cosim", "--shard", repr(text[:40]), allowed, do)])
