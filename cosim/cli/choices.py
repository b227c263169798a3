"""Kinds of values on the command line, each refusing in words what it cannot be."""

from __future__ import annotations

import argparse
from pathlib import Path


def count(word: str) -> int:
    """Return a whole number of 1 or more."""
    return _whole(word, least=1)


def number(word: str) -> int:
    """Return a whole number of 0 or more."""
    return _whole(word, least=0)


def seed(word: str) -> int:
    """Return a whole number of 0 or more, at most 2**63 - 1."""
    number = _whole(word, least=0)
    if number >= 2**63:
        raise argparse.ArgumentTypeError(f"{word!r} is too large; a seed is at most {2**63 - 1}")
    return number


def _whole(word: str, least: int) -> int:
    try:
        number = int(word)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number of {least} or more")
    return number


def place(word: str) -> Path:
    """Return where something is to lie; an empty text, as an unset variable leaves one, is no place."""
    if not word.strip():
        raise argparse.ArgumentTypeError("an empty name is no place; leave the option out for the default")
    return Path(word)
