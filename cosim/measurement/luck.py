"""Addressed luck for whole columns: the numbers of ``engine.address``, many slots at a time.

Floor 4. The kernels draw one slot at a time and are compiled; a survey draws for columns of people in numpy. Both give
the same bits, which ``tests/unit/test_questionnaire.py`` checks.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.engine import address

Array = np.ndarray[Any, Any]

_MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B: Final = np.uint64(0x94D049BB133111EB)
_LOW16: Final = np.uint64(0xFFFF)


def words(luck: int, slots: Array) -> Array:
    """Return the 64 random bits of each slot, ``engine.address.word`` of each; uint64, the shape of ``slots``."""
    slots = np.asarray(slots)
    word = slots.ravel().astype(np.uint64)
    word += np.uint64(1)
    word *= address.GOLDEN
    word += np.uint64(luck)
    word ^= word >> np.uint64(30)
    word *= _MIX_A
    word ^= word >> np.uint64(27)
    word *= _MIX_B
    word ^= word >> np.uint64(31)
    return word.reshape(slots.shape)


def draw_uniforms(luck: int, slots: Array) -> Array:
    """Return the uniform number in [0, 1) of each slot, ``engine.address.draw`` of each."""
    uniforms: Array = (words(luck, slots) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return uniforms


def draw_bells(luck: int, slots: Array) -> Array:
    """Return a number of mean 0 and standard deviation 1 for each slot, ``engine.address.draw_bell`` of each."""
    bits = words(luck, slots)
    total = np.zeros(bits.shape)
    for shift in (0, 16, 32, 48):
        total += ((bits >> np.uint64(shift)) & _LOW16).astype(np.float64)
    bells: Array = (total * (1.0 / 65536.0) - 1.999969482421875) * 1.7320508075688772
    return bells
