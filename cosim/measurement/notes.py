"""What every column of every table means, and its unit; handed to the stored files.

Floor 4. A column of one name means the same in every table it is in, of what its row is about.
"""

from __future__ import annotations

from typing import Final

from cosim.measurement.instrument import read_instrument
from cosim.results.tables import Note
from cosim.vocabulary import AGE_GROUPS, READINGS

SHARE: Final = "share"
SCORE: Final = "score 0..1"
YES: Final = "true or false"
NUMBER: Final = "number"
NAME: Final = "word"
MONTH: Final = "months since the start of the run"
DATE: Final = "YYYY-MM"
NOK: Final = "NOK"

_SECTOR_WORDS: Final = {
    "public": "the municipality and other public bodies",
    "private": "firms",
    "civic": "citizens and voluntary groups",
    "research": "research",
}

_PLACES: Final = {
    "arena": ("row of the arena in the table of arenas", NUMBER),
    "innovation": ("row of the innovation", NUMBER),
    "municipality": ("key of the municipality", NAME),
    "sector": ("sector of the people", NAME),
    "age": ("age group of the person", NAME),
    "host": ("service unit, or host of one scheduled arena, that the arena belongs to", NUMBER),
    "place": ("which of its host's parallel places the arena held", NUMBER),
    "area": ("service area of the host", NAME),
    "focus": ("focus area of the arena", NAME),
    "scheduled": ("whether the scenario scheduled the arena, rather than a unit opening it", YES),
    "open": ("whether somebody from outside the municipality was invited", YES),
    "shared": ("whether other units of the municipality were invited", YES),
    "month": ("month the row is about; for people, the count at its start", MONTH),
    "date": ("that month", DATE),
}
_ARENAS: Final = {
    "opened_month": ("month in which the arena opened", MONTH),
    "opened_date": ("that month", DATE),
    "closed_month": ("month in which the arena closed; the end of the run if it was still running", MONTH),
    "closed_date": ("that month", DATE),
    "months": ("months the arena lived, first and last included", "months"),
    "ending": ("how the arena ended, or that it was running", NAME),
    "last_phase": ("phase of the process it ended in, the first being 1", NUMBER),
    "decided": ("whether a decision was taken in the arena", YES),
    "months_met": ("months in which the arena met", "months"),
    "worth": ("quality of the best solution found, from chance (0) to the best there is (1)", SCORE),
    "support": ("weighted support in the last decision; missing if none was taken", SHARE),
    "power_share": ("weight of members from outside the municipality in decisions", SHARE),
    "presence": ("members who came, mean over months it met", SHARE),
    "engagement": ("presence times the invited sectors covered, mean over months it met", SCORE),
    "understanding": ("how alike members saw the problem, mean over months it met", SCORE),
    "understanding_gain": ("change in that from the first meeting to the end", "difference of scores"),
    "trust": ("members' trust in the sectors seated, at the end; missing if nobody was left", SCORE),
    "trust_gain": ("change in that since the first meeting", "difference of scores"),
    "commitment": ("members' commitment, at the end; missing if nobody was left", SCORE),
    "capacity": ("capacity for joint action, at the end", SCORE),
    "acts": ("acts of members towards one another", NUMBER),
    "acts_good": ("acts seen as cooperative", NUMBER),
    "seat_months": ("members summed over months", "person-months"),
    "joins": ("people who took a seat", "persons"),
    "leaves": ("people who left while it went on", "persons"),
    "peak_engagement_month": ("when engagement was highest; missing if it never met", "months after opening"),
    "peak_capacity_month": ("when capacity was highest; missing if it never met", "months after opening"),
    "wins_first_month": (
        "first better solution or new phase; missing if there was none",
        "months after opening",
    ),
    "cost": (
        "staff hours, facilitation, recruitment, venue and budget; in months also training and exchange",
        NOK,
    ),
    "level": ("level of co-creation, mean of the four steps above self-help", SCORE),
    "rung": ("rung of co-creation, 1 self-help to 5 joint decision", NUMBER),
    "inclusion": ("evenness of members over sectors and age groups", SCORE),
    "dialogue": ("geometric mean of engagement and share of good acts", SCORE),
    "shared_understanding": ("how alike members saw the problem", SCORE),
    "influence": ("outsiders' part in proposals and decisions", SCORE),
    "learning": ("gain in trust and understanding, 0.5 no change", SCORE),
    "quality": ("quality of co-creation, mean of its five parts", SCORE),
}
_INNOVATIONS: Final = {
    "months_taken": (
        "from opening the arena to the solution in use, first and last month included",
        "months",
    ),
    "type": ("type of innovation", NAME),
    "value": ("quality of the solution, from chance (0) to the best there is (1)", SCORE),
    "value_quality": ("whether it raised quality", YES),
    "value_efficiency": ("whether it raised efficiency", YES),
    "value_staff_satisfaction": ("whether it made staff more content", YES),
    "value_citizen_influence": ("whether it gave citizens more influence", YES),
    "n_kinds": ("kinds of value it brought", NUMBER),
    "observability": ("how well others can see its worth", SCORE),
    "n_adopted": ("other municipalities that took it up by the end of the run", NUMBER),
}
_MONTHS: Final = {
    "opened": ("arenas opened in the month", NUMBER),
    "opened_open": ("of these, open to outsiders", NUMBER),
    "closed": ("arenas closed in the month", NUMBER),
    "delivered": ("solutions put into use in the month", NUMBER),
    "delivered_open": ("of these, from arenas open to outsiders", NUMBER),
    "invited": ("invitations to take a seat", "persons"),
    "left": ("members who left an arena that went on", "persons"),
    "meetings": ("meetings held", NUMBER),
    "present": ("members who came in the month", "persons"),
    "reused": ("solutions taken over from other municipalities", NUMBER),
    "active": ("arenas running at the end of the month", NUMBER),
    "active_open": ("of these, open to outsiders", NUMBER),
    "climate": ("creative climate of the municipality", SCORE),
    "leadership": ("facilitative leadership in the municipality", SCORE),
    "experience": ("the municipality's experience with co-creation", SCORE),
    "units": ("service units", NUMBER),
    "units_innovating": ("service units with an innovation in the last 24 months", NUMBER),
    "units_tried_only": (
        "service units without one that have an effort under way or ended one in that time",
        NUMBER,
    ),
}
_PEOPLE: Final = {
    "n": ("people of the sector in the municipality", "persons"),
    "optimism": ("mean belief that joint effort succeeds", SCORE),
    "identity": ("mean attachment to the place", SCORE),
    "fatigue": ("mean weariness of taking part", SCORE),
    "seated": ("people with a seat in an arena", SHARE),
    "asked": ("whether the person got the questionnaire", YES),
    "answered": ("whether the person answered it", YES),
    "points": ("boxes on the scale the items were answered on", NUMBER),
}


