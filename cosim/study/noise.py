"""Products from which luck is taken out, so that what chance does is not counted as what a factor does.

Floor 7. A run at setting x with luck r gives y_r(x) = f(x) + e_r(x), and only f is asked about. Every index of
sensitivity is made of products f(x) f(x') averaged over the design: a variance is f(A) f(A), Jansen's numerator is
(f(A) - f(AB))^2 / 2, Saltelli's is f(B) (f(AB) - f(A)). Put means over R replicates in f's place and each product
gains what the errors share:

    E[ybar(x) ybar(x')] = f(x) f(x') + Cov(e(x), e(x')) / R.

*Independent luck*, new for every row: rows share nothing, so only a row's product with itself gains, by its noise
variance v(x) / R. The variance is too large by mean v / R, Jansen's numerator by (v(A) + v(AB)) / 2R, Saltelli's not
at all; hence first-order shares shrink and total shares all rise towards 1. Given v / R, it is subtracted.

*Common luck*, the same R replicates at every row: rows share most of their error, the covariance of two rows is not
zero and not known from their variances, and subtracting v / R would take out too much. But different replicates share
nothing under either luck: for r != s, E[y_r(x) y_s(x')] = f(x) f(x') exactly. The mean over all ordered pairs,

    sum_{r != s} y_r(x) y_s(x') / R(R - 1)  =  (sum y(x) sum y(x') - sum_r y_r(x) y_r(x')) / R(R - 1),

needs no noise variance, is a U-statistic and unbiased under both, and is what is used wherever replicates are at hand.
Two rows that are one point were run once and share all their luck; the pairs of replicates take that out too.
Centring each replicate by its own mean over the rows makes the mean product the covariance between different
replicates: what common luck lifts everywhere alike falls out.

Sources
-------
saltelli2010, jansen1999 : the products without noise.
kouye2022 : indices of the conditional mean of a stochastic model, and their bias when repetitions are few.
zhu2021 : the indices of the mean are one of three ways to extend Sobol's to models with luck.
ASSUMED : the U-statistic over pairs of replicates and its use under common luck are derived here; sought in the works
    above, of which only the openings were read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosim.study.sensitivity_design import Floats

LEAST_WHOLE: Final = 0.5
"""Share of the replicates that must be whole in a block for it to be kept (ASSUMED)."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """The values of the blocks that are whole, centred, with what is known of their luck.

    Parameters
    ----------
    values : [blocks, rows, replicates], each replicate centred; 0 where a replicate is not whole in its block
    level : [replicates], what was taken from each replicate, less its mean
    known : [blocks, replicates], whether a replicate is whole in a block
    noise : [blocks, rows], variance of each value due to chance; None when it is to be found from replicates, or is
        not known at all
    points : [blocks, rows], equal numbers for rows that are one point
    kept : [all blocks], which blocks these are
    """

    values: Floats
    level: Floats
    known: NDArray[np.bool_]
    noise: Floats | None
    points: NDArray[np.intp]
    kept: NDArray[np.bool_]

    @property
    def n_replicates(self) -> int:
        """How many replicates a row has."""
        return int(self.values.shape[2])

    @property
    def is_corrected(self) -> bool:
        """Whether luck can be told from factors."""
        return self.n_replicates > 1 or self.noise is not None

    @property
    def means(self) -> Floats:
        """Mean over replicates, [blocks, rows]."""
        return np.asarray(self.values.sum(axis=2) / self.known.sum(axis=1)[:, None])

    def product(self, one: int, other: int) -> Floats:
        """Return f(x) f(x') for two rows of each block with luck taken out, [blocks].

        NaN where fewer than two replicates are left to be paired.
        """
        a, b = self.values[:, one], self.values[:, other]
        if self.n_replicates > 1:
            n = self.known.sum(axis=1)
            apart = a.sum(axis=1) * b.sum(axis=1) - np.einsum("ir,ir->i", a, b)
            return np.where(n > 1, apart / np.maximum(n * (n - 1), 1), math.nan)
        plain = a[:, 0] * b[:, 0]
        if self.noise is None:
            return plain
        shared = np.where(self.points[:, one] == self.points[:, other], self.noise[:, one], 0.0)
        return np.asarray(plain - shared)

    def difference_squared(self, one: int, other: int) -> Floats:
        """Return (f(x) - f(x'))^2 for two rows of each block with luck taken out, [blocks]."""
        return self.product(one, one) - 2.0 * self.product(one, other) + self.product(other, other)

    def noise_of_means(self) -> Floats:
        """Return the variance of each row's mean that is due to chance, [blocks, rows]; NaN when it is not known.

        A replicate's level is luck too, and is put back: common luck lifts all rows of a replicate alike.
        """
        if self.noise is not None:
            return self.noise
        if self.n_replicates == 1:
            return np.full(self.values.shape[:2], math.nan)
        n = self.known.sum(axis=1)[:, None]
        whole = np.where(self.known[:, None, :], self.values + self.level, 0.0)
        spread = np.maximum((whole**2).sum(axis=2) - whole.sum(axis=2) ** 2 / np.maximum(n, 1), 0.0)
        return np.where(n > 1, spread / np.maximum(n * (n - 1), 1), math.nan)

    def without(self, replicate: int) -> Blocks:
        """Return the same blocks without one replicate; what a jackknife over lucks leaves out."""
        known = self.known.copy()
        known[:, replicate] = False
        return replace(self, known=known, values=np.where(known[:, None, :], self.values, 0.0))


def gather_blocks(
    values: Floats,
    noise_variance: Floats | None,
    points: NDArray[np.intp],
    rows_per_block: int,
    level_rows: tuple[int, ...],
) -> Blocks:
    """Return the blocks that are whole, centred by replicate.

    One value that is not finite spoils its block: an index pairs the rows of a block, and half a pair is a bias. Of
    several replicates only the one that failed falls out, at every row of its block so that differences stay paired;
    the block falls when fewer than half its replicates, or fewer than two, are left.

    Parameters
    ----------
    values : [rows] or [rows, replicates]
    noise_variance : [rows], of single values a row; NaN where it is not known, for which the mean of the rest stands
    points : [rows], numbers of the points
    level_rows : rows of a block over which a replicate's level is taken
    """
    table = values[:, None] if values.ndim == 1 else values
    blocks = table.reshape(-1, rows_per_block, table.shape[1])
    known = np.isfinite(blocks).all(axis=1)
    least = max(math.ceil(LEAST_WHOLE * table.shape[1]), min(2, table.shape[1]))
    kept = known.sum(axis=1) >= least
    blocks, known = blocks[kept], known[kept]
    blocks = np.where(known[:, None, :], blocks, 0.0)
    counts = np.maximum(known.sum(axis=0), 1) * len(level_rows)
    level = blocks[:, list(level_rows)].sum(axis=(0, 1)) / counts
    centred = np.where(known[:, None, :], blocks - level, 0.0)
    noise = None
    if noise_variance is not None and np.isfinite(noise_variance).any():
        filled = np.where(np.isfinite(noise_variance), noise_variance, np.nanmean(noise_variance))
        noise = filled.reshape(-1, rows_per_block)[kept]
    return Blocks(centred, level - level.mean(), known, noise, points.reshape(-1, rows_per_block)[kept], kept)


def share_of_chance(variance: Floats, noise: Floats) -> Floats:
    """Return the share of the whole variance that is due to chance, 0..1; NaN when either is not known.

    ``variance`` is f's own over the settings, ``noise`` what luck adds, in the same unit; of one run when the noise
    is one run's, of a mean when it is the mean's. A variance below zero, which luck alone can bring about, counts as
    none.

    Examples
    --------
    >>> share_of_chance(np.array([3.0, -0.1]), np.array([1.0, 2.0])).tolist()
    [0.25, 1.0]
    """
    settings = np.maximum(variance, 0.0)
    whole = settings + noise
    return np.divide(noise, whole, out=np.full_like(whole, math.nan), where=whole > 0.0)
