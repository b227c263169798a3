"""``cosim store``: list, check, merge and compact stores of runs."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from cosim.errors import StoreError

if TYPE_CHECKING:
    from cosim.results.runstore import RunStore

PLACE = "a folder, or an address such as s3://bucket/study"


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "store",
        help="list, check, merge and compact stores of runs",
        description="A store holds every run of every study once: look into one, check it, gather several into one.",
    )
    verbs = parser.add_subparsers(title="what to do", metavar="VERB", required=True)
    one = verbs.add_parser("list", parents=[shared], help="say what a store holds")
    one.add_argument("place", metavar="PLACE", help=PLACE)
    one.add_argument("--json", action="store_true", help="say it as JSON")
    one.set_defaults(command=list_it)
    one = verbs.add_parser("check", parents=[shared], help="read everything and name what is not as it was written")
    one.add_argument("place", metavar="PLACE", help=PLACE)
    one.set_defaults(command=check)
    one = verbs.add_parser("merge", parents=[shared], help="copy into a store what other stores hold")
    one.add_argument("place", metavar="PLACE", help=f"the store that is to hold all: {PLACE}")
    one.add_argument("others", nargs="+", metavar="OTHER", help="stores that stay as they are")
    one.add_argument("--create", action="store_true", help="make the first if it is not there yet")
    one.set_defaults(command=merge_them)
    one = verbs.add_parser("compact", parents=[shared], help="make few large files of many small ones")
    one.add_argument("place", metavar="PLACE", help=PLACE)
    one.set_defaults(command=compact_it)


def list_it(options: argparse.Namespace) -> int:
    """Print what a store holds; shards that are not whole are named on the side."""
    from dataclasses import asdict

    from cosim.results.runstore import RunStore

    store = RunStore(options.place, skip_damaged=True)
    summary = store.summarise()
    if options.json:
        print(json.dumps(asdict(summary), ensure_ascii=False, indent=1))
    else:
        lines = [
            ("runs", f"{summary.n_runs:,}, of which {summary.n_failed:,} failed"),
            ("points", f"{summary.n_points:,}, of which {summary.n_described:,} say what made them"),
            ("shards", f"{summary.n_shards:,} ({summary.n_bytes / 1e6:.1f} MB)"),
            *[("model", f"{version} ({number:,} runs)") for version, number in summary.model_versions.items()],
        ]
        lines += [("outcome", f"{name} ({number:,} runs)") for name, number in summary.outcomes.items()]
        print(summary.place)
        lines += [("failed", said) for said in _failures(store)] if summary.n_failed else []
        for what, said in lines:
            print(f"    {what:<8} {said}")
    if store.damaged:
        print(StoreError(store.damaged), file=sys.stderr)
    return 0


def _failures(store: RunStore) -> list[str]:
    """Return each way in which runs fell, how many did, and the command that makes one of them again."""
    ways: dict[tuple[str, str], tuple[int, str]] = {}
    for frame in store.iterate(()):
        fallen = frame[frame["status"] == "failed"]
        for stage, kind, command in fallen[["stage", "kind", "command"]].to_numpy(str).tolist():
            number, first = ways.get((stage, kind), (0, command))
            ways[stage, kind] = (number + 1, first)
    return [
        f"{_count(number, 'run')} in stage {stage} with {kind}; {first}"
        for (stage, kind), (number, first) in ways.items()
    ]


def check(options: argparse.Namespace) -> int:
    """Print that a store is as it was written; a letter with every complaint is raised otherwise."""
    from cosim.results.runstore import RunStore

    store = RunStore(options.place, skip_damaged=True)
    complaints = store.check()
    if complaints:
        raise StoreError(complaints)
    index = store.refresh()
    print(
        f"{options.place}: all is as it was written ({_count(len(index.shards), 'shard')}, {_count(len(index), 'run')})"
    )
    return 0


def merge_them(options: argparse.Namespace) -> int:
    """Merge stores into the first and print what came of it."""
    from cosim.results.joining import merge
    from cosim.results.runstore import RunStore

    others = [RunStore(one) for one in options.others]
    into = RunStore(options.place, create=options.create)
    got = merge(into, others)
    print(
        f"{options.place}: {_count(got.n_runs, 'new run')} in {_count(got.n_shards, 'new shard')}; "
        f"{_count(got.n_batches, 'new file')} of points, {_count(got.n_entries, 'new file')} of the journal"
    )
    return 0


def compact_it(options: argparse.Namespace) -> int:
    """Compact a store and print how many files there were and are."""
    from cosim.results.joining import compact
    from cosim.results.runstore import RunStore

    got = compact(RunStore(options.place))
    print(
        f"{options.place}: {_count(got.shards_before, 'shard')} became {got.shards_after}, "
        f"{_count(got.batches_before, 'file')} of points became {got.batches_after}"
    )
    return 0


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
