"""Sobol's and Morris's indices as means over blocks, of products from which luck is taken out.

Floor 7. Each index is a smooth function of means over blocks; ``statistics`` gives the blocks' numbers, ``finish``
the function. So resampling blocks is a weighted mean, and a replicate left out is the same again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cosim.study.noise import Blocks, share_of_chance
from cosim.study.sensitivity_design import Design, Floats

Moves = NDArray[np.intp]


class Label(NamedTuple):
    """What a number is about: a factor or group (none for the whole outcome), another for a pair, and which index."""

    factor: str
    other: str
    kind: str


def _share(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, NaN where the whole is nothing."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.asarray(np.divide(part, whole, out=np.full(shape, math.nan), where=whole > 0.0))


@dataclass(frozen=True)
class SobolIndices:
    """Shares of variance: alone (S1), with all interactions (ST), their difference, pairs (S2); and chance.

    First order is Saltelli's f(B) (f(AB) - f(A)), total is Jansen's (f(A) - f(AB))^2 / 2, both over the variance of A
    and B together. With second order the design holds BA too, and both are averaged with A and B in each other's
    place. A group is one factor that has all its members' values. The divisor of the variance is the number of rows:
    a Sobol sequence spreads its mean less than independent points.

    Sources
    -------
    saltelli2010 : first order.
    jansen1999 : total order.
    saltelli2002 : second order.

    Parameters
    ----------
    groups : what gets an index each
    second_order : whether the design holds the rows for pairs
    n_runs : how many runs are behind each value, for the share of chance in one run; None when it is not known
    """

    groups: tuple[str, ...]
    second_order: bool
    n_runs: int | None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Numbers of the groups of each pair; none without second order."""
        return list(combinations(range(len(self.groups)), 2)) if self.second_order else []

    def labels(self) -> list[Label]:
        """What each number that ``finish`` returns is about, in its order."""
        whole = [Label("", "", kind) for kind in ("variance", "chance", "chance_of_mean")]
        single = [Label(name, "", kind) for kind in ("S1", "ST", "interaction") for name in self.groups]
        return whole + single + [Label(self.groups[i], self.groups[j], "S2") for i, j in self.pairs]

    def statistics(self, blocks: Blocks) -> Floats:
        """Return the numbers of each block, [blocks, numbers]: noise, variance, numerators."""
        n, second = len(self.groups), self.second_order
        a, b = 0, 2 * n + 1 if second else n + 1
        into_a, into_b = [1 + i for i in range(n)], [1 + n + i for i in range(n)]
        noise = blocks.noise_of_means()[:, [a, b]].mean(axis=1)
        variance = 0.5 * (blocks.product(a, a) + blocks.product(b, b))
        apart = blocks.product(a, b)
        first = [blocks.product(b, ab) - apart for ab in into_a]
        total = [0.5 * blocks.difference_squared(a, ab) for ab in into_a]
        if second:
            first = [0.5 * (f + blocks.product(a, ba) - apart) for f, ba in zip(first, into_b, strict=True)]
            total = [0.5 * (t + 0.5 * blocks.difference_squared(b, ba)) for t, ba in zip(total, into_b, strict=True)]
        closed = [
            0.5 * (blocks.product(into_b[i], into_a[j]) + blocks.product(into_b[j], into_a[i])) - apart
            for i, j in self.pairs
        ]
        return np.stack([noise, variance, *first, *total, *closed], axis=1)

    def finish(self, means: Floats) -> Floats:
        """Return the indices of means over blocks, [samples, numbers] to [samples, labels]."""
        n = len(self.groups)
        noise, variance = means[:, 0], means[:, 1]
        first, total = np.split(_share(means[:, 2 : 2 + 2 * n], variance[:, None]), 2, axis=1)
        closed = _share(means[:, 2 + 2 * n :], variance[:, None])
        pairs = [closed[:, place] - first[:, i] - first[:, j] for place, (i, j) in enumerate(self.pairs)]
        one_run = share_of_chance(variance, noise * (math.nan if self.n_runs is None else self.n_runs))
        whole = [variance, one_run, share_of_chance(variance, noise)]
        return np.column_stack([*whole, first, total, total - first, *pairs])


