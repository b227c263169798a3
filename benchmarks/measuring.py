"""How long things take: fresh worlds, interleaved rounds, medians, processor time of the measuring thread."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.limit import LimitRun
from benchmarks.plain_mesa.model import PlainModel
from benchmarks.plain_mesa.setting import read_setting
from benchmarks.worlds import world_of
from cosim.engine.kernels.month import live_months
from cosim.engine.theory import pack_process
from cosim.population.drawing import Peopled, draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.scenario.model import Scenario

Timed = Callable[[int], float]


def theory_of(scenario: Scenario) -> Any:
    """Return a scenario's process model as the kernels take it."""
    return pack_process(compile_process(read_process(scenario.process)))


def engine_time(scenario: Scenario) -> Timed:
    """Return a function that lives a fresh replicate in the engine and returns the seconds of its months alone."""
    theory = theory_of(scenario)

    def timed(replicate: int) -> float:
        peopled = draw_population(scenario, replicate)
        began = time.thread_time()
        live_months(peopled.world, peopled.state, theory, 0, scenario.months)
        return time.thread_time() - began

    return timed


def limit_time(scenario: Scenario) -> Timed:
    """Return the same for the C++ limit, which starts from the engine's own people."""
    theory = theory_of(scenario)

    def timed(replicate: int) -> float:
        peopled = draw_population(scenario, replicate)
        run = LimitRun(peopled.world, peopled.state, theory)
        began = time.thread_time()
        run.live_months(0, scenario.months)
        taken = time.thread_time() - began
        run.close()
        return taken

    return timed


def plain_time(scenario: Scenario) -> Timed:
    """Return the same for plain Mesa objects."""

    def timed(replicate: int) -> float:
        model = PlainModel(read_setting(scenario), replicate)
        began = time.thread_time()
        for _month in range(scenario.months):
            model.step()
        return time.thread_time() - began

    return timed


def medians(contestants: dict[str, Timed], rounds: int) -> dict[str, float]:
    """Return each contestant's median over interleaved rounds; the first call of each warms it and does not count."""
    for timed in contestants.values():
        timed(0)
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(rounds):
        for name, timed in contestants.items():
            found[name].append(timed(round_number))
    return {name: statistics.median(times) for name, times in found.items()}


def seconds_a_run(scenario: Scenario, threads: int, n_runs: int) -> float:
    """Return wall seconds per run of the engine's months when whole runs are shared among threads."""
    theory = theory_of(scenario)
    worlds: list[Peopled] = [draw_population(scenario, replicate) for replicate in range(n_runs)]

    def one(peopled: Peopled) -> None:
        live_months(peopled.world, peopled.state, theory, 0, scenario.months)

    began = time.perf_counter()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        list(pool.map(one, worlds))
    return (time.perf_counter() - began) / n_runs


def seat_months(scenario: Scenario) -> int:
    """Return how many seats were filled, summed over the months, in the first replicate."""
    peopled = draw_population(scenario, 0)
    live_months(peopled.world, peopled.state, theory_of(scenario), 0, scenario.months)
    return int(peopled.state.months["seat_months"].sum())


def cold_seconds(words: str) -> float:
    """Return how long a fresh interpreter takes to run a line of Python."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", words], check=True, capture_output=True)
    return time.perf_counter() - began


def small(adults: int, months: int) -> Scenario:
    """Return a world of so many adults and months."""
    return world_of(adults, months=months)
