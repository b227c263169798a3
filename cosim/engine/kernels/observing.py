"""Row *observe*: what is written down of a month, and the count of the whole population now and then."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.compiling import compiled
from cosim.engine.kernels.places import scalar_climate, size
from cosim.engine.logs import N_COUNTS, N_PEOPLE
from cosim.engine.rules.learning import faded
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import OUTSIDE, SCHEDULED
from cosim.vocabulary import N_READINGS

PUBLIC_ONLY = 1
WINDOW = 24


@compiled
def observe_arenas(row: Any, arenas: Any, seats_a_sector: int) -> None:
    """Write a municipality's running arenas, their members by sector, and their mean readings to its row."""
    active = 0
    active_open = 0
    for reading in range(N_READINGS):
        row.readings[reading] = 0.0
        row.readings_open[reading] = 0.0
    for sector in range(4):
        row.members[sector] = 0
    for a in range(arenas.shape[0]):
        arena = arenas[a]
        if arena.phase < 0:
            continue
        is_open = arena.invited != PUBLIC_ONLY
        active += 1
        active_open += 1 if is_open else 0
        for sector in range(4):
            row.members[sector] += size((arena.taken >> (sector * seats_a_sector)) & ((1 << seats_a_sector) - 1))
        for reading in range(N_READINGS):
            row.readings[reading] += arena.readings[reading]
            if is_open:
                row.readings_open[reading] += arena.readings[reading]
    row.active = active
    row.active_open = active_open
    for reading in range(N_READINGS):
        if active > 0:
            row.readings[reading] /= active
        if active_open > 0:
            row.readings_open[reading] /= active_open


@compiled
def observe_units(row: Any, hosts: Any, first: int, last: int, arenas: Any, n_places: int, month: int) -> None:
    """Write how many units have innovated in the barometer's window, and how many have only tried."""
    units = 0
    innovating = 0
    tried = 0
    for h in range(first, last):
        host = hosts[h]
        if host.kind == SCHEDULED:
            continue
        units += 1
        if month - host.newest < WINDOW:
            innovating += 1
            continue
        trying = month - host.tried < WINDOW
        for number in range(n_places):
            trying = trying or arenas[(h - first) * n_places + number].phase >= 0
        tried += 1 if trying else 0
    row.units = units
    row.units_innovating = innovating
    row.units_tried_only = tried


@compiled
def cost_of_month(p: Any, row: Any, exchanging: float) -> float:
    """Return what a municipality's efforts cost in a month (NOK), training and exchange included."""
    hours = p.cost_hours_a_meeting * p.arenas_meetings + p.cost_idea_hours * p.arenas_idea_time
    cost = row.seat_months * hours * p.cost_staff_hour
    cost += row.active * (p.cost_budget * p.arenas_budget + p.cost_testing * p.arenas_testing)
    cost += row.active_open * (
        p.cost_facilitation * p.arenas_facilitation
        + p.cost_venue * p.arenas_meetings
        + p.cost_recruitment * p.arenas_recruitment
    )
    cost += p.cost_training * p.leadership_training
    if p.exchange_every > 0.5 and exchanging > 0.5:
        cost += p.cost_exchange / p.exchange_every
    return cost


@compiled
def observe_month(world: Any, state: Any, month: int, m: int) -> None:
    """Write one municipality's row of a month, and begin its counts anew."""
    row = state.months[month, m]
    p = world.settings[world.setting_row[month, m]]
    place = world.places[m]
    municipality = state.municipalities[m]
    counts = municipality.counts
    row.opened = counts[0]
    row.opened_open = counts[1]
    row.closed = counts[2]
    row.delivered = counts[3]
    row.delivered_open = counts[4]
    row.invited = counts[5]
    row.joined_public = counts[6]
    row.joined_private = counts[7]
    row.joined_civic = counts[8]
    row.joined_research = counts[9]
    row.left = counts[10]
    row.meetings = counts[11]
    row.present = counts[12]
    row.acts = counts[13]
    row.acts_good = counts[14]
    row.seat_months = counts[15]
    row.reused = counts[16]
    arenas = state.arenas[place.host_first * world.n_places : place.host_last * world.n_places]
    observe_arenas(row, arenas, world.n_seats // 4)
    observe_units(row, state.hosts, place.host_first, place.host_last, arenas, world.n_places, month)
    row.climate = scalar_climate(municipality)
    row.leadership = municipality.leadership
    row.experience = municipality.experience
    row.cost = cost_of_month(p, row, place.exchanging)
    for entry in range(N_COUNTS):
        counts[entry] = 0
    for outcome in range(2):
        municipality.news[outcome] = 0.0
        municipality.outcomes[outcome] = 0.0


@compiled
def add_person(out: Any, person: Any, gone: int, identity_kept: float, fatigue_kept: float) -> None:
    """Add an outsider to the sums of a sector, as they would be if brought up to date."""
    for target in range(4):
        out[1 + target] += trust_from_evidence(np.float64(person.trust[target]), np.float64(person.distrust[target]))
    identity = np.float64(person.identity)
    fatigue = np.float64(person.fatigue)
    if gone > 0:
        identity = faded(identity, np.float64(person.identity_anchor), identity_kept, gone)
        fatigue = faded(fatigue, 0.0, fatigue_kept, gone)
    out[5] += person.optimism
    out[6] += identity
    out[7] += fatigue


@compiled
def add_member(out: Any, member: Any) -> None:
    """Add somebody who is seated to the sums of a sector."""
    for target in range(4):
        out[1 + target] += trust_from_evidence(member.trust[target], member.distrust[target])
    out[5] += member.optimism
    out[6] += member.identity
    out[7] += member.fatigue
    out[8] += 1.0


@compiled
def count_people(world: Any, state: Any, month: int, m: int, at: int) -> None:
    """Write the means over everybody of each sector of a municipality; nobody is changed by being counted."""
    p = world.settings[world.setting_row[min(month, world.n_months - 1), m]]
    place = world.places[m]
    for sector in range(4):
        out = state.people[at, m, sector]
        for entry in range(N_PEOPLE):
            out[entry] = 0.0
        first = place.sector_first[sector]
        last = place.sector_first[sector + 1]
        for actor in range(first, last):
            person = state.actors[actor]
            if person.seat >= 0:
                add_member(out, state.seats[person.seat // world.n_seats, person.seat % world.n_seats])
            else:
                gone = 0 if person.left == OUTSIDE else max(month - person.left, 0)
                add_person(out, person, gone, 1.0 - p.learn_identity_anchor, p.leave_fatigue_kept)
        out[0] = last - first
        if last > first:
            for entry in range(1, N_PEOPLE):
                out[entry] /= last - first
