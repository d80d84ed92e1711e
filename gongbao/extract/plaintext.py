r"""A text folded for reading, code point by code point, so that every offset stays what it was.

Full-width letters, digits and signs become their plain forms; `℅` is a per cent sign; invisible blanks, escapes that a
damaged export left as text (`\\r\\n`, `&nbsp;`) and runs of question marks become blanks. A text in traditional
characters is read in simplified ones. A line end inside a sentence of a hard-wrapped text becomes `SOFT`, which reads
as a blank and lets a number go on.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import vocabulary
from gongbao.extract.traditional import is_traditional, simplified

SOFT: Final = "\x1f"
BLANKS: Final = " \t\x1f\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff"

_WIDE: Final = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SIGNS: Final = {
    "％": "%", "℅": "%", "﹪": "%", "．": ".", "（": "(", "）": ")", "［": "[", "］": "]", "〔": "[", "〕": "]",
    "【": "[", "】": "]", "：": ":", "∶": ":", "︰": ":", "；": ";", "／": "/", "＋": "+", "－": "-", "–": "—",
    "―": "—", "−": "-", "～": "~", "∼": "~", "〜": "~", "＞": ">", "＜": "<", "＝": "=", "！": "!", "？": "?",
    "\t": " ", "\u00a0": " ", "\u3000": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u200b": " ",
    "\ufeff": " ", "\r": " ", "﹣": "-", "﹐": "，", "︐": "，", "○": "〇",
}  # fmt: skip
_PLAIN: Final = {**_WIDE, **_SIGNS}
_FOLDED: Final = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")

# Each pattern begins with signs of its own, so that a search skips to them.
_ESCAPES: Final = re.compile(r"\\r\\n|\\n|\\r|\\t|&nbsp;|&emsp;|&ensp;|\?\?+|��*")
_ASCII_COMMA: Final = re.compile(r",(?:(?<!\d,)|(?!\s?\d{3}(?!\d)))")
_DOT_BETWEEN_DIGITS: Final = re.compile(r"[·•](?<=\d.)(?=\d)")
_CLOSED: Final = frozenset("。；;!?！？：:…")
_HEADING: Final = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、．](?!\d)|[●◆■★▲]|"
    r"[图表]\s?\d|附[件注表:]|注[:释]|各位代表)"
)
_PAGE_NUMBER: Final = re.compile(r"[—–-]+[ \x1f]*\d{1,3}[ \x1f]*[—–-]+")
_DASH: Final = "—–-"
_DASHES, _PAGE_DIGITS = re.compile(r"[—–-]{1,2}"), re.compile(r"\d{1,3}")
_GOES_ON: Final = re.compile(r"\s*(?:[，、。；;)%”》’]|方阵)")
_ASKS_FOR_RANK: Final = re.compile(r"(?:[居列]|保持|排[在名]|进[入至]|跻身|稳?居)\s*$")
_RANK_NEXT: Final = re.compile(
    r"\s*(?:全[国省市区县州]|世界|全球|[东中西]部)?(?:第[一二三四五六七八九十\d]|前[一二三四五六七八九十\d])"
)
_NUMBER_CUT: Final = re.compile(r"[\d.]\s*$")
_WHOLE_DATE: Final = re.compile(r"(?:19|20)\d\d(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}$")
"""A line that ends in a date is no number cut in two: `刊发日期:2024-04-26` before `2023年，…`."""
_CUT_AT_POINT: Final = re.compile(r"[一-鿿]\d{1,6}\.$")
_CHART_TITLE: Final = re.compile(
    r"\s*(?:[图表]\s?\d*\s*)?(?:19|20)\d\d\s?[年—-][^，。;]*(?:增长速度|构成|涨跌幅度?|比上年增长|及其比重)$"
)
_CHART_ENDS: Final = ("增长速度", "构成", "涨跌幅", "涨跌幅度", "比上年增长", "及其比重")
_UNIT_NEXT: Final = re.compile(r"\s*+(?:[\d.]++\s*+)?(?:[万亿千百]|元|吨|人[，。、次]|户|亩|公里|%|个百分点|家|个|年)")


@cache
def _cut_words() -> frozenset[str]:
    return frozenset(vocabulary.word_class("cut_word"))


@cache
def _predicate_next() -> re.Pattern[str]:
    return re.compile(rf"\s*{vocabulary.any_of('reaches')}\s*[\d约近]")


@cache
def _asks_for_number() -> re.Pattern[str]:
    return re.compile(rf"{vocabulary.any_of('asks_for_number')}\s*$")


def fold(text: str) -> str:
    """The folded text, of the same length as `text`."""
    folded = simplified(text) if is_traditional(text) else text
    # A text holds few of these signs, each many times: one pass a sign is cheaper than a look-up a character.
    for sign in set(_FOLDED.findall(folded)):
        folded = folded.replace(sign, _PLAIN[sign])
    # A look for one sign costs far less than a pattern, and most texts hold none of these.
    if "\\" in folded or "&" in folded or "??" in folded or "�" in folded:
        folded = _ESCAPES.sub(_blank, folded)
    if "·" in folded or "•" in folded:
        folded = _DOT_BETWEEN_DIGITS.sub(".", folded)
    return _soften(_ASCII_COMMA.sub("，", folded))


_HAN_YEAR: Final = re.compile(r"(?:二[〇零]|一九)[〇零一二三四五六七八九]{2}(?=[ \x1f]?年)")
_CENTURIES: Final = ("二〇", "二零", "一九")
_HAN_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")


def with_year_digits(folded: str) -> str:
    """A folded text whose years in Chinese digits (二〇二四年) stand in Arabic ones, of the same length."""
    if not any(century in folded for century in _CENTURIES):
        return folded
    return _HAN_YEAR.sub(lambda match: match.group().translate(_HAN_DIGITS), folded)


def _blank(match: re.Match[str]) -> str:
    found = match.group()
    return "\n".rjust(len(found)) if "\\n" in found else " " * len(found)


def _soften(text: str) -> str:
    """Line ends inside a sentence become `SOFT`: in a hard-wrapped text after a full line, else inside a number.

    A page number between two lines, and blank lines beside it, are stepped over.
    """
    lines = text.split("\n")
    if len(lines) < 2:
        return text
    width = _wrap_width(lines)
    ends = ["\n"] * (len(lines) - 1)
    before, page_end = 0, 0
    for index in range(1, len(lines)):
        bare = lines[index].strip(BLANKS)
        if not bare or index < page_end:
            continue
        if bare[0] in _DASH and (found := _page_number_end(lines, index)):
            page_end = found
            continue
        near = index - before == 1 or (before < page_end and index - before <= 10)
        if (near and _is_soft(lines[before], lines[index], width)) or (
            index - before == 2 and _is_cut_by_blank(lines[before], lines[index], width)
        ):
            ends[before:index] = [SOFT] * (index - before)
        before = index
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _page_number_end(lines: list[str], index: int) -> int:
    """The line after a page number that begins at `index`, in one line or cut into several (`—`, `8`, `—`), or 0."""
    bare = lines[index].strip(BLANKS)
    if _PAGE_NUMBER.fullmatch(bare):
        return index + 1
    if not _DASHES.fullmatch(bare):
        return 0
    digits = 0
    for later in range(index + 1, min(index + 6, len(lines))):
        bare = lines[later].strip(BLANKS)
        if _PAGE_DIGITS.fullmatch(bare):
            digits += len(bare)
        elif bare:
            return later + 1 if 1 <= digits <= 3 and _DASHES.fullmatch(bare) else 0
    return 0


def _is_cut_by_blank(before: str, after: str, width: int | None) -> bool:
    """Whether a blank line stands inside a sentence: at a page's end, or around a link set apart."""
    head, tail = before.rstrip(BLANKS), after.lstrip(BLANKS)
    if not head or head[-1] in _CLOSED or _HEADING.match(tail):
        return False
    return (width is not None and width * 0.9 <= len(head) <= width * 1.3) or bool(_predicate_next().match(tail))


