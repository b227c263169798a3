"""``cosim scenario``: list, show and check named worlds."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from cosim.cli.letters import help_of


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "scenario",
        help="list, show and check named worlds",
        description="A scenario is a named world in a file: who, when, under which theory, with which events.",
    )
    verbs = parser.add_subparsers(title="what to do", metavar="VERB")
    parser.set_defaults(command=help_of(parser), debug=False)
    one = verbs.add_parser("list", parents=[shared], help="name the scenarios that ship, with their questions")
    one.set_defaults(command=list_them)
    one = verbs.add_parser("show", parents=[shared], help="print a scenario in words")
    one.add_argument("scenario", metavar="NAME", help="a scenario that ships, or a .toml file")
    one.add_argument("--toml", action="store_true", help="print it as a file with everything written out")
    one.set_defaults(command=show)
    one = verbs.add_parser("check", parents=[shared], help="check a scenario of your own and name every complaint")
    one.add_argument("scenario", metavar="FILE", help="a .toml file")
    one.set_defaults(command=check)


def list_them(options: argparse.Namespace) -> int:
    """Print the name and question of every scenario that ships."""
    from cosim.scenario.files import list_scenarios
    from cosim.scenario.reading import read_scenario

    names = list_scenarios()
    width = max(map(len, names), default=0)
    for name in names:
        one = read_scenario(name)
        print(f"{name:<{width}}  {one.question or one.title}")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print a scenario, in words or as a file."""
    from cosim.scenario.describing import describe_scenario, scenario_to_toml
    from cosim.scenario.reading import read_scenario

    one = read_scenario(options.scenario)
    text = scenario_to_toml(one) if options.toml else describe_scenario(one)
    sys.stdout.write(text.rstrip("\n") + "\n")
    return 0


def check(options: argparse.Namespace) -> int:
    """Print that a scenario and its theory can be used; a letter with every complaint is raised otherwise."""
    from cosim.processes.catalogue import label_of, read_process
    from cosim.report.wording import count_words
    from cosim.scenario.reading import read_scenario

    one = read_scenario(options.scenario)
    theory = read_process(one.process)
    places = count_words(len(one.municipalities), "municipality", "municipalities")
    print(
        f"{options.scenario}: {one.name} can be used ({places}, "
        f"{count_words(one.months, 'month')} from {one.month_text(0)}, theory {label_of(theory, one.process)})"
    )
    return 0
