"""What a comparison of rival theories found, as a page. Floor 7."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from cosim.report.document import ALWAYS, IF_ROOM, USUALLY, Block, Document, Heading, Paragraph
from cosim.report.plots.confusion import describe_confusion, plot_confusion
from cosim.report.plots.recovery import describe_recovery, plot_recovery
from cosim.report.plots.rivals import describe_rivals as describe_levels
from cosim.report.plots.rivals import plot_rivals
from cosim.report.plots.separability import describe_separability, plot_separability
from cosim.report.wording import listed, per_cent
from cosim.study.definition import Study
from cosim.study.guards import look_at_failures, look_at_outcomes
from cosim.study.hysteresis import Hysteresis
from cosim.study.keeping import Finding, draw_figure
from cosim.study.planner import DataPlan
from cosim.study.points import point_at
from cosim.study.rivals import FEWEST_FOR_SIGNS, Rivals
from cosim.study.separability import PEOPLE, Separability
from cosim.study.telling import CAVEATS, birth, guards_block, records, table_block

SHOWN = (
    "innovations_per_unit_year",
    "delivery_months",
    "delivery_cv",
    "solution_quality",
    "abandoned",
    "level",
    "members_trust_gain",
    "engagement_peak",
    "dropout",
)
"""Quantities that the picture shows; the tables have all."""


def tell_rivals(
    study: Study,
    rivals: Rivals,
    shocked: Hysteresis,
    separated: Separability | None,
    plan: DataPlan | None,
    command: str,
) -> Finding:
    """Return the page of rivals: their tables, patterns, what moves them, a blow to trust, telling them apart."""
    shown = rivals.rivals[rivals.rivals["quantity"].isin(SHOWN)]
    side = rivals.tables[
        [
            "process",
            "arrows",
            "loops",
            "rho",
            "critical_gain",
            "stable_states",
            "phases",
            "decisions",
            "combine",
            "drivers",
        ]
    ]
    blocks: list[Block] = [
        Heading("The tables side by side"),
        table_block(side, "What each theory says: arrows, loops, spectral radius, tipping point, phases", ALWAYS),
        Heading("The same people and the same luck under each"),
        draw_figure(
            "rivals", plot_rivals, describe_levels, shown, "Base hazards are matched: they differ in pattern", ALWAYS
        ),
        table_block(_clear(rivals), f"Clear differences from {rivals.null}, as a share of it", USUALLY),
        Heading("What moves them"),
        table_block(
            _moves(rivals.elasticity), "From the low to the high end of each factor, share of the mean", USUALLY
        ),
        Heading("A blow to trust, and its removal"),
        draw_figure(
            "recovery",
            lambda frame: plot_recovery(frame, shock_month=shocked.shock.month),
            describe_recovery,
            shocked.recovery,
            "Members' trust with the blow less without it, on the same luck",
        ),
        table_block(_healing(shocked.indices), "How deep, how long, and what is left", USUALLY),
        Heading("Which moves first"),
        table_block(shocked.order, "Order of the constructs", IF_ROOM),
    ]
    if separated is not None and plan is not None:
        people = separated.table[separated.table["seen"] == PEOPLE]
        best = people.sort_values("accuracy", kind="stable").iloc[-1]
        confusion = separated.at(separated.confusion, PEOPLE, int(best["arenas"]), int(best["waves"]), best["noise"])
        blocks += [
            Heading("Could data tell them apart?"),
            *[Paragraph(one, USUALLY) for one in plan.words],
            draw_figure("separability", plot_separability, describe_separability, people, "By arenas, waves and error"),
            draw_figure(
                "confusion", plot_confusion, describe_confusion, confusion,
                f"{best['arenas']:.0f} arenas, {best['waves']:.0f} waves, error {best['noise']:g}", USUALLY,
            ),
        ]  # fmt: skip
    guards = look_at_outcomes(rivals.sampled.columns, rivals.sampled.values) + look_at_failures(rivals.sampled.made)
    document = Document(
        title=f"Rival theories in {study.baseline.title}",
        question="On the same people and the same luck, where do the theories part, and could data tell?",
        answer=tuple(_answer(rivals, shocked, plan)),
        blocks=(*blocks, *guards_block(guards)),
        caveats=(
            "Theories are judged against one another inside one model: people, talk and search are the same under all.",
            *CAVEATS[:2],
        ),
        command=command,
        provenance=birth(study, rivals.sampled.made, rivals.sampled.ended),
    )
    points = [point_at(study.baseline, word, model) for word, model in study.processes]
    tables = {
        "theories": rivals.tables,
        "rivals": rivals.rivals,
        "differences": rivals.differences,
        "elasticity": rivals.elasticity,
        "recovery": shocked.recovery,
        "gaps": shocked.gaps,
        "shock": shocked.indices,
        "paths": shocked.paths,
        "order": shocked.order,
        "abandonment": shocked.abandonment,
        "trust": shocked.trust,
    }
    if separated is not None and plan is not None:
        tables |= {"separability": separated.table, "confusion": separated.confusion, "pairs": separated.pairs}
        tables["data-options"] = plan.options
    n = rivals.sampled.values.shape[1]
    return Finding(document, tables, points, n, rivals.sampled.columns, guards=guards)


def _answer(rivals: Rivals, shocked: Hysteresis, plan: DataPlan | None) -> list[str]:
    told = []
    times = rivals.rivals[rivals.rivals["quantity"] == "delivery_cv"].dropna(subset=["mean"]).sort_values("mean")
    if len(times) > 1:
        low, high = times.iloc[0], times.iloc[-1]
        apart = "clearly" if low["high"] < high["low"] else "perhaps"
        told.append(
            f"Delivery times spread least under {low['process']} (CV {low['mean']:.2f}, {low['low']:.2f} to "
            f"{low['high']:.2f}) and most under {high['process']} ({high['mean']:.2f}, {high['low']:.2f} to "
            f"{high['high']:.2f}): {apart} apart."
        )
    trust = rivals.elasticity[
        (rivals.elasticity["factor"] == "people.trust")
        & (rivals.elasticity["quantity"] == "innovations_per_unit_year")
        & rivals.elasticity["mean"].notna()
    ]
    if len(trust):
        clear = trust[trust["sign"].isin(["more", "less"])].sort_values("mean", ascending=False)
        parts = [
            f"{row['process']} {per_cent(row['mean'])} ({per_cent(row['low'])} to {per_cent(row['high'])})"
            for row in records(clear)
        ]
        said = listed(parts) if parts else "none of them, as far as can be told"
        few = bool((trust["sign"] == "too few runs").all())
        told.append(
            f"Too few lucks to tell a sign: {FEWEST_FOR_SIGNS} are wanted."
            if few
            else f"Moving starting trust from low to high changes the pace of innovation under {said}."
        )
        if few:
            return told + ([plan.words[0]] if plan is not None else [])
    # One of several theories leaves 0 out by luck often enough: the error is shared by all of them.
    left = [
        str(row["process"])
        for row in records(shocked.indices)
        if row["hysteresis"] - (row["hysteresis"] - row["hysteresis_low"]) * _wider(len(shocked.indices)) > 0.0
    ]
    told.append(
        f"After a blow to trust that is taken back, output is still missing two years later under "
        f"{listed(left) if left else 'none of them, as far as can be told'}; the table of what is left has the figures."
    )
    return told + ([plan.words[0]] if plan is not None else [])


def _wider(n: int) -> float:
    """Return how much wider an interval of 95 per cent is when its error is shared by so many (Bonferroni, normal)."""
    return float(stats.norm.isf(0.025 / max(n, 1)) / stats.norm.isf(0.025))


def _clear(rivals: Rivals) -> pd.DataFrame:
    frame = rivals.differences[rivals.differences["sign"].isin(["more", "less"])]
    return _words(frame, ["quantity", "process", "sign"], {"difference": ("share_mean", "share_low", "share_high")})


def _moves(frame: pd.DataFrame) -> pd.DataFrame:
    return _words(frame, ["process", "factor", "quantity"], {"change": ("mean", "low", "high")})


def _healing(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "deepest fall": ("deepest", "deepest_low", "deepest_high"),
        "output still missing": ("hysteresis", "hysteresis_low", "hysteresis_high"),
    }
    table = _words(frame, ["process"], columns)
    months = [f"{m:g} ({a:g} to {b:g})" for m, a, b in frame[["half_gone", "half_low", "half_high"]].to_numpy(float)]
    return table.assign(**{"months until half is gone": months})


def _words(frame: pd.DataFrame, kept: list[str], told: dict[str, tuple[str, str, str]]) -> pd.DataFrame:
    """Return columns of a frame as they are, and others as a share with its interval in words."""
    table = frame[kept].reset_index(drop=True)
    for name, (mean, low, high) in told.items():
        table[name] = [
            f"{per_cent(m, 1)} ({per_cent(a, 1)} to {per_cent(b, 1)})" if m == m else "–"
            for m, a, b in frame[[mean, low, high]].to_numpy(float)
        ]
    return table
