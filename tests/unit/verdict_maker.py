"""Verdicts made up for tests."""

from __future__ import annotations

from cosim.study.verdicts import FAILS, HOLDS, Verdict


def give(says: str, p: float = 1e-6, effect: float = 1.0) -> Verdict:
    """Return a verdict made up: certain by p, or undecided."""
    p_holds, p_fails = (p if says == HOLDS else 0.5), (p if says == FAILS else 0.5)
    return Verdict("c", says, effect, 0, 2, 0, 0, 0.9, 20, 0, p_holds, p_fails, "")  # type: ignore[arg-type]
