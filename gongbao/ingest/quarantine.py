"""Quarantine: one row of `ops.quarantine` and one file `quarantine/<id>.json` for each refused content or name.

    {"id": "…", "source": "…", "uri": "…", "reason": "…", "detail": "…", "remedy": "…", "size_bytes": 1234}

`id` is the sha256 of the bytes, else (nothing could be read) of the name; `size_bytes` is null in the second case.
A refusal by name ends when the file can be read, or is gone. One of content stays until a newer reader accepts it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import duckdb

from gongbao.ingest.store import flush_names, sweep, write_whole


def name_id(uri: str) -> str:
    """The id of a file whose bytes could not be read: the sha256 of its name."""
    return hashlib.sha256(uri.encode()).hexdigest()


def release_names(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[str], still_refused: Collection[tuple[str, str]]
) -> None:
    """End the refusals by name in `sources` that are not among this night's (source, uri)."""
    for quarantine_id, source, uri in connection.execute(
        "select quarantine_id, source_name, uri from ops.quarantine where size_bytes is null order by all"
    ).fetchall():
        if source in sources and (source, uri) not in still_refused:
            forget(connection, quarantine_id)


def forget(connection: duckdb.DuckDBPyConnection, quarantine_id: str) -> None:
    """Take a refusal back: its quarantine row and its document row."""
    connection.execute("delete from ops.quarantine where quarantine_id = ?", [quarantine_id])
    connection.execute(
        "delete from raw.document where document_id = ? and ingest_status = 'quarantined'", [quarantine_id]
    )


def write_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the folder say what `ops.quarantine` says: whole files, none too many, unchanged ones untouched."""
    sweep(folder)
    columns = ("id", "source", "uri", "reason", "detail", "remedy", "size_bytes")
    rows = connection.execute(
        "select quarantine_id, source_name, uri, reason, detail, remedy, size_bytes from ops.quarantine order by all"
    ).fetchall()
    wanted: dict[str, dict[str, Any]] = {}
    for row in rows:
        wanted.setdefault(f"{row[0]}.json", dict(zip(columns, row, strict=True)))
    for name, entry in wanted.items():
        path, content = folder / name, (json.dumps(entry, ensure_ascii=False, indent=2) + "\n").encode()
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    flush_names(folder)
