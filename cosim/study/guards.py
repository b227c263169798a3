"""Looks for what fails in silence: outcomes that never move, runs that fell, things varied that nothing reads. Floor 7.

A guard is a sentence; no guard, no fault found. They are told after every study, on the page and in the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cosim.study.execute import Made

Array = np.ndarray[Any, Any]


def look_at_outcomes(columns: Sequence[str], values: Array) -> list[str]:
    """Return a sentence for each outcome that is never defined, or that is one and the same number in every run.

    Parameters
    ----------
    columns : outcomes
    values : array [..., column]
    """
    told = []
    flat = values.reshape(-1, len(columns))
    if not len(flat):
        return ["no run was made: there is nothing to tell"]
    for place, name in enumerate(columns):
        known = flat[np.isfinite(flat[:, place]), place]
        if not len(known):
            told.append(f"{name} is defined in none of the {len(flat):,} runs")
        elif len(known) > 1 and known.min() == known.max():
            told.append(f"{name} is {known[0]:g} in every run: nothing that was varied moves it, luck included")
        elif len(known) < 0.9 * len(flat):
            share = 1.0 - len(known) / len(flat)
            told.append(f"{name} is not defined in {share:.0%} of the runs: what is said of it holds for the others")
    return told


def look_at_failures(made: Sequence[Made]) -> list[str]:
    """Return a sentence when runs fell, and one when a study rests on none."""
    failed, wanted = sum(one.failed for one in made), sum(one.wanted for one in made)
    told = [] if wanted else ["no run was asked for: there is nothing to tell"]
    if failed:
        told.append(f"{failed:,} runs failed; `cosim store list` says in which stage and how to make them again")
    return told


def look_at_twins(names: Sequence[str], values: Array, what: str) -> list[str]:
    """Return a sentence for each of several things whose runs are the same, to the bit, as those it is held against.

    Parameters
    ----------
    names : what was varied, [n]
    values : array [n, 2, ...], each thing's runs beside those without it
    what : what the names are, for the sentence
    """
    told = []
    for name, (one, other) in zip(names, values, strict=True):
        if np.array_equal(one, other, equal_nan=True):
            told.append(f"{what} {name} changes no run in anything that was measured: no mechanism reads it here")
    return told
