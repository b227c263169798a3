"""Row *leave*: members drop out, arenas end, and what they came to is written down."""

from __future__ import annotations

from cosim.vocabulary import ENDINGS
from tests.agreement.twin.joining import go_home
from tests.agreement.twin.plain_rules import arithmetic, joining
from tests.agreement.twin.things import Arena, Municipality, Solution, World
from tests.agreement.twin.writing import arena_row, solution_row

MONTHS_TO_GATHER = 3


def wear_out(world: World, municipality: Municipality, month: int) -> None:
    """End the arenas that are too old, or that nobody has come to."""
    p = world.settings(month, municipality.number)
    for arena in municipality.arenas():
        age = month - arena.opened + 1
        if arena.ending == "running" and age >= p.arenas_oldest:
            arena.ending = "exhausted"
        if arena.ending == "running" and age > MONTHS_TO_GATHER and not any(arena.members()):
            arena.ending = "emptied"


def leave(world: World, municipality: Municipality, month: int, switched_on: bool) -> None:
    """Close the arenas that have ended; from the others let members drop out if the row is switched on."""
    for arena in list(municipality.arenas()):
        if arena.ending != "running":
            close(world, municipality, arena, month, switched_on)
        elif switched_on:
            drop_out(world, municipality, arena, month)


def drop_out(world: World, municipality: Municipality, arena: Arena, month: int) -> None:
    """Let members leave who have had enough or change jobs; everybody's fatigue fades by a month."""
    p = world.settings(month, municipality.number)
    for member in list(arena.members()):
        odds = joining.odds_of_leaving(
            p.leave_base, member.commitment, member.fatigue, p.leave_commitment, p.leave_fatigue
        )
        member.fatigue *= p.leave_fatigue_kept
        slot = arena.slot(member.number)
        fed_up = world.luck.draw(month, "leave", slot) < arithmetic.logistic(odds)
        if fed_up or world.luck.draw(month, "turnover", slot) < p.leave_turnover:
            go_home(member, month)
            arena.life["leaves"] += 1.0
            municipality.counts["left"] += 1


def close(world: World, municipality: Municipality, arena: Arena, month: int, fading: bool) -> None:
    """Write an arena down, count its outcome, and let its members go home."""
    p = world.settings(month, municipality.number)
    row = arena_row(p, municipality, arena, month)
    municipality.arena_log.append(row)
    municipality.counts["closed"] += 1
    delivered = arena.ending == "delivered"
    if delivered:
        solution = Solution(
            row=solution_row(world, p, municipality, arena, row, month),
            address=arena.address,
            adopted=[None] * len(world.municipalities),
            pressure=[looks_to[municipality.number] for looks_to in world.neighbours],
        )
        municipality.solutions.append(solution)
        municipality.counts["delivered"] += 1
        municipality.counts["delivered_open"] += arena.is_open
        arena.host.newest = month
    else:
        assert arena.ending in ENDINGS[2:]
        arena.host.tried = month
    municipality.good_outcomes += delivered
    municipality.bad_outcomes += not delivered
    municipality.good_news += delivered and arena.is_open
    municipality.bad_news += not delivered and arena.is_open
    for member in list(arena.members()):
        if fading:
            member.fatigue *= p.leave_fatigue_kept
        go_home(member, month)
    arena.host.arenas[arena.place] = None
