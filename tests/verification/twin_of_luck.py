"""Addressed luck once more, written for whole arrays of addresses: the judge of the engine's, and the tests' own luck.

``test_luck.py`` shows that it gives the engine's bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

GOLDEN = 0x9E3779B97F4A7C15
REPLICATE, MONTH, DECISION = 0xD1B54A32D192ED03, 0xABC98388FB8FAC03, 0x8CB92BA72F3D8DD7


def _mixed(words: Any) -> Any:
    """Return SplitMix64's finaliser of each word."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _axis(numbers: Any, factor: int, offset: int = 0) -> Any:
    """Return numbers times a factor plus an offset, modulo 2**64, always as an array (scalars would warn)."""
    return np.atleast_1d(np.asarray(numbers)).astype(np.uint64) * np.uint64(factor) + np.uint64(offset)


def words(seed: Any, replicate: Any, month: Any, decision: Any, slot: Any) -> Any:
    """Return the 64 bits of each address; arguments are whole numbers or arrays of one shape."""
    run = _mixed(_mixed(_axis(seed, 1, GOLDEN)) ^ _axis(replicate, REPLICATE, GOLDEN))
    start = _mixed(run + _axis(np.asarray(month) + 1024, MONTH)) ^ _axis(decision, DECISION, GOLDEN)
    return _mixed(_mixed(start) + _axis(np.asarray(slot) + 1, GOLDEN))


def draws(seed: Any, replicate: Any, month: Any, decision: Any, slot: Any) -> Any:
    """Return the uniform number in [0, 1) of each address."""
    return (words(seed, replicate, month, decision, slot) >> np.uint64(11)).astype(np.float64) * 2.0**-53
