"""Numerals in a folded text with unit, magnitude, vagueness and range: where they stand and what they are worth.

Nothing here asks what a number means; that is the business of the sentence. Patterns are bounded: a scan is linear in
the length of the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final

from gongbao.extract import chinese_amounts, numerals, units, vocabulary
from gongbao.extract.amount import Amount, whole

_B: Final = r"[ \x1f]"
_DIGITS: Final = r"\d{1,40}(?:\x1f\d{1,40})?"
_GROUPED: Final = rf"\d{{1,3}}(?:(?:[,，]{_B}?\d{{3}}){{1,6}}|(?:{_B}\d{{3}}){{1,4}})(?![\d])"
_NUMBER: Final = rf"(?:{_GROUPED}|{_DIGITS})(?:{_B}?\.{_B}?\d{{1,20}})?"
_VAGUE: Final = r"[余多几]"
_JOIN: Final = r"(?:[-~—–至到]|——|--|~~)"
_BEFORE_RANGE: Final = frozenset("( \x1f-~—–至到")
"""What the second number of a range can only follow: most numbers are no range, and this says so."""
_RUN_OF_DIGITS: Final = re.compile(r"\d+")
_BLANK: Final = re.compile(_B)
_BRACKET_IN: Final = r"(?:\((?:不?含|含本数)\))"


@cache
def _scan() -> re.Pattern[str]:
    unit = units.pattern()
    tail = (
        rf"{_B}{{0,2}}(?:(?P<vague>{_VAGUE})?{_B}?(?P<unit>{unit})"
        rf"|(?P<vague3>{_VAGUE})?(?P<mag>[百千万亿]{{1,2}}?|万{_B}亿){_B}?(?P<vague2>{_VAGUE})?{_B}{{0,2}}(?P<unit2>{unit})|(?P<vague4>[余多]?)(?P<mag2>[百千万亿]{{1,2}}))?"
    )
    return re.compile(rf"(?P<sign>(?<![\d%A-Za-z])[-])?(?P<num>{_NUMBER}){tail}")


_PART: Final = r"\d{1,3}(?:\.\d{1,3})?"
_RATIO: Final = re.compile(rf"{_PART}{_B}?(?::{_B}?{_PART}{_B}?){{2,4}}(?![\d:.])")
_COLON_WITHIN: Final = 9
"""The first colon of a ratio stands no further from its first digit."""


@cache
def _range_tail() -> re.Pattern[str]:
    return re.compile(
        rf"{_BRACKET_IN}?{_B}?{_JOIN}{_B}?(?P<num>{_NUMBER}){_B}{{0,2}}"
        rf"(?:(?P<unit>{units.pattern()})|(?P<mag>[百千万亿]{{1,2}}?){_VAGUE}?{_B}?(?P<unit2>{units.pattern()})"
        r"|(?P<mag2>[百千万亿]{1,2}))"
    )


def find(text: str) -> list[Amount]:
    """All numerals of `text` in order: every run of digits, and Chinese numerals before a unit."""
    found = list(_arabic(text))
    found.extend(chinese_amounts.find(text, found))
    found.sort(key=lambda amount: amount.start)
    return _shared_units(text, found)


def _arabic(text: str) -> Iterator[Amount]:
    read = _scan().match
    position, length = 0, len(text)
    for digits in _RUN_OF_DIGITS.finditer(text):
        run_end = digits.end()
        # Most runs belong to one amount; one with too many decimals is cut into several.
        while position < run_end:
            start = max(position, digits.start())
            is_after_dash = start > position and text[start - 1] == "-"
            match = read(text, start - 1) if is_after_dash else None
            if match is None and text.find(":", start, start + _COLON_WITHIN) >= 0:
                ratio = _RATIO.match(text, start)
                if ratio is not None:
                    yield _ratio(text, ratio)
                    position = ratio.end()
                    continue
            match = match or read(text, start)
            if match is None:
                return
            amount = _amount(match)
            if amount.unit is None:
                amount = _over_page(text, _with_one(text, _with_classifier(text, _joined(text, amount))))
            if amount.value is None:
                end = match.end("num")
                while end < length and text[end].isdigit():
                    end += 1
                amount = amount.changed(end=max(end, amount.end))
            elif text[amount.end : amount.end + 1] in _BEFORE_RANGE:
                amount = _with_range(text, amount)
            yield amount
            position = amount.end


def _ratio(text: str, match: re.Match[str]) -> Amount:
    parts = tuple(
        (part.start(), part.end(), Decimal(part.group()))
        for part in re.compile(_PART).finditer(text, match.start(), match.end())
    )
    end = parts[-1][1]
    return Amount(match.start(), end, end, parts[0][2], ratio=parts)


def _amount(match: re.Match[str]) -> Amount:
    sign, number, vague, unit1, vague3, mag, vague2, unit2, vague4, mag2 = match.groups()
    value = numerals.arabic(number)
    number_end = match.end("num")
    magnitude = mag or mag2 or ""
    if len(magnitude) > 1:
        magnitude = _BLANK.sub("", magnitude)
    spelled = unit1 or unit2 or ""
    unit = units.read(spelled) if spelled else None
    if value is not None:
        value = -value if sign else value
        if magnitude:
            value = whole(value * numerals.magnitude(magnitude))
        if unit and unit.kind == "tenth":
            value *= 10
    return Amount(
        start=match.start(),
        end=match.end() if spelled or mag2 else number_end,
        number_end=number_end,
        value=value,
        unit=unit.name if unit else None,
        unit_kind=unit.kind if unit else None,
        magnitude=magnitude,
        vague=vague or vague2 or vague3 or vague4 or "",
        bare_magnitude=bool(magnitude) and unit is None,
        spelled=spelled,
    )


@cache
def _broken() -> re.Pattern[str]:
    return re.compile(
        rf"\d{{1,3}}(?:\.\d{{1,4}})?(?: \d{{1,3}}(?:\.\d{{1,4}})?){{1,3}} ?"
        rf"(?P<mag>[百千万亿]{{0,2}}?)(?P<unit>{units.pattern()})"
    )


_AFTER_WORD: Final = re.compile(r"[一-鿿] ?\Z")


def _joined(text: str, amount: Amount) -> Amount:
    """`36.5 9亿元` between words: blanks inside a number that has one unit, where columns would have words or signs."""
    if amount.magnitude or amount.vague or text[amount.end : amount.end + 1] != " ":
        return amount
    match = _broken().match(text, amount.start)
    if match is None or _AFTER_WORD.search(text, max(0, amount.start - 2), amount.start) is None:
        return amount
    unit, number_end = units.read(match["unit"]), match.start("mag")
    value = numerals.arabic(text[amount.start : number_end].replace(" ", ""))
    if value is None or unit.kind == "time" or text[amount.start : number_end].count(".") > 1:
        return amount
    value = whole(value * numerals.magnitude(match["mag"])) if match["mag"] else value
    return amount.changed(
        end=match.end(), number_end=len(text[:number_end].rstrip()), value=value, unit=unit.name,
        unit_kind=unit.kind, magnitude=match["mag"], spelled=match["unit"],
    )  # fmt: skip


@cache
def _unit_over_page() -> re.Pattern[str]:
    return re.compile(
        rf"\x1f{{1,3}}[ \x1f]{{0,3}}[—-][ \x1f]{{0,3}}\d{{1,3}}[ \x1f]{{0,3}}[—-][ \x1f]{{0,3}}\x1f{{1,3}}"
        rf"(?P<mag>[百千万亿]{{0,2}}?)(?P<unit>{units.pattern()})"
    )


def _over_page(text: str, amount: Amount) -> Amount:
    """A number whose unit stands on the next page, a page number between them."""
    if amount.unit or amount.magnitude or amount.value is None or not text.startswith("\x1f", amount.end):
        return amount
    match = _unit_over_page().match(text, amount.end)
    if match is None:
        return amount
    unit = units.read(match["unit"])
    value = whole(amount.value * numerals.magnitude(match["mag"])) if match["mag"] else amount.value
    return amount.changed(
        end=match.end(), value=value, unit=unit.name, unit_kind=unit.kind, magnitude=match["mag"],
        spelled=match["unit"],
    )  # fmt: skip


_TO_ONE: Final = re.compile(rf"{_B}?:{_B}?1(?![\d.:])")


def _with_one(text: str, amount: Amount) -> Amount:
    """`1.84:1`, a ratio to one, is worth 1.84."""
    match = None if amount.unit or amount.magnitude else _TO_ONE.match(text, amount.end)
    return amount.changed(end=match.end(), number_end=match.end()) if match else amount


_CLASSIFIER: Final = re.compile(r"(?P<unit>[一-鿿])(?=[，。;、)])")


@cache
def _no_classifier() -> frozenset[str]:
    return frozenset(vocabulary.word_class("no_classifier"))


def _with_classifier(text: str, amount: Amount) -> Amount:
    """A classifier that the vocabulary lacks: one sign between a number and a sentence sign (`6500万棒，`)."""
    if amount.unit or amount.vague:
        return amount
    match = _CLASSIFIER.match(text, amount.end)
    if match is None or match["unit"] in _no_classifier():
        return amount
    return amount.changed(end=match.end(), unit=match["unit"], unit_kind="count", bare_magnitude=False)


def _is_page_number(text: str, amount: Amount, following: int) -> bool:
    """`— 3 —` on a line of its own between a word and its number."""
    is_dashed = text[max(0, amount.start - 4) : amount.start].rstrip(" \x1f").endswith(("—", "-"))
    return is_dashed and "\x1f" in text[amount.end : following]


_FROM: Final = re.compile(r"(?:[从由]|自(?=[\d上去]))[^，。;]{0,12}\Z")


def _with_range(text: str, amount: Amount) -> Amount:
    """`2—3万元` and `5%—6%` as one amount with both ends; `从15人到20人` stays two."""
    match = _range_tail().match(text, amount.end)
    if match is None or amount.value is None or _is_page_number(text, amount, match.start("num")):
        return amount
    group = "unit" if match["unit"] else "unit2"
    if amount.unit and not match[group]:
        return amount
    joined_by_word = text[amount.end : match.start("num")].strip()[-1:] in ("至", "到")
    if joined_by_word and _FROM.search(text, max(0, amount.start - 14), amount.start):
        return amount
    high = numerals.arabic(match["num"])
    if high is None:
        return amount
    unit = units.read(match[group]) if match[group] else None
    if amount.unit and unit and amount.unit != unit.name:
        return amount
    written = match["mag"] or match["mag2"] or ""
    own = amount.magnitude or ("" if amount.unit else written)
    low = amount.value if amount.magnitude else amount.value * numerals.magnitude(own)
    high *= numerals.magnitude(written or ("" if amount.unit else amount.magnitude))
    if high <= low or low < 0:
        return amount
    end = max(match.end(group), match.end("mag2"))
    return Amount(
        start=amount.start,
        end=end,
        number_end=amount.number_end,
        value=low,
        value_high=high,
        unit=unit.name if unit else None,
        unit_kind=unit.kind if unit else None,
        magnitude=written or amount.magnitude,
        vague=amount.vague,
        bare_magnitude=unit is None,
        spelled=amount.spelled,
    )


_LISTED: Final = re.compile(rf"{_B}?[、和]{_B}?\Z")


def _shared_units(text: str, found: list[Amount]) -> list[Amount]:
    """`0.2、5.5个百分点`: a bare number in a list takes the unit of the one that follows it."""
    for index in range(len(found) - 2, -1, -1):
        amount, following = found[index], found[index + 1]
        is_points = amount.unit == "个" and following.unit == "百分点"  # 高7个和5个百分点
        if (amount.unit and not is_points) or amount.magnitude or amount.ratio or amount.value is None:
            continue
        if following.unit and not following.chinese and _LISTED.match(text[amount.end : following.start]):
            value = amount.value * numerals.magnitude(following.magnitude)
            found[index] = amount.changed(
                value=value, unit=following.unit, unit_kind=following.unit_kind, magnitude=following.magnitude
            )
    return found
