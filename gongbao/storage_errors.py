"""What the disk and the database say when they fail, as errors on which an operator can act.

Either may fail at any statement of a night. So whoever has a warehouse open is told of it once, where the night or the
warehouse is closed.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from gongbao.errors import GongbaoError, WarehouseDamaged

REBUILT = (
    "move it away, and its .wal where there is one, and keep both; the next run rebuilds it from blobs/ and ledger/"
)
WRITABLE = "check its permissions, and that its disk is neither full nor mounted read-only"
_FULL = re.compile(
    "Could not write|Could not fsync|Could not truncate|No space left|File too large|Disk quota|max_temp_directory_size"
)
_READ_ONLY = re.compile("Read-only file system|Permission denied|Operation not permitted")
_NEWER = re.compile(r"database file with version number (\S+?),? but we can only read")
_DAMAGED = re.compile(
    "Corrupt database file|Could not read enough bytes|not a valid DuckDB|Failure while replaying WAL|[Cc]hecksum|"
    "Serialization Error|WAL file|deserialize"
)
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def told(error: BaseException, root: Path) -> GongbaoError | None:
    """What is wrong with the warehouse's disk or database, and the remedy; None where the error is of another kind."""
    if isinstance(error, duckdb.Error):
        return _of_database(error, root)
    if isinstance(error, OSError):
        return _of_disk(error, root)
    return None


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Raises what `told` makes of an error in the block, in its place."""
    try:
        yield
    except Exception as error:
        if explanation := told(error, root):
            raise explanation from error
        raise


def is_of_storage(error: BaseException) -> bool:
    """Whether the error is one that `told` explains."""
    return told(error, Path()) is not None


def _of_database(error: duckdb.Error, root: Path) -> GongbaoError | None:
    said = " ".join(str(error).split())
    if _FULL.search(said):
        return GongbaoError(f"the disk of the warehouse {root} takes no more ({said})", _free(root))
    if _READ_ONLY.search(said):
        return GongbaoError(f"the database of the warehouse {root} cannot be written ({said})", WRITABLE)
    if newer := _NEWER.search(said):
        what = f"the database of the warehouse {root} is of a newer DuckDB (storage version {newer[1]})"
        return WarehouseDamaged(what, "upgrade gongbao, or point it at another warehouse")
    if _DAMAGED.search(said):
        return WarehouseDamaged(f"the database of the warehouse {root} is damaged ({said})", REBUILT)
    return None


def _of_disk(error: OSError, root: Path) -> GongbaoError | None:
    where = Path(str(error.filename)) if error.filename else root
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return GongbaoError(f"the disk takes no more at {where} ({error.strerror})", _free(root))
    if error.errno in _DISK_ERRORS or where.is_relative_to(root):
        return GongbaoError(f"{where} cannot be read or written ({error.strerror})", WRITABLE)
    return None


def _free(root: Path) -> str:
    return f"free space on the disk of {root}, then run again: what was done is kept, and `current` is as before"
