"""``cosim plan``: how many runs for a precision, and what data would decide between theories."""

from __future__ import annotations

import argparse
from typing import Any

from cosim.cli.choices import count
from cosim.cli.progress import in_words
from cosim.cli.studying import (
    Teller,
    add_study_options,
    as_options,
    finish,
    open_store,
    study_of_words,
    typed,
    warn_of_compiling,
)
from cosim.errors import Complaint, StudyError

PILOTS = 20
FOUND = "How often the true theory is found"
TAKEN = "What is taken for what, with the best design tried"


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "plan",
        help="how many runs for a precision; what data would decide between theories",
        description="Ask before spending: pilot runs say how many lucks an interval takes; simulated surveys say what "
        "data could tell rival theories apart, and what they would cost.",
    )
    verbs = parser.add_subparsers(title="what to plan", metavar="VERB", required=True)
    runs = verbs.add_parser(
        "runs",
        parents=[shared],
        help="how many runs a precision takes",
        epilog="Example: cosim plan runs experiments/facilitator.toml --width 0.01",
    )
    runs.add_argument(
        "what", metavar="SCENARIO|FILE", nargs="+", help="a scenario, several to compare, or a study file"
    )
    runs.add_argument("--width", type=float, default=0.02, metavar="W", help="half the interval, as a share; 0.02")
    runs.add_argument("--outcome", metavar="NAME", help="the outcome; the study's first by default")
    runs.add_argument("--pilots", type=count, default=PILOTS, metavar="N", help="pilot lucks; 20")
    runs.add_argument("--process", metavar="P", help="the theory")
    add_study_options(runs)
    runs.set_defaults(command=plan_runs)
    data = verbs.add_parser(
        "data",
        parents=[shared],
        help="what data would decide between theories, and what they cost",
        epilog="Example: cosim plan data additive staged regime --wanted 0.9",
    )
    data.add_argument("processes", metavar="THEORY", nargs="*", help="two theories or more; all that ship by default")
    data.add_argument("--scenario", default="reference", metavar="S", help="where arenas are followed; reference")
    data.add_argument(
        "--wanted", type=float, default=0.85, metavar="P", help="how often the true one is to be found; 0.85"
    )
    data.add_argument("--arenas", type=count, action="append", metavar="N", help="numbers of arenas to try; 20, 40, 80")
    data.add_argument("--waves", type=int, action="append", metavar="W", help="numbers of survey waves to try; 0, 2, 3")
    data.add_argument("--noise", type=float, action="append", metavar="E", help="errors of an arena's mean; 0.05, 0.15")
    data.add_argument("--quick", action="store_true", help="seconds instead of minutes: too little to say anything")
    add_study_options(data)
    data.set_defaults(command=plan_data_of)


def plan_runs(options: argparse.Namespace) -> int:
    """Make pilot runs and say how many it takes."""
    import numpy as np

    from cosim.measurement.observe import OUTCOMES, check_names
    from cosim.report.document import ALWAYS, Document
    from cosim.study.execute import execute, gather
    from cosim.study.keeping import Finding
    from cosim.study.planner import plan_precision
    from cosim.study.points import point_at
    from cosim.study.telling import birth, table_block

    study = study_of_words(options.what, options.process)
    outcome = options.outcome or study.outcomes[0]
    check_names([outcome])
    if options.pilots < 2 or not options.width > 0.0:
        given = f"{options.pilots} pilots, width {options.width:g}"
        raise StudyError([Complaint("cosim plan runs", "--pilots, --width", given, "2 or more, and more than 0")])
    teller = Teller(options)
    store = open_store(options)
    warn_of_compiling(teller)
    points = [point_at(one, *study.processes[0]) for one in study.scenarios]
    shared = as_options(options, store, teller)
    made = execute(points, range(options.pilots), (outcome,), **shared)
    values = gather(points, range(options.pilots), (outcome,), store)[:, :, 0]
    base = float(np.nanmean(values[0]))
    half = options.width * abs(base)
    sds = {"mean": float(np.nanstd(values[0], ddof=1))}
    if len(points) > 1:
        paired = [float(np.nanstd(one - values[0], ddof=1)) for one in values[1:]]
        apart = [float(np.hypot(np.nanstd(one, ddof=1), np.nanstd(values[0], ddof=1))) for one in values[1:]]
        sds |= {"paired": max(paired), "unpaired": max(apart)}
    seconds = made.seconds / made.made * (options.threads or 1) if made.made else 0.0
    found = plan_precision(sds, options.pilots, half, seconds, workers=options.threads or 1)
    meaning, unit = OUTCOMES[outcome].meaning, OUTCOMES[outcome].unit
    kinds = {"mean": "its mean", "paired": "a difference, on the same luck", "unpaired": "a difference, on other luck"}
    answer = [
        f"For {kinds[row['kind']]} within {half:.3g} {unit} ({options.width:.1%} of {base:.3g}): {row['n']:,.0f} lucks "
        f"({row['n_low']:,.0f} to {row['n_high']:,.0f}), {row['runs']:,.0f} runs, "
        f"about {in_words(3600.0 * row['hours'])} here."
        for row in found.to_dict("records")
    ]
    document = Document(
        title=f"Runs for {study.title}",
        question=f"How many runs does it take to know this: {meaning}?",
        answer=tuple(answer),
        blocks=(table_block(found, f"From {options.pilots} pilot lucks", ALWAYS),),
        caveats=("The spread comes from pilot runs and is itself not well known: the numbers have intervals.",),
        command=typed(options),
        provenance=birth(study, (made,), "the pilots were made"),
    )
    finding = Finding(document, {"plan": found}, points, options.pilots, (outcome,))
    texts = {"study.toml": study.text} if study.text else {}
    return finish(options, "plan", study.name, finding, store, seed=study.seed, texts=texts, failed=made.failed)


