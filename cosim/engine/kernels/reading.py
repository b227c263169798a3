"""Row *constructs*: what can be read off an arena, and how the theory's arrows move its constructs."""

from __future__ import annotations

from typing import Any

from cosim.engine.compiling import compiled
from cosim.engine.kernels.places import is_in, scalar_climate, size
from cosim.engine.rules.arithmetic import within
from cosim.engine.rules.constructs import construct_next
from cosim.engine.rules.searching import quality_of
from cosim.engine.rules.trust import trust_from_evidence


@compiled
def read_people(arena: Any, seats: Any, met: int, out: Any) -> int:
    """Write what is read from the members (engagement, trust, commitment, understanding, optimism, identity,
    diversity) and return how many they are; 0 where nobody is seated.
    """
    per_sector = seats.shape[0] // 4
    members = 0
    mask = 0
    for seat in range(seats.shape[0]):
        if is_in(arena.taken, seat):
            members += 1
            mask |= 1 << (seat // per_sector)
    n_sectors = size(mask)
    trust = 0.0
    commitment = 0.0
    framing = 0.0
    optimism = 0.0
    identity = 0.0
    for seat in range(seats.shape[0]):
        if not is_in(arena.taken, seat):
            continue
        member = seats[seat]
        own = 0.0
        for sector in range(4):
            if (mask >> sector) & 1:
                own += trust_from_evidence(member.trust[sector], member.distrust[sector])
        trust += own / n_sectors
        commitment += member.commitment
        framing += member.framing
        optimism += member.optimism
        identity += member.identity
    people = members if members > 0 else 1
    framing /= people
    spread = 0.0
    for seat in range(seats.shape[0]):
        if is_in(arena.taken, seat):
            spread += abs(seats[seat].framing - framing)
    coverage = n_sectors / size(arena.invited)
    out[0] = size(arena.present) / people * coverage if met > 0 else 0.0
    out[1] = trust / people
    out[2] = commitment / people
    out[3] = within(1.0 - 2.0 * spread / people, 0.0, 1.0) if members > 0 else 0.0
    out[6] = optimism / people
    out[7] = identity / people
    out[13] = n_sectors / 4.0
    return members


@compiled
def read_arena(p: Any, municipality: Any, arena: Any, seats: Any, met: int, best_there_is: float, sums: Any) -> int:
    """Write an arena's readings (shares 0..1, order of vocabulary.READINGS) and return the number of members."""
    out = arena.readings
    members = read_people(arena, seats, met, out)
    budget = p.arenas_budget * (1.0 - p.context_budget_cut)
    out[4] = (municipality.leadership + municipality.design + municipality.administration + budget) / 4.0
    out[5] = quality_of(arena.best_worth, best_there_is)
    out[8] = scalar_climate(municipality)
    out[9] = municipality.leadership
    out[10] = municipality.design
    out[11] = municipality.administration
    if sums[0] > 0.0:
        out[12] = 1.0 - sums[2] / sums[0]
    out[14] = p.context_incentives
    out[15] = p.context_interdependence
    out[16] = p.context_uncertainty
    out[17] = p.context_mandate
    out[18] = municipality.experience
    out[19] = p.arenas_power_share if arena.invited > 1 else 0.0
    out[20] = p.arenas_facilitation
    return members


@compiled
def move_constructs(process: Any, p: Any, arena: Any, fresh: bool, before: Any) -> None:
    """Move an arena's constructs by a month; a fresh arena starts where the people are (its prehistory)."""
    n = process.n_nodes
    nodes = arena.nodes
    readings = arena.readings
    if fresh:
        for node in range(n):
            nodes[node] = 2.0 * readings[process.reading[node]] - 1.0 if process.reading[node] >= 0 else 0.0
    for node in range(n):
        before[node] = nodes[node]
    for node in range(n):
        inflow = 0.0
        for sender in range(n):
            weight = process.arrows[node, sender]
            if weight == 0.0:
                continue
            moderator = process.moderator[node, sender]
            if moderator >= 0:
                low = process.moderator_low[node, sender]
                weight *= low + (process.moderator_high[node, sender] - low) * readings[moderator]
            inflow += weight * before[sender]
        inflow *= p.process_gain
        measured = 0.0
        if process.reading[node] >= 0:
            measured = 2.0 * readings[process.reading[node]] - 1.0
        inflow += process.input_weight[node] * measured + process.bias[node]
        nodes[node] = construct_next(before[node], measured, inflow, p.process_arrows, p.process_inertia)


@compiled
def keep_lagged(sums: Any, readings: Any, earlier: Any) -> None:
    """Add one arena's month and the month before to the sums of lag-one correlations of the six measured constructs."""
    sums[0] += 1.0
    for one in range(6):
        x = earlier[one]
        y = readings[one]
        sums[1 + one] += x
        sums[7 + one] += y
        sums[13 + one] += x * x
        sums[19 + one] += y * y
        for two in range(6):
            sums[25 + one * 6 + two] += x * readings[two]


@compiled
def tally_month(arena: Any, month: int, met: int, members: int, sums: Any) -> None:
    """Add a month to an arena's life: what level and quality of co-creation are measured from when it closes."""
    readings = arena.readings
    arena.seat_months += members
    if met == 0:
        return
    if arena.months_met == 0.0:
        arena.trust_first = readings[1]
        arena.understanding_first = readings[3]
    arena.months_met += 1.0
    arena.presence += size(arena.present) / members if members > 0 else 0.0
    arena.engagement += readings[0]
    arena.understanding += readings[3]
    if readings[0] > arena.peak_engagement:
        arena.peak_engagement = readings[0]
        arena.peak_engagement_month = month - arena.opened
    if readings[4] > arena.peak_capacity:
        arena.peak_capacity = readings[4]
        arena.peak_capacity_month = month - arena.opened
    arena.acts += sums[0]
    arena.acts_good += sums[1]
    if arena.progress and arena.wins_first_month < 0.0:
        arena.wins_first_month = month - arena.opened
