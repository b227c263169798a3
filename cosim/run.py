"""One door for everyone: ``run`` for one replicate, ``run_replicates`` for many at once.

Floor 6. A run is drawn, lives its months inside the compiled engine, is asked its survey questions on the way, and
leaves a record. Nothing here depends on how many threads, processes or batches there are: luck has addresses.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import pairwise
from typing import Any

import numpy as np

from cosim.engine.kernels.month import count_at_start, live_between, live_months, live_municipalities, write_running
from cosim.engine.state import State, World
from cosim.engine.theory import Process, pack_process
from cosim.errors import Complaint, RunError
from cosim.measurement.survey import ANSWER, PeopleColumns, take_survey
from cosim.population.drawing import draw_population
from cosim.population.starting import CONFLICTS
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.results.record import FailedRun, RunRecord
from cosim.scenario.model import Scenario

Array = np.ndarray[Any, Any]
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


def live(
    world: World, state: State, process: Any, start: int, end: int, *, threads: int = 1, checked: bool = False
) -> None:
    """Let a world live the months start..end-1; with threads or checks month by month, else in one call."""
    if threads <= 1 and not checked:
        live_months(world, state, process, start, end)
        return
    n = len(world.places)
    climates = np.empty(n)
    edges = _even_edges(world.places["host_last"] - world.places["host_first"], max(min(threads, n), 1))
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        for month in range(start, end):
            parts = [
                pool.submit(live_municipalities, world, state, process, month, first, last)
                for first, last in pairwise(edges)
            ]
            for part in parts:
                part.result()
            live_between(world, state, month, climates)
            if checked:
                check_state(state, month)


def _even_edges(weights: Array, n_parts: int) -> list[int]:
    """Return where to cut a row of municipalities into parts of nearly equal numbers of hosts."""
    shares = np.cumsum(weights) / max(int(np.sum(weights)), 1)
    inner = [int(np.searchsorted(shares, part / n_parts)) + 1 for part in range(1, n_parts)]
    return [0, *[min(edge, len(weights)) for edge in inner], len(weights)]


def check_state(state: State, month: int) -> None:
    """Raise one RunError naming every column with a number that is not finite, or a share outside 0..1."""
    complaints = []
    shares = {
        "actors.optimism": state.actors["optimism"],
        "actors.identity": state.actors["identity"],
        "seats.optimism": state.seats["optimism"],
        "seats.identity": state.seats["identity"],
        "seats.commitment": state.seats["commitment"],
        "arenas.readings": state.arenas["readings"],
        "municipalities.climate": state.municipalities["climate"],
        "municipalities.leadership": state.municipalities["leadership"],
    }
    for name, values in shares.items():
        if not np.all((values >= 0.0) & (values <= 1.0)):
            found = f"{np.nanmin(values)} .. {np.nanmax(values)}"
            complaints.append(Complaint(f"month {month}", name, found, "finite, 0..1", "report this as a fault"))
    for name in ("trust", "distrust"):
        if not (np.all(state.actors[name] >= 0.0) and np.all(state.seats[name] >= 0.0)):
            complaints.append(Complaint(f"month {month}", f"actors.{name}", "negative or not finite", "0 or more"))
    if not np.all(np.abs(state.arenas["nodes"]) <= 1.0):
        complaints.append(Complaint(f"month {month}", "arenas.nodes", "outside -1..1 or not finite", "-1..1"))
    if complaints:
        raise RunError(complaints)


def people_columns(world: World, state: State) -> PeopleColumns:
    """Return everybody's traits as columns, the seated ones read from their seats."""
    actors, seated = state.actors, np.flatnonzero(state.actors["seat"] >= 0)
    chairs = state.seats.reshape(-1)[actors["seat"][seated]]

    def column(name: str) -> Array:
        values = actors[name].astype(np.float64)
        values[seated] = chairs[name]
        return values

    positive, negative = column("trust"), column("distrust")
    climate = state.municipalities["climate"].copy()
    climate[:, CONFLICTS] = 1.0 - climate[:, CONFLICTS]
    return PeopleColumns(
        municipality=actors["municipality"].astype(np.int64),
        sector=actors["sector"].astype(np.int64),
        age=actors["age"].astype(np.int64),
        trust=(positive + 1.0) / (positive + negative + 2.0),
        optimism=column("optimism"),
        identity=column("identity"),
        fatigue=column("fatigue"),
        climate=climate.mean(axis=1),
        codes=world.places["address"],
    )


def ask(world: World, state: State, month: int) -> Array:
    """Return the answers to the questionnaire at the start of a month."""
    row = world.settings[world.setting_row[min(month, world.n_months - 1), 0]]
    names = world.settings.dtype.names or ()
    settings = {name.replace("survey_", "survey.", 1): float(row[name]) for name in names if name.startswith("survey_")}
    return take_survey(people_columns(world, state), month, world.run_luck, settings)


def make_record(
    scenario: Scenario, replicate: int, world: World, state: State, answers: list[Array], seconds: float
) -> RunRecord:
    """Return a run's record: the used rows of the logs, innovations pointing at their arenas' new places."""
    arena_rows = _used_rows(world, state.municipalities["arena_count"])
    solution_rows = _used_rows(world, state.municipalities["innovation_count"])
    innovations = state.innovation_log[solution_rows]
    innovations["arena_row"] = np.searchsorted(arena_rows, innovations["arena_row"])
    return RunRecord(
        scenario=scenario.name,
        process=scenario.process,
        seed=scenario.seed,
        replicate=replicate,
        start=scenario.start,
        months=scenario.months,
        people_every=scenario.people_every,
        municipalities=scenario.municipalities,
        arenas=state.arena_log[arena_rows],
        innovations=innovations,
        month_table=state.months,
        people=state.people,
        lagged=state.lagged,
        adopted=state.adopted[solution_rows],
        survey=np.concatenate(answers) if answers else np.zeros(0, ANSWER),
        n_actors=world.places["actor_last"] - world.places["actor_first"],
        seconds=seconds,
    )


def _used_rows(world: World, used: Array) -> Array:
    """Return the numbers of the rows written in a log, region by region."""
    firsts = world.places["log_first"]
    return np.concatenate([np.arange(first, first + n) for first, n in zip(firsts, used, strict=True)])


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
