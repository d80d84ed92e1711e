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
from typing import Any

import yaml

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
def documents(folder: str) -> tuple[tuple[str, Any], ...]:
    """The YAML files of a vocabulary folder as (name, content), by name. Raises `UsageError` with the line at fault."""
    found = []
    for path in sorted((FOLDER / folder).glob("*.yaml")):
        try:
            found.append((path.name, yaml.safe_load(path.read_text("utf-8"))))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f" line {mark.line + 1}" if mark else ""
            raise UsageError(f"{folder}/{path.name}{line}: no readable YAML ({error})", "correct the line") from None
    return tuple(found)


def content_hash(names: Iterable[str]) -> str:
    """Sha256 over the named vocabulary files, whatever the order they are named in."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\0".encode())
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()
