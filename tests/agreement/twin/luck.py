"""Luck with an address, written again with Python's whole numbers modulo 2**64, from what the engine says of it.

Luck is an object that the twin is handed, so that another source can take its place: what it needs of one is ``bits``,
``draw``, ``draw_below`` and ``draw_bell``.
"""

from __future__ import annotations

from cosim.engine.address import DECISIONS

WORD = 2**64
GOLDEN = 0x9E3779B97F4A7C15
NUMBER = {name: number for number, name in enumerate(DECISIONS)}
BEFORE_THE_START = -1
"""The month of what is drawn before the first: the people, their problems, what they wait for."""


def scramble(word: int) -> int:
    """Return SplitMix64's finaliser of a word (Steele, Lea and Flood 2014)."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % WORD
    return word ^ (word >> 31)


class Luck:
    """The luck of one run."""

    def __init__(self, seed: int, replicate: int) -> None:
        start = scramble((seed + GOLDEN) % WORD)
        self.run = scramble(start ^ ((replicate * 0xD1B54A32D192ED03 + GOLDEN) % WORD))
        self._starts: dict[tuple[int, str], int] = {}

    def start(self, month: int, decision: str) -> int:
        """Return where the sequence of a decision in a month begins."""
        if (month, decision) not in self._starts:
            of_month = scramble((self.run + (month + 1024) * 0xABC98388FB8FAC03) % WORD)
            number = (NUMBER[decision] * 0x8CB92BA72F3D8DD7 + GOLDEN) % WORD
            self._starts[month, decision] = scramble(of_month ^ number)
        return self._starts[month, decision]

    def bits(self, month: int, decision: str, slot: int) -> int:
        """Return the 64 bits of an address."""
        return scramble((self.start(month, decision) + (slot + 1) * GOLDEN) % WORD)

    def draw(self, month: int, decision: str, slot: int) -> float:
        """Return the number in [0, 1) of an address: its first 53 bits."""
        return (self.bits(month, decision, slot) >> 11) / 2**53

    def draw_below(self, month: int, decision: str, slot: int, n: int) -> int:
        """Return the whole number in 0..n-1 of an address."""
        return int(self.draw(month, decision, slot) * n)

    def draw_bell(self, month: int, decision: str, slot: int) -> float:
        """Return the number of mean 0 and standard deviation 1 of an address: the sum of its four quarters."""
        word = self.bits(month, decision, slot)
        total = sum((word >> (16 * quarter)) % 65536 for quarter in range(4))
        return (total / 65536.0 - 1.999969482421875) * 1.7320508075688772
