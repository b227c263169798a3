"""Indices with their intervals, as one tidy table: blocks are drawn again, lucks left out, and what is not known said.

Floor 7. Rows that cannot be given a number keep NaN and a note why; no index is ever a zero that nobody found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.results.intervals import student_point
from cosim.study.noise import Blocks
from cosim.study.sensitivity_design import Floats
from cosim.study.sensitivity_indices import Label

Luck = Literal["independent", "common"]
COLUMNS: Final = ["other", "kind", "value", "low", "high", "blocks", "dropped", "note"]
CONSTANT: Final = "the outcome is the same at every setting"
NO_SIGNAL: Final = "the outcome varies between settings no more than luck makes it vary"
UNSURE: Final = "luck hides so much that no interval can be given"
RAW: Final = "luck is not known, and counts as influence here"
UNKNOWN: Final = "luck is not known"
FEW_LUCKS: Final = "with two replicates of common luck the interval leaves luck out"
NO_LEVELS: Final = "too few rows, or too little variation, for this index"
NOTES: Final = (CONSTANT, NO_SIGNAL, UNSURE, RAW, UNKNOWN, FEW_LUCKS, NO_LEVELS)
_RAW_KINDS: Final = frozenset({"variance", "S1", "ST", "interaction", "S2", "sigma", "mu_star"})
_MOST_LOST: Final = 0.025
"""Share of resamples without a number above which no interval is given: an end of it would lie among them."""


class Indices(Protocol):
    """Something that makes indices of blocks: labels, numbers of each block, and a function of their means."""

    def labels(self) -> list[Label]:
        """What each number is about."""

    def statistics(self, blocks: Blocks) -> Floats:
        """Return the numbers of each block, [blocks, numbers]."""

    def finish(self, means: Floats) -> Floats:
        """Return the indices of means over blocks, [samples, labels]."""


def resampled_means(statistics: Floats, n_resamples: int, seed: int) -> Floats:
    """Return the means over blocks and then over blocks drawn anew, [1 + resamples, numbers]."""
    n = len(statistics)
    rng = np.random.default_rng([seed, 2])
    means = [statistics.mean(axis=0, keepdims=True)]
    # A few dozen at a time: the weights of all resamples of a large design would fill the memory.
    for start in range(0, n_resamples, 32):
        weights = rng.multinomial(n, np.full(n, 1.0 / n), size=min(32, n_resamples - start))
        means.append(weights @ statistics / n)
    return np.concatenate(means)


def error_of_luck(indices: Indices, blocks: Blocks) -> Floats:
    """Return the standard error that common luck gives each index, [labels]: a jackknife over the replicates.

    Blocks drawn anew all carry the same lucks, so they cannot show what other lucks would have given; with
    independent luck they do show it, and this must not be added.
    """
    left = []
    for replicate in range(blocks.n_replicates):
        statistics = indices.statistics(blocks.without(replicate))
        whole = np.isfinite(statistics).all(axis=1)
        if whole.any():
            left.append(indices.finish(statistics[whole].mean(axis=0, keepdims=True))[0])
    if len(left) < blocks.n_replicates:
        return np.full(len(indices.labels()), math.nan)
    return np.asarray(np.sqrt((len(left) - 1) * np.var(left, axis=0)))


def measure_indices(indices: Indices, blocks: Blocks, n_resamples: int, seed: int, luck: Luck) -> pd.DataFrame:
    """Return the table of indices with 95 per cent intervals.

    The interval holds the middle 95 of a hundred resamples of the blocks, which takes the blocks for independent: a
    Sobol sequence is better than that, so its intervals are on the wide side. Under common luck the luck's own error
    is added in quadrature.
    """
    labels, notes = indices.labels(), [""] * len(indices.labels())
    estimates = indices.finish(resampled_means(indices.statistics(blocks), n_resamples, seed))
    value, drawn = estimates[0], estimates[1:]
    lost = ~np.isfinite(drawn)
    ends = np.quantile(np.where(lost, 0.0, drawn), [0.025, 0.975], axis=0)
    low, high = ends[0], ends[1]
    if luck == "common" and blocks.n_replicates > 2:
        reach = student_point(blocks.n_replicates - 1) * error_of_luck(indices, blocks)
        low, high = value - np.hypot(value - low, reach), value + np.hypot(high - value, reach)
    is_unsure = (lost.mean(axis=0) > _MOST_LOST) | np.isnan(low + high)
    low, high = np.where(is_unsure, math.nan, low), np.where(is_unsure, math.nan, high)
    for place, label in enumerate(labels):
        if not math.isfinite(value[place]):
            notes[place] = NO_SIGNAL if blocks.is_corrected and "chance" not in label.kind else UNKNOWN
        elif is_unsure[place]:
            notes[place] = UNSURE
        elif not blocks.is_corrected and label.kind in _RAW_KINDS:
            notes[place] = RAW
        elif luck == "common" and blocks.n_replicates == 2:
            notes[place] = FEW_LUCKS
    return tabulate(labels, value, low, high, notes, blocks.kept)


def tabulate_nothing(labels: Sequence[Label], note: str, kept: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the table of indices of which none can be given, all for one reason."""
    nothing = np.full(len(labels), math.nan)
    return tabulate(labels, nothing, nothing, nothing, [note] * len(labels), kept)


def tabulate(
    labels: Sequence[Label],
    value: Floats,
    low: Floats,
    high: Floats,
    notes: Sequence[str],
    kept: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return one row for each index, indexed by factor or group; what is about the whole outcome has an empty name.

    ``kept`` says of each block whether it was used, and becomes two counts.
    """
    table = {
        "other": [label.other for label in labels],
        "kind": [label.kind for label in labels],
        "value": value,
        "low": low,
        "high": high,
        "blocks": int(kept.sum()),
        "dropped": int((~kept).sum()),
        "note": list(notes),
    }
    return pd.DataFrame(table, index=pd.Index([label.factor for label in labels], name="factor"), columns=COLUMNS)
