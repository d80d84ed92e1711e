"""Lines and templates written into the curator's overlay on the vocabulary: `vocabulary/` beside gongbao.toml."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

from gongbao import reference
from gongbao.errors import GongbaoError


def add_line(folder: Path, name: str, row: Mapping[str, str]) -> bool:
    """Append a row to the overlay's file of that name; false where it stands there already, its note apart.

    The first line of a new file is the vocabulary's own header. Raises `GongbaoError` where it cannot be written.
    """
    if has_line(name, row):
        return False
    columns = list(reference.rows(name)[0])
    path = folder / name
    written = path.read_text("utf-8-sig") if path.exists() else ""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    if not written.strip():
        written = ""
        writer.writeheader()
    elif not written.endswith("\n"):
        written += "\n"
    writer.writerow({column: " ".join(value.split()) for column, value in row.items()})
    _replace(path, written + text.getvalue())
    return True


def has_line(name: str, row: Mapping[str, str]) -> bool:
    """Whether the vocabulary, or its overlay, has the row, its note apart."""
    return any(
        all(value == row.get(column, "") for column, value in known.items() if column != "note")
        for known in reference.rows(name)
    )


def put_text(folder: Path, name: str, text: str) -> None:
    """Write a file of the overlay, in place of an older one. Raises `GongbaoError` where it cannot be written."""
    _replace(folder / name, text)


def _replace(path: Path, text: str) -> None:
    """A file is whole or as before, whatever happens."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)  # shared by curators, unlike a warehouse
        beside.replace(path)
    except OSError as error:
        raise GongbaoError(
            f"cannot write {path} ({error.strerror})", "check its permissions, or set another folder: vocabulary = …"
        ) from error
