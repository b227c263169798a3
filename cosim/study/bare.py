"""What decides a run's numbers, bare of everything else: no titles, reasons, file names or dates. Floor 7.

A run's key is made of this, and so is what a store keeps of a point; so two studies that mean the same runs say the
same of them, whatever their authors call things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cosim.parameters.values import defaults
from cosim.processes.model import Arrow, Construct, Feedback, Gate, Hazard, Moderator, Phase, ProcessModel
from cosim.scenario.describing import scenario_to_toml
from cosim.scenario.files import SHIPPED
from cosim.scenario.model import Frozen, Scenario

TABLE: Final = "point.csv"
"""What a point's own table of municipalities is called beside its scenario."""
BARE: Final = "bare"
START: Final = (2020, 1)
"""No month has a season: what is scheduled counts from the first one."""
PROSE: Final = ("means", "because", "source")


def bare_world(scenario: Scenario) -> Scenario:
    """Return the same world without prose, with nothing written that is so anyway, in one order.

    Of changes of one parameter the later wins, so they keep their order; those of different ones do not meet.
    """
    usual = defaults()
    return replace(
        scenario,
        name=BARE,
        title=BARE,
        title_nb=BARE,
        question="",
        question_nb="",
        reasons=(),
        process=BARE,
        start=START,
        replicates=1,
        survey_months=(),
        settings=Frozen({name: value for name, value in sorted(scenario.settings.items()) if value != usual[name]}),
        where=Frozen({place: Frozen(dict(sorted(own.items()))) for place, own in sorted(scenario.where.items())}),
        changes=tuple(
            replace(one, where=tuple(sorted(one.where)), because=BARE)
            for one in sorted(scenario.changes, key=lambda one: one.name)
        ),
        arenas=tuple(
            replace(one, name=f"arena-{number}", title=BARE, because=BARE)
            for number, one in enumerate(scenario.arenas, 1)
        ),
        source_text="",
        parent=None,
    )


def read_table_text(path: Path | None) -> str | None:
    """Return the text of an own table of municipalities, read again only when its file has changed; None for none."""
    if path is None:
        return None
    found = path.stat()
    return _read_text(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=16)
def _read_text(path: Path, _moment: int, _size: int) -> str:
    return path.read_text(encoding="utf-8-sig")


def bare_toml(scenario: Scenario) -> str:
    """Return a bare world as a scenario's file, beside which its own table lies as TABLE."""
    # A table that ships is told by its name alone, and that is how this one is to be told.
    table = None if scenario.table is None else SHIPPED / TABLE
    return scenario_to_toml(replace(bare_world(scenario), table=table))


def lay_out(folder: Path, world: str, table: str | None) -> Path:
    """Write a bare world and its own table into a folder, and return the path of its scenario's file."""
    path = folder / "scenario.toml"
    if table is not None:
        (folder / TABLE).write_text(table, encoding="utf-8")
    path.write_text(world, encoding="utf-8")
    return path


@lru_cache(maxsize=64)
def bare_theory(model: ProcessModel) -> dict[str, Any]:
    """Return all of a theory that a run is made of, as plain values; `theory_from_bare` makes it a theory again."""
    told = asdict(replace(model, title="", title_nb="", about="", about_nb="", sources=(), claims=()))
    told["arrows"] = sorted(told["arrows"], key=lambda one: (one["receiver"], one["sender"]))
    bare: dict[str, Any] = _without_prose(told)
    return bare


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "" if key in PROSE else _without_prose(one) for key, one in value.items()}
    return [_without_prose(one) for one in value] if isinstance(value, list | tuple) else value


def theory_from_bare(told: Mapping[str, Any]) -> ProcessModel:
    """Return the theory that `bare_theory` told of; it has no title, no reasons and no claims.

    Raises
    ------
    TypeError, KeyError, AttributeError
        It is no such telling.
    """
    parts = {
        "constructs": tuple(Construct(**_tupled(one)) for one in told["constructs"]),
        "arrows": tuple(Arrow(**_tupled(one)) for one in told["arrows"]),
        "moderators": tuple(Moderator(**_tupled(one)) for one in told["moderators"]),
        "start": None if told["start"] is None else Gate(**_tupled(told["start"])),
        "phases": tuple(
            Phase(**{**_tupled(one), "hazard": Hazard(**_tupled(one["hazard"]))}) for one in told["phases"]
        ),
        "feedback": Feedback(**told["feedback"]),
    }
    return ProcessModel(**{**_tupled(told), **parts})


def _tupled(value: Any) -> Any:
    """Return plain values with every list made a tuple, but those of records as they are."""
    if isinstance(value, Mapping):
        return {key: one if isinstance(one, Mapping) else _tupled(one) for key, one in value.items()}
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value
