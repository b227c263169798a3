"""How often rival theories can be told apart from data of a given size, asked of simulated data. Floor 7.

Each theory in turn makes the data: arenas in worlds drawn from what is not known (`panels`), asked in some waves with
error, summed up as a researcher would (`features`). A classifier learns from some worlds which theory made which data
and is tried on the others, so it has seen neither their parameters nor their people nor their luck.

What it reaches is between two bounds. It is too good in that one of the rivals is the truth and how they work is known;
it is too low in that more simulated worlds, or a cleverer classifier, might find more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier

from cosim.errors import Complaint, StudyError
from cosim.processes.model import ProcessModel
from cosim.results.intervals import Interval, interval_of_mean
from cosim.scenario.model import Scenario
from cosim.study.features import measure_sets, wave_months
from cosim.study.panels import Following, Panels, make_panels
from cosim.vocabulary import CONSTRUCTS

Array = np.ndarray[Any, Any]
OnPart = Callable[[str, int, int], None]

PEOPLE: Final = "people"
CONSTRUCTS_TOO: Final = "constructs"
SEEN: Final = (PEOPLE, CONSTRUCTS_TOO)
"""What is seen of an arena: what its members hold, as any questionnaire can ask; or instead the six constructs as the
theory that is true has them, which would need an instrument nobody has, and so is a bound from above."""
FOLDS: Final = 3
MOST_SETS: Final = 3
"""Data sets cut from the arenas of one world, at most: more would weigh one draw of the parameters too much."""
BOUND: Final = 0.0, 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Which data are tried, and how much simulation is spent on them.

    Parameters
    ----------
    arenas : numbers of arenas, whole municipalities of ``following.arenas_each`` as far as there are so many
    waves : numbers of survey waves over an arena's first ``following.months`` months, 0 only its ending
    noises : standard deviations of the error of an arena's mean, on 0..1
    seen : what is asked for, of SEEN
    following : how arenas are followed; there are as many municipalities as the largest number of arenas needs
    trees : of the classifier
    """

    arenas: tuple[int, ...] = (20, 40, 80)
    waves: tuple[int, ...] = (0, 2, 3)
    noises: tuple[float, ...] = (0.05, 0.15)
    seen: tuple[str, ...] = SEEN
    following: Following = field(default_factory=Following)
    trees: int = 200


QUICK: Final = Grid((10,), (0, 2), (0.05,), SEEN, Following(municipalities=1, worlds=24), 60)
"""Seconds instead of minutes, for trying things out: too few worlds to say anything."""


@dataclass(frozen=True, slots=True)
class Separability:
    """How often theories were told apart.

    Parameters
    ----------
    processes : names of the theories
    arenas_each : arenas a municipality
    table : frame [seen, arenas, waves, noise, accuracy, low, high, chance, worst, worst_accuracy, worst_low,
        worst_high]
        ``accuracy`` is the share of data sets whose theory was found, all theories weighing alike; ``worst`` the
        theory found least often. Intervals are over worlds.
    confusion : frame [seen, arenas, waves, noise, truth, chosen, share]
    pairs : frame [seen, arenas, waves, noise, one, other, accuracy, low, high, told_apart]
        Of two theories, how often the true one is the likelier; guessing is right half the time. ``told_apart`` where
        the interval lies above that.
    """

    processes: tuple[str, ...]
    arenas_each: int
    table: pd.DataFrame
    confusion: pd.DataFrame
    pairs: pd.DataFrame

    def at(self, frame: pd.DataFrame, seen: str, arenas: int, waves: int, noise: float) -> pd.DataFrame:
        """Return the rows of one design in one of the frames."""
        here = (frame["seen"] == seen) & (frame["arenas"] == arenas) & (frame["waves"] == waves)
        return frame[here & (frame["noise"] == noise)].reset_index(drop=True)


class Judged(NamedTuple):
    """What a classifier said of data that it had not learnt from: the true theory [sets], the world each came from, and
    how likely it held each theory [sets, theories].
    """

    truth: Array
    world: Array
    chances: Array


