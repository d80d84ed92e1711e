"""Formulas of an xlsx without a figure: never computed (a script wrote them: no cached value), or ended in an error."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 15
# A text formula may well have an empty text for its value: those say so by their type.
_WITHOUT_VALUE = re.compile(
    rb"""<(?:\w{1,20}:)?c\b(?![^<>]{0,300}\bt=["']str)[^<>]{0,300}>\s{0,20}<(?:\w{1,20}:)?f\b(?:[^<>]{0,9000}/>|[^<>]{0,300}>[^<>]{0,9000}</[^<>]{0,30}>)\s{0,20}"""
    rb"""(?:<(?:\w{1,20}:)?v\s{0,5}/>\s{0,20}|<(?:\w{1,20}:)?v></(?:\w{1,20}:)?v>\s{0,20})?</(?:\w{1,20}:)?c>"""
)


# A cell of the type of errors: #DIV/0!, #REF!
_ERROR = re.compile(rb"""<(?:\w{1,20}:)?c\b[^<>]{0,300}\bt=["']e["']""")


def without_figures(workbook: zipfile.ZipFile) -> tuple[bool, bool]:
    """Whether any formula of the xlsx has no cached value, and whether any cell is an error."""
    lacks_values = has_errors = False
    for member in workbook.infolist():
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            for seen in _chunks(workbook, member.filename):
                # What a pattern needs is looked for first: most sheets have none of it.
                lacks_values = lacks_values or (
                    (b"<f" in seen or b":f" in seen) and _WITHOUT_VALUE.search(seen) is not None
                )
                has_errors = has_errors or ((b't="e"' in seen or b"t='e'" in seen) and _ERROR.search(seen) is not None)
    return lacks_values, has_errors


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part, a piece at a time, each with the end of the one before: no cell is cut in two."""
    with archive.open(part) as opened_part:
        rest = b""
        while chunk := opened_part.read(_CHUNK):
            seen = rest + chunk
            yield seen
            rest = seen[-_LONGEST_CELL:]
