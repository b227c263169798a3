"""Lays a report into its folder, and touches nothing there that a report did not write itself.

Floor 3. Comes in: every file of the report as bytes. What it lays down it lists with hashes in ``report.json``; by that
list the next report knows its own files from a reader's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cosim.errors import Complaint, StoreError
from cosim.results.folders import begin_folder, locked, remove_folder
from cosim.results.store import FIGURES, REPORT, fingerprint, read_report_files

FORMAT: Final = "cosim report"


def lay_down(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> None:
    """Put a report's files into the folder, and take away those of an older report that are in it no more.

    Everything is written beside its place first, so that a full disk leaves the old report as it was.

    Parameters
    ----------
    files : path inside the folder to content
    replace : whether files that somebody changed may be written over

    Raises
    ------
    StoreError
        Another report is being laid down, or a file of that name is not as a report left it.
    """
    folder = folder.resolve()
    with locked(folder / FIGURES):
        known = read_report_files(folder)
        if not replace:
            _refuse_changed(folder, files, known)
        waiting = begin_folder(folder / FIGURES)
        listed = {name: fingerprint(content) for name, content in files.items()}
        record = json.dumps({"format": FORMAT, "files": listed}, indent=1) + "\n"
        try:
            (folder / FIGURES).mkdir(exist_ok=True)
            places = {**files, REPORT: record.encode("utf-8")}
            for number, content in enumerate(places.values()):
                (waiting / str(number)).write_bytes(content)
            for number, name in enumerate(places):
                os.replace(waiting / str(number), folder / name)
        finally:
            remove_folder(waiting)
        for name in known.keys() - files.keys():
            if name.startswith(f"{FIGURES}/") and _is_as_left(folder / name, known[name]):
                (folder / name).unlink()


def _is_as_left(path: Path, digest: str) -> bool:
    """Return whether a file holds the bytes of that hash."""
    return path.is_file() and fingerprint(path.read_bytes())["sha256"] == digest


def _refuse_changed(folder: Path, files: Mapping[str, bytes], known: Mapping[str, str]) -> None:
    """Raise one letter naming every file that would be written over and is not as a report left it."""
    allowed = "files as a report left them"
    do = "rename it to keep it; with --replace it is written over"
    complaints = []
    for name, content in files.items():
        path = folder / name
        if not os.path.lexists(path) or (name in known and _is_as_left(path, known[name])):
            continue
        if not _is_as_left(path, fingerprint(content)["sha256"]):
            found = "it was changed since the report wrote it" if name in known else "a file that no report wrote"
            complaints.append(Complaint(str(path), "", found, allowed, do))
    if complaints:
        raise StoreError(complaints)
