"""The questions of a warehouse, ranked by the figures that wait on them, and all that is known of one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from gongbao import reference
from gongbao.errors import UsageError
from gongbao.extract.statement import Identity
from gongbao.normalise.corrections import KIND as STALE_CORRECTION
from gongbao.normalise.review import CONTRADICTION, SHEET_BLOCK, SUBJECTS, block_id, nearest_indicators
from gongbao.normalise.source_conflicts import KIND as SOURCE_CONFLICT
from gongbao.reference.gazetteer import gazetteer
from gongbao.warehouse import ID_LENGTH, Warehouse

KINDS = (*SUBJECTS, SHEET_BLOCK, CONTRADICTION, SOURCE_CONFLICT, STALE_CORRECTION)
SHOWN = 5
"""Examples of a phrase that are shown; the rest is counted."""
_EDGE = 24
"""Rows at the head and the foot of a block that are read to be shown."""
_SHORTEST = 6
_MENTION = """
    coalesce(d.title, d.file_name), d.file_name, s.sheet, s.cell, s.header_path, s.quote, s.sentence,
    s.span_start - s.sentence_start, s.span_start
"""
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Question:
    """One row of ops.review_item; `waiting` counts the figures (for a sheet block: numeric cells) that wait on it.

    `places` counts the places of their documents.
    """

    review_id: str
    kind: str
    subject: str
    waiting: int
    example: str | None
    candidates: tuple[str, ...]
    status: str
    places: int = 1


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure that waits: its document, where it stands there, and the quote in its sentence or below its headers."""

    document: str
    where: str
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be the answer: a code, and what it is called."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """A question about a phrase, with the first figures that wait and the nearest answers."""

    question: Question
    mentions: tuple[Mention, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class WindowCell:
    """A filled cell of a window; `rows` and `columns` are those that it covers, more than 1 where merged."""

    row: int
    column: int
    text: str
    is_number: bool
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Window:
    """The head and the foot of a range of a sheet, and rows between that matter.

    Its bounds count from 1 and are inclusive; `cells` are the filled cells of `rows`.
    """

    top: int
    left: int
    bottom: int
    right: int
    rows: tuple[int, ...]
    cells: tuple[WindowCell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A question about a table that no template reads: one of its blocks, and how many there are.

    `template` knows it in part; `draft` is the YAML text of a template to begin with.
    """

    question: Question
    text_id: str
    file_name: str
    sheet: str
    cells: str
    status: str
    template: str | None
    numbers: int
    detail: str | None
    identities: tuple[Identity, ...]
    draft: str | None
    blocks: int
    files: int
    window: Window


