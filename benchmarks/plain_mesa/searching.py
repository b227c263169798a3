"""How the members of an arena look for better solutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.plain_mesa.arena import Arena
    from benchmarks.plain_mesa.resident import Resident


def worth_of(solution: int, problem: list[list[float]], coupling: int) -> float:
    """Return the mean contribution of sixteen decisions, each depending on itself and the next ones in the circle."""
    pattern = (1 << (coupling + 1)) - 1
    doubled = solution | solution << 16
    return sum(row[doubled >> decision & pattern] for decision, row in enumerate(problem)) / 16.0


def search(arena: Arena) -> None:
    """Let those who were present show what they have, copy what is better, or try something of their own."""
    home, p, luck = arena.home, arena.home.p, arena.random
    coupling = arena.model.setting.coupling
    trying = min(p.search_try + p.search_try_climate * home.scalar_climate(), 1.0)
    boldness = p.search_boldness * home.climate[8]
    may_propose = arena.model.setting.theory.phases[arena.phase].may_propose
    shown: list[list[Resident]] = [[], [], [], []]
    present = [member for member in arena.members if member in arena.present]
    for member in present:
        for sector in range(4):
            if luck.random() < p.search_sharing * member.trust_in(sector):
                shown[sector].append(member)
    found = []
    for member in present:
        sector = member.sector
        chance = trying + p.search_try_creativity * (member.creativity - 0.5)
        if sector == 0:
            chance += p.arenas_idea_time
        if luck.random() >= chance:
            continue
        seen = [other for other in shown[sector] if other is not member]
        best = max(seen, key=lambda other: other.worth, default=None)
        if best is not None and best.worth > member.worth:
            found.append((member, best.solution, best.worth))
        elif may_propose[sector]:
            choice = luck.randrange(6)
            solution = member.solution ^ 1 << (4 * sector + choice) % 16
            if luck.random() < boldness:
                choice = (choice + luck.randrange(1, 6)) % 6
                solution ^= 1 << (4 * sector + choice) % 16
            worth = worth_of(solution, arena.problem, coupling)
            if worth > member.worth:
                found.append((member, solution, worth))
                arena.proposals[sector] += 1
    for member, solution, worth in found:
        member.solution, member.worth = solution, worth
        if worth > arena.best_worth:
            arena.best_worth, arena.best_solution = worth, solution
            arena.progress = True
