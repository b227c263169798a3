"""A resident: a Mesa agent with its traits as attributes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from benchmarks.plain_mesa.arena import Arena
    from benchmarks.plain_mesa.municipality import Municipality


def logistic(x: float) -> float:
    """Return 1 / (1 + e**-x)."""
    return 1.0 / (1.0 + math.exp(-x))


def cut(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """Return x cut to low..high."""
    return min(max(x, low), high)


class Resident(mesa.Agent):
    """One adult: what they think of the four sectors, of the future, of the place and of the problem."""

    def __init__(self, model: mesa.Model, home: Municipality, sector: int) -> None:
        """Draw a resident's traits around the means of the municipality and sector."""
        super().__init__(model)
        luck, p, means = self.random, home.p, home.place.means[sector]
        self.home = home
        self.sector = sector
        bent = _bell(luck)
        self.trust_evidence = []
        self.distrust_evidence = []
        for target in range(4):
            trust = cut(means[target] + p.people_trust_spread * (0.8 * bent + 0.6 * _bell(luck)), 0.02, 0.98)
            self.trust_evidence.append(p.people_inertia * trust)
            self.distrust_evidence.append(p.people_inertia * (1.0 - trust))
        self.optimism = cut(means[4] + p.people_spread * _bell(luck), 0.02, 0.98)
        self.identity = self.identity_anchor = cut(means[5] + p.people_spread * _bell(luck), 0.02, 0.98)
        self.framing = self.framing_anchor = cut(means[7] + p.people_framing_spread * _bell(luck), 0.02, 0.98)
        self.creativity = cut(means[6] + p.people_spread * _bell(luck), 0.02, 0.98)
        self.fatigue = 0.0
        lot = luck.random()
        self.age = next((age for age, share in enumerate(home.place.age_shares[sector]) if lot < share), 4)
        self.former = luck.randrange(home.place.n_former)
        self.was_member = False
        self.arena: Arena | None = None
        self.commitment = 0.0
        self.solution = 0
        self.worth = 0.0

    def trust_in(self, sector: int) -> float:
        """Return the expected share of cooperative acts of a sector."""
        good = self.trust_evidence[sector]
        return (good + 1.0) / (good + self.distrust_evidence[sector] + 2.0)

    def mean_trust(self) -> float:
        """Return the mean trust in the four sectors."""
        return 0.25 * sum(self.trust_in(sector) for sector in range(4))

    def rest(self) -> None:
        """Let the fatigue and identity of a former member fade at home."""
        if self.was_member and self.arena is None:
            p = self.home.p
            self.fatigue *= p.leave_fatigue_kept
            self.identity += p.learn_identity_anchor * (self.identity_anchor - self.identity)

    def says_yes(self, filled: float) -> bool:
        """Return whether the resident takes the seat that is offered."""
        p = self.home.p
        base = (p.join_base_public, p.join_base_private, p.join_base_civic, p.join_base_research)[self.sector]
        odds = (
            base
            + p.join_trust * (2.0 * self.mean_trust() - 1.0)
            + p.join_optimism * (2.0 * self.optimism - 1.0)
            + p.join_identity * (2.0 * self.identity - 1.0)
            + p.join_filled * filled
            - p.join_fatigue * self.fatigue
        )
        return self.random.random() < logistic(odds)

    def take_news(self, good: float, rate_good: float, rate_bad: float) -> None:
        """Move optimism towards news: further towards good than towards bad."""
        rate = rate_good if good > self.optimism else rate_bad
        self.optimism += rate * (good - self.optimism)

    def chance_seen_as_good(self, other: Resident, upheld: float) -> float:
        """Return the chance that this resident sees an act of another as cooperative."""
        p = self.home.p
        act = cut(
            p.talk_base
            + p.talk_trust * (other.trust_in(self.sector) - 0.5)
            + p.talk_commitment * (other.commitment - 0.5)
            + p.talk_support * (upheld - 0.5),
            0.02,
            0.98,
        )
        discount = 0.0
        if self.sector != other.sector:
            discount += p.talk_discount
        if self.former != other.former:
            discount += p.talk_discount_former
        return act * (1.0 - min(discount, 1.0) * (1.0 - self.identity))

    def framing_after(self, other: Resident, debates: float) -> float:
        """Return how this resident sees the problem after hearing another."""
        p = self.home.p
        bound = p.framing_base + p.framing_debates * (debates - 0.5) + p.framing_trust * self.trust_in(other.sector)
        distance = other.framing - self.framing
        return self.framing + p.framing_step * distance if abs(distance) < bound else self.framing

    def remember(self, other: Resident, good: bool) -> None:
        """Add an act that was lived through to the evidence about the other's sector."""
        if good:
            self.trust_evidence[other.sector] += 1.0
        else:
            weight = 1.0 + (self.home.p.trust_bad_news - 1.0) * (1.0 - self.identity)
            self.distrust_evidence[other.sector] += weight

    def forget(self) -> None:
        """Let evidence fade by a month."""
        kept = self.home.p.trust_kept
        self.trust_evidence = [kept * evidence for evidence in self.trust_evidence]
        self.distrust_evidence = [kept * evidence for evidence in self.distrust_evidence]


def _bell(luck) -> float:  # type: ignore[no-untyped-def]
    """Return a number of mean 0 and standard deviation 1 without long tails: four uniform numbers added."""
    return (luck.random() + luck.random() + luck.random() + luck.random() - 2.0) * math.sqrt(3.0)
