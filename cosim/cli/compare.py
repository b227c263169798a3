"""``cosim compare``: policies on the same luck, or rival theories on the same people."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cosim.cli.choices import count
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

if TYPE_CHECKING:
    from cosim.results.runstore import RunStore
    from cosim.study.definition import Study


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "compare",
        parents=[shared],
        help="compare policies, or rival theories, on the same people and the same luck",
        description="Run scenarios (the first is the baseline), or one study file with its alternatives, on the same "
        "lucks until the difference is known well enough: effect, interval, cost, who gains, where it fails, and a "
        "policy brief of two pages. With --processes, compare rival theories in one world instead.",
        epilog="Examples: cosim compare experiments/facilitator.toml; cosim compare stad my-stad.toml; "
        "cosim compare stad --processes all",
    )
    parser.add_argument("what", metavar="SCENARIO|FILE", nargs="+", help="two scenarios or more, or one study file")
    parser.add_argument("--processes", action="append", metavar="P", help="rival theories: all, or names and paths")
    parser.add_argument("--process", metavar="P", help="the theory under which policies are compared")
    parser.add_argument("--outcome", action="append", metavar="NAME", help="what to tell of; may be repeated")
    parser.add_argument("--replicates", type=count, metavar="N", help="lucks at first; 40 by default")
    parser.add_argument("--most", type=count, metavar="N", help="lucks at most, when a width is asked for")
    parser.add_argument(
        "--width", type=float, metavar="W", help="stop when half the interval is this share of the baseline"
    )
    parser.add_argument("--months", type=count, metavar="M", help="how many months")
    parser.add_argument("--quick", action="store_true", help="of rivals: fewer lucks and no test of telling them apart")
    add_study_options(parser)
    parser.set_defaults(command=compare)


def compare(options: argparse.Namespace) -> int:
    """Compare, keep and say."""
    study = _study_of(options)
    if len(study.scenarios) < 2 and not options.processes:
        do = "name a second scenario, add [[alternatives]], or ask for --processes all"
        raise StudyError([Complaint(options.what[0], "alternatives", "one world", "two or more to compare", do)])
    teller = Teller(options)
    store = open_store(options)
    shared = as_options(options, store, teller)
    texts = {"study.toml": study.text} if study.text else {}
    if options.processes:
        return _compare_rivals(options, study, store, teller, texts)
    from cosim.study.policy import compare_policies
    from cosim.study.robustness import try_worlds
    from cosim.study.tell_policy import tell_policy

    names = [one.name for one in study.scenarios]
    teller.say(f"cosim: {names[0]} against {', '.join(names[1:])}, {study.replicates.least} lucks or more")
    warn_of_compiling(teller)
    try:
        found = compare_policies(study, **shared)
        robust = try_worlds(study, **shared) if study.robustness is not None else None
    except BaseException:
        teller.break_off()
        raise
    finding = tell_policy(study, found, robust, typed(options))
    failed = sum(one.failed for one in found.sampled.made) + (0 if robust is None else robust.made.failed)
    return finish(options, "compare", study.name, finding, store, seed=study.seed, texts=texts, failed=failed)


def _study_of(options: argparse.Namespace) -> Study:
    """Return the study of a file, or one made of the scenarios named; options come before what a file says."""
    from cosim.measurement.observe import check_names
    from cosim.study.definition import Replicates

    study = study_of_words(options.what, options.process, options.months)
    if options.outcome:
        check_names(options.outcome)
        study = replace(study, outcomes=tuple(dict.fromkeys(options.outcome)))
    rule = study.replicates
    least = options.replicates or rule.least
    width = rule.width if options.width is None else options.width
    most = max(options.most or (rule.most if rule.width or options.width is None else 10 * least), least)
    if options.replicates or options.most or options.width is not None:
        if least < 2 or width < 0.0:
            raise StudyError(
                [Complaint("cosim compare", "--replicates", str(least), "2 or more, and no width below 0")]
            )
        study = replace(study, replicates=Replicates(least, most, width, rule.width_in))
    return study


def _compare_rivals(
    options: argparse.Namespace, study: Study, store: RunStore, teller: Teller, texts: dict[str, str]
) -> int:
    from cosim.study.hysteresis import shock_rivals
    from cosim.study.planner import plan_data, seats_in
    from cosim.study.reading import read_theories
    from cosim.study.rivals import compare_rivals
    from cosim.study.separability import separate_rivals
    from cosim.study.tell_rivals import tell_rivals

    study = replace(study, processes=read_theories(options.processes))
    if len(study.processes) < 2:
        raise StudyError([Complaint("cosim compare", "--processes", "one theory", "all, or two or more")])
    teller.say(f"cosim: {len(study.processes)} theories in {study.baseline.name}, the same people and lucks")
    warn_of_compiling(teller)
    lucks = 10 if options.quick else study.replicates.least
    if options.quick:
        study = replace(study, replicates=replace(study.replicates, least=lucks, most=lucks))
    try:
        rivals = compare_rivals(study, **as_options(options, store, teller))
        teller.say("cosim: a blow to trust, and its removal")
        shocked = shock_rivals(study.baseline, study.processes, replicates=lucks, workers=options.threads)
        separated = plan = None
        if not options.quick:
            teller.say("cosim: arenas under each theory, to see whether data could tell them apart")
            separated = separate_rivals(study.baseline, study.processes, workers=options.threads)
            plan = plan_data(separated, members=seats_in(study.baseline))
    except BaseException:
        teller.break_off()
        raise
    finding = tell_rivals(study, rivals, shocked, separated, plan, typed(options))
    failed = sum(one.failed for one in rivals.sampled.made)
    return finish(options, "rivals", study.name, finding, store, seed=study.seed, texts=texts, failed=failed)
