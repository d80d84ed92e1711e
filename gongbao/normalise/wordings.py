"""Other ways in which a text says the same: what stands in the vocabulary under one wording is found under all.

改造老旧小区, 老旧小区改造 and 老旧小区改造提升 are one name; 企业 after a branch says nothing (规上工业企业增加值); a
verb that is measured in areas may leave out 面积 (粮食播种); and a bare noun (在校生) is what the sentence before it
speaks of (indicator_contexts.csv).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongbao import reference
from gongbao.normalise.vocabulary import aliases, catalogue, fold

_HEADING = re.compile(r"[—:\]]+")
_BRANCH_FIRMS = re.compile(r"(?<=业)企业(?:实现|完成)?(?=.)")
_OVER = re.compile(r"其中(?![:：,，])[^;；,，、]*[;；]")
"""What 其中 says of a part ends with its semicolon: 学校80所,其中高校2所;在校生9万人 are the pupils of all."""
_ANYWHERE = "*"
_AREA_VERBS = ("播种", "种植", "造林", "收获", "销售")
_AREAS = frozenset({"farmland_area", "floor_area", "geo_area"})


def readings(phrase: str, aspect: str | None, measure: str, dimension: str) -> Iterator[str]:
    """The folded phrase, then its other wordings, the nearest first.

    Words that the annotation guide puts into other slots come back (学位 with the aspect `new` was 新增学位, a share of
    高新技术产业产值 is 高新技术产业产值占比); then what stands behind a heading's mark. `dimension` is the unit's.
    """
    yield phrase
    if aspect == "new":
        yield from (f"新增{phrase}", f"新建{phrase}")
    if measure == "share":
        yield f"{phrase}占比"
    *before, last = _HEADING.split(phrase)
    if before and last:
        yield last
    if dimension in _AREAS and phrase.endswith(_AREA_VERBS):
        yield f"{phrase}面积"
    if _BRANCH_FIRMS.search(phrase):
        yield _BRANCH_FIRMS.sub("", phrase)
    yield from _turned(phrase)


def _turned(phrase: str) -> Iterator[str]:
    """改造提升X, X改造提升 → 改造X, X改造; 出栏牛 → 牛出栏."""
    for word, verb in _verbs():
        noun = phrase.removesuffix(word) if phrase.endswith(word) else phrase.removeprefix(word)
        if noun and noun != phrase:
            yield from (each for each in (f"{noun}{verb}", f"{verb}{noun}") if each != phrase)
            return


def in_context(phrase: str, before: str, aspect: str | None) -> str | None:
    """The full name of a bare noun, by the last of the known words in the sentence before; null where none decides.

    What was added (新建…卫生室30个) is none of the stock that the sentence counts; a flow (新开工改造老旧小区) is.
    """
    known = _contexts().get(fold(phrase))
    if known is None:
        return None
    noun, sentence = fold(phrase), fold(before)
    sentence = _OVER.sub("", sentence[: sentence.rfind(noun)] if noun in sentence else sentence)
    found = [(sentence.rfind(word) + len(word), len(word), name) for word, name in known if word in sentence]
    found += [(0, 0, name) for word, name in known if word == _ANYWHERE]
    name = max(found, default=(0, 0, ""))[2]
    return name if name and (aspect != "new" or "新增" in name or _is_flow(name)) else None


def _is_flow(name: str) -> bool:
    alias = aliases().get(fold(name))
    return alias is not None and catalogue()[alias.indicator_id].kind == "flow"


@cache
def signs_of_wordings() -> frozenset[str]:
    """The signs that a reading of a phrase may have and the phrase itself, names in context apart, has not."""
    verbs = "".join(verb for _, verb in _verbs())
    spellings = "".join(row["folded"] for row in reference.rows("indicator_spellings.csv"))
    return frozenset("新增新建占比面积" + verbs + spellings)


def names_in_context(phrase: str) -> tuple[str, ...]:
    """The full names that a bare noun may have, whatever the sentence before it says."""
    return tuple(name for _, name in _contexts().get(fold(phrase), ()) if name)


def nouns_in_context() -> frozenset[str]:
    """The bare nouns, as they are listed, of which the sentence before tells what they count."""
    rows = reference.rows("indicator_contexts.csv")
    return frozenset(noun for row in rows for noun in row["phrases"].split("|"))


@cache
def _verbs() -> tuple[tuple[str, str], ...]:
    """(spelling, verb), the longest first."""
    pairs = ((row["word"], row["verb"]) for row in reference.rows("indicator_verbs.csv"))
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


@cache
def _contexts() -> dict[str, tuple[tuple[str, str], ...]]:
    """Folded phrase → (word in the sentence before, full name; empty: it is something else there).

    The word `*` decides where no other does.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for row in reference.rows("indicator_contexts.csv"):
        for phrase in row["phrases"].split("|"):
            pairs = [(fold(word), row["stands_for"]) for word in row["words"].split("|")]
            found.setdefault(fold(phrase), []).extend(pairs)
    return {phrase: tuple(pairs) for phrase, pairs in found.items()}
