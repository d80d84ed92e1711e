"""Points and spans of time in a sentence, as the SDMX-like periods of the statement model.

`2023` a year, `2023-Q1` a quarter, `2023-S1` a half, `2023-09` a month, `2023-01/2023-10` months, `2021/2025` years.
A period that only names the base of a comparison (比上年, 较2020年, 去年同期) is no period of the figure.
The words for years and for bases are gongbao/reference/texts/period_words.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract import numerals, vocabulary


class Period:
    """A stretch of the text that says when: `code` as in the statement model.

    `is_stock` for 截至, 末 and 底, `is_future` for 到 (by), `is_past` for 截至 (up to); `is_own` for 五年累计, which is
    said of what follows it up to the next semicolon only; `is_base` for what a figure is compared with.
    """

    def __init__(
        self,
        start: int,
        end: int,
        code: str,
        is_stock: bool = False,
        is_future: bool = False,
        is_past: bool = False,
        is_own: bool = False,
        is_base: bool = False,
    ) -> None:
        self.start: Final = start
        self.end: Final = end
        self.code: Final = code
        self.is_stock: Final = is_stock
        self.is_future: Final = is_future
        self.is_past: Final = is_past
        self.is_own: Final = is_own
        self.is_base: Final = is_base

    def of(self, code: str) -> Period:
        """The same stretch, said of another time."""
        return Period(
            self.start, self.end, code, self.is_stock, self.is_future, self.is_past, self.is_own, self.is_base
        )


_B: Final = r"[ \x1f]?"
_JOIN: Final = rf"{_B}[-—~至到]{{1,2}}{_B}"
_SIGNS: Final = r"\d截到至力“\"第前头上下元十一二两三四五六七八九"
"""The signs that a period can begin with, beside those of its words."""
_IF_DIGIT_OF_TIME: Final = r"(?:(?<!\d)|(?=\d{0,3}[ \x1f年月份季至到~—-]))"
"""After a first sign: a digit goes on as a year, a month or a count of years does. Most are digits of amounts."""
_COUNT: Final = r"(?:[二两三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九]|[1-9]\d|[2-9])"
_NOT_COUNTED: Final = r"(?<![第近几数多\d〇零一二两三四五六七八九十百])"
_YEAR: Final = (
    rf"(?:(?P<year>(?:19|20)\d{{2}}|[一二][九〇零][〇零一二三四五六七八九]{{2}}){_B}年度?"
    r"|(?<=[“\"])(?P<short>\d{2})年(?=[”\"]))"
)
_MONTHS: Final = rf"(?P<m1>\d{{1,2}}|元){_B}月?(?:份)?{_JOIN}(?P<m2>\d{{1,2}}){_B}月"
_PART: Final = (
    rf"(?P<part>(?:第?(?P<quarter>[一二三四1-4]){_B}季度)|前(?P<quarters>三|3){_B}季度|(?P<half>[上下])半年|"
    rf"(?<![提目以之此])[前头](?P<first>{_COUNT}){_B}个月|{_MONTHS}|(?P<month>\d{{1,2}}){_B}月(?:份)?)"
)
_PLAN: Final = (
    r"(?:[“\"](?=十.?五[”\"])|(?<!第)(?=十[一二三四五六]五)|(?=十五(?:时期|期间|规划)))"
    r"(?P<plan>十(?:一|二|三|四|五|六)?五)(?!五|[”\"]?规划(?![期末]))[”\"]?(?:时期|期间|以来|规划期|末|期末)?"
)
_SPAN: Final = (
    rf"(?P<span1>(?:19|20)\d{{2}}){_B}(?:年{_B}(?P<from>\d{{1,2}}){_B}月(?:份)?{_JOIN}"
    rf"(?P<span2>(?:19|20)\d{{2}}){_B}年{_B}(?P<to>\d{{1,2}}){_B}月(?:份)?"
    rf"|年?{_JOIN}(?P<span3>(?:19|20)\d{{2}}){_B}年)"
)


@cache
def _words(kind: str) -> str:
    """The words of one kind as an alternation."""
    return vocabulary.alternation(tuple(row["word"] for row in _rows() if row["kind"] == kind))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return reference.rows("texts/period_words.csv")


@cache
def _shifts() -> dict[str, int]:
    """Word for a year → how many years after the one that 今年 means."""
    return {row["word"]: int(row["shift"]) for row in _rows() if row["kind"] == "year"}


@cache
def _scan() -> re.Pattern[str]:
    years = (
        rf"(?P<years>(?:{_words('back')}){_COUNT}年(?:来|间|里)?"
        rf"|(?P<ahead>{_words('ahead')}){_COUNT}年内?|{_NOT_COUNTED}{_COUNT}年(?:[来间里]|(?P<within>内))"
        rf"|(?P<own>{_NOT_COUNTED}五年(?=累计|共)))"
    )
    relative = rf"(?P<relative>(?!(?<=[几数多两\d〇一二三四五六七八九十百])年内)(?:{_words('year')}))"
    # A part of a year may stand alone; with a year before it, it may be missing.
    part = re.sub(r"\?P<\w+>", "?:", _PART)
    said = (
        rf"(?P<until>(?:截至|截止到?|到|至|力争|截止){_B})?"
        rf"(?:{_SPAN}|{_PLAN}|{years}|(?:(?:{_YEAR}|{relative}){_B}|(?={part})){_PART}?)"
        rf"(?P<tail>年?[末底]|以来|前|同期)?"
    )
    # Begins with the signs that a period can begin with, so that a search skips to them.
    signs = _SIGNS + "".join({row["word"][0] for row in _rows() if row["kind"] in ("back", "ahead", "year")})
    return re.compile(rf"[{signs}]{_IF_DIGIT_OF_TIME}(?<=(?=(?P<said>{said}))[{signs}])")


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What reads as a period in `text[start:end]`, one after the other; the group `said` is the whole of it."""
    search = _scan().search
    while match := search(text, start, end):
        yield match
        start = match.end("said")


