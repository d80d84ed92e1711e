"""county_comparison.xlsx: the release's figures on seven sheets.

    说明与版本        which release this is, what each sheet holds, what was left out, how lights are judged
    目标完成情况 …    as sheets.yaml lists them, a query of sql/5_workbook/ each

A sheet of data has the columns' names in its first row, which is hidden, their Chinese headings in the second, with the
filter, and nothing merged. Codes are text. A number keeps its bound (以上, 以内, 左右) in its format, so that it stays
a number; one with more digits than a spreadsheet keeps is text. A text is never a formula, whatever it begins with. Of
more than `ROWS` rows those of the newest periods are kept, and the first sheet says how many are not there.

The file has no clock in it: the date of its making is that of the newest document.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gongbao import project, reference, yaml_text
from gongbao.workbook import cells

WORKBOOK = "county_comparison.xlsx"
ROWS = 20_000
"""A spreadsheet holds fifty times as many, and nobody can work in it then."""
LINKS = 65_000
"""Links that a sheet may have."""
AT_ONCE = 10_000
"""Rows in memory."""
_NO_DATE = datetime.date(2000, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
_COLOURS = {"green": "#0a7a45", "yellow": "#8f5b00", "red": "#b3261e", "grey": "#5b6672"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of data: its query, and the column whose values become columns, if any."""

    name: str
    query: str
    about: str
    across: str | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """What a sheet will hold: number of its rows, how many more the release has, and the periods that are columns."""

    rows: int
    left_out: int
    periods: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's Chinese label; its unit: a code, the name of the column that holds it, or null."""

    label: str
    unit: str | None


Headings = Mapping[str, Heading]


class _Formats:
    """The cell formats of a workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"valign": "top", **properties})
        return self._made[key]


def write(connection: duckdb.DuckDBPyConnection, release: Path, release_id: str, headings: Headings) -> None:
    """Write the workbook into a release's folder, from the staged marts; `headings` are those of their columns."""
    (newest,) = connection.execute("select max(published_on) from marts.document").fetchone() or (None,)
    sheets = [(sheet, _extent(connection, sheet)) for sheet in _sheets()]
    with _refused_as_by_any_disk(), xlsxwriter.Workbook(str(release / WORKBOOK), _OPTIONS) as workbook:
        made = datetime.datetime.combine(newest or _NO_DATE, datetime.time())
        workbook.set_properties({"title": "县域指标比较", "comments": release_id, "created": made})
        formats = _Formats(workbook)
        _cover(workbook.add_worksheet("说明与版本"), formats, release_id, newest, sheets)
        for sheet, extent in sheets:
            _data(workbook.add_worksheet(sheet.name), formats, extent, *_rows(connection, sheet, extent), headings)


@contextmanager
def _refused_as_by_any_disk() -> Iterator[None]:
    """Raises the `OSError` that the library tells by an error of its own."""
    try:
        yield
    except FileCreateError as error:
        raise error.args[0] from error


