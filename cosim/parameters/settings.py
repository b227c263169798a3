"""The settings record: one field for each parameter, in declared order, as the engine reads it. Floor 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from cosim.parameters.catalogue import read_declarations

Settings = np.ndarray[Any, np.dtype[np.void]]


@cache
def settings_dtype() -> np.dtype[np.void]:
    """Return the type of a row of settings: a 64-bit number for each parameter, dots written as underscores.

    Examples
    --------
    >>> settings_dtype().names[0]
    'arenas_opening'
    """
    return np.dtype([(one.field, np.float64) for one in read_declarations().values()])


def settings_rows(rows: Sequence[Mapping[str, float]]) -> Settings:
    """Return rows of values as the record array the engine reads.

    Parameters
    ----------
    rows : sequence of mapping, [R]
        Checked values by dotted name; a name that a row leaves out has its default.

    Returns
    -------
    structured array, [R]

    Raises
    ------
    KeyError
        For a name that is not declared; rows come from checked scenarios.

    Examples
    --------
    >>> float(settings_rows([{}, {"talk.base": 0.9}])["talk_base"][1])
    0.9
    """
    declarations = read_declarations()
    table = np.empty(len(rows), dtype=settings_dtype())
    for one in declarations.values():
        table[one.field] = one.default
    for number, row in enumerate(rows):
        for name, value in row.items():
            table[declarations[name].field][number] = value
    return table


def settings_of(row: np.void) -> dict[str, float]:
    """Return one row of the record array as values by dotted name.

    Examples
    --------
    >>> settings_of(settings_rows([{}])[0])["talk.base"]
    0.8
    """
    return {name: float(row[one.field]) for name, one in read_declarations().items()}
