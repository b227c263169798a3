"""Says of a claim over a domain whether it holds, and where it turns. Floor 7.

A claim with a domain is judged at points spread over it. It *holds* when it is shown at every point, and *fails* when
it is shown to be false at every point: whichever point were the exception, it would be missed no more often than the
error allowed. It *depends* when it is shown somewhere and shown to be false elsewhere; with many points there are many
chances for that, so the points share the error (Holm). Where it depends, the domain is split in two, and once more,
where the verdicts differ most; a split is told only if verdicts dealt out blindly would seldom split as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosim.errors import Complaint, CosimError
from cosim.study.limits import Floats
from cosim.study.looks import ERROR
from cosim.study.verdicts import Verdict

N_DEALS: Final = 1999
"""Blind deals that a split is held against: the least p-value is 1 in 2,000 (ASSUMED)."""
LEAST_TO_SPLIT: Final = 6
"""Points below which a region is not split: with five, the best of ten splits is within reach of luck (ASSUMED)."""
SaysOver = Literal["holds", "fails", "depends", "undecided"]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the domain, with how many of its points hold, fail and are undecided.

    ``where`` has (parameter, low, high) for each parameter that bounds it, infinite on the open side; it is empty for
    the whole domain. ``p`` is the p-value of the last split that made it, 1 for the whole.
    """

    where: tuple[tuple[str, float, float], ...]
    holds: int
    fails: int
    undecided: int
    p: float = 1.0

    @property
    def words(self) -> str:
        """The region in words, with its counts."""
        if self.holds and self.fails:
            says = "holds at some points and fails at others"
        else:
            says = "holds" if self.holds else "fails" if self.fails else "is undecided"
        counts = f"{self.holds} of {self.holds + self.fails + self.undecided} points hold, {self.fails} fail"
        return f"{says} where {' and '.join(_bounds(*one) for one in self.where)} ({counts})"


@dataclass(frozen=True, slots=True)
class DomainVerdict:
    """What paired runs say of a claim over its domain.

    Parameters
    ----------
    says : holds, fails, depends or undecided
    regions : where it turns; the whole domain alone when no split can be told from luck
    labels : of each point, 1 holds, -1 fails, 0 undecided, as shown at an error shared by all points
    sentence : all of it in words
    """

    says: SaysOver
    regions: tuple[Region, ...]
    labels: tuple[int, ...]
    sentence: str


def judge_over_domain(
    verdicts: Sequence[Verdict], points: Sequence[Mapping[str, float]], *, error: float = ERROR, seed: int = 0
) -> DomainVerdict:
    """Return the verdict on a claim over its domain.

    Parameters
    ----------
    verdicts : of one claim at one or more points
        Planned with ``looks.plan_looks(error=error / number of points)``, so that runs do not stop before they can
        carry a verdict that has to be shared.
    points : the domain's parameters at each, in the same order and with the same names
    error : 0..0.5, chance of a wrong verdict over the whole domain, and that a split is told which is none
    seed : of the blind deals

    Raises
    ------
    CosimError
        When there are no points, not as many verdicts as points, or points of different parameters.
    """
    names = _names(verdicts, points)
    places = np.array([[point[name] for name in names] for point in points], np.float64).reshape(len(points), -1)
    holds, fails = (np.array([getattr(one, p) for one in verdicts]) for p in ("p_holds", "p_fails"))
    labels = (stand_out(holds, error).astype(np.int64) - stand_out(fails, error)).astype(np.int64)
    whole = _region((), labels, 1.0)
    n = f"{len(points)} points" if len(points) > 1 else "the only point"
    if (holds <= error).all():
        return _told("holds", (whole,), labels, f"Holds over the domain: at {n}.")
    if (fails <= error).all():
        return _told("fails", (whole,), labels, f"Fails over the domain: at {n}.")
    counts = f"shown at {whole.holds} and shown to be false at {whole.fails} of {n}"
    if not (whole.holds and whole.fails):
        beyond = " It does not hold over all of it." if whole.fails else ""
        return _told("undecided", (whole,), labels, f"Undecided over the domain: {counts}.{beyond}")
    regions = split_domain(labels, places, names, error, seed)
    if len(regions) == 1:
        words = f"Depends, {counts}; no split of {' or '.join(names) or 'the domain'} tells where."
        return _told("depends", regions, labels, words)
    return _told("depends", regions, labels, f"Depends: {'; '.join(region.words for region in regions)}.")


def stand_out(p: Floats, error: float) -> NDArray[np.bool_]:
    """Return which of many p-values are small enough that one of them is wrong no more often than ``error``.

    Sources
    -------
    ASSUMED : Holm's step-down form of Bonferroni's bound, from general knowledge; it holds however the points depend
        on one another, and they do: they share their luck.

    Examples
    --------
    >>> stand_out(np.array([0.02, 0.5, 0.01, 0.04]), 0.05).tolist()
    [False, False, True, False]
    """
    order = np.argsort(p, kind="stable")
    passed = np.logical_and.accumulate(p[order] * np.arange(len(p), 0, -1) <= error)
    out = np.zeros(len(p), np.bool_)
    out[order] = passed
    return out


