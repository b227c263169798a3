"""Figures of a study: drawn and told whatever there is, no word on another or cut, and readable in grey."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from cosim.report.plots import (
    confusion,
    convergence,
    differences,
    discovery,
    foundations,
    gains,
    indices,
    interactions,
    knockouts,
    narrowing,
    recovery,
    regret,
    rivals,
    screening,
    separability,
    tornado,
    verdicts,
)
from cosim.report.plots.cells import contrast, ink_on, luminance, shade_of
from cosim.report.plots.convergence import describe_convergence, plot_convergence
from cosim.report.plots.indices import describe_indices, plot_indices
from cosim.report.plots.rows import MARKS, end_words, fold
from cosim.report.plots.saving import draw_bytes, figure_of
from cosim.report.plots.screening import describe_screening, plot_screening
from cosim.report.plots.tornado import describe_tornado
from cosim.study.sensitivity import analyse, make_design
from cosim.study.sensitivity_convergence import converge
from cosim.study.sensitivity_design import METHODS, Factor, Method
from cosim.study.sweep import INDEX
from tests.unit import study_frames as made

PLOTS: dict[str, tuple[Callable[..., Axes], Callable[..., str], Callable[[int], pd.DataFrame]]] = {
    "indices": (indices.plot_indices, indices.describe_indices, made.indices),
    "screening": (screening.plot_screening, screening.describe_screening, made.indices),
    "interactions": (interactions.plot_interactions, interactions.describe_interactions, made.indices),
    "convergence": (convergence.plot_convergence, convergence.describe_convergence, made.convergence),
    "tornado": (tornado.plot_tornado, tornado.describe_tornado, made.tornado),
    "differences": (differences.plot_differences, differences.describe_differences, made.differences),
    "gains": (gains.plot_gains, gains.describe_gains, made.groups),
    "regret": (regret.plot_regret, regret.describe_regret, made.regret),
    "boxes": (discovery.plot_boxes, discovery.describe_boxes, made.boxes),
    "narrowing": (narrowing.plot_narrowing, narrowing.describe_narrowing, made.narrowing),
    "verdicts": (verdicts.plot_verdicts, verdicts.describe_verdicts, made.verdicts),
    "knockouts": (knockouts.plot_knockouts, knockouts.describe_knockouts, made.knockouts),
    "foundations": (foundations.plot_foundations, foundations.describe_foundations, made.foundations),
    "rivals": (rivals.plot_rivals, rivals.describe_rivals, made.rivals),
    "recovery": (recovery.plot_recovery, recovery.describe_recovery, made.recovery),
    "confusion": (confusion.plot_confusion, confusion.describe_confusion, made.confusion),
    "separability": (separability.plot_separability, separability.describe_separability, made.separability),
}
SIZES = (1, 5, 20)
EVIL = r"<script>alert(1)</script> $\frac{1}{0}$ _{"


def with_holes(frame: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return a frame in which so many of its numbers are not known, and some of the others have no end."""
    rng = np.random.default_rng(3)
    out = frame.copy()
    for name in out.select_dtypes("number").columns:
        luck = rng.random(len(out))
        out[name] = out[name].astype(np.float64).mask(luck < 1.25 * share, np.inf).mask(luck < share)
    return out


def figure_drawn(axes: Axes) -> Figure:
    """Return the figure with everything in its place."""
    figure = figure_of(axes)
    figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize(("n", "share"), [(1, 0.3), (1, 1.1), (5, 0.3), (20, 0.3)])
def test_holes_are_drawn_as_holes(name: str, n: int, share: float) -> None:
    plot, describe, make = PLOTS[name]
    frame = with_holes(make(n), share)
    untouched = frame.copy()
    figure_drawn(plot(frame))
    text = describe(frame)
    assert text.endswith(".")
    assert "nan" not in text.replace("finance", "")
    assert "inf" not in text
    pd.testing.assert_frame_equal(frame, untouched)


def test_a_word_on_another_or_cut_is_seen() -> None:
    axes = regret.plot_regret(made.regret(5))
    axes.text(0.5, 0.5, "one word")
    axes.text(0.5, 0.5, "another")
    axes.text(1.2, 0.5, "outside", in_layout=False)
    cut, upon = faults_of(figure_drawn(axes))
    assert cut == ["outside"]
    assert ("one word", "another") in upon


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_is_said_to_be_nothing(name: str) -> None:
    plot, describe, make = PLOTS[name]
    nothing = make(3).iloc[:0]
    axes = plot(nothing)
    assert axes.texts[-1].get_text()
    figure_drawn(axes)
    assert describe(nothing).startswith("No ")


