"""The house as it stands keeps its own rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import house_rules, source_rules
from tests.house.reading import Tree, read_tree

RULES = [
    house_rules.floors,
    house_rules.face,
    house_rules.circles,
    house_rules.doors,
    house_rules.calibration_is_blind,
    house_rules.lengths,
    house_rules.names,
    house_rules.machines,
    house_rules.lock_has_no_address,
    house_rules.docstrings,
    source_rules.rules_cite,
    source_rules.citations_exist,
]


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Return the tree these tests live in."""
    return read_tree(Path(__file__).parents[2])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Callable[[Tree], list[str]], tree: Tree) -> None:
    complaints = rule(tree)
    assert not complaints, "\n" + "\n".join(complaints)


def test_the_tree_is_really_read(tree: Tree) -> None:
    assert {"pyproject.toml", "requirements.lock", "tests/house/test_house.py"} <= tree.keys()
    assert any(path.startswith("cosim/") for path in tree)


def test_no_record_outlives_its_array() -> None:
    """A record taken from an array that nobody holds points at freed memory: under threads that is a crash."""
    folder = Path(__file__).parents[2] / "cosim" / "engine"
    taken = re.compile(r"np\.(empty|zeros|ones|full)\([^\n]*\)\s*\[")
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    found = [f"{name}: {match.group(0)}" for name, text in sources.items() for match in taken.finditer(text)]
    assert found == []
    assert taken.search("desk = np.empty(1, DESK)[0]")
