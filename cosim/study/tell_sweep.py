"""What a sweep found, as a page. Floor 7."""

from __future__ import annotations

from typing import Final

import pandas as pd

from cosim.report.document import ALWAYS, IF_ROOM, USUALLY, Block, Document, Heading, Paragraph
from cosim.report.plots.convergence import describe_convergence, plot_convergence
from cosim.report.plots.indices import describe_indices, plot_indices
from cosim.report.plots.interactions import describe_interactions, plot_interactions
from cosim.report.plots.screening import describe_screening, plot_screening
from cosim.report.plots.tornado import describe_tornado, plot_tornado
from cosim.study.definition import Study
from cosim.study.guards import look_at_failures
from cosim.study.keeping import Finding, draw_figure
from cosim.study.points import points_of_design
from cosim.study.sweep import INDEX, Swept
from cosim.study.telling import CAVEATS, birth, guards_block, table_block

METHOD_WORDS: Final = {
    "sobol": "Shares of the outcome's variance over the ranges (Sobol): S1 alone, ST with all it acts together with. "
    "What chance adds has been taken out, and is told beside them",
    "morris": "Screening (Morris): mu* is the mean size of what a step of a factor does, sigma how much that varies",
    "pawn": "PAWN: how far fixing a factor moves the whole distribution of the outcome (0..1)",
    "delta": "Delta: how much of the outcome's whole distribution a factor decides (0..1)",
}


def _beside_block(beside: pd.DataFrame) -> list[Block]:
    """Return what PAWN says of the same runs, the largest first; nothing where it was not asked."""
    if beside.empty:
        return []
    shown = beside[beside["kind"].isin(["median", "median_by_chance"])]
    wide = shown.pivot_table(index=["outcome", "factor"], columns="kind", values="value", sort=False).reset_index()
    wide = wide.sort_values(["outcome", "median"], ascending=[True, False]).reset_index(drop=True)
    return [
        table_block(wide.rename_axis(columns=None), f"Beside it, from the same runs. {METHOD_WORDS['pawn']}", IF_ROOM)
    ]


def tell_sweep(study: Study, swept: Swept, command: str) -> Finding:
    """Return a sweep's page, tables and runs."""
    indices = swept.indices
    figures: list[Block] = [
        draw_figure("tornado", plot_tornado, describe_tornado, swept.tornado, "One factor at a time, the others as the "
                    "scenario has them", ALWAYS)
    ]  # fmt: skip
    method = swept.design.method
    if method == "morris":
        figures.insert(0, draw_figure("screening", plot_screening, describe_screening, indices, METHOD_WORDS[method]))
    else:
        caption = METHOD_WORDS[method]
        figures.insert(0, draw_figure("indices", plot_indices, describe_indices, indices, caption, ALWAYS))
    kind = INDEX[method]
    width = 0.1 if study.sweep is None else study.sweep.until
    if swept.convergence["n"].nunique() > 1:
        figures.append(
            draw_figure(
                "convergence",
                lambda frame: plot_convergence(frame, kind=kind),
                lambda frame: describe_convergence(frame, kind=kind, width=width),
                swept.convergence,
                f"Whether {kind} has settled: the same index from fewer blocks of the same design",
            )
        )
    if swept.design.second_order:
        caption = "Shares of variance that pairs of factors make together (S2)"
        figures.append(draw_figure("interactions", plot_interactions, describe_interactions, indices, caption))
    shown = indices[indices["kind"].isin([kind, "S1", "chance", "mu_star", "median", "delta"])]
    table = shown[["outcome", "factor", "kind", "value", "low", "high", "note"]].reset_index(drop=True)
    design = swept.design
    runs = (
        f"{len(design.values):,} points ({design.n:,} blocks) with {swept.values.shape[1]} lucks each, the same lucks "
        f"at every point; {swept.ended}."
    )
    guards = [*swept.guards, *look_at_failures(swept.made)]
    document = Document(
        title=study.title,
        question=study.question,
        answer=swept.sentences,
        blocks=(
            Heading("Which factors matter"),
            *figures,
            Heading("In numbers"),
            Paragraph(runs, USUALLY),
            table_block(table, "Indices with 95 % intervals", IF_ROOM),
            *_beside_block(swept.beside),
            Heading("The answer in Norwegian"),
            *[Paragraph(one, IF_ROOM) for one in swept.setninger],
            *guards_block(guards),
        ),
        caveats=(
            "Shares of variance hold over the ranges that were given and no further: a wider range makes a factor "
            "matter more.",
            *CAVEATS,
        ),
        command=command,
        provenance=birth(study, swept.made, swept.ended),
    )
    points = points_of_design(study.baseline, study.processes, study.factors, design.values)
    levels = pd.DataFrame(design.values, columns=[factor.name for factor in design.factors])
    means = pd.DataFrame(swept.values.mean(axis=1), columns=[f"mean of {name}" for name in study.outcomes])
    tables = {
        "indices": indices,
        "convergence": swept.convergence,
        "tornado": swept.tornado,
        **({} if swept.beside.empty else {"pawn": swept.beside}),
        "design": pd.concat([levels, means], axis=1),
    }
    n = swept.values.shape[1]
    return Finding(document, tables, points, n, study.outcomes, also=[(swept.ends, n)], guards=guards)
