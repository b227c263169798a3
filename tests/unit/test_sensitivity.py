"""Designs of sensitivity, what they refuse, and indices against exact numbers and a second implementation."""

from __future__ import annotations

import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import pawn as salib_pawn
from SALib.analyze import sobol as salib_sobol
from SALib.sample import morris as salib_morris_sample
from SALib.sample import sobol as salib_sobol_sample

from cosim.errors import CosimError
from cosim.study.noise import gather_blocks
from cosim.study.sensitivity import analyse, make_design
from cosim.study.sensitivity_convergence import converge, is_converged
from cosim.study.sensitivity_design import METHODS, Design, Factor, Method
from cosim.study.sensitivity_intervals import CONSTANT, NO_SIGNAL, RAW
from cosim.study.sensitivity_words import words

THREE = tuple(Factor(name, -np.pi, np.pi) for name in ("x1", "x2", "x3"))
MIXED = (
    Factor("trust"),
    Factor("seats", 2, 8, "count", group="arena"),
    Factor("rule", kind="choice", choices=("a", "b", "c"), group="arena"),
    Factor("leader", kind="switch"),
)
PROBLEM = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}


def ishigami(points: np.ndarray) -> np.ndarray:
    """Return Ishigami's function, [rows]."""
    x1, x2, x3 = points.T
    return np.asarray(np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))


def values_of(table: pd.DataFrame, kind: str, column: str = "value") -> list[float]:
    """Return one kind of index, in the order of the factors."""
    return [float(one) for one in table.loc[table["kind"] == kind, column]]


class TestFactors:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ({"name": "x", "low": 1.0, "high": 1.0}, "the lower first"),
            ({"name": "x", "high": np.nan}, "finite"),
            ({"name": "x", "high": 2.5, "kind": "count"}, "whole"),
            ({"name": "x", "high": 3, "kind": "switch"}, "0 and 1"),
            ({"name": "x", "kind": "choice", "choices": ("a",)}, "two or more"),
            ({"name": "x", "choices": ("a", "b")}, 'kind="choice"'),
            ({"name": "", "kind": "nomber"}, "did you mean 'number'"),
        ],
    )
    def test_impossible_ones_are_refused(self, arguments: dict[str, object], told: str) -> None:
        with pytest.raises(CosimError, match=told):
            Factor(**arguments)  # type: ignore[arg-type]

    def test_levels_have_equal_shares(self) -> None:
        unit = (np.arange(7000) + 0.5) / 7000
        _, counts = np.unique(MIXED[1].at(unit), return_counts=True)
        assert counts.tolist() == [1000] * 7
        assert MIXED[2].at(np.array([0.0, 1.0])).tolist() == [0.0, 2.0]
        assert (MIXED[2].low, MIXED[2].high) == (0.0, 2.0)


