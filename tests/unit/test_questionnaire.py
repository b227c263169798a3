"""The questionnaire, its addressed luck, and the scales read off its answers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.engine import address
from cosim.errors import EvidenceError
from cosim.evidence.references import read_references
from cosim.measurement.instrument import INSTRUMENT, MEASURABLE, read_instrument
from cosim.measurement.luck import draw_bells, draw_uniforms, words
from cosim.measurement.scales import (
    correct_attenuation,
    correlate_scales,
    measure_alpha,
    read_scales,
    see_trust_map,
)
from cosim.measurement.survey import ANSWER, HEAD
from cosim.vocabulary import SECTORS


@given(st.integers(0, 2**63 - 1), st.lists(st.integers(0, 2**62), min_size=1, max_size=20), st.integers(0, 2000))
def test_luck_in_columns_is_luck_by_the_slot(seed: int, slots: list[int], month: int) -> None:
    """The same bits as the compiled engine's, whatever the address."""
    run = np.uint64(address.luck_of_run(seed, 3))
    luck = np.uint64(address.luck_of(run, month, address.SURVEY_ERROR))
    many = np.array(slots, np.int64)
    assert words(int(luck), many).tolist() == [int(address.word(luck, slot)) for slot in slots]
    assert draw_uniforms(int(luck), many).tolist() == [address.draw(luck, slot) for slot in slots]
    assert draw_bells(int(luck), many).tolist() == [address.draw_bell(luck, slot) for slot in slots]


def test_the_questionnaire_that_ships() -> None:
    """Two languages, sources that exist, at least two items for every construct, columns in the order of the items."""
    instrument = read_instrument()
    assert [one.key for one in instrument.constructs] == list(MEASURABLE)
    assert all(len(instrument.items_of(one.key)) >= 2 for one in instrument.constructs)
    assert 20 <= len(instrument.items) <= 64
    texts = [text for item in instrument.items for text in (item.en, item.nb)]
    assert len(set(texts)) == len(texts)
    assert {item.asked for item in instrument.items_of("climate")} == {("public",)}
    assert ANSWER.names == (*HEAD, *(item.key for item in instrument.items))
    keys = {key.split(" : ")[0] for one in instrument.constructs for key in one.sources}
    assert keys <= {*read_references(), "assumed"}


def test_a_questionnaire_gets_every_complaint_at_once(tmp_path: Path) -> None:
    """One letter names the scale, the construct, the sector and the text."""
    text = INSTRUMENT.read_text(encoding="utf-8")
    spoilt = text.replace("points = 5", "points = 1").replace('construct = "climate"', 'construct = "climat"', 1)
    spoilt = spoilt.replace('asked = ["public"]', 'asked = ["publik"]', 1).replace("turned = true", 'turned = "yes"', 1)
    spoilt = spoilt.replace('en = "Most people here can be trusted."', 'en = ""')
    path = tmp_path / "mine.toml"
    path.write_text(spoilt, encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_instrument(path)
    letter = str(caught.value)
    for word in (
        "scale.points",
        "did you mean 'climate'?",
        "did you mean 'public'?",
        "turned",
        "general_trust_1.en",
    ):
        assert word in letter
    path.write_text("items = 1", encoding="utf-8")
    with pytest.raises(EvidenceError, match="scale"):
        read_instrument(path)


def make_answers(ticks: list[int], *, sector: int = 0) -> np.ndarray[Any, Any]:
    """Return answers in which everybody ticks the same box of five on every item, 0 for no answer."""
    answers = np.zeros(len(ticks), ANSWER)
    answers["sector"], answers["asked"], answers["points"] = sector, 1, 5
    answers["answered"] = np.array(ticks) > 0
    for item in read_instrument().items:
        if SECTORS[sector] in item.asked:
            answers[item.key] = [0 if t == 0 else 6 - t if item.turned else t for t in ticks]
    return answers


def test_scales_withhold_small_groups_and_turn_items_round() -> None:
    """Six answers of 1 to 5 and one silent make 0.5 on every scale; four answers are withheld."""
    answers = np.concatenate([make_answers([1, 2, 3, 3, 4, 5, 0]), make_answers([5, 5, 5, 5], sector=2)])
    table = read_scales(answers, ("stad",)).set_index(["sector", "construct"])
    public = table.loc["public"]
    assert public["mean"].tolist() == pytest.approx([0.5] * len(public))
    assert (public["asked"].tolist(), public["answered"].tolist()) == ([7] * 9, [6] * 9)
    spread = np.std([0, 0.25, 0.5, 0.5, 0.75, 1.0], ddof=1) / math.sqrt(6)
    assert public["standard_error"].tolist() == pytest.approx([spread] * 9)
    assert table.loc["civic", "withheld"].all()
    assert table.loc["civic", "mean"].isna().all()
    assert "climate" not in table.loc["civic"].index
    assert public.loc["identity", "alpha"] == pytest.approx(1.0)
    seen = see_trust_map(table.reset_index(), 0, "stad")
    assert seen[0].tolist() == pytest.approx([0.5] * 4)
    assert np.isnan(seen[1:]).all()
    pairs = correlate_scales(answers)
    assert pairs["correlation"].dropna().tolist() == pytest.approx([1.0] * 36)
    empty = read_scales(np.zeros(0, ANSWER))
    assert len(empty) == 0
    assert correlate_scales(np.zeros(0, ANSWER))["correlation"].isna().all()


def test_reliability() -> None:
    """Items that have nothing in common share nothing; what error hides can be given back."""
    square = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64)
    assert measure_alpha(square) == pytest.approx(0.0)
    assert math.isnan(measure_alpha(square[:, :1]))
    assert math.isnan(measure_alpha(np.ones((4, 2))))
    assert math.isnan(correct_attenuation(0.5, -0.1, 0.9))
