"""Every study in the guide can be copied, read and run as it stands, and the guide explains every key there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosim.cli import main
from cosim.cli.manual import GUIDE
from cosim.processes.claims import KEYS
from cosim.processes.claims import NEEDED as OF_A_SHAPE
from cosim.results.provenance import PACKAGE
from cosim.study.definition import SIDES, Budget, Replicates, Robustness, Sweep
from cosim.study.factor_reading import FIELDS
from cosim.study.reading import TOP, VARIANT, read_study
from cosim.study.sensitivity_design import METHODS

TEXT = (PACKAGE / "study" / GUIDE).read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^File (\S+)\n\n((?:(?:    .*)?\n)+)", flags=re.MULTILINE)
OF_A_SCENARIO = {"where", "change", "arena"}
"""Explained in the guide to scenarios."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return the files of the guide, copied out as a reader would."""
    for name, text in EXAMPLE.findall(TEXT):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {path.stem: path for path in tmp_path.iterdir()}


def test_the_sweep_is_right(files: dict[str, Path]) -> None:
    study = read_study(files["what-drives"])
    assert [one.name for one in study.factors] == [
        "people.trust",
        "people.trust_own",
        "arenas.openness",
        "arenas.decision_rule",
        "leadership.start",
    ]
    assert study.sweep == Sweep("sobol", 8, 32, 0.1)
    assert (study.baseline.months, study.baseline.process) == (36, "regime")
    assert (study.replicates.least, study.budget) == (4, Budget(20_000, 2.0))


def test_the_comparison_is_right(files: dict[str, Path]) -> None:
    study = read_study(files["hire"])
    assert [one.name for one in study.scenarios] == ["stad", "facilitator", "open-doors"]
    assert study.scenarios[1].values_in("stad")["arenas.facilitation"] == 0.8
    assert study.scenarios[2].values_in("stad", 12)["arenas.openness"] == 0.5
    assert study.replicates == Replicates(20, 60, 0.05, "share")
    assert study.robustness is not None
    assert [(wish.side, wish.level) for wish in study.robustness.wishes] == [("at_least", 0.5)]


def test_the_claims_are_right(files: dict[str, Path]) -> None:
    study = read_study(files["predictions"])
    (one,) = study.claims
    assert (one.under, one.not_under) == (("faith-risk",), ("staged",))
    assert [word for word, _model in study.processes] == ["staged", "faith-risk"]


def test_what_is_left_out_is_as_the_guide_says(tmp_path: Path) -> None:
    path = tmp_path / "least.toml"
    path.write_text('question = "?"\nscenario = "stad"\n[factors]\n"people.trust" = {}\n[robustness]\n[budget]\n')
    study = read_study(path)
    assert (study.name, study.title, study.question_nb) == ("least", "least", "?")
    assert (study.replicates.least, study.replicates.width_in, study.budget) == (20, "share", Budget(0, 0.0))
    assert study.robustness == Robustness(64, ())
    assert (Sweep().n, Sweep().until, Sweep().second_order) == (64, 0.1, False)
    assert "pairs, at nearly twice the runs; false" in TEXT


@pytest.mark.parametrize(
    "key",
    sorted({*TOP, *VARIANT, *FIELDS, *SIDES, *METHODS, *OF_A_SCENARIO, *Replicates.__slots__, *Sweep.__slots__}),
)
def test_every_key_is_explained(key: str) -> None:
    assert re.search(rf"\b{key}\b", TEXT), key


def test_claims_are_told_of_there_or_in_the_guide_to_theories() -> None:
    theories = (PACKAGE / "processes" / GUIDE).read_text(encoding="utf-8")
    for key in {*KEYS, *OF_A_SHAPE}:
        assert re.search(rf"\b{key}\b", TEXT + theories), key


@pytest.mark.slow
def test_the_sweep_runs(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files["what-drives"].write_text(files["what-drives"].read_text().replace("most = 32", "most = 8"))
    words = ["sweep", str(files["what-drives"]), "--store", str(tmp_path / "store"), "--no-report", "--quiet"]
    assert main(words) == 0
    assert "the pace" in capsys.readouterr().out


def test_the_manual_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manual", "study"]) == 0
    told = capsys.readouterr().out
    assert told == TEXT
    assert len(told.splitlines()) <= 110
    assert max(map(len, told.splitlines())) <= 120
