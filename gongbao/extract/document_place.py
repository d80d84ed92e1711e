"""Whose bulletin it is: the place that a text names as its author, and the places it names above it.

Only names that the national list knows (present, former and usual short forms) are candidates. Each gains weight where
the text puts it in an author's position (texts/place_cues.csv), in a title, at the level that the text calls its own
(全镇, 全县, 全市: texts/own_level.csv), and by how often it is named. A text that names no author but says 全市 is
given the city that it speaks of most.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract import vocabulary
from gongbao.reference.gazetteer import SUFFIXES, gazetteer, level, word_names

ENOUGH: Final = 4
"""The least weight that makes a candidate the author."""

_LONGEST: Final = 14
_TITLE_WEIGHTS: Final = (6, 3, 3)
_LEVEL_WEIGHT: Final = 4
_MAY_BE_CITY: Final = frozenset({"province", "prefecture", "county"})
_END: Final = re.compile("|".join(sorted(SUFFIXES, key=len, reverse=True)))
_HAN: Final = re.compile(r"[一-鿿]+")
_OFFICES: Final = ("人民政府", "政府工作", "人民代表大会", "第", "国民经济", "财政预算", "财政决算")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The place as named, the places above it (outermost first), and the words that say so."""

    name: str | None
    parents: tuple[str, ...] = ()
    quote: str = ""


class _Mention:
    """A name of the list at `[start, end)`; `inner` where another name goes on from its end (惠民县姜楼镇)."""

    def __init__(self, name: str, start: int, end: int, inner: str | None = None) -> None:
        self.name: Final = name
        self.start: Final = start
        self.end: Final = end
        self.inner: Final = inner

    def before(self, name: str) -> _Mention:
        """The same with another name that goes on from its end."""
        return _Mention(self.name, self.start, self.end, name)


def read(title: str | None, head: str, folded: str) -> NamedPlace:
    """The author of a text: `head` is the beginning that counts as title and masthead, both are folded."""
    own = own_levels(folded)
    titled = _titled(title, head)
    weights: Counter[str] = Counter(titled)
    quotes = {name: name for name in titled}
    masthead = _joined(head)
    for mention in _mentions(masthead):
        found = _cue_weight(masthead, mention) if mention.inner is None else 0
        if found:
            weights[mention.name] += found
            quotes.setdefault(mention.name, masthead[max(0, mention.start - 4) : mention.end + 8].strip())
    counted = _counted(folded)
    for name in weights:
        weights[name] += min(3, counted[name].bit_length() - 1) if counted[name] else 0
        weights[name] += _LEVEL_WEIGHT if own and _is_of(name, own[0]) else 0
        weights[name] -= _LEVEL_WEIGHT if own and not any(_is_of(name, kind) for kind in own) else 0
    for name in titled:
        # A county's own bulletin has no town in its title; a town's often opens with its county.
        above = max((weights[outer] for outer in parents(name, masthead) if outer in weights), default=0)
        if above and _is_of(name, "township"):
            weights[name] = max(weights[name], above + 1)
    best = max(weights.items(), key=lambda item: (item[1], counted[item[0]], item[0]), default=("", 0))
    if best[1] >= ENOUGH:
        return NamedPlace(best[0], parents(best[0], folded[: len(head) * 3]), quotes.get(best[0], best[0]))
    spoken_of = _most_spoken_of(folded, own)
    return NamedPlace(spoken_of, _above(spoken_of, counted), spoken_of) if spoken_of else NamedPlace(None)


def own_levels(folded: str) -> tuple[str, ...]:
    """The levels that the text calls its own, likeliest first.

    全镇 goes before 全县, for a town speaks of its county too, and 全州 before 全省 (首批, 第一). Who reports
    on behalf of a government says its level outright; else 全 (all of) and 我 (our) stand before it.
    """
    stated = _stated().search(folded)
    if stated:
        return (_stated_levels()[stated["level"]],)
    counts = {kind: len(pattern.findall(folded)) for kind, pattern in _own_words()}
    most = max(counts.values(), default=0)
    ranked = sorted((kind for kind, count in counts.items() if count), key=lambda kind: -counts[kind])
    for lower in ("prefecture", "township"):  # the lowest first, at last
        if counts.get(lower, 0) >= max(2, most * 0.2):
            ranked.remove(lower)
            ranked.insert(0, lower)
    return tuple(kind for kind in ranked if kind == "township" or counts[kind] * 3 >= most)


