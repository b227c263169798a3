"""What each shape of claim asks of the outcome, as conditions on means over paired replicates. Floor 7.

A claim of any shape is a list of conditions, all of which must be true: *the mean of this contrast lies above (or
below) this bound*. A contrast weighs the outcome at several levels within one replicate, so that luck which the levels
share cancels. Where the margin is a share, so does the bound: it is that share of the same replicate's value at the
first level, and what is not known about that mean is reckoned with.

==============  ====================================================================================================
shape           conditions, for direction up (down is the mirror image); y is the outcome
==============  ====================================================================================================
sign            y(last) - y(first) above the margin; for none: within the margin either way
monotone        y(last) - y(first) above the margin, and no step from one level to the next below minus the margin
threshold       the rise between ``at`` above the margin, and above what the stretch before (and after), were it as
                wide, would bring, by more than the margin
interaction     [y(last) - y(first)] at the moderator's last level less the same at its first, above the margin; for
                none: within the margin either way
band            y no further than the margin outside the band
order           y of ``before`` less y of ``outcome`` above the margin
==============  ====================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cosim.errors import Complaint, CosimError
from cosim.processes.model import Claim
from cosim.study.limits import ALIKE, Floats


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a claim asks: that the mean of a contrast lies on one side of a bound.

    Parameters
    ----------
    of : what the contrast is, in words
    contrast, bound : [..., replicates], in the outcome's unit
    side : 1, the contrast is to lie above the bound, or -1, below it
    strict : whether lying on the bound is too little
    largest : [..., replicates], the largest of the values weighed; a slack far below it is rounding
    """

    of: str
    contrast: Floats
    bound: Floats
    side: int
    strict: bool
    largest: Floats

    @property
    def slack(self) -> Floats:
        """By how much each replicate lies on the right side of the bound, [..., replicates]."""
        slack = self.side * (self.contrast - self.bound)
        return np.where(np.abs(slack) <= ALIKE * self.largest, 0.0, slack)

    @property
    def asks(self) -> str:
        """What is asked, without the number."""
        return {(1, True): "more than", (1, False): "at least", (-1, True): "less than", (-1, False): "at most"}[
            self.side, self.strict
        ]