def _extent(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> Extent:
    counted = query = _query(sheet.query)
    periods: list[str] = []
    if sheet.across:
        names = _names(connection.execute(f"from ({query}) limit 0"))
        counted = f"select distinct {', '.join(names[: names.index(sheet.across)])} from ({query})"
        found = connection.execute(f"select distinct {sheet.across} from ({query}) order by all").fetchall()
        periods = [period for (period,) in found]
    (total,) = connection.execute(f"select count(*) from ({counted})").fetchone() or (0,)
    return Extent(min(total, ROWS), max(0, total - ROWS), periods)


def _names(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in cursor.description or ()]


def _rows(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, extent: Extent
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """Columns and rows of a sheet in their order: if there are too many, those of the newest periods, or the first."""
    query = _query(sheet.query)
    parameters: dict[str, str] = {}
    if extent.left_out and not sheet.across and "time_period" in _names(connection.execute(f"from ({query}) limit 0")):
        # Older rows are left out before the others are put in order: there may be millions.
        parameters = {"oldest": _oldest(connection, query)}
        query = f"""
            with numbered as (
                select *, row_number() over () as position
                from ({query})
                where time_period >= $oldest
            )
            select * exclude (position) from numbered
            qualify row_number() over (order by time_period desc, position) <= {ROWS}
            order by position
        """
    cursor = connection.execute(query, parameters)
    names = _names(cursor)
    rows: Iterator[Sequence[Any]] = (row for batch in iter(lambda: cursor.fetchmany(AT_ONCE), []) for row in batch)
    if sheet.across:
        names = [*names[: names.index(sheet.across)], *extent.periods]
        rows = _widened(rows, names)
    return names, islice(rows, ROWS)


def _oldest(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The period up to which, from the newest on, there are as many rows as a sheet has room for; or all there are."""
    counted = f"""
        select time_period, sum(count(*)) over (order by time_period desc) as rows
        from ({query})
        where time_period is not null
        group by time_period
    """
    found = connection.execute(
        f"select coalesce(max(time_period) filter (where rows >= {ROWS}), min(time_period), '') from ({counted})"
    ).fetchone()
    return str(found[0] if found else "")


def _widened(rows: Iterable[Sequence[Any]], names: Sequence[str]) -> Iterator[Sequence[Any]]:
    """A row for each series, a column for each period: of long rows, which end in period, value, upper value, bound."""
    for series, group in groupby(rows, key=lambda row: row[:-4]):
        values = {period: _bounded(*value) for period, value in ((row[-4], row[-3:]) for row in group)}
        yield (*series, *(values.get(period) for period in names[len(series) :]))


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A value with its bound: 以上, 以内, 左右 or none."""

    value: Decimal
    bound: str | None


def _bounded(value: Decimal, high: Decimal | None, comparator: str) -> _Bounded | str:
    if high is not None:
        return f"{cells.plain(value)}–{cells.plain(high)}"
    return _Bounded(value, cells.BOUNDS.get(comparator))


def _cover(
    sheet: Worksheet,
    formats: _Formats,
    release_id: str,
    newest: datetime.date | None,
    sheets: Sequence[tuple[Sheet, Extent]],
) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    lines = [
        (
            "县域指标比较",
            "由公报原文逐句抽取；每个数字都可按数据编号查到原句或单元格（表“原文依据”，或 gongbao explain 编号）",
        ),
        ("发布版本", release_id),
        ("程序版本", project.code_version()),
        ("最新文件日期", str(newest or "")),
        *((each.name, f"{each.about}。{_counted(extent)}") for each, extent in sheets),
        ("灯", "● 达成（绿）；▲ 接近，完成比 95%—100%（黄）；■ 未达成（红）；○ 无从判断（灰），并写明原因"),
        ("限定", "数字后的 以上、以内、左右 是原文的限定，写在数字格式里，单元格仍是数字；区间另列上限"),
        ("列名", "各表第一行（已隐藏）是英文列名，与 Parquet 各表相同；含义见表“口径与数据字典”"),
        ("空格", "空格表示没有此数或未说明，不是零"),
        *((f"提示 {row['code']}", f"{row['name_zh']}：{row['description']}") for row in reference.rows("caveats.csv")),
    ]
    for number, (title, content) in enumerate(lines):
        sheet.write_string(number, 0, title, formats(bold=True))
        sheet.write_string(number, 1, cells.text(content), formats(text_wrap=True))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _counted(extent: Extent) -> str:
    shown = f"共 {extent.rows:,} 行"
    if not extent.left_out:
        return shown
    return (
        f"{shown}，另有 {extent.left_out:,} 行未列入（一表最多 {ROWS:,} 行，先列时期新的），见同一版本的 Parquet 文件"
    )


def _data(
    sheet: Worksheet,
    formats: _Formats,
    extent: Extent,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    headings: Headings,
) -> None:
    """Names, headings, rows; frozen, filtered, ready to print."""
    sheet.freeze_panes(2, names.index("ref_area") + 1 if "ref_area" in names else 1)
    sheet.autofilter(1, 0, 1 + extent.rows, len(names) - 1)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for number, name in enumerate(names):
        sheet.set_column(number, number, _description()["widths"].get(name, 12))
    sheet.set_row(0, None, None, {"hidden": True})
    for number, name in enumerate(names):
        sheet.write_string(0, number, name)
    for number, name in enumerate(names):
        heading = formats(bold=True, text_wrap=True, bg_color="#e8eef6", bottom=1)
        sheet.write_string(1, number, _heading(name, headings), heading)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are text
    comparator, measure = (names.index(name) if name in names else None for name in ("comparator_zh", "measure_zh"))
    units = [headings[name].unit if name in headings else None for name in names]
    for line, row in enumerate(rows, 2):
        bound = cells.BOUNDS.get(row[comparator]) if comparator is not None else None
        is_change = measure is not None and row[measure] in cells.CHANGES
        for number, (name, value) in enumerate(zip(names, row, strict=True)):
            if isinstance(value, str):
                _text(sheet, formats, (line, number), name, value)
            elif isinstance(value, _Bounded):
                _decimal(sheet, formats, (line, number), value.value, value.bound, is_change)
            elif isinstance(value, Decimal):
                is_signed = is_change or name in _DIFFERENCES
                _decimal(sheet, formats, (line, number), value, bound if name == "obs_value" else None, is_signed)
            elif value is not None:
                _other(sheet, formats, (line, number), name, value, units[number])


def _text(sheet: Worksheet, formats: _Formats, place: tuple[int, int], name: str, value: str) -> None:
    if name == "light" and value in cells.LIGHTS:
        word = f"{cells.LIGHTS[value]} {_LIGHT_WORDS[value]}"
        sheet.write_string(*place, word, formats(font_color=_COLOURS[value]))
    elif name == "uri" and value.startswith(("http://", "https://")) and place[0] < LINKS:
        # One that is too long for a link is refused with a warning by the library, and stands as text.
        if len(value) > sheet.max_url_length or sheet.write_url(*place, value, formats(font_color="#1b5cbd")):
            sheet.write_string(*place, cells.text(value))
    else:
        sheet.write_string(*place, cells.text(value))


def _decimal(
    sheet: Worksheet, formats: _Formats, place: tuple[int, int], value: Decimal, bound: str | None, is_change: bool
) -> None:
    if cells.is_exact(value):
        shown = cells.decimal_format(value, bound, is_change=is_change)
        sheet.write_number(*place, float(value), formats(num_format=shown))
    else:
        sheet.write_string(*place, cells.plain(value) + (bound or ""), formats(align="right"))


def _other(
    sheet: Worksheet,
    formats: _Formats,
    place: tuple[int, int],
    name: str,
    value: bool | int | float | datetime.date,
    unit: str | None,
) -> None:
    if isinstance(value, bool):
        sheet.write_string(*place, "是" if value else "否")
    elif isinstance(value, int | float):
        shown = cells.SIGNED if name in _DIFFERENCES else cells.number_format(value, unit)
        sheet.write_number(*place, value, formats(num_format=shown))
    elif value >= cells.FIRST_DATE:
        sheet.write_datetime(*place, value, formats(num_format=cells.DATE))
    else:
        sheet.write_string(*place, str(value))


_DIFFERENCES = frozenset({"growth_reported", "growth_computed", "gap"})
_LIGHT_WORDS = {"green": "达成", "yellow": "接近", "red": "未达成", "grey": "无从判断"}
_UNITS = {"ratio": "", "code point": "码点", "CNY/person": "元/人"}


def _heading(name: str, headings: Headings) -> str:
    """The column's Chinese label with its unit, where one unit holds for all of it."""
    heading = headings.get(name)
    if name in _description()["labels"] or heading is None:
        return str(_description()["labels"].get(name, name))
    unit = _UNITS.get(heading.unit or "", heading.unit or "")
    # Where it names a column, that one says it row by row.
    return f"{heading.label}（{unit}）" if unit and unit not in headings else heading.label


def _sheets() -> Iterator[Sheet]:
    return (Sheet(**each) for each in _description()["sheets"])


@cache
def _description() -> dict[str, Any]:
    return dict(yaml_text.read((Path(__file__).parent / "sheets.yaml").read_text("utf-8")))


@cache
def _query(name: str) -> str:
    return (project.folder("sql") / "5_workbook" / f"{name}.sql").read_text("utf-8")
