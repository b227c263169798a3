"""What a run of a sweep costs, beside Mesa's own `batch_run` and beside the EMA Workbench's evaluator.

Processor time of the process is counted, over whole sweeps of the same municipality and the same settings: points,
preparation, keys and the store on our side, whatever theirs do on the others'. What is not the model's own work is the
overhead. It is measured within the sweep, as all time but that of the model function, because the difference of two
sweeps would drown a tenth of a millisecond in the spread of the runs.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import mesa
import numpy as np

from benchmarks.plain_mesa.model import PlainModel
from benchmarks.plain_mesa.setting import Setting, read_setting
from benchmarks.worlds import world_of
from cosim.measurement.groups import measure_columns
from cosim.parameters.catalogue import read_declarations
from cosim.processes.catalogue import read_process
from cosim.results.record import RunRecord
from cosim.results.runstore import RunStore
from cosim.run import Prepared, prepare, run_prepared
from cosim.scenario.model import Scenario
from cosim.study.execute import Elsewhere, execute
from cosim.study.factors import factor_of
from cosim.study.points import points_of_design
from cosim.study.sensitivity import make_design
from cosim.study.sensitivity_design import Design

VARIED: Final = ("people.trust", "people.optimism", "arenas.facilitation", "arenas.openness")
MEASURED: Final = ("innovations_per_unit_year", "solution_quality", "level")
PACE: Final = "innovations_per_unit_year"
LUCKS: Final = 20
BLOCKS: Final = 8
SEED: Final = 1
FEW_POINTS, FEW_LUCKS = 3, 1
"""What Mesa's sweep is given, for one of its runs takes about a second."""


def design_of(blocks: int) -> Design:
    """Return a Sobol design over a few success factors within their priors."""
    declared = [read_declarations()[name] for name in VARIED]
    factors = [factor_of(one, one.prior_low, one.prior_high) for one in declared]
    return make_design(factors, "sobol", blocks, SEED)


class ModelFunction:
    """A run and its measures as one call that counts the calls and their seconds; the record is let go of inside."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.n = 0
        self.seconds = 0.0

    def __call__(self, prepared: Prepared, replicate: int) -> dict[str, float]:
        """Return the outcomes of a run."""
        began = time.thread_time()
        found = measure_columns(run_prepared(prepared, replicate), MEASURED)
        self.count(began)
        return found

    def count(self, began: float) -> None:
        """Count a call that began at this time of the thread."""
        self.seconds += time.thread_time() - began
        self.n += 1


def sweep_here(scenario: Scenario, levels: np.ndarray[Any, Any], design: Design) -> tuple[float, float]:
    """Return the seconds a run of a sweep takes here, on one thread, and those of them that are not the model's."""
    model = ModelFunction()

    def measured(found: dict[str, float] | RunRecord, columns: Sequence[str]) -> Any:
        return found

    theories = ((scenario.process, read_process(scenario.process)),)
    with (
        tempfile.TemporaryDirectory(prefix="cosim-benchmarks-") as folder,
        patch("cosim.study.execute.run_prepared", model),
        patch("cosim.study.execute.measure_columns", measured),
    ):
        began = time.process_time()
        points = points_of_design(scenario, theories, design.factors, levels)
        execute(points, range(LUCKS), MEASURED, RunStore(Path(folder) / "store", create=True), where=Elsewhere(1))
        spent = time.process_time() - began
    return spent / model.n, (spent - model.seconds) / model.n


class SweptModel(PlainModel):
    """Plain Mesa as `batch_run` wants it: a seed by the name ``rng``, and a data collector with the outcome."""

    def __init__(self, setting: Setting, months: int, rng: int) -> None:
        """Draw the people and say what is collected."""
        super().__init__(setting, rng)
        self.months = months
        self.datacollector = mesa.DataCollector(model_reporters={PACE: count_solutions})

    def step(self) -> None:
        """Live a month; after the last, collect."""
        super().step()
        if self.month == self.months:
            self.datacollector.collect(self)


def count_solutions(model: SweptModel) -> float:
    """Return solutions put into use per unit and year."""
    solutions = sum(len(one.innovations) for one in model.municipalities)
    return solutions / sum(len(one.units) for one in model.municipalities) / (model.months / 12)


def sweep_in_mesa(settings: Sequence[Setting], months: int, lucks: Sequence[int]) -> float:
    """Return the seconds a run takes in Mesa's own sweep, in one process."""
    began = time.process_time()
    rows = mesa.batch_run(
        SweptModel,
        {"setting": list(settings), "months": months},
        rng=list(lucks),
        max_steps=months,
        display_progress=False,
    )
    spent = time.process_time() - began
    assert len(rows) == len(settings) * len(lucks)
    assert all(np.isfinite(row[PACE]) for row in rows)
    return spent / len(rows)


