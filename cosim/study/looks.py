"""When to look at the replicates so far, and how much error each look may spend. Floor 7.

Runs cost time, so a claim is looked at before all replicates are run. Every look is another chance to be wrong. The
error that is allowed in all is therefore shared out over the looks, in proportion to the replicates each adds. Since
chances of being wrong at any look add up to no more than their sum, the whole stays within what is allowed, however
the looks depend on one another and whatever is done when one of them decides.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from cosim.errors import Complaint, CosimError
from cosim.results.intervals import LEAST_FOR_VERDICTS

ERROR: Final = 0.05
"""Chance that a false claim is said to hold, and that a true one is said to fail, over all looks (ASSUMED)."""


class Look(NamedTuple):
    """One look: how many replicates there are by then, and the chance of a wrong verdict that it may add."""

    replicates: int
    error: float


def plan_looks(first: int = 10, most: int = 40, error: float = ERROR) -> tuple[Look, ...]:
    """Return the looks at a claim: at ``first`` replicates, at twice as many, and so on up to ``most``.

    For a claim over a domain, give each point ``error / number of points``.

    Parameters
    ----------
    first, most : 5 or more replicates; first no more than most
    error : 0..0.5, for all looks together

    Raises
    ------
    CosimError
        When the numbers of replicates or the error make no plan.

    Sources
    -------
    ASSUMED : Bonferroni's bound over looks, spent evenly over replicates as in Kim and DeMets' family, from general
        knowledge. Doubling spends few looks; a claim that decides early costs a quarter of the runs.

    Examples
    --------
    >>> plan_looks()
    (Look(replicates=10, error=0.0125), Look(replicates=20, error=0.0125), Look(replicates=40, error=0.025))
    """
    complaints = []
    if not LEAST_FOR_VERDICTS <= first <= most:
        found, allowed = f"first {first}, most {most}", f"{LEAST_FOR_VERDICTS} <= first <= most"
        complaints.append(Complaint("looks", "replicates", found, allowed))
    if not 0.0 < error < 0.5:
        complaints.append(Complaint("looks", "error", str(error), "a chance between 0 and 0.5"))
    if complaints:
        raise CosimError(complaints)
    counts = [first]
    while counts[-1] < most:
        counts.append(min(2 * counts[-1], most))
    added = [after - before for before, after in zip([0, *counts[:-1]], counts, strict=True)]
    return tuple(Look(count, error * more / most) for count, more in zip(counts, added, strict=True))
