"""Reads a study from its file: every complaint at once, and no code is run. Floor 7."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cosim.errors import Complaint, CosimError, ProcessError, ScenarioError, StudyError, nearest
from cosim.measurement.observe import OUTCOMES
from cosim.parameters.catalogue import read_declarations
from cosim.processes.catalogue import list_processes, read_process
from cosim.processes.claims import read_claims
from cosim.processes.fields import Letter, Section, said
from cosim.processes.files import parse_table, read_bytes
from cosim.processes.model import ProcessModel
from cosim.scenario.files import Layer, is_path
from cosim.scenario.model import Scenario
from cosim.scenario.reading import read_scenario
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
from cosim.study.factors import MECHANISM, PROCESS, factor_of
from cosim.study.sensitivity_design import METHODS, Factor, Method

TOP: Final = (
    "name", "title", "title_nb", "question", "question_nb", "reasons", "scenario", "scenarios", "alternatives",
    "processes", "outcomes", "seed", "months", "replicates", "budget", "factors", "sweep", "robustness", "claims",
)  # fmt: skip
VARIANT: Final = ("name", "title", "title_nb", "question", "question_nb", "reasons", "set", "where", "change", "arena")
MOST_FACTORS: Final = 60
MOST_REPLICATES: Final = 100_000
MOST_BLOCKS: Final = 2**17
USUAL_OUTCOMES: Final = ("innovations_per_unit_year", "solution_quality", "level", "cost_per_innovation")


def is_study(path: str | os.PathLike[str]) -> bool:
    """Return whether a file is a study rather than a scenario or a theory: one of a study's own tables stands in it."""
    try:
        table = parse_table(read_bytes(Path(path)), os.fspath(path))
    except (CosimError, OSError, ValueError):
        return False
    return bool({"outcomes", "alternatives", "sweep", "factors", "robustness"} & table.keys())


def read_study(path: str | os.PathLike[str]) -> Study:
    """Return a study, checked.

    Raises
    ------
    StudyError
        With every complaint about the file, the scenarios and the theories that it names.
    """
    place = Path(path)
    file = str(place)
    if place.is_dir():
        allowed = "a study file, which ends in .toml"
        raise StudyError([Complaint(file, "", "a folder", allowed, "name a file in it")])
    try:
        content = read_bytes(place)
        table = parse_table(content, file)
    except ProcessError as error:
        raise StudyError(_told_of_study(one) for one in error.complaints) from error
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
        factors=_factors(top, place.parent),
        sweep=_sweep(top),
        robustness=_robustness(top),
        claims=_claims(top),
        seed=scenarios[0].seed if scenarios else 1,
        text=content.decode("utf-8-sig"),
    )
    _look_at_whole(study, top)
    if not letter.is_empty:
        raise StudyError(letter.complaints)
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
        Two have one name.
    """
    worlds = [read_scenario(word, process=process, months=months) for word in words]
    names = [one.name for one in worlds]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        do = "give one another name in its file"
        raise StudyError([Complaint("cosim compare", name, "this name twice", "each name once", do) for name in twice])
    first = worlds[0]
    theory = process or first.process
    asks = [one.question for one in worlds[1:] if one.question] or [first.question or f"What comes of {first.title}?"]
    return Study(
        name="-".join(names)[:40],
        title=" / ".join(one.title for one in worlds),
        title_nb=" / ".join(one.title_nb for one in worlds),
        question=asks[0],
        question_nb=next((one.question_nb for one in worlds[1:] if one.question_nb), first.question_nb),
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
            found.append((os.path.abspath(word) if is_path(word) else word, read_process(word)))
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


def _words(section: Section, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list of names or paths."""
    value = section.table.get(name)
    if value is None:
        return default
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        section.complain(name, said(value), "a name or path in quotes, or a list of them", f"mend {name}")
        return default
    return tuple(dict.fromkeys(value))


def _processes(top: Section, folder: Path) -> tuple[tuple[str, ProcessModel], ...]:
    """Return the theories by the word that names each; ``all`` means every one that ships."""
    found = []
    words = _words(top, "processes", ())
    for word in list_processes() if words == ("all",) else words:
        try:
            where = os.path.abspath(folder / word) if is_path(word) else word
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
    words = _words(top, both[0], ())
    options: dict[str, Any] = {"months": top.table.get("months"), "seed": top.table.get("seed")}
    process = processes[0][0] if processes else None
    worlds: list[Scenario] = []

    def take(where: str, variant: Layer | None) -> None:
        try:
            worlds.append(read_scenario(where, process=process, variant=variant, **options))
        except ScenarioError as error:
            top.letter.complaints += [one for one in error.complaints if one not in top.letter.complaints]

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
    return tuple(worlds)


def _replicates(top: Section) -> Replicates:
    usual = Replicates()
    table = top.section("replicates", ("least", "most", "width", "width_in"))
    if table is None:
        return usual
    least = _whole(table, "least", 2, MOST_REPLICATES, usual.least)
    most = _whole(table, "most", 2, MOST_REPLICATES, max(least, usual.most if "width" in table.table else least))
    if most < least:
        table.complain("most", str(most), f"at least {least}, as many as least", "raise it")
    width = table.number("width", 0.0, 1e9, 0.0)
    return Replicates(least, most, width, table.word("width_in", ("share", "unit"), "share", "share"))


