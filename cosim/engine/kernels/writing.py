"""Writing down: an arena's row, an innovation's row, and what they cost."""

from __future__ import annotations

from typing import Any

from cosim.engine import address
from cosim.engine.compiling import kernel
from cosim.engine.kernels.places import is_in
from cosim.engine.rules.arithmetic import within
from cosim.engine.state import OUTSIDE

PUBLIC_ONLY = 1


@kernel
def cost_of(p: Any, arena: Any, months: int) -> float:
    """Return what an arena has cost (NOK): members' hours, and for open ones facilitation, venue and recruitment."""
    monthly = p.cost_budget * p.arenas_budget + p.cost_testing * p.arenas_testing
    if arena.invited != PUBLIC_ONLY:
        monthly += p.cost_facilitation * p.arenas_facilitation + p.cost_venue * p.arenas_meetings
        monthly += p.cost_recruitment * p.arenas_recruitment
    hour = p.cost_staff_hour * (p.cost_hours_a_meeting * p.arenas_meetings + p.cost_idea_hours * p.arenas_idea_time)
    return monthly * months + hour * arena.seat_months


@kernel
def write_arena(
    row: Any, p: Any, arena: Any, seats: Any, host: Any, m: int, h: int, number: int, month: int, ending: int
) -> None:
    """Write an arena's row to the log; the month is the one it closes in."""
    met = max(arena.months_met, 1.0)
    per_sector = seats.shape[0] // 4
    row.municipality = m
    row.host = h
    row.place = number
    row.area = host.area
    row.focus = host.focus
    row.scheduled = host.kind
    row.invited = arena.invited
    row.shared = arena.shared
    row.opened = arena.opened
    row.closed = month
    row.ending = ending
    row.last_phase = arena.phase
    row.worth = arena.readings[5]
    row.support = arena.readings[21]
    row.power_share = arena.readings[19]
    row.months_met = arena.months_met
    row.presence = arena.presence / met
    row.engagement = arena.engagement / met
    row.understanding = arena.understanding / met
    row.understanding_gain = arena.readings[3] - arena.understanding_first
    row.trust = arena.readings[1]
    row.trust_gain = arena.readings[1] - arena.trust_first
    row.commitment = arena.readings[2]
    row.capacity = arena.readings[4]
    row.acts = arena.acts
    row.acts_good = arena.acts_good
    row.seat_months = arena.seat_months
    row.joins = arena.joins
    row.leaves = arena.leaves
    row.peak_engagement_month = arena.peak_engagement_month
    row.peak_capacity_month = arena.peak_capacity_month
    row.wins_first_month = arena.wins_first_month
    row.decided = 1 if arena.votes > 0.0 else 0
    row.cost = cost_of(p, arena, month - arena.opened + 1)
    for sector in range(4):
        row.members[sector] = 0
        row.first_phase[sector] = arena.first_phase[sector]
        row.proposals[sector] = arena.proposals[sector]
    for age in range(5):
        row.ages[age] = 0
    for seat in range(seats.shape[0]):
        if is_in(arena.taken, seat):
            row.members[seat // per_sector] += 1
            row.ages[seats[seat].age] += 1


@kernel
def write_innovation(row: Any, p: Any, done: Any, arena_row: int, luck: Any, where: int) -> None:
    """Write a delivered solution to the log, with its kind and the values it brings, from its arena's row."""
    slot = where * 8
    row.municipality = done.municipality
    row.host = done.host
    row.arena_row = arena_row
    row.month = done.closed
    row.months_taken = done.closed - done.opened + 1
    row.area = done.area
    row.focus = done.focus
    row.type = address.draw_below(luck, slot, 5)
    row.value = done.worth
    staff = min(done.members[0] / max(p.arenas_seats_public, 1.0), 1.0)
    citizens = 1.0 if done.members[2] > 0 else 0.0
    lift = p.value_by_worth * (done.worth - 0.5)
    satisfaction = p.value_satisfaction + lift + p.value_by_staff * (staff - 0.5)
    influence = p.value_influence + citizens * p.value_by_power * done.power_share
    row.quality = 1 if address.draw(luck, slot + 1) < within(p.value_quality + lift, 0.0, 1.0) else 0
    row.efficiency = 1 if address.draw(luck, slot + 2) < within(p.value_efficiency + lift, 0.0, 1.0) else 0
    row.staff_satisfaction = 1 if address.draw(luck, slot + 3) < within(satisfaction, 0.0, 1.0) else 0
    row.citizen_influence = 1 if address.draw(luck, slot + 4) < within(influence, 0.0, 1.0) else 0
    row.invited = done.invited
    row.shared = done.shared
    for sector in range(4):
        row.members[sector] = done.members[sector]
    row.power_share = done.power_share
    row.observability = p.spread_observability
    row.n_adopted = 0


@kernel
def offer_to_others(adopted: Any, pressure: Any, neighbours: Any, origin: int) -> None:
    """Let the others know of a new solution: nobody uses it yet, and its origin is one of those they look to."""
    for other in range(adopted.shape[0]):
        adopted[other] = OUTSIDE
        pressure[other] = neighbours[other, origin]
