"""Joins the files that a scenario rests on into one `Scenario`, and asks whether its parts fit together. Floor 4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cosim.errors import Complaint
from cosim.parameters.catalogue import read_declarations
from cosim.scenario.calendar import Month, count_months, write_month
from cosim.scenario.events import WrittenArena, WrittenChange, complain_of_twin, read_arenas, read_changes
from cosim.scenario.files import Layer
from cosim.scenario.model import Change, Frozen, Scenario, ScheduledArena, one_default
from cosim.scenario.sections import (
    TEXTS,
    TOP,
    look_at_fields,
    read_run,
    read_set,
    read_text,
    read_where,
    read_words,
    table_in,
)
from cosim.scenario.world import (
    choose_municipalities,
    complain_of_municipality,
    find_table,
    look_at_size,
    read_table,
)

USUAL: Final[Mapping[str, Any]] = {
    "start": (2020, 1),
    "months": 60,
    "seed": 1,
    "replicates": 20,
    "people_every": 12,
}
"""The run where nobody says otherwise: from January 2020, five years, and the people counted once a year."""
SPAN: Final = ("start", "months")
PERSONS: Final = "population.persons_per_actor"
Complaints = list[Complaint]


@dataclass(frozen=True, slots=True)
class Sections:
    """What one file says, each part right in itself."""

    layer: Layer
    own: bool
    run: dict[str, Any]
    is_run_right: bool
    world: dict[str, Any]
    settings: dict[str, float]
    where: dict[str, dict[str, float]]
    changes: list[WrittenChange]
    arenas: list[WrittenArena]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the parts must fit into: the run, the world, and whether an option cut the run short.

    What is not known because it was complained of is None or false, and nothing is held against it. ``keys`` are those
    of the table, ``municipalities`` those of the world.
    """

    start: Month
    months: int
    cut: bool
    is_run_known: bool
    municipalities: tuple[str, ...] | None
    keys: list[str] | None


def join_layers(
    chain: list[Layer],
    name: str,
    process: str,
    options: dict[str, Any],
    forced: Mapping[str, float],
    complaints: Complaints,
) -> Scenario | None:
    """Return the scenario that a chain of files makes, or None with complaints added to the list."""
    parts = [_read_sections(layer, own=layer is chain[-1], complaints=complaints) for layer in chain]
    run = dict(USUAL) | {key: value for part in parts for key, value in part.run.items()}
    run |= {key: value for key, value in options.items() if value is not None}
    table, path, municipalities = _choose_world(parts, complaints)
    wrong_option = "months" in options and options["months"] is None
    frame = Frame(
        start=run["start"],
        months=run["months"],
        cut=options.get("months") is not None,
        is_run_known=all(part.is_run_right for part in parts) and not wrong_option,
        municipalities=municipalities,
        keys=None if table is None else [str(key) for key in table.index],
    )
    settings = {key: value for part in parts for key, value in part.settings.items()}
    where = _join_where(parts, frame, complaints)
    changes = [one for part in parts for one in _place_changes(part, frame, complaints)]
    arenas = _place_arenas(parts, frame, complaints)
    if table is not None and municipalities is not None:
        persons = {PERSONS: one_default(PERSONS), **settings, **forced}[PERSONS]
        complaints += look_at_size(table, municipalities, persons, chain[-1].file)
    texts = {field: read_text(chain[-1].table, field, chain[-1].file, field, complaints) for field in TEXTS}
    reasons = read_words(chain[-1].table, "reasons", chain[-1].file, "reasons", complaints)
    surveys = _place_surveys(parts, frame, complaints)
    if complaints or municipalities is None:
        return None
    declared = list(read_declarations())
    changes.sort(key=lambda change: declared.index(change.name))
    title, question = texts["title"] or name, texts["question"] or ""
    scenario = Scenario(
        name=name,
        title=title,
        title_nb=texts["title_nb"] or title,
        question=question,
        question_nb=texts["question_nb"] or question,
        reasons=reasons,
        process=process,
        municipalities=municipalities,
        table=path,
        start=run["start"],
        months=run["months"],
        seed=run["seed"],
        replicates=run["replicates"],
        survey_months=surveys,
        people_every=run["people_every"],
        settings=Frozen(settings),
        where=Frozen({key: Frozen(values) for key, values in where.items() if values}),
        changes=tuple(changes),
        arenas=tuple(arenas),
        source_text="\n".join(f"# {layer.stem}.toml\n{layer.text}" for layer in chain),
    )
    return scenario.with_values(forced)


def _read_sections(layer: Layer, *, own: bool, complaints: Complaints) -> Sections:
    table, file = layer.table, layer.file
    look_at_fields(table, TOP, file, "", complaints)
    world = table_in(table, "world", file, complaints)
    look_at_fields(world, ("municipalities", "table"), file, "world", complaints)
    run = read_run(table, file, complaints)
    written = table.get("run", {})
    return Sections(
        layer=layer,
        own=own,
        run=run,
        is_run_right=isinstance(written, dict) and all(run.get(one) is not None for one in SPAN if one in written),
        world=world,
        settings=read_set(table, file, complaints),
        where=read_where(table, file, complaints),
        changes=read_changes(table, file, complaints),
        arenas=read_arenas(table, file, complaints),
    )