_DATE_LINE: Final = re.compile(
    r"\s*(?:[一-鿿]{2,6}:)?\s*(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)\s*"
)
"""`刊发日期:2024-04-26` above the text is no line of it."""
_LIST_SIGNS = ("、", "和", "及", "与")
"""What stands between the names of a list: a text is of none of them."""


def _titled(title: str | None, head: str) -> dict[str, int]:
    """Names in the title and in the first lines, with the weight of the best line they stand in."""
    lines = [line for line in head.split("\n") if line.strip() and not _DATE_LINE.fullmatch(line)][:3]
    found: dict[str, int] = {}
    for line, weight in zip([title or "", *lines], (_TITLE_WEIGHTS[0], *_TITLE_WEIGHTS), strict=False):
        text = _joined(line[:80])
        for mention in _mentions(text):
            is_listed = text.startswith(_LIST_SIGNS, mention.end) or text.endswith(_LIST_SIGNS, 0, mention.start)
            if mention.inner is None and not is_listed:
                found[mention.name] = max(found.get(mention.name, 0), weight)
    return found


def parents(place: str, text: str) -> tuple[str, ...]:
    """The places above `place` that `text` names, outermost first, as far as the list puts it under them."""
    return _above(place, _counted(text))


def _above(place: str, counted: Counter[str]) -> tuple[str, ...]:
    own = _codes(place)
    above: dict[int, tuple[int, str]] = {}
    for name, times in sorted(counted.items()):
        for code in gazetteer().by_name.get(name, ()):
            stem = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
            if name != place and any(mine != code and mine.startswith(stem) for mine in own):
                above[len(stem)] = max(above.get(len(stem), (0, "")), (times, name))
    return tuple(above[length][1] for length in sorted(above))


@cache
def _stated_levels() -> dict[str, str]:
    return {row["word"]: row["level"] for row in reference.rows("texts/stated_levels.csv")}


@cache
def _stated() -> re.Pattern[str]:
    words = vocabulary.alternation(tuple(_stated_levels()))
    return re.compile(rf"(?:代表|受)(?P<level>{words})(?:第?[一二三四五六七八九十]{{1,3}}届)?(?:人民)?政府")


@cache
def _own_words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["level"], re.compile(row["pattern"])) for row in reference.rows("texts/own_level.csv"))


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str], int], ...]:
    return tuple(
        (row["position"], re.compile(row["pattern"]), int(row["weight"]))
        for row in reference.rows("texts/place_cues.csv")
    )


def _cue_weight(text: str, mention: _Mention) -> int:
    before, after = text[max(0, mention.start - 8) : mention.start], text[mention.end : mention.end + 24]
    found = (
        weight for position, pattern, weight in _cues() if pattern.search(before if position == "before" else after)
    )
    return max(found, default=0)


def _mentions(text: str) -> list[_Mention]:
    found: list[_Mention] = []
    lengths = _lengths()
    for match in _END.finditer(text):
        end = match.end()
        if text[end - 3 : end] not in lengths and text[end - 2 : end] not in lengths:
            continue  # 全市, 城镇: most words that end like a name
        name = _name_ending_at(text, end)
        if name is None:
            continue
        start = end - len(name)
        if found and found[-1].start >= start:
            found.pop()  # 街道 inside 街道办事处, 县 inside 自治县
        if found and found[-1].end == start:
            found[-1] = found[-1].before(name)
        found.append(_Mention(name, start, end))
    return found


def _name_ending_at(text: str, end: int) -> str | None:
    """The longest name of the list that ends at `end`; one of two characters (和县) only after what is no word."""
    if text[end : end + 1] in _no_place_after():
        return None
    lengths = _lengths()
    for length in (*lengths.get(text[max(0, end - 3) : end], ()), *lengths.get(text[max(0, end - 2) : end], ())):
        start = end - length
        name = text[start:end] if start >= 0 else ""
        if name in _names():
            before = text[start - 1] if start else "\n"
            is_cut_out = len(name) == 2 and before not in "省市州" and (name[1] == "区" or _HAN.match(before))
            return None if is_cut_out and not _is_office(text, start, end) else name
    return None


