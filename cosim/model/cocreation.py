"""The Mesa model of co-creation: a living world that steps, is looked at, and collects, in Mesa's way. Floor 5.

The order of a month is the engine's (``engine.kernels.month``); a month stepped here has the same bits as one lived in
a run without Mesa. One of Mesa's two doors.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

import numpy as np
from mesa.datacollection import DataCollector
from mesa.model import Model

from cosim.errors import Complaint, CosimError, RunError, ScenarioError
from cosim.model.actors import ACTORS, Actor, ActorSet, set_of
from cosim.model.arenas import Arena, running_arenas
from cosim.model.letters import check_whole, check_word, in_own_words, letter
from cosim.model.living import LivingWorld
from cosim.model.municipalities import Innovation, Municipality
from cosim.model.people import COLUMNS
from cosim.model.reporters import REPORTERS
from cosim.parameters.values import shown
from cosim.processes.model import ProcessModel
from cosim.results.record import RunRecord
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario

Array = np.ndarray[Any, Any]
Luck = int | np.integer[Any] | Iterable[int] | np.random.SeedSequence | np.random.Generator | np.random.BitGenerator

LARGEST_SEED: Final = 2**63 - 1


class ScenarioOfModel(Scenario):
    """A scenario that counts as false in a condition.

    Mesa's pages take a ``model.scenario`` that counts as true for a scenario of Mesa's own kind, and refuse any other.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        """Return False."""
        return False