def levels_to_run(claim: Claim) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the levels of the factor and of the moderator that decide a claim, in rising order; empty for none.

    Of a sign and an interaction these are the first and the last; of a threshold, also where it turns.

    Raises
    ------
    CosimError
        When a threshold turns outside its levels, or over all of them.
    """
    if claim.shape in ("band", "order"):
        return (), ()
    ends = (claim.levels[0], claim.levels[-1])
    if claim.shape == "sign":
        return ends, ()
    if claim.shape == "interaction":
        return ends, (claim.with_levels[0], claim.with_levels[-1])
    if claim.shape == "monotone":
        return claim.levels, ()
    if not ends[0] <= claim.at[0] < claim.at[1] <= ends[1] or claim.at == ends:
        found = f"{claim.at[0]:g} to {claim.at[1]:g}, levels {ends[0]:g} to {ends[1]:g}"
        do = "add a level outside, so that there is a stretch to compare with"
        raise CosimError([Complaint(f"claim {claim.id}", "at", found, "a stretch within the levels", do)])
    return tuple(sorted({*ends, *claim.at})), ()


def plan_levels(claim: Claim) -> list[dict[str, float]]:
    """Return the settings that must be run to judge a claim, the moderator's levels turning fastest.

    Each setting maps factor and moderator to a level; names that begin with ``theory.`` are mechanisms, all others are
    parameters. A band and an order need one setting, an empty one: the world as it is.

    Raises
    ------
    CosimError
        See `levels_to_run`.

    Examples
    --------
    >>> plan_levels(Claim("c", "", "level", "sign", 0.0, "assumed", factor="people.trust", levels=(0.3, 0.7)))
    [{'people.trust': 0.3}, {'people.trust': 0.7}]
    """
    levels, with_levels = levels_to_run(claim)
    if not levels:
        return [{}]
    if not with_levels:
        return [{claim.factor: level} for level in levels]
    return [{claim.factor: level, claim.moderator: other} for level in levels for other in with_levels]


def find_conditions(claim: Claim, values: Floats) -> list[Condition]:
    """Return what a claim asks of these values.

    Parameters
    ----------
    claim : Claim
    values : [levels, ..., replicates], for an interaction [levels, with_levels, ..., replicates]
        The outcome at the settings of `plan_levels`. For a band, one level. For an order, two: the outcome and then
        that of ``before``. Axes in between are as many worlds side by side.

    Raises
    ------
    CosimError
        When the values have not so many levels as the claim.
    """
    _check(claim, values)
    values = np.where(np.isfinite(values), values, np.nan)
    asked = _ask(claim, values)
    axes = (0, 1) if claim.shape == "interaction" else (0,)
    largest = np.fmax.reduce(np.abs(values), axis=axes)
    return [Condition(*one, largest) for one in asked]


_Asked = tuple[str, Floats, Floats, int, bool]


def _ask(claim: Claim, values: Floats) -> list[_Asked]:
    side = -1 if claim.direction == "down" else 1
    if claim.shape == "interaction":
        low, high = values[-1, 0] - values[0, 0], values[-1, -1] - values[0, -1]
        margin = _margin(claim, 0.5 * (values[0, 0] + values[0, -1]))
        moves = f"from {claim.with_levels[0]:g} to {claim.with_levels[-1]:g}"
        of = f"what {_change(claim, claim.levels[0], claim.levels[-1])} gains as {claim.moderator} goes {moves}"
        return _moves(claim, of, high - low, margin)
    margin = _margin(claim, values[0])
    if claim.shape == "band":
        low_end, high_end = claim.band
        of = f"the mean of {claim.outcome}"
        return [(of, values[0], low_end - margin, 1, False), (of, values[0], high_end + margin, -1, False)]
    if claim.shape == "order":
        return [(f"{claim.before} less {claim.outcome}", values[1] - values[0], margin, 1, True)]
    if claim.shape == "threshold":
        return _turns(claim, values, side * margin, side)
    whole = _moves(claim, _change(claim, claim.levels[0], claim.levels[-1]), values[-1] - values[0], margin)
    if claim.shape == "sign":
        return whole
    steps = zip(pairwise(claim.levels), pairwise(values), strict=True)
    return whole + [
        (_change(claim, *ends), after - before, -side * margin, side, False) for ends, (before, after) in steps
    ]


def _moves(claim: Claim, of: str, contrast: Floats, margin: Floats) -> list[_Asked]:
    if claim.direction == "none":
        return [(of, contrast, -margin, 1, False), (of, contrast, margin, -1, False)]
    side = -1 if claim.direction == "down" else 1
    return [(of, contrast, side * margin, side, True)]


def _turns(claim: Claim, values: Floats, bound: Floats, side: int) -> list[_Asked]:
    levels, _ = levels_to_run(claim)
    start, end = levels.index(claim.at[0]), levels.index(claim.at[1])
    within, width = values[end] - values[start], claim.at[1] - claim.at[0]
    of = _change(claim, *claim.at)
    asked: list[_Asked] = [(of, within, bound, side, True)]
    # A straight line rises more over a wider stretch; only against its neighbours' steepness is a rise a turn.
    for before, after, name in ((0, start, "before"), (end, len(levels) - 1, "after")):
        if before < after:
            steepness = (values[after] - values[before]) / (levels[after] - levels[before])
            more = f"{of}, less the change {name} over as wide a stretch,"
            asked.append((more, within - width * steepness, bound, side, True))
    return asked


def _change(claim: Claim, low: float, high: float) -> str:
    return f"the change in {claim.outcome} as {claim.factor} goes from {low:g} to {high:g}"


def _margin(claim: Claim, base: Floats) -> Floats:
    """Return the margin in the outcome's unit, [..., replicates]; of a share, undefined where its base is."""
    if claim.margin_in == "unit":
        return np.full(base.shape, claim.margin)
    # A mean below 0 has a share too, the same above and below.
    sign = np.where(np.nansum(base, axis=-1, keepdims=True) < 0.0, -1.0, 1.0)
    return claim.margin * sign * base


def _check(claim: Claim, values: Floats) -> None:
    levels, with_levels = levels_to_run(claim)
    expected = (len(levels), len(with_levels)) if with_levels else (len(levels),)
    if claim.shape in ("band", "order"):
        expected = (1,) if claim.shape == "band" else (2,)
    if values.ndim <= len(expected) or values.shape[: len(expected)] != expected:
        found = f"an array of shape {values.shape}"
        allowed = f"{' x '.join(map(str, expected))} levels first, replicates last"
        raise CosimError([Complaint(f"claim {claim.id}", "values", found, allowed, "give the settings of plan_levels")])
