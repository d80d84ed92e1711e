"""What is fuzzed: the readers of files, the parsers of texts and sheets, and what users and curators write by hand.

Each target says in its `run` what must hold: only documented refusals, nothing lost, spans that cut their quotes.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path

from gongbao import extract, ledger, reference, settings
from gongbao.errors import UnreadableDocument, UsageError, WarehouseDamaged
from gongbao.extract import amounts, numerals
from gongbao.extract.plaintext import fold
from gongbao.extract.sheets import extract_grid, words
from gongbao.extract.sheets.filled_grid import is_number
from gongbao.extract.sheets.template import parse_all
from gongbao.grid import Cell, Sheet, cell_address
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers import parser_process, text
from gongbao.ingest.readers.answer import of_wire, to_wire
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.sniff import refuse_json, sniff
from gongbao.normalise import correction_file
from tests.fuzz import seeds
from tests.fuzz.target import Target
from tests.golden.test_accounting import unaccounted

LIMITS = Limits()
UNFORESEEN = ("parser_failed", "internal_error", "timeout")
"""Reasons that stand for a defect of ours: no reader gives them by itself."""


# Files


@cache
def _folder() -> Path:
    """Where inputs lie while they are read; it goes with the process."""
    kept = tempfile.TemporaryDirectory(prefix="fuzz")
    _kept.append(kept)
    return Path(kept.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def _file(data: bytes, name: str) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def reader(format_: str, name: str) -> Callable[[bytes], object]:
    """A reader as the parser process calls it: a refusal, or an answer that comes through the wire as it was."""

    def run(data: bytes) -> object:
        path = _file(data, "blob")
        try:
            found = parser_process.read(path, name, format_, None, LIMITS)
            wire = json.dumps(to_wire(found, name, LIMITS), ensure_ascii=False)
        except UnreadableDocument as refused:
            return _refused(refused)
        except MemoryError:  # the process's own limit: `parser_process.answer` makes a refusal of it
            return "oversize"
        except BaseException as error:
            if type(error).__module__ != "pyo3_runtime":
                raise
            return "panic"  # of calamine's own; a refusal too (`parser_failed`)
        line = wire.encode() + b"\n"
        assert line.count(b"\n") == 1
        assert json.dumps(to_wire(of_wire(json.loads(line)), name, LIMITS), ensure_ascii=False) == wire
        return wire

    return run


def isolated(parser: ParserProcess, format_: str, name: str) -> Callable[[bytes], object]:
    """The same through a process of its own: what fells a parser in machine code would fell this process too."""

    def run(data: bytes) -> object:
        try:
            found = parser.read(_file(data, "blob"), name, format_)
            return json.dumps(to_wire(found, name, LIMITS), ensure_ascii=False)
        except UnreadableDocument as refused:
            return "panic" if "(PanicException: " in refused.what else _refused(refused)

    return run


def _refused(refused: UnreadableDocument) -> tuple[str, str]:
    assert refused.reason not in UNFORESEEN, refused
    str(refused).encode()  # it goes to the ledger, which is UTF-8
    return refused.reason, str(refused)


NAMES = ("a.txt", "a.csv", "a.xls", "a.html", "a.docx", "a.json")


def taken_in(data: bytes) -> object:
    """What the night's own process does with the bytes of a file: tells its format, and reads plain text."""
    outcomes: list[object] = []
    for name in NAMES:
        try:
            found = sniff(data, name)
            if found.format == "text":
                decoded = text.decode(data, name)
                refuse_json(decoded.content, name)
                checked = text.check(decoded, name, LIMITS)
                assert "\r" not in checked.content
                checked.content.encode()
                outcomes.append(checked)
            outcomes.append(found)
        except UnreadableDocument as refused:
            outcomes.append(_refused(refused))
    return outcomes


# Texts


def numeral(data: bytes) -> object:
    """Numerals by themselves, and all amounts of a text: in order, inside it, apart from each other, finite."""
    written = data.decode("utf-8", "replace")
    folded = fold(written)
    assert len(folded) == len(written)
    worths = [numerals.arabic(written), numerals.chinese(written)]
    found = amounts.find(folded)
    end = 0
    for amount in found:
        assert end <= amount.start < amount.number_end <= amount.end <= len(written)
        end = amount.end
        worths += [amount.value, amount.value_high]
    assert all(worth is None or worth.is_finite() for worth in worths)
    return [(amount.start, amount.end, amount.value, amount.value_high, amount.unit) for amount in found]


def whole_text(data: bytes) -> object:
    """Extraction of a text: every number accounted for, every quote where it was cut, every reason a known one."""
    written = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    found = extract.extract_text(written)
    assert unaccounted(written, found) == []
    for statement in found.statements:
        assert statement.start is not None
        assert statement.end is not None
        assert statement.sentence_start is not None
        assert statement.sentence_end is not None
        assert statement.sentence_start <= statement.start < statement.end <= len(written)
        assert statement.sentence_end <= len(written)
        assert statement.value.is_finite()
    assert {each.reason for each in found.rejections} <= _reasons()
    edges = [(section.start, section.end) for section in found.frame.sections]
    assert all(start < end <= len(written) for start, end in edges)
    assert all(before[1] == after[0] for before, after in pairwise(edges))
    return found


@cache
def _reasons() -> frozenset[str]:
    return frozenset(row["reason"] for row in reference.rows("rejection_reasons.csv"))


# Sheets


