"""The answer on the command line: in words for a person, as one document for a program."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any, Final

from cosim.cli.keeping import Kept
from cosim.evidence.targets import read_targets
from cosim.measurement.observe import OUTCOMES
from cosim.report.answer import KEY_OUTCOMES, tell_answer, tell_given
from cosim.report.tables import compare_with_targets, count_verdicts, summarise_outcomes
from cosim.report.wording import SHARE, interval_words, per_cent, within_bounds
from cosim.results.intervals import LEAST_FOR_VERDICTS, Interval
from cosim.results.provenance import read_version

WIDTH: Final = 100


def answer_text(kept: Kept, page: Path | None) -> str:
    """Return what a person reads when the runs are done."""
    if not kept.n_done:
        return _where(kept, page, [f"All {len(kept.failed)} replicates failed."])
    summary = summarise_outcomes(kept.outcomes)
    sentences = tell_answer(summary, kept.n_done, kept.scenario.months)
    lines = [textwrap.fill(one, WIDTH, subsequent_indent="  ") for one in sentences] + [""]
    told = [
        (name, _value(summary[name], OUTCOMES[name].unit, kept.n_done), _unit(name))
        for name in KEY_OUTCOMES
        if name in summary and summary[name].n
    ]
    width, wide = max(len(name) for name, _, _ in told), max(len(value) for _, value, _ in told)
    head = f"mean of {kept.n_done}" + (" (95 % interval)" if kept.n_done > 1 else ", no interval")
    wide = max(wide, len(head))
    lines.append(f"{'outcome':<{width}}  {head:<{wide}}  unit")
    lines += [f"{name:<{width}}  {value:<{wide}}  {unit}".rstrip() for name, value, unit in told]
    comparison = compare_with_targets(summary, read_targets())
    missed: list[Any] = list(comparison[comparison["verdict"] == "miss"].itertuples())
    hits, n_given, _, silent = count_verdicts(comparison)
    lines += [
        "",
        f"Beside what was measured in Norway: {hits} hit{tell_given(n_given)}, {len(missed)} missed, "
        f"no verdict on {silent}"
        + (f" (it takes {LEAST_FOR_VERDICTS} replicates)." if kept.n_done < LEAST_FOR_VERDICTS else "."),
    ]
    lines += [
        f"  missed  {row.quantity}: model {per_cent(row.mean, 1)}, measured {per_cent(row.value)}"
        + (f" (put in: {', '.join(row.given_by)})" if row.given_by else "")
        for row in missed
    ]
    return _where(kept, page, lines)


def _value(one: Interval, unit: str, n_done: int) -> str:
    """Return a mean with its interval, and the replicates it rests on if these are not all."""
    return interval_words(one, unit) + (f" n={one.n}" if one.n < n_done else "")


def _unit(name: str) -> str:
    """Return what stands beside a number; nothing beside one in per cent."""
    return "" if OUTCOMES[name].unit == SHARE else OUTCOMES[name].unit


def _where(kept: Kept, page: Path | None, lines: list[str]) -> str:
    lines += ["", f"theory   {kept.theory}"]
    lines.append(f"results  {kept.folder}" if kept.folder is not None else "results  none were kept; see below")
    if page is not None:
        lines.append(f"page     {page}")
    return "\n".join(lines)


def answer_document(kept: Kept, page: Path | None) -> dict[str, Any]:
    """Return what a program reads: every outcome with its interval, the targets, and where the results lie."""
    summary = summarise_outcomes(kept.outcomes) if kept.n_done else {}
    bounded = {name: within_bounds(one, OUTCOMES[name].unit) for name, one in summary.items()}
    comparison = compare_with_targets(summary, read_targets())
    return {
        "cosim": read_version(),
        "scenario": kept.scenario.name,
        "process": kept.process,
        "theory": kept.theory,
        "seed": kept.scenario.seed,
        "months": kept.scenario.months,
        "replicates": {"done": kept.n_done, "failed": len(kept.failed)},
        "answer": tell_answer(summary, kept.n_done, kept.scenario.months) if kept.n_done else [],
        "outcomes": {
            name: {  # cut where the unit cannot be, as in the text
                "mean": _number(one.mean),
                "low": _number(one.low),
                "high": _number(one.high),
                "n": one.n,
                "unit": OUTCOMES[name].unit,
            }
            for name, one in bounded.items()
        },
        "targets": {
            str(key): {
                "measured": row["value"],
                "model": _number(row["mean"]),
                "verdict": row["verdict"],
                "given_by": list(row["given_by"]),
            }
            for key, row in comparison.iterrows()
        },
        "failed": [
            {"replicate": one.replicate, "kind": one.kind, "message": one.message, "command": one.command}
            for one in kept.failed
        ],
        "folder": None if kept.folder is None else str(kept.folder),
        "page": None if page is None else str(page),
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