def plan_data_of(options: argparse.Namespace) -> int:
    """Simulate surveys under each theory and say what data would decide."""
    from dataclasses import replace

    from cosim.report.document import ALWAYS, USUALLY, Document, Paragraph
    from cosim.report.plots.confusion import describe_confusion, plot_confusion
    from cosim.report.plots.separability import describe_separability, plot_separability
    from cosim.scenario.reading import read_scenario
    from cosim.study.keeping import Finding, draw_figure
    from cosim.study.planner import plan_data, seats_in
    from cosim.study.reading import read_theories
    from cosim.study.separability import PEOPLE, QUICK, Grid, separate_rivals
    from cosim.study.telling import table_block

    theories = read_theories(options.processes or ["all"])
    scenario = read_scenario(options.scenario)
    grid = QUICK if options.quick else Grid()
    grid = replace(
        grid,
        arenas=tuple(sorted(set(options.arenas or grid.arenas))),
        waves=tuple(sorted(set(options.waves or grid.waves))),
        noises=tuple(sorted(set(options.noise or grid.noises))),
    )
    if not 0.0 < options.wanted < 1.0:
        raise StudyError([Complaint("cosim plan data", "--wanted", f"{options.wanted:g}", "a share between 0 and 1")])
    teller = Teller(options)
    store = open_store(options)
    warn_of_compiling(teller)
    teller.say(f"cosim: arenas of {len(theories)} theories in {scenario.name}; some minutes")
    found = separate_rivals(scenario, theories, grid, workers=options.threads)
    plan = plan_data(found, wanted=options.wanted, members=seats_in(scenario))
    people = found.table[found.table["seen"] == PEOPLE]
    best = people.sort_values("accuracy", kind="stable").iloc[-1]
    confusion = found.at(found.confusion, PEOPLE, int(best["arenas"]), int(best["waves"]), float(best["noise"]))
    document = Document(
        title="What data would decide",
        question=f"What data could tell {', '.join(found.processes)} apart, and what would they cost?",
        answer=plan.words,
        blocks=(
            draw_figure("separability", plot_separability, describe_separability, people, FOUND, ALWAYS),
            draw_figure("confusion", plot_confusion, describe_confusion, confusion, TAKEN, USUALLY),
            table_block(plan.options, "Designs tried, cheapest first (NOK)", USUALLY),
            table_block(plan.alike, "Theories that the best design cannot tell apart", USUALLY),
            Paragraph("Prices are assumed (`cosim.study.planner.Prices`); give your own from Python.", USUALLY),
        ),
        caveats=(
            "One of the theories makes the data, so this is a bound from above: real arenas obey none of them exactly.",
            "Parameters are drawn from their priors for every simulated world: no theory is known by a constant.",
        ),
        command=typed(options),
        provenance=(("theories", ", ".join(found.processes)), ("world", scenario.name)),
    )  # fmt: skip
    tables = {"options": plan.options, "separability": found.table, "confusion": found.confusion, "pairs": found.pairs}
    finding = Finding(document, tables, (), 0, ())
    return finish(options, "plan", "data", finding, store, seed=scenario.seed, texts={}, failed=0)
