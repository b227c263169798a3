"""What the indices of one outcome say, in a few sentences, in English and Norwegian bokmål.

Floor 7. A sentence never says more than the intervals allow: a factor whose interval holds nothing of note is not
named, and an order that the intervals leave open is said to be open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd

from cosim.study.sensitivity_intervals import (
    CONSTANT,
    FEW_LUCKS,
    NO_LEVELS,
    NO_SIGNAL,
    RAW,
    UNKNOWN,
    UNSURE,
)

Language = Literal["en", "nb"]
THRESHOLD: Final = 0.05
"""Share of variance from which a factor or interplay is worth naming (ASSUMED; see ``is_converged``)."""

_NOTES_NB: Final = {
    CONSTANT: "utfallet er det samme ved alle innstillinger",
    NO_SIGNAL: "utfallet varierer ikke mer mellom innstillingene enn flaks gjør",
    UNSURE: "flaks skjuler så mye at det ikke kan gis noe intervall",
    RAW: "flaks er ikke kjent, og teller her som påvirkning",
    UNKNOWN: "flaks er ikke kjent",
    FEW_LUCKS: "med to gjentak av felles flaks er flaksen ikke med i intervallet",
    NO_LEVELS: "for få rader, eller for liten variasjon, til dette målet",
}

_SAID: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "and": "and",
        "most": "{outcome}: what matters most is {list} of the variance between settings, alone and together.",
        "none": "{outcome}: no factor has been shown to matter ({least} of the variance or more).",
        "together": "Acting together with others carries much of {list}.",
        "apart": "No interplay between factors has been shown.",
        "chance": "Chance is {share} of the variance of a single run.",
        "chance_of_mean": "Chance is {share} of the variance of the values that were analysed.",
        "open": "Not settled: which matters more of {list}.",
        "maybe": "Not settled: whether there is anything at all in {list}.",
        "moves": "{outcome} is moved most by {list}, each taken across its whole range.",
        "still": "{outcome}: no factor has been shown to move it more than chance moves it.",
        "bends": "The effect depends on the rest, or is not a straight line, for {list}.",
        "shapes": "{outcome} has its distribution changed most by {list} (0 not at all, 1 wholly).",
        "cannot": "{outcome}: this cannot be said, for {reason}.",
        "but": "Mind: {reason}.",
        "dropped": "{dropped} of {all} blocks failed and were left out.",
    },
    "nb": {
        "and": "og",
        "most": "{outcome}: mest betyr {list} av variansen mellom innstillinger, alene og sammen med andre.",
        "none": "{outcome}: ingen faktor er vist å bety noe ({least} av variansen eller mer).",
        "together": "Samspill med andre står for mye av det som skyldes {list}.",
        "apart": "Det er ikke vist noe samspill mellom faktorer.",
        "chance": "Tilfeldighet er {share} av variansen i én enkelt kjøring.",
        "chance_of_mean": "Tilfeldighet er {share} av variansen i verdiene som ble analysert.",
        "open": "Ikke avgjort: hva som betyr mest av {list}.",
        "maybe": "Ikke avgjort: om {list} betyr noe i det hele tatt.",
        "moves": "{outcome} flyttes mest av {list}, hver over hele sitt spenn.",
        "still": "{outcome}: ingen faktor er vist å flytte det mer enn tilfeldighet gjør.",
        "bends": "Virkningen avhenger av resten, eller er ikke en rett linje, for {list}.",
        "shapes": "{outcome} får fordelingen sin endret mest av {list} (0 ikke i det hele tatt, 1 helt).",
        "cannot": "{outcome}: dette kan ikke sies, for {reason}.",
        "but": "Merk: {reason}.",
        "dropped": "{dropped} av {all} blokker gikk galt og er utelatt.",
    },
}


def words(
    table: pd.DataFrame,
    outcome: str,
    language: Language = "en",
    *,
    names: Mapping[str, str] | None = None,
    threshold: float = THRESHOLD,
) -> str:
    """Return what a table of ``analyse`` says of an outcome: what matters, interplay, chance, what is not settled.

    Parameters
    ----------
    table : what ``analyse`` returns for one outcome
    outcome : the outcome's name in the language
    language : ``en`` or ``nb``
    names : the factors' names in the language; a factor that is not there keeps its own
    threshold : share of variance from which something is named
    """
    said, names = _SAID[language], names or {}
    kinds = set(table["kind"])
    main = next(kind for kind in ("ST", "mu_star", "median", "delta") if kind in kinds)
    ranked = table[table["kind"] == main].sort_values("value", ascending=False)
    if not ranked["value"].notna().any():
        return said["cannot"].format(outcome=outcome, reason=_note(ranked["note"].iloc[0], language))
    told = _Telling(table, outcome, language, names, said, threshold)
    sentences = told.shares(ranked) if main == "ST" else told.effects(ranked, main)
    notes = [note for note in dict.fromkeys(ranked["note"]) if note]
    sentences += [said["but"].format(reason=_note(note, language)) for note in notes]
    dropped, used = int(ranked["dropped"].iloc[0]), int(ranked["blocks"].iloc[0])
    if dropped:
        sentences.append(said["dropped"].format(dropped=dropped, all=dropped + used))
    return " ".join(sentences)


class _Telling:
    """One outcome's sentences in one language."""

    def __init__(
        self,
        table: pd.DataFrame,
        outcome: str,
        language: Language,
        names: Mapping[str, str],
        said: Mapping[str, str],
        threshold: float,
    ) -> None:
        self.table, self.outcome, self.language = table, outcome, language
        self.names, self.said, self.threshold = names, said, threshold

    def shares(self, ranked: pd.DataFrame) -> list[str]:
        """Return the sentences on shares of variance."""
        said, edge = self.said, self.threshold
        sure = ranked[ranked["low"] >= edge]
        maybe = ranked[(ranked["low"] < edge) & (ranked["high"] > edge)]
        if len(sure):
            what = self._list([f"{self._name(name)} ({self._span(row)})" for name, row in sure.iterrows()])
            sentences = [said["most"].format(outcome=self.outcome, list=what)]
        else:
            sentences = [said["none"].format(outcome=self.outcome, least=self._percent(edge))]
        together = self.table[(self.table["kind"] == "interaction") & (self.table["low"] >= edge)]
        together = together.sort_values("value", ascending=False)
        named = [f"{self._name(name)} ({self._span(row)})" for name, row in together.iterrows()]
        sentences.append(said["together"].format(list=self._list(named)) if named else said["apart"])
        sentences += self._chance() + self._open(sure)
        if len(maybe):
            sentences.append(said["maybe"].format(list=self._list([self._name(name) for name in maybe.index])))
        return sentences

    def effects(self, ranked: pd.DataFrame, main: str) -> list[str]:
        """Return the sentences on effects, or on distances between distributions."""
        floor = self._of(f"{main}_by_chance", "high" if main == "median" else "value").reindex(ranked.index)
        least = floor.fillna(self.threshold if main == "delta" else 0.0)
        sure = ranked[ranked["low"] > least]
        if not len(sure):
            return [self.said["still"].format(outcome=self.outcome)]
        named = [f"{self._name(name)} ({self._number(row['value'])})" for name, row in sure.iterrows()]
        form = "moves" if main == "mu_star" else "shapes"
        sentences = [self.said[form].format(outcome=self.outcome, list=self._list(named))]
        spread = self._of("sigma", "low").reindex(sure.index)
        # As wide as half the effect: ordinary use of Morris's plot, where sigma / mu* below 0.5 is near monotone.
        bent = [self._name(name) for name in sure.index if spread[name] > 0.5 * sure.loc[name, "value"]]
        if bent:
            sentences.append(self.said["bends"].format(list=self._list(bent)))
        return sentences + self._open(sure)

    def _chance(self) -> list[str]:
        """Return the sentence on chance: of one run if it is known, else of what was analysed."""
        for kind in ("chance", "chance_of_mean"):
            value = float(self._of(kind, "value").iloc[0])
            if math.isfinite(value):
                return [self.said[kind].format(share=self._percent(value))]
        return []

    def _open(self, sure: pd.DataFrame) -> list[str]:
        """Return a sentence for each run of neighbours in the ranking whose intervals overlap."""
        runs: list[list[Any]] = []
        for place in range(1, len(sure)):
            above, below = sure.index[place - 1], sure.index[place]
            if sure["high"].iloc[place] > sure["low"].iloc[place - 1]:
                if runs and runs[-1][-1] == above:
                    runs[-1].append(below)
                else:
                    runs.append([above, below])
        return [self.said["open"].format(list=self._list([self._name(name) for name in run])) for run in runs]

    def _of(self, kind: str, column: str) -> pd.Series[Any]:
        return self.table.loc[self.table["kind"] == kind, column]

    def _name(self, factor: Any) -> str:
        return self.names.get(str(factor), str(factor))

    def _span(self, row: pd.Series[Any]) -> str:
        low, high = (min(max(float(row[end]), 0.0), 1.0) for end in ("low", "high"))
        return f"{self._percent(float(row['value']))}, {round(100 * low)}–{round(100 * high)}"

    def _percent(self, share: float) -> str:
        return f"{round(100 * min(max(share, 0.0), 1.0))} %"

    def _number(self, value: float) -> str:
        text = f"{value:.2g}"
        return text.replace(".", ",") if self.language == "nb" else text

    def _list(self, parts: Sequence[str]) -> str:
        if len(parts) == 1:
            return parts[0]
        return f"{', '.join(parts[:-1])} {self.said['and']} {parts[-1]}"


def _note(note: str, language: Language) -> str:
    return note if language == "en" else _NOTES_NB[note]
