"""A release: the staged marts as Parquet files in a folder of their own, and `current` switched to it in one step.

    releases/<id>/MART.parquet        snappy, rows in the mart's declared order: the same rows give the same bytes
    releases/<id>/manifest.json       {release_id, code_version, inputs: [{document_id, source_name, ingest_status}],
                                      marts: {NAME: {file, rows, bytes, sha256}}, files: {FILE: {bytes, sha256}},
                                      checks} without a clock, written last
    releases/<id>/datapackage.json, dictionary.html
    releases/.<id>.partial            a release in the making; one that a killed run left is removed by the next
    current -> releases/<id>          a relative link, replaced atomically

A published folder is never written again: a reader that holds one of its files reads on undisturbed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from gongbao import project
from gongbao.errors import GongbaoError
from gongbao.publish import contract
from gongbao.publish.dictionary import datapackage, dictionary
from gongbao.warehouse import Warehouse

MANIFEST = "manifest.json"
ROW_GROUP = 122_880

# What decides the marts beside the code: every document as it was read, and where its content was seen.
INPUTS = (
    "select * exclude (first_seen_at) from raw.document order by document_id, file_name, source_name",
    "select distinct source_name, uri, sha256 from raw.source_item order by all",
)


@dataclass(frozen=True, slots=True)
class Release:
    """A published release; `is_new` is false where it was `current` already and nothing was written."""

    release_id: str
    path: Path
    is_new: bool


def release_id(warehouse: Warehouse) -> str:
    """The id of what would be published now: 16 hex digits over the documents, the vocabulary and the code.

    Neither a clock nor the order of arrival enters it.
    """
    digest = hashlib.sha256(project.code_version().encode())
    for query in INPUTS:
        for row in warehouse.connection.execute(query).fetchall():
            digest.update(json.dumps(row, ensure_ascii=False, default=str).encode())
    return digest.hexdigest()[:16]


def publish(warehouse: Warehouse, release_id: str, verdict_summary: Mapping[str, Any]) -> Release:
    """Write the staged marts to `releases/<release_id>` and make it `current`; nothing where it is already.

    `verdict_summary` goes into the manifest as `checks`: JSON values without a clock or a run's id, or the same
    release would not have the same bytes. Raises `ContractBroken` where a staged mart is not as described, and
    `GongbaoError` where the folder cannot be written; `current` is then as it was.
    """
    if not re.fullmatch(r"[0-9a-f]{16}", release_id):
        raise ValueError(f"not a release id: {release_id!r}")
    folder = warehouse.releases / release_id
    try:
        _remove_leftovers(warehouse)
        if (folder / MANIFEST).exists():
            is_new = warehouse.current.resolve() != folder
        else:
            contract.check(warehouse.connection)
            _write_release(warehouse, release_id, verdict_summary)
            is_new = True
        if is_new:
            _switch(warehouse, folder)
    except (OSError, duckdb.IOException) as error:
        raise GongbaoError(
            f"cannot publish release {release_id} under {warehouse.releases} ({error})",
            "`current` is as before; check the disk's space and permissions, then run again",
        ) from error
    return Release(release_id, folder, is_new)


def _write_release(warehouse: Warehouse, release_id: str, verdict_summary: Mapping[str, Any]) -> None:
    partial = warehouse.releases / f".{release_id}.partial"
    partial.mkdir()
    marts = contract.marts()
    rows = {mart.name: _copy(warehouse.connection, mart, partial, release_id) for mart in marts}
    _write_json(partial / "datapackage.json", datapackage(marts, release_id))
    (partial / "dictionary.html").write_text(dictionary(marts, release_id), "utf-8")
    described = {path.name: _describe(path) for path in sorted(partial.iterdir())}
    manifest = {
        "release_id": release_id,
        "code_version": project.code_version(),
        "inputs": _inputs(warehouse.connection),
        "marts": {
            name: {"file": f"{name}.parquet", "rows": count} | described.pop(f"{name}.parquet")
            for name, count in rows.items()
        },
        "files": described,
        "checks": dict(verdict_summary),
    }
    _write_json(partial / MANIFEST, manifest)
    for path in sorted(partial.iterdir()):
        path.chmod(0o644)
        _sync(path)
    _sync(partial)
    partial.rename(warehouse.releases / release_id)
    _sync(warehouse.releases)


def _copy(connection: duckdb.DuckDBPyConnection, mart: contract.Mart, folder: Path, release_id: str) -> int:
    """One mart to its file, in its declared order; returns the rows. The path is a parameter: DuckDB expands none."""
    order = ", ".join(mart.order)
    statement = (
        f"copy (select * from marts.{mart.name} order by {order}) to $path (format parquet, compression snappy, "
        f"parquet_version v1, row_group_size {ROW_GROUP}, kv_metadata {{release_id: '{release_id}'}})"
    )
    written = connection.execute(statement, {"path": str(folder / f"{mart.name}.parquet")}).fetchone()
    return int(written[0]) if written else 0


def _inputs(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    rows = connection.execute(
        "select document_id, source_name, ingest_status from raw.document order by document_id, source_name"
    ).fetchall()
    return [dict(zip(("document_id", "source_name", "ingest_status"), row, strict=True)) for row in rows]


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def _switch(warehouse: Warehouse, folder: Path) -> None:
    """Point `current` at the folder: a new link under a name of its own takes the old one's place at once."""
    link = warehouse.root / ".current.partial"
    link.symlink_to(folder.relative_to(warehouse.root))
    link.replace(warehouse.current)
    _sync(warehouse.root)


def _remove_leftovers(warehouse: Warehouse) -> None:
    """What a killed run left behind; the warehouse's lock says that none is at work now."""
    for partial in warehouse.releases.glob(".*.partial"):
        shutil.rmtree(partial)
    (warehouse.root / ".current.partial").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