class TestDesigns:
    @pytest.mark.parametrize("second_order", [False, True])
    @pytest.mark.parametrize("groups", [None, ["z", "y", "z"]])
    def test_saltelli_blocks_are_the_libraries(self, second_order: bool, groups: list[str] | None) -> None:
        factors = [Factor(f"x{i}", -np.pi, np.pi, group=groups[i] if groups else "") for i in range(3)]
        design = make_design(factors, "sobol", 16, 5, second_order)
        problem = PROBLEM | ({"groups": groups} if groups else {})
        theirs = salib_sobol_sample.sample(problem, 16, calc_second_order=second_order, seed=5)
        np.testing.assert_allclose(design.values, theirs, atol=1e-14)

    @pytest.mark.parametrize("method", METHODS)
    def test_a_larger_design_begins_with_the_smaller(self, method: Method) -> None:
        small, large = (make_design(MIXED, method, n, 7, method == "sobol") for n in (16, 32))
        assert (large.ids[: len(small.ids)] == small.ids).all()
        np.testing.assert_array_equal(large.first(16).values, small.values)
        np.testing.assert_array_equal(large.first(16).unit, small.unit)
        assert len(set(large.ids)) == len(large.values) == 32 * large.rows_per_block

    def test_plain_points_are_those_of_sobol(self) -> None:
        block = make_design(MIXED, "sobol", 8, 1)
        np.testing.assert_array_equal(make_design(MIXED, "pawn", 8, 1).values, block.values[:: block.rows_per_block])

    def test_a_trajectory_moves_one_group_at_a_time(self) -> None:
        design = make_design(MIXED, "morris", 200, 3)
        blocks = design.values.reshape(200, 4, 4)
        moved = blocks[:, 1:] != blocks[:, :-1]
        assert (moved.sum(axis=1) == 1).all()
        assert (moved[:, :, 1] == moved[:, :, 2]).all()
        assert np.unique(blocks[:, :, 2]).tolist() == [0.0, 1.0, 2.0]
        assert set(np.abs(blocks[:, -1, 1] - blocks[:, 0, 1])) == {3.0}

    def test_every_fault_is_told_at_once(self) -> None:
        with pytest.raises(CosimError) as caught:
            make_design([Factor("a"), Factor("a"), Factor("b", group="a")], "sobol", 100, 1)
        assert [one.key for one in caught.value.complaints] == ["n", "factors", "group"]
        with pytest.raises(CosimError, match="did you mean 'sobol'"):
            make_design([], "sobl", 8, 1)  # type: ignore[arg-type]
        with pytest.raises(CosimError, match="trajectories"):
            make_design(THREE, "morris", 1, 1, second_order=True)


class TestTying:
    def test_rows_in_another_order_are_refused(self) -> None:
        design = make_design(THREE, "sobol", 16, 1)
        series = pd.Series(ishigami(design.values), index=design.ids)
        assert analyse(design, series)["blocks"].eq(16).all()
        with pytest.raises(CosimError, match="another order; the first is row 0"):
            analyse(design, series[::-1])
        with pytest.raises(CosimError, match="80 rows"):
            analyse(design, series[1:])
        with pytest.raises(CosimError, match="rows of another design"):
            analyse(make_design(THREE, "sobol", 16, 2), series)
        with pytest.raises(CosimError, match="an array without ids"):
            analyse(design, series.to_numpy())

    def test_luck_told_wrongly_is_refused(self) -> None:
        design = make_design(THREE, "sobol", 4, 1)
        one = ishigami(design.values)
        with pytest.raises(CosimError, match="the replicates say more"):
            analyse(design, np.stack([one, one], 1), np.ones(20), ids=design.ids)
        with pytest.raises(CosimError, match="0 or more"):
            analyse(design, one, -np.ones(20), ids=design.ids)
        with pytest.raises(CosimError, match="two or more replicates"):
            analyse(design, one, ids=design.ids, luck="common")
        with pytest.raises(CosimError, match="independent, common"):
            analyse(design, one, ids=design.ids, luck="shared")  # type: ignore[arg-type]


class TestAgainstTheLibrary:
    def test_sobol(self) -> None:
        design = make_design(THREE, "sobol", 256, 1)
        values = ishigami(design.values)
        theirs = salib_sobol.analyze(PROBLEM, values, calc_second_order=False, seed=1)
        ours = analyse(design, values, ids=design.ids)
        # Theirs centre on all rows, ours on A and B, which is of no weight but not of none.
        assert values_of(ours, "S1") == pytest.approx(theirs["S1"], abs=1e-4)
        assert values_of(ours, "ST") == pytest.approx(theirs["ST"], abs=1e-10)

    def test_morris(self) -> None:
        design = make_design(THREE, "morris", 40, 1)
        values = ishigami(design.values)
        sample = salib_morris_sample.sample(PROBLEM | {"groups": ["x1", "x2", "x3"]}, 40, seed=1)
        np.testing.assert_allclose(design.values, sample, atol=1e-12)
        theirs = salib_morris.analyze(PROBLEM, sample, values, seed=1)
        ours = analyse(design, values, ids=design.ids)
        for kind in ("mu", "mu_star", "sigma"):
            assert values_of(ours, kind) == pytest.approx(theirs[kind], abs=1e-9)

    def test_pawn(self) -> None:
        design = make_design(THREE, "pawn", 1024, 1)
        values = ishigami(design.values)
        theirs = salib_pawn.analyze(PROBLEM, design.values, values)
        ours = analyse(design, values, ids=design.ids, n_resamples=50)
        # They leave the largest row out, and cut by quantiles of the sample.
        assert values_of(ours, "median") == pytest.approx(theirs["median"], abs=0.01)
        assert values_of(ours, "maximum") == pytest.approx(theirs["maximum"], abs=0.01)
        assert 0.03 < values_of(ours, "median_by_chance")[0] < 0.12

    @pytest.mark.parametrize("seed", [0, 5])
    def test_delta_leaves_the_world_as_it_was(self, seed: int) -> None:
        design = make_design(THREE[:2], "delta", 128, seed)
        values = ishigami(np.column_stack([design.values, np.zeros(128)]))
        # What the library would change if it were let.
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        form, filters = warnings.formatwarning, list(warnings.filters)
        tables = [analyse(design, values, ids=design.ids, n_resamples=2) for _ in range(2)]
        assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
        assert warnings.formatwarning is form
        assert list(warnings.filters) == filters
        pd.testing.assert_frame_equal(*tables)
        assert all(0.0 < one < 1.0 for one in values_of(tables[0], "delta"))


