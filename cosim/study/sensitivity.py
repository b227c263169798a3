"""Which success factors drive an outcome, and how much of it is chance: designs to run, and indices of what came out.

Floor 7, and the only door to SALib, which draws the samples and measures delta. The rest is ours, because SALib 1.6
answers a single missing value with silent zeros, rows in another order with nonsense, and luck with total shares that
rise towards one.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import delta as salib_delta
from SALib.sample import morris as salib_morris
from SALib.sample import sobol as salib_sobol

from cosim.errors import Complaint, CosimError
from cosim.study.noise import gather_blocks
from cosim.study.sensitivity_design import (
    Design,
    Factor,
    Floats,
    Method,
    check_design,
    groups_of,
    saltelli_blocks,
    step_levels,
    tie,
)
from cosim.study.sensitivity_indices import Label, SobolIndices, morris_indices
from cosim.study.sensitivity_intervals import (
    CONSTANT,
    NO_LEVELS,
    Indices,
    Luck,
    measure_indices,
    tabulate,
    tabulate_nothing,
)
from cosim.study.sensitivity_pawn import measure_pawn, pawn_labels

MOST_DROPPED: Final = 0.10
"""Share of the blocks that may be dropped before no answer is given (ASSUMED)."""
N_RESAMPLES: Final = 500
DELTA_RESAMPLES: Final = 20
"""The most resamples SALib is asked for: one takes it a tenth of a second a factor, and twenty give a standard error
within a sixth of itself (ASSUMED)."""


def make_design(factors: Sequence[Factor], method: Method, n: int, seed: int, second_order: bool = False) -> Design:
    """Return the rows at which to run the model.

    Each method's sample of n begins with its sample of fewer blocks for the same seed, so a study is grown by making a
    larger design and running what is new. PAWN and delta take the plain points of a scrambled Sobol sequence, which
    are the A rows of the Sobol design of the same factors and seed: their runs are shared.

    Parameters
    ----------
    factors : what is varied
    method : morris | sobol | pawn | delta
    n : Saltelli blocks, trajectories or points; for all but morris a power of two, 2 or more
    seed : 0 or more
    second_order : whether sobol is to look at pairs, at nearly twice the rows

    Raises
    ------
    CosimError
        With everything that is wrong, at once.

    Sources
    -------
    saltelli2010, morris1991, pianosi2018, plischke2013 : the methods.

    Examples
    --------
    >>> small = make_design([Factor("trust"), Factor("rule", kind="switch")], "sobol", 4, seed=1)
    >>> small.values.shape, small.rows_per_block
    ((16, 2), 4)
    >>> large = make_design(small.factors, "sobol", 8, seed=1)
    >>> bool((large.ids[:16] == small.ids).all())
    True
    """
    check_design(factors, method, n, second_order)
    factors = tuple(factors)
    count = len(factors)
    problem = {"num_vars": count, "names": [one.name for one in factors], "bounds": [[0.0, 1.0]] * count}
    if method == "morris":
        problem["groups"] = [one.moves_as for one in factors]
        sample = salib_morris.sample(problem, n, seed=seed)
        unit = step_levels(sample.reshape(n, len(groups_of(factors)) + 1, count), factors, seed)
    else:
        blocks = salib_sobol.sample(problem, n, calc_second_order=False, seed=seed).reshape(n, count + 2, count)
        a, b = blocks[:, 0], blocks[:, -1]
        unit = saltelli_blocks(a, b, factors, second_order) if method == "sobol" else a
    values = np.column_stack([factor.at(unit[:, place]) for place, factor in enumerate(factors)])
    return Design(factors, method, n, seed, second_order, values, np.ascontiguousarray(unit))


def analyse(
    design: Design,
    values: Any,
    noise_variance: Any = None,
    *,
    ids: Any = None,
    luck: Luck = "independent",
    n_runs: int | None = None,
    most_dropped: float = MOST_DROPPED,
    n_resamples: int = N_RESAMPLES,
) -> pd.DataFrame:
    """Return the indices of one outcome, with 95 per cent intervals, as a tidy table.

    Replicates are best handed over as they are, [rows, replicates]: pairs of different replicates then take luck out,
    whether each row had its own luck or all rows the same (see ``noise`` for why). Of means alone luck can be taken
    out when its variance is given and each row had its own; without either, luck counts as influence and a note says
    so.

    Parameters
    ----------
    design : the rows that were run
    values : series or table indexed by ``design.ids``, [rows] or [rows, replicates]; not finite where a run failed
    noise_variance : [rows], variance of each mean due to chance (variance of replicates / replicates), NaN where it
        is not known; only with one value a row
    ids : [rows], the rows' ids for values without an index
    luck : ``independent`` when each row had lucks of its own, ``common`` when replicate r had the same luck at every
        row. Both give the same values; with common luck the intervals hold the luck's own error too
    n_runs : runs behind each mean when noise_variance is given, for the share of chance in one run
    most_dropped : share of the blocks that may be dropped, 0..1
    n_resamples : resamples of the blocks, 2 or more; seeded by the design, so that the same call gives the same table

    Returns
    -------
    pandas.DataFrame
        Indexed by ``factor`` (factor or group; empty for the whole outcome), with columns ``other`` (for a pair),
        ``kind``, ``value``, ``low``, ``high``, ``blocks`` used, ``dropped`` and ``note``. Kinds: sobol S1, ST,
        interaction (ST - S1), S2, variance, chance (share of one run's variance), chance_of_mean (of the means that
        were analysed); morris mu_star, mu_star_by_chance, mu, sigma; pawn median, maximum and both by_chance; delta
        delta, S1.

    Raises
    ------
    CosimError
        When values are not tied to the design's rows, when too many blocks are dropped, or luck is told in two ways.
    """
    table = tie(design, values, ids, "values")
    noise = None if noise_variance is None else tie(design, noise_variance, ids, "noise_variance").reshape(-1)
    if table.ndim == 2 and table.shape[1] == 1:
        table = table[:, 0]
    _check_luck(table, noise, luck)
    size = design.rows_per_block
    # A and B of a Saltelli block are plain samples of the settings; elsewhere all rows are as good.
    level_rows = (0, size - 1) if design.method == "sobol" else tuple(range(size))
    blocks = gather_blocks(table, noise, design.points, size, level_rows)
    _check_dropped(design, blocks.kept, most_dropped)
    rows = np.repeat(blocks.kept, size)
    means = _means(table[rows])
    is_constant = bool(np.ptp(means) <= 1e-12 * np.abs(means).max())
    if design.method in ("pawn", "delta"):
        if is_constant:
            labels = pawn_labels(design) if design.method == "pawn" else delta_labels(design)
            return tabulate_nothing(labels, CONSTANT, blocks.kept)
        measure = measure_pawn if design.method == "pawn" else measure_delta
        return measure(design, means, blocks.kept, n_resamples)
    behind = n_runs if table.ndim == 1 else table.shape[1]
    indices: Indices = (
        SobolIndices(design.groups, design.second_order, behind)
        if design.method == "sobol"
        else morris_indices(design, blocks.kept)
    )
    if is_constant:
        return tabulate_nothing(indices.labels(), CONSTANT, blocks.kept)
    return measure_indices(indices, blocks, n_resamples, design.seed, luck)


def _means(table: Floats) -> Floats:
    """Return each row's mean over the replicates that are finite, [rows]."""
    if table.ndim == 1:
        return table
    known = np.isfinite(table)
    return np.asarray(np.where(known, table, 0.0).sum(axis=1) / known.sum(axis=1))


