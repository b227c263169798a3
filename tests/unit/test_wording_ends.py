"""One is told as one, two things are told by two names, and nobody waits long for a word."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest

from cosim.cli import main
from cosim.cli.progress import Progress
from cosim.evidence.targets import read_targets
from cosim.measurement.observe import OUTCOMES
from cosim.processes.catalogue import read_process
from cosim.processes.describe import drawing_of
from cosim.report.plots import causal_graph
from cosim.report.plots.causal_graph import HALF, plot_causal_graph
from cosim.report.plots.municipalities import describe_municipalities, plot_municipalities
from tests.unit.test_report import TABLES


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "traena", "--months", "1", "--replicates", "1", "--no-report"]) == 0
    err = capsys.readouterr().err
    assert "1 replicate of 1 month, seed" in err
    assert "1 of 1 run in" in err
    Path("one.toml").write_text('extends = "stad"\n[run]\nmonths = 1\n')
    main(["scenario", "show", "one.toml"])
    assert "1 months" not in capsys.readouterr().out


def test_a_program_reads_no_impossible_bound(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "traena", "--months", "30", "--replicates", "3", "--quiet", "--no-report", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)["outcomes"]
    shares = {name: one for name, one in told.items() if one["unit"] == "share" and one["low"] is not None}
    assert len(shares) > 10
    assert [name for name, one in shares.items() if not 0.0 <= one["low"] <= one["high"] <= 1.0] == []


def test_no_two_outcomes_have_the_same_label() -> None:
    labels = [one.meaning for one in OUTCOMES.values()]
    assert sorted({*labels}) == sorted(labels)


def test_municipalities_are_told_apart_in_a_sentence() -> None:
    text = describe_municipalities(TABLES["municipality_month"])
    assert text.startswith("The 2 municipalities cannot be told apart by these replicates: the means run from ")
    assert not any("value:" in quantity for quantity in read_targets()["quantity"])


def test_intervals_of_rates_end_at_zero() -> None:
    frame = TABLES["municipality_month"].copy()
    frame["delivered"] = (frame["replicate"] == 0).astype(int)
    (bars,) = plot_municipalities(frame).containers
    (lines,) = bars[2]
    assert min(float(np.min(one[:, 0])) for one in lines.get_segments()) >= 0.0


def test_progress_is_told_every_ten_seconds_before_anything_is_done() -> None:
    seconds = iter([0.0, 0.0, 9.0, 10.0, 19.0, 20.0, 25.0, 35.0, 46.0])
    stream = io.StringIO()
    progress = Progress(stream=stream, clock=lambda: next(seconds))
    progress.begin(1, "compiling the engine")
    progress.stop()  # the test beats instead of the watch
    progress._ended.clear()
    for _second in range(4):
        progress.beat()
    progress.done(1, 3)
    progress.beat()
    progress.stop()
    progress.beat()
    assert stream.getvalue().splitlines() == [
        "compiling the engine, 0 of 1 run, after 10 s",
        "compiling the engine, 0 of 1 run, after 20 s",
        "1 of 3 runs",
        "1 of 3 runs, after 35 s",
    ]


def test_constructs_without_arrows_stand_apart_and_arrows_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    placed: dict[str, np.ndarray] = {}
    tips: list[np.ndarray] = []
    draw, arrow = causal_graph._draw_construct, causal_graph._draw_arrow

    def note(axes: object, name: str, measured: str, place: np.ndarray, *rest: object, **more: object) -> None:
        placed[name] = place
        draw(axes, name, measured, place, *rest, **more)  # type: ignore[arg-type]

    def note_tip(axes: object, points: np.ndarray, *rest: object) -> None:
        tips.append(points[-1])
        arrow(axes, points, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(causal_graph, "_draw_construct", note)
    monkeypatch.setattr(causal_graph, "_draw_arrow", note_tip)
    plot_causal_graph(drawing_of(read_process("small-wins")))
    ring = {name: place for name, place in placed.items() if name != "capacity"}
    assert placed["capacity"][1] < min(place[1] for place in ring.values()) - 2.0 * HALF[1]
    for tip in tips:
        assert min(math.hypot(*((tip - place) / HALF)) for place in placed.values()) == pytest.approx(1.0, abs=0.03)
