"""The sections of a bulletin: what reviews, what plans, what is glossary, what is furniture.

A heading is told by the words of gongbao/reference/texts/sections.csv, by its ordinal and by standing alone. Headings
with hardly any text between them are a table of contents and no section. A line that opens with the planned year or
with 下一步 (next) and speaks of plans begins one where no heading does (texts/plan_openers.csv, plan_cues.csv). Where a
section turns from several years to one of them, or back, `turns` divides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract import periods, turns, vocabulary
from gongbao.extract.statement import Section, SectionKind

_APART: Final = ("appendix", "furniture")
"""What stands beside the bulletin itself: told by its words alone, in a short line."""


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a frame: what is reviewed, what is planned, each a period or null."""

    reporting: str | None
    plan: str | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading `[start, end)`, its kind, and its words."""

    start: int
    end: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Patterns of headings in the order in which they are asked, each with its kind, and all of them as one."""

    each: tuple[tuple[re.Pattern[str], str], ...]
    any_of: re.Pattern[str]


def _kinds(is_apart: bool) -> _Kinds:
    rows = [row for row in reference.rows("texts/sections.csv") if (row["kind"] in _APART) == is_apart]
    return _Kinds(
        tuple((re.compile(row["pattern"]), row["kind"]) for row in rows),
        re.compile("|".join(f"(?:{row['pattern']})" for row in rows)),
    )


@cache
def _apart() -> _Kinds:
    return _kinds(is_apart=True)


@cache
def _parts() -> _Kinds:
    return _kinds(is_apart=False)


@cache
def _inline() -> re.Pattern[str]:
    return re.compile(
        r"(?P<words>(?P<ordinal>[一二三四五六]、)(?<=[\n 。\x1f]..)[^\n，。; ]{2,30}?"
        rf"{vocabulary.any_of('heading_end')})(?=[ \n。\x1f])"
    )


@cache
def _plan_list() -> re.Pattern[str]:
    return re.compile(rf"^[^，。]{{0,12}}{vocabulary.any_of('plan_noun')}[^，。\d]{{0,12}}[:是为]")


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(vocabulary.any_of("closing"))


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(rf"20\d\d[ \x1f]?年|{vocabulary.any_of('heading_alone')}")


@cache
def _reviews() -> re.Pattern[str]:
    return re.compile(rf"[^\n]{{0,24}}{vocabulary.any_of('review_heading')}")


@cache
def _plans() -> re.Pattern[str]:
    return re.compile(rf"[^\n]{{0,24}}(?:20\d\d[ \x1f]?年|{vocabulary.any_of('plan_heading')})")


_ORDINAL: Final = r"(?:第?[一二三四五六七八九十]{1,3}(?:[、.．]|部分[:、 ]?)|\([一二三四五六七八九十]{1,2}\))"
_LINE: Final = re.compile(
    rf"[\n\x1f][ \x1f]*+(?=[^\n，。;\x1f]*+(?:[\n。\x1f]|\Z))"
    rf"(?P<words>(?P<ordinal>{_ORDINAL})?[^\n，。;]{{2,44}}?)[ \x1f]*(?=\n|\Z|。|\x1f)"
)
"""A line, found by the line end before it; one that a comma or semicolon ends is given up at once."""
_SENTENCE_START: Final = re.compile(
    r"(?:^|[\n。!?])[ \x1f]*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]\)|[●■◆—]+)?[ ]*"
)
_CUE_WITHIN: Final = 100
_GLOSSARY_LINE: Final = re.compile(r"\n[ ]*(?:\[\d{1,2}\]|[①②③]|\d{1,2}[.、．])[^\n。，]{2,24}[:：]")


_SENTENCE: Final = re.compile(
    r"^[一二三四五六七八九十]是|(?:年|期间|阶段)是|是[^，。;]{4,}年$|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d+(?:\.\d+)?[%百千万亿元个项家]"
)
"""What is said of a year (2024年是…的关键一年) and what holds an amount is no heading."""


_SERIES: Final = re.compile(r"20\d\d[ \x1f]?年?[ \x1f]?[-—~至]{1,2}[ \x1f]?20\d\d")
"""`2021—2025年财政收支情况`, alone in its line, is a table's caption."""


def kind_of(words: str, has_ordinal: bool) -> str | None:
    """The kind that a heading's words give it."""
    if not has_ordinal and len(words) > 26:
        return None
    apart = _first_kind(_apart(), words)
    if apart is not None:
        return apart if len(words) <= 16 else None
    if not has_ordinal and (not _alone().search(words) or _SERIES.match(words)):
        return None
    found = _first_kind(_parts(), words)
    if found is None or _SENTENCE.search(words):
        return None
    return "review" if "回顾" in words else found


