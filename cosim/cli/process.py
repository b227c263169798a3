"""``cosim process``: list, show, draw, check and match theories of co-creation."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path
from typing import Any, Final

from cosim.cli.choices import count, place
from cosim.cli.letters import help_of
from cosim.cli.outputs import look_at_place, write_text
from cosim.errors import Complaint, ProcessError

PICTURES: Final = (".svg", ".png", ".pdf")
WIDTH: Final = 100


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "process",
        help="list, show, draw, check and match theories",
        description="A theory of co-creation is a table: list those that ship, read one, draw it, check your own.",
    )
    verbs = parser.add_subparsers(title="what to do", metavar="VERB")
    parser.set_defaults(command=help_of(parser), debug=False)
    one = verbs.add_parser("list", parents=[shared], help="name the theories that ship")
    one.set_defaults(command=list_them)
    one = verbs.add_parser("show", parents=[shared], help="print a theory in words: what it says and on whose word")
    one.add_argument("process", metavar="NAME", help="a theory that ships, or a .toml file")
    one.set_defaults(command=show)
    one = verbs.add_parser("draw", parents=[shared], help="draw a theory's graph and phases")
    one.add_argument("process", metavar="NAME", help="a theory that ships, or a .toml file")
    one.add_argument(
        "--out",
        type=place,
        metavar="FILE",
        help=f"{', '.join(PICTURES)}; NAME.svg by default",
    )
    one.add_argument("--replace", action="store_true", help="write over a file that is there already")
    one.set_defaults(command=draw)
    one = verbs.add_parser("check", parents=[shared], help="check a theory of your own and name every complaint")
    one.add_argument("process", metavar="FILE", help="a .toml file, or a theory that ships")
    one.set_defaults(command=check)
    one = verbs.add_parser(
        "match",
        parents=[shared],
        help="find the base hazards at which all theories deliver alike",
        description="Rivals are to differ in pattern, not in level: find each theory's scale, which takes minutes.",
    )
    one.add_argument("names", nargs="*", metavar="NAME", help="theories that ship; all by default")
    one.add_argument("--replicates", type=count, default=40, metavar="N", help="runs in each trial; 40 by default")
    one.add_argument("--out", type=place, metavar="FILE", help="write the table of scales to a file as well")
    one.add_argument("--replace", action="store_true", help="write over a file that is there already")
    one.set_defaults(command=match)


def list_them(options: argparse.Namespace) -> int:
    """Print the name and title of every theory that ships."""
    from cosim.processes.catalogue import list_processes, read_process

    names = list_processes()
    width = max(map(len, names))
    for name in names:
        print(f"{name:<{width}}  {read_process(name).title}")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print a theory in words."""
    from cosim.processes.catalogue import read_process
    from cosim.processes.describe import describe_process

    sys.stdout.write(describe_process(read_process(options.process)))
    print(f"\nfile: {_file_of(options.process)}")
    return 0


def _file_of(process: str) -> str:
    """Return where a theory's table lies; one that ships by its path in the package as it is installed here."""
    from cosim.processes.catalogue import FOLDER, list_processes

    return str(FOLDER / f"{process}.toml") if process in list_processes() else process


def draw(options: argparse.Namespace) -> int:
    """Draw a theory and print where the picture lies."""
    from cosim.processes.catalogue import read_process
    from cosim.processes.describe import drawing_of
    from cosim.report.plots.causal_graph import plot_causal_graph
    from cosim.report.plots.saving import save_figure

    model = read_process(options.process)
    file = options.out or Path(f"{model.name}.svg")
    if file.suffix.lower() not in PICTURES:
        allowed = f"a file ending in {', '.join(PICTURES)}"
        raise ProcessError([Complaint("--out", "", str(file), allowed, "choose one of these endings")])
    look_at_place(file, replace=options.replace)
    save_figure(
        plot_causal_graph(drawing_of(model)), file, {"Title": model.title, "Source": f"cosim, process {model.name}"}
    )
    print(file)
    return 0


def check(options: argparse.Namespace) -> int:
    """Print that a theory can be used, with what is worth a second look; a letter is raised if it cannot be."""
    from cosim.parameters.catalogue import read_declarations
    from cosim.processes.catalogue import read_process
    from cosim.processes.cautions import caution

    model = read_process(options.process)
    print(f"{options.process}: {model.name} can be used ({model.title})")
    usual = read_declarations()
    drive = usual["process.gain"].default * usual["process.arrows"].default
    for note in caution(model, drive):
        print(textwrap.fill(f"note: {note}", WIDTH, initial_indent="    ", subsequent_indent="          "))
    return 0


def match(options: argparse.Namespace) -> int:
    """Match the theories' base hazards and print each scale as it is found."""
    from cosim.processes.catalogue import read_process
    from cosim.scenario.reading import read_scenario
    from cosim.study.matching import REFERENCE, Match, match_processes, table_of

    for name in options.names:
        read_process(name)
    if options.out is not None:
        look_at_place(options.out, replace=options.replace)
    replicates = max(options.replicates, 2)
    matches: list[Match] = []

    def tell(one: Match) -> None:
        matches.append(one)
        found = f"{one.rate:.1f} against {one.wanted:.1f} (s.e. {one.error:.1f})"
        print(f"{one.name} = {one.scale:.6g}  # {found}", flush=True)

    match_processes(options.names or None, replicates=replicates, on_match=tell)
    if options.out is not None:
        write_text(options.out, table_of(matches, read_scenario(REFERENCE), replicates))
    return 0
