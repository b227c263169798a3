"""What the Mesa model cannot do it says in a letter, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa
import pytest

from cosim.errors import CosimError
from cosim.model.cocreation import CoCreationModel
from cosim.scenario.reading import read_scenario


@pytest.fixture
def model() -> CoCreationModel:
    """Return a model of the fourteen municipalities after 14 months, with 13,000 actors."""
    model = CoCreationModel("norway14", months=40, settings={"population.persons_per_actor": 20})
    model.run_for(14)
    return model


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"scenario": "stadd"}, "did you mean 'stad'"),
        ({"scenario": 3}, "a name, a path or a Scenario"),
        ({"process": "small-winz"}, "did you mean 'small-wins'"),
        ({"settings": {"arenas.facilitatoin": 0.5}}, "did you mean 'arenas.facilitation'"),
        ({"settings": {"arenas.facilitation": 30}}, "from 0 to 1"),
        ({"settings": "arenas.facilitation=1"}, "a mapping"),
        ({"months": 0}, "from 1 to 1200"),
        ({"seed": "42"}, "a whole number"),
        ({"seed": 1.0}, "a whole number"),
        ({"seed": True}, "a whole number"),
        ({"seed": -1}, "a whole number"),
        ({"rng": "42"}, "a whole number"),
        ({"rng": 1, "seed": 1}, "one of the two"),
        ({"replicate": -1}, "0 or more"),
        ({"threads": 0}, "1 or more"),
        ({"scenario": read_scenario("stad"), "months": 3, "settings": {}}, "2 things to mend"),
    ],
)
def test_what_cannot_be_built_is_told_in_a_letter(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(CosimError) as letter:
        CoCreationModel(**arguments)
    assert says in str(letter.value)
    assert "Traceback" not in str(letter.value)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda model: setattr(model.actor(3), "optimsm", 0.5), "did you mean 'optimism'"),
        (lambda model: setattr(model.actor(3), "optimism", 30), "write 0.3 for 30 %"),
        (lambda model: setattr(model.actor(3), "identity", float("nan")), "from 0 to 1"),
        (lambda model: setattr(model.actor(3), "framing", "0.5"), "from 0 to 1"),
        (lambda model: setattr(model.actor(3), "fatigue", -0.1), "0 or more"),
        (lambda model: setattr(model.actor(3), "trust_civic", 1.0), "from 0.02 to 0.98"),
        (lambda model: setattr(model.actor(3), "trust", [0.5, 0.5]), "four shares"),
        (lambda model: setattr(model.actor(3), "trust", [0.5, 0.5, 0.5, 7]), "trust_research"),
        (lambda model: setattr(model.actor(3), "sector", "civic"), "cannot be written"),
        (lambda model: setattr(outsider(model), "commitment", 0.5), "outside any arena"),
        (lambda model: model.actor(3).trust_in("civc"), "did you mean 'civic'"),
        (lambda model: model.actor(10**9), "from 0 to"),
        (lambda model: model.column("optimsm"), "did you mean 'optimism'"),
        (lambda model: mesa.Agent(model), "a new Agent"),
        (lambda model: setattr(model.municipalities["stad"], "leadership", 2), "from 0 to 1"),
        (lambda model: model.municipalities["stad"].set_climate(freedom=0.1, freedon=0.5), "did you mean 'freedom'"),
        (lambda model: model.change("people.trust", 0.5), "read once, before the first"),
        (lambda model: model.change("arenas.facilitatio", 0.5), "did you mean 'arenas.facilitation'"),
        (lambda model: model.change("arenas.facilitation", 5, where=["stadd", "askr"]), "3 things to mend"),
        (lambda model: model.change("arenas.facilitation", 0.5, where=[]), "None for all"),
        (lambda model: model.change("arenas.facilitation", 0.5, until=3), "from 14 to 39"),
        (lambda model: model.change("month.spread", False, where="stad"), "holds for all of them"),
        (lambda model: model.run_for(-1), "from 14 to 40"),
        (lambda model: model.living.live(27), "at most 26"),
        (lambda model: CoCreationModel("stad").record(), "no month lived yet"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_letter_and_not_done(
    model: CoCreationModel, act: Callable[[CoCreationModel], Any], says: str
) -> None:
    before = [getattr(model.living.state, name).tobytes() for name in ("seats", "arenas", "municipalities")]
    before += [model.column(name).tobytes() for name in ("trust", "optimism", "identity", "framing", "fatigue")]
    with pytest.raises(CosimError) as letter:
        act(model)
    assert says in str(letter.value)
    after = [getattr(model.living.state, name).tobytes() for name in ("seats", "arenas", "municipalities")]
    after += [model.column(name).tobytes() for name in ("trust", "optimism", "identity", "framing", "fatigue")]
    assert before == after
    assert model.scenario.changes == read_scenario("norway14", months=40).changes


def outsider(model: CoCreationModel) -> Any:
    """Return somebody who sits in no arena."""
    return model.agents.select(lambda one: not one.is_seated, at_most=1).to_list()[0]


def test_at_the_end_no_lever_is_left() -> None:
    model = CoCreationModel("traena", months=2)
    model.run_for(2)
    with pytest.raises(CosimError, match="no month left"):
        model.change("arenas.facilitation", 0.5)
