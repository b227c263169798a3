"""Sets rival theories side by side: what their tables say, and what they do to the same people with the same luck.

Floor 7. Theories that ship are matched to deliver alike in a usual municipality, so it is their pattern that tells them
apart: spread, order, and how far output follows trust and the other traits. How a shock heals is in `hysteresis`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from cosim.measurement.observe import OUTCOMES
from cosim.parameters.catalogue import read_declarations
from cosim.processes.graph import graph_facts
from cosim.processes.model import ASSUMED, Feedback, ProcessModel
from cosim.processes.words import decision_words, form_words, hazard_words, number_words, start_words
from cosim.results.intervals import Interval, interval_of_mean, student_point
from cosim.results.runstore import RunStore
from cosim.study.definition import Study
from cosim.study.differences import half_width
from cosim.study.execute import HERE, Elsewhere, OnDone
from cosim.study.factors import MECHANISM, PROCESS
from cosim.study.looks import ERROR
from cosim.study.points import Point, point_at
from cosim.study.policy import Sampled, sample_until
from cosim.study.regions import stand_out
from cosim.study.states import find_stable_states

Array = np.ndarray[Any, Any]

NULL: Final = "additive"
"""The theory that the others are held against; the first one where it is not among them."""
PRINTED: Final = (
    "innovations_per_unit_year", "units_with_innovation", "delivery_months", "delivery_cv", "abandoned",
    "abandoned_first_phase", "abandoned_cost", "abandoned_policy", "abandoned_no_support", "abandoned_exhausted",
    "abandoned_emptied", "solution_quality", "level", "quality", "trust", "trust_change", "members_trust",
    "members_trust_gain", "optimism_change", "identity_change", "climate_change", "seated", "accepted", "attendance",
    "dropout", "first_win_month", "arenas_with_win", "trust_before_wins", "wins_before_trust", "engagement_peak",
    "capacity_peak", "reuse_per_unit_year",
)  # fmt: skip
"""What design note F8 says must be printed for every rival, as far as it is one number a run."""
TRAITS: Final = ("people.trust", "people.optimism", "people.identity", "organisation.climate")
"""The project's four factors, moved between the ends of their priors when a study names none of its own."""
ELASTIC: Final = ("innovations_per_unit_year", "delivery_months", "solution_quality")
"""Outcomes whose dependence on the traits is told: how much, how fast, how good."""
FEWEST_FOR_SIGNS: Final = 40
"""Below so many replicates no sign is told: in the prototype behind the design five seeds turned two of them round
(design note F7)."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """What a comparison of theories found.

    Parameters
    ----------
    names, null : the theories, and the one the others are held against
    tables : what `describe_rivals` returns
    rivals : frame [process, quantity, unit, mean, low, high, n, undefined]
    differences : frame [process, quantity, unit, null_mean, mean, low, high, share_mean, share_low, share_high, n,
        undefined, sign]
        Of a theory less the null theory, over the same lucks; ``share`` is over the null theory's mean.
    elasticity : frame [process, factor, low_value, high_value, quantity, unit, base, mean, low, high, n, sign,
        beyond_null, beyond_null_low, beyond_null_high]
        What moving the factor from its low to its high value adds, as a share of the theory's own mean; and how much
        more that is than under the null theory.
    sampled : the runs behind it
    """

    names: tuple[str, ...]
    null: str
    tables: pd.DataFrame
    rivals: pd.DataFrame
    differences: pd.DataFrame
    elasticity: pd.DataFrame
    sampled: Sampled


def describe_rivals(models: Sequence[tuple[str, ProcessModel]]) -> pd.DataFrame:
    """Return the tables of theories side by side, one row a theory.

    Parameters
    ----------
    models : theories by the word that names each

    Returns
    -------
    frame [process, title, constructs, arrows, loops, balancing_loops, rho, rho_added, rho_averaged, critical_gain,
    stable_states, phases, decisions, drivers, gates, start, feedback, wins_to_trust, combine, scale, sources, assumed]
        ``critical_gain`` is NaN where nothing tips; ``stable_states`` counts those of the arrows at their declared
        strength, NaN where starts did not come to rest; ``drivers`` says what moves each phase on; ``sources`` counts
        works, ``assumed`` arrows and phases that rest on none.
    """
    return pd.DataFrame([_describe(name, model) for name, model in models])


def _describe(name: str, model: ProcessModel) -> dict[str, Any]:
    facts = graph_facts(model)
    states = find_stable_states(model)
    names = model.construct_names
    taught = [
        f"{field.name.replace('_', ' ')} {number_words(level)}"
        for field in fields(Feedback)
        if field.type == "float" and field.name != "wins_to_trust" and (level := getattr(model.feedback, field.name))
    ]
    gates = [
        f"{phase.name}: {form_words(phase.hazard, names)}"
        if not phase.hazard.gate
        else f"{phase.name}: {phase.hazard.gate}"
        for phase in model.phases
        if phase.hazard.gate or phase.hazard.form == "threshold"
    ]
    return {
        "process": name,
        "title": model.title,
        "constructs": len(model.constructs),
        "arrows": len(model.arrows),
        "loops": len(facts.loops),
        "balancing_loops": sum(not loop.is_reinforcing for loop in facts.loops),
        "rho": facts.rho,
        "rho_added": facts.rho_add,
        "rho_averaged": facts.rho_average,
        "critical_gain": math.nan if facts.critical_gain is None else facts.critical_gain,
        "stable_states": states.n if states.all_rest else math.nan,
        "phases": len(model.phases),
        "decisions": "; ".join(f"{one.name}: {decision_words(one)}" for one in model.phases if one.decision != "none"),
        "drivers": "; ".join(f"{phase.name}: {hazard_words(phase.hazard, names)}" for phase in model.phases),
        "gates": "; ".join(gates),
        "start": start_words(model) if model.start else "",
        "feedback": ", ".join(taught),
        "wins_to_trust": model.feedback.wins_to_trust,
        "combine": model.combine,
        "scale": model.scale,
        "sources": len(model.sources),
        "assumed": [one.source for one in model.arrows].count(ASSUMED)
        + [one.source for one in model.phases].count(ASSUMED),
    }


def compare_rivals(
    study: Study,
    store: RunStore,
    *,
    where: Elsewhere = HERE,
    on_done: OnDone | None = None,
    quantities: Sequence[str] = PRINTED,
) -> Rivals:
    """Return what the study's theories do in its first scenario, each to the same people with the same luck.

    Replicates are added by the study's own rule, until the widest difference of its first outcome from the null theory
    is narrow enough. Factors of the study, or else the project's four traits, are moved one at a time between their
    ends.

    Parameters
    ----------
    study : with two or more theories; scenarios beyond the first are not used
    store : takes the runs, and has those that were made before
    where, on_done : see `execute.execute`
    quantities : outcomes to set side by side, beside those that the study names

    Raises
    ------
    StoreError, StudyError
        Runs cannot be kept, or not be made where they should.
    """
    names = tuple(name for name, _ in study.processes)
    null = names.index(NULL) if NULL in names else 0
    columns = tuple(dict.fromkeys((*study.outcomes, *quantities, *ELASTIC)))
    moved = _factors_of(study)
    order = [null, *(at for at in range(len(names)) if at != null)]
    points = [point_at(study.baseline, *study.processes[at]) for at in order]
    for at in order:
        points += _points_moved(study, at, moved)
    rule = study.replicates

    def is_enough(values: Array) -> bool:
        return half_width(values[: len(names), :, 0], as_share=rule.width_in == "share") <= rule.width

    sampled = sample_until(
        points,
        columns,
        rule,
        store,
        budget=study.budget,
        where=where,
        on_done=on_done,
        is_enough=is_enough if rule.width > 0.0 and len(names) > 1 else None,
    )
    ordered = tuple(names[at] for at in order)
    base = sampled.values[: len(names)]
    ends = sampled.values[len(names) :].reshape(len(names), len(moved), 2, *base.shape[1:])
    return Rivals(
        ordered,
        ordered[0],
        describe_rivals([study.processes[at] for at in order]),
        tell_levels(ordered, columns, base),
        tell_against_null(ordered, columns, base),
        tell_elasticity(ordered, moved, columns, base, ends),
        sampled,
    )


Moved = tuple[str, float, float]


def _factors_of(study: Study) -> tuple[Moved, ...]:
    """Return what is moved, with its two values: the study's parameters that have an order, or else the traits."""
    own = tuple(
        (one.name, one.low, one.high)
        for one in study.factors
        if one.kind != "choice" and one.name != PROCESS and not one.name.startswith(MECHANISM)
    )
    declared = (read_declarations()[name] for name in TRAITS)
    return own or tuple((one.name, one.prior_low, one.prior_high) for one in declared)


