"""An organisation that teaches its members what it believes and learns from those who know better."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled, inlined
from cosim.engine.published.arguments import Arguments
from cosim.engine.state import Array


class Knowledge(NamedTuple):
    """Shares of reality known, period by period.

    Attributes
    ----------
    code : array [period + 1], 0..1
        What the organisation's code has right; the first is the start.
    members : array [period + 1], 0..1
        What the members have right, on average.
    """

    code: Array
    members: Array


def organisational_learning(
    *,
    n_dimensions: int = 30,
    n_members: int = 50,
    socialisation: float | Array = 0.1,
    code_learning: float = 0.5,
    turnover: float = 0.0,
    turbulence: float = 0.0,
    abstaining: bool = True,
    n_periods: int = 100,
    seed: int = 0,
    replicate: int = 0,
) -> Knowledge:
    """Return what an organisation and its members come to know of reality.

    Reality is 1 or -1 on each dimension, a belief 1, -1 or none. In a period each member takes over each belief of
    the code with the chance of socialisation. Then the code takes over what most of those believe who know more than
    it does; the chance is 1 - (1 - p2)^k, k being how many more of them differ from the code than do not.

    Parameters
    ----------
    n_dimensions, n_members : m and n, 1 or more
    socialisation : p1, 0..1, or array [member]
    code_learning : p2, 0..1
    turnover : p3, 0..1, chance in a period of leaving and being followed by a beginner
    turbulence : p4, 0..1, chance in a period of a dimension of reality being turned
    abstaining : bool
        Whether those without a belief about a dimension are left out of k there, or agree with a code that has none.
    n_periods : whole number, 0 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    Knowledge

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    march1991 : the model; slow socialisation lets the code learn before everybody believes it.
    marchreplication : abstaining, and members learning before the code; the text says neither, and its levels cannot
        be had from the text alone.

    Examples
    --------
    >>> bool(np.ptp(organisational_learning(socialisation=0.0, n_periods=20).members) == 0.0)
    True
    """
    given = Arguments("organisational_learning")
    n_dimensions = given.whole("n_dimensions", n_dimensions, 1)
    n_members = given.whole("n_members", n_members, 1)
    speeds = given.array("socialisation", np.atleast_1d(socialisation), 1, 0.0, 1.0)
    if speeds.size not in (1, n_members):
        given.complain("socialisation", f"{speeds.size} chances", f"one, or one for each of {n_members} members")
        speeds = speeds[:1]
    code_learning = given.share("code_learning", code_learning)
    turnover = given.share("turnover", turnover)
    turbulence = given.share("turbulence", turbulence)
    n_periods = given.whole("n_periods", n_periods, 0)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    known = _learn(
        seed,
        replicate,
        n_dimensions,
        np.ascontiguousarray(np.broadcast_to(speeds, (n_members,))),
        code_learning,
        turnover,
        turbulence,
        bool(abstaining),
        n_periods,
    )
    return Knowledge(known[0], known[1])


@inlined
def chance_of_code_learning(code_learning: float, n_more: int) -> float:
    """Return the chance that the code takes over a belief that so many more differ about than agree.

    Sources
    -------
    march1991 : 1 - (1 - p2)^k.

    Examples
    --------
    >>> chance_of_code_learning(0.5, 2)
    0.75
    >>> chance_of_code_learning(0.5, 0)
    0.0
    """
    kept = 1.0
    for _one in range(n_more):
        kept *= 1.0 - code_learning
    return 1.0 - kept


@inlined
def _begin(beliefs: Any, member: int, luck: Any) -> None:
    for dimension in range(beliefs.shape[1]):
        beliefs[member, dimension] = address.draw_below(luck, member * beliefs.shape[1] + dimension, 3) - 1


@inlined
def _count_right(beliefs: Any, reality: Any) -> int:
    right = 0
    for dimension in range(reality.size):
        right += beliefs[dimension] == reality[dimension]
    return right


@compiled
def _learn(
    seed: int,
    replicate: int,
    n_dimensions: int,
    socialisation: Any,
    code_learning: float,
    turnover: float,
    turbulence: float,
    abstaining: bool,
    n_periods: int,
) -> Any:
    n_members = socialisation.size
    run_luck = address.luck_of_run(seed, replicate)
    luck_reality = address.luck_of(run_luck, 0, address.LANDSCAPE)
    luck = address.luck_of(run_luck, 0, address.PEOPLE)
    reality = np.empty(n_dimensions, np.int64)
    code = np.zeros(n_dimensions, np.int64)
    beliefs = np.empty((n_members, n_dimensions), np.int64)
    for dimension in range(n_dimensions):
        reality[dimension] = 2 * address.draw_below(luck_reality, dimension, 2) - 1
    right = np.empty(n_members, np.int64)
    for member in range(n_members):
        _begin(beliefs, member, luck)
        right[member] = _count_right(beliefs[member], reality)
    known = np.empty((2, n_periods + 1))
    known[0, 0] = 0.0
    known[1, 0] = right.mean() / n_dimensions
    for period in range(1, n_periods + 1):
        luck_new = address.luck_of(run_luck, period, address.PEOPLE)
        luck_leave = address.luck_of(run_luck, period, address.TURNOVER)
        luck_world = address.luck_of(run_luck, period, address.LANDSCAPE)
        luck_teach = address.luck_of(run_luck, period, address.EXCHANGE)
        luck_code = address.luck_of(run_luck, period, address.ACCEPT)
        for dimension in range(n_dimensions):
            if address.draw(luck_world, dimension) < turbulence:
                reality[dimension] = -reality[dimension]
        for member in range(n_members):
            if address.draw(luck_leave, member) < turnover:
                _begin(beliefs, member, luck_new)
            for dimension in range(n_dimensions):
                taught = address.draw(luck_teach, member * n_dimensions + dimension) < socialisation[member]
                if taught and code[dimension] != 0:
                    beliefs[member, dimension] = code[dimension]
            right[member] = _count_right(beliefs[member], reality)
        code_right = _count_right(code, reality)
        for dimension in range(n_dimensions):
            n_plus, n_minus, n_none = 0, 0, 0
            for member in range(n_members):
                if right[member] > code_right:
                    n_plus += beliefs[member, dimension] == 1
                    n_minus += beliefs[member, dimension] == -1
                    n_none += beliefs[member, dimension] == 0
            if n_plus == n_minus:
                continue
            most = 1 if n_plus > n_minus else -1
            if code[dimension] == 0:
                n_more = abs(n_plus - n_minus) if abstaining else n_plus + n_minus - n_none
            else:
                differ = n_minus if code[dimension] == 1 else n_plus
                agree = n_plus if code[dimension] == 1 else n_minus
                n_more = differ - agree if abstaining else differ + n_none - agree
            if most != code[dimension] and address.draw(luck_code, dimension) < chance_of_code_learning(
                code_learning, n_more
            ):
                code[dimension] = most
        known[0, period] = _count_right(code, reality) / n_dimensions
        known[1, period] = right.mean() / n_dimensions
    return known
