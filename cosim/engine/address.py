"""Luck has an address: a random number is a function of (seed, replicate, month, decision, slot).

There is no stream and no order. Adding a decision disturbs no other; threads, batches and processes change no bit; two
scenarios or two theories meet the same people with the same luck; one replicate can be made again alone.

Two steps: ``luck_of_run`` hashes seed and replicate, ``luck_of`` hashes run, month and decision to the start of a
SplitMix64 sequence, and ``draw`` takes its slot-th member. Steele, Lea and Flood (2014) gave the sequence; its
quality along each axis of the address is measured in ``tests/verification/test_luck.py``, not believed.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cosim.engine.compiling import inlined

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B: Final = np.uint64(0x94D049BB133111EB)
_AXIS_REPLICATE: Final = np.uint64(0xD1B54A32D192ED03)
_AXIS_MONTH: Final = np.uint64(0xABC98388FB8FAC03)
_AXIS_DECISION: Final = np.uint64(0x8CB92BA72F3D8DD7)
_30: Final = np.uint64(30)
_27: Final = np.uint64(27)
_31: Final = np.uint64(31)
_11: Final = np.uint64(11)
_16: Final = np.uint64(16)
_LOW16: Final = np.uint64(0xFFFF)
_TO_UNIT: Final = 1.0 / 9007199254740992.0  # 2**-53

DECISIONS: Final = (
    "people",  # population: one slot per actor and trait
    "landscape",
    "open",
    "invited",
    "problem",
    "candidate",
    "accept",
    "meet",
    "present",
    "pair",
    "act",
    "attempt",
    "reveal",
    "flip",
    "advance",
    "support",
    "success",
    "value",
    "cause",
    "leave",
    "turnover",
    "news",
    "exchange",
    "spread",
    "reuse",
    "survey_asked",
    "survey_answers",
    "survey_error",
    "start_solution",
    "copy_error",
    "recruit",
    "idea",
    "threshold",
    "town",
    "idle",
)
"""Every use of luck in a run, by name; the place is its number. New ones are added at the end; ``support`` and
``exchange``, which are never drawn since both follow from what people are, keep their places so that no other moves."""

(
    PEOPLE,
    LANDSCAPE,
    OPEN,
    INVITED,
    PROBLEM,
    CANDIDATE,
    ACCEPT,
    MEET,
    PRESENT,
    PAIR,
    ACT,
    ATTEMPT,
    REVEAL,
    FLIP,
    ADVANCE,
    SUPPORT,
    SUCCESS,
    VALUE,
    CAUSE,
    LEAVE,
    TURNOVER,
    NEWS,
    EXCHANGE,
    SPREAD,
    REUSE,
    SURVEY_ASKED,
    SURVEY_ANSWERS,
    SURVEY_ERROR,
    START_SOLUTION,
    COPY_ERROR,
    RECRUIT,
    IDEA,
    THRESHOLD,
    TOWN,
    IDLE,
) = range(len(DECISIONS))


@inlined
def scramble(word: Any) -> Any:
    """Return a 64-bit word whose every bit depends on every bit of the given one (SplitMix64's finaliser)."""
    word = (word ^ (word >> _30)) * _MIX_A
    word = (word ^ (word >> _27)) * _MIX_B
    return word ^ (word >> _31)


@inlined
def luck_of_run(seed: int, replicate: int) -> Any:
    """Return the 64-bit luck of one run.

    Parameters
    ----------
    seed : whole number, 0 or more
        Zero is a seed like any other.
    replicate : whole number, 0 or more
    """
    return scramble(scramble(np.uint64(seed) + GOLDEN) ^ (np.uint64(replicate) * _AXIS_REPLICATE + GOLDEN))


@inlined
def luck_of(run_luck: Any, month: int, decision: int) -> Any:
    """Return the start of the sequence of one decision in one month; months before the first are allowed."""
    return scramble(
        scramble(np.uint64(run_luck) + np.uint64(month + 1024) * _AXIS_MONTH)
        ^ (np.uint64(decision) * _AXIS_DECISION + GOLDEN)
    )


@inlined
def word(luck: Any, slot: Any) -> Any:
    """Return the 64 random bits of a slot: actor, seat, pair or arena, whatever the decision is about."""
    return scramble(np.uint64(luck) + (np.uint64(slot) + np.uint64(1)) * GOLDEN)


@inlined
def draw(luck: Any, slot: Any) -> float:
    """Return the uniform number in [0, 1) of a slot."""
    return np.float64(word(luck, slot) >> _11) * _TO_UNIT


@inlined
def draw_below(luck: Any, slot: Any, n: int) -> Any:
    """Return the whole number in 0..n-1 of a slot (n below 2**31; bias below 2**-22)."""
    return np.int64(np.float64(word(luck, slot) >> _11) * _TO_UNIT * n)


@inlined
def draw_bell(luck: Any, slot: Any) -> float:
    """Return a number of mean 0 and standard deviation 1 in -3.46..3.46: the sum of four 16-bit uniforms.

    A bell with no long tail and no library function, so that the plain twin agrees to the bit. Traits live in 0..1,
    where a tail would be cut anyway.
    """
    bits = word(luck, slot)
    total = np.float64(bits & _LOW16) + np.float64((bits >> _16) & _LOW16)
    bits = bits >> np.uint64(32)
    total += np.float64(bits & _LOW16) + np.float64((bits >> _16) & _LOW16)
    return (total * (1.0 / 65536.0) - 1.999969482421875) * 1.7320508075688772
