"""What to collect, and how much to run: what data would decide between theories, what it would cost, and how many runs
a precision needs. Floor 7.

Nothing is run here: separability and pilot runs come in, plans and words go out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from cosim.errors import Complaint, StudyError
from cosim.parameters.values import defaults
from cosim.results.intervals import interval_of_mean
from cosim.scenario.model import Scenario
from cosim.study.differences import replicates_needed
from cosim.study.separability import PEOPLE, Separability
from cosim.study.telling import money_words
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]

WANTED: Final = 0.85
"""The share of cases in which the true theory is to be found (ASSUMED; the lower end of its interval is held to it)."""
WANTED_OF_WORST: Final = 0.6
"""The same for the theory found least often (ASSUMED: more often right than wrong)."""
PILOTS: Final = 2
"""Municipalities that pilot studies usually have, as Stad and Nordre Follo were in the project."""
MOST_NAMED: Final = 12
"""More pairs of theories than this are counted and not named."""
RUNS_A_REPLICATE: Final = {"mean": 1, "paired": 2, "unpaired": 2}
"""A level takes one run a replicate, a difference two, whether they share their luck (paired) or not."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What data cost, NOK.

    Parameters
    ----------
    municipality : to get one to take part, with its approvals
    arena : to follow one to its end and write down what came of it
    wave : to plan, announce and clean up one wave in one arena
    answer : one member's answer: a quarter of an hour of theirs, and a reminder

    Sources
    -------
    ASSUMED : hours of a researcher at some 1,000 NOK (40, 4 and 2 of them) and of a member at 600; no price list of
        such studies was found. Give your own.
    """

    municipality: float = 40_000.0
    arena: float = 4_000.0
    wave: float = 2_000.0
    answer: float = 200.0


@dataclass(frozen=True, slots=True)
class DataPlan:
    """What data would decide between some theories.

    Parameters
    ----------
    options : frame [arenas, municipalities, waves, noise, respondents, cost, accuracy, low, high, chance, worst,
        worst_accuracy, reaches], cheapest first
        ``respondents`` is how many members of each arena must answer in each wave to keep the error down to ``noise``;
        ``reaches`` whether the interval of the accuracy lies above what was wanted, and so for the worst theory.
    cheapest : the row of the cheapest design that reaches, None when none does
    alike : frame [one, other, accuracy, low, high]
        Pairs of theories that the most informative design cannot tell apart better than guessing.
    words : sentences, the answer first
    """

    options: pd.DataFrame
    cheapest: dict[str, Any] | None
    alike: pd.DataFrame
    words: tuple[str, ...]


class Reached(NamedTuple):
    """Whether a precision was reached: half the interval there is, the one wanted, replicates made, how many more it
    takes (0 when it was reached, NaN when that cannot be known), and all of it in a sentence.
    """

    half: float
    wanted: float
    n: int
    more: float
    words: str

    @property
    def is_reached(self) -> bool:
        """Whether the interval is as narrow as wanted."""
        return self.half <= self.wanted


def seats_in(scenario: Scenario) -> int:
    """Return how many seats an arena has in a scenario's first municipality at the start."""
    values = scenario.values_in(scenario.municipalities[0])
    return int(sum(values[f"arenas.seats_{sector}"] for sector in SECTORS))


def noise_of(respondents: int, *, members: int = 16, spread: float | None = None, error: float | None = None) -> float:
    """Return the standard deviation of the error in an arena's mean when some of its members answer.

    Members differ, and which of them answer is luck (less so the more of them do); each answer strays as well.

    Parameters
    ----------
    respondents : 1..members
    members : seats in an arena
    spread : standard deviation between people, 0..1; ``people.spread`` without it
    error : standard deviation of one answer, 0..1; ``survey.item_error`` without it

    Sources
    -------
    ASSUMED : a simple random sample without replacement; errors independent.

    Examples
    --------
    >>> noise_of(16, error=0.2)
    0.05
    """
    usual = defaults()
    spread = usual["people.spread"] if spread is None else spread
    error = usual["survey.item_error"] if error is None else error
    left_out = (members - respondents) / (members - 1) if members > 1 else 0.0
    return math.sqrt((spread**2 * left_out + error**2) / respondents)


