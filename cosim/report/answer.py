"""The short answer: what a set of runs says, in a few sentences with intervals.

Floor 3. It knows outcomes by name and leaves out what was not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from cosim.report.wording import SHARE, count_words, interval_words
from cosim.results.intervals import LEAST_FOR_VERDICTS, Interval, interval_of_mean
from cosim.vocabulary import SECTORS

KEY_OUTCOMES: Final = (
    "innovations_per_unit_year",
    "units_with_innovation",
    "open_innovations",
    "partner_citizens",
    "delivery_months",
    "delivery_cv",
    "abandoned",
    "level",
    "quality",
    "solution_quality",
    "trust_between_sectors_change",
    "optimism_change",
    "identity_change",
    "climate_change",
    "cost_per_innovation",
)
"""What is told first; everything else follows in the full table."""

CHANGES: Final = (
    ("trust_between_sectors_change", "trust between sectors"),
    ("optimism_change", "optimism"),
    ("identity_change", "local identity"),
    ("climate_change", "the creative climate"),
)


def tell_answer(summary: Mapping[str, Interval], n_replicates: int, months: int) -> list[str]:
    """Return the answer as sentences.

    Parameters
    ----------
    summary : outcome to interval
    n_replicates, months : 1 or more
    """
    known = {name: one for name, one in summary.items() if one.n}
    runs = f"Over {count_words(n_replicates, 'replicate')} of {count_words(months, 'month')}"
    sentences = []

    def told(name: str, unit: str = SHARE) -> str:
        one = known[name]
        some = f", in {one.n} of the replicates," if one.n < n_replicates else ""
        return interval_words(one, unit) + some

    if "innovations_per_unit_year" in known:
        pace = told("innovations_per_unit_year", "per unit and year")
        sentences.append(f"{runs}, service units put {pace} innovations per unit and year into use.")
    if "units_with_innovation" in known:
        share = told("units_with_innovation")
        sentences.append(f"At the end {share} of the units had put at least one into use within two years.")
    if "open_innovations" in known:
        share = told("open_innovations")
        sentences.append(f"Of all innovations {share} came from arenas open to others than the municipality.")
    if "abandoned" in known:
        share = told("abandoned")
        sentences.append(f"Of the arenas that ended, {share} ended without a solution in use.")
    moved = [
        f"{thing} {_change(known[name])}"
        for name, thing in CHANGES
        if name in known and abs(known[name].mean) >= 0.0005
    ]
    if moved:
        sentences.append(f"From the first count to the last, on scales from 0 to 1: {'; '.join(moved)}.")
    if not sentences:
        sentences.append(f"{runs}, nothing happened that could be measured.")
    return sentences


def tell_hidden(people: pd.DataFrame) -> list[str]:
    """Return what the means of trust and optimism hide: the pair and the sector that moved most, where they do.

    Told where the change is twice that of the mean or more and its interval leaves out 0.

    Parameters
    ----------
    people : table ``people``: replicate, month, sector, n, trust_public, trust_private, ..., optimism
    """
    columns = [*(f"trust_{sector}" for sector in SECTORS), "optimism"]
    if people.empty or people["month"].nunique() < 2:
        return []
    weighed = people[["replicate", "month", "sector", "n"]].assign(
        **{name: people[name] * people["n"] for name in columns}
    )
    ends = weighed[weighed["month"].isin([people["month"].min(), people["month"].max()])]
    sums = ends.groupby(["replicate", "sector", "month"], observed=True)[[*columns, "n"]].sum()
    means = sums[columns].div(sums["n"].where(sums["n"] > 0), axis=0).groupby(level=[0, 1])
    change = means.last() - means.first()
    found = {
        (who, name): interval_of_mean(change.xs(who, level="sector")[name])
        for who in SECTORS
        if who in change.index.get_level_values("sector")
        for name in columns
    }
    pairs = {key: one for key, one in found.items() if key[1] not in ("optimism", f"trust_{key[0]}")}
    hopes = {key: one for key, one in found.items() if key[1] == "optimism"}
    told = []
    for kind in (pairs, hopes):
        known = {key: one for key, one in kind.items() if one.n >= LEAST_FOR_VERDICTS}
        if not known:
            continue
        (who, name), one = max(known.items(), key=lambda item: abs(item[1].mean))
        overall = sum(other.mean for other in known.values()) / len(known)
        if one.low <= 0.0 <= one.high or abs(one.mean) < 2.0 * abs(overall):
            continue
        whom = name.removeprefix("trust_")
        thing = (
            f"optimism in the {who} sector" if name == "optimism" else f"trust of the {who} sector in the {whom} sector"
        )
        told.append(f"{thing} {_change(one)}")
    return [f"The means hide that {' and that '.join(told)}."] if told else []


def _change(one: Interval) -> str:
    """Return how much something moved, and whether that can be told from chance."""
    verb = "rose" if one.mean > 0 else "fell"
    size = abs(one.mean)
    if not one.high - one.low >= 0 or (one.is_point and one.n < LEAST_FOR_VERDICTS):
        return f"{verb} by {size:.3f}"
    low, high = sorted((abs(one.low), abs(one.high)))
    if one.low <= 0.0 <= one.high:
        ends = [f"{end:+.3f}".replace("-", "−") if abs(end) >= 0.0005 else "0.000" for end in (one.low, one.high)]
        return f"did not move measurably ({ends[0]} to {ends[1]})"
    return f"{verb} by {size:.3f} ({low:.3f} to {high:.3f})"


def tell_verdicts(hits: int, n_given: int, misses: int, silent: int) -> str:
    """Return how the model stands beside the targets, in a sentence.

    Parameters
    ----------
    hits, n_given, misses, silent : see `cosim.report.tables.count_verdicts`

    Examples
    --------
    >>> tell_verdicts(3, 0, 2, 1)
    'Of 6 quantities measured in Norway the model hits 3 and misses 2; on 1 there is no verdict.'
    >>> "hits 3 (of which 1 is a figure that was put in) and" in tell_verdicts(3, 1, 2, 1)
    True
    """
    total = hits + misses + silent
    return (
        f"Of {total} quantities measured in Norway the model hits {hits}{tell_given(n_given)} and misses {misses}; "
        f"on {silent} there is no verdict."
    )


def tell_given(n_given: int) -> str:
    """Return how many of the hits are figures that were put in, in brackets; nothing where none is.

    Examples
    --------
    >>> tell_given(2), tell_given(0)
    (' (of which 2 are figures that were put in)', '')
    """
    words = "is a figure that was" if n_given == 1 else "are figures that were"
    return f" (of which {n_given} {words} put in)" if n_given else ""
