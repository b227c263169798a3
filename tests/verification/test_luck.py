"""Is addressed luck as good as a generator made for it, along every axis of the address?

Each question gives p-values that are uniform if the bits are random. The same questions are put to numpy's Philox,
which must pass too (are the questions fair?), and to two bad sources, which must fail (do they see anything?): a hash
without its mixing, and one whose axes overlap.

False alarms: every p-value must lie above 1e-6 from either end; about 260 are looked at for each source, so that good
bits fail with a chance below 6e-4. The p-values of each source together must look uniform (Kolmogorov's p above 1e-4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from scipy import stats

from cosim.engine import address
from tests.verification import figures, twin_of_luck

AXES = ("seed", "replicate", "month", "decision", "slot")
N_WORDS = 2**18
EXTREME = 1e-6

type Words = Callable[..., Any]
"""Bits of addresses: arrays for seed, replicate, month, decision and slot to an array of 64-bit words."""


def philox(*coordinates: Any) -> Any:
    """Return as many words as there are addresses, from a generator that looks at no address."""
    shape = np.broadcast_shapes(*(np.shape(one) for one in coordinates))
    key = int(sum(int(np.ravel(one)[-1]) * 1009**place for place, one in enumerate(coordinates)))
    return np.random.Philox(key).random_raw(int(np.prod(shape))).reshape(shape)


def unmixed(seed: Any, replicate: Any, month: Any, decision: Any, slot: Any) -> Any:
    """Return the words of a bad source: the sum of the axes' steps, mixed only by a shift."""
    total = np.zeros(1, np.uint64)
    factors = (1, twin_of_luck.REPLICATE, twin_of_luck.MONTH, twin_of_luck.DECISION, twin_of_luck.GOLDEN)
    for one, factor in zip((seed, replicate, month, decision, slot), factors, strict=True):
        total = total + np.asarray(one).astype(np.uint64) * np.uint64(factor)
    return total ^ (total >> np.uint64(30))


def overlapping(*coordinates: Any) -> Any:
    """Return the words of a tempting bad source: well mixed, but one month's slots are the next month's, one later."""
    return twin_of_luck.words(0, 0, 0, 0, sum(np.asarray(one) for one in coordinates))


SOURCES: dict[str, Words] = {
    "cosim": twin_of_luck.words,
    "Philox": philox,
    "unmixed": unmixed,
    "overlapping": overlapping,
}


def along(words: Words, axis: int, n: int = N_WORDS) -> Any:
    """Return words at n addresses that follow each other along one axis."""
    place: list[Any] = [np.full(n, base) for base in (7, 3, 11, 5, 2)]
    place[axis] = np.arange(n)
    return words(*place)


def grid(words: Words, one: int, other: int, n: int = 512) -> Any:
    """Return words on a square of addresses along two axes."""
    place: list[Any] = [np.full((n, n), base) for base in (7, 3, 11, 5, 2)]
    place[one], place[other] = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    return words(*(part.ravel() for part in place)).reshape(n, n)


def bits_of(words: Any) -> Any:
    """Return the bits of words, array [word, 64] of 0 and 1."""
    return np.unpackbits(np.ascontiguousarray(words).view(np.uint8).reshape(-1, 8), axis=1)


def p_chi_square(total: float, freedom: int) -> float:
    """Return the chance of a smaller sum of squares: near 0 or 1 is bad either way."""
    return float(stats.chi2.cdf(total, freedom))


def p_even(cells: Any, n_cells: int) -> float:
    """Return the p-value of counts in equal cells."""
    counts = np.bincount(cells, minlength=n_cells)
    expected = len(cells) / n_cells
    return p_chi_square(float(((counts - expected) ** 2).sum() / expected), n_cells - 1)


def p_balance(words: Any) -> float:
    """Return the p-value of each of the 64 bits being 1 in half of the words."""
    ones = bits_of(words).sum(axis=0, dtype=np.int64)
    return p_chi_square(float(((2.0 * ones - len(words)) ** 2).sum() / len(words)), 64)


