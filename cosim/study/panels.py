"""What a survey of arenas would see under each theory: arenas followed from their first month in worlds drawn from what
is not known. Floor 7.

A *world* here is one draw of every uncertain parameter over its prior, and of every mechanism's strength within each
theory, so that no constant gives a theory away. In each world the same municipalities, people and luck meet every
theory. Nothing but what could be seen is kept: what members hold month by month, and how and when arenas ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cosim.engine.kernels.month import count_at_start, write_running
from cosim.engine.state import ARENA, OUTSIDE, State, World
from cosim.engine.theory import pack_process
from cosim.model.months import live
from cosim.model.recording import take_used
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.declaration import Declaration
from cosim.population.drawing import draw_replicate
from cosim.population.planning import lay_plan
from cosim.processes.compile import compile_process
from cosim.processes.mechanisms import list_mechanisms, weaken_mechanism
from cosim.processes.model import ProcessModel
from cosim.scenario.model import Frozen, Scenario, ScheduledArena
from cosim.vocabulary import CONSTRUCTS, FOCUS_AREAS, READINGS, SECTORS, SERVICE_AREAS

Array = np.ndarray[Any, Any]
OnWorld = Callable[[int, int], None]

ASKED: Final = (*CONSTRUCTS, "optimism", "identity", "climate")
"""What members are asked for: the six constructs, and the three traits that the project's questionnaire has."""
UNDRAWN_GROUPS: Final = ("cost", "survey", "value", "spread", "exchange", "month")
UNDRAWN: Final = (
    "arenas.opening", "arenas.idle_units", "context.meetings_closed", "context.scandal", "context.budget_cut",
    "context.election",
)  # fmt: skip
"""Not drawn: what only counts money, answers or what happens after delivery; how arenas come about, since the study
opens its own; and shocks, of which there are none unless a scenario says so."""
STRENGTHS: Final = (0.5, 1.5)
"""Between these each mechanism of a theory is multiplied (ASSUMED: nobody has measured an arrow; half as much again or
less is a wide guess that leaves every theory itself)."""
ON_OR_OFF: Final = (".gate", ".decision", "theory.start")


@dataclass(frozen=True, slots=True)
class Following:
    """How arenas are followed: so many a municipality, one opening each month, each for so many months from its first;
    so many municipalities a world, and so many worlds.
    """

    arenas_each: int = 10
    municipalities: int = 8
    months: int = 18
    worlds: int = 96


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """What was seen. W worlds, P theories, A arenas (municipality by municipality), T months of an arena's life.

    Parameters
    ----------
    processes : names of the theories, [P]
    people : [W, P, A, T, ASKED] shares held by members at each month's end; NaN when the arena was no more
    constructs : [W, P, A, T, 6] the theory's own constructs as shares, which no survey can see
    endings : [W, P, A] places in ``vocabulary.ENDINGS``; 0 still running after T months
    months : [W, P, A] months lived, at most T
    arenas_each : arenas a municipality
    """

    processes: tuple[str, ...]
    people: Array
    constructs: Array
    endings: Array
    months: Array
    arenas_each: int


def make_panels(
    scenario: Scenario,
    processes: Sequence[tuple[str, ProcessModel]],
    following: Following,
    *,
    seed: int = 1,
    workers: int | None = None,
    on_done: OnWorld | None = None,
) -> Panels:
    """Return what would be seen of arenas under each theory in many worlds.

    Parameters
    ----------
    scenario : where; its first municipality is taken as a pattern, without its changes and its own arenas
    processes : the theories, by name and as read
    following : how many arenas, municipalities and worlds
    seed : of the draws and of the lucks
    workers : threads; all processors by default
    on_done : called with (worlds done, worlds in all)

    Sources
    -------
    ASSUMED : arenas that invite all sectors, one opening a month; parameters independent over their priors.
    """
    ground = _ground_of(scenario, following)
    shape = (following.worlds, len(processes), following.municipalities * following.arenas_each)
    panels = Panels(
        tuple(name for name, _ in processes),
        np.full((*shape, following.months, len(ASKED)), np.nan, np.float32),
        np.full((*shape, following.months, len(CONSTRUCTS)), np.nan, np.float32),
        np.zeros(shape, np.int8),
        np.zeros(shape, np.float32),
        following.arenas_each,
    )
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        tasks = [
            pool.submit(_see_world, ground, processes, following, seed, number, panels)
            for number in range(following.worlds)
        ]
        try:
            for done, task in enumerate(as_completed(tasks), 1):
                task.result()
                if on_done is not None:
                    on_done(done, len(tasks))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return panels


def unknown_parameters() -> tuple[Declaration, ...]:
    """Return the declarations of every uncertain parameter that could matter to an arena."""
    return tuple(
        one
        for one in read_declarations().values()
        if one.role == "uncertain" and one.group not in UNDRAWN_GROUPS and one.name not in UNDRAWN
    )


