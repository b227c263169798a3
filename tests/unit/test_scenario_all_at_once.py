"""Every complaint about a scenario comes in one letter, unless one rests on another."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.errors import ScenarioError
from cosim.scenario.reading import read_scenario

WRONG = """
[world]
municipalities = ["stad"]
[run]
months = 24
[where.bergen]
"start.trust" = 0.5
[where.giske]
"people.trust" = 0.5
[[change."arenas.facilitation"]]
to = 80
from = "2031-01"
where = ["oslo"]
because = "a test"
[[change."arenas.nothing"]]
to = 1
from = "2019-12"
because = "a test"
[[arena]]
name = "care"
where = "trondheim"
opens = "2019-01"
focus = "nothing"
area = "education"
because = "a test"
"""
TOLD = (
    "where.bergen", "start.trust", "where.giske", "arenas.facilitation[1].to", "arenas.facilitation[1].from",
    "arenas.facilitation[1].where", "change.arenas.nothing", "change.arenas.nothing[1].from", "arena[1].where",
    "arena[1].opens", "arena[1].focus",
)  # fmt: skip


def letter_of(tmp_path: Path, text: str) -> str:
    """Return the letter one gets for a scenario."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as letter:
        read_scenario(path)
    return str(letter.value)


def test_places_and_months_are_told_beside_all_else(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, WRONG)
    assert [word for word in TOLD if word not in letter] == []


def test_a_wrong_municipality_of_the_world_hides_nothing_but_what_rests_on_it(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, WRONG.replace('["stad"]', '["stda"]'))
    assert [word for word in TOLD if word not in letter and word != "where.giske"] == []
    assert "did you mean 'stad'" in letter
    assert "where.giske" not in letter  # whether it is in the world is not known


def test_months_are_not_held_against_a_run_that_is_wrong_itself(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, WRONG.replace("months = 24", 'months = 24\nstart = "soon"'))
    assert "run.start" in letter
    assert ".opens" not in letter
    assert "arena[1].where" in letter


def test_a_table_that_cannot_be_read_hides_no_month(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, WRONG.replace("[world]", '[world]\ntable = "none.csv"'))
    assert "none.csv" in letter
    assert "arena[1].opens" in letter
    assert "arena[1].where" not in letter
