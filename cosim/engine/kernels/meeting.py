"""Row *meet*: who comes, who talks with whom, what they make of each other's acts, how framings move."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import inlined, kernel
from cosim.engine.kernels.places import seat_slot
from cosim.engine.rules.arithmetic import happens
from cosim.engine.rules.framing import framing_after_talk, framing_pulled_home, tolerance
from cosim.engine.rules.joining import odds_of_coming
from cosim.engine.rules.trust import (
    chance_of_cooperative_act,
    chance_seen,
    trust_from_evidence,
    weight_of_bad_news,
)

DYNAMISM = 4
DEBATES = 6
USUAL_DYNAMISM = 158.0 / 300.0
MOST_MEETINGS = 4
MOST_ROUNDS = 16


@inlined
def forget(desk: Any, n_members: int, seats: Any, kept: float) -> None:
    """Let the members' evidence about the four sectors fade by a month."""
    for one in range(n_members):
        member = seats[desk.members[one]]
        for sector in range(4):
            member.trust[sector] *= kept
        for sector in range(4):
            member.distrust[sector] *= kept


@inlined
def count_meetings(p: Any, dynamism: float, luck: float) -> int:
    """Return how many meetings an arena holds this month: a lively climate meets more, a closed country less."""
    pace = p.arenas_meetings * (0.5 + 0.5 * dynamism / USUAL_DYNAMISM)
    pace *= 1.0 - p.context_meetings_closed * (1.0 - p.arenas_digital)
    whole = int(np.floor(pace))
    return min(whole + (1 if luck < pace - whole else 0), MOST_MEETINGS)


@inlined
def gather(desk: Any, n_members: int, seats: Any, base: float, where: int, meeting: int) -> int:
    """Find who comes to a meeting; write their seats into the desk's ``circle`` and return how many they are."""
    n = 0
    luck = desk.lucks[address.PRESENT]
    for one in range(n_members):
        seat = desk.members[one]
        slot = seat_slot(where, desk.slot_of[seat]) * MOST_MEETINGS + meeting
        desk.circle[n] = seat
        n += 1 if happens(odds_of_coming(base, seats[seat].commitment), address.draw(luck, slot)) else 0
    return n


@inlined
def mix(circle: Any, n: int, luck: Any, slot: int) -> None:
    """Shuffle those present."""
    for last in range(n - 1, 0, -1):
        pick = address.draw_below(luck, slot + last, last + 1)
        circle[last], circle[pick] = circle[pick], circle[last]


@inlined
def chance_of_good_word(p: Any, member: Any, sector: int, other: Any, other_sector: int, upheld: float) -> float:
    """Return the chance that a member sees another's act as cooperative."""
    act = chance_of_cooperative_act(
        p.talk_base,
        trust_from_evidence(other.trust[sector], other.distrust[sector]),
        other.commitment,
        upheld,
        p.talk_trust,
        p.talk_commitment,
        p.talk_support,
    )
    discount = 0.0
    if sector != other_sector:
        discount += p.talk_discount
    if member.former != other.former:
        discount += p.talk_discount_former
    return chance_seen(act, min(discount, 1.0), member.identity)


@inlined
def framing_heard(p: Any, member: Any, other: Any, other_sector: int, debates: float) -> float:
    """Return a member's framing after hearing another's."""
    bound = tolerance(
        p.framing_base + p.framing_debates * (debates - 0.5),
        p.framing_trust,
        trust_from_evidence(member.trust[other_sector], member.distrust[other_sector]),
    )
    return framing_after_talk(member.framing, other.framing, bound, p.framing_step)


@inlined
def remember(member: Any, other_sector: int, good: float, bad_news: float) -> None:
    """Add what was lived through to the evidence about the other's sector."""
    member.trust[other_sector] += good
    member.distrust[other_sector] += weight_of_bad_news(member.identity, bad_news) * (1.0 - good)


@inlined
def talk(
    p: Any,
    one: Any,
    sector_one: int,
    two: Any,
    sector_two: int,
    upheld: float,
    debates: float,
    luck_one: float,
    luck_two: float,
    sums: Any,
) -> None:
    """Let two members talk: both act and are seen, both hear the other's framing, at the same time."""
    seen_one = chance_of_good_word(p, one, sector_one, two, sector_two, upheld)
    seen_two = chance_of_good_word(p, two, sector_two, one, sector_one, upheld)
    good_one = 1.0 if luck_one < seen_one else 0.0
    good_two = 1.0 if luck_two < seen_two else 0.0
    framing_one = framing_heard(p, one, two, sector_two, debates)
    framing_two = framing_heard(p, two, one, sector_one, debates)
    remember(one, sector_two, good_one, p.trust_bad_news)
    remember(two, sector_one, good_two, p.trust_bad_news)
    one.framing = framing_one
    two.framing = framing_two
    sums[0] += 2.0
    sums[1] += good_one + good_two
    sums[2] += seen_one + seen_two


@kernel
def meet(p: Any, municipality: Any, arena: Any, seats: Any, where: int, desk: Any, n_members: int) -> int:
    """Hold this month's meetings of one arena and return how many there were.

    Partners change every round by the round-robin of a shuffled circle, so nobody meets the same person twice before
    having met all. The desk's ``sums`` get the number of acts, of good acts, and the sum of the chances of being seen
    as good.
    """
    forget(desk, n_members, seats, p.trust_kept)
    luck_meet = address.draw(desk.lucks[address.MEET], where)
    n_meetings = count_meetings(p, municipality.climate[DYNAMISM], luck_meet)
    if n_meetings == 0 or n_members == 0:
        return 0
    luck_act = desk.lucks[address.ACT]
    upheld = 0.5 * (municipality.leadership + p.arenas_facilitation)
    debates = municipality.climate[DEBATES]
    base = p.meet_presence + p.arenas_digital * p.meet_digital
    rounds = min(int(p.meet_rounds), MOST_ROUNDS)
    for meeting in range(n_meetings):
        here = where * MOST_MEETINGS + meeting
        n = gather(desk, n_members, seats, base, where, meeting)
        mix(desk.circle, n, desk.lucks[address.PAIR], here * 64)
        circle = n + (n & 1)
        for turn in range(min(rounds, circle - 1)):
            slots = (here * MOST_ROUNDS + turn) * 64
            for pair in range(circle // 2):
                first = 0
                second = 1 + turn
                if pair > 0:
                    first = 1 + turn + pair
                    if first >= circle:
                        first -= circle - 1
                    second = 1 + turn - pair
                    if second < 1:
                        second += circle - 1
                if first >= n or second >= n:
                    continue
                a = desk.circle[first]
                b = desk.circle[second]
                talk(
                    p,
                    seats[a],
                    desk.sector_of[a],
                    seats[b],
                    desk.sector_of[b],
                    upheld,
                    debates,
                    address.draw(luck_act, slots + desk.slot_of[a]),
                    address.draw(luck_act, slots + desk.slot_of[b]),
                    desk.sums,
                )
        came = 0
        pull, effort = p.framing_pull, p.leave_fatigue_meeting
        for guest in range(n):
            seat = desk.circle[guest]
            member = seats[seat]
            came |= 1 << seat
            member.framing = framing_pulled_home(member.framing, member.framing_anchor, pull)
            member.fatigue += effort
        arena.present |= came
    return n_meetings
