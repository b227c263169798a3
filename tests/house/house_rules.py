"""The rules of the house, each a function from a tree of files to complaints; no complaint, no fault.

A complaint is a letter: where, what was found, what is allowed, what to do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter

from tests.house.reading import Import, Tree, imports_of, module_name, python_files

FLOOR = {
    "vocabulary": 1,
    "errors": 1,
    "engine": 2,
    "evidence": 2,
    "results": 2,
    "parameters": 3,
    "processes": 3,
    "report": 3,
    "scenario": 4,
    "population": 4,
    "measurement": 4,
    "model": 5,
    "run": 6,
    "app": 6,
    "study": 7,
    "cli": 8,
}
"""A room imports only from itself and from floors strictly below."""

FACE = "cosim"
MODULES_OF_ROOMS = frozenset(f"cosim.{room}" for room in FLOOR)

DOOR = {
    "mesa": ("cosim/model/actors.py", "cosim/model/cocreation.py", "cosim/app/*"),
    "numba": ("cosim/engine/*",),
    "llvmlite": ("cosim/engine/*",),
    "SALib": ("cosim/study/sensitivity.py",),
    "solara": ("cosim/app/*",),
    "reacton": ("cosim/app/*",),
    "ipyvuetify": ("cosim/app/*",),
    "ipyvue": ("cosim/app/*",),
    "matplotlib": ("cosim/report/plots.py", "cosim/report/plots/*"),
    "networkx": ("cosim/report/plots.py", "cosim/report/plots/*"),
    "dask": ("cosim/study/execute.py",),
    "distributed": ("cosim/study/execute.py",),
    "fsspec": ("cosim/results/places.py",),
    "ema_workbench": ("cosim/study/discovery.py",),
    "sklearn": ("cosim/study/separability.py",),
    "fpdf": ("cosim/report/paper.py", "cosim/report/brief_blocks.py"),
}
"""The only files through which an outside package comes in."""

WALLED_OUT = {"cosim/engine/*": frozenset({"pandas", "pyarrow", "jinja2"})}
"""Packages that a room may not see at all."""

LONGEST = 400
EMPTY_NAME = re.compile(r"base|common|core|misc|(?:.*_)?(?:utils?|helpers?|managers?)", re.IGNORECASE)


def room_of(module: str) -> str:
    """Return the room of a module, the second word of its dotted name; ``python -m cosim`` belongs to the cli."""
    room = ".".join(module.split(".")[1:2])
    return "cli" if room == "__main__" else room


def _all_imports(tree: Tree) -> Iterator[tuple[Import, str]]:
    """Yield every import in cosim with the module it really means."""
    parsed = python_files(tree)
    modules = frozenset(map(module_name, parsed)) | MODULES_OF_ROOMS
    for path, content in parsed.items():
        for one in imports_of(path, content):
            yield one, one.target(modules)


def floors(tree: Tree) -> list[str]:
    """Return every import of a room from its own floor or above, and every room without a floor."""
    complaints = []
    for path in sorted(python_files(tree)):
        room = room_of(module_name(path))
        if room and room not in FLOOR:
            complaints.append(f"{path}: the house has no room {room!r}; give it a floor in FLOOR, or move the file")
    for one, target in _all_imports(tree):
        here, there = room_of(module_name(one.path)), room_of(target)
        if one.package != FACE or not here or not there or here == there or here not in FLOOR:
            continue
        if there not in FLOOR:
            complaints.append(f"{one.path}:{one.line}: imports {target}, but the house has no room {there!r}")
        elif FLOOR[there] >= FLOOR[here]:
            complaints.append(
                f"{one.path}:{one.line}: {here} (floor {FLOOR[here]}) imports {target} (floor {FLOOR[there]}); "
                "only floors strictly below are allowed: hand the thing down as an argument, or move it down"
            )
    return complaints


def face(tree: Tree) -> list[str]:
    """Return every import of the package's own face from inside the package."""
    return [
        f"{one.path}:{one.line}: imports the package's face; import {one.name or 'the thing'} from the room it lives in"
        for one, target in _all_imports(tree)
        if target == FACE
    ]


def circles(tree: Tree) -> list[str]:
    """Return an import circle among the modules, if there is one; imports inside functions count."""
    follows: dict[str, set[str]] = {}
    for one, target in _all_imports(tree):
        if one.package == FACE:
            follows.setdefault(module_name(one.path), set()).add(target)
    try:
        TopologicalSorter(follows).prepare()
    except CycleError as error:
        round_trip = " <- ".join(error.args[1])
        return [f"modules import each other in a circle: {round_trip}; what two need goes into a third below both"]
    return []


