"""``cosim manual``: what the model is made of, printed from the declarations themselves."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from cosim import vocabulary

WIDTH: Final = 100
GUIDE: Final = "guide.txt"


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "manual",
        help="what the model is made of: parameters, the month, outcomes, words, theories",
        description="Print a chapter of the manual, made from the declarations that the model itself runs on.",
    )
    chapters = parser.add_subparsers(title="chapters", metavar="CHAPTER")
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument("--lang", choices=("en", "nb"), default="en", help="language of labels and meanings")
    one = chapters.add_parser("parameters", parents=[shared, language], help="every parameter, or a group, or one")
    one.add_argument(
        "name", nargs="?", metavar="NAME", help="a group such as 'trust', or a parameter such as 'trust.kept'"
    )
    one.set_defaults(command=print_parameters)
    for name, command, text in CHAPTERS:
        one = chapters.add_parser(name, parents=[shared, language], help=text)
        one.set_defaults(command=command)
    parser.set_defaults(command=print_contents, debug=False)


def print_contents(options: argparse.Namespace) -> int:
    """Print which chapters there are."""
    print("The manual of cosim has these chapters; print one with `cosim manual CHAPTER`:")
    print("  parameters  every parameter with default, unit and meaning; `parameters NAME` for a group or one of them")
    for name, _command, text in CHAPTERS:
        print(f"  {name:<11} {text}")
    return 0


def print_parameters(options: argparse.Namespace) -> int:
    """Print all parameters, a line or two each; those of a group, or one, with unit, range, cost and sources."""
    from cosim.parameters.catalogue import read_declarations
    from cosim.parameters.manual import describe_parameter, describe_parameters

    if options.name and "." in options.name:
        sys.stdout.write(describe_parameter(options.name, lang=options.lang))
        return 0
    text = describe_parameters(options.name, lang=options.lang)
    if options.name:
        head = text.splitlines()[:2]
        members = [one.name for one in read_declarations().values() if one.group == options.name]
        text = "\n".join(
            [*head, *(f"\n{describe_parameter(name, lang=options.lang)}".rstrip() for name in members), ""]
        )
    sys.stdout.write(text)
    return 0


def print_month(options: argparse.Namespace) -> int:
    """Print the order of the month, each row with its switch."""
    from cosim.parameters.catalogue import read_declarations

    declared = read_declarations()
    print("One month, in order; each row is switched off with --set month.<row>=false.\n")
    for number, row in enumerate(vocabulary.MONTH_ROWS, start=1):
        switch = declared.get(f"month.{row}")
        means = "" if switch is None else switch.means if options.lang == "en" else switch.betyr
        name = f"month.{row}" if switch is not None else "always on"
        lines = textwrap.wrap(means or "What is seen is recorded.", WIDTH - 33) or [""]
        print(f"{number:>3}  {row:<11} {name:<16} {lines[0]}")
        for line in lines[1:]:
            print(f"{'':33}{line}")
    return 0


def print_outcomes(options: argparse.Namespace) -> int:
    """Print every outcome a run leaves, with unit and meaning."""
    from cosim.measurement.observe import OUTCOMES

    print("What is measured of every run; intervals are over replicates.\n")
    for name, outcome in OUTCOMES.items():
        print(f"{name} ({outcome.unit})")
        print(textwrap.fill(outcome.meaning, WIDTH, initial_indent="    ", subsequent_indent="    "))
    return 0


WORDS: Final = (
    ("Sectors, the quadruple helix", vocabulary.SECTORS),
    ("Traits of an actor", vocabulary.TRAITS),
    ("Age groups", vocabulary.AGE_GROUPS),
    ("Roles of a municipality", vocabulary.ROLES),
    ("Service areas", vocabulary.SERVICE_AREAS),
    ("Focus areas", vocabulary.FOCUS_AREAS),
    ("Constructs of an arena", vocabulary.CONSTRUCTS),
    ("Readings of an arena, all shares from 0 to 1", vocabulary.READINGS),
    ("Decision rules", vocabulary.DECISION_RULES),
    ("Forms of a hazard", vocabulary.HAZARD_FORMS),
    ("Types of innovation", vocabulary.INNOVATION_TYPES),
    ("Kinds of value", vocabulary.VALUE_KINDS),
    ("Endings of an arena", vocabulary.ENDINGS),
    ("Ekvall's dimensions of creative climate", vocabulary.CLIMATE_DIMENSIONS),
    ("Levels of co-creation, lowest first", vocabulary.LEVELS),
)


def print_vocabulary(options: argparse.Namespace) -> int:
    """Print the theory's words."""
    for heading, words in WORDS:
        print(heading)
        print(textwrap.fill(", ".join(words), WIDTH, initial_indent="    ", subsequent_indent="    "))
    return 0


def print_processes(options: argparse.Namespace) -> int:
    """Print every theory that ships, in words."""
    from cosim.processes.catalogue import list_processes, read_process
    from cosim.processes.describe import describe_process

    print("\n\n".join(describe_process(read_process(name)).rstrip("\n") for name in list_processes()))
    return 0


def print_scenario(options: argparse.Namespace) -> int:
    """Print how to write a scenario, with examples to copy."""
    from cosim.scenario.files import SHIPPED

    return _print_guide(SHIPPED, "The scenarios that ship are examples too")


def print_theory(options: argparse.Namespace) -> int:
    """Print how to write a theory, with an example to copy."""
    from cosim.processes.catalogue import FOLDER

    return _print_guide(FOLDER, "The theories that ship are examples too, with every source and reason written out")


def print_study(options: argparse.Namespace) -> int:
    """Print how to write a study, with examples to copy."""
    from cosim.results.provenance import PACKAGE

    return _print_guide(PACKAGE / "study")


def _print_guide(folder: Path, also: str = "") -> int:
    """Print the guide in a folder, and where the folder is if other examples lie there."""
    sys.stdout.write((folder / GUIDE).read_text(encoding="utf-8"))
    if also:
        print(f"\n{also}; they lie in\n    {folder}")
    return 0


CHAPTERS: Final[tuple[tuple[str, Callable[[argparse.Namespace], int], str], ...]] = (
    ("scenario", print_scenario, "how to write a scenario and an own municipality, with examples"),
    ("theory", print_theory, "how to write a theory, with an example"),
    ("study", print_study, "how to write a study: a sweep, a comparison, claims put to theories"),
    ("month", print_month, "the order of the month, each row with its switch"),
    ("outcomes", print_outcomes, "what is measured of every run"),
    ("vocabulary", print_vocabulary, "the theory's words"),
    ("processes", print_processes, "the theories that ship, in words"),
)
