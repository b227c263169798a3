"""A process model as the kernels read it: small arrays of numbers, one shape for every theory."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from cosim.vocabulary import N_NODES, N_PHASES, N_TERMS

Array = np.ndarray[Any, Any]


class Process(NamedTuple):
    """A process model compiled to arrays; ``processes/compile.py`` makes it, the one kernel reads it.

    Quantities named by a number: 0..11 are the model's own constructs (as shares), 12 and above the readings of
    ``vocabulary.READINGS`` in their order; -1 is none.
    """

    n_nodes: int
    arrows: Array  # [12, 12] float64, [to, from]
    reading: Array  # [12] int64 reading a construct is measured from, -1 moves only by arrows
    input_weight: Array  # [12] float64 weight of its own measurement inside the saturation
    bias: Array  # [12] float64
    moderator: Array  # [12, 12] int64 reading that multiplies an arrow, -1 none
    moderator_low: Array  # [12, 12] float64 multiplier at reading 0
    moderator_high: Array  # [12, 12] float64 multiplier at reading 1
    n_phases: int
    hazard_form: Array  # [8] int64, vocabulary.HAZARD_FORMS
    hazard_rate: Array  # [8] float64, times process.base_hazard and scale
    hazard_constant: Array  # [8] float64, added in the linear form
    hazard_term: Array  # [8, 6] int64 quantities, -1 unused
    hazard_weight: Array  # [8, 6] float64, linear form
    hazard_gate: Array  # [8] int64 quantity that must exceed gate_level, -1 none
    gate_level: Array  # [8] float64
    decision_rule: Array  # [8] int64, vocabulary.DECISION_RULES; 0 none
    may_take_part: Array  # [8, 4] uint8
    may_propose: Array  # [8, 4] uint8
    may_decide: Array  # [8, 4] uint8
    back: Array  # [8] int64 phase a failed decision leads to, -1 out
    start_form: int  # hazard form of the start gate
    start_term: Array  # [6] int64 quantities (readings only), -1 unused
    start_weight: Array  # [6] float64
    start_level: float  # the gate opens above this; below 0 it is always open
    capacity_quantity: int  # what stands for capacity when a solution is put into use
    progress_optimism: float  # 1 if progress teaches optimism, 0 if not
    progress_commitment: float
    outcome_optimism: float
    outcome_commitment: float
    outcome_identity: float
    outcome_climate: float
    wins_to_trust: float  # evidence a step forward adds to members' trust
    scale: float  # matched so that rivals deliver alike at reference traits


PROCESS: Final = np.dtype(
    [
        ("n_nodes", "i8"),
        ("arrows", "f8", (N_NODES, N_NODES)),
        ("n_arrows", "i8"),
        ("arrow_to", "u4", (N_NODES * N_NODES,)),
        ("arrow_from", "u4", (N_NODES * N_NODES,)),
        ("arrow_reading", "u4", (N_NODES * N_NODES,)),
        ("arrow_weight", "f8", (N_NODES * N_NODES,)),
        ("arrow_low", "f8", (N_NODES * N_NODES,)),
        ("arrow_gain", "f8", (N_NODES * N_NODES,)),
        ("reading", "i8", (N_NODES,)),
        ("input_weight", "f8", (N_NODES,)),
        ("bias", "f8", (N_NODES,)),
        ("moderator", "i8", (N_NODES, N_NODES)),
        ("moderator_low", "f8", (N_NODES, N_NODES)),
        ("moderator_high", "f8", (N_NODES, N_NODES)),
        ("n_phases", "i8"),
        ("hazard_form", "i8", (N_PHASES,)),
        ("hazard_rate", "f8", (N_PHASES,)),
        ("hazard_constant", "f8", (N_PHASES,)),
        ("hazard_term", "i8", (N_PHASES, N_TERMS)),
        ("hazard_weight", "f8", (N_PHASES, N_TERMS)),
        ("hazard_gate", "i8", (N_PHASES,)),
        ("gate_level", "f8", (N_PHASES,)),
        ("decision_rule", "i8", (N_PHASES,)),
        ("may_take_part", "u1", (N_PHASES, 4)),
        ("may_propose", "u1", (N_PHASES, 4)),
        ("may_decide", "u1", (N_PHASES, 4)),
        ("back", "i8", (N_PHASES,)),
        ("start_form", "i8"),
        ("start_term", "i8", (N_TERMS,)),
        ("start_weight", "f8", (N_TERMS,)),
        ("start_level", "f8"),
        ("capacity_quantity", "i8"),
        ("progress_optimism", "f8"),
        ("progress_commitment", "f8"),
        ("outcome_optimism", "f8"),
        ("outcome_commitment", "f8"),
        ("outcome_identity", "f8"),
        ("outcome_climate", "f8"),
        ("wins_to_trust", "f8"),
        ("scale", "f8"),
    ],
    align=True,
)
"""``Process`` as one record, which is how the kernels take it: the fields are the same, and beside them the arrows that
there are, one after the other, by the construct they go to and then the one they come from. ``arrow_reading`` moderates
an arrow: its weight is multiplied by ``arrow_low`` plus ``arrow_gain`` times the reading (by 1 where nothing does)."""


def pack_process(process: Process) -> Any:
    """Return a compiled process model as the one record that the kernels read."""
    record = np.zeros(1, PROCESS)
    for name in Process._fields:
        record[name][0] = getattr(process, name)
    to, sender = np.nonzero(process.arrows)
    reading, low = process.moderator[to, sender], process.moderator_low[to, sender]
    arrows = {
        "to": to,
        "from": sender,
        "reading": np.maximum(reading, 0),
        "weight": process.arrows[to, sender],
        "low": np.where(reading >= 0, low, 1.0),
        "gain": np.where(reading >= 0, process.moderator_high[to, sender] - low, 0.0),
    }
    record["n_arrows"] = len(to)
    for name, column in arrows.items():
        record[f"arrow_{name}"][0, : len(to)] = column
    return record[0]
