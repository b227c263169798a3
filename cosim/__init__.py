"""cosim simulates municipal co-creation (samskaping): people, arenas, months, and what comes of them.

The face: what a user of the package needs, each name fetched when it is first asked for, so that ``import cosim`` costs
nothing. The command line is ``cosim --help``.

>>> import cosim
>>> record = cosim.run("stad")  # doctest: +SKIP
>>> cosim.tables_of(record)["arena"]  # doctest: +SKIP
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosim.measurement.observe import outcomes
    from cosim.measurement.tables import tables_of
    from cosim.model.actors import CivicActor, PrivateActor, PublicActor, ResearchActor
    from cosim.model.cocreation import CoCreationModel
    from cosim.processes.catalogue import list_processes, read_process
    from cosim.report.build import build_report
    from cosim.results.store import read_results
    from cosim.run import run, run_replicates
    from cosim.scenario.files import list_scenarios
    from cosim.scenario.reading import read_scenario

    __version__: str

__all__ = [
    "CivicActor",
    "CoCreationModel",
    "PrivateActor",
    "PublicActor",
    "ResearchActor",
    "__version__",
    "build_report",
    "list_processes",
    "list_scenarios",
    "outcomes",
    "read_process",
    "read_results",
    "read_scenario",
    "run",
    "run_replicates",
    "tables_of",
]

_ROOMS = {
    "CivicActor": "cosim.model.actors",
    "CoCreationModel": "cosim.model.cocreation",
    "PrivateActor": "cosim.model.actors",
    "PublicActor": "cosim.model.actors",
    "ResearchActor": "cosim.model.actors",
    "build_report": "cosim.report.build",
    "list_processes": "cosim.processes.catalogue",
    "list_scenarios": "cosim.scenario.files",
    "outcomes": "cosim.measurement.observe",
    "read_process": "cosim.processes.catalogue",
    "read_results": "cosim.results.store",
    "read_scenario": "cosim.scenario.reading",
    "run": "cosim.run",
    "run_replicates": "cosim.run",
    "tables_of": "cosim.measurement.tables",
}


def __getattr__(name: str) -> Any:
    """Return a name of the face from the room it lives in."""
    if name == "__version__":
        return import_module("cosim.results.provenance").read_version()
    if name not in _ROOMS:
        raise AttributeError(f"cosim has no {name!r}; it has {', '.join(__all__)}")
    found = getattr(import_module(_ROOMS[name]), name)
    setattr(sys.modules[__name__], name, found)
    return found


def __dir__() -> list[str]:
    """Return the names of the face."""
    return sorted(__all__)


class _Face(ModuleType):
    """A module whose ``run`` is the function, whoever imported the file of that name before."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a name; the import of ``cosim.run`` would put the module in the function's place."""
        if name == "run" and isinstance(value, ModuleType):
            value = value.run
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
