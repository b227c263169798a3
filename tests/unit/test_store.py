"""A folder of results is there whole or not at all, and says what is wrong with it when read."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.errors import StoreError
from cosim.results import folders, provenance, writer
from cosim.results.record import FailedRun
from cosim.results.store import MANIFEST, default_folder, plain_name, read_results
from cosim.results.tables import Note, TableFile
from cosim.results.writer import ResultsWriter, write_results

NOTES = {"arena": {"worth": Note("share", "worth of the solution in use"), "sector": Note("", "who it was")}}
FAILED = FailedRun(
    scenario="stad",
    process="regime",
    seed=1,
    replicate=2,
    stage="run",
    kind="RunError",
    message="fell",
    command="cosim",
)


def frames(n_rows: int = 3) -> dict[str, pd.DataFrame]:
    """Return one replicate's tables, with numbers, words, truths and categories."""
    rng = np.random.default_rng(n_rows)
    arena = pd.DataFrame(
        {
            "worth": rng.random(n_rows).astype("f4"),
            "opened": np.arange(n_rows, dtype="i2"),
            "sector": pd.Categorical(["civic"] * n_rows, categories=["public", "civic"]),
            "ending": ["delivered"] * n_rows,
            "scheduled": [True] * n_rows,
        }
    )
    return {"arena": arena, "outcomes": pd.DataFrame({"innovations": [float(n_rows)]})}


def write(folder: Path, *, replace: bool = False, mark: str = "first") -> Path:
    """Write two replicates, the second without any arena."""
    return write_results(folder, {0: frames(3), 1: frames(0)}, {"mark": mark}, notes=NOTES, replace=replace)


def names(folder: Path) -> list[str]:
    """Return everything in a folder, hidden or not."""
    return sorted(one.name for one in folder.iterdir())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    folder = write_results(tmp_path / "a", {0: frames(3), 4: frames(2)}, {"seed": 7}, notes=NOTES, failed=[FAILED])
    stored = read_results(folder)
    arena = stored.tables["arena"]
    assert arena["replicate"].tolist() == [0, 0, 0, 4, 4]
    assert arena["worth"].dtype == np.float32
    assert arena["worth"].tolist()[:3] == frames(3)["arena"]["worth"].tolist()
    assert arena["sector"].tolist() == ["civic"] * 5
    assert stored.notes["arena"]["worth"] == NOTES["arena"]["worth"]
    assert stored.manifest["seed"] == 7
    assert stored.manifest["tables"]["arena"]["rows"] == 5
    assert stored.failed[0]["replicate"] == 2
    assert names(tmp_path) == ["a"]


def test_an_empty_replicate_keeps_the_kinds_of_the_columns(tmp_path: Path) -> None:
    stored = read_results(write_results(tmp_path / "a", {0: frames(0), 1: frames(2)}, {}, notes=NOTES))
    assert stored.tables["arena"]["ending"].tolist() == ["delivered"] * 2


def test_frames_that_do_not_match_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="report this as a fault"):
        write_results(tmp_path / "a", {0: frames(1), 1: {"arena": pd.DataFrame({"other": [1]})}}, {})
    assert names(tmp_path) == []


def test_an_existing_folder_is_refused_and_replaced_only_when_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    with pytest.raises(StoreError, match="--replace"):
        write(folder)
    (folder / "index.html").write_text("a report")
    write(folder, replace=True, mark="second")
    assert read_results(folder).manifest["mark"] == "second"
    assert names(tmp_path) == ["a"]
    assert not (folder / "index.html").exists()


@pytest.mark.parametrize("with_manifest", [True, False])
def test_a_folder_of_somebody_elses_files_never_gives_way(tmp_path: Path, with_manifest: bool) -> None:
    folder = tmp_path / "thesis"
    if with_manifest:
        write(folder)
    else:
        folder.mkdir()
    (folder / "chapter.txt").write_text("two years of work")
    with pytest.raises(StoreError, match=r"chapter\.txt"):
        write(folder, replace=True)
    assert (folder / "chapter.txt").read_text() == "two years of work"


def test_an_empty_folder_may_be_filled_and_a_file_may_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    read_results(write(tmp_path / "empty"))
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="a file of that name"):
        write(tmp_path / "file", replace=True)


STEPS: dict[str, Callable[[pytest.MonkeyPatch, BaseException], None]] = {
    "append": lambda patch, fault: patch.setattr(TableFile, "append", raiser(fault)),
    "close": lambda patch, fault: patch.setattr(TableFile, "close", raiser(fault)),
    "manifest": lambda patch, fault: patch.setattr(writer, "_write", raiser(fault)),
    "place": lambda patch, fault: patch.setattr(writer, "put_in_place", raiser(fault)),
    "sync": lambda patch, fault: patch.setattr(folders, "sync_folder", raiser(fault)),
}


def raiser(fault: BaseException) -> Callable[..., None]:
    """Return a function that raises, whatever it is given."""

    def fall(*_: object, **__: object) -> None:
        raise fault

    return fall


@pytest.mark.parametrize(
    "fault", [KeyboardInterrupt(), MemoryError(), OSError(errno.ENOSPC, "No space left on device")]
)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("there", [True, False])
def test_a_fall_in_the_middle_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, fault: BaseException, there: bool
) -> None:
    folder = tmp_path / "a"
    if there:
        write(folder)
    with monkeypatch.context() as patch:
        STEPS[step](patch, fault)
        with pytest.raises((type(fault), StoreError)):
            write(folder, replace=there, mark="second")
    assert names(tmp_path) == (["a"] if there else [])
    if there:
        assert read_results(folder).manifest["mark"] == "first"
    write(folder, replace=there, mark="third")
    assert read_results(folder).manifest["mark"] == "third"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_in_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(TableFile, "append", raiser(OSError(code, os.strerror(code))))
    with pytest.raises(StoreError, match="the disk is full") as letter:
        write(tmp_path / "a")
    assert letter.value.exit_code == 1
    assert "--out" in str(letter.value)
    assert "same seed gives the same numbers" in str(letter.value)


