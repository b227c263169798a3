"""What a theory's table becomes, and how files and names are answered."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from cosim.errors import ProcessError
from cosim.processes.catalogue import list_processes, read_matched, read_process
from cosim.processes.compile import compile_process
from cosim.processes.describe import describe_process
from cosim.processes.files import LARGEST, parse_table, read_bytes
from cosim.processes.graph import (
    matrix_of,
)
from cosim.processes.reading import process_from_table, process_from_text, read_process_file
from cosim.vocabulary import N_NODES, READINGS, SECTORS
from tests.unit.small_theory import SMALL, letter_of, table


def test_a_small_table_becomes_these_numbers() -> None:
    process = compile_process(process_from_table(table()))
    hope, wins, zeal = 0, 1, 2
    trust, conflict, mandate = (N_NODES + READINGS.index(name) for name in ("trust", "conflict", "mandate"))
    assert process.n_nodes == 3
    assert process.arrows[wins, hope] == 2.0
    assert process.arrows[hope, wins] == -0.5
    assert process.arrows[zeal, zeal] == 1.0
    assert np.count_nonzero(process.arrows) == 3
    assert list(process.reading[:4]) == [READINGS.index("optimism"), READINGS.index("wins"), -1, -1]
    assert process.input_weight[hope] == 0.5
    assert process.bias[hope] == -0.25
    assert process.moderator[wins, hope] == READINGS.index("leadership")
    assert (process.moderator_low[wins, hope], process.moderator_high[wins, hope]) == (0.0, 3.0)
    assert np.count_nonzero(process.moderator >= 0) == 1
    assert process.n_phases == 2
    assert list(process.hazard_form[:2]) == [1, 0]
    assert list(process.hazard_term[0, :3]) == [hope, trust, -1]
    assert list(process.hazard_term[1, :3]) == [wins, conflict, -1]
    assert list(process.hazard_weight[1, :3]) == [1.0, -1.5, 0.0]
    assert list(process.hazard_constant[:2]) == [0.0, 0.5]
    assert list(process.hazard_gate[:3]) == [-1, zeal, -1]
    assert process.gate_level[1] == 0.125
    assert list(process.decision_rule[:3]) == [0, 4, 0]
    assert list(process.back[:3]) == [-1, 0, -1]
    assert [SECTORS[n] for n in np.flatnonzero(process.may_take_part[0])] == ["public", "civic"]
    assert np.array_equal(process.may_propose[0], process.may_take_part[0])
    assert list(process.may_decide[1]) == [0, 0, 1, 0]
    assert process.start_form == 3
    assert list(process.start_term[:3]) == [mandate, trust, -1]
    assert process.start_level == 0.25
    assert process.capacity_quantity == N_NODES + READINGS.index("capacity")
    assert (process.progress_optimism, process.progress_commitment, process.wins_to_trust) == (1.0, 0.0, 0.0)
    assert process.scale == 1.0


def test_a_name_means_the_construct_and_measured_the_reading() -> None:
    mine = table()
    mine["phases"][0]["hazard"]["terms"] = ["wins", "measured.wins", "optimism"]
    hazard = process_from_table(mine).phases[0].hazard
    assert hazard.terms == ("wins", "measured.wins", "measured.optimism")


def test_weights_left_out_make_a_mean() -> None:
    mine = table()
    mine["phases"][0]["hazard"] = {"form": "linear", "rate": 1.0, "terms": ["hope", "wins"]}
    assert process_from_table(mine).phases[0].hazard.weights == (0.5, 0.5)


def test_a_threshold_is_its_own_gate() -> None:
    mine = table()
    mine["phases"][0]["hazard"] = {"form": "threshold", "rate": 2.0, "terms": ["hope"], "level": 0.5}
    process = compile_process(process_from_table(mine))
    assert (process.hazard_form[0], process.hazard_gate[0], process.gate_level[0]) == (4, 0, 0.5)


def test_averaging_divides_each_row_by_its_sizes() -> None:
    mine = table()
    mine["arrows"].append({"from": "wins", "to": "wins", "weight": 2.0})
    mine["combine"] = "average"
    model = process_from_table(mine)
    arrows = compile_process(model).arrows
    assert (arrows[1, 0], arrows[1, 1], arrows[0, 1]) == (0.5, 0.5, -1.0)
    assert matrix_of(model, "add")[1, 0] == 2.0


def test_the_scale_comes_from_the_table_then_from_matching_then_is_one() -> None:
    assert process_from_table(table(), matched={"mine": 0.5}).scale == 0.5
    assert process_from_table(table() | {"scale": 3}, matched={"mine": 0.5}).scale == 3.0
    assert process_from_table(table()).scale == 1.0
    assert compile_process(process_from_table(table()), 0.25).scale == 0.25
    for wrong in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ProcessError):
            compile_process(process_from_table(table()), wrong)


def test_an_own_source_needs_an_address() -> None:
    mine = table() | {"sources": [{"key": "lund2030", "reason": "Own field notes.", "where": "A drawer in Oslo."}]}
    mine["arrows"][0]["source"] = "lund2030"
    assert "A drawer in Oslo." in describe_process(process_from_table(mine))
    del mine["sources"][0]["where"]
    assert "sources[1].key" in str(letter_of(mine))


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(tmp_path / "nowhere.toml")
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST + 1))
    for name, words in [
        ("nowhere.toml", "No such file"), ("link.toml", "No such file"), ("folder.toml", "a folder"),
        ("pipe.toml", "a pipe"), ("large.toml", "more than 256 kB"), ("a" * 300 + ".toml", "too long"),
        ("nul\0.toml", "a path that no file can have"), ("\ud800.toml", "a path that no file can have"),
    ]:  # fmt: skip
        with pytest.raises(ProcessError, match=words):
            read_process(f"{tmp_path}/{name}")
    with pytest.raises(ProcessError):
        read_bytes("/dev/zero")


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "link.toml").symlink_to(tmp_path / "mine.toml")
    assert read_process_file(tmp_path / "link.toml").name == "mine"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name = \xff", "a byte on line 1 that is not UTF-8 (0xff)"),
        (b"a = 1\nb = '\x00'", "a nul character on line 2"),
        (b"name = mine", "at line 1, column 8"),
        (b"a = 1\na = 2\n", "at line 2"),
        (b"a" + b".a" * 100_000 + b" = 1", "100000 dots on line 1"),
        (b"a = " + b"[" * 100_000, "brackets within brackets"),
        (b"a = " + b"9" * 100_000, "limit"),
        (b"#" * (LARGEST + 1), "more than 256 kB"),
        (b"", "name"),
    ],
)
def test_texts_that_are_no_tables_are_refused(content: bytes, words: str) -> None:
    assert words in str(letter_of(content))


def test_text_and_bytes_are_read_alike() -> None:
    assert process_from_text(SMALL) == process_from_text(SMALL.encode())
    assert parse_table("\ufeffa = 1", "x") == parse_table(b"\xef\xbb\xbfa = 1", "x") == {"a": 1}
    with pytest.raises(ProcessError, match="256 kB"):
        parse_table("#" * (LARGEST + 1), "x")


def test_an_unknown_name_is_answered_by_the_nearest() -> None:
    with pytest.raises(ProcessError, match="did you mean 'small-wins'"):
        read_process("small-winz")
    with pytest.raises(ProcessError, match=r"or the path of a \.toml file"):
        read_process("")
    with pytest.raises(ProcessError):
        read_process("matched")
    assert list(list_processes()) == sorted(list_processes())


def test_matched_scales_are_checked(tmp_path: Path) -> None:
    place = tmp_path / "matched.toml"
    place.write_text("regime = 0.5\n", encoding="utf-8")
    assert read_matched(place) == {"regime": 0.5}
    place.write_text("regime = 0\n'Not A Name' = 1\n", encoding="utf-8")
    with pytest.raises(ProcessError, match="2 things"):
        read_matched(place)
