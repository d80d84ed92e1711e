"""The extractor's version: a hash over its own sources, the grid that it reads, and the vocabulary."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Final

from gongbao import compiled, grid, reference
from gongbao.extract import vocabulary

_FILES: Final = (
    "indicators.csv", "place_aliases.csv", "place_ethnic_names.csv", "place_history.csv", "places.csv", "units.csv",
)  # fmt: skip
"""What the reading of texts and sheets depends on besides: places by their names, and the words of templates."""


@cache
def version(of_grids: bool = False) -> str:
    """Twelve hex digits that change with the sources and the vocabulary of extraction, and with OpenCC.

    The templates of sheets are part of it for grids alone: a template that a curator accepts concerns no text.
    """
    digest = hashlib.sha256(package_version("opencc").encode())  # its table of signs
    for source in (*sorted(compiled.SOURCES.rglob("*.py")), Path(grid.__file__)):
        digest.update(f"{source.relative_to(compiled.SOURCES.parent)}\0".encode())
        digest.update(source.read_bytes())
    templates = reference.names("sheets/*.yaml") if of_grids else []
    digest.update(reference.content_hash([*vocabulary.FILES, *_FILES, *templates]).encode())
    return digest.hexdigest()[:12]
