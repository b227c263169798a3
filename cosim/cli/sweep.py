"""``cosim sweep``: which success factors drive outcomes."""

from __future__ import annotations

import argparse
import json
from typing import Any

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


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "sweep",
        parents=[shared],
        help="find which factors drive outcomes",
        description="Run a study's design over its factors, grow it until the indices have settled, and say what "
        "matters, what acts together and how much is chance. Broken off, the same command goes on where it was.",
        epilog="Example: cosim sweep experiments/smoke.toml",
    )
    parser.add_argument("study", metavar="FILE", help="a study's .toml file with [factors] and [sweep]")
    add_study_options(parser, shards=True)
    parser.set_defaults(command=sweep)


def sweep(options: argparse.Namespace) -> int:
    """Make the sweep, keep it, and say what it found."""
    study = read_file(options.study)
    if study.sweep is None:
        do = "add [factors] and [sweep] with n = 64; cosim manual study has an example"
        raise StudyError([Complaint(options.study, "sweep", "nothing", "a table [sweep]", do)])
    teller = Teller(options)
    store = open_store(options)
    from cosim.study.sweep import sweep_factors
    from cosim.study.tell_sweep import tell_sweep

    teller.say(f"cosim: {study.name}, {len(study.factors)} factors, {study.replicates.least} lucks a point")
    warn_of_compiling(teller)
    try:
        swept = sweep_factors(study, **as_options(options, store, teller))
    except BaseException:
        teller.break_off()
        raise
    if swept is None:
        if options.json:
            print(json.dumps({"study": study.name, "shard": options.shard, "store": store.place}))
            return 0
        print(f"shard {options.shard} of {study.name} is in {store.place}")
        print(
            f"when all are: cosim store merge PLACE {store.place} ..., then cosim sweep {options.study} --store PLACE"
        )
        return 0
    finding = tell_sweep(study, swept, typed(options))
    failed = sum(one.failed for one in swept.made)
    texts = {"study.toml": study.text}
    return finish(options, "sweep", study.name, finding, store, seed=study.seed, texts=texts, failed=failed)