def p_bit_pairs(words: Any) -> float:
    """Return the p-value of bits 1 to 31 places apart in a word, round its end, being alike in half of the words."""
    few = words[: 2**16]
    turned = [few ^ ((few << np.uint64(step)) | (few >> np.uint64(64 - step))) for step in range(1, 32)]
    unlike = np.array([bits_of(one).sum(axis=0, dtype=np.int64) for one in turned])
    return p_chi_square(float(((2.0 * unlike - len(few)) ** 2).sum() / len(few)), unlike.size)


def p_serial(draws: Any, lag: int) -> float:
    """Return the p-value of the correlation of draws with those so many places on."""
    ahead, behind = draws[lag:] - draws.mean(), draws[:-lag] - draws.mean()
    return float(stats.norm.cdf((ahead * behind).sum() / np.sqrt(len(ahead)) / draws.var()))


def p_birthdays(words: Any, shift: int) -> float:
    """Return the p-value of equal gaps among 512 birthdays in a year of 2**24 days (Marsaglia): Poisson of mean 2."""
    days = ((words >> np.uint64(shift)) & np.uint64(2**24 - 1)).astype(np.int64).reshape(-1, 512)
    gaps = np.sort(np.diff(np.sort(days, axis=1), axis=1, prepend=0), axis=1)
    equal = int((np.diff(gaps, axis=1) == 0).sum())
    mean = 512**3 / (4.0 * 2**24) * len(days)
    return float(stats.poisson.cdf(equal, mean) - 0.5 * stats.poisson.pmf(equal, mean))


