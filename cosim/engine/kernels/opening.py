"""Row *open*: units start efforts, scheduled arenas open, openness decides who is invited."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import kernel
from cosim.engine.kernels.places import is_in, place_address, scalar_climate
from cosim.engine.kernels.quantities import combined
from cosim.engine.rules.arithmetic import chance_in_month
from cosim.engine.rules.searching import ALL_DECISIONS, worth
from cosim.engine.state import OUTSIDE, SCHEDULED
from cosim.vocabulary import N_NODES, N_READINGS

PUBLIC_ONLY = 1
EVERYBODY = 15


@kernel
def gate_is_open(process: Any, p: Any, place: Any, municipality: Any, quantities: Any) -> bool:
    """Return whether the theory's start gate lets an effort begin, by what can be read before anybody has met."""
    if process.start_level < 0.0:
        return True
    for quantity in range(N_NODES + N_READINGS):
        quantities[quantity] = 0.5
    budget = p.arenas_budget * (1.0 - p.context_budget_cut)
    base = N_NODES
    quantities[base + 1] = place.prehistory[0]
    quantities[base + 4] = (municipality.leadership + municipality.design + municipality.administration + budget) / 4.0
    quantities[base + 6] = place.prehistory[1]
    quantities[base + 8] = scalar_climate(municipality)
    quantities[base + 9] = municipality.leadership
    quantities[base + 10] = municipality.design
    quantities[base + 11] = municipality.administration
    quantities[base + 14] = p.context_incentives
    quantities[base + 15] = p.context_interdependence
    quantities[base + 16] = p.context_uncertainty
    quantities[base + 17] = p.context_mandate
    quantities[base + 18] = municipality.experience
    value = combined(process.start_form, process.start_term, process.start_weight, 0.0, quantities)
    return value > process.start_level


@kernel
def invite(p: Any, luck: Any, where: int) -> int:
    """Return the set of sectors an effort invites: everybody with the chance of openness, else each one by its own."""
    if address.draw(luck, where * 8) < p.arenas_openness:
        return EVERYBODY
    invited = PUBLIC_ONLY
    if address.draw(luck, where * 8 + 1) < p.arenas_invite_private:
        invited |= 2
    if address.draw(luck, where * 8 + 2) < p.arenas_invite_civic:
        invited |= 4
    if address.draw(luck, where * 8 + 3) < p.arenas_invite_research:
        invited |= 8
    return invited


@kernel
def begin(
    world: Any, state: Any, municipality: Any, h: int, number: int, month: int, lucks: Any, invited: int, shared: int
) -> None:
    """Make a place a fresh arena in its first phase, with today's practice as its solution."""
    host = state.hosts[h]
    arena = state.arenas[h * world.n_places + number]
    where = place_address(host, number)
    host.running |= 1 << number
    municipality.counts[0] += 1
    municipality.counts[1] += 1 if invited != PUBLIC_ONLY else 0
    problem = address.draw_below(lucks[address.PROBLEM], where, world.landscapes.shape[0])
    start = np.int64(address.word(lucks[address.START_SOLUTION], where) & np.uint64(ALL_DECISIONS))
    arena.taken = 0
    arena.present = 0
    arena.phase = 0
    arena.opened = month
    arena.invited = invited
    arena.shared = shared
    arena.progress = 0
    arena.landscape = problem
    arena.start_solution = start
    arena.best_solution = start
    arena.best_worth = worth(start, world.landscapes[problem], 16, world.coupling)
    for node in range(N_NODES):
        arena.nodes[node] = 0.0
    for reading in range(N_READINGS):
        arena.readings[reading] = 0.0
    for sector in range(4):
        arena.first_phase[sector] = OUTSIDE
        arena.proposals[sector] = 0.0
    arena.months_met = 0.0
    arena.presence = 0.0
    arena.engagement = 0.0
    arena.understanding = 0.0
    arena.trust_first = 0.0
    arena.understanding_first = 0.0
    arena.peak_engagement = 0.0
    arena.peak_engagement_month = 0.0
    arena.peak_capacity = 0.0
    arena.peak_capacity_month = 0.0
    arena.acts = 0.0
    arena.acts_good = 0.0
    arena.seat_months = 0.0
    arena.joins = 0.0
    arena.leaves = 0.0
    arena.votes = 0.0
    arena.wins_first_month = -1.0


@kernel
def open_arenas(world: Any, state: Any, process: Any, month: int, m: int, desk: Any) -> None:
    """Open this month's arenas of one municipality."""
    p = world.settings[world.setting_row[month, m]]
    municipality = state.municipalities[m]
    place = world.places[m]
    luck_open = desk.lucks[address.OPEN]
    luck_invited = desk.lucks[address.INVITED]
    luck_idle = address.luck_of(world.run_luck, -1, address.IDLE)
    allowed = gate_is_open(process, p, place, municipality, desk.quantities)
    chance = chance_in_month(p.arenas_opening * (0.5 + municipality.leadership))
    for h in range(place.host_first, place.host_last):
        host = state.hosts[h]
        if host.kind == SCHEDULED:
            # A scheduled arena is a decision of the municipality: no theory's gate stops it.
            if host.month == month and not is_in(host.running, 0):
                begin(world, state, municipality, h, 0, month, desk.lucks, np.int64(host.invited), 1)
            continue
        if not allowed:
            continue
        for number in range(world.n_places):
            where = place_address(host, number)
            if number >= p.arenas_parallel or is_in(host.running, number) or address.draw(luck_open, where) >= chance:
                continue
            if address.draw(luck_idle, host.address) < p.arenas_idle_units:
                continue
            invited = invite(p, luck_invited, where)
            shared = 1 if address.draw(luck_invited, where * 8 + 4) < p.arenas_invite_units else 0
            begin(world, state, municipality, h, number, month, desk.lucks, invited, shared)