def _budget(top: Section) -> Budget:
    table = top.section("budget", ("runs", "hours"))
    if table is None:
        return Budget()
    return Budget(_whole(table, "runs", 0, 10**9, 0), table.number("hours", 0.0, 1e5, 0.0))


def _sweep(top: Section) -> Sweep | None:
    table = top.section("sweep", ("method", "n", "most", "until", "second_order"))
    if table is None:
        return None
    n = _whole(table, "n", 2, MOST_BLOCKS, 64)
    word = table.word("method", METHODS, "sobol", "sobol")
    method: Method = next(one for one in METHODS if one == word)
    if method != "morris" and n & (n - 1):
        table.complain("n", str(n), "a power of two: the sequence is even only then", f"write {2 ** n.bit_length()}")
    most = _whole(table, "most", 2, MOST_BLOCKS, n)
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
    return Robustness(_whole(table, "n", 8, 4096, 64), tuple(wishes))


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
    bare = [{key: value for key, value in one.items() if key not in ("under", "not_under")} if isinstance(one, dict)
            else one for one in listed]  # fmt: skip
    claims = read_claims(Section(top.letter, "", {"claims": bare} if isinstance(tables, list) else {}, None))
    return tuple(StudyClaim(claim, *pair) for claim, pair in zip(claims, expected, strict=False))


def _factors(top: Section, folder: Path) -> tuple[Factor, ...]:
    table = top.section("factors", None)
    if table is None:
        return ()
    if len(table.table) > MOST_FACTORS:
        table.letter.complain("factors", f"{len(table.table)} factors", f"at most {MOST_FACTORS}")
        return ()
    read = (_factor(table, name, folder) for name in table.table)
    return tuple(one for one in read if one is not None)


def _factor(table: Section, name: str, folder: Path) -> Factor | None:
    section = table.section(name, ("range", "choices", "group"))
    if section is None:
        return None
    group = section.text("group", longest=40, required=False)
    if name == PROCESS:
        return _process_factor(section, group, folder)
    if name.startswith(MECHANISM):
        low, high = _range(section, 0.0, 10.0, (0.0, 1.0))
        return Factor(name, low, high, group=group)
    declarations = read_declarations()
    if name not in declarations:
        do = nearest(name, list(declarations)) or "cosim manual parameters lists them"
        table.complain(name, "no such parameter", "a parameter, theory.<mechanism> or process", do)
        return None
    one = declarations[name]
    if "choices" in section.table and one.kind == "choice":
        words = section.words("choices", one.choices, ())
        if len(words) < 2:
            section.complain("choices", said(section.table["choices"]), f"two or more of {', '.join(one.choices)}")
            return None
        return Factor(name, kind="choice", choices=words, group=group)
    if "choices" in section.table:
        section.complain("choices", "a list", f"range = [low, high]: {name} is a {one.kind}", "take it out")
    low, high = _range(section, one.low, one.high, (one.prior_low, one.prior_high))
    if one.is_whole and not (low.is_integer() and high.is_integer()):
        section.complain("range", said(section.table["range"]), "whole numbers", "round them")
        return None
    return factor_of(one, low, high, group)


def _process_factor(section: Section, group: str, folder: Path) -> Factor | None:
    words = _words(section, "choices", list_processes())
    for word in words:
        try:
            read_process(os.path.abspath(folder / word) if is_path(word) else word)
        except ProcessError as error:
            section.letter.complaints += error.complaints
    if len(words) < 2:
        section.complain("choices", said(section.table.get("choices")), "two theories or more")
        return None
    where = tuple(os.path.abspath(folder / word) if is_path(word) else word for word in words)
    return Factor(PROCESS, kind="choice", choices=where, group=group)


def _range(section: Section, low: float, high: float, usual: tuple[float, float]) -> tuple[float, float]:
    if "range" not in section.table:
        return usual
    ends = section.numbers("range", 2, 2, 1e12)
    if len(ends) != 2:
        return usual
    if not low <= ends[0] < ends[1] <= high:
        section.complain(
            "range", said(list(ends)) + f" ({ends[0]:g}, {ends[1]:g})", f"low < high within {low:g}..{high:g}"
        )
        return usual
    return ends[0], ends[1]


def _whole(section: Section, name: str, low: int, high: int, usual: int) -> int:
    value = section.table.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        section.complain(name, said(value), f"a whole number, {low} to {high}")
        return usual
    return value


def _look_at_whole(study: Study, top: Section) -> None:
    """Complain of parts that need one another."""
    if study.sweep is not None and not study.factors:
        top.complain("factors", "none", "at least one factor: a sweep varies something", "add a table [factors]")
    if study.robustness is not None and not study.factors:
        do = "add a table [factors] with the uncertain parameters"
        top.complain("factors", "none", "at least one factor: robustness is asked over uncertain ones", do)
    if len({one.moves_as for one in study.factors}) < 2 and study.sweep is not None and study.factors:
        top.complain(
            "factors", "one factor or group", "two or more", "a share of variance needs something to share with"
        )
    for wish in study.robustness.wishes if study.robustness is not None else ():
        if wish.outcome not in study.outcomes:
            top.complain("outcomes", f"without {wish.outcome!r}", "every outcome that a wish names", "add it")
