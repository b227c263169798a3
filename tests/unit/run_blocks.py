"""Blocks of made-up runs: what a run came to follows from its number, whoever makes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

OUTCOMES = ("innovations", "level_true", "quality_true")


def key(number: int, of: str = "run") -> str:
    """Return the key of a numbered run, or of a numbered point."""
    return hashlib.blake2b(f"{of} {number}".encode(), digest_size=16).hexdigest()


def value(number: int, outcome: str) -> float:
    """Return what a run came to; every seventh outcome is NaN."""
    drawn = int(key(number, outcome)[:12], 16)
    return float("nan") if drawn % 7 == 0 else drawn / 16**12


def block(numbers: Iterable[int], outcomes: Sequence[str] = OUTCOMES, failed: Iterable[int] = ()) -> dict[str, Any]:
    """Return the block of some numbered runs, ten to a point; those that failed say how."""
    numbers, failed = list(numbers), set(failed)
    fallen = [number in failed for number in numbers]
    return {
        "key": [key(number) for number in numbers],
        "point": [key(number // 10, "point") for number in numbers],
        "replicate": np.array([number % 10 for number in numbers], dtype=np.int64),
        "seed": np.full(len(numbers), 2**63 - 1, dtype=np.int64),
        "status": np.where(fallen, "failed", "done"),
        "stage": np.where(fallen, "run", ""),
        "kind": np.where(fallen, "RunError", ""),
        "message": [f"run {number} fell" if fell else "" for number, fell in zip(numbers, fallen, strict=True)],
        "command": np.where(fallen, "cosim verify", ""),
        **{name: np.array([value(number, name) for number in numbers]) for name in outcomes},
    }