def grid(data: bytes) -> object:
    """Extraction of a sheet, TAB between cells: no cell twice, statements of numbers alone, texts as they stand."""
    lines = [line.split("\t")[:20] for line in data.decode("utf-8", "replace").replace("\0", "").split("\n")[:40]]
    width = max(map(len, lines))
    rows = tuple(tuple(_cell(line[at] if at < len(line) else "") for at in range(width)) for line in lines)
    found = extract_grid([Sheet("表", rows)], "表.xlsx")
    texts = {cell_address(row, column): cell for row, line in enumerate(rows, 1) for column, cell in enumerate(line, 1)}
    told = [(each.cell or "", each.text) for each in (*found.statements, *found.rejections)]
    assert len({cell for cell, _ in told}) == len(told)
    assert all(texts[cell].text == said for cell, said in told)
    cells = [texts[each.cell or ""] for each in found.statements]
    assert all(is_number(cell) or words.number_in_unit(words.fold(cell.text)) for cell in cells)
    assert not any(re.fullmatch(r"(19|20)\d\d年", words.fold(cell.text)) for cell in cells)
    return list(found.statements), found.rejections, found.frame


def _cell(written: str) -> Cell:
    return Cell(written[1:], is_number=True) if written.startswith("=") and _is_decimal(written[1:]) else Cell(written)


def _is_decimal(written: str) -> bool:
    return written.isascii() and written.replace(".", "", 1).removeprefix("-").isdigit()


# Written by hand


def template(data: bytes) -> object:
    """A sheet template: read, or refused with its line."""
    try:
        return repr(parse_all("fuzz.yaml", data.decode("utf-8", "replace")))
    except UsageError as error:
        return str(error)


OVERLAID = "caveats.csv"


def vocabulary(data: bytes) -> object:
    """A curator's vocabulary file: its lines follow ours, or it is refused with its line."""
    (_folder() / "overlay").mkdir(exist_ok=True)
    _file(data, f"overlay/{OVERLAID}")
    with _environment(reference.OVERLAY, str(_folder() / "overlay")):
        reference.rows.cache_clear()
        try:
            return [tuple(row.items()) for row in reference.rows(OVERLAID)], [
                reference.where(OVERLAID, row) for row in reference.overlay_rows(OVERLAID)
            ]
        except UsageError as error:
            return str(error)
        finally:
            reference.rows.cache_clear()


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name) if before is None else os.environ.update({name: before})


def project_file(data: bytes) -> object:
    """`gongbao.toml`: settings, or a usage error."""
    _file(data, settings.FILE)
    with chdir(_folder()), _environment(reference.OVERLAY, ""):
        try:
            found = settings.load()
            return repr((found, found.sources(), found.parse_limits()))
        except UsageError as error:
            return str(error)


def corrections(data: bytes) -> object:
    """A curator's corrections: records whose figures can be looked for, or a usage error with its line."""
    path = _file(data, "corrections.yml")
    try:
        found = correction_file.read(path)
    except UsageError as error:
        return str(error)
    return [(each, each.correction_id, each.target, each.start, each.cell) for each in found]


def ledger_lines(data: bytes) -> object:
    """A ledger: its whole lines, or the line at fault."""
    path = _file(data, "sightings.jsonl")
    try:
        return ledger.read(path, lambda entry: (entry["sha256"], int(entry["run"])))
    except WarehouseDamaged as error:
        return str(error)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("taken_in", taken_in, seeds.any_file, ("<html>", "{", "PK", "%PDF-", "\ufeff")),
        Target("html", reader("html", "a.html"), seeds.pages, seeds.TAGS),
        Target("html_workbook", reader("html_workbook", "a.xls"), seeds.table_pages, seeds.TAGS),
        Target("pdf", reader("pdf", "a.pdf"), seeds.pdfs, seeds.OPERATORS, 16_384),
        Target("docx", reader("docx", "a.docx"), seeds.documents, seeds.WORDML, 16_384),
        Target("xlsx", reader("workbook", "a.xlsx"), seeds.workbooks, seeds.SHEETML, 32_768),
        Target("opendocument", reader("workbook", "a.ods"), seeds.opendocuments, seeds.ODF, 16_384),
        Target("xls", reader("workbook", "a.xls"), seeds.old_workbooks, (), 16_384),
        Target("delimited", reader("delimited", "a.csv"), seeds.tables, seeds.CSV),
        Target("numerals", numeral, seeds.numbers, seeds.NUMERALS, 400),
        Target("text", whole_text, seeds.texts, seeds.PHRASES),
        Target("sheet", grid, seeds.grids, seeds.LABELS, 1024),
        Target("template", template, seeds.templates, seeds.YAML),
        Target("vocabulary", vocabulary, seeds.vocabulary, ('"', ",", "\r\n", "\ufeff"), 1024),
        Target("settings", project_file, seeds.settings, seeds.TOML, 1024),
        Target("corrections", corrections, seeds.corrections, seeds.YAML, 1024),
        Target("ledger", ledger_lines, seeds.ledgers, ('"', "{", "}", "[", "\\u0000", "null"), 1024),
    )
}
FORMATS = {
    "html": "html", "html_workbook": "html_workbook", "pdf": "pdf", "docx": "docx", "xlsx": "workbook",
    "opendocument": "workbook", "xls": "workbook", "delimited": "delimited",
}  # fmt: skip
"""The readers by their targets."""
NATIVE = ("pdf", "xlsx", "opendocument", "xls")
"""Those whose parsers are machine code: for a cell in row 99,999,999 calamine asks for more memory than there is."""
