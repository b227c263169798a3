"""A run's key: everything that can move a number changes it, and nothing else does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosim.errors import StudyError
from cosim.evidence.municipalities import MUNICIPALITIES
from cosim.processes.catalogue import FOLDER, list_processes, read_process
from cosim.processes.mechanisms import list_mechanisms, weaken_mechanism
from cosim.results.runstore import RunStore
from cosim.scenario.files import list_scenarios
from cosim.scenario.reading import read_scenario
from cosim.study import points
from cosim.study.points import Point, describe_point, model_version, point_at, point_from, points_of_design
from cosim.study.reading import read_study
from cosim.study.sensitivity_design import Factor
from tests.unit.study_files import COMPARISON, write_study

BASE = """
name = "base"
title = "One title"
question = "One question?"
reasons = ["one"]
process = "small-wins"
[world]
municipalities = ["stad", "gloppen"]
[run]
start = "2020-01"
months = 24
seed = 3
replicates = 5
people_every = 12
survey_months = ["2021-01"]
[set]
"people.trust" = 0.5
"people.optimism" = 0.6
[where.stad]
"arenas.facilitation" = 0.4
"arenas.openness" = 0.3
[[change."arenas.idea_time"]]
to = 0.1
from = "2020-06"
until = "2021-06"
where = ["stad", "gloppen"]
because = "one reason"
[[change."arenas.power_share"]]
to = 0.5
from = "2020-09"
because = "another"
[[arena]]
name = "first"
title = "The first"
where = "stad"
opens = "2020-03"
focus = "public_health"
area = "social"
invites = ["public", "civic"]
because = "a test"
"""


def point_of(folder: Path, text: str = BASE, process: str | None = None, name: str = "base.toml") -> Point:
    """Return the point of a scenario's text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    scenario = read_scenario(path, process=process)
    return point_at(scenario, scenario.process, read_process(scenario.process))


def changed(old: str, new: str) -> str:
    """Return the text with one thing otherwise."""
    assert BASE.count(old) >= 1, old
    return BASE.replace(old, new, 1)


MOVES = {
    "a value": ("0.5\n", "0.51\n"),
    "one more value": ("[set]", '[set]\n"people.identity" = 0.3'),
    "one value less": ('"people.optimism" = 0.6\n', ""),
    "a value in one place": ("0.4\n", "0.45\n"),
    "the month of a change": ("2020-06", "2020-07"),
    "the end of a change": ("2021-06", "2021-05"),
    "no end of a change": ('until = "2021-06"\n', ""),
    "what a change is to": ("to = 0.1", "to = 0.2"),
    "where a change is": ('["stad", "gloppen"]\nbecause', '["stad"]\nbecause'),
    "which municipalities": ('municipalities = ["stad", "gloppen"]', 'municipalities = ["stad", "gloppen", "sola"]'),
    "months": ("months = 24", "months = 30"),
    "seed": ("seed = 3", "seed = 4"),
    "how often people are counted": ("people_every = 12", "people_every = 6"),
    "when an arena opens": ("2020-03", "2020-04"),
    "what an arena is about": ('area = "social"', 'area = "education"'),
    "whom it invites": ('["public", "civic"]', '["public", "civic", "research"]'),
    "where it opens": ('where = "stad"', 'where = "gloppen"'),
    "the theory": ('"small-wins"', '"regime"'),
}
MOVES_NOTHING = {
    "title": ("One title", "Another title"),
    "question": ("One question?", "Another?"),
    "reasons": ('["one"]', '["two", "three"]'),
    "name": ('name = "base"', 'name = "other"'),
    "replicates": ("replicates = 5", "replicates = 50"),
    "survey months": ('["2021-01"]', "[]"),
    "why a change": ("one reason", "no reason"),
    "what an arena is called": ('name = "first"\ntitle = "The first"', 'name = "second"\ntitle = "Another"'),
    "a default written out": ("[set]", '[set]\n"talk.base" = 0.8'),
    "the order of values": (
        '"people.trust" = 0.5\n"people.optimism" = 0.6',
        '"people.optimism" = 0.6\n"people.trust" = 0.5',
    ),
    "the order of places": (
        '"arenas.facilitation" = 0.4\n"arenas.openness" = 0.3',
        '"arenas.openness" = 0.3\n"arenas.facilitation" = 0.4',
    ),
    "the order of places a change is in": ('["stad", "gloppen"]\nbecause', '["gloppen", "stad"]\nbecause'),
}


@pytest.mark.parametrize("what", MOVES)
def test_what_can_move_a_number_changes_the_key(tmp_path: Path, what: str) -> None:
    one, other = point_of(tmp_path), point_of(tmp_path, changed(*MOVES[what]))
    assert one.key != other.key
    assert describe_point(one) != describe_point(other)


@pytest.mark.parametrize("what", MOVES_NOTHING)
def test_what_cannot_does_not(tmp_path: Path, what: str) -> None:
    one, other = point_of(tmp_path), point_of(tmp_path, changed(*MOVES_NOTHING[what]), name="elsewhere.toml")
    assert one.key == other.key
    assert describe_point(one) == describe_point(other), "one key, one text: a store takes two for a contradiction"


