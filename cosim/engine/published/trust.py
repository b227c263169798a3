"""Trust alone: one who watches another's acts, weighs them, and forgets."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled
from cosim.engine.published.arguments import Arguments
from cosim.engine.rules.trust import chance_seen, trust_from_evidence, weight_of_bad_news
from cosim.engine.state import Array


def draw_acts(
    chance: float,
    n_acts: int,
    *,
    discount: float = 0.0,
    identity: float = 0.0,
    n_paths: int = 1,
    seed: int = 0,
    replicate: int = 0,
) -> Array:
    """Return acts as they are seen: 1 cooperative, 0 not.

    Parameters
    ----------
    chance : 0..1, that an act is cooperative
    n_acts : whole number, 1 or more
    discount : 0..1, share of an out-group's cooperative acts not seen as such, at no shared identity; 0 in one's own
    identity : 0..1, shared identity, which lifts the discount
    n_paths : whole number, 1 or more
    seed, replicate : whole numbers, 0 or more

    Returns
    -------
    array [path, act]

    Sources
    -------
    gaertner2000 : the common in-group lifts the discount.

    Examples
    --------
    >>> draw_acts(1.0, 3)
    array([[1., 1., 1.]])
    """
    given = Arguments("draw_acts")
    chance = given.share("chance", chance)
    discount = given.share("discount", discount)
    identity = given.share("identity", identity)
    n_acts = given.whole("n_acts", n_acts, 1)
    n_paths = given.whole("n_paths", n_paths, 1)
    seed, replicate = given.luck(seed, replicate)
    given.settle()
    return np.asarray(_draw_acts(seed, replicate, chance_seen(chance, discount, identity), n_paths, n_acts))


def trust_path(
    acts: Array,
    *,
    kept: float = 1.0,
    act_weight: float = 1.0,
    bad_weight: float = 1.0,
    identity: float = 0.0,
    start: tuple[float, float] = (0.0, 0.0),
) -> Array:
    """Return trust after each act: evidence is forgotten a little, then the act is added.

    Parameters
    ----------
    acts : array [path, act], 1 cooperative, 0 not
    kept : 0..1, share of the evidence kept from one act to the next (lambda)
    act_weight : above 0, evidence in one act (w)
    bad_weight : 0 or more, good acts that one bad act weighs at no identity (kappa)
    identity : 0..1, which takes bad news down to the weight of good; 0 leaves ``bad_weight`` as it is
    start : cooperative and uncooperative evidence before the first act, 0 or more

    Returns
    -------
    array [path, act], 0..1

    Raises
    ------
    ParameterError
        If an argument is out of its range.

    Sources
    -------
    josang2002 : beta reputation with forgetting.
    slovic1993 : the weight of bad news.

    Examples
    --------
    >>> trust_path([[1.0, 1.0, 0.0]])
    array([[0.66666667, 0.75      , 0.6       ]])
    """
    given = Arguments("trust_path")
    seen = given.array("acts", acts, 2, 0.0, 1.0)
    kept = given.share("kept", kept)
    act_weight = given.number("act_weight", act_weight, 0.0)
    bad_weight = given.number("bad_weight", bad_weight, 0.0)
    identity = given.share("identity", identity)
    evidence = given.array("start", start, 1, 0.0)
    if evidence.size != 2:
        given.complain("start", f"{evidence.size} numbers", "two: cooperative and uncooperative evidence")
    given.settle()
    return np.asarray(_trust(seen, kept, act_weight, weight_of_bad_news(identity, bad_weight), evidence))


def trust_limit(
    chance: float,
    *,
    kept: float,
    act_weight: float = 1.0,
    bad_weight: float = 1.0,
    prior: tuple[float, float] = (1.0, 1.0),
) -> float:
    """Return trust at mean evidence after endless acts, T*.

    The mean of trust is not quite trust at the mean evidence; they agree exactly when the chance is 0 or 1.

    Parameters
    ----------
    chance : 0..1, that an act is seen as cooperative
    kept : 0..1, below 1
    act_weight : above 0
    bad_weight : 0 or more
    prior : evidence that is never forgotten, above 0

    Returns
    -------
    float, 0..1

    Sources
    -------
    josang2002 : stationary evidence w p / (1 - lambda) for and w kappa (1 - p) / (1 - lambda) against.

    Examples
    --------
    >>> round(trust_limit(0.7, kept=0.95, bad_weight=2.0), 3)
    0.536
    """
    given = Arguments("trust_limit")
    chance = given.share("chance", chance)
    kept = given.number("kept", kept, 0.0, 1.0 - 1e-12)
    act_weight = given.number("act_weight", act_weight, 0.0)
    bad_weight = given.number("bad_weight", bad_weight, 0.0)
    own = given.array("prior", prior, 1, 0.0)
    given.settle()
    memory = act_weight / (1.0 - kept)
    positive = memory * chance + own[0] - 1.0
    return float(trust_from_evidence(positive, memory * bad_weight * (1.0 - chance) + own[1] - 1.0))


def trust_moments(chance: float, n_acts: int) -> tuple[float, float]:
    """Return mean and variance of trust after so many acts, nothing forgotten and bad acts no heavier.

    Parameters
    ----------
    chance : 0..1
    n_acts : whole number, 0 or more

    Returns
    -------
    mean, variance

    Sources
    -------
    josang2002 : (n q + 1) / (n + 2) and n q (1 - q) / (n + 2)^2.

    Examples
    --------
    >>> trust_moments(0.5, 2)
    (0.5, 0.03125)
    """
    given = Arguments("trust_moments")
    chance = given.share("chance", chance)
    n_acts = given.whole("n_acts", n_acts, 0)
    given.settle()
    return (n_acts * chance + 1.0) / (n_acts + 2.0), n_acts * chance * (1.0 - chance) / (n_acts + 2.0) ** 2


@compiled
def _draw_acts(seed: int, replicate: int, chance: float, n_paths: int, n_acts: int) -> Any:
    run_luck = address.luck_of_run(seed, replicate)
    acts = np.empty((n_paths, n_acts))
    for act in range(n_acts):
        luck = address.luck_of(run_luck, act, address.ACT)
        for path in range(n_paths):
            acts[path, act] = 1.0 if address.draw(luck, path) < chance else 0.0
    return acts


@compiled
def _trust(acts: Any, kept: float, act_weight: float, bad_weight: float, start: Any) -> Any:
    trusts = np.empty_like(acts)
    for path in range(acts.shape[0]):
        positive, negative = start[0], start[1]
        for act in range(acts.shape[1]):
            good = acts[path, act]
            positive = kept * positive + act_weight * good
            negative = kept * negative + act_weight * bad_weight * (1.0 - good)
            trusts[path, act] = trust_from_evidence(positive, negative)
    return trusts
