"""Texts and grids that this extractor has not read yet → core.statement, core.rejection, core.extraction.

Documents are worked through in the order of their text ids, in batches; each batch is one transaction, so a killed run
loses one batch and the next goes on from there. A text that breaks the extractor is quarantined with the reason
`extraction_failed` and tried again every night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gongbao import extract, memory, progress, run_history
from gongbao.ingest import quarantine
from gongbao.ingest.grids import load_grid
from gongbao.memory import rarely_collecting
from gongbao.normalise.contributions import Contribution, contributions
from gongbao.normalise.extraction_rows import (
    Extracted,
    block_rows,
    extracted,
    rejection_columns,
    statement_columns,
    summary_row,
)
from gongbao.normalise.work import LENGTH_A_SECOND, SHARE, Outcome, Task, begin
from gongbao.warehouse import Warehouse, insert, insert_columns
from gongbao.workers import HERE, Workers, in_advance

BATCH_TEXTS = 64
BATCH_LENGTH = 4_000_000
"""A batch holds so many texts, or so many code points and cells: what is in memory at once."""
IN_HAND = 4 * BATCH_LENGTH
"""Of the batches begun, so many code points and cells may wait in memory, however many work on them."""
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


RELATIONS = ("core.statement", "core.rejection", "core.sheet_block", "core.extraction")


@rarely_collecting()
def extract_pending(warehouse: Warehouse, workers: Workers = HERE, *, is_suspect: bool = False) -> ExtractReport:
    """Extract what this version of the extractor has not extracted.

    It is done here where that is sooner than `workers` are started, and nothing says that a text may end its process:
    neither the caller, by `is_suspect`, nor what the warehouse knows.
    """
    wanted = contributions(warehouse.connection)
    done = _extracted(warehouse)
    pending = [each for each in wanted if (each.text_id, each.grid_name, _version(each)) not in done]
    statements = rejections = finished = 0
    failures: list[Failure] = []
    is_suspect = is_suspect or _may_end_its_process(warehouse)
    if not (is_suspect or _is_worth_sharing(pending, workers)):
        workers = HERE
    reach = -(-2 * workers.width * SHARE // BATCH_TEXTS)  # two shares a worker: it has one while it hands in the other
    begun = in_advance(_batches(pending), partial(_begin, warehouse, workers, is_suspect), reach, IN_HAND, _length)
    for batch, tasks, outcomes in begun:
        found, broken = [], []
        for task, outcome in zip(tasks, outcomes, strict=True):
            if isinstance(outcome, str):
                broken.append(Failure(task.document_id, task.file_name, outcome))
            else:
                found.append(extracted(task, outcome))
        del tasks, outcomes, task, outcome  # a large grid's cells: its statements are enough to hold
        memory.give_back()
        _write(warehouse, batch, found, broken)
        statements += sum(len(each.statements) for each in found)
        rejections += sum(len(each.rejections) for each in found)
        failures += broken
        del found
        memory.give_back()
        finished += len(batch)
        progress.advance("extract", finished, len(pending))
    _forget_all_but(warehouse, [each.text_id for each in wanted])
    quarantine.write_files(warehouse.connection, warehouse.quarantine)
    return ExtractReport(
        extracted=len(pending) - len(failures),
        unchanged=len(wanted) - len(pending),
        statements=statements,
        rejections=rejections,
        failures=tuple(failures),
    )


def _is_worth_sharing(pending: Sequence[Contribution], workers: Workers) -> bool:
    """Whether others, their start included, are sooner done. They are two or more, so twice their start is even."""
    seconds = _length(pending) / LENGTH_A_SECOND
    return len(pending) > SHARE and seconds > 2 * workers.price


def _may_end_its_process(warehouse: Warehouse) -> bool:
    """Whether a text broke the extractor, or the run before this one came to no end of which it is known that none did.

    Runs that extract nothing tell nothing of texts. They are taken in the order of the ledger, whatever the clock said.
    """
    if warehouse.connection.execute("from ops.quarantine where reason = ? and not gone", [FAILED]).fetchone():
        return True
    before = [run for run in run_history.read(warehouse.root) if run.flow not in ("publish", "validate")][-2:-1]
    return any(run.ended_at is None or run.standing == "failed" for run in before)


def _length(texts: Iterable[Contribution]) -> int:
    return sum(each.length for each in texts)


def _batches(pending: Iterable[Contribution]) -> Iterator[list[Contribution]]:
    batch: list[Contribution] = []
    for each in pending:
        if batch and (len(batch) == BATCH_TEXTS or _length(batch) + each.length > BATCH_LENGTH):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _begin(
    warehouse: Warehouse, workers: Workers, is_suspect: bool, batch: list[Contribution]
) -> tuple[list[Contribution], list[Task], Iterator[Outcome]]:
    tasks = _tasks(warehouse, batch)
    return batch, tasks, begin(workers, tasks, all_elsewhere=is_suspect)


def _forget_all_but(warehouse: Warehouse, text_ids: Sequence[str]) -> None:
    """Delete what was extracted from texts that no accepted document has any more."""
    with warehouse.transaction() as connection:
        for relation in RELATIONS:
            connection.execute(f"delete from {relation} where text_id not in (select unnest(?))", [list(text_ids)])


def _extracted(warehouse: Warehouse) -> set[tuple[str, str | None, str]]:
    """Texts, grids with the name under which they were read, and the extractor's version that has read them."""
    rows = warehouse.connection.execute("select text_id, file_name, extractor_version from core.extraction").fetchall()
    return {(text_id, file_name, version) for text_id, file_name, version in rows}


def _version(each: Contribution) -> str:
    return extract.version(of_grids=each.grid_name is not None)


def _tasks(warehouse: Warehouse, batch: Sequence[Contribution]) -> list[Task]:
    contents = dict(
        warehouse.connection.execute(
            "select text_id, content from raw.text where text_id in (select unnest(?))",
            [[each.text_id for each in batch]],
        ).fetchall()
    )
    return [
        Task(
            each.text_id,
            each.document_id,
            each.file_name,
            contents.get(each.text_id),
            () if each.text_id in contents else load_grid(warehouse.connection, each.text_id),
        )
        for each in batch
    ]


def _write(
    warehouse: Warehouse,
    batch: Sequence[Contribution],
    found: Sequence[Extracted],
    broken: Sequence[Failure],
) -> None:
    text_ids = [each.text_id for each in batch]
    with warehouse.transaction() as connection:
        for relation in RELATIONS:
            connection.execute(f"delete from {relation} where text_id in (select unnest(?))", [text_ids])
        for columns in statement_columns(found):
            insert_columns(connection, "core.statement", columns)
        for columns in rejection_columns(found):
            insert_columns(connection, "core.rejection", columns)
        insert(connection, "core.sheet_block", [row for each in found for row in block_rows(each)])
        insert(connection, "core.extraction", [summary_row(each) for each in found])
        connection.execute(
            "delete from ops.quarantine where reason = ? and quarantine_id in (select unnest(?))",
            [FAILED, [each.document_id for each in batch]],
        )
        for failure in broken:
            connection.execute(
                """
                insert into ops.quarantine
                select ?, source_name, uri, ?, ?, ?, size_bytes, false from raw.source_item
                where sha256 = ? order by source_name, uri limit 1
                """,
                [failure.document_id, FAILED, failure.detail, _REMEDY, failure.document_id],
            )
