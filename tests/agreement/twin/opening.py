"""Rows *events* and *open*: what strikes a municipality from outside, and the efforts its units begin."""

from __future__ import annotations

from types import SimpleNamespace

from cosim.vocabulary import HAZARD_FORMS, N_NODES, READINGS
from tests.agreement.twin.luck import BEFORE_THE_START
from tests.agreement.twin.plain_rules import arithmetic, learning, searching
from tests.agreement.twin.things import Arena, Host, Municipality, World, single

INVITED_SLOTS = 8
"""Slots a place has for who is invited: everybody, three sectors, other units."""


def events(world: World, municipality: Municipality, month: int) -> None:
    """Let a scandal, an election and leadership training reach a municipality."""
    p = world.settings(month, municipality.number)
    if p.context_scandal > 0.0:
        for actor in municipality.actors:
            if actor.seat is None:
                actor.distrust[0] = single(actor.distrust[0] + p.context_scandal)
            else:
                actor.seat.distrust[0] += p.context_scandal
    if p.context_election > 0.0:
        municipality.leadership = learning.moved_towards(municipality.leadership, 0.5, p.context_election)
    if p.leadership_training > 0.0:
        rate = p.leadership_training * p.leadership_training_gain
        municipality.leadership = learning.moved_towards(municipality.leadership, 1.0, rate)


def value_of_form(form: int, terms: list[int], weights: list[float], constant: float, known: list[float]) -> float:
    """Return what a hazard's or a gate's form makes of the quantities it names."""
    named = [known[term] for term in terms if term >= 0]
    match HAZARD_FORMS[form]:
        case "linear":
            value = constant
            for term, weight in zip(terms, weights, strict=True):
                if term >= 0:
                    value += weight * known[term]
            return value
        case "minimum":
            return min(named, default=0.0)
        case "maximum":
            return max(named, default=0.0)
        case "threshold":
            return named[0] if named else 0.0
    value = named[0] if named else 0.0
    for other in named[1:]:
        value *= other
    return value


def capacity_of(municipality: Municipality, p: SimpleNamespace) -> float:
    """Return a municipality's capacity: the mean of leadership, design, administration and what is left to spend."""
    budget = p.arenas_budget * (1.0 - p.context_budget_cut)
    return (municipality.leadership + municipality.design + municipality.administration + budget) / 4.0


def may_begin(world: World, municipality: Municipality, p: SimpleNamespace) -> bool:
    """Return whether the theory's start gate is open, by what is known before anybody has met."""
    theory = world.theory
    if theory.start_level < 0.0:
        return True
    known = {
        "trust": municipality.prehistory_trust,
        "capacity": capacity_of(municipality, p),
        "optimism": municipality.prehistory_optimism,
        "climate": municipality.scalar_climate(),
        "leadership": municipality.leadership,
        "design": municipality.design,
        "administration": municipality.administration,
        "incentives": p.context_incentives,
        "interdependence": p.context_interdependence,
        "uncertainty": p.context_uncertainty,
        "mandate": p.context_mandate,
        "experience": municipality.experience,
    }
    quantities = [0.5] * N_NODES + [known.get(reading, 0.5) for reading in READINGS]
    value = value_of_form(theory.start_form, theory.start_term, theory.start_weight, 0.0, quantities)
    return value > theory.start_level


def invited_by_chance(world: World, month: int, p: SimpleNamespace, where: int) -> set[int]:
    """Return the sectors an effort invites: all four, or the public and each of the others by its own chance."""
    if world.luck.draw(month, "invited", where * INVITED_SLOTS) < p.arenas_openness:
        return {0, 1, 2, 3}
    chances = {1: p.arenas_invite_private, 2: p.arenas_invite_civic, 3: p.arenas_invite_research}
    return {0} | {
        sector
        for sector, chance in chances.items()
        if world.luck.draw(month, "invited", where * INVITED_SLOTS + sector) < chance
    }


def is_idle(world: World, p: SimpleNamespace, host: Host) -> bool:
    """Return whether a unit is one of those that never begin anything of themselves."""
    return world.luck.draw(BEFORE_THE_START, "idle", host.address) < p.arenas_idle_units


def open_arenas(world: World, municipality: Municipality, month: int) -> None:
    """Open the arenas that were scheduled for the month and those that units begin of themselves."""
    p = world.settings(month, municipality.number)
    allowed = may_begin(world, municipality, p)
    chance = arithmetic.chance_in_month(p.arenas_opening * (0.5 + municipality.leadership))
    for host in municipality.hosts:
        for place, occupied in enumerate(host.arenas):
            if occupied is not None:
                continue
            where = host.address * 8 + place
            if host.scheduled:
                if place > 0 or host.month != month:
                    continue
                invited, shared = set(host.invited), True
            else:
                if place >= p.arenas_parallel or not allowed:
                    continue
                if world.luck.draw(month, "open", where) >= chance or is_idle(world, p, host):
                    continue
                invited = invited_by_chance(world, month, p, where)
                shared = world.luck.draw(month, "invited", where * INVITED_SLOTS + 4) < p.arenas_invite_units
            start = world.luck.bits(month, "start_solution", where) % 2**16
            problem = world.problems[world.luck.draw_below(month, "problem", where, len(world.problems))]
            arena = Arena(
                host=host,
                place=place,
                opened=month,
                invited=invited,
                shared=shared,
                problem=problem,
                start_solution=start,
                best_solution=start,
                best_worth=searching.worth(start, problem, 16, world.coupling),
                seats=[None] * (4 * world.seats_a_sector),
                seats_a_sector=world.seats_a_sector,
                life=dict.fromkeys(LIFE, 0.0) | {"wins_first_month": -1.0},
            )
            host.arenas[place] = arena
            municipality.counts["opened"] += 1
            municipality.counts["opened_open"] += arena.is_open


LIFE = (
    "months_met",
    "presence",
    "engagement",
    "understanding",
    "trust_first",
    "understanding_first",
    "peak_engagement",
    "peak_engagement_month",
    "peak_capacity",
    "peak_capacity_month",
    "acts",
    "acts_good",
    "seat_months",
    "joins",
    "leaves",
    "votes",
    "wins_first_month",
)
"""Sums and marks over an arena's life."""
