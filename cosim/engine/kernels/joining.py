"""Row *join*: seats that are empty are offered, and some say yes."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled, inlined
from cosim.engine.kernels.places import bring_up_to_date, is_in, place_address, size, take_seat
from cosim.engine.rules.joining import chance_of_joining, joins_at_threshold
from cosim.engine.rules.searching import decision_in, worth
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import SCHEDULED

MOST_INVITATIONS = 128


@inlined
def seats_of(p: Any, sector: int) -> int:
    """Return how many seats a sector has in an arena."""
    if sector == 0:
        return int(p.arenas_seats_public)
    if sector == 1:
        return int(p.arenas_seats_private)
    if sector == 2:
        return int(p.arenas_seats_civic)
    return int(p.arenas_seats_research)


@inlined
def invitations_of(p: Any, sector: int) -> int:
    """Return how many people of a sector are asked in a month while it has an empty seat."""
    if sector == 0:
        return int(p.join_invitations_public)
    if sector == 1:
        return int(p.join_invitations_private)
    if sector == 2:
        return int(p.join_invitations_civic)
    return int(p.join_invitations_research)


@inlined
def base_of(p: Any, sector: int) -> float:
    """Return a sector's log odds of saying yes."""
    if sector == 0:
        return p.join_base_public
    if sector == 1:
        return p.join_base_private
    if sector == 2:
        return p.join_base_civic
    return p.join_base_research


@inlined
def seated_of_age(taken: int, seats: Any, age: int) -> int:
    """Return how many members of an arena are of an age group."""
    total = 0
    for seat in range(seats.shape[0]):
        if is_in(taken, seat) and seats[seat].age == age:
            total += 1
    return total


@inlined
def mean_trust(person: Any) -> float:
    """Return a person's mean trust in the four sectors."""
    total = 0.0
    for sector in range(4):
        total += trust_from_evidence(np.float64(person.trust[sector]), np.float64(person.distrust[sector]))
    return 0.25 * total


@compiled
def says_yes(p: Any, person: Any, sector: int, filled: float, trust: float, luck: float) -> bool:
    """Return whether somebody who is asked takes the seat."""
    return luck < chance_of_joining(
        base_of(p, sector),
        trust,
        np.float64(person.optimism),
        np.float64(person.identity),
        filled,
        np.float64(person.fatigue),
        p.join_trust,
        p.join_optimism,
        p.join_identity,
        p.join_filled,
        p.join_fatigue,
    )


@compiled
def bring_idea(seat: Any, start: int, sector: int, bits: int, contributions: Any, coupling: int) -> None:
    """Let a newcomer bring an idea: today's practice with some of the decisions the sector knows changed."""
    solution = start
    for choice in range(6):
        if (bits >> choice) & 1:
            solution ^= 1 << decision_in(sector, choice)
    seat.solution = solution
    seat.worth = worth(solution, contributions, 16, coupling)


@compiled
def fill_seats(world: Any, state: Any, process: Any, month: int, m: int) -> None:
    """Invite to the empty seats of one municipality's arenas.

    Staff of the unit itself are asked first, and every second time somebody of another unit if the effort is shared.
    """
    p = world.settings[world.setting_row[month, m]]
    municipality = state.municipalities[m]
    place = world.places[m]
    actors = state.actors
    luck_candidate = address.luck_of(world.run_luck, month, address.CANDIDATE)
    luck_accept = address.luck_of(world.run_luck, month, address.ACCEPT)
    luck_recruit = address.luck_of(world.run_luck, month, address.RECRUIT)
    luck_threshold = address.luck_of(world.run_luck, -1, address.THRESHOLD)
    luck_idea = address.luck_of(world.run_luck, month, address.IDEA)
    per_sector = world.n_seats // 4
    identity_kept = 1.0 - p.learn_identity_anchor
    for h in range(place.host_first, place.host_last):
        host = state.hosts[h]
        for number in range(world.n_places):
            a = h * world.n_places + number
            arena = state.arenas[a]
            if arena.phase < 0:
                continue
            members = size(arena.taken)
            offered = 0
            for sector in range(4):
                if (arena.invited >> sector) & 1:
                    offered += seats_of(p, sector)
            if members >= offered:
                continue
            where = place_address(host, number)
            seats = state.seats[a]
            for sector in range(4):
                if (arena.invited >> sector) & 1 == 0 or process.may_take_part[arena.phase, sector] == 0:
                    continue
                home = ((place.address * 4 + sector) << 26) - place.sector_first[sector]
                own_unit = sector == 0 and host.kind != SCHEDULED
                seat = sector * per_sector
                end = seat + seats_of(p, sector)
                for turn in range(min(invitations_of(p, sector), MOST_INVITATIONS)):
                    while seat < end and is_in(arena.taken, seat):
                        seat += 1
                    if seat >= end:
                        break
                    first = place.sector_first[sector]
                    last = place.sector_first[sector + 1]
                    if own_unit and (arena.shared == 0 or turn % 2 == 0):
                        first = host.staff_first
                        last = host.staff_last
                    if last <= first:
                        break
                    slot = (where * 4 + sector) * (2 * MOST_INVITATIONS) + turn
                    actor = first + address.draw_below(luck_candidate, slot, last - first)
                    if p.arenas_recruitment > 0.0 and address.draw(luck_recruit, slot) < p.arenas_recruitment:
                        other = first + address.draw_below(luck_candidate, slot + MOST_INVITATIONS, last - first)
                        if seated_of_age(arena.taken, seats, actors[other].age) < seated_of_age(
                            arena.taken, seats, actors[actor].age
                        ):
                            actor = other
                    municipality.counts[5] += 1
                    person = actors[actor]
                    if person.seat >= 0:
                        continue
                    bring_up_to_date(person, month, identity_kept, p.leave_fatigue_kept)
                    trust = mean_trust(person)
                    filled = members / offered
                    if p.join_rule > 0.5:
                        # Thresholds are whole seats, so that there are some who wait for nobody.
                        awaited = address.draw_below(luck_threshold, home + actor, offered)
                        yes = joins_at_threshold(filled, awaited / offered)
                    else:
                        yes = says_yes(p, person, sector, filled, trust, address.draw(luck_accept, slot))
                    if not yes:
                        continue
                    chair = seats[seat]
                    take_seat(arena, chair, seat, person, actor, a * world.n_seats + seat, month)
                    chair.commitment = (trust + chair.optimism + chair.identity) / 3.0
                    bits = np.int64(address.word(luck_idea, slot) & np.uint64(63))
                    contributions = world.landscapes[arena.landscape]
                    bring_idea(chair, np.int64(arena.start_solution), sector, bits, contributions, world.coupling)
                    if chair.worth > arena.best_worth:
                        arena.best_worth = chair.worth
                        arena.best_solution = chair.solution
                    if arena.first_phase[sector] < 0:
                        arena.first_phase[sector] = arena.phase
                    arena.joins += 1.0
                    municipality.counts[6 + sector] += 1
                    members += 1
