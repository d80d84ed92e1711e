"""Formulas of an xlsx that no program has computed: written by a script, they have no cached value to read."""

from __future__ import annotations

import re
import zipfile
from typing import IO

from gongbao.ingest.readers.container import opened

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 15
# A text formula may well have an empty text for its value: those say so by their type.
_WITHOUT_VALUE = re.compile(
    rb"""<(?:\w{1,20}:)?c\b(?![^<>]{0,300}\bt=["']str)[^<>]{0,300}>\s{0,20}<(?:\w{1,20}:)?f\b(?:[^<>]{0,9000}/>|[^<>]{0,300}>[^<>]{0,9000}</[^<>]{0,30}>)\s{0,20}"""
    rb"""(?:<(?:\w{1,20}:)?v\s{0,5}/>\s{0,20}|<(?:\w{1,20}:)?v></(?:\w{1,20}:)?v>\s{0,20})?</(?:\w{1,20}:)?c>"""
)


def lacks_values(workbook: IO[bytes], name: str) -> bool:
    """Whether any formula of the xlsx has no cached value. Raises `UnreadableDocument`: damaged."""
    with opened(workbook, name) as archive:
        return any(
            _part_lacks_values(archive, member.filename)
            for member in archive.infolist()
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
        )


def _part_lacks_values(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as opened_part:
        rest = b""
        while chunk := opened_part.read(_CHUNK):
            seen = rest + chunk
            if (b"<f" in seen or b":f" in seen) and _WITHOUT_VALUE.search(seen):
                return True
            rest = seen[-_LONGEST_CELL:]
    return False
