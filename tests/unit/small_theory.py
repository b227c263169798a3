"""A small theory for tests to spoil, and ways to spoil it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from cosim.errors import ProcessError
from cosim.processes.model import ProcessModel
from cosim.processes.reading import process_from_table, process_from_text

SMALL = """
name = "mine"
title = "Mine"
about = "Hope makes wins, and wins make hope."
constructs.hope = { measured = "optimism", input = 0.5, bias = -0.25 }
constructs.wins = { measured = "wins" }
constructs.zeal = { measured = "none" }
arrows = [
  { from = "hope", to = "wins", weight = 2.0 },
  { from = "wins", to = "hope", weight = -0.5 },
  { from = "zeal", to = "zeal", weight = 1.0 },
]
moderators = [{ reading = "leadership", arrows = ["hope -> wins"], low = 0.0, high = 3.0 }]
[start]
form = "maximum"
terms = ["mandate", "measured.trust"]
level = 0.25
[[phases]]
name = "talk"
may_take_part = ["civic", "public"]
hazard = { form = "product", rate = 3.0, terms = ["hope", "trust"] }
[[phases]]
name = "act"
decision = "consent"
may_decide = ["civic"]
back = "talk"
hazard = { form = "linear", rate = 2.0, constant = 0.5, terms = ["wins", "conflict"], weights = [1.0, -1.5], \
gate = "zeal", level = 0.125 }
[feedback]
progress = ["optimism"]
wins_to_trust = 0.0
"""


def table() -> dict[str, Any]:
    return tomllib.loads(SMALL)


def letter_of(content: str | bytes | dict[str, Any]) -> ProcessError:
    read: Callable[..., ProcessModel] = process_from_table if isinstance(content, dict) else process_from_text
    with pytest.raises(ProcessError) as caught:
        read(content, "mine.toml")
    return caught.value


Change = Callable[[dict[str, Any]], Any]


def put(*path: Any) -> Change:
    """Return a change that sets the value at a path; the last of the arguments is the value."""
    *steps, last, value = path

    def change(mine: dict[str, Any]) -> None:
        place: Any = mine
        for step in steps:
            place = place[step]
        place[last] = value

    return change


def drop(*path: Any) -> Change:
    """Return a change that takes out what stands at a path."""
    *steps, last = path

    def change(mine: dict[str, Any]) -> None:
        place: Any = mine
        for step in steps:
            place = place[step]
        del place[last]

    return change
