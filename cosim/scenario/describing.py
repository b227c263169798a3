"""A scenario in words, and as a file that stands alone. Floor 4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cosim.parameters.catalogue import read_declarations
from cosim.scenario.files import SHIPPED
from cosim.scenario.model import Change, Scenario

COMPARED: Final = (
    "process",
    "municipalities",
    "start",
    "months",
    "seed",
    "replicates",
    "survey_months",
    "people_every",
)


def counted(number: int, thing: str) -> str:
    """Return a number with its thing.

    Examples
    --------
    >>> counted(1, "month"), counted(12, "month")
    ('1 month', '12 months')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def describe_scenario(scenario: Scenario, lang: str = "en") -> str:
    """Return what a scenario is in plain text: what it asks and why, its world, what is set and what happens.

    Parameters
    ----------
    scenario : Scenario
    lang : {"en", "nb"}
        Of title, question and the parameters' labels.
    """
    english = lang != "nb"
    title, question = (scenario.title, scenario.question) if english else (scenario.title_nb, scenario.question_nb)
    lines = [f"{scenario.name}: {title}"]
    lines += [question] if question else []
    lines += [f"  - {reason}" for reason in scenario.reasons]
    places = scenario.municipalities
    named = ", ".join(places) if len(places) <= 20 else f"{len(places)} municipalities"
    lines.append(f"  world      {named}" + (f" (table {scenario.table.name})" if scenario.table else ""))
    lines.append(f"  theory     {scenario.process}")
    end = scenario.month_text(scenario.months - 1)
    lines.append(f"  run        {scenario.month_text(0)} to {end}, {counted(scenario.months, 'month')}")
    lines.append(f"  luck       seed {scenario.seed}, {counted(scenario.replicates, 'replicate')}")
    if scenario.survey_months:
        asked = ", ".join(scenario.month_text(month) for month in scenario.survey_months)
        lines.append(f"  survey     before {asked}")
    lines += _paragraph("set", _tell(scenario.settings, english))
    for place, values in scenario.where.items():
        lines += _paragraph(f"in {place}", _tell(values, english))
    lines += _paragraph("changes", (describe_change(scenario, change, english) for change in scenario.changes))
    lines += _paragraph(
        "arenas",
        (
            f"{arena.title} in {arena.where} from {scenario.month_text(arena.opens_month)}, "
            f"with {', '.join(arena.invites)}: {arena.because}"
            for arena in scenario.arenas
        ),
    )
    if scenario.parent is not None:
        lines += _paragraph(f"differs from {scenario.parent.name}", list_differences(scenario.parent, scenario))
    return "\n".join(lines) + "\n"


def describe_change(scenario: Scenario, change: Change, english: bool = True) -> str:
    """Return one change as a sentence."""
    until = "" if change.last is None else f" to {scenario.month_text(change.last)}"
    where = f" in {', '.join(change.where)}" if change.where else ""
    value = _written(change.name, change.to)
    when = f"from {scenario.month_text(change.first)}{until}{where}"
    return f"{_named(change.name, english)} = {value} {when}: {change.because}"


def list_differences(one: Scenario, other: Scenario) -> list[str]:
    """Return how another scenario differs from one, a line each; nothing when they are the same world and run."""
    lines = []
    for field in COMPARED:
        before, after = getattr(one, field), getattr(other, field)
        if before != after:
            lines.append(f"{field}: {_shortly(before)} -> {_shortly(after)}")
    for name in read_declarations():
        before, after = one.settings.get(name), other.settings.get(name)
        if before != after:
            told = ["default" if value is None else _written(name, value) for value in (before, after)]
            lines.append(f"{name}: {told[0]} -> {told[1]}")
    for place in sorted({*one.where, *other.where}):
        if one.where.get(place) != other.where.get(place):
            lines.append(f"where.{place}: other values")
    lines += [f"+ {describe_change(other, change)}" for change in other.changes if change not in one.changes]
    lines += [f"- {describe_change(one, change)}" for change in one.changes if change not in other.changes]
    lines += [f"+ arena {arena.name}" for arena in other.arenas if arena not in one.arenas]
    lines += [f"- arena {arena.name}" for arena in one.arenas if arena not in other.arenas]
    return lines


