"""What a comparison of policies found, as a page and as a brief of two pages. Floor 7."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from cosim.measurement.observe import OUTCOMES
from cosim.report.document import ALWAYS, IF_ROOM, USUALLY, Block, Document, Heading, Paragraph
from cosim.report.plots.differences import describe_differences, plot_differences
from cosim.report.plots.discovery import describe_boxes, plot_boxes
from cosim.report.plots.gains import describe_gains, plot_gains
from cosim.report.plots.narrowing import describe_narrowing, plot_narrowing
from cosim.report.plots.regret import describe_regret, plot_regret
from cosim.report.wording import per_cent
from cosim.study.definition import Study
from cosim.study.differences import replicates_needed
from cosim.study.guards import look_at_failures, look_at_outcomes, look_at_twins
from cosim.study.keeping import Finding, draw_figure
from cosim.study.planner import look_at_precision
from cosim.study.points import point_at
from cosim.study.policy import Comparison
from cosim.study.robustness import Robust
from cosim.study.telling import (
    CAVEATS,
    Row,
    birth,
    change_words,
    guards_block,
    is_slight,
    money_words,
    name_outcome,
    records,
    rows_by,
    share_words,
    table_block,
)

WORDS_OF_VERDICT: Final = {"no gain that can be told from none": "shows no gain that can be told from none"}
MOST_OF_A_BRIEF: Final = 4
"""Outcomes that a brief shows; the page has all of them."""


def tell_policy(study: Study, found: Comparison, robust: Robust | None, command: str) -> Finding:
    """Return a comparison's page, brief, tables and runs."""
    titles = {one.name: one.title for one in study.scenarios}
    answer = answer_policy(study, found, robust)
    whole = found.differences[found.differences["outcome"].isin(study.outcomes)]
    forest = draw_figure(
        "differences", plot_differences, describe_differences, whole,
        f"Difference from {titles[found.names[0]]}, as a share of it; the same lucks on both sides", ALWAYS,
    )  # fmt: skip
    told = _difference_table(whole)
    costs = _cost_table(found.costs)
    blocks: list[Block] = [
        Heading("What changes"),
        forest,
        table_block(told, "Differences from the baseline with 95 % intervals", USUALLY),
        Heading("What it costs"),
        table_block(costs, "What one more costs, paired over the same lucks (NOK)", ALWAYS),
    ]
    known = found.groups[~found.groups["suppressed"] & found.groups["mean"].notna()]
    if len(known):
        blocks.append(Heading("Who gains"))
        for name in dict.fromkeys(known["outcome"]):
            caption = f"Each group's difference from the baseline: {name.replace('_', ' ')}"
            rows = found.groups[found.groups["outcome"] == name]
            rows = rows[rows["suppressed"] | rows["mean"].notna()]
            blocks.append(draw_figure(f"gains-{name.replace('_', '-')}", plot_gains, describe_gains, rows, caption))
    if robust is not None:
        blocks += _robust_blocks(robust)
    narrow = found.narrowing
    if narrow["n"].nunique() > 1:
        caption = "How the interval narrowed as lucks were added"
        blocks += [Heading("Were there lucks enough?")]
        blocks += [draw_figure("narrowing", plot_narrowing, describe_narrowing, narrow, caption, IF_ROOM)]
    blocks += [Paragraph(one, IF_ROOM) for one in (*reached_words(study, found), pairing_words(found))]
    values = found.sampled.values
    guards = look_at_outcomes(study.outcomes, values[:, :, : len(study.outcomes)])
    pairs = np.stack([np.stack([values[place], values[0]]) for place in range(1, len(found.names))])
    guards += look_at_twins(found.names[1:], pairs, "the alternative")
    made = found.sampled.made + (() if robust is None else (robust.made,))
    guards += look_at_failures(made)
    document = Document(
        title=study.title,
        question=study.question,
        answer=answer,
        blocks=(*blocks, *guards_block(guards)),
        caveats=CAVEATS,
        command=command,
        provenance=birth(study, made, found.sampled.ended),
    )
    points = [point_at(one, *study.processes[0]) for one in study.scenarios]
    also = [] if robust is None else [(robust.points, robust.replicates)]
    brief = replace(document, blocks=_brief_blocks(study, found, robust, titles))
    tables = {
        "differences": found.differences,
        "groups": found.groups,
        "costs": found.costs,
        "narrowing": narrow,
        **_robust_tables(robust),
    }
    return Finding(document, tables, points, values.shape[1], found.sampled.columns, brief, also, guards)