def _first_kind(kinds: _Kinds, words: str) -> str | None:
    # Most lines are no heading: one search over all patterns says so.
    if not kinds.any_of.search(words):
        return None
    return next(kind for pattern, kind in kinds.each if pattern.search(words))


def headings(text: str) -> list[Heading]:
    """The headings that begin a section, without those of a table of contents."""
    found: dict[int, Heading] = {}
    after_line_end = "\n" + text
    for pattern in (_LINE, _inline()):
        for match in pattern.finditer(after_line_end):
            words, ordinal = match["words"].strip(), match["ordinal"] or ""
            if ordinal.startswith("(") or (not ordinal and after_line_end[match.start()] == "\x1f"):
                continue
            kind = kind_of(words.removeprefix(ordinal), bool(ordinal))
            if kind:
                start, end = match.start("words") - 1, match.end("words") - 1
                found.setdefault(start, Heading(start, end, kind, words))
    listed = [found[start] for start in sorted(found)]
    kept = []
    for index, heading in enumerate(listed):
        following = listed[index + 1].start if index + 1 < len(listed) else len(text)
        is_entry = len(text[heading.end : following].strip()) < 30 and index + 1 < len(listed)
        if not is_entry or heading.kind in _APART:
            kept.append(heading)
    return kept


def find(text: str, years: Years, body: int) -> tuple[Section, ...]:
    """The sections of `text` from `body` on (what stands before it is preamble), covering it without gaps."""
    marks: list[tuple[int, str, str | None]] = [(body, "review", years.reporting)]
    closing = [match.end() for match in _closing().finditer(text)]
    end_of_body = closing[-1] if closing and closing[-1] > len(text) * 0.3 else None
    for heading in _settled(headings(text), years):
        if heading.start < body and heading.kind != "furniture":
            continue
        if heading.kind in _APART and heading.start < len(text) * 0.4:
            continue
        if end_of_body is not None and heading.start > end_of_body and heading.kind in ("review", "plan"):
            continue
        kind = _by_year(heading, years)
        period = _period(replace(heading, kind=kind), years)
        if kind == marks[-1][1] == "review" and marks[-1][2] and not _DATED.search(heading.words):
            period = marks[-1][2]
        is_over = kind == "plan" and _is_over(period, years)
        marks.append((heading.start, "review" if is_over else kind, period))
    first_heading = min((start for start, kind, _ in marks if kind == "plan"), default=len(text))
    if years.plan:
        earliest = _after_review(text, marks[1:], body, first_heading)
        opened = list(_plan_lines(text, earliest, first_heading, years.plan))
        if opened and first_heading == len(text):
            # A page may print its text twice: each review is followed by a plan of its own.
            again = [start for start, kind, _ in marks if kind == "review" and start > opened[0][0]]
            opened.extend(mark for start in again[:1] for mark in _plan_lines(text, start, len(text), years.plan))
        marks.extend(opened)
    if end_of_body is not None:
        marks.extend(_tail(text, end_of_body))
    covering = _cover(text, body, sorted(marks, key=lambda mark: mark[0]))
    return tuple(part for section in covering for part in turns.split(text, section, years.reporting, years.plan))


_SECOND: Final = re.compile(r"\n[ \x1f]*二、")


def _after_review(text: str, marks: list[tuple[int, str, str | None]], body: int, plan: int) -> int:
    """Where a line may first turn to plans: between a heading of the review and one of the plan, at a heading only."""
    reviews = [start for start, kind, _ in marks if kind == "review" and start < plan and _reviews().match(text, start)]
    if not reviews or plan == len(text) or not _plans().match(text, plan):
        return body
    second = _SECOND.search(text, reviews[0], plan)
    return second.start() if second else plan


def _plan_lines(text: str, body: int, until: int, plan: str) -> Iterator[tuple[int, str, str | None]]:
    """The first place, before the first heading of a plan, where a line or a sentence turns to what shall be done."""
    any_opener = _any_plan_opener(plan)
    for match in _SENTENCE_START.finditer(text, body, until):
        if match.end() >= until:
            return
        if not any_opener.match(text, match.end()):
            continue  # most sentences do not open like a plan
        at_line = match.group()[:1] not in ("。", "!", "?")
        signs = "\n" if at_line else "\n。"
        ends = [end for sign in signs if (end := text.find(sign, match.end())) >= 0]
        words = text[match.end() : min(ends, default=len(text))]
        if any(opener.reads(words, at_line) for opener in _plan_openers(plan)):
            yield match.end(), "plan", plan
            return


