"""What a parser process found in one file, and its form on the wire between the two processes.

    {"text": {"content", "warnings", "encoding", "stated": {…}}, "warnings": […]}        a document
    {"members": [["key", {"content", …}]], "warnings": […]}                              a table of texts
    {"sheets": [{"name", "rows": [["text", ["5533"]]], "merged": [[1, 1, 1, 6]]}], "warnings": […]}
    {"refused": {"reason", "what", "remedy"}}

A cell is its text, a number's cell a list of its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gongbao.errors import UnreadableDocument
from gongbao.extract.grid import Cell, Sheet
from gongbao.ingest.readers.result import ReadText, Stated


@dataclass(frozen=True, slots=True)
class Answer:
    """One of a text, the members of a table of texts by their keys, and sheets; with warning codes."""

    text: ReadText | None = None
    members: tuple[tuple[str, ReadText], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    warnings: tuple[str, ...] = ()


def to_wire(answer: Answer) -> dict[str, Any]:
    """As an object of JSON."""
    plain: dict[str, Any] = {"warnings": answer.warnings}
    if answer.text is not None:
        plain["text"] = asdict(answer.text)
    elif answer.members:
        plain["members"] = [(key, asdict(member)) for key, member in answer.members]
    else:
        plain["sheets"] = [_plain(sheet) for sheet in answer.sheets]
    return plain


def refusal_to_wire(refused: UnreadableDocument) -> dict[str, Any]:
    """A refusal as an object of JSON."""
    return {"refused": {"reason": refused.reason, "what": refused.what, "remedy": refused.remedy}}


def of_wire(plain: Mapping[str, Any]) -> Answer:
    """The answer again. Raises `UnreadableDocument` where it is a refusal."""
    if "refused" in plain:
        raise UnreadableDocument(**plain["refused"])
    warnings = tuple(plain["warnings"])
    if "text" in plain:
        return Answer(text=_text(plain["text"]), warnings=warnings)
    if "members" in plain:
        return Answer(members=tuple((key, _text(member)) for key, member in plain["members"]), warnings=warnings)
    return Answer(sheets=tuple(_sheet(sheet) for sheet in plain["sheets"]), warnings=warnings)


def _plain(sheet: Sheet) -> dict[str, Any]:
    rows = [[[cell.text] if cell.is_number else cell.text for cell in row] for row in sheet.rows]
    return {"name": sheet.name, "rows": rows, "merged": sheet.merged}


def _text(plain: Mapping[str, Any]) -> ReadText:
    stated = plain["stated"]
    evidence = tuple((slot, element) for slot, element in stated["evidence"])
    return ReadText(
        plain["content"],
        tuple(plain["warnings"]),
        plain["encoding"],
        Stated(stated["title"], stated["publisher"], stated["published_on"], evidence),
    )


def _sheet(plain: Mapping[str, Any]) -> Sheet:
    rows = tuple(
        tuple(Cell(cell) if isinstance(cell, str) else Cell(cell[0], is_number=True) for cell in row)
        for row in plain["rows"]
    )
    return Sheet(plain["name"], rows, tuple((top, left, bottom, right) for top, left, bottom, right in plain["merged"]))
