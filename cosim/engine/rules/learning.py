"""What people and organisations learn of progress and outcomes."""

from __future__ import annotations

from cosim.engine.compiling import inlined


@inlined
def optimism_after_news(optimism: float, good: float, rate_good: float, rate_bad: float) -> float:
    """Return optimism after news; good news moves people more than bad.

    Parameters
    ----------
    optimism : share, 0..1
    good : 1 for good news, 0 for bad
    rate_good, rate_bad : share of the distance, 0..1

    Sources
    -------
    sharot2016 : people update more on good than on bad news.
    weinstein1980 : unrealistic optimism.

    Examples
    --------
    >>> optimism_after_news(0.5, 1.0, 0.5, 0.25)
    0.75
    >>> optimism_after_news(0.5, 0.0, 0.5, 0.25)
    0.375
    """
    rate = rate_good if good > optimism else rate_bad
    return optimism + rate * (good - optimism)


@inlined
def moved_towards(value: float, target: float, rate: float) -> float:
    """Return a value moved a share of the distance towards a target.

    Sources
    -------
    ASSUMED : linear learning, used for commitment, climate, leadership and experience.

    Examples
    --------
    >>> moved_towards(0.25, 0.75, 0.5)
    0.5
    """
    return value + rate * (target - value)


@inlined
def identity_next(identity: float, anchor: float, success: float, rate_success: float, rate_anchor: float) -> float:
    """Return local identity a month later: success together draws it up, the anchor draws it back.

    Sources
    -------
    gaertner2000 : success together recategorises "us" and "them".
    ASSUMED : I += i1 w (1 - I) - i2 (I - I0), design note B3.

    Examples
    --------
    >>> identity_next(0.5, 0.5, 1.0, 0.5, 0.5)
    0.75
    >>> identity_next(0.75, 0.25, 0.0, 0.5, 0.5)
    0.5
    """
    return identity + rate_success * success * (1.0 - identity) - rate_anchor * (identity - anchor)


@inlined
def faded(value: float, target: float, kept: float, months: int) -> float:
    """Return what is left of a distance to a target after some months in which nobody looked.

    Outsiders cost nothing while they are left alone: their fatigue and identity are brought up to date when needed.

    Sources
    -------
    ASSUMED : the monthly rule applied so many times, that is, what is kept to the power of the months.

    Examples
    --------
    >>> faded(1.0, 0.0, 0.5, 2)
    0.25
    """
    left = 1.0
    while months > 0:  # as many rounds as the number of months has binary digits
        left *= kept if months & 1 else 1.0
        kept *= kept
        months >>= 1
    return target + (value - target) * left