def _points_moved(study: Study, at: int, moved: Sequence[Moved]) -> list[Point]:
    process, model = study.processes[at]
    return [point_at(study.baseline, process, model, {name: end}) for name, *ends in moved for end in ends]


def tell_levels(names: Sequence[str], columns: Sequence[str], values: Array) -> pd.DataFrame:
    """Return the mean of every quantity under every theory, frame [process, quantity, unit, mean, low, high, n,
    undefined].

    Parameters
    ----------
    names : theories
    columns : quantities
    values : array [theory, replicate, quantity]
        NaN where a quantity is not defined; the mean is of the others.
    """
    rows = []
    for place, column in enumerate(columns):
        for at, name in enumerate(names):
            known = interval_of_mean(values[at, :, place])
            row = {"process": name, "quantity": column, "unit": OUTCOMES[column].unit}
            rows.append(row | _told(known) | {"undefined": values.shape[1] - known.n})
    return pd.DataFrame(rows)


def tell_against_null(names: Sequence[str], columns: Sequence[str], values: Array) -> pd.DataFrame:
    """Return what every theory does that the first one, the null theory, does not; see `Rivals.differences`.

    ``sign`` is ``more`` or ``less`` where a difference stands out among those of all theories in that quantity (Holm,
    5 per cent in all), ``cannot tell`` where it does not, and ``too few runs`` below 40 pairs.

    Parameters
    ----------
    names, columns, values : as in `tell_levels`, the null theory first
    """
    rows: list[dict[str, Any]] = []
    for place, column in enumerate(columns):
        pairs = values[1:, :, place] - values[0, :, place]
        found = [interval_of_mean(one) for one in pairs]
        for at, (one, sign) in enumerate(zip(found, tell_signs(found), strict=True)):
            both = np.isfinite(pairs[at])
            level = float(values[0, both, place].mean()) if both.any() else math.nan
            times = 1.0 / abs(level) if level else math.nan
            rows.append(
                {"process": names[at + 1], "quantity": column, "unit": OUTCOMES[column].unit, "null_mean": level}
                | _told(one)
                | {f"share_{end}": getattr(one, end) * times for end in ("mean", "low", "high")}
                | {"undefined": int((~both).sum()), "sign": sign}
            )
    return pd.DataFrame(rows)


