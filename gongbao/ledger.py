"""Ledgers: `ledger/<name>.jsonl`, one JSON object a line, only ever appended to; what a lost database is filled from.

A last line without its line end is what a killed run left: it is read by nobody and overwritten by the next.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from gongbao.errors import GongbaoError, WarehouseDamaged

T = TypeVar("T")

_PERMISSIONS = "check its permissions, and that its disk is neither full nor mounted read-only"


def append(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Append the entries and flush them to the disk. Raises `GongbaoError` where the file cannot be written."""
    lines = "".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in entries)
    if not lines:
        return
    try:
        with path.open("r+b" if path.exists() else "w+b") as handle:
            written = handle.read()
            handle.truncate(written.rfind(b"\n") + 1)
            handle.seek(0, os.SEEK_END)
            handle.write(lines.encode())
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise GongbaoError(f"cannot write the ledger {path} ({error.strerror})", _PERMISSIONS) from error


def read(path: Path, parse: Callable[[dict[str, Any]], T]) -> list[T]:
    """What `parse` makes of each entry, oldest first; none where there is no such ledger.

    Raises `WarehouseDamaged` with file and line where a line is no JSON object, or `parse` raises KeyError, TypeError,
    ValueError or OverflowError.
    """
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GongbaoError(f"cannot read the ledger {path} ({error.strerror})", _PERMISSIONS) from error
    return [_parsed(path, number, line, parse) for number, line in enumerate(lines, start=1) if line.strip()]


def _parsed(path: Path, number: int, line: bytes, parse: Callable[[dict[str, Any]], T]) -> T:
    remedy = f"take that line out, or take the file from a backup; then run again ({path.name} is only appended to)"
    try:
        entry = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WarehouseDamaged(f"{path} line {number} is no JSON ({error})", remedy) from error
    if not isinstance(entry, dict):
        raise WarehouseDamaged(f"{path} line {number} is no JSON object", remedy)
    try:
        return parse(entry)
    except KeyError as error:
        raise WarehouseDamaged(f"{path} line {number} has no {error}", remedy) from error
    except (TypeError, ValueError, OverflowError) as error:
        raise WarehouseDamaged(f"{path} line {number} cannot be read ({error})", remedy) from error
