"""Optimism, identity and climate alone, each under a constant chance of good outcomes, with where they end."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.learning import identity_next, moved_towards, optimism_after_news
from cosim.engine.state import Array

INNOVATIVE = 0.661
STAGNATED = 0.416
"""Ekvall's innovative and stagnated organisations on the scale 0..1."""


def optimism_path(
    chance: float,
    n_news: int,
    rate_good: float,
    rate_bad: float,
    *,
    start: float = 0.5,
    n_paths: int = 1,
    seed: int = 0,
    replicate: int = 0,
) -> Array:
    """Return optimism after each piece of news, good with a constant chance.

    Parameters
    ----------
    chance : 0..1, of good news
    n_news : whole number, 1 or more
    rate_good, rate_bad : 0..1, share of the distance moved on good and on bad news
    start : 0..1
    n_paths : whole number, 1 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [path, news], 0..1

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    sharot2016 : people update more on good than on bad news.

    Examples
    --------
    >>> optimism_path(1.0, 2, 0.5, 0.25)
    array([[0.75 , 0.875]])
    """
    given = Arguments("optimism_path")
    rates = [given.share("rate_good", rate_good), given.share("rate_bad", rate_bad)]
    begin = given.share("start", start)
    news = _draw(given, chance, n_news, n_paths, address.NEWS, seed, replicate)
    return np.asarray(_optimism(news, rates[0], rates[1], begin))


def optimism_limit(chance: float, rate_good: float, rate_bad: float) -> float:
    """Return the mean of optimism after endless news, O* = a+ p / (a+ p + a- (1 - p)).

    Parameters
    ----------
    chance, rate_good, rate_bad : 0..1, not all news of a kind that moves nobody

    Returns
    -------
    float, 0..1

    Sources
    -------
    sharot2016 : the rule whose mean this is.

    Examples
    --------
    >>> round(optimism_limit(0.5, 0.3, 0.2), 12)
    0.6
    """
    given = Arguments("optimism_limit")
    up = given.share("rate_good", rate_good) * given.share("chance", chance)
    down = given.share("rate_bad", rate_bad) * (1.0 - given.share("chance", chance))
    if up + down == 0.0:
        given.complain("rate_good", "no news that moves anybody", "a chance and a rate above 0")
    given.settle()
    return up / (up + down)


def identity_path(
    chance: float,
    n_months: int,
    rate_success: float,
    rate_anchor: float,
    anchor: float,
    *,
    start: float | None = None,
    n_paths: int = 1,
    seed: int = 0,
    replicate: int = 0,
) -> Array:
    """Return local identity month by month, success together coming with a constant chance.

    Parameters
    ----------
    chance : 0..1, of success in a month (f)
    n_months : whole number, 1 or more
    rate_success, rate_anchor : 0..1 (i1 and i2), their sum at most 1
    anchor : 0..1 (I0)
    start : 0..1, or None for the anchor
    n_paths : whole number, 1 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [path, month], 0..1

    Sources
    -------
    gaertner2000 : success together recategorises.

    Examples
    --------
    >>> identity_path(1.0, 1, 0.5, 0.25, 0.5)
    array([[0.75]])
    """
    given = Arguments("identity_path")
    rates = [given.share("rate_success", rate_success), given.share("rate_anchor", rate_anchor)]
    if sum(rates) > 1.0:
        given.complain("rate_success", f"{sum(rates)} with rate_anchor", "a sum of at most 1")
    home = given.share("anchor", anchor)
    begin = home if start is None else given.share("start", start)
    wins = _draw(given, chance, n_months, n_paths, address.SUCCESS, seed, replicate)
    return np.asarray(_identity(wins, rates[0], rates[1], home, begin))


def identity_limit(chance: float, rate_success: float, rate_anchor: float, anchor: float) -> float:
    """Return the mean of local identity after endless months, (i1 f + i2 I0) / (i1 f + i2).

    Parameters
    ----------
    chance, rate_success, rate_anchor, anchor : 0..1, the rates not both 0

    Returns
    -------
    float, 0..1

    Sources
    -------
    gaertner2000 : the rule whose mean this is.

    Examples
    --------
    >>> identity_limit(0.5, 0.5, 0.25, 0.0)
    0.5
    """
    given = Arguments("identity_limit")
    up = given.share("rate_success", rate_success) * given.share("chance", chance)
    back = given.share("rate_anchor", rate_anchor)
    home = given.share("anchor", anchor)
    if up + back == 0.0:
        given.complain("rate_anchor", "nothing that moves anybody", "a rate above 0")
    given.settle()
    return (up + back * home) / (up + back)


