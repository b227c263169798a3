"""Whether a study of sensitivity has run enough: its indices on growing parts of its own design, and when to stop.

Floor 7. The parts are nested, so looking costs no run; and a study that must go on doubles its design and keeps all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.study.sensitivity import MOST_DROPPED, analyse
from cosim.study.sensitivity_design import Design, tie
from cosim.study.sensitivity_intervals import Luck

LEAST_BLOCKS: Final = 16
"""The smallest part that is looked at: fewer blocks drawn anew say little of an interval (ASSUMED)."""


@dataclass(frozen=True, slots=True)
class Convergence:
    """Whether a study may stop, and what stands against it; true in a condition when it may.

    ``widest`` is the width of the widest interval, of ``factor``; ``is_steady`` whether the last doubling left the
    ranking as it was; ``why`` one sentence.
    """

    may_stop: bool
    n: int
    widest: float
    factor: str
    is_steady: bool
    why: str

    def __bool__(self) -> bool:
        """Return whether the study may stop."""
        return self.may_stop


def converge(
    design: Design,
    values: Any,
    noise_variance: Any = None,
    *,
    ids: Any = None,
    luck: Luck = "independent",
    n_runs: int | None = None,
    most_dropped: float = MOST_DROPPED,
    smallest: int = LEAST_BLOCKS,
) -> pd.DataFrame:
    """Return the indices of the first n, n / 2, n / 4 ... blocks, smallest part first, with a column ``n``.

    Parameters are those of ``analyse``; ``smallest`` is the least number of blocks that is looked at. Only the whole
    design is held to ``most_dropped``: a part may by chance hold most of what failed.

    Raises
    ------
    CosimError
        As ``analyse`` does.
    """
    whole = tie(design, values, ids, "values")
    noise = None if noise_variance is None else tie(design, noise_variance, ids, "noise_variance")
    sizes = [design.n]
    while sizes[-1] // 2 >= smallest:
        sizes.append(sizes[-1] // 2)
    tables = []
    for n in reversed(sizes):
        part = design.first(n)
        rows = len(part.values)
        table = analyse(
            part,
            whole[:rows],
            None if noise is None else noise[:rows],
            ids=design.ids[:rows],
            luck=luck,
            n_runs=n_runs,
            most_dropped=most_dropped if n == design.n else 1.0,
        )
        tables.append(table.assign(n=n))
    return pd.concat(tables)


def is_converged(table: pd.DataFrame, *, kind: str = "ST", width: float = 0.1, threshold: float = 0.05) -> Convergence:
    """Return whether the last doubling left nothing to wait for, with the reason.

    Two things are asked: no interval of the index is as wide as ``width``; and the factors at or above ``threshold``
    are the same, in the same order, as with half the blocks. Two factors closer than half the width count as level,
    or two that are truly equal would keep a study running for ever.

    Parameters
    ----------
    table : what ``converge`` returns, of one outcome
    kind : index that is judged, for example ST, median or mu_star
    width, threshold : a share of variance for ST, of the largest for mu_star, else in the index's unit

    Sources
    -------
    ASSUMED : 0.1 wide and 0.05 to matter; sought in saltelli2010 and left to the reader there.
    """
    judged = table[table["kind"] == kind]
    sizes = sorted(set(judged["n"]))
    if not sizes:
        return Convergence(False, 0, np.nan, "", False, f"the table has no index {kind}")
    if kind == "mu_star":  # in the outcome's own unit: judged as shares of the largest
        most = float(judged.loc[judged["n"] == sizes[-1], "value"].max())
        numbers = {name: judged[name] / most for name in ("value", "low", "high")}
        judged = judged.assign(**numbers) if most > 0.0 else judged
    last = judged[judged["n"] == sizes[-1]]
    n = int(sizes[-1])
    spans = (last["high"] - last["low"]).fillna(np.inf)
    factor, widest = str(spans.idxmax()), float(spans.max())
    is_steady = len(sizes) > 1 and _is_same_order(
        judged.loc[judged["n"] == sizes[-2], "value"], last["value"], threshold, width / 2.0
    )
    faults = []
    if not widest < width:
        faults.append(f"the interval of {factor} is {widest:.2g} wide, {width:g} is wanted")
    if len(sizes) < 2:
        faults.append("there is no smaller part to compare with")
    elif not is_steady:
        faults.append("the last doubling changed the ranking")
    why = "; ".join(faults) or f"all intervals are narrower than {width:g} and the ranking held"
    return Convergence(not faults, n, widest, factor, is_steady, why)


def _is_same_order(before: pd.Series[float], after: pd.Series[float], threshold: float, level: float) -> bool:
    """Return whether two rankings agree on every pair of factors of which either matters."""
    old = before.reindex(after.index).to_numpy(np.float64)
    new = after.to_numpy(np.float64)
    if not (np.isfinite(old).all() and np.isfinite(new).all()):
        return False
    crossed = (old >= threshold) != (new >= threshold)
    if (crossed & (np.abs(new - old) >= level)).any():
        return False
    matters = (old >= threshold) | (new >= threshold)
    was, now = old[:, None] - old, new[:, None] - new
    swapped = (was * now < 0.0) & ((np.abs(was) >= level) | (np.abs(now) >= level))
    return not (swapped & (matters[:, None] | matters)).any()
