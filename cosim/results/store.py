"""Results lying in a folder: their form, their names, and reading them back with every file checked.

Floor 2. Comes in: a folder that ``writer`` wrote. Goes out: a ``StoredRun`` of frames and manifest; a report needs
nothing else. The folder is complete in itself: what was run, by what, what came of it, and the hash of every file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from cosim.errors import Complaint, StoreError, nearest
from cosim.results.tables import Note, read_table

FORMAT: Final = "cosim results"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
FAILED: Final = "failed.json"
SCENARIO: Final = "scenario.toml"
PROCESS: Final = "process.toml"
REPORT: Final = "report.json"
"""What a report has laid into the folder, so that it never takes somebody's own file for one of its own."""
PAGE: Final = "index.html"
FIGURES: Final = "figures"


@dataclass(frozen=True, slots=True, repr=False)
class StoredRun:
    """A folder of results, read and checked.

    Attributes
    ----------
    folder : Path
    manifest : what was run, by what, and the hash of every file
    tables : name to frame; every frame has a column ``replicate``
    notes : table, column, then unit and meaning
    failed : one dict for each replicate that fell
    """

    folder: Path
    manifest: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    notes: dict[str, dict[str, Note]] = field(default_factory=dict)
    failed: tuple[dict[str, Any], ...] = ()

    def __repr__(self) -> str:
        """Return where the results lie and how long each table is; the frames stay unprinted."""
        sizes = ", ".join(f"{name} ({len(frame)} rows)" for name, frame in self.tables.items())
        fallen = f"\n  replicates that fell: {len(self.failed)}" if self.failed else ""
        return f"StoredRun in {self.folder}\n  .tables: {sizes or 'none'}{fallen}\n  .manifest says what made it"


def default_folder(scenario: str, process: str, seed: int, moment: datetime | None = None) -> Path:
    """Return where results go when nobody says where.

    Examples
    --------
    >>> default_folder("stad", "regime", 1, datetime(2026, 3, 1, 12, 30, tzinfo=UTC)).as_posix()
    'results/stad-regime-1-20260301T123000Z'
    """
    time = (moment or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    return Path("results") / "-".join([plain_name(scenario), plain_name(process), str(seed), time])


def plain_name(name: str) -> str:
    """Return a name fit for a folder: letters, digits and single dashes, never empty or hidden.

    Examples
    --------
    >>> plain_name("../Træna <i>2030</i>")
    'Træna-i-2030-i'
    """
    words = "".join(sign if sign.isalnum() or sign == "_" else " " for sign in name).split()
    return "-".join(words)[:60] or "unnamed"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest, or an empty dict when it is none of ours."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(manifest, dict) and manifest.get("format") == FORMAT:
            parts = [manifest.get(part) for part in ("files", "tables")]
            if all(isinstance(part, dict) for part in parts):
                return manifest
    return {}


def read_report_files(folder: Path) -> dict[str, str]:
    """Return the files that a report laid into a folder, path inside it to hash; empty when none did."""
    with contextlib.suppress(OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        listed = json.loads((folder / REPORT).read_text(encoding="utf-8"))["files"]
        return {str(name): str(written["sha256"]) for name, written in listed.items()}
    return {}


def fingerprint(content: bytes) -> dict[str, Any]:
    """Return a file's hash and length, as the manifest keeps them."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def refusal(place: Path, key: str, found: str, allowed: str, do: str) -> StoreError:
    """Return a letter with one complaint about a folder."""
    return StoreError([Complaint(str(place), key, found, allowed, do)])


def read_results(folder: Path | str) -> StoredRun:
    """Return the results in a folder, every file compared with the hash taken when it was written.

    Raises
    ------
    StoreError
        No folder, no results in it, a format from another time, or files missing or changed; every one is named.
    """
    folder = Path(folder)
    if folder.is_file():
        do = f"give the folder it lies in: {folder.parent}"
        raise refusal(folder, "", "a file, not a folder", "a folder of results", do)
    if not folder.is_dir():
        do = nearest(folder.name, _names_in(folder.parent)) or "give the folder that cosim run named when it was done"
        raise refusal(folder, "", "no such folder", "a folder of results", do)
    manifest = read_manifest(folder)
    if not manifest:
        found = f"no {MANIFEST} that can be read"
        raise refusal(folder, "", found, "a folder written by cosim run", "choose such a folder, or run again")
    if manifest.get("format_version") != FORMAT_VERSION:
        found, allowed = f"format version {manifest.get('format_version')!r}", str(FORMAT_VERSION)
        raise refusal(folder, MANIFEST, found, allowed, "read it with the version of cosim named in it")
    complaints: list[Complaint] = []
    contents = _read_files(folder, manifest["files"], complaints)
    tables: dict[str, pd.DataFrame] = {}
    notes: dict[str, dict[str, Note]] = {}
    for name, table in manifest["tables"].items():
        file = table.get("file") if isinstance(table, dict) else None
        if file not in manifest["files"]:
            complaints.append(_damaged(folder, MANIFEST, f"table {name!r} without a file"))
        elif file in contents:
            try:
                tables[name], notes[name] = read_table(contents[file])
            except (pa.ArrowException, ValueError):
                complaints.append(_damaged(folder, str(file), "not a table in Parquet"))
    if complaints:
        raise StoreError(complaints)
    failed = tuple(json.loads(contents[FAILED])) if FAILED in contents else ()
    return StoredRun(folder, manifest, tables, notes, failed)


def _names_in(folder: Path) -> list[str]:
    try:
        return [one.name for one in folder.iterdir()]
    except OSError:
        return []


def _damaged(folder: Path, name: str, found: str) -> Complaint:
    do = "copy the folder again from where it was whole, or run its scenario again with the seed in the manifest"
    return Complaint(str(folder), name, found, "the file as it was written", do)


def _read_files(folder: Path, files: Mapping[str, Any], complaints: list[Complaint]) -> dict[str, bytes]:
    """Return the bytes of every file that is as it was written; what is not is complained of."""
    contents: dict[str, bytes] = {}
    for name, written in files.items():
        if name in ("", ".", "..") or set(name) & set("/\\:"):
            complaints.append(_damaged(folder, repr(name), "a path instead of a plain file name"))
            continue
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            found = "the file is missing" if isinstance(error, FileNotFoundError) else str(error.strerror)
            complaints.append(_damaged(folder, name, found))
            continue
        if not isinstance(written, dict) or fingerprint(content)["sha256"] != written.get("sha256"):
            complaints.append(_damaged(folder, name, f"other bytes than were written ({len(content)} of them)"))
            continue
        contents[name] = content
    return contents
