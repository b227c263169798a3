"""A file that a command is told to write: asked about before anything is done, and never written over unasked."""

from __future__ import annotations

from pathlib import Path

from cosim.errors import Complaint, StoreError


def look_at_place(place: Path, *, replace: bool) -> None:
    """Return when a file can be written there.

    Parameters
    ----------
    place : where the file is to lie
    replace : whether a file that is there may give way

    Raises
    ------
    StoreError
        A folder bears that name, a file does and may not give way, or the folder it is to lie in is not there.
    """
    if place.is_dir():
        complaint = Complaint("--out", "", f"{place}, a folder", "a file", f"such as --out {place / 'name'}")
    elif place.exists() and not replace:
        do = "add --replace to write over it, or name another file with --out"
        complaint = Complaint(str(place), "", "a file that is there already", "a new file", do)
    elif not place.parent.is_dir():
        do = "make the folder first, or name another; a misspelt one is not made unasked"
        complaint = Complaint("--out", "", f"no folder {place.parent}", "a folder that is there", do)
    else:
        return
    raise StoreError([complaint])


def write_text(place: Path, text: str) -> None:
    """Write a text to a file.

    Raises
    ------
    StoreError
        It cannot be written; exit code 1, for nothing was wrong with what was asked.
    """
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        found = f"it cannot be written: {error.strerror or error}"
        letter = StoreError(
            [Complaint(str(place), "", found, "a file you may write", "name another file, or make room")]
        )
        letter.exit_code = 1
        raise letter from error
