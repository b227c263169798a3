"""From a file to a TOML table: whatever lies there, the answer is a table or one letter.

A theory may come from anybody, also through a page, so nothing here may hang, exhaust the memory or show a traceback:
only ordinary files are opened, at most 256 kB are read, and a line may hold 64 dots (a key of thousands of dots takes
a TOML reader more memory than a machine has).
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from typing import Any, Final

from cosim.errors import Complaint, ProcessError

LARGEST: Final = 256 * 1024
MOST_DOTS: Final = 64
FILE_IN_FOLDER: Final = "give the path of a file in it"


def refuse(file: str, key: str, found: str, allowed: str, do: str = "") -> ProcessError:
    """Return a letter with one complaint."""
    return ProcessError([Complaint(file, key, found, allowed, do)])


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of an ordinary file of at most 256 kB (a link to one will do).

    Raises
    ------
    ProcessError
        When there is no such file, it is a folder, a pipe or a device, too large, or may not be read.
    """
    file, allowed = os.fspath(path), "a TOML file of at most 256 kB"
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as it:
            if not stat.S_ISREG(os.fstat(it.fileno()).st_mode):
                raise refuse(file, "", "a pipe or a device", allowed, "give the path of an ordinary file")
            content = it.read(LARGEST + 1)
    except IsADirectoryError as error:
        raise refuse(file, "", "a folder", allowed, FILE_IN_FOLDER) from error
    except OSError as error:
        if os.path.isdir(file):
            raise refuse(file, "", "a folder", allowed, FILE_IN_FOLDER) from error
        raise refuse(file, "", error.strerror or type(error).__name__, allowed, "check the path") from error
    except ValueError as error:
        raise refuse(repr(file)[:80], "", "a path that no file can have", allowed, "check the path") from error
    if len(content) > LARGEST:
        raise refuse(file, "", "more than 256 kB", allowed, "a theory is a hundred lines; take out what is not it")
    return content


def parse_table(content: bytes | str, file: str) -> dict[str, Any]:
    """Return the TOML table in a text.

    Parameters
    ----------
    content : bytes (UTF-8, with or without a byte order mark) or str
    file : what the letter calls it

    Raises
    ------
    ProcessError
        When it is not UTF-8, holds a nul character, is too large, or is not TOML.
    """
    if isinstance(content, bytes):
        if len(content) > LARGEST:
            raise refuse(file, "", "more than 256 kB", "at most 256 kB")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            found = f"a byte on line {line} that is not UTF-8 (0x{content[error.start]:02x})"
            raise refuse(file, "", found, "a text in UTF-8", "save the file again as UTF-8") from error
    else:
        text = content.removeprefix("\ufeff")
        if len(text) > LARGEST:
            raise refuse(file, "", "more than 256 kB", "at most 256 kB")
    for number, line_text in enumerate(text.split("\n"), 1):
        if "\0" in line_text:
            raise refuse(file, "", f"a nul character on line {number}", "text", "is it a text file?")
        if line_text.count(".") > MOST_DOTS:
            found = f"{line_text.count('.')} dots on line {number}"
            raise refuse(
                file,
                "",
                found,
                f"at most {MOST_DOTS} on a line",
                "break the line (\\ at its end joins texts)",
            )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.sub(r"\s+", " ", str(error))[:200]
        raise refuse(file, "", found, "TOML", "mend that place; texts stand in quotes") from error
    except RecursionError as error:
        raise refuse(file, "", "brackets within brackets beyond count", "TOML", "take them apart") from error
    except ValueError as error:
        raise refuse(file, "", str(error)[:200], "TOML with numbers of ordinary size", "mend that number") from error
