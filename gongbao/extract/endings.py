"""Word lists read from their end: what leads up to a number is told by the last words before it.

A list is kept by the last sign of its words, so that a clause which ends in another sign costs one look.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Endings: TypeAlias = dict[str, tuple[str, ...]]
"""Last sign → the words that end in it, longest first."""


def of(words: Iterable[str]) -> Endings:
    """The words by their last sign."""
    by_sign: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_sign.setdefault(word[-1], []).append(word)
    return {sign: tuple(listed) for sign, listed in by_sign.items()}


def longest(endings: Endings, clause: str, end: int) -> str:
    """The longest word that ends at `end` of the clause; `""` where none does."""
    for word in endings.get(clause[end - 1 : end], ()):
        if clause.endswith(word, 0, end):
            return word
    return ""
