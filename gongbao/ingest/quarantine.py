"""Quarantine: one row of `ops.quarantine` and one file `quarantine/<id>.json` for each refused content or name.

    {"id": "…", "source": "…", "uri": "…", "reason": "…", "detail": "…", "remedy": "…", "size_bytes": 1234,
     "gone": false}

`id` is the sha256 of the bytes, else (nothing could be read) of source and name; `size_bytes` is null in the second
case. A refusal by name ends when the file can be read, or is gone: nothing of it is kept. One of content stays until a
newer reader accepts the blob; `gone` says that no inbox of the last night held it any more, so that it is no fault of
that night. An inbox that could not be listed leaves its refusals as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from gongbao.harmless import harmless_json
from gongbao.ingest.report import Refusal
from gongbao.ingest.store import flush_names, sweep, write_whole


def name_id(source: str, uri: str) -> str:
    """The id of a file whose bytes could not be read: the sha256 of its source and name."""
    return hashlib.sha256(f"{source}\0{uri}".encode()).hexdigest()


def settle(
    connection: duckdb.DuckDBPyConnection, lying: Mapping[str, tuple[str, str]], unreached: Sequence[str]
) -> int:
    """Mark as gone the refusals that no inbox holds any more, end those by name; returns how many are gone.

    `lying`: this night's refusals with the first (source, uri) of each; `unreached`: sources that could not be listed.
    """
    count = 0
    for quarantine_id, source, uri, size_bytes, was_gone, is_unreached in connection.execute(
        """
        select quarantine_id, source_name, uri, size_bytes, gone, quarantine_id in (
            select sha256 from raw.source_item where source_name in (select unnest(?))
        )
        from ops.quarantine
        where quarantine_id in (select document_id from raw.document where ingest_status = 'quarantined')
        order by quarantine_id
        """,
        [list(unreached)],
    ).fetchall():
        is_gone = quarantine_id not in lying and (was_gone or not is_unreached)
        if is_gone and size_bytes is None:
            forget(connection, quarantine_id)
            continue
        count += is_gone
        now = (is_gone, *lying.get(quarantine_id, (source, uri)))
        if now != (was_gone, source, uri):
            connection.execute(
                "update ops.quarantine set gone = ?, source_name = ?, uri = ? where quarantine_id = ?",
                [*now, quarantine_id],
            )
    return count


def forget(connection: duckdb.DuckDBPyConnection, quarantine_id: str) -> None:
    """Take a refusal back: its quarantine row and its document row."""
    connection.execute("delete from ops.quarantine where quarantine_id = ?", [quarantine_id])
    connection.execute(
        "delete from raw.document where document_id = ? and ingest_status = 'quarantined'", [quarantine_id]
    )


def standing(connection: duckdb.DuckDBPyConnection, among: Sequence[str] | None = None) -> tuple[Refusal, ...]:
    """The refusals that lie in a source, of all or of these ids, in the order of sources and paths."""
    rows = connection.execute(
        """
        select source_name, uri, reason, detail, remedy from ops.quarantine
        where not gone and (? is null or quarantine_id in (select unnest(?))) order by all
        """,
        [None if among is None else "these", list(among or ())],
    ).fetchall()
    return tuple(Refusal(*row) for row in rows)


def _written(entry: Mapping[str, Any]) -> bytes:
    """A name from outside is read here by a person, on a terminal: it steers none."""
    return (harmless_json(json.dumps(entry, ensure_ascii=False, indent=2)) + "\n").encode()


def write_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the folder say what `ops.quarantine` says: whole files, none too many, unchanged ones untouched."""
    sweep(folder)
    columns = ("id", "source", "uri", "reason", "detail", "remedy", "size_bytes", "gone")
    rows = connection.execute(
        """
        select quarantine_id, source_name, uri, reason, detail, remedy, size_bytes, gone
        from ops.quarantine order by all
        """
    ).fetchall()
    wanted: dict[str, dict[str, Any]] = {}
    for row in rows:
        wanted.setdefault(f"{row[0]}.json", dict(zip(columns, row, strict=True)))
    for name, entry in wanted.items():
        path, content = folder / name, _written(entry)
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    flush_names(folder)
