"""One door for everyone: ``run`` for one replicate, ``run_replicates`` for many at once.

Floor 6. A run is drawn, lives its months inside the compiled engine, is asked its survey questions on the way, and
leaves a record. Nothing here depends on how many threads, processes or batches there are: luck has addresses.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

from cosim.engine.kernels.month import count_at_start, write_running
from cosim.engine.theory import Process, pack_process
from cosim.model.months import live
from cosim.model.recording import ask, make_record
from cosim.population.drawing import draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.results.record import FailedRun, RunRecord
from cosim.scenario.model import Scenario

OnDone = Callable[[RunRecord | FailedRun, int, int], None]


def run(
    scenario: Scenario,
    replicate: int = 0,
    *,
    process: Process | None = None,
    threads: int = 1,
    checked: bool = False,
) -> RunRecord:
    """Return the record of one run.

    Parameters
    ----------
    scenario : checked scenario; it names its process model and its seed
    replicate : 0 or more
        One luck; the same replicate meets the same people under every scenario and process.
    process : a compiled process model instead of the one the scenario names
    threads : 1 or more
        Threads within this run; municipalities are shared among them and no bit changes.
    checked : look for numbers that are not finite or out of range once a month (slower)

    Raises
    ------
    ProcessError
        The scenario names a process model that cannot be used.
    RunError
        In checked mode, when a state left its range; names the month and the column.
    """
    began = time.perf_counter()
    if process is None:
        process = compile_process(read_process(scenario.process))
    theory = pack_process(process)
    peopled = draw_population(scenario, replicate)
    world, state = peopled.world, peopled.state
    count_at_start(world, state)
    answers = []
    month = 0
    stops = sorted({*scenario.survey_months, scenario.months})
    for stop in stops:
        live(world, state, theory, month, min(stop, scenario.months), threads=threads, checked=checked)
        month = min(stop, scenario.months)
        if stop in scenario.survey_months:
            answers.append(ask(world, state, month))
    write_running(world, state, scenario.months)
    return make_record(scenario, replicate, world, state, answers, time.perf_counter() - began)


def run_replicates(
    scenario: Scenario,
    replicates: range | None = None,
    *,
    threads: int | None = None,
    on_done: OnDone | None = None,
    command: str | None = None,
) -> Iterator[RunRecord | FailedRun]:
    """Yield the record of each replicate, in order; a run that falls is yielded as a FailedRun and the rest go on.

    Parameters
    ----------
    scenario : checked scenario
    replicates : which; all the scenario asks for by default
    threads : whole runs at once; as many as there are processors by default
    on_done : called with (record, number done, number in all) as each finishes, in order of finishing
    command : what was typed, so that a failure's row can name the command that makes it again alone
    """
    wanted = list(range(scenario.replicates) if replicates is None else replicates)
    process = compile_process(read_process(scenario.process))
    workers = min(threads or os.cpu_count() or 1, max(len(wanted), 1))
    waiting = iter(wanted)
    done: dict[int, RunRecord | FailedRun] = {}
    n_done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running: dict[Any, int] = {}

        def start_next() -> None:
            replicate = next(waiting, None)
            if replicate is not None:
                running[pool.submit(run_or_fail, scenario, replicate, process, command)] = replicate

        for _worker in range(workers):
            start_next()
        try:
            for expected in wanted:
                while expected not in done:
                    finished, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        record = future.result()
                        done[running.pop(future)] = record
                        n_done += 1
                        if on_done is not None:
                            on_done(record, n_done, len(wanted))
                        start_next()
                yield done.pop(expected)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def run_or_fail(
    scenario: Scenario, replicate: int, process: Process | None = None, command: str | None = None
) -> RunRecord | FailedRun:
    """Return a run's record, or the row of its failure with the command that makes it again alone."""
    try:
        return run(scenario, replicate, process=process)
    except Exception as fault:
        typed = command or f"cosim run {scenario.name} --process {scenario.process} --seed {scenario.seed}"
        return FailedRun(
            scenario=scenario.name,
            process=scenario.process,
            seed=scenario.seed,
            replicate=replicate,
            stage="run",
            kind=type(fault).__name__,
            message=str(fault),
            command=f"{typed} --only {replicate} --debug",
        )
