"""Everybody as they are now: one trait of one person, or a column of everybody, read from where the truth stands.

A seated person's traits stand in the seat, an outsider's in the actor's own row. Fatigue and identity of outsiders
fade month by month, and the engine writes that down only when it looks at them; here it is reckoned on reading and
nothing is written, so that looking changes no bit of a run. Floor 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from cosim.engine.kernels.places import fade
from cosim.engine.rules.learning import faded
from cosim.engine.rules.trust import trust_from_evidence
from cosim.engine.state import OUTSIDE, State, World
from cosim.vocabulary import AGE_GROUPS, SECTORS

Array = np.ndarray[Any, Any]

SHARES: Final = ("optimism", "identity", "identity_anchor", "creativity", "framing", "framing_anchor")
"""Traits that are shares, 0..1."""
TRUSTS: Final = tuple(f"trust_{sector}" for sector in SECTORS)
NUMBERS: Final = (*SHARES, "fatigue", *TRUSTS)
"""Traits that are one number and can be written; ``commitment`` too, while seated."""
WORDS: Final = ("sector", "municipality", "age_group", "former_municipality")
COLUMNS: Final = (*NUMBERS, "trust", "commitment", *WORDS, "is_seated", "row")
"""What can be read as a column of everybody."""
_FADING: Final = ("identity", "fatigue")
_DATED: Final = (*_FADING, "identity_anchor")
NOT_GIVEN_BACK: Final = ("identity_anchor", "creativity", "framing_anchor")
"""What a seat hands back on leaving does not hold these, so they are written to both rows."""


class People:
    """Columns of actors and seats, read and written at the start of a month.

    Parameters
    ----------
    world, state : as the engine holds them; the columns are views, nothing is copied
    month : the month about to be lived, 0..T
    keys : [M] municipalities
    formers : [M] names of the units each was merged of (8 at most), empty for one that was not merged
    """

    def __init__(
        self,
        world: World,
        state: State,
        month: int = 0,
        keys: Sequence[str] = (),
        formers: Sequence[Sequence[str]] = (),
    ) -> None:
        self._state = state
        self._actor = {name: rows[name] for rows in (state.actors, state.origins) for name in rows.dtype.names or ()}
        chairs = state.seats.reshape(-1)
        self._chair = {name: chairs[name] for name in chairs.dtype.names or ()}
        self._formers = np.full((max(len(formers), 1), 8), None, dtype=object)
        for m, names in enumerate(formers):
            self._formers[m, : len(names)] = list(names)[:8]
        self.keys = tuple(keys)
        self.n_written = 0
        self.move_to(world, month)

    def move_to(self, world: World, month: int) -> None:
        """Take everybody as they are at the start of a month."""
        self.month = month
        rows = world.settings[world.setting_row[min(month, world.n_months - 1)]]
        self._kept = {"identity": 1.0 - rows["learn_identity_anchor"], "fatigue": rows["leave_fatigue_kept"]}

    def __len__(self) -> int:
        """Return how many actors there are."""
        return len(self._state.actors)

    def seat_of(self, row: int) -> int:
        """Return the seat an actor has (arena place x S + seat), -1 outside."""
        return int(self._actor["seat"].item(row))

    def sector_of(self, row: int) -> int:
        """Return the number of an actor's sector."""
        return int(self._actor["sector"].item(row))

    def rows_of(self, sector: int | None) -> Array:
        """Return the rows of a sector's actors, or of everybody."""
        return np.arange(len(self)) if sector is None else np.flatnonzero(self._actor["sector"] == sector)

    def read(self, row: int, name: str) -> float:
        """Return one of NUMBERS, or ``commitment`` of somebody seated, as it is now."""
        at = self.seat_of(row)
        if name in TRUSTS:
            evidence, place = (self._actor, row) if at < 0 else (self._chair, at)
            sector = TRUSTS.index(name)
            return float(
                trust_from_evidence.py_func(
                    float(evidence["trust"][place, sector]), float(evidence["distrust"][place, sector])
                )
            )
        if at >= 0:
            return float(self._chair[name].item(at))
        value = float(self._actor[name].item(row))
        return self._faded(row, name, value) if name in _FADING else value

    def _faded(self, row: int, name: str, value: float) -> float:
        left = self._actor["left"].item(row)
        gone = 0 if left == OUTSIDE else max(self.month - left, 0)
        if gone == 0:
            return value
        target = float(self._actor["identity_anchor"].item(row)) if name == "identity" else 0.0
        return float(faded(value, target, float(self._kept[name][self._actor["municipality"].item(row)]), gone))

    def write(self, row: int, name: str, value: float) -> None:
        """Write one of NUMBERS, or ``commitment`` of somebody seated, where the truth stands; the value is checked."""
        self.n_written += 1
        at = self.seat_of(row)
        if name in TRUSTS:
            evidence, place = (self._actor, row) if at < 0 else (self._chair, at)
            sector = TRUSTS.index(name)
            amount = float(evidence["trust"][place, sector]) + float(evidence["distrust"][place, sector])
            evidence["trust"][place, sector], evidence["distrust"][place, sector] = evidence_for(value, amount)
            return
        if at < 0 and name in _DATED:
            for trait in _FADING:
                self._actor[trait][row] = self.read(row, trait)
            self._actor["left"][row] = self.month
        if at >= 0:
            self._chair[name][at] = value
        if at < 0 or name in NOT_GIVEN_BACK:
            self._actor[name][row] = value

    def word(self, row: int, name: str) -> str | None:
        """Return one of WORDS; the former municipality is None where there was no merger."""
        m = self._actor["municipality"].item(row)
        if name == "sector":
            return SECTORS[self.sector_of(row)]
        if name == "municipality":
            return self.keys[int(m)]
        if name == "age_group":
            return AGE_GROUPS[int(self._actor["age"].item(row))]
        former: str | None = self._formers[m, self._actor["former"].item(row)]
        return former

    def column(self, name: str) -> Array:
        """Return one of COLUMNS for everybody: [N], or [N, 4] for ``trust``; a copy.

        Numbers are float64 (``commitment`` NaN outside), words are words. Each entry is what `read` returns.
        """
        actor, chair = self._actor, self._chair
        if name in WORDS:
            return self._words(name)
        if name == "row":
            return np.arange(len(self))
        seats = actor["seat"]
        if name == "is_seated":
            return np.asarray(seats >= 0)
        seated = np.flatnonzero(seats >= 0)
        places = seats[seated]
        if name == "trust" or name in TRUSTS:
            which: Any = slice(None) if name == "trust" else TRUSTS.index(name)
            positive, negative = (actor[kind][:, which].astype(np.float64) for kind in ("trust", "distrust"))
            positive[seated] = chair["trust"][places][:, which]
            negative[seated] = chair["distrust"][places][:, which]
            shares: Array = trust_from_evidence.py_func(positive, negative)
            return shares
        if name == "commitment":
            values = np.full(len(self), np.nan)
        else:
            values = actor[name].astype(np.float64)
            if name in _FADING:
                self._fade(values, name)
        values[seated] = chair[name][places]
        return values

    def _fade(self, values: Array, name: str) -> None:
        """Let a column fade where its people are outside and were seated before this month."""
        left = self._actor["left"]
        rows = np.flatnonzero((left != OUTSIDE) & (left < self.month) & (self._actor["seat"] < 0))
        if len(rows) == 0:
            return
        kept = self._kept[name][self._actor["municipality"][rows]]
        targets = self._actor["identity_anchor"][rows].astype(np.float64) if name == "identity" else np.zeros(len(rows))
        gone = self.month - left[rows].astype(np.int64)
        faded_values = values[rows]
        fade(faded_values, targets, kept, gone)
        values[rows] = faded_values

    def _words(self, name: str) -> Array:
        actor = self._actor
        if name == "former_municipality":
            words: Array = self._formers[actor["municipality"], actor["former"]]
        else:
            place, all_words = {
                "sector": ("sector", SECTORS),
                "municipality": ("municipality", self.keys),
                "age_group": ("age", AGE_GROUPS),
            }[name]
            words = np.array(all_words)[actor[place]]
        return words


def evidence_for(share: float, amount: float) -> tuple[float, float]:
    """Return the evidence (positive, negative) that gives a share of trust.

    The amount of evidence is kept where it can be; a share that so little evidence cannot give gets the least that can.

    Parameters
    ----------
    share : above 0, below 1
    amount : 0 or more, the two together

    Examples
    --------
    >>> evidence_for(0.75, 10.0)
    (8.0, 2.0)
    >>> evidence_for(0.75, 1.0)
    (2.0, 0.0)
    """
    least = 1.0 / min(share, 1.0 - share) - 2.0
    if amount > least:
        positive = share * (amount + 2.0) - 1.0
        return positive, amount - positive
    return (least, 0.0) if share > 0.5 else (0.0, least)
