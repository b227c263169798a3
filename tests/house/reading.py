"""How the house reads a tree of files: which texts there are, and who imports whom.

A tree is a dict from path (posix, relative to the top) to text, so that a test can plant a file that is not there.
"""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Tree = Mapping[str, str]


def read_tree(top: Path) -> dict[str, str]:
    """Return every text file that git would keep; in a copy without git, every one outside hidden folders."""
    command = ["git", "-C", str(top), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
        paths = sorted({name for name in listed if name and (top / name).is_file()})
    except (OSError, subprocess.CalledProcessError):
        paths = sorted(_walk(top))
    tree = {}
    for path in paths:
        try:
            tree[path] = (top / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return tree


def _walk(top: Path) -> Iterator[str]:
    for folder, inner, names in os.walk(top):
        inner[:] = [name for name in inner if name != "__pycache__" and (not name.startswith(".") or name == ".ci")]
        for name in names:
            yield (Path(folder) / name).relative_to(top).as_posix()


def python_files(tree: Tree, folder: str = "cosim") -> dict[str, ast.Module]:
    """Return the parsed Python files under a folder of the tree."""
    return {
        path: ast.parse(text, filename=path)
        for path, text in tree.items()
        if path.startswith(f"{folder}/") and path.endswith(".py")
    }


def module_name(path: str) -> str:
    """Return the dotted name by which a file is imported.

    Examples
    --------
    >>> module_name("cosim/engine/rules/trust.py")
    'cosim.engine.rules.trust'
    >>> module_name("cosim/engine/__init__.py")
    'cosim.engine'
    """
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True, slots=True)
class Import:
    """One name that one file takes from a module, wherever in the file it does so."""

    path: str
    line: int
    module: str
    name: str | None = None

    @property
    def package(self) -> str:
        """Return the first word of the module: ``numpy`` for ``numpy.random``."""
        return self.module.partition(".")[0]

    def target(self, modules: frozenset[str]) -> str:
        """Return the module that is really meant: ``from cosim.engine import state`` means ``cosim.engine.state``.

        A room is known as a module even while nobody has written it yet.
        """
        full = f"{self.module}.{self.name}"
        return full if self.name is not None and full in modules else self.module


def imports_of(path: str, parsed: ast.Module) -> list[Import]:
    """Return every import of a file: at the top, inside functions, for types only, and by name in a string."""
    found = []
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            found += [Import(path, node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node.module or "", node.level)
            found += [Import(path, node.lineno, module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            module = _beginning(node.args[0])
            if called in {"import_module", "__import__"} and module:
                found.append(Import(path, node.lineno, module))
    return sorted(found, key=lambda one: one.line)


def _absolute(path: str, module: str, level: int) -> str:
    if level == 0:
        return module
    folder = path.split("/")[:-level]
    return ".".join([*folder, module] if module else folder)


def _beginning(argument: ast.expr) -> str:
    """Return a string argument, or the part of it before the first value put into it."""
    if isinstance(argument, ast.JoinedStr) and argument.values:
        argument = argument.values[0]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value.rstrip(".")
    return ""
