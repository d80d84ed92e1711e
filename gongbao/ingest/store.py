"""The content-addressed store: every original under the sha256 of its bytes, written once and never changed.

A blob is written under a temporary name in the same folder, flushed, then renamed: a killed run leaves a temporary
file that the next run removes, never half a blob.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from gongbao.errors import WarehouseDamaged

TEMPORARY = ".tmp"


def content_id(data: bytes) -> str:
    """The sha256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def put(blobs: Path, data: bytes) -> str:
    """Keep the bytes and return their id. Raises `WarehouseDamaged` where a blob of that name has another size."""
    name = content_id(data)
    path = blobs / name
    if path.exists():
        if path.stat().st_size != len(data):
            raise WarehouseDamaged(
                f"blob {path} has {path.stat().st_size} bytes instead of {len(data)}",
                "delete that file and run again: the original is still in the inbox",
            )
        return name
    write_whole(path, data)
    return name


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    with temporary.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


def altered(blobs: Path) -> list[str]:
    """The ids under which something else lies than what they are the hash of, sorted; reads everything."""
    found = []
    for path in sorted(blobs.iterdir()):
        if not path.name.startswith("."):
            with path.open("rb") as handle:
                if hashlib.file_digest(handle, "sha256").hexdigest() != path.name:
                    found.append(path.name)
    return found


def flush_names(folder: Path) -> None:
    """Make the folder's new names last: a rename is safe on the disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what a killed run left half-written; only the run that holds the warehouse may do so."""
    for path in folder.glob(f".*{TEMPORARY}"):
        path.unlink()