def respondents_for(noise: float, *, members: int = 16) -> int | None:
    """Return how many members must answer to keep the error of an arena's mean down to a level; None if all do not do.

    Examples
    --------
    >>> respondents_for(0.15), respondents_for(0.05), respondents_for(0.01)
    (2, 12, None)
    """
    return next((n for n in range(1, members + 1) if noise_of(n, members=members) <= noise), None)


def plan_data(
    found: Separability,
    *,
    wanted: float = WANTED,
    wanted_of_worst: float = WANTED_OF_WORST,
    prices: Prices | None = None,
    members: int = 16,
) -> DataPlan:
    """Return the cheapest data that would decide between theories, and what the answer is in words.

    Only designs that were tried are chosen from; where all fail, more of the same may or may not do.

    Parameters
    ----------
    found : what `separability.separate_rivals` returned, for what members hold
    wanted : 0..1, how often the true theory is to be found
    wanted_of_worst : the same for the one found least often
    prices : of data, in NOK
    members : seats in an arena

    Raises
    ------
    StudyError
        Nothing was tried that a questionnaire could see, or what is wanted is no share.
    """
    tried = found.table[found.table["seen"] == PEOPLE]
    asked = (
        ("seen", "none of what members hold", len(tried) > 0, f'designs with seen="{PEOPLE}"'),
        ("wanted", f"{wanted:g}", 0.0 < wanted < 1.0, "between 0 and 1"),
        ("wanted_of_worst", f"{wanted_of_worst:g}", 0.0 <= wanted_of_worst < 1.0, "from 0 to below 1"),
    )
    complaints = [Complaint("plan", name, what, allowed) for name, what, right, allowed in asked if not right]
    if complaints:
        raise StudyError(complaints)
    prices = prices or Prices()
    options = pd.DataFrame([_option(row, found.arenas_each, prices, members) for row in tried.to_dict("records")])
    # Without a wave nobody is asked, so the levels of noise are one and the same design.
    options = options[~options.duplicated(["arenas", "waves", "respondents"])]
    options["reaches"] = (options["low"] >= wanted) & (options["worst_low"] >= wanted_of_worst)
    options["reaches"] &= np.isfinite(options["cost"])
    options = options.sort_values(["cost", "accuracy"], ascending=[True, False], kind="stable").reset_index(drop=True)
    good = options[options["reaches"]]
    cheapest = {str(key): value for key, value in good.iloc[0].items()} if len(good) else None
    best = options.sort_values("accuracy", kind="stable").iloc[-1]
    pairs = found.at(found.pairs, PEOPLE, int(best["arenas"]), int(best["waves"]), float(best["noise"]))
    alike = pairs[~pairs["told_apart"]][["one", "other", "accuracy", "low", "high"]].reset_index(drop=True)
    words = [
        _answer(cheapest, best, len(options), wanted),
        _pilots(options, found.arenas_each),
        _pairs(pairs, alike, best, wanted),
        _bound(found, wanted),
    ]
    return DataPlan(options.drop(columns="worst_low"), cheapest, alike, tuple(one for one in words if one))


