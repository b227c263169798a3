"""One door for everyone: ``run`` for one replicate, ``run_replicates`` for many at once, and for studies ``prepare``
once and ``run_prepared`` again and again.

Floor 6. A run is drawn, lives its months inside the compiled engine, is asked its survey questions on the way, and
leaves a record. Nothing here depends on how many threads, processes or batches there are: luck has addresses.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral
from typing import Any, Final

from cosim.engine.kernels.month import count_at_start, write_running
from cosim.engine.state import State
from cosim.engine.theory import Process, pack_process
from cosim.errors import Complaint, ScenarioError
from cosim.model.months import live
from cosim.model.recording import ask, make_record
from cosim.parameters.values import shown
from cosim.population.drawing import draw_replicate
from cosim.population.planning import Plan, lay_plan
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.compile import compile_process
from cosim.processes.model import ProcessModel
from cosim.results.record import FailedRun, RunRecord
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario

OnDone = Callable[[RunRecord | FailedRun, int, int], None]
Theory = str | os.PathLike[str] | ProcessModel | Process
"""A process model: the name of one that ships, the path of a file, one that was read, or one that was compiled."""
LAST_REPLICATE: Final = 2**63 - 1


class Spare(threading.local):
    """The state of the replicate run last, for the next to write over; each thread finds its own, empty at first."""

    state: State | None = None


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the replicates of one scenario under one theory share; `prepare` makes it.

    Attributes
    ----------
    scenario : checked, naming the process model that its records will name
    theory : the process model as the kernels read it
    spare : where arrays wait to be written over, None when every replicate is to have its own
    """

    scenario: Scenario
    theory: Any
    spare: Spare | None = None

    @cached_property
    def plan(self) -> Plan:
        """Return what the population of every replicate is drawn from.

        It is laid when a replicate first asks for it, so that a world that cannot be laid out is a run that fell.
        """
        return lay_plan(self.scenario)


def run(
    scenario: Scenario | str | os.PathLike[str],
    replicate: int = 0,
    *,
    process: Theory | None = None,
    threads: int = 1,
    checked: bool = False,
) -> RunRecord:
    """Return the record of one run.

    Parameters
    ----------
    scenario : a checked scenario, the name of one that ships, or the path of a file
        It names its process model and its seed.
    replicate : 0 or more
        One luck; the same replicate meets the same people under every scenario and process.
    process : a process model instead of the one the scenario names
        A name, a path, a `ProcessModel` or a compiled `Process`. The record names it; a compiled one has no name, and
        the record then keeps the scenario's word.
    threads : 1 or more
        Threads within this run; municipalities are shared among them and no bit changes.
    checked : look for numbers that are not finite or out of range once a month (slower)

    Raises
    ------
    ScenarioError
        The scenario cannot be used, or ``replicate`` or ``threads`` is no whole number in its range.
    ProcessError
        The process model cannot be used.
    RunError
        In checked mode, when a state left its range; names the month and the column.

    Examples
    --------
    >>> run("stad", process="regime")  # doctest: +SKIP
    RunRecord of stad under regime
      seed 1, replicate 0, 60 months from 2020-01
      1 municipality, 172 arenas, 46 innovations, 0.43 seconds
      cosim.tables_of(record) and cosim.outcomes(record) say what came of it
    """
    _refuse_numbers(replicate, threads)
    return run_prepared(prepare(scenario, process), replicate, threads=threads, checked=checked)


def prepare(
    scenario: Scenario | str | os.PathLike[str], process: Theory | None = None, *, reuse: bool = False
) -> Prepared:
    """Return a scenario and a theory made ready for any number of replicates, see `run_prepared`.

    Parameters
    ----------
    scenario : a checked scenario, the name of one that ships, or the path of a file
    process : a process model instead of the one the scenario names, as in `run`
        Who prepares one theory for many scenarios compiles it once.
    reuse : whether a replicate may write over the arrays of the one before it on the same thread
        No record points into such arrays, and no bit depends on it; saves the time of fetching fresh memory.

    Raises
    ------
    ScenarioError
        The scenario cannot be used.
    ProcessError
        The process model cannot be used.
    """
    world, compiled = _meet(scenario, process)
    return Prepared(world, pack_process(compiled), Spare() if reuse else None)


def run_prepared(prepared: Prepared, replicate: int = 0, *, threads: int = 1, checked: bool = False) -> RunRecord:
    """Return the record of one run of what has been prepared; several threads may do so at once.

    Parameters
    ----------
    prepared : what `prepare` returns
    replicate : 0 or more
    threads, checked : as in `run`

    Raises
    ------
    ScenarioError
        ``replicate`` or ``threads`` is no whole number in its range.
    RunError
        In checked mode, when a state left its range; names the month and the column.
    """
    began = time.perf_counter()
    _refuse_numbers(replicate, threads)
    scenario, spare = prepared.scenario, prepared.spare
    world, state, _table = draw_replicate(prepared.plan, replicate, spare.state if spare is not None else None)
    if spare is not None:
        spare.state = state
    count_at_start(world, state)
    answers = []
    month = 0
    stops = sorted({*scenario.survey_months, scenario.months})
    for stop in stops:
        live(world, state, prepared.theory, month, min(stop, scenario.months), threads=threads, checked=checked)
        month = min(stop, scenario.months)
        if stop in scenario.survey_months:
            answers.append(ask(world, state, month))
    write_running(world, state, scenario.months)
    return make_record(scenario, replicate, world, state, answers, time.perf_counter() - began)