def test_a_place_that_forbids_writing_is_told_in_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "mkdir", raiser(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(StoreError, match="not permitted"):
        write(tmp_path / "a")


def test_a_path_through_a_file_is_told_in_a_letter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the file system refused"):
        write(tmp_path / "file" / "a")


def test_of_two_writers_the_second_gets_a_letter(tmp_path: Path) -> None:
    with ResultsWriter(tmp_path / "a") as first:
        with pytest.raises(StoreError, match="another run is writing"):
            write(tmp_path / "a")
        first.add(0, frames())
        first.finish({})
    read_results(tmp_path / "a")
    assert names(tmp_path) == ["a"]


def test_a_writer_in_another_process_is_seen(tmp_path: Path) -> None:
    code = (
        "import sys; from cosim.results.writer import ResultsWriter\n"
        "with ResultsWriter(sys.argv[1]): print(1, flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreError, match="another run is writing"):
            write(tmp_path / "a")
        other.kill()
    assert names(tmp_path) != []  # killed: it could clear nothing away
    write(tmp_path / "a")
    assert names(tmp_path) == ["a"]


def test_folders_change_places_without_the_system_call_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a")
    monkeypatch.setattr(folders, "_exchange", lambda *_: False)
    write(tmp_path / "a", replace=True, mark="second")
    assert read_results(tmp_path / "a").manifest["mark"] == "second"
    assert names(tmp_path) == ["a"]


def test_results_caught_between_two_names_get_theirs_back(tmp_path: Path) -> None:
    write(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / ".a.old-123")
    with pytest.raises(StoreError), ResultsWriter(tmp_path / "a"):
        raise StoreError("stopped")
    assert read_results(tmp_path / "a").manifest["mark"] == "first"
    assert names(tmp_path) == ["a"]


def damage(folder: Path, change: Callable[[Path], object], file: str) -> str:
    """Return the letter one gets for a folder after a change to one of its files."""
    change(folder / file)
    with pytest.raises(StoreError) as letter:
        read_results(folder)
    return str(letter.value)


def edit_manifest(path: Path, **changes: object) -> None:
    """Change fields of a manifest."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_every_damaged_file_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    (folder / "outcomes.parquet").unlink()
    letter = damage(folder, lambda path: path.write_bytes(path.read_bytes()[:-1]), "arena.parquet")
    assert "arena.parquet" in letter
    assert "outcomes.parquet" in letter
    assert "2 things" in letter


def test_a_manifest_is_not_believed(tmp_path: Path) -> None:
    for number, (change, word) in enumerate(
        [
            ({"format_version": 99}, "format version 99"),
            ({"format": "other"}, "no manifest.json that can be read"),
            ({"files": {"../secret": {"sha256": ""}}}, "a path instead of a plain file name"),
            ({"tables": {"arena": {"file": "none"}}}, "without a file"),
            ({"tables": {"arena": []}}, "without a file"),
        ]
    ):
        folder = write(tmp_path / str(number))
        assert word in damage(folder, lambda path, change=change: edit_manifest(path, **change), MANIFEST)
    folder = write(tmp_path / "no-json")
    assert "can be read" in damage(folder, lambda path: path.write_text("["), MANIFEST)


def test_a_folder_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "stad-regime-1")
    with pytest.raises(StoreError, match="did you mean 'stad-regime-1'"):
        read_results(tmp_path / "stad-regime-2")
    with pytest.raises(StoreError, match="no such folder"):
        read_results(tmp_path / "x" / "y")


def test_names_of_folders_are_tame() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert default_folder("../../x", "a b", 0, moment).as_posix() == "results/x-a-b-0-20260102T030405Z"
    assert plain_name("...") == "unnamed"
    assert len(plain_name("a" * 500)) == 60


def test_provenance_says_what_and_not_who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "people" / "anna"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    command = ["cosim", "run", str(home / "stad.toml"), f"--out={home}/results", "--set", "start.trust=0.5"]
    said = provenance.gather_provenance(seed=3, command=command, texts={"scenario": "x"}, parameters={"b": 1, "a": 2})
    text = json.dumps(said)
    assert "anna" not in text
    assert said["command"] == ["cosim", "run", "stad.toml", "--out=results", "--set", "start.trust=0.5"]
    assert said["sha256"]["parameters"] == provenance.hash_text('{"a":2,"b":1}')
    assert said["time"].endswith("Z")
    assert provenance.without_home(f'process = "{home}/a.toml"') == 'process = "~/a.toml"'


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_only_the_packages_own_tree_is_asked_for_a_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    package = tmp_path / "cosim"
    package.mkdir()
    assert provenance.read_commit(package) == (None, None)
    (package / "a.py").write_text("")
    git("init", "-q")
    assert provenance.read_commit(package) == (None, None)  # nothing committed yet
    git("add", ".")
    git("commit", "-q", "-m", "a")
    commit, dirty = provenance.read_commit(package)
    assert len(commit or "") == 40
    assert dirty is False
    (package / "a.py").write_text("changed")
    (tmp_path / "elsewhere").write_text("")
    assert provenance.read_commit(package)[1] is True
    inner = tmp_path / "venv" / "cosim"
    inner.mkdir(parents=True)
    assert provenance.read_commit(inner) == (None, None)


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.read_commit(tmp_path / "cosim") == (None, None)
