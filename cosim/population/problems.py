"""The luck of a run, and the problems of a seed: what every replicate of a seed searches in. Floor 4."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.kernels.peopling import draw_landscapes

Array = np.ndarray[Any, Any]


def start_of_luck(seed: int, replicate: int) -> np.uint64:
    """Return the luck of a run as the kernels take it; a plain int would be compiled for once signed, once not."""
    return np.uint64(address.luck_of_run(seed, replicate))


@lru_cache(maxsize=8)
def pool_of_problems(seed: int, n_landscapes: int, coupling: int) -> tuple[Array, Array]:
    """Return a seed's problems, the same for all its replicates: contributions [L, 16, 2^(K+1)] and best worths [L]."""
    landscapes = np.empty((n_landscapes, 16, 2 ** (coupling + 1)), np.float64)
    best = np.empty(n_landscapes, np.float64)
    draw_landscapes(start_of_luck(seed, 0), landscapes, best, coupling)
    landscapes.setflags(write=False)
    best.setflags(write=False)
    return landscapes, best
