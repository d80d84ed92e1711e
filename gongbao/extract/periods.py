"""Points and spans of time in a sentence, as the SDMX-like periods of the statement model.

`2023` a year, `2023-Q1` a quarter, `2023-S1` a half, `2023-09` a month, `2023-01/2023-10` months, `2021/2025` years.
A period that only names the base of a comparison (比上年, 较2020年, 去年同期) is no period of the figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongbao.extract import numerals


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the text that says when: `code` as in the statement model.

    `is_stock` for 截至, 末 and 底, `is_future` for 到 (by), `is_past` for 截至 (up to); `is_own` for 五年累计, which is
    said of what follows it up to the next semicolon only.
    """

    start: int
    end: int
    code: str
    is_stock: bool = False
    is_future: bool = False
    is_past: bool = False
    is_own: bool = False


_B = r"[ \x1f]?"
_YEAR = rf"(?P<year>(?:19|20)\d{{2}}|[一二][九〇零][〇零一二三四五六七八九]{{2}}){_B}年度?"
_MONTHS = rf"(?P<m1>\d{{1,2}}|元){_B}月?(?:份)?{_B}[-—~至到]{{1,2}}{_B}(?P<m2>\d{{1,2}}){_B}月"
_PART = (
    rf"(?P<part>(?:第?(?P<quarter>[一二三四1-4]){_B}季度)|前(?P<quarters>三|3){_B}季度|(?P<half>[上下])半年|"
    rf"{_MONTHS}|(?P<month>\d{{1,2}}){_B}月(?:份)?)"
)
_RELATIVE = r"(?P<relative>今年|本年度?|当年|全年|年内|去年|上年|前年|明年|来年|年末|年底|目前|当前)"
_PLAN = (
    r"(?:[“\"](?=十.?五[”\"])|(?<!第)(?=十[一二三四五六]五)|(?=十五(?:时期|期间|规划)))"
    r"(?P<plan>十(?:一|二|三|四|五|六)?五)[”\"]?(?:时期|期间|以来|规划期|末|期末)?"
)
_SPAN = rf"(?P<span1>(?:19|20)\d{{2}}){_B}年?{_B}[-—~至到]{{1,2}}{_B}(?P<span2>(?:19|20)\d{{2}}){_B}年"
_YEARS = r"(?P<years>过去五年|五年来|五年间|过去的五年|未来五年|今后五年|近三年|三年来|(?<![十第近\d])五年(?=累计|共))"
_SCAN = re.compile(
    rf"(?P<until>(?:截至|截止到?|到|至|力争|截止){_B})?"
    rf"(?:{_SPAN}|{_PLAN}|{_YEARS}|(?:{_YEAR}|{_RELATIVE}|(?=[前上下第一二三四元\d])){_B}{_PART}?)"
    rf"(?P<tail>年?[末底]|以来|前|同期)?"
)
_HEADS = ("span1", "plan", "years", "year", "relative", "part")
_BASE_BEFORE = re.compile(
    r"(?:[比较同与和]|相比|高于|低于|为|是|由|从|占|快于|超过|按|以|对比|相较于?|较之|不变价格?)[ \x1f]?\Z"
)
_BASE_AFTER = re.compile(r"[ \x1f]?(?:同期|年?增加|年?提高|相比|末?相比|的?[\d.]+[ \x1f]?倍|=|不变价|价格)")
_OF_PLAN = re.compile(r"[ \x1f]?(?:预算|任务|目标|计划|预期)(?:的|数|\d)")
_MENTION = re.compile(r"[年月季期五底末内来度]")


def find(text: str, start: int, end: int, year: int | None, spoken: int | None = None) -> list[Period]:
    """The periods in `text[start:end]`; `year` is the year that 今年, 全年 and a bare month mean there.

    `spoken` is the year in which the text speaks, from which 去年 counts; `year` where it is not given.
    """
    if not _MENTION.search(text, start, end):
        return []
    found = []
    for match in _SCAN.finditer(text, start, end):
        code = _code(match, year, spoken or year) if any(match[group] for group in _HEADS) else None
        if code is None or _is_base(text, start, match):
            continue
        found.append(
            Period(
                match.start(), match.end(), code,
                is_stock=match["until"] in ("截至", "截止", "截止到") or (match["tail"] or "")[-1:] in ("末", "底"),
                is_past=match["until"] in ("截至", "截止", "截止到"),
                is_own=match["years"] == "五年",
                is_future=bool(match["until"] and match["until"].strip() in ("到", "力争")),
            )
        )  # fmt: skip
    return found


def _is_base(text: str, start: int, match: re.Match[str]) -> bool:
    if match["tail"] == "同期" or match["relative"] in ("上年",):
        return True
    before = text[max(start, match.start() - 4) : match.start()]
    if match["until"] and match["until"].strip() in ("截至", "截止", "截止到"):
        return False
    if _BASE_BEFORE.search(before) and not before.endswith(("对比为", "比为")):
        return True
    if match["relative"] in ("全年", "本年度", "当年") and _OF_PLAN.match(text, match.end()):
        return True
    return bool(_BASE_AFTER.match(text, match.end()))


def _number(written: str) -> int:
    value = numerals.chinese(written) if not written.isdigit() else numerals.arabic(written)
    return int(value) if value is not None else 0


def _code(match: re.Match[str], year: int | None, spoken: int | None) -> str | None:
    if match["span1"]:
        first, last = int(match["span1"]), int(match["span2"])
        return f"{first}/{last}" if first < last else None
    if match["plan"]:
        ordinal = {"十五": 10, "十一五": 11, "十二五": 12, "十三五": 13, "十四五": 14, "十五五": 15, "十六五": 16}[
            match["plan"]
        ]
        first = 2001 + (ordinal - 10) * 5
        at_end = (match.group().endswith("末")) or (match["tail"] or "")[-1:] in ("末", "底")
        return str(first + 4) if at_end else f"{first}/{first + 4}"
    if match["years"]:
        return _years(match["years"], year)
    if match["year"]:
        base: int | None = _number(match["year"])
    else:
        shift = {"去年": -1, "上年": -1, "前年": -2, "明年": 1, "来年": 1}.get(match["relative"] or "", 0)
        anchor = spoken if shift < 0 else year
        base = anchor + shift if anchor is not None else None
    if base is None or not 1949 <= base <= 2100:
        return None
    return _part(match, base)


def _years(written: str, year: int | None) -> str | None:
    if year is None:
        return None
    if written in ("未来五年", "今后五年"):
        return f"{year}/{year + 4}"
    length = 3 if "三" in written else 5
    return f"{year - length + 1}/{year}"


def _part(match: re.Match[str], year: int) -> str:
    at_end = (match["tail"] or "")[-1:] in ("末", "底") or (match["until"] or "").strip() in ("截至", "截止")
    if match["quarter"]:
        quarter = "一二三四".find(match["quarter"]) + 1 or int(match["quarter"])
        return f"{year}-{quarter * 3:02d}" if at_end else f"{year}-Q{quarter}"
    if match["quarters"]:
        return f"{year}-01/{year}-09"
    if match["half"]:
        return f"{year}-S1" if match["half"] == "上" else f"{year}-S2"
    if match["m2"]:
        first = 1 if match["m1"] == "元" else int(match["m1"])
        return f"{year}-{first:02d}/{year}-{int(match['m2']):02d}"
    if match["month"]:
        return f"{year}-{int(match['month']):02d}"
    return str(year)
