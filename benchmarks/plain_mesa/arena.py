"""An arena: a Mesa agent that lives from the month a unit opens it to the month it ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.plain_mesa import setting as q
from benchmarks.plain_mesa.resident import Resident, cut, logistic
from benchmarks.plain_mesa.searching import search, worth_of
from cosim.vocabulary import N_NODES, N_READINGS

if TYPE_CHECKING:
    from benchmarks.plain_mesa.municipality import Municipality, Unit

USUAL_DYNAMISM = 158.0 / 300.0


class Arena(mesa.Agent):
    """Where members from the invited sectors meet, search for a solution, and decide on it."""

    def __init__(self, model: mesa.Model, home: Municipality, unit: Unit, invited: list[bool], shared: bool) -> None:
        """Open an arena with a problem drawn at random and today's practice as its first solution."""
        super().__init__(model)
        self.home, self.unit, self.invited, self.shared = home, unit, invited, shared
        setting = model.setting
        number = self.random.randrange(len(setting.problems))
        self.problem = setting.problems[number]
        self.best_there_is = setting.best_worths[number]
        self.start_solution = self.best_solution = self.random.getrandbits(16)
        self.best_worth = worth_of(self.start_solution, self.problem, setting.coupling)
        self.members: list[Resident] = []
        self.present: set[Resident] = set()
        self.phase = 0
        self.opened = model.month
        self.progress = False
        self.nodes = [0.0] * len(setting.theory.measured)
        self.readings = [0.0] * N_READINGS
        self.first_phase = [-1] * 4
        self.proposals = [0] * 4
        self.seat_months = self.months_met = self.joins = self.leaves = self.votes = 0
        self.presence = self.engagement = self.understanding = 0.0
        self.trust_first = self.understanding_first = 0.0
        self.peak_engagement = self.peak_capacity = 0.0
        self.peak_engagement_month = self.peak_capacity_month = 0
        self.acts = self.acts_good = 0
        self.wins_first_month = -1

    @property
    def is_open(self) -> bool:
        """Whether somebody from outside the municipality was invited."""
        return any(self.invited[1:])

    def fill_seats(self) -> None:
        """Offer the empty seats of each invited sector to people drawn at random."""
        home, p, luck = self.home, self.home.p, self.random
        seats = (p.arenas_seats_public, p.arenas_seats_private, p.arenas_seats_civic, p.arenas_seats_research)
        asked = (
            p.join_invitations_public, p.join_invitations_private, p.join_invitations_civic, p.join_invitations_research
        )  # fmt: skip
        offered = sum(seats[sector] for sector in range(4) if self.invited[sector])
        if len(self.members) >= offered:
            return
        phase = self.model.setting.theory.phases[self.phase]
        for sector in range(4):
            if not (self.invited[sector] and phase.may_take_part[sector]):
                continue
            empty = seats[sector] - sum(member.sector == sector for member in self.members)
            for turn in range(int(asked[sector])):
                if empty <= 0:
                    break
                own_unit = sector == 0 and (not self.shared or turn % 2 == 0)
                person = luck.choice(self.unit.staff if own_unit else home.residents[sector])
                home.count["invited"] += 1
                if person.arena is None and person.says_yes(len(self.members) / offered):
                    self.take_in(person)
                    empty -= 1

    def take_in(self, person: Resident) -> None:
        """Give somebody a seat; a newcomer brings an idea of what their sector knows how to change."""
        self.members.append(person)
        person.arena = self
        person.was_member = True
        person.commitment = (person.mean_trust() + person.optimism + person.identity) / 3.0
        person.solution = self.start_solution
        for choice in range(6):
            if self.random.random() < 0.5:
                person.solution ^= 1 << (4 * person.sector + choice) % 16
        person.worth = worth_of(person.solution, self.problem, self.model.setting.coupling)
        if person.worth > self.best_worth:
            self.best_worth, self.best_solution = person.worth, person.solution
        if self.first_phase[person.sector] < 0:
            self.first_phase[person.sector] = self.phase
        self.joins += 1
        self.home.count["joined", person.sector] += 1

    def send_home(self, person: Resident) -> None:
        """Take a member's seat back."""
        self.members.remove(person)
        person.arena = None

    def live_month(self) -> None:
        """Live one month, from meeting to leaving."""
        home, p = self.home, self.home.p
        self.progress = False
        self.present = set()
        self.month_acts = self.month_good = 0
        self.month_chances = 0.0
        met = self.meet()
        if met:
            search(self)
        earlier = self.readings[:6]
        fresh = self.seat_months == 0
        self.read(met)
        self.move_constructs(fresh)
        if not fresh:
            self.model.lagged.append((earlier, self.readings[:6]))
        ending = self.advance(met)
        self.tally(met)
        age = self.model.month - self.opened + 1
        if ending is None and age >= p.arenas_oldest:
            ending = "exhausted"
        if ending is None and age > 3 and not self.members:
            ending = "emptied"
        self.learn(ending)
        count = home.count
        count["meetings"] += met
        count["present"] += len(self.present)
        count["acts"] += self.month_acts
        count["acts_good"] += self.month_good
        count["seat_months"] += len(self.members)
        if ending is not None:
            home.close(self, ending)
        else:
            self.drop_out()

    def meet(self) -> int:
        """Hold this month's meetings and return how many there were."""
        p, luck, climate = self.home.p, self.random, self.home.climate
        for member in self.members:
            member.forget()
        pace = p.arenas_meetings * (0.5 + 0.5 * climate[4] / USUAL_DYNAMISM)
        pace *= 1.0 - p.context_meetings_closed * (1.0 - p.arenas_digital)
        whole = int(pace)
        n_meetings = min(whole + (luck.random() < pace - whole), 4)
        if not self.members:
            return 0
        base = p.meet_presence + p.arenas_digital * p.meet_digital
        upheld = 0.5 * (self.home.leadership + p.arenas_facilitation)
        for _meeting in range(n_meetings):
            guests = [
                member for member in self.members if luck.random() < logistic(base + 2.0 * member.commitment - 1.0)
            ]
            self.present.update(guests)
            luck.shuffle(guests)
            circle: list[Resident | None] = [*guests] if len(guests) % 2 == 0 else [*guests, None]
            for _turn in range(min(int(p.meet_rounds), len(circle) - 1)):
                for one, two in zip(circle[: len(circle) // 2], reversed(circle[len(circle) // 2 :]), strict=True):
                    if one is not None and two is not None:
                        self.talk(one, two, upheld, climate[6])
                circle = [circle[0], circle[-1], *circle[1:-1]]
            for guest in guests:
                guest.framing = (1.0 - p.framing_pull) * guest.framing + p.framing_pull * guest.framing_anchor
                guest.fatigue += p.leave_fatigue_meeting
        return n_meetings

    def talk(self, one: Resident, two: Resident, upheld: float, debates: float) -> None:
        """Let two members talk: both act and are seen, both hear the other's framing, at the same time."""
        chance_one = one.chance_seen_as_good(two, upheld)
        chance_two = two.chance_seen_as_good(one, upheld)
        good_one = self.random.random() < chance_one
        good_two = self.random.random() < chance_two
        framing_one = one.framing_after(two, debates)
        framing_two = two.framing_after(one, debates)
        one.remember(two, good_one)
        two.remember(one, good_two)
        one.framing, two.framing = framing_one, framing_two
        self.month_acts += 2
        self.month_good += good_one + good_two
        self.month_chances += chance_one + chance_two

    def read(self, met: int) -> None:
        """Read this month's shares off the arena, its members and its municipality."""
        home, p, readings, members = self.home, self.home.p, self.readings, self.members
        n = len(members)
        sectors = {member.sector for member in members}
        if n:
            framing = sum(member.framing for member in members) / n
            spread = sum(abs(member.framing - framing) for member in members) / n
            trust = sum(member.trust_in(sector) for member in members for sector in sectors)
            coverage = len(sectors) / sum(self.invited)
            readings[q.ENGAGEMENT] = len(self.present) / n * coverage if met else 0.0
            readings[q.TRUST] = trust / len(sectors) / n
            readings[q.COMMITMENT] = sum(member.commitment for member in members) / n
            readings[q.UNDERSTANDING] = cut(1.0 - 2.0 * spread)
            readings[q.OPTIMISM] = sum(member.optimism for member in members) / n
            readings[q.IDENTITY] = sum(member.identity for member in members) / n
        else:
            for reading in (q.ENGAGEMENT, q.TRUST, q.COMMITMENT, q.UNDERSTANDING, q.OPTIMISM, q.IDENTITY):
                readings[reading] = 0.0
        readings[q.DIVERSITY] = len(sectors) / 4.0
        readings[q.CAPACITY] = home.capacity()
        readings[q.WINS] = max((self.best_worth - 0.5) / (self.best_there_is - 0.5), 0.0)
        readings[q.CLIMATE] = home.scalar_climate()
        readings[q.LEADERSHIP] = home.leadership
        readings[q.DESIGN] = home.design
        readings[q.ADMINISTRATION] = home.administration
        if self.month_acts:
            readings[q.CONFLICT] = 1.0 - self.month_chances / self.month_acts
        readings[q.INCENTIVES] = p.context_incentives
        readings[q.INTERDEPENDENCE] = p.context_interdependence
        readings[q.UNCERTAINTY] = p.context_uncertainty
        readings[q.MANDATE] = p.context_mandate
        readings[q.EXPERIENCE] = home.experience
        shared = self.is_open and int(p.arenas_decision_rule) != 1
        readings[q.POWER_SHARE] = p.arenas_power_share if shared else 0.0
        readings[q.FACILITATION] = p.arenas_facilitation

    def move_constructs(self, fresh: bool) -> None:
        """Move the constructs along the theory's arrows; a fresh arena starts where its people are."""
        p, theory, readings = self.home.p, self.model.setting.theory, self.readings
        measured = [2.0 * readings[reading] - 1.0 if reading >= 0 else 0.0 for reading in theory.measured]
        before = measured if fresh else self.nodes
        after = []
        for node, arrows in enumerate(theory.arrows):
            inflow = 0.0
            for sender, weight, moderator, low, high in arrows:
                if moderator >= 0:
                    weight *= low + (high - low) * readings[moderator]
                inflow += weight * before[sender]
            inflow = p.process_gain * inflow + theory.input_weight[node] * measured[node] + theory.bias[node]
            target = (1.0 - p.process_arrows) * measured[node] + p.process_arrows * math.tanh(inflow)
            after.append(cut(before[node] + (target - before[node]) / p.process_inertia, -1.0, 1.0))
        self.nodes = after

    def advance(self, met: int) -> str | None:
        """Let the phase's event come, if it comes, and return how the arena ends, None if it goes on."""
        if not self.members or not (met or self.months_met):
            return None
        p, luck, phases = self.home.p, self.random, self.model.setting.theory.phases
        phase = phases[self.phase]
        quantities = [0.5 * (1.0 + node) for node in self.nodes]
        quantities += [0.0] * (N_NODES - len(quantities)) + self.readings
        if phase.gate >= 0 and quantities[phase.gate] <= phase.gate_level:
            return None
        hazard = p.process_base_hazard * phase.rate * max(q.combine(phase, quantities), 0.0)
        if luck.random() >= 1.0 - math.exp(-hazard):
            return None
        rule = phase.rule
        if rule and p.arenas_decision_rule > 0.5:
            rule = int(p.arenas_decision_rule)
        if rule:
            if rule == 1:
                self.readings[q.POWER_SHARE] = 0.0
            support = self.readings[q.SUPPORT] = self.measure_support(phase)
            self.votes += 1
            if support < (p.decide_supermajority if rule == 3 else 1.0 if rule == 4 else p.decide_majority):
                if phase.back < 0:
                    return "no_support"
                self.phase = phase.back
                return None
        self.progress = True
        if self.phase + 1 < len(phases):
            self.phase += 1
            return None
        capacity = quantities[self.model.setting.theory.capacity]
        chance = cut(0.3 + 0.7 * self.readings[q.WINS]) * (0.5 + 0.5 * capacity)
        chance += (1.0 - chance) * p.decide_testing_gain * p.arenas_testing
        if luck.random() < chance:
            return "delivered"
        cost, policy = 1.0 - capacity, (self.best_solution ^ self.start_solution).bit_count() / 16.0
        return "cost" if luck.random() * (cost + policy) <= cost else "policy"

    def measure_support(self, phase: q.Phase) -> float:
        """Return the support of those who may decide, the others together weighing the power share."""
        p, quality = self.home.p, self.readings[q.WINS]
        framing = sum(member.framing for member in self.members) / len(self.members)
        sides: tuple[list[bool], list[bool]] = ([], [])
        for member in self.members:
            if phase.may_decide[member.sector]:
                reservation = p.decide_reservation + p.decide_reservation_optimism * (1.0 - member.optimism)
                near = abs(member.framing - framing) <= p.decide_distance
                sides[member.sector > 0].append(quality >= reservation and near)
        public, others = (sum(side) / len(side) if side else 0.0 for side in sides)
        power_share = self.readings[q.POWER_SHARE]
        if not sides[1]:
            return public
        return others if not sides[0] else (1.0 - power_share) * public + power_share * others

    def tally(self, met: int) -> None:
        """Add the month to what level and quality of co-creation are measured from."""
        readings, members, month = self.readings, self.members, self.model.month
        self.seat_months += len(members)
        if not met:
            return
        if self.months_met == 0:
            self.trust_first, self.understanding_first = readings[q.TRUST], readings[q.UNDERSTANDING]
        self.months_met += 1
        self.presence += len(self.present) / len(members) if members else 0.0
        self.engagement += readings[q.ENGAGEMENT]
        self.understanding += readings[q.UNDERSTANDING]
        if readings[q.ENGAGEMENT] > self.peak_engagement:
            self.peak_engagement, self.peak_engagement_month = readings[q.ENGAGEMENT], month - self.opened
        if readings[q.CAPACITY] > self.peak_capacity:
            self.peak_capacity, self.peak_capacity_month = readings[q.CAPACITY], month - self.opened
        self.acts += self.month_acts
        self.acts_good += self.month_good
        if self.progress and self.wins_first_month < 0:
            self.wins_first_month = month - self.opened

    def learn(self, ending: str | None) -> None:
        """Teach the members what progress and outcome teach under the theory."""
        p, flags = self.home.p, self.model.setting.theory.flags
        good, won = float(self.progress), float(ending == "delivered")
        sectors = {member.sector for member in self.members}
        for member in self.members:
            if flags.progress_optimism > 0.0:
                scale = flags.progress_optimism
                member.take_news(good, scale * p.learn_progress_good, scale * p.learn_progress_bad)
            if flags.progress_commitment > 0.0:
                rate = flags.progress_commitment * p.learn_commitment_progress
                member.commitment += rate * (good - member.commitment)
            if flags.wins_to_trust > 0.0 and self.progress:
                for sector in sectors:
                    member.trust_evidence[sector] += flags.wins_to_trust
            success = 0.0
            if ending is not None:
                scale = flags.outcome_optimism
                member.take_news(won, scale * p.learn_outcome_good, scale * p.learn_outcome_bad)
                rate = flags.outcome_commitment * p.learn_commitment_outcome
                member.commitment += rate * (won - member.commitment)
                if not won and member.sector > 0:
                    member.distrust_evidence[0] += p.learn_silence * (1.0 - p.arenas_feedback_participants)
                success = won * flags.outcome_identity
            member.identity += p.learn_identity_success * success * (
                1.0 - member.identity
            ) - p.learn_identity_anchor * (member.identity - member.identity_anchor)

    def drop_out(self) -> None:
        """Let members leave who have had enough or change jobs."""
        p, luck = self.home.p, self.random
        for member in list(self.members):
            odds = (
                p.leave_base + p.leave_commitment * (1.0 - 2.0 * member.commitment) + p.leave_fatigue * member.fatigue
            )
            member.fatigue *= p.leave_fatigue_kept
            if luck.random() < logistic(odds) or luck.random() < p.leave_turnover:
                self.send_home(member)
                self.leaves += 1
                self.home.count["left"] += 1

    def to_row(self, ending: str) -> dict[str, Any]:
        """Return the arena's row of the log."""
        met = max(self.months_met, 1)
        members = [0] * 4
        ages = [0] * 5
        for member in self.members:
            members[member.sector] += 1
            ages[member.age] += 1
        return {
            "municipality": self.home.number, "area": self.unit.area, "focus": self.unit.focus,
            "open": self.is_open, "shared": self.shared, "opened": self.opened, "closed": self.model.month,
            "ending": ending, "last_phase": self.phase, "worth": self.readings[q.WINS],
            "support": self.readings[q.SUPPORT], "power_share": self.readings[q.POWER_SHARE],
            "months_met": self.months_met, "presence": self.presence / met, "engagement": self.engagement / met,
            "understanding": self.understanding / met,
            "understanding_gain": self.readings[q.UNDERSTANDING] - self.understanding_first,
            "trust": self.readings[q.TRUST], "trust_gain": self.readings[q.TRUST] - self.trust_first,
            "commitment": self.readings[q.COMMITMENT], "capacity": self.readings[q.CAPACITY],
            "acts": self.acts, "acts_good": self.acts_good, "seat_months": self.seat_months,
            "joins": self.joins, "leaves": self.leaves, "peak_engagement_month": self.peak_engagement_month,
            "peak_capacity_month": self.peak_capacity_month, "wins_first_month": self.wins_first_month,
            "decided": self.votes > 0, "members": members, "first_phase": self.first_phase,
            "proposals": self.proposals, "ages": ages, "cost": self.home.cost_of(self),
        }  # fmt: skip
