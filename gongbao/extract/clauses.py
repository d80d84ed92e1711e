"""A sentence as its numbers see it: what leads up to each number and what follows it, brackets and blanks left out.

Offsets of the text and places in the clean reading are kept apart: `Sentence.at` turns the first into the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gongbao.extract import comparators
from gongbao.extract.amount import Amount

# In 执业(助理)医师 and 小(一)型水库 the brackets are part of the name.
# Begins with the signs that can open a bracketed stretch, so that a search skips to them.
_BRACKETS: Final = re.compile(
    r"[(\[—-](?:(?<=\()(?!助理\)|[一二]\)型)[^()\n]{0,200}\)|(?<=\[)[^\[\]\n]{1,4}\]"
    r"|(?<=[—-])[ \x1f]{0,3}\d(?:[ \x1f]?\d){0,2}[ \x1f]{0,3}[—-](?=[ \x1f\n]))"
)
_LEFT_OUT: Final = re.compile(r"[\x00\x1f ]+")
_ONLY_JOIN: Final = re.compile(r"(?:[、，])?(?:和|及|与|以及|、|;)?(?:约|近|超过?|达到?|不低于|不少于|突破|逾|-)?第?\Z")
_JOIN_SIGNS: Final = frozenset("、，和及与以;约近超达不突逾-第")
"""The signs that a join can begin with."""
_CLAUSE_SIGN: Final = re.compile(r"[，;:]")


class Sentence:
    """`text[start:end]` of the folded text; `clean` is its reading, `places[i]` the place of `start + i` there.

    `bounds` (of a number, by its offset) and `lasts` (of the numbers side by side, by their order) are read once.
    """

    def __init__(
        self,
        text: str,
        start: int,
        end: int,
        clean: str,
        places: Sequence[int],
        masked: str,
        own_names: tuple[str, ...],
    ) -> None:
        self.text: Final = text
        self.start: Final = start
        self.end: Final = end
        self.clean: Final = clean
        self.places: Final = places
        self.masked: Final = masked
        self.own_names: Final = own_names
        self.bounds: Final[dict[int, comparators.Bound]] = {}
        self.lasts: Final[dict[int, int]] = {}

    def bound(self, amount: Amount) -> comparators.Bound:
        """The bound of a number, read once."""
        found = self.bounds.get(amount.start)
        if found is None:
            found = self.bounds[amount.start] = comparators.read(self.text, amount)
        return found

    def at(self, position: int) -> int:
        """The place in `clean` of an offset of the text."""
        offset = position - self.start
        if 0 <= offset < len(self.places):
            return self.places[offset]
        return self.places[0 if offset < 0 else -1]

    def is_bracketed(self, amount: Amount) -> bool:
        """Whether a number stands in brackets."""
        return self.masked[amount.start - self.start] == "\x00"


def sentence(text: str, start: int, end: int, own_names: tuple[str, ...]) -> Sentence:
    """The sentence `text[start:end]`, bracketed stretches left out of its reading."""
    masked = text[start:end]
    # Most sentences have no such sign, and need not be searched for more.
    if "(" in masked or "[" in masked or "—" in masked or "-" in masked:
        masked = _BRACKETS.sub(lambda match: "\x00" * len(match.group()), masked)
    clean = masked
    if " " in masked or "\x1f" in masked or "\x00" in masked:
        clean = _LEFT_OUT.sub("", masked)
    places = range(len(clean) + 1) if len(clean) == len(masked) else _places(masked)
    return Sentence(text, start, end, clean, places, masked, own_names)


def _places(masked: str) -> Sequence[int]:
    """For each sign, and for the end, how many signs of the clean reading stand before it."""
    places: list[int] = []
    kept = read = 0
    for left_out in _LEFT_OUT.finditer(masked):
        places.extend(range(kept, kept + left_out.start() - read))
        kept += left_out.start() - read
        read = left_out.end()
        places.extend([kept] * (read - left_out.start()))
    places.extend(range(kept, kept + len(masked) - read + 1))
    return places


def bracket_of(outer: Sentence, amount: Amount) -> tuple[int, int]:
    """The stretch inside the brackets that hold a number, as offsets of the text."""
    offset = amount.start - outer.start
    opened = offset
    while opened > 0 and outer.masked[opened - 1] == "\x00":
        opened -= 1
    closed = offset
    while closed < len(outer.masked) and outer.masked[closed] == "\x00":
        closed += 1
    return outer.start + opened + 1, outer.start + closed - 1


def last_clause(stretch: str) -> str:
    """What follows the last comma, semicolon or colon."""
    sign = max(stretch.rfind("，"), stretch.rfind(";"))
    return stretch[max(sign, stretch.rfind(":")) + 1 :]


def earlier_clauses(stretch: str) -> list[str]:
    """The clauses before the last one, nearest first."""
    return _CLAUSE_SIGN.split(stretch)[-2::-1]


def group(outer: Sentence, numbers: list[Amount], index: int) -> list[int]:
    """The run of numbers of one kind that only list signs separate, beginning at `index`."""
    run = [index]
    for following in range(index + 1, len(numbers)):
        previous, number = numbers[following - 1], numbers[following]
        if number.unit_kind != previous.unit_kind or number.ratio or outer.is_bracketed(number):
            break
        gap = outer.clean[outer.at(outer.bound(previous).end) : outer.at(number.start)]
        if gap[:1] not in _JOIN_SIGNS or not _ONLY_JOIN.fullmatch(gap):
            break
        run.append(following)
    return run


def right(outer: Sentence, end: int, numbers: list[Amount], index: int) -> str:
    """What follows number `index` (ending at `end` of the text) up to the next number outside brackets."""
    for following in range(index + 1, len(numbers)):
        if not outer.is_bracketed(numbers[following]):
            return outer.clean[outer.at(end) : outer.at(numbers[following].start)]
    return outer.clean[outer.at(end) : outer.at(outer.end)]


def beyond(outer: Sentence, numbers: list[Amount], index: int) -> tuple[str, int]:
    """What follows the last of numbers that stand side by side (`96户177人贫困人口`), and its place in `clean`."""
    last = _last_beside(outer, numbers, index)
    end = outer.bound(numbers[last]).end
    return right(outer, end, numbers, last), outer.at(end)


def _last_beside(outer: Sentence, numbers: list[Amount], index: int) -> int:
    # Numbers of one run end at the same place: noted for all of them, a long run is walked through once.
    passed = []
    while index + 1 < len(numbers) and index not in outer.lasts:
        end = outer.bound(numbers[index]).end
        if outer.clean[outer.at(end) : outer.at(numbers[index + 1].start)].strip("、和"):
            break
        passed.append(index)
        index += 1
    last = outer.lasts.get(index, index)
    outer.lasts.update(dict.fromkeys(passed, last))
    return last
