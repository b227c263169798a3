"""``cosim report``: make figures and page again from stored results."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "report",
        parents=[shared],
        help="make figures and page again from stored results",
        description="Make every figure and the page index.html again from a folder of results, and nothing else. "
        "Other files in the folder are left alone.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that cosim run wrote")
    parser.add_argument("--replace", action="store_true", help="write over a page or figures that were changed by hand")
    parser.set_defaults(command=report_on)


def report_on(options: argparse.Namespace) -> int:
    """Build the report and print where its page lies."""
    from cosim.report.build import build_report

    print(build_report(options.folder, replace=options.replace))
    return 0
