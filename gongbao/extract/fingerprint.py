"""The extractor's version: a hash over its own sources and the vocabulary they read."""

from __future__ import annotations

import hashlib
from functools import cache

from gongbao import compiled, reference
from gongbao.extract import vocabulary


@cache
def version() -> str:
    """Twelve hex digits that change with every change of the sources or the vocabulary of extraction."""
    digest = hashlib.sha256()
    for source in sorted(compiled.SOURCES.rglob("*.py")):
        digest.update(f"{source.relative_to(compiled.SOURCES)}\0".encode())
        digest.update(source.read_bytes())
    sheets = sorted(str(path.relative_to(reference.FOLDER)) for path in reference.FOLDER.glob("sheets/*.yaml"))
    digest.update(
        reference.content_hash([*vocabulary.FILES, "places.csv", "indicators.csv", "units.csv", *sheets]).encode()
    )
    return digest.hexdigest()[:12]
