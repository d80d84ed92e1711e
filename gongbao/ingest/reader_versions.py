"""Versions of the readers: what another version has read, or refused, is read again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path

from gongbao import extract, project, reference

_LIBRARIES = ("lxml", "msoffcrypto-tool", "pypdfium2", "python-calamine", "selectolax")


def version() -> str:
    """The version of the readers, then that of extraction, whose frames stand in the document."""
    return f"{readers_version()}+{extract.version()}"


@cache
def readers_version() -> str:
    """Twelve hex digits that change with the readers, their vocabulary and the libraries that do their work."""
    digest = hashlib.sha256(" ".join(map(package_version, _LIBRARIES)).encode())
    project.hash_tree(digest, Path(__file__).parent, prefix="ingest")
    project.hash_tree(digest, reference.FOLDER / "readers", prefix="reference/readers")
    return digest.hexdigest()[:12]
