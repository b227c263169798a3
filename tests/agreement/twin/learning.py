"""Row *learn*: what progress and outcomes teach the members, the municipality and those who only hear of it."""

from __future__ import annotations

from types import SimpleNamespace

from cosim.vocabulary import CLIMATE_DIMENSIONS
from tests.agreement.twin.plain_rules import arithmetic, learning
from tests.agreement.twin.things import Arena, Member, Municipality, World, single


def learn(world: World, municipality: Municipality, month: int) -> None:
    """Let the members of a municipality's arenas learn from the month."""
    p = world.settings(month, municipality.number)
    for arena in municipality.arenas():
        sectors = {member.sector for member in arena.members()}
        for member in arena.members():
            learn_of_progress(world.theory, p, arena, member, sectors)
            if arena.ending != "running":
                learn_of_outcome(world.theory, p, arena, member)
            won = world.theory.outcome_identity if arena.ending == "delivered" else 0.0
            member.identity = learning.identity_next(
                member.identity,
                member.actor.identity_anchor,
                won,
                p.learn_identity_success,
                p.learn_identity_anchor,
            )


def learn_of_progress(
    theory: SimpleNamespace, p: SimpleNamespace, arena: Arena, member: Member, sectors: set[int]
) -> None:
    """Let a member learn from whether there was a step forward, as far as the theory says that this teaches."""
    good = float(arena.progress)
    if theory.progress_optimism > 0.0:
        rates = (theory.progress_optimism * rate for rate in (p.learn_progress_good, p.learn_progress_bad))
        member.optimism = learning.optimism_after_news(member.optimism, good, *rates)
    if theory.progress_commitment > 0.0:
        rate = theory.progress_commitment * p.learn_commitment_progress
        member.commitment = learning.moved_towards(member.commitment, good, rate)
    if theory.wins_to_trust > 0.0 and arena.progress:
        for sector in sectors:
            member.trust[sector] += theory.wins_to_trust


def learn_of_outcome(theory: SimpleNamespace, p: SimpleNamespace, arena: Arena, member: Member) -> None:
    """Let a member learn from success or failure; a partner left without an answer trusts the municipality less."""
    won = float(arena.ending == "delivered")
    rates = (theory.outcome_optimism * rate for rate in (p.learn_outcome_good, p.learn_outcome_bad))
    member.optimism = learning.optimism_after_news(member.optimism, won, *rates)
    rate = theory.outcome_commitment * p.learn_commitment_outcome
    member.commitment = learning.moved_towards(member.commitment, won, rate)
    if arena.ending != "delivered" and member.sector != 0:
        member.distrust[0] += p.learn_silence * (1.0 - p.arenas_feedback_participants)


def hear_of_outcomes(world: World, municipality: Municipality, month: int) -> None:
    """Let a municipality's climate and experience move by what its arenas came to, and its people hear of it."""
    p = world.settings(month, municipality.number)
    n_units = len(municipality.units())
    for amount, anchor in zip((municipality.good_outcomes, municipality.bad_outcomes), world.anchors, strict=True):
        if amount > 0 and world.theory.outcome_climate != 0.0:
            rate = world.theory.outcome_climate * p.learn_climate * amount / n_units
            rate = arithmetic.within(rate, 0.0, 1.0)
            for name in CLIMATE_DIMENSIONS:
                moved = learning.moved_towards(municipality.climate[name], anchor[name], rate)
                municipality.climate[name] = moved
    if municipality.good_news > 0:
        rate = arithmetic.within(p.learn_experience * municipality.good_news / n_units, 0.0, 1.0)
        municipality.experience = learning.moved_towards(municipality.experience, 1.0, rate)
    tell_spectators(world, municipality, month)


def tell_spectators(world: World, municipality: Municipality, month: int) -> None:
    """Let one person in each of as many equal stretches of the population as there are hearers take the news."""
    p = world.settings(month, municipality.number)
    told = municipality.good_news + municipality.bad_news
    people = len(municipality.actors)
    reach = p.learn_spectators * told * 2.0 * p.arenas_feedback_public / world.persons_per_actor
    if told == 0:
        return
    rounding = world.luck.draw(month, "news", municipality.code * 2**32 + 2**31)
    hearers = min(int(reach + rounding), people)
    for hearer in range(hearers):
        slot = municipality.code * 2**32 + 2 * hearer
        place = int((hearer + world.luck.draw(month, "news", slot)) * (people / hearers))
        actor = municipality.actors[min(place, people - 1)]
        if actor.seat is None:
            good = float(world.luck.draw(month, "news", slot + 1) < municipality.good_news / told)
            rate_good = p.learn_outcome_good * p.learn_spectator_share
            rate_bad = p.learn_outcome_bad * p.learn_spectator_share
            heard = learning.optimism_after_news(actor.optimism, good, rate_good, rate_bad)
            actor.optimism = single(heard)
