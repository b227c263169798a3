"""The words that a page and a brief put round what a study says, in English and in Norwegian. Floor 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "answer": "The answer",
        "no_answer": "There is none: nothing was found that can be told.",
        "findings": "What was found",
        "caveats": "Before you use this",
        "again": "Make the same numbers again",
        "birth": "Birth certificate",
        "papers": "Papers and sources",
        "in_words": "The figure in words",
        "made": "Made by cosim. It loads nothing from anywhere and can be kept, sent and printed as it is.",
        "brief": "Policy brief",
        "left_out": "Left out for want of room (all of it is in the full report): {what}.",
        "a_paragraph": "text on “{what}”",
        "a_figure": "figure “{what}”",
        "a_table": "table “{what}”",
        "rows": "First {drawn} of {there} rows.",
        "columns": "First {drawn} of {there} columns.",
        "shortened": "Long texts are cut.",
        "caveat": "caveat “{what}”",
        "sentence": "sentence “{what}” of the answer",
        "others": "{count} others",
        "and": "and",
        "simulated": "From simulations with cosim.",
    },
    "nb": {
        "answer": "Svaret",
        "no_answer": "Det finnes ikke: ingenting ble funnet som kan sies.",
        "findings": "Hva som ble funnet",
        "caveats": "Før du bruker dette",
        "again": "Lag de samme tallene på nytt",
        "birth": "Fødselsattest",
        "papers": "Artikler og kilder",
        "in_words": "Figuren i ord",
        "made": "Laget av cosim. Siden henter ingenting utenfra og kan lagres, sendes og skrives ut som den er.",
        "brief": "Kunnskapsnotat",
        "left_out": "Utelatt av plasshensyn (alt står i den fulle rapporten): {what}.",
        "a_paragraph": "tekst om «{what}»",
        "a_figure": "figuren «{what}»",
        "a_table": "tabellen «{what}»",
        "rows": "De første {drawn} av {there} rader.",
        "columns": "De første {drawn} av {there} kolonner.",
        "shortened": "Lange tekster er kortet ned.",
        "caveat": "forbeholdet «{what}»",
        "sentence": "setningen «{what}» i svaret",
        "others": "{count} andre",
        "and": "og",
        "simulated": "Fra simuleringer med cosim.",
    },
}


def words_of(lang: str) -> Mapping[str, str]:
    """Return the words of a language; of one that is not known, the English ones.

    Examples
    --------
    >>> words_of("nb")["answer"], words_of("xx")["answer"]
    ('Svaret', 'The answer')
    """
    return WORDS.get(lang, WORDS["en"])