def split_domain(
    labels: NDArray[np.int64], places: Floats, names: Sequence[str], error: float = ERROR, seed: int = 0
) -> tuple[Region, ...]:
    """Return the regions of a domain in which verdicts differ: one, two or up to four.

    The best single threshold of any parameter is the one that takes most variance out of the labels. It is held
    against the best that as many blind deals of the same labels over the same points reach, so that the search over
    parameters and thresholds is paid for. Each side that is still mixed is tried again at half the error.

    Parameters
    ----------
    labels : [points], 1 holds, -1 fails, 0 undecided
    places : [points, parameters]
    names : of the parameters
    error : 0..0.5, chance that a split of labels without any is told
    seed : of the blind deals
    """
    luck = np.random.default_rng(seed)
    first = _split(labels, places, error, luck)
    if first is None:
        return (_region((), labels, 1.0),)
    parameter, threshold, p = first
    regions: list[Region] = []
    for side in (places[:, parameter] < threshold, places[:, parameter] > threshold):
        low = bool(places[side, parameter].max() < threshold)
        here = ((names[parameter], -np.inf, threshold) if low else (names[parameter], threshold, np.inf),)
        again = _split(labels[side], places[side], 0.5 * error, luck)
        if again is None:
            regions.append(_region(here, labels[side], p))
            continue
        other, turn, p_again = again
        below = places[side, other] < turn
        for part, ends in ((below, (-np.inf, turn)), (~below, (turn, np.inf))):
            regions.append(_region(_narrow(here, names[other], *ends), labels[side][part], p_again))
    return tuple(regions)


def _split(
    labels: NDArray[np.int64], places: Floats, error: float, luck: np.random.Generator
) -> tuple[int, float, float] | None:
    """Return (parameter, threshold, p) of the best split that can be told from luck, or None."""
    if len(labels) < LEAST_TO_SPLIT or not ((labels > 0).any() and (labels < 0).any()):
        return None
    deals = np.concatenate([labels[None], luck.permuted(np.tile(labels, (N_DEALS, 1)), axis=1)])
    best = np.full(len(deals), -np.inf)
    found: tuple[int, float] | None = None
    n = len(labels)
    left = np.arange(1, n)
    for parameter in range(places.shape[1]):
        order = np.argsort(places[:, parameter], kind="stable")
        place = places[order, parameter]
        between = place[1:] > place[:-1]
        if not between.any():
            continue
        sums = np.cumsum(deals[:, order], axis=1)
        # Variance taken out, but for a constant: squared sums of either side over their sizes.
        gains = sums[:, :-1] ** 2 / left + (sums[:, -1:] - sums[:, :-1]) ** 2 / (n - left)
        gains[:, ~between] = -np.inf
        if gains[0].max() > best[0]:
            at = int(gains[0].argmax())
            found = parameter, float(0.5 * (place[at] + place[at + 1]))
        best = np.maximum(best, gains.max(axis=1))
    p = float(np.mean(best >= best[0] - 1e-9))
    return (*found, p) if found is not None and p <= error else None


def _region(where: tuple[tuple[str, float, float], ...], labels: NDArray[np.int64], p: float) -> Region:
    holds, fails, undecided = (int((labels == label).sum()) for label in (1, -1, 0))
    return Region(where, holds, fails, undecided, p)


def _narrow(
    where: tuple[tuple[str, float, float], ...], name: str, low: float, high: float
) -> tuple[tuple[str, float, float], ...]:
    known = {one: (below, above) for one, below, above in where}
    before = known.get(name, (-np.inf, np.inf))
    known[name] = (max(low, before[0]), min(high, before[1]))
    return tuple((one, *ends) for one, ends in known.items())


def _bounds(name: str, low: float, high: float) -> str:
    if low > -np.inf and high < np.inf:
        return f"{low:.3g} < {name} < {high:.3g}"
    return f"{name} < {high:.3g}" if high < np.inf else f"{name} > {low:.3g}"


def _told(says: SaysOver, regions: tuple[Region, ...], labels: NDArray[np.int64], sentence: str) -> DomainVerdict:
    return DomainVerdict(says, regions, tuple(int(label) for label in labels), sentence)


def _names(verdicts: Sequence[Verdict], points: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    complaints = []
    if not points or len(points) != len(verdicts):
        found = f"{len(verdicts)} verdicts, {len(points)} points"
        complaints.append(Complaint("domain", "points", found, "a verdict for every point, and one at least"))
    if len({frozenset(point) for point in points}) > 1:
        complaints.append(Complaint("domain", "points", "points of different parameters", "the same names at each"))
    if complaints:
        raise CosimError(complaints)
    return tuple(points[0])