@pytest.mark.parametrize("name", PLOTS)
def test_what_is_drawn_is_told(name: str) -> None:
    _, describe, make = PLOTS[name]
    text = describe(make(5))
    assert 40 < len(text) < 4000
    assert any(one.isdigit() for one in text)


def words_of(figure: Figure) -> list[Text]:
    """Return the words that can be seen, upright ones only: the frame of a slanted one is not where its letters are."""
    hidden = set()
    for axes in figure.findobj(Axes):
        assert isinstance(axes, Axes)
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-6 * (high - low)
            for tick in axis.get_major_ticks():
                shown = axes.axison and low - slack <= tick.get_loc() <= high + slack
                hidden |= {id(tick.label2)} if shown else {id(tick.label1), id(tick.label2)}
            for tick in axis.get_minor_ticks():
                hidden |= {id(tick.label1), id(tick.label2)}
            hidden |= set() if axes.axison else {id(axis.label), id(axis.offsetText)}
    return [
        one
        for one in figure.findobj(Text)
        if isinstance(one, Text)
        and one.get_visible()
        and one.get_text().strip()
        and one.get_rotation() == 0.0
        and id(one) not in hidden
    ]


def faults_of(figure: Figure) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the words that leave the paper, and the pairs of words that lie on one another."""
    words = words_of(figure)
    frames = [Text.get_window_extent(one) for one in words]
    paper = figure.bbox
    cut = [
        word.get_text()
        for word, frame in zip(words, frames, strict=True)
        if min(frame.x0, frame.y0) < -2 or frame.x1 > paper.x1 + 2 or frame.y1 > paper.y1 + 2
    ]
    upon = []
    for (one, a), (other, b) in combinations(zip(words, frames, strict=True), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > 1.5 and down > 3.0:
            upon.append((one.get_text(), other.get_text()))
    return cut, upon


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("n", SIZES)
def test_no_word_is_cut_or_lies_on_another(name: str, n: int) -> None:
    plot, _, make = PLOTS[name]
    assert faults_of(figure_drawn(plot(make(n)))) == ([], [])


@pytest.mark.parametrize("name", PLOTS)
def test_a_figure_can_be_drawn_on_axes_of_ones_own(name: str) -> None:
    plot, _, make = PLOTS[name]
    axes = Figure(layout="constrained").subplots()
    assert plot(make(3), axes=axes) is axes


@pytest.mark.parametrize("name", PLOTS)
def test_hostile_names_stay_names(name: str) -> None:
    plot, describe, make = PLOTS[name]
    frame = make(3)
    for column in frame.columns:
        if frame[column].dtype.kind not in "bifu" and column not in ("kind", "unit", "verdict", "word"):
            frame[column] = [f"{EVIL}{one}" for one in frame[column]]
    svg = draw_bytes(plot(frame), "svg", {"Title": EVIL})
    assert b"<script" not in svg
    assert describe(frame).endswith(".")


@pytest.mark.parametrize("name", ["indices", "differences", "confusion"])
def test_the_same_frame_gives_the_same_bytes(name: str) -> None:
    plot, _, make = PLOTS[name]
    assert draw_bytes(plot(make(4)), "png", {}) == draw_bytes(plot(make(4)), "png", {})


def test_groups_differ_in_more_than_hue() -> None:
    assert len({one.marker for one in MARKS}) == len(MARKS)
    assert len({str(one.dash) for one in MARKS}) == len(MARKS)
    for faces in ([tornado.LOW, tornado.HIGH], indices.FACES):
        dark, light = sorted(luminance(one["facecolor"]) for one in faces)
        assert light - dark > 0.4
        assert len({one.get("hatch") for one in faces}) == 2


def test_every_verdict_has_a_sign_of_its_own() -> None:
    assert len({one.marker for one in verdicts.VERDICT_MARKS.values()}) == len(verdicts.VERDICT_MARKS)
    assert len({sign.split()[0] for sign in verdicts.SIGNS.values()}) == len(verdicts.SIGNS)
    assert len({sign for sign, *_ in foundations.SIGNS.values()}) == len(foundations.SIGNS)


def test_numbers_in_cells_can_be_read_on_every_shade() -> None:
    shades = [shade_of(size, most=1.0) for size in np.linspace(0.0, 1.0, 101)]
    grey = [luminance(one) for one in shades]
    assert all(after <= before + 1e-9 for before, after in pairwise(grey))
    assert grey[0] - grey[-1] > 0.6
    for shade in shades:
        assert contrast(shade, ink_on(shade)) > 4.5
    for _, face, _, ink in foundations.SIGNS.values():
        assert contrast(face, ink) > 4.5


def test_what_is_suppressed_is_told_and_not_drawn() -> None:
    frame = made.groups(7)
    axes = gains.plot_gains(frame)
    labels = {one.get_text() for panel in axes.child_axes for one in panel.get_yticklabels()}
    assert "Stad" in labels
    assert "Bø" not in labels
    assert "4 rows of groups too small to show are left out." in gains.describe_gains(frame)
    assert gains.describe_gains(frame.assign(suppressed=True)).startswith("No group can be shown.")


def test_an_effect_far_beyond_its_margin_keeps_its_number() -> None:
    frame = made.verdicts(5)
    effect = frame["effect"].iloc[4] / frame["margin"].iloc[4]
    assert abs(effect) > verdicts.FARTHEST
    assert f"{effect:.1f}" in {one.get_text() for one in verdicts.plot_verdicts(frame).texts}


def test_a_claim_without_a_margin_is_told_and_not_drawn() -> None:
    frame = made.verdicts(2).assign(margin=0.0)
    assert "not drawn" in {one.get_text() for one in verdicts.plot_verdicts(frame).texts}


def test_many_rows_are_cut_and_the_cut_is_told() -> None:
    more = made.differences(20, seed=9)
    frame = pd.concat([made.differences(20), more.assign(alternative=more["alternative"] + " again")])
    assert "The first 24 of 40 alternatives are drawn." in differences.describe_differences(frame)


def test_a_range_is_told_in_words() -> None:
    frame = made.boxes(3)
    told = discovery.describe_boxes(frame)
    assert "people.trust at most" in told
    assert "people.identity at least" in told
    assert "no factor is bounded" in discovery.describe_boxes(frame.assign(low=np.nan, high=np.nan))


def test_labels_are_folded() -> None:
    assert fold("") == ""
    assert fold("a  b\n c") == "a b c"
    assert max(len(one) for one in fold("x" * 500, 20).split("\n")) == 20
    assert end_words(float("nan")) == "not known"


@pytest.mark.parametrize("method", METHODS)
def test_a_real_analysis_of_every_method_is_drawn_and_told(method: Method) -> None:
    factors = (Factor("strong"), Factor("weak"), Factor("idle"))
    design = make_design(factors, method, 64, 1)
    luck = np.random.default_rng(3).normal(0.0, 0.05, (len(design.values), 4))
    values = (design.values @ [3.0, 1.0, 0.0])[:, None] + luck
    frame = analyse(design, values, ids=design.ids).reset_index().assign(outcome="level")
    plot, describe = (plot_screening, describe_screening) if method == "morris" else (plot_indices, describe_indices)
    told = describe(frame)
    assert "strong" in told, told
    assert "weak" not in told or told.index("strong") < told.index("weak")
    assert any("strong" in one.get_text() for one in words_of(figure_drawn(plot(frame))))
    growing = converge(design, values, ids=design.ids).reset_index().assign(outcome="level")
    assert "blocks" in describe_convergence(growing, kind=INDEX[method])
    plot_convergence(growing, kind=INDEX[method])


def test_what_has_settled_by_the_studys_own_rule_is_not_told_as_unsettled() -> None:
    frame = made.convergence(3).assign(low=lambda one: one["value"] - 0.08, high=lambda one: one["value"] + 0.08)
    assert "not settled" in describe_convergence(frame, width=0.1)
    assert "not settled" not in describe_convergence(frame, width=0.2)


def test_luck_is_not_told_as_an_effect() -> None:
    factors = (Factor("a"), Factor("b"))
    design = make_design(factors, "morris", 64, 1)
    values = np.random.default_rng(7).normal(0.0, 1.0, (len(design.values), 4))
    frame = analyse(design, values, ids=design.ids).reset_index().assign(outcome="level")
    assert describe_screening(frame) == "level: no factor moves it more than chance does."
    ends = {"low_value": "0", "high_value": "1", "outcome_at_low": 0.50, "outcome_at_high": 0.51, "base": 0.5}
    swing = pd.DataFrame(
        [{"outcome": "level", "factor": "a", **ends, "change": 0.01, "low": -0.2, "high": 0.2, "n": 9}]
    )
    assert "no swing can be told from luck" in describe_tornado(swing)
    assert "change 0.010" in describe_tornado(swing.assign(low=0.005, high=0.015))
