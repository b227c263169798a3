"""Taking part and leaving: who says yes to an invitation, who comes, who drops out."""

from __future__ import annotations

from cosim.engine.compiling import inlined


@inlined
def odds_of_joining(
    base: float,
    trust: float,
    optimism: float,
    identity: float,
    filled: float,
    fatigue: float,
    trust_weight: float,
    optimism_weight: float,
    identity_weight: float,
    filled_weight: float,
    fatigue_weight: float,
) -> float:
    """Return the log odds that an invited person takes the seat.

    Parameters
    ----------
    base : log odds of the sector, at neutral traits
    trust, optimism, identity : shares, 0..1; neutral at 0.5
    filled : share of the arena's seats taken, 0..1
    fatigue : 0 or more
    *_weight : log odds per unit of (2 x - 1), of ``filled`` and of ``fatigue``

    Sources
    -------
    verba1995 : resources, interest and being asked.
    ASSUMED : log odds add up; equal weights of the three traits so that no trait is favoured beforehand.

    Examples
    --------
    >>> odds_of_joining(-2.0, 0.75, 0.5, 0.5, 0.0, 0.0, 1.0, 1.0, 1.0, 0.5, 2.0)
    -1.5
    """
    return (
        base
        + trust_weight * (2.0 * trust - 1.0)
        + optimism_weight * (2.0 * optimism - 1.0)
        + identity_weight * (2.0 * identity - 1.0)
        + filled_weight * filled
        - fatigue_weight * fatigue
    )


@inlined
def joins_at_threshold(filled: float, threshold: float) -> bool:
    """Return whether somebody joins who waits for a given share of the others.

    Sources
    -------
    granovetter1978 : thresholds; the limit of the logistic rule at an infinite weight of ``filled``.

    Examples
    --------
    >>> joins_at_threshold(0.25, 0.25)
    True
    >>> joins_at_threshold(0.24, 0.25)
    False
    """
    return filled >= threshold


@inlined
def odds_of_coming(base: float, commitment: float) -> float:
    """Return the log odds that a member comes to a meeting.

    Sources
    -------
    ASSUMED : design note F2 step 3, sigma(base + 2 c - 1).

    Examples
    --------
    >>> odds_of_coming(0.5, 0.75)
    1.0
    """
    return base + 2.0 * commitment - 1.0


@inlined
def odds_of_leaving(
    base: float, commitment: float, fatigue: float, commitment_weight: float, fatigue_weight: float
) -> float:
    """Return the log odds that a member drops out this month.

    Sources
    -------
    ASSUMED : design note F2 step 9; 7 % a month at neutral commitment.

    Examples
    --------
    >>> odds_of_leaving(-2.0, 0.75, 0.25, 1.0, 2.0)
    -2.0
    """
    return base + commitment_weight * (1.0 - 2.0 * commitment) + fatigue_weight * fatigue
