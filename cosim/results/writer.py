"""Writes results into one folder, replicate by replicate, whole or not at all.

Floor 2. Comes in: frames with notes on their columns, a manifest, failed runs. Goes out: the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pandas as pd

from cosim.results.folders import begin_folder, letter_about, locked, put_in_place, remove_folder, sync_file
from cosim.results.provenance import without_home
from cosim.results.record import FailedRun
from cosim.results.store import (
    FAILED,
    FIGURES,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    PAGE,
    REPORT,
    fingerprint,
    plain_name,
    read_manifest,
    read_report_files,
    refusal,
)
from cosim.results.tables import Note, TableFile, as_arrow

REPORTED: Final = frozenset({PAGE, FIGURES, REPORT})
"""What a report adds to the folder; remade from the rest at any time."""

Frames = Mapping[str, pd.DataFrame]
TableNotes = Mapping[str, Mapping[str, Note]]


class ResultsWriter:
    """Writes one folder of results, replicate by replicate; used in a ``with`` block.

    The folder appears when ``finish`` returns. If the block is left before that, for whatever reason, nothing is there,
    and a folder that was to be replaced is as it was.

    Parameters
    ----------
    folder : where the results are to lie
    replace : whether results already lying there may give way; a folder of anything else never does
    """

    def __init__(self, folder: Path | str, *, replace: bool = False) -> None:
        self.folder = Path(folder)
        self._replace = replace
        self._resolved = Path(os.path.realpath(self.folder))
        self._held = ExitStack()
        self._files: dict[str, TableFile] = {}
        self._columns: dict[str, dict[str, dict[str, str]]] = {}
        self._partial: Path | None = None

    def __enter__(self) -> ResultsWriter:
        """Take the lock and make the hidden folder.

        Raises
        ------
        StoreError
            Something is there already, somebody else is writing it, or it cannot be made.
        """
        try:
            self._refuse_what_is_there()
            self._resolved.parent.mkdir(parents=True, exist_ok=True)
            self._held.enter_context(locked(self._resolved))
            self._refuse_what_is_there()
            self._partial = begin_folder(self._resolved)
        except OSError as error:
            self._held.close()
            raise letter_about(error, self.folder) from error
        except BaseException:
            self._held.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away what was not finished, and let the next writer in."""
        for file in self._files.values():
            file.abandon()
        if self._partial is not None:
            remove_folder(self._partial)
        self._held.close()

    def _refuse_what_is_there(self) -> None:
        folder = self._resolved
        if not os.path.lexists(folder):
            return
        if not folder.is_dir():
            allowed, do = "a folder that is not there", "choose another name"
            raise refusal(self.folder, "", "a file of that name", allowed, do)
        there = {one.name for one in folder.iterdir()}
        if not there:
            return
        if not self._replace:
            do = "add --replace to let the new results take its place, or name another folder with --out"
            raise refusal(self.folder, "", "a folder with files in it", "a folder that is not there", do)
        manifest = read_manifest(folder) if MANIFEST in there else {}
        foreign = sorted(there - manifest.get("files", {}).keys() - REPORTED - {MANIFEST})
        foreign += _strangers_among_figures(folder)
        if foreign or not manifest:
            found = f"files that cosim did not write: {', '.join(foreign[:5])}{' ...' if len(foreign) > 5 else ''}"
            do = "move them away, or name another folder with --out"
            raise refusal(self.folder, "", found, "--replace over results of cosim and nothing else", do)

    def add(self, replicate: int, tables: Frames, notes: TableNotes | None = None) -> None:
        """Append one replicate to every table; the first one decides the columns.

        Raises
        ------
        StoreError
            The disk is full, or the frames of two replicates do not match.
        """
        assert self._partial is not None, "a ResultsWriter is used in a with block"
        try:
            for name, frame in tables.items():
                meanings = (notes or {}).get(name, {})
                table = as_arrow(frame, replicate, meanings, {"cosim.table": name})
                if name not in self._files:
                    self._files[name] = TableFile(self._partial / f"{plain_name(name)}.parquet", table.schema)
                    self._columns[name] = {key: note._asdict() for key, note in meanings.items() if key in frame}
                self._files[name].append(table)
        except OSError as error:
            raise letter_about(error, self.folder) from error

    def add_text(self, name: str, text: str) -> None:
        """Lay a small text beside the tables, such as the scenario one can run again."""
        assert self._partial is not None, "a ResultsWriter is used in a with block"
        try:
            _write(self._partial / name, text)
        except OSError as error:
            raise letter_about(error, self.folder) from error

    def finish(self, manifest: Mapping[str, Any], failed: Iterable[FailedRun] = ()) -> Path:
        """Write the manifest, let the folder appear, and return it.

        Parameters
        ----------
        manifest : what JSON can hold; ``format``, ``format_version``, ``tables`` and ``files`` are added here
        failed : runs that fell
        """
        assert self._partial is not None, "a ResultsWriter is used in a with block"
        failures = [asdict(one) for one in failed]
        try:
            for file in self._files.values():
                file.close()
            if failures:
                _write(self._partial / FAILED, _json(failures))
            tables = {
                name: {"file": file.path.name, "rows": file.rows, "columns": self._columns[name]}
                for name, file in self._files.items()
            }
            files = {path.name: fingerprint(path.read_bytes()) for path in sorted(self._partial.iterdir())}
            head = {"format": FORMAT, "format_version": FORMAT_VERSION}
            _write(self._partial / MANIFEST, _json({**head, **manifest, "tables": tables, "files": files}))
            put_in_place(self._partial, self._resolved)
        except OSError as error:
            raise letter_about(error, self.folder) from error
        self._partial = None
        self._files = {}
        return self.folder


def write_results(
    folder: Path | str,
    replicates: Mapping[int, Frames],
    manifest: Mapping[str, Any],
    *,
    notes: TableNotes | None = None,
    failed: Iterable[FailedRun] = (),
    replace: bool = False,
) -> Path:
    """Write a whole folder of results at once and return it; see `ResultsWriter`."""
    with ResultsWriter(folder, replace=replace) as writer:
        for replicate, tables in replicates.items():
            writer.add(replicate, tables, notes)
        return writer.finish(manifest, failed)


def _strangers_among_figures(folder: Path) -> list[str]:
    """Return what lies among the figures and was not laid there by a report."""
    figures = folder / FIGURES
    found = [one.relative_to(folder).as_posix() for one in figures.rglob("*") if not one.is_dir()]
    if os.path.lexists(figures) and not figures.is_dir():
        found = [FIGURES]
    return sorted(set(found) - read_report_files(folder).keys())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(without_home(text).encode("utf-8"))
    sync_file(path)