def _brief_blocks(study: Study, found: Comparison, robust: Robust | None, titles: dict[str, str]) -> tuple[Block, ...]:
    """Return what a council reads on two pages: few outcomes, cost, who gains, where it fails."""
    told = list(study.outcomes[:MOST_OF_A_BRIEF])
    whole = found.differences[found.differences["outcome"].isin(told)].replace({"alternative": titles})
    caption = f"Difference from {titles[found.names[0]]}, as a share of it; the same lucks on both sides"
    costs = _cost_table(found.costs.replace({"alternative": titles}))
    blocks: list[Block] = [
        Heading("What changes"),
        draw_figure("differences", plot_differences, describe_differences, whole, caption, ALWAYS),
        Heading("What it costs"),
        table_block(costs, "What one more costs, paired over the same lucks (NOK)", ALWAYS),
    ]
    if robust is not None:
        blocks.append(Heading("Where it fails"))
        for name, said in robust.failing.items():
            if name != found.names[0]:
                blocks.append(Paragraph(f"{titles[name]} {said} {_where_words(robust, name)}.", ALWAYS))
        if len(robust.satisfied):
            caption = "Share of worlds in which each gives what would satisfy"
            frame = robust.satisfied.replace({"alternative": titles})
            blocks.append(table_block(frame, caption, USUALLY, share="share", low="share", high="share"))
    seats = found.groups[found.groups["outcome"].isin(["seats_per_1000", "innovations_per_unit_year"])]
    known = seats[~seats["suppressed"] & seats["mean"].notna()].replace({"alternative": titles})
    if len(known):
        caption = "Each group's difference from the baseline; groups of few people are left out"
        blocks += [Heading("Who gains"), draw_figure("gains", plot_gains, describe_gains, known, caption, USUALLY)]
    blocks.append(Paragraph(pairing_words(found), IF_ROOM))
    return tuple(blocks)


def _where_words(robust: Robust, name: str) -> str:
    """Return in which part of the ranges an alternative fails, and in how many worlds."""
    boxes = robust.boxes.get(name)
    share = per_cent(robust.failed_share[name])
    tail = boxes[0].words() if boxes else "no part of the ranges stands out"
    return f"in {share} of the worlds tried: {tail}"


def answer_policy(study: Study, found: Comparison, robust: Robust | None) -> tuple[str, ...]:
    """Return the answer in sentences: the first outcome of each alternative, its cost, and where it fails."""
    first = study.outcomes[0]
    titles = {one.name: one.title for one in study.scenarios}
    sentences = []
    for name in found.names[1:]:
        rows = rows_by(found.differences[found.differences["alternative"] == name], "outcome")
        sentences.append(f"{titles[name]}: {verdict_words(rows[first], first)}")
        clear = [
            one
            for one in study.outcomes[1:]
            if one in rows and (rows[one]["low"] > 0.0 or rows[one]["high"] < 0.0) and not is_slight(rows[one])
        ]
        if clear:
            parts = [f"{name_outcome(one)} by {amount_words(rows[one])}" for one in clear[:4]]
            sentences.append(f"{titles[name]} also changes: {'; '.join(parts)}.")
        costs = rows_by(found.costs[found.costs["alternative"] == name], "gain")
        sentences.append(f"{titles[name]}: {cost_words(costs['innovation'])}")
        if robust is not None:
            sentences.append(f"{titles[name]} {robust.failing[name]} {_where_words(robust, name)}.")
    return tuple(sentences)


def verdict_words(row: Row, outcome: str) -> str:
    """Return what is known of a difference, the direction only where the interval leaves no doubt of it."""
    meaning, unit = name_outcome(outcome), OUTCOMES[outcome].unit
    told = change_words(row["mean"], row["low"], row["high"], int(row["n"]), unit)
    if not math.isfinite(row["low"]):
        return f"nothing can be said of {meaning} ({told}, {int(row['n'])} pairs)."
    share = f", {share_words(row)} of the baseline" if share_words(row) else ""
    if row["low"] > 0.0 or row["high"] < 0.0:
        way = "more" if row["low"] > 0.0 else "less"
        slight = " It is real in the model, and too small for anybody to notice." if is_slight(row) else ""
        return f"{way} of this: {meaning}. The difference is {told}{share}.{slight}"
    if row["low"] == row["high"] == 0.0:
        return f"no difference at all in {meaning}."
    return f"no difference could be shown in this: {meaning}. If there is one, it lies within {told}{share}."


def amount_words(row: Row) -> str:
    """Return a difference as a share of the baseline where that means something, else in its own unit."""
    own = change_words(row["mean"], row["low"], row["high"], int(row["n"]), row["unit"])
    return share_words(row) or own


