"""Row *search*: members show what they have, copy what is better, or try something of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import inlined, kernel
from cosim.engine.kernels.places import seat_slot
from cosim.engine.rules.searching import chance_of_trying, decision_in, worth
from cosim.engine.rules.trust import trust_from_evidence

RISK_TAKING = 8
TO_SHARE = 1.0 / 65536.0


@inlined
def list_those_who_try(p: Any, desk: Any, n_guests: int, seats: Any, where: int, trying: float) -> int:
    """Write the seats of the guests who try something into the desk's ``trying`` and return how many they are."""
    luck = desk.lucks[address.ATTEMPT]
    n = 0
    for guest in range(n_guests):
        seat = desk.guests[guest]
        chance = trying + p.search_try_creativity * (seats[seat].creativity - 0.5)
        if desk.sector_of[seat] == 0:
            chance += p.arenas_idea_time
        desk.trying[n] = seat
        n += 1 if address.draw(luck, seat_slot(where, desk.slot_of[seat]) * 2) < chance else 0
    return n


@inlined
def shows(member: Any, sector: int, bits: Any, sharing: float) -> bool:
    """Return whether a member shows their solution to a sector: the more they trust it, the likelier."""
    part = np.float64((bits >> np.uint64(16 * sector)) & np.uint64(0xFFFF)) * TO_SHARE
    return part < sharing * trust_from_evidence(member.trust[sector], member.distrust[sector])


@inlined
def list_shown(p: Any, desk: Any, n_guests: int, seats: Any, where: int, sector: int) -> int:
    """Write the seats of those who show a sector their solution into the desk's ``shown``; return how many."""
    luck = desk.lucks[address.REVEAL]
    n = 0
    for guest in range(n_guests):
        seat = desk.guests[guest]
        bits = address.word(luck, seat_slot(where, desk.slot_of[seat]))
        desk.shown[n] = seat
        n += 1 if shows(seats[seat], sector, bits, p.search_sharing) else 0
    return n


@inlined
def best_shown(desk: Any, n_shown: int, seats: Any) -> int:
    """Return the seat of the best solution shown, -1 if none; the first of equals.

    Somebody who looks may find their own: nobody's is better then, and one's own is not copied.
    """
    best = -1
    value = -1.0
    for one in range(n_shown):
        seat = desk.shown[one]
        if seats[seat].worth > value:
            value = seats[seat].worth
            best = seat
    return best


@kernel
def commonest_shown(desk: Any, n_shown: int, seats: Any, seat: int) -> int:
    """Return a seat with the solution most often shown by the others, -1 if none; the first of equals."""
    best = -1
    most = 0
    for one in range(n_shown):
        other = desk.shown[one]
        if other == seat:
            continue
        same = 0
        for another in range(n_shown):
            third = desk.shown[another]
            if third != seat and seats[third].solution == seats[other].solution:
                same += 1
        if same > most:
            most = same
            best = other
    return best


@kernel
def miscopied(own: int, solution: int, error: float, luck: Any, slot: int) -> int:
    """Return a copied solution in which each decision that differed stays one's own with a small chance."""
    differs = own ^ solution
    for decision in range(16):
        if (differs >> decision) & 1 == 1 and address.draw(luck, slot * 16 + decision) < error:
            solution ^= 1 << decision
    return solution


@inlined
def varied(solution: int, sector: int, bold: bool, luck: Any, slot: int) -> int:
    """Return a solution with one decision (two if bold) that the sector knows changed."""
    choice = address.draw_below(luck, slot * 2, 6)
    solution ^= 1 << decision_in(sector, choice)
    if bold:
        step = 1 + address.draw_below(luck, slot * 2 + 1, 5)
        solution ^= 1 << decision_in(sector, (choice + step) % 6)
    return solution


@kernel
def search(
    p: Any,
    process: Any,
    municipality: Any,
    arena: Any,
    seats: Any,
    where: int,
    desk: Any,
    n_guests: int,
    contributions: Any,
    coupling: int,
) -> None:
    """Let those who were present look for better solutions, all at once, and keep the arena's best.

    A theory's phase may leave the proposing to some sectors; the others can still copy. Members try in the order of
    their seats, so sector after sector; what is shown to a sector nobody of which tries is never looked at.
    """
    luck_attempt = desk.lucks[address.ATTEMPT]
    trying = chance_of_trying(p.search_try, p.search_try_climate, desk.climate)
    boldness = p.search_boldness * municipality.climate[RISK_TAKING]
    n_trying = list_those_who_try(p, desk, n_guests, seats, where, trying)
    looking = -1
    n_shown = 0
    best = -1
    n_found = 0
    for one in range(n_trying):
        seat = desk.trying[one]
        sector = desk.sector_of[seat]
        if sector != looking:
            looking = sector
            n_shown = list_shown(p, desk, n_guests, seats, where, sector)
            best = best_shown(desk, n_shown, seats)
        slot = seat_slot(where, desk.slot_of[seat])
        member = seats[seat]
        model = commonest_shown(desk, n_shown, seats, seat) if p.search_rule > 0.5 else best
        solution = np.int64(member.solution)
        if model >= 0 and seats[model].worth > member.worth:
            solution = np.int64(seats[model].solution)
            value = seats[model].worth
            if p.search_copy_error > 0.0:
                luck_copy = desk.lucks[address.COPY_ERROR]
                solution = miscopied(np.int64(member.solution), solution, p.search_copy_error, luck_copy, slot)
                value = worth(solution, contributions, 16, coupling)
        elif process.may_propose[arena.phase, sector]:
            bold = address.draw(luck_attempt, slot * 2 + 1) < boldness
            solution = varied(solution, sector, bold, desk.lucks[address.FLIP], slot)
            value = worth(solution, contributions, 16, coupling)
            if value <= member.worth:
                continue
            arena.proposals[sector] += 1.0
        else:
            continue
        desk.trying[n_found] = seat
        desk.found[n_found] = solution
        desk.worths[n_found] = value
        n_found += 1
    for one in range(n_found):
        member = seats[desk.trying[one]]
        member.solution = desk.found[one]
        member.worth = desk.worths[one]
        if desk.worths[one] > arena.best_worth:
            arena.best_worth = desk.worths[one]
            arena.best_solution = desk.found[one]
            arena.progress = 1
