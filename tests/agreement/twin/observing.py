"""Row *observe*: the row of a municipality's month, and now and then the count of everybody."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cosim.engine.logs import COUNTS
from cosim.vocabulary import READINGS, SECTORS
from tests.agreement.twin.plain_rules import learning, trust
from tests.agreement.twin.things import Arena, Host, Municipality, World, single
from tests.agreement.twin.writing import hours_price, monthly_price

WINDOW = 24
"""Months that an innovation counts as recent, as in the barometer."""


def mean_readings(arenas: list[Arena]) -> list[float]:
    """Return the mean of each reading over some arenas, summed in 32 bits as the row keeps it; 0 if there are none."""
    means = []
    for name in READINGS:
        total = 0.0
        for arena in arenas:
            total = single(total + arena.readings[name])
        means.append(total / len(arenas) if arenas else 0.0)
    return means


def observe(world: World, municipality: Municipality, month: int) -> dict[str, Any]:
    """Return a municipality's row of a month, and begin its counts anew."""
    p = world.settings(month, municipality.number)
    arenas = list(municipality.arenas())
    opened_up = [arena for arena in arenas if arena.is_open]
    members = [0] * len(SECTORS)
    for arena in arenas:
        for member in arena.members():
            members[member.sector] += 1
    units = municipality.units()
    innovating = [host for host in units if month - host.newest < WINDOW]
    counts = municipality.counts
    row = {
        **counts,
        "active": len(arenas),
        "active_open": len(opened_up),
        "members": members,
        "readings": mean_readings(arenas),
        "readings_open": mean_readings(opened_up),
        "climate": municipality.scalar_climate(),
        "leadership": municipality.leadership,
        "experience": municipality.experience,
        "units": len(units),
        "units_innovating": len(innovating),
        "units_tried_only": sum(has_tried(host, month) for host in units if host not in innovating),
        "cost": month_cost(p, municipality, counts["seat_months"], len(arenas), len(opened_up)),
    }
    municipality.counts = dict.fromkeys(COUNTS, 0)
    municipality.good_news = municipality.bad_news = 0
    municipality.good_outcomes = municipality.bad_outcomes = 0
    return row


def has_tried(host: Host, month: int) -> bool:
    """Return whether a unit has an effort under way, or one that lately ended with nothing."""
    return month - host.tried < WINDOW or any(arena is not None for arena in host.arenas)


def month_cost(p: SimpleNamespace, municipality: Municipality, seat_months: int, n: int, n_open: int) -> float:
    """Return what a municipality's efforts cost in a month."""
    cost = seat_months * hours_price(p) * p.cost_staff_hour
    cost += n * monthly_price(p)
    cost += n_open * (
        p.cost_facilitation * p.arenas_facilitation
        + p.cost_venue * p.arenas_meetings
        + p.cost_recruitment * p.arenas_recruitment
    )
    cost += p.cost_training * p.leadership_training
    if p.exchange_every > 0.5 and municipality.exchanging:
        cost += p.cost_exchange / p.exchange_every
    return cost


def count_people(world: World, municipality: Municipality, month: int) -> list[dict[str, float]]:
    """Return the means over everybody of each sector at the start of a month; nobody is changed by being counted."""
    p = world.settings(min(month, world.n_months - 1), municipality.number)
    rows = []
    for numbers in municipality.by_sector:
        row = {f"trust_{sector}": 0.0 for sector in SECTORS}
        row |= dict.fromkeys(("optimism", "identity", "fatigue", "seated"), 0.0)
        for actor in municipality.actors[numbers.start : numbers.stop]:
            who = actor if actor.seat is None else actor.seat
            identity, fatigue = who.identity, who.fatigue
            if actor.seat is None and actor.left is not None and month > actor.left:
                gone = month - actor.left
                kept = 1.0 - p.learn_identity_anchor
                identity = learning.faded(identity, actor.identity_anchor, kept, gone)
                fatigue = learning.faded(fatigue, 0.0, p.leave_fatigue_kept, gone)
            for sector, name in enumerate(SECTORS):
                row[f"trust_{name}"] += trust.trust_from_evidence(who.trust[sector], who.distrust[sector])
            row["optimism"] += who.optimism
            row["identity"] += identity
            row["fatigue"] += fatigue
            row["seated"] += actor.seat is not None
        n = len(numbers)
        rows.append({"n": float(n)} | {name: total / n if n else 0.0 for name, total in row.items()})
    return rows