def in_a_row(words: Any) -> Iterator[tuple[str, float]]:
    """Yield what is asked of words that follow each other."""
    draws = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
    yield "bit balance", p_balance(words)
    yield "bit pairs", p_bit_pairs(words)
    yield "uniform", p_even((draws * 1000).astype(np.int64), 1000)
    yield "top byte", p_even((words >> np.uint64(56)).astype(np.int64), 256)
    yield "low byte", p_even((words & np.uint64(255)).astype(np.int64), 256)
    cells = (draws * 64).astype(np.int64)
    yield "pairs", p_even(cells[0::2] * 64 + cells[1::2], 4096)
    coarse = cells[: len(cells) // 3 * 3] // 4
    yield "triples", p_even(coarse[0::3] * 256 + coarse[1::3] * 16 + coarse[2::3], 4096)
    for lag in (1, 2, 3, 4, 5, 8, 16, 64, 256, 1024):
        yield f"correlation at {lag}", p_serial(draws, lag)
        yield f"bits at {lag}", p_balance(words[lag:] ^ words[:-lag])
    for shift in (0, 20, 40):
        yield f"birthdays from bit {shift}", p_birthdays(words, shift)


def on_a_square(words: Any) -> Iterator[tuple[str, float]]:
    """Yield what is asked of words on a square: neighbours both ways and across, and sums of rows and columns."""
    draws = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
    n = len(words)
    near = {
        "down": (np.s_[1:, :], np.s_[:-1, :]),
        "right": (np.s_[:, 1:], np.s_[:, :-1]),
        "across": (np.s_[1:, 1:], np.s_[:-1, :-1]),
        "athwart": (np.s_[1:, :-1], np.s_[:-1, 1:]),
    }
    for name, (here, there) in near.items():
        yield f"bits {name}", p_balance((words[here] ^ words[there]).ravel())
        pairs = (draws[here] - 0.5) * (draws[there] - 0.5)
        yield f"correlation {name}", float(stats.norm.cdf(pairs.sum() * 12.0 / np.sqrt(pairs.size)))
    for axis, name in enumerate(("columns", "rows")):
        sums = (draws.sum(axis=axis) - n / 2.0) / np.sqrt(n / 12.0)
        yield name, p_chi_square(float((sums**2).sum()), n)


def p_values(words: Words) -> dict[str, float]:
    """Return every p-value of a source."""
    found = {}
    for axis, name in enumerate(AXES):
        found.update({f"{name}: {question}": p for question, p in in_a_row(along(words, axis))})
    for one, other in combinations(range(5), 2):
        square = grid(words, one, other)
        found.update({f"{AXES[one]} x {AXES[other]}: {question}": p for question, p in on_a_square(square)})
        # What the engine does: one slot after another, month after month (or whatever the two axes are).
        row = np.diff(square.ravel()[: 2**17])
        found[f"{AXES[one]} x {AXES[other]}: top byte of differences"] = p_even((row >> np.uint64(56)).astype(int), 256)
    return found


def bad(found: dict[str, float]) -> dict[str, float]:
    """Return the p-values too near to either end."""
    return {name: p for name, p in found.items() if not EXTREME < p < 1.0 - EXTREME}


def test_twin_gives_the_engines_bits() -> None:
    """Null: the twin for arrays and the engine agree at 2,000 addresses, to the bit. Exact."""
    picked = twin_of_luck.words(1, 0, 0, 0, np.arange(10_000)).reshape(5, 2000)
    sizes = np.array([2**62, 2**40, 5000, 64, 2**40], dtype=np.uint64)[:, np.newaxis]
    places = (picked % sizes).astype(np.int64)
    places[:, :20] = 0
    places[2, 20:40] = -np.arange(20)  # months before the first
    for *coordinates, bits in zip(*places.tolist(), twin_of_luck.words(*places).tolist(), strict=True):
        seed, replicate, month, decision, slot = coordinates
        run = np.uint64(address.luck_of_run(seed, replicate))
        assert address.word(np.uint64(address.luck_of(run, month, decision)), slot) == bits


@pytest.fixture(scope="module")
def asked() -> dict[str, dict[str, float]]:
    """Return every p-value of every source."""
    return {name: p_values(words) for name, words in SOURCES.items()}


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize("source", ["cosim", "Philox"])
def test_bits_look_random(asked: dict[str, dict[str, float]], source: str) -> None:
    """Null: the bits are random along each axis and each pair of axes; see the top of the file for false alarms."""
    found = asked[source]
    assert not bad(found)
    assert stats.kstest(list(found.values()), "uniform").pvalue > 1e-4


@pytest.mark.slow
@pytest.mark.statistical
def test_questions_see_bad_bits(asked: dict[str, dict[str, float]]) -> None:
    """Null: the bad sources pass.

    The hash without its mixing must fail at least half of the questions. The overlapping one must pass all along single
    axes, being well mixed, and fail for every pair of axes. Luck plays no part.
    """
    found = asked["unmixed"]
    figure, (left, right) = figures.new_figure(2)
    for colour, (name, values) in zip(figures.COLOURS, asked.items(), strict=False):
        left.plot(np.linspace(0, 1, len(values)), np.sort(list(values.values())), color=colour, label=name)
    figures.label(left, f"{len(found)} questions", "share of questions", "p-value (0 to 1)")
    image = right.imshow(avalanche(SOURCES["cosim"], 4) / 2**12, vmin=0.4, vmax=0.6, cmap="cividis", aspect="auto")
    figure.colorbar(image, ax=right, label="turned (share of addresses)")
    right.grid(visible=False)
    figures.label(right, "Avalanche from the slot", "bit of the word", "bit of the slot that is turned")
    words = [f"{name}: {len(bad(values))} of {len(values)} beyond 1e-6" for name, values in asked.items()]
    figures.save(figure, "luck", ["; ".join(words) + ". Bar: none for cosim, Philox."])
    assert len(bad(found)) > len(found) / 2
    blind = {question.split(":")[0] for question in bad(asked["overlapping"])}
    assert blind == {f"{AXES[one]} x {AXES[other]}" for one, other in combinations(range(5), 2)}


INPUT_BITS = (62, 40, 16, 8, 40)
"""How many low bits of each coordinate are turned."""


def avalanche(words: Words, axis: int, n: int = 2**12) -> Any:
    """Return how often turning each bit of one coordinate turns each bit of the word, array [input bit, output bit]."""
    picked = twin_of_luck.words(2, axis, 0, 0, np.arange(5 * n)).reshape(5, n)
    sizes = np.array([2**62, 2**40, 2**16, 2**8, 2**40], dtype=np.uint64)[:, np.newaxis]
    places = list((picked % sizes).astype(np.int64))
    before = words(*places)
    turned = []
    for bit in range(INPUT_BITS[axis]):
        moved = list(places)
        moved[axis] = moved[axis] ^ (1 << bit)
        turned.append(bits_of(before ^ words(*moved)).sum(axis=0, dtype=np.int64))
    return np.array(turned)


@pytest.mark.statistical
@pytest.mark.parametrize("axis", range(5), ids=AXES)
def test_avalanche(axis: int) -> None:
    """Null: turning any one bit of any coordinate turns each bit of the word at half of the addresses.

    4,096 addresses for each input bit: the sum of squares over all pairs of bits, and the largest deviation, which
    must stay below 6 standard errors (up to 3,968 pairs: chance of a false alarm 8e-6). Philox's words, of which no
    two belong to each other, must pass as well; the hash without mixing must not.
    """
    for source, passes in (("cosim", True), ("Philox", True), ("unmixed", False)):
        turned = avalanche(SOURCES[source], axis)
        deviations = (turned - 2**11) / np.sqrt(2**10)
        p = p_chi_square(float((deviations**2).sum()), deviations.size)
        fair = EXTREME < p < 1.0 - EXTREME and np.abs(deviations).max() < 6.0
        assert fair == passes, f"{source}: p {p}, largest deviation {np.abs(deviations).max()}"


@pytest.mark.parametrize("pair", list(combinations(range(5), 2)), ids=lambda pair: f"{AXES[pair[0]]}-{AXES[pair[1]]}")
def test_no_two_addresses_share_a_word(pair: tuple[int, int]) -> None:
    """Null: all words on a square of a million addresses differ.

    Random words would meet with a chance of 3e-8. Exchanged coordinates (seed 2, month 3 and seed 3, month 2) are in
    the square too, so that an address is not taken for its mirror image.
    """
    assert np.unique(grid(twin_of_luck.words, *pair, n=1024)).size == 1024**2


@pytest.mark.statistical
def test_shapes_of_draws() -> None:
    """Null: ``draw_below`` gives each number equally often, ``draw_bell`` has mean 0, deviation 1 and its own shape.

    200,000 of each through the engine's own functions; p-values within 1e-6 of either end: chance of a false alarm
    1e-5. The bell is the sum of four uniform numbers: kurtosis 2.7, cut at 2 x 3^(1/2).
    """
    luck = np.uint64(address.luck_of(np.uint64(address.luck_of_run(5, 0)), 0, address.PEOPLE))
    for n_cells in (2, 6, 10, 97):
        p = p_even(np.array([address.draw_below(luck, slot, n_cells) for slot in range(200_000)]), n_cells)
        assert EXTREME < p < 1.0 - EXTREME
    bell = np.array([address.draw_bell(luck, slot) for slot in range(200_000)])
    moments = [bell.mean(), (bell**2).mean() - 1.0, (bell**3).mean(), (bell**4).mean() - 2.7]
    spreads = [bell.std(), (bell**2).std(), (bell**3).std(), (bell**4).std()]
    for moment, spread in zip(moments, spreads, strict=True):
        assert abs(moment) < 5.0 * spread / np.sqrt(len(bell))
    assert np.abs(bell).max() <= 2.0 * np.sqrt(3.0)
    whole = np.clip((bell / (2.0 * np.sqrt(3.0)) + 1.0) * 2.0, 0.0, 4.0)  # the sum of four numbers in 0..1
    edges = np.linspace(0.0, 4.0, 81)
    parts = [(-1) ** k * stats.binom.pmf(k, 4, 0.5) * 16.0 * np.maximum(edges - k, 0.0) ** 4 / 24.0 for k in range(5)]
    expected = np.diff(np.sum(parts, axis=0)) * len(bell)
    counts = np.histogram(whole, edges)[0]
    middle = expected > 20.0
    total = float(((counts - expected)[middle] ** 2 / expected[middle]).sum())
    assert EXTREME < p_chi_square(total, int(middle.sum()) - 1) < 1.0 - EXTREME
