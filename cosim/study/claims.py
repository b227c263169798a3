"""Puts the claims of theories to the test: paired runs, looked at until they decide. Floor 7.

A claim is judged in a world, at one point of its domain or at several; its levels meet the same lucks. What is not
decided at a look gets more replicates; what is, gets no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import qmc

from cosim.errors import Complaint, StudyError
from cosim.measurement.groups import unit_of_column
from cosim.measurement.observe import OUTCOMES
from cosim.parameters.catalogue import read_declarations
from cosim.processes.mechanisms import list_mechanisms
from cosim.processes.model import Claim, ProcessModel
from cosim.results.runstore import RunStore
from cosim.scenario.model import Scenario
from cosim.study.definition import Budget
from cosim.study.execute import HERE, Elsewhere, Made, OnDone, execute, gather
from cosim.study.factorial import fractional_design, main_effects
from cosim.study.factors import MECHANISM
from cosim.study.knockouts import which_claims_rest_on
from cosim.study.looks import ERROR, Look, plan_looks
from cosim.study.points import Point, point_at
from cosim.study.regions import DomainVerdict, judge_over_domain
from cosim.study.shapes import levels_to_run, plan_levels
from cosim.study.verdicts import UNDECIDED, Verdict, judge

Array = np.ndarray[Any, Any]

POINTS_OF_A_DOMAIN: Final = 8
"""Worlds in which a claim with a domain is judged (ASSUMED: enough for one turn to be found)."""
FIRST_LOOK: Final = 10
MOST: Final = 40
DOMAIN_SEED: Final = 20240104
MOST_MECHANISMS: Final = 8


@dataclass(slots=True)
class Trial:
    """One claim at one place of its domain, with what has been found so far."""

    claim: Claim
    model: ProcessModel
    process: str
    place: Mapping[str, float]
    looks: tuple[Look, ...]
    error: float
    points: list[Point] = field(default_factory=list)
    verdict: Verdict | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The outcomes it is about."""
        return (self.claim.outcome, self.claim.before) if self.claim.before else (self.claim.outcome,)

    def judge_at(self, look: Look, store: RunStore) -> None:
        """Judge it on the replicates of a look, which are in the store."""
        values = gather(self.points, range(look.replicates), self.columns, store)
        if self.claim.before:
            table = values[0].T
        else:
            levels, others = levels_to_run(self.claim)
            shape = (max(len(levels), 1), len(others)) if others else (max(len(levels), 1),)
            table = values[:, :, 0].reshape(*shape, look.replicates)
        self.verdict = judge(self.claim, table, error=look.error, of=self.error)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of claims.

    Attributes
    ----------
    verdicts : frame [theory, claim, statement, verdict, effect, low, high, margin, bound, unit, n, runs, region,
        sentence]
    trials : every trial, for whoever wants each point's verdict
    made : what each execution came to
    """

    verdicts: pd.DataFrame
    trials: tuple[Trial, ...]
    made: tuple[Made, ...]


def judge_claims(
    scenario: Scenario,
    theories: Sequence[tuple[str, ProcessModel, Sequence[Claim]]],
    store: RunStore,
    *,
    most: int = MOST,
    error: float = ERROR,
    also: Mapping[str, float] | None = None,
    budget: Budget | None = None,
    where: Elsewhere = HERE,
    on_done: OnDone | None = None,
) -> Judged:
    """Return the verdicts on claims, each under its theory, in one world.

    Parameters
    ----------
    scenario : the world, the same people and lucks for all
    theories : the word that names a theory, the theory, and the claims to judge under it
    most : replicates at which what is undecided stays so, 10 or more
    error : chance of a wrong verdict on any one claim, over all its looks and the whole of its domain
    also : settings that hold in every run, such as a mechanism knocked out
    budget : runs that no look may pass; what is undecided at the last look within it stays so

    Raises
    ------
    StudyError
        With every claim that no run could judge.
    """
    trials = _lay_trials(scenario, theories, most, error, also or {})
    made: list[Made] = []
    for look in plan_looks(min(FIRST_LOOK, most), most, error):
        open_ones = [one for one in trials if one.verdict is None or one.verdict.says == UNDECIDED]
        if not open_ones:
            break
        n_runs = len({point.key for one in open_ones for point in one.points}) * look.replicates
        if budget is not None and made and budget.runs and n_runs > budget.runs:
            break
        if budget is not None:
            budget.refuse(n_runs, scenario.name, "put fewer claims, or to fewer theories")
        made += _run_trials(open_ones, look.replicates, store, where, on_done)
        for one in open_ones:
            at = next(own for own in one.looks if own.replicates == look.replicates)
            one.judge_at(at, store)
    rows = []
    for word, model, claims in theories:
        for claim in claims:
            own = [one for one in trials if one.claim is claim and one.process == word]
            verdicts = [one.verdict for one in own if one.verdict is not None]
            found = judge_over_domain(verdicts, [one.place for one in own], error=error)
            rows.append(_row(model, claim, own, found))
    return Judged(pd.DataFrame(rows), tuple(trials), tuple(made))


def _row(model: ProcessModel, claim: Claim, own: Sequence[Trial], found: DomainVerdict) -> dict[str, Any]:
    """Return a claim's row: of several places the one in the middle stands for the effect, the region for all."""
    middle = own[len(own) // 2].verdict
    assert middle is not None
    n_runs = sum(len(one.points) * (one.verdict.replicates + one.verdict.dropped) for one in own if one.verdict)
    alone = len(own) == 1
    return {
        "theory": model.name, "claim": claim.id, "statement": claim.statement,
        "verdict": middle.says if alone else found.says, "effect": middle.effect, "low": middle.low,
        "high": middle.high, "margin": middle.margin, "bound": middle.bound, "unit": unit_of_column(claim.outcome),
        "n": middle.replicates, "runs": n_runs,
        "region": "" if len(found.regions) < 2 else "; ".join(one.words for one in found.regions),
        "sentence": middle.sentence if alone else found.sentence,
    }  # fmt: skip


def _lay_trials(
    scenario: Scenario,
    theories: Sequence[tuple[str, ProcessModel, Sequence[Claim]]],
    most: int,
    error: float,
    also: Mapping[str, float],
) -> list[Trial]:
    """Return every claim at every place of its domain, with the points it needs."""
    trials, complaints = [], []
    for word, model, claims in theories:
        for claim in claims:
            wrong = look_at_claim(claim, model)
            if wrong:
                complaints += wrong
                continue
            places = places_of(claim)
            share = error / len(places)
            looks = plan_looks(min(FIRST_LOOK, most), most, share)
            for place in places:
                trial = Trial(claim, model, word, place, looks, share)
                levels = plan_levels(claim)
                trial.points = [point_at(scenario, word, model, {**also, **place, **level}) for level in levels]
                trials.append(trial)
    if complaints:
        raise StudyError(complaints)
    return trials


def look_at_claim(claim: Claim, model: ProcessModel) -> list[Complaint]:
    """Return a complaint for each name in a claim that means nothing to a run: outcomes, parameters, mechanisms."""
    file, wrong = f"{model.name}, claim {claim.id}", []
    known = read_declarations()
    for key, name in (("outcome", claim.outcome), ("before", claim.before)):
        if name and name not in OUTCOMES:
            wrong.append(Complaint(file, key, f"no outcome {name!r}", "an outcome that cosim manual outcomes lists"))
    named = {"factor": claim.factor, "with": claim.moderator} | {f"domain {one[0]}": one[0] for one in claim.domain}
    for key, name in named.items():
        if not name:
            continue
        if name.startswith(MECHANISM) and name not in list_mechanisms(model):
            do = "`cosim process show` lists the mechanisms of a theory"
            wrong.append(Complaint(file, key, f"no mechanism {name!r} in this theory", "one it has", do))
        elif not name.startswith(MECHANISM) and name not in known:
            wrong.append(Complaint(file, key, f"no parameter {name!r}", "one that cosim manual parameters lists"))
    varied = (("levels", claim.factor, claim.levels), ("with_levels", claim.moderator, claim.with_levels))
    for key, name, levels in varied:
        if name in known and levels and not known[name].low <= min(levels) <= max(levels) <= known[name].high:
            wrong.append(Complaint(file, key, f"{min(levels):g}..{max(levels):g}", f"{name}: {known[name].allowed}"))
    return wrong


def places_of(claim: Claim) -> list[dict[str, float]]:
    """Return the places of a claim's domain at which it is judged; one, of no change, when it has none."""
    if not claim.domain:
        return [{}]
    if len(claim.domain) == 1:
        unit = np.linspace(0.0, 1.0, POINTS_OF_A_DOMAIN)[:, None]
    else:
        unit = qmc.Sobol(len(claim.domain), seed=DOMAIN_SEED).random(POINTS_OF_A_DOMAIN)
    known = read_declarations()
    places = []
    for row in unit:
        place = {name: low + float(at) * (high - low) for (name, low, high), at in zip(claim.domain, row, strict=True)}
        whole = [name for name in place if name in known and known[name].is_whole]
        place |= {name: float(round(place[name])) for name in whole}
        if place not in places:
            places.append(place)
    return places


def _run_trials(
    trials: Iterable[Trial], replicates: int, store: RunStore, where: Elsewhere, on_done: OnDone | None
) -> list[Made]:
    """Make the runs that trials need for a look; those that measure the same outcomes together."""
    by_columns: dict[tuple[str, ...], list[Point]] = {}
    for one in trials:
        by_columns.setdefault(one.columns, []).extend(one.points)
    return [
        execute(points, range(replicates), columns, store, where=where, on_done=on_done)
        for columns, points in by_columns.items()
    ]


@dataclass(frozen=True, slots=True)
class KnockedOut:
    """What rests on which mechanism.

    Attributes
    ----------
    effects : frame of `factorial.main_effects`, with an outcome column: main effects and interactions of mechanisms
    rests : frame [claim, mechanism, word, full, without, effect_full, effect_without]
    trials : of all claims, with the whole theory and without each mechanism
    points, replicates : of the fractional design
    made : what each execution came to
    """

    effects: pd.DataFrame
    rests: pd.DataFrame
    trials: tuple[Trial, ...]
    points: tuple[Point, ...]
    replicates: int
    made: tuple[Made, ...]


def choose_mechanisms(model: ProcessModel) -> tuple[str, ...]:
    """Return the mechanisms that are knocked out by default: the largest parts of the theory, eight at most.

    Arrows all together, moderators, the start gate, feedback by kind, and gates and decisions of phases; rates are left
    out, since a phase that nothing ends is no theory.
    """
    parts = ("theory.feedback", "theory.phases")
    found = [name for name in list_mechanisms(model) if name.count(".") <= 1 or name.startswith(parts)]
    found = [name for name in found if not name.endswith(".rate")]
    whole = {name for name in found if any(other.startswith(f"{name}.") for other in found)}
    return tuple(one for one in found if not any(one.startswith(f"{name}.") for name in whole))[:MOST_MECHANISMS]


def knock_out(
    scenario: Scenario,
    word: str,
    model: ProcessModel,
    outcomes: Sequence[str],
    store: RunStore,
    *,
    mechanisms: Sequence[str] | None = None,
    replicates: int = MOST,
    where: Elsewhere = HERE,
    on_done: OnDone | None = None,
) -> KnockedOut:
    """Return what a theory's mechanisms do, alone and in pairs, and which of its claims rests on which of them.

    Parameters
    ----------
    scenario, word, model : world and theory
    outcomes : whose effects are told
    mechanisms : names as `cosim process show` lists them; the largest parts of the theory by default
    replicates : of each run of the fractional design
    """
    names = tuple(mechanisms) if mechanisms is not None else choose_mechanisms(model)
    unknown = [name for name in names if name not in list_mechanisms(model)]
    if unknown or not names:
        allowed = "mechanisms that `cosim process show` lists"
        raise StudyError([Complaint(model.name, name, "no such mechanism", allowed) for name in unknown or ["theory"]])
    design = fractional_design(len(names))
    points = [
        point_at(scenario, word, model, {name: 0.0 for name, on in zip(names, row, strict=True) if not on})
        for row in design.switches
    ]
    made = [execute(points, range(replicates), outcomes, store, where=where, on_done=on_done)]
    trials: list[Trial] = []
    values = gather(points, range(replicates), outcomes, store)
    tables = [
        main_effects(design, values[:, :, at], names).assign(outcome=outcome) for at, outcome in enumerate(outcomes)
    ]
    error = ERROR / len(names)
    # A domain would cost eight times the runs for every mechanism; such a claim is judged whole by `judge_claims`.
    claims = [claim for claim in model.claims if not claim.domain]

    def verdicts(kept: Sequence[Claim], also: Mapping[str, float]) -> dict[str, Verdict]:
        theories = [(word, model, kept)]
        judged = judge_claims(
            scenario, theories, store, most=replicates, error=error, also=also, where=where, on_done=on_done
        )
        made.extend(judged.made)
        trials.extend(judged.trials)
        return {one.claim.id: one.verdict for one in judged.trials if one.verdict is not None}

    without = {
        name: verdicts([claim for claim in claims if not _is_within(claim.factor, name)], {name: 0.0}) for name in names
    }
    rests = which_claims_rest_on(verdicts(claims, {}), without)
    effects = pd.concat(tables, ignore_index=True)
    return KnockedOut(effects, rests, tuple(trials), tuple(points), replicates, tuple(made))


def _is_within(factor: str, mechanism: str) -> bool:
    """Return whether a claim's factor is the mechanism that is knocked out, or part of it: it cannot be varied then."""
    return factor == mechanism or factor.startswith(f"{mechanism}.") or mechanism.startswith(f"{factor}.")
