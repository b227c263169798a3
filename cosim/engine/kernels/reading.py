"""Row *constructs*: what can be read off an arena, and how the theory's arrows move its constructs."""

from __future__ import annotations

from typing import Any

from cosim.engine.compiling import inlined, kernel
from cosim.engine.processor import size
from cosim.engine.rules.arithmetic import within
from cosim.engine.rules.constructs import construct_next
from cosim.engine.rules.searching import quality_of
from cosim.engine.rules.trust import trust_from_evidence
from cosim.vocabulary import DECISION_RULES

AUTHORITY = DECISION_RULES.index("authority")


@kernel
def read_people(arena: Any, seats: Any, desk: Any, members: int, n_guests: int, out: Any) -> None:
    """Write what is read from the members: engagement, trust, commitment, understanding, optimism, identity and
    diversity; 0 where nobody is seated.
    """
    mask = 0
    for one in range(members):
        mask |= 1 << desk.sector_of[desk.members[one]]
    n_sectors = size(mask)
    trust = 0.0
    commitment = 0.0
    framing = 0.0
    optimism = 0.0
    identity = 0.0
    for one in range(members):
        member = seats[desk.members[one]]
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
    for one in range(members):
        spread += abs(seats[desk.members[one]].framing - framing)
    out[0] = n_guests / people * (n_sectors / size(arena.invited))
    out[1] = trust / people
    out[2] = commitment / people
    out[3] = within(1.0 - 2.0 * spread / people, 0.0, 1.0) if members > 0 else 0.0
    out[6] = optimism / people
    out[7] = identity / people
    out[13] = n_sectors / 4.0


@kernel
def read_arena(
    p: Any, municipality: Any, arena: Any, seats: Any, desk: Any, members: int, n_guests: int, best_there_is: float
) -> None:
    """Write an arena's readings (shares 0..1, order of vocabulary.READINGS)."""
    out = arena.readings
    read_people(arena, seats, desk, members, n_guests, out)
    budget = p.arenas_budget * (1.0 - p.context_budget_cut)
    out[4] = (municipality.leadership + municipality.design + municipality.administration + budget) / 4.0
    out[5] = quality_of(arena.best_worth, best_there_is)
    out[8] = desk.climate
    out[9] = municipality.leadership
    out[10] = municipality.design
    out[11] = municipality.administration
    if desk.sums[0] > 0.0:
        out[12] = 1.0 - desk.sums[2] / desk.sums[0]
    out[14] = p.context_incentives
    out[15] = p.context_interdependence
    out[16] = p.context_uncertainty
    out[17] = p.context_mandate
    out[18] = municipality.experience
    out[19] = p.arenas_power_share if arena.invited > 1 and int(p.arenas_decision_rule) != AUTHORITY else 0.0
    out[20] = p.arenas_facilitation


@inlined
def flow(process: Any, readings: Any, before: Any, gain: float, desk: Any) -> None:
    """Write what each construct is measured as and what flows into it along the arrows, input and bias included."""
    inflow = desk.inflow
    for node in range(process.n_nodes):
        inflow[node] = 0.0
    for one in range(process.n_arrows):
        moderated = process.arrow_low[one] + process.arrow_gain[one] * readings[process.arrow_reading[one]]
        inflow[process.arrow_to[one]] += process.arrow_weight[one] * moderated * before[process.arrow_from[one]]
    for node in range(process.n_nodes):
        measured = 2.0 * readings[process.reading[node]] - 1.0 if process.reading[node] >= 0 else 0.0
        inflow[node] = inflow[node] * gain + (process.input_weight[node] * measured + process.bias[node])
        desk.measured[node] = measured


@kernel
def move_constructs(process: Any, p: Any, arena: Any, fresh: bool, desk: Any) -> None:
    """Move an arena's constructs by a month; a fresh arena starts where the people are (its prehistory)."""
    nodes = arena.nodes
    readings = arena.readings
    if fresh:
        for node in range(process.n_nodes):
            nodes[node] = 2.0 * readings[process.reading[node]] - 1.0 if process.reading[node] >= 0 else 0.0
    flow(process, readings, nodes, p.process_gain, desk)
    arrows = p.process_arrows
    inertia = p.process_inertia
    for node in range(process.n_nodes):
        nodes[node] = construct_next(nodes[node], desk.measured[node], desk.inflow[node], arrows, inertia)


@kernel
def keep_lagged(sums: Any, readings: Any, earlier: Any) -> None:
    """Add one arena's month and the month before to the sums of lag-one correlations of the six measured constructs."""
    # Read first, then added to what stands side by side: so the compiler takes several sums at once.
    before = (earlier[0], earlier[1], earlier[2], earlier[3], earlier[4], earlier[5])
    now = (readings[0], readings[1], readings[2], readings[3], readings[4], readings[5])
    sums[0] += 1.0
    for one in range(6):
        sums[1 + one] += before[one]
    for one in range(6):
        sums[7 + one] += now[one]
    for one in range(6):
        sums[13 + one] += before[one] * before[one]
    for one in range(6):
        sums[19 + one] += now[one] * now[one]
    for one in range(6):
        for two in range(6):
            sums[25 + one * 6 + two] += before[one] * now[two]


@kernel
def tally_month(arena: Any, month: int, met: int, members: int, n_guests: int, sums: Any) -> None:
    """Add a month to an arena's life: what level and quality of co-creation are measured from when it closes."""
    readings = arena.readings
    arena.seat_months += members
    if met == 0:
        return
    if arena.months_met == 0.0:
        arena.trust_first = readings[1]
        arena.understanding_first = readings[3]
    arena.months_met += 1.0
    arena.presence += n_guests / members if members > 0 else 0.0
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