def run_replicates(
    scenario: Scenario | str | os.PathLike[str],
    replicates: Iterable[int] | None = None,
    *,
    process: Theory | None = None,
    threads: int | None = None,
    on_done: OnDone | None = None,
    command: str | None = None,
) -> Iterator[RunRecord | FailedRun]:
    """Return an iterator of each replicate's record, in order; a run that falls is a FailedRun and the rest go on.

    What is asked for is checked at once; the runs begin with the first record that is fetched.

    Parameters
    ----------
    scenario : a checked scenario, the name of one that ships, or the path of a file
    replicates : which, such as ``range(20)``; all the scenario asks for by default
    process : a process model instead of the one the scenario names, as in `run`
    threads : whole runs at once; as many as there are processors by default
    on_done : called with (record, number done, number in all) as each finishes, in order of finishing
    command : what was typed, so that a failure's row can name the command that makes it again alone

    Raises
    ------
    ScenarioError
        The scenario cannot be used, or ``replicates`` or ``threads`` are no whole numbers in their range.
    ProcessError
        The process model cannot be used.
    """
    if replicates is not None and not isinstance(replicates, Iterable):
        do = "range(20) for the first twenty, [3] for number 3 alone"
        _refuse(Complaint("cosim.run_replicates", "replicates", shown(replicates), "a range or list of numbers", do))
    listed = None if replicates is None else list(replicates)
    wrong = [_look_at_whole("replicates", one, 0, LAST_REPLICATE) for one in listed or ()]
    _refuse(*wrong, None if threads is None else _look_at_whole("threads", threads, 1, None))
    prepared = prepare(scenario, process, reuse=True)
    wanted = list(range(prepared.scenario.replicates)) if listed is None else listed
    return _run_each(prepared, wanted, threads or os.cpu_count() or 1, on_done, command)


def _run_each(
    prepared: Prepared, wanted: list[int], threads: int, on_done: OnDone | None, command: str | None
) -> Iterator[RunRecord | FailedRun]:
    """Yield the records in the order wanted, however the runs finish."""
    workers = min(threads, max(len(wanted), 1))
    waiting = iter(wanted)
    done: dict[int, RunRecord | FailedRun] = {}
    n_done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running: dict[Any, int] = {}

        def start_next() -> None:
            replicate = next(waiting, None)
            if replicate is not None:
                running[pool.submit(run_or_fail, prepared, replicate, command)] = replicate

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


def run_or_fail(prepared: Prepared, replicate: int, command: str | None = None) -> RunRecord | FailedRun:
    """Return a run's record, or the row of its failure with the command that makes it again alone."""
    world = prepared.scenario
    try:
        return run_prepared(prepared, replicate)
    except Exception as fault:
        typed = command or f"cosim run {world.name} --process {world.process} --seed {world.seed}"
        return FailedRun(
            scenario=world.name,
            process=world.process,
            seed=world.seed,
            replicate=replicate,
            stage="run",
            kind=type(fault).__name__,
            message=str(fault),
            command=f"{typed} --only {replicate} --debug",
        )


def _meet(scenario: Scenario | str | os.PathLike[str], process: Theory | None) -> tuple[Scenario, Process]:
    """Return the scenario, naming the process model that it meets, and that model compiled."""
    world = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    if process is None:
        return world, compile_process(read_process(world.process))
    if isinstance(process, Process):
        return world, process
    if isinstance(process, ProcessModel):
        return replace(world, process=process.name), compile_process(process)
    if not isinstance(process, str | os.PathLike):
        allowed = "the name of a theory, the path of its file, or what cosim.read_process returns"
        raise ScenarioError([Complaint("cosim.run", "process", shown(process), allowed, "such as process='regime'")])
    model = read_process(process)
    shipped = isinstance(process, str) and process in list_processes()
    return replace(world, process=str(process) if shipped else os.path.abspath(process)), compile_process(model)


def _refuse_numbers(replicate: object, threads: object) -> None:
    """Raise one letter unless a replicate and a number of threads are whole numbers in their range."""
    _refuse(_look_at_whole("replicate", replicate, 0, LAST_REPLICATE), _look_at_whole("threads", threads, 1, None))


def _look_at_whole(name: str, value: object, least: int, most: int | None) -> Complaint | None:
    """Return a complaint unless a value is a whole number in its range; true and false are none."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and least <= int(value) and (most is None or int(value) <= most):  # type: ignore[call-overload]
        return None
    allowed = f"a whole number of {least} or more" + ("" if most is None else f", at most {most}")
    return Complaint("cosim.run", name, shown(value), allowed, f"such as {name}={least}")


def _refuse(*complaints: Complaint | None) -> None:
    """Raise one letter with what there is to complain of."""
    wrong = [one for one in complaints if one is not None]
    if wrong:
        raise ScenarioError(wrong)
