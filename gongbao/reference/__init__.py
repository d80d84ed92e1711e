"""The vocabulary as data: every file here is read through these functions and never written by the program.

CSV files are UTF-8 with a header row; a list inside a cell is separated by `|`. What each file means stands in
gongbao/reference/README.md. Nothing here imports another part of the package but its errors.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from gongbao.errors import UsageError

FOLDER = Path(__file__).parent


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a vocabulary file as dictionaries, in file order. Raises `UsageError` with the line at fault."""
    path = FOLDER / name
    if not path.exists():
        raise UsageError(f"vocabulary file {name} is missing", "restore it from the repository")
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        found = []
        for row in reader:
            if None in row or None in row.values():
                raise UsageError(
                    f"{name} line {reader.line_num}: not as many cells as the header has", "quote cells with commas"
                )
            found.append(row)
    return tuple(found)


@cache
def texts(folder: str) -> tuple[tuple[str, str], ...]:
    """The YAML files of a vocabulary folder as (name, text), by name: who reads one tells the lines of its errors."""
    return tuple((path.name, path.read_text("utf-8")) for path in sorted((FOLDER / folder).glob("*.yaml")))


def content_hash(names: Iterable[str]) -> str:
    """Sha256 over the named vocabulary files, whatever the order they are named in."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\0".encode())
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()
