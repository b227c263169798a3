"""Figures and page: whole from a folder alone, loading nothing, with every word from outside escaped."""

from __future__ import annotations

import base64
import re
import sys
import warnings
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from scipy import stats

from cosim.errors import StoreError
from cosim.evidence.targets import read_targets
from cosim.report.answer import tell_answer
from cosim.report.build import build_report
from cosim.report.plots import arenas, innovations, municipalities, outlook, participation, targets, trust, units
from cosim.report.plots.saving import draw_bytes
from cosim.report.schedule import mark_parameters, tell_changes
from cosim.report.tables import compare_with_targets, explain, summarise_outcomes, tell_outcomes, tell_targets
from cosim.report.wording import interval_words, listed, number_words
from cosim.results.intervals import Interval, interval_of_mean, student_point, summarise_groups
from cosim.results.record import FailedRun
from cosim.results.writer import write_results
from tests.unit.stored_run import EVIL, NOTES, Frames, frames_of, manifest_of, shorten

FALLEN = FailedRun(
    scenario="x",
    process="y",
    seed=7,
    replicate=3,
    stage="run",
    kind="ValueError",
    message=EVIL,
    command=f"cosim {EVIL}",
)


class Reading(HTMLParser):
    """What a browser would make of a page: tags with their attributes, and the texts of headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def store(
    folder: Path, n: int = 3, rows: int | None = None, failed: tuple[FailedRun, ...] = (), **changes: Any
) -> Path:
    """Write a folder of results with hostile names in it."""
    tables: dict[int, Frames] = {one: frames_of(one) for one in range(n)}
    if rows is not None:
        tables = {one: shorten(frames, rows) for one, frames in tables.items()}
    return write_results(folder, tables, manifest_of(n, len(failed), **changes), notes=NOTES, failed=failed)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with results and a report."""
    folder = store(tmp_path_factory.mktemp("report") / "results", n=12, failed=(FALLEN,))
    build_report(folder)
    return folder


def page_of(folder: Path) -> str:
    """Return a folder's page."""
    return (folder / "index.html").read_text(encoding="utf-8")


def test_the_page_loads_nothing(built: Path) -> None:
    text = page_of(built)
    reading = Reading(text)
    loading = {
        "img",
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "source",
        "video",
        "audio",
        "base",
        "form",
    }
    assert {tag for tag, _ in reading.tags} & loading == {"img"}
    assert all((one["src"] or "").startswith("data:image/svg+xml;base64,") for one in reading.all("img"))
    assert not re.search(r"url\(|@import|srcset|http-equiv=.?refresh", text)
    for address in (one["href"] or "" for one in reading.all("a")):
        assert address.startswith("https://")
    for picture in reading.all("img"):
        svg = base64.b64decode((picture["src"] or "").split(",")[1]).decode()
        assert not re.search(r"<script|<image|href=.http|@import", svg)


def test_words_from_outside_stay_words(built: Path) -> None:
    text = page_of(built)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") > 15
    assert not [one for _, attributes in Reading(text).tags for one in attributes if one.startswith("on")]


