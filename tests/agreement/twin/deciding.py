"""Rows *advance* and *decide*: the theory's event comes, those who may decide vote, a solution works or does not."""

from __future__ import annotations

from types import SimpleNamespace

from cosim.vocabulary import DECISION_RULES, READINGS
from tests.agreement.twin.opening import value_of_form
from tests.agreement.twin.plain_rules import arithmetic, constructs, deciding
from tests.agreement.twin.things import Arena, Municipality, World


def quantities_of(world: World, arena: Arena) -> list[float]:
    """Return the theory's constructs as shares (those it does not have as 0.5), then the readings."""
    return [constructs.share_of(node) for node in arena.nodes] + [arena.readings[name] for name in READINGS]


def advance(world: World, municipality: Municipality, month: int) -> None:
    """Let the event of each arena's phase come, if it comes this month."""
    p = world.settings(month, municipality.number)
    theory = world.theory
    for arena in municipality.arenas():
        has_met = arena.meetings > 0 or arena.life["months_met"] > 0.0
        if arena.n_members == 0 or not has_met:
            continue
        known = quantities_of(world, arena)
        gate = theory.hazard_gate[arena.phase]
        chance = 0.0
        if gate < 0 or known[gate] > theory.gate_level[arena.phase]:
            form = value_of_form(
                theory.hazard_form[arena.phase],
                theory.hazard_term[arena.phase],
                theory.hazard_weight[arena.phase],
                theory.hazard_constant[arena.phase],
                known,
            )
            rate = p.process_base_hazard * theory.scale * theory.hazard_rate[arena.phase]
            chance = arithmetic.chance_in_month(rate * max(form, 0.0))
        arena.event = world.luck.draw(month, "advance", arena.address) < chance


def decide(world: World, municipality: Municipality, month: int, switched_on: bool) -> None:
    """Let what has come to a head be voted on and put into use; then add the month to each arena's life.

    With the row switched off nobody votes, and what reaches the end of the last phase always works.
    """
    for arena in municipality.arenas():
        if arena.event:
            known = quantities_of(world, arena)
            if not switched_on or passes(world, municipality, arena, month):
                step_forward(world, municipality, arena, month, known, switched_on)
        tally(arena, month)
        count_month(municipality, arena)


def passes(world: World, municipality: Municipality, arena: Arena, month: int) -> bool:
    """Return whether the vote of a phase, if it has one, carries; if not, send the arena back or end it."""
    p = world.settings(month, municipality.number)
    rule = DECISION_RULES[world.theory.decision_rule[arena.phase]]
    if rule == "none":
        return True
    if p.arenas_decision_rule > 0.5:
        rule = DECISION_RULES[int(p.arenas_decision_rule)]
    if rule == "authority":
        arena.readings["power_share"] = 0.0
    support = support_of(world, p, arena)
    arena.readings["support"] = support
    arena.life["votes"] += 1.0
    needed = {"supermajority": p.decide_supermajority, "consent": 1.0}.get(rule, p.decide_majority)
    if support >= needed:
        return True
    if world.theory.back[arena.phase] < 0:
        arena.ending = "no_support"
    else:
        arena.phase = world.theory.back[arena.phase]
    return False


def support_of(world: World, p: SimpleNamespace, arena: Arena) -> float:
    """Return the support of those who may decide, the public side weighed against all others."""
    total, n = 0.0, 0
    for member in arena.members():
        total += member.framing
        n += 1
    mean = total / n
    votes: dict[bool, list[bool]] = {True: [], False: []}
    for member in arena.members():
        if world.theory.may_decide[arena.phase][member.sector]:
            asks = p.decide_reservation + p.decide_reservation_optimism * (1.0 - member.optimism)
            distance = abs(member.framing - mean)
            agrees = deciding.supports(arena.readings["wins"], asks, distance, p.decide_distance)
            votes[member.sector == 0].append(agrees)
    public, others = (sum(side) / len(side) if side else 0.0 for side in (votes[True], votes[False]))
    n_public, n_others = len(votes[True]), len(votes[False])
    return deciding.weighted_support(public, others, n_public, n_others, arena.readings["power_share"])


def step_forward(
    world: World, municipality: Municipality, arena: Arena, month: int, known: list[float], switched_on: bool
) -> None:
    """Move an arena to its next phase, or put its solution into use and see whether it works."""
    p = world.settings(month, municipality.number)
    arena.progress = True
    if arena.phase + 1 < world.theory.n_phases:
        arena.phase += 1
        return
    if not switched_on:
        arena.ending = "delivered"
        return
    capacity = known[world.theory.capacity_quantity]
    chance = deciding.chance_of_success(arena.readings["wins"], capacity)
    chance += (1.0 - chance) * p.decide_testing_gain * p.arenas_testing
    if world.luck.draw(month, "success", arena.address) < chance:
        arena.ending = "delivered"
        return
    cost = 1.0 - capacity
    policy = (arena.best_solution ^ arena.start_solution).bit_count() / 16.0
    lot = world.luck.draw(month, "cause", arena.address) * (cost + policy)
    arena.ending = "cost" if lot <= cost else "policy"


def tally(arena: Arena, month: int) -> None:
    """Add the month to the sums and marks of an arena's life."""
    life, readings = arena.life, arena.readings
    age = float(month - arena.opened)
    life["seat_months"] += arena.n_members
    if arena.meetings == 0:
        return
    if life["months_met"] == 0.0:
        life["trust_first"], life["understanding_first"] = readings["trust"], readings["understanding"]
    life["months_met"] += 1.0
    life["presence"] += len(arena.present) / arena.n_members if arena.n_members else 0.0
    life["engagement"] += readings["engagement"]
    life["understanding"] += readings["understanding"]
    for name in ("engagement", "capacity"):
        if readings[name] > life[f"peak_{name}"]:
            life[f"peak_{name}"], life[f"peak_{name}_month"] = readings[name], age
    life["acts"] += arena.acts
    life["acts_good"] += arena.good
    if arena.progress and life["wins_first_month"] < 0.0:
        life["wins_first_month"] = age


def count_month(municipality: Municipality, arena: Arena) -> None:
    """Add an arena's month to the counts of the municipality."""
    for name, number in {
        "meetings": arena.meetings,
        "present": len(arena.present),
        "acts": arena.acts,
        "acts_good": arena.good,
        "seat_months": arena.n_members,
    }.items():
        municipality.counts[name] += number
