"""Rows *advance* and *decide*: the theory's hazards move an arena on; support and success decide what comes of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import kernel
from cosim.engine.kernels.quantities import fill_quantities, hazard_of_event
from cosim.engine.processor import size
from cosim.engine.rules.arithmetic import comes_in_month
from cosim.engine.rules.deciding import chance_of_success, may_move_on, supports, weighted_support
from cosim.vocabulary import N_NODES

RUNNING, DELIVERED, COST, POLICY, NO_SUPPORT, EXHAUSTED, EMPTIED = range(7)
NONE, AUTHORITY, MAJORITY, SUPERMAJORITY, CONSENT = range(5)
QUALITY = 5
POWER_SHARE = 19
SUPPORT = 21


@kernel
def framing_of_arena(seats: Any, desk: Any, members: int) -> float:
    """Return the mean framing of an arena's members, 0.5 if there are none."""
    total = 0.0
    for one in range(members):
        total += seats[desk.members[one]].framing
    return total / members if members > 0 else 0.5


@kernel
def measure_support(process: Any, p: Any, arena: Any, seats: Any, desk: Any, members: int) -> float:
    """Return the weighted support of those who may decide in the arena's phase, 0..1."""
    quality = arena.readings[QUALITY]
    mean = framing_of_arena(seats, desk, members)
    public = 0.0
    others = 0.0
    n_public = 0
    n_others = 0
    for one in range(members):
        member = seats[desk.members[one]]
        sector = desk.sector_of[desk.members[one]]
        if process.may_decide[arena.phase, sector] == 0:
            continue
        reservation = p.decide_reservation + p.decide_reservation_optimism * (1.0 - member.optimism)
        agrees = 1.0 if supports(quality, reservation, abs(member.framing - mean), p.decide_distance) else 0.0
        if sector == 0:
            public += agrees
            n_public += 1
        else:
            others += agrees
            n_others += 1
    if n_public > 0:
        public /= n_public
    if n_others > 0:
        others /= n_others
    return weighted_support(public, others, n_public, n_others, arena.readings[POWER_SHARE])


@kernel
def support_needed(p: Any, rule: int) -> float:
    """Return the share of support a decision rule asks for."""
    if rule == SUPERMAJORITY:
        return p.decide_supermajority
    if rule == CONSENT:
        return 1.0
    return p.decide_majority


@kernel
def cause_of_failure(arena: Any, capacity: float, luck: float) -> int:
    """Return why a decided solution was not put into use: it cost too much, or it challenged existing policy.

    The less capacity, the likelier cost; the further from today's practice, the likelier policy.
    """
    changed = size(np.int64(arena.best_solution) ^ np.int64(arena.start_solution))
    cost = 1.0 - capacity
    policy = changed / 16.0
    return COST if luck * (cost + policy) <= cost else POLICY


@kernel
def advance(process: Any, p: Any, arena: Any, seats: Any, where: int, desk: Any, members: int, met: int) -> int:
    """Let this month's event come, if it comes; return how the arena ends (0 if it goes on)."""
    if p.month_advance < 0.5 or not may_move_on(members, arena.months_met, met):
        return RUNNING
    phase = np.int64(arena.phase)
    quantities = desk.quantities
    fill_quantities(arena, process.n_nodes, quantities)
    hazard = hazard_of_event(process, phase, p.process_base_hazard, quantities)
    if not comes_in_month(hazard, address.draw(desk.lucks[address.ADVANCE], where)):
        return RUNNING
    rule = process.decision_rule[phase]
    if rule != NONE and p.arenas_decision_rule > 0.5:
        rule = int(p.arenas_decision_rule)
    if p.month_decide < 0.5:
        rule = NONE
    if rule != NONE:
        if rule == AUTHORITY:
            arena.readings[POWER_SHARE] = 0.0
        support = measure_support(process, p, arena, seats, desk, members)
        arena.readings[SUPPORT] = support
        arena.votes += 1.0
        if support < support_needed(p, rule):
            if process.back[phase] < 0:
                return NO_SUPPORT
            arena.phase = process.back[phase]
            return RUNNING
    arena.progress = 1
    if phase + 1 < process.n_phases:
        arena.phase = phase + 1
        return RUNNING
    if p.month_decide < 0.5:
        return DELIVERED
    capacity = quantities[process.capacity_quantity]
    chance = chance_of_success(quantities[N_NODES + QUALITY], capacity)
    chance += (1.0 - chance) * p.decide_testing_gain * p.arenas_testing
    if address.draw(desk.lucks[address.SUCCESS], where) < chance:
        return DELIVERED
    return cause_of_failure(arena, capacity, address.draw(desk.lucks[address.CAUSE], where))
