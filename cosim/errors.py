"""One family of errors; each is a letter to a colleague.

Floor 1: imports nothing of cosim. Reading gathers every complaint and raises once, so that a user mends a file in one
go. A complaint names the file and the key, says what was found and what is allowed, and what to do about it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, said so that its reader can mend it.

    All fields are plain text: ``file`` (or the command line option), ``key`` (dotted path inside it), ``found``,
    ``allowed`` and ``do`` (what to do now). Empty fields are left out of the letter.
    """

    file: str
    key: str
    found: str
    allowed: str
    do: str = ""

    def __str__(self) -> str:
        """Return the complaint as one paragraph of two or three lines."""
        where = self.file if not self.key else f"{self.file}: {self.key}"
        lines = [where]
        if self.found:
            lines.append(f"    found    {self.found}")
        if self.allowed:
            lines.append(f"    allowed  {self.allowed}")
        if self.do:
            lines.append(f"    do       {self.do}")
        return "\n".join(lines)


class CosimError(Exception):
    """Raised when cosim cannot do what was asked; carries every complaint at once.

    ``exit_code`` is what the command line returns: 2 for bad input, 1 for a run that failed.
    """

    exit_code = 2
    heading = "cosim cannot do this"

    def __init__(self, complaints: Iterable[Complaint] | str) -> None:
        if isinstance(complaints, str):
            complaints = [Complaint("cosim", "", complaints, "")]
        self.complaints: tuple[Complaint, ...] = tuple(complaints)
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the whole letter: a heading with the number of complaints, then each of them."""
        number = len(self.complaints)
        things = "one thing" if number == 1 else f"{number} things"
        return f"{self.heading}: {things} to mend\n" + "\n".join(str(one) for one in self.complaints)

    def __reduce__(self) -> tuple[type[CosimError], tuple[tuple[Complaint, ...]]]:
        """Return what pickle needs; errors cross process borders."""
        return (type(self), (self.complaints,))


class ScenarioError(CosimError):
    """A scenario file, an override or an option is wrong."""

    heading = "The scenario cannot be used"


class ParameterError(ScenarioError):
    """A parameter is unknown, out of its range or of the wrong kind."""

    heading = "The parameters cannot be used"


class ProcessError(CosimError):
    """A process model's table says something impossible."""

    heading = "The process model cannot be used"


class EvidenceError(CosimError):
    """A table of evidence cannot be read as what it claims to be."""

    heading = "The evidence cannot be used"


class StoreError(CosimError):
    """Results cannot be written or read."""

    heading = "The results cannot be stored or read"


class StudyError(CosimError):
    """A study's file, or what was asked of a study, is wrong."""

    heading = "The study cannot be made"


class RunError(CosimError):
    """A run failed while running; the letter holds the command that makes it again alone."""

    exit_code = 1
    heading = "The run failed"


def nearest(word: str, allowed: Sequence[str]) -> str:
    """Return a hint naming the allowed word nearest to a misspelt one, or an empty text.

    Examples
    --------
    >>> nearest("trsut", ["trust", "optimism"])
    "did you mean 'trust'?"
    >>> nearest("zzz", ["trust"])
    ''
    """
    close = difflib.get_close_matches(str(word), [str(one) for one in allowed], n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
