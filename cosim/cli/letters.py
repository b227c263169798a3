"""Letters about what was typed: words that are no command, and arguments that the command line knows as options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from cosim.errors import Complaint, CosimError, nearest

_ARGUMENT = re.compile(r"argument (?P<name>[^:]+): (?P<what>.*)", re.DOTALL)
_CHOICE = re.compile(r"invalid choice: (?P<word>.+?) \(choose from (?P<choices>.*)\)", re.DOTALL)
_QUOTES = re.compile(r",? without quotes( or per cent)?(?=;)")
_REQUIRED = "the following arguments are required: "


class UsageError(CosimError):
    """What was typed is no command."""

    heading = "The command cannot be understood"


class Parser(argparse.ArgumentParser):
    """A parser that complains in letters, with the nearest option or command for a misspelt one."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and complain at once of what the command in question does not know."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            raise UsageError(self._complain_of(word, rest) for word in rest if word.startswith("-") or rest[0] == word)
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Raise what argparse found wrong as a letter."""
        see = f"{self.prog} --help tells what there is"
        if message.startswith(_REQUIRED):
            names = message.removeprefix(_REQUIRED).split(", ")
            raise UsageError(Complaint(self.prog, name, "nothing", f"a {name}", see) for name in names)
        told = _ARGUMENT.fullmatch(message)
        if told is None:
            raise UsageError([Complaint(self.prog, "", message, "", see)])
        choice = _CHOICE.fullmatch(told["what"])
        if choice is None:
            raise UsageError([Complaint(self.prog, told["name"], told["what"], "", see)])
        words = [word.strip(" '") for word in choice["choices"].split(",")]
        do = nearest(choice["word"].strip("'"), words) or see
        raise UsageError([Complaint(self.prog, told["name"], choice["word"], f"one of {', '.join(words)}", do)])

    def _complain_of(self, word: str, rest: Sequence[str]) -> Complaint:
        """Return the complaint about a word that nothing asked for."""
        see = f"{self.prog} --help tells what there is"
        if not word.startswith("-"):
            return Complaint(
                self.prog, "", f"{word!r}, one word too many", "", f"put words with spaces in quotes; {see}"
            )
        option = word.partition("=")[0]
        known = [one for one in self._option_string_actions if one.startswith("--")]
        return Complaint(self.prog, "", f"no option {option!r}", "", nearest(option, known) or see)


def help_of(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Return a command that prints a parser's help: what there is when nothing was asked for."""

    def print_help(_options: argparse.Namespace) -> int:
        parser.print_help()
        return 0

    return print_help


def retold(letter: CosimError, command: str) -> CosimError:
    """Return a letter in which arguments of the reader of scenarios are called as one who typed a command knows them.

    Parameters
    ----------
    letter : as it was raised
    command : the first word typed, such as ``run``
    """
    from cosim.scenario.reading import DOOR, OF_ITS_OWN, OVERRIDES

    if all(one.file != DOOR for one in letter.complaints):
        return letter
    complaints = []
    for one in letter.complaints:
        if one.file == DOOR and one.key.startswith(f"{OVERRIDES}."):
            name = one.key.removeprefix(f"{OVERRIDES}.")
            do = f"write --{name} instead" if one.found == OF_ITS_OWN else _QUOTES.sub("", one.do)
            one = replace(one, file=f"cosim {command} --set", key=name, do=do)
        elif one.file == DOOR:
            one = replace(one, file=f"cosim {command}", key=f"--{one.key}")
        complaints.append(one)
    again = type(letter)(complaints)
    again.exit_code = letter.exit_code
    return again