def tell_elasticity(
    names: Sequence[str], moved: Sequence[Moved], columns: Sequence[str], base: Array, ends: Array
) -> pd.DataFrame:
    """Return how far outcomes follow each factor under each theory; see `Rivals.elasticity`.

    Parameters
    ----------
    names : theories, the null theory first
    moved : factors with their low and high values
    columns : quantities, ELASTIC among them
    base : array [theory, replicate, quantity]
    ends : array [theory, factor, 2, replicate, quantity]
    """
    rows: list[dict[str, Any]] = []
    for outcome in ELASTIC:
        place = columns.index(outcome)
        levels = [_mean_of(one) for one in base[:, :, place]]
        shares = (ends[:, :, 1, :, place] - ends[:, :, 0, :, place]) / np.array(levels)[:, None, None]
        for number, (factor, low, high) in enumerate(moved):
            found = [interval_of_mean(one) for one in shares[:, number]]
            for at, (one, sign) in enumerate(zip(found, tell_signs(found), strict=True)):
                beyond = interval_of_mean(shares[at, number] - shares[0, number])
                rows.append(
                    {"process": names[at], "factor": factor, "low_value": low, "high_value": high, "quantity": outcome,
                     "unit": "share", "base": levels[at]}
                    | _told(one)
                    | {"sign": sign, "beyond_null": beyond.mean, "beyond_null_low": beyond.low,
                       "beyond_null_high": beyond.high}
                )  # fmt: skip
    return pd.DataFrame(rows)


def tell_signs(found: Sequence[Interval]) -> list[str]:
    """Return of each of several mean differences whether it is more, less, or cannot be told, all at 5 per cent (Holm).

    Examples
    --------
    >>> tell_signs([Interval(1.0, 0.9, 1.1, 40), Interval(0.1, -0.9, 1.1, 40), Interval(1.0, 0.9, 1.1, 20)])
    ['more', 'cannot tell', 'too few runs']
    """
    chances = np.array([_chance_of_none(one) for one in found])
    words = []
    for one, stands in zip(found, stand_out(chances, ERROR), strict=True):
        if one.n < FEWEST_FOR_SIGNS:
            words.append("too few runs")
        else:
            words.append(("more" if one.mean > 0.0 else "less") if stands else "cannot tell")
    return words


def _chance_of_none(one: Interval) -> float:
    """Return the two-sided chance of a mean so far from none, from its Student interval."""
    if one.n < 2 or one.mean == 0.0:
        return 1.0
    half = one.high - one.mean
    if half <= 0.0:
        return 0.0
    # The interval's half width is Student's point times the standard error.
    error = half / student_point(one.n - 1)
    return 2.0 * float(stats.t.sf(abs(one.mean) / error, one.n - 1))


def _told(one: Interval) -> dict[str, Any]:
    return {"mean": one.mean, "low": one.low, "high": one.high, "n": one.n}


def _mean_of(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan
