"""``cosim sweep``, ``compare``, ``claims`` and ``verify``: what they say, what they leave, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cosim.cli import main
from cosim.results.runstore import RunStore
from cosim.study import execute
from tests.unit.study_files import COMPARISON, SWEEP, write_study

EVIL = '<script>alert("1")</script>'
FILES = {"index.html", "manifest.json", "runs.parquet", "study.toml", "tables", "figures"}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a sweep, a comparison and verdicts, all resting on one store."""
    folder = tmp_path_factory.mktemp("home")
    more = ["--quiet", "--store", str(folder / "store")]
    text = SWEEP.replace("A small sweep", f"A {EVIL.replace(chr(34), '')} sweep").replace("the pace?", "<b>it</b>?")
    sweep = write_study(folder, text, "sweep.toml")
    assert main(["sweep", str(sweep), *more, "--out", str(folder / "swept")]) == 0
    text = COMPARISON.replace("One facilitator", EVIL.replace('"', "'"))
    two = write_study(folder, text, "two.toml")
    assert main(["compare", str(two), *more, "--out", str(folder / "compared")]) == 0
    claims = ["claims", "additive", "--most", "10", "--scenario", str(folder / "small.toml")]
    assert main([*claims, *more, "--out", str(folder / "judged")]) == 0
    return folder


def no_address_in(page: str) -> bool:
    """Return whether a page asks nobody for anything."""
    asks = (
        r"(?:src|href|action|data|poster)\s*=\s*['\"]?(?:https?:)?//|url\(\s*['\"]?(?:https?:)?//|@import|<link|<base"
    )
    return re.search(asks, page, re.IGNORECASE) is None


@pytest.mark.parametrize(("folder", "brief"), [("swept", False), ("compared", True), ("judged", False)])
def test_what_a_study_leaves(home: Path, folder: str, brief: bool) -> None:
    place = home / folder
    expected = FILES | ({"brief.pdf", "brief.html"} if brief else set())
    assert {path.name for path in place.iterdir()} == expected - ({"study.toml"} if folder == "judged" else set())
    for page in place.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<b>it</b>" not in text
        assert no_address_in(text), page
    if brief:
        assert (place / "brief.pdf").read_bytes().startswith(b"%PDF")
        assert "&lt;script&gt;" in (place / "index.html").read_text(encoding="utf-8")
    for table in (place / "tables").glob("*.csv"):
        pd.testing.assert_index_equal(
            pd.read_csv(table).columns, pd.read_parquet(table.with_suffix(".parquet")).columns
        )
    runs = pd.read_parquet(place / "runs.parquet")
    assert (RunStore(home / "store").read(list(runs["key"]))["status"] == "done").all()


@pytest.mark.parametrize("folder", ["swept", "compared", "judged"])
def test_runs_come_out_the_same_again(home: Path, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(home / folder), "--sample", "6"]) == 0
    assert capsys.readouterr().out == "6 runs were made again, 6 with the same bits in every outcome\n"


