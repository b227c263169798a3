"""Says of a claim at one point whether it holds: a verdict with its effect, interval and a sentence. Floor 7.

A claim holds when every condition of its shape is shown, each at the error allowed: were one of them false, that one
would be shown no more often than that. It fails when one of its conditions is shown to be false; there are as many
chances for that as conditions, so each gets its part of the error. Between the two a claim is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosim.errors import Complaint, CosimError
from cosim.processes.model import Claim
from cosim.results.intervals import LEAST_FOR_VERDICTS
from cosim.study.limits import Floats, Means, chance_above, lower_limit, summarise_means, turned, upper_limit
from cosim.study.looks import ERROR
from cosim.study.shapes import Condition, find_conditions

HOLDS: Final = "holds"
FAILS: Final = "fails"
UNDECIDED: Final = "undecided"
Says = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What paired runs say of a claim at one point.

    Parameters
    ----------
    claim : the claim's id
    says : holds, fails or undecided
    effect, low, high : the contrast that decides, with its limits, in the outcome's unit
        Of a claim that fails, the condition that is most clearly false; of any other, its weakest. Where the margin is
        a share, the limits include what is not known about the mean it is a share of.
    bound : what the effect is held against, in the outcome's unit; the side is in the sentence
    margin : the claim's margin in the outcome's unit; of a share, that share of the mean at the first level
    confidence : 0..1, of the interval from low to high at this look
    replicates, dropped : pairs that were used, and those that were left out because an outcome is undefined
    p_holds, p_fails : 0..1, the smallest error over all looks at which the runs say that it holds, or fails
    sentence : all of it in words
    """

    claim: str
    says: Says
    effect: float
    low: float
    high: float
    bound: float
    margin: float
    confidence: float
    replicates: int
    dropped: int
    p_holds: float
    p_fails: float
    sentence: str


def judge(claim: Claim, values: Floats, *, error: float = ERROR, of: float = ERROR) -> Verdict:
    """Return the verdict on a claim at one point.

    Parameters
    ----------
    claim : Claim
    values : [levels, replicates], for an interaction [levels, with_levels, replicates]
        The outcome at the settings of `shapes.plan_levels`, the same luck in a column. NaN is an undefined outcome.
        For a band one level; for an order two, the outcome and that of ``before``.
    error : 0..0.5, chance of a wrong verdict at this look (``looks.Look.error``)
    of : 0..0.5, the same over all looks of the plan

    Raises
    ------
    CosimError
        When the values do not have the claim's levels, or the errors are no chances.

    Examples
    --------
    >>> more = Claim("more", "", "level", "sign", 1.0, "", factor="people.trust", levels=(0.3, 0.7), direction="up")
    >>> verdict = judge(more, np.array([[0.0, 1, 2, 3, 4, 5], [3.0, 3, 5, 6, 6, 8]]))
    >>> verdict.sentence
    'Holds: the change in level as people.trust goes from 0.3 to 0.7 is 2.67 (2.12 to 3.09); the claim asks for more
    than 1. 6 replicates.'
    """
    if not 0.0 < error <= of < 0.5:
        raise CosimError([Complaint(f"claim {claim.id}", "error", f"{error} of {of}", "0 < error <= of < 0.5")])
    axes = 3 if claim.shape == "interaction" else 2
    if values.ndim != axes:
        found, allowed = f"an array of shape {values.shape}", f"{axes} axes, replicates last"
        raise CosimError([Complaint(f"claim {claim.id}", "values", found, allowed)])
    conditions = find_conditions(claim, np.asarray(values, np.float64))
    means = [summarise_means(condition.slack) for condition in conditions]
    code, p_holds, p_fails = _weigh(conditions, means, error)
    says: Says = UNDECIDED if code == 0 else HOLDS if code > 0 else FAILS
    shown = int(np.argmin(p_fails) if says == FAILS else np.argmax(p_holds))
    at = error / len(conditions) if says == FAILS else error
    condition, slack = conditions[shown], means[shown]
    known = np.isfinite(condition.slack)
    bound = float(condition.bound[known].mean()) if known.any() else float("nan")
    ends = [bound + condition.side * float(limit(slack, at)) for limit in (lower_limit, upper_limit)]
    n, scale = int(slack.n), of / error
    effect = bound + condition.side * float(slack.mean)
    low, high = min(ends), max(ends)
    return Verdict(
        claim=claim.id,
        says=says,
        effect=effect,
        low=low,
        high=high,
        bound=bound,
        margin=_margin_in_unit(claim, conditions[0], known),
        confidence=1.0 - 2.0 * at,
        replicates=n,
        dropped=values.shape[-1] - n,
        p_holds=min(1.0, float(p_holds.max()) * scale),
        p_fails=min(1.0, float(p_fails.min()) * len(conditions) * scale),
        sentence=_tell(claim, says, conditions, shown, (effect, low, high), slack, values.shape[-1]),
    )