def write_notes() -> dict[str, Note]:
    """Return the note of every column; the readings' and the items' follow from their own declarations."""
    notes = _PLACES | _ARENAS | _INNOVATIONS | _MONTHS | _PEOPLE
    for sector, words in _SECTOR_WORDS.items():
        notes[f"invited_{sector}"] = (f"whether {words} were invited", YES)
        notes[f"members_{sector}"] = (f"members from {words}, at the end of what the row is about", "persons")
        notes[f"first_phase_{sector}"] = (
            f"phase in which {words} first had a seat, from 1; missing if never",
            NUMBER,
        )
        notes[f"proposals_{sector}"] = (f"better solutions that members from {words} came up with", NUMBER)
        notes[f"joined_{sector}"] = (f"people from {words} who took a seat", "persons")
        notes[f"trust_{sector}"] = (f"mean trust in {words}", SCORE)
    for age in AGE_GROUPS:
        name = "members_" + age.replace("-", "_").replace("+", "_plus")
        notes[name] = (f"members aged {age}, at the end", "persons")
    for reading in READINGS:
        words = reading.replace("_", " ")
        notes[f"reading_{reading}"] = (f"{words}, mean over running arenas; missing without one", SCORE)
        notes[f"reading_open_{reading}"] = (f"{words}, mean over running arenas open to outsiders", SCORE)
    for item in read_instrument().items:
        notes[item.key] = (f"box ticked: {item.en}", "1 to the number of points; missing without an answer")
    return {name: Note(unit, meaning) for name, (meaning, unit) in notes.items()}
