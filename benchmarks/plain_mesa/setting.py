"""What a plain model is built from: plain numbers and lists, read from a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from cosim.engine.theory import Process
from cosim.population.drawing import draw_population
from cosim.population.starting import age_shares, count_sectors, starting_means, town_deviations
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.scenario.model import Scenario
from cosim.vocabulary import HAZARD_FORMS, N_NODES, READINGS


@dataclass
class Phase:
    """A phase of the theory: its hazard, who may do what, and how it decides."""

    form: str
    rate: float
    constant: float
    terms: list[tuple[int, float]]
    gate: int
    gate_level: float
    rule: int
    may_take_part: list[bool]
    may_propose: list[bool]
    may_decide: list[bool]
    back: int


@dataclass
class Theory:
    """A process model in plain lists; a quantity is a construct (0..11) or a reading (12 and above)."""

    measured: list[int]
    input_weight: list[float]
    bias: list[float]
    arrows: list[list[tuple[int, float, int, float, float]]]  # to each construct: from, weight, moderator, low, high
    phases: list[Phase]
    start: Phase | None
    start_level: float
    capacity: int
    flags: SimpleNamespace


@dataclass
class Place:
    """A municipality before the first month."""

    residents: list[int]  # by sector
    means: list[list[float]]
    age_shares: list[list[float]]
    n_former: int
    units: list[tuple[int, int, int, int]]  # first and last public employee, service area, focus area
    climate: list[float]
    leadership: float
    design: float
    administration: float
    experience: float
    experienced: bool
    exchanging: bool
    looks_to: list[float]


@dataclass
class Setting:
    """All a plain model is built from."""

    places: list[Place]
    parameters: list[SimpleNamespace]
    row_of: list[list[int]]  # which row of parameters holds, by month and municipality
    theory: Theory
    climate_anchors: list[list[float]]
    problems: list[list[list[float]]]
    best_worths: list[float]
    coupling: int
    people_every: int
    months: int


def read_setting(scenario: Scenario) -> Setting:
    """Return the plain numbers of a scenario; its people are not among them, a model draws its own."""
    peopled = draw_population(scenario, 0)
    world, state, table = peopled.world, peopled.state, peopled.table
    rows, row_of = scenario.setting_table()
    at_start = [rows[row] for row in row_of[0]]
    counts = count_sectors(table, at_start)
    means = starting_means(table, at_start, town_deviations(world.run_luck, world.places))
    ages = age_shares(table, counts)
    places = []
    for m, n_former in enumerate(table["n_former_units"].fillna(1)):
        place, organisation = world.places[m], state.municipalities[m]
        hosts = state.hosts[place["host_first"] : place["host_last"]]
        first = int(place["actor_first"])
        units = [
            (int(host["staff_first"]) - first, int(host["staff_last"]) - first, int(host["area"]), int(host["focus"]))
            for host in hosts
            if host["kind"] == 0
        ]
        places.append(
            Place(
                residents=counts[m].tolist(),
                means=means[m].tolist(),
                age_shares=ages[m].tolist(),
                n_former=min(max(int(n_former), 1), 8),
                units=units,
                climate=organisation["climate"].tolist(),
                leadership=float(organisation["leadership"]),
                design=float(organisation["design"]),
                administration=float(organisation["administration"]),
                experience=float(organisation["experience"]),
                experienced=bool(place["experienced"]),
                exchanging=bool(place["exchanging"]),
                looks_to=world.neighbours[m].tolist(),
            )
        )
    return Setting(
        places=places,
        parameters=[SimpleNamespace(**{name.replace(".", "_"): value for name, value in row.items()}) for row in rows],
        row_of=row_of.tolist(),
        theory=read_theory(compile_process(read_process(scenario.process))),
        climate_anchors=world.climate_anchors.tolist(),
        problems=world.landscapes.tolist(),
        best_worths=world.landscape_best.tolist(),
        coupling=world.coupling,
        people_every=world.people_every,
        months=world.n_months,
    )


def read_theory(process: Process) -> Theory:
    """Return a compiled process model in plain lists, what is unused left out."""
    n = process.n_nodes
    arrows = [
        [
            (
                sender,
                float(process.arrows[node, sender]),
                int(process.moderator[node, sender]),
                float(process.moderator_low[node, sender]),
                float(process.moderator_high[node, sender]),
            )
            for sender in range(n)
            if process.arrows[node, sender] != 0.0
        ]
        for node in range(n)
    ]
    start = None
    if process.start_level >= 0.0:
        start = _read_phase(process, 0)
        start.form = HAZARD_FORMS[process.start_form]
        start.constant = 0.0
        start.terms = _read_terms(process.start_term, process.start_weight)
    return Theory(
        measured=process.reading[:n].tolist(),
        input_weight=process.input_weight[:n].tolist(),
        bias=process.bias[:n].tolist(),
        arrows=arrows,
        phases=[_read_phase(process, phase) for phase in range(process.n_phases)],
        start=start,
        start_level=float(process.start_level),
        capacity=int(process.capacity_quantity),
        flags=SimpleNamespace(
            **{
                name: float(getattr(process, name))
                for name in Process._fields
                if name.startswith(("progress_", "outcome_", "wins_"))
            }
        ),
    )


def _read_terms(terms: Any, weights: Any) -> list[tuple[int, float]]:
    """Return the used terms of a hazard or gate with their weights."""
    return [(int(term), float(weight)) for term, weight in zip(terms, weights, strict=True) if term >= 0]


def _read_phase(process: Process, phase: int) -> Phase:
    """Return one phase in plain lists."""
    return Phase(
        form=HAZARD_FORMS[int(process.hazard_form[phase])],
        rate=float(process.hazard_rate[phase]) * float(process.scale),
        constant=float(process.hazard_constant[phase]),
        terms=_read_terms(process.hazard_term[phase], process.hazard_weight[phase]),
        gate=int(process.hazard_gate[phase]),
        gate_level=float(process.gate_level[phase]),
        rule=int(process.decision_rule[phase]),
        may_take_part=[bool(may) for may in process.may_take_part[phase]],
        may_propose=[bool(may) for may in process.may_propose[phase]],
        may_decide=[bool(may) for may in process.may_decide[phase]],
        back=int(process.back[phase]),
    )


def combine(phase: Phase, quantities: list[float]) -> float:
    """Return the value of a hazard's or gate's form over quantities."""
    if phase.form == "linear":
        return phase.constant + sum(weight * quantities[term] for term, weight in phase.terms)
    if not phase.terms:
        return 0.0
    values = [quantities[term] for term, _ in phase.terms]
    if phase.form == "product":
        product = 1.0
        for value in values:
            product *= value
        return product
    if phase.form == "minimum":
        return min(values)
    if phase.form == "maximum":
        return max(values)
    return values[0]


ENGAGEMENT, TRUST, COMMITMENT, UNDERSTANDING, CAPACITY, WINS, OPTIMISM, IDENTITY, CLIMATE = range(9)
LEADERSHIP, DESIGN, ADMINISTRATION, CONFLICT, DIVERSITY, INCENTIVES, INTERDEPENDENCE, UNCERTAINTY = range(9, 17)
MANDATE, EXPERIENCE, POWER_SHARE, FACILITATION, SUPPORT = range(17, 22)
N_QUANTITIES = N_NODES + len(READINGS)
