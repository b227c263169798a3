"""Row *constructs*: what can be read off an arena, and how the theory's arrows move its constructs."""

from __future__ import annotations

from cosim.vocabulary import CONSTRUCTS, DECISION_RULES, READINGS
from tests.agreement.twin.opening import capacity_of
from tests.agreement.twin.plain_rules import arithmetic, constructs, searching, trust
from tests.agreement.twin.things import Arena, Lagged, Municipality, World


def read_and_move(world: World, municipality: Municipality, month: int, switched_on: bool) -> None:
    """Read every arena of a municipality, and let its constructs move if the row is switched on."""
    for arena in municipality.arenas():
        before = {name: arena.readings[name] for name in CONSTRUCTS}
        fresh = arena.life["seat_months"] == 0.0
        read_people(arena)
        read_surroundings(world, municipality, arena, month)
        if switched_on:
            move_constructs(world, municipality, arena, month, fresh)
        if not fresh:
            keep_lagged(municipality.lagged, before, arena.readings)


def read_people(arena: Arena) -> None:
    """Read what the members bring about: engagement, trust, commitment, understanding, optimism, identity."""
    members = list(arena.members())
    sectors = sorted({member.sector for member in members})
    sums = dict.fromkeys(("trust", "commitment", "framing", "optimism", "identity"), 0.0)
    for member in members:
        own = 0.0
        for sector in sectors:
            own += trust.trust_from_evidence(member.trust[sector], member.distrust[sector])
        sums["trust"] += own / len(sectors)
        sums["commitment"] += member.commitment
        sums["framing"] += member.framing
        sums["optimism"] += member.optimism
        sums["identity"] += member.identity
    n = max(len(members), 1)
    mean = sums["framing"] / n
    spread = 0.0
    for member in members:
        spread += abs(member.framing - mean)
    readings = arena.readings
    coverage = len(sectors) / len(arena.invited)
    readings["engagement"] = len(arena.present) / n * coverage if arena.meetings else 0.0
    readings["understanding"] = arithmetic.within(1.0 - 2.0 * spread / n, 0.0, 1.0) if members else 0.0
    for name in ("trust", "commitment", "optimism", "identity"):
        readings[name] = sums[name] / n
    readings["diversity"] = len(sectors) / 4.0
    arena.n_members = len(members)


def read_surroundings(world: World, municipality: Municipality, arena: Arena, month: int) -> None:
    """Read what the municipality, its time and the arena's own work give."""
    p = world.settings(month, municipality.number)
    arena.readings |= {
        "capacity": capacity_of(municipality, p),
        "wins": searching.quality_of(arena.best_worth, arena.problem.best),
        "climate": municipality.scalar_climate(),
        "leadership": municipality.leadership,
        "design": municipality.design,
        "administration": municipality.administration,
        "incentives": p.context_incentives,
        "interdependence": p.context_interdependence,
        "uncertainty": p.context_uncertainty,
        "mandate": p.context_mandate,
        "experience": municipality.experience,
        "power_share": p.arenas_power_share
        if arena.is_open and DECISION_RULES[int(p.arenas_decision_rule)] != "authority"
        else 0.0,
        "facilitation": p.arenas_facilitation,
    }
    if arena.acts > 0:
        arena.readings["conflict"] = 1.0 - arena.seen / arena.acts


def move_constructs(world: World, municipality: Municipality, arena: Arena, month: int, fresh: bool) -> None:
    """Move the theory's constructs by a month, all at once; a fresh arena starts from what is read off it."""
    p = world.settings(month, municipality.number)
    theory = world.theory
    measured = [
        2.0 * arena.readings[READINGS[reading]] - 1.0 if reading >= 0 else 0.0
        for reading in theory.reading[: theory.n_nodes]
    ]
    before = list(measured) if fresh else arena.nodes[: theory.n_nodes]
    for node in range(theory.n_nodes):
        inflow = 0.0
        for sender in range(theory.n_nodes):
            weight = theory.arrows[node][sender]
            if weight == 0.0:
                continue
            moderator = theory.moderator[node][sender]
            if moderator >= 0:
                low, high = theory.moderator_low[node][sender], theory.moderator_high[node][sender]
                weight *= low + (high - low) * arena.readings[READINGS[moderator]]
            inflow += weight * before[sender]
        inflow *= p.process_gain
        inflow += theory.input_weight[node] * measured[node] + theory.bias[node]
        arena.nodes[node] = constructs.construct_next(
            before[node], measured[node], inflow, p.process_arrows, p.process_inertia
        )


def keep_lagged(lagged: Lagged, before: dict[str, float], now: dict[str, float]) -> None:
    """Add a pair of months to the sums of lag-one correlations."""
    lagged.n += 1.0
    for one in CONSTRUCTS:
        lagged.x[one] += before[one]
        lagged.y[one] += now[one]
        lagged.xx[one] += before[one] * before[one]
        lagged.yy[one] += now[one] * now[one]
        for two in CONSTRUCTS:
            lagged.xy[one, two] += before[one] * now[two]
