"""The simulated survey: who is asked, who answers, and how far an answer strays from what is held.

Floor 4. Comes in: columns of people. Goes out: rows of answers as a real study would have them, and nothing that a
real study could not know. It changes nothing in the world.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from cosim.engine import address
from cosim.measurement.instrument import Instrument, read_instrument
from cosim.measurement.luck import draw_bells, draw_uniforms
from cosim.vocabulary import N_SECTORS, SECTORS

Array = np.ndarray[Any, Any]

HEAD: Final = ("month", "municipality", "sector", "age", "asked", "answered", "points")
"""Columns of an answer before its items. ``points`` is the length of the scale the items were answered on."""
_PERSON_BITS: Final = 26
_ITEM_BITS: Final = 6


class PeopleColumns(NamedTuple):
    """Everybody who could be asked, as columns."""

    municipality: Array  # [N] int, place in the record's municipalities
    sector: Array  # [N] int, order of vocabulary.SECTORS
    age: Array  # [N] int, age group
    trust: Array  # [N, 4] share 0..1, trust in each sector
    optimism: Array  # [N] share
    identity: Array  # [N] share
    fatigue: Array  # [N] share
    climate: Array  # [M] share, of the municipality
    codes: Array | None = None  # [M] int, where a municipality's luck lives; its place if not given


def answer_row(instrument: Instrument) -> np.dtype[Any]:
    """Return the form of an answer's row: the head, then a column for each item (1..points, 0 none)."""
    kinds = ("i2", "i2", "i1", "i1", "u1", "u1", "u1")
    return np.dtype([*zip(HEAD, kinds, strict=True), *((item.key, "u1") for item in instrument.items)])


ANSWER: Final = answer_row(read_instrument())
"""The form of an answer to the questionnaire that ships: one row for each person asked."""


def take_survey(columns: PeopleColumns, month: int, run_luck: Any, settings: Mapping[str, float]) -> Array:
    """Return the answers to the questionnaire of everybody who was asked in one month.

    A measurement sees the world through who answers and what they tick. Those who trust may answer more, so the trust
    that is seen can lie above the trust there is.

    Parameters
    ----------
    columns : PeopleColumns
        People of one municipality and sector are told apart by their order, which luck goes by.
    month : whole number
    run_luck : 64-bit whole number
        ``engine.address.luck_of_run(seed, replicate)``. The same luck asks the same people.
    settings : mapping of parameter names to numbers
        ``survey.asked_per_sector`` people, ``survey.answer_base`` and ``survey.answer_trust`` log odds,
        ``survey.item_error`` standard deviation on 0..1, ``survey.points`` points on the scale.

    Returns
    -------
    records ANSWER [asked]
        By municipality and sector, then in the order of the people. ``asked`` is 1; ``answered`` is 0 for who did not
        answer, whose items are 0, as are items that their sector does not get.

    Sources
    -------
    telemarksforskingmethod : each group is asked about each group, general trust, place identity and optimism.
    ASSUMED : a simple random sample of each sector; the chance of answering is logistic in 2 x mean trust - 1; errors
        are independent over items and cut at the ends of the scale.
    """
    instrument = read_instrument()
    points = round(settings["survey.points"])
    people, groups, numbers = choose_people(
        columns, round(settings["survey.asked_per_sector"]), _luck(run_luck, month, address.SURVEY_ASKED)
    )
    slots = _slots(columns, groups, numbers)
    trust = columns.trust[people].mean(axis=1)
    odds = settings["survey.answer_base"] + settings["survey.answer_trust"] * (2.0 * trust - 1.0)
    luck = _luck(run_luck, month, address.SURVEY_ANSWERS)
    answered = draw_uniforms(luck, slots) < 1.0 / (1.0 + np.exp(-odds))
    answers = np.zeros(len(people), ANSWER)
    answers["month"] = month
    answers["municipality"] = columns.municipality[people]
    answers["sector"] = columns.sector[people]
    answers["age"] = columns.age[people]
    answers["asked"] = 1
    answers["answered"] = answered
    answers["points"] = points
    held = hold_constructs(columns, people)
    luck = _luck(run_luck, month, address.SURVEY_ERROR)
    for place, item in enumerate(instrument.items):
        asked = np.array([sector in item.asked for sector in SECTORS])[answers["sector"]]
        value = 1.0 - held[item.construct] if item.turned else held[item.construct]
        strayed = value + settings["survey.item_error"] * draw_bells(luck, (slots << _ITEM_BITS) + place)
        answers[item.key] = np.where(answered & asked, tick(strayed, points), 0)
    return answers