def copy_of(folder: Path, to: Path) -> Path:
    """Return a copy of a study's folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            other = to / path.relative_to(folder)
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_bytes(path.read_bytes())
    return to


def test_a_changed_file_is_told(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = copy_of(home / "swept", tmp_path / "copy")
    page, table = copy / "index.html", copy / "tables" / "indices.csv"
    page.write_bytes(page.read_bytes() + b" ")
    table.unlink()
    assert main(["verify", str(copy)]) == 2
    said = capsys.readouterr().err
    assert "index.html\n    found    is not as it was written" in said
    assert "tables/indices.csv\n    found    is not there" in said


def test_a_changed_value_in_the_store_is_told(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = pd.read_parquet(home / "swept" / "runs.parquet")
    store, forged = RunStore(home / "store"), RunStore(tmp_path / "forged", create=True)
    frame = store.read(list(runs["key"]), ["optimism"])
    frame["optimism"] = np.nextafter(frame["optimism"], 1.0)
    forged.write(frame)
    forged.write_points(store.read_points(sorted(set(frame["point"]))))
    assert main(["verify", str(home / "swept"), "--store", forged.place, "--sample", "3"]) == 1
    said = capsys.readouterr().out
    assert said.count("differs in optimism") == 3
    assert "3 runs were made again, 0 with the same bits" in said
    assert main(["verify", str(home / "swept"), "--store", forged.place, "--run", runs["key"][0]]) == 2
    assert main(["verify", forged.place, "--run", runs["key"][0]]) == 1


def test_what_is_not_defined_is_compared_too(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = pd.read_parquet(home / "compared" / "runs.parquet")
    store, forged = RunStore(home / "store"), RunStore(tmp_path / "forged", create=True)
    frame = store.read(list(runs["key"][:1]), ["trust"])
    frame["trust"] = np.nan
    forged.write(frame)
    forged.write_points(store.read_points(list(frame["point"])))
    assert main(["verify", forged.place, "--run", runs["key"][0]]) == 1
    assert "differs in trust: nan was stored" in capsys.readouterr().out


def test_one_run_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = pd.read_parquet(home / "swept" / "runs.parquet")["key"][3]
    assert main(["verify", str(home / "store"), "--run", key]) == 0
    assert "1 run was made again, 1 with" in capsys.readouterr().out
    assert main(["verify", str(home / "store"), "--run", "0" * 32]) == 1
    assert "is not in the store" in capsys.readouterr().out


WRONG = {
    "no such file": (["sweep", "nowhere.toml"], "nowhere.toml"),
    "a folder": (["sweep", "."], "a folder"),
    "no sweep in it": (["sweep", "two.toml"], "a table [sweep]"),
    "one world": (["compare", "stad"], "two or more to compare"),
    "one theory": (["compare", "stad", "--processes", "regime"], "two or more"),
    "unknown outcome": (["compare", "two.toml", "--outcome", "levl"], "did you mean 'level'"),
    "one luck": (["compare", "two.toml", "--replicates", "1"], "--replicates"),
    "two names alike": (["compare", "stad", "stad"], "twice"),
    "unknown theory": (["claims", "regmie"], "did you mean 'regime'"),
    "few lucks": (["claims", "additive", "--most", "5"], "10 or more"),
    "unknown mechanism": (["claims", "additive", "--mechanism", "theory.nothing"], "no such mechanism"),
    "a study without claims": (["claims", "two.toml"], "[[claims]]"),
    "resume what is not there": (["sweep", "sweep.toml", "--resume", "--store", "gone"], "no store.json"),
    "a share that is none": (["sweep", "sweep.toml", "--shard", "3/2"], "--shard"),
    "no study's folder": (["verify", "."], "a study's folder"),
    "no key": (["verify", "store", "--run", "xyz"], "32 hexadecimal"),
    "no scheduler": (["sweep", "sweep.toml", "--scheduler", "nonsense"], "--scheduler"),
    "a full folder": (["sweep", "sweep.toml", "--out", "full"], "name another folder with --out"),
    "a folder of another's": (["compare", "two.toml", "--out", "full", "--replace"], "name another folder with --out"),
    "a file for a folder": (["claims", "additive", "--out", "two.toml"], "--out"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=list(WRONG))
def test_wrong_input_is_a_letter_before_any_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    write_study(tmp_path, SWEEP, "sweep.toml")
    write_study(tmp_path, COMPARISON, "two.toml")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(words) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    store = tmp_path / "results" / "store"
    if "--mechanism" not in words:
        assert not store.exists() or len(RunStore(store).refresh()) == 0
    assert (tmp_path / "full" / "mine.txt").read_text(encoding="utf-8") == "mine"


def document_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the one document on standard output."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    told: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=refuse)
    return told


@pytest.mark.parametrize(
    ("words", "table"),
    [
        (["sweep", "sweep.toml"], "indices"),
        (["compare", "two.toml"], "differences"),
        (["claims", "additive", "--most", "10", "--scenario", "small.toml"], "verdicts"),
        (["sweep", "sweep.toml", "--shard", "1/2"], None),
    ],
)
def test_one_document(home: Path, capsys: pytest.CaptureFixture[str], words: list[str], table: str | None) -> None:
    named = [str(home / word) if word.endswith(".toml") else word for word in words]
    assert main([*named, "--json", "--quiet", "--no-report", "--store", str(home / "store")]) == 0
    told = document_of(capsys)
    if table is None:
        assert told["shard"] == "1/2"
        return
    assert told["folder"] is None
    assert told["tables"][table]
    assert told["answer"]
    assert "0 runs were made" in told["provenance"]["runs"], "everything was in the store"
    assert not list(Path().iterdir()), "--no-report leaves nothing"


def test_shares_are_merged_and_found(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    study = str(write_study(tmp_path, SWEEP, "sweep.toml"))
    for share in ("1/3", "2/3", "3/3"):
        place = share[0]
        assert main(["sweep", study, "--quiet", "--shard", share, "--store", place]) == 0
        assert f"shard {share} of sweep is in {place}" in capsys.readouterr().out
    assert main(["store", "merge", "--create", "all", "1", "2", "3"]) == 0
    assert main(["store", "check", "all"]) == 0
    capsys.readouterr()
    assert main(["sweep", study, "--quiet", "--resume", "--store", "all", "--out", "out", "--json"]) == 0
    merged = document_of(capsys)
    assert "0 runs were made" in merged["provenance"]["runs"]
    one, other = (pd.read_parquet(folder / "tables" / "indices.parquet") for folder in (Path("out"), home / "swept"))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.slow
def test_results_give_way_only_when_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["compare", str(home / "two.toml"), "--quiet", "--store", str(home / "store"), "--out", "out"]
    assert main(words) == 0
    before = Path("out", "manifest.json").stat().st_mtime_ns
    with monkeypatch.context() as patch:
        patch.setattr(execute, "make_block", None)
        assert main([*words, "--replicates", "50"]) == 2, "refused before a run is made"
    assert "add --replace" in capsys.readouterr().err
    assert Path("out", "manifest.json").stat().st_mtime_ns == before
    assert main([*words, "--replace"]) == 0
    assert Path("out", "manifest.json").stat().st_mtime_ns > before
    Path("out", "mine.txt").write_text("mine", encoding="utf-8")
    assert main([*words, "--replace"]) == 2
    assert Path("out", "mine.txt").exists()


def test_options_come_before_the_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", str(home / "two.toml"), "--process", "regime", "--months", "9", "--outcome", "optimism"]
    assert main([*words, "--replicates", "3", "--json", "--quiet", "--no-report", "--store", "store"]) == 0
    told = document_of(capsys)
    assert told["provenance"]["theories"] == "regime"
    assert told["provenance"]["months"] == "9"
    assert {row["outcome"] for row in told["tables"]["differences"]} >= {"optimism", "cost"}
    assert {row["n"] for row in told["tables"]["differences"] if row["outcome"] == "optimism"} == {3}


@pytest.mark.slow
def test_runs_that_fell_are_told_and_made_again_when_asked(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["compare", str(home / "two.toml"), "--quiet", "--no-report", "--store", "a store"]
    real = execute.measure_columns

    def spoil(record: Any, columns: Any) -> dict[str, float]:
        if record.replicate == 5:
            raise ZeroDivisionError("spoilt")
        return real(record, columns)

    with monkeypatch.context() as patch:
        patch.setattr(execute, "measure_columns", spoil)
        assert main(words) == 1
    said = capsys.readouterr()
    assert "2 of them failed" in said.out
    assert "2 runs failed; `cosim store list" in said.err
    assert main(["store", "list", "a store"]) == 0
    listed = capsys.readouterr().out
    assert "2 runs in stage measure with ZeroDivisionError; cosim verify 'a store' --run" in listed
    key = re.findall(r"--run ([0-9a-f]{32})", listed)[0]
    assert main(["verify", "a store", "--run", key]) == 1
    assert "now it does not" in capsys.readouterr().out
    assert main([*words, "--retry-failed"]) == 0
    assert "2 runs were made" in capsys.readouterr().out
    assert main(["verify", "a store", "--run", key]) == 0
