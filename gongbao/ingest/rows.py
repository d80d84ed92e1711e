"""Rows that wait to be inserted: one Arrow insert for many documents, bounded in memory."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from gongbao.ingest.grids import insert_cells
from gongbao.warehouse import insert

# Rows wait in memory up to about this many characters, a row counting some for itself.
_BATCH_CHARACTERS = 50_000_000
_ROW_OVERHEAD = 500


class Rows:
    """Rows by relation; `flush` inserts them all, in the order of the relations' names."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._cells: list[tuple[str, pa.Table]] = []
        self._waiting = 0

    def add(self, relation: str, row: dict[str, Any]) -> None:
        """Keep a row, or insert all where many wait."""
        self._rows.setdefault(relation, []).append(row)
        self._wait(len(row.get("content") or "") + _ROW_OVERHEAD)

    def add_cells(self, text_id: str, cells: pa.Table) -> None:
        """Keep the cells of a grid, as `grids.cell_columns` gives them, or insert all where many wait."""
        self._cells.append((text_id, cells))
        self._wait(cells.nbytes)

    def flush(self) -> None:
        """Insert what waits."""
        for relation in sorted(self._rows):
            insert(self._connection, relation, self._rows[relation])
        insert_cells(self._connection, self._cells)
        self._rows.clear()
        self._cells.clear()
        self._waiting = 0

    def _wait(self, size: int) -> None:
        self._waiting += size
        if self._waiting > _BATCH_CHARACTERS:
            self.flush()
