"""Row *join*: seats that are empty are offered, and some say yes."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import inlined, kernel
from cosim.engine.kernels.desk import MOST_INVITATIONS
from cosim.engine.kernels.places import bring_up_to_date, next_running, place_address, take_seat
from cosim.engine.processor import fetch, first_in, size
from cosim.engine.rules.arithmetic import happens
from cosim.engine.rules.joining import joins_at_threshold, odds_of_joining
from cosim.engine.rules.searching import decision_in, worth
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import SCHEDULED


@kernel
def write_terms(p: Any, desk: Any) -> None:
    """Write what holds for each sector this month: its seats in an arena, how many people are asked while one of them
    is empty, and their log odds of saying yes.
    """
    desk.offered[0] = int(p.arenas_seats_public)
    desk.offered[1] = int(p.arenas_seats_private)
    desk.offered[2] = int(p.arenas_seats_civic)
    desk.offered[3] = int(p.arenas_seats_research)
    desk.turns[0] = int(p.join_invitations_public)
    desk.turns[1] = int(p.join_invitations_private)
    desk.turns[2] = int(p.join_invitations_civic)
    desk.turns[3] = int(p.join_invitations_research)
    for sector in range(4):
        desk.turns[sector] = min(desk.turns[sector], MOST_INVITATIONS)
    desk.bases[0] = p.join_base_public
    desk.bases[1] = p.join_base_private
    desk.bases[2] = p.join_base_civic
    desk.bases[3] = p.join_base_research


@inlined
def seated_of_age(taken: int, seats: Any, age: int) -> int:
    """Return how many members of an arena are of an age group."""
    total = 0
    while taken:
        total += 1 if seats[first_in(taken)].age == age else 0
        taken &= taken - 1
    return total


@inlined
def mean_trust(person: Any, desk: Any) -> float:
    """Return a person's mean trust in the four sectors, which are written side by side so as to be reckoned at once."""
    desk.trusts[0] = trust_from_evidence(np.float64(person.trust[0]), np.float64(person.distrust[0]))
    desk.trusts[1] = trust_from_evidence(np.float64(person.trust[1]), np.float64(person.distrust[1]))
    desk.trusts[2] = trust_from_evidence(np.float64(person.trust[2]), np.float64(person.distrust[2]))
    desk.trusts[3] = trust_from_evidence(np.float64(person.trust[3]), np.float64(person.distrust[3]))
    return 0.25 * (desk.trusts[0] + desk.trusts[1] + desk.trusts[2] + desk.trusts[3])


