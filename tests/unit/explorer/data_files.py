"""Data files of the explorer, read as its page reads them: the script's call, and each table's Parquet in it."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def call(script: bytes) -> tuple[str, str, dict[str, str]]:
    """The name, release and encoded tables that a data file hands to the page."""
    matched = re.fullmatch(r"gongbao\.shard\((.*)\);\n", script.decode("ascii"))
    assert matched, script[:200]
    name, release_id, tables = json.loads(f"[{matched[1]}]")
    return name, release_id, tables


def files(release: Path) -> dict[str, Path]:
    """Each data file by the name that the page asks for."""
    data = release / "explorer" / "data"
    return {path.relative_to(data).with_suffix("").as_posix(): path for path in data.rglob("*.js")}


def parquet_of(release: Path, name: str) -> dict[str, bytes]:
    _, _, tables = call(files(release)[name].read_bytes())
    return {table: base64.b64decode(encoded, validate=True) for table, encoded in tables.items()}


def tables(release: Path, name: str) -> dict[str, pa.Table]:
    return {table: pq.read_table(pa.BufferReader(content)) for table, content in parquet_of(release, name).items()}


def rows(release: Path, name: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables(release, name)[table].to_pylist()
    return found