def questions(warehouse: Warehouse, kind: str | None = None) -> list[Question]:
    """The open questions, of one kind or of all, those first on which most figures wait, then most places.

    Raises `UsageError` for an unknown kind.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind of question {kind}", f"known are {', '.join(KINDS)}")
    found = _read(warehouse, "status = 'open' and (? is null or kind = ?)", [kind, kind])
    return sorted(found, key=lambda each: (-each.waiting, -each.places, each.kind, each.subject))


def find(warehouse: Warehouse, beginning: str) -> Question:
    """The question, open or decided, whose id begins so. Raises `UsageError` where none does, or several."""
    found = _read(warehouse, "starts_with(review_id, ?)", [beginning]) if beginning else []
    if not found:
        raise UsageError(f"no question has an id that begins with {beginning!r}", "gongbao review list tells them")
    if len(found) > 1:
        ids = ", ".join(question.review_id for question in found[:SHOWN])
        raise UsageError(f"{len(found)} questions have ids that begin with {beginning} ({ids} …)", "name more of it")
    return found[0]


def shortest(warehouse: Warehouse) -> int:
    """How much of an id is enough to tell a question of the warehouse from the others."""
    return id_length(question.review_id for question in _read(warehouse, "true", []))


def id_length(ids: Iterable[str]) -> int:
    """How much of an id is enough to tell it from the others."""
    different = set(ids)
    return next(n for n in range(_SHORTEST, ID_LENGTH + 1) if len({each[:n] for each in different}) == len(different))


def details(warehouse: Warehouse, question: Question) -> Words | Table:
    """All that is known of a question."""
    is_about_table = question.kind == SHEET_BLOCK and question.status == "open"
    return table(warehouse, question) if is_about_table else words(warehouse, question)


def words(warehouse: Warehouse, question: Question) -> Words:
    """What is known of a question about words."""
    if question.kind == CONTRADICTION:
        return Words(question, _contradicting(warehouse, question.candidates), ())
    subject = SUBJECTS.get(question.kind)
    if subject is None:
        return Words(question, (), ())
    rows = warehouse.connection.execute(
        f"""
        select {_MENTION}
        from core.unresolved as u
        join core.statement as s using (statement_id)
        join raw.document as d using (document_id)
        left join core.normalisation as n using (document_id)
        where u.reason = ? and {subject} = ? and d.superseded_by is null
        order by d.file_name, s.sheet, s.span_start, s.statement_id
        limit ?
        """,
        [question.kind, question.subject, SHOWN],
    ).fetchall()
    return Words(question, tuple(_mention(row) for row in rows), _choices(question))


def _contradicting(warehouse: Warehouse, fact_ids: Sequence[str]) -> tuple[Mention, ...]:
    """The figures of a contradiction, the preferred one first."""
    rows = warehouse.connection.execute(
        f"""
        select {_MENTION}
        from core.fact as f
        join core.statement as s using (statement_id)
        join raw.document as d using (document_id)
        where list_contains($facts, f.fact_id)
        order by list_position($facts, f.fact_id)
        """,
        {"facts": list(fact_ids)},
    ).fetchall()
    return tuple(_mention(row) for row in rows)


def table(warehouse: Warehouse, question: Question) -> Table:
    """What is known of a question about a table. Raises `UsageError` where its blocks are gone."""
    fingerprints = warehouse.connection.execute("select distinct fingerprint from core.sheet_block").fetchall()
    fingerprint = next((mark for (mark,) in fingerprints if block_id(mark) == question.review_id), None)
    blocks = warehouse.connection.execute(
        """
        select b.text_id, min(d.file_name), b.sheet, b.cells, b.status, b.template, b.numbers, b.detail, b.identities,
            b.draft
        from core.sheet_block as b
        join raw.document as d using (text_id)
        where b.fingerprint = ? and b.status <> 'read' and d.superseded_by is null
        group by all
        order by 2, b.text_id, min(b.block_no)
        """,
        [fingerprint],
    ).fetchall()
    if not blocks:
        raise UsageError(f"no table waits on {question.review_id}", "gongbao review list tells the open questions")
    text_id, file_name, sheet, cells, status, template, numbers, detail, identities, draft = blocks[0]
    return Table(
        question=question,
        text_id=text_id,
        file_name=file_name,
        sheet=sheet,
        cells=cells,
        status=status,
        template=template,
        numbers=numbers,
        detail=detail,
        identities=tuple(Identity(**each) for each in json.loads(identities)),
        draft=draft,
        blocks=len(blocks),
        files=len({block[0] for block in blocks}),
        window=_window(warehouse, text_id, sheet, cells, addresses(detail)),
    )


def template_to_edit(found: Table) -> str | None:
    """The draft, or the text of the template that reads the table and finds an identity broken."""
    if found.draft or not found.template:
        return found.draft
    name = found.template.partition("@")[0]
    return next((text for _, text in reference.texts("sheets") if re.search(rf"(?m)^id: {name}$", text)), None)


def _read(warehouse: Warehouse, condition: str, values: Sequence[Any]) -> list[Question]:
    rows = warehouse.connection.execute(
        f"""
        select review_id, kind, subject, waiting, example, candidates, status, coalesce(places, 1)
        from ops.review_item where {condition} order by review_id
        """,
        list(values),
    ).fetchall()
    return [
        Question(
            review_id, kind, subject, waiting, example, tuple(may_be.split("; ")) if may_be else (), status, places
        )
        for review_id, kind, subject, waiting, example, may_be, status, places in rows
    ]


def _mention(row: Sequence[Any]) -> Mention:
    title, file_name, sheet, cell, header_path, quote, sentence, first, start = row
    if cell is not None:
        return Mention(f"{title} ({file_name})", f"{sheet}!{cell}", f"{header_path or ''} ", quote, "")
    before, after = ("", "") if sentence is None else (sentence[:first], sentence[first + len(quote) :])
    return Mention(f"{title} ({file_name})", f"code point {start}", before, quote, after)


def _choices(question: Question) -> tuple[Choice, ...]:
    if question.kind == "unknown_indicator":
        entries = {row["id"]: row for row in reference.rows("indicators.csv")}
        near = [entries[each] for each in nearest_indicators(question.subject)]
        return tuple(
            Choice(row["id"], f"{row['zh_name']}, {row['en_name']}, in {row['canonical_unit']}") for row in near
        )
    if question.kind == "unknown_place":
        places = gazetteer()
        return tuple(Choice(code, places.path(code)) for code in question.candidates if code in places.places)
    spelt: dict[str, list[str]] = {}
    for row in reference.rows("units.csv"):
        spelt.setdefault(row["canonical_unit"], []).append(row["spelling"])
    return tuple(Choice(code, "、".join(spelt[code][:SHOWN])) for code in question.candidates if code in spelt)


def addresses(detail: str | None) -> list[str]:
    """The cells that a reason names: `C21`."""
    return re.findall(r"\b[A-Z]{1,3}[1-9]\d*\b", detail or "")


def _window(warehouse: Warehouse, text_id: str, sheet: str, cells: str, named: Sequence[str]) -> Window:
    found = _RANGE.fullmatch(cells)
    if found is None:
        raise ValueError(f"{cells} is no range of cells")
    left, top, right, bottom = _column(found[1]), int(found[2]), _column(found[3]), int(found[4])
    edges = {*range(top, min(bottom, top + _EDGE) + 1), *range(max(top, bottom - _EDGE), bottom + 1)}
    rows = sorted(edges | {int(address.lstrip(ascii_uppercase)) for address in named} & {*range(top, bottom + 1)})
    filled = warehouse.connection.execute(
        """
        select row_no, column_no, content, is_number, row_span, column_span from raw.cell
        where text_id = ? and sheet = ? and column_no between ? and ? and row_no in (select unnest(?))
        order by row_no, column_no
        """,
        [text_id, sheet, left, right, rows],
    ).fetchall()
    return Window(top, left, bottom, right, tuple(rows), tuple(WindowCell(*cell) for cell in filled))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
