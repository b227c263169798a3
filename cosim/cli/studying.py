"""What the commands that make studies have in common: options, where runs are kept, how far one has come."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cosim.cli.choices import count, place
from cosim.cli.progress import Progress

if TYPE_CHECKING:
    from cosim.results.runstore import RunStore
    from cosim.study.definition import Study
    from cosim.study.execute import Elsewhere, OnDone
    from cosim.study.keeping import Finding

STORE: Final = "results/store"
WIDTH: Final = 100


def add_study_options(parser: argparse.ArgumentParser, *, shards: bool = False) -> None:
    """Add the options of every command that makes runs for a study."""
    where = parser.add_argument_group("where runs are made and kept")
    where.add_argument("--store", metavar="PLACE", help=f"folder or s3:// address of the runs; {STORE} by default")
    where.add_argument("--resume", action="store_true", help="go on with a store that must be there already")
    where.add_argument("--retry-failed", action="store_true", help="make runs again that failed before")
    where.add_argument("--threads", type=count, metavar="K", help="runs at once; as many as processors by default")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers make the runs")
    if shards:
        where.add_argument("--shard", metavar="I/N", help="make only the I-th of N shares of the runs, and no page")
    shown = parser.add_argument_group("what is shown and kept")
    shown.add_argument(
        "--out", type=place, metavar="DIR", help="folder of the results; results/<what>-<when> by default"
    )
    shown.add_argument("--replace", action="store_true", help="let a study's results already in that folder give way")
    shown.add_argument("--no-report", action="store_true", help="say the answer only; no folder, page or pictures")
    shown.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    shown.add_argument("--quiet", action="store_true", help="no progress on standard error")


def open_store(options: argparse.Namespace) -> RunStore:
    """Return the store that runs are taken from and put into, once it is sure that results may be written.

    Raises
    ------
    StoreError
        It cannot be opened; it is to be resumed and is not there; or the results' folder may not be written.
    """
    from cosim.results.runstore import RunStore
    from cosim.study.keeping import refuse_what_is_there

    if options.out is not None and not options.no_report:
        refuse_what_is_there(options.out, replace=options.replace)

    place = options.store or os.environ.get("COSIM_STORE") or STORE
    return RunStore(place, create=not options.resume)


def ground_of(options: argparse.Namespace) -> Elsewhere:
    """Return where runs are made."""
    from cosim.study.execute import Elsewhere, within_shard

    shard = within_shard(options.shard) if getattr(options, "shard", None) else (1, 1)
    return Elsewhere(options.threads, options.scheduler, shard, options.retry_failed)


class Teller:
    """Tells how far a study has come, stage by stage."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._quiet = options.quiet
        self._bar = Progress(quiet=self._quiet)
        self._total = -1

    def say(self, line: str) -> None:
        """Write a line of its own."""
        self._bar.say(line)

    @property
    def on_done(self) -> OnDone:
        """What a study calls after each block."""
        return self._done

    def _done(self, number: int, total: int, failed: int) -> None:
        if total == 0:
            return
        if total != self._total:  # another stage: its own bar and its own time left
            self._bar = Progress(quiet=self._quiet)
            self._total = total
        self._bar.done(number, total, failed)

    def break_off(self) -> None:
        """End a half-drawn bar."""
        self._bar.break_off()


def warn_of_compiling(teller: Teller) -> None:
    """Say that the first run waits for the compiler, where that is so."""
    from cosim.engine.compiling import has_compiled

    if not has_compiled():
        teller.say("The engine is compiled on its first run, which takes some tens of seconds; not again after that.")


def finish(
    options: argparse.Namespace,
    verb: str,
    name: str,
    finding: Finding,
    store: RunStore,
    *,
    seed: int,
    texts: Mapping[str, str],
    failed: int,
) -> int:
    """Keep a study's folder, say the answer, and return the exit code: 1 when runs failed."""
    from cosim.study.keeping import default_folder, keep_finding

    command = ["cosim", *options.words]
    page = None
    if not options.no_report:
        folder = options.out or default_folder(name, verb)
        page = keep_finding(
            finding, folder, study=texts, store=store.place, seed=seed, command=command, replace=options.replace
        )
    document = finding.document
    if options.json:
        told = {
            "study": name,
            "question": document.question,
            "answer": list(document.answer),
            "what looks wrong": list(finding.guards),
            "tables": {key: json.loads(frame.to_json(orient="records")) for key, frame in finding.tables.items()},
            "provenance": dict(document.provenance),
            "folder": None if page is None else str(page.parent),
        }
        print(json.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        print(textwrap.fill(document.question, WIDTH))
        print()
        for sentence in document.answer:
            print(textwrap.fill(sentence, WIDTH, subsequent_indent="  "))
        for guard in finding.guards:
            print(textwrap.fill(f"What looks wrong: {guard}.", WIDTH, subsequent_indent="  "))
        print()
        print(dict(document.provenance).get("runs", ""))
        if page is not None:
            print(f"results  {page.parent}\npage     {page}")
            if finding.brief is not None:
                print(f"brief    {page.parent / 'brief.pdf'}")
    if failed:
        print(f"{failed:,} runs failed; `cosim store list {store.place}` says how", file=sys.stderr)
    return 1 if failed else 0


def typed(options: argparse.Namespace) -> str:
    """Return the command that was typed."""
    return shlex.join(["cosim", *options.words])


def read_file(path: str, process: str | None = None, months: int | None = None) -> Study:
    """Return a study from its file, under another theory or of another length where that is asked for."""
    from cosim.study.reading import read_study

    return read_study(path, process=process, months=months)


def study_of_words(words: list[str], process: str | None = None, months: int | None = None) -> Study:
    """Return the study of one file, or one made of the scenarios that were named."""
    from cosim.study.reading import is_study, study_of_scenarios

    if len(words) == 1 and is_study(words[0]):
        return read_file(words[0], process, months)
    return study_of_scenarios(words, process=process, months=months)


def as_options(options: argparse.Namespace, store: RunStore, teller: Teller) -> dict[str, Any]:
    """Return what every study takes: its store, where runs are made, and whom to tell."""
    return {"store": store, "where": ground_of(options), "on_done": teller.on_done}
