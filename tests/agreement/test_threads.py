"""How a run is carried out changes no bit of it: threads, workers, processes, hash seeds, calls and questions."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from cosim.engine.kernels.month import live_months
from cosim.results.record import RunRecord
from cosim.run import run, run_replicates
from cosim.scenario.model import Scenario
from tests.agreement.worlds import EVENTFUL, PLANNED, drawn, lived, same_bits, small_world

TABLES = ("arenas", "innovations", "month_table", "people", "lagged", "adopted", "survey", "n_actors")


def scenario_of(process: str = "staged", months: int = 14) -> Scenario:
    """Return a scenario in which much happens, with a questionnaire now and then."""
    return small_world(
        process=process,
        months=months,
        municipalities=("stad", "vanylven", "traena", "ovre-eiker", "gloppen"),
        changes=EVENTFUL,
        arenas=PLANNED,
        survey_months=(0, 5, months),
        replicates=4,
    )


def fingerprint(record: RunRecord) -> str:
    """Return a hash of everything in a record but the time it took."""
    return sha256(b"".join(getattr(record, name).tobytes() for name in TABLES)).hexdigest()


@pytest.mark.parametrize("threads", [2, 3, 9])
def test_threads_within_a_run(threads: int) -> None:
    scenario = scenario_of()
    assert run(scenario, threads=threads).same_as(run(scenario))


def test_workers_and_batches() -> None:
    """A replicate is the same from one worker or two, alone or among others, from the front or the back."""
    scenario = scenario_of("small-wins")
    one_worker = list(run_replicates(scenario, threads=1))
    two_workers = list(run_replicates(scenario, threads=2))
    backwards = list(run_replicates(scenario, range(3, -1, -1), threads=2))[::-1]
    alone = [run(scenario, replicate) for replicate in range(4)]
    assert len({fingerprint(record) for record in alone}) == 4
    for other in (two_workers, backwards, alone):
        for here, there in zip(one_worker, other, strict=True):
            assert isinstance(here, RunRecord)
            assert isinstance(there, RunRecord)
            assert here.same_as(there)


ELSEWHERE = """
from cosim.run import run
from tests.agreement.test_threads import fingerprint, scenario_of
print(fingerprint(run(scenario_of(), 1)))
"""


def test_another_process_with_another_hash_seed() -> None:
    top = str(Path(__file__).parents[2])
    surroundings = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": top}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env=surroundings, cwd=top, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == fingerprint(run(scenario_of(), 1)), done.stderr


def test_in_one_call_or_month_by_month() -> None:
    scenario = scenario_of("regime")
    whole = lived(scenario)
    parts = drawn(scenario)
    for start, end in ((0, 1), (1, 2), (2, 7), (7, 7), (7, 13), (13, 14)):
        live_months(parts.world, parts.state, parts.process, start, end)
    for name in ("actors", "municipalities", "hosts", "lagged", "months", "people"):
        assert same_bits(getattr(whole.state, name), getattr(parts.state, name)), name
    for name in ("arenas", "seats"):
        assert same_bits(getattr(whole.state, name), getattr(parts.state, name)), name


def test_questions_and_checks_change_nothing() -> None:
    """To ask people, to count them and to look for faults leaves everything as it was."""
    scenario = scenario_of("trait-led")
    asked = run(scenario)
    unasked = run(replace(scenario, survey_months=(), people_every=0))
    checked = run(scenario, checked=True, threads=2)
    assert checked.same_as(asked)
    assert len(asked.survey) > 0
    for name in ("arenas", "innovations", "month_table", "lagged", "adopted"):
        assert same_bits(getattr(asked, name), getattr(unasked, name)), name


def test_longer_runs_begin_like_shorter_ones() -> None:
    short, long = run(scenario_of(months=12)), run(scenario_of(months=20))
    assert same_bits(short.month_table, long.month_table[:12])
    assert same_bits(short.people, long.people[: len(short.people)])
