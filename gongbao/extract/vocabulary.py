"""The word lists of gongbao/reference/texts as compiled patterns; every reader of a sentence asks here.

A word list becomes one alternation, longest word first, so that `新增` is never read as `新`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao import reference

FILES: Final = tuple(
    f"texts/{name}.csv"
    for name in (
        "adverbs", "changes", "class_nouns", "comparators", "cues", "doc_types", "generic_nouns", "hows", "leads",
        "links", "noun_starts", "own_level", "period_words", "place_cues", "place_word_names", "plan_cues",
        "plan_openers", "predicates", "rates", "refusals", "sections", "span_nouns", "stated_levels",
        "tails", "turns", "units", "verbs", "word_classes",
    )
)  # fmt: skip
"""Every vocabulary file that the reading of texts depends on."""


def alternation(words: list[str] | tuple[str, ...]) -> str:
    """The words as one pattern that prefers the longest and shares common beginnings: `新(?:增|建)?|旧`."""
    tails: dict[str, set[str]] = {}
    for word in words:
        tails.setdefault(word[:1], set()).add(word[1:])
    branches = []
    for first in sorted(tails):
        longer = alternation(tuple(tails[first] - {""}))
        optional = "?" if "" in tails[first] else ""
        branches.append(re.escape(first) + (f"(?:{longer}){optional}" if longer else ""))
    return "|".join(branches)


@cache
def words(name: str) -> tuple[str, ...]:
    """The `word` column of texts/NAME.csv."""
    return tuple(row["word"] for row in reference.rows(f"texts/{name}.csv"))


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in reference.rows("texts/word_classes.csv"):
        found[row["class"]] = (*found.get(row["class"], ()), row["word"])
    return found


def word_class(name: str) -> tuple[str, ...]:
    """The words of a class of texts/word_classes.csv."""
    return _classes()[name]


@cache
def class_set(name: str) -> frozenset[str]:
    """The words of a class, where a whole word is asked for."""
    return frozenset(word_class(name))


@cache
def any_of(name: str) -> str:
    """The words of a class as one pattern that goes into a larger one."""
    return f"(?:{alternation(word_class(name))})"


@cache
def verbs() -> dict[str, tuple[str, str]]:
    """Verb → (kind, aspect), as in texts/verbs.csv."""
    return {row["word"]: (row["kind"], row["aspect"]) for row in reference.rows("texts/verbs.csv")}


@cache
def signs(name: str) -> dict[str, int]:
    """Word → +1 or -1, as in texts/changes.csv and texts/rates.csv."""
    return {row["word"]: int(row["sign"]) for row in reference.rows(f"texts/{name}.csv")}


@cache
def comparators(position: str) -> dict[str, tuple[str, str]]:
    """Cue → (comparator, signs it must not follow), of the cues that stand `before` or `after` a number."""
    return {
        row["cue"]: (row["comparator"], row["not_after"])
        for row in reference.rows("texts/comparators.csv")
        if row["position"] == position
    }
