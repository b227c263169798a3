"""Row *observe*: what is written down of a month, and the count of the whole population now and then."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.compiling import kernel
from cosim.engine.kernels.places import scalar_climate
from cosim.engine.logs import N_COUNTS, N_PEOPLE
from cosim.engine.processor import size
from cosim.engine.rules.learning import faded
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import OUTSIDE, SCHEDULED
from cosim.vocabulary import N_READINGS

PUBLIC_ONLY = 1
WINDOW = 24


@kernel
def clear_arenas(row: Any) -> None:
    """Begin a month's row: no arena has been noted yet."""
    row.active = 0
    row.active_open = 0
    for reading in range(N_READINGS):
        row.readings[reading] = 0.0
        row.readings_open[reading] = 0.0
    for sector in range(4):
        row.members[sector] = 0


@kernel
def note_arena(row: Any, arena: Any, seats_a_sector: int) -> None:
    """Add an arena that goes on to its municipality's row: the arena, its members by sector, its readings."""
    row.active += 1
    for sector in range(4):
        row.members[sector] += size((arena.taken >> (sector * seats_a_sector)) & ((1 << seats_a_sector) - 1))
    for reading in range(N_READINGS):
        row.readings[reading] += arena.readings[reading]
    if arena.invited != PUBLIC_ONLY:
        row.active_open += 1
        for reading in range(N_READINGS):
            row.readings_open[reading] += arena.readings[reading]


@kernel
def mean_readings(row: Any) -> None:
    """Make means of the noted arenas' sums."""
    for reading in range(N_READINGS):
        if row.active > 0:
            row.readings[reading] /= row.active
        if row.active_open > 0:
            row.readings_open[reading] /= row.active_open


@kernel
def observe_units(row: Any, hosts: Any, first: int, last: int, month: int) -> None:
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
        elif month - host.tried < WINDOW or host.running != 0:
            tried += 1
    row.units = units
    row.units_innovating = innovating
    row.units_tried_only = tried


@kernel
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


@kernel
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
    mean_readings(row)
    observe_units(row, state.hosts, place.host_first, place.host_last, month)
    row.climate = scalar_climate(municipality)
    row.leadership = municipality.leadership
    row.experience = municipality.experience
    row.cost = cost_of_month(p, row, place.exchanging)
    for entry in range(N_COUNTS):
        counts[entry] = 0
    for outcome in range(2):
        municipality.news[outcome] = 0.0
        municipality.outcomes[outcome] = 0.0


@kernel
def count_sector(
    state: Any, first: int, last: int, month: int, identity_kept: float, fatigue_kept: float, out: Any
) -> None:
    """Write the sums over the actors first..last-1 of a sector, outsiders as they would be if brought up to date."""
    publics = 0.0
    privates = 0.0
    civics = 0.0
    researchers = 0.0
    optimism = 0.0
    identities = 0.0
    fatigues = 0.0
    seated = 0
    n_seats = state.seats.shape[1]
    for actor in range(first, last):
        person = state.actors[actor]
        if person.seat >= 0:
            member = state.seats[person.seat // n_seats, person.seat % n_seats]
            publics += trust_from_evidence(member.trust[0], member.distrust[0])
            privates += trust_from_evidence(member.trust[1], member.distrust[1])
            civics += trust_from_evidence(member.trust[2], member.distrust[2])
            researchers += trust_from_evidence(member.trust[3], member.distrust[3])
            optimism += member.optimism
            identities += member.identity
            fatigues += member.fatigue
            seated += 1
            continue
        publics += trust_from_evidence(np.float64(person.trust[0]), np.float64(person.distrust[0]))
        privates += trust_from_evidence(np.float64(person.trust[1]), np.float64(person.distrust[1]))
        civics += trust_from_evidence(np.float64(person.trust[2]), np.float64(person.distrust[2]))
        researchers += trust_from_evidence(np.float64(person.trust[3]), np.float64(person.distrust[3]))
        optimism += person.optimism
        identity = np.float64(person.identity)
        fatigue = np.float64(person.fatigue)
        if person.left != OUTSIDE and month > person.left:
            gone = month - person.left
            identity = faded(identity, np.float64(person.identity_anchor), identity_kept, gone)
            fatigue = faded(fatigue, 0.0, fatigue_kept, gone)
        identities += identity
        fatigues += fatigue
    out[1] = publics
    out[2] = privates
    out[3] = civics
    out[4] = researchers
    out[5] = optimism
    out[6] = identities
    out[7] = fatigues
    out[8] = seated


@kernel
def count_people(world: Any, state: Any, month: int, m: int, at: int) -> None:
    """Write the means over everybody of each sector of a municipality; nobody is changed by being counted."""
    p = world.settings[world.setting_row[min(month, world.n_months - 1), m]]
    place = world.places[m]
    for sector in range(4):
        out = state.people[at, m, sector]
        first = place.sector_first[sector]
        last = place.sector_first[sector + 1]
        count_sector(state, first, last, month, 1.0 - p.learn_identity_anchor, p.leave_fatigue_kept, out)
        out[0] = last - first
        if last > first:
            for entry in range(1, N_PEOPLE):
                out[entry] /= last - first
