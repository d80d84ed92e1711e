"""Quantities in Chinese numerals: counts before a unit (十余项), ranks (第四), shares (八成半, 百分之五, 三分之一)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from gongbao.extract import numerals, units
from gongbao.extract.amount import Amount, whole

_B: Final = r"[ \x1f]"
_DIGIT: Final = "一二两三四五六七八九壹贰叁肆柒捌玖"
_NUMBER: Final = (
    rf"(?:[{_DIGIT}十拾百佰千仟][零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]{{0,12}}"
    r"(?:[万亿][零〇一二两三四五六七八九十百千]{0,8}){0,2}(?:点[零〇一二三四五六七八九]{1,6})?)"
)
_FRACTION: Final = rf"(?:{_NUMBER}|[零〇]点[零〇一二三四五六七八九]{{1,6}})"
_NEXT_DIGITS: Final = frozenset(("一二", "两三", "二三", "三四", "三五", "四五", "五六", "六七", "七八", "八九"))


_FIRST: Final = re.compile(
    rf"[{_DIGIT}十拾百佰千仟半过第几万亿](?<![\d余多几零〇一二两三四五六七八九十百千万亿][万亿])(?<!\d[ \x1f][万亿])"
)
"""The signs that a quantity in Chinese numerals begins with: a search skips to them. Most 万 belong to Arabic ones."""


@cache
def _scan() -> re.Pattern[str]:
    return re.compile(
        rf"百分之(?P<per>{_FRACTION})|千分之(?P<mil>{_FRACTION})"
        rf"|(?P<whole>[二三四五六七八九十])分之(?P<part>[一二三四五六七八九])|(?P<half>半数|一半|过半)(?!径|年|天|决|导体)"
        rf"|第{_B}?(?P<rank>{_NUMBER})(?P<place>[位名]?)(?={_B}?(?:[，。;、)]|\n|\Z|的))"
        rf"|(?<![零〇一二两三四五六七八九十百千万亿])(?<!分之)(?![百千](?:[克米瓦伏卡焦赫]))(?P<num>{_NUMBER}|几|[万亿])(?P<vague>[余多几])?(?P<mag>[万亿]?)"
        rf"(?P<unit>{units.pattern()})"
    )


def find(text: str, arabic: list[Amount]) -> Iterator[Amount]:
    """The quantities of `text` in Chinese numerals, in order, where no number of `arabic` stands."""
    read = _scan().match
    taken, position = 0, 0
    for first in _FIRST.finditer(text):
        start = first.start()
        if start < position:
            continue
        match = read(text, start)
        if match is None:
            continue
        position = match.end()
        while taken < len(arabic) and arabic[taken].end <= start:
            taken += 1
        if taken < len(arabic) and arabic[taken].start < position:
            continue
        yield _amount(match)


def _amount(match: re.Match[str]) -> Amount:
    if match["rank"]:
        value = numerals.chinese(match["rank"])
        return Amount(match.start("rank"), match.end("place"), match.end("rank"), value, unit_kind="rank", chinese=True)
    for group, name in (("per", "%"), ("mil", "‰")):
        if match[group]:
            return _share(match, numerals.chinese(match[group]), name)
    if match["half"]:
        return _share(match, Decimal(50), "%")
    if match["whole"]:
        whole_parts, parts = numerals.chinese(match["whole"]), numerals.chinese(match["part"])
        is_part = whole_parts is not None and parts is not None and parts < whole_parts
        return _share(match, round(100 * parts / whole_parts, 2) if is_part and parts and whole_parts else None, "%")
    return _counted(match)


def _share(match: re.Match[str], value: Decimal | None, unit: str) -> Amount:
    return Amount(match.start(), match.end(), match.end(), value, None, unit, "ratio", chinese=True)


def _counted(match: re.Match[str]) -> Amount:
    unit = units.read(match["unit"])
    value, high = _worth(match["num"], match["mag"], unit.kind == "tenth")
    if value is not None and match["unit"] == "成半":
        value += 5
    return Amount(
        match.start(), match.end(), match.end("num"), value, high, unit.name, unit.kind,
        magnitude=match["mag"], vague=match["vague"] or "", chinese=True, spelled=match["unit"],
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _worth(written: str, magnitude: str, is_tenth: bool) -> tuple[Decimal | None, Decimal | None]:
    """What a numeral is worth, both ends of `三五`; a text has few of them, each many times."""
    value, high = numerals.chinese(written), None
    if written in _NEXT_DIGITS:
        value, high = numerals.chinese(written[0]), numerals.chinese(written[1])
    scale = numerals.magnitude(magnitude) * (10 if is_tenth else 1)
    if value is None:
        return None, high
    return whole(value * scale), whole(high * scale) if high is not None else None
