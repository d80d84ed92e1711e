"""Units as texts write them: the spelling after a number, its one canonical unit, and what kind of unit it is.

The vocabulary is gongbao/reference/texts/units.csv: `spelling, unit, kind, not_before`
(the signs that would make another word of it: 项 before 目). A magnitude (万, 亿) is no part of a unit.
A compound unit (`元/平方米`, `元每吨`, `吨标准煤/万元`) is put together from the same spellings; a second spelling in
brackets (`台(套)`) is read and dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract.plaintext import SOFT


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in a text: `length` characters as written, canonical `name`, `kind` as in units.csv."""

    length: int
    name: str
    kind: str


@cache
def _spellings() -> dict[str, tuple[str, str]]:
    return {row["spelling"]: (row["unit"], row["kind"]) for row in reference.rows("texts/units.csv")}


@cache
def _not_before() -> dict[str, str]:
    return {row["spelling"]: row["not_before"] for row in reference.rows("texts/units.csv")}


@cache
def pattern() -> str:
    """The alternation of all spellings, longest first, with compounds and bracketed doubles."""
    single = _alternation(tuple(_not_before().items()))
    return (
        rf"(?:{single})(?:\s?(?:/|每)\s?(?:[百千万亿]{{0,2}}(?:{single}))(?:/(?:{single}))?(?:[·.]?月|·?年)?)?"
        rf"(?:\((?:{single})(?:[、/](?:{single}))*\))?"
    )


def _alternation(guarded: tuple[tuple[str, str], ...]) -> str:
    """Spellings, each with what must not follow it, as one pattern that shares beginnings and prefers the longest."""
    tails: dict[str, list[tuple[str, str]]] = {}
    for spelling, following in guarded:
        tails.setdefault(spelling[0], []).append((spelling[1:], following))
    branches = []
    for first in sorted(tails):
        longer = _alternation(tuple(pair for pair in tails[first] if pair[0]))
        ends = [f"(?!{following})" if following else "" for tail, following in tails[first] if not tail]
        options = ([f"{SOFT}?(?:{longer})"] if longer else []) + ends
        branches.append(re.escape(first) + (options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"))
    return "|".join(branches)


_BRACKET: Final = re.compile(r"\(.*\)$")
_COMPOUND: Final = re.compile(r"\s?(?:/|每)\s?")


@cache
def read(written: str) -> Unit:
    """The unit that `written` (a match of `pattern`) spells."""
    spellings = _spellings()
    joined = written.replace(SOFT, "")
    bare = joined if joined in spellings else _BRACKET.sub("", joined)
    if bare in spellings:
        name, kind = spellings[bare]
        return Unit(len(written), name, kind)
    first, second = _COMPOUND.split(bare, maxsplit=1)
    name, kind = spellings[first]
    below = second.lstrip("百千万亿")
    tail = re.sub(r"[·.]?(?:月|年)$", "", below)
    plain = spellings.get(below) or spellings.get(tail)
    lower = second[: len(second) - len(below)] + (
        plain[0] + below[len(tail) :] if plain and below not in spellings else (plain or (below,))[0]
    )
    return Unit(len(written), f"{name}/{lower}", "compound" if kind != "person" else "person")
