"""The words of a table: folded labels, numbers as cells print them, units in brackets and title rows, periods.

A folded label has plain forms for full-width ones and no space at all: `县　（市、区）` → `县(市、区)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from gongbao import reference, yaml_text
from gongbao.extract import numerals, plaintext, units

ZERO = Decimal(0)
ONE = Decimal(1)
_SPACE = re.compile(r"\s+")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# Behind the last Chinese sign: brackets, digits and signs are the label's, what begins with a letter is not.
_TRANSLATION = re.compile(r"(?:[A-Za-z#]|\([^()]*[A-Za-z])[^\u4e00-\u9fff]*[a-z]")
_NUMBER = re.compile(r"([+-]?)((?:\d{1,3}(?:,\d{3}){1,6})|\d{1,18})(\.\d{1,18})?(%?)")
_BRACKET = re.compile(r"\(((?:[^()]|\([^()]{0,20}\)){1,20})\)")
_UNIT_LINE = re.compile(r"(?:计量)?单位[::]?([^()]{1,60})")
_FOREIGN_BRACKET = re.compile(r"\([A-Za-z][^()\u4e00-\u9fff]*\)$")
_UNIT_SEPARATORS = re.compile(r"[、，,;；]")
_YEAR = r"((?:19|20)\d{2})"
_A_YEAR = re.compile(_YEAR + "年")
_SPAN = re.compile(_YEAR + r"年?[-—~至]{1,2}" + _YEAR + "年?")
_PERIOD = re.compile(
    _YEAR + r"(?:年度?|(?![\d.]))"
    r"(?:(?P<half>上半年)|(?P<three>前三季度|[1一][-—~至][3三]季度)|第?(?P<quarter>[一二三四1-4])季度|"
    r"(?P<first>\d{1,2})月?[-—~至](?P<last>\d{1,2})月份?|(?P<month>\d{1,2})月份?[末底]?)?[末底]?"
)


@dataclass(frozen=True, slots=True)
class TableUnit:
    """A unit without its magnitude, and the magnitude: `万元` is 元 times 10000. `written` is as printed."""

    name: str
    magnitude: Decimal
    written: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the catalogue knows of an indicator that a label names."""

    id: str
    name: str
    canonical_unit: str
    is_stock: bool
    additive: bool
    counts: bool


def fold(text: str) -> str:
    """A label or cell in plain forms without spaces."""
    return _SPACE.sub("", plaintext.fold(text))


def one_line(text: str) -> str:
    """A label without line ends and spaces around."""
    return "".join(text.splitlines()).strip() if "\n" in text or "\r" in text else text.strip()


