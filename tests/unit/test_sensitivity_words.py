"""When a study of sensitivity may stop, and what its indices say in two languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.study.sensitivity import analyse, make_design
from cosim.study.sensitivity_convergence import converge, is_converged
from cosim.study.sensitivity_design import METHODS, Factor, Method
from cosim.study.sensitivity_intervals import NOTES
from cosim.study.sensitivity_words import _NOTES_NB, words

THREE = tuple(Factor(name, -np.pi, np.pi) for name in ("x1", "x2", "x3"))


def ishigami(points: np.ndarray) -> np.ndarray:
    """Return Ishigami's function, [rows]."""
    x1, x2, x3 = points.T
    return np.asarray(np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))


class TestConvergence:
    def table(self, n: int) -> pd.DataFrame:
        """Return indices on growing parts of a design."""
        design = make_design(THREE, "sobol", n, 3)
        return converge(design, ishigami(design.values), ids=design.ids)

    def test_parts_are_the_smaller_designs(self) -> None:
        table = self.table(64)
        assert sorted(set(table["n"])) == [16, 32, 64]
        small = make_design(THREE, "sobol", 32, 3)
        alone = analyse(small, ishigami(small.values), ids=small.ids)
        pd.testing.assert_frame_equal(table[table["n"] == 32].drop(columns="n"), alone)

    def test_it_stops_when_all_is_narrow_and_steady(self) -> None:
        few, many = is_converged(self.table(64)), is_converged(self.table(4096))
        assert not few
        assert few.factor == "x1"
        assert "0.1 is wanted" in few.why
        assert many
        assert many.widest < 0.1
        assert "ranking held" in many.why

    def test_a_changed_ranking_goes_on(self) -> None:
        def made(*values: tuple[int, float, float]) -> pd.DataFrame:
            rows = [("ST", n, one, one - 0.01, one + 0.01) for n, *pair in values for one in pair]
            names = ["a", "b"] * len(values)
            return pd.DataFrame(rows, index=names, columns=["kind", "n", "value", "low", "high"])

        assert is_converged(made((32, 0.6, 0.3), (64, 0.5, 0.4)))
        assert not is_converged(made((32, 0.4, 0.5), (64, 0.5, 0.4)))
        assert is_converged(made((32, 0.44, 0.46), (64, 0.46, 0.44)))
        assert not is_converged(made((32, 0.6, 0.01), (64, 0.6, 0.2)))
        assert is_converged(made((32, 0.02, 0.04), (64, 0.04, 0.02)))
        assert "no smaller part" in is_converged(made((64, 0.5, 0.4))).why
        assert "no index mu" in is_converged(made((64, 0.5, 0.4)), kind="mu").why


class TestWords:
    def test_both_languages_say_it_all(self) -> None:
        design = make_design((*THREE, Factor("idle")), "sobol", 2048, 3)
        luck = np.random.default_rng(3).standard_normal((len(design.values), 10))
        table = analyse(design, ishigami(design.values[:, :3])[:, None] + 3.0 * luck, ids=design.ids)
        english = words(table, "Quality", names={"x1": "trust"})
        norwegian = words(table, "Kvalitet", "nb", names={"x1": "tillit"})
        assert english.startswith("Quality: what matters most is trust (5")
        assert "together with others carries much of" in english
        assert "idle" not in english
        assert "Chance is 39 % of the variance of a single run." in english
        assert norwegian.startswith("Kvalitet: mest betyr tillit (5")
        assert " og x3 (2" in norwegian
        assert "Tilfeldighet er 39 %" in norwegian

    def test_an_open_order_is_said_to_be_open(self) -> None:
        design = make_design(THREE, "sobol", 256, 3)
        values = design.values @ [1.0, 1.0, 0.35]
        table = analyse(design, values, ids=design.ids)
        assert "Not settled: which matters more of x" in words(table, "Level")
        assert "No interplay" in words(table, "Level")
        assert "Not settled: whether there is anything at all in x3" in words(table, "Level")

    @pytest.mark.parametrize("method", METHODS)
    def test_every_method_has_a_sentence(self, method: Method) -> None:
        design = make_design(THREE[:2], method, 64, 3)
        table = analyse(design, 5.0 * design.values[:, 0], ids=design.ids, n_resamples=20)
        for language in ("en", "nb"):
            text = words(table, "Y", language)  # type: ignore[arg-type]
            assert "x1 (" in text
            assert "{" not in text

    def test_every_note_has_both_languages(self) -> None:
        assert set(_NOTES_NB) == set(NOTES)