def cost_words(row: Row) -> str:
    """Return what one more innovation costs, in a sentence; a cost that may be none is not told as one."""
    between = f"({money_words(row['cost_low'])} to {money_words(row['cost_high'])})"
    if row["cost_low"] > 0.0:
        spent = f"it costs NOK {money_words(row['extra_cost'])} {between} more over the whole run"
    elif row["cost_high"] < 0.0:
        spent = f"it changes the cost by NOK {money_words(row['extra_cost'])} {between} over the whole run"
    elif row["cost_low"] == row["cost_high"] == 0.0:
        spent = "it costs neither more nor less"
    else:
        spent = f"that it costs more or less cannot be told: NOK {money_words(row['extra_cost'])} {between} in all"
    if math.isfinite(row["per_gain"]):
        each = f"{money_words(row['low'])} to {money_words(row['high'])}"
        return f"{spent}, NOK {money_words(row['per_gain'])} for one more solution ({each})."
    return f"{spent}; in the number of solutions it {WORDS_OF_VERDICT.get(row['verdict'], row['verdict'])}."


def reached_words(study: Study, found: Comparison) -> list[str]:
    """Return whether the precision that was asked for was reached, for each alternative; nothing where none was."""
    rule, first = study.replicates, found.sampled.of(study.outcomes[0])
    if rule.width <= 0.0:
        return []
    base = abs(float(np.nanmean(first[0])))
    wanted = rule.width * (base if rule.width_in == "share" else 1.0)
    return [
        f"{name}: {look_at_precision(first[place] - first[0], wanted).words}"
        for place, name in enumerate(found.names[1:], 1)
    ]


def pairing_words(found: Comparison) -> str:
    """Return how many lucks the same precision would have taken without pairing."""
    rows = found.differences
    first = rows[rows["outcome"] == rows["outcome"].iloc[0]]
    parts = []
    for row in records(first):
        half = (row["high"] - row["low"]) / 2.0
        if not (half > 0.0 and math.isfinite(half)):
            continue
        apart = replicates_needed(row["sd_unpaired"], half)
        parts.append(f"{row['alternative']}: {row['n']:,} pairs do what {apart:,.0f} a side would without pairing")
    if not parts:
        return "Whether pairing helped cannot be told: the differences do not vary."
    return "The same lucks on both sides take away what both share. " + "; ".join(parts) + "."


def _difference_table(whole: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in records(whole):
        rows.append(
            {
                "alternative": row["alternative"],
                "outcome": row["outcome"],
                "baseline": change_words(row["baseline"], math.nan, math.nan, 1, row["unit"]),
                "difference": change_words(row["mean"], row["low"], row["high"], row["n"], row["unit"]),
                "share of baseline": share_words(row),
                "pairs": row["n"],
            }
        )
    return pd.DataFrame(rows)


def _cost_table(costs: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in records(costs):
        each = f"{money_words(row['per_gain'])} ({money_words(row['low'])} to {money_words(row['high'])})"
        rows.append(
            {
                "alternative": row["alternative"],
                "gain": row["gain"],
                "extra cost": money_words(row["extra_cost"]),
                "extra gain": f"{row['extra_gain']:.3g}",
                "cost of one more": each if math.isfinite(row["per_gain"]) else "–",
                "in words": row["verdict"],
            }
        )
    return pd.DataFrame(rows)


def _robust_blocks(robust: Robust) -> list[Block]:
    n = robust.means.shape[1]
    blocks: list[Block] = [
        Heading("Does it hold in a world we are unsure of?"),
        Paragraph(f"{n} worlds were drawn over the uncertain factors: {', '.join(robust.factors)}.", USUALLY),
        draw_figure(
            "regret", plot_regret, describe_regret, robust.regret,
            "Regret: what is lost against the best choice in each world", USUALLY,
        ),
    ]  # fmt: skip
    if len(robust.satisfied):
        caption = "Share of worlds in which each gives what would satisfy"
        blocks.append(table_block(robust.satisfied, caption, USUALLY, share="share", low="share", high="share"))
    frame = boxes_table(robust)
    if len(frame):
        blocks.append(draw_figure("boxes", plot_boxes, describe_boxes, frame, "Where it fails", USUALLY))
    for name, said in robust.failing.items():
        blocks.append(Paragraph(f"{name} {said} {_where_words(robust, name)}.", USUALLY))
    return blocks


def boxes_table(robust: Robust) -> pd.DataFrame:
    """Return the boxes as rows: box, factor, low, high, factor_low, factor_high, coverage, density."""
    return pd.DataFrame(
        [
            {
                "box": f"{name} {robust.failing[name]}", "factor": one.factor, "low": one.low, "high": one.high,
                "factor_low": one.factor_low, "factor_high": one.factor_high, "coverage": box.coverage,
                "density": box.density,
            }
            for name, boxes in robust.boxes.items() for box in boxes for one in box.bounds
        ],
        columns=["box", "factor", "low", "high", "factor_low", "factor_high", "coverage", "density"],
    )  # fmt: skip


def _robust_tables(robust: Robust | None) -> dict[str, pd.DataFrame]:
    if robust is None:
        return {}
    worlds = pd.DataFrame(robust.levels, columns=list(robust.factors))
    return {"regret": robust.regret, "satisfied": robust.satisfied, "boxes": boxes_table(robust), "worlds": worlds}
