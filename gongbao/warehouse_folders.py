"""The folders of a warehouse: made before a run, of which some are for everybody to read and the others are not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gongbao import storage_errors
from gongbao.errors import GongbaoError, UsageError

RELEASES = "releases"
PRIVATE = ("blobs", "quarantine", "ledger")
"""Folders that hold whole documents, or names from outside."""


def require_writable(root: Path, database: str) -> None:
    """Make the folders of a warehouse.

    Raises `UsageError` where the path is no folder, `GongbaoError` where one cannot be written: before hours of work.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"the warehouse {root} is no folder", "name another; it need not exist yet")
    folders = [root, *(root / name for name in (*PRIVATE, RELEASES))]
    try:
        _make_folders(root, root / database)
    except OSError as error:
        what = f"cannot write the warehouse {root} ({error.strerror})"
        raise GongbaoError(what, storage_errors.WRITABLE) from error
    if refused := next((folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)), None):
        raise GongbaoError(f"cannot write the folder {refused}", storage_errors.WRITABLE)


def _make_folders(root: Path, database: Path) -> None:
    """What is published is for everybody to read, all else for the account of the run alone, whatever its umask."""
    for folder in (root, root / RELEASES):
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o755)
    for folder in (root / name for name in PRIVATE):
        folder.mkdir(exist_ok=True)
        _close_to_others(folder)
    if database.is_file():
        _close_to_others(database)


def _close_to_others(path: Path) -> None:
    """Older versions left it to the umask. What is another account's stays as that one has it."""
    found = path.stat()
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        path.chmod(stat.S_IMODE(found.st_mode) & 0o700)
