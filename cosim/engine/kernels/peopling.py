"""Drawing the people and their problems: every trait has its own address, so a person is the same in every scenario."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import inlined, kernel
from cosim.engine.rules.arithmetic import within
from cosim.engine.rules.searching import worth
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import OUTSIDE

LEAST = 0.02
MOST = 0.98
DRAWS_A_PERSON = 16


@inlined
def around(mean: float, spread: float, luck: Any, slot: int) -> float:
    """Return a share drawn around a mean, cut to 0.02..0.98."""
    return within(mean + spread * address.draw_bell(luck, slot), LEAST, MOST)


@inlined
def first_above(cumulative: Any, luck: float) -> int:
    """Return the first group whose cumulative share lies above a uniform number."""
    group = 0
    # Shares rise, so all that are not above it come before; to count them needs no guess that may go wrong.
    for before in range(cumulative.shape[0] - 1):
        group += 1 if luck >= cumulative[before] else 0
    return group


@kernel
def draw_deviations(run_luck: Any, places: Any, deviations: Any) -> None:
    """Draw by how many standard deviations each municipality differs from the usual, [M, at most 8], mean 0."""
    luck = address.luck_of(run_luck, -1, address.TOWN)
    for m in range(places.shape[0]):
        for trait in range(deviations.shape[1]):
            deviations[m, trait] = address.draw_bell(luck, places[m].address * 8 + trait)


@kernel
def draw_people(world: Any, state: Any, means: Any, ages: Any, formers: Any) -> None:
    """Draw every actor's row.

    Parameters
    ----------
    means : [M, 4, 8] trust in the four sectors, optimism, identity, creativity, framing anchor
    ages : [M, 4, 5] cumulative shares of the age groups
    formers : [M, 8] cumulative shares of the former municipalities
    """
    luck = address.luck_of(world.run_luck, -1, address.PEOPLE)
    for m in range(world.places.shape[0]):
        place = world.places[m]
        p = world.settings[world.setting_row[0, m]]
        for sector in range(4):
            first = place.sector_first[sector]
            home = (place.address * 4 + sector) << 26
            for actor in range(first, place.sector_first[sector + 1]):
                slot = (home + actor - first) * DRAWS_A_PERSON
                person = state.actors[actor]
                origin = state.origins[actor]
                bent = address.draw_bell(luck, slot)
                for target in range(4):
                    own = address.draw_bell(luck, slot + 1 + target)
                    # What a person thinks of all sectors alike weighs 0.8, what they think of each 0.6: variance 1.
                    trust = means[m, sector, target] + p.people_trust_spread * (0.8 * bent + 0.6 * own)
                    trust = within(trust, LEAST, MOST)
                    person.trust[target] = p.people_inertia * trust
                    person.distrust[target] = p.people_inertia * (1.0 - trust)
                person.optimism = around(means[m, sector, 4], p.people_spread, luck, slot + 5)
                person.identity = around(means[m, sector, 5], p.people_spread, luck, slot + 6)
                person.identity_anchor = person.identity
                origin.creativity = around(means[m, sector, 6], p.people_spread, luck, slot + 7)
                person.framing = around(means[m, sector, 7], p.people_framing_spread, luck, slot + 8)
                origin.framing_anchor = person.framing
                person.fatigue = 0.0
                person.age = first_above(ages[m, sector], address.draw(luck, slot + 9))
                person.former = first_above(formers[m], address.draw(luck, slot + 10))
                person.sector = sector
                person.municipality = m
                person.seat = OUTSIDE
                person.left = OUTSIDE


@kernel
def draw_landscapes(run_luck: Any, landscapes: Any, best: Any, coupling: int) -> None:
    """Draw a pool of problems and find each one's best solution by looking at all 65,536.

    Parameters
    ----------
    landscapes : [L, 16, 2 ** (coupling + 1)] filled with uniform contributions
    best : [L] filled
    """
    luck = address.luck_of(run_luck, -1, address.LANDSCAPE)
    n_patterns = landscapes.shape[2]
    for problem in range(landscapes.shape[0]):
        for decision in range(16):
            for pattern in range(n_patterns):
                slot = (problem * 16 + decision) * 65536 + pattern
                landscapes[problem, decision, pattern] = address.draw(luck, slot)
        found = 0.0
        for solution in range(65536):
            found = max(found, worth(solution, landscapes[problem], 16, coupling))
        best[problem] = found


@kernel
def measure_prehistory(world: Any, state: Any) -> None:
    """Write each municipality's mean trust and mean optimism at the start into its place."""
    for m in range(world.places.shape[0]):
        place = world.places[m]
        trust = 0.0
        optimism = 0.0
        n = max(place.actor_last - place.actor_first, 1)
        for actor in range(place.actor_first, place.actor_last):
            person = state.actors[actor]
            for target in range(4):
                trust += trust_from_evidence(np.float64(person.trust[target]), np.float64(person.distrust[target]))
            optimism += person.optimism
        place.prehistory[0] = trust / (4.0 * n)
        place.prehistory[1] = optimism / n
