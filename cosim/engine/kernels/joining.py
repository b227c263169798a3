"""Row *join*: seats that are empty are offered, and some say yes."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled, inlined
from cosim.engine.kernels.desk import MOST_INVITATIONS
from cosim.engine.kernels.places import bring_up_to_date, is_in, place_address, size, take_seat
from cosim.engine.rules.joining import chance_of_joining, joins_at_threshold
from cosim.engine.rules.searching import decision_in, worth
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import SCHEDULED


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


@inlined
def stretch_of(place: Any, host: Any, sector: int, own_unit: bool) -> tuple[int, int]:
    """Return the first of those to choose from, and the one after the last."""
    if own_unit:
        return host.staff_first, host.staff_last
    return place.sector_first[sector], place.sector_first[sector + 1]


@compiled
def choose_whom_to_ask(
    place: Any, host: Any, actors: Any, arena: Any, sector: int, slots: int, turns: int, desk: Any
) -> int:
    """Write whom to ask and what they think of the sectors into the desk's ``asked`` and ``trusts``; return how many.

    Staff of the unit itself are asked first, and every second time somebody of another unit if the effort is shared.
    People far apart in memory are fetched much quicker in a row of their own than each between long sums.
    """
    luck = desk.lucks[address.CANDIDATE]
    own_first = sector == 0 and host.kind != SCHEDULED
    for turn in range(turns):
        first, last = stretch_of(place, host, sector, own_first and (arena.shared == 0 or turn % 2 == 0))
        if last <= first:
            return turn
        actor = first + address.draw_below(luck, slots + turn, last - first)
        desk.asked[turn] = actor
        desk.busy[turn] = actors[actor].seat
        desk.trusts[turn] = mean_trust(actors[actor])
    return turns


@compiled
def prefer_the_rarer(
    place: Any, host: Any, actors: Any, arena: Any, seats: Any, sector: int, slot: int, turn: int, desk: Any
) -> int:
    """Return whom to ask in a turn when a second candidate is looked for: the one whose age group has fewer seats."""
    actor = desk.asked[turn]
    own_first = sector == 0 and host.kind != SCHEDULED
    first, last = stretch_of(place, host, sector, own_first and (arena.shared == 0 or turn % 2 == 0))
    other = first + address.draw_below(desk.lucks[address.CANDIDATE], slot + MOST_INVITATIONS, last - first)
    if seated_of_age(arena.taken, seats, actors[other].age) < seated_of_age(arena.taken, seats, actors[actor].age):
        desk.trusts[turn] = mean_trust(actors[other])
        return other
    return actor


@inlined
def welcome(world: Any, arena: Any, chair: Any, sector: int, trust: float, bits: Any) -> None:
    """Let a newcomer be at home in an arena: their commitment, and the idea they bring."""
    chair.commitment = (trust + chair.optimism + chair.identity) / 3.0
    idea = np.int64(bits & np.uint64(63))
    contributions = world.landscapes[arena.landscape]
    bring_idea(chair, np.int64(arena.start_solution), sector, idea, contributions, world.coupling)
    if chair.worth > arena.best_worth:
        arena.best_worth = chair.worth
        arena.best_solution = chair.solution
    if arena.first_phase[sector] < 0:
        arena.first_phase[sector] = arena.phase
    arena.joins += 1.0


@inlined
def fill_sector(
    world: Any, state: Any, month: int, m: int, h: int, number: int, sector: int, members: int, offered: int, desk: Any
) -> int:
    """Invite to one sector's empty seats in an arena and return how many people joined."""
    p = world.settings[world.setting_row[month, m]]
    place = world.places[m]
    host = state.hosts[h]
    counts = state.municipalities[m].counts
    a = h * world.n_places + number
    arena = state.arenas[a]
    seats = state.seats[a]
    seat = sector * (world.n_seats // 4)
    empty = (((1 << seats_of(p, sector)) - 1) << seat) & ~arena.taken
    if empty == 0:
        return 0
    turns = min(invitations_of(p, sector), MOST_INVITATIONS)
    slots = (place_address(host, number) * 4 + sector) * (2 * MOST_INVITATIONS)
    turns = choose_whom_to_ask(place, host, state.actors, arena, sector, slots, turns, desk)
    joined = 0
    for turn in range(turns):
        while not is_in(empty, seat):
            seat += 1
        slot = slots + turn
        actor = desk.asked[turn]
        if p.arenas_recruitment > 0.0 and address.draw(desk.lucks[address.RECRUIT], slot) < p.arenas_recruitment:
            actor = prefer_the_rarer(place, host, state.actors, arena, seats, sector, slot, turn, desk)
        counts[5] += 1
        person = state.actors[actor]
        if person.seat >= 0:
            continue
        bring_up_to_date(person, month, 1.0 - p.learn_identity_anchor, p.leave_fatigue_kept)
        trust = desk.trusts[turn]
        filled = (members + joined) / offered
        if p.join_rule > 0.5:
            # Thresholds are whole seats, so that there are some who wait for nobody.
            waits = ((place.address * 4 + sector) << 26) - place.sector_first[sector] + actor
            awaited = address.draw_below(address.luck_of(world.run_luck, -1, address.THRESHOLD), waits, offered)
            yes = joins_at_threshold(filled, awaited / offered)
        else:
            yes = says_yes(p, person, sector, filled, trust, address.draw(desk.lucks[address.ACCEPT], slot))
        if not yes:
            continue
        take_seat(arena, seats[seat], seat, person, actor, a * world.n_seats + seat, month)
        welcome(world, arena, seats[seat], sector, trust, address.word(desk.lucks[address.IDEA], slot))
        counts[6 + sector] += 1
        joined += 1
        empty &= empty - 1
        if empty == 0:
            break
    return joined


@compiled
def fill_seats(world: Any, state: Any, process: Any, month: int, m: int, desk: Any) -> None:
    """Invite to the empty seats of one municipality's arenas."""
    p = world.settings[world.setting_row[month, m]]
    place = world.places[m]
    for h in range(place.host_first, place.host_last):
        for number in range(world.n_places):
            arena = state.arenas[h * world.n_places + number]
            if arena.phase < 0:
                continue
            members = size(arena.taken)
            offered = 0
            for sector in range(4):
                if (arena.invited >> sector) & 1:
                    offered += seats_of(p, sector)
            if members >= offered:
                continue
            for sector in range(4):
                if (arena.invited >> sector) & 1 and process.may_take_part[arena.phase, sector]:
                    members += fill_sector(world, state, month, m, h, number, sector, members, offered, desk)
