"""Every parameter is whole in both languages, can say who says so, and is read; nothing is read that is not one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from cosim.evidence.references import read_references
from cosim.parameters.catalogue import read_declarations, read_groups
from cosim.parameters.declaration import KINDS, ROLES, STANDINGS, Declaration, cited_keys
from tests.house.reading import Tree, python_files, read_tree

DECLARATIONS = read_declarations()
FIELDS = {one.field: name for name, one in DECLARATIONS.items()}
READERS = ("cosim/engine/*", "cosim/population/*", "cosim/run.py", "cosim/measurement/*", "cosim/model/*")
"""Where a parameter may be read so that it matters; what is read in tests, reports and the app does not count."""
SETTINGS = frozenset({"p", "settings", "row"})
"""Names that a row of settings goes by in the engine."""
GROUPS = "|".join(read_groups())
KNOWN = read_references()


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Return the tree these tests live in."""
    return read_tree(Path(__file__).parents[2])


@pytest.mark.parametrize("one", DECLARATIONS.values(), ids=lambda one: one.name)
def test_a_declaration_is_whole(one: Declaration) -> None:
    assert one.low <= one.prior_low <= one.default <= one.prior_high <= one.high
    assert one.kind in KINDS
    assert one.standing in STANDINGS
    assert one.role in ROLES
    assert one.unit
    assert one.enhet
    assert set(cited_keys(one)) <= KNOWN.keys()
    if one.standing in ("measured", "estimated"):
        assert cited_keys(one), f"{one.name} is {one.standing} and names no source"
    for text in (one.means, one.betyr):
        assert text.endswith("."), f"{one.name}: a sentence ends with a full stop: {text}"
        assert len(text) <= 160, f"{one.name}: one sentence, not a paragraph: {text}"
    assert one.means != one.betyr
    assert len(one.label) <= 34, f"{one.name}: a label stands beside a slider: {one.label}"
    assert len(one.navn) <= 34, f"{one.name}: a label stands beside a slider: {one.navn}"
    assert one.prior_low < one.prior_high or one.kind in ("switch", "choice"), f"{one.name}: nothing to vary"


def test_labels_tell_parameters_apart() -> None:
    for group in read_groups():
        for words in (
            [one.label for one in DECLARATIONS.values() if one.group == group],
            [one.navn for one in DECLARATIONS.values() if one.group == group],
        ):
            assert len(words) == len(set(words)), f"{group}: two with the same label: {sorted(words)}"


def test_levers_that_cost_something_have_a_price_that_somebody_reads(tree: Tree) -> None:
    read = parameters_read(tree)
    for one in DECLARATIONS.values():
        assert not one.cost or one.cost in read, f"{one.name} is priced by {one.cost}, which nothing reads"
        assert not one.cost or one.role == "lever", f"{one.name} has a price and is no lever"


def test_what_is_read_exists(tree: Tree) -> None:
    complaints = []
    for path, line, pattern in dotted_words(tree, keys_only=True):
        if not any(re.fullmatch(pattern, name) for name in DECLARATIONS):
            complaints.append(f"{path}:{line}: no parameter is called {pattern}")
    for path, line, field in engine_fields(tree):
        if field not in FIELDS:
            complaints.append(f"{path}:{line}: reads the setting {field}, which nobody declared")
    assert not complaints, "\n" + "\n".join(complaints)


def test_what_is_declared_is_read(tree: Tree) -> None:
    read = parameters_read(tree)
    complaints = [
        f"{name} is declared and nothing reads it; take it out, or build what it is for"
        for name, one in DECLARATIONS.items()
        if name not in read and has_reader(one.group, tree)
    ]
    assert not complaints, "\n" + "\n".join(complaints)


def has_reader(group: str, tree: Tree) -> bool:
    """Return whether the file that should read a group's parameters has been written."""
    readers = {"survey": "cosim/measurement/survey.py", "people": "cosim/population/*"}
    return readers.get(group, "cosim/engine/state.py") in tree


def parameters_read(tree: Tree) -> set[str]:
    """Return the names of all parameters that something reads."""
    patterns = [pattern for _, _, pattern in dotted_words(tree)]
    named = {name for name in DECLARATIONS if any(re.fullmatch(pattern, name) for pattern in patterns)}
    return named | {FIELDS[field] for _, _, field in engine_fields(tree) if field in FIELDS}


def engine_fields(tree: Tree) -> Iterator[tuple[str, int, str]]:
    """Yield where the engine reads a field of the settings: ``p.talk_base``, ``settings["talk_base"]``."""
    for path, parsed in python_files(tree, "cosim/engine").items():
        for node in ast.walk(parsed):
            match node:
                case ast.Attribute(value=ast.Name(id="p"), attr=field):
                    yield path, node.lineno, field
                case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(field))):
                    if name in SETTINGS and re.fullmatch(f"({GROUPS})_[a-z0-9_]+", field):
                        yield path, node.lineno, field


def dotted_words(tree: Tree, *, keys_only: bool = False) -> Iterator[tuple[str, int, str]]:
    """Yield dotted names as patterns: ``values["talk.base"]``, ``f"arenas.seats_{sector}"``.

    With ``keys_only``, just those that look something up: in square brackets, or alone in the brackets of a call.
    """
    for path, parsed in python_files(tree).items():
        if not any(fnmatch(path, pattern) for pattern in READERS):
            continue
        nodes = list(ast.walk(parsed))
        inside = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        keys = {id(node.slice) for node in nodes if isinstance(node, ast.Subscript)}
        keys |= {id(node.args[0]) for node in nodes if isinstance(node, ast.Call) and len(node.args) == 1}
        for node in nodes:
            match node:
                case ast.Constant(value=str(word)) if id(node) not in inside:
                    pattern = re.escape(word)
                case ast.JoinedStr(values=parts):
                    pattern = "".join(
                        re.escape(str(one.value)) if isinstance(one, ast.Constant) else "[a-z0-9_]+" for one in parts
                    )
                case _:
                    continue
            is_name = re.fullmatch(rf"({GROUPS})\\\.([a-z0-9_]|\[a-z0-9_\]\+)+", pattern)
            if is_name and (id(node) in keys or not keys_only):
                yield path, node.lineno, pattern
