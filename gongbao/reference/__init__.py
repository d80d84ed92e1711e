"""The vocabulary as data: every file here is read through these functions and never written by the program.

CSV files are UTF-8 with a header row; a list inside a cell is separated by `|`. What each file means stands in
gongbao/reference/README.md. A curator's overlay, a folder of files of the same names, adds to it: lines of a CSV file
follow those of the file here, a YAML file stands in for the one of its name; that of the readers (`readers/`) has none,
as parsers run without an environment. Settings tell its place in the variable
`OVERLAY`, which worker processes inherit. Nothing here imports another part of the package but its errors.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from gongbao.errors import UsageError

FOLDER = Path(__file__).parent
OVERLAY = "GONGBAO_OVERLAY"
"""The variable by which the settings tell this process, and those it starts, the overlay's folder."""

READERS = "readers/"
"""The folder of what the readers of files need, which is not a curator's."""

Rows = tuple[dict[str, str], ...]


def overlay() -> Path | None:
    """The overlay's folder; null where none is set, or nothing was ever accepted into it."""
    folder = Path(os.environ.get(OVERLAY) or FOLDER)
    return folder if folder != FOLDER and folder.is_dir() else None


def put_on(overlay: Path | None) -> None:
    """Have this overlay in force, or none, in a process that works for another; what was read before stays as it is."""
    os.environ[OVERLAY] = str(overlay or FOLDER)


@cache
def rows(name: str) -> Rows:
    """The rows of a vocabulary file as dictionaries, in file order, then those of the overlay's file.

    Raises `UsageError` with the line at fault.
    """
    header, lines = _lines(name)
    return tuple(dict(zip(header, cells, strict=True)) for cells in lines)


def columns(name: str) -> dict[str, tuple[str, ...]]:
    """What `rows` has, column by column, and not kept: for a large file of which much is never asked for."""
    header, lines = _lines(name)
    return dict(zip(header, zip(*lines, strict=True) if lines else ((),) * len(header), strict=True))


def overlay_rows(name: str) -> Rows:
    """Those of the overlay's file alone. Raises `UsageError` as `rows` does."""
    return rows(name)[len(_table(FOLDER / name, name)[1]) :]


def where(name: str, row: dict[str, str]) -> str:
    """Where a row of `rows` stands: the file, for the overlay's with its path and line."""
    path = (overlay() or FOLDER) / name
    own = overlay_rows(name)
    place = next((number for number, each in enumerate(own) if each is row), None)
    if place is None:
        return name
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        lines = [reader.line_num for cells in reader if cells]
    return f"{path} line {lines[place + 1]}"


@cache
def texts(folder: str) -> tuple[tuple[str, str], ...]:
    """The YAML files of a vocabulary folder as (name, text), by name: who reads one tells the lines of its errors.

    A file of the overlay stands in for the one of its name.
    """
    return tuple((Path(name).name, _text(path)) for name, path in sorted(_paths(f"{folder}/*.yaml").items()))


def names(pattern: str) -> list[str]:
    """The names of the vocabulary's files that match, in the overlay or not, sorted: `sheets/*.yaml`."""
    return sorted(_paths(pattern))


def overlay_files() -> list[str]:
    """The names of the files in the overlay, sorted, and of folders called as a file is; hidden ones apart."""
    folder = overlay()
    if folder is None:
        return []
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() or path.suffix == ".csv")
    return sorted(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))


def content_hash(names: Iterable[str]) -> str:
    """Sha256 over the named vocabulary files and those of the overlay, whatever the order they are named in."""
    digest = hashlib.sha256()
    folder = overlay()
    for name in sorted(names):
        digest.update(f"{name}\0".encode())
        if (FOLDER / name).exists():
            digest.update((FOLDER / name).read_bytes())
        if folder is not None and (folder / name).is_file():
            digest.update(f"overlay\0{name}\0".encode())
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _paths(pattern: str) -> dict[str, Path]:
    """Name → the file that counts: the overlay's, else the one here."""
    folders = [FOLDER, *filter(None, (overlay(),))]
    return {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.glob(pattern)}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"{path} line {line}: no UTF-8", "save the file as UTF-8") from None


def _lines(name: str) -> tuple[list[str], list[list[str]]]:
    """Header and lines of a vocabulary file, those of the overlay's last."""
    path = FOLDER / name
    if not path.exists():
        raise UsageError(f"vocabulary file {name} is missing", "restore it from the repository")
    header, found = _table(path, name)
    folder = overlay()
    if folder is None or name.startswith(READERS) or not (folder / name).exists():
        return header, found
    added_header, added = _table(folder / name, str(folder / name))
    if added_header != header:
        raise UsageError(
            f"{folder / name} line 1: the columns are {','.join(added_header)}",
            f"they must be those of the vocabulary's own file: {','.join(header)}",
        )
    return header, found + added


def _table(path: Path, shown: str) -> tuple[list[str], list[list[str]]]:
    """Header and lines of a CSV file, called `shown` in errors; empty lines are none."""
    if path.is_dir():
        raise UsageError(f"{shown} is a folder", "a file of that name is expected: move the folder away")
    read = 0  # lines up to the end of the last row: where a quotation mark is not closed, the reader is far behind it
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            found = []
            read = reader.line_num
            for cells in reader:
                if len(cells) != len(header) and cells:
                    raise UsageError(
                        f"{shown} line {reader.line_num}: not as many cells as the header has",
                        "quote cells with commas",
                    )
                if cells:
                    found.append(cells)
                read = reader.line_num
            return header, found
    except csv.Error as error:
        raise UsageError(f"{shown} line {read + 1}: {error}", "correct the line's quotes") from None
    except UnicodeDecodeError:
        _text(path)
        raise
    except OSError as error:
        raise UsageError(f"cannot read {shown} ({error.strerror})", "make it a file that can be read") from None
