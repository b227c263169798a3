"""What is varied in a study of sensitivity, and the rows at which the model is run: factors, blocks, ids.

Floor 7. A design is rows of settings in blocks that only mean something whole: a Saltelli block, a Morris trajectory,
or a single row. Its first blocks are the smaller design of the same seed, so that a study grows without a run lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cosim.errors import Complaint, CosimError, nearest

Floats = NDArray[np.float64]
Kind = Literal["number", "count", "choice", "switch"]
Method = Literal["morris", "sobol", "pawn", "delta"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
METHODS: Final[tuple[Method, ...]] = get_args(Method)


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that is varied: a parameter with its range, a theory or a rule among several, a mechanism on or off.

    Parameters
    ----------
    name : what the run is told to change
    low, high : ends of the range, in the factor's own unit; for a choice and a switch they are its levels' ends
    kind : ``number`` (any value), ``count`` (whole numbers, both ends included), ``choice`` (one of several that have
        no order) or ``switch`` (off 0, on 1)
    choices : labels of a choice, two or more; level 0 is the first
    group : factors of one group move together and share one index; empty when the factor stands alone

    Raises
    ------
    CosimError
        When the range is empty or not finite, a count's ends are not whole, or labels are missing or doubled.

    Examples
    --------
    >>> Factor("process", kind="choice", choices=("additive", "regime", "matched")).levels
    3
    >>> Factor("seats", 2, 5, "count").at(np.array([0.0, 0.3, 0.99])).tolist()
    [2.0, 3.0, 5.0]
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    kind: Kind = "number"
    choices: tuple[str, ...] = ()
    group: str = ""

    def __post_init__(self) -> None:
        """Refuse a factor that cannot be varied; set the ends of a choice to its first and last level."""
        faults = []
        if self.kind not in KINDS:
            faults.append(("kind", str(self.kind), ", ".join(KINDS), nearest(self.kind, KINDS)))
        if not self.name:
            faults.append(("name", "nothing", "a name", ""))
        if self.kind == "choice":
            object.__setattr__(self, "low", 0.0)
            object.__setattr__(self, "high", float(len(self.choices) - 1))
            if len(self.choices) < 2 or len(set(self.choices)) < len(self.choices):
                faults.append(("choices", ", ".join(self.choices) or "none", "two or more different labels", ""))
        elif self.choices:
            faults.append(("choices", ", ".join(self.choices), "none, for it is no choice", 'write kind="choice"'))
        elif not (np.isfinite(self.low) and np.isfinite(self.high) and self.low < self.high):
            faults.append(("low, high", f"{self.low:g}, {self.high:g}", "two finite numbers, the lower first", ""))
        elif self.kind == "count" and not (float(self.low).is_integer() and float(self.high).is_integer()):
            faults.append(("low, high", f"{self.low:g}, {self.high:g}", "whole numbers", ""))
        elif self.kind == "switch" and (self.low, self.high) != (0.0, 1.0):
            faults.append(("low, high", f"{self.low:g}, {self.high:g}", "0 and 1", "leave them out"))
        if faults:
            raise CosimError([Complaint(f"factor {self.name or '?'}", *fault) for fault in faults])

    @property
    def levels(self) -> int:
        """How many levels it has; 0 for a number, which has no levels."""
        return 0 if self.kind == "number" else round(self.high - self.low) + 1

    @property
    def is_ordered(self) -> bool:
        """Whether more and less mean something."""
        return self.kind != "choice"

    @property
    def moves_as(self) -> str:
        """The name under which it gets its index: its group, or itself."""
        return self.group or self.name

    def at(self, unit: Floats) -> Floats:
        """Return the values at places on the unit axis 0..1, [rows]; every level has an equal share of the axis."""
        if self.levels:
            return self.low + np.minimum(np.floor(unit * self.levels), self.levels - 1.0)
        return self.low + unit * (self.high - self.low)


def groups_of(factors: Sequence[Factor]) -> tuple[str, ...]:
    """Return the names that get an index each, in order of first appearance."""
    return tuple(dict.fromkeys(factor.moves_as for factor in factors))


def rows_in_block(method: Method, n_groups: int, second_order: bool) -> int:
    """Return how many rows mean something only together.

    Examples
    --------
    >>> [rows_in_block(m, 12, s) for m, s in (("sobol", False), ("sobol", True), ("morris", False), ("pawn", False))]
    [14, 26, 13, 1]
    """
    if method == "sobol":
        return 2 * n_groups + 2 if second_order else n_groups + 2
    return n_groups + 1 if method == "morris" else 1


@dataclass(frozen=True, eq=False)
class Design:
    """The rows at which the model is to be run, and what they are for.

    A Saltelli block is A, then B's value of one group at a time put into A, then (with second order) A's value put
    into B, then B. A Morris trajectory changes one group from each row to the next. ``n`` counts blocks.

    Parameters
    ----------
    factors : what is varied
    method : morris | sobol | pawn | delta; the last two share their design
    n, seed, second_order : what the design was made of
    values : [rows, factors], in the factors' units; a choice as its level's number
    unit : [rows, factors], the same on 0..1

    Several rows may be one point, when levels are few; whoever runs them runs the point once.
    """

    factors: tuple[Factor, ...]
    method: Method
    n: int
    seed: int
    second_order: bool
    values: Floats
    unit: Floats

    @property
    def groups(self) -> tuple[str, ...]:
        """What gets an index each: groups, and factors that stand alone."""
        return groups_of(self.factors)

    @property
    def rows_per_block(self) -> int:
        """How many rows mean something only together."""
        return rows_in_block(self.method, len(self.groups), self.second_order)

    @cached_property
    def ids(self) -> NDArray[np.str_]:
        """The rows' ids, [rows]: made of factors, place and setting, so that no other row or design has the same."""
        about = repr([(one.name, one.low, one.high, one.kind, one.choices) for one in self.factors])
        key = hashlib.blake2b(about.encode(), digest_size=16).digest()
        table = np.ascontiguousarray(self.values)
        return np.array(
            [
                hashlib.blake2b(place.to_bytes(8) + row.tobytes(), digest_size=6, key=key).hexdigest()
                for place, row in enumerate(table)
            ]
        )

    @cached_property
    def points(self) -> NDArray[np.intp]:
        """The number of each row's point, [rows]; rows of one setting have one number."""
        _, numbers = np.unique(self.values, axis=0, return_inverse=True)
        return np.asarray(numbers, np.intp).reshape(-1)

    def first(self, n: int) -> Design:
        """Return the design of the first n blocks, which is the smaller design of the same seed."""
        rows = n * self.rows_per_block
        return replace(self, n=n, values=self.values[:rows], unit=self.unit[:rows])


