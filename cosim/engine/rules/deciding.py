"""Deciding and putting into use: who supports, what it takes, and whether it works."""

from __future__ import annotations

from cosim.engine.compiling import inlined
from cosim.engine.rules.arithmetic import within


@inlined
def may_move_on(n_members: int, months_met: float, n_meetings: int) -> bool:
    """Return whether an arena can come to a decision at all: somebody sits in it, and it has met.

    Co-creation is done by people who meet; an arena that never has can neither go to its next phase nor put anything
    into use, whatever its readings say.

    Parameters
    ----------
    n_members : who sit in the arena now
    months_met : earlier months in which it met
    n_meetings : meetings of this month

    Sources
    -------
    ansell2008 : face-to-face dialogue is necessary to the process.
    ASSUMED : one meeting is enough.

    Examples
    --------
    >>> may_move_on(6, 0.0, 0), may_move_on(6, 0.0, 1), may_move_on(6, 2.0, 0), may_move_on(0, 2.0, 1)
    (False, True, True, False)
    """
    return n_members > 0 and (n_meetings > 0 or months_met > 0.0)


@inlined
def supports(quality: float, reservation: float, distance: float, bound: float) -> bool:
    """Return whether a member supports the solution: good enough, and not too far from one's own view of the problem.

    Sources
    -------
    ASSUMED : design note F2 step 7.

    Examples
    --------
    >>> supports(0.6, 0.5, 0.1, 0.25)
    True
    >>> supports(0.6, 0.5, 0.3, 0.25)
    False
    """
    return quality >= reservation and distance <= bound


@inlined
def weighted_support(public: float, others: float, n_public: int, n_others: int, power_share: float) -> float:
    """Return the support in the arena, the public side weighing 1 - power share and the others the power share.

    A side with nobody to decide leaves its weight to the other.

    Parameters
    ----------
    public, others : share of that side's deciders who support, 0..1
    n_public, n_others : number of deciders
    power_share : 0..1

    Sources
    -------
    arnstein1969 : the rungs of the ladder as one share of power.

    Examples
    --------
    >>> weighted_support(1.0, 0.0, 4, 8, 0.25)
    0.75
    >>> weighted_support(1.0, 0.0, 4, 0, 0.9)
    1.0
    """
    if n_others == 0:
        return public if n_public > 0 else 0.0
    if n_public == 0:
        return others
    return (1.0 - power_share) * public + power_share * others


@inlined
def chance_of_success(quality: float, capacity: float) -> float:
    """Return the chance that a decided solution works when put into use.

    Sources
    -------
    ASSUMED : design note F2 step 7, (0.3 + 0.7 v)(0.5 + 0.5 y).

    Examples
    --------
    >>> chance_of_success(1.0, 1.0)
    1.0
    >>> chance_of_success(0.0, 0.0)
    0.15
    """
    return within(0.3 + 0.7 * quality, 0.0, 1.0) * (0.5 + 0.5 * capacity)