class TestWhatIsMissing:
    def design(self) -> tuple[Design, np.ndarray]:
        """Return a design and its values."""
        design = make_design(THREE, "sobol", 64, 1)
        return design, ishigami(design.values)

    @pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("row", [0, 7, 319])
    def test_a_hole_takes_its_block_and_nothing_else(self, hole: float, row: int) -> None:
        design, values = self.design()
        values[row] = hole
        table = analyse(design, values, ids=design.ids)
        assert table["dropped"].eq(1).all()
        assert table["blocks"].eq(63).all()
        blocks = np.delete(values.reshape(64, 5), row // 5, axis=0)
        a, b = blocks[:, 0], blocks[:, 4]
        variance = np.var(np.concatenate([a, b]))
        assert values_of(table, "ST")[0] == pytest.approx(np.mean((a - blocks[:, 1]) ** 2) / 2.0 / variance)

    def test_a_replicate_that_failed_takes_only_itself(self) -> None:
        design, values = self.design()
        several = values[:, None] + np.zeros(4)
        several[3, 0] = np.nan
        several[50:55, :3] = np.nan
        table = analyse(design, several, ids=design.ids)
        assert table["dropped"].eq(1).all()
        kept = np.delete(values.reshape(64, 5), 10, axis=0)
        variance = np.var(kept[:, [0, 4]])
        truth = ((kept[:, [0]] - kept[:, 1:4]) ** 2).mean(axis=0) / 2.0 / variance
        assert values_of(table, "ST") == pytest.approx(truth, abs=0.01)

    def test_too_many_are_refused(self) -> None:
        design, values = self.design()
        values[:35:5] = np.nan
        with pytest.raises(CosimError, match="7 of 64 blocks dropped"):
            analyse(design, values, ids=design.ids)
        assert analyse(design, values, ids=design.ids, most_dropped=0.2)["dropped"].eq(7).all()
        with pytest.raises(CosimError, match="64 of 64"):
            analyse(design, np.full(320, np.nan), ids=design.ids, most_dropped=1.0)

    @pytest.mark.parametrize("method", METHODS)
    def test_a_constant_has_no_indices(self, method: Method) -> None:
        design = make_design(MIXED, method, 16, 1)
        table = analyse(design, np.full((len(design.values), 3), 0.1), ids=design.ids)
        assert table[["value", "low", "high"]].isna().all().all()
        assert table["note"].eq(CONSTANT).all()
        assert CONSTANT in words(table, "Quality")

    def test_luck_alone_has_no_indices_either(self) -> None:
        design, _ = self.design()
        luck = np.random.default_rng(2).standard_normal((len(design.values), 4))
        told = []
        for shift in range(8):
            table = analyse(design, np.roll(luck, 5 * shift + shift, axis=0), ids=design.ids)
            # Nothing is silently none: either no value with a reason, or a value with no interval or a wide one.
            if table.loc[table["kind"] == "variance", "value"].iloc[0] <= 0.0:
                assert table.loc[table["kind"] == "ST", "note"].eq(NO_SIGNAL).all()
                assert values_of(table, "chance") == [1.0]
                told.append(shift)
            else:
                assert table.loc[table["kind"] == "ST", "low"].isna().all()
        assert told

    def test_the_same_call_gives_the_same_table(self) -> None:
        design, values = self.design()
        pd.testing.assert_frame_equal(*(analyse(design, values, ids=design.ids) for _ in range(2)))


class TestLuck:
    def test_products_are_over_pairs_of_different_replicates(self) -> None:
        values = np.random.default_rng(1).normal(size=(6, 3))
        blocks = gather_blocks(values, None, np.arange(6), 2, (0, 1))
        centred = values - values.mean(axis=0)
        pairs = list(permutations(range(3), 2))
        for block in range(3):
            x, y = centred[2 * block], centred[2 * block + 1]
            assert blocks.product(0, 1)[block] == pytest.approx(np.mean([x[r] * y[s] for r, s in pairs]))
            apart = x - y
            assert blocks.difference_squared(0, 1)[block] == pytest.approx(
                np.mean([apart[r] * apart[s] for r, s in pairs])
            )
        np.testing.assert_allclose(blocks.noise_of_means().ravel(), values.var(axis=1, ddof=1) / 3)

    def test_a_given_variance_is_taken_out_of_a_point_once(self) -> None:
        """Two rows that are one point were run once: between them there is no luck to take out."""
        table = np.array([1.0, 1.0, 4.0, 6.0])
        noise = np.array([0.5, 0.5, np.nan, 0.7])
        blocks = gather_blocks(table, noise, np.array([0, 0, 1, 2]), 2, (0, 1))
        assert blocks.difference_squared(0, 1).tolist() == pytest.approx([0.0, 4.0 - 0.7 - np.mean([0.5, 0.5, 0.7])])

    def test_a_luck_that_lifts_all_rows_alike_changes_nothing(self) -> None:
        design = make_design(THREE, "sobol", 64, 1)
        values = ishigami(design.values)
        lifted = values[:, None] + np.array([-40.0, 7.0, 12.0])
        calm, wild = (
            analyse(design, one, ids=design.ids, luck="common") for one in (values[:, None] + np.zeros(3), lifted)
        )
        for kind in ("S1", "ST", "variance"):
            assert values_of(wild, kind) == pytest.approx(values_of(calm, kind), rel=1e-9, abs=1e-9)
        assert values_of(calm, "chance") == pytest.approx([0.0], abs=1e-12)
        assert values_of(wild, "chance")[0] > 0.9

    def test_one_run_a_row_is_said_to_hold_luck(self) -> None:
        design = make_design(THREE, "sobol", 64, 1)
        table = analyse(design, ishigami(design.values), ids=design.ids)
        assert table.loc[table["kind"] == "ST", "note"].eq(RAW).all()
        assert np.isnan(values_of(table, "chance")).all()

    def test_morris_tells_spread_from_luck(self) -> None:
        """Of y = 3 x1 + luck of sd 2: sigma is 0, and luck alone shows a mean size of sqrt(2 / pi) sd."""
        design = make_design([Factor("a"), Factor("b")], "morris", 400, 1)
        luck = 2.0 * np.random.default_rng(1).standard_normal((len(design.values), 8))
        table = analyse(design, 3.0 * design.values[:, :1] + luck, ids=design.ids)
        sd = 2.0 * np.sqrt(2.0 / 8.0) / (2.0 / 3.0)
        assert values_of(table, "mu") == pytest.approx([3.0, 0.0], abs=0.3)
        assert values_of(table, "sigma") == pytest.approx([0.0, 0.0], abs=0.6)
        assert values_of(table, "mu_star_by_chance") == pytest.approx([np.sqrt(2.0 / np.pi) * sd] * 2, rel=0.1)
        assert values_of(table, "mu_star")[1] == pytest.approx(np.sqrt(2.0 / np.pi) * sd, rel=0.15)
        assert "moved most by a (" in words(table, "Trust")


class TestKindsOfFactors:
    def test_groups_move_together(self) -> None:
        """Of x1 + 2 x2 + x3 the first two hold 5/6 of the variance."""
        factors = [Factor("x1", group="g"), Factor("x2", group="g"), Factor("x3")]
        design = make_design(factors, "sobol", 512, 1)
        assert design.rows_per_block == 4
        table = analyse(design, design.values @ [1.0, 2.0, 1.0], ids=design.ids)
        assert values_of(table, "ST") == pytest.approx([5 / 6, 1 / 6], abs=0.01)
        assert table[table["kind"] == "S1"].index.tolist() == ["g", "x3"]
        screened = make_design(factors, "morris", 20, 1)
        effects = analyse(screened, screened.values @ [1.0, 2.0, 1.0], ids=screened.ids)
        assert effects.loc["g", "kind"].tolist() == ["mu_star", "mu_star_by_chance"]
        assert effects.loc["x3"].set_index("kind").loc["mu", "value"] == pytest.approx(1.0)

    def test_a_choice_and_a_switch_have_their_shares(self) -> None:
        """Of h(choice) + 2 switch + x, h = 0, 0, 3: variances 2, 1, 1/12."""
        factors = [Factor("rule", kind="choice", choices=("a", "b", "c")), Factor("on", kind="switch"), Factor("x")]
        truth = np.array([2.0, 1.0, 1 / 12])
        for seed in range(3):
            design = make_design(factors, "sobol", 2048, seed)
            rule, on, x = design.values.T
            values = np.array([0.0, 0.0, 3.0])[rule.astype(int)] + 2.0 * on + x
            # A point has one noise, as it has one run.
            noise = np.random.default_rng(seed).normal(0.0, 2.0, (design.points.max() + 1, 5))[design.points]
            whole = values[:, None] + noise
            by_pairs = analyse(design, whole, ids=design.ids, n_resamples=2)
            given = analyse(design, whole.mean(1), whole.var(1, ddof=1) / 5, ids=design.ids, n_resamples=2)
            for table in (by_pairs, given):
                assert values_of(table, "ST") == pytest.approx(truth / truth.sum(), abs=0.06)

    def test_effects_of_a_choice_have_a_size_and_no_sign(self) -> None:
        design = make_design(MIXED, "morris", 100, 1)
        trust, seats, rule, leader = design.values.T
        table = analyse(design, 2.0 * trust - 3.0 * leader + 0.0 * seats + (rule == 2), ids=design.ids)
        assert dict(zip(table[table["kind"] == "mu"].index, values_of(table, "mu"), strict=True)) == pytest.approx(
            {"trust": 2.0, "leader": -3.0}
        )
        # Two of the three moves between levels change it by one; the group moves by (1 + 1/2) / 2 on average.
        group = table.loc["arena"].set_index("kind").loc["mu_star", "value"]
        assert group == pytest.approx(2 / 3 / 0.75, abs=0.2)

    def test_pawn_takes_levels_as_they_are(self) -> None:
        design = make_design(MIXED, "pawn", 256, 1)
        table = analyse(design, design.values[:, 3], ids=design.ids, n_resamples=50)
        assert table.loc["leader"].set_index("kind").loc["median", "value"] == pytest.approx(0.5, abs=0.01)
        assert table.loc["trust"].set_index("kind").loc["median", "value"] < 0.15


@pytest.mark.parametrize("times", [1e-3, 1.0, 1e6])
def test_screening_settles_alike_in_every_unit(times: float) -> None:
    factors = (Factor("a"), Factor("b"), Factor("c"))
    design = make_design(factors, "morris", 64, 2)
    luck = np.random.default_rng(5).normal(0.0, 0.1, (len(design.values), 4))
    values = times * ((design.values @ [3.0, 1.0, 0.2])[:, None] + luck)
    found = is_converged(converge(design, values, ids=design.ids), kind="mu_star", width=0.3)
    assert found.may_stop
    assert not is_converged(converge(design, values, ids=design.ids), kind="mu_star", width=1e-6).may_stop
