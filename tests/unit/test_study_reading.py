"""Whatever stands in a study's file, the answer is a study or one letter with everything that is wrong with it."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosim.errors import StudyError
from cosim.measurement.observe import OUTCOMES
from cosim.parameters.catalogue import read_declarations
from cosim.processes.catalogue import read_process
from cosim.scenario.model import Frozen
from cosim.scenario.reading import read_scenario
from cosim.study.reading import is_study, read_study, study_of_scenarios
from tests.unit.study_files import COMPARISON, SWEEP, write_study

EXPERIMENTS = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))
TEXTS = {path.name: path.read_bytes() for path in EXPERIMENTS} | {"sweep": SWEEP.encode(), "two": COMPARISON.encode()}
ONCE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

WRONG = """
titel = "misspelt"
question = ""
scenario = "stda"
processes = ["regmie"]
outcomes = ["levl", "solution_quality"]
months = 9999
seed = -1
[replicates]
least = 1
most = "many"
width_in = "per cent"
[budget]
runs = 1.5
hours = -1
[factors]
"people.trsut" = {}
"people.trust" = { range = [0.7, 0.3] }
"people.optimism" = { range = [0.0, 7.0] }
"arenas.seats_public" = { range = [1.5, 3.0] }
"arenas.decision_rule" = { choices = ["lot"] }
"people.identity" = { rnage = [0, 1] }
[sweep]
method = "sobl"
n = 12
most = 8
second_order = "yes"
[robustness]
n = 7
[[robustness.wishes]]
outcome = "level"
at_least = 1
at_most = 2
[[alternatives]]
name = "Not a name"
"""


def letter_of(folder: Path, text: str) -> str:
    """Return the letter about a study."""
    with pytest.raises(StudyError) as caught:
        read_study(write_study(folder, text))
    return str(caught.value)


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_those_that_ship_can_be_read(path: Path) -> None:
    study = read_study(path)
    assert is_study(path)
    assert study.question
    assert study.question_nb != study.question
    assert {one.seed for one in study.scenarios} == {study.seed}
    assert study.sweep is not None or study.claims or len(study.scenarios) > 1


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, WRONG)
    for said in (
        "titel", "did you mean 'title'", "did you mean 'stad'", "did you mean 'regime'", "did you mean 'level'",
        "study.toml: question", "study.toml: months", "study.toml: seed", "replicates.least", "replicates.most",
        "did you mean", "replicates.width_in", "budget.runs", "budget.hours", "people.trsut",
        "did you mean 'people.trust'", "factors.people.trust.range", "0.7 to 0.3", "factors.people.optimism.range",
        "arenas.seats_public", "arenas.decision_rule.choices", "rnage", "did you mean 'range'",
        "did you mean 'sobol'", "sweep.n", "sweep.most", "sweep.second_order", "robustness.n", "alternatives[1].name",
        "robustness.wishes[1].at_least",
    ):  # fmt: skip
        assert said in letter, said
    assert letter.count("no scenario 'stda'") == 1, "what alternatives rest on is complained of once"


ALONE = {
    "no power of two": (SWEEP.replace("n = 8", "n = 12"), "sweep.n"),
    "no blocks of pairs without Sobol": (SWEEP + 'method = "pawn"\nsecond_order = true\n', "sweep.second_order"),
    "no factors": ("\n".join(SWEEP.split("[factors]")[0].split("\n")) + "[sweep]\nn = 8\n", "at least one factor"),
    "one factor": (SWEEP.replace('"arenas.openness" = { range = [0.0, 0.4] }', ""), "one factor or group"),
    "a group named like a factor": (SWEEP.replace("[0.3, 0.7]", '[0.3, 0.7], group = "arenas.openness"'), "group"),
    "no world": (SWEEP.replace('scenario = "small.toml"', ""), "study.toml: scenario"),
    "two kinds of worlds": (SWEEP.replace("outcomes =", 'scenarios = ["stad"]\noutcomes ='), "both scenario and"),
    "no question": (SWEEP.replace("question =", "reasons = []\n#"), "study.toml: question"),
    "a mechanism it lacks": (SWEEP.replace("people.trust", "theory.arrows.wins.trsut"), "no such mechanism"),
    "a mechanism too strong": (
        SWEEP.replace('"people.trust" = { range = [0.3, 0.7] }', '"theory.arrows" = { range = [0, 11] }'),
        "within 0..10",
    ),
    "claims that are none": ("claims = 5\n" + SWEEP, "claims"),
    "a wish for what is not told": (
        COMPARISON + '[factors]\n"people.trust" = {}\n[robustness]\n[[robustness.wishes]]\noutcome = "level"\n'
        "at_least = 1\n",
        "without 'level'",
    ),
    "robust over what it decides": (
        COMPARISON + '[factors]\n"arenas.facilitation" = {}\n[robustness]\n',
        "what facilitator is about",
    ),
    "worlds under two theories": (SWEEP.replace('"small.toml"', '["small.toml", "other.toml"]'), "one theory for all"),
    "forty-one names": (SWEEP.replace('"small.toml"', str([f"s{n}" for n in range(41)])), "at most 40"),
    "a range beyond reckoning": (SWEEP.replace("[0.3, 0.7]", "[0.3, 1" + "0" * 4000 + "]"), "people.trust"),
    "a number beyond reckoning": (SWEEP.replace("n = 8", "n = 1" + "0" * 500), "sweep.n"),
    "no number": (SWEEP.replace("[0.3, 0.7]", "[0.3, nan]"), "people.trust.range"),
    "a claim on a theory that is not asked": (
        SWEEP + '[[claims]]\nid = "a"\nstatement = "x"\noutcome = "level"\nfactor = "people.trust"\nshape = "sign"\n'
        'levels = [0.3, 0.7]\ndirection = "up"\nmargin = 0.1\nunder = ["regime"]\n',
        "without 'regime'",
    ),
    "an alternative with a value out of range": (
        COMPARISON.replace("to = 0.8", "to = 8"),
        "facilitator",
    ),
}


@pytest.mark.parametrize(("text", "said"), ALONE.values(), ids=list(ALONE))
def test_one_thing_wrong(tmp_path: Path, text: str, said: str) -> None:
    write_study(tmp_path)
    (tmp_path / "other.toml").write_text('extends = "small.toml"\nprocess = "regime"\n', encoding="utf-8")
    assert said in letter_of(tmp_path, text)


def test_what_is_no_file_of_text(tmp_path: Path) -> None:
    for name, content in {"binary": bytes(range(256)), "nul": b"title = '\0'", "not toml": b"= 5"}.items():
        path = tmp_path / "x.toml"
        path.write_bytes(content)
        with pytest.raises(StudyError):
            read_study(path)
        assert not is_study(path), name
    for place in (tmp_path, tmp_path / "missing.toml", "a\0b.toml", "x" * 5000):
        with pytest.raises(StudyError):
            read_study(place)
        assert not is_study(place)
    path.write_bytes(b"# " + b"x" * 300_000)
    with pytest.raises(StudyError, match="256 kB"):
        read_study(path)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    path.chmod(0)
    with pytest.raises(StudyError, match="Permission"):
        read_study(path)


def test_alternatives_rest_on_the_world(tmp_path: Path) -> None:
    study = read_study(write_study(tmp_path, COMPARISON))
    base, other = study.scenarios
    assert base.name == "small"
    assert (other.name, other.title) == ("facilitator", "One facilitator")
    assert other.settings == base.settings
    assert [one.name for one in other.changes] == ["arenas.facilitation"]
    assert other.parent is not None
    bare = replace(other, changes=(), name=base.name, title=base.title, title_nb=base.title_nb, reasons=base.reasons)
    assert replace(bare, question=base.question, question_nb=base.question_nb) == base


def test_pairs_have_one_seed_one_length_and_the_theory_asked_for(tmp_path: Path) -> None:
    write_study(tmp_path)
    (tmp_path / "b.toml").write_text('extends = "small.toml"\n[run]\nseed = 77\n', encoding="utf-8")
    path = write_study(tmp_path, SWEEP.replace('"small.toml"', '["small.toml", "b.toml"]'))
    assert {one.seed for one in read_study(path).scenarios} == {1}
    study = read_study(path, process="regime", months=6)
    assert [one.months for one in study.scenarios] == [6, 6]
    assert [model.name for _, model in study.processes] == ["regime"]
    assert study.processes[0][1] == read_process("regime")


def test_outcomes_and_factors_keep_their_order(tmp_path: Path) -> None:
    text = SWEEP.replace('["innovations_per_unit_year", "optimism"]', '["optimism", "level", "abandoned"]')
    assert read_study(write_study(tmp_path, text)).outcomes == ("optimism", "level", "abandoned")
    loose = SWEEP.replace('"people.trust"', "people.trust").replace('"arenas.openness"', "arenas.openness")
    quoted, plain = (read_study(write_study(tmp_path, one)).factors for one in (SWEEP, loose))
    assert quoted == plain
    assert [one.name for one in plain] == ["people.trust", "arenas.openness"]


def test_every_parameter_can_be_a_factor(tmp_path: Path) -> None:
    names = [name for name, one in read_declarations().items() if one.prior_low < one.prior_high]
    for some in (names[at : at + 40] for at in range(0, len(names), 40)):
        listed = "\n".join(f'"{name}" = {{}}' for name in some)
        head, tail = SWEEP.split("[factors]")[0], "\n[sweep]\nn = 8\n"
        assert len(read_study(write_study(tmp_path, f"{head}[factors]\n{listed}{tail}")).factors) == len(some)


def test_scenarios_by_name() -> None:
    study = study_of_scenarios(["stad", "gloppen"], months=12)
    assert [one.name for one in study.scenarios] == ["stad", "gloppen"]
    assert study.scenarios[0].settings == read_scenario("stad").settings
    assert all(name in OUTCOMES for name in study.outcomes)
    with pytest.raises(StudyError, match="twice"):
        study_of_scenarios(["stad", "stad"])


def test_scenarios_under_two_theories_are_not_compared_as_one(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_text('extends = "stad"\nprocess = "regime"\n', encoding="utf-8")
    with pytest.raises(StudyError, match="one theory"):
        study_of_scenarios(["stad", str(path)])
    assert study_of_scenarios(["stad", str(path)], process="regime").processes[0][0] == "regime"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("[factors]\n", True),
        ('scenario = "stad"\n[[claims]]\n', True),
        ('extends = "stad"\n[set]\n', False),
        ("[constructs]\n[[claims]]\n", False),
        ("", False),
    ],
)
def test_what_is_a_study(tmp_path: Path, text: str, answer: bool) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    assert is_study(path) is answer


def read_or_refuse(path: Path) -> None:
    """Read a study; whatever stands in it, nothing but a letter is raised."""
    is_study(path)
    try:
        study = read_study(path)
    except StudyError as letter:
        told = letter
    else:
        assert isinstance(study.scenarios[0].settings, Frozen)
        assert study.outcomes
        return
    assert told.complaints
    assert len(str(told)) < 1500 * len(told.complaints)


KEYS = (
    "scenario", "scenarios", "months", "seed", "name", "n", "least", "method", "reasons", '"people.trust"',
    "people.trust.range", "until", "under", "processes", "claims", "alternatives", "factors", "a.b.c",
)  # fmt: skip
VALUES = (
    "0", "-1", "1e999", "nan", "true", "''", "'stad'", "'../../x.toml'", "[]", "[1, 2]", "['stad']", "{}", "[[]]",
    "{ range = [0, 1] }", "{ a = { b = {} } }", "0x" + "f" * 5000, "2021-01-01", "'\\u0000'",
    "'__import__(\"os\")'", "[0.3, 1e400]",
)  # fmt: skip
TABLES = ("factors", "sweep", "robustness", "replicates", "[alternatives]", "[claims]", "[robustness.wishes]")
lines = st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)) | st.sampled_from(
    [f"[{name}]" for name in TABLES]
)


@ONCE
@given(st.binary(max_size=200))
def test_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    read_or_refuse(path)


@ONCE
@given(st.lists(lines, max_size=8))
def test_lines(tmp_path: Path, written: list[str]) -> None:
    path = tmp_path / "x.toml"
    path.write_text("\n".join(written), encoding="utf-8")
    read_or_refuse(path)


@ONCE
@given(st.sampled_from(sorted(TEXTS)), st.lists(lines, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_shipped_ones_spoilt(tmp_path: Path, name: str, put_in: list[str], luck: random.Random) -> None:
    text = TEXTS[name].decode().split("\n")
    for line in put_in:
        at = luck.randrange(len(text))
        if luck.random() < 0.4:
            text.insert(at, line)
        elif "=" in text[at]:
            text[at] = text[at].partition("=")[0] + "=" + line.partition("=")[2]
        else:
            del text[at]
            text = text or [""]
    read_or_refuse(write_study(tmp_path, "\n".join(text)))


@ONCE
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_shipped_ones_with_bytes_changed(tmp_path: Path, name: str, at: int, put_in: bytes) -> None:
    content = TEXTS[name]
    at %= len(content)
    path = write_study(tmp_path)
    path.write_bytes(content[:at] + put_in + content[at + len(put_in) :])
    read_or_refuse(path)
