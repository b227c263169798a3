"""Each rule of the house finds a fault planted for it, and lets the like of it that is allowed pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.house.house_rules import (
    calibration_is_blind,
    circles,
    docstrings,
    doors,
    face,
    floors,
    lengths,
    lock_has_no_address,
    machines,
    names,
)
from tests.house.reading import Tree
from tests.house.source_rules import citations_exist, rules_cite


class Plant(NamedTuple):
    """One rule, one tree with a fault, what the complaint must name, and a like tree without the fault."""

    rule: Callable[[Tree], list[str]]
    fault: dict[str, str]
    names: str
    allowed: dict[str, str]


def rule_with(sources: str) -> str:
    """Return the text of a module of rules with one rule that has this section of sources."""
    return f'"""Rules."""\ndef trust(x):\n    """Return it.\n\n    Sources\n    -------\n    {sources}\n    """\n'


REFERENCES = {"cosim/evidence/references.toml": "[slovic1993]\nyear = 1993\n"}
MANY_LINES = {400: "\n" * 400, 401: "\n" * 401}
SECRET = {
    "cosim/evidence/held_out.py": "def read_held_out(): ...",
    "cosim/study/validation.py": "from cosim.evidence.held_out import read_held_out",
}
HASH = "--hash=sha256:" + "0" * 64
TMP = "/" + "tmp/"

PLANTS = {
    "upward": Plant(
        floors,
        {"cosim/engine/state.py": "from cosim.scenario import Scenario"},
        "cosim/engine/state.py:1: engine (floor 2) imports cosim.scenario (floor 4)",
        {"cosim/scenario.py": "from cosim.engine.state import State"},
    ),
    "sideways": Plant(
        floors,
        {"cosim/measurement/survey.py": "import cosim.population"},
        "measurement (floor 4) imports cosim.population (floor 4)",
        {"cosim/measurement/survey.py": "import cosim.measurement.scales"},
    ),
    "upward, inside a function": Plant(
        floors,
        {"cosim/report/page.py": "def page():\n    from cosim import run\n"},
        "cosim/report/page.py:2",
        {"cosim/cli/__init__.py": "def main():\n    from cosim import run\n"},
    ),
    "upward, relative": Plant(
        floors,
        {"cosim/results/store.py": "from ..model import cocreation"},
        "imports cosim.model",
        {"cosim/results/store.py": "from . import record\nfrom .record import RunRecord"},
    ),
    "upward, by name": Plant(
        floors,
        {"cosim/model/__init__.py": "import importlib\nimportlib.import_module(f'cosim.cli.{name}')"},
        "cosim/model/__init__.py:2",
        {"cosim/cli/__init__.py": "import importlib\nimportlib.import_module(f'cosim.study.{name}')"},
    ),
    "a new room": Plant(
        floors,
        {"cosim/attic/dust.py": ""},
        "no room 'attic'",
        {
            "cosim/__init__.py": "from cosim.study import run_study",
            "cosim/__main__.py": "from cosim.cli import main",
        },
    ),
    "the face": Plant(
        face,
        {"cosim/cli/__init__.py": "def main():\n    from cosim import __version__"},
        "import __version__ from the room",
        {"cosim/cli/__init__.py": "from cosim import study", "cosim/study/claims.py": ""},
    ),
    "the face, whole": Plant(
        face, {"cosim/run.py": "import cosim"}, "cosim/run.py:1", {"cosim/run.py": "import cosim.model"}
    ),
    "the face, relative": Plant(
        face,
        {"cosim/results/store.py": "from .. import load"},
        "import load from the room",
        {"cosim/results/store.py": "from .. import errors"},
    ),
    "a circle": Plant(
        circles,
        {
            "cosim/study/points.py": "from cosim.study import claims",
            "cosim/study/claims.py": "def late():\n    from cosim.study.points import Point",
        },
        "cosim.study.claims",
        {
            "cosim/study/__init__.py": "from cosim.study.points import Point",
            "cosim/study/points.py": "from cosim.study import claims",
            "cosim/study/claims.py": "",
        },
    ),
    "a circle through a room's door": Plant(
        circles,
        {
            "cosim/study/__init__.py": "from cosim.study.points import Point",
            "cosim/study/points.py": "from cosim.study import Study",
        },
        "cosim.study.points",
        {"cosim/study/points.py": "from cosim.study.definition import Study"},
    ),
    "mesa": Plant(
        doors,
        {"cosim/model/arenas.py": "from mesa.agent import AgentSet"},
        "imports mesa; its only door is cosim/model/actors.py",
        {"cosim/model/cocreation.py": "import mesa", "cosim/app/pages/world.py": "import mesa.visualization"},
    ),
    "numba, inside a function": Plant(
        doors,
        {"cosim/run.py": "def run():\n    import numba"},
        "cosim/run.py:2",
        {"cosim/engine/kernels/month.py": "import numba"},
    ),
    "SALib": Plant(
        doors,
        {"cosim/study/points.py": "from SALib.sample import sobol"},
        "cosim/study/sensitivity.py",
        {"cosim/study/sensitivity.py": "from SALib.sample import sobol"},
    ),
    "solara": Plant(
        doors,
        {"cosim/report/page.py": "import solara"},
        "cosim/app/*",
        {"cosim/app/__init__.py": "import solara"},
    ),
    "matplotlib": Plant(
        doors,
        {"cosim/study/claims.py": "import matplotlib.pyplot as plt"},
        "cosim/report/plots.py",
        {
            "cosim/report/plots.py": "import matplotlib",
            "cosim/report/plots/causes.py": "import networkx, matplotlib",
        },
    ),
    "networkx": Plant(
        doors,
        {"cosim/population.py": "import networkx"},
        "networkx",
        {"tests/unit/test_ties.py": "import networkx"},
    ),
    "dask": Plant(
        doors,
        {"cosim/run.py": "import dask"},
        "cosim/study/execute.py",
        {"cosim/study/execute.py": "import dask"},
    ),
    "pandas in the engine": Plant(
        doors,
        {"cosim/engine/state.py": "import pandas"},
        "may not see",
        {"cosim/results/store.py": "import pandas"},
    ),
    "a peek by import": Plant(
        calibration_is_blind,
        {"cosim/study/calibration.py": "from cosim.evidence.tables import read_held_out"},
        "cosim/study/calibration.py:1",
        {"cosim/study/calibration.py": '"""No held_out."""\nfrom cosim.evidence.tables import read_targets'},
    ),
    "a peek by file name": Plant(
        calibration_is_blind,
        {"cosim/study/calibration/distance.py": "path = 'held_out.csv'"},
        "cosim/study/calibration/distance.py:1",
        {"cosim/study/calibration/distance.py": "path = 'targets.csv'"},
    ),
    "a peek through a friend": Plant(
        calibration_is_blind,
        {**SECRET, "cosim/study/calibration.py": "from cosim.study import validation"},
        "cosim/study/validation.py:1",
        {
            **SECRET,
            "cosim/study/calibration.py": "from cosim.study import points",
            "cosim/study/points.py": "",
        },
    ),
    "too long": Plant(
        lengths, {"benchmarks/ratios.py": MANY_LINES[401]}, "401 lines", {"cosim/run.py": MANY_LINES[400]}
    ),
    "an empty name": Plant(
        names,
        {"cosim/study/utils.py": ""},
        "'utils'",
        {"cosim/engine/common_luck.py": "", "cosim/evidence/core.csv": ""},
    ),
    "an empty folder name": Plant(
        names, {"tests/unit/Helpers/people.py": ""}, "'Helpers'", {"tests/unit/people.py": ""}
    ),
    "an empty name with a prefix": Plant(
        names, {"cosim/run_manager.py": ""}, "'run_manager'", {"cosim/study/knowledge_base.py": ""}
    ),
    "a machine's folder": Plant(
        machines,
        {"docs/start.md": f"Look in\n{TMP}out.csv"},
        "docs/start.md:2",
        {"docs/start.md": "docs/work/a.md, and/or, tmp_path/x, ../tmp/x"},
    ),
    "a registry": Plant(
        machines,
        {"Makefile": "pip install --index-url https://" + "pyp" + "i.org/simple"},
        "Makefile:1",
        {"CITATION.cff": "https://doi.org/10.1093/jopart/mum032"},
    ),
    "an address in the lock": Plant(
        lock_has_no_address,
        {"requirements.lock": "--extra-index-url https://example.org/" + "simple\n"},
        "requirements.lock:1",
        {"requirements.lock": f"# made\nnumpy==2.5.5 ; sys_platform == 'darwin' \\\n    {HASH} \\\n    {HASH}\n"},
    ),
    "a file in the lock": Plant(
        lock_has_no_address,
        {"requirements.lock": f"numpy @ file:///wheels/numpy.whl \\\n    {HASH}\n"},
        "requirements.lock:1",
        {"requirements.lock": f"numpy==2.5.5 \\\n    {HASH}\n"},
    ),
    "no hash in the lock": Plant(
        lock_has_no_address,
        {"requirements.lock": "numpy==2.5.5\n"},
        "requirements.lock:1",
        {"requirements.lock": ""},
    ),
    "no docstring": Plant(
        docstrings,
        {"cosim/run.py": '"""Run."""\ndef run(): ...'},
        "cosim/run.py:2: run",
        {"cosim/run.py": '"""Run."""\ndef _run(): ...', "cosim/model/__init__.py": ""},
    ),
    "no docstring on a method": Plant(
        docstrings,
        {"cosim/run.py": '"""Run."""\nclass Run:\n    """A run."""\n    def step(self): ...'},
        "cosim/run.py:4: step",
        {
            "cosim/run.py": '"""Run."""\nclass Run:\n    """A run."""\n    def __len__(self): ...\n'
            "    @month.setter\n    def month(self, value): ..."
        },
    ),
    "no docstring on a module": Plant(
        docstrings, {"cosim/run.py": "x = 1"}, "cosim/run.py: the module", {"cosim/run.py": '"""Run."""'}
    ),
    "a rule without sources": Plant(
        rules_cite,
        {"cosim/engine/rules/trust.py": 'def trust(x):\n    """Return it."""'},
        "trust says no source",
        {
            "cosim/engine/kernels.py": 'def month(x):\n    """Do it."""',
            "cosim/engine/rules.py": "def _half(x): ...",
        },
    ),
    "a source without a reason": Plant(
        rules_cite,
        {"cosim/engine/rules.py": rule_with("slovic1993")},
        "'slovic1993' under Sources",
        {"cosim/engine/rules.py": rule_with("slovic1993, josang2002 : bad news\n        weighs more.")},
    ),
    "an assumption without a reason": Plant(
        rules_cite,
        {"cosim/engine/rules.py": rule_with("ASSUMED :")},
        "under Sources",
        {"cosim/engine/rules.py": rule_with("ASSUMED : no study found.")},
    ),
    "a rule citing an unknown work": Plant(
        citations_exist,
        {**REFERENCES, "cosim/engine/rules.py": rule_with("slovic1993, nobody2001 : bad news.")},
        "cites 'nobody2001'",
        {**REFERENCES, "cosim/engine/rules.py": rule_with("slovic1993 : bad news.")},
    ),
    "a parameter citing an unknown work": Plant(
        citations_exist,
        {
            **REFERENCES,
            "cosim/parameters/groups.py": "gain = parameter(0.1,\n    source=because('nobody2001', 'why'))",
        },
        "cosim/parameters/groups.py:2: cites 'nobody2001'",
        {**REFERENCES, "cosim/parameters/groups.py": "gain = parameter(0.1, source='slovic1993 : why')"},
    ),
    "a process citing an unknown work": Plant(
        citations_exist,
        {
            **REFERENCES,
            "cosim/processes/linear.toml": "[[phase]]\nname = 'seek'\nsources = ['slovic1993', 'nobody2001']",
        },
        "cosim/processes/linear.toml: phase.1.sources: cites 'nobody2001'",
        {
            **REFERENCES,
            "cosim/processes/linear.toml": "[[phase]]\nname = 'seek'\nsource = 'assumed'",
        },
    ),
    "a process citing an unknown work, with a reason": Plant(
        citations_exist,
        {**REFERENCES, "cosim/processes/linear.toml": "sources = [{ key = 'nobody2001', reason = 'why' }]"},
        "cosim/processes/linear.toml: sources: cites 'nobody2001'",
        {**REFERENCES, "cosim/processes/linear.toml": "sources = [{ key = 'slovic1993', reason = 'why' }]"},
    ),
    "a table citing an unknown work": Plant(
        citations_exist,
        {
            **REFERENCES,
            "cosim/evidence/targets.csv": "target,value,source\ntrust,0.5,slovic1993;nobody2001\n",
        },
        "cites 'nobody2001'",
        {
            **REFERENCES,
            "cosim/evidence/targets.csv": "target,value,source\ntrust,0.5,slovic1993\nties,0.1,\n",
        },
    ),
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_a_planted_fault_is_found(plant: Plant) -> None:
    complaints = plant.rule(plant.fault)
    assert len(complaints) == 1
    assert plant.names in complaints[0]


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_what_is_allowed_passes(plant: Plant) -> None:
    assert plant.rule(plant.allowed) == []


def test_citations_wait_for_the_references() -> None:
    assert citations_exist({"cosim/engine/rules.py": rule_with("nobody2001 : bad news.")}) == []
