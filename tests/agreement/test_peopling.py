"""The people and their problems, drawn once more in plain Python: the same bits."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cosim.population import drawing
from cosim.population.problems import pool_of_problems
from tests.agreement.twin import peopling
from tests.agreement.twin.comparing import actor_row, compare_columns, compare_rows, origin_row
from tests.agreement.twin.from_arrays import build_world, plain
from tests.agreement.twin.luck import Luck
from tests.agreement.worlds import complain, small_world, theory

WORLDS: dict[str, dict[str, Any]] = {
    "as usual": {},
    "all are near the edge": {"people.trust": 0.97, "people.optimism": 0.0, "people.spread": 0.5},
    "nobody differs": {"people.spread": 0.0, "people.trust_spread": 0.0, "people.framing_spread": 0.0},
    "all firms and research": {"population.share_private": 0.9, "population.share_research": 0.5},
    "no past": {"people.inertia": 0.0, "population.persons_per_actor": 900.0},
}


@pytest.mark.parametrize("replicate", [0, 5])
@pytest.mark.parametrize("name", WORLDS)
def test_the_same_people(name: str, replicate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = SimpleNamespace()
    draw_people = drawing.draw_people

    def listen(world: Any, state: Any, means: Any, ages: Any, formers: Any) -> None:
        handed.means, handed.ages, handed.formers = plain(means), plain(ages), plain(formers)
        draw_people(world, state, means, ages, formers)

    monkeypatch.setattr(drawing, "draw_people", listen)
    scenario = small_world(WORLDS[name], municipalities=("stad", "nordre-follo", "traena"))
    world, state, _table = drawing.draw_population(scenario, replicate)
    luck = Luck(scenario.seed, replicate)
    twin = build_world(world, state, theory(scenario.process), luck)
    drawn = []
    for municipality in twin.municipalities:
        m, first = municipality.number, len(drawn)
        for sector, numbers in enumerate(municipality.by_sector):
            shares = handed.ages[m][sector], handed.formers[m]
            for number in range(len(numbers)):
                actor = peopling.draw_actor(
                    luck, twin.settings(0, m), municipality.code, m, sector, number, handed.means[m][sector], *shares
                )
                actor.number = len(drawn)
                drawn.append(actor)
        before = [peopling.prehistory(drawn[first:])]
        complain(f"prehistory of {m}", compare_columns("prehistory", world.places["prehistory"][m : m + 1], before))
    rows = [actor_row(actor, world.n_seats, world.n_places) for actor in drawn]
    complain("people", compare_rows("actors", state.actors, rows))
    complain("people", compare_rows("origins", state.origins, [origin_row(actor) for actor in drawn]))
    assert len(drawn) == len(state.actors) > 0


@pytest.mark.parametrize(("coupling", "seed"), [(0, 0), (3, 2**40 + 1)])
def test_the_same_problems(coupling: int, seed: int) -> None:
    contributions, best = pool_of_problems(seed, 2, coupling)
    luck = Luck(seed, 0)
    drawn = [peopling.draw_problem(luck, number, coupling) for number in range(2)]
    complain("problems", compare_columns("contributions", contributions, [one.contributions for one in drawn]))
    complain("problems", compare_columns("best", best, [one.best for one in drawn]))
