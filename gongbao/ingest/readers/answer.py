"""What a parser process found in one file, and its form on the wire between the two processes.

    {"text": {"content", "warnings", "encoding", "stated": {…}}, "warnings": […]}        a document
    {"members": [["key", {"content", …}]], "warnings": […]}                              a table of texts
    {"sheets": [["name", ["text"], ["5533"], [[0, -1], [0, 0]], [[1, 1, 1, 6]]]], "warnings": […]}
    {"refused": {"reason", "what", "remedy"}}

A sheet is a `PackedSheet`: JSON, for what comes from a parser that a file took over must not run here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from gongbao.errors import UnreadableDocument
from gongbao.grid import PackedSheet, Sheet, pack, unpack
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.result import ReadText, Stated


@dataclass(frozen=True, slots=True)
class Answer:
    """One of a text, the members of a table of texts by their keys, and sheets; with warning codes."""

    text: ReadText | None = None
    members: tuple[tuple[str, ReadText], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    warnings: tuple[str, ...] = ()


def to_wire(answer: Answer, name: str, limits: Limits) -> dict[str, Any]:
    """As an object of JSON. Raises `UnreadableDocument` (oversize): a text of a sheet, once here, fills many cells."""
    plain: dict[str, Any] = {"warnings": answer.warnings}
    if answer.text is not None:
        plain["text"] = asdict(answer.text)
    elif answer.members:
        plain["members"] = [(key, asdict(member)) for key, member in answer.members]
    else:
        plain["sheets"] = sheets = [pack(sheet) for sheet in answer.sheets]
        if sum(map(_characters, sheets)) > limits.answer_bytes:
            raise UnreadableDocument(
                "oversize", f"{name} holds over {limits.answer_bytes:,} characters of text", "split the file"
            )
    return plain


def _characters(sheet: PackedSheet) -> int:
    lengths = [*map(len, sheet.texts), *map(len, reversed(sheet.numbers))]
    return sum(lengths[code] * count for code, count in Counter(chain.from_iterable(sheet.rows)).items())


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
    return Answer(sheets=tuple(unpack(*sheet) for sheet in plain["sheets"]), warnings=warnings)


def _text(plain: Mapping[str, Any]) -> ReadText:
    stated = plain["stated"]
    evidence = tuple((slot, element) for slot, element in stated["evidence"])
    return ReadText(
        plain["content"],
        tuple(plain["warnings"]),
        plain["encoding"],
        Stated(stated["title"], stated["publisher"], stated["published_on"], evidence),
    )
