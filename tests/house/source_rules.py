"""Whether every number and rule can say who says so: citations, each a key of ``references.toml`` or ASSUMED."""

from __future__ import annotations

import ast
import csv
import inspect
import io
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch

from tests.house.reading import Tree, python_files

REFERENCES = "cosim/evidence/references.toml"
DECLARED_IN = ("cosim/evidence/*", "cosim/parameters/*", "cosim/processes/*")
ENGINE = "cosim/engine/*"
RULES = ("cosim/engine/rules.py", "cosim/engine/rules/*.py")
ASSUMED = "ASSUMED"
"""Written where no source was found: so in docstrings, in small letters in tables."""

FIELDS = frozenset({"source", "sources"})

_LINE = re.compile(r"(?P<keys>[A-Za-z]\w*(?:, [A-Za-z]\w*)*) : \S.*")


def sources_section(docstring: str) -> list[str] | None:
    r"""Return the lines of a docstring's section *Sources*, continuation lines left out; None when it has none.

    Examples
    --------
    >>> sources_section("Return one.\n\nSources\n-------\nslovic1993 : bad news\n    weighs more.\n")
    ['slovic1993 : bad news']
    >>> sources_section("Return one.") is None
    True
    """
    lines = inspect.cleandoc(docstring).splitlines()
    heads = [row for row, line in enumerate(lines[1:]) if re.fullmatch("-{3,}", line.strip())]
    for place, head in enumerate(heads):
        if lines[head].strip() == "Sources":
            end = heads[place + 1] if place + 1 < len(heads) else len(lines)
            return [line for line in lines[head + 2 : end] if line.strip() and not line.startswith(" ")]
    return None


def rules_cite(tree: Tree) -> list[str]:
    """Return every public rule without sources, and every line of the engine's *Sources* not in its form."""
    complaints = []
    for path, parsed in sorted(python_files(tree).items()):
        if not fnmatch(path, ENGINE):
            continue
        for node in _definitions(parsed):
            where = f"{path}:{getattr(node, 'lineno', 1)}"
            lines = sources_section(ast.get_docstring(node) or "")
            if lines is None or not lines:
                public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                if lines is not None or (public and any(fnmatch(path, pattern) for pattern in RULES)):
                    complaints.append(
                        f"{where}: {getattr(node, 'name', path)} says no source; add a section Sources with lines "
                        f"'key : reason', or '{ASSUMED} : what was looked for'"
                    )
            complaints += [
                f"{where}: {line!r} under Sources is not 'key : reason' or '{ASSUMED} : what was looked for'"
                for line in lines or []
                if not _LINE.fullmatch(line)
            ]
    return complaints


def citations_exist(tree: Tree) -> list[str]:
    """Return every cited key that ``references.toml`` does not have (nothing while that file is not written)."""
    if REFERENCES not in tree:
        return []
    known = tomllib.loads(tree[REFERENCES]).keys() | {ASSUMED, ASSUMED.lower()}
    return [
        f"{where}: cites {key!r}, which {REFERENCES} does not have; add the work there, or write {ASSUMED}"
        for where, key in cited(tree)
        if key not in known
    ]


def cited(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield every citation as (where, key): docstrings, fields of declarations, columns of tables."""
    for path, parsed in sorted(python_files(tree).items()):
        for node in _definitions(parsed):
            for line in sources_section(ast.get_docstring(node) or "") or []:
                if found := _LINE.fullmatch(line):
                    for key in found["keys"].split(", "):
                        yield f"{path}:{getattr(node, 'lineno', 1)}", key
        if _declares(path):
            for node in ast.walk(parsed):
                if isinstance(node, ast.keyword) and node.arg in FIELDS:
                    yield from ((f"{path}:{node.value.lineno}", key) for key in _keys_of(node.value))
    for path, text in sorted(tree.items()):
        if _declares(path) and path.endswith(".toml") and path != REFERENCES:
            yield from _fields(tomllib.loads(text), f"{path}: ")
        elif _declares(path) and path.endswith(".csv"):
            for row in csv.DictReader(io.StringIO(text)):
                for field in FIELDS & row.keys():
                    yield from ((path, key) for key in _split(row[field] or ""))


def _declares(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in DECLARED_IN)


def _definitions(parsed: ast.Module) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield node


def _keys_of(value: ast.expr) -> Iterator[str]:
    """Yield the keys written out in code: a string, several, or the first argument of a call around one."""
    match value:
        case ast.Constant(value=str(text)):
            yield from _split(text)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _keys_of(part)
        case ast.Call(args=[first, *_]):
            yield from _keys_of(first)


def _fields(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Yield the keys in every field ``source`` or ``sources`` of a table, however deep, with the way to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in FIELDS and isinstance(inner, str | list):
                for one in [inner] if isinstance(inner, str) else inner:
                    text = one.get("key", "") if isinstance(one, dict) else str(one)
                    yield from ((where + name, key) for key in _split(text))
            else:
                yield from _fields(inner, f"{where}{name}.")
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            yield from _fields(inner, f"{where}{place}.")


def _split(text: str) -> Iterator[str]:
    """Yield the keys of ``key``, ``key : reason``, ``key, key`` or ``key; key``; what is no key is yielded whole.

    Examples
    --------
    >>> list(_split("slovic1993; josang2002"))
    ['slovic1993', 'josang2002']
    >>> list(_split("slovic1993 : bad news weighs more"))
    ['slovic1993']
    """
    for part in re.split("[;,]", text.partition(" : ")[0]):
        if part.strip():
            yield part.strip()
