"""Row *search*: members show what they have, copy what is better, or try something of their own, all at once."""

from __future__ import annotations

from tests.agreement.twin.plain_rules import searching, trust
from tests.agreement.twin.things import Arena, Member, Municipality, World


def search(world: World, municipality: Municipality, month: int) -> None:
    """Let those who were present this month look for better solutions."""
    for arena in municipality.arenas():
        if arena.meetings == 0:
            continue
        shown_to = {number: who_sees(world, municipality, arena, number, month) for number in sorted(arena.present)}
        found = {}
        for number in sorted(arena.present):
            new = look(world, municipality, arena, number, shown_to, month)
            if new is not None:
                found[number] = new
        for number, (solution, value) in found.items():
            member = seated(arena, number)
            member.solution, member.worth = solution, value
            if value > arena.best_worth:
                arena.best_worth, arena.best_solution = value, solution
                arena.progress = True


def seated(arena: Arena, number: int) -> Member:
    """Return the member of a seat that is taken."""
    member = arena.seats[number]
    assert member is not None
    return member


def who_sees(world: World, municipality: Municipality, arena: Arena, number: int, month: int) -> set[int]:
    """Return the sectors a member shows their solution to: those they trust enough today."""
    p = world.settings(month, municipality.number)
    member = seated(arena, number)
    bits = world.luck.bits(month, "reveal", arena.slot(number))
    return {
        sector
        for sector in range(4)
        if (bits >> 16 * sector) % 65536 / 65536.0
        < p.search_sharing * trust.trust_from_evidence(member.trust[sector], member.distrust[sector])
    }


def model_for(rule: float, arena: Arena, number: int, shown_to: dict[int, set[int]]) -> Member | None:
    """Return the first of those with the best solution that a member sees, or with the commonest; None if none."""
    member = seated(arena, number)
    seen = [seated(arena, other) for other in shown_to if other != number and member.sector in shown_to[other]]
    if not seen:
        return None
    if rule > 0.5:
        solutions = [other.solution for other in seen]
        return max(seen, key=lambda other: solutions.count(other.solution))
    return max(seen, key=lambda other: other.worth)


def look(
    world: World,
    municipality: Municipality,
    arena: Arena,
    number: int,
    shown_to: dict[int, set[int]],
    month: int,
) -> tuple[int, float] | None:
    """Return the solution a member goes over to and its worth, None if they keep their own."""
    p = world.settings(month, municipality.number)
    member = seated(arena, number)
    slot = arena.slot(number)
    trying = searching.chance_of_trying(p.search_try, p.search_try_climate, municipality.scalar_climate())
    trying += p.search_try_creativity * (member.actor.creativity - 0.5)
    if member.sector == 0:
        trying += p.arenas_idea_time
    if world.luck.draw(month, "attempt", slot * 2) >= trying:
        return None
    model = model_for(p.search_rule, arena, number, shown_to)
    if model is not None and model.worth > member.worth:
        if p.search_copy_error == 0.0:
            return model.solution, model.worth
        solution = model.solution
        for decision in range(16):
            differs = (solution ^ member.solution) >> decision & 1
            if differs and world.luck.draw(month, "copy_error", slot * 16 + decision) < p.search_copy_error:
                solution ^= 1 << decision
        return solution, searching.worth(solution, arena.problem, 16, world.coupling)
    if not world.theory.may_propose[arena.phase][member.sector]:
        return None
    solution = varied(world, municipality, member, slot, month)
    value = searching.worth(solution, arena.problem, 16, world.coupling)
    if value <= member.worth:
        return None
    arena.proposals[member.sector] += 1.0
    return solution, value


def varied(world: World, municipality: Municipality, member: Member, slot: int, month: int) -> int:
    """Return a member's solution with one decision changed that the sector knows, or two by the bold."""
    p = world.settings(month, municipality.number)
    boldness = p.search_boldness * municipality.climate["risk_taking"]
    choices = [world.luck.draw_below(month, "flip", slot * 2, 6)]
    if world.luck.draw(month, "attempt", slot * 2 + 1) < boldness:
        step = 1 + world.luck.draw_below(month, "flip", slot * 2 + 1, 5)
        choices.append((choices[0] + step) % 6)
    solution = member.solution
    for choice in choices:
        solution ^= 1 << searching.decision_in(member.sector, choice)
    return solution