def doors(tree: Tree) -> list[str]:
    """Return every import of an outside package that does not come in through its door."""
    complaints = []
    for one, _ in _all_imports(tree):
        allowed = DOOR.get(one.package)
        if allowed is not None and not any(fnmatch(one.path, pattern) for pattern in allowed):
            complaints.append(f"{one.path}:{one.line}: imports {one.package}; its only door is {', '.join(allowed)}")
        for wall, banned in WALLED_OUT.items():
            if fnmatch(one.path, wall) and one.package in banned:
                complaints.append(f"{one.path}:{one.line}: imports {one.package}, which {wall} may not see")
    return complaints


def calibration_is_blind(tree: Tree) -> list[str]:
    """Return every way in which calibration could look at what is held out for validation.

    It may neither name the reader or the file, nor import, however indirectly, a module outside ``evidence``
    that does.
    """
    parsed = python_files(tree)
    peeks = {}
    for path, content in parsed.items():
        lines = [line for line, word in _words(content) if "held_out" in word]
        if lines and room_of(module_name(path)) != "evidence":
            peeks[module_name(path)] = f"{path}:{min(lines)}"
    follows: dict[str, set[str]] = {}
    for one, target in _all_imports(tree):
        follows.setdefault(module_name(one.path), set()).add(target)
    complaints = []
    for path in sorted(parsed):
        if not fnmatch(path, "cosim/study/calibration*.py"):
            continue
        seen, ahead = set(), [module_name(path)]
        while ahead:
            module = ahead.pop()
            if module not in seen:
                seen.add(module)
                ahead += follows.get(module, set())
        complaints += [
            f"{path}: reaches the held-out figures through {peeks[module]}; only validation may look at them"
            for module in sorted(seen & peeks.keys())
        ]
    return complaints


def _words(parsed: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield names and strings of the code with their lines; docstrings are prose and left out."""
    prose = {
        id(node.value)
        for node in ast.walk(parsed)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(parsed):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word):
                yield node.lineno, word
            case ast.Constant(value=str(word)) if id(node) not in prose:
                yield node.lineno, word
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)


def lengths(tree: Tree) -> list[str]:
    """Return every Python file that is too long to hold one idea."""
    counts = {path: len(text.splitlines()) for path, text in tree.items() if path.endswith(".py")}
    return [
        f"{path}: {count} lines, {LONGEST} are allowed; a second idea has moved in, give it a file"
        for path, count in sorted(counts.items())
        if count > LONGEST
    ]


def names(tree: Tree) -> list[str]:
    """Return every module or folder whose name says nothing about what is in it."""
    return [
        f"{path}: {part!r} says nothing; name it for what is in it"
        for path in sorted(tree)
        if path.endswith(".py")
        for part in path.removesuffix(".py").split("/")
        if EMPTY_NAME.fullmatch(part)
    ]


_MACHINE = re.compile(r"(?<![\w.~-])/(?:root|work|tmp|home|opt|Users)/")
_REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|anaconda|npmjs)\.(?:org|com)\b")


def machines(tree: Tree) -> list[str]:
    """Return every line that names a folder of somebody's machine or the host of a package registry."""
    complaints = []
    for path, text in sorted(tree.items()):
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _MACHINE.search(line) or _REGISTRY.search(line):
                complaints.append(
                    f"{path}:{number}: {found.group()!r} is true on one machine only; leave it out, or ask for it"
                )
    return complaints


def lock_has_no_address(tree: Tree) -> list[str]:
    """Return every line of the lock that is not a package pinned by version and hash."""
    wanted = re.compile(r"#.*|[A-Za-z0-9._-]+==[^\s@]+( ; [^@]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|")
    return [
        f"requirements.lock:{number}: {line.strip()!r}: only name==version and hashes are allowed; run make lock"
        for number, line in enumerate(tree.get("requirements.lock", "").splitlines(), start=1)
        if not wanted.fullmatch(line) or "://" in line
    ]


def docstrings(tree: Tree) -> list[str]:
    """Return every module, public class, function and method of cosim that does not say what it is."""
    complaints = []
    for path, parsed in sorted(python_files(tree).items()):
        if parsed.body and ast.get_docstring(parsed) is None:
            complaints.append(f"{path}: the module has no docstring; say what comes in, what goes out, which floor")
        complaints += [
            f"{path}:{node.lineno}: {node.name} is public and has no docstring; say in one sentence what it returns"
            for node in _public(parsed)
            if ast.get_docstring(node) is None and not _is_declared_elsewhere(node)
        ]
    return complaints


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(parsed: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    for node in parsed.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _is_declared_elsewhere(node: Definition) -> bool:
    """Return whether a definition shares the docstring of another: an overload, or a property's setter."""
    words = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
    return bool(words & {"overload", "setter", "deleter", "override"})
