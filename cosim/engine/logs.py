"""What is written down: rows of arenas, innovations and months, and the order of their sums.

Names and meanings of the columns are in ``measurement/tables.py``, which hands them to the stored files.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from cosim.vocabulary import N_READINGS

COUNTS: Final = (
    "opened",
    "opened_open",
    "closed",
    "delivered",
    "delivered_open",
    "invited",
    "joined_public",
    "joined_private",
    "joined_civic",
    "joined_research",
    "left",
    "meetings",
    "present",
    "acts",
    "acts_good",
    "seat_months",
    "reused",
)
N_COUNTS: Final = len(COUNTS)

PEOPLE: Final = (
    "n",
    "trust_public",
    "trust_private",
    "trust_civic",
    "trust_research",
    "optimism",
    "identity",
    "fatigue",
    "seated",
)
N_PEOPLE: Final = len(PEOPLE)

N_LAGGED: Final = 1 + 4 * 6 + 36
"""n; then sums of x, y, x x and y y of the six constructs; then of x y for each pair (x a month before y)."""

ARENA_ROW: Final = np.dtype(
    [
        ("municipality", "i2"),
        ("host", "i4"),
        ("place", "i2"),
        ("area", "i1"),
        ("focus", "i1"),
        ("scheduled", "i1"),
        ("invited", "u1"),
        ("shared", "u1"),
        ("opened", "i2"),
        ("closed", "i2"),
        ("ending", "i1"),
        ("last_phase", "i1"),
        ("worth", "f4"),
        ("support", "f4"),
        ("power_share", "f4"),
        ("months_met", "f4"),
        ("presence", "f4"),
        ("engagement", "f4"),
        ("understanding", "f4"),
        ("understanding_gain", "f4"),
        ("trust", "f4"),
        ("trust_gain", "f4"),
        ("commitment", "f4"),
        ("capacity", "f4"),
        ("acts", "f4"),
        ("acts_good", "f4"),
        ("seat_months", "f4"),
        ("joins", "f4"),
        ("leaves", "f4"),
        ("peak_engagement_month", "f4"),
        ("peak_capacity_month", "f4"),
        ("wins_first_month", "f4"),
        ("members", "i2", (4,)),
        ("first_phase", "i1", (4,)),
        ("proposals", "f4", (4,)),
        ("decided", "u1"),
        ("ages", "i2", (5,)),
        ("cost", "f4"),
    ]
)
"""One row for each arena when it closes (or, still running, at the end of the run)."""

INNOVATION_ROW: Final = np.dtype(
    [
        ("municipality", "i2"),
        ("host", "i4"),
        ("arena_row", "i8"),
        ("month", "i2"),
        ("months_taken", "i2"),
        ("area", "i1"),
        ("focus", "i1"),
        ("type", "i1"),
        ("value", "f4"),
        ("quality", "u1"),
        ("efficiency", "u1"),
        ("staff_satisfaction", "u1"),
        ("citizen_influence", "u1"),
        ("invited", "u1"),
        ("shared", "u1"),
        ("members", "i2", (4,)),
        ("power_share", "f4"),
        ("observability", "f4"),
        ("n_adopted", "i2"),
    ]
)
"""One row for each solution put into use."""

MONTH_ROW: Final = np.dtype(
    [
        *[(name, "i4") for name in COUNTS],
        ("active", "i4"),
        ("active_open", "i4"),
        ("members", "i4", (4,)),
        ("readings", "f4", (N_READINGS,)),
        ("readings_open", "f4", (N_READINGS,)),
        ("climate", "f4"),
        ("leadership", "f4"),
        ("experience", "f4"),
        ("units", "i4"),
        ("units_innovating", "i4"),
        ("units_tried_only", "i4"),
        ("cost", "f8"),
    ]
)
"""One row for each month and municipality; ``readings`` are means over running arenas, ``_open`` over those that
invited somebody from outside; ``units_innovating`` had an innovation in the last 24 months (the barometer's window)."""
