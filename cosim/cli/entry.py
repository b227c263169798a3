"""The door of the command line: words to commands, faults to letters, both to an exit code.

Floor 8. Nothing heavy is imported here or at the top of any command: ``--help`` answers at once.

Exit codes: 0 done, 1 a run failed or something nobody foresaw, 2 wrong input, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Final, TextIO

from cosim.cli import manual, process, report, run, scenario
from cosim.errors import CosimError

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
STOPPED: Final = 130
COMMANDS: Final = (run, scenario, process, manual, report)


class _Version(argparse.Action):
    """Prints the version; it is looked for only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print it and leave."""
        from cosim.results.provenance import read_version

        print(f"cosim {read_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line, one sub-parser for each command."""
    parser = argparse.ArgumentParser(
        prog="cosim",
        description="Simulate municipal co-creation (samskaping): people, arenas, months, and what comes of them.",
        epilog="Begin with: cosim scenario list, then cosim run norway14. "
        "Exit codes: 0 done, 1 a run failed, 2 wrong input, 130 stopped.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--debug", action="store_true", help="show the traceback of a fault nobody foresaw")
    for one in COMMANDS:
        one.add_command(commands, shared)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code.

    Parameters
    ----------
    argv : the words after ``cosim``; those the program was started with by default
    """
    words = [str(word) for word in (sys.argv[1:] if argv is None else argv)]
    _survive_narrow_terminals(sys.stdout, sys.stderr)
    try:
        try:
            options = build_parser().parse_args(words)
        except SystemExit as end:  # argparse has said what there is to say
            sys.stdout.flush()
            return end.code if isinstance(end.code, int) else DONE
        options.words = words
        return _carry_out(options)
    except BrokenPipeError:
        # Whoever read our answer has read enough. What is still in the buffer must not raise again at the end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _carry_out(options: argparse.Namespace) -> int:
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
    except CosimError as letter:
        print(letter, file=sys.stderr)
        return letter.exit_code
    except KeyboardInterrupt:
        print("\ncosim: stopped; nothing half-written was left", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        raise
    except Exception as fault:
        print(_unforeseen(fault, options), file=sys.stderr)
        return FAILED
    return code


def _unforeseen(fault: Exception, options: argparse.Namespace) -> str:
    """Return a letter about a fault of cosim itself, with its traceback if that was asked for."""
    command = shlex.join(["cosim", *options.words])
    lines = [
        "cosim fell over a fault of its own; this is not your doing",
        f"    found    {type(fault).__name__}: {fault}",
        f"    command  {command}",
    ]
    if getattr(options, "seed", None) is not None:
        lines.append(f"    seed     {options.seed}")
    if options.debug:
        return "\n".join([*lines, "", "".join(traceback.format_exception(fault)).rstrip()])
    do = "run the command again with --debug and send what it prints, with `cosim --version`, to the makers of cosim"
    return "\n".join([*lines, f"    do       {do}"])


def _survive_narrow_terminals(*streams: TextIO) -> None:
    """Let a stream that cannot write a sign write a question mark instead of falling."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
