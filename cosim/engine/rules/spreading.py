"""How solutions and experience travel between municipalities."""

from __future__ import annotations

from cosim.engine.compiling import inlined


@inlined
def adoption_hazard(
    innovation: float, imitation: float, pressure: float, absorption: float, observability: float
) -> float:
    """Return the hazard (per month) that a municipality takes up a solution made elsewhere.

    Parameters
    ----------
    innovation, imitation : per month
        External and internal influence, Bass's p and q divided by twelve.
    pressure : share, 0..1
        Weighted share of those one looks to who use it already.
    absorption : 0 or more, 1 is usual
    observability : share, 0..1

    Sources
    -------
    bass1969 : p + q F.
    ASSUMED : absorption and observability multiply; design note F2 step 10.

    Examples
    --------
    >>> adoption_hazard(0.01, 0.02, 0.5, 1.0, 1.0)
    0.02
    """
    return (innovation + imitation * pressure) * absorption * observability
