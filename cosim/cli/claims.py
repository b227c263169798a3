"""``cosim claims``: do the claims of a theory, or of a study, hold?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cosim.cli.choices import count
from cosim.cli.studying import (
    Teller,
    add_study_options,
    as_options,
    finish,
    open_store,
    read_file,
    typed,
    warn_of_compiling,
)
from cosim.errors import Complaint, StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosim.processes.model import Claim, ProcessModel
    from cosim.study.claims import Judged
    from cosim.study.definition import Study

Theories = list[tuple[str, "ProcessModel", "Sequence[Claim]"]]


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "claims",
        parents=[shared],
        help="judge the claims of theories by paired runs",
        description="Run what a theory claims, on the same lucks at every level, until each claim holds, fails, "
        "depends on where one looks, or stays undecided.",
        epilog="Example: cosim claims regime --knock-out",
    )
    parser.add_argument("what", metavar="THEORY|FILE", nargs="+", help="theories, all of them, or a study file")
    parser.add_argument(
        "--scenario", default="reference", metavar="S", help="the world to judge in; reference by default"
    )
    parser.add_argument("--most", type=count, default=40, metavar="N", help="lucks at which the undecided stays so; 40")
    parser.add_argument("--knock-out", action="store_true", help="also find which claim rests on which mechanism")
    parser.add_argument("--mechanism", action="append", metavar="NAME", help="one to knock out; may be repeated")
    add_study_options(parser)
    parser.set_defaults(command=claims)


def claims(options: argparse.Namespace) -> int:
    """Judge, keep and say."""
    from cosim.scenario.reading import read_scenario
    from cosim.study.claims import judge_claims, knock_out
    from cosim.study.reading import is_study
    from cosim.study.tell_claims import tell_claims

    study = read_file(options.what[0]) if len(options.what) == 1 and is_study(options.what[0]) else None
    theories = _of_study(study, options.what[0]) if study is not None else _of_theories(options.what)
    scenario = study.baseline if study is not None else read_scenario(options.scenario)
    if options.most < 10:
        raise StudyError([Complaint("cosim claims", "--most", str(options.most), "10 or more lucks")])
    teller = Teller(options)
    store = open_store(options)
    shared = as_options(options, store, teller)
    n = sum(len(own) for _, _, own in theories)
    teller.say(f"cosim: {n} claims of {len(theories)} theories in {scenario.name}")
    warn_of_compiling(teller)
    knocked = {}
    try:
        budget = None if study is None else study.budget
        judged = judge_claims(scenario, theories, most=options.most, budget=budget, **shared)
        if options.knock_out or options.mechanism:
            for word, model, own in theories:
                teller.say(f"cosim: taking {model.name} apart")
                outcomes = tuple(dict.fromkeys(claim.outcome for claim in own))
                knocked[model.name] = knock_out(
                    scenario, word, model, outcomes, mechanisms=options.mechanism, replicates=options.most, **shared
                )
    except BaseException:
        teller.break_off()
        raise
    if study is not None:
        title, question, name, texts = study.title, study.question, study.name, {"study.toml": study.text}
        expected = _expected(study, judged)
    else:
        names = [model.name for _, model, _ in theories]
        name = names[0] if len(names) == 1 else "theories"
        title = f"The claims of {', '.join(names)}"
        question, texts, expected = "Do the theories keep their own word?", {}, []
    finding = tell_claims(title, question, scenario.name, judged, knocked, expected, typed(options))
    if not options.json:
        for row in judged.verdicts.itertuples():
            print(f"{row.verdict:<10} {row.theory:<18} {row.claim}")
        print()
    made = (*judged.made, *(done for one in knocked.values() for done in one.made))
    failed = sum(one.failed for one in made)
    return finish(options, "claims", name, finding, store, seed=scenario.seed, texts=texts, failed=failed)


def _of_theories(words: list[str]) -> Theories:
    from cosim.processes.catalogue import list_processes, read_process

    named = list(list_processes()) if words == ["all"] else words
    read = [(word, read_process(word)) for word in named]
    silent = [model.name for _, model in read if not model.claims]
    if silent:
        do = "add [[claims]] to its table; cosim manual theory has an example"
        raise StudyError([Complaint(name, "claims", "none", "at least one claim", do) for name in silent])
    return [(word, model, model.claims) for word, model in read]


def _of_study(study: Study, file: str) -> Theories:
    """Return each theory of a study with the claims that are put to it; those it says nothing of are put to all."""
    if not study.claims:
        raise StudyError([Complaint(file, "claims", "none", "at least one table [[claims]]", "add one")])
    theories: Theories = []
    for word, model in study.processes:
        own = [
            one.claim
            for one in study.claims
            if not (one.under or one.not_under) or model.name in (*one.under, *one.not_under)
        ]
        if own:
            theories.append((word, model, own))
    return theories


def _expected(study: Study, judged: Judged) -> list[str]:
    """Return whether claims held where they were expected to, and only there, in sentences."""
    told = []
    found = {(row.theory, row.claim): row.verdict for row in judged.verdicts.itertuples()}
    for one in study.claims:
        if not (one.under or one.not_under):
            continue
        right = [name for name in one.under if found.get((name, one.claim.id)) == "holds"]
        right += [name for name in one.not_under if found.get((name, one.claim.id)) == "fails"]
        wrong = [name for name in one.under if found.get((name, one.claim.id)) == "fails"]
        wrong += [name for name in one.not_under if found.get((name, one.claim.id)) == "holds"]
        asked = len(one.under) + len(one.not_under)
        word = f"{one.claim.id}: as predicted under {len(right)} of {asked} theories"
        word += f"; against the prediction under {', '.join(wrong)}" if wrong else ""
        left = asked - len(right) - len(wrong)
        told.append(word + (f"; {left} not settled." if left else "."))
    return told
