"""Drawing the people and their problems once more, person by person and solution by solution."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.agreement.twin.luck import BEFORE_THE_START
from tests.agreement.twin.plain_rules import arithmetic, searching, trust
from tests.agreement.twin.things import Actor, Problem, single

DRAWS_A_PERSON = 16


def draw_actor(
    luck: Any,
    p: SimpleNamespace,
    code: int,
    municipality: int,
    sector: int,
    number: int,
    means: list[float],
    ages: list[float],
    formers: list[float],
) -> Actor:
    """Return the number-th actor of a sector of a municipality.

    Parameters
    ----------
    means : trust in four sectors, optimism, identity, creativity, framing
    ages, formers : cumulative shares of age groups and of former municipalities
    """
    slot = ((code * 4 + sector) * 2**26 + number) * DRAWS_A_PERSON

    def bell(trait: int) -> float:
        return luck.draw_bell(BEFORE_THE_START, "people", slot + trait)

    def around(mean: float, spread: float, trait: int) -> float:
        return single(arithmetic.within(mean + spread * bell(trait), 0.02, 0.98))

    def group(shares: list[float], trait: int) -> int:
        lot = luck.draw(BEFORE_THE_START, "people", slot + trait)
        return next((place for place, share in enumerate(shares[:-1]) if lot < share), len(shares) - 1)

    bent = bell(0)
    positive, negative = [], []
    for target in range(4):
        lean = 0.8 * bent + 0.6 * bell(1 + target)
        level = arithmetic.within(means[target] + p.people_trust_spread * lean, 0.02, 0.98)
        positive.append(single(p.people_inertia * level))
        negative.append(single(p.people_inertia * (1.0 - level)))
    identity = around(means[5], p.people_spread, 6)
    framing = around(means[7], p.people_framing_spread, 8)
    return Actor(
        number=number,
        municipality=municipality,
        sector=sector,
        former=group(formers, 10),
        age=group(ages, 9),
        trust=positive,
        distrust=negative,
        optimism=around(means[4], p.people_spread, 5),
        identity=identity,
        identity_anchor=identity,
        creativity=around(means[6], p.people_spread, 7),
        framing=framing,
        framing_anchor=framing,
    )


def prehistory(actors: list[Actor]) -> tuple[float, float]:
    """Return the mean trust and the mean optimism that a municipality starts with."""
    trusted, optimism = 0.0, 0.0
    for actor in actors:
        for positive, negative in zip(actor.trust, actor.distrust, strict=True):
            trusted += trust.trust_from_evidence(positive, negative)
        optimism += actor.optimism
    return trusted / (4.0 * len(actors)), optimism / len(actors)


def draw_problem(luck: Any, number: int, coupling: int) -> Problem:
    """Return a problem of the pool, its best worth found by looking at every solution."""
    contributions = [
        [
            luck.draw(BEFORE_THE_START, "landscape", (number * 16 + decision) * 65536 + pattern)
            for pattern in range(2 ** (coupling + 1))
        ]
        for decision in range(16)
    ]
    problem = Problem(number, contributions, 0.0)
    problem.best = max(searching.worth(solution, problem, 16, coupling) for solution in range(65536))
    return problem