class CoCreationModel(Model):
    """Municipal co-creation as a Mesa model.

    Everything Mesa offers on a model and its agents works: ``step``, ``run_for``, ``running``, ``agents``,
    ``agents_by_type``, ``datacollector``, events, pages. The truth is in columns, which ``column`` hands out; agents
    are windows on them, made when somebody looks. A copy (``copy.deepcopy``, ``pickle``) goes on with the same bits, so
    that a run can be branched.

    Parameters
    ----------
    scenario : str, path or Scenario
        A named world: one that ships, a file, or one already read. "stad" has some 7,400 actors and 60 months.
    process : str or path, optional
        The theory, in place of the scenario's own.
    months : count, optional
        The horizon, in place of the scenario's own.
    seed : whole number, 0 or more, optional
        In place of the scenario's own; zero is a seed like any other.
    replicate : whole number, 0 or more
        One luck of the seed; two models of the same replicate meet the same people.
    settings : mapping, optional
        Values by dotted name, which hold everywhere and always: ``{"arenas.facilitation": 0.8}``.
    threads : 1 or more
        No bit depends on it.
    rng : seed, optional
        Mesa's name for ``seed``. What numpy takes beyond whole numbers (a Generator, a SeedSequence) is drawn from
        once, and the seed that comes of it stands in ``model.scenario.seed``.
    model_reporters : mapping, optional
        What the DataCollector tells of the model each month; ``reporters.REPORTERS`` by default.
    agent_reporters : mapping, optional
        What it tells of each actor, by name of an attribute or as a function; nothing by default, since it makes a
        window on every actor and costs microseconds for each each month.

    Attributes
    ----------
    month : months lived
    running : False once the horizon is reached
    living : the world under way, without Mesa

    Raises
    ------
    CosimError
        With every complaint about what was given.

    Examples
    --------
    >>> model = CoCreationModel("traena", months=2, seed=1)
    >>> model.run_for(2)
    >>> model.running, len(model.agents)
    (False, 361)
    """

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario = "stad",
        process: str | os.PathLike[str] | None = None,
        months: int | None = None,
        seed: int | None = None,
        replicate: int = 0,
        settings: Mapping[str, Any] | None = None,
        threads: int = 1,
        *,
        rng: Luck | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
    ) -> None:
        found = _find_scenario(scenario, process, months, _find_seed(seed, rng), settings)
        living = LivingWorld(found, replicate, threads=threads)
        super().__init__(rng=int(living.world.run_luck))
        self.living = living
        self.windows: dict[int, Actor] = {}
        self._move_clock = self.step  # Mesa's own, which moves the clock and calls `step` below as an event
        self.__dict__["step"] = self._step_if_running
        agent = {
            name: attrgetter(one) if isinstance(one, str) else one for name, one in (agent_reporters or {}).items()
        }
        model = REPORTERS if model_reporters is None else dict(model_reporters)
        self.datacollector = DataCollector(model_reporters=model, agent_reporters=agent or None)
        self.datacollector.collect(self)

    def step(self) -> None:
        """Live one month, and collect.

        At the horizon ``running`` becomes False; stepping on then changes nothing, and time stands still. A subclass
        that adds a rule of its own calls ``super().step()`` before or after it.
        """
        self.living.live(1)
        self.running = self.month < self.living.scenario.months
        self.datacollector.collect(self)

    def run_for(self, duration: float) -> None:
        """Live so many months, as Mesa's ``run_for``.

        Raises
        ------
        CosimError
            When the scenario has no such months left; nothing has happened then.
        """
        self.run_until(self.time + duration)

    def run_until(self, end_time: float) -> None:
        """Live up to a month, as Mesa's ``run_until``.

        Raises
        ------
        CosimError
            When it lies behind, or beyond the horizon; nothing has happened then.
        """
        months = self.living.scenario.months
        if not self.time <= end_time <= months:
            do = f"build the model with months={int(end_time)}" if end_time > months else ""
            raise letter("model", "months", f"to run until month {end_time:g}", f"from {self.time:g} to {months}", do)
        if end_time > self.time:
            super().run_until(end_time)
            self._compare_clocks()

    @property
    def month(self) -> int:
        """Months lived; also the number of the month that comes next."""
        return self.living.month

    @property
    def scenario(self) -> Scenario:
        """The scenario, levers changed on the way in it: ``cosim.run.run`` makes the run again from the start."""
        return self.living.scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        """Take no notice of the empty scenario that Mesa makes for a model that gives it none."""

    @property
    def process(self) -> ProcessModel:
        """The theory: its constructs, arrows and phases."""
        return self.living.theory

    @property
    def agents(self) -> ActorSet:
        """All actors, by municipality and sector.

        Counting them and reading columns makes no agent. Any other verb makes a window on each the first time: about
        2 us and 370 bytes each, 15 ms for the 7,400 of Stad, 0.7 s for a quarter of a million.
        """
        return set_of(self)

    @property
    def agents_by_type(self) -> dict[type[Actor], ActorSet]:
        """The actors of each sector, by class."""
        return {kind: set_of(self, sector) for sector, kind in enumerate(ACTORS)}

    @property
    def agent_types(self) -> list[type[Actor]]:
        """The class of each sector's actors."""
        return [*ACTORS]

    @property
    def arenas(self) -> tuple[Arena, ...]:
        """The arenas that run, by municipality and host."""
        return running_arenas(self)

    @property
    def municipalities(self) -> dict[str, Municipality]:
        """The municipalities by key."""
        return {key: Municipality(self, m) for m, key in enumerate(self.living.scenario.municipalities)}

    @property
    def innovations(self) -> tuple[Innovation, ...]:
        """The solutions put into use so far, by municipality and month."""
        return tuple(one for place in self.municipalities.values() for one in place.innovations)

    def actor(self, row: int) -> Actor:
        """Return the window on one actor, the same each time."""
        return self.make_windows([check_whole("model", "actor", row, 0, len(self.living.people) - 1)])[0]

    def column(self, name: str) -> Array:
        """Return a trait of everybody as a column, in the order of ``agents``; see `people.COLUMNS` for the names.

        Returns
        -------
        array, [N], or [N, 4] for ``trust``
            A copy. Numbers are float64 (``commitment`` NaN outside), words are words.
        """
        return self.living.people.column(check_word("model", "column", name, COLUMNS))

    def survey(self) -> Array:
        """Return what the questionnaire would find now: one record for each person asked; nobody is changed by it."""
        return self.living.ask()

    def record(self) -> RunRecord:
        """Return the record of the months lived so far, as ``cosim.run.run`` gives it for a scenario cut to them."""
        return self.living.record()

    def change(
        self,
        name: str,
        to: Any,
        where: str | Iterable[str] | None = None,
        until: int | None = None,
        because: str = "",
    ) -> None:
        """Change a parameter from the next month on; see `LivingWorld.change`.

        Examples
        --------
        >>> model = CoCreationModel("traena", months=2, seed=1)
        >>> model.change("arenas.facilitation", 0.8, where=["traena"])
        >>> model.municipalities["traena"].settings["arenas.facilitation"]
        0.8
        """
        self.living.change(name, to, where, until, because)

    def make_windows(self, rows: Iterable[int]) -> list[Actor]:
        """Return the window on each of some rows, making those that nobody has looked through yet."""
        wanted = rows.tolist() if isinstance(rows, np.ndarray) else [*rows]
        sector_of = self.living.people.sector_of
        for row in wanted:
            if row not in self.windows:
                ACTORS[sector_of(row)](self, row)
        return [self.windows[row] for row in wanted]

    def register_agent(self, agent: Any) -> None:
        """Take a window as the one on its row, as Mesa asks when an agent is made; refuse what is no such window."""
        row: Any = getattr(agent, "row", None)
        new = isinstance(row, int) and 0 <= row < len(self.living.people) and row not in self.windows
        if new and type(agent) is ACTORS[self.living.people.sector_of(row)]:
            agent.unique_id = row + 1
            self.windows[row] = agent
            return
        do = "model.actor(row) gives a window; more people come by a smaller population.persons_per_actor"
        raise letter("model", "agents", f"a new {type(agent).__name__}", "the actors drawn with the world", do)

    def deregister_agent(self, agent: Any) -> None:
        """Refuse: nobody can be taken out of the world."""
        do = "people leave arenas, never the world"
        raise letter("model", "agents", f"removing {agent!r}", "the actors drawn with the world", do)

    def remove_all_agents(self) -> None:
        """Refuse: nobody can be taken out of the world."""
        self.deregister_agent(self.agents)

    def _step_if_running(self) -> None:
        """Step, unless the horizon is reached."""
        if self.month < self.living.scenario.months:
            self._move_clock()
            self._compare_clocks()

    def _compare_clocks(self) -> None:
        """Say so when time has moved and no month was lived."""
        if self.month != int(self.time):
            do = "a step of your own must call super().step(); after a step that failed, build the model anew"
            raise RunError([Complaint("model", "time", f"{self.time:g}, with {self.month} months lived", "alike", do)])

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy holds: windows and sets are made anew when somebody looks."""
        return {name: value for name, value in self.__dict__.items() if name not in ("windows", "sets")}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        """Take back what was kept; windows that others held are there already."""
        self.__dict__.update(kept)
        self.__dict__.setdefault("windows", {})


def _find_seed(seed: Any, rng: Any) -> int | None:
    """Return the seed that was given under either name, None for none."""
    if seed is not None and rng is not None:
        raise letter("model", "rng", "a seed as well", "one of the two", "rng is Mesa's name for seed")
    given = rng if seed is None else seed
    if given is None:
        return None
    if rng is not None and not isinstance(rng, str | bytes | float | int | np.number):
        try:
            return int(np.random.default_rng(rng).integers(LARGEST_SEED))
        except (TypeError, ValueError):
            raise letter("model", "rng", shown(rng), "a whole number, or what numpy takes for one") from None
    return check_whole("model", "seed" if rng is None else "rng", given, 0, LARGEST_SEED)


def _find_scenario(given: Any, process: Any, months: Any, seed: int | None, settings: Any) -> ScenarioOfModel:
    """Return the scenario that was asked for, checked."""
    if settings is not None and not isinstance(settings, Mapping):
        raise letter("model", "settings", shown(settings), 'a mapping, such as {"arenas.facilitation": 0.8}')
    if isinstance(given, Scenario):
        beside = {"process": process, "months": months, "settings": settings}
        wrong = [name for name, value in beside.items() if value is not None]
        if wrong:
            allowed, do = "with a scenario already read, seed and replicate only", "hand them to read_scenario"
            raise CosimError([Complaint("model", name, "given", allowed, do) for name in wrong])
        found = given
    elif isinstance(given, str | os.PathLike):
        try:
            found = read_scenario(given, settings, process=process, months=months)
        except ScenarioError as error:
            raise ScenarioError(in_own_words(one) for one in error.complaints) from None
    else:
        raise letter("model", "scenario", shown(given), "a name, a path or a Scenario", 'such as "stad"')
    values = {one.name: getattr(found, one.name) for one in fields(Scenario)}
    return ScenarioOfModel(**(values | ({} if seed is None else {"seed": seed})))
