"""What a study is: a question asked of many runs, checked and frozen. Floor 7.

`reading` makes these records from a file and refuses nonsense; nothing of a file is checked here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from cosim.errors import Complaint, StudyError
from cosim.processes.model import Claim, ProcessModel
from cosim.scenario.model import Scenario
from cosim.study.sensitivity_design import Factor, Method

SIDES: Final = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Replicates:
    """How many lucks every point meets: ``least`` at first, then as many again up to ``most`` until the interval of the
    first outcome is no wider than ``width`` (half its width, in the outcome's own unit or as a share of the baseline).

    A width of 0 asks for no more than ``least``.
    """

    least: int = 20
    most: int = 20
    width: float = 0.0
    width_in: str = "share"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most a study may cost: runs, and hours on this machine; 0 is no limit."""

    runs: int = 0
    hours: float = 0.0

    @property
    def deadline(self) -> float | None:
        """The value of ``time.monotonic`` after which nothing is begun, counted from now; None without a limit."""
        return time.monotonic() + 3600.0 * self.hours if self.hours else None

    def refuse(self, n_runs: int, study: str, do: str) -> None:
        """Raise a letter when a step needs more runs than there may be.

        Raises
        ------
        StudyError
            With what is needed and what to ask for less of.
        """
        if self.runs and n_runs > self.runs:
            found, allowed = f"{n_runs:,} runs at least", f"{self.runs:,}, the budget"
            raise StudyError([Complaint(study, "budget.runs", found, allowed, f"raise budget.runs, or {do}")])


@dataclass(frozen=True, slots=True)
class Sweep:
    """Which factors drive outcomes: the method, how many blocks of points, and when to stop adding.

    ``n`` blocks at first, doubled up to ``most`` until the widest interval of a total index is below ``until``.
    """

    method: Method = "sobol"
    n: int = 64
    most: int = 64
    until: float = 0.1
    second_order: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What would satisfy: an outcome at least, or at most, so much."""

    outcome: str
    side: str
    level: float

    def is_met(self, value: float) -> bool:
        """Return whether a value satisfies; one that is not defined does not."""
        return value >= self.level if self.side == "at_least" else value <= self.level


@dataclass(frozen=True, slots=True)
class Robustness:
    """In how many worlds, drawn over the factors, alternatives are compared, and what would satisfy in each."""

    n: int = 64
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyClaim:
    """A claim that a study puts to several theories: under which it should hold, and under which not."""

    claim: Claim
    under: tuple[str, ...] = ()
    not_under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """A question asked of many runs.

    ``scenarios`` are worlds; in a comparison the first is the baseline and the others, with those written in the file
    itself as alternatives, are held against it. ``processes`` are the theories, by the word that was written.
    """

    name: str
    title: str
    title_nb: str
    question: str
    question_nb: str
    reasons: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    processes: tuple[tuple[str, ProcessModel], ...]
    outcomes: tuple[str, ...]
    replicates: Replicates
    budget: Budget
    factors: tuple[Factor, ...] = ()
    sweep: Sweep | None = None
    robustness: Robustness | None = None
    claims: tuple[StudyClaim, ...] = ()
    seed: int = 1
    text: str = ""

    @property
    def baseline(self) -> Scenario:
        """The world that the others are held against."""
        return self.scenarios[0]
