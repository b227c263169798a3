"""Where the note leaves a choice to whoever codes the nine theories: what the second reading chose, why, what else.

Written together with `second_reading` before the tables were seen; what was added or changed after the comparison
says so. ``also`` is what else the note bears, and a table may hold; None where nothing else could be compared.
"""

from __future__ import annotations

from typing import Any, Final

NINE: Final = (
    "additive",
    "small-wins",
    "small-wins-all",
    "regime",
    "staged",
    "trait-led",
    "trait-led-minimum",
    "trait-led-sum",
    "faith-risk",
)

# Two theories of which the note says nothing about identity and climate: whichever rule is taken (F2.8: everybody
# learns; F(ii): each theory its own map), it must be the same for both. Written after the comparison.
ONE_RULE: Final = ("additive", "faith-risk")

AMBIGUOUS: Final[tuple[dict[str, Any], ...]] = (
    {
        "theories": ("staged",),
        "field": "phases",
        "phase": 1,
        "passage": "F2.6 'C' against A3 'ideas C x diversity'",
        "chose": "climate alone",
        "why": "F2.6 is the equation of the proposal; A3 is its longer form and equally sourced",
        "also": {
            "form": "product",
            "rate": 10.0,
            "constant": 0.0,
            "terms": ("reading:climate", "reading:diversity"),
            "weights": (1.0, 1.0),
            "gate": None,
        },
    },
    {
        "theories": ("staged",),
        "field": "phases",
        "phase": 3,
        "passage": "F2.6 'y_J' against A3 'implementation J x leadership'",
        "chose": "capacity alone",
        "why": "as above; leadership is already in F2.6's fifth driver",
        "also": {
            "form": "product",
            "rate": 10.0,
            "constant": 0.0,
            "terms": ("construct:capacity", "reading:leadership"),
            "weights": (1.0, 1.0),
            "gate": None,
        },
    },
    {
        "theories": ("staged",),
        "field": "phases",
        "phase": 4,
        "passage": "F2.6 '.5 + .5 L' against A3 'diffusion network x observability'",
        "chose": ".5 + .5 leadership",
        "why": "no reading for network or observability; F2.10 spreads what is delivered anyhow",
        "also": None,
    },
    {
        "theories": ("staged",),
        "field": "decision",
        "passage": "A3 'selection min(U, T) and support' against F2.7 'Decide and deliver', F2.6 'fifth is delivery'",
        "chose": "decision at selection only",
        "why": "A3 names support at selection and nowhere else; F2.7 would put it at the last phase, or both may hold",
        "also": ((False, False, False, False, True), (False, False, True, False, True)),
    },
    {
        "theories": ("trait-led-minimum", "trait-led-sum"),
        "field": "rate",
        "passage": "F2.6 'variants minimum and weighted sum' gives no number; F3 recalibrates lam0 per model",
        "chose": "no number; any positive rate, any positive weights",
        "why": "the level is matched afterwards and cannot tell rivals apart",
        "also": None,
    },
    {
        "theories": ("trait-led", "trait-led-minimum", "trait-led-sum"),
        "field": "start",
        "passage": "A10 start of P4: 'trait level'; F2.1 gives a gate to P2 only, and no number for P4",
        "chose": "always open; the traits act through the hazard",
        "why": "a gate would need a level that the note does not give",
        "also": None,
    },
    {
        "theories": ("small-wins", "small-wins-all"),
        "field": "start",
        "passage": "F3 example 'incentives > 0.3' against A10 'incentives, prehistory'",
        "chose": "incentives > 0.3",
        "why": "the only form with a number; prehistory enters where a fresh arena starts from",
        "also": None,
    },
    {
        "theories": ("small-wins", "small-wins-all"),
        "field": "arrows",
        "passage": "A1 'Arrows in: imbalance -| E; incentives -> E; prehistory -> T; design -> E and T'",
        "chose": "not arrows",
        "why": "F3 gives the matrix over the six constructs only, and no weight for these",
        "also": None,
    },
    {
        "theories": ("regime",),
        "field": "start",
        "passage": "F2.1 'mean of drivers > 0.45' against A2 P1 'at least one driver necessary, more raise the chance'",
        "chose": "mean > 0.45",
        "why": "F2.1 is explicit; A2 alone would allow the largest of the four",
        "also": None,
    },
    {
        "theories": ("regime",),
        "field": "arrows",
        "passage": "A2 'J -> action', F3 names no arrow to W",
        "chose": "no arrow to W; action is the hazard",
        "why": "rho is 2 either way, and F3 is the matrix",
        "also": None,
    },
    {
        "theories": ("small-wins", "small-wins-all", "regime"),
        "field": "wins_to_trust",
        "passage": "F2.8 'P4-with-loop, P1, P2 may add W -> T through r += w_win'; F3 example 'wins_to_trust: false'",
        "chose": "false",
        "why": "F3 says false for P1; for P1b and P2 'may' leaves it open, rule F(i) keeps the graph off people",
        "also": True,
    },
    {
        "theories": ("faith-risk",),
        "field": "measured",
        "passage": "F2.6 'nodes faith (Obar), risk (Tbar), conflict (1 - mean p_ij)'; A6 has both trust and risk",
        "chose": "only faith, conflict and risk are measured, risk from trust",
        "why": "the letter of F2.6; but win has an obvious measure (v_a), behaviour a near one (engagement), and the "
        "node named trust the reading named trust, with risk then moved by its arrow alone",
        "also": {
            "behaviour": (None, "engagement"),
            "win": (None, "wins"),
            "faith": ("optimism",),
            "conflict": ("conflict",),
            "trust": (None, "trust"),
            "risk": (None, "trust"),
        },
    },
    {
        "theories": ("faith-risk",),
        "field": "start",
        "passage": "A10 'mandate or trust' without a level; F2.1 names a gate for P2 only",
        "chose": "larger of mandate and trust > 0.5",
        "why": "'or' is the larger of the two; 0.5 is neutral trust; any level inside (0, 1) is as well founded",
        "also": "level",
    },
    {
        # Before the comparison this entry named the null only; faith and risk was added after it, since the same
        # doubt holds there. The doubt is which rule, not whether one rule holds: see ONE_RULE.
        "theories": ("additive", "faith-risk"),
        "field": "feedback",
        "passage": "F2.8 moves identity and climate without exception; F(ii) and F3 make the feedback map part of each "
        "theory, and the note gives one with identity and climate for P1 (F3) and P4 (A5) only",
        "chose": "all learn alike, identity and climate too",
        "why": "the letter of F2.8; but a theory that says nothing of identity and climate may also be read as 0",
        "also": {"outcome_identity": 0.0, "outcome_climate": 0.0},
    },
    {
        # Added after the comparison.
        "theories": ("additive", "trait-led", "trait-led-minimum", "trait-led-sum"),
        "field": "phases",
        "passage": "A5 'T0, O, I, C', 'no dynamics inside the arena', A10 'effect of early small win 0' against F2.6 "
        "'Tbar, Obar, Ibar' (this month's) and rule F(i)",
        "chose": "this month's readings, with people learning from progress",
        "why": "F2.6 is the equation; no reading holds what the traits were before the start",
        "also": None,
    },
    {
        # Before the comparison: "not compared in size, the same for all rivals". The tables follow a rule instead,
        # the same for all: 1 where no arrow comes in (the construct is its measurement), 0 where one does (as E19).
        "theories": NINE,
        "field": "input_weight",
        "passage": "F2.5 'B h + b' inside the saturation; no number for B or b anywhere, E19 is written without them",
        "chose": "b = 0 and one rule for all rivals",
        "why": "F3 'g, omega, tau get the same priors': a rival must not differ in what the note does not say of it",
        "also": "1 where no arrow comes in, 0 elsewhere",
    },
    {
        "theories": NINE,
        "field": "capacity",
        "passage": "F2.7 '(.5 + .5 y_J)'; F2.5 measures J as (L + D + K)/3 where A's table adds money",
        "chose": "the construct J where the graph has one, otherwise the reading",
        "why": "y is the construct; where nothing points at J the two differ only by lag",
        "also": "reading:capacity",
    },
    {
        "theories": NINE,
        "field": "back",
        "passage": "A3 'iterative with jumps back', F2.9 'close on delivery, failure'; F2.7 silent on want of support",
        "chose": "not compared",
        "why": "the note gives no phase to go back to",
        "also": None,
    },
)
