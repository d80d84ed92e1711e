"""What extraction is worth: expectations/extraction_quality.csv into `core.extraction_quality`.

One row for a version of the extractor of texts, a family of indicators and a slot, counted on annotated documents:

- `extractor_version`, `normaliser_version`: what was measured; the latter decides the slot `indicator_id` alone;
- `theme`: of the catalogue, or `no_indicator` for what the annotators gave no indicator of it;
- `slot`: `located`, one of the annotation guide's, or `strict`: all that the score demands together;
- `n_documents`: annotated documents that state the family; `n_gold`: their statements of it;
- `n_found`: statements that extraction found there; `n_right`: of these, those whose slot is as annotated;
- `measured_on`: the day.

Precision and recall follow, n_right of n_found and of n_gold. `python -m tests.golden.quality` writes the file, nobody
by hand; where it is absent nothing was measured.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import duckdb

from gongbao import project
from gongbao.errors import UsageError
from gongbao.warehouse import insert

FILE = "extraction_quality.csv"
_AGAIN = "write it anew with python -m tests.golden.quality"


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of the file; the counts are of documents and statements."""

    extractor_version: str
    normaliser_version: str
    theme: str
    slot: str
    n_documents: int
    n_gold: int
    n_found: int
    n_right: int
    measured_on: date


COLUMNS = tuple(field.name for field in fields(Figures))


def load_quality(connection: duckdb.DuckDBPyConnection) -> int:
    """Replace `core.extraction_quality` by the file; the number of rows. Raises `UsageError` with the line at fault."""
    rows = read_quality()
    connection.execute("delete from core.extraction_quality")
    insert(connection, "core.extraction_quality", [asdict(row) for row in rows])
    return len(rows)


def quality_file() -> Path:
    """Where the file lies."""
    return project.folder("expectations") / FILE


def read_quality() -> list[Figures]:
    """The file's rows, none where it is absent. Raises `UsageError` with the line at fault."""
    path = quality_file()
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise UsageError(f"expectations/{FILE}: the header is not {','.join(COLUMNS)}", _AGAIN)
        return [_figures(row, f"expectations/{FILE} line {reader.line_num}") for row in reader]


def _figures(row: dict[str, str], where: str) -> Figures:
    if None in row or None in row.values():
        raise UsageError(f"{where}: not as many cells as the header has", _AGAIN)
    try:
        return Figures(
            extractor_version=row["extractor_version"],
            normaliser_version=row["normaliser_version"],
            theme=row["theme"],
            slot=row["slot"],
            n_documents=int(row["n_documents"]),
            n_gold=int(row["n_gold"]),
            n_found=int(row["n_found"]),
            n_right=int(row["n_right"]),
            measured_on=date.fromisoformat(row["measured_on"]),
        )
    except ValueError as error:
        raise UsageError(f"{where}: a count or the date cannot be read ({error})", _AGAIN) from None
