"""Spread: units that take something up by themselves, or because others have."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.arithmetic import chance_in_month
from cosim.engine.rules.spreading import adoption_hazard
from cosim.engine.state import Array


class Spread(NamedTuple):
    """A simulated spread.

    Attributes
    ----------
    times : array [step + 1], years
    shares : array [step + 1], 0..1
        Share of units that have taken it up.
    """

    times: Array
    shares: Array


class Peak(NamedTuple):
    """When most take something up at once.

    Attributes
    ----------
    time : years
    share : 0..1, who have taken it up by then
    rate : share a year
    """

    time: float
    share: float
    rate: float


def bass_spread(
    innovation: float,
    imitation: float,
    n_units: int,
    n_years: float,
    *,
    steps_per_year: int = 12,
    seed: int = 0,
    replicate: int = 0,
) -> Spread:
    """Return the spread among units of which each can see all.

    Within a step the hazard is held; a yearly step therefore comes late by more than a year.

    Parameters
    ----------
    innovation : p, a year, 0 or more
    imitation : q, a year, 0 or more
    n_units : whole number, 1 or more
    n_years : years, 0 or more
    steps_per_year : whole number, 1 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    Spread

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    bass1969 : hazard p + q F.

    Examples
    --------
    >>> float(bass_spread(0.0, 0.4, 100, 2.0).shares.max())
    0.0
    """
    given = Arguments("bass_spread")
    innovation = given.number("innovation", innovation, 0.0)
    imitation = given.number("imitation", imitation, 0.0)
    n_units = given.whole("n_units", n_units, 1)
    n_years = given.number("n_years", n_years, 0.0)
    steps_per_year = given.whole("steps_per_year", steps_per_year, 1)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    n_steps = round(n_years * steps_per_year)
    taken = _spread(seed, replicate, innovation / steps_per_year, imitation / steps_per_year, n_units, n_steps)
    return Spread(np.arange(n_steps + 1) / steps_per_year, taken / n_units)


def bass_share(times: float | Array, innovation: float, imitation: float) -> Array:
    """Return the share who have taken it up by given times, in closed form.

    Parameters
    ----------
    times : years, 0 or more; a number or array
    innovation : p, a year, above 0
    imitation : q, a year, 0 or more

    Returns
    -------
    array like ``times``, 0..1

    Sources
    -------
    bass1969 : F(t) = (1 - e^-(p + q) t) / (1 + q / p e^-(p + q) t).

    Examples
    --------
    >>> round(float(bass_share(6.193, 0.03, 0.38)), 4)
    0.4605
    """
    given = Arguments("bass_share")
    p = given.number("innovation", innovation, 1e-12)
    q = given.number("imitation", imitation, 0.0)
    given.settle()
    left = np.exp(-(p + q) * np.asarray(times, dtype=np.float64))
    return np.asarray((1.0 - left) / (1.0 + q / p * left))


def bass_peak(innovation: float, imitation: float) -> Peak:
    """Return when most take it up at once, in closed form.

    Parameters
    ----------
    innovation : p, a year, above 0
    imitation : q, a year, above p (otherwise the peak is at the start)

    Returns
    -------
    Peak

    Sources
    -------
    bass1969 : t* = ln(q / p) / (p + q), F(t*) = 1/2 - p / (2 q).

    Examples
    --------
    >>> peak = bass_peak(0.03, 0.38)
    >>> round(peak.time, 3), round(peak.share, 4), round(peak.rate, 4)
    (6.193, 0.4605, 0.1106)
    """
    given = Arguments("bass_peak")
    p = given.number("innovation", innovation, 1e-12)
    q = given.number("imitation", imitation, 0.0)
    given.settle()
    if q <= p:
        return Peak(0.0, 0.0, p)
    share = 0.5 - p / (2.0 * q)
    return Peak(float(np.log(q / p) / (p + q)), share, (p + q * share) * (1.0 - share))


def measure_peak(spread: Spread, half_width: float = 2.0) -> Peak:
    """Return when most took it up at once in a simulated spread.

    A parabola is laid through the rates within ``half_width`` of the middle, and moved until its top is its middle;
    the true curve is symmetric there, so that neither noise nor width shifts the top.

    Parameters
    ----------
    spread : Spread
    half_width : years, above the length of two steps

    Returns
    -------
    Peak

    Raises
    ------
    ParameterError
        If the spread is too short to hold the window.

    Sources
    -------
    ASSUMED : least squares on both sides of a top.

    Examples
    --------
    >>> times = np.arange(200) / 12
    >>> round(measure_peak(Spread(times, bass_share(times, 0.03, 0.38))).time, 2)
    6.19
    """
    given = Arguments("measure_peak")
    half_width = given.number("half_width", half_width, 0.0)
    middles = 0.5 * (spread.times[1:] + spread.times[:-1])
    if middles.size < 4 or half_width < 2.0 * (middles[1] - middles[0]):
        given.complain("half_width", half_width, "wider than two steps of a spread of four steps or more")
    given.settle()
    rates = np.diff(spread.shares) / np.diff(spread.times)
    top = float(middles[np.convolve(rates, np.ones(5), "same").argmax()])
    rate = 0.0
    for _turn in range(100):
        near = np.abs(middles - top) <= half_width
        bend, slope, rate = np.polyfit(middles[near] - top, rates[near], 2)
        move = float(np.clip(-slope / (2.0 * bend), -half_width, half_width)) if bend < 0.0 else 0.0
        top += move
        if abs(move) < 1e-6:
            break
    return Peak(top, float(np.interp(top, spread.times, spread.shares)), float(rate))


@compiled
def _spread(seed: int, replicate: int, innovation: float, imitation: float, n_units: int, n_steps: int) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    waiting = np.arange(n_units)
    n_waiting = n_units
    taken = np.zeros(n_steps + 1)
    for step in range(n_steps):
        luck = address.luck_of(run_luck, step, address.SPREAD)
        share = 1.0 - n_waiting / n_units
        chance = chance_in_month(adoption_hazard(innovation, imitation, share, 1.0, 1.0))
        left = 0
        for place in range(n_waiting):
            unit = waiting[place]
            waiting[left] = unit
            left += address.draw(luck, unit) >= chance
        n_waiting = left
        taken[step + 1] = n_units - n_waiting
    return taken
