"""Collections: csv files whose cells are whole texts, a document a row, with columns for its title, date, source.

Columns are told by their names (gongbao/reference/readers/collection_columns.csv, where an earlier name goes before a
later one); a column of texts that no name tells is taken with a warning. Runs in the parser process: cells are longer
than the csv module lets in by itself, and what it lets in is a setting of the whole process.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

from gongbao import reference
from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.delimited import separated
from gongbao.ingest.readers.result import ReadText, Stated
from gongbao.ingest.readers.text import DecodedText, check, decode

NAME = "collection"

# No cell of a table of figures is as long as the first; what is no longer than the second may be a remark in one.
_LONG_TEXT = 2_000
_SHORT_TEXT = 200
_ROWS_LOOKED_AT = 1_000
_LONGEST_KEY = 120

_HAN = re.compile(r"[一-鿿]")
_BLANKS = re.compile(r"\s+")
_IN_NAMES = re.compile(r"[\s_:：-]+")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})|(\d\d)(\d\d))(?!\d)")
_MARKUP = re.compile(r"</(?:p|div|span|td|tr|table|a|h[1-6]|strong)>|<br ?/?>", re.I)
_SIGNS = re.compile(r"[\s\[\]【】（）()|｜:：/<>《》·]+")


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a collection: its row in the file (1 is the header), a name for it unique in the file, its text.

    The key is the title; else, and where a title stands there twice, the address; else the row.
    """

    row: int
    key: str
    text: ReadText


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Sequence[str]

    def cell(self, column: int | None) -> str:
        return self.cells[column].strip() if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows below the header, the column of each slot and its name as written; no names where no header is."""

    rows: Sequence[_Row]
    width: int
    columns: Mapping[str, int]
    names: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def value(self, row: _Row, slot: str) -> str:
        return row.cell(self.columns.get(slot))


def holds_texts(path: Path, name: str, limits: Limits) -> bool:
    """Whether the csv file is a collection of texts rather than a table of figures.

    Raises `UnreadableDocument` where its bytes are no text; a csv that cannot be read is no collection.
    """
    rows: list[list[str]] = []
    try:
        with _long_cells(limits):
            for row in islice(_reader(decode(path.read_bytes(), name).content), _ROWS_LOOKED_AT):
                if any(len(text) > _LONG_TEXT for text in row):
                    return True
                rows.append(row)
    except csv.Error:
        return False
    # Shorter texts make a collection only under a name that says so.
    named = _named(rows[0]).get("text", []) if rows else []
    return any(len(row[column]) > _SHORT_TEXT for row in rows[1:] for column in named if column < len(row))


def read_collection(path: Path, name: str, limits: Limits) -> tuple[Member, ...]:
    """The documents of the csv file in its order.

    Rows without text, and rows whose text is refused while others are not, are counted in warnings of the first
    member: `rows_without_text (2)`. Raises `UnreadableDocument`: those of `text.decode`, damaged (a quote that never
    closes), empty, and those of `text.check` where no row passes.
    """
    decoded = decode(path.read_bytes(), name)
    try:
        with _long_cells(limits):
            rows = [_Row(number, cells) for number, cells in enumerate(_reader(decoded.content), 1)]
    except csv.Error as error:
        raise UnreadableDocument("damaged", f"{name} is no readable csv ({error})", "export the table again") from None
    table = _table([row for row in rows if any(map(str.strip, row.cells))])
    filled = [row for row in table.rows if table.value(row, "text")]
    if not filled:
        raise UnreadableDocument("empty", f"{name} has no row with a text", "send the filled table")
    members, refusals = [], []
    for row, key in zip(filled, _keys(table, filled), strict=True):
        try:
            members.append(Member(row.number, key, _text(table, row, decoded, f"{name} row {row.number}", limits)))
        except UnreadableDocument as refusal:
            refusals.append(refusal)
    if not members:
        raise refusals[0]
    skipped = {"rows_without_text": len(table.rows) - len(filled), "rows_refused": len(refusals)}
    counted = tuple(f"{code} ({count})" for code, count in skipped.items() if count)
    first = members[0]
    return (replace(first, text=replace(first.text, warnings=(*first.text.warnings, *counted))), *members[1:])


def _reader(content: str) -> Iterator[list[str]]:
    separator, table = separated(content)
    return csv.reader(io.StringIO(table, newline=""), delimiter=separator, strict=True)


@contextmanager
def _long_cells(limits: Limits) -> Iterator[None]:
    """Let cells as long as a file be read, and only here."""
    before = csv.field_size_limit(limits.file_bytes)
    try:
        yield
    finally:
        csv.field_size_limit(before)


# Columns


@cache
def _slots() -> dict[str, tuple[int, str]]:
    """The rank and slot of each name of a column."""
    rows = reference.rows("readers/collection_columns.csv")
    return {_plain(row["name"]): (rank, row["slot"]) for rank, row in enumerate(rows)}


def _plain(name: str) -> str:
    return _IN_NAMES.sub("", name).casefold()


def _named(header: Sequence[str]) -> dict[str, list[int]]:
    """The columns of each slot that a header names, the best name first."""
    ranked = sorted((*_slots()[_plain(name)], at) for at, name in enumerate(header) if _plain(name) in _slots())
    found: dict[str, list[int]] = {}
    for _, slot, column in ranked:
        found.setdefault(slot, []).append(column)
    return found


def _table(rows: Sequence[_Row]) -> _Table:
    if not rows:
        return _Table((), 0, {}, {})
    header, below = rows[0].cells, rows[1:]
    columns: dict[str, int] = {}
    for slot, named in _named(header).items():
        # A column that is empty throughout tells nothing: then the next name.
        columns[slot] = next((column for column in named if any(row.cell(column) for row in below)), named[0])
    warnings: tuple[str, ...] = ()
    if "text" not in columns:
        lengths: Counter[int] = Counter()
        for row in rows:
            lengths.update({column: len(text) for column, text in enumerate(row.cells)})
        columns["text"] = lengths.most_common(1)[0][0]
        warnings = ("text_column_guessed",)
        if len(rows[0].cell(columns["text"])) > _SHORT_TEXT:  # no header at all
            return _Table(rows, len(header), columns, {}, warnings)
    names = {slot: header[column].strip() for slot, column in columns.items()}
    return _Table(below, len(header), columns, names, warnings)


# Members


def _keys(table: _Table, rows: Sequence[_Row]) -> Iterator[str]:
    """A key for each row; which it is depends on no order, so that a row more leaves the others' as they are."""
    titles, addresses = ([_key(table.value(row, slot)) for row in rows] for slot in ("title", "url"))
    # As often as they stand there as either.
    seen = Counter(titles) + Counter(addresses)
    for row, title, address in zip(rows, titles, addresses, strict=True):
        unique = [each for each in (title, address) if each and seen[each] == 1]
        yield unique[0] if unique else f"{title} row {row.number}".strip()


