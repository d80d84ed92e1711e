"""Extractions as columns of core.statement and core.rejection, and as rows of core.sheet_block and core.extraction.

Statements of texts are handed on by column, in chunks; those of a workbook as its extraction has them, see
sheet_columns.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from gongbao.extract.sheets import SheetStatements
from gongbao.extract.statement import Extraction, Rejection, SheetBlock, Statement
from gongbao.normalise.facts import LIMIT, hashed
from gongbao.normalise.sheet_columns import sheet_columns
from gongbao.normalise.units import is_representable
from gongbao.normalise.work import Task
from gongbao.personal_numbers import covered
from gongbao.warehouse import Column

OUT_OF_RANGE = "out_of_range"
CHUNK = 1 << 14
"""So many statements or rejections are columns at once."""

Columns = dict[str, list[Any]]
Seen = dict[int, int]
"""How many statements of a text begin at a place so far."""
Record = TypeVar("Record", Statement, Rejection)

_STATEMENT = {
    "span_start": "start",
    "span_end": "end",
    "sheet": "sheet",
    "cell": "cell",
    "header_path": "header_path",
    "quote": "text",
    "sentence_start": "sentence_start",
    "kind": "kind",
    "subject_type": "subject_type",
    "subject": "subject",
    "indicator": "indicator",
    "measure": "measure",
    "value": "value",
    "value_high": "value_high",
    "unit": "unit",
    "comparator": "comparator",
    "time_period": "period",
    "scope": "scope",
    "modality_zh": "modality",
    "aspect": "aspect",
    "base": "base",
    "price_base": "price_base",
    "indicator_id": "indicator_id",
    "breakdown": "breakdown",
    "ref_area": "ref_area",
    "parent_area": "parent_area",
    "obs_status": "obs_status",
    "caveat_codes": "caveats",
    "template": "template",
}
"""Column → the slot of a statement that fills it."""
_REJECTION = {
    "span_start": "start",
    "span_end": "end",
    "sheet": "sheet",
    "cell": "cell",
    "quote": "text",
    "reason": "reason",
}
_TUPLES = {"header_path": " / ", "caveat_codes": ";"}
"""Columns that are several texts in a statement, and what stands between them in the warehouse."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What the warehouse keeps of a task's extraction; the task without its sheets.

    A value that DECIMAL(38, 10) cannot hold is a rejection, `out_of_range`.
    """

    task: Task
    statements: Sequence[Statement]
    rejections: Sequence[Rejection]
    blocks: Sequence[SheetBlock]


def extracted(task: Task, extraction: Extraction) -> Extracted:
    """The extraction with what the warehouse cannot hold among its rejections."""
    task = replace(task, sheets=())
    statements = extraction.statements
    kept: Sequence[Statement]
    misfits: Sequence[Statement]
    if isinstance(statements, SheetStatements):
        kept, misfits = _fitting_of_sheet(statements)
    else:
        kept, misfits = [each for each in statements if _fits(each)], [each for each in statements if not _fits(each)]
    return Extracted(task, kept, [*extraction.rejections, *map(_out_of_range, misfits)], extraction.blocks)


def statement_columns(found: Iterable[Extracted]) -> Iterator[Mapping[str, Column]]:
    """The statements as columns of core.statement, in the order of tasks and of reading.

    Of texts at most `CHUNK` at once; of a workbook as `sheet_columns` gives them.
    """
    for is_sheet, group in groupby(found, key=lambda each: isinstance(each.statements, SheetStatements)):
        if is_sheet:
            yield from _of_sheets(group)
        else:
            yield from _of_texts(group)


def _of_sheets(found: Iterable[Extracted]) -> Iterator[Mapping[str, Column]]:
    for each in found:
        statements = each.statements
        if isinstance(statements, SheetStatements) and statements:
            told = _slots([wording.statement for wording in statements.wordings.values], _STATEMENT)
            told["text_id"] = [each.task.text_id] * len(statements.wordings.values)
            told["extractor_version"] = [each.task.extractor_version] * len(statements.wordings.values)
            yield from sheet_columns(each.task.text_id, statements, told)


def _of_texts(found: Iterable[Extracted]) -> Iterator[Columns]:
    seen: dict[str, Seen] = {}
    for chunk in _chunks((each.task, each.statements) for each in found):
        columns: Columns = {}
        for task, statements in chunk:
            part = _slots(statements, _STATEMENT)
            anchors = _anchors(part["span_start"], seen.setdefault(task.text_id, {}))
            part["statement_id"] = [hashed(f"{task.text_id}\0{anchor}") for anchor in anchors]
            part["text_id"] = [task.text_id] * len(statements)
            part["sentence"] = _sentences(task, statements)
            part["extractor_version"] = [task.extractor_version] * len(statements)
            _append(columns, part)
        yield columns


def rejection_columns(found: Iterable[Extracted]) -> Iterator[Columns]:
    """The rejections as columns of core.rejection, likewise."""
    for chunk in _chunks((each.task, each.rejections) for each in found):
        columns: Columns = {}
        for task, rejections in chunk:
            part = _slots(rejections, _REJECTION)
            part["text_id"] = [task.text_id] * len(rejections)
            part["extractor_version"] = [task.extractor_version] * len(rejections)
            _append(columns, part)
        yield columns


def block_rows(found: Extracted) -> list[dict[str, Any]]:
    """The blocks of a grid as rows of core.sheet_block."""
    return [_block_row(found.task, number, block) for number, block in enumerate(found.blocks, start=1)]


def summary_row(found: Extracted) -> dict[str, Any]:
    """The row of core.extraction: that this version has read it, under which name, and how much it found."""
    return {
        "text_id": found.task.text_id,
        "file_name": found.task.file_name if found.task.content is None else None,
        "extractor_version": found.task.extractor_version,
        "statements": len(found.statements),
        "rejections": len(found.rejections),
    }


def _fitting_of_sheet(statements: SheetStatements) -> tuple[SheetStatements, Sequence[Statement]]:
    """The statements that the warehouse can hold, and the others; each different value is looked at once."""
    numbers = statements.numbers
    unfit = {code for code, (_, value) in enumerate(numbers.values) if not _holds(value)}
    if not unfit:
        return statements, ()
    kept = statements.take(at for at, code in enumerate(numbers.codes) if code not in unfit)
    misfits = statements.take(at for at, code in enumerate(numbers.codes) if code in unfit)
    return replace(kept, numbers=kept.numbers.pruned()), misfits  # all values go to the warehouse, used or not


def _fits(statement: Statement) -> bool:
    high = statement.value_high
    return _holds(statement.value) and (high is None or _holds(high))


def _holds(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < LIMIT and is_representable(value)


def _out_of_range(statement: Statement) -> Rejection:
    return Rejection(
        statement.text, OUT_OF_RANGE, statement.start, statement.end, sheet=statement.sheet, cell=statement.cell
    )


def _chunks(found: Iterable[tuple[Task, Sequence[Record]]]) -> Iterator[list[tuple[Task, Sequence[Record]]]]:
    """Short sequences together and long ones cut, so that no chunk has more than `CHUNK` records."""
    chunk: list[tuple[Task, Sequence[Record]]] = []
    room = CHUNK
    for task, records in found:
        for first in range(0, len(records), CHUNK):
            piece = records[first : first + CHUNK]
            if len(piece) > room:
                yield chunk
                chunk, room = [], CHUNK
            chunk.append((task, piece))
            room -= len(piece)
    if chunk:
        yield chunk


def _slots(records: Sequence[Statement] | Sequence[Rejection], slots: dict[str, str]) -> Columns:
    """The records' slots by column. A slot is taken by its position: that is twice as fast as by its name."""
    positions = {name: number for number, name in enumerate(records[0]._fields)}
    columns = {column: list(map(itemgetter(positions[slot]), records)) for column, slot in slots.items()}
    for column, separator in _TUPLES.items():
        if column in columns:
            columns[column] = [separator.join(texts) or None for texts in columns[column]]
    return columns


