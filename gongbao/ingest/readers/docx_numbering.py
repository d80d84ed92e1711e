"""The numbers that Word writes before paragraphs and does not store: 一、 （一） 1. are counted here as it counts them.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (formats). Bullets are no numbers and give nothing; a format
that is not known here counts in Arabic numerals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from gongbao.ingest.readers.docx_elements import Element, attribute, child, is_on, local

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_PLACE = re.compile(r"%([1-9])")
_HIGHEST = 9_999
"""What counts further is damage: it is printed in Arabic numerals."""


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """`12` → 十二, `105` → 一百〇五; with other digits and units 壹拾贰."""
    if not 0 < number <= _HIGHEST:
        return digits[0] if number == 0 else str(number)
    found, skipped = "", False
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        if digit:
            found += (digits[0] if skipped and found else "") + digits[digit] + (units[power - 1] if power else "")
        skipped = digit == 0
    return found.removeprefix("一") if 10 <= number < 20 and digits is _DIGITS else found


def _roman(number: int) -> str:
    if not 0 < number <= _HIGHEST:
        return str(number)
    found = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        found += letters * count
    return found


def _letter(number: int) -> str:
    """`1` → A, `27` → AA, `28` → BB: Word repeats the letter."""
    return chr(ord("A") + (number - 1) % 26) * min(20, 1 + (number - 1) // 26) if number > 0 else str(number)


def _run(first: str, last: int) -> Callable[[int], str]:
    """Characters that follow one another from `first` for the numbers from 1 to `last`."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= last else str(number)


def _circled(number: int) -> str:
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if 36 <= number <= 50 else _run("①", 20)(number)


def _each_digit(digits: str) -> Callable[[int], str]:
    return lambda number: "".join(digits[int(digit)] for digit in str(number))


def _of_series(series: str) -> Callable[[int], str]:
    return lambda number: series[number - 1] if 1 <= number <= len(series) else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _each_digit("０１２３４５６７８９"),
    "decimalFullWidth2": _each_digit("０１２３４５６７８９"),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _run("⑴", 20),
    "decimalEnclosedFullstop": _run("⒈", 20),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "koreanCounting": chinese,
    "koreanDigital2": chinese,
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "japaneseLegal": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographDigital": _each_digit(_DIGITS),
    "japaneseDigitalTenThousand": _each_digit(_DIGITS),
    "taiwaneseDigital": _each_digit(_DIGITS),
    "ideographEnclosedCircle": _run("㊀", 10),
    "ideographTraditional": _of_series(_STEMS),
    "ideographZodiac": _of_series(_BRANCHES),
}
_NO_NUMBER = ("bullet", "none")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, its format, its pattern (`%1.%2`), what stands after the label."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted; `label` must be asked in the order of the paragraphs."""

    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level that a list gives to a paragraph style; 0 where it names none."""
        levels = self.levels.get(list_id, {})
        return next((depth for depth, level in levels.items() if style and level.style == style), 0)

    def label(self, list_id: str, depth: int) -> str:
        """The label of the next paragraph of a list, with the blank that keeps it off the text; "" for a bullet."""
        levels = self.levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._count(list_id, depth, levels)
        if level.format in _NO_NUMBER and not _PLACE.search(level.pattern):
            return ""

        def printed(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            shown = levels.get(at, Level())
            number = counts.get(at, shown.start)
            if shown.format in _NO_NUMBER:
                return ""
            return str(number) if level.legal else _FORMATS.get(shown.format, str)(number)

        label = _PLACE.sub(printed, level.pattern).strip()
        # 1. before 2024年 would read 1.2024, whatever the suffix says.
        joins = label[-1:] in set(".．0123456789")
        return label + " " if joins or (label[-1:].isalnum() and level.suffix != "nothing") else label

    def _count(self, list_id: str, depth: int, levels: Mapping[int, Level]) -> dict[int, int]:
        # Lists made from the same definition go on counting; one that states its own start begins anew, once.
        counts = self._counts.setdefault(self.lists.get(list_id, list_id), {})
        if list_id not in self._started:
            self._started.add(list_id)
            for at, start in self.overrides.get(list_id, {}).items():
                counts[at] = start - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            # `restart` names the level, from 1, whose next paragraph restarts this one; 0 never.
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        return counts


def read_numbering(root: Element | None, styles: Mapping[str, str]) -> Numbering:
    """The lists of the numbering part; `styles` gives the list of each numbering style (w:styleLink)."""
    if root is None:
        return Numbering()
    abstract = {attribute(each, "abstractNumId"): each for each in root if local(each) == "abstractNum"}
    levels, lists, overrides = {}, {}, {}
    nums = [each for each in root if local(each) == "num"]
    bases = {attribute(num, "numId"): attribute(child(num, "abstractNumId"), "val") for num in nums}
    for num in nums:
        list_id = attribute(num, "numId")
        base = bases[list_id]
        linked = attribute(child(abstract.get(base), "numStyleLink"), "val")
        if linked:
            base = bases.get(styles.get(linked, ""), base)
        found = dict(_levels(abstract.get(base, ())))
        starts = {}
        for override in (each for each in num if local(each) == "lvlOverride"):
            depth = _integer(attribute(override, "ilvl"), 0)
            found.update(_levels(override))
            if (start := child(override, "startOverride")) is not None:
                starts[depth] = _integer(attribute(start, "val"), 1)
        levels[list_id], lists[list_id], overrides[list_id] = found, base, starts
    return Numbering(levels, lists, overrides)


def _levels(elements: Iterable[Element]) -> Iterable[tuple[int, Level]]:
    for each in elements:
        if local(each) == "lvl":
            restart = attribute(child(each, "lvlRestart"), "val")
            yield (
                _integer(attribute(each, "ilvl"), 0),
                Level(
                    start=_integer(attribute(child(each, "start"), "val"), 1),
                    format=attribute(child(each, "numFmt"), "val", "decimal"),
                    pattern=attribute(child(each, "lvlText"), "val"),
                    suffix=attribute(child(each, "suff"), "val", "tab"),
                    legal=is_on(child(each, "isLgl")),
                    restart=_integer(restart, 0) if restart else None,
                    style=attribute(child(each, "pStyle"), "val"),
                ),
            )


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default
