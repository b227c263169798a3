"""Reads the ordered starting profiles: how far a municipality lies from the usual, in steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint
from cosim.evidence.files import (
    CONFIDENCES,
    HERE,
    STANDINGS,
    check_sources,
    check_table,
    check_word,
    read_toml,
    refuse,
)
from cosim.vocabulary import SECTORS

PROFILES: Final = HERE / "profiles.toml"
PROFILE_TRAITS: Final = ("general_trust", "optimism", "identity", "climate")
RELATIONS: Final = tuple(f"{truster}_to_{trusted}" for truster in SECTORS for trusted in SECTORS)
STEPS: Final = (-2, -1, 0, 1, 2)


@dataclass(frozen=True, slots=True)
class Step:
    """How far one trait or relation lies from the usual: -2 very low to +2 very high, 0 usual."""

    step: int
    standing: str
    confidence: str


USUAL: Final = Step(0, "assumed", "L")


@dataclass(frozen=True, slots=True)
class Profile:
    """The steps of one municipality, or of a kind of municipality, and who says so."""

    key: str
    meaning: str
    year: str
    sources: tuple[str, ...]
    confidence: str
    standing: str
    note: str = ""
    traits: Mapping[str, Step] = field(default_factory=dict)
    relations: Mapping[str, Step] = field(default_factory=dict)

    def trait(self, name: str) -> Step:
        """Return the step of a trait; usual if nothing is known."""
        return self.traits.get(name, USUAL)

    def relation(self, truster: str, trusted: str) -> Step:
        """Return the step of the trust one sector has in another; usual if nothing is known."""
        return self.relations.get(f"{truster}_to_{trusted}", USUAL)


def read_profiles(path: Path | str | None = None) -> dict[str, Profile]:
    """Return the starting profiles by key.

    The trust measurements of the project were published without scores, so the order is all that is known. What a
    step is worth in numbers is a parameter of the model.

    Parameters
    ----------
    path : Path or str, optional
        An own TOML file; without it, the one that ships.

    Returns
    -------
    dict of str to Profile
        Holds at least ``usual``; ``merged`` serves municipalities that merged in 2020 and have no profile of their
        own.

    Raises
    ------
    EvidenceError
        With every complaint at once: unknown traits or sectors, steps outside -2..2, unknown standings, no ``usual``.

    Sources
    -------
    telemarksforsking2021stad : relations above the usual, optimism high, identity slightly low.
    telemarksforsking2023nordrefollo : low trust, business least; optimism and identity very low.

    Examples
    --------
    >>> read_profiles()["nordre-follo"].relation("private", "public").step
    -2
    """
    path = PROFILES if path is None else Path(path)
    file, profiles = str(path), dict[str, Profile]()
    tables, complaints = read_toml(path)
    told = ("meaning", "year", "sources", "confidence", "standing")
    for key, table in tables.items():
        wrong = check_table(file, key, table, told, ("note", "traits", "relations"))
        if not wrong:
            wrong += check_word(file, f"{key}.confidence", table["confidence"], CONFIDENCES)
            wrong += check_word(file, f"{key}.standing", table["standing"], STANDINGS)
            wrong += check_sources(file, key, table["sources"], table["standing"])
        wrong += check_steps(file, f"{key}.traits", table.get("traits", {}), PROFILE_TRAITS)
        wrong += check_steps(file, f"{key}.relations", table.get("relations", {}), RELATIONS)
        complaints += wrong
        if not wrong:
            fields = {name: table[name] for name in (*told, "note") if name in table}
            fields["sources"] = tuple(table["sources"])
            for part in ("traits", "relations"):
                fields[part] = {name: Step(**step) for name, step in table.get(part, {}).items()}
            profiles[key] = Profile(key=key, **fields)
    if not complaints and "usual" not in profiles:
        complaints.append(Complaint(file, "usual", "no such profile", "a profile named usual", "add [usual]"))
    refuse(complaints)
    return profiles


def check_steps(file: str, key: str, steps: Any, allowed: tuple[str, ...]) -> list[Complaint]:
    """Return every complaint about one profile's traits or relations."""
    if not isinstance(steps, dict):
        return [Complaint(file, key, repr(steps), "a table", f"write [{key}] above its steps")]
    complaints: list[Complaint] = []
    for name, step in steps.items():
        complaints += check_word(file, f"{key}.{name}", name, allowed)
        if not isinstance(step, dict):
            form = "{ step = -1, standing = ..., confidence = ... }"
            complaints.append(Complaint(file, f"{key}.{name}", repr(step), form, "write it so"))
            continue
        wrong = check_table(file, f"{key}.{name}", step, ("step", "standing", "confidence"))
        complaints += wrong
        if not wrong:
            if type(step["step"]) is not int or step["step"] not in STEPS:
                range_of_steps = "a whole step from -2 to 2"
                complaints.append(Complaint(file, f"{key}.{name}.step", repr(step["step"]), range_of_steps))
            complaints += check_word(file, f"{key}.{name}.standing", step["standing"], STANDINGS)
            complaints += check_word(file, f"{key}.{name}.confidence", step["confidence"], CONFIDENCES)
    return complaints


def choose_profile(profiles: Mapping[str, Profile], key: str, *, merged: bool) -> Profile:
    """Return the profile a municipality starts from: its own, else ``merged`` if it merged in 2020, else ``usual``.

    Examples
    --------
    >>> choose_profile(read_profiles(), "alver", merged=True).trait("identity").step
    -1
    """
    if key in profiles:
        return profiles[key]
    return profiles["merged"] if merged and "merged" in profiles else profiles["usual"]