def _anchors(starts: Iterable[int], seen: Seen) -> Iterator[str]:
    """What tells a statement from the others of its text: where it begins; the second there has `#2`."""
    for start in starts:
        seen[start] = count = seen.get(start, 0) + 1
        yield str(start) if count == 1 else f"{start}#{count}"


def _sentences(task: Task, statements: Sequence[Statement]) -> list[str | None]:
    if task.content is None:
        return [None] * len(statements)
    return [
        None if each.sentence_start is None else covered(task.content[each.sentence_start : each.sentence_end])
        for each in statements
    ]


def _append(columns: Columns, part: Columns) -> None:
    for name, values in part.items():
        columns.setdefault(name, []).extend(values)


def _block_row(task: Task, number: int, block: SheetBlock) -> dict[str, Any]:
    return {
        "text_id": task.text_id,
        "block_no": number,
        "sheet": block.sheet,
        "cells": block.cells,
        "title": block.title,
        "status": block.status,
        "template": block.template,
        "fingerprint": block.fingerprint,
        "numbers": block.numbers,
        "figures": block.figures,
        "detail": block.detail,
        "identities": json.dumps([asdict(each) for each in block.identities], ensure_ascii=False),
        "marks": json.dumps(dict(block.marks)),
        "draft": block.draft,
    }
