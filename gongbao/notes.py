"""An extraction as an analyst notes it: what the document says was, what it says shall be, what was no figure.

A growth, a rank or a fulfilled share stands beside the level that it belongs to. A value stands as written, with the
word that bounds it and the sign of that bound (`≥ 超30亿元`). Numbers that were refused come last, by reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gongbao import reference
from gongbao.extract import comparators
from gongbao.extract.statement import Extraction, Section, Statement

_BOUNDS = {"min": "≥ ", "max": "≤ ", "approx": "≈ "}
_BESIDE = frozenset(("growth", "change", "rank", "completion", "share"))
_SAID = {"completion": "完成", "share": "占", "index": "指数"}
_SECTIONS = {"review": "回顾 review", "plan": "安排 plan", "appendix": "附录 appendix"}
_ASPECTS = {"new": "新增", "cumulative": "累计"}
COLUMNS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("位置 at", {"style": "dim", "no_wrap": True, "justify": "right"}),
    ("指标 indicator", {"overflow": "fold", "ratio": 5}),
    ("数值 value", {"no_wrap": True}),
    ("同句 also", {"overflow": "fold", "ratio": 3}),
    ("时期 period", {"style": "cyan", "no_wrap": True}),
    ("措辞 word", {"style": "magenta", "no_wrap": True}),
)
_CUE = 8
"""How many signs before a number a bounding word may begin."""
_MOST_REFUSED = 12
"""How many different numbers of one reason are named."""
_LONGEST_REFUSED = 20
WIDEST = 120
"""Columns: on a wider terminal the eye would lose the line."""


@dataclass(slots=True)
class Row:
    """One line of the notes: a statement, and what else the sentence says of the same thing."""

    statement: Statement
    beside: list[Statement] = field(default_factory=list)


def rows(statements: Sequence[Statement]) -> list[Row]:
    """The statements in reading order, each growth, rank or share beside the level of its sentence that it is of."""
    found: list[Row] = []
    for statement in statements:
        level = _level_of(statement, found) if statement.measure in _BESIDE else None
        if level is None:
            found.append(Row(statement))
        else:
            level.beside.append(statement)
    return found


def _level_of(statement: Statement, earlier: Sequence[Row]) -> Row | None:
    """The nearest row before it in the same sentence or line of cells about the same thing at the same time."""
    for row in reversed(earlier):
        if _place(row.statement) != _place(statement):
            return None
        if row.statement.measure == "level" and _thing(row.statement) == _thing(statement):
            return row
    return None


def _place(statement: Statement) -> object:
    """The sentence, or the sheet, that a statement stands in."""
    return statement.sentence_start if statement.start is not None else statement.sheet


def _thing(statement: Statement) -> tuple[object, ...]:
    return statement.kind, statement.subject, statement.indicator, statement.period


def written(statement: Statement, text: str) -> str:
    """The value as written, with the word before it that bounds it, and the sign of its bound.

    A cell of a sheet leaves its unit to the head of the column; it is given its own.
    """
    if statement.start is None:
        sign = "+" if statement.measure in ("growth", "change") and statement.value > 0 else ""
        return f"{sign}{_with_unit(statement.value, statement.unit or '')}".replace("-", "−")
    bound = _BOUNDS.get(statement.comparator, "")
    cue = _cue_before(statement, text) if bound else ""
    sign = ""
    if statement.measure in ("growth", "change"):
        sign = "−" if statement.value < 0 else "+"
    value = statement.text.lstrip("-−－") if sign == "−" else statement.text
    if statement.measure == "rank" and statement.text[:1] not in "第前":
        value = f"第{value}"
    return f"{bound}{sign}{cue}{' '.join(value.split())}"


def _with_unit(value: Decimal, unit: str) -> str:
    """`2610000000 元` as `26.1亿元`."""
    for least, scale, sign in ((10**8, 10**8, "亿"), (10**5, 10**4, "万")):
        if abs(value) >= least:
            return f"{(value / scale).normalize():,f}{sign}{unit}"
    return f"{value:,f}{unit}"


@cache
def _cues() -> re.Pattern[str]:
    return re.compile(rf"(?:{comparators.before_pattern()})(?:了|到|在|达到?|为|至)?\s?\Z")


def _cue_before(statement: Statement, text: str) -> str:
    start = statement.start or 0
    match = _cues().search(text, max(0, start - _CUE), start)
    return match.group().strip() if match else ""


def _aside(statement: Statement, text: str) -> str:
    """A statement beside its level: `+5.0%`, `第2 全县镇办`, `完成111%`, `占49.1%`."""
    after = f" {statement.scope}" if statement.measure == "rank" and statement.scope else ""
    base = {"average": "年均", "previous": "环比"}.get(statement.base or "", "")
    return f"{_SAID.get(statement.measure, '')}{base}{written(statement, text)}{after}"


def render(name: str, extraction: Extraction, text: str) -> RenderableType:
    """The notes on one document: heading, facts, targets, refused numbers, one line that sums up."""
    parts: list[RenderableType] = [_heading(name, extraction)]
    for kind, title in (("fact", "事实 facts"), ("target", "目标 targets")):
        statements = [statement for statement in extraction.statements if statement.kind == kind]
        if statements:
            parts.append(_table(title, statements, extraction, text))
    if extraction.rejections:
        parts.append(_refused(extraction))
    parts.append(Padding(_summary(extraction, text), (1, 0, 1, 0)))
    return Group(*parts)


def _heading(name: str, extraction: Extraction) -> Text:
    frame = extraction.frame
    heading = Text()
    heading.append(" ".join((*frame.parent_places, frame.place or "地方不明 place unknown")), "bold")
    heading.append(f" {frame.reporting_period or '年份不明 year unknown'}\n", "bold")
    if frame.title:
        heading.append(f"{frame.title}\n")
    facts = [
        frame.doc_type.replace("_", " "),
        f"plans {frame.plan_period}" if frame.plan_period else "",
        f"published {frame.published_on}" if frame.published_on else "",
    ]
    heading.append(f"{' · '.join(fact for fact in facts if fact)}\n{name}\n", "dim")
    return heading


def _table(title: str, statements: Sequence[Statement], extraction: Extraction, text: str) -> Table:
    """One line a row, parted by the document's sections; columns that would stay empty are left out."""
    noted = rows(statements)
    usual = Counter(row.statement.period for row in noted).most_common(1)[0][0]
    lines: list[tuple[str, list[Text]]] = []
    last: object = None
    for row in noted:
        place = _place(row.statement) if row.statement.start is not None else object()
        cells = _cells(row, extraction.frame.place, text, usual, is_first=place != last)
        lines.append((_part(row.statement, extraction.frame.sections), cells))
        last = place
    shown = [index for index in range(len(COLUMNS)) if any(cells[index] for _, cells in lines)]
    table = Table(
        title=f"{title} {usual or ''}".rstrip(), title_justify="left", title_style="bold", box=SIMPLE_HEAD,
        pad_edge=False, padding=(0, 1), expand=True,
    )  # fmt: skip
    for index in shown:
        name, options = COLUMNS[index]
        table.add_column(name, **options)
    is_parted = len({part for part, _ in lines}) > 1
    for part, group in groupby(lines, key=lambda line: line[0]):
        if is_parted:
            table.add_section()
            table.add_row("", Text(f"— {part}", "bold dim"))
        for _, cells in group:
            table.add_row(*(cells[index] for index in shown))
    return table


