"""What a model tells of itself each month: one function a figure, each a number of the whole world. Floor 5.

They stand here by name and not as lambdas, so that a model that collects them can be copied and pickled. None draws
luck or changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from cosim.engine.kernels.observing import WINDOW
from cosim.engine.kernels.places import scalar_climate
from cosim.engine.logs import PEOPLE
from cosim.engine.state import OUTSIDE
from cosim.model.arenas import Model
from cosim.vocabulary import SECTORS

Array = np.ndarray[Any, Any]
PUBLIC_ONLY: Final = 1


def innovations(model: Model) -> int:
    """Return how many solutions have been put into use so far."""
    return int(model.living.state.municipalities["innovation_count"].sum())


def arenas(model: Model) -> int:
    """Return how many arenas run, in-house projects among them."""
    return int((model.living.state.arenas["phase"] >= 0).sum())


def open_arenas(model: Model) -> int:
    """Return how many arenas run that invite somebody from outside: the co-creation arenas."""
    rows = model.living.state.arenas
    return int(((rows["phase"] >= 0) & (rows["invited"] != PUBLIC_ONLY)).sum())


def trust(model: Model) -> float:
    """Return everybody's mean trust, over the four sectors that are trusted."""
    return sum(_mean(model, f"trust_{sector}") for sector in SECTORS) / len(SECTORS)


def optimism(model: Model) -> float:
    """Return everybody's mean optimism."""
    return _mean(model, "optimism")


def identity(model: Model) -> float:
    """Return everybody's mean local identity."""
    return _mean(model, "identity")


def units_innovating(model: Model) -> float:
    """Return the share of service units with a solution in use in the last 24 months, the barometer's window."""
    hosts = model.living.state.hosts
    units = hosts["kind"] == 0
    newest = hosts["newest"][units]
    return float((model.living.month - 1 - newest < WINDOW).mean()) if len(newest) else 0.0


def climate(model: Model) -> float:
    """Return the municipalities' mean creative climate, a share."""
    rows = model.living.state.municipalities["climate"].tolist()
    return sum(float(scalar_climate.py_func(SimpleNamespace(climate=row))) for row in rows) / len(rows)


def members_public(model: Model) -> int:
    """Return how many of the public sector sit in arenas."""
    return _members(model, 0)


def members_private(model: Model) -> int:
    """Return how many who speak for firms sit in arenas."""
    return _members(model, 1)


def members_civic(model: Model) -> int:
    """Return how many citizens and voluntary groups sit in arenas."""
    return _members(model, 2)


def members_research(model: Model) -> int:
    """Return how many who speak for research sit in arenas."""
    return _members(model, 3)


REPORTERS: Final[dict[str, Callable[[Any], float]]] = {
    one.__name__: one
    for one in (
        innovations,
        arenas,
        open_arenas,
        trust,
        optimism,
        identity,
        units_innovating,
        climate,
        members_public,
        members_private,
        members_civic,
        members_research,
    )
}
"""The figures that a model collects unless it is told otherwise."""


def _mean(model: Model, name: str) -> float:
    """Return the mean of a trait over everybody, from the engine's own count of each sector."""
    means = model.living.count_people()
    n = means[..., 0]
    return float((means[..., PEOPLE.index(name)] * n).sum() / n.sum())


def _members(model: Model, sector: int) -> int:
    seats = model.living.state.seats["actor"]
    return int((seats.reshape(len(seats), len(SECTORS), -1)[:, sector] != OUTSIDE).sum())
