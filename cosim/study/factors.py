"""What a study's factors stand for: a parameter, a mechanism of the theory, or the theory itself. Floor 7.

How a factor is laid out in a design is in `sensitivity_design`; here it gets the meaning that a run needs.
"""

from __future__ import annotations

from typing import Final

from cosim.parameters.catalogue import read_declarations
from cosim.parameters.declaration import Declaration
from cosim.study.sensitivity_design import Factor, Kind

PROCESS: Final = "process"
MECHANISM: Final = "theory."
_KINDS: Final[dict[str, Kind]] = {"number": "number", "count": "count", "switch": "switch"}


def factor_of(one: Declaration, low: float, high: float, group: str = "") -> Factor:
    """Return a parameter as a factor over low..high; of a choice, the words from the one to the other."""
    if one.kind == "choice":
        words = tuple(one.choices[level] for level in range(int(low), int(high) + 1))
        return Factor(one.name, kind="choice", choices=words, group=group)
    return Factor(one.name, low, high, _KINDS[one.kind], group=group)


def value_of(factor: Factor, level: float) -> float:
    """Return what a factor's level is in the parameter's own numbers.

    Examples
    --------
    >>> rule = Factor("arenas.decision_rule", kind="choice", choices=("majority", "consent"))
    >>> value_of(rule, 1.0)
    4.0
    """
    if factor.kind != "choice":
        return float(level)
    return float(read_declarations()[factor.name].choices.index(factor.choices[int(level)]))


def written(factor: Factor, level: float) -> str:
    """Return a level as a person would write it.

    Examples
    --------
    >>> written(Factor("people.trust", 0.3, 0.7), 0.45)
    '0.45'
    """
    return factor.choices[int(level)] if factor.choices else f"{level:.6g}"
