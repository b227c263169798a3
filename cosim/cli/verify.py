"""``cosim verify``: make a sample of a study's runs again and compare the bits."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cosim.cli.choices import count
from cosim.errors import Complaint, StudyError


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "verify",
        parents=[shared],
        help="make some of a study's runs again and compare the bits",
        description="Check that no file of a study's folder was changed and that a sample of its runs comes out the "
        "same again; or make one run of a store again, by its key.",
        epilog="Example: cosim verify results/smoke-sweep-20260301T123000Z --sample 50",
    )
    parser.add_argument("place", metavar="DIR|STORE", help="a study's folder; with --run, a store")
    parser.add_argument("--sample", type=count, default=20, metavar="N", help="how many runs to make again; 20")
    parser.add_argument("--store", metavar="PLACE", help="where the runs lie, if the store has moved")
    parser.add_argument("--run", metavar="KEY", help="one run of a store, by its key")
    parser.set_defaults(command=verify)


def verify(options: argparse.Namespace) -> int:
    """Verify and say; return 1 when a run came out otherwise."""
    from cosim.results.runstore import RunStore
    from cosim.study.verify import remake, verify_study

    if options.run is not None:
        if len(options.run) != 32 or not set(options.run) <= set("0123456789abcdef"):
            allowed = "32 hexadecimal digits, as a failed run's row or runs.parquet has them"
            raise StudyError([Complaint("cosim verify", "--run", repr(options.run[:60]), allowed)])
        found = remake(RunStore(options.place), [options.run], let_fall=options.debug)
    else:
        found = verify_study(Path(options.place), options.store, n=options.sample)
    for sentence in found.told:
        print(sentence)
    word = "run was" if found.n == 1 else "runs were"
    print(f"{found.n} {word} made again, {found.same} with the same bits in every outcome")
    return 0 if found.is_same else 1