def test_the_order_of_changes_of_different_things_does_not(tmp_path: Path) -> None:
    first, second = BASE.index('[[change."arenas.idea'), BASE.index('[[change."arenas.power')
    third = BASE.index("[[arena]]")
    turned = BASE[:first] + BASE[second:third] + BASE[first:second] + BASE[third:]
    one, other = point_of(tmp_path), point_of(tmp_path, turned)
    assert one.key == other.key
    assert describe_point(one) == describe_point(other)


def test_dates_count_from_the_start(tmp_path: Path) -> None:
    later = BASE.replace("2021-", "2032-").replace("2020-", "2031-")
    assert point_of(tmp_path).key == point_of(tmp_path, later).key


def test_values_and_mechanisms_change_the_key_and_one_that_changes_nothing_does_not(tmp_path: Path) -> None:
    base = point_of(tmp_path)
    world, word, model = base.scenario, base.process, base.model
    keys = {base.key, point_at(world, word, model, {"people.trust": 0.50001}).key}
    for name in list_mechanisms(model):
        keys.add(point_at(world, word, model, {name: 0.0}).key)
        keys.add(point_at(world, word, model, {name: 0.5}).key)
        assert point_at(world, word, model, {name: 1.0}).key == base.key
    assert len(keys) > len(list_mechanisms(model)) + 2
    assert point_at(world, word, model, {"people.trust": 0.5}).key == base.key
    assert point_at(world, word, weaken_mechanism(model, "theory.arrows", 0.3)).key == (
        point_at(world, word, model, {"theory.arrows": 0.3}).key
    )


def test_a_theory_is_its_numbers_not_its_prose(tmp_path: Path) -> None:
    text = (FOLDER / "regime.toml").read_text(encoding="utf-8")
    world = read_scenario("stad", months=12)

    def own(content: str) -> bytes:
        path = tmp_path / "mine.toml"
        path.write_text(content, encoding="utf-8")
        return point_at(world, str(path), read_process(path)).key

    shipped = point_at(world, "regime", read_process("regime")).key
    assert own(text) == shipped
    head = text.index("title = ")
    assert own(text[:head] + 'title = "Mine"' + text[text.index("\n", head) :]) == shipped
    weight = text.index("weight = ")
    assert own(text[:weight] + "weight = 0.123" + text[text.index(",", weight) :]) != shipped


def test_runs_have_keys_of_their_own(tmp_path: Path) -> None:
    one, other = point_of(tmp_path), point_of(tmp_path, changed("seed = 3", "seed = 4"))
    keys = np.concatenate([point.run_keys(range(50)) for point in (one, other)])
    assert len(np.unique(keys)) == 100
    assert (one.run_keys([7, 3]) == one.run_keys(range(50))[[7, 3]]).all()


@pytest.mark.parametrize("scenario", list_scenarios())
def test_what_is_kept_of_a_point_makes_it_again(scenario: str) -> None:
    world = read_scenario(scenario)
    for process in list_processes():
        point = point_at(world, process, read_process(process), {"people.trust": 0.123456789012345})
        again = point_from(describe_point(point))
        assert again.key == point.key
        assert again.model.name == process
        assert describe_point(again) == describe_point(point)


@pytest.mark.parametrize("experiment", sorted((Path(__file__).parents[2] / "experiments").glob("*.toml")))
def test_of_every_study_that_ships(experiment: Path) -> None:
    study = read_study(experiment)
    for world in study.scenarios:
        for word, model in study.processes:
            ends = {one.name: one.high for one in study.factors if one.kind != "choice"}
            point = point_at(world, word, model, ends)
            assert point_from(describe_point(point)).key == point.key