@dataclass(frozen=True, slots=True)
class _Opener:
    """How a sentence may turn to plans: where it stands, what it opens with, and which cue it needs."""

    at_line: bool
    pattern: re.Pattern[str]
    cue: re.Pattern[str] | None

    def reads(self, words: str, at_line: bool) -> bool:
        """Whether a line (or, inside one, a sentence) of these words turns to plans."""
        return (
            (at_line or not self.at_line)
            and self.pattern.match(words) is not None
            and (self.cue is None or self.cue.search(words[:_CUE_WITHIN]) is not None)
        )


@cache
def _plan_openers(plan: str) -> tuple[_Opener, ...]:
    cues = {"words": _plan_cue(), "list": _plan_list(), "none": None}
    return tuple(
        _Opener(row["at"] == "line", re.compile(row["pattern"].replace("YEAR", plan[:4])), cues[row["cue"]])
        for row in reference.rows("texts/plan_openers.csv")
    )


@cache
def _any_plan_opener(plan: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{opener.pattern.pattern})" for opener in _plan_openers(plan)))


@cache
def _plan_cue() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(row["word"]) for row in reference.rows("texts/plan_cues.csv")))


def _settled(found: list[Heading], years: Years) -> list[Heading]:
    """`重点工作` (main work) is what shall be done, unless a later heading is the first to name the planned year."""
    planned = [
        index for index, heading in enumerate(found)
        if heading.kind == "plan" and years.plan and years.plan[:4] in heading.words
    ]  # fmt: skip
    return [
        replace(heading, kind="review" if planned and index < planned[0] else "plan")
        if heading.kind == "work"
        else heading
        for index, heading in enumerate(found)
    ]


def _by_year(heading: Heading, years: Years) -> str:
    """`二、2020年工作` plans where 2020 is the planned year, whatever its words."""
    named = re.findall(r"20\d\d(?=[ \x1f]?年)", heading.words)
    if not named or not years.plan or years.plan == years.reporting:
        return heading.kind
    if heading.kind == "plan" and all(year < years.plan[:4] for year in named):
        return "review"
    if heading.kind == "review":
        return "plan" if "回顾" not in heading.words and all(year >= years.plan[:4] for year in named) else "review"
    return heading.kind


_DATED: Final = re.compile(r"\d|年|十[一二三四五六]?五")
"""A heading of a review without any of them goes on with the years of the one before."""


def _is_over(period: str | None, years: Years) -> bool:
    """`“十四五”时期发展成就和“十五五”时期主要目标`: what names past years first reviews them first."""
    return bool(period and years.reporting and "/" in period and period[-4:] <= years.reporting[:4])


def _tail(text: str, end_of_body: int) -> list[tuple[int, str, str | None]]:
    glossary = _GLOSSARY_LINE.search(text, end_of_body)
    return [(glossary.start(), "appendix", None)] if glossary else []


def _period(heading: Heading, years: Years) -> str | None:
    if heading.kind in _APART:
        return None
    default = years.plan if heading.kind == "plan" else years.reporting
    anchor = int(years.plan[:4]) if years.plan else int(default[:4]) + 1 if default else None
    if (
        re.search(r"(?:过去|五年来|前)的?五年|五年(?:来)?(?:的)?(?:工作|政府工作)", heading.words)
        and heading.kind == "review"
    ):
        return f"{anchor - 5}/{anchor - 1}" if anchor else default
    if re.search(r"(?:今后|未来)五年", heading.words) and not re.search(r"20\d\d", heading.words):
        return f"{anchor}/{anchor + 4}" if anchor else default
    named = periods.find(heading.words, 0, len(heading.words), anchor)
    single = [period.code for period in named if len(period.code) == 4]
    if single:
        return single[-1] if heading.kind == "review" else single[0]
    return named[0].code if named else default


def _cover(text: str, body: int, marks: list[tuple[int, str, str | None]]) -> tuple[Section, ...]:
    sections: list[Section] = []
    if body > 0:
        sections.append(Section(0, body, "preamble", None))
    for index, (start, kind, period) in enumerate(marks):
        end = marks[index + 1][0] if index + 1 < len(marks) else len(text)
        if end > start:
            sections.append(Section(start, end, _checked(kind), period))
    return tuple(sections)


def _checked(kind: str) -> SectionKind:
    kinds: dict[str, SectionKind] = {
        "review": "review",
        "plan": "plan",
        "appendix": "appendix",
        "furniture": "furniture",
    }
    return kinds[kind]
