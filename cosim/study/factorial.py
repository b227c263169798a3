"""Switches mechanisms on and off together, in few runs, and says what each is worth. Floor 7.

With k mechanisms there are 2^k theories. A fraction of them, chosen so that every mechanism is on in half of the runs
and crossed evenly with all others, tells each main effect apart from all others and from every pair of mechanisms;
pairs may look like other pairs, and the table of aliases says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.errors import Complaint, CosimError
from cosim.study.limits import Floats, lower_limit, summarise_means, upper_limit
from cosim.study.looks import ERROR

MOST_SWITCHES: Final = 64
Words = tuple[tuple[int, ...], ...]


class Design(NamedTuple):
    """Runs of a fractional factorial design.

    ``switches`` is [runs, k], 1 on and 0 off; ``aliases`` the effects that the runs can estimate, main effects first,
    each as the effects of one or two switches that look the same (a switch is its column); ``resolution`` the least
    number of switches in a product that the runs cannot see, k + 1 for all 2^k runs.
    """

    switches: NDArray[np.int64]
    aliases: tuple[Words, ...]
    resolution: int


def fractional_design(k: int) -> Design:
    """Return a two-level design for k switches of resolution IV or better, with its aliases.

    Runs: all 2^k up to three switches; then 8 for four, 16 up to eight, 32 up to sixteen, 64 up to 32 and 128 up to
    64. Basic switches take all combinations. Each further one is a product of an odd number of basic ones, so that
    the product of any three switches is still balanced; a single further one is the product of all. The first run has
    every switch on: it is the whole theory.

    Parameters
    ----------
    k : 1..64

    Raises
    ------
    CosimError
        When k is out of its range.

    Sources
    -------
    ASSUMED : Box and Hunter's fractions, from general knowledge; resolution and aliases are counted in the tests.

    Examples
    --------
    >>> design = fractional_design(4)
    >>> design.switches.shape, design.resolution
    ((8, 4), 4)
    >>> [" = ".join("ABCD"[a] + "ABCD"[b] for a, b in pairs) for pairs in design.aliases[4:]]
    ['AB = CD', 'AC = BD', 'AD = BC']
    """
    if not 1 <= k <= MOST_SWITCHES:
        do = "switch groups of mechanisms (theory.arrows, theory.feedback.outcome) rather than each"
        raise CosimError([Complaint("knock-outs", "mechanisms", str(k), f"1 to {MOST_SWITCHES}", do)])
    basic = min(1 + (k - 1).bit_length(), k)
    columns = [1 << place for place in range(basic)]
    if k == basic + 1:
        columns.append((1 << basic) - 1)
    else:
        odd = (word for size in range(3, basic + 1, 2) for word in combinations(range(basic), size))
        columns += [sum(1 << place for place in word) for word in islice(odd, k - basic)]
    runs = np.arange(1 << basic)
    # The product of signs is minus one to the number of basic switches that are off.
    off = np.array([[(int(run) & column).bit_count() % 2 for column in columns] for run in runs], np.int64)
    seen: dict[int, list[tuple[int, ...]]] = {}
    for size in (1, 2):
        for word in combinations(range(k), size):
            product = columns[word[0]] ^ (columns[word[1]] if size == 2 else 0)
            seen.setdefault(product, []).append(word)
    return Design(1 - off, tuple(tuple(words) for words in seen.values()), _resolution(columns, basic))


def _resolution(columns: Sequence[int], basic: int) -> int:
    k = len(columns)
    if k == basic:
        return k + 1
    return k if k == basic + 1 else 4


def main_effects(
    design: Design, values: Floats, names: Sequence[str] | None = None, *, error: float = ERROR
) -> pd.DataFrame:
    """Return what each switch, and each pair of switches that can be told apart, is worth.

    A main effect is the mean outcome with the switch on less the mean with it off. The effect of a pair is how much
    more the one is worth with the other on than with it off, as in a claim of shape interaction; of pairs that look
    alike it is their sum. Every replicate gives one estimate of each from runs of the same luck.

    Parameters
    ----------
    design : Design
    values : [runs, replicates]
        The outcome; a replicate with an undefined run is left out, since the rest would no longer be balanced.
    names : k names of the mechanisms; letters or numbers by default
    error : 0..0.5, chance that any of the intervals misses its effect, over all effects together

    Returns
    -------
    DataFrame with one row an effect: terms (names, a pair joined by x, aliases by =), order (1 or 2), effect, low,
    high, replicates, clear (whether 0 lies outside the interval).

    Raises
    ------
    CosimError
        When values or names do not fit the design.
    """
    n_runs, k = design.switches.shape
    names = tuple(names) if names is not None else tuple(f"switch {place + 1}" for place in range(k))
    if values.ndim != 2 or values.shape[0] != n_runs or len(names) != k:
        found = f"values of shape {values.shape}, {len(names)} names"
        raise CosimError([Complaint("knock-outs", "values", found, f"[{n_runs} runs, replicates], {k} names")])
    signs = 2.0 * design.switches - 1.0
    rows = []
    for words in design.aliases:
        order = len(words[0])
        contrast = signs[:, list(words[0])].prod(axis=1)
        known = np.isfinite(values).all(axis=0)
        # On less off; a pair's difference of differences is twice the difference of its products.
        each = np.full(values.shape[1], np.nan)
        each[known] = order * (contrast @ values[:, known]) / (0.5 * n_runs)
        means = summarise_means(each)
        share = error / (2.0 * len(design.aliases))
        low, high = float(lower_limit(means, share)), float(upper_limit(means, share))
        terms = " = ".join(" x ".join(names[switch] for switch in word) for word in words)
        rows.append((terms, order, float(means.mean), low, high, int(means.n), low > 0.0 or high < 0.0))
    return pd.DataFrame(rows, columns=["terms", "order", "effect", "low", "high", "replicates", "clear"])