def _part(statement: Statement, sections: Sequence[Section]) -> str:
    """The sheet, or the section of the text, that a statement stands in."""
    if statement.start is None:
        return statement.sheet or ""
    section = next((s for s in sections if s.start <= statement.start < s.end), None)
    if section is None:
        return ""
    return f"{_SECTIONS.get(section.kind, section.kind)} {section.period or ''}".rstrip()


def _cells(row: Row, place: str | None, text: str, usual: str | None, is_first: bool) -> list[Text]:
    statement = row.statement
    at = str(statement.start) if statement.start is not None else statement.cell or ""
    indicator = Text()
    if statement.subject and statement.subject != place:
        indicator.append(f"{statement.subject}：", "yellow")
    indicator.append(f"{_ASPECTS.get(statement.aspect or '', '')}{statement.indicator or '—'}")
    beside = "，".join(_aside(other, text) for other in row.beside)
    value = _aside(statement, text) if statement.measure != "level" else written(statement, text)
    period = statement.period or "—" if statement.period != usual else ""
    return [
        Text(at if is_first else ""),
        indicator,
        Text(value),
        Text(beside),
        Text(period),
        Text(statement.modality or ""),
    ]


def _refused(extraction: Extraction) -> Table:
    """The refused numbers by reason, the commonest reason first."""
    table = Table(
        title="未采 refused numbers", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("原因 reason", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("数字 numbers", overflow="fold")
    by_reason: dict[str, Counter[str]] = {}
    for rejection in extraction.rejections:
        by_reason.setdefault(rejection.reason, Counter())[_short(rejection.text)] += 1
    for reason, numbers in sorted(by_reason.items(), key=lambda item: (-item[1].total(), item[0])):
        named = [f"{number} ×{times}" if times > 1 else number for number, times in numbers.most_common(_MOST_REFUSED)]
        more = len(numbers) - len(named)
        names = "  ".join(named) + (f"  … {more} more" if more else "")
        label = f"{_labels()[reason]} {reason.replace('_', ' ')}"
        table.add_row(*map(Text, (label, str(numbers.total()), names)))
    return table


def _short(refused: str) -> str:
    words = " ".join(refused.split())
    return words if len(words) <= _LONGEST_REFUSED else f"{words[: _LONGEST_REFUSED - 1]}…"


@cache
def _labels() -> dict[str, str]:
    """Reason → its Chinese name."""
    return {row["reason"]: row["label_zh"] for row in reference.rows("rejection_reasons.csv")}


def _summary(extraction: Extraction, text: str) -> Text:
    counts = Counter(statement.kind for statement in extraction.statements)
    of_entities = sum(statement.subject_type == "entity" for statement in extraction.statements)
    parts = [
        f"{counts['fact']} facts and {counts['target']} targets"
        + (f", {of_entities} of them of single projects or enterprises" if of_entities else ""),
        f"{len(extraction.rejections)} numbers refused",
        f"{len(text):,} characters read" if text else "",
    ]
    return Text("; ".join(part for part in parts if part))
