"""A municipality: a Mesa agent with its residents, units, climate and solutions."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import mesa

from benchmarks.plain_mesa import setting as q
from benchmarks.plain_mesa.arena import Arena
from benchmarks.plain_mesa.resident import Resident, cut
from cosim.vocabulary import N_READINGS

CONFLICTS = 7
LONG_AGO = -999
WINDOW = 24


@dataclass(eq=False)
class Unit:
    """A service unit: its staff, and when it last innovated or tried to."""

    staff: list[Resident]
    area: int
    focus: int
    idle: bool
    arenas: list[Arena] = field(default_factory=list)
    newest: int = LONG_AGO
    tried: int = LONG_AGO


@dataclass(eq=False)
class Innovation:
    """A solution in use: what it is worth, and which municipalities have taken it up when."""

    row: dict[str, Any]
    origin: int
    month: int
    area: int
    observability: float
    pressure: list[float]
    adopted: dict[int, int] = field(default_factory=dict)


class Municipality(mesa.Agent):
    """Where arenas are opened, what is learned of them, and what is written down each month."""

    def __init__(self, model: mesa.Model, number: int) -> None:
        """Draw the residents and let the staff be shared among the units."""
        super().__init__(model)
        self.number = number
        self.place = place = model.setting.places[number]
        self.p = model.setting.parameters[model.setting.row_of[0][number]]
        self.residents = [[Resident(model, self, sector) for _ in range(n)] for sector, n in enumerate(place.residents)]
        self.everybody = [person for sector in self.residents for person in sector]
        self.units = [
            Unit(self.everybody[first:last], area, focus, idle=self.random.random() < self.p.arenas_idle_units)
            for first, last, area, focus in place.units
        ]
        self.climate = list(place.climate)
        self.leadership, self.design = place.leadership, place.design
        self.administration, self.experience = place.administration, place.experience
        self.trust_at_start = sum(person.mean_trust() for person in self.everybody) / len(self.everybody)
        self.optimism_at_start = sum(person.optimism for person in self.everybody) / len(self.everybody)
        self.innovations: list[Innovation] = []
        self.begin_month()

    def begin_month(self) -> None:
        """Begin the counts of a month anew."""
        self.count: Counter[Any] = Counter()
        self.news = [0, 0]
        self.outcomes = [0, 0]
        month = min(self.model.month, self.model.setting.months - 1)
        self.p = self.model.setting.parameters[self.model.setting.row_of[month][self.number]]

    def scalar_climate(self) -> float:
        """Return the creative climate as one share."""
        return (sum(self.climate) + 1.0 - 2.0 * self.climate[CONFLICTS]) / 10.0

    def capacity(self) -> float:
        """Return the mean of leadership, design, administration and budget."""
        budget = self.p.arenas_budget * (1.0 - self.p.context_budget_cut)
        return (self.leadership + self.design + self.administration + budget) / 4.0

    def suffer_events(self) -> None:
        """Let an election and the training of leaders move the leadership."""
        p = self.p
        if p.context_election > 0.0:
            self.leadership += p.context_election * (0.5 - self.leadership)
        if p.leadership_training > 0.0:
            self.leadership += p.leadership_training * p.leadership_training_gain * (1.0 - self.leadership)

    def gate_is_open(self) -> bool:
        """Return whether the theory lets an effort begin, by what can be read before anybody has met."""
        theory, p = self.model.setting.theory, self.p
        if theory.start is None:
            return True
        known = {
            q.TRUST: self.trust_at_start, q.CAPACITY: self.capacity(), q.OPTIMISM: self.optimism_at_start,
            q.CLIMATE: self.scalar_climate(), q.LEADERSHIP: self.leadership, q.DESIGN: self.design,
            q.ADMINISTRATION: self.administration, q.INCENTIVES: p.context_incentives,
            q.INTERDEPENDENCE: p.context_interdependence, q.UNCERTAINTY: p.context_uncertainty,
            q.MANDATE: p.context_mandate, q.EXPERIENCE: self.experience,
        }  # fmt: skip
        quantities = [0.5] * q.N_QUANTITIES
        for reading, value in known.items():
            quantities[q.N_NODES + reading] = value
        return q.combine(theory.start, quantities) > theory.start_level

    def open_arenas(self) -> None:
        """Let each unit with time for it begin an effort, and decide whom to invite."""
        p, luck = self.p, self.random
        if not self.gate_is_open():
            return
        chance = 1.0 - math.exp(-p.arenas_opening * (0.5 + self.leadership))
        chances = (p.arenas_invite_private, p.arenas_invite_civic, p.arenas_invite_research)
        for unit in self.units:
            for _place in range(int(p.arenas_parallel) - len(unit.arenas)):
                if luck.random() >= chance or unit.idle:
                    continue
                to_all = luck.random() < p.arenas_openness
                invited = [True, *(to_all or luck.random() < one for one in chances)]
                arena = Arena(self.model, self, unit, invited, luck.random() < p.arenas_invite_units)
                unit.arenas.append(arena)
                self.count["opened"] += 1
                self.count["opened_open"] += arena.is_open

    def close(self, arena: Arena, ending: str) -> None:
        """Write an arena down, tell of it, and let its members go home."""
        row = arena.to_row(ending)
        self.model.arena_rows.append(row)
        self.count["closed"] += 1
        self.count["ended", ending] += 1
        if ending == "delivered":
            self.innovations.append(self.put_into_use(row))
            arena.unit.newest = self.model.month
            self.outcomes[0] += 1
            self.news[0] += arena.is_open
            self.count["delivered_open"] += arena.is_open
        else:
            arena.unit.tried = self.model.month
            self.outcomes[1] += 1
            self.news[1] += arena.is_open
        for member in list(arena.members):
            member.fatigue *= self.p.leave_fatigue_kept
            arena.send_home(member)
        arena.unit.arenas.remove(arena)
        arena.remove()

    def put_into_use(self, done: dict[str, Any]) -> Innovation:
        """Return the solution of a delivered arena, with its kind and the values it brings."""
        p, luck = self.p, self.random
        staff = min(done["members"][0] / max(p.arenas_seats_public, 1.0), 1.0)
        lift = p.value_by_worth * (done["worth"] - 0.5)
        satisfaction = p.value_satisfaction + lift + p.value_by_staff * (staff - 0.5)
        influence = p.value_influence + (done["members"][2] > 0) * p.value_by_power * done["power_share"]
        row = {
            "type": luck.randrange(5),
            "quality": luck.random() < cut(p.value_quality + lift),
            "efficiency": luck.random() < cut(p.value_efficiency + lift),
            "staff_satisfaction": luck.random() < cut(satisfaction),
            "citizen_influence": luck.random() < cut(influence),
            "months_taken": done["closed"] - done["opened"] + 1,
            "value": done["worth"],
        }
        pressure = [place.looks_to[self.number] for place in self.model.setting.places]
        return Innovation(row, self.number, self.model.month, done["area"], p.spread_observability, pressure)

    def learn(self) -> None:
        """Move climate and experience by the month's outcomes, and let some of the residents hear of them."""
        p, flags = self.p, self.model.setting.theory.flags
        for outcome, anchors in enumerate(self.model.setting.climate_anchors):
            rate = cut(flags.outcome_climate * p.learn_climate * self.outcomes[outcome] / len(self.units))
            if rate > 0.0:
                self.climate = [
                    level + rate * (anchor - level) for level, anchor in zip(self.climate, anchors, strict=True)
                ]
        self.experience += cut(p.learn_experience * self.news[0] / len(self.units)) * (1.0 - self.experience)
        told = sum(self.news)
        reach = p.learn_spectators * told * 2.0 * p.arenas_feedback_public / p.population_persons_per_actor
        hearers = min(int(reach + self.random.random()), len(self.everybody)) if told else 0
        for person in self.random.sample(self.everybody, hearers):
            if person.arena is None:
                good = float(self.random.random() < self.news[0] / told)
                share = p.learn_spectator_share
                person.take_news(good, share * p.learn_outcome_good, share * p.learn_outcome_bad)

    def consider(self, innovation: Innovation, absorption: float) -> None:
        """Take up a solution made elsewhere, or not."""
        p, month = self.p, self.model.month
        external, internal = p.spread_innovation / 12.0, p.spread_imitation / 12.0 * innovation.pressure[self.number]
        hazard = (external + internal) * absorption * innovation.observability
        if self.random.random() >= 1.0 - math.exp(-hazard):
            return
        innovation.adopted[self.number] = month
        alike = [unit for unit in self.units if unit.area == innovation.area]
        self.random.choice(alike or self.units).newest = month
        self.count["reused"] += 1

    def observe(self) -> dict[str, Any]:
        """Return this month's row."""
        month = self.model.month
        arenas = [arena for unit in self.units for arena in unit.arenas]
        of_open = [arena for arena in arenas if arena.is_open]
        members = [member for arena in arenas for member in arena.members]
        innovating = [unit for unit in self.units if month - unit.newest < WINDOW]
        rest = [unit for unit in self.units if month - unit.newest >= WINDOW]
        return {
            **self.count,
            "active": len(arenas),
            "active_open": len(of_open),
            "members": [sum(member.sector == sector for member in members) for sector in range(4)],
            "readings": _means_of_readings(arenas),
            "readings_open": _means_of_readings(of_open),
            "climate": self.scalar_climate(),
            "leadership": self.leadership,
            "experience": self.experience,
            "units_innovating": len(innovating),
            "units_tried_only": sum(month - unit.tried < WINDOW or bool(unit.arenas) for unit in rest),
            "cost": self.cost_of_month(len(arenas), len(of_open)),
        }

    def hours(self) -> float:
        """Return the cost of a member's hours in a month (NOK)."""
        p = self.p
        return (p.cost_hours_a_meeting * p.arenas_meetings + p.cost_idea_hours * p.arenas_idea_time) * p.cost_staff_hour

    def cost_of_running(self) -> float:
        """Return what any arena costs a month beyond its members' hours (NOK)."""
        return self.p.cost_budget * self.p.arenas_budget + self.p.cost_testing * self.p.arenas_testing

    def cost_of_opening(self) -> float:
        """Return what an arena open to others costs a month beyond its members' hours (NOK)."""
        p = self.p
        return (
            p.cost_facilitation * p.arenas_facilitation
            + p.cost_venue * p.arenas_meetings
            + p.cost_recruitment * p.arenas_recruitment
        )

    def cost_of(self, arena: Arena) -> float:
        """Return what an arena has cost (NOK)."""
        months = self.model.month - arena.opened + 1
        monthly = self.cost_of_running() + (self.cost_of_opening() if arena.is_open else 0.0)
        return monthly * months + self.hours() * arena.seat_months

    def cost_of_month(self, active: int, active_open: int) -> float:
        """Return what the municipality's efforts cost this month (NOK)."""
        p = self.p
        cost = self.count["seat_months"] * self.hours() + active * self.cost_of_running()
        cost += active_open * self.cost_of_opening() + p.cost_training * p.leadership_training
        if p.exchange_every > 0.5 and self.place.exchanging:
            cost += p.cost_exchange / p.exchange_every
        return cost


def _means_of_readings(arenas: list[Arena]) -> list[float]:
    """Return the mean of each reading over arenas, 0 if there are none."""
    if not arenas:
        return [0.0] * N_READINGS
    return [sum(values) / len(arenas) for values in zip(*(arena.readings for arena in arenas), strict=True)]
