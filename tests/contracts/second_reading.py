"""A second reading of the nine shipped theories, coded from the source note without sight of the shipped tables.

Plain literals. "A1", "F2.6" and so on are sections of the note on theory (F2.6: section F2, step 6). A quantity is
written ``construct:<node>`` (the model's own construct as a share, the note's y) or ``reading:<name>`` (read off the
arena, the note's bars: Tbar, Obar, Ibar, C, L). Where the note leaves a choice, the choice stands in AMBIGUOUS
(`second_reading_doubts`), with the other readings the note also bears.

Per theory: ``nodes`` in order; ``arrows`` as [to][from] in that order; ``measured`` the reading of each node, None if
it moves only by arrows; ``phases`` in order; ``start`` the start gate, None if always open; ``decision`` per phase,
whether a decision is taken there; ``rho`` the spectral radius; ``moderator`` (reading, at 0, at 1) of every arrow.
A rate or weight of None: the note gives no number.
"""

from __future__ import annotations

from typing import Any, Final

from tests.contracts.second_reading_doubts import AMBIGUOUS

__all__ = ["AMBIGUOUS", "FEEDBACK", "READING"]

# F1 (z_a = (E, T, Q, U, J, W)), F3 "A[to, from] over (E, T, Q, U, J, W)"; A, table of common names.
SIX: Final = ("engagement", "trust", "commitment", "understanding", "capacity", "wins")

# F2.5: hat = (attendance x coverage; mean directed trust; mean c; 1 - 2 mean|x - xbar|; (L + D + K)/3; v_a), and F3
# "inputs: {E: measured, ... W: measured}": each of the six is measured from the reading of its own name.
SIX_MEASURED: Final = SIX

# F3 "P0, P4: A = 0".
NO_ARROWS: Final = (
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
)

# F2.6 P0 and P4: Tbar, Obar, Ibar, C - levels of the people and the place, not constructs (no y).
TRAITS: Final = ("reading:trust", "reading:optimism", "reading:identity", "reading:climate")


