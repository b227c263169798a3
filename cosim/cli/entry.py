"""The door of the command line: words to commands, faults to letters, both to an exit code.

Floor 8. Nothing heavy is imported here or at the top of any command: ``--help`` answers at once.

Exit codes: 0 done, 1 a run failed, the disk is full or something nobody foresaw, 2 wrong input, 128 and its number when
stopped by a signal: 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import os
import shlex
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TextIO

from cosim.cli import claims, compare, manual, plan, process, report, run, scenario, store, sweep, verify
from cosim.cli.letters import Parser, UsageError, help_of, retold
from cosim.errors import CosimError

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
STOPPED: Final = 130
SIGNALS: Final = ("SIGTERM", "SIGHUP")
NARROW: Final = {
    "\u2212": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
    "\u2192": "->",
    "\u00d7": "x",
    "\u00b7": "-",
}
"""What stands for a sign that a stream's encoding cannot hold; a question mark for all others."""
COMMANDS: Final = (run, compare, sweep, claims, plan, scenario, process, manual, report, verify, store)


class _Stopped(KeyboardInterrupt):
    """Raised where the program stands when a signal asks it to stop; everything is put in order as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number


class _Version(argparse.Action):
    """Prints the version; it is looked for only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print it and leave."""
        from cosim.results.provenance import read_version

        print(f"cosim {read_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line, one sub-parser for each command."""
    parser = Parser(
        prog="cosim",
        description="Simulate municipal co-creation (samskaping): people, arenas, months, and what comes of them.",
        epilog="Begin with: cosim scenario list, then cosim run norway14. "
        "Exit codes: 0 done, 1 a run failed or the disk is full, 2 wrong input, 130 stopped.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=help_of(parser), debug=False)
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
    _have_streams()
    _survive_narrow_terminals(sys.stdout, sys.stderr)
    try:
        try:
            options = build_parser().parse_args(words)
        except SystemExit as end:  # argparse has said what there is to say
            sys.stdout.flush()
            return end.code if isinstance(end.code, int) else DONE
        except UsageError as letter:
            print(letter, file=sys.stderr)
            return letter.exit_code
        options.words = words
        with _stopped_by_signals():
            return _carry_out(options)
    except BrokenPipeError:
        # Whoever read our answer has read enough.
        _give_up(sys.stdout)
        return DONE
    except OSError as error:
        if not _unwritable():
            raise
        return _tell_unwritten(error)


def _carry_out(options: argparse.Namespace) -> int:
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
    except CosimError as letter:
        print(retold(letter, options.words[0]), file=sys.stderr)
        return letter.exit_code
    except KeyboardInterrupt as stop:
        with contextlib.suppress(OSError):  # the terminal may be gone
            print(f"\ncosim: stopped; {_what_is_left(options)}", file=sys.stderr)
        return stop.exit_code if isinstance(stop, _Stopped) else STOPPED
    except BrokenPipeError:
        raise
    except Exception as fault:
        if isinstance(fault, OSError) and _unwritable():
            raise
        print(_unforeseen(fault, options), file=sys.stderr)
        return FAILED
    return code


def _what_is_left(options: argparse.Namespace) -> str:
    """Return what one who stopped a command finds on the disk."""
    kept = getattr(options, "kept", None)
    if kept is None:
        return "nothing half-written was left"
    return f"the tables are whole and lie in {kept}; cosim report {shlex.quote(str(kept))} makes figures and page"


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP stop the block as Ctrl-C does; one that is ignored, as under nohup, stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # asked once is enough: what follows is putting in order
        raise _Stopped(number)

    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number, handler in before.items():
            if handler == signal.SIG_DFL:
                signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)


def _unwritable() -> list[TextIO]:
    """Return those of the two output streams that hold something and cannot be rid of it."""
    stuck = []
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.write("")
            stream.flush()
        except (OSError, ValueError):
            stuck.append(stream)
    return stuck


def _tell_unwritten(error: OSError) -> int:
    """Say that output could not be written, where that can be said, and let the buffers go."""
    for stream in _unwritable():
        _give_up(stream)
    with contextlib.suppress(OSError, ValueError):
        print(f"cosim: output could not be written: {error.strerror or error}", file=sys.stderr, flush=True)
    return FAILED


def _give_up(stream: TextIO) -> None:
    """Turn a stream to nowhere, so that what is still in its buffer does not raise again at the end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _have_streams() -> None:
    """Open the null device for an output stream that was closed before we began."""
    nothing: Any = None
    if sys.stdout is nothing:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the program
    if sys.stderr is nothing:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


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
    """Let a stream that cannot write a sign write its plain likeness or a question mark instead of falling."""
    codecs.register_error("cosim-narrow", _plain_likeness)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="cosim-narrow")


def _plain_likeness(error: UnicodeError) -> tuple[str, int]:
    """Return what is written for signs that cannot be."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(NARROW.get(sign, "?") for sign in error.object[error.start : error.end]), error.end