def _is_office(text: str, start: int, end: int) -> bool:
    """代表蠡县人民政府, 2019年易县政府工作报告: after these no word can run on into a name of two characters."""
    is_named = text.endswith(("代表", "受"), 0, start) or text.endswith("年", 0, start)
    return is_named and text.startswith(_OFFICES, end)


@cache
def _names() -> frozenset[str]:
    """Every name of the list, present and former, that a text can be searched for."""
    listed = gazetteer()
    return frozenset(name for name in (*listed.by_name, *listed.former) if 2 <= len(name) <= _LONGEST)


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """The last three signs of names (a name of two signs in full) to how long such names are, longest first."""
    found: dict[str, set[int]] = {}
    for name in _names():
        found.setdefault(name[-3:], set()).add(len(name))
    return {ending: tuple(sorted(lengths, reverse=True)) for ending, lengths in found.items()}


def _counted(text: str) -> Counter[str]:
    return Counter(mention.name for mention in _mentions(text))


def _codes(name: str) -> tuple[str, ...]:
    listed = gazetteer()
    former = tuple(sorted({place.code for place in listed.former.get(name, ())}))
    return listed.by_name.get(name, ()) or former


def _is_of(name: str, own: str) -> bool:
    """Whether a name can be of the level that a text calls its own; 全市 is said by cities of every level."""
    levels = {level(code) for code in _codes(name)}
    if own == "city":
        return name.endswith("市") and bool(levels & _MAY_BE_CITY)
    return own in levels


def _most_spoken_of(folded: str, own: tuple[str, ...]) -> str | None:
    """The place of the text's own level that it names most, in full or by its short name, its parts counted with it."""
    if not own or own[0] == "township":
        return None
    listed, names = gazetteer(), _short_and_full()
    named: Counter[str] = Counter()
    end = 0
    heads = _heads()
    for match in _head().finditer(folded):
        start = match.start()
        if start < end or folded[start : start + 2] not in heads:
            continue  # inside the name before it, or two signs that begin names, but none together
        cut_out = start > 0 and folded[start - 1] not in "省市州" and "一" <= folded[start - 1] <= "鿿"
        lengths = (5, 4, 3) if cut_out and folded[start + 1] in "县区旗" else (5, 4, 3, 2)
        name = next((folded[start : start + n] for n in lengths if folded[start : start + n] in names), None)
        if name is not None:
            named[name] += 1
            end = start + len(name)
    weights: Counter[str] = Counter()
    for name, times in named.items():
        for code in names[name]:
            for each in {code, *listed.ancestors(code)}:
                weights[each] += times
    fitting = [(times, code) for code, times in weights.items() if _is_of(listed.places[code].name, own[0])]
    ranked = sorted(fitting, key=lambda item: (-item[0], item[1]))
    times, second = (ranked[0][0], ranked[1][0] if len(ranked) > 1 else 0) if ranked else (0, 0)
    return listed.places[ranked[0][1]].name if times >= 3 or (times == 2 and not second) else None


@cache
def _short_and_full() -> dict[str, tuple[str, ...]]:
    """Names of counties and above, full and short, to codes; a short name that is a word (资源) names no place."""
    listed = gazetteer()
    found: dict[str, tuple[str, ...]] = {}
    for names, excluded in ((listed.by_short_name, word_names()), (listed.by_name, frozenset[str]())):
        for name, codes in names.items():
            counties = tuple(code for code in codes if len(code) == 6)
            if counties and len(name) > 1 and name not in excluded:
                found[name] = counties
    return found


@cache
def _heads() -> frozenset[str]:
    """The pairs of signs that names begin with."""
    return frozenset(name[:2] for name in _short_and_full())


@cache
def _head() -> re.Pattern[str]:
    """A first sign of names before a second sign of names: what is worth looking up."""
    firsts, seconds = ("".join(sorted({head[place] for head in _heads()})) for place in (0, 1))
    return re.compile(f"[{re.escape(firsts)}](?=[{re.escape(seconds)}])")


@cache
def _no_place_after() -> frozenset[str]:
    """市场 is no city and 区域 no district."""
    return frozenset(vocabulary.word_class("no_place_after"))


def _joined(text: str) -> str:
    """Without the blanks that separate a spaced heading's characters, and without soft line ends."""
    return re.sub(r"(?<=[一-鿿\d])[ \x1f]+(?=[一-鿿\d])", "", text)
