"""Rows *exchange* and *spread*: what passes between municipalities."""

from __future__ import annotations

from tests.agreement.twin.plain_rules import arithmetic, learning, spreading
from tests.agreement.twin.things import Host, Municipality, Solution, World, single

LONGEST_RUN = 2048
MUNICIPALITY_CODES = 16384
LEARNT = ("leadership", "design", "experience")


def exchange(world: World, month: int) -> None:
    """Let members of the exchange arena learn from the mean of the experienced ones, if that is above them."""
    teachers = [one for one in world.municipalities if one.experienced and one.exchanging]
    if not teachers:
        return
    means = {}
    for name in LEARNT:
        total = 0.0
        for teacher in teachers:
            total += getattr(teacher, name)
        means[name] = total / len(teachers)
    for learner in world.municipalities:
        p = world.settings(month, learner.number)
        every = int(p.exchange_every)
        if not learner.exchanging or every <= 0 or (month + 1) % every:
            continue
        for name, mean in means.items():
            own = getattr(learner, name)
            setattr(learner, name, max(learning.moved_towards(own, mean, p.exchange_gain), own))


def spread(world: World, month: int) -> None:
    """Let every municipality consider what the others put into use before this month."""
    n = len(world.municipalities)
    if n < 2:
        return
    climates = [municipality.scalar_climate() for municipality in world.municipalities]
    mean = 0.0
    for climate in climates:
        mean += climate / n
    for origin in world.municipalities:
        for solution in origin.solutions:
            if solution.row["month"] < month:
                consider(world, origin, solution, climates, mean, month)


def consider(
    world: World, origin: Municipality, solution: Solution, climates: list[float], mean: float, month: int
) -> None:
    """Let those who do not use a solution yet take it up or not; then let it be known to those who look to them."""
    where = (solution.address * LONGEST_RUN + solution.row["month"]) * MUNICIPALITY_CODES
    new = []
    for other in world.municipalities:
        if other is origin or solution.adopted[other.number] is not None:
            continue
        p = world.settings(month, other.number)
        hazard = spreading.adoption_hazard(
            p.spread_innovation / 12.0,
            p.spread_imitation / 12.0,
            single(solution.pressure[other.number]),
            climates[other.number] / mean if mean > 0.0 else 1.0,
            solution.row["observability"],
        )
        if world.luck.draw(month, "spread", where + other.code) < arithmetic.chance_in_month(hazard):
            solution.adopted[other.number] = month
            solution.row["n_adopted"] += 1
            new.append(other)
            lot = world.luck.draw(month, "reuse", where + other.code)
            unit_for(other, solution.row["area"], lot).newest = month
            other.counts["reused"] += 1
    for adopter in new:
        for looker, weights in enumerate(world.neighbours):
            pressure = single(solution.pressure[looker]) + weights[adopter.number]
            solution.pressure[looker] = single(pressure)


def unit_for(municipality: Municipality, area: int, lot: float) -> Host:
    """Return the unit that takes up a solution: the first from a place drawn by lot on that is of its area."""
    units = municipality.units()
    start = min(int(lot * len(units)), len(units) - 1)
    in_turn = units[start:] + units[:start]
    return next((unit for unit in in_turn if unit.area == area), in_turn[0])
