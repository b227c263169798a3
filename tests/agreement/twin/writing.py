"""What is written down of an arena when it ends, and of a solution when it is put into use."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cosim.vocabulary import AGE_GROUPS, ENDINGS, INNOVATION_TYPES, SECTORS
from tests.agreement.twin.plain_rules import arithmetic
from tests.agreement.twin.things import Arena, Municipality, World, single

KINDS = ("quality", "efficiency", "staff_satisfaction", "citizen_influence")


def hours_price(p: SimpleNamespace) -> float:
    """Return what a member's month costs."""
    return p.cost_hours_a_meeting * p.arenas_meetings + p.cost_idea_hours * p.arenas_idea_time


def monthly_price(p: SimpleNamespace) -> float:
    """Return what any arena costs a month beside its members' hours."""
    return p.cost_budget * p.arenas_budget + p.cost_testing * p.arenas_testing


def arena_cost(p: SimpleNamespace, arena: Arena, months: int) -> float:
    """Return what an arena has cost in all its months, at the settings of its last."""
    monthly = monthly_price(p)
    if arena.is_open:
        monthly += p.cost_facilitation * p.arenas_facilitation + p.cost_venue * p.arenas_meetings
        monthly += p.cost_recruitment * p.arenas_recruitment
    return monthly * months + p.cost_staff_hour * hours_price(p) * arena.life["seat_months"]


def arena_row(p: SimpleNamespace, municipality: Municipality, arena: Arena, month: int) -> dict[str, Any]:
    """Return an arena's row of the log."""
    life, readings = arena.life, arena.readings
    met = max(life["months_met"], 1.0)
    members = list(arena.members())
    return {
        "municipality": municipality.number,
        "host": arena.host.number,
        "place": arena.place,
        "area": arena.host.area,
        "focus": arena.host.focus,
        "scheduled": arena.host.scheduled,
        "invited": sum(2**sector for sector in arena.invited),
        "shared": arena.shared,
        "opened": arena.opened,
        "closed": month,
        "ending": ENDINGS.index(arena.ending),
        "last_phase": arena.phase,
        "worth": readings["wins"],
        "support": readings["support"],
        "power_share": readings["power_share"],
        "months_met": life["months_met"],
        "presence": life["presence"] / met,
        "engagement": life["engagement"] / met,
        "understanding": life["understanding"] / met,
        "understanding_gain": readings["understanding"] - life["understanding_first"],
        "trust": readings["trust"],
        "trust_gain": readings["trust"] - life["trust_first"],
        "commitment": readings["commitment"],
        "capacity": readings["capacity"],
        "acts": life["acts"],
        "acts_good": life["acts_good"],
        "seat_months": life["seat_months"],
        "joins": life["joins"],
        "leaves": life["leaves"],
        "peak_engagement_month": life["peak_engagement_month"],
        "peak_capacity_month": life["peak_capacity_month"],
        "wins_first_month": life["wins_first_month"],
        "members": [sum(member.sector == sector for member in members) for sector in range(len(SECTORS))],
        "first_phase": [-1 if phase is None else phase for phase in arena.first_phase],
        "proposals": list(arena.proposals),
        "decided": life["votes"] > 0.0,
        "ages": [sum(member.actor.age == age for member in members) for age in range(len(AGE_GROUPS))],
        "cost": arena_cost(p, arena, month - arena.opened + 1),
    }


def solution_row(
    world: World, p: SimpleNamespace, municipality: Municipality, arena: Arena, row: dict[str, Any], month: int
) -> dict[str, Any]:
    """Return a new solution's row of the log, with its type and the kinds of value it brings."""
    slot = arena.address * 8
    worth = single(row["worth"])
    power_share = single(row["power_share"])
    lift = p.value_by_worth * (worth - 0.5)
    staff = min(row["members"][0] / max(p.arenas_seats_public, 1.0), 1.0)
    citizens = 1.0 if row["members"][2] else 0.0
    chances = {
        "quality": p.value_quality + lift,
        "efficiency": p.value_efficiency + lift,
        "staff_satisfaction": p.value_satisfaction + lift + p.value_by_staff * (staff - 0.5),
        "citizen_influence": p.value_influence + citizens * p.value_by_power * power_share,
    }
    kinds = {
        kind: world.luck.draw(month, "value", slot + number) < arithmetic.within(chances[kind], 0.0, 1.0)
        for number, kind in enumerate(KINDS, start=1)
    }
    return {
        "municipality": municipality.number,
        "host": arena.host.number,
        "arena_row": municipality.log_first + len(municipality.arena_log) - 1,
        "month": month,
        "months_taken": month - arena.opened + 1,
        "area": arena.host.area,
        "focus": arena.host.focus,
        "type": world.luck.draw_below(month, "value", slot, len(INNOVATION_TYPES)),
        "value": worth,
        **kinds,
        "invited": row["invited"],
        "shared": row["shared"],
        "members": row["members"],
        "power_share": power_share,
        "observability": single(p.spread_observability),
        "n_adopted": 0,
    }
