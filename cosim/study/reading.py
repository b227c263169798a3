"""Reads a study from its file: every complaint at once, and no code is run. Floor 7."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint, CosimError, ProcessError, ScenarioError, StudyError
from cosim.measurement.observe import OUTCOMES
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.claims import read_claims
from cosim.processes.fields import Letter, Section, said
from cosim.processes.files import parse_table, read_bytes
from cosim.processes.model import ProcessModel
from cosim.scenario.files import Layer, is_path, list_scenarios
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario
from cosim.scenario.sections import WHOLE_NUMBERS
from cosim.study.definition import (
    SIDES,
    Budget,
    Replicates,
    Robustness,
    Study,
    StudyClaim,
    Sweep,
    Wish,
)
from cosim.study.factor_reading import read_factors
from cosim.study.fields import beside, take_whole, take_words
from cosim.study.sense import look_at_whole
from cosim.study.sensitivity_design import METHODS, Method

TOP: Final = (
    "name", "title", "title_nb", "question", "question_nb", "reasons", "scenario", "scenarios", "alternatives",
    "processes", "outcomes", "seed", "months", "replicates", "budget", "factors", "sweep", "robustness", "claims",
)  # fmt: skip
VARIANT: Final = ("name", "title", "title_nb", "question", "question_nb", "reasons", "set", "where", "change", "arena")
OWN: Final = frozenset({"scenario", "scenarios", "outcomes", "alternatives", "sweep", "factors", "robustness"})
"""What no scenario and no theory has."""
MOST_REPLICATES: Final = 100_000
MOST_BLOCKS: Final = 2**17
USUAL_OUTCOMES: Final = ("innovations_per_unit_year", "solution_quality", "level", "cost_per_innovation")


def is_study(path: str | os.PathLike[str]) -> bool:
    """Return whether a file is a study rather than a scenario or a theory: only a study names its scenarios."""
    try:
        table = parse_table(read_bytes(Path(path)), os.fspath(path))
    except (CosimError, OSError, ValueError):
        return False
    return bool(OWN & table.keys())


def read_study(path: str | os.PathLike[str], *, process: str | None = None, months: int | None = None) -> Study:
    """Return a study, checked.

    Parameters
    ----------
    path : its file
    process, months : a theory, by name or path, and a length, in place of what the file says

    Raises
    ------
    StudyError
        With every complaint about the file, the scenarios and the theories that it names.
    """
    place = Path(path)
    file = str(place)
    if file in (*list_scenarios(), *list_processes()) and not place.exists():
        kind = "a scenario" if file in list_scenarios() else "a theory"
        do = "write a file that names it; `cosim manual study` has whole ones to copy"
        raise StudyError([Complaint(file, "", f"{kind}, not a study", "the path of a study's file", do)])
    try:
        content = read_bytes(place)
        table = parse_table(content, file)
    except ProcessError as error:
        raise StudyError(_told_of_study(one) for one in error.complaints) from error
    if process is not None:
        table["processes"] = beside(Path(), process)
    if months is not None:
        table["months"] = months
    letter = Letter(file)
    top = Section(letter, "", table, TOP)
    processes = _processes(top, place.parent)
    scenarios = _scenarios(top, place.parent, processes)
    study = Study(
        name=top.name("name") if "name" in table else place.stem[:40],
        title=top.text("title", required=False) or place.stem,
        title_nb=top.text("title_nb", required=False) or top.text("title", required=False) or place.stem,
        question=top.text("question"),
        question_nb=top.text("question_nb", required=False) or top.text("question", required=False),
        reasons=_texts(top, "reasons"),
        scenarios=scenarios,
        processes=processes or _own_process(scenarios),
        outcomes=top.words("outcomes", tuple(OUTCOMES), USUAL_OUTCOMES),
        replicates=_replicates(top),
        budget=_budget(top),
        factors=read_factors(top, place.parent),
        sweep=_sweep(top),
        robustness=_robustness(top),
        claims=_claims(top),
        seed=scenarios[0].seed if scenarios else 1,
        text=content.decode("utf-8-sig"),
    )
    look_at_whole(study, top)
    if letter.unsaid:
        letter.complaints.append(Complaint(file, "", f"{letter.unsaid} more of the kind", "", "mend these first"))
    if not letter.is_empty:
        raise StudyError(dict.fromkeys(letter.complaints))
    return _in_written_order(study, table)


def study_of_scenarios(
    words: Sequence[str], *, process: str | None = None, months: int | None = None, replicates: int = 40
) -> Study:
    """Return a comparison of scenarios by name or path, the first the baseline, as if a file had said so.

    Raises
    ------
    ScenarioError
        One of them cannot be used.
    StudyError
        Two have one name, or not one theory.
    """
    theories_named = [word for word in words if word in list_processes()]
    if theories_named:
        do = f"to compare theories: cosim compare reference --processes {' --processes '.join(theories_named)}"
        raise StudyError([Complaint("cosim compare", word, "a theory", "a scenario", do) for word in theories_named])
    worlds = [read_scenario(word, process=process, months=months) for word in words]
    names = [one.name for one in worlds]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        do = "give one another name in its file"
        raise StudyError([Complaint("cosim compare", name, "this name twice", "each name once", do) for name in twice])
    theories = list(dict.fromkeys(one.process for one in worlds))
    if len(theories) > 1:
        do = "name one with --process; --processes compares theories in one world"
        found = f"worlds under {', '.join(theories[:5])}"
        raise StudyError([Complaint("cosim compare", "process", found, "one theory for all worlds", do)])
    first = worlds[0]
    theory = process or first.process
    others = ", ".join(one.title for one in worlds[1:])
    asks = f"What comes of {others} that does not come of {first.title}?" if others else f"What comes of {first.title}?"
    return Study(
        name="-".join(names)[:40],
        title=" / ".join(one.title for one in worlds),
        title_nb=" / ".join(one.title_nb for one in worlds),
        question=asks,
        question_nb=first.question_nb if len(worlds) == 1 else asks,
        reasons=(),
        scenarios=tuple(replace(one, seed=first.seed) for one in worlds),
        processes=((theory, read_process(theory)),),
        outcomes=USUAL_OUTCOMES,
        replicates=Replicates(replicates, replicates),
        budget=Budget(),
        seed=first.seed,
    )


def read_theories(words: Sequence[str]) -> tuple[tuple[str, ProcessModel], ...]:
    """Return theories by the word that names each; ``all`` stands for every one that ships.

    Raises
    ------
    ProcessError
        With every complaint about all of them.
    """
    complaints: list[Complaint] = []
    found = []
    for word in dict.fromkeys(one for given in words for one in (list_processes() if given == "all" else (given,))):
        try:
            found.append((beside(Path(), word), read_process(word)))
        except ProcessError as error:
            complaints += error.complaints
    if complaints:
        raise ProcessError(complaints)
    return tuple(found)


def _in_written_order(study: Study, table: dict[str, Any]) -> Study:
    """Return the study with its outcomes in the order of the file: the first is the one it is about."""
    written = table.get("outcomes")
    if not isinstance(written, list):
        return study
    return replace(study, outcomes=tuple(name for name in written if name in study.outcomes))


def _told_of_study(one: Complaint) -> Complaint:
    """Return a complaint about a file without the word theory in it."""
    do = "take out what is no study" if "theory" in one.do else one.do
    return Complaint(one.file, one.key, one.found, one.allowed, do)


def _texts(section: Section, name: str) -> tuple[str, ...]:
    value = section.table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or len(value) > 40:
        section.complain(name, said(value), "a list of texts", "put it in [ ]")
        return ()
    return tuple(value)


def _processes(top: Section, folder: Path) -> tuple[tuple[str, ProcessModel], ...]:
    """Return the theories by the word that names each; ``all`` means every one that ships."""
    found = []
    words = take_words(top, "processes", ())
    for word in list_processes() if words == ("all",) else words:
        try:
            where = beside(folder, word)
            found.append((where, read_process(where)))
        except ProcessError as error:
            top.letter.complaints += error.complaints
    return tuple(found)


def _own_process(scenarios: tuple[Scenario, ...]) -> tuple[tuple[str, ProcessModel], ...]:
    """Return the theory that the first scenario names."""
    return ((scenarios[0].process, read_process(scenarios[0].process)),) if scenarios else ()


def _scenarios(top: Section, folder: Path, processes: tuple[tuple[str, ProcessModel], ...]) -> tuple[Scenario, ...]:
    """Return the worlds: those named, then the alternatives written in the file, which rest on the first."""
    both = [name for name in ("scenario", "scenarios") if name in top.table]
    if len(both) != 1:
        found = "nothing" if not both else "both scenario and scenarios"
        top.complain("scenario", found, "a world, as scenario or as a list of scenarios", 'such as scenario = "stad"')
        return ()
    words = take_words(top, both[0], ())
    options: dict[str, Any] = {name: _option(top, name) for name in ("months", "seed")}
    process = processes[0][0] if processes else None
    worlds: list[Scenario] = []

    def take(where: str, variant: Layer | None) -> None:
        try:
            worlds.append(read_scenario(where, process=process, variant=variant, **options))
        except ScenarioError as error:
            top.letter.complaints += error.complaints  # said once, however many rest on it

    where = [str(folder / word) if is_path(word) else word for word in words]
    for one in where:
        take(one, None)
    for number, section in enumerate(top.sections("alternatives", VARIANT, 40), 1):
        name = section.name("name")
        file = f"{top.letter.file} (alternative {name or number})"
        if where and name:
            take(where[0], Layer(file, folder, name, section.table, ""))
    names = [one.name for one in worlds]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.complain("scenarios", f"{name!r} more than once", "each name once", "give one another name")
    return tuple(replace(one, seed=worlds[0].seed) for one in worlds)  # pairs meet the same luck


def _option(top: Section, name: str) -> int | None:
    """Return one of the run's whole numbers, None when it is left out or wrong."""
    low, high = WHOLE_NUMBERS[name]
    return take_whole(top, name, low, high, low) if name in top.table else None