def _check_luck(table: Floats, noise: Floats | None, luck: str) -> None:
    """Refuse luck that is told in two ways, is no variance, or is common but not shown."""
    told = []
    if noise is not None and table.ndim == 2:
        do = "leave noise_variance out: the replicates say more"
        told.append(Complaint("noise_variance", "", "given beside replicates", "one value a row", do))
    if noise is not None and (noise < 0.0).any():
        told.append(Complaint("noise_variance", "", f"{np.nanmin(noise):g}", "0 or more, or NaN"))
    if luck not in ("independent", "common"):
        told.append(Complaint("luck", "", luck, "independent, common"))
    elif luck == "common" and table.ndim == 1:
        do = "hand over [rows, replicates]: rows share luck, and their variances do not say how much"
        told.append(Complaint("luck", "", "common, with one value a row", "two or more replicates", do))
    if told:
        raise CosimError(told)


def _check_dropped(design: Design, kept: NDArray[np.bool_], most_dropped: float) -> None:
    """Refuse an outcome of which too many blocks are gone: what failed is seldom a fair sample."""
    dropped = int((~kept).sum())
    if dropped <= most_dropped * len(kept) and kept.sum() >= 2:
        return
    size = design.rows_per_block
    found = f"{dropped} of {len(kept)} blocks dropped, each for one or more of its {size} rows"
    allowed = f"{math.floor(most_dropped * len(kept))} dropped, and 2 left"
    do = "run the failed rows again, or ask which factors make runs fail: analyse failure itself as an outcome"
    raise CosimError([Complaint("values", "", found, allowed, do)])


def delta_labels(design: Design) -> list[Label]:
    """Return what each number of delta's table is about: every factor alone, for groups mean nothing to it."""
    return [Label(factor.name, "", kind) for factor in design.factors for kind in ("delta", "S1")]


def measure_delta(design: Design, values: Floats, kept: NDArray[np.bool_], n_resamples: int) -> pd.DataFrame:
    """Return how much of the outcome's density a factor moves (SALib's ``delta_balanced``), and S1 of the same rows.

    Its bias is reduced by resampling and its interval is normal; a factor that does nothing keeps a few hundredths.
    SALib draws from numpy's global luck and changes the global warnings; both are put back as they were.

    Sources
    -------
    plischke2013 : the estimator and the reduction of its bias.

    Parameters
    ----------
    values : [rows kept], means over replicates
    kept : [rows]
    """
    names = [f"x{place}" for place in range(len(design.factors))]
    problem = {"num_vars": len(names), "names": names}
    bins = {name: factor.levels for name, factor in zip(names, design.factors, strict=True) if 0 < factor.levels < 10}
    n_draws = min(n_resamples, DELTA_RESAMPLES)
    state, form = np.random.get_state(), warnings.formatwarning  # noqa: NPY002 - what SALib is about to change
    try:
        with warnings.catch_warnings(record=True):
            # A seed of 0 would be taken for none.
            found = salib_delta.analyze(
                problem, design.values[kept], values, num_resamples=n_draws, seed=design.seed + 1, bins_specs=bins
            )
    except ValueError:
        # A class of rows with hardly any variation has no density that could be smoothed.
        return tabulate_nothing(delta_labels(design), NO_LEVELS, kept)
    finally:
        np.random.set_state(state)  # noqa: NPY002
        warnings.formatwarning = form
    value = np.column_stack([found["delta_balanced"], found["S1"]]).reshape(-1)
    reach = np.column_stack([found["delta_balanced_conf"], found["S1_conf"]]).reshape(-1)
    notes = ["" if math.isfinite(one) else NO_LEVELS for one in value]
    return tabulate(delta_labels(design), value, value - reach, value + reach, notes, kept)
