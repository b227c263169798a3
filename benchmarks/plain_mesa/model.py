"""The plain model: a `mesa.Model` whose step is one month."""

from __future__ import annotations

from typing import Any

import mesa

from benchmarks.plain_mesa.arena import Arena
from benchmarks.plain_mesa.municipality import Municipality
from benchmarks.plain_mesa.resident import Resident
from benchmarks.plain_mesa.setting import Setting


class PlainModel(mesa.Model):
    """Municipalities with residents, units and arenas, all of them objects."""

    def __init__(self, setting: Setting, luck: int) -> None:
        """Draw the municipalities and their people."""
        super().__init__(rng=luck)
        self.setting = setting
        self.month = 0
        self.arena_rows: list[dict[str, Any]] = []
        self.lagged: list[tuple[list[float], list[float]]] = []
        self.month_rows: list[list[dict[str, Any]]] = []
        self.people_rows: list[list[list[dict[str, float]]]] = []
        self.municipalities = [Municipality(self, number) for number in range(len(setting.places))]
        self.count_people()

    def step(self) -> None:
        """Live one month."""
        residents = self.agents_by_type[Resident]
        municipalities = self.agents_by_type[Municipality]
        municipalities.do("begin_month")
        municipalities.do("suffer_events")
        municipalities.do("open_arenas")
        if Arena in self.agents_by_type:
            arenas = self.agents_by_type[Arena]
            arenas.shuffle_do("fill_seats")
            arenas.shuffle_do("live_month")
        municipalities.do("learn")
        self.exchange()
        self.spread()
        self.month_rows.append([municipality.observe() for municipality in self.municipalities])
        residents.do("rest")
        self.month += 1
        if self.setting.people_every > 0 and self.month % self.setting.people_every == 0:
            self.count_people()

    def exchange(self) -> None:
        """Let members of the exchange arena learn from the experienced among them."""
        members = [one for one in self.municipalities if one.place.exchanging]
        experienced = [one for one in members if one.place.experienced]
        if not experienced:
            return
        for name in ("leadership", "design", "experience"):
            mean = sum(getattr(one, name) for one in experienced) / len(experienced)
            for one in members:
                every = int(one.p.exchange_every)
                value = getattr(one, name)
                if every > 0 and (self.month + 1) % every == 0 and value < mean:
                    setattr(one, name, value + one.p.exchange_gain * (mean - value))

    def spread(self) -> None:
        """Let every municipality consider the solutions of the others that it does not use yet."""
        if len(self.municipalities) < 2:
            return
        climates = [one.scalar_climate() for one in self.municipalities]
        mean = sum(climates) / len(climates)
        for origin in self.municipalities:
            for innovation in origin.innovations:
                if innovation.month >= self.month:
                    continue
                for other, climate in zip(self.municipalities, climates, strict=True):
                    if other is not origin and other.number not in innovation.adopted:
                        other.consider(innovation, climate / mean)
                for adopter, month in innovation.adopted.items():
                    if month == self.month:
                        for one in self.municipalities:
                            innovation.pressure[one.number] += one.place.looks_to[adopter]

    def count_people(self) -> None:
        """Write the means over everybody of each sector of each municipality."""
        self.people_rows.append([[_means_of(residents) for residents in one.residents] for one in self.municipalities])


def _means_of(residents: list[Resident]) -> dict[str, float]:
    """Return the means over residents."""
    n = len(residents)
    means = {f"trust_{sector}": sum(one.trust_in(sector) for one in residents) / n for sector in range(4)}
    for name in ("optimism", "identity", "fatigue"):
        means[name] = sum(getattr(one, name) for one in residents) / n
    means["seated"] = sum(one.arena is not None for one in residents) / n
    return means
