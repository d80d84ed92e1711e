"""Texts and grids that this extractor has not read yet → core.statement, core.rejection, core.extraction.

Documents are worked through in the order of their text ids, in batches; each batch is one transaction, so a killed run
loses one batch and the next goes on from there. A text that breaks the extractor is quarantined with the reason
`extraction_failed` and tried again every night.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gongbao import extract, progress
from gongbao.extract.grid import Sheet
from gongbao.extract.sheets import extract_grid
from gongbao.extract.statement import Extraction, Rejection, Statement
from gongbao.ingest import quarantine
from gongbao.ingest.grids import load_grid
from gongbao.normalise.contributions import contributions
from gongbao.normalise.facts import LIMIT, content_id
from gongbao.normalise.units import convert
from gongbao.warehouse import Warehouse, insert

BATCH = 64
FAILED = "extraction_failed"
_REMEDY = "report it with the file; the other documents are not affected, and it is tried again every night"


@dataclass(frozen=True, slots=True)
class Failure:
    """A text that the extractor could not read: the document, its file name, what went wrong."""

    document_id: str
    file_name: str
    detail: str


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """Texts extracted now, texts that this version had extracted before, and failures."""

    extracted: int
    unchanged: int
    statements: int
    rejections: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    text_id: str
    document_id: str
    file_name: str
    content: str | None
    sheets: tuple[Sheet, ...]


def extract_pending(warehouse: Warehouse, processes: int = 1) -> ExtractReport:
    """Extract what this version of the extractor has not extracted; `processes` more than 1 work side by side."""
    version = extract.version()
    done = _extracted_by(warehouse, version)
    wanted = contributions(warehouse.connection)
    pending = [each for each in wanted if each[0] not in done]
    counts = {"core.statement": 0, "core.rejection": 0}
    failures: list[Failure] = []
    with _mapper(min(processes, len(pending))) as work:
        for first in range(0, len(pending), BATCH):
            tasks = [_task(warehouse, *each) for each in pending[first : first + BATCH]]
            rows: dict[str, list[dict[str, Any]]] = {"core.statement": [], "core.rejection": [], "core.extraction": []}
            broken = []
            for task, outcome in zip(tasks, work(tasks), strict=True):
                if isinstance(outcome, str):
                    broken.append(Failure(task.document_id, task.file_name, outcome))
                else:
                    _collect(rows, task, outcome, version)
            _write(warehouse, tasks, rows, broken)
            failures.extend(broken)
            for relation in counts:
                counts[relation] += len(rows[relation])
            progress.advance("extract", min(first + BATCH, len(pending)), len(pending))
    quarantine.write_files(warehouse.connection, warehouse.quarantine)
    return ExtractReport(
        extracted=len(pending) - len(failures),
        unchanged=len(wanted) - len(pending),
        statements=counts["core.statement"],
        rejections=counts["core.rejection"],
        failures=tuple(failures),
    )


def _extracted_by(warehouse: Warehouse, version: str) -> set[str]:
    rows = warehouse.connection.execute(
        "select text_id from core.extraction where extractor_version = ?", [version]
    ).fetchall()
    return {text_id for (text_id,) in rows}


def _task(warehouse: Warehouse, text_id: str, document_id: str, file_name: str) -> _Task:
    row = warehouse.connection.execute("select content from raw.text where text_id = ?", [text_id]).fetchone()
    if row is not None:
        return _Task(text_id, document_id, file_name, row[0], ())
    return _Task(text_id, document_id, file_name, None, load_grid(warehouse.connection, text_id))


@contextmanager
def _mapper(processes: int) -> Iterator[Callable[[Sequence[_Task]], Iterable[Extraction | str]]]:
    if processes <= 1:
        yield lambda tasks: map(_extract, tasks)
        return
    pool = _pool(processes)

    def work(tasks: Sequence[_Task]) -> list[Extraction | str]:
        nonlocal pool
        try:
            return list(pool.map(_extract, tasks))
        except BrokenProcessPool:  # one text killed its process: give each a process of its own, to know which
            pool.shutdown()
            pool = _pool(processes)
            return [_extract_alone(task) for task in tasks]

    try:
        yield work
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(processes: int) -> ProcessPoolExecutor:
    # Fresh processes: a fork would inherit the database's threads and locks.
    return ProcessPoolExecutor(max_workers=processes, mp_context=multiprocessing.get_context("spawn"))


def _extract_alone(task: _Task) -> Extraction | str:
    with _pool(1) as pool:
        try:
            return pool.submit(_extract, task).result()
        except BrokenProcessPool:
            return "the text ended the process that read it (memory, or a crash of the interpreter)"


def _extract(task: _Task) -> Extraction | str:
    """The extraction, or what went wrong: an error in one text must not stop the night."""
    try:
        if task.content is not None:
            return extract.extract_text(task.content)
        return extract_grid(task.sheets, task.file_name)
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" ({trace.tb_frame.f_code.co_name}, line {trace.tb_lineno})" if trace is not None else ""
        return f"{type(error).__name__}: {error}{where}"


def _collect(rows: dict[str, list[dict[str, Any]]], task: _Task, extraction: Extraction, version: str) -> None:
    statements, rejections = [], list(extraction.rejections)
    seen: dict[str, int] = {}
    for statement in extraction.statements:
        if not _fits(statement):
            rejections.append(_out_of_range(statement))
            continue
        anchor = f"{statement.sheet}!{statement.cell}" if statement.start is None else str(statement.start)
        seen[anchor] = seen.get(anchor, 0) + 1
        if seen[anchor] > 1:
            anchor += f"#{seen[anchor]}"
        statements.append(_statement_row(task, statement, anchor, version))
    rows["core.statement"].extend(statements)
    rows["core.rejection"].extend(_rejection_row(task, rejection, version) for rejection in rejections)
    rows["core.extraction"].append(
        {
            "text_id": task.text_id,
            "extractor_version": version,
            "statements": len(statements),
            "rejections": len(rejections),
        }
    )


def _fits(statement: Statement) -> bool:
    return all(_representable(value) for value in (statement.value, statement.value_high) if value is not None)


def _representable(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < LIMIT and convert(value, Fraction(1))[1]


def _out_of_range(statement: Statement) -> Rejection:
    return Rejection(
        statement.text, "out_of_range", statement.start, statement.end, sheet=statement.sheet, cell=statement.cell
    )


def _statement_row(task: _Task, statement: Statement, anchor: str, version: str) -> dict[str, Any]:
    first, last = statement.sentence_start, statement.sentence_end
    sentence = task.content[first:last] if task.content is not None and first is not None else None
    return {
        "statement_id": content_id(task.text_id, anchor),
        "text_id": task.text_id,
        "span_start": statement.start,
        "span_end": statement.end,
        "sheet": statement.sheet,
        "cell": statement.cell,
        "header_path": " / ".join(statement.header_path) or None,
        "quote": statement.text,
        "sentence": sentence,
        "sentence_start": first,
        "kind": statement.kind,
        "subject_type": statement.subject_type,
        "subject": statement.subject,
        "indicator": statement.indicator,
        "measure": statement.measure,
        "value": statement.value,
        "value_high": statement.value_high,
        "unit": statement.unit,
        "comparator": statement.comparator,
        "time_period": statement.period,
        "scope": statement.scope,
        "modality_zh": statement.modality,
        "aspect": statement.aspect,
        "base": statement.base,
        "price_base": statement.price_base,
        "extractor_version": version,
    }


def _rejection_row(task: _Task, rejection: Rejection, version: str) -> dict[str, Any]:
    return {
        "text_id": task.text_id,
        "span_start": rejection.start,
        "span_end": rejection.end,
        "sheet": rejection.sheet,
        "cell": rejection.cell,
        "quote": rejection.text,
        "reason": rejection.reason,
        "extractor_version": version,
    }


def _write(
    warehouse: Warehouse, tasks: Sequence[_Task], rows: dict[str, list[dict[str, Any]]], broken: Sequence[Failure]
) -> None:
    text_ids = [task.text_id for task in tasks]
    with warehouse.transaction() as connection:
        for relation in ("core.statement", "core.rejection", "core.extraction"):
            connection.execute(f"delete from {relation} where list_contains(?, text_id)", [text_ids])
            insert(connection, relation, rows[relation])
        connection.execute(
            "delete from ops.quarantine where reason = ? and list_contains(?, quarantine_id)",
            [FAILED, [task.document_id for task in tasks]],
        )
        for failure in broken:
            connection.execute(
                """
                insert into ops.quarantine
                select ?, source_name, uri, ?, ?, ?, size_bytes from raw.source_item
                where sha256 = ? order by source_name, uri limit 1
                """,
                [failure.document_id, FAILED, failure.detail, _REMEDY, failure.document_id],
            )