def _key(value: str) -> str:
    return _BLANKS.sub(" ", value)[:_LONGEST_KEY].strip()


def _text(table: _Table, row: _Row, decoded: DecodedText, name: str, limits: Limits) -> ReadText:
    if table.names and any(map(str.strip, row.cells[table.width :])):
        # A comma that no quotes enclose has cut the text: what follows it stands beyond the last column.
        raise UnreadableDocument("damaged", f"{name} has more cells than the header", "quote the cells with commas")
    content = _without_furniture(table.value(row, "text"))
    # Damage in one row is none of the others: `check` finds it where it stands.
    inherited = tuple(code for code in decoded.warnings if code != "damaged_characters")
    marked = ("markup_in_text",) if _MARKUP.search(content) else ()
    checked = check(DecodedText(content, decoded.encoding, (*inherited, *table.warnings, *marked)), name, limits)
    return ReadText(checked.content, checked.warnings, decoded.encoding, _stated(table, row))


def _stated(table: _Table, row: _Row) -> Stated:
    title = _BLANKS.sub(" ", table.value(row, "title"))
    publisher = _BLANKS.sub(" ", table.value(row, "publisher"))
    found = {
        "title": title if _HAN.search(title) else None,
        "publisher": publisher if _HAN.search(publisher) and "://" not in publisher else None,
        "published_on": _iso_date(table.value(row, "published_on")),
    }
    evidence = tuple((slot, f"column {table.names[slot]}") for slot, value in found.items() if value)
    return Stated(found["title"], found["publisher"], found["published_on"], evidence)


def _iso_date(text: str) -> str | None:
    """`2026/1/22 10:30`, `2026年1月22日` and `20260122` as an ISO date; null for what is no date of the calendar."""
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


@cache
def _furniture() -> re.Pattern[str]:
    words = sorted((row["word"] for row in reference.rows("readers/collection_furniture.csv")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _without_furniture(text: str) -> str:
    """The text without the lines at its beginning and end that are buttons of the page it was taken from."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if not _is_furniture(line)), len(lines))
    end = next((at for at in range(len(lines), start, -1) if not _is_furniture(lines[at - 1])), start)
    return "\n".join(lines[start:end])


def _is_furniture(line: str) -> bool:
    return len(line) <= _LONGEST_KEY and not _SIGNS.sub("", _furniture().sub("", line))
