"""The battery: whatever theory ships passes all of this, without anybody writing a test for it."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
import tomllib
from typing import Any

import numpy as np
import pytest

from cosim.engine.theory import PROCESS, Process, pack_process
from cosim.errors import ProcessError
from cosim.evidence.references import read_references
from cosim.measurement.observe import OUTCOMES
from cosim.parameters.catalogue import read_declarations
from cosim.processes.catalogue import FOLDER, list_processes, read_matched, read_process
from cosim.processes.compile import compile_process
from cosim.processes.describe import describe_process, drawing_of
from cosim.processes.mechanisms import list_mechanisms, weaken_mechanism
from cosim.processes.model import ASSUMED, SHAPES, ProcessModel
from cosim.processes.reading import process_from_text
from cosim.processes.sense import listened_to
from cosim.report.plots.causal_graph import plot_causal_graph
from cosim.vocabulary import N_NODES, READINGS

SHIPPED = list_processes()


@pytest.fixture(params=SHIPPED)
def model(request: pytest.FixtureRequest) -> ProcessModel:
    return read_process(str(request.param))


def same(one: Process, two: Process) -> bool:
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(one, two, strict=True))


# ------------------------------------------------------------------------------------------------ the battery


def test_it_is_named_like_its_file_and_speaks_both_languages(model: ProcessModel) -> None:
    assert (FOLDER / f"{model.name}.toml").is_file()
    assert model.title != model.title_nb
    assert min(len(model.about), len(model.about_nb)) > 200


def test_it_is_short_enough_to_be_read(model: ProcessModel) -> None:
    assert 60 <= len((FOLDER / f"{model.name}.toml").read_text(encoding="utf-8").splitlines()) <= 120


def test_its_sources_are_known_and_every_number_says_who_says_so(model: ProcessModel) -> None:
    known = read_references()
    assert model.sources
    assert all(source.key in known and source.reason for source in model.sources)
    text = tomllib.loads((FOLDER / f"{model.name}.toml").read_text(encoding="utf-8"))
    numbered = [*text.get("arrows", []), *text.get("moderators", []), *text["phases"], text["feedback"]]
    numbered += [phase["hazard"] for phase in text["phases"]] + [text[key] for key in ("start",) if key in text]
    assert all(part["source"] and part["because"] for part in numbered)
    for part in numbered:
        assert part["source"] != ASSUMED or len(part["because"]) > 20


def test_its_claims_are_well_formed(model: ProcessModel) -> None:
    assert len(model.claims) >= 3
    assert len({claim.id for claim in model.claims}) == len(model.claims)
    for claim in model.claims:
        assert claim.shape in SHAPES
        assert claim.statement.endswith(".")
        assert claim.margin > 0.0
        assert claim.factor == "" or not claim.factor.startswith("theory.") or claim.factor in list_mechanisms(model)


def test_it_compiles_to_what_the_kernel_reads(model: ProcessModel) -> None:
    process = compile_process(model)
    fields = PROCESS.fields or {}
    said_again = {"n_arrows", *(f"arrow_{what}" for what in ("to", "from", "reading", "weight", "low", "gain"))}
    assert set(fields) == {*process._fields, *said_again}
    for name in process._fields:
        dtype = fields[name][0]
        value = np.asarray(getattr(process, name))
        assert value.shape == dtype.shape, name
        if value.shape:
            assert value.dtype == dtype.base, name
        assert np.isfinite(value).all(), name
    record = pack_process(process)
    assert all(np.array_equal(record[name], getattr(process, name)) for name in process._fields)
    # The arrows that there are, one after the other: said again for the kernel's speed.
    n = int(record["n_arrows"])
    listed = [tuple(record[f"arrow_{what}"][:n].tolist()) for what in ("to", "from")]
    assert sorted(zip(*listed, strict=True)) == [tuple(arrow) for arrow in np.argwhere(process.arrows).tolist()]
    for one, (to, sender) in enumerate(zip(*listed, strict=True)):
        assert record["arrow_weight"][one] == process.arrows[to, sender]
        for share in (0.0, 0.25, 1.0):
            low, high = process.moderator_low[to, sender], process.moderator_high[to, sender]
            expected = low + (high - low) * share if process.moderator[to, sender] >= 0 else 1.0
            assert record["arrow_low"][one] + record["arrow_gain"][one] * share == expected
        assert record["arrow_reading"][one] == max(process.moderator[to, sender], 0)
    used = process.hazard_term[: process.n_phases]
    assert ((used == -1) | (used < process.n_nodes) | ((used >= N_NODES) & (used < N_NODES + len(READINGS)))).all()
    assert not process.arrows[process.n_nodes :].any()
    assert not process.arrows[:, process.n_nodes :].any()


def test_two_compilations_share_nothing(model: ProcessModel) -> None:
    one, two = compile_process(model), compile_process(model)
    assert same(one, two)
    one.arrows[:] = 9.0
    assert same(two, compile_process(model))


def test_it_can_be_pickled_hashed_and_read_again(model: ProcessModel) -> None:
    assert pickle.loads(pickle.dumps(model)) == model
    assert hash(model) == hash(read_process(model.name))
    assert same(compile_process(pickle.loads(pickle.dumps(model))), compile_process(model))


def test_a_copy_of_its_file_is_the_same_theory(model: ProcessModel, tmp_path: Any) -> None:
    copy = tmp_path / "copy.toml"
    copy.write_bytes((FOLDER / f"{model.name}.toml").read_bytes())
    assert read_process(copy) == model
    assert read_process(str(copy)) == model


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(model: ProcessModel) -> None:
    content = (FOLDER / f"{model.name}.toml").read_bytes().replace(b"\n", b"\r\n")
    assert process_from_text(b"\xef\xbb\xbf" + content, "copy", read_matched()) == model


def test_its_phases_can_be_reached_and_left(model: ProcessModel) -> None:
    process = compile_process(model)
    assert process.n_phases >= 1
    assert (process.hazard_rate[: process.n_phases] > 0.0).all()
    assert (process.back[: process.n_phases] < np.arange(process.n_phases)).all()
    assert process.decision_rule[process.n_phases - 1] > 0, "a decision stands before delivery"
    assert (process.may_take_part[: process.n_phases].sum(axis=1) > 0).all()
    assert (process.may_decide <= process.may_take_part).all()


def test_what_it_teaches_it_listens_to(model: ProcessModel) -> None:
    heard = listened_to(model)
    assert heard <= set(READINGS)
    if model.feedback.progress_optimism or model.feedback.outcome_optimism:
        assert heard & {"optimism", "engagement"}


def test_knocking_out_any_mechanism_leaves_a_theory_that_compiles(model: ProcessModel) -> None:
    whole = compile_process(model)
    for mechanism in list_mechanisms(model):
        assert same(compile_process(weaken_mechanism(model, mechanism, 1.0)), whole), mechanism
        assert not same(compile_process(weaken_mechanism(model, mechanism, 0.0)), whole), mechanism
    with pytest.raises(ProcessError):
        weaken_mechanism(model, "theory.nothing", 0.0)
    with pytest.raises(ProcessError):
        weaken_mechanism(model, list_mechanisms(model)[0], float("nan"))


def test_it_can_be_shown_and_drawn(model: ProcessModel) -> None:
    text = describe_process(model)
    for claim in model.claims:
        assert claim.id in text
    assert all(len(line) <= 110 or "http" in line for line in text.splitlines())
    drawing = drawing_of(model)
    assert pickle.loads(pickle.dumps(drawing)) == drawing
    axes = plot_causal_graph(drawing)
    written = {text.get_text().replace("\n", " ") for text in axes.texts}
    assert {construct.name for construct in model.constructs} <= written
    assert {phase.name for phase in model.phases} <= written


def test_it_is_the_same_under_another_hash_seed() -> None:
    ask = (
        "import hashlib, json\n"
        "from cosim.processes.catalogue import list_processes, read_process\n"
        "from cosim.processes.compile import compile_process\n"
        "from cosim.processes.describe import describe_process\n"
        "for name in list_processes():\n"
        "    model = read_process(name)\n"
        "    parts = [str(part.tolist() if hasattr(part, 'tolist') else part) for part in compile_process(model)]\n"
        "    print(hashlib.sha256(json.dumps([describe_process(model), parts]).encode()).hexdigest())\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", ask], env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}, capture_output=True,
            text=True, check=True, cwd=FOLDER.parent.parent,
        ).stdout
        for seed in ("1", "77")
    ]  # fmt: skip
    assert told[0] == told[1]
    model = read_process(SHIPPED[0])
    parts = [str(part.tolist() if hasattr(part, "tolist") else part) for part in compile_process(model)]
    mine = hashlib.sha256(json.dumps([describe_process(model), parts]).encode()).hexdigest()
    assert mine == told[0].split()[0]


def test_its_claims_name_what_can_be_varied_and_measured(model: ProcessModel) -> None:
    declared = read_declarations()
    for claim in model.claims:
        for outcome in filter(None, (claim.outcome, claim.before)):
            assert outcome in OUTCOMES, f"{claim.id}: {outcome}"
        varied = [(claim.factor, claim.levels), (claim.moderator, claim.with_levels)]
        varied += [(name, (low, high)) for name, low, high in claim.domain]
        for factor, levels in varied:
            if factor and not factor.startswith("theory."):
                known = declared[factor]
                assert all(known.low <= level <= known.high for level in levels), f"{claim.id}: {factor}"
