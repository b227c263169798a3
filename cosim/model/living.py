"""A world under way: its months, its levers, its answers and its record, without Mesa. Floor 5."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from cosim.engine.kernels.month import count_at_start, write_running
from cosim.engine.kernels.observing import count_people
from cosim.engine.state import State
from cosim.engine.theory import pack_process
from cosim.errors import Complaint, CosimError
from cosim.model.letters import check_whole, check_word, letter
from cosim.model.months import live
from cosim.model.people import People
from cosim.model.recording import ask, make_record, used_rows
from cosim.model.room import LOGS, make_room, room_for
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.settings import settings_rows
from cosim.parameters.values import look_at_value
from cosim.population.drawing import draw_population
from cosim.processes.catalogue import read_process
from cosim.processes.compile import compile_process
from cosim.results.record import RunRecord
from cosim.scenario.model import Change, Scenario

Array = np.ndarray[Any, Any]


class LivingWorld:
    """A scenario's world with its people, and how many months it has lived.

    Attributes
    ----------
    scenario : what is lived; levers changed on the way stand in it, so that it can be run again from the start
    replicate, threads : as given
    theory : the process model
    world, state : what the engine reads and writes
    table : the municipalities' rows of evidence
    people : everybody's traits, see `People`
    month : months lived, 0..T; also the number of the month that comes next
    answers : of the survey months so far
    seconds : wall time spent in months
    """

    def __init__(self, scenario: Scenario, replicate: int = 0, *, threads: int = 1) -> None:
        began = time.perf_counter()
        self.scenario = scenario
        self.replicate = check_whole("model", "replicate", replicate, 0)
        self.threads = check_whole("model", "threads", threads, 1)
        self.theory = read_process(scenario.process)
        self.packed_theory = pack_process(compile_process(self.theory))
        self.world, self.state, self.table = draw_population(scenario, self.replicate)
        count_at_start(self.world, self.state)
        self.month = 0
        self.people = self._look_at_people()
        self.answers: list[Array] = []
        self._means: tuple[tuple[int, int], Array] | None = None
        self._answer_if_asked()
        self.seconds = time.perf_counter() - began

    def live(self, months: int = 1) -> None:
        """Live some months more, asking the questionnaire where the scenario says so.

        Raises
        ------
        CosimError
            When the scenario has no such months left; nothing has happened then.
        """
        months = check_whole("model", "months", months, 0)
        left = self.scenario.months - self.month
        if months > left:
            do = f"build it with months={self.month + months}"
            raise letter("model", "months", f"{months} months more", f"at most {left} of {self.scenario.months}", do)
        began = time.perf_counter()
        end = self.month + months
        asked = [month for month in self.scenario.survey_months if self.month < month < end]
        for stop in [*sorted(asked), end] if months else []:
            live(self.world, self.state, self.packed_theory, self.month, stop, threads=self.threads)
            self.month = stop
            self.people.move_to(self.world, stop)
            self._answer_if_asked()
        self.seconds += time.perf_counter() - began

    def ask(self) -> Array:
        """Return what the questionnaire would find now, records ``measurement.survey.ANSWER``; changes nothing."""
        return ask(self.world, self.state, self.month)

    def count_people(self) -> Array:
        """Return the means over everybody now, [M, 4 sectors, len(engine.logs.PEOPLE)]; nobody is changed."""
        key = (self.month, self.people.n_written)
        if self._means is None or self._means[0] != key:
            means = np.zeros((1, *self.state.people.shape[1:]))
            state = self.state._replace(people=means)
            for m in range(len(self.world.places)):
                count_people(self.world, state, self.month, m, 0)
            self._means = (key, means[0])
        return self._means[1]

    def record(self) -> RunRecord:
        """Return the record of the months lived so far: that of a run of the scenario cut to so many months.

        Raises
        ------
        CosimError
            Before the first month.
        """
        n = self.month
        if n == 0:
            raise letter("model", "record", "no month lived yet", "one month or more", "step the model first")
        every = self.scenario.people_every
        world = self.world._replace(n_months=n, setting_row=self.world.setting_row[:n])
        # Running arenas are written behind the rows in use, whose number only the copy comes to know.
        state = self.state._replace(
            municipalities=self.state.municipalities.copy(),
            months=self.state.months[:n].copy(),
            people=self.state.people[: n // every + 1 if every > 0 else 1].copy(),
            lagged=self.state.lagged.copy(),
        )
        write_running(world, state, n)
        scenario = replace(self.scenario, months=n)
        return make_record(scenario, self.replicate, world, state, self.answers, self.seconds)

    def change(
        self,
        name: str,
        to: Any,
        where: str | Iterable[str] | None = None,
        until: int | None = None,
        because: str = "",
    ) -> None:
        """Change a parameter from the next month on, everywhere or in some municipalities.

        The change is added to the scenario: run from the start, it gives the same bits as what was lived here.

        Parameters
        ----------
        name : of a parameter that is read every month
        to : its new value, a number or a word
        where : keys of municipalities; everywhere by default
        until : last month in which it holds; to the end by default
        because : why, for the record

        Raises
        ------
        CosimError
            With every complaint at once; nothing has been changed then.
        """
        places = (where,) if isinstance(where, str) else tuple(where or ())
        complaints = self._look_at_change(name, places)
        if where is not None and not places:
            complaints.append(Complaint("change", f"{name}: where", "nobody", "municipalities, or None for all"))
        value, wrong = look_at_value(name, to, "change", name)
        if wrong is not None:
            complaints.append(wrong)
        if complaints:
            raise CosimError(complaints)
        last = None if until is None else check_whole("change", "until", until, self.month, self.scenario.months - 1)
        change = Change(name, value, self.month, last, places, because or "changed while the model ran")
        scenario = replace(self.scenario, changes=(*self.scenario.changes, change))
        rows, row_of = scenario.setting_table()
        self.scenario = scenario
        world = self.world._replace(settings=settings_rows(rows), setting_row=np.ascontiguousarray(row_of, np.int64))
        self.world, self.state = make_room(world, self.state, *room_for(rows))
        self.people = self._look_at_people()
        self._means = None

    def _look_at_change(self, name: str, places: tuple[str, ...]) -> list[Complaint]:
        complaints = []
        declaration = read_declarations().get(name)
        if self.month >= self.scenario.months:
            complaints.append(Complaint("change", name, "no month left", "a change before the last month"))
        if declaration is not None and declaration.at_start:
            allowed = "a parameter that is read every month; this one is read once, before the first"
            complaints.append(Complaint("change", name, "a change under way", allowed, "build the model with it"))
        if declaration is not None and declaration.everywhere and places:
            allowed = "a parameter that may differ between municipalities; this one holds for all of them"
            complaints.append(Complaint("change", name, "a value for some places only", allowed, "leave out where"))
        for place in places:
            try:
                check_word("change", f"{name}: where", place, self.scenario.municipalities)
            except CosimError as error:
                complaints += error.complaints
        return complaints

    def _answer_if_asked(self) -> None:
        if self.month in self.scenario.survey_months:
            self.answers.append(self.ask())

    def _look_at_people(self) -> People:
        return People(self.world, self.state, self.month, self.scenario.municipalities, [*self.table["former_units"]])

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or a pickle holds: everything but views, and of the logs only the rows in use."""
        kept = {name: value for name, value in self.__dict__.items() if name not in ("people", "_means", "state")}
        state = self.state._asdict()
        used = {name: used_rows(self.world, self.state.municipalities[count]) for name, count in LOGS.items()}
        logs = {name: (state[name].shape, state[name][rows], rows) for name, rows in used.items()}
        return {**kept, "rows": {**state, **logs}}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        """Lay the rows out again as they were."""
        rows = kept.pop("rows")
        for name in LOGS:
            shape, values, places = rows[name]
            rows[name] = np.empty(shape, values.dtype)
            rows[name][places] = values
        self.__dict__.update(kept)
        self.state = State(**rows)
        # The engine is compiled for problems that cannot be written to; a copy must look the same to it.
        for problems in (self.world.landscapes, self.world.landscape_best):
            problems.setflags(write=False)
        self._means = None
        self.people = self._look_at_people()
