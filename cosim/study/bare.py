"""What decides a run's numbers, bare of everything else: no titles, reasons, file names or dates. Floor 7.

A run's key is made of this, and so is what a store keeps of a point; so two studies that mean the same runs say the
same of them, whatever their authors call things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Final

from cosim.parameters.values import defaults
from cosim.processes.model import (
    Arrow,
    Construct,
    Feedback,
    Gate,
    Hazard,
    Moderator,
    Phase,
    ProcessModel,
)
from cosim.scenario.describing import scenario_to_toml
from cosim.scenario.files import SHIPPED
from cosim.scenario.model import Frozen, Scenario

TABLE: Final = "point.csv"
"""What a point's own table of municipalities is called beside its scenario."""
BARE: Final = "bare"
START: Final = (2020, 1)
"""No month has a season: what is scheduled counts from the first one."""
PROSE: Final = ("means", "because", "source")


def bare_world(scenario: Scenario, process: str = BARE) -> Scenario:
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
        process=process,
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


def read_table_text(scenario: Scenario) -> str | None:
    """Return the text of a scenario's own table of municipalities, None when it has none."""
    return None if scenario.table is None else scenario.table.read_text(encoding="utf-8-sig")


def bare_toml(scenario: Scenario, process: str) -> str:
    """Return a bare world as a scenario's file, beside which its own table lies as TABLE."""
    # A table that ships is told by its name alone, and that is how this one is to be told.
    table = None if scenario.table is None else SHIPPED / TABLE
    return scenario_to_toml(replace(bare_world(scenario, process), table=table))


def bare_theory(model: ProcessModel) -> dict[str, Any]:
    """Return all of a theory that the kernels read, as plain values; `theory_from_bare` makes it a theory again."""
    told = asdict(replace(model, title="", title_nb="", about="", about_nb="", sources=(), claims=()))
    told["arrows"] = sorted(told["arrows"], key=lambda one: (one["receiver"], one["sender"]))
    bare = _without_prose(told)
    assert isinstance(bare, dict)
    return bare


def _without_prose(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_prose(one) for key, one in value.items() if key not in PROSE and one not in ("", ())}
    return [_without_prose(one) for one in value] if isinstance(value, list | tuple) else value


def theory_from_bare(told: Mapping[str, Any]) -> ProcessModel:
    """Return the theory that `bare_theory` told of; it has no title, no reasons and no claims.

    Raises
    ------
    TypeError, KeyError, ValueError
        It is no such telling.
    """
    empty = ProcessModel(str(told["name"]), "", "", "", "", (), (), (), (), None, ())
    start = told.get("start")
    return replace(
        empty,
        constructs=tuple(_made(Construct, one) for one in told.get("constructs", ())),
        arrows=tuple(_made(Arrow, one) for one in told.get("arrows", ())),
        moderators=tuple(_made(Moderator, one) for one in told.get("moderators", ())),
        start=None if start is None else _made(Gate, start),
        phases=tuple(_made(Phase, {**one, "hazard": _made(Hazard, one["hazard"])}) for one in told.get("phases", ())),
        feedback=_made(Feedback, told.get("feedback", {})),
        **{name: told[name] for name in ("capacity", "combine", "scale") if name in told},
    )


EMPTY: Final[dict[str, Any]] = {"tuple": (), "str": "", "float": 0.0}


def _made(kind: Any, told: Mapping[str, Any]) -> Any:
    """Return a record of a kind; what was left out of it is empty."""
    unknown = told.keys() - {one.name for one in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__} has no {sorted(unknown)[0]}")
    given = {one.name: _tupled(told[one.name]) for one in fields(kind) if one.name in told}
    absent = {
        one.name: () if str(one.type).startswith("tuple") else ""
        for one in fields(kind)
        if one.name not in told and one.name not in PROSE and str(one.type) != "float"
    }
    prose = {one.name: "" for one in fields(kind) if one.name in PROSE and one.name == "means"}
    return kind(**absent, **prose, **given)


def _tupled(value: Any) -> Any:
    return tuple(_tupled(one) for one in value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def lay_out(folder: Path, world: str, table: str | None) -> Path:
    """Write a bare world and its own table into a folder, and return the path of its scenario's file."""
    path = folder / "scenario.toml"
    if table is not None:
        (folder / TABLE).write_text(table, encoding="utf-8")
    path.write_text(world, encoding="utf-8")
    return path
