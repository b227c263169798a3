"""The theory's words, each said once.

Floor 1: imports nothing. The order of every tuple is the order of the columns in the arrays, so a word's place is part
of the format: words are added at the end, never moved.
"""

from __future__ import annotations

from typing import Final

SECTORS: Final = ("public", "private", "civic", "research")
"""The quadruple helix: municipality and other public bodies, firms, citizens and voluntary groups, research."""

TRAITS: Final = (
    "trust_evidence_public",
    "trust_evidence_private",
    "trust_evidence_civic",
    "trust_evidence_research",
    "distrust_evidence_public",
    "distrust_evidence_private",
    "distrust_evidence_civic",
    "distrust_evidence_research",
    "optimism",
    "identity",
    "identity_anchor",
    "creativity",
    "framing",
    "framing_anchor",
    "fatigue",
    "commitment",
)
"""Columns of an actor's row. Evidence counts cooperative (r) and uncooperative (u) acts of each sector."""

AGE_GROUPS: Final = ("18-34", "35-50", "51-66", "67-79", "80+")
ROLES: Final = ("pilot", "experienced", "learner", "plain")
SERVICE_AREAS: Final = ("health_and_care", "education", "social", "culture", "technical")
FOCUS_AREAS: Final = ("public_health", "local_development", "innovation_in_services")

CONSTRUCTS: Final = ("engagement", "trust", "commitment", "understanding", "capacity", "wins")
"""The six arena constructs of Ansell and Gash and of Emerson et al., in the order E, T, Q, U, J, W."""

READINGS: Final = (
    "engagement",
    "trust",
    "commitment",
    "understanding",
    "capacity",
    "wins",
    "optimism",
    "identity",
    "climate",
    "leadership",
    "design",
    "administration",
    "conflict",
    "diversity",
    "incentives",
    "interdependence",
    "uncertainty",
    "mandate",
    "experience",
    "power_share",
    "facilitation",
    "support",
)
"""What can be read off an arena each month, all shares 0..1; the first six are the measured constructs."""

DECISION_RULES: Final = ("none", "authority", "majority", "supermajority", "consent")
HAZARD_FORMS: Final = ("linear", "product", "minimum", "maximum", "threshold")
INNOVATION_TYPES: Final = ("service", "process", "product", "communication", "organisation")
VALUE_KINDS: Final = ("quality", "efficiency", "staff_satisfaction", "citizen_influence")
ENDINGS: Final = ("running", "delivered", "cost", "policy", "no_support", "exhausted", "emptied")
"""How an arena ended: a solution in use; failed on cost, on challenge to policy, for want of internal support;
worn out by age; or left by everybody."""

CLIMATE_DIMENSIONS: Final = (
    "challenge",
    "freedom",
    "idea_support",
    "trust_openness",
    "dynamism",
    "playfulness",
    "debates",
    "conflicts",
    "risk_taking",
    "idea_time",
)
"""Ekvall's ten dimensions of creative climate; ``conflicts`` counts against the climate."""

LEVELS: Final = (
    "self_help",
    "input",
    "dialogue",
    "joint_design",
    "joint_decision",
)
"""Five rungs of co-creation, after Torfing, Sørensen and Røiseland (2019)."""

MONTH_ROWS: Final = (
    "events",
    "open",
    "join",
    "meet",
    "search",
    "constructs",
    "advance",
    "decide",
    "learn",
    "leave",
    "exchange",
    "spread",
    "observe",
)
"""One month in order; each row has a switch ``month.<row>``."""

N_SECTORS: Final = len(SECTORS)
N_TRAITS: Final = len(TRAITS)
N_CLIMATE: Final = len(CLIMATE_DIMENSIONS)
N_READINGS: Final = len(READINGS)
N_NODES: Final = 12
"""At most so many constructs in one process model (six in most theories)."""
N_PHASES: Final = 8
"""At most so many phases in one process model."""
N_TERMS: Final = 6
"""At most so many terms in one hazard or gate."""