def draw_values(rng: np.random.Generator) -> dict[str, float]:
    """Return one draw of every unknown parameter, each evenly over its prior and independent of the others."""
    values = {}
    for one in unknown_parameters():
        if one.is_whole:
            values[one.name] = float(rng.integers(int(one.prior_low), int(one.prior_high) + 1))
        else:
            values[one.name] = float(rng.uniform(one.prior_low, one.prior_high))
    return values


def draw_strengths(model: ProcessModel, rng: np.random.Generator) -> ProcessModel:
    """Return a theory with every mechanism that has a strength multiplied by a number from STRENGTHS, each its own.

    What is only there or not (gates, votes, conditions of starting) stays: without it the theory would be another.
    """
    names = list_mechanisms(model)
    for name in names:
        is_whole = any(other.startswith(f"{name}.") for other in names)
        if not (is_whole or name.endswith(ON_OR_OFF)):
            model = weaken_mechanism(model, name, float(rng.uniform(*STRENGTHS)))
    return model


def _ground_of(scenario: Scenario, following: Following) -> Scenario:
    """Return the scenario with nothing in it but one municipality and the arenas that are followed."""
    where = scenario.municipalities[0]
    arenas = tuple(
        ScheduledArena(
            f"followed-{number}", "", where, number, FOCUS_AREAS[number % len(FOCUS_AREAS)],
            SERVICE_AREAS[number % len(SERVICE_AREAS)], SECTORS, "",
        )
        for number in range(following.arenas_each)
    )  # fmt: skip
    return replace(
        scenario,
        municipalities=(where,),
        where=Frozen({}),
        changes=(),
        arenas=arenas,
        months=following.arenas_each - 1 + following.months,
        survey_months=(),
        people_every=0,
    )


def _see_world(
    ground: Scenario,
    processes: Sequence[tuple[str, ProcessModel]],
    following: Following,
    seed: int,
    number: int,
    panels: Panels,
) -> None:
    """Let one world live under every theory, and write down what is seen of it in its own rows of the panels."""
    values = draw_values(np.random.default_rng([seed, number, 0]))
    plan = lay_plan(replace(ground, seed=seed).with_values(values | {"arenas.opening": 0.0}))
    spare: State | None = None
    for row, (_, model) in enumerate(processes):
        mine = draw_strengths(model, np.random.default_rng([seed, number, 1]))
        theory = pack_process(compile_process(mine))
        nodes = [_node_of(mine, construct) for construct in CONSTRUCTS]
        for town in range(following.municipalities):
            luck = number * following.municipalities + town
            world, spare, _ = draw_replicate(plan, luck, spare)
            count_at_start(world, spare)
            arenas = slice(town * following.arenas_each, (town + 1) * following.arenas_each)
            at = (number, row, arenas)
            _follow(world, spare, theory, nodes, panels.people[at], panels.constructs[at])
            panels.endings[at], panels.months[at] = _ends_of(world, spare, following)


def _follow(world: World, state: State, theory: Any, nodes: Sequence[int], people: Array, constructs: Array) -> None:
    """Let a world live its months, writing what its followed arenas hold, [arena, month, what]."""
    n, n_months = people.shape[:2]
    # The followed arenas' hosts come last, each with its arena in its first place.
    first = (len(state.hosts) - n) * world.n_places
    followed = state.arenas[first :: world.n_places]
    kept = np.empty((world.n_months, n), ARENA)
    for month in range(world.n_months):
        live(world, state, theory, month, month + 1)
        kept[month] = followed
    # Arena n opens in month n, so its first month stands in row n.
    arenas = np.arange(n)[:, None]
    lives = kept[arenas + np.arange(n_months), arenas]
    closed = lives["phase"] == OUTSIDE
    people[:] = lives["readings"][:, :, [READINGS.index(name) for name in ASKED]]
    held = 0.5 * (1.0 + lives["nodes"])
    for place, node in enumerate(nodes):
        constructs[:, :, place] = lives["readings"][:, :, place] if node < 0 else held[:, :, node]
    people[closed] = np.nan
    constructs[closed] = np.nan


def _ends_of(world: World, state: State, following: Following) -> tuple[Array, Array]:
    """Return how the followed arenas ended and how many months they lived, both cut where the following ended."""
    write_running(world, state, world.n_months)
    log = take_used(state.arena_log, world, state.municipalities["arena_count"])
    log = log[np.argsort(log["opened"], kind="stable")]
    lived = log["closed"].astype(np.int64) - log["opened"] + 1
    seen = lived <= following.months
    return np.where(seen, log["ending"], 0), np.minimum(lived, following.months)


def _node_of(model: ProcessModel, construct: str) -> int:
    """Return the place of the construct that a theory measures as one of the six, -1 where it has none."""
    measured = [one.measured for one in model.constructs]
    return measured.index(construct) if construct in measured else -1