def _wrap_width(lines: list[str]) -> int | None:
    """The width that a hard-wrapped text was wrapped at, or null where lines are paragraphs."""
    lengths = sorted(len(line.strip(BLANKS)) for line in lines if len(line.strip(BLANKS)) >= 16)
    if len(lengths) < 12:
        return None
    typical = lengths[len(lengths) * 3 // 4]
    open_ended = sum(
        1 for line in lines if (bare := line.strip(BLANKS)) and len(bare) >= 16 and bare[-1] not in _CLOSED
    )
    near = sum(1 for length in lengths if typical * 0.7 <= length <= typical * 1.15)
    return typical if typical <= 60 and open_ended >= 0.6 * len(lengths) and near >= 0.6 * len(lengths) else None


def _is_soft(before: str, after: str, width: int | None) -> bool:
    # Of two questions, the one about the short beginning of `after` comes first: `before` may be a long paragraph.
    head = before.rstrip(BLANKS)
    if not head or head[-1] in _CLOSED:
        return False
    tail = after.lstrip(BLANKS)
    if not tail or _HEADING.match(tail) or (head.endswith(_CHART_ENDS) and _CHART_TITLE.match(head)):
        return False
    if head[-1] in "，、(“《" or _GOES_ON.match(tail):
        return True
    if width is not None and len(head) >= width * (0.7 if _HEADING.match(head) else 0.62):
        return True
    if _predicate_next().match(tail) or (_RANK_NEXT.match(tail) and _ASKS_FOR_RANK.search(head)):
        return True
    if (head[-1] + tail[0]) in _cut_words() and len(head) > 4:
        return True
    if (tail[0].isdigit() or tail[0] == "-") and _asks_for_number().search(head):
        return True
    has_unit_next = _UNIT_NEXT.match(tail) is not None and _WHOLE_DATE.search(head[-10:]) is None
    if has_unit_next and _CUT_AT_POINT.search(head):
        return True
    return len(head) > 12 and (has_unit_next or head[-1] == ".") and _NUMBER_CUT.search(head) is not None
