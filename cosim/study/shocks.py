"""A blow to trust that can be taken back: the run with it, and the run in which its trace is wiped out again. Floor 7.

The blow is the parameter ``context.scandal``: acts of distrust of the public side that everybody learns of in one
month. People outside arenas do not forget in this model, so a blow that is only over leaves its acts in everybody's
mind; whether the *process* finds back is asked by taking the acts out again, as far as each person still holds them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cosim.engine.kernels.month import count_at_start, write_running
from cosim.engine.state import State, World
from cosim.model.months import live
from cosim.model.recording import make_record
from cosim.population.drawing import draw_replicate
from cosim.results.record import RunRecord
from cosim.run import Prepared
from cosim.scenario.model import Change, Scenario
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]

SCANDAL: Final = "context.scandal"
BLAMED: Final = SECTORS.index("public")


@dataclass(frozen=True, slots=True)
class Shock:
    """A blow to trust.

    Parameters
    ----------
    acts : acts of distrust that everybody learns of
    month : when, from 0
    removed : month at whose beginning its trace is taken away, in the runs in which it is
    after : months from then until output is compared, over a year

    Sources
    -------
    ASSUMED : design note F8 has 20 acts in month 12 and compares 24 months after removal; a year until removal lets
        most arenas that took the blow come to their end.
    """

    acts: float = 20.0
    month: int = 12
    removed: int = 24
    after: int = 24


def with_shock(scenario: Scenario, shock: Shock) -> Scenario:
    """Return the scenario with the blow in it, everywhere."""
    change = Change(SCANDAL, shock.acts, shock.month, shock.month, (), "a blow to trust, to see how it heals")
    return replace(scenario, changes=(*scenario.changes, change))


def run_healed(prepared: Prepared, replicate: int, shock: Shock) -> RunRecord:
    """Return the record of a run in which a blow's trace is taken away again.

    Parameters
    ----------
    prepared : of a scenario with the blow in it, see `with_shock`
    replicate : 0 or more
    shock : the same blow
    """
    began = time.perf_counter()
    scenario, theory = prepared.scenario, prepared.theory
    world, state, _ = draw_replicate(prepared.plan, replicate)
    count_at_start(world, state)
    live(world, state, theory, 0, shock.month)
    trace = np.full(len(state.actors), shock.acts)
    # People forget where they meet: a month in which nobody may leaves all as it was.
    kept = np.where(world.settings["month_meet"] > 0.5, world.settings["trust_kept"], 1.0)
    for month in range(shock.month, shock.removed):
        seated = state.actors["seat"] >= 0
        live(world, state, theory, month, month + 1)
        # Members forget once a month, those who came and those who went this month too.
        seated |= state.actors["seat"] >= 0
        faded = kept[world.setting_row[month]][state.actors["municipality"]]
        trace[seated] *= faded[seated]
    _take_away(world, state, trace)
    live(world, state, theory, shock.removed, scenario.months)
    write_running(world, state, scenario.months)
    return make_record(scenario, replicate, world, state, [], time.perf_counter() - began)


def _take_away(world: World, state: State, trace: Array) -> None:
    """Take what is left of the acts, [actor], out of everybody's evidence; nobody is left with less than none."""
    actors = state.actors
    outside = actors["seat"] < 0
    held = actors["distrust"][:, BLAMED]
    held[outside] = np.maximum(held[outside] - trace[outside], 0.0)
    arena, seat = np.divmod(actors["seat"][~outside], world.n_seats)
    members = state.seats["distrust"][..., BLAMED]
    members[arena, seat] = np.maximum(members[arena, seat] - trace[~outside], 0.0)
