"""What a study leaves: one folder with its tables, pictures, page, brief and birth certificate, whole or not at all.

Floor 7. Runs are not in it: they stay in the store, and the folder says which they were, so that `cosim verify` can
make some of them again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cosim.errors import Complaint, StoreError
from cosim.report.brief import render_brief
from cosim.report.document import USUALLY, Document, Figure
from cosim.report.plots.saving import draw_bytes
from cosim.report.study_page import render_study_page
from cosim.results.folders import begin_folder, letter_about, locked, put_in_place, remove_folder, sync_file
from cosim.results.provenance import gather_provenance, without_home
from cosim.results.store import fingerprint, plain_name
from cosim.study.points import Point, model_version

FORMAT: Final = "cosim study"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
PAGE: Final = "index.html"
BRIEF: Final = "brief.pdf"
RUNS: Final = "runs"


@dataclass(frozen=True, slots=True)
class Finding:
    """All that a study leaves: the page, tables by name, a brief if it has one, and which runs it rests on: points with
    so many replicates each, and ``also`` others with theirs. ``guards`` are told in the terminal too.
    """

    document: Document
    tables: Mapping[str, pd.DataFrame]
    points: Sequence[Point]
    replicates: int
    columns: Sequence[str]
    brief: Document | None = None
    also: Sequence[tuple[Sequence[Point], int]] = ()
    guards: Sequence[str] = ()


def default_folder(name: str, verb: str, moment: datetime | None = None) -> Path:
    """Return where a study's results go when nobody says where.

    Examples
    --------
    >>> default_folder("stad", "sweep", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)).as_posix()
    'results/stad-sweep-20260301T123000Z'
    """
    time = (moment or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    return Path("results") / f"{plain_name(name)}-{verb}-{time}"


def draw_figure(
    name: str,
    plot: Callable[[pd.DataFrame], Any],
    describe: Callable[[pd.DataFrame], str],
    frame: pd.DataFrame,
    caption: str,
    rank: int = USUALLY,
) -> Figure:
    """Return a finished picture of a table, with its words for who cannot see it."""
    axes = plot(frame)
    told = describe(frame)
    about = {"Title": caption, "Description": told, "Source": "cosim"}
    return Figure(name, told, caption, draw_bytes(axes, "svg", about), draw_bytes(axes, "png", about), rank)


def keep_finding(
    finding: Finding,
    folder: Path,
    *,
    study: Mapping[str, str],
    store: str,
    seed: int,
    command: Sequence[str],
    replace: bool = False,
) -> Path:
    """Write a study's folder and return the path of its page.

    Parameters
    ----------
    finding : what there is to keep
    folder : where to; there whole or not at all
    study : texts by file name that the study came from
    store : where its runs lie
    replace : whether a study's results already there may give way; a folder of anything else never does

    Raises
    ------
    StoreError
        Something else is there, somebody else writes it now, or the disk will not take it.
    """
    folder = Path(os.path.realpath(folder))
    refuse_what_is_there(folder, replace=replace)
    partial: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            partial = begin_folder(folder)
            try:
                _fill(partial, finding, study, store, seed, command)
                put_in_place(partial, folder)
            finally:
                remove_folder(partial)
    except OSError as error:
        raise letter_about(error, folder) from error
    return folder / PAGE


def refuse_what_is_there(folder: Path, *, replace: bool) -> None:
    """Raise a letter when a study may not be written there; to be asked before its runs are made, too.

    Raises
    ------
    StoreError
        Something else is there, or results of a study that may not give way.
    """
    if not os.path.lexists(folder):
        return
    there = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else ["a file of that name"]
    if not there:
        return
    files = read_study_manifest(folder).get("files", {})
    foreign = [name for name in there if name not in {str(one).split("/")[0] for one in files} | {MANIFEST}]
    if not replace or foreign or not files:
        found = f"a folder with files in it ({', '.join((foreign or there)[:5])})"
        do = "name another folder with --out" if foreign or not files else "add --replace, or name another with --out"
        allowed = "a folder that is not there, or results of a study and --replace"
        raise StoreError([Complaint(str(folder), "", found, allowed, do)])


def read_study_manifest(folder: Path) -> dict[str, Any]:
    """Return a study folder's manifest, or an empty dict when it is none of ours."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(manifest, dict) and manifest.get("format") == FORMAT:
            return manifest
    return {}


def _fill(
    folder: Path, finding: Finding, study: Mapping[str, str], store: str, seed: int, command: Sequence[str]
) -> None:
    """Write every file of a study into a folder that nobody sees yet."""
    files: dict[str, Any] = {}

    def put(name: str, content: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sync_file(path)
        files[name] = fingerprint(content)

    for name, text in study.items():
        put(name, text.encode("utf-8"))
    for name, frame in finding.tables.items():
        put(f"tables/{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        put(f"tables/{name}.parquet", frame.to_parquet(index=False))
    put(f"{RUNS}.parquet", _runs_of(finding).to_parquet(index=False))
    for block in finding.document.blocks:
        if isinstance(block, Figure):
            for kind, content in (("svg", block.svg), ("png", block.png)):
                if isinstance(content, bytes):
                    put(f"figures/{block.name}.{kind}", content)
    put(PAGE, render_study_page(finding.document).encode("utf-8"))
    made = datetime.now(UTC)
    if finding.brief is not None:
        put(BRIEF, render_brief(finding.brief, made))
        put("brief.html", render_study_page(finding.brief).encode("utf-8"))
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "model": model_version(),
        "store": without_home(store if "://" in store else os.path.abspath(store)),
        "columns": list(finding.columns),
        "files": files,
        "provenance": gather_provenance(seed=seed, command=command, texts=study),
    }
    put(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, default=str).encode("utf-8") + b"\n")


def _runs_of(finding: Finding) -> pd.DataFrame:
    """Return the runs a study rests on: key, point and replicate."""
    most: dict[bytes, tuple[Point, int]] = {}
    for points, n in ((finding.points, finding.replicates), *finding.also):
        for point in points:
            most[point.key] = (point, max(n, most[point.key][1] if point.key in most else 0))
    listed = [(point, replicate) for point, n in most.values() for replicate in range(n)]
    keys = [bytes(key).hex() for point, n in most.values() for key in point.run_keys(range(n))]
    return pd.DataFrame(
        {
            "key": keys,
            "point": [point.key.hex() for point, _ in listed],
            "replicate": [replicate for _, replicate in listed],
        }
    )