def _option(row: Mapping[Any, Any], arenas_each: int, prices: Prices, members: int) -> dict[str, Any]:
    arenas, waves = int(row["arenas"]), int(row["waves"])
    towns = -(-arenas // arenas_each)
    asked = respondents_for(float(row["noise"]), members=members) if waves else 0
    each = prices.arena + waves * (prices.wave + (math.inf if asked is None else asked) * prices.answer)
    kept = ("accuracy", "low", "high", "chance", "worst", "worst_accuracy", "worst_low")
    return {
        "arenas": arenas, "municipalities": towns, "waves": waves, "noise": float(row["noise"]),
        "respondents": math.nan if asked is None else float(asked), "cost": towns * prices.municipality + arenas * each,
        **{name: row[name] for name in kept},
    }  # fmt: skip


def _answer(cheapest: dict[str, Any] | None, best: pd.Series[Any], n: int, wanted: float) -> str:
    if cheapest is not None:
        return (
            f"The cheapest data tried that decide are {_design(cheapest)}, for about {_money(cheapest['cost'])}: the "
            f"true theory is found in {_share(cheapest)} of cases."
        )
    return (
        f"None of the {n} designs tried finds the true theory in {wanted:.0%} of cases. The best, {_design(best)} for "
        f"about {_money(best['cost'])}, finds it in {_share(best)}; guessing finds it in {best['chance']:.0%}."
    )


def _pilots(options: pd.DataFrame, arenas_each: int) -> str:
    small = options[options["arenas"] <= PILOTS * arenas_each].sort_values("accuracy", kind="stable")
    if small.empty:
        return ""
    best = small.iloc[-1]
    if bool(small["reaches"].any()):
        return f"Two pilot municipalities can decide, with {best['arenas']:.0f} arenas between them."
    return (
        f"Two pilot municipalities cannot decide: with {best['arenas']:.0f} arenas between them the true theory is "
        f"found in {_share(best)} of cases, and {best['worst']} in {best['worst_accuracy']:.0%}; guessing finds it in "
        f"{best['chance']:.0%}."
    )


def _pairs(pairs: pd.DataFrame, alike: pd.DataFrame, best: pd.Series[Any], wanted: float) -> str:
    """Return which two theories the most informative design tells apart well, and which not at all."""
    well = pairs[pairs["low"] >= wanted]
    told = f"Of {len(pairs)} pairs of theories, {_design(best)} tell {len(well)} apart in {wanted:.0%} of cases"
    told += f": {_named(well)}." if 0 < len(well) <= MOST_NAMED else "."
    if alike.empty:
        least = pairs.sort_values("accuracy", kind="stable").iloc[0]
        return f"{told} Hardest are {least['one']} and {least['other']}, in {least['accuracy']:.0%}."
    return f"{told} No better than guessing, as far as can be shown: {_named(alike)}."


def _named(pairs: pd.DataFrame) -> str:
    return ", ".join(f"{one} from {other}" for one, other in zip(pairs["one"], pairs["other"], strict=True))


def _bound(found: Separability, wanted: float) -> str:
    """Return what an instrument for the constructs themselves would change, if that was tried."""
    beyond = found.table[found.table["seen"] != PEOPLE]
    if beyond.empty:
        return ""
    best = beyond.sort_values("accuracy", kind="stable").iloc[-1]
    decides = "would decide" if best["low"] >= wanted else "would not decide either"
    return (
        f"An instrument for each theory's own constructs, which nobody has, {decides}: with {_design(best)} the true "
        f"theory is found in {_share(best)} of cases."
    )


def _design(row: Mapping[Any, Any] | pd.Series[Any]) -> str:
    waves = int(row["waves"])
    told = f"{int(row['arenas'])} arenas"
    if not waves:
        return f"{told} followed to their end"
    return f"{told} in {waves} {'wave' if waves == 1 else 'waves'} with error {row['noise']:g}"


def _share(row: Mapping[Any, Any] | pd.Series[Any]) -> str:
    return f"{row['accuracy']:.0%} (95 % interval {row['low']:.0%} to {row['high']:.0%})"


def _money(cost: float) -> str:
    return f"{money_words(cost)} NOK" if math.isfinite(cost) else "no price, since even all members are too few"


def plan_precision(
    sds: Mapping[str, float], pilots: int, half: float, seconds: float, *, workers: int = 1
) -> pd.DataFrame:
    """Return how many replicates bring an interval to a half width, how many runs that is, and how long it takes.

    The standard deviation comes from pilot runs and is itself not well known, so the numbers have 95 per cent intervals
    (chi-square).

    Parameters
    ----------
    sds : standard deviations by what is planned: ``mean`` of one outcome, ``paired`` of the difference of two runs on
        the same luck, ``unpaired`` of two on different lucks; `differences.tell_differences` has both
    pilots : replicates they were reckoned from, 2 or more
    half : half width wanted, in the outcome's own unit
    seconds : a run's
    workers : runs at once

    Returns
    -------
    frame [kind, sd, sd_low, sd_high, n, n_low, n_high, runs, runs_low, runs_high, hours, hours_low, hours_high]

    Raises
    ------
    StudyError
        What came in makes no sense.

    Sources
    -------
    ASSUMED : outcomes near normal over replicates, for the interval of the standard deviation.

    Examples
    --------
    >>> plan = plan_precision({"paired": 1.0}, 20, 0.5, 2.0)
    >>> plan[["n", "n_low", "n_high", "runs"]].to_numpy().tolist()
    [[18.0, 12.0, 36.0, 36.0]]
    """
    asked = (
        ("kind", ", ".join(sds), bool(sds) and set(sds) <= set(RUNS_A_REPLICATE), ", ".join(RUNS_A_REPLICATE)),
        ("sd", f"{dict(sds)}", all(math.isfinite(sd) and sd >= 0.0 for sd in sds.values()), "0 or more"),
        ("pilots", f"{pilots}", pilots >= 2, "2 or more"),
        ("half", f"{half:g}", half > 0.0, "more than 0"),
        ("seconds", f"{seconds:g}", seconds >= 0.0, "0 or more"),
        ("workers", f"{workers}", workers >= 1, "1 or more"),
    )
    complaints = [Complaint("plan", name, found, allowed) for name, found, right, allowed in asked if not right]
    if complaints:
        raise StudyError(complaints)
    freedom = pilots - 1
    # A large chi-square means that the pilot's spread was large by luck, so the true one is small.
    low, high = (math.sqrt(freedom / float(stats.chi2.ppf(part, freedom))) for part in (0.975, 0.025))
    rows = []
    for kind, sd in sds.items():
        row: dict[str, Any] = {"kind": kind}
        for end, times in (("", 1.0), ("_low", low), ("_high", high)):
            n = replicates_needed(sd * times, half)
            runs = n * RUNS_A_REPLICATE[kind]
            hours = runs * seconds / workers / 3600.0
            row |= {f"sd{end}": sd * times, f"n{end}": n, f"runs{end}": runs, f"hours{end}": hours}
        rows.append(row)
    names = [f"{name}{end}" for name in ("sd", "n", "runs", "hours") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows)[["kind", *names]]


def look_at_precision(values: Array, wanted: float) -> Reached:
    """Return whether runs that were made reached a precision.

    Parameters
    ----------
    values : array [replicate]
        Of a level, or of a paired difference; NaN where not defined.
    wanted : half width, in the same unit

    Examples
    --------
    >>> look_at_precision(np.array([1.0, 2.0, 3.0, 4.0]), 0.5).words
    'The half width is 2.05 and 0.5 was wanted: it takes about 25 replicates more than the 4 there are.'
    """
    found = interval_of_mean(values)
    half = (found.high - found.low) / 2.0
    if found.n < 2:
        return Reached(
            math.nan, wanted, found.n, math.nan, f"{found.n} replicates give no interval: two are the least."
        )
    known = np.asarray(values, np.float64)
    sd = float(known[np.isfinite(known)].std(ddof=1))
    if half <= wanted:
        words = f"The half width is {half:.3g} with {found.n} replicates, and {wanted:.3g} was wanted: reached."
        return Reached(half, wanted, found.n, 0.0, words)
    more = replicates_needed(sd, wanted) - found.n
    words = (
        f"The half width is {half:.3g} and {wanted:.3g} was wanted: it takes about {more:.0f} replicates more than the "
        f"{found.n} there are."
    )
    return Reached(half, wanted, found.n, more, words)