def _replicates(top: Section) -> Replicates:
    usual = Replicates()
    table = top.section("replicates", ("least", "most", "width", "width_in"))
    if table is None:
        return usual
    least = take_whole(table, "least", 2, MOST_REPLICATES, usual.least)
    most = take_whole(table, "most", 2, MOST_REPLICATES, max(least, usual.most if "width" in table.table else least))
    if most < least:
        table.complain("most", str(most), f"at least {least}, as many as least", "raise it")
    width = table.number("width", 0.0, 1e9, 0.0)
    return Replicates(least, most, width, table.word("width_in", ("share", "unit"), "share", "share"))


def _budget(top: Section) -> Budget:
    table = top.section("budget", ("runs", "hours"))
    if table is None:
        return Budget()
    return Budget(take_whole(table, "runs", 0, 10**9, 0), table.number("hours", 0.0, 1e5, 0.0))


def _sweep(top: Section) -> Sweep | None:
    table = top.section("sweep", ("method", "n", "most", "until", "second_order"))
    if table is None:
        return None
    n = take_whole(table, "n", 2, MOST_BLOCKS, 64)
    word = table.word("method", METHODS, "sobol", "sobol")
    method: Method = next(one for one in METHODS if one == word)
    most = take_whole(table, "most", 2, MOST_BLOCKS, n)
    if most < n:
        table.complain("most", str(most), f"at least {n}, as many as n", "raise it")
    second = table.table.get("second_order", False)
    if not isinstance(second, bool):
        table.complain("second_order", said(second), "true or false")
    return Sweep(method, n, most, table.number("until", 0.0, 1.0, 0.1), second is True)


