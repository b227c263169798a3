"""What became of claims, as a page. Floor 7."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cosim.report.document import ALWAYS, USUALLY, Block, Document, Heading, Paragraph
from cosim.report.plots.foundations import describe_foundations, plot_foundations
from cosim.report.plots.knockouts import describe_knockouts, plot_knockouts
from cosim.report.plots.verdicts import describe_verdicts, plot_verdicts
from cosim.report.wording import listed
from cosim.results.provenance import read_commit, read_version
from cosim.study.claims import Judged, KnockedOut, Trial
from cosim.study.factors import MECHANISM
from cosim.study.guards import look_at_failures
from cosim.study.keeping import Finding, draw_figure
from cosim.study.knockouts import HELD_BACK_BY, RESTS_ON
from cosim.study.points import Point, model_version
from cosim.study.telling import CAVEATS, guards_block, runs_words, table_block


def tell_claims(
    title: str,
    question: str,
    world: str,
    judged: Judged,
    knocked: Mapping[str, KnockedOut],
    expected: Sequence[str],
    command: str,
) -> Finding:
    """Return the page of verdicts, with their tables and runs.

    Parameters
    ----------
    world : the scenario in which they were judged
    knocked : what rests on which mechanism, by theory; may be empty
    expected : of a study's claims, sentences on those that were expected to hold or fail under a theory, and whether
        they did
    """
    rows = judged.verdicts
    counts = rows["verdict"].value_counts()
    verbs = {"holds": "hold", "fails": "fail", "depends": "depend on where one looks", "undecided": "are undecided"}
    verb = {"holds": "holds", "fails": "fails", "depends": "depends on where one looks", "undecided": "is undecided"}
    named = [(int(counts.get(word, 0)), word) for word in verbs]
    told = ", ".join(f"{n} {verb[word] if n == 1 else verbs[word]}" for n, word in named if n)
    answer = [f"Of {len(rows)} claims judged in {world}: {told}."]
    failing = rows[rows["verdict"] == "fails"]
    if len(failing) and not expected:
        names = "; ".join(f"{row.theory}: {row.claim}" for row in failing.itertuples())
        answer.append(f"A theory does not keep its own word in these: {names}.")
    answer += expected
    for name, one in knocked.items():
        answer += rests_words(name, one.rests)
    blocks: list[Block] = [
        draw_figure("verdicts", plot_verdicts, describe_verdicts, rows, "Each claim's effect against its margin",
        ALWAYS), Heading("In words"), table_block(
            rows[["theory", "claim", "verdict", "statement", "sentence", "runs"]].reset_index(drop=True),
            "Claims, verdicts and the runs spent on each", USUALLY,
        ),
    ]  # fmt: skip
    tables = {"verdicts": rows}
    for name, one in knocked.items():
        frame = effects_frame(one)
        caption = f"What becomes of the outcomes when a part of {name} is taken out"
        blocks += [
            Heading(f"What rests on what in {name}"),
            draw_figure(f"knockouts-{name}", plot_knockouts, describe_knockouts, frame, caption),
            draw_figure(
                f"foundations-{name}",
                plot_foundations,
                describe_foundations,
                one.rests,
                f"Which claim of {name} rests on which mechanism",
            ),
            table_block(one.rests, f"Which claim of {name} rests on which mechanism", USUALLY),
        ]
        tables |= {f"knockouts-{name}": one.effects, f"rests-{name}": one.rests}
    if knocked:
        said = "Mechanisms were taken out in a fractional design; pairs that share a row cannot be told apart."
        blocks.append(Paragraph(said, USUALLY))
    every = [*judged.trials, *(trial for one in knocked.values() for trial in one.trials)]
    also: list[tuple[Sequence[Point], int]] = [(one.points, trial_lucks(one)) for one in every]
    also += [(one.points, one.replicates) for one in knocked.values()]
    made = (*judged.made, *(done for one in knocked.values() for done in one.made))
    guards = [*look_at_verdicts(judged.trials), *look_at_failures(made)]
    commit, _dirty = read_commit()
    document = Document(
        title=title,
        question=question,
        answer=tuple(answer),
        blocks=(*blocks, *guards_block(guards)),
        caveats=(
            "A claim that is false is said to hold in at most about one of twenty tries, over all looks and its whole "
            "domain; for very long-tailed luck somewhat oftener (tests/verification shows how often).",
            *CAVEATS,
        ),
        command=command,
        provenance=(
            ("world", world),
            ("runs", runs_words(made)),
            ("cosim", f"{read_version()}, model {model_version()}"),
            ("commit", (commit or "none")[:12]),
        ),
    )
    columns = sorted({column for trial in every for column in trial.columns})
    return Finding(document, tables, (), 0, columns, also=also, guards=guards)


def look_at_verdicts(trials: Sequence[Trial]) -> list[str]:
    """Return a sentence for each claim whose outcome was undefined in a tenth of its replicates or more."""
    told = {}
    for one in trials:
        found = one.verdict
        if found is not None and found.dropped >= 0.1 * max(found.replicates + found.dropped, 1):
            share = found.dropped / (found.replicates + found.dropped)
            what = f"{one.model.name}, {one.claim.id}: {' or '.join(one.columns)}"
            told[one.model.name, one.claim.id] = f"{what} is not defined in {share:.0%} of the lucks"
    return list(told.values())


def trial_lucks(trial: Trial) -> int:
    """Return how many lucks a trial's points met."""
    return 0 if trial.verdict is None else trial.verdict.replicates + trial.verdict.dropped


def rests_words(name: str, rests: pd.DataFrame) -> list[str]:
    """Return which claims of a theory rest on which mechanisms, in sentences."""
    told = []
    for claim, rows in rests.groupby("claim", sort=False):
        on = [str(one) for one in rows.loc[rows["word"] == RESTS_ON, "mechanism"]]
        back = [str(one) for one in rows.loc[rows["word"] == HELD_BACK_BY, "mechanism"]]
        if on:
            told.append(f"{name}: {claim} rests on {listed(on)}; without it, it does not hold.")
        if back:
            told.append(f"{name}: {claim} is held back by {listed(back)}; without it, it holds.")
    return told or [f"{name}: no claim could be shown to rest on one of the mechanisms that were taken out."]


def effects_frame(knocked: KnockedOut) -> pd.DataFrame:
    """Return the effects of mechanisms as the pictures want them."""
    frame = knocked.effects.rename(columns={"terms": "mechanism"})
    frame["mechanism"] = frame["mechanism"].str.replace(MECHANISM, "", regex=False)  # every name begins with it
    return frame.assign(kind=frame["order"].map({1: "main", 2: "interaction"}))