def indent(label: str) -> int:
    """How far a label is set in: half-width blanks before it; a full-width one counts for two."""
    return sum(2 if c == "\u3000" else 1 for c in label[: len(label) - len(label.lstrip())])


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A label folded, without its translation: `出生率Birth Rate` → `出生率`, `人数(人)Number(person)` → `人数(人)`.

    A translation has small letters and goes on to the end; 人均GDP and R&D经费 are no translations.
    """
    folded = fold(text)
    last = 0
    for match in _CHINESE.finditer(folded):
        last = match.end()
    if not last:
        return folded
    tail = folded[last:]
    translation = _TRANSLATION.search(tail)
    return folded[:last] + (tail[: translation.start()] if translation else tail)


def number(folded: str) -> tuple[Decimal, bool] | None:
    """The value of a folded cell and whether it carries a per cent sign; null where it is no number.

    `1,234.5` and `1 234.5` (folded to `1234.5`) are numbers, `7.8S` and `1084..10` are none.
    """
    if folded.isdecimal() and folded.isascii() and len(folded) <= 18:  # most cells of a large table
        return Decimal(folded), False
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return None
    sign, whole, fraction, percent = match.groups()
    return Decimal(sign + whole.replace(",", "") + (fraction or "")), bool(percent)


def number_in_unit(folded: str) -> tuple[str, TableUnit] | None:
    """The numeral and the unit of a cell that states its own, `5,210万元`; null for all others.

    `5.2%` is a number by itself, and `2022年` says when: no duration.
    """
    match = _NUMBER.match(folded)
    if match is None or match.group(4) or _A_YEAR.fullmatch(folded):
        return None
    stated = unit(folded[match.end() :])
    return (match.group(), stated) if stated else None


@lru_cache(maxsize=20_000)
def unit(folded: str) -> TableUnit | None:
    """The unit that `万元`, `公斤/亩` or `%` spells; null for words that are no unit (含18岁)."""
    match = _unit_pattern().fullmatch(folded)
    if match is None:
        return None
    # 千克 is a unit of its own; 千公顷 is a thousand of another.
    whole = _spelt(folded)
    if whole is not None:
        return TableUnit(whole, Decimal(1), folded)
    magnitude, rest = match.groups()
    name = _spelt(rest)
    return TableUnit(name, numerals.magnitude(magnitude), folded) if name is not None and magnitude else None


def split_unit(folded: str) -> tuple[str, TableUnit | None]:
    """A label without the unit in its brackets: `收入(万元)` → `收入`, 万元. A label that is a unit is all unit."""
    whole = unit(folded.strip("()"))
    if whole is not None:
        return "", whole
    for match in _BRACKET.finditer(folded):
        found = unit(match.group(1).removeprefix("单位:").removeprefix("单位"))
        if found is not None:
            return folded[: match.start()] + folded[match.end() :], found
    return folded, None


def unit_line(folded: str) -> tuple[TableUnit, ...] | None:
    """The units of a `单位:万元、%` line, those that are known; null where the cell is no such line."""
    match = _UNIT_LINE.fullmatch(_FOREIGN_BRACKET.sub("", folded).strip("()"))
    if match is None:
        return None
    found = (unit(part) for part in _UNIT_SEPARATORS.split(match.group(1)))
    return tuple(each for each in found if each is not None)


def period(folded: str) -> str | None:
    """The one period that a title or label names, as in the statement model; null for none, a span, or several.

    `2023年` → `2023`, `2023年1-9月` → `2023-01/2023-09`, `2023年上半年` → `2023-S1`.
    """
    if _SPAN.search(folded):
        return None
    found = {_period(match) for match in _PERIOD.finditer(folded)}
    return found.pop() if len(found) == 1 else None


def years(folded: str) -> frozenset[str]:
    """The years that a title or label names."""
    return frozenset(re.findall(_YEAR, folded))


def without_period(folded: str) -> str:
    """The label without the periods in it."""
    return _PERIOD.sub("", _SPAN.sub("", folded))


def stock_period(period: str) -> str:
    """The month that closes a period, for a figure that stands at a point in time: `2023-S1` → `2023-06`."""
    year = period[:4]
    if period.endswith(("-S1", "-S2")):
        return f"{year}-{int(period[-1]) * 6:02d}"
    if "-Q" in period:
        return f"{year}-{int(period[-1]) * 3:02d}"
    return period.rpartition("/")[2] if "/" in period and "-" in period else period


@cache
def defaults() -> dict[str, Any]:
    """The words of tables that templates begin with, and by which blocks are told: sheets/defaults.yaml."""
    found: dict[str, Any] = yaml_text.read(dict(reference.texts("sheets"))["defaults.yaml"])
    return found


@cache
def catalogue() -> dict[str, Indicator]:
    """The indicators by their names and aliases."""
    found: dict[str, Indicator] = {}
    for row in reference.rows("indicators.csv"):
        entry = _entry(row)
        for alias in (row["zh_name"], *row["aliases"].split("|")):
            found.setdefault(fold(alias), entry)
    return found


@cache
def by_id() -> dict[str, Indicator]:
    """The indicators by their ids."""
    return {row["id"]: _entry(row) for row in reference.rows("indicators.csv")}


def _entry(row: dict[str, str]) -> Indicator:
    return Indicator(
        id=row["id"],
        name=row["zh_name"],
        canonical_unit=row["canonical_unit"],
        is_stock=row["kind"] == "stock",
        additive=row["additive_across_towns"] == "yes",
        counts=row["kind"] in ("stock", "flow"),
    )


def fits(written: TableUnit, indicator: Indicator) -> bool:
    """Whether a unit can be the indicator's: 元 and 元/人 both fit what is counted in money."""
    wanted = indicator.canonical_unit.split("/")[0]
    return any(canonical.split("/")[0] == wanted for canonical in _canonical().get(written.name, ()))


@cache
def _canonical() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for row in reference.rows("units.csv"):
        found.setdefault(row["spelling"], set()).add(row["canonical_unit"])
    return {spelling: tuple(sorted(units_of)) for spelling, units_of in found.items()}


@cache
def _unit_pattern() -> re.Pattern[str]:
    return re.compile(rf"([十百千万亿]{{0,2}})({units.pattern()})")


def _spelt(written: str) -> str | None:
    if re.fullmatch(units.pattern(), written) is None:
        return None
    return units.read(written).name


def _period(match: re.Match[str]) -> str:
    year = match.group(1)
    if match["half"]:
        return f"{year}-S1"
    if match["three"]:
        return f"{year}-01/{year}-09"
    if match["quarter"]:
        return f"{year}-Q{'一二三四'.find(match['quarter']) + 1 or int(match['quarter'])}"
    if match["last"]:
        first, last = int(match["first"]), int(match["last"])
        return year if (first, last) == (1, 12) else f"{year}-{first:02d}/{year}-{last:02d}"
    return f"{year}-{int(match['month']):02d}" if match["month"] else year
