"""What is worth a second look in a theory that can be used: nothing here is wrong, but its author may not know it."""

from __future__ import annotations

from typing import Final

from cosim.processes.catalogue import is_shipped, list_processes
from cosim.processes.graph import graph_facts
from cosim.processes.model import ProcessModel
from cosim.processes.words import listed, number_words

LOOSE: Final = 1.0
"""Coupling (rho) from which a graph can hold itself up or down at a gain within the usual range."""


def caution(model: ProcessModel, drive: float) -> list[str]:
    """Return notes on a theory, each a sentence or two; none where there is nothing to note.

    Parameters
    ----------
    model : ProcessModel
    drive : gain times weight of arrows, as runs have it by default
    """
    return [*_note_name(model), *_note_loops(model, drive), *_note_self_arrows(model)]


def _note_name(model: ProcessModel) -> list[str]:
    """Return a note on a table that bears the name of a theory that ships and is another."""
    if model.name not in list_processes() or is_shipped(model):
        return []
    return [
        f"it calls itself {model.name}, as a theory that ships, and says something else. Results show it as an own "
        f"table, and its scale, unless it says one itself, is the one "
        "matched for the other; a name of its own is safer."
    ]


def _note_loops(model: ProcessModel, drive: float) -> list[str]:
    """Return a note on loops so strong that the constructs can hold themselves up or down."""
    facts = graph_facts(model)
    gain = facts.critical_gain
    if facts.rho < LOOSE and (gain is None or gain > drive):
        return []
    strong = f"its loops are strong: the spectral radius of its arrows is {number_words(facts.rho)}"
    if gain is None:
        return [f"{strong}. With their signs they never tip, but they may swing."]
    side = "above" if drive > gain else "below"
    return [
        f"{strong}, and where gain x weight of arrows passes {number_words(gain)} it tips: constructs then hold "
        f"themselves up or down whatever people do. By default that product is {number_words(drive)}, {side} it "
        "(process.gain, process.arrows)."
    ]


def _note_self_arrows(model: ProcessModel) -> list[str]:
    """Return a note on arrows from a construct to itself, which are allowed and seldom meant."""
    own = [arrow for arrow in model.arrows if arrow.sender == arrow.receiver]
    if not own:
        return []
    told = listed([f"{arrow.sender} ({number_words(arrow.weight)})" for arrow in own])
    return [f"an arrow leads from a construct to itself: {told}. What is there keeps itself going, besides inertia."]