def separate_rivals(
    scenario: Scenario,
    processes: Sequence[tuple[str, ProcessModel]],
    grid: Grid | None = None,
    *,
    seed: int = 1,
    workers: int | None = None,
    on_done: OnPart | None = None,
) -> Separability:
    """Return how often the theories can be told apart, for each design of a grid.

    Parameters
    ----------
    scenario : where arenas are followed
    processes : the theories, by name and as read; two or more
    grid : designs and effort; the defaults take some two minutes on two processors for nine theories
    seed : of everything
    workers : threads; all processors by default
    on_done : called with (what is being done, parts done, parts in all)

    Raises
    ------
    StudyError
        There are fewer than two theories, too few worlds, or a design that is none.
    """
    grid = grid or Grid()
    _look_at(processes, grid)
    needed = -(-max(grid.arenas) // grid.following.arenas_each)
    following = replace(grid.following, municipalities=needed)

    def on_world(done: int, of: int) -> None:
        if on_done is not None:
            on_done("worlds", done, of)

    panels = make_panels(scenario, processes, following, seed=seed, workers=workers, on_done=on_world)
    return separate_panels(panels, grid, seed=seed, workers=workers, on_done=on_done)


def separate_panels(
    panels: Panels, grid: Grid, *, seed: int = 1, workers: int | None = None, on_done: OnPart | None = None
) -> Separability:
    """Return how often the theories that made some panels can be told apart; see `separate_rivals`."""
    tables: list[dict[str, Any]] = []
    confusions: list[pd.DataFrame] = []
    pairs: list[pd.DataFrame] = []
    designs = [
        (seen, arenas, waves, noise)
        for seen in grid.seen
        for arenas in grid.arenas
        for waves in grid.waves
        for noise in grid.noises
    ]
    known: dict[tuple[int, int], Judged] = {}
    for number, (seen, arenas, waves, noise) in enumerate(designs, 1):
        # Without a wave nothing is asked, so neither what is seen nor the error matters.
        judged = known.get((arenas, waves)) if waves == 0 else None
        if judged is None:
            judged = judge_sets(panels, seen, arenas, waves, noise, trees=grid.trees, seed=seed, workers=workers)
        if waves == 0:
            known[arenas, waves] = judged
        design: dict[str, Any] = {"seen": seen, "arenas": arenas, "waves": waves, "noise": noise}
        tables.append(design | tell_accuracy(judged, panels.processes))
        confusions.append(tell_confusion(judged, panels.processes).assign(**design))
        pairs.append(tell_pairs(judged, panels.processes).assign(**design))
        if on_done is not None:
            on_done("designs", number, len(designs))
    first = ["seen", "arenas", "waves", "noise"]
    confusion, pair = (pd.concat(frames, ignore_index=True) for frames in (confusions, pairs))
    return Separability(
        panels.processes,
        panels.arenas_each,
        pd.DataFrame(tables),
        confusion[[*first, "truth", "chosen", "share"]],
        pair[[*first, "one", "other", "accuracy", "low", "high", "told_apart"]],
    )


def judge_sets(
    panels: Panels,
    seen: str,
    arenas: int,
    waves: int,
    noise: float,
    *,
    trees: int = 200,
    seed: int = 1,
    workers: int | None = None,
) -> Judged:
    """Return what a classifier says of every data set of a design, each from worlds that it had not learnt from.

    The worlds are dealt into three folds; those of two teach, those of the third are judged, in turn.

    Sources
    -------
    ASSUMED : extremely randomised trees, which need no tuning and give much the same as a random forest in a third of
        the time; design note A10 used a forest.
    """
    features, truth, world = cut_sets(panels, seen, arenas, waves, noise, seed)
    chances = np.zeros((len(truth), len(panels.processes)))
    for fold in range(FOLDS):
        judged = world % FOLDS == fold
        classifier = ExtraTreesClassifier(trees, random_state=seed, n_jobs=workers or os.cpu_count() or 1)
        classifier.fit(features[~judged], truth[~judged])
        chances[np.flatnonzero(judged)[:, None], classifier.classes_[None, :]] = classifier.predict_proba(
            features[judged]
        )
    return Judged(truth, world, chances)


def cut_sets(panels: Panels, seen: str, arenas: int, waves: int, noise: float, seed: int) -> tuple[Array, Array, Array]:
    """Return the data sets of a design: what each says [sets, features], the theory that made it, and its world."""
    values = panels.people
    if seen == CONSTRUCTS_TOO:
        values = np.concatenate([panels.constructs, panels.people[..., len(CONSTRUCTS) :]], axis=-1)
    n_worlds, n_theories, n_arenas, n_months, n_asked = values.shape
    each = min(n_arenas // arenas, MOST_SETS)
    at = wave_months(waves, n_months)
    sets = n_worlds * n_theories * each
    asked = values[:, :, : each * arenas][:, :, :, at].reshape(sets, arenas, waves, n_asked).astype(np.float64)
    asked += noise * np.random.default_rng([seed, arenas, waves]).standard_normal(asked.shape)
    endings, months = (
        one[:, :, : each * arenas].reshape(sets, arenas).astype(np.float64) for one in (panels.endings, panels.months)
    )
    features = measure_sets(asked, at, endings, months, n_months)
    truth = np.repeat(np.tile(np.arange(n_theories), n_worlds), each)
    return features, truth, np.repeat(np.arange(n_worlds), n_theories * each)


def tell_accuracy(judged: Judged, processes: Sequence[str]) -> dict[str, Any]:
    """Return how often the true theory was found, over all theories and for the one found least often."""
    found = judged.chances.argmax(axis=1) == judged.truth
    # By world and theory, so that data sets of one world, which share its parameters, count as one.
    shares = _mean_by(found, judged.world, judged.truth, len(processes))
    worst = int(shares.mean(axis=0).argmin())
    whole, least = _within(interval_of_mean(shares.mean(axis=1))), _within(interval_of_mean(shares[:, worst]))
    return {
        "accuracy": whole.mean, "low": whole.low, "high": whole.high, "chance": 1.0 / len(processes),
        "worst": processes[worst], "worst_accuracy": least.mean, "worst_low": least.low, "worst_high": least.high,
    }  # fmt: skip


def tell_confusion(judged: Judged, processes: Sequence[str]) -> pd.DataFrame:
    """Return which theory was chosen when each was true, frame [truth, chosen, share]; shares of a truth add to 1."""
    n = len(processes)
    counts = np.zeros((n, n))
    np.add.at(counts, (judged.truth, judged.chances.argmax(axis=1)), 1.0)
    shares = counts / counts.sum(axis=1, keepdims=True)
    rows = [
        {"truth": processes[truth], "chosen": processes[chosen], "share": shares[truth, chosen]}
        for truth in range(n)
        for chosen in range(n)
    ]
    return pd.DataFrame(rows)


def tell_pairs(judged: Judged, processes: Sequence[str]) -> pd.DataFrame:
    """Return for each two theories how often the true one of them was held the likelier, frame [one, other, accuracy,
    low, high, told_apart]; equal chances count half.
    """
    rows = []
    for one, other in combinations(range(len(processes)), 2):
        of_these = (judged.truth == one) | (judged.truth == other)
        ahead = judged.chances[of_these, one] - judged.chances[of_these, other]
        is_one = judged.truth[of_these] == one
        right = 0.5 * (1.0 + np.sign(np.where(is_one, ahead, -ahead)))
        shares = _mean_by(right, judged.world[of_these], (~is_one).astype(np.int64), 2)
        found = _within(interval_of_mean(shares.mean(axis=1)))
        rows.append(
            {"one": processes[one], "other": processes[other], "accuracy": found.mean, "low": found.low,
             "high": found.high, "told_apart": bool(found.low > 0.5)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _mean_by(values: Array, world: Array, truth: Array, n_truths: int) -> Array:
    """Return means by world and true theory, [world, theory]."""
    worlds, place = np.unique(world, return_inverse=True)
    sums, counts = np.zeros((2, len(worlds), n_truths))
    np.add.at(sums, (place, truth), values)
    np.add.at(counts, (place, truth), 1.0)
    return np.asarray(sums / counts)


def _within(one: Interval) -> Interval:
    """Return an interval cut to what a share can be."""
    low, high = BOUND
    return one._replace(low=max(one.low, low), high=min(one.high, high))


def _look_at(processes: Sequence[tuple[str, ProcessModel]], grid: Grid) -> None:
    """Raise one letter with everything about a question of separability that makes no sense."""
    asked = (
        ("processes", f"{len(processes)} theories", len(processes) >= 2, "two or more"),
        ("worlds", f"{grid.following.worlds}", grid.following.worlds >= 2 * FOLDS, f"{2 * FOLDS} or more"),
        ("arenas", f"{grid.arenas}", bool(grid.arenas) and min(grid.arenas) >= 2, "numbers of 2 or more"),
        ("waves", f"{grid.waves}", bool(grid.waves) and min(grid.waves) >= 0, "numbers of 0 or more"),
        ("noises", f"{grid.noises}", bool(grid.noises) and min(grid.noises) >= 0.0, "numbers of 0 or more"),
        ("seen", f"{grid.seen}", bool(grid.seen) and set(grid.seen) <= set(SEEN), f"of {', '.join(SEEN)}"),
    )
    complaints = [Complaint("separability", name, found, allowed) for name, found, right, allowed in asked if not right]
    if complaints:
        raise StudyError(complaints)