@cache
def _base_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{_words('base')})[ \x1f]?[“\"]?\Z")


@cache
def _record() -> re.Pattern[str]:
    """`近十年最好位次`, `6年来新低`: the years that a record is one of."""
    return re.compile(rf"[ \x1f]?的?[ \x1f]?(?:{_words('record')})")


_BASE_AFTER: Final = re.compile(r"[ \x1f]?(?:同期|年?增加|年?提高|相比|末?相比|的?[\d.]+[ \x1f]?倍|=|不变价|价格)")
_OF_PLAN: Final = re.compile(r"[ \x1f]?(?:预算|任务|目标|计划|预期)(?:的|数|\d)")
_MENTION: Final = re.compile(r"[年月季期五底末内来度]")
_UP_TO: Final = ("截至", "截止", "截止到")


def find(text: str, start: int, end: int, year: int | None, spoken: int | None = None) -> list[Period]:
    """The periods in `text[start:end]`; `year` is the year that 今年, 全年 and a bare month mean there.

    `spoken` is the year in which the text speaks, from which 去年 counts; `year` where it is not given.
    """
    return [period for period in mentions(text, start, end, year, spoken) if not period.is_base]


def mentions(text: str, start: int, end: int, year: int | None, spoken: int | None = None) -> list[Period]:
    """The periods in `text[start:end]` and, marked as such, the bases of its comparisons; `year`, `spoken` as above."""
    if not _MENTION.search(text, start, end):
        return []
    found: list[Period] = []
    for match in _matches(text, start, end):
        code = _code(match, year, spoken or year)
        if code is None:
            continue
        is_base = _is_base(text, start, match)
        found.append(
            Period(
                match.start(), match.end("said"),
                _same_months(code, found) if match["tail"] == "同期" else code,
                is_stock=match["until"] in _UP_TO or (match["tail"] or "")[-1:] in ("末", "底"),
                is_past=match["until"] in _UP_TO,
                is_own=bool(match["own"]),
                is_future=bool(match["until"] and match["until"].strip() in ("到", "力争")),
                is_base=is_base,
            )
        )  # fmt: skip
    return found


def _same_months(year: str, earlier: list[Period]) -> str:
    """`1—8月…比上年同期`: the same months of the other year as the period named last, the year where none was."""
    last = next((period.code for period in reversed(earlier) if not period.is_base), "")
    return re.sub(r"\d{4}(?=-)", year, last) if "-" in last and len(year) == 4 else year