@inlined
def says_yes(p: Any, person: Any, base: float, filled: float, trust: float, luck: float) -> bool:
    """Return whether somebody who is asked takes the seat."""
    odds = odds_of_joining(
        base,
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
    return happens(odds, luck)


@kernel
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


@kernel
def choose_whom_to_ask(
    place: Any, host: Any, actors: Any, arena: Any, sector: int, slots: int, first_entry: int, desk: Any
) -> int:
    """Write whom to ask into the desk's ``asked`` and have them fetched; return how many they are.

    Staff of the unit itself are asked first, and every second time somebody of another unit if the effort is shared.
    """
    luck = desk.lucks[address.CANDIDATE]
    own_first = sector == 0 and host.kind != SCHEDULED
    turns = desk.turns[sector]
    for turn in range(turns):
        first, last = stretch_of(place, host, sector, own_first and (arena.shared == 0 or turn % 2 == 0))
        if last <= first:
            return turn
        actor = first + address.draw_below(luck, slots + turn, last - first)
        desk.asked[first_entry + turn] = actor
        fetch(actors, actor, 0)
    return turns


@kernel
def prefer_the_rarer(
    place: Any, host: Any, actors: Any, arena: Any, seats: Any, sector: int, slot: int, turn: int, actor: int, desk: Any
) -> int:
    """Return whom to ask in a turn when a second candidate is looked for: the one whose age group has fewer seats."""
    own_first = sector == 0 and host.kind != SCHEDULED
    first, last = stretch_of(place, host, sector, own_first and (arena.shared == 0 or turn % 2 == 0))
    other = first + address.draw_below(desk.lucks[address.CANDIDATE], slot + MOST_INVITATIONS, last - first)
    if seated_of_age(arena.taken, seats, actors[other].age) < seated_of_age(arena.taken, seats, actors[actor].age):
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


@kernel
def seats_offered(arena: Any, desk: Any) -> int:
    """Return how many seats an arena has for those it invites."""
    offered = 0
    for sector in range(4):
        offered += desk.offered[sector] if (arena.invited >> sector) & 1 else 0
    return offered


@inlined
def first_slot(where: int, sector: int) -> int:
    """Return the slot of the first invitation to a sector at a place's address."""
    return (where * 4 + sector) * (2 * MOST_INVITATIONS)


@inlined
def invite(world: Any, state: Any, process: Any, m: int, h: int, number: int, side: int, desk: Any) -> None:
    """Choose whom an arena asks this month, sector by sector, and write it on one of the two sides of the desk."""
    if h < 0:
        return
    arena = state.arenas[h * world.n_places + number]
    host = state.hosts[h]
    where = place_address(host, number)
    for sector in range(4):
        entry = side * 4 + sector
        desk.n_asked[entry] = 0
        if not (arena.invited >> sector) & 1 or not process.may_take_part[arena.phase, sector]:
            continue
        if empty_seats(arena, sector, world.n_seats, desk) != 0:
            slots = first_slot(where, sector)
            desk.n_asked[entry] = choose_whom_to_ask(
                world.places[m], host, state.actors, arena, sector, slots, entry * MOST_INVITATIONS, desk
            )


@inlined
def empty_seats(arena: Any, sector: int, n_seats: int, desk: Any) -> int:
    """Return the set of a sector's empty seats in an arena."""
    return (((1 << desk.offered[sector]) - 1) << (sector * (n_seats // 4))) & ~arena.taken


@inlined
def seat_sector(
    world: Any, state: Any, month: int, m: int, h: int, number: int, sector: int, entry: int, members: int, desk: Any
) -> int:
    """Let those of a sector who were asked answer, one after the other, while it has an empty seat; return how many
    people joined.
    """
    p = world.settings[world.setting_row[month, m]]
    place = world.places[m]
    host = state.hosts[h]
    counts = state.municipalities[m].counts
    a = h * world.n_places + number
    arena = state.arenas[a]
    seats = state.seats[a]
    empty = empty_seats(arena, sector, world.n_seats, desk)
    offered = seats_offered(arena, desk)
    slots = first_slot(place_address(host, number), sector)
    joined = 0
    for turn in range(desk.n_asked[entry]):
        slot = slots + turn
        actor = desk.asked[entry * MOST_INVITATIONS + turn]
        if p.arenas_recruitment > 0.0 and address.draw(desk.lucks[address.RECRUIT], slot) < p.arenas_recruitment:
            actor = prefer_the_rarer(place, host, state.actors, arena, seats, sector, slot, turn, actor, desk)
        counts[5] += 1
        person = state.actors[actor]
        if person.seat >= 0:
            continue
        bring_up_to_date(person, month, 1.0 - p.learn_identity_anchor, p.leave_fatigue_kept)
        trust = mean_trust(person, desk)
        filled = (members + joined) / offered
        if p.join_rule > 0.5:
            # Thresholds are whole seats, so that there are some who wait for nobody.
            waits = ((place.address * 4 + sector) << 26) - place.sector_first[sector] + actor
            awaited = address.draw_below(address.luck_of(world.run_luck, -1, address.THRESHOLD), waits, offered)
            yes = joins_at_threshold(filled, awaited / offered)
        else:
            yes = says_yes(p, person, desk.bases[sector], filled, trust, address.draw(desk.lucks[address.ACCEPT], slot))
        if not yes:
            continue
        seat = first_in(empty)
        take_seat(arena, seats[seat], seat, person, state.origins[actor], actor, a * world.n_seats + seat)
        welcome(world, arena, seats[seat], sector, trust, address.word(desk.lucks[address.IDEA], slot))
        counts[6 + sector] += 1
        joined += 1
        empty &= empty - 1
        if empty == 0:
            break
    return joined


@inlined
def seat_newcomers(world: Any, state: Any, month: int, m: int, h: int, number: int, side: int, desk: Any) -> None:
    """Let those whom an arena asked answer."""
    members = size(state.arenas[h * world.n_places + number].taken)
    for sector in range(4):
        entry = side * 4 + sector
        if desk.n_asked[entry] > 0:
            members += seat_sector(world, state, month, m, h, number, sector, entry, members, desk)


@inlined
def next_short_of_people(state: Any, n_places: int, h: int, last: int, number: int, desk: Any) -> tuple[int, int]:
    """Return the host and the place of the first arena with empty seats from a host's place on, -1 if there is none."""
    h, number = next_running(state.hosts, h, last, number)
    while h >= 0:
        arena = state.arenas[h * n_places + number]
        if size(arena.taken) < seats_offered(arena, desk):
            break
        h, number = next_running(state.hosts, h, last, number + 1)
    return h, number


@kernel
def fill_seats(world: Any, state: Any, process: Any, month: int, m: int, desk: Any) -> None:
    """Invite to the empty seats of one municipality's arenas.

    Whom an arena asks is chosen before those whom the arena before it asked have answered, so that people far apart in
    memory are on their way in the meantime; whom it asks does not depend on what they answer.
    """
    p = world.settings[world.setting_row[month, m]]
    place = world.places[m]
    write_terms(p, desk)
    n_places = world.n_places
    side = 0
    h, number = next_short_of_people(state, n_places, place.host_first, place.host_last, 0, desk)
    invite(world, state, process, m, h, number, side, desk)
    while h >= 0:
        next_h, next_number = next_short_of_people(state, n_places, h, place.host_last, number + 1, desk)
        invite(world, state, process, m, next_h, next_number, 1 - side, desk)
        seat_newcomers(world, state, month, m, h, number, side, desk)
        h, number, side = next_h, next_number, 1 - side
