"""What a theory of co-creation is: frozen records, every field in the theory's words.

Nothing is checked here; `reading` makes these records from a table and refuses nonsense. All records can be hashed,
compared and pickled. A *quantity* in a hazard or gate is a text: a construct's own name, or ``measured.<reading>``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

ASSUMED: Final = "assumed"
OUT: Final = "out"
MEASURED: Final = "measured."
COMBINES: Final = ("add", "average")
SHAPES: Final = ("sign", "monotone", "threshold", "interaction", "band", "order")
DIRECTIONS: Final = ("up", "down", "none")
MARGINS_IN: Final = ("unit", "share")


@dataclass(frozen=True, slots=True)
class Source:
    """A work the theory rests on: its key in the references (or, with ``where``, an own one) and what it gives."""

    key: str
    reason: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct of an arena, -1..1 inside, 0..1 as a share.

    ``measured`` is the reading it is measured from, empty for one that moves by arrows only; ``input_weight`` the
    weight of that measurement inside the saturation, ``bias`` what is added there.
    """

    name: str
    measured: str
    input_weight: float
    bias: float
    means: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """One construct acting on another (or on itself), with a signed weight."""

    sender: str
    receiver: str
    weight: float
    source: str = ASSUMED
    because: str = ""


@dataclass(frozen=True, slots=True)
class Moderator:
    """A reading that multiplies arrows: ``low`` at reading 0, ``high`` at reading 1, linear between."""

    reading: str
    arrows: tuple[tuple[str, str], ...]
    low: float
    high: float
    source: str = ASSUMED
    because: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """The start gate: efforts begin while the form over readings is above the level."""

    form: str
    terms: tuple[str, ...]
    weights: tuple[float, ...]
    level: float
    source: str = ASSUMED
    because: str = ""


@dataclass(frozen=True, slots=True)
class Hazard:
    """How fast a phase is left: per month, base hazard times scale times ``rate`` times the form over terms.

    Forms: linear (``constant`` plus weights times terms, never below 0), product, minimum, maximum of the terms, and
    threshold (one term, which counts only while it is above ``level``). With a ``gate``, the hazard is 0 unless that
    quantity is above ``level``.
    """

    form: str
    rate: float
    constant: float
    terms: tuple[str, ...]
    weights: tuple[float, ...]
    gate: str
    level: float
    source: str = ASSUMED
    because: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase: who may take part, propose and decide, what moves it on, and where a failed decision leads."""

    name: str
    means: str
    may_take_part: tuple[str, ...]
    may_propose: tuple[str, ...]
    may_decide: tuple[str, ...]
    decision: str
    back: str
    hazard: Hazard
    source: str = ASSUMED
    because: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What progress and outcomes teach, each 0 (nothing) to 1 (as much as people learn at all).

    ``wins_to_trust`` is the evidence (good acts) that a step forward adds to members' trust.
    """

    progress_optimism: float = 0.0
    progress_commitment: float = 0.0
    outcome_optimism: float = 0.0
    outcome_commitment: float = 0.0
    outcome_identity: float = 0.0
    outcome_climate: float = 0.0
    wins_to_trust: float = 0.0
    source: str = ASSUMED
    because: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement the theory stands or falls by, in a form that paired runs can check.

    Parameters
    ----------
    id, statement : its name within the theory, and what it says in a sentence
    outcome : what is measured
    factor : a parameter, or a mechanism of the theory (``theory.arrows.wins.trust``); empty for a band or an order
    shape
        sign: the outcome moves in ``direction`` from the first level to the last; monotone: at every level;
        threshold: it turns between ``at``; interaction: the factor's effect moves in ``direction`` as ``moderator``
        does; band: the outcome lies in ``band``; order: the outcome comes before ``before``.
    levels, with_levels : levels of the factor and of the moderator
    domain : (parameter, low, high), where the claim is meant to hold
    margin : the smallest difference that counts, in the outcome's own unit or as a share of its mean (``margin_in``)
    """

    id: str
    statement: str
    outcome: str
    shape: str
    margin: float
    source: str
    margin_in: str = "unit"
    factor: str = ""
    levels: tuple[float, ...] = ()
    direction: str = ""
    moderator: str = ""
    with_levels: tuple[float, ...] = ()
    at: tuple[float, ...] = ()
    band: tuple[float, ...] = ()
    before: str = ""
    domain: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """A theory of co-creation: the whole table, checked."""

    name: str
    title: str
    title_nb: str
    about: str
    about_nb: str
    sources: tuple[Source, ...]
    constructs: tuple[Construct, ...]
    arrows: tuple[Arrow, ...]
    moderators: tuple[Moderator, ...]
    start: Gate | None
    phases: tuple[Phase, ...]
    feedback: Feedback = field(default_factory=Feedback)
    capacity: str = "measured.capacity"
    combine: str = "add"
    claims: tuple[Claim, ...] = ()
    scale: float = 1.0

    @property
    def construct_names(self) -> tuple[str, ...]:
        """The names of the constructs in order; the n-th is quantity n."""
        return tuple(construct.name for construct in self.constructs)
