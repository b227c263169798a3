"""Matches the rivals' base hazards, so that all deliver alike at reference traits and differ in pattern, not in level.

Every theory keeps its own form of hazard, and forms have no common scale: a product of four shares is a small number
and a mean of them a large one. One number for each theory, its scale, multiplies all its hazards. It is found by
running the reference municipality on the same people and the same luck under each theory, and changing the scale
until as many solutions are delivered as under the null theory. Nothing else is touched.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cosim.errors import Complaint, RunError
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.compile import compile_process
from cosim.run import run
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario

NULL_THEORY = "additive"
REFERENCE = "reference"
LEAST, MOST = 1.0 / 64.0, 64.0


@dataclass(frozen=True, slots=True)
class Match:
    """A theory's scale, and how near it brought the rate to the null theory's.

    ``rate`` and ``wanted`` are solutions delivered per replicate; ``error`` is the standard error of their paired
    difference over replicates.
    """

    name: str
    scale: float
    rate: float
    wanted: float
    error: float
    runs: int


def count_delivered(scenario: Scenario, name: str, scale: float, replicates: int) -> np.ndarray:
    """Return how many solutions each replicate delivers under a theory at a scale, [replicates]."""
    process = compile_process(read_process(name), scale)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        records = pool.map(lambda replicate: run(scenario, replicate, process=process), range(replicates))
        return np.array([len(record.innovations) for record in records], np.float64)


def match_process(scenario: Scenario, name: str, wanted: np.ndarray, tolerance: float) -> Match:
    """Return the scale at which a theory delivers as the null theory does.

    Deliveries rise with the scale, so the scale is found by halving an interval on a logarithmic axis; the same luck
    in every trial makes the comparison smooth.

    Raises
    ------
    RunError
        When no scale between 1/64 and 64 brings the theory to the level: it hardly ever delivers, or always.
    """
    low, high = math.log(LEAST), math.log(MOST)
    target = float(wanted.mean())
    found, runs = wanted, 0
    middle = 0.0
    for _trial in range(24):
        found = count_delivered(scenario, name, math.exp(middle), len(wanted))
        runs += len(wanted)
        if abs(found.mean() - target) <= tolerance * target:
            break
        if found.mean() < target:
            low = middle
        else:
            high = middle
        middle = 0.5 * (low + high)
    else:
        rate = f"{found.mean():.1f} a replicate at scale {math.exp(middle):.3g}"
        do = "look at its hazards and gates: they hardly ever open, or hardly ever close"
        raise RunError([Complaint(name, "scale", rate, f"{target:.1f}, as under {NULL_THEORY}", do)])
    error = float((found - wanted).std(ddof=1) / math.sqrt(len(wanted)))
    return Match(name, math.exp(middle), float(found.mean()), target, error, runs)


def match_processes(
    names: Sequence[str] | None = None,
    *,
    scenario: str = REFERENCE,
    replicates: int = 40,
    tolerance: float = 0.01,
    on_match: Callable[[Match], None] | None = None,
    write_to: str | Path | None = None,
) -> dict[str, float]:
    """Return every theory's scale by name, and write the table if asked to.

    Parameters
    ----------
    names : theories; all that ship by default
    scenario : world of reference traits
    replicates : runs for each trial, 2 or more; forty settle a share of about two in a hundred
    tolerance : how near the mean must come, as a share
    on_match : called with each match as it is found
    write_to : file to write, for example the one that ships (``processes.catalogue.MATCHED``)
    """
    world = read_scenario(scenario)
    wanted = count_delivered(world, NULL_THEORY, 1.0, replicates)
    matches = []
    for name in names or list_processes():
        match = match_process(world, name, wanted, tolerance)
        matches.append(match)
        if on_match is not None:
            on_match(match)
    if write_to is not None:
        Path(write_to).write_text(table_of(matches, world, replicates), encoding="utf-8")
    return {match.name: match.scale for match in matches}


def table_of(matches: Sequence[Match], scenario: Scenario, replicates: int) -> str:
    """Return the matched scales as the text of a table, with how they were found."""
    lines = [
        "# Scales that make all theories deliver alike at reference traits. Written by `cosim process match`;",
        f"# scenario {scenario.name}, {scenario.months} months, seed {scenario.seed}, {replicates} replicates.",
        "# Behind each: solutions a replicate, against the null theory's, and the standard error of the difference.",
    ]
    for match in matches:
        told = f"{match.rate:.1f} against {match.wanted:.1f} (s.e. {match.error:.1f})"
        lines.append(f"{match.name} = {match.scale:.6g}  # {told}")
    return "\n".join(lines) + "\n"
