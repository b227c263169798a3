"""``python -m benchmarks.store``: a store of a million runs, and what it takes to open, ask, list and read it.

Each question is asked in a process of its own, so that its memory is its own. Memory is that of the whole process,
Python and packages included, and needs a system that tells it (not Windows).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from cosim.results.joining import compact
from cosim.results.runstore import RunStore

MILLION: Final = 1_000_000
OUTCOMES: Final = 12
REPLICATES: Final = 100
RUNS_A_SHARD: Final = 2_000
ASKED: Final = 150_000
SCENARIO: Final = "\n".join(f"[section-{number}]\nvalue = {number / 7}" for number in range(200))


def make_store(place: Path, n_runs: int = MILLION, runs_a_shard: int = RUNS_A_SHARD) -> None:
    """Write a store of runs with numbers of the kinds that studies measure: shares, counts, and some missing."""
    store = RunStore(place, create=True)
    for begin in range(0, n_runs, runs_a_shard):
        luck = np.random.default_rng(begin)
        number = np.arange(begin, min(begin + runs_a_shard, n_runs))
        points = [hashlib.blake2b(b"%d" % (one // REPLICATES), digest_size=16).hexdigest() for one in number]
        block: dict[str, Any] = {
            "key": np.frombuffer(luck.bytes(16 * len(number)), "S16"),
            "point": points,
            "replicate": number % REPLICATES,
            "seed": np.ones(len(number), dtype=int),
            "status": np.where(luck.random(len(number)) < 0.001, "failed", "done"),
            "stage": ["run"] * len(number),
            "message": ["it fell"] * len(number),
        }
        for outcome in range(OUTCOMES):
            shares = luck.random(len(number))
            block[f"outcome_{outcome:02d}"] = np.floor(100 * shares) if outcome % 3 == 0 else shares
        made = {one: json.dumps({"version": "1", "scenario": SCENARIO, "point": one}) for one in dict.fromkeys(points)}
        store.write_points(made)
        store.write(block)


def _missing(store: RunStore, seconds: Callable[[], float]) -> int:
    """Ask for half of the keys that are there and half that are not; the making of the question is not counted."""
    luck = np.random.default_rng(1)
    there = luck.permutation(store.refresh().keys)[: ASKED // 2]
    asked = np.concatenate([there, np.frombuffer(luck.bytes(16 * (ASKED // 2)), "S16")])
    seconds()
    return int(store.missing(asked, ["outcome_00", "outcome_05"]).sum())


ASK: Final[dict[str, Callable[[RunStore, Callable[[], float]], int]]] = {
    "open and index": lambda store, _: len(store.refresh()),
    f"missing, {ASKED:,} keys, after the index": _missing,
    "summary": lambda store, _: store.summarise().n_points,
    "one outcome of all runs": lambda store, _: len(store.read(columns=["outcome_03"])),
    "one outcome, by batches": lambda store, _: sum(map(len, store.iterate(["outcome_03"]))),
    "all outcomes of all runs": lambda store, _: len(store.read()),
}


def ask(place: str, what: str) -> None:
    """Ask one question and print as JSON what it took."""
    began = time.perf_counter()

    def begin_now() -> float:
        nonlocal began
        began = time.perf_counter()
        return began

    got = ASK[what](RunStore(place), begin_now)
    seconds = time.perf_counter() - began
    print(json.dumps({"got": got, "seconds": seconds, "peak_mb": peak_kilobytes() / 1024}))


def peak_kilobytes() -> float:
    """Return the most memory this process had; on Linux what it was started from does not count, as in getrusage."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
        return float(lines["VmHWM"].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ask_all(place: Path, name: str) -> None:
    """Ask every question in a process of its own and print a line for each."""
    files = list((place / "runs").iterdir())
    print(f"{name}: {len(files):,} shards, {sum(one.stat().st_size for one in files) / 1e6:.0f} MB")
    for what in ASK:
        words = [sys.executable, "-m", "benchmarks.store", "--place", str(place), "--ask", what]
        told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        print(
            f"  {what:<42} {told['seconds']:7.2f} s  {told['peak_mb']:6.0f} MB at most  ({told['got']:,})", flush=True
        )


def million_runs(n_runs: int = MILLION) -> None:
    """Make a store of a million runs, ask it everything, compact it, and ask again."""
    with tempfile.TemporaryDirectory(prefix="cosim-store-") as folder:
        place = Path(folder) / "store"
        began = time.perf_counter()
        make_store(place, n_runs)
        print(f"written in {time.perf_counter() - began:.0f} s")
        ask_all(place, "as written")
        began = time.perf_counter()
        compact(RunStore(place))
        print(f"compacted in {time.perf_counter() - began:.0f} s")
        ask_all(place, "compacted")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=MILLION)
    parser.add_argument("--place")
    parser.add_argument("--ask", choices=ASK)
    options = parser.parse_args()
    if options.ask:
        ask(options.place, options.ask)
    else:
        million_runs(options.runs)
