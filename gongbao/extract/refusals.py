"""Numerals that are no statement, and why: dates, ordinals, names, slogans, furniture.

What can be told from the signs around a numeral is data: gongbao/reference/texts/refusals.csv, whose `side` is `at`
(the pattern begins at the numeral) or `before` (the pattern ends where the numeral begins). `beside` lists the signs
that can stand next to it (after its digits, or before it, blanks aside) where the pattern matches: a number between
two common signs is asked hardly anything. The few questions that need the numeral's reading (an age class, a threshold
that names a class) are asked here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract import vocabulary
from gongbao.extract.amount import Amount

WINDOW: Final = 14
"""How many code points before a numeral can make it a name, a date or an ordinal."""


@cache
def _before(sign: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    return _beside("before", sign)


@cache
def _at(sign: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    return _beside("at", sign)


def _beside(side: str, sign: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The patterns of a side that can match beside a sign (all where it is none), as one, and their reasons."""
    return _joined(
        tuple(
            (row["pattern"], row["reason"])
            for row in reference.rows("texts/refusals.csv")
            if row["side"] == side and (not sign or not row["beside"] or re.match(f"[{row['beside']}]", sign))
        )
    )


@cache
def _joined(rows: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    joined = "|".join(f"(?P<p{index}>{pattern})" for index, (pattern, _) in enumerate(rows))
    return re.compile(joined.replace(" ?", r"[ \x1f]?")), tuple(reason for _, reason in rows)


_DIGITS: Final = re.compile(r"\d+[ \x1f]?")
_ORDINAL: Final = re.compile(r"第[ \x1f]?\Z")
_CLOCK_BEFORE: Final = re.compile(r"(?:\d|日|时间|午)[ \x1f:]*\Z")
_RANK_AFTER: Final = re.compile(
    r"[ \x1f]?[位名]?(?:[ \x1f]?(?:[，。;、)”!]|\Z|\n|的|[升降提前后跃上进下][^，。;]{0,3}[到至]))"
)
_AGE_CLASS: Final = re.compile(r"[ \x1f]?(?:\(含|及?以[上下]|[老儿人少青妇居])")
_AGE_NOUN: Final = re.compile(r"(?:寿命|年龄)[^，。;]{0,6}\Z")
_BARE_YEAR: Final = re.compile(r"(?:19|20)\d{2}\Z")
_LIST_NUMBER: Final = re.compile(r"(?:^|[\n。;:]|\s\s)[ \x1f]*\(?\Z")
_LIST_MARK: Final = re.compile(r"[ \x1f]?(?:[.、．](?!\d)|\))")
_LAST_PLACES: Final = re.compile(r"(?:全[国省市县区州]|退出|摆脱|倒数|排名)[^，。;\d]{0,4}后\Z")
"""`退出全省后10位`: how far from the end; 先后10位, 博士后10名 count."""
_PAGE: Final = re.compile(r"[ \x1f]*[—-]")


def of(text: str, amount: Amount) -> str | None:
    """The reason why this numeral is no statement, as far as its surroundings tell; null where they do not."""
    before = text[max(0, amount.start - WINDOW) : amount.start]
    if amount.value is None and not amount.ratio:
        return "unreadable" if not amount.chinese else "vague"
    if amount.chinese:
        return _chinese(text, amount, before)
    sign_before = before.rstrip(" \x1f")[-1:]
    if sign_before == "第" and _ORDINAL.search(before):
        return None if _RANK_AFTER.match(text, amount.number_end) else "ordinal"
    if amount.ratio and not _CLOCK_BEFORE.search(before):
        return None
    by_signs = _by_signs(text, amount, before, sign_before)
    if by_signs:
        return by_signs
    if not amount.unit:
        if _LIST_MARK.match(text, amount.number_end) and _LIST_NUMBER.search(before):
            return "list_number"
        if sign_before in ("—", "-") and _PAGE.match(text, amount.number_end):
            return "furniture"
        if before.endswith("(") and text[amount.end : amount.end + 1] == ")":
            return "footnote"
    last = before[-1:]
    if last == "每":
        return "class"
    if (
        last == "前"
        and (amount.unit_kind in ("count", "ratio") or amount.spelled in ("名", "位"))
        and not before.endswith(("之前", "目前", "提前", "以前"))
    ):
        return "ordinal"
    if amount.spelled in ("名", "位") and _LAST_PLACES.search(before):
        return "ordinal"
    return _by_unit(text, amount, before)


def _by_signs(text: str, amount: Amount, before: str, sign_before: str) -> str | None:
    digits = _DIGITS.match(text, amount.start)
    if digits:
        after = digits.end()
        pattern, reasons = _at(text[after : after + 1])
        match = pattern.match(text, amount.start)
        if match and match.lastgroup:
            return reasons[int(match.lastgroup[1:])]
    pattern, reasons = _before(sign_before)
    match = pattern.search(before)
    return reasons[int(match.lastgroup[1:])] if match and match.lastgroup else None


@cache
def _duration_noun() -> re.Pattern[str]:
    return re.compile(rf"{vocabulary.any_of('duration_noun')}[^，。;]{{0,4}}\Z")


_UNITS_OF_TIME: Final = frozenset(("岁", "周岁", "年", "周年", "季度", "周", "个月", "日", "月"))


def _by_unit(text: str, amount: Amount, before: str) -> str | None:
    if amount.unit and amount.unit not in _UNITS_OF_TIME:
        return None
    if amount.unit in ("岁", "周岁"):
        is_class = _AGE_CLASS.match(text, amount.end) or amount.value_high is not None
        return "class" if is_class and not _AGE_NOUN.search(before) else None
    if amount.unit == "个月" and before.endswith("连续"):
        return None
    if amount.unit in ("年", "周年", "季度", "周", "个月"):
        written = text[amount.start : amount.number_end]
        if _BARE_YEAR.match(written):
            return "date"
        return None if _duration_noun().search(before) else "duration"
    if amount.unit in ("日", "月"):
        return "date"
    if not amount.unit and not amount.magnitude and _BARE_YEAR.match(text[amount.start : amount.number_end]):
        return "date"
    return None


_RANK_CONTEXT: Final = re.compile(
    r"(?:全[国省市县区州盟旗疆]|[省市县区州]|列|居|排|位|名次|升至|进位|保持|三省|、|在|获)[^，。;]{0,8}第[ \x1f]?\Z"
)
_QUOTED: Final = re.compile(r"[“‘《\"][^”’》]{0,10}\Z")
_DEFINED: Final = re.compile(r"[^，。;\d]{1,8}(?:[:”\"]|指的?是)")
_ORDINAL_CHINESE: Final = re.compile(r"(?:第|[每逐同统专单唯另之某某哪任进进某这那]|独|划|分|同|十)\Z")


@cache
def _counted_name() -> re.Pattern[str]:
    return re.compile(vocabulary.any_of("classifier"))


@cache
def _counted_before() -> re.Pattern[str]:
    return re.compile(vocabulary.any_of("counted_before") + r"\Z")


def _counts_what_stands_before(text: str, amount: Amount) -> bool:
    """`招引项目十四个；`: a count that ends its clause after the noun it counts."""
    following = text[amount.end : amount.end + 1]
    return following in "，。;、\n" and bool(_counted_before().search(text[max(0, amount.start - 4) : amount.start]))


@cache
def _saying() -> re.Pattern[str]:
    return re.compile(vocabulary.any_of("saying") + r"|百倍(?:[。，;!]|的)|千人[一-鿿]{0,4}(?:托位|床位|医师|护士)")


@cache
def _attained() -> re.Pattern[str]:
    return re.compile(rf"{vocabulary.any_of('attained')}|能级(?!企)|[，。;、)\n的]")


@cache
def _concrete() -> re.Pattern[str]:
    return re.compile(rf"[^，。;、]{{0,12}}?{vocabulary.any_of('concrete_noun')}")


_BARE_MAGNITUDE: Final = re.compile(r"[十百千万亿]{1,2}\Z")
_DIGIT_NAME: Final = re.compile(r"[一二三四五六七八九]{2,}\Z")


def _is_chinese_name(text: str, amount: Amount) -> bool:
    """`三元电池`, `七一二所`: numerals that are part of a name."""
    written = text[amount.start : amount.number_end]
    if amount.unit == "元" and len(written) == 1 and written not in "十百千万亿" and not amount.magnitude:
        return True
    return bool(_DIGIT_NAME.match(written)) and amount.value_high is None


def _is_chinese_class(text: str, amount: Amount) -> bool:
    """`百亿元项目`, `千亩示范方`: a bare magnitude directly before the noun that it sorts."""
    written = text[amount.start : amount.number_end] + amount.magnitude
    sorts = amount.unit_kind in ("money", "land", "floor", "mass") and bool(_BARE_MAGNITUDE.match(written))
    return sorts and not amount.vague and not _attained().match(text, amount.end) and amount.end < len(text)


def _chinese(text: str, amount: Amount, before: str) -> str | None:
    """Chinese numerals are quantities far more seldom than Arabic ones: what is short and everyday is refused."""
    if amount.unit_kind == "rank":
        return None if _RANK_CONTEXT.search(before) else "ordinal"
    if before.endswith("第"):
        return "ordinal"
    if text[amount.start : amount.number_end] in ("万", "亿") and not before.endswith(("破", "上")):
        # 万吨 alone in its line or cell is the unit of a table's row or column.
        is_cell = not before[-1:].strip() and not text[amount.end : amount.end + 1].strip()
        return "table_furniture" if is_cell else "class"
    if before.endswith("每") or (amount.unit in ("人", "户") and text.startswith("拥有", amount.end)):
        return "class"
    if before.endswith(("数", "几")) and text[amount.start] in "十百千万":
        return "vague"
    if _saying().match(text, amount.start):
        return "slogan"
    if _is_chinese_name(text, amount):
        return "name"
    if _is_chinese_class(text, amount):
        return "class"
    if _QUOTED.search(before) and re.match(r"[^“‘《]{0,14}[”’》\"]", text[amount.end : amount.end + 15]):
        return "slogan"
    if amount.unit_kind in ("ratio", "tenth", "money", "land", "floor", "mass", "length"):
        return (
            None
            if amount.unit not in ("米", "里", "担", "克", "斤", "平方米", "分", "公顷") or (amount.value or 0) > 10
            else "name"
        )
    if amount.unit in ("年", "月", "日", "周", "季度", "周年", "个月"):
        return "duration"
    if amount.value == 1:
        return None if amount.unit == "批" else "article"
    is_short = amount.unit in ("个", "项") and not amount.vague and (amount.value or 0) < 20
    is_of_things = amount.unit == "个" and (
        _concrete().match(text, amount.end) or _counts_what_stands_before(text, amount)
    )
    if is_short and (_DEFINED.match(text, amount.end) or not is_of_things):
        return "slogan"
    if _ORDINAL_CHINESE.search(before) or not _counted_name().match(text, amount.number_end + len(amount.vague)):
        return "name"
    return None