@dataclass(frozen=True, eq=False)
class MorrisIndices:
    """Effects of moving a factor across its whole range, in the outcome's unit: mean, mean size, spread.

    An elementary effect is the change of the outcome over the change of the factor as a share of its range; for a
    choice, the change itself. The mean has no bias from luck. The spread is inflated by it, and is freed of it by
    pairs of different replicates (see ``noise``). The mean size is inflated too and cannot be freed exactly: beside
    it stands ``mu_star_by_chance``, what luck alone would show for a factor that does nothing, for normal luck.

    A choice has no up and down, so only its mean size is given; so with groups, whose members may pull against each
    other.

    Sources
    -------
    morris1991 : elementary effects, mean and spread.
    campolongo2007 : the mean size, and that it alone is fit for groups.

    Parameters
    ----------
    groups : what gets an effect each
    signed : which of them are one ordered factor, so that up and down mean something
    steps : [blocks, groups], the change as a share of the range, signed where it has a sign
    moves : [blocks, groups], the row after which a group moves
    """

    groups: tuple[str, ...]
    signed: tuple[bool, ...]
    steps: Floats
    moves: Moves

    def labels(self) -> list[Label]:
        """What each number that ``finish`` returns is about, in its order."""
        size = [Label(name, "", kind) for name in self.groups for kind in ("mu_star", "mu_star_by_chance")]
        ordered = [name for name, is_signed in zip(self.groups, self.signed, strict=True) if is_signed]
        return size + [Label(name, "", kind) for name in ordered for kind in ("mu", "sigma")]

    def statistics(self, blocks: Blocks) -> Floats:
        """Return the numbers of each trajectory, [blocks, numbers]: size, noise, mean, square about the mean."""
        size, signed = [], []
        means, rows = blocks.means, np.arange(len(blocks.values))
        for column, is_signed in enumerate(self.signed):
            here, step = self.moves[:, column], self.steps[:, column]
            effect = (means[rows, here + 1] - means[rows, here]) / step
            luckless = _effects(blocks, here, step)
            size += [np.abs(effect), luckless.noise_of_means()[:, 0]]
            if is_signed:
                signed += [effect, luckless.product(0, 0)]
        return np.stack(size + signed, axis=1)

    def finish(self, means: Floats) -> Floats:
        """Return the effects of means over trajectories, [samples, numbers] to [samples, labels]."""
        out = means.copy()
        n = 2 * len(self.groups)
        out[:, 1:n:2] = np.sqrt(means[:, 1:n:2] * (2.0 / math.pi))
        # Trajectories drawn anew spread about their own mean. Less than nothing is luck taken out of next to nothing.
        square = means[:, n + 1 :: 2] - (means[:, n::2] - means[:1, n::2]) ** 2
        out[:, n + 1 :: 2] = np.sqrt(np.maximum(square, 0.0))
        return out


def _effects(blocks: Blocks, here: Moves, step: Floats) -> Blocks:
    """Return the elementary effects of one group as blocks of one row, centred by replicate."""
    rows = np.arange(len(here))
    effect = (blocks.values[rows, here + 1] - blocks.values[rows, here]) / step[:, None]
    centre = effect.sum(axis=0) / np.maximum(blocks.known.sum(axis=0), 1)
    # Bessel's factor, for the centre is found from the same few trajectories.
    bessel = math.sqrt(len(here) / max(len(here) - 1, 1))
    values = np.where(blocks.known, effect - centre, 0.0)[:, None, :] * bessel
    noise = None
    if blocks.noise is not None:
        is_one_point = blocks.points[rows, here] == blocks.points[rows, here + 1]
        both = blocks.noise[rows, here] + blocks.noise[rows, here + 1]
        noise = np.where(is_one_point, 0.0, both / step**2)[:, None]
    return Blocks(values, centre - centre.mean(), blocks.known, noise, blocks.points[:, :1], blocks.kept)


def morris_indices(design: Design, kept: NDArray[np.bool_]) -> MorrisIndices:
    """Return where each group moves in the trajectories that are kept, and by how much.

    A group of several factors moves by the mean size of its members' moves.
    """
    shape = (design.n, design.rows_per_block, len(design.factors))
    values = design.values.reshape(shape)[kept]
    # A grouped sample moves all of a group's members between the same two rows, so any of them tells where.
    moved = values[:, 1:] != values[:, :-1]
    signed, steps, moves = [], [], []
    for name in design.groups:
        members = [column for column, factor in enumerate(design.factors) if factor.moves_as == name]
        here = np.argmax(moved[:, :, members[0]], axis=1)
        sizes = []
        for column in members:
            factor = design.factors[column]
            change = (values[:, -1, column] - values[:, 0, column]) / (factor.high - factor.low)
            sizes.append(change if factor.is_ordered else np.ones_like(change))
        is_signed = len(members) == 1 and design.factors[members[0]].is_ordered
        signed.append(is_signed)
        steps.append(sizes[0] if is_signed else np.abs(sizes).mean(axis=0))
        moves.append(here)
    return MorrisIndices(design.groups, tuple(signed), np.stack(steps, axis=1), np.stack(moves, axis=1))
