"""``cosim process``: list, show, draw, check and match theories of co-creation."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from cosim.cli.choices import count
from cosim.errors import Complaint, ProcessError

PICTURES: Final = (".svg", ".png", ".pdf")


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "process",
        help="list, show, draw, check and match theories",
        description="A theory of co-creation is a table: list those that ship, read one, draw it, check your own.",
    )
    verbs = parser.add_subparsers(title="what to do", metavar="VERB", required=True)
    one = verbs.add_parser("list", parents=[shared], help="name the theories that ship")
    one.set_defaults(command=list_them)
    one = verbs.add_parser("show", parents=[shared], help="print a theory in words: what it says and on whose word")
    one.add_argument("process", metavar="NAME", help="a theory that ships, or a .toml file")
    one.set_defaults(command=show)
    one = verbs.add_parser("draw", parents=[shared], help="draw a theory's graph and phases")
    one.add_argument("process", metavar="NAME", help="a theory that ships, or a .toml file")
    one.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"{', '.join(PICTURES)}; NAME.svg by default, never over another file",
    )
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
    one.add_argument("--out", type=Path, metavar="FILE", help="write the table of scales to a file as well")
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
    place = options.out or Path(f"{model.name}.svg")
    if place.suffix.lower() not in PICTURES:
        allowed = f"a file ending in {', '.join(PICTURES)}"
        raise ProcessError([Complaint("--out", "", str(place), allowed, "choose one of these endings")])
    if options.out is None and place.exists():
        do = "name another file with --out, or the same one to write over it"
        raise ProcessError([Complaint(str(place), "", "a file that is there already", "a new file", do)])
    save_figure(
        plot_causal_graph(drawing_of(model)), place, {"Title": model.title, "Source": f"cosim, process {model.name}"}
    )
    print(place)
    return 0


def check(options: argparse.Namespace) -> int:
    """Print that a theory can be used; a letter with every complaint is raised otherwise."""
    from cosim.processes.catalogue import list_processes, read_process
    from cosim.processes.reading import read_process_file

    shipped = options.process in list_processes()
    model = read_process(options.process) if shipped else read_process_file(options.process)
    print(f"{options.process}: {model.name} can be used ({model.title})")
    return 0


def match(options: argparse.Namespace) -> int:
    """Match the theories' base hazards and print each scale as it is found."""
    from cosim.processes.catalogue import read_process
    from cosim.study.matching import match_processes

    for name in options.names:
        read_process(name)
    match_processes(
        options.names or None,
        replicates=max(options.replicates, 2),
        on_match=lambda one: print(
            f"{one.name} = {one.scale:.6g}  # {one.rate:.1f} against {one.wanted:.1f} (s.e. {one.error:.1f})",
            flush=True,
        ),
        write_to=options.out,
    )
    return 0
