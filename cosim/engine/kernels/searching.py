"""Row *search*: members show what they have, copy what is better, or try something of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import compiled, inlined
from cosim.engine.kernels.places import is_in, scalar_climate, seat_slot
from cosim.engine.rules.searching import chance_of_trying, decision_in, worth
from cosim.engine.rules.trust import trust_from_evidence

RISK_TAKING = 8
TO_SHARE = 1.0 / 65536.0


@inlined
def reveal(present: int, seats: Any, where: int, sharing: float, luck: Any, shown: Any) -> None:
    """Let each member who is present decide to which sectors to show their solution: to those they trust."""
    per_sector = seats.shape[0] // 4
    for seat in range(seats.shape[0]):
        shown[seat] = 0
        if not is_in(present, seat):
            continue
        bits = address.word(luck, seat_slot(where, seat, per_sector))
        member = seats[seat]
        for sector in range(4):
            part = np.float64((bits >> np.uint64(16 * sector)) & np.uint64(0xFFFF)) * TO_SHARE
            if part < sharing * trust_from_evidence(member.trust[sector], member.distrust[sector]):
                shown[seat] |= 1 << sector


@inlined
def best_shown(seats: Any, seat: int, sector: int, shown: Any) -> int:
    """Return the seat of the best solution shown to a member's sector by somebody else, -1 if none."""
    best = -1
    for other in range(seats.shape[0]):
        if other == seat or (shown[other] >> sector) & 1 == 0:
            continue
        if best < 0 or seats[other].worth > seats[best].worth:
            best = other
    return best


@inlined
def commonest_shown(seats: Any, seat: int, sector: int, shown: Any) -> int:
    """Return a seat with the solution most often shown to a member's sector, -1 if none; the first of equals."""
    best = -1
    most = 0
    for other in range(seats.shape[0]):
        if other == seat or (shown[other] >> sector) & 1 == 0:
            continue
        same = 0
        for third in range(seats.shape[0]):
            if third != seat and (shown[third] >> sector) & 1 == 1 and seats[third].solution == seats[other].solution:
                same += 1
        if same > most:
            most = same
            best = other
    return best


@compiled
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


@compiled
def search(
    p: Any,
    process: Any,
    municipality: Any,
    arena: Any,
    seats: Any,
    where: int,
    run_luck: Any,
    month: int,
    contributions: Any,
    coupling: int,
    shown: Any,
    found: Any,
    worths: Any,
) -> None:
    """Let those who were present look for better solutions, all at once, and keep the arena's best.

    A theory's phase may leave the proposing to some sectors; the others can still copy.
    """
    luck_reveal = address.luck_of(run_luck, month, address.REVEAL)
    luck_attempt = address.luck_of(run_luck, month, address.ATTEMPT)
    luck_flip = address.luck_of(run_luck, month, address.FLIP)
    luck_copy = address.luck_of(run_luck, month, address.COPY_ERROR)
    per_sector = seats.shape[0] // 4
    trying = chance_of_trying(p.search_try, p.search_try_climate, scalar_climate(municipality))
    boldness = p.search_boldness * municipality.climate[RISK_TAKING]
    reveal(arena.present, seats, where, p.search_sharing, luck_reveal, shown)
    for seat in range(seats.shape[0]):
        found[seat] = -1
        if not is_in(arena.present, seat):
            continue
        sector = seat // per_sector
        slot = seat_slot(where, seat, per_sector)
        member = seats[seat]
        chance = trying + p.search_try_creativity * (member.creativity - 0.5)
        if sector == 0:
            chance += p.arenas_idea_time
        if address.draw(luck_attempt, slot * 2) >= chance:
            continue
        model = (
            commonest_shown(seats, seat, sector, shown)
            if p.search_rule > 0.5
            else best_shown(seats, seat, sector, shown)
        )
        if model >= 0 and seats[model].worth > member.worth:
            solution = np.int64(seats[model].solution)
            value = seats[model].worth
            if p.search_copy_error > 0.0:
                solution = miscopied(np.int64(member.solution), solution, p.search_copy_error, luck_copy, slot)
                value = worth(solution, contributions, 16, coupling)
            found[seat] = solution
            worths[seat] = value
        elif process.may_propose[arena.phase, sector]:
            bold = address.draw(luck_attempt, slot * 2 + 1) < boldness
            solution = varied(np.int64(member.solution), sector, bold, luck_flip, slot)
            value = worth(solution, contributions, 16, coupling)
            if value > member.worth:
                found[seat] = solution
                worths[seat] = value
                arena.proposals[sector] += 1.0
    for seat in range(seats.shape[0]):
        if found[seat] < 0:
            continue
        member = seats[seat]
        member.solution = found[seat]
        member.worth = worths[seat]
        if worths[seat] > arena.best_worth:
            arena.best_worth = worths[seat]
            arena.best_solution = found[seat]
            arena.progress = 1
