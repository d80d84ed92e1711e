"""`gongbao extract`: the files read one after another, and their statements as JSON lines with the guide's slots.

    {"start": 257, "text": "5533万元", "kind": "fact", "subject_type": "area", "subject": "姜楼镇",
     "indicator": "一般公共预算收入", "indicator_id": "general_budget_revenue", "measure": "level", "scope": null,
     "value": "55330000", "value_high": null, "unit": "元", "comparator": "eq", "period": "2023", "aspect": null,
     "modality": null}

One object a line, in reading order. `start` counts code points of the text as it was read; a statement of a workbook
has `sheet` and `cell` instead. On standard output each object begins with a `document` slot, the path as it was named,
and so do those of a table of texts, with `#` and the text's key behind the path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongbao import extract, progress
from gongbao.errors import GongbaoError, UnreadableDocument, UsageError
from gongbao.extract.sheets import extract_grid
from gongbao.extract.statement import Extraction, Statement
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.reading import Collection, Member, ReadDocument, read_document
from gongbao.normalise.indicators import match_indicator

Slots = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: what it yields, and its text (empty for a workbook)."""

    extraction: Extraction
    text: str


def read(paths: Sequence[Path]) -> Iterator[tuple[Path, str | None, Document | UnreadableDocument]]:
    """What each file yields in turn, or why it could not be read; with the key of a text in a table of texts."""
    limits = Limits()
    with ParserProcess(limits) as parser:
        for number, path in enumerate(paths, 1):
            try:
                opened = read_document(_bytes(path), path, path.name, limits, parser)
            except UnreadableDocument as error:
                yield path, None, error
            else:
                members = opened.members if isinstance(opened, Collection) else (Member("", opened),)
                for member in members:
                    yield path, member.key or None, _extracted(member.document, path.name)
            progress.advance("extract", number, len(paths))


def _extracted(document: ReadDocument, name: str) -> Document:
    text = document.content or ""
    return Document(extract.extract_text(text) if text else extract_grid(document.sheets, name), text)


def output_paths(paths: Sequence[Path], out: Path) -> dict[Path, Path]:
    """Each input's `OUT/NAME.jsonl`. Raises `UsageError` where two inputs would share one."""
    outputs: dict[Path, Path] = {}
    for path in paths:
        output = out / f"{path.stem}.jsonl"
        if output in outputs.values():
            raise UsageError(f"two inputs would both be written to {output}", "extract them into different folders")
        outputs[path] = output
    return outputs


def as_lines(document: Document, name: str | None = None) -> str:
    """JSON lines, each beginning with a `document` slot where the document's `name` is given."""
    first: Slots = {} if name is None else {"document": name}
    slots = (_slots(statement, document.text) for statement in document.extraction.statements)
    return "".join(json.dumps(first | row, ensure_ascii=False) + "\n" for row in slots)


def write(path: Path, lines: str) -> None:
    """Write one output file, making its folder. Raises `GongbaoError` where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lines, "utf-8")
    except OSError as error:
        raise GongbaoError(f"cannot write {path} ({error.strerror})", "name another folder with --out") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror})", "name a text or a workbook") from None


def _slots(statement: Statement, text: str) -> Slots:
    where: Slots = {"start": statement.start}
    if statement.start is None:
        where = {"sheet": statement.sheet, "cell": statement.cell}
    return where | {
        "text": statement.text,
        "kind": statement.kind,
        "subject_type": statement.subject_type,
        "subject": statement.subject,
        "indicator": statement.indicator,
        "indicator_id": _indicator_id(statement, text),
        "measure": statement.measure,
        "scope": statement.scope,
        "value": _text(statement.value),
        "value_high": _text(statement.value_high),
        "unit": statement.unit,
        "comparator": statement.comparator,
        "period": statement.period,
        "aspect": statement.aspect,
        "modality": statement.modality,
    }


def _indicator_id(statement: Statement, text: str) -> str | None:
    """The catalogue's indicator; null for what one project or enterprise has, as it is none of the place's figures."""
    if statement.subject_type == "entity":
        return None
    if statement.indicator_id:  # a sheet's template says it
        return statement.indicator_id
    before = text[statement.sentence_start : statement.start] if statement.start is not None else ""
    after = text[statement.end : statement.sentence_end] if statement.start is not None else ""
    return match_indicator(
        statement.indicator,
        unit=statement.unit,
        aspect=statement.aspect,
        measure=statement.measure,
        before=before,
        after=after,
    )


def _text(value: Decimal | None) -> str | None:
    """Plain digits, no exponent: `3100000000`, `5.0`."""
    return None if value is None else format(value, "f")
