"""What made a result: versions, commit, machine kind, time and the hashes of what was put in.

Floor 2. Comes in: the seed, the texts and the command line. Goes out: a plain dict for the manifest. It says enough to
make the result again and nothing about who did it: no user, no home folder, no host.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = (
    "mesa",
    "numpy",
    "pandas",
    "numba",
    "llvmlite",
    "pyarrow",
    "matplotlib",
    "SALib",
    "networkx",
    "jinja2",
)
"""Those whose version could move a number or a picture."""
_GIT_SECONDS: Final = 5.0


def read_version() -> str:
    """Return the version of cosim; from the source tree when it is run without having been installed."""
    try:
        return importlib.metadata.version("cosim")
    except importlib.metadata.PackageNotFoundError:
        pass
    try:
        project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"


def _ask_git(tree: Path, *arguments: str) -> str | None:
    """Return git's answer about a tree, or None when there is no git or it does not answer."""
    command = ["git", "-C", str(tree), *arguments]
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        quiet.pop(name, None)
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            env=quiet,
            check=False,
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def read_commit(package: Path = PACKAGE) -> tuple[str | None, bool | None]:
    """Return the commit the package was run from and whether its files differ from it.

    Only the package's own source tree is asked: a package installed inside somebody else's repository has no commit.

    Parameters
    ----------
    package : Path
        The folder of the package; its parent must be the top of the tree.

    Returns
    -------
    commit : text of 40 hex digits, or None
    dirty : truth, or None where there is no commit
    """
    tree = package.parent
    if not (tree / ".git").exists():
        return None, None
    commit = _ask_git(tree, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None, None
    changed = _ask_git(tree, "status", "--porcelain", "--", package.name)
    return commit, None if changed is None else bool(changed)


def hash_text(text: str) -> str:
    """Return the sha256 of a text in UTF-8, as 64 hex digits.

    Examples
    --------
    >>> hash_text("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value: Any) -> str:
    """Return a value as JSON that does not depend on the order of keys.

    Examples
    --------
    >>> canonical({"b": 1, "a": 0.5})
    '{"a":0.5,"b":1}'
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


_SEPARATOR: Final = re.compile(r"[/\\]")


def without_folders(argument: str) -> str:
    """Return an argument of a command line with every path cut down to its last part.

    Examples
    --------
    >>> without_folders("--out=worlds/anna/stad")
    '--out=stad'
    >>> without_folders("start.trust=0.5")
    'start.trust=0.5'
    """
    option, equals, value = argument.rpartition("=")
    if not _SEPARATOR.search(value):
        return argument
    parts = [part for part in _SEPARATOR.split(value) if part]
    return f"{option}{equals}{parts[-1] if parts else '.'}"


def without_home(text: str) -> str:
    """Return a text with the user's home folder written as ``~``, wherever a path begins with it."""
    home = str(Path("~").expanduser())
    if len(home) < 2 or home == "~":
        return text
    return re.sub(rf"(?<![\w.~/-]){re.escape(home)}(?![\w.-])", "~", text)


def gather_provenance(
    *, seed: int, command: Sequence[str], texts: Mapping[str, str], parameters: Any = None
) -> dict[str, Any]:
    """Return a result's birth certificate.

    Parameters
    ----------
    seed : 0 or more
    command : the command line, its first word the program; paths are cut down to their last part
    texts : name to text (scenario, process table); each leaves its hash
    parameters : what JSON can hold; leaves one hash, whatever the order of its keys

    Returns
    -------
    dict, ready for JSON
        cosim, commit, dirty, python, packages, machine, time (UTC), command, seed, sha256.
    """
    commit, dirty = read_commit()
    hashes = {name: hash_text(text) for name, text in texts.items()}
    if parameters is not None:
        hashes["parameters"] = hash_text(canonical(parameters))
    return {
        "cosim": read_version(),
        "commit": commit,
        "dirty": dirty,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "packages": read_package_versions(),
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processors": os.cpu_count(),
        },
        "time": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "command": [without_folders(word) for word in command],
        "seed": seed,
        "sha256": hashes,
    }


def read_package_versions(names: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Return the version of each package that is there."""
    versions = {}
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
