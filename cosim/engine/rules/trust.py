"""Trust as evidence: acts that were cooperative, acts that were not, and how they are read and forgotten."""

from __future__ import annotations

from cosim.engine.compiling import inlined
from cosim.engine.rules.arithmetic import within


@inlined
def trust_from_evidence(positive: float, negative: float) -> float:
    """Return the expected share of cooperative acts, the mean of a beta belief with a flat prior.

    Parameters
    ----------
    positive, negative : weighted acts, 0 or more

    Sources
    -------
    josang2002 : the expectation of the beta reputation system, (r + 1) / (r + s + 2).

    Examples
    --------
    >>> trust_from_evidence(0.0, 0.0)
    0.5
    >>> trust_from_evidence(8.0, 0.0)
    0.9
    """
    return (positive + 1.0) / (positive + negative + 2.0)


@inlined
def weight_of_bad_news(identity: float, weight_at_no_identity: float) -> float:
    """Return how many good acts one bad act weighs.

    Bad news destroys trust faster than good news builds it, but less so among people who feel they belong together.

    Parameters
    ----------
    identity : share, 0..1
    weight_at_no_identity : good acts per bad act, 1..4

    Sources
    -------
    slovic1993 : trust-destroying events are more visible and weigh more.
    ASSUMED : linear fall to 1 at full identity; later work finds symmetry for trust based on shared values.

    Examples
    --------
    >>> weight_of_bad_news(0.0, 2.0)
    2.0
    >>> weight_of_bad_news(1.0, 2.0)
    1.0
    """
    return 1.0 + (weight_at_no_identity - 1.0) * (1.0 - identity)


@inlined
def chance_of_cooperative_act(
    base: float,
    trust_in_partner: float,
    commitment: float,
    support: float,
    trust_weight: float,
    commitment_weight: float,
    support_weight: float,
) -> float:
    """Return the chance that somebody acts cooperatively towards a partner.

    Parameters
    ----------
    base, trust_in_partner, commitment, support : shares, 0..1
        ``support`` is what holds the arena up from outside: leadership and facilitation together.
    trust_weight, commitment_weight, support_weight : change of chance per unit above 0.5

    Sources
    -------
    ASSUMED : design note F2 step 3; linear, neutral at 0.5, cut to 0.02..0.98; no study gives the weights.

    Examples
    --------
    >>> chance_of_cooperative_act(0.8, 0.5, 0.5, 0.5, 0.3, 0.2, 0.1)
    0.8
    """
    chance = (
        base
        + trust_weight * (trust_in_partner - 0.5)
        + commitment_weight * (commitment - 0.5)
        + support_weight * (support - 0.5)
    )
    return within(chance, 0.02, 0.98)


@inlined
def chance_seen(act_chance: float, discount: float, identity: float) -> float:
    """Return the chance that an act is seen as cooperative by somebody of another group.

    Acts of an out-group are discounted; a shared local identity lifts the discount (the common in-group).

    Parameters
    ----------
    act_chance, identity : shares, 0..1
    discount : share taken off at no identity, 0..1 (0 inside one's own group)

    Sources
    -------
    gaertner2000 : a salient common identity reduces bias between groups.
    ASSUMED : linear form of design note B3.

    Examples
    --------
    >>> chance_seen(0.8, 0.5, 0.0)
    0.4
    >>> chance_seen(0.8, 0.5, 1.0)
    0.8
    """
    return act_chance * (1.0 - discount * (1.0 - identity))
