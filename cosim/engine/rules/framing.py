"""How people see the problem: framings move towards those who are near enough, and back to where one comes from."""

from __future__ import annotations

from cosim.engine.compiling import inlined


@inlined
def tolerance(base: float, trust_share: float, trust_in_other: float) -> float:
    """Return how far away a framing may be and still be listened to.

    Sources
    -------
    deffuant2000 : the bound of confidence.
    ASSUMED : trust widens it linearly (design note F2); the base alone gives the published model.

    Examples
    --------
    >>> tolerance(0.15, 0.25, 0.4)
    0.25
    """
    return base + trust_share * trust_in_other


@inlined
def framing_after_talk(own: float, other: float, bound: float, step: float) -> float:
    """Return one's framing after hearing another's: a step towards it if it lies within the bound.

    Parameters
    ----------
    own, other : framings, 0..1
    bound : distance, 0..1
    step : share of the distance, 0..0.5

    Sources
    -------
    deffuant2000 : bounded confidence.

    Examples
    --------
    >>> framing_after_talk(0.2, 0.4, 0.3, 0.5)
    0.30000000000000004
    >>> framing_after_talk(0.2, 0.8, 0.3, 0.5)
    0.2
    """
    return own + step * (other - own) if abs(other - own) < bound else own


@inlined
def framing_pulled_home(framing: float, anchor: float, pull: float) -> float:
    """Return a framing drawn back to its anchor: people go home to their own between meetings.

    Sources
    -------
    friedkin1990 : attachment to one's first opinion.

    Examples
    --------
    >>> framing_pulled_home(0.4, 0.8, 0.25)
    0.5
    """
    return (1.0 - pull) * framing + pull * anchor
