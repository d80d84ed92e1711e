"""A release: the staged marts as Parquet files in a folder of their own, and `current` switched to it in one step.

    releases/<id>/MART.parquet        snappy, rows in the mart's declared order: the same rows give the same bytes
    releases/<id>/manifest.json       {release_id, code_version, inputs: [{document_id, source_name, ingest_status}],
                                      marts: {NAME: {rows, content, file, bytes, sha256}}, files: {FILE: {bytes,
                                      sha256}}, checks} without a clock, written last; `content` is a hash of the rows
    releases/<id>/datapackage.json, dictionary.html
    releases/.<id>.partial            a release in the making; one that a killed run left is removed by the next
    current -> releases/<id>          a relative link, replaced atomically

The release id is a hash over the manifest as far as it is known before the files are written: the rows of every mart,
the inputs, the checks and the code. What would be published differently has another id; neither a clock nor the order
of arrival enters it. A published folder is never written again, but for files that no longer are what the manifest
says: a reader that holds one of its files reads on undisturbed.
"""

from __future__ import annotations

import hashlib
import json
import os
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

MANIFEST, DATAPACKAGE, DICTIONARY = "manifest.json", "datapackage.json", "dictionary.html"
ROW_GROUP = 122_880


@dataclass(frozen=True, slots=True)
class Release:
    """A published release; `is_new` is false where it was `current` and whole already, and nothing was written."""

    release_id: str
    path: Path
    is_new: bool


def publish(warehouse: Warehouse, verdict_summary: Mapping[str, Any]) -> Release:
    """Write the staged marts to `releases/<id>` and make it `current`; nothing where both are done already.

    `verdict_summary` goes into the manifest as `checks`: JSON values without a clock or a run's id, or the same marts
    would get another id. Raises `ContractBroken` where a staged mart is not as described, and `GongbaoError` where the
    folder cannot be written; `current` is then as it was.
    """
    contract.check(warehouse.connection)
    contents = _contents(warehouse.connection, verdict_summary)
    release_id = hashlib.sha256(_json(contents)).hexdigest()[:16]
    folder = warehouse.releases / release_id
    try:
        _remove_leftovers(warehouse)
        is_written = not _is_whole(folder, contents)
        if is_written:
            _write_release(warehouse, folder, contents)
        is_switched = warehouse.current.resolve() != folder
        if is_switched:
            _switch(warehouse, folder)
    except (OSError, duckdb.IOException) as error:
        raise GongbaoError(
            f"cannot publish release {release_id} under {warehouse.releases} ({error})",
            "`current` is as before; check the disk's space and permissions, then run again",
        ) from error
    return Release(release_id, folder, is_written or is_switched)


def _is_whole(folder: Path, contents: Mapping[str, Any]) -> bool:
    """Whether a release's folder holds every file, and a manifest that says of each what it is now."""
    try:
        return (folder / MANIFEST).read_bytes() == _json(_manifest(folder, folder.name, contents))
    except FileNotFoundError:
        return False


def _manifest(folder: Path, release_id: str, contents: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of the files that lie in the folder."""
    marts = {
        name: mart | {"file": f"{name}.parquet"} | _describe(folder / f"{name}.parquet")
        for name, mart in contents["marts"].items()
    }
    files = {name: _describe(folder / name) for name in (DATAPACKAGE, DICTIONARY)}
    return {"release_id": release_id, **contents, "marts": marts, "files": files}


def _contents(connection: duckdb.DuckDBPyConnection, verdict_summary: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest's part that decides the release id."""
    return {
        "code_version": project.code_version(),
        "inputs": _inputs(connection),
        "marts": {mart.name: _content(connection, mart) for mart in contract.marts()},
        "checks": dict(verdict_summary),
    }


def _content(connection: duckdb.DuckDBPyConnection, mart: contract.Mart) -> dict[str, Any]:
    """The number of a staged mart's rows, and a hash of them, whatever the order in which they lie."""
    values = ", ".join(f"{column.name}::varchar" for column in mart.staged)
    query = f"""
        select count(*), sha256(coalesce(string_agg(row_hash, '' order by row_hash), ''))
        from (select sha256(to_json([{values}])::varchar) as row_hash from marts.{mart.name})
    """
    rows, digest = connection.execute(query).fetchone() or (0, "")
    return {"rows": rows, "content": digest}


def _write_release(warehouse: Warehouse, folder: Path, contents: Mapping[str, Any]) -> None:
    """Write the files beside the folder, then move the whole to its place; over a damaged release, file by file."""
    release_id = folder.name
    partial = warehouse.releases / f".{release_id}.partial"
    partial.mkdir()
    marts = contract.marts()
    for mart in marts:
        _copy(warehouse.connection, mart, partial, release_id)
    (partial / DATAPACKAGE).write_bytes(_json(datapackage(marts, release_id)))
    (partial / DICTIONARY).write_text(dictionary(marts, release_id), "utf-8")
    (partial / MANIFEST).write_bytes(_json(_manifest(partial, release_id, contents)))
    written = sorted(partial.iterdir(), key=lambda path: (path.name == MANIFEST, path.name))
    for path in written:
        path.chmod(0o644)
        _sync(path)
    _sync(partial)
    if folder.is_dir():
        for path in written:
            path.replace(folder / path.name)
        _sync(folder)
        partial.rmdir()
    else:
        partial.rename(folder)
    _sync(warehouse.releases)


def _copy(connection: duckdb.DuckDBPyConnection, mart: contract.Mart, folder: Path, release_id: str) -> None:
    """One mart to its file, in its declared order. The path is a parameter, for DuckDB expands none of those."""
    order = ", ".join(mart.order)
    statement = (
        f"copy (select '{release_id}' as release_id, * from marts.{mart.name} order by {order}) to $path ("
        f"format parquet, compression snappy, parquet_version v1, row_group_size {ROW_GROUP}, "
        f"kv_metadata {{release_id: '{release_id}'}})"
    )
    connection.execute(statement, {"path": str(folder / f"{mart.name}.parquet")})


def _inputs(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    rows = connection.execute(
        "select document_id, source_name, ingest_status from marts.document order by document_id"
    ).fetchall()
    return [dict(zip(("document_id", "source_name", "ingest_status"), row, strict=True)) for row in rows]


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


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