def ema_sweep(scenario: Scenario, design: Design, replicator: bool) -> Callable[[], float]:
    """Return a function that runs the same sweep through the EMA Workbench and returns a run's seconds of overhead.

    An experiment is a run, as the workbench's documentation has it; with ``replicator``, all lucks of a point are one
    experiment of its `ReplicatorModel`, which keeps only what a function makes of them (here their mean).
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "ipyparallel not installed")  # said by the workbench on import
        import ema_workbench as ema

    names = {name.replace(".", "_"): name for name in VARIED}
    model = ModelFunction()

    @cache
    def prepared_at(*levels: float) -> Prepared:
        return prepare(scenario.with_values(dict(zip(VARIED, levels, strict=True))), reuse=True)

    def run_model(luck: int = 0, **levels: float) -> dict[str, float]:
        began = time.thread_time()
        found = measure_columns(run_prepared(prepared_at(*(levels[one] for one in names)), int(luck)), MEASURED)
        model.count(began)
        return found

    told = ema.ReplicatorModel("cosim", function=run_model) if replicator else ema.Model("cosim", function=run_model)
    told.uncertainties = [
        ema.RealParameter(short, factor.low, factor.high) for short, factor in zip(names, design.factors, strict=True)
    ]
    if replicator:
        told.replications = [{"luck": luck} for luck in range(LUCKS)]
        told.outcomes = [ema.ScalarOutcome(f"mean_{one}", variable_name=one, function=np.mean) for one in MEASURED]
    else:
        told.uncertainties += [ema.IntegerParameter("luck", 0, LUCKS - 1)]
        told.outcomes = [ema.ScalarOutcome(one) for one in MEASURED]
    rows = [dict(zip(names, map(float, row), strict=True)) for row in design.values]
    wanted = rows if replicator else [{**row, "luck": luck} for row in rows for luck in range(LUCKS)]
    experiments = [ema.Sample(f"s{number}", **row) for number, row in enumerate(wanted)]

    def swept() -> float:
        model.n, model.seconds = 0, 0.0
        prepared_at.cache_clear()
        with contextlib.redirect_stderr(io.StringIO()):  # its progress bar
            began = time.process_time()
            with ema.SequentialEvaluator(told) as evaluator:
                evaluator.perform_experiments(scenarios=experiments)
            spent = time.process_time() - began
        assert model.n == len(rows) * LUCKS
        return (spent - model.seconds) / model.n

    return swept


def beside_batch_run(rounds: int, months: int = 60) -> tuple[float, float]:
    """Return the core-seconds a run takes here and in Mesa's sweep, medians of interleaved rounds at the same points.

    Mesa meets one luck at each point and the engine twenty, as a sweep does; each round takes other points.
    """
    scenario = world_of(10_000, months=months)
    design = design_of(BLOCKS)
    ours, theirs = [], []
    way = multiprocessing.get_start_method(allow_none=True)
    try:
        sweep_here(scenario, design.values[:1], design)  # what is compiled or read once is not counted
        for number in range(rounds):
            levels = design.values[number * FEW_POINTS : (number + 1) * FEW_POINTS]
            points = points_of_design(
                scenario, ((scenario.process, read_process(scenario.process)),), design.factors, levels
            )
            settings = [read_setting(point.scenario) for point in points]
            ours.append(sweep_here(scenario, levels, design)[0])
            theirs.append(sweep_in_mesa(settings, months, range(FEW_LUCKS)))
    finally:
        multiprocessing.set_start_method(way, force=True)  # `batch_run` sets it for the whole process
    return statistics.median(ours), statistics.median(theirs)


def beside_workbench(rounds: int, blocks: int = BLOCKS, months: int = 60) -> dict[str, float]:
    """Return a run's seconds beside the model's own: here, in the workbench, and in its `ReplicatorModel`.

    Medians of interleaved rounds of the same runs.
    """
    scenario = world_of(10_000, months=months)
    design = design_of(blocks)
    ways: dict[str, Callable[[], float]] = {
        "here": lambda: sweep_here(scenario, design.values, design)[1],
        "workbench": ema_sweep(scenario, design, replicator=False),
        "replicator": ema_sweep(scenario, design, replicator=True),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return {name: statistics.median(times) for name, times in found.items()}


def sweeps(rounds: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the table: what a run costs in a sweep, beside Mesa's and the workbench's."""
    ours, theirs = beside_batch_run(min(rounds, 5))
    ratio = theirs / ours
    yield "core-ms a run in a sweep, 10,000 adults, 60 months", "", f"{1e3 * ours:.1f}", ""
    what = "times Mesa's batch_run on plain Mesa, a run in a sweep, 10,000 adults"
    yield what, "at least 200", f"{ratio:.0f}", "yes" if ratio >= 200 else "no"
    over = beside_workbench(min(rounds, 3))
    told = ", ".join(f"{1e3 * over[name]:.3f}" for name in ("here", "workbench", "replicator"))
    yield "core-ms a run beside the model's own: here, EMA Workbench, its ReplicatorModel", "", told, ""
    share = over["here"] / over["workbench"]
    yield "overhead a run over EMA Workbench's", "at most 0.1", f"{share:.2f}", "yes" if share <= 0.1 else "no"