def choose_people(columns: PeopleColumns, n_per_sector: int, luck: int) -> tuple[Array, Array, Array]:
    """Return who is asked: so many of each municipality and sector at random, or all where there are fewer.

    The ones asked are those with the smallest numbers drawn, so a larger sample holds the smaller one.

    Returns
    -------
    people : array [asked]
        Places in the columns.
    groups : array [asked]
        Municipality x 4 + sector.
    numbers : array [asked]
        Place within the group.
    """
    group = np.asarray(columns.municipality, np.int64) * N_SECTORS + np.asarray(columns.sector, np.int64)
    in_order = bool((group[1:] >= group[:-1]).all())
    order = np.arange(len(group)) if in_order else np.argsort(group, kind="stable")
    group = group[order]
    first = np.flatnonzero(np.diff(group, prepend=-1))
    size = np.diff(first, append=len(group))
    number = np.arange(len(group)) - np.repeat(first, size)
    draws = draw_uniforms(luck, _slots(columns, group, number))
    # Only those who drew low enough need sorting; a group where too few did is sorted whole.
    enough = (n_per_sector + 6.0 * n_per_sector**0.5 + 10.0) / size
    low = draws < np.repeat(enough, size)
    low |= np.repeat(np.add.reduceat(low, first, dtype=np.int64) < n_per_sector, size) if len(first) else False
    kept = np.flatnonzero(low)
    kept = kept[np.lexsort((draws[kept], group[kept]))]
    rank = np.arange(len(kept)) - np.searchsorted(group[kept], group[kept])
    chosen = np.sort(kept[rank < n_per_sector])
    return order[chosen], group[chosen], number[chosen]


def hold_constructs(columns: PeopleColumns, people: Array) -> dict[str, Array]:
    """Return what each person really holds of everything that can be asked for, 0..1 [person] each.

    General trust is the mean of the four directed ones; the climate is the municipality's.
    """
    trust = columns.trust[people]
    return {
        **{f"trust_{sector}": trust[:, place] for place, sector in enumerate(SECTORS)},
        "general_trust": trust.mean(axis=1),
        "identity": columns.identity[people],
        "optimism": columns.optimism[people],
        "climate": columns.climate[columns.municipality[people]],
        "fatigue": columns.fatigue[people],
    }


def tick(values: Array, points: int) -> Array:
    """Return the box ticked for each value: 1 at 0 and below, ``points`` at 1 and above, the nearest between.

    Examples
    --------
    >>> tick(np.array([-0.2, 0.1, 0.5, 0.9, 1.3]), 5).tolist()
    [1, 1, 3, 5, 5]
    """
    ticks: Array = 1 + np.floor(np.clip(values, 0.0, 1.0) * (points - 1) + 0.5).astype(np.int64)
    return ticks


def _luck(run_luck: Any, month: int, decision: int) -> int:
    """Return the start of a decision's sequence in a month."""
    return int(address.luck_of(np.uint64(run_luck), month, decision))


def _slots(columns: PeopleColumns, groups: Array, numbers: Array) -> Array:
    """Return the address of each person: the code of the municipality, the sector, the number within it."""
    municipality, sector = np.divmod(np.asarray(groups, np.int64), N_SECTORS)
    code = municipality if columns.codes is None else np.asarray(columns.codes, np.int64)[municipality]
    slots: Array = ((code * N_SECTORS + sector) << _PERSON_BITS) + numbers
    return slots