def decide(conditions: Sequence[Condition], error: float) -> NDArray[np.int8]:
    """Return 1 where all conditions are shown, -1 where one is shown to be false, 0 where neither, for many worlds.

    Parameters
    ----------
    conditions : of one claim, with arrays [..., replicates]
    error : 0..0.5, chance of a wrong verdict at this look
    """
    return _weigh(conditions, [summarise_means(condition.slack) for condition in conditions], error)[0]


def _weigh(
    conditions: Sequence[Condition], means: Sequence[Means], error: float
) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Return codes [...], and the p-values of every condition being true and being false, [conditions, ...]."""
    true = np.stack([_shown(one, not condition.strict) for condition, one in zip(conditions, means, strict=True)])
    false = np.stack([_shown(turned(one), condition.strict) for condition, one in zip(conditions, means, strict=True)])
    code = (true.max(axis=0) <= error).astype(np.int8) - (false.min(axis=0) * len(conditions) <= error)
    return code.astype(np.int8), true, false


def _shown(means: Means, on_the_bound: bool) -> Floats:
    """Return the p-value of the mean lying above 0; where all replicates lie on 0, that counts if it may."""
    p = chance_above(means)
    if not on_the_bound:
        return p
    return np.where((means.error == 0.0) & (means.mean == 0.0), 0.5**means.n, p)


def _margin_in_unit(claim: Claim, first: Condition, known: NDArray[np.bool_]) -> float:
    if claim.margin_in == "unit":
        return claim.margin
    own = first.bound - claim.band[0] if claim.shape == "band" else first.bound
    return float(abs(own[known].mean())) if known.any() else float("nan")


def _tell(
    claim: Claim,
    says: Says,
    conditions: Sequence[Condition],
    shown: int,
    numbers: tuple[float, float, float],
    slack: Means,
    replicates: int,
) -> str:
    condition, n = conditions[shown], int(slack.n)
    if n < LEAST_FOR_VERDICTS:
        few = f"{n} of {replicates} replicates have the outcome at every level"
        return f"Undecided: {few}; a verdict needs {LEAST_FOR_VERDICTS}."
    alike = [other for other in conditions if other.of == condition.of]
    asked = " and ".join(f"{other.asks} {np.nanmean(other.bound):.3g}" for other in alike)
    if claim.margin_in == "share":
        asked += f" (margin {100.0 * claim.margin:g} % of the mean{'' if claim.shape == 'band' else ' at first'})"
    effect, low, high = numbers
    told = f"{says.capitalize()}: {condition.of} is {effect:.3g} ({low:.3g} to {high:.3g}); the claim asks for {asked}."
    counted = f" {n} replicates"
    if n < replicates:
        counted += f", {replicates - n} left out because an outcome is undefined"
    if slack.error == 0.0:
        counted += f", all alike: up to {100.0 * (1.0 - 0.05 ** (1.0 / n)):.0f} in 100 lucks may still differ"
    return f"{told}{counted}."