def check_design(factors: Sequence[Factor], method: str, n: int, second_order: bool) -> None:
    """Raise one error with everything that is wrong with what a design is asked for."""
    told = []
    if method not in METHODS:
        told.append(Complaint("design", "method", str(method), ", ".join(METHODS), nearest(str(method), METHODS)))
    elif method != "morris" and (n < 2 or n & (n - 1)):
        do = "double it to grow a design: the first half is then the design before"
        told.append(Complaint("design", "n", str(n), "2, 4, 8, 16 ... for a Sobol sequence is even only there", do))
    elif n < 2:
        told.append(Complaint("design", "n", str(n), "2 trajectories or more"))
    if second_order and method != "sobol":
        told.append(Complaint("design", "second_order", "true", f"false for {method}", "take method sobol"))
    names = [factor.name for factor in factors]
    if not names:
        told.append(Complaint("design", "factors", "none", "one or more"))
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        told.append(Complaint("design", "factors", f"twice: {', '.join(doubled)}", "every factor once"))
    clash = sorted({one.group for one in factors} & {one.name for one in factors if one.moves_as == one.name})
    if clash:
        told.append(Complaint("design", "group", ", ".join(clash), "a name that no factor has", "rename the group"))
    if told:
        raise CosimError(told)


def saltelli_blocks(a: Floats, b: Floats, factors: Sequence[Factor], second_order: bool) -> Floats:
    """Return Saltelli's blocks of two samples, [rows, factors]; a and b are [blocks, factors] on the unit axis.

    Sources
    -------
    saltelli2010 : A, B and A with one column of B.
    """
    moves = np.array([[factor.moves_as == name for factor in factors] for name in groups_of(factors)])
    into_a = [np.where(move, b, a) for move in moves]
    into_b = [np.where(move, a, b) for move in moves] if second_order else []
    blocks = np.stack([a, *into_a, *into_b, b], axis=1)
    return blocks.reshape(-1, len(factors))


