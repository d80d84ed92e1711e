"""Tables in csv: one sheet, called after the file; every cell is text, without the blanks and TABs that end it.

The separator is the one of comma, TAB and semicolon that gives the same number of fields on most lines. Empty lines are
rows, as in a spreadsheet program, and a last column without any text is none: exports end each line with a separator,
and some put a TAB before each, so that Excel takes numbers for text. A row with a field too few or too many for the
rows around it is ragged: it is kept, and none of its figures is read. A table whose cells are whole documents is
refused: it is a collection of texts, not a table of figures.

Warnings: ragged_rows, formula_text (a cell that a spreadsheet program would compute), unusual_separator,
mixed_line_ends.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath

from gongbao.errors import UnreadableDocument
from gongbao.grid import Cell, Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.text import DecodedText, check, decode

NAME = "delimited"

_LONGEST_CELL = 2_000
_LOOKED_AT = 1_000_000
# What a spreadsheet program computes when it opens the csv; a signed number or a lone dash is none.
_FORMULA = re.compile(r"\s*(?:[=@＝＠]|[+\-＋－](?:[A-Za-z]{1,20}\(|\d{1,20}(?:\.\d{1,20})?\s{0,3}[+\-*/]\s{0,3}\d))")
_QUOTED = re.compile(r'(?<![^,;\t\n"])"[^"]*"')


def read_delimited(data: bytes, name: str, limits: Limits) -> tuple[tuple[Sheet, ...], DecodedText, tuple[str, ...]]:
    """The one sheet of a csv table, how its text was decoded, and warning codes.

    Raises `UnreadableDocument`: those of `decode` and `check`, damaged (a quote that never closes), unsupported_format
    (texts in cells), not_a_table, oversize.
    """
    decoded = check(decode(data, name), name, limits)
    separator, table = separated(decoded.content)
    rows, ragged = _rows(table, separator, name)
    width = max(map(len, rows), default=0)
    if width > limits.sheet_columns or width * len(rows) > limits.sheet_cells:
        raise UnreadableDocument("oversize", f"{name} is {len(rows):,} rows by {width:,} columns", "split the table")
    filled = sum(map(bool, rows))
    if filled < 2 or width < 2:
        raise UnreadableDocument("not_a_table", f"{name} has {filled} rows of {width} fields", "send a filled table")
    cells = {text: Cell(text) for row in rows for text in ("", *row)}
    padded = tuple(tuple(cells[text] for text in (*row, *[""] * (width - len(row)))) for row in rows)
    odd = {
        "ragged_rows": bool(ragged),
        "formula_text": any(map(_FORMULA.match, cells)),
        "unusual_separator": separator == ";",
        "mixed_line_ends": b"\r\n" in data and b"\r" in data.replace(b"\r\n", b""),
    }
    sheet = Sheet(PurePosixPath(name).stem, padded, ragged=ragged)
    return (sheet,), decoded, tuple(code for code, is_so in odd.items() if is_so)


def _rows(table: str, separator: str, name: str) -> tuple[list[list[str]], tuple[int, ...]]:
    """The fields of each row up to its last filled one, no empty rows at the end; and the numbers of ragged rows."""
    try:
        rows = _parsed(table, separator)
    except csv.Error as error:
        if "field larger" in str(error):
            raise _texts(name) from None
        raise UnreadableDocument("damaged", f"{name} is no readable csv ({error})", "export the table again") from None
    if any(len(text) > _LONGEST_CELL for row in rows for text in row):
        raise _texts(name)
    written = [len(row) for row in rows]
    bare = [[text.lstrip("\t").rstrip() for text in row] for row in rows]
    for row in bare:
        while row and not row[-1]:
            row.pop()
    while bare and not bare[-1]:
        bare.pop()
    return bare, tuple(_ragged(bare, written))


def _ragged(rows: list[list[str]], written: list[int]) -> Iterator[int]:
    """The numbers of rows that do not fit the rows around them, between empty rows.

    `written` are the fields as they stand: most rows agree, and of those the widest says how many are filled at all.
    A row of one filled field is a title or a note.
    """
    for is_filled, run in groupby(range(len(rows)), key=lambda at: bool(rows[at])):
        table = [at for at in run if len(rows[at]) > 1]
        if not is_filled or len(table) < 3:
            continue
        usual, times = max(Counter(written[at] for at in table).items(), key=lambda found: (found[1], found[0]))
        width = max(len(rows[at]) for at in table if written[at] == usual)
        if times > 1:
            yield from (at + 1 for at in table if written[at] < width or len(rows[at]) > width)


def _parsed(table: str, separator: str) -> list[list[str]]:
    """The rows as they stand; blanks between a closing quote and the separator, which csv has not, are passed over."""
    lines = table.split("\n")
    try:
        return list(csv.reader((line + "\n" for line in lines), delimiter=separator, strict=True))
    except csv.Error as error:
        if "expected after" not in str(error):
            raise
    between = " " if separator == "\t" else r" \t"
    blanks = re.compile(rf'(?<=[^"{separator}])"[{between}]+(?={separator}|$)')
    tidied = (blanks.sub('"', line) + "\n" for line in lines)
    return list(csv.reader(tidied, delimiter=separator, strict=True))


def separated(content: str) -> tuple[str, str]:
    """The separator of a csv text, and the text without the line `sep=;` that Excel writes before some."""
    if content.startswith("sep="):
        content = content.partition("\n")[2]
    # What stands in quotes separates nothing: whole texts do, with their own commas and line ends.
    bare = _QUOTED.sub("", content[:_LOOKED_AT]).split("\n")
    return max(",\t;", key=lambda mark: _agreement(bare, mark)), content


def _agreement(lines: list[str], separator: str) -> tuple[int, int]:
    """How many of the first lines agree on their number of separators, and on how many; none agree on zero."""
    counts = Counter(line.count(separator) for line in lines[:200])
    counts.pop(0, None)
    (fields, agreeing), *_ = counts.most_common(1) or [(0, 0)]
    return agreeing, fields


def _texts(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "unsupported_format", f"{name} holds whole texts in its cells", "send each text as a .txt file of its own"
    )