def test_the_page_can_be_read_by_all(built: Path) -> None:
    reading = Reading(page_of(built))
    assert reading.all("html")[0]["lang"] == "en"
    assert all(len(one.get("alt") or "") > 30 for one in reading.all("img"))
    levels = [int(tag[1]) for tag, _ in reading.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all("scope" in one for one in reading.all("th"))
    ids = [attributes["id"] for _, attributes in reading.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = {one.get("aria-labelledby") for _, one in reading.tags} - {None}
    assert named <= set(ids)


def test_the_page_says_what_must_be_said(built: Path) -> None:
    text = page_of(built)
    for word in (
        "1 replicate failed",
        "miss",
        "cannot say",
        "assumed",
        "two pilot municipalities",
        "sha256",
        "--seed 7",
    ):
        assert word in text
    assert "Collaborative governance in theory and practice" in text


def test_figures_lie_beside_the_page_and_bear_their_origin(built: Path) -> None:
    names = {one.name for one in (built / "figures").iterdir()}
    assert {"trust.svg", "trust.png", "targets.svg", "municipalities.png"} <= names
    assert len(names) == 26
    svg = (built / "figures" / "trust.svg").read_text(encoding="utf-8")
    assert "evil-world" in svg
    assert "seed 7" in svg
    assert b"evil-world" in (built / "figures" / "trust.png").read_bytes()


def test_a_report_made_again_is_the_same(built: Path) -> None:
    before = {one.name: one.read_bytes() for one in (built / "figures").iterdir()}
    page = page_of(built)
    build_report(built)
    assert page_of(built) == page
    assert {one.name: one.read_bytes() for one in (built / "figures").iterdir()} == before
    assert not [one for one in built.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("n", [1, 2])
def test_next_to_nothing_still_makes_a_report(tmp_path: Path, n: int, rows: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build_report(store(tmp_path / "a", n=n, rows=rows))
    assert "The answer" in page_of(tmp_path / "a")


def test_a_run_that_only_failed_has_a_page(tmp_path: Path) -> None:
    folder = write_results(tmp_path / "a", {}, manifest_of(0, 1), failed=[FALLEN])
    build_report(folder)
    assert "no replicate ran to its end" in page_of(folder)


def test_one_municipality_is_not_compared_with_itself(tmp_path: Path) -> None:
    tables = {one: frames_of(one, municipalities=("stad",)) for one in range(2)}
    build_report(write_results(tmp_path / "a", tables, manifest_of(2), notes=NOTES))
    assert not (tmp_path / "a" / "figures" / "municipalities.svg").exists()


@pytest.mark.parametrize("part", ["scenario", "provenance", "parameters", "replicates"])
def test_a_manifest_from_elsewhere_gives_a_letter(tmp_path: Path, part: str) -> None:
    folder = store(tmp_path / "a", n=2, **{part: 3})
    with pytest.raises(StoreError, match="not as cosim writes it"):
        build_report(folder)
    assert not (folder / "index.html").exists()


def test_a_manifest_that_lacks_a_field_gives_a_letter(tmp_path: Path) -> None:
    scenario = {name: value for name, value in manifest_of(2)["scenario"].items() if name != "reasons"}
    folder = store(tmp_path / "a", n=2, scenario=scenario)
    with pytest.raises(StoreError, match="reasons"):
        build_report(folder)


def test_an_old_page_stands_when_the_new_one_falls(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = page_of(built)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(StoreError, match=r"the disk is full[^$]*the tables are safe in[^$]*cosim report") as letter:
        build_report(built)
    assert letter.value.exit_code == 1
    assert page_of(built) == before
    assert not [one for one in built.iterdir() if one.name.startswith(".")]


def several() -> Frames:
    """Return the tables of twelve replicates."""
    parts = [{name: frame.assign(replicate=one) for name, frame in frames_of(one).items()} for one in range(12)]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


TABLES = several()
COMPARISON = compare_with_targets(summarise_outcomes(TABLES["outcomes"]), read_targets())
PLOTS: dict[str, tuple[Callable[..., Axes], Callable[..., str], tuple[pd.DataFrame, ...]]] = {
    "innovations": (innovations.plot_innovations, innovations.describe_innovations, (TABLES["municipality_month"],)),
    "by municipality": (
        innovations.plot_innovations_by_municipality,
        innovations.describe_innovations_by_municipality,
        (TABLES["municipality_month"],),
    ),
    "units": (
        units.plot_units_innovating,
        units.describe_units_innovating,
        (TABLES["municipality_month"],),
    ),
    "outlook": (outlook.plot_outlook, outlook.describe_outlook, (TABLES["people"],)),
    "trust": (trust.plot_trust_map, trust.describe_trust_map, (TABLES["people"],)),
    "participation": (
        participation.plot_participation,
        participation.describe_participation,
        (TABLES["arena"], TABLES["people"]),
    ),
    "endings": (arenas.plot_endings, arenas.describe_endings, (TABLES["arena"],)),
    "delivery": (arenas.plot_delivery_time, arenas.describe_delivery_time, (TABLES["innovation"],)),
    "levels": (arenas.plot_levels, arenas.describe_levels, (TABLES["arena"],)),
    "municipalities": (
        municipalities.plot_municipalities,
        municipalities.describe_municipalities,
        (TABLES["municipality_month"],),
    ),
    "targets": (targets.plot_targets, targets.describe_targets, (COMPARISON,)),
}


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("rows", [0, 1, 7, None])
def test_every_figure_is_drawn_and_told_whatever_there_is(name: str, rows: int | None) -> None:
    plot, describe, frames = PLOTS[name]
    cut = tuple(frame if rows is None else frame.iloc[:rows] for frame in frames)
    untouched = [frame.copy() for frame in cut]
    axes = plot(*cut)
    assert isinstance(axes, Axes)
    assert draw_bytes(axes, "svg", {"Title": name}).startswith(b"<?xml")
    text = describe(*cut)
    assert text.endswith(".")
    assert "nan" not in text
    for frame, before in zip(cut, untouched, strict=True):
        pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("name", PLOTS)
def test_a_figure_can_be_drawn_on_axes_of_ones_own(name: str) -> None:
    plot, _, frames = PLOTS[name]
    axes = innovations.plot_innovations(TABLES["municipality_month"].iloc[:0])
    assert plot(*frames, axes=axes) is axes


def test_drawing_leaves_everybodys_settings_alone() -> None:
    before = dict(mpl.rcParams)
    draw_bytes(trust.plot_trust_map(TABLES["people"]), "png", {})
    assert dict(mpl.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_hostile_names_are_drawn_as_they_are_written() -> None:
    frame = TABLES["municipality_month"].assign(municipality=r"$\frac{1}{0}$ <b>_{")
    axes = municipalities.plot_municipalities(frame)
    assert axes.get_yticklabels()[0].get_text() == r"$\frac{1}{0}$ <b>_{"
    draw_bytes(axes, "svg", {"Title": EVIL})
    draw_bytes(innovations.plot_innovations_by_municipality(frame), "png", {"Title": EVIL})


def test_verdicts() -> None:
    target = read_targets().loc[["units_with_innovation"]]

    def verdict(*interval: float) -> pd.Series[Any]:
        table = compare_with_targets({"units_with_innovation": Interval(*interval[:3], int(interval[3]))}, target)
        return table.iloc[0]

    assert verdict(0.74, 0.72, 0.76, 9)["verdict"] == "hit"
    assert verdict(0.5, 0.4, 0.6, 9)["verdict"] == "miss"
    assert explain(verdict(0.7, 0.3, 1.1, 9)) == "too few replicates: the interval is too wide"
    assert verdict(0.7, 0.3, 1.1, 3)["mean_high"] == 1.0
    assert explain(verdict(0.74, np.nan, np.nan, 1)) == "one replicate only"
    assert explain(verdict(0.5, 0.4, 0.6, 4)) == "fewer than 5 replicates"
    assert explain(verdict(0.5, 0.5, 0.5, 20)) == "all replicates are alike: too few cases to tell"
    nothing = compare_with_targets({}, target)
    assert explain(nothing.iloc[0]) == "not measured in this run"
    assert tell_targets(nothing)[0]["model"] == "not known"


WORLD = """
[world]
municipalities = ["stad", "giske"]
[where.giske]
"start.trust" = 0.6
[[change."start.trust"]]
to = 0.8
from = "2021-01"
because = "a <b>reason</b>"
[[change."start.trust"]]
to = 0.3
from = "2022-01"
until = "2022-06"
where = ["stad"]
because = "another"
[[arena]]
name = "care"
title = "Care"
where = "stad"
opens = "2021-02"
focus = "service_innovation"
area = "health_and_care"
because = "it was so"
invites = ["public", "civic"]
"""


def test_what_changes_and_when_is_told(tmp_path: Path) -> None:
    scenario = {**manifest_of(6)["scenario"], "text": WORLD}
    manifest = manifest_of(6, scenario=scenario)
    first, second = tell_changes(manifest)
    assert (first["before"], first["to"], first["when"]) == ("0.5 or 0.6", "0.8", "from 2021-01")
    assert (second["before"], second["to"], second["when"]) == ("0.8", "0.3", "from 2022-01 until 2022-06")
    assert (first["where"], second["where"]) == ("everywhere", "Stad")
    told = mark_parameters(manifest)[0]["written"]
    assert told == "0.5, 0.6 in Giske, then 0.8 from 2021-01, then 0.3 from 2022-01 until 2022-06 in Stad"
    build_report(store(tmp_path / "a", n=6, scenario=scenario))
    text = page_of(tmp_path / "a")
    assert "What changes, and when" in text
    assert "a &lt;b&gt;reason" in text
    assert "Care</strong>, Stad: opens 2021-02" in text


def test_municipalities_that_overlap_are_not_ranked() -> None:
    assert "cannot be told apart" in municipalities.describe_municipalities(TABLES["municipality_month"])


def test_a_zero_is_told_as_a_zero() -> None:
    summary = summarise_outcomes(pd.DataFrame({"replicate": [0, 1], "innovations_per_unit_year": [0.0, 0.0]}))
    assert tell_answer(summary, 2, 12)[0].startswith("Over 2 replicates of 12 months, service units put 0 (too few ")
    assert (
        tell_outcomes(summary, ["innovations_per_unit_year"], {})[0]["value"]
        == "0 (too few replicates for an interval)"
    )
    assert number_words(0.0) == "0"
    assert listed([]) == ""
    assert interval_words(Interval(np.nan, np.nan, np.nan, 0)) == "not known"


def test_nothing_measured_is_said_to_be_nothing() -> None:
    assert tell_answer({}, 1, 1) == ["Over 1 replicate of 1 month, nothing happened that could be measured."]


@pytest.mark.parametrize("freedom", [1, 2, 5, 30, 31, 60, 500])
def test_students_points_are_those_of_a_library(freedom: int) -> None:
    assert student_point(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=6e-4)


def test_an_interval_is_students() -> None:
    values = np.random.default_rng(1).normal(3.0, 2.0, 25)
    low, high = stats.t.interval(0.95, 24, loc=values.mean(), scale=stats.sem(values))
    mine = interval_of_mean(values)
    assert (mine.low, mine.high) == pytest.approx((low, high), abs=1e-3)
    index = pd.MultiIndex.from_product([range(25), ["a"]], names=["replicate", "group"])
    row = summarise_groups(pd.Series(values, index=index)).loc["a"]
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-3)
