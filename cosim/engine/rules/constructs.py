"""How an arena's constructs move: what is measured from the people, what flows along the theory's arrows."""

from __future__ import annotations

from cosim.engine.compiling import inlined
from cosim.engine.rules.arithmetic import saturation, within


@inlined
def construct_next(state: float, measured: float, inflow: float, weight_of_arrows: float, months: float) -> float:
    """Return a construct a month later, on the scale -1..1.

    Parameters
    ----------
    state : -1..1
    measured : -1..1
        What is read from the people this month; 0 for a construct that moves only by arrows.
    inflow : sum of gain times arrow times sending construct, plus input and bias
    weight_of_arrows : share, 0..1 (omega)
    months : 1 or more
        Inertia (tau).

    Sources
    -------
    ASSUMED : design note F2 step 5, z += (-z + (1 - omega) h + omega tanh(inflow)) / tau, cut to -1..1.

    Examples
    --------
    >>> construct_next(0.5, 0.5, 0.0, 0.0, 3.0)
    0.5
    >>> construct_next(0.0, 0.6, 0.0, 0.0, 3.0)
    0.19999999999999998
    """
    target = (1.0 - weight_of_arrows) * measured + weight_of_arrows * saturation(inflow)
    return within(state + (target - state) / months, -1.0, 1.0)


@inlined
def share_of(state: float) -> float:
    """Return a construct of -1..1 as a share 0..1.

    Sources
    -------
    ASSUMED : y = (1 + z) / 2, design note F1.

    Examples
    --------
    >>> share_of(0.0)
    0.5
    """
    return 0.5 * (1.0 + state)
