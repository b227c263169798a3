"""Row *join*: who is asked, who says yes, and what somebody brings into a seat or takes home from it."""

from __future__ import annotations

from types import SimpleNamespace

from cosim.vocabulary import SECTORS
from tests.agreement.twin.luck import BEFORE_THE_START
from tests.agreement.twin.plain_rules import arithmetic, joining, learning, searching, trust
from tests.agreement.twin.things import Actor, Arena, Member, Municipality, World, single

MOST_INVITATIONS = 128


def wake(actor: Actor, month: int, p: SimpleNamespace) -> None:
    """Let the months pass for somebody who was left alone since they were last seen."""
    if actor.left is None or actor.left >= month:
        return
    gone = month - actor.left
    actor.fatigue = single(learning.faded(actor.fatigue, 0.0, p.leave_fatigue_kept, gone))
    kept = 1.0 - p.learn_identity_anchor
    actor.identity = single(learning.faded(actor.identity, actor.identity_anchor, kept, gone))
    actor.left = month


def sit_down(actor: Actor, arena: Arena, number: int, month: int) -> Member:
    """Let somebody take a seat."""
    trusted = sum_of_trust(actor) * 0.25
    member = Member(
        actor=actor,
        arena=arena,
        number=number,
        trust=list(actor.trust),
        distrust=list(actor.distrust),
        optimism=actor.optimism,
        identity=actor.identity,
        framing=actor.framing,
        fatigue=actor.fatigue,
        commitment=(trusted + actor.optimism + actor.identity) / 3.0,
    )
    actor.seat = member
    arena.seats[number] = member
    return member


def go_home(member: Member, month: int) -> None:
    """Let a member leave the seat and keep what the arena made of them, in 32 bits."""
    actor = member.actor
    actor.trust = [single(evidence) for evidence in member.trust]
    actor.distrust = [single(evidence) for evidence in member.distrust]
    actor.optimism = single(member.optimism)
    actor.identity = single(member.identity)
    actor.framing = single(member.framing)
    actor.fatigue = single(member.fatigue)
    actor.left = month
    actor.seat = None
    member.arena.seats[member.number] = None
    member.arena.present.discard(member.number)


def sum_of_trust(actor: Actor) -> float:
    """Return the sum of an actor's trust in the four sectors."""
    total = 0.0
    for positive, negative in zip(actor.trust, actor.distrust, strict=True):
        total += trust.trust_from_evidence(positive, negative)
    return total


def of_setting(p: SimpleNamespace, name: str, sector: int) -> float:
    """Return a setting that each sector has its own of."""
    return getattr(p, f"{name}_{SECTORS[sector]}")


def how_many_of_age(arena: Arena, age: int) -> int:
    """Return how many members are of an age group."""
    return sum(member.actor.age == age for member in arena.members())


def fill_seats(world: World, municipality: Municipality, month: int) -> None:
    """Offer the empty seats of a municipality's arenas."""
    p = world.settings(month, municipality.number)
    for arena in municipality.arenas():
        offered = sum(int(of_setting(p, "arenas_seats", sector)) for sector in arena.invited)
        if sum(1 for _member in arena.members()) >= offered:
            continue
        for sector in sorted(arena.invited):
            if world.theory.may_take_part[arena.phase][sector]:
                ask_sector(world, municipality, arena, sector, month, offered)


def ask_sector(world: World, municipality: Municipality, arena: Arena, sector: int, month: int, offered: int) -> None:
    """Ask people of one sector, one after the other, while it has an empty seat and invitations are left."""
    p = world.settings(month, municipality.number)
    begin = sector * world.seats_a_sector
    own = range(begin, begin + int(of_setting(p, "arenas_seats", sector)))
    for turn in range(min(int(of_setting(p, "join_invitations", sector)), MOST_INVITATIONS)):
        empty = [number for number in own if arena.seats[number] is None]
        asked_among = municipality.by_sector[sector]
        if sector == 0 and not arena.host.scheduled and not (arena.shared and turn % 2 == 1):
            asked_among = arena.host.staff
        if not empty or not asked_among:
            return
        slot = (arena.address * 4 + sector) * 2 * MOST_INVITATIONS + turn
        actor = choose(world, municipality, arena, asked_among, month, slot)
        municipality.counts["invited"] += 1
        if actor.seat is None and accepts(world, municipality, arena, actor, month, slot, offered):
            bring_idea(world, sit_down(actor, arena, empty[0], month), month, slot)
            municipality.counts[f"joined_{SECTORS[sector]}"] += 1


def choose(world: World, municipality: Municipality, arena: Arena, asked_among: range, month: int, slot: int) -> Actor:
    """Return whom an invitation goes to; with recruitment, of two the one whose age group is seated less."""
    p = world.settings(month, municipality.number)
    lot = world.luck.draw_below(month, "candidate", slot, len(asked_among))
    actor = municipality.actors[asked_among[lot]]
    if p.arenas_recruitment > 0.0 and world.luck.draw(month, "recruit", slot) < p.arenas_recruitment:
        lot = world.luck.draw_below(month, "candidate", slot + MOST_INVITATIONS, len(asked_among))
        other = municipality.actors[asked_among[lot]]
        if how_many_of_age(arena, other.age) < how_many_of_age(arena, actor.age):
            return other
    return actor


def accepts(
    world: World, municipality: Municipality, arena: Arena, actor: Actor, month: int, slot: int, offered: int
) -> bool:
    """Return whether somebody who is asked says yes."""
    p = world.settings(month, municipality.number)
    wake(actor, month, p)
    filled = sum(1 for _member in arena.members()) / offered
    if p.join_rule > 0.5:
        sector = municipality.by_sector[actor.sector]
        number = actor.number - municipality.actors[sector.start].number
        home = (municipality.code * 4 + actor.sector) * 2**26
        awaited = world.luck.draw_below(BEFORE_THE_START, "threshold", home + number, offered)
        return joining.joins_at_threshold(filled, awaited / offered)
    odds = joining.odds_of_joining(
        of_setting(p, "join_base", actor.sector),
        0.25 * sum_of_trust(actor),
        actor.optimism,
        actor.identity,
        filled,
        actor.fatigue,
        p.join_trust,
        p.join_optimism,
        p.join_identity,
        p.join_filled,
        p.join_fatigue,
    )
    return world.luck.draw(month, "accept", slot) < arithmetic.logistic(odds)


def bring_idea(world: World, member: Member, month: int, slot: int) -> None:
    """Let a newcomer show today's practice with some of what their sector knows changed."""
    arena = member.arena
    bits = world.luck.bits(month, "idea", slot)
    member.solution = arena.start_solution
    for choice in range(6):
        if bits >> choice & 1:
            member.solution ^= 1 << searching.decision_in(member.sector, choice)
    member.worth = searching.worth(member.solution, arena.problem, 16, world.coupling)
    if member.worth > arena.best_worth:
        arena.best_worth, arena.best_solution = member.worth, member.solution
    if arena.first_phase[member.sector] is None:
        arena.first_phase[member.sector] = arena.phase
    arena.life["joins"] += 1.0