def step_levels(trajectories: Floats, factors: Sequence[Factor], seed: int) -> Floats:
    """Return Morris's trajectories with factors of few levels moved from level to level, [rows, factors].

    The grid of four places that suits a number would pass over some levels and favour others. A count moves by half
    its levels, up or down, as Morris moves on a grid; a choice moves to any other; each trajectory draws anew.

    Parameters
    ----------
    trajectories : [trajectories, groups + 1, factors], on the unit axis; each factor has two values in a trajectory
    """
    n = len(trajectories)
    # One row of luck for each trajectory, so that a longer design begins with the shorter one.
    luck = np.random.default_rng([seed, 1]).random((n, len(factors), 3))
    moved = trajectories.copy()
    for column, factor in enumerate(factors):
        if not factor.levels:
            continue
        levels, (start, jump, turn) = factor.levels, luck[:, column].T
        if factor.is_ordered:
            step = levels // 2
            low = np.floor(start * (levels - step))
            before, after = np.where(turn < 0.5, low, low + step), np.where(turn < 0.5, low + step, low)
        else:
            before = np.floor(start * levels)
            after = (before + 1.0 + np.floor(jump * (levels - 1))) % levels
        is_before = trajectories[:, :, column] == trajectories[:, :1, column]
        moved[:, :, column] = (np.where(is_before, before[:, None], after[:, None]) + 0.5) / levels
    return moved.reshape(-1, len(factors))


def tie(design: Design, values: Any, ids: Any, what: str) -> Floats:
    """Return values as an array of the design's rows, or refuse those that are not of its rows in its order.

    Parameters
    ----------
    values : series or table indexed by row id, or an array whose ids are given beside it; [rows] or [rows, replicates]
    ids : the rows' ids, [rows]; left out when the values carry them

    Raises
    ------
    CosimError
        When no ids are given, when rows are missing, too many, of another design, or in another order.
    """
    told = getattr(values, "index", None) if ids is None else ids
    array = np.asarray(values, np.float64)
    rows = len(design.values)
    do = "hand over a series or table indexed by design.ids (or ids=...), rows in the design's order"
    if told is None:
        raise CosimError([Complaint(what, "ids", "an array without ids", "values tied to the design's rows", do)])
    if array.ndim not in (1, 2) or not array.size or len(array) != rows or len(told) != rows:
        shape = f"shape {array.shape} with {len(told)} ids"
        raise CosimError([Complaint(what, "rows", shape, f"{rows} rows, [rows] or [rows, replicates]", do)])
    found = np.asarray(told).astype(str)
    apart = found != design.ids
    if apart.any():
        place = int(np.argmax(apart))
        is_shuffled = set(found.tolist()) == set(design.ids.tolist())
        fault = "the right rows in another order" if is_shuffled else "rows of another design"
        text = f"{fault}; the first is row {place}: {found[place]}, not {design.ids[place]}"
        raise CosimError([Complaint(what, "ids", text, "the design's ids in its order", do)])
    return array
