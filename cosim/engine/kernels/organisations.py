"""Rows *events*, *learn* outside the arenas, and *exchange*: the municipality, its climate and its spectators."""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine import address
from cosim.engine.compiling import inlined, kernel
from cosim.engine.kernels.places import end_of_units
from cosim.engine.processor import fetch
from cosim.engine.rules.arithmetic import within
from cosim.engine.rules.learning import moved_towards, optimism_after_news

AHEAD = 8
"""How many hearers beforehand somebody is fetched."""
HOW_MANY_HEAR = 1 << 31
"""Slot beyond those of the hearers themselves."""


@kernel
def suffer_events(world: Any, state: Any, month: int, m: int) -> None:
    """Let scheduled shocks and changes of the month reach a municipality."""
    p = world.settings[world.setting_row[month, m]]
    municipality = state.municipalities[m]
    if p.context_scandal > 0.0:
        place = world.places[m]
        for actor in range(place.actor_first, place.actor_last):
            person = state.actors[actor]
            if person.seat >= 0:
                state.seats[person.seat // world.n_seats, person.seat % world.n_seats].distrust[0] += p.context_scandal
            else:
                person.distrust[0] += p.context_scandal
    if p.context_election > 0.0:
        municipality.leadership = moved_towards(municipality.leadership, 0.5, p.context_election)
    if p.leadership_training > 0.0:
        gain = p.leadership_training * p.leadership_training_gain
        municipality.leadership = moved_towards(municipality.leadership, 1.0, gain)


@kernel
def learn_as_organisation(world: Any, state: Any, process: Any, month: int, m: int) -> None:
    """Move climate and experience by the month's outcomes, then tell the spectators.

    One outcome for each unit moves the climate by the rate ``learn.climate``: a large municipality is not more
    easily moved than a small one because more happens there.
    """
    p = world.settings[world.setting_row[month, m]]
    municipality = state.municipalities[m]
    place = world.places[m]
    units = max(end_of_units(state.hosts, place.host_first, place.host_last) - place.host_first, 1)
    for outcome in range(2):
        amount = municipality.outcomes[outcome]
        if amount == 0.0 or process.outcome_climate == 0.0:
            continue
        rate = within(process.outcome_climate * p.learn_climate * amount / units, 0.0, 1.0)
        for dimension in range(10):
            municipality.climate[dimension] = moved_towards(
                municipality.climate[dimension], world.climate_anchors[outcome, dimension], rate
            )
    if municipality.news[0] > 0.0:
        rate = within(p.learn_experience * municipality.news[0] / units, 0.0, 1.0)
        municipality.experience = moved_towards(municipality.experience, 1.0, rate)
    tell_spectators(world, state, p, month, m)


@inlined
def who_hears(place: Any, luck: Any, base: int, hearer: int, stretch: float) -> int:
    """Return the actor who is the so-manieth to hear: somebody, at random, of the so-manieth stretch of people."""
    step = int((hearer + address.draw(luck, base + 2 * hearer)) * stretch)
    return min(place.actor_first + step, place.actor_last - 1)


@kernel
def tell_spectators(world: Any, state: Any, p: Any, month: int, m: int) -> None:
    """Let some of those outside hear what became of the open arenas, and take it as good or bad news.

    The municipality's people are cut into as many equal stretches as there are hearers, and one person in each, drawn
    at random, hears: everybody has the same chance, and the cost is one cheap step a hearer, not one a citizen.
    """
    news = state.municipalities[m].news
    place = world.places[m]
    told = news[0] + news[1]
    people = place.actor_last - place.actor_first
    reach = p.learn_spectators * told * 2.0 * p.arenas_feedback_public / world.persons_per_actor
    luck = address.luck_of(world.run_luck, month, address.NEWS)
    base = place.address << 32
    # Where an actor stands for many, less than one may hear: rounded up or down by luck, right on average.
    hearers = min(int(reach + address.draw(luck, base + HOW_MANY_HEAR)), people)
    if told == 0.0 or hearers <= 0:
        return
    share_good = news[0] / told
    stretch = people / hearers
    for hearer in range(hearers):
        fetch(state.actors, who_hears(place, luck, base, hearer + AHEAD, stretch), 0)
        person = state.actors[who_hears(place, luck, base, hearer, stretch)]
        if person.seat >= 0:
            continue
        good = 1.0 if address.draw(luck, base + 2 * hearer + 1) < share_good else 0.0
        person.optimism = optimism_after_news(
            np.float64(person.optimism),
            good,
            p.learn_outcome_good * p.learn_spectator_share,
            p.learn_outcome_bad * p.learn_spectator_share,
        )


@kernel
def exchange(world: Any, state: Any, month: int) -> None:
    """Let members of the exchange arena learn leadership, design and experience from those who have more.

    Members look to the mean of the experienced members; who is above it already learns nothing.
    """
    n = world.places.shape[0]
    leadership = 0.0
    design = 0.0
    experience = 0.0
    experienced = 0
    for m in range(n):
        if world.places[m].experienced > 0.5 and world.places[m].exchanging > 0.5:
            leadership += state.municipalities[m].leadership
            design += state.municipalities[m].design
            experience += state.municipalities[m].experience
            experienced += 1
    if experienced == 0:
        return
    leadership /= experienced
    design /= experienced
    experience /= experienced
    for m in range(n):
        p = world.settings[world.setting_row[month, m]]
        every = int(p.exchange_every)
        if world.places[m].exchanging < 0.5 or every <= 0 or (month + 1) % every != 0:
            continue
        learner = state.municipalities[m]
        gain = p.exchange_gain
        learner.leadership = max(moved_towards(learner.leadership, leadership, gain), learner.leadership)
        learner.design = max(moved_towards(learner.design, design, gain), learner.design)
        learner.experience = max(moved_towards(learner.experience, experience, gain), learner.experience)
