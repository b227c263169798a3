"""``cosim run``: run a scenario, keep what came of it, and say it in words or as one JSON document."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosim.cli.choices import count, number, place, seed
from cosim.cli.progress import Progress
from cosim.errors import RunError, StoreError

if TYPE_CHECKING:
    from cosim.cli.keeping import Kept
    from cosim.scenario.model import Scenario


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "run",
        parents=[shared],
        help="run a scenario",
        description="Run every replicate of a scenario, keep tables, figures and a page in one folder, say the answer.",
        epilog="Example: cosim run stad --set arenas.facilitation=0.8 --replicates 40",
    )
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario that ships, or a .toml file")
    parser.add_argument("--process", metavar="P", help="the theory: one that ships, or a .toml file")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of a parameter; may be repeated",
    )
    parser.add_argument("--replicates", type=count, metavar="N", help="how many lucks")
    parser.add_argument("--only", type=number, metavar="R", help="one replicate alone, by its number from 0")
    parser.add_argument("--months", type=count, metavar="M", help="how many months")
    parser.add_argument(
        "--seed", type=seed, metavar="S", help="where luck begins; the same seed gives the same numbers"
    )
    parser.add_argument(
        "--threads", type=count, metavar="K", help="runs at once; as many as there are processors by default"
    )
    parser.add_argument(
        "--out", type=place, metavar="DIR", help="folder of the results; results/<what>-<when> by default"
    )
    parser.add_argument("--replace", action="store_true", help="let results already in that folder give way")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on standard output"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument("--no-report", action="store_true", help="tables only, no figures and no page")
    parser.set_defaults(command=run_scenario)


def run_scenario(options: argparse.Namespace) -> int:
    """Run, keep, report and answer; return 1 if a replicate failed."""
    from cosim.scenario.reading import parse_overrides, read_scenario

    progress = Progress(quiet=options.quiet)
    _tell_what_is_repeated(options.set)
    overrides = parse_overrides(options.set)
    scenario = read_scenario(
        options.scenario,
        overrides,
        process=options.process,
        months=options.months,
        seed=options.seed,
        replicates=options.replicates,
    )
    options.seed = scenario.seed
    if overrides:
        _tell_what_gives_way(overrides, read_scenario(options.scenario))
    if options.only is not None and options.only >= scenario.replicates:
        last = scenario.replicates - 1
        print(
            f"cosim: replicate {options.only} lies beyond those of the scenario (0 to {last}); run all the same",
            file=sys.stderr,
        )
    letter: Exception | None
    kept, letter = _run_and_keep(options, scenario, progress)
    options.kept = kept.folder
    page = None
    if kept.folder is not None and kept.n_done and not options.no_report:
        from cosim.report.build import build_report

        try:
            page = build_report(kept.folder)
        except Exception as fault:  # the answer is known and the tables are kept: say so before the letter
            letter = fault
    _answer(options, kept, page)
    if letter is not None:
        raise letter
    for fallen in kept.failed[:3]:
        print(f"\nreplicate {fallen.replicate} failed: {fallen.kind}: {fallen.message}", file=sys.stderr)
        print(f"    again alone  {fallen.command}", file=sys.stderr)
    return RunError.exit_code if kept.failed else 0


def _tell_what_is_repeated(texts: list[str]) -> None:
    """Say which parameters were given twice, and which of their values holds."""
    given: dict[str, list[str]] = {}
    for text in texts:
        name, _, value = text.partition("=")
        given.setdefault(name.strip(), []).append(value.strip())
    for name, values in given.items():
        if len(values) > 1:
            print(f"cosim: --set {name} was given {len(values)} times; the last holds: {values[-1]}", file=sys.stderr)


def _tell_what_gives_way(overrides: Mapping[str, str], scenario: Scenario) -> None:
    """Say which scheduled changes and values of one municipality an override replaces."""
    for name, value in overrides.items():
        changes = [one for one in scenario.changes if one.name == name]
        if changes:
            when = ", ".join(f"from {scenario.month_text(one.first)}" for one in changes)
            what = "the scheduled change" if len(changes) == 1 else f"all {len(changes)} scheduled changes"
            print(f"cosim: --set {name}={value} holds throughout and replaces {what} of it ({when})", file=sys.stderr)
        places = [place for place, values in scenario.where.items() if name in values]
        if places:
            told = ", ".join(places)
            print(f"cosim: --set {name}={value} holds everywhere and replaces its value in {told}", file=sys.stderr)


def _run_and_keep(
    options: argparse.Namespace, scenario: Scenario, progress: Progress
) -> tuple[Kept, StoreError | None]:
    """Return what was kept, with the letter of a disk that would not keep all of it."""
    from cosim.cli.keeping import Keeper
    from cosim.engine.compiling import has_compiled
    from cosim.report.wording import count_words
    from cosim.run import run_replicates

    wanted = range(scenario.replicates) if options.only is None else range(options.only, options.only + 1)
    n_runs = len(wanted)
    size = f"{count_words(n_runs, 'replicate')} of {count_words(scenario.months, 'month')}"
    progress.say(f"cosim: {scenario.name}, {size}, seed {scenario.seed}")
    is_compiled = has_compiled()
    if not is_compiled:
        progress.say("The engine is compiled on its first run, which takes some tens of seconds; not again after that.")
    n_failed = 0

    def tell(record: Any, number: int, total: int) -> None:
        nonlocal n_failed
        n_failed += hasattr(record, "stage")
        progress.done(number, total, n_failed)

    words = ["cosim", *options.words]
    keeper = Keeper(scenario, options.out, replace=options.replace, command=words)
    progress.begin(n_runs, "the first runs are under way" if is_compiled else "compiling the engine")
    try:
        runs = run_replicates(scenario, wanted, threads=options.threads, on_done=tell, command=shlex.join(words))
        return keeper.keep(runs), None
    except StoreError as letter:
        progress.break_off()
        if not keeper.kept.n_done:
            raise
        return keeper.kept, letter
    except BaseException:
        progress.break_off()
        options.kept = keeper.kept.folder
        raise
    finally:
        progress.stop()


def _answer(options: argparse.Namespace, kept: Kept, page: Path | None) -> None:
    if options.json:
        from cosim.cli.answer import answer_document

        print(json.dumps(answer_document(kept, page), allow_nan=False))
    else:
        from cosim.cli.answer import answer_text

        print(answer_text(kept, page))
