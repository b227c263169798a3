"""Windows on municipalities and on the innovations they have put into use. Floor 5."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from cosim.engine.kernels.places import scalar_climate
from cosim.errors import nearest
from cosim.model.arenas import Arena, Model, running_arenas, sectors_in
from cosim.model.letters import check_number, letter
from cosim.vocabulary import (
    CLIMATE_DIMENSIONS,
    FOCUS_AREAS,
    INNOVATION_TYPES,
    SECTORS,
    SERVICE_AREAS,
    VALUE_KINDS,
)


@dataclass(frozen=True, slots=True)
class Innovation:
    """A solution in use, as it was written down when its arena delivered it.

    ``value`` is a share 0..1, ``brings`` the kinds of value, ``members`` who sat in the arena at the end, by sector;
    ``adopted`` the month in which each other municipality has taken it up so far.
    """

    municipality: str
    month: int
    months_taken: int
    area: str
    focus: str
    type: str
    value: float
    brings: tuple[str, ...]
    invited: tuple[str, ...]
    members: dict[str, int]
    adopted: dict[str, int]


def _share(name: str, what: str) -> Any:
    """Return a property that reads and writes one share of the engine's row."""

    def read(self: Municipality) -> float:
        return float(self._row[name])

    def write(self: Municipality, value: Any) -> None:
        self._row[name] = check_number(self.key, name, value, 0.0, 1.0)

    return property(read, write, doc=what)


class Municipality:
    """A window on one municipality: its organisation as it is now; reads and writes the engine's row."""

    __slots__ = ("_m", "_model", "key")

    leadership = _share("leadership", "How strong the leadership of co-creation is, share 0..1.")
    design = _share("design", "How well the institutions are designed for co-creation, share 0..1.")
    administration = _share("administration", "Administrative capacity, share 0..1.")
    experience = _share("experience", "Experience with co-creation, share 0..1.")

    def __init__(self, model: Model, m: int) -> None:
        self._model = model
        self._m = m
        self.key = model.living.scenario.municipalities[m]

    def __repr__(self) -> str:
        """Return the key."""
        return f"<Municipality {self.key}>"

    @property
    def name(self) -> str:
        """The name as it is written in Norwegian."""
        return str(self._evidence["name"])

    @property
    def role(self) -> str:
        """The role in the project, one of ``vocabulary.ROLES``."""
        return str(self._evidence["role"])

    @property
    def population(self) -> int:
        """Inhabitants on 1 January 2020."""
        return int(self._evidence["population_2020"])

    @property
    def n_actors(self) -> dict[str, int]:
        """How many actors of each sector live there."""
        firsts = self._model.living.world.places["sector_first"][self._m]
        return dict(zip(SECTORS, (firsts[1:] - firsts[:-1]).tolist(), strict=True))

    @property
    def n_units(self) -> int:
        """How many service units it has."""
        place = self._model.living.world.places[self._m]
        return int((self._model.living.state.hosts["kind"][place["host_first"] : place["host_last"]] == 0).sum())

    @property
    def climate(self) -> float:
        """The creative climate as one share 0..1: mean of nine dimensions and of 1 minus conflicts."""
        return float(scalar_climate.py_func(SimpleNamespace(climate=self._row["climate"].tolist())))

    @property
    def climate_dimensions(self) -> dict[str, float]:
        """Ekvall's ten dimensions, shares 0..1; ``conflicts`` counts against the climate."""
        return dict(zip(CLIMATE_DIMENSIONS, self._row["climate"].tolist(), strict=True))

    def set_climate(self, **dimensions: float) -> None:
        """Write dimensions of the climate, shares 0..1 by name; all are checked before any is written."""
        row = self._row
        levels = {}
        for name, level in dimensions.items():
            if name not in CLIMATE_DIMENSIONS:
                allowed, do = "one of " + ", ".join(CLIMATE_DIMENSIONS), nearest(name, CLIMATE_DIMENSIONS)
                raise letter(self.key, f"climate: {name}", "no such dimension", allowed, do)
            levels[CLIMATE_DIMENSIONS.index(name)] = check_number(self.key, f"climate: {name}", level, 0.0, 1.0)
        for dimension, level in levels.items():
            row["climate"][dimension] = level

    @property
    def arenas(self) -> tuple[Arena, ...]:
        """Its arenas that run."""
        return tuple(arena for arena in running_arenas(self._model) if arena.municipality == self.key)

    @property
    def n_innovations(self) -> int:
        """How many solutions its arenas have put into use so far."""
        return int(self._row["innovation_count"])

    @property
    def innovations(self) -> tuple[Innovation, ...]:
        """The solutions its arenas have put into use, the first first."""
        first = int(self._model.living.world.places["log_first"][self._m])
        return tuple(_read_innovation(self._model, row) for row in range(first, first + self.n_innovations))

    @property
    def settings(self) -> dict[str, float]:
        """Every parameter's value in the month that comes next (in the last one, at the end), by dotted name."""
        living = self._model.living
        month = min(living.month, living.scenario.months - 1)
        return living.scenario.values_in(self.key, month)

    @property
    def _row(self) -> Any:
        return self._model.living.state.municipalities[self._m]

    @property
    def _evidence(self) -> Any:
        return self._model.living.table.iloc[self._m]


def _read_innovation(model: Model, row: int) -> Innovation:
    living = model.living
    line = living.state.innovation_log[row]
    keys = living.scenario.municipalities
    taken_up = living.state.adopted[row].tolist()
    return Innovation(
        municipality=keys[line["municipality"]],
        month=int(line["month"]),
        months_taken=int(line["months_taken"]),
        area=SERVICE_AREAS[line["area"]],
        focus=FOCUS_AREAS[line["focus"]],
        type=INNOVATION_TYPES[line["type"]],
        value=float(line["value"]),
        brings=tuple(kind for kind in VALUE_KINDS if line[kind]),
        invited=sectors_in(int(line["invited"])),
        members=dict(zip(SECTORS, line["members"].tolist(), strict=True)),
        adopted={keys[m]: month for m, month in enumerate(taken_up) if month >= 0},
    )
