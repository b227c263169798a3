"""What a picture of a theory's graph is made of, without the theory: those who draw know no process model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphDrawing:
    """A causal graph and its phases, ready to be drawn.

    Parameters
    ----------
    title : text
    nodes : (construct, the reading it is measured from or an empty text)
    arrows : (from, to, signed weight, the reading that multiplies it or an empty text)
    phases : (phase, its hazard and decision in words), in order
    back : (phase, the phase a refused decision leads back to), by their places in ``phases``
    """

    title: str
    nodes: tuple[tuple[str, str], ...]
    arrows: tuple[tuple[str, str, float, str], ...]
    phases: tuple[tuple[str, str], ...]
    back: tuple[tuple[int, int], ...] = ()
