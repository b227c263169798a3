"""Checking what a caller hands to a sub-model: every complaint is gathered, then all are raised in one letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cosim.engine.state import Array
from cosim.errors import Complaint, ParameterError, nearest

LARGEST_SEED = 2**63 - 1


class Arguments:
    """The arguments of one call, looked at one by one; ``settle`` raises if any was wrong.

    A wrong value is replaced by a harmless one until then, so that the remaining ones can be looked at.

    Examples
    --------
    >>> given = Arguments("cascade")
    >>> given.share("velocity", 0.5)
    0.5
    >>> given.settle()
    """

    def __init__(self, call: str) -> None:
        self.call = call
        self.complaints: list[Complaint] = []

    def complain(self, key: str, found: object, allowed: str, do: str = "") -> None:
        """Note that an argument is wrong: what was found and what is allowed."""
        self.complaints.append(Complaint(self.call, key, str(found), allowed, do))

    def number(self, key: str, value: Any, low: float, high: float = np.inf) -> float:
        """Return a number within low..high."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = np.nan
        if not low <= number <= high or not np.isfinite(number):
            self.complain(key, repr(value), f"a number, {_range(low, high)}")
            return low if np.isfinite(low) else 0.0
        return number

    def share(self, key: str, value: Any) -> float:
        """Return a share or chance, 0..1."""
        return self.number(key, value, 0.0, 1.0)

    def whole(self, key: str, value: Any, low: int, high: int = LARGEST_SEED) -> int:
        """Return a whole number within low..high."""
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or not low <= value <= high:
            self.complain(key, repr(value), f"a whole number, {_range(low, high)}")
            return low
        return int(value)

    def luck(self, seed: Any, replicate: Any) -> tuple[int, int]:
        """Return seed and replicate, whole numbers, 0 or more."""
        return self.whole("seed", seed, 0), self.whole("replicate", replicate, 0)

    def word(self, key: str, value: Any, allowed: Sequence[str]) -> str:
        """Return one of the allowed words."""
        if value not in allowed:
            self.complain(key, repr(value), " or ".join(map(repr, allowed)), nearest(str(value), allowed))
            return allowed[0]
        return str(value)

    def array(self, key: str, values: Any, n_axes: int, low: float = -np.inf, high: float = np.inf) -> Array:
        """Return an array of numbers with so many axes, none of them empty, every number within low..high."""
        try:
            array = np.ascontiguousarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.zeros(())
        if array.ndim != n_axes or array.size == 0:
            self.complain(key, f"an array of shape {array.shape}", f"numbers on {n_axes} axes, at least one")
            return np.full((1,) * n_axes, max(low, 0.0) if np.isfinite(low) else 0.0)
        if not np.isfinite(array).all() or (array < low).any() or (array > high).any():
            self.complain(key, f"numbers from {array.min()} to {array.max()}", _range(low, high))
            return np.full_like(array, low if np.isfinite(low) else 0.0)
        return array

    def settle(self) -> None:
        """Raise every complaint at once, if there is one.

        Raises
        ------
        ParameterError
            With one complaint for each wrong argument.
        """
        if self.complaints:
            raise ParameterError(self.complaints)


def _range(low: float, high: float) -> str:
    if high == LARGEST_SEED or high == np.inf:
        return f"{low} or more" if np.isfinite(low) else "finite"
    return f"{low}..{high}" if np.isfinite(low) else f"{high} or less"