def test_an_own_theory_and_one_weakened_are_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((FOLDER / "staged.toml").read_text(encoding="utf-8").replace('"staged"', '"mine"', 1), "utf-8")
    world = read_scenario("traena", months=12)
    model = read_process(path)
    names = [name for name in list_mechanisms(model) if name.count(".") < 3]
    for values in ({}, {names[0]: 0.25}, dict.fromkeys(names, 0.5)):
        point = point_at(world, str(path), model, values)
        told = describe_point(point)
        again = point_from(told)
        assert again.key == point.key
        assert again.model.name == "mine"
    path.unlink()
    assert point_from(told).key == point.key


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return an own table of municipalities."""
    path = tmp_path / "own" / "places.csv"
    path.parent.mkdir()
    shutil.copy(MUNICIPALITIES, path)
    return path


def in_table(path: Path) -> Point:
    """Return the point of a world in an own table."""
    text = f'[world]\ntable = "{path.as_posix()}"\nmunicipalities = ["stad"]\n[run]\nmonths = 12\n'
    return point_of(path.parent, text)


def test_an_own_table_is_its_text(table: Path, tmp_path: Path) -> None:
    one = in_table(table)
    elsewhere = tmp_path / "elsewhere" / "other-name.csv"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    other = in_table(elsewhere)
    assert other.key == one.key
    assert describe_point(other) == describe_point(one)
    again = point_from(describe_point(other))
    shutil.rmtree(elsewhere.parent)
    shutil.rmtree(table.parent)
    assert again.key == one.key
    assert again.scenario.table is not None
    assert again.scenario.table.is_file()


def test_a_table_that_changes_makes_other_runs(table: Path) -> None:
    one = in_table(table)
    lines = table.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("stad,"))
    column = lines[0].split(",").index("population_2020")
    cells = lines[at].split(",")
    cells[column] = str(int(cells[column]) + 100)
    lines[at] = ",".join(cells)
    table.write_text("\n".join(lines), encoding="utf-8")
    assert in_table(table).key != one.key


def test_two_studies_that_mean_the_same_run_agree_in_one_store(tmp_path: Path) -> None:
    told: list[Callable[[str], str]] = [str, lambda text: text.replace("One facilitator", "Somebody paid")]
    store = RunStore(tmp_path / "store", create=True)
    for change in told:
        study = read_study(write_study(tmp_path, change(COMPARISON)))
        point = point_at(study.scenarios[1], *study.processes[0])
        store.write_points({point.key.hex(): describe_point(point)})
    assert list(store.read_points([point.key.hex()])) == [point.key.hex()]
    assert store.check() == ()


def test_a_design_varies_theories_mechanisms_and_words() -> None:
    world = read_scenario("traena", months=12)
    factors = (
        Factor("process", kind="choice", choices=("regime", "staged")),
        Factor("theory.arrows"),
        Factor("arenas.decision_rule", kind="choice", choices=("majority", "consent")),
        Factor("people.trust", 0.2, 0.8),
    )
    levels = np.array([[0.0, 1.0, 0.0, 0.5], [1.0, 0.5, 1.0, 0.25], [0.0, 1.0, 0.0, 0.5]])
    made = points_of_design(world, (("additive", read_process("additive")),), factors, levels)
    assert [one.model.name for one in made] == ["regime", "staged", "regime"]
    assert made[0].key == made[2].key != made[1].key
    assert made[1].model == weaken_mechanism(read_process("staged"), "theory.arrows", 0.5)
    assert made[1].model != read_process("staged")
    assert made[1].scenario.settings["arenas.decision_rule"] == 4.0
    assert made[1].scenario.settings["people.trust"] == 0.25


@pytest.mark.parametrize("spoilt", ["{}", "5", '{"theory": 5, "scenario": "", "table": null}', "no JSON"])
def test_what_nobody_kept_gets_a_letter(spoilt: str) -> None:
    with pytest.raises(StudyError):
        point_from(spoilt)


def test_a_theory_that_was_tampered_with_gets_a_letter() -> None:
    point = point_at(read_scenario("traena"), "regime", read_process("regime"))
    told: dict[str, Any] = json.loads(describe_point(point))
    told["theory"]["phases"][0]["hazard"]["extra"] = 1
    with pytest.raises(StudyError):
        point_from(json.dumps(told))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the package, whose version is asked for until the test ends."""
    copy = tmp_path / "cosim"
    shutil.copytree(points.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(points, "PACKAGE", copy)
    monkeypatch.setattr(points, "SHIPPED_THEORIES", copy / "processes")
    model_version.cache_clear()
    yield copy
    model_version.cache_clear()


@pytest.mark.parametrize(
    ("file", "moves"),
    [
        ("engine/state.py", True),
        ("model/months.py", True),
        ("parameters/declarations/arenas.toml", True),
        ("evidence/municipalities.csv", True),
        ("measurement/outcomes.toml", True),
        ("run.py", True),
        ("vocabulary.py", True),
        ("processes/regime.toml", False),
        ("report/page.py", False),
        ("cli/sweep.py", False),
        ("study/points.py", False),
        ("results/writer.py", False),
    ],
)
def test_another_model_is_another_version(package: Path, file: str, moves: bool) -> None:
    before = model_version()
    path = package / file
    path.write_bytes(path.read_bytes() + b"\n")
    model_version.cache_clear()
    assert (model_version() != before) is moves


def test_a_files_name_is_part_of_what_it_is(package: Path) -> None:
    here = model_version()
    (package / "engine" / "state.py").rename(package / "engine" / "moved.py")
    model_version.cache_clear()
    assert model_version() != here


def test_questions_are_not_asked_in_studies(tmp_path: Path) -> None:
    point = point_of(tmp_path)
    assert point.scenario.survey_months == ()
    assert replace(point.scenario, survey_months=(3,)) != point.scenario


def test_nothing_that_a_run_goes_through_is_left_out_of_the_version() -> None:
    ask = "import sys, cosim.run, cosim.measurement.groups; print(*(n for n in sys.modules if n.startswith('cosim.')))"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()
    files = [name.removesuffix(".py") for name in points.MODEL_FILES]
    left_out = {name for name in told if name.split(".")[1] not in (*points.MODEL_ROOMS, *files)}
    # Letters, and the form of a record; intervals are for tables that no run has.
    assert left_out <= {"cosim.errors", "cosim.results", "cosim.results.record", "cosim.results.intervals"}
