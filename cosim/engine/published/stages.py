"""A chain of stages, each left at a constant rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.arithmetic import chance_in_month
from cosim.engine.state import Array


def draw_stage_times(
    rates: Array, n_chains: int, *, steps_per_month: int | None = None, seed: int = 0, replicate: int = 0
) -> Array:
    """Return how long each chain stays in each stage.

    Parameters
    ----------
    rates : array [stage], a month, above 0
    n_chains : whole number, 1 or more
    steps_per_month : whole number, 1 or more, or None
        None lets a stage be left at any moment; otherwise at the end of a step, with the chance of at least one event
        in it.
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [chain, stage], months

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    sorensen2011 : stages that follow each other.
    ASSUMED : exponential waiting.

    Examples
    --------
    >>> bool(draw_stage_times([1.0, 2.0], 3, steps_per_month=1).min() >= 1.0)
    True
    """
    given = Arguments("draw_stage_times")
    hazards = given.array("rates", rates, 1, 1e-9)
    n_chains = given.whole("n_chains", n_chains, 1)
    n_steps = 0 if steps_per_month is None else given.whole("steps_per_month", steps_per_month, 1)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    if n_steps == 0:
        return np.asarray(_wait(seed, replicate, hazards, n_chains))
    return np.asarray(_wait_in_steps(seed, replicate, hazards / n_steps, n_chains) / n_steps)


def stage_moments(rates: Array, *, steps_per_month: int | None = None) -> tuple[float, float]:
    """Return mean and variance of the time a chain takes through all stages.

    Parameters
    ----------
    rates : array [stage], a month, above 0
    steps_per_month : whole number, 1 or more, or None for stages that can be left at any moment

    Returns
    -------
    mean : months
    variance : months squared

    Sources
    -------
    ASSUMED : sums of exponential waiting times, or of geometric ones with steps.

    Examples
    --------
    >>> stage_moments([0.5, 0.25])
    (6.0, 20.0)
    """
    given = Arguments("stage_moments")
    hazards = given.array("rates", rates, 1, 1e-9)
    n_steps = 0 if steps_per_month is None else given.whole("steps_per_month", steps_per_month, 1)
    given.settle()
    if n_steps == 0:
        return float((1.0 / hazards).sum()), float((1.0 / hazards**2).sum())
    chances = -np.expm1(-hazards / n_steps)
    return float((1.0 / chances).sum() / n_steps), float(((1.0 - chances) / chances**2).sum() / n_steps**2)


@compiled
def _wait(seed: int, replicate: int, rates: Any, n_chains: int) -> Any:
    luck = address.luck_of(address.luck_of_run(seed, replicate), 0, address.ADVANCE)
    times = np.empty((n_chains, rates.size))
    for chain in range(n_chains):
        for stage in range(rates.size):
            times[chain, stage] = -np.log(1.0 - address.draw(luck, chain * rates.size + stage)) / rates[stage]
    return times


@compiled
def _wait_in_steps(seed: int, replicate: int, hazards: Any, n_chains: int) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    times = np.zeros((n_chains, hazards.size))
    stages = np.zeros(n_chains, np.int64)
    n_running = n_chains
    step = 0
    while n_running > 0:
        luck = address.luck_of(run_luck, step, address.ADVANCE)
        step += 1
        for chain in range(n_chains):
            stage = stages[chain]
            if stage < hazards.size:
                times[chain, stage] += 1.0
                if address.draw(luck, chain) < chance_in_month(hazards[stage]):
                    stages[chain] += 1
                    n_running -= stages[chain] == hazards.size
    return times