READING: Final[dict[str, dict[str, Any]]] = {
    # P0, the additive null: A4 last line; A10 column P0.
    "additive": {
        "nodes": SIX,
        "arrows": NO_ARROWS,  # F3 "P0, P4: A = 0"
        "measured": SIX_MEASURED,  # F2.5
        "phases": (
            # F2.6 "P0: lam0 1.6 mean(Tbar, Obar, Ibar, C)": one event, hence one phase
            {
                "form": "linear",
                "rate": 1.6,
                "constant": 0.0,
                "terms": TRAITS,
                "weights": (0.25, 0.25, 0.25, 0.25),
                "gate": None,
            },
        ),
        "start": None,  # A10 start: "random"; F2.1 names no gate for P0
        "decision": (True,),  # F2.7, said of every model: support first, then delivery
        "rho": 0.0,  # A10
        "moderator": None,
        "wins_to_trust": False,  # F2.8 "P0 and pure P4 may not"
        "capacity": "construct:capacity",  # F2.7 (.5 + .5 y_J)
    },
    # P1, the cycle of small wins: A1; F3 P1 and the example of a user's file.
    "small-wins": {
        "nodes": SIX,
        "arrows": (
            # E    T    Q    U    J    W          F3 "T<-E, Q<-T, U<-Q, W<-U, E<-W"; A1 "Core cycle"
            (0.0, 0.0, 0.0, 0.0, 0.0, 1.0),  # E <- W
            (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # T <- E
            (0.0, 1.0, 0.0, 0.0, 0.0, 0.0),  # Q <- T
            (0.0, 0.0, 1.0, 0.0, 0.0, 0.0),  # U <- Q
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # J: nothing in
            (0.0, 0.0, 0.0, 1.0, 0.0, 0.0),  # W <- U
        ),
        "measured": SIX_MEASURED,  # F3 example "inputs"
        "phases": (
            # F2.6 "P1: lam0 2 y_W"; F3 example "hazard: 2 * y_W", "stages: none"
            {
                "form": "linear",
                "rate": 2.0,
                "constant": 0.0,
                "terms": ("construct:wins",),
                "weights": (1.0,),
                "gate": None,
            },
        ),
        # F3 example "start_gate: incentives > 0.3"
        "start": {"form": "linear", "terms": ("reading:incentives",), "weights": (1.0,), "level": 0.3},
        "decision": (True,),  # F2.7
        "rho": 1.0,  # F3, A10
        # F3 example "leadership: multiplies all edges, 0.5..1.5"; A1 "leadership -> every cycle link (gain)"
        "moderator": ("leadership", 0.5, 1.5),
        "wins_to_trust": False,  # F3 example "wins_to_trust: false"
        "capacity": "construct:capacity",  # F2.7
    },
    # P1b: A1 "second variant P1b adds W -> T, W -> Q, W -> U"; F3 "also T, Q, U <- W".
    "small-wins-all": {
        "nodes": SIX,
        "arrows": (
            # E    T    Q    U    J    W
            (0.0, 0.0, 0.0, 0.0, 0.0, 1.0),  # E <- W
            (1.0, 0.0, 0.0, 0.0, 0.0, 1.0),  # T <- E, W
            (0.0, 1.0, 0.0, 0.0, 0.0, 1.0),  # Q <- T, W
            (0.0, 0.0, 1.0, 0.0, 0.0, 1.0),  # U <- Q, W
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            (0.0, 0.0, 0.0, 1.0, 0.0, 0.0),  # W <- U
        ),
        "measured": SIX_MEASURED,
        "phases": (
            # F2.6 P1; the variant changes arrows only
            {
                "form": "linear",
                "rate": 2.0,
                "constant": 0.0,
                "terms": ("construct:wins",),
                "weights": (1.0,),
                "gate": None,
            },
        ),
        # as P1: the variant changes arrows only
        "start": {"form": "linear", "terms": ("reading:incentives",), "weights": (1.0,), "level": 0.3},
        "decision": (True,),  # F2.7
        "rho": 1.534,  # F3
        "moderator": ("leadership", 0.5, 1.5),  # A1, F3 example: all edges, so the three new ones too
        "wins_to_trust": False,  # F2.8 says only "may"
        "capacity": "construct:capacity",
    },
    # P2, the regime: A2; F3 P2.
    "regime": {
        "nodes": SIX,
        "arrows": (
            # E    T    Q    U    J    W
            (0.0, 0.5, 0.5, 0.0, 1.0, 0.0),  # E <- (T + Q)/2 + J
            (0.5, 0.0, 0.0, 0.5, 1.0, 0.0),  # T <- (E + U)/2 + J
            (0.5, 0.0, 0.0, 0.5, 1.0, 0.0),  # Q <- (E + U)/2 + J
            (0.0, 0.5, 0.5, 0.0, 1.0, 0.0),  # U <- (T + Q)/2 + J
            (0.5, 0.5, 0.5, 0.5, 0.0, 0.0),  # J <- (E + U)/2 + (T + Q)/2
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # W: F3 names no arrow in; "J -> action" (A2) is the hazard
        ),
        "measured": SIX_MEASURED,  # F2.5
        "phases": (
            # F2.6 "P2: lam0 2.2 y_J [y_J > theta_J]"; F4 theta_J .5; A2 P6 "a threshold, not a slope"
            {
                "form": "threshold",
                "rate": 2.2,
                "constant": 0.0,
                "terms": ("construct:capacity",),
                "weights": (1.0,),
                "gate": ("construct:capacity", 0.5),
            },
        ),
        # F2.1 "P2 adds the gate: mean of drivers (leadership, incentives, interdependence, uncertainty) > 0.45"
        "start": {
            "form": "linear",
            "terms": ("reading:leadership", "reading:incentives", "reading:interdependence", "reading:uncertainty"),
            "weights": (0.25, 0.25, 0.25, 0.25),
            "level": 0.45,
        },
        "decision": (True,),  # F2.7
        "rho": 2.0,  # F3, A10
        "moderator": None,
        "wins_to_trust": False,  # F2.8 says only "may"
        "capacity": "construct:capacity",
    },
    # P3, staged innovation: A3; F3 P3.
    "staged": {
        "nodes": SIX,
        "arrows": (
            # E    T    Q    U    J    W          F3 "U<-E, W<-U, W<-J"
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # U <- E
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            (0.0, 0.0, 0.0, 1.0, 1.0, 0.0),  # W <- U, J
        ),
        "measured": SIX_MEASURED,  # F2.5
        # F2.6 "P3: 5 lam0 2 driver(stage)": rate 10 in each of five; "event advances the stage, the fifth is delivery"
        "phases": (
            # definition: F2.6 min(y_E, y_U); A3 "definition min(E, U)"
            {
                "form": "minimum",
                "rate": 10.0,
                "constant": 0.0,
                "terms": ("construct:engagement", "construct:understanding"),
                "weights": (1.0, 1.0),
                "gate": None,
            },
            # ideas: F2.6 C
            {
                "form": "linear",
                "rate": 10.0,
                "constant": 0.0,
                "terms": ("reading:climate",),
                "weights": (1.0,),
                "gate": None,
            },
            # selection: F2.6 min(y_U, y_T); A3 "selection min(U, T) and support"
            {
                "form": "minimum",
                "rate": 10.0,
                "constant": 0.0,
                "terms": ("construct:understanding", "construct:trust"),
                "weights": (1.0, 1.0),
                "gate": None,
            },
            # testing and implementation: F2.6 y_J
            {
                "form": "linear",
                "rate": 10.0,
                "constant": 0.0,
                "terms": ("construct:capacity",),
                "weights": (1.0,),
                "gate": None,
            },
            # diffusion: F2.6 .5 + .5 L
            {
                "form": "linear",
                "rate": 10.0,
                "constant": 0.5,
                "terms": ("reading:leadership",),
                "weights": (0.5,),
                "gate": None,
            },
        ),
        "start": None,  # A10 start: "any"
        "decision": (False, False, True, False, False),  # A3 "selection min(U, T) and support"
        "rho": 0.0,  # F3, A10
        "moderator": None,
        "wins_to_trust": False,  # not among those of F2.8 that may
        "capacity": "construct:capacity",
    },
    # P4, trait-led: A5.
    "trait-led": {
        "nodes": SIX,
        "arrows": NO_ARROWS,  # F3 "P0, P4: A = 0"; A5 "no dynamics inside the arena"
        "measured": SIX_MEASURED,  # F2.5
        "phases": (
            # F2.6 "P4: lam0 14 Tbar Obar Ibar C (product)"; A5 "Cobb-Douglas product"
            {
                "form": "product",
                "rate": 14.0,
                "constant": 0.0,
                "terms": TRAITS,
                "weights": (1.0, 1.0, 1.0, 1.0),
                "gate": None,
            },
        ),
        "start": None,  # F2.1 gives a gate to P2 only
        "decision": (True,),  # F2.7
        "rho": 0.0,  # A10 "0 inside, slow loop outside"
        "moderator": None,
        "wins_to_trust": False,  # F2.8 "pure P4 may not"
        "capacity": "construct:capacity",
    },
    "trait-led-minimum": {
        "nodes": SIX,
        "arrows": NO_ARROWS,  # F3
        "measured": SIX_MEASURED,
        "phases": (
            # F2.6 "variants minimum and weighted sum"; A5 "minimum (necessary conditions)"; no rate is given
            {
                "form": "minimum",
                "rate": None,
                "constant": 0.0,
                "terms": TRAITS,
                "weights": (1.0, 1.0, 1.0, 1.0),
                "gate": None,
            },
        ),
        "start": None,
        "decision": (True,),  # F2.7
        "rho": 0.0,
        "moderator": None,
        "wins_to_trust": False,
        "capacity": "construct:capacity",
    },
    "trait-led-sum": {
        "nodes": SIX,
        "arrows": NO_ARROWS,  # F3
        "measured": SIX_MEASURED,
        "phases": (
            # F2.6 "variants minimum and weighted sum"; A5 "weighted sum"; neither rate nor weights are given
            {
                "form": "linear",
                "rate": None,
                "constant": 0.0,
                "terms": TRAITS,
                "weights": (None, None, None, None),
                "gate": None,
            },
        ),
        "start": None,
        "decision": (True,),  # F2.7
        "rho": 0.0,
        "moderator": None,
        "wins_to_trust": False,
        "capacity": "construct:capacity",
    },
    # P5, faith and risk: A6; F3 P5 with its own six nodes in the order F3 gives them.
    "faith-risk": {
        "nodes": ("behaviour", "win", "faith", "conflict", "trust", "risk"),
        "arrows": (
            # B    W    F    C     T    R
            (0.0, 0.0, 1.0, 0.0, 0.0, 1.0),  # behaviour <- faith, risk
            (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # win <- behaviour
            (0.0, 1.0, 0.0, 0.0, 0.0, 0.0),  # faith <- win
            (-1.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # conflict <- (-) behaviour
            (0.0, 0.0, 0.0, -1.0, 0.0, 0.0),  # trust <- (-) conflict
            (0.0, 0.0, 0.0, 0.0, 1.0, 0.0),  # risk <- trust
        ),
        # F2.6 "nodes faith (Obar), risk (Tbar), conflict (1 - mean p_ij)": these three and no other
        "measured": (None, None, "optimism", "conflict", None, "trust"),
        "phases": (
            # F2.6 "P5: lam0 2 y_B"
            {
                "form": "linear",
                "rate": 2.0,
                "constant": 0.0,
                "terms": ("construct:behaviour",),
                "weights": (1.0,),
                "gate": None,
            },
        ),
        # A10 start: "mandate or trust"; A6 "a mandate substitutes for trust": either will do, hence the larger
        "start": {
            "form": "maximum",
            "terms": ("reading:mandate", "reading:trust"),
            "weights": (1.0, 1.0),
            "level": 0.5,
        },
        "decision": (True,),  # F2.7
        "rho": 1.2207,  # A6, F3
        "moderator": None,
        "wins_to_trust": False,  # not among those of F2.8 that may
        "capacity": "reading:capacity",  # F2.7 (.5 + .5 y_J); this graph has no J, so what is read off the arena
    },
}

# The layer of people is common to all rivals: F, design rule (i), F2.8, F3 "progress: [O, c], outcome: [O, c, I, C]".
FEEDBACK: Final = {
    "progress_optimism": 1.0,
    "progress_commitment": 1.0,
    "outcome_optimism": 1.0,
    "outcome_commitment": 1.0,
    "outcome_identity": 1.0,
    "outcome_climate": 1.0,
}
