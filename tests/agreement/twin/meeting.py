"""Row *meet*: who comes, who talks with whom, and what they make of one another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import SimpleNamespace

from tests.agreement.twin.plain_rules import arithmetic, framing, joining, trust
from tests.agreement.twin.things import Arena, Member, Municipality, World

MOST_MEETINGS = 4
MOST_ROUNDS = 16
MOST_SEATS = 64
USUAL_DYNAMISM = 158.0 / 300.0
"""The average organisation's, of Ekvall's ten dimensions on a scale to 300."""


def meet(world: World, municipality: Municipality, month: int) -> None:
    """Hold the month's meetings of a municipality's arenas."""
    p = world.settings(month, municipality.number)
    for arena in municipality.arenas():
        for member in arena.members():
            member.trust = [evidence * p.trust_kept for evidence in member.trust]
            member.distrust = [evidence * p.trust_kept for evidence in member.distrust]
        if not any(arena.members()):
            continue
        arena.meetings = how_many_meetings(world, municipality, arena, month)
        for meeting in range(arena.meetings):
            hold_meeting(world, municipality, arena, month, meeting)


def how_many_meetings(world: World, municipality: Municipality, arena: Arena, month: int) -> int:
    """Return how many meetings there are: the whole ones for sure, the rest by chance."""
    p = world.settings(month, municipality.number)
    pace = p.arenas_meetings * (0.5 + 0.5 * municipality.climate["dynamism"] / USUAL_DYNAMISM)
    pace *= 1.0 - p.context_meetings_closed * (1.0 - p.arenas_digital)
    whole = math.floor(pace)
    one_more = world.luck.draw(month, "meet", arena.address) < pace - whole
    return min(whole + one_more, MOST_MEETINGS)


def hold_meeting(world: World, municipality: Municipality, arena: Arena, month: int, meeting: int) -> None:
    """Let those who come talk in pairs, a new pairing each round, and then go home to their own."""
    p = world.settings(month, municipality.number)
    base = p.meet_presence + p.arenas_digital * p.meet_digital
    here = arena.address * MOST_MEETINGS + meeting
    came = []
    for member in arena.members():
        slot = arena.slot(member.number) * MOST_MEETINGS + meeting
        if world.luck.draw(month, "present", slot) < arithmetic.logistic(
            joining.odds_of_coming(base, member.commitment)
        ):
            came.append(member)
    for last in range(len(came) - 1, 0, -1):
        pick = world.luck.draw_below(month, "pair", here * MOST_SEATS + last, last + 1)
        came[last], came[pick] = came[pick], came[last]
    for turn in range(min(int(p.meet_rounds), MOST_ROUNDS)):
        slots = (here * MOST_ROUNDS + turn) * MOST_SEATS
        for first, second in pairs_of_turn(len(came), turn):
            one, two = came[first], came[second]
            luck_one = world.luck.draw(month, "act", slots + arena.slot(one.number) % MOST_SEATS)
            luck_two = world.luck.draw(month, "act", slots + arena.slot(two.number) % MOST_SEATS)
            talk(p, municipality, arena, one, two, luck_one, luck_two)
    for member in came:
        arena.present.add(member.number)
        member.framing = framing.framing_pulled_home(member.framing, member.actor.framing_anchor, p.framing_pull)
        member.fatigue += p.leave_fatigue_meeting


def pairs_of_turn(n: int, turn: int) -> Iterator[tuple[int, int]]:
    """Return who meets whom in a turn of the round robin: one stands still, the others walk round a ring.

    With an odd number a place stays empty, and whoever would meet it sits out. No turn is left when all have met.
    """
    ring = list(range(1, n + n % 2))
    if turn >= len(ring):
        return
    meetings = [(0, ring[turn])]
    for step in range(1, (len(ring) + 1) // 2):
        meetings.append((ring[(turn + step) % len(ring)], ring[(turn - step) % len(ring)]))
    yield from (pair for pair in meetings if max(pair) < n)


def talk(
    p: SimpleNamespace,
    municipality: Municipality,
    arena: Arena,
    one: Member,
    two: Member,
    luck_one: float,
    luck_two: float,
) -> None:
    """Let two members act towards one another, see it, remember it and hear each other's framing, both at once."""
    support = 0.5 * (municipality.leadership + p.arenas_facilitation)
    chance_one = chance_of_good_word(p, one, two, support)
    chance_two = chance_of_good_word(p, two, one, support)
    heard_one = framing_heard(p, one, two, municipality.climate["debates"])
    heard_two = framing_heard(p, two, one, municipality.climate["debates"])
    for member, other, chance, luck, heard in (
        (one, two, chance_one, luck_one, heard_one),
        (two, one, chance_two, luck_two, heard_two),
    ):
        good = luck < chance
        if good:
            member.trust[other.sector] += 1.0
            arena.good += 1
        else:
            weight = trust.weight_of_bad_news(member.identity, p.trust_bad_news)
            member.distrust[other.sector] += weight
        member.framing = heard
    arena.acts += 2
    arena.seen += chance_one + chance_two


def chance_of_good_word(p: SimpleNamespace, member: Member, other: Member, support: float) -> float:
    """Return the chance that a member sees the other's act towards them as cooperative."""
    trusted = trust.trust_from_evidence(other.trust[member.sector], other.distrust[member.sector])
    act = trust.chance_of_cooperative_act(
        p.talk_base, trusted, other.commitment, support, p.talk_trust, p.talk_commitment, p.talk_support
    )
    discount = p.talk_discount if member.sector != other.sector else 0.0
    if member.actor.former != other.actor.former:
        discount += p.talk_discount_former
    return trust.chance_seen(act, min(discount, 1.0), member.identity)


def framing_heard(p: SimpleNamespace, member: Member, other: Member, debates: float) -> float:
    """Return a member's framing of the problem after hearing the other's."""
    trusted = trust.trust_from_evidence(member.trust[other.sector], member.distrust[other.sector])
    bound = framing.tolerance(p.framing_base + p.framing_debates * (debates - 0.5), p.framing_trust, trusted)
    return framing.framing_after_talk(member.framing, other.framing, bound, p.framing_step)