def climate_path(
    chance: float,
    n_months: int,
    rate: float,
    *,
    innovative: float = INNOVATIVE,
    stagnated: float = STAGNATED,
    start: float | None = None,
    n_paths: int = 1,
    seed: int = 0,
    replicate: int = 0,
) -> Array:
    """Return the creative climate after each outcome: towards the innovative on success, the stagnated on failure.

    Parameters
    ----------
    chance : 0..1, of success
    n_months : whole number, 1 or more
    rate : 0..1, share of the distance moved (chi)
    innovative, stagnated : 0..1
    start : 0..1, or None for half way between
    n_paths : whole number, 1 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [path, month], 0..1

    Sources
    -------
    ekvall1996 : the two kinds of organisation.

    Examples
    --------
    >>> climate_path(1.0, 1, 0.5, innovative=0.75, start=0.25)
    array([[0.5]])
    """
    given = Arguments("climate_path")
    rate = given.share("rate", rate)
    ends = [given.share("innovative", innovative), given.share("stagnated", stagnated)]
    begin = sum(ends) / 2.0 if start is None else given.share("start", start)
    wins = _draw(given, chance, n_months, n_paths, address.SUCCESS, seed, replicate)
    return np.asarray(_climate(wins, rate, ends[0], ends[1], begin))


def climate_limit(chance: float, innovative: float = INNOVATIVE, stagnated: float = STAGNATED) -> float:
    """Return the mean of the climate after endless outcomes, f C_inn + (1 - f) C_stag.

    Parameters
    ----------
    chance, innovative, stagnated : 0..1

    Returns
    -------
    float, 0..1

    Sources
    -------
    ekvall1996 : the two kinds of organisation.

    Examples
    --------
    >>> climate_limit(0.5, 0.75, 0.25)
    0.5
    """
    given = Arguments("climate_limit")
    chance = given.share("chance", chance)
    ends = [given.share("innovative", innovative), given.share("stagnated", stagnated)]
    given.settle()
    return chance * ends[0] + (1.0 - chance) * ends[1]


def _draw(given: Arguments, chance: Any, n_times: Any, n_paths: Any, decision: int, seed: Any, replicate: Any) -> Array:
    """Return 1 with the chance and 0 otherwise, array [path, time], after settling the call's arguments."""
    chance = given.share("chance", chance)
    n_times = given.whole("n_news" if decision == address.NEWS else "n_months", n_times, 1)
    n_paths = given.whole("n_paths", n_paths, 1)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(_draw_outcomes(seed, replicate, decision, chance, n_paths, n_times))


@compiled
def _draw_outcomes(seed: int, replicate: int, decision: int, chance: float, n_paths: int, n_times: int) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    outcomes = np.empty((n_paths, n_times))
    for time in range(n_times):
        luck = address.luck_of(run_luck, time, decision)
        for path in range(n_paths):
            outcomes[path, time] = 1.0 if address.draw(luck, path) < chance else 0.0
    return outcomes


@compiled
def _optimism(news: Any, rate_good: float, rate_bad: float, start: float) -> Any:
    paths = np.empty_like(news)
    for path in range(news.shape[0]):
        optimism = start
        for time in range(news.shape[1]):
            optimism = optimism_after_news(optimism, news[path, time], rate_good, rate_bad)
            paths[path, time] = optimism
    return paths


@compiled
def _identity(wins: Any, rate_success: float, rate_anchor: float, anchor: float, start: float) -> Any:
    paths = np.empty_like(wins)
    for path in range(wins.shape[0]):
        identity = start
        for time in range(wins.shape[1]):
            identity = identity_next(identity, anchor, wins[path, time], rate_success, rate_anchor)
            paths[path, time] = identity
    return paths


@compiled
def _climate(wins: Any, rate: float, innovative: float, stagnated: float, start: float) -> Any:
    paths = np.empty_like(wins)
    for path in range(wins.shape[0]):
        climate = start
        for time in range(wins.shape[1]):
            climate = moved_towards(climate, innovative if wins[path, time] > 0.5 else stagnated, rate)
            paths[path, time] = climate
    return paths
