"""Targets whose figure was put in are declared as such, and a hit of one of them is not told as a proof."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cosim.cli.answer import answer_document, answer_text
from cosim.cli.keeping import Kept
from cosim.evidence.targets import read_targets
from cosim.parameters.catalogue import read_declarations
from cosim.parameters.declaration import cited_keys
from cosim.report.build import build_report
from cosim.report.tables import compare_with_targets, count_verdicts, summarise_outcomes, tell_targets
from cosim.results.writer import write_results
from cosim.scenario.reading import read_scenario
from tests.unit.stored_run import frames_of, manifest_of

OUTCOMES = pd.DataFrame(
    {
        "replicate": range(6),
        "innovations_per_unit_year": [0.2, 0.3, 0.2, 0.3, 0.2, 0.3],
        "partner_own_units": [0.57, 0.58, 0.56, 0.57, 0.58, 0.57],
        "value_several_kinds": [0.62, 0.63, 0.61, 0.62, 0.63, 0.62],
        "value_quality": [0.90, 0.91, 0.90, 0.91, 0.90, 0.91],
    }
)


def test_what_was_put_in_is_declared() -> None:
    """Every parameter reckoned from a target's source is named by a target, and every one named says why it is."""
    declared, targets = read_declarations(), read_targets()
    named = {name for names in targets["given_by"] for name in names}
    for key, target in targets.iterrows():
        for name in target["given_by"]:
            assert name in declared, f"targets.csv: {key}: given_by names {name}, which is no parameter"
            one = declared[name]
            told = any(word in source for source in one.source for word in (str(key), "targets.csv"))
            assert told or {*cited_keys(one)} & {*target["sources"]}, f"{name} does not say that it was set from {key}"
    sources = {source for row in targets["sources"] for source in row}
    for name, one in declared.items():
        from_one = one.standing in ("measured", "estimated") and {*cited_keys(one)} & sources
        words = ("targets.csv", *(str(key) for key in targets.index))
        set_by = any(word in source for source in one.source for word in words)
        assert name in named or not (from_one or set_by), f"{name} rests on a target: name it in targets.csv, given_by"


def test_no_parameter_says_it_was_calibrated() -> None:
    said = [one.name for one in read_declarations().values() if "calibrated" in " ".join((*one.source, one.means))]
    assert said == []


def test_hits_that_were_put_in_are_counted_and_marked() -> None:
    comparison = compare_with_targets(summarise_outcomes(OUTCOMES), read_targets())
    hits, n_given, misses, silent = count_verdicts(comparison)
    assert (hits, n_given, misses) == (2, 1, 1)
    assert hits + misses + silent == len(comparison)
    given = {row["key"]: row["given"] for row in tell_targets(comparison)}
    assert given["partner_own_units"] == "arenas.invite_units"
    assert given["value_several_kinds"] == ""


def test_the_answer_and_the_page_say_so(tmp_path: Path) -> None:
    kept = Kept(read_scenario("stad"), "small-wins", "small-wins", rows=OUTCOMES.to_dict("records"))
    text = answer_text(kept, None)
    assert "2 hit (of which 1 is a figure that was put in), 1 missed" in text
    assert "measured 70 % (put in: value.quality)" in text
    assert answer_document(kept, None)["targets"]["partner_own_units"]["given_by"] == ["arenas.invite_units"]
    tables = {one: {**frames_of(one), "outcomes": OUTCOMES.drop(columns="replicate").iloc[[one]]} for one in range(6)}
    page = build_report(write_results(tmp_path / "a", tables, manifest_of(6))).read_text(encoding="utf-8")
    assert "the model hits 2 (of which 1 is a figure that was put in) and misses 1" in page
    assert "put in: arenas.invite_<wbr>units" in page
    assert "have not been fitted" not in page
    assert "13 of them are figures from which single parameters were set by hand" in page
