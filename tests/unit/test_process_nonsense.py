"""Every kind of nonsense in a theory's table is answered by one letter that names all of it."""

from __future__ import annotations

from typing import Any

import pytest

from cosim.processes.graph import (
    graph_facts,
)
from cosim.processes.reading import process_from_table
from cosim.processes.sense import listened_to
from tests.unit.small_theory import Change, drop, letter_of, put, table

WEIGHT = ("arrows", 0, "weight")
FIRST = ("phases", 0)
SECOND = ("phases", 1)
HAZARD = (*FIRST, "hazard")
CLAIM = {
    "id": "one", "statement": "It does.", "outcome": "quality", "factor": "people.trust", "shape": "sign",
    "levels": [0.3, 0.7], "direction": "up", "margin": 0.1,
}  # fmt: skip


def claim(**fields: Any) -> Change:
    return put("claims", [{key: value for key, value in (CLAIM | fields).items() if value is not None}])


REFUSED: list[tuple[Change, str, str]] = [
    (put("titel", "x"), "titel", "did you mean 'title'?"),
    (drop("name"), "name", "nothing"),
    (put("name", "My Theory"), "name", "'My Theory'"),
    (put("name", 3), "name", "found    3"),
    (drop("title"), "title", "nothing"),
    (put("title", "a\x1b[31mb"), "title", "U+001B"),
    (put("about", "a" * 5000), "about", "5000 characters"),
    (put("combine", "mean"), "combine", "one of add, average"),
    (put("capacity", "capasity"), "capacity", "did you mean 'capacity'?"),
    (put("scale", 0), "scale", "found    0"),
    (put("scale", True), "scale", "found    true"),
    (put("constructs", {}), "constructs", "0 constructs"),
    (put("constructs", "hope"), "constructs", "'hope'"),
    (drop("constructs"), "constructs", "nothing"),
    (put("constructs", {f"c{n}": {"measured": "wins"} for n in range(13)}), "constructs", "13 constructs"),
    (put("constructs", "Hope!", {"measured": "wins"}), "constructs.'Hope!'", "letters"),
    (put("constructs", "hope", "measured", "optimsim"), "constructs.hope.measured", "did you mean 'optimism'?"),
    (put("constructs", "zeal", "input", 1.0), "constructs.zeal.input", "0 where nothing is measured"),
    (put("constructs", "hope", "bias", float("nan")), "constructs.hope.bias", "found    nan"),
    (put("constructs", "idle", {"measured": "none"}), "constructs.idle", "nothing measures it and no arrow moves it"),
    (put(*WEIGHT, float("inf")), "arrows[1].weight", "found    inf"),
    (put(*WEIGHT, 10.5), "arrows[1].weight", "found    10.5"),
    (put(*WEIGHT, 10**400), "arrows[1].weight", "a whole number of 1329 bits"),
    (put(*WEIGHT, "1"), "arrows[1].weight", "'1'"),
    (put(*WEIGHT, 0.0), "arrows[1].weight", "take the arrow out"),
    (drop(*WEIGHT), "arrows[1].weight", "nothing"),
    (put("arrows", 0, "from", "hoep"), "arrows[1].from", "did you mean 'hope'?"),
    (put("arrows", 1, {"from": "hope", "to": "wins", "weight": 1.0}), "arrows[2].to", "hope -> wins again"),
    (put("arrows", [3]), "arrows[1]", "found    3"),
    (put("arrows", {"from": "hope"}), "arrows", "a table"),
    (put("arrows", [{}] * 145), "arrows", "145 of them"),
    (put("arrows", 0, "source", "nobody1999"), "arrows hope -> wins", "'nobody1999'"),
    (put("moderators", 0, "reading", "hope"), "moderators[1].reading", "'hope'"),
    (put("moderators", 0, "arrows", ["wins -> zeal"]), "moderators[1].arrows[1]", "'wins -> zeal'"),
    (put("moderators", [{"reading": "trust", "low": 0, "high": 1}] * 2), "moderators[2].arrows", "again"),
    (put("start", "form", "threshold"), "start.form", "one of linear"),
    (put("start", "terms", ["engagement"]), "start.terms[1]", "known before anybody has met"),
    (put("start", "terms", []), "start.terms", "a list of 1 to 6"),
    (put("start", "terms", [["trust"]]), "start.terms[1]", "a list of 1"),
    (put("start", "level", 1.0), "start.level", "a gate that never opens"),
    (put("start", "weights", [1.0, 1.0]), "start.weights", "unless the form is linear"),
    (drop("phases"), "phases", "nothing"),
    (put("phases", []), "phases", "a list of 0"),
    (put("phases", [{}] * 9), "phases", "9 of them"),
    (put(*SECOND, "name", "talk"), "phases[2].name", "'talk'"),
    (put(*SECOND, "name", "out"), "phases[2].name", "'out'"),
    (put(*FIRST, "may_take_part", []), "phases talk", "nobody may take part"),
    (put(*FIRST, "may_take_part", ["citizens"]), "phases[1].may_take_part[1]", "one of public"),
    (put(*FIRST, "may_take_part", ["civic", "civic"]), "phases[1].may_take_part[2]", "again"),
    (put(*FIRST, "may_propose", ["private"]), "phases talk", "private may propose without taking part"),
    (put(*SECOND, "may_decide", []), "phases act", "a decision by consent that nobody may take"),
    (put(*SECOND, "decision", "vote"), "phases[2].decision", "one of none"),
    (put(*SECOND, "decision", "authority"), "phases act", "authority without the public sector"),
    (put(*SECOND, "back", "act"), "phases[2].back", "leads back, or out, never on"),
    (put(*SECOND, "back", "later"), "phases[2].back", "'later'"),
    (put(*SECOND, "decision", "none"), "phases[2].back", "nothing, where nothing is decided"),
    (drop(*HAZARD), "phases[1].hazard", "nothing"),
    (put(*HAZARD, "form", "logistic"), "phases[1].hazard.form", "'logistic'"),
    (put(*HAZARD, "rate", 0.0), "phases talk", "no exit"),
    (put(*HAZARD, "rate", -1.0), "phases[1].hazard.rate", "-1.0"),
    (put(*HAZARD, "terms", ["hope"] * 7), "phases[1].hazard.terms", "a list of 7"),
    (put(*HAZARD, "terms", ["hopp"]), "phases[1].hazard.terms[1]", "did you mean 'hope'?"),
    (put(*HAZARD, "constant", 1.0), "phases[1].hazard.constant", "unless the form is linear"),
    (put(*HAZARD, "level", 0.5), "phases[1].hazard.level", "nothing without a gate"),
    (put(*HAZARD, "gate", "trust"), "phases[1].hazard.level", "nothing"),
    (put(*SECOND, "hazard", "weights", [1.0]), "phases[2].hazard.weights", "a list of 2 numbers"),
    (put(*SECOND, "hazard", "level", 1.0), "phases act", "no exit"),
    (put(*SECOND, "hazard", "gate", None), "phases[2].hazard.level", "without a gate"),
    (put(*HAZARD, {"form": "linear", "rate": 1.0, "terms": ["hope"], "weights": [-1.0]}), "phases talk", "no exit"),
    (put(*HAZARD, {"form": "threshold", "rate": 1.0, "terms": ["hope", "wins"], "level": 0.5}),
     "phases[1].hazard.terms", "2 terms"),
    (put("feedback", "progress", ["optimisme"]), "feedback.progress[1]", "did you mean 'optimism'?"),
    (put("feedback", "wins_to_trust", 1.0), "feedback.wins_to_trust", "which no arrow carries"),
    (put("feedback", "outcome", "optimism"), "feedback.outcome", "put it in [ ]"),
    (claim(shape="bands"), "claims[1].shape", "did you mean 'band'"),
    (claim(direction=None), "claims[1].direction", "nothing"),
    (claim(band=[0.0, 1.0]), "claims[1].band", "the shape is sign"),
    (claim(levels=[0.7, 0.3]), "claims[1].levels", "numbers that rise"),
    (claim(levels=[0.7]), "claims[1].levels", "2 to 20 numbers"),
    (claim(factor="theory.arrows.hope.zeal"), "claims one", "a mechanism of this theory"),
    (claim(factor="Trust!"), "claims[1].factor", "dotted name"),
    (claim(domain={"people.trust": [0.5, 0.2]}), "claims[1].domain.people.trust", "turn them round"),
    (claim(margin=float("nan")), "claims[1].margin", "nan"),
    (put("claims", [CLAIM, CLAIM]), "claims[2].id", "each id once"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "key", "words"), REFUSED, ids=[f"{n}-{key}" for n, (_, key, _w) in enumerate(REFUSED)]
)
def test_nonsense_is_refused_with_its_place_and_what_to_do(change: Change, key: str, words: str) -> None:
    mine = table()
    change(mine)
    error = letter_of(mine)
    assert [one.key for one in error.complaints if one.key == key], str(error)
    assert words in "\n".join(str(one) for one in error.complaints if one.key == key)
    assert all(one.file == "mine.toml" and one.found and (one.allowed or one.do) for one in error.complaints)


