"""What a release's folder holds, the explorer's files included, for tests that compare two of them."""

from __future__ import annotations

import hashlib
from pathlib import Path


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def digests(folder: Path) -> dict[str, str]:
    """A hash of each file, by its name within the folder."""
    root = folder.resolve()
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files(root)}
