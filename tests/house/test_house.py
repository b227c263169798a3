"""The house as it stands keeps its own rules."""

from __future__ import annotations

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