def _robustness(top: Section) -> Robustness | None:
    table = top.section("robustness", ("n", "wishes"))
    if table is None:
        return None
    wishes = []
    for one in table.sections("wishes", ("outcome", *SIDES), 10):
        outcome = one.word("outcome", tuple(OUTCOMES))
        sides = [side for side in SIDES if side in one.table]
        if len(sides) != 1:
            one.complain("at_least", "both" if sides else "nothing", "one of at_least, at_most", "say one of them")
        elif outcome:
            wishes.append(Wish(outcome, sides[0], one.number(sides[0], -1e12, 1e12, None)))
    n = take_whole(table, "n", 8, 4096, 64)
    if n & (n - 1):
        table.complain("n", str(n), "a power of two: the sequence is even only then", f"write {2 ** n.bit_length()}")
    return Robustness(n, tuple(wishes))


def _claims(top: Section) -> tuple[StudyClaim, ...]:
    """Return the claims a study puts to its theories, each with those under which it should and should not hold."""
    tables = top.table.get("claims")
    listed = tables if isinstance(tables, list) else []
    expected = []
    for number, one in enumerate(listed, 1):
        if isinstance(one, dict):
            section = Section(top.letter, f"claims[{number}]", one, None)
            known = list_processes()
            expected.append((section.words("under", known, ()), section.words("not_under", known, ())))
    bare = [
        {key: value for key, value in one.items() if key not in ("under", "not_under")}
        if isinstance(one, dict)
        else one
        for one in listed
    ]
    told = {} if tables is None else {"claims": bare if isinstance(tables, list) else tables}
    claims = read_claims(Section(top.letter, "", told, None))
    return tuple(StudyClaim(claim, *pair) for claim, pair in zip(claims, expected, strict=False))