def _is_base(text: str, start: int, match: re.Match[str]) -> bool:
    if match["tail"] == "同期" or match["relative"] == "上年":
        return True
    before = text[max(start, match.start() - 5) : match.start()]
    if match["until"] and match["until"].strip() in _UP_TO:
        return False
    if _base_before().search(before) and not before.endswith(("对比为", "比为")):
        return True
    if match["relative"] in ("全年", "本年度", "当年") and _OF_PLAN.match(text, match.end("said")):
        return True
    if match["years"] and _record().match(text, match.end("said")):
        return True
    return bool(_BASE_AFTER.match(text, match.end("said")))


def _number(written: str) -> int:
    value = numerals.chinese(written) if not written.isdigit() else numerals.arabic(written)
    return int(value) if value is not None else 0


def _code(match: re.Match[str], year: int | None, spoken: int | None) -> str | None:
    if match["span1"]:
        return _span(match)
    if match["plan"]:
        return _plan(match, year)
    if match["years"]:
        return _years(match, year)
    if match["year"]:
        base: int | None = _number(match["year"])
    elif match["short"]:
        base = 2000 + int(match["short"])
    else:
        shift = _shifts().get(match["relative"] or "", 0)
        anchor = spoken if shift < 0 else year
        base = anchor + shift if anchor is not None else None
    if base is None or not 1949 <= base <= 2100:
        return None
    if match["tail"] == "以来" and match["year"] and not match["part"] and year is not None and base < year:
        return f"{base}/{year}"
    return _part(match, base)


def _span(match: re.Match[str]) -> str | None:
    first, last = match["span1"], match["span2"] or match["span3"]
    if not match["from"]:
        return f"{first}/{last}" if first < last else None
    months = [int(match["from"]), int(match["to"])]
    return f"{first}-{months[0]:02d}/{last}-{months[1]:02d}" if first < last and _are_months(*months) else None


def _plan(match: re.Match[str], year: int | None) -> str:
    """The years of a five-year plan: the tenth (十五) began in 2001, the fourteenth (十四五) in 2021.

    以来 reaches up to `year`, where that is one of them.
    """
    beyond_tenth = numerals.DIGITS[match["plan"][1]] if len(match["plan"]) == 3 else 0
    first = 2001 + beyond_tenth * 5
    at_end = match["said"].endswith("末") or (match["tail"] or "")[-1:] in ("末", "底")
    if match["said"].endswith("以来") and year is not None and first < year < first + 4:
        return f"{first}/{year}"
    return str(first + 4) if at_end else f"{first}/{first + 4}"


def _years(match: re.Match[str], year: int | None) -> str | None:
    """So many years up to `year` or from it on, that year being one of them."""
    count = re.search(_COUNT, match["years"])
    if year is None or count is None:
        return None
    length = _number(count.group())
    is_ahead = match["ahead"] or match["within"]
    return f"{year}/{year + length - 1}" if is_ahead else f"{year - length + 1}/{year}"


def _are_months(*numbers: int) -> bool:
    return all(1 <= number <= 12 for number in numbers)


def _part(match: re.Match[str], year: int) -> str | None:
    at_end = (match["tail"] or "")[-1:] in ("末", "底") or (match["until"] or "").strip() in _UP_TO
    if match["quarter"]:
        quarter = "一二三四".find(match["quarter"]) + 1 or int(match["quarter"])
        return f"{year}-{quarter * 3:02d}" if at_end else f"{year}-Q{quarter}"
    if match["quarters"]:
        return f"{year}-01/{year}-09"
    if match["half"]:
        return f"{year}-S1" if match["half"] == "上" else f"{year}-S2"
    if match["first"]:
        last = _number(match["first"])
        return f"{year}-01/{year}-{last:02d}" if _are_months(last) else None
    if match["m2"]:
        first, last = 1 if match["m1"] == "元" else int(match["m1"]), int(match["m2"])
        return f"{year}-{first:02d}/{year}-{last:02d}" if _are_months(first, last) else None
    if match["month"]:
        return f"{year}-{int(match['month']):02d}" if _are_months(int(match["month"])) else None
    return str(year)