def test_a_misspelt_decision_brings_no_complaint_about_what_rests_on_it() -> None:
    mine = table()
    put(*SECOND, "decision", "majorty")(mine)
    assert [one.key for one in letter_of(mine).complaints] == ["phases[2].decision"]


def test_one_mistake_makes_one_complaint() -> None:
    alone = {
        "titel",
        "name",
        "combine",
        "scale",
        "arrows[1].weight",
        "arrows[1].from",
        "phases talk",
        "phases act",
    }
    for change, key, _words in REFUSED:
        mine = table()
        change(mine)
        if key in alone:
            assert len(letter_of(mine).complaints) <= 2, key


def test_all_complaints_come_in_one_letter() -> None:
    mine = table()
    put("titel", "x")(mine)
    put("arrows", 0, "from", "hoep")(mine)
    put("moderators", [])(mine)
    put(*HAZARD, "rate", 0.0)(mine)
    put(*SECOND, "back", "act")(mine)
    put("constructs", "idle", {"measured": "none"})(mine)
    keys = {one.key for one in letter_of(mine).complaints}
    assert keys >= {"titel", "arrows[1].from", "phases talk", "phases[2].back", "constructs.idle"}


def test_a_letter_ends_before_nobody_reads_it() -> None:
    error = letter_of({f"key{n}": n for n in range(5000)})
    assert len(error.complaints) == 101
    assert "more of the kind" in str(error)


def test_teaching_needs_somebody_who_listens() -> None:
    mine = table()
    mine["constructs"] = {"hope": {"measured": "optimism"}, "wins": {"measured": "wins"}}
    mine["arrows"], mine["moderators"] = [], []
    mine["phases"] = [{"name": "only", "hazard": {"form": "linear", "rate": 1.0, "terms": ["leadership"]}}]
    del mine["start"]
    error = letter_of(mine)
    assert [one.key for one in error.complaints] == ["feedback.progress"]
    mine["feedback"] = {}
    assert listened_to(process_from_table(mine)) == {"leadership", "capacity"}
    mine["feedback"] = {"progress": ["optimism"]}
    mine["phases"][0]["hazard"]["gate"] = "hope"
    mine["phases"][0]["hazard"]["level"] = 0.5
    assert "optimism" in listened_to(process_from_table(mine))


def test_an_arrow_to_itself_is_a_loop_of_one() -> None:
    facts = graph_facts(process_from_table(table()))
    assert ("zeal",) in facts.components
    assert ("zeal",) in [loop.nodes for loop in facts.loops]