def _choose_world(
    parts: list[Sections], complaints: Complaints
) -> tuple[pd.DataFrame | None, Path | None, tuple[str, ...] | None]:
    """Return the table, its path if it is an own one, and the municipalities; None for what is wrong."""
    path: Path | None = None
    wanted: object = "all"
    file = parts[-1].layer.file
    for part in parts:
        if "table" in part.world:
            name = read_text(part.world, "table", part.layer.file, "world.table", complaints)
            path = None if name is None else find_table(name, part.layer.folder)
            wanted = "all"
        if "municipalities" in part.world:
            wanted, file = part.world["municipalities"], part.layer.file
    table, wrong = read_table(path)
    complaints += wrong
    if table is None:
        return None, path, None
    municipalities, wrong = choose_municipalities(wanted, table, file)
    complaints += wrong
    return table, path, None if wrong else municipalities


def _keep_places(
    places: tuple[str, ...], part: Sections, key: str, frame: Frame, complaints: Complaints
) -> tuple[str, ...]:
    """Return the places that are in the world; complain of unknown ones, and of others unless they are inherited."""
    if frame.keys is None:
        return ()
    world = frame.keys if frame.municipalities is None else frame.municipalities
    for place in places:
        if place not in frame.keys:
            complaints.append(complain_of_municipality(place, frame.keys, part.layer.file, key))
        elif place not in world and part.own:
            do = "add it to world.municipalities, or take it out here"
            allowed = "a municipality of this world"
            complaints.append(Complaint(part.layer.file, key, place, allowed, do))
    return tuple(place for place in dict.fromkeys(places) if place in world)


def _join_where(parts: list[Sections], frame: Frame, complaints: Complaints) -> dict[str, dict[str, float]]:
    joined: dict[str, dict[str, float]] = {}
    for part in parts:
        for place, values in part.where.items():
            if _keep_places((place,), part, f"where.{place[:60]}", frame, complaints):
                joined.setdefault(place, {}).update(values)
    return joined


def _is_within(number: int, part: Sections, key: str, frame: Frame, complaints: Complaints) -> bool:
    """Return whether a month lies in the run; complain if not, unless it is inherited or the run was cut short."""
    if 0 <= number < frame.months:
        return True
    if part.own and frame.is_run_known and not (frame.cut and number >= 0):
        month = write_month(frame.start, number)
        before = f"{month} is {-number} {'month' if number == -1 else 'months'} before the start"
        found = before if number < 0 else f"{month} is month {number + 1}"
        ends = f"{write_month(frame.start, 0)}..{write_month(frame.start, frame.months - 1)}"
        allowed = f"a month of the run, which has {frame.months} {'month' if frame.months == 1 else 'months'}, {ends}"
        complaints.append(Complaint(part.layer.file, key, found, allowed, "mend the month, or run.start or run.months"))
    return False


def _place_changes(part: Sections, frame: Frame, complaints: Complaints) -> list[Change]:
    placed = []
    for one in part.changes:
        places = _keep_places(one.where, part, f"{one.key}.where", frame, complaints)
        if one.begins is None:
            continue
        first = count_months(frame.start, one.begins)
        last = None if one.until is None else count_months(frame.start, one.until)
        if not part.own and first < 0 and (last is None or last >= 0):
            first = 0
        if _is_within(first, part, f"{one.key}.from", frame, complaints) and (places or not one.where):
            placed.append(Change(one.name, one.to, first, last, places, one.because))
    return placed


def _place_arenas(parts: list[Sections], frame: Frame, complaints: Complaints) -> list[ScheduledArena]:
    placed: dict[str, ScheduledArena] = {}
    for part in parts:
        for one in part.arenas:
            named = (one.where,) if one.where else ()
            places = _keep_places(named, part, f"{one.key}.where", frame, complaints)
            opens = None if one.opens is None else count_months(frame.start, one.opens)
            if opens is None:
                continue
            if one.name and one.name in placed:
                complaints.append(complain_of_twin(one, part.layer.file))
            elif _is_within(opens, part, f"{one.key}.opens", frame, complaints) and places:
                placed[one.name] = ScheduledArena(
                    one.name, one.title, one.where, opens, one.focus, one.area, one.invites, one.because
                )
    return list(placed.values())


def _place_surveys(parts: list[Sections], frame: Frame, complaints: Complaints) -> tuple[int, ...]:
    """Return the months in which people are asked: at the start and at the end, unless somebody says otherwise."""
    saying = [part for part in parts if "survey_months" in part.run]
    if not saying:
        return (0, frame.months)
    part = saying[-1]
    numbers = [one if isinstance(one, int) else count_months(frame.start, one) for one in part.run["survey_months"]]
    key = "run.survey_months"
    within = [n for n in numbers if n == frame.months or _is_within(n, part, key, frame, complaints)]
    return tuple(sorted(set(within)))
