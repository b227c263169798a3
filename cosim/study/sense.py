"""What only the whole of a study's file can show to be wrong: parts that need one another, or get in each other's way.

Floor 7.
"""

from __future__ import annotations

from collections.abc import Sequence

from cosim.errors import CosimError, nearest
from cosim.processes.catalogue import read_process
from cosim.processes.fields import Section
from cosim.processes.mechanisms import list_mechanisms
from cosim.processes.model import ProcessModel
from cosim.scenario.model import Scenario
from cosim.study.definition import Study
from cosim.study.factors import MECHANISM, PROCESS
from cosim.study.sensitivity_design import check_design


def look_at_whole(study: Study, top: Section) -> None:
    """Complain of parts that need one another, or get in each other's way."""
    _look_at_worlds(study, top)
    _look_at_design(study, top)
    _look_at_mechanisms(study, top)
    _look_at_robustness(study, top)
    known = [model.name for _, model in study.processes]
    for one in study.claims:
        for name in (*one.under, *one.not_under):
            if known and name not in known:
                found, allowed = f"without {name!r}", f"every theory that claim {one.claim.id} is put to"
                top.complain("processes", found, allowed, "add it, or take it out of the claim")


def _look_at_worlds(study: Study, top: Section) -> None:
    """Complain of worlds that name different theories where the study names none: they would all be run under one."""
    named = list(dict.fromkeys(one.process for one in study.scenarios))
    if len(named) > 1:
        found = f"worlds under {', '.join(named[:5])}"
        top.complain("processes", found, "one theory for all worlds", "name it; `--processes` compares theories")


def _look_at_design(study: Study, top: Section) -> None:
    if study.sweep is None:
        return
    if not study.factors:
        top.complain("factors", "none", "at least one factor: a sweep varies something", "add a table [factors]")
        return
    if len({one.moves_as for one in study.factors}) < 2:
        do = "a share of variance needs something to share with"
        top.complain("factors", "one factor or group", "two or more", do)
    try:
        check_design(study.factors, study.sweep.method, study.sweep.n, study.sweep.second_order)
    except CosimError as error:
        for one in error.complaints:
            table = "" if one.key == "factors" else "factors." if one.key == "group" else "sweep."
            top.complain(f"{table}{one.key}", one.found, one.allowed, one.do)


def _look_at_mechanisms(study: Study, top: Section) -> None:
    for theory in _theories_varied(study):
        known = list_mechanisms(theory)
        for one in study.factors:
            if one.name.startswith(MECHANISM) and one.name not in known:
                do = nearest(one.name[:120], known) or "`cosim process show` lists the mechanisms of a theory"
                top.complain(f"factors.{one.name[:60]}", f"no such mechanism in {theory.name}", "one it has", do)


def _theories_varied(study: Study) -> Sequence[ProcessModel]:
    """Return the theories under which the factors are varied."""
    for one in study.factors:
        if one.name == PROCESS:
            try:
                return [read_process(word) for word in one.choices]
            except CosimError:
                return []  # complained of where it was read
    return [model for _, model in study.processes[:1]]


def _look_at_robustness(study: Study, top: Section) -> None:
    if study.robustness is None:
        return
    if not study.factors:
        do = "add a table [factors] with the uncertain parameters"
        top.complain("factors", "none", "at least one factor: robustness is asked over uncertain ones", do)
    for wish in study.robustness.wishes:
        if wish.outcome not in study.outcomes:
            top.complain("outcomes", f"without {wish.outcome!r}", "every outcome that a wish names", "add it")
    varied = {one.name for one in study.factors}
    for world in study.scenarios[1:]:
        for name in sorted(varied & _differences(study.baseline, world)):
            found = f"what {world.name} is about: no world would know it from the baseline"
            top.complain(f"factors.{name}", found, "what no alternative changes", "take it out of the factors")


def _differences(one: Scenario, other: Scenario) -> set[str]:
    """Return the parameters that two worlds have otherwise."""
    named = {*one.settings, *other.settings}
    names = {name for name in named if one.settings.get(name) != other.settings.get(name)}
    names |= {change.name for change in {*one.changes} ^ {*other.changes}}
    places = {*one.where, *other.where}
    names |= {name for place in places for name in dict(set(_items(one, place)) ^ set(_items(other, place)))}
    return names


def _items(scenario: Scenario, place: str) -> list[tuple[str, float]]:
    return list(scenario.where.get(place, {}).items())
