"""Word lists read at the edges of a clause: what leads up to a number is told by the last words before it.

A list is kept by the first or the last sign of its words, so that a clause with another sign there costs one look.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Edges: TypeAlias = dict[str, tuple[str, ...]]
"""First or last sign → the words with it, longest first."""


def by_first_sign(words: Iterable[str]) -> Edges:
    """The words by their first sign, for `opening`."""
    return _by_sign(words, 0)


def by_last_sign(words: Iterable[str]) -> Edges:
    """The words by their last sign, for `ending`."""
    return _by_sign(words, -1)


def _by_sign(words: Iterable[str], place: int) -> Edges:
    by_sign: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_sign.setdefault(word[place], []).append(word)
    return {sign: tuple(listed) for sign, listed in by_sign.items()}


def opening(edges: Edges, clause: str, start: int) -> str:
    """The longest word that begins at `start` of the clause; `""` where none does."""
    for word in edges.get(clause[start : start + 1], ()):
        if clause.startswith(word, start):
            return word
    return ""


def ending(edges: Edges, clause: str, end: int) -> str:
    """The longest word that ends at `end` of the clause; `""` where none does."""
    for word in edges.get(clause[end - 1 : end], ()):
        if clause.endswith(word, 0, end):
            return word
    return ""
