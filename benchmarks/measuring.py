"""How long things take: fresh worlds, interleaved rounds, medians, processor time of the measuring thread."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.limit import LimitRun
from benchmarks.plain_mesa.model import PlainModel
from benchmarks.plain_mesa.setting import read_setting
from cosim.engine.kernels.month import live_months
from cosim.engine.theory import pack_process
from cosim.population.drawing import draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.scenario.model import Scenario

Timed = Callable[[int], tuple[float, float]]
"""Takes a replicate; returns the seconds of making a fresh world and of living its months."""


def theory_of(scenario: Scenario) -> Any:
    """Return a scenario's process model as the kernels take it."""
    return pack_process(compile_process(read_process(scenario.process)))


def engine_time(scenario: Scenario) -> Timed:
    """Return a function that draws and lives a fresh replicate in the engine."""
    theory = theory_of(scenario)

    def timed(replicate: int) -> tuple[float, float]:
        began = time.thread_time()
        peopled = draw_population(scenario, replicate)
        drawn = time.thread_time()
        live_months(peopled.world, peopled.state, theory, 0, scenario.months)
        return drawn - began, time.thread_time() - drawn

    return timed


def limit_time(scenario: Scenario) -> Timed:
    """Return the same for the C++ limit, which starts from the engine's own people."""
    theory = theory_of(scenario)

    def timed(replicate: int) -> tuple[float, float]:
        peopled = draw_population(scenario, replicate)
        began = time.thread_time()
        run = LimitRun(peopled.world, peopled.state, theory)
        copied = time.thread_time()
        run.live_months(0, scenario.months)
        lived = time.thread_time()
        run.close()
        return copied - began, lived - copied

    return timed


def plain_time(scenario: Scenario) -> Timed:
    """Return the same for plain Mesa objects."""
    setting = read_setting(scenario)

    def timed(replicate: int) -> tuple[float, float]:
        began = time.thread_time()
        model = PlainModel(setting, replicate)
        drawn = time.thread_time()
        for _month in range(scenario.months):
            model.step()
        return drawn - began, time.thread_time() - drawn

    return timed


def medians(contestants: dict[str, Timed], rounds: int) -> dict[str, tuple[float, float]]:
    """Return each contestant's median seconds, of making a world and of its months, over interleaved rounds.

    The first call of each warms it and does not count; every round takes another replicate, the same for all.
    """
    for timed in contestants.values():
        timed(0)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for replicate in range(rounds):
        for name, timed in contestants.items():
            found[name].append(timed(replicate))
    return {
        name: (statistics.median(one[0] for one in times), statistics.median(one[1] for one in times))
        for name, times in found.items()
    }


def seconds_a_run(scenario: Scenario, threads: int, n_runs: int, rounds: int) -> tuple[float, float]:
    """Return wall seconds per run of the engine's months when whole runs are shared among threads, and how many
    processors that took: fewer than threads when something else kept the machine busy. The best of the rounds.
    """
    theory = theory_of(scenario)
    found = []
    for _round in range(rounds):
        worlds = [draw_population(scenario, replicate) for replicate in range(n_runs)]
        with ThreadPoolExecutor(max_workers=threads) as pool:
            began, spent = time.perf_counter(), time.process_time()
            lives = [pool.submit(live_months, one.world, one.state, theory, 0, scenario.months) for one in worlds]
            for life in lives:
                life.result()
            wall = time.perf_counter() - began
            found.append((wall / n_runs, (time.process_time() - spent) / wall))
    return min(found)


def seat_months(scenario: Scenario, rounds: int) -> float:
    """Return how many seats were filled, summed over the months, in the median of so many replicates."""
    theory = theory_of(scenario)
    found = []
    for replicate in range(rounds):
        peopled = draw_population(scenario, replicate)
        live_months(peopled.world, peopled.state, theory, 0, scenario.months)
        found.append(int(peopled.state.months["seat_months"].sum()))
    return statistics.median(found)


def cold_seconds(words: str, *, rounds: int = 3, compiled: bool = True) -> float:
    """Return how long a fresh interpreter takes to run a line of Python, the median of some rounds.

    Without ``compiled``, the engine's machine code is made anew each time.
    """
    found = []
    for _round in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            chosen = os.environ if compiled else {**os.environ, "COSIM_CACHE": folder}
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, env=dict(chosen))
            found.append(time.perf_counter() - began)
    return statistics.median(found)
