"""What a user installs agrees with what is written, and asking for help costs nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAVY = (
    "SALib", "dask", "distributed", "ema_workbench", "fpdf", "fsspec", "matplotlib", "mesa", "networkx", "numba",
    "pandas", "pyarrow", "scipy", "sklearn", "solara",
)  # fmt: skip

ASK = f"""
import json, sys
sys.argv = ["cosim", "--help"]
from cosim.cli import main
try:
    code = main()
except SystemExit as end:
    code = end.code
print(json.dumps([code, sorted(set(sys.modules) & set({HEAVY!r}))]), file=sys.stderr)
"""


def pinned() -> dict[str, str]:
    """Return the version of every package in the lock."""
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, flags=re.MULTILINE))


def test_the_lock_answers_every_requirement() -> None:
    wanted = chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for requirement in map(Requirement, wanted):
        pin = pinned().get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement} is not in requirements.lock; run make lock"
        assert requirement.specifier.contains(pin), f"{requirement}, but {pin} is pinned; run make lock"


def test_the_environment_is_the_lock() -> None:
    for name in (Requirement(text).name for text in PROJECT["dependencies"]):
        assert version(name) == pinned()[canonicalize_name(name)], f"{name} is not as pinned; run make env"


def test_one_version_everywhere() -> None:
    citation = (TOP / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.*)$", citation, flags=re.MULTILINE)[1] == PROJECT["version"]


@pytest.mark.skipif(not list(TOP.glob("cosim/cli*")), reason="cosim.cli is not written yet")
def test_help_imports_nothing_heavy() -> None:
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=TOP, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    code, loaded = json.loads(asked.stderr.splitlines()[-1])
    assert code in (0, None)
    assert "usage" in asked.stdout.lower()
    assert loaded == [], "cosim --help must answer at once; import these where they are used"
