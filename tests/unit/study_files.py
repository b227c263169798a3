"""Small studies for tests: worlds of some hundred people whose runs take milliseconds."""

from __future__ import annotations

from pathlib import Path

from cosim.study.definition import Study
from cosim.study.reading import read_study

WORLD = """
extends = "reference"
[run]
months = 18
[set]
"population.persons_per_actor" = 16
"""
SWEEP = """
title = "A small sweep"
question = "Which of two factors drives the pace?"
scenario = "small.toml"
outcomes = ["innovations_per_unit_year", "optimism"]
[replicates]
least = 4
[factors]
"people.trust" = { range = [0.3, 0.7] }
"arenas.openness" = { range = [0.0, 0.4] }
[sweep]
n = 8
"""
COMPARISON = """
title = "A small comparison"
question = "Does a facilitator help?"
scenario = "small.toml"
outcomes = ["trust", "innovations_per_unit_year"]
[replicates]
least = 12
[[alternatives]]
name = "facilitator"
title = "One facilitator"
change = { "arenas.facilitation" = { to = 0.8, from = "2020-07", because = "a test" } }
"""


def write_study(folder: Path, text: str = SWEEP, name: str = "study.toml") -> Path:
    """Write a study and the small world it rests on, and return the study's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.toml").write_text(WORLD, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def make_study(folder: Path, text: str = SWEEP) -> Study:
    """Return a study that has been read."""
    return read_study(write_study(folder, text))