def scenario_to_toml(scenario: Scenario) -> str:
    """Return a scenario as one file that rests on no other; reading it gives the same scenario.

    It is laid beside the results, so that they can be made again when the files they came from have changed.
    """
    texts = ("name", "title", "title_nb", "question", "question_nb", "process")
    lines = [f"{field} = {_quoted(getattr(scenario, field))}" for field in texts if getattr(scenario, field)]
    lines.append(f"reasons = {_listed(scenario.reasons)}")
    lines += ["", "[world]", f"municipalities = {_listed(scenario.municipalities)}"]
    if scenario.table is not None:
        shipped = scenario.table.parent == SHIPPED
        path = scenario.table.name if shipped else scenario.table.absolute().as_posix()
        lines.append(f"table = {_quoted(path)}")
    lines += ["", "[run]", f"start = {_quoted(scenario.month_text(0))}"]
    lines += [f"{field} = {getattr(scenario, field)}" for field in ("months", "seed", "replicates", "people_every")]
    lines.append(f"survey_months = {list(scenario.survey_months)}")
    if scenario.settings:
        lines += ["", "[set]", *_lines_of(scenario.settings)]
    for place, values in scenario.where.items():
        lines += ["", f"[where.{place}]", *_lines_of(values)]
    for change in scenario.changes:
        lines += ["", f"[[change.{_quoted(change.name)}]]", f"to = {_value(change.name, change.to)!r}"]
        lines.append(f"from = {_quoted(scenario.month_text(change.first))}")
        if change.last is not None:
            lines.append(f"until = {_quoted(scenario.month_text(change.last))}")
        if change.where:
            lines.append(f"where = {_listed(change.where)}")
        lines.append(f"because = {_quoted(change.because)}")
    for arena in scenario.arenas:
        lines += ["", "[[arena]]"]
        lines += [f"{field} = {_quoted(getattr(arena, field))}" for field in ("name", "title", "where")]
        lines.append(f"opens = {_quoted(scenario.month_text(arena.opens_month))}")
        lines += [f"{field} = {_quoted(getattr(arena, field))}" for field in ("focus", "area", "because")]
        lines.append(f"invites = {_listed(arena.invites)}")
    return "\n".join(lines) + "\n"


def _tell(values: Mapping[str, float], english: bool) -> list[str]:
    return [f"{_named(name, english)} = {_written(name, value)}" for name, value in values.items()]


def _lines_of(values: Mapping[str, float]) -> list[str]:
    return [f"{_quoted(name)} = {_value(name, value)!r}" for name, value in values.items()]


def _value(name: str, value: float) -> float | int:
    """Return a value as TOML and the declaration want it: a choice or a count as a whole number."""
    return int(value) if read_declarations()[name].is_whole else value


def _quoted(text: str) -> str:
    r"""Return a text as TOML writes it.

    Examples
    --------
    >>> _quoted('a "b"')
    '"a \\"b\\""'
    """
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    if safe.isprintable():
        return f'"{safe}"'
    letters = (one if one >= " " and one != "\x7f" else f"\\u{ord(one):04X}" for one in safe)
    return '"' + "".join(letters) + '"'


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _named(name: str, english: bool) -> str:
    declaration = read_declarations()[name]
    return f"{name} ({declaration.label if english else declaration.navn})"


def _written(name: str, value: float) -> str:
    return read_declarations()[name].written(value)


def _shortly(value: object) -> str:
    text = ", ".join(str(one) for one in value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _paragraph(heading: str, sentences: Iterable[str]) -> list[str]:
    told = [f"    {sentence}" for sentence in sentences]
    return [f"  {heading}", *told] if told else []
