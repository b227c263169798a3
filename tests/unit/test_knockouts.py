"""Fractions of all theories, what their runs can tell apart, and which claim rests on which mechanism."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from cosim.errors import CosimError
from cosim.study.factorial import fractional_design, main_effects
from cosim.study.knockouts import (
    CANNOT_TELL,
    FAILS_ANYWAY,
    HELD_BACK_BY,
    RESTS_ON,
    STANDS_WITHOUT,
    which_claims_rest_on,
)
from cosim.study.verdicts import FAILS, HOLDS, UNDECIDED
from tests.unit.verdict_maker import give


@pytest.mark.parametrize("k", [*range(1, 13), 16, 17, 20])
def test_the_resolution_is_what_it_says(k: int) -> None:
    design = fractional_design(k)
    signs = 2 * design.switches - 1
    blind = next(
        (
            size
            for size in range(1, min(k, 5) + 1)
            if any(abs(signs[:, list(word)].prod(axis=1).sum()) == len(signs) for word in combinations(range(k), size))
        ),
        None,
    )
    assert blind == (design.resolution if design.resolution <= min(k, 5) else None)
    assert design.resolution >= min(4, k + 1)
    # What is not blind is balanced: no product of up to three switches leans either way.
    for size in range(1, min(k, 3) + 1):
        for word in combinations(range(k), size):
            assert signs[:, list(word)].prod(axis=1).sum() == 0
    assert len(np.unique(design.switches, axis=0)) == len(signs)
    assert design.switches[0].all()


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 8, 11, 16])
def test_aliases_are_exactly_what_looks_the_same(k: int) -> None:
    design = fractional_design(k)
    signs = 2 * design.switches - 1
    words = [word for group in design.aliases for word in group]
    assert sorted(words) == sorted([(a,) for a in range(k)] + list(combinations(range(k), 2)))
    columns = {word: signs[:, list(word)].prod(axis=1) for word in words}
    for group in design.aliases:
        assert all(
            (columns[word] == columns[group[0]]).all() or (columns[word] == -columns[group[0]]).all() for word in group
        )
        others = [word for other in design.aliases if other is not group for word in other]
        assert all(columns[group[0]] @ columns[word] == 0 for word in others)
    assert all(len(group) == 1 for group in design.aliases[:k])
    assert all(len(group[0]) == 1 for group in design.aliases[:k])


def test_effects_are_found_again_with_luck_cancelled() -> None:
    design = fractional_design(6)
    on = design.switches.astype(float)
    luck = np.random.default_rng(4)
    shared, own = luck.normal(0, 5, 12), luck.normal(0, 0.01, (len(on), 12))
    values = (3.0 * on[:, 0] - 2.0 * on[:, 1] + 4.0 * on[:, 2] * on[:, 3])[:, None] + shared + own
    table = main_effects(design, values, list("ABCDEF")).set_index("terms")
    assert table.effect["A"] == pytest.approx(3.0, abs=0.02)
    assert table.effect["B"] == pytest.approx(-2.0, abs=0.02)
    assert table.effect["C"] == pytest.approx(2.0, abs=0.02)  # half of the runs have D on
    pair = next(terms for terms in table.index if "C x D" in terms)
    assert table.effect[pair] == pytest.approx(4.0, abs=0.04)
    assert set(table.index[table.clear]) == {"A", "B", "C", "D", pair}
    assert (table.low <= table.effect).all()
    assert (table.effect <= table.high).all()
    assert set(table.order) == {1, 2}


def test_pairs_that_look_alike_add_up() -> None:
    for k in (4, 6, 8, 12):
        design = fractional_design(k)
        on = design.switches.astype(float)
        for group in design.aliases[k:]:
            values = sum(on[:, a] * on[:, b] for a, b in group)
            table = main_effects(design, np.tile(np.asarray(values)[:, None], (1, 8)))
            place = list(design.aliases).index(group)
            assert table.effect[place] == pytest.approx(len(group))


def test_replicates_with_a_run_undefined_are_left_out() -> None:
    design = fractional_design(2)
    values = np.tile(design.switches[:, :1].astype(float), (1, 9))
    values[2, 4] = np.nan
    table = main_effects(design, values)
    assert table.replicates.tolist() == [8, 8, 8]
    assert table.effect.tolist() == [1.0, 0.0, 0.0]
    assert table.terms.tolist() == ["switch 1", "switch 2", "switch 1 x switch 2"]


def test_a_design_that_is_none_gets_a_letter() -> None:
    for k in (0, 65):
        with pytest.raises(CosimError, match="1 to 64"):
            fractional_design(k)
    with pytest.raises(CosimError, match="4 runs"):
        main_effects(fractional_design(2), np.zeros((3, 5)))
    with pytest.raises(CosimError, match="3 names"):
        main_effects(fractional_design(2), np.zeros((4, 5)), list("abc"))


def test_which_claims_rest_on_what() -> None:
    full = {"a": give(HOLDS), "b": give(FAILS), "c": give(UNDECIDED)}
    without = {
        "arrow": {"a": give(FAILS, effect=0.1), "b": give(HOLDS), "c": give(HOLDS)},
        "wins": {"a": give(HOLDS), "b": give(FAILS)},
        "gate": {"a": give(UNDECIDED)},
    }
    table = which_claims_rest_on(full, without).set_index(["claim", "mechanism"])
    assert table.word.to_dict() == {
        ("a", "arrow"): RESTS_ON,
        ("a", "wins"): STANDS_WITHOUT,
        ("a", "gate"): CANNOT_TELL,
        ("b", "arrow"): HELD_BACK_BY,
        ("b", "wins"): FAILS_ANYWAY,
        ("c", "arrow"): CANNOT_TELL,
    }
    assert table.effect_without["a", "arrow"] == 0.1


def test_mechanisms_share_the_error() -> None:
    weak = {f"m{place}": {"a": give(FAILS, 0.01)} for place in range(10)}
    assert set(which_claims_rest_on({"a": give(HOLDS)}, weak).word) == {CANNOT_TELL}
    assert set(which_claims_rest_on({"a": give(HOLDS)}, {"m": {"a": give(FAILS, 0.01)}}).word) == {RESTS_ON}
    with pytest.raises(CosimError, match="no verdict on b"):
        which_claims_rest_on({"a": give(HOLDS)}, {"m": {"b": give(FAILS)}})
