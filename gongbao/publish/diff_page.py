"""What two releases differ in, for a terminal of any width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gongbao.harmless import harmless
from gongbao.publish.diff import Change, DocumentChange, MartDiff, ReleaseDiff, Row

_DIM = "bright_black"
_SIGNS = {"added": ("+", "green"), "gone": ("-", "red"), "superseded": ("↦", "yellow"), "status": ("~", "yellow")}
_TITLES = ("document_title", "file_name")
_QUOTES = {"quote": "", "actual_quote": "actual ", "other_quote": "other "}
_TOTAL = "_T"
"""The breakdown of a figure that is broken down by nothing."""
_LONGEST = 200


def page(diff: ReleaseDiff, short: int, samples: int) -> RenderableType:
    """The whole comparison; `short` digits tell a release, `samples` are shown of each list."""
    head = Text("release ").append(diff.before[:short], "bold").append(" → ").append(diff.after[:short], "bold")
    parts: list[RenderableType] = [head, Padding(_head(diff), (0, 0, 0, 2))]
    if diff.documents:
        parts += [_title("documents"), *_documents(diff.documents, samples)]
    if diff.checks:
        parts.append(_title("findings of the checks"))
        for check in diff.checks:
            was, now = check.before or "nothing", check.after or "nothing"
            parts.append(_line(f"{check.suite} {check.expectation}: {was} → {now}"))
    if all(mart.is_same for mart in diff.marts):
        return Group(*parts, Text("\nevery mart holds the same rows"))
    parts += [_title("rows by mart"), _table(diff.marts)]
    for mart in diff.marts:
        if not mart.is_same:
            parts += _mart(mart)
    return Group(*parts)


def in_words(changes: Mapping[str, Mapping[str, int]]) -> str:
    """Counts by mart in one line, the marts in which nothing changed left out."""
    told = [
        f"{mart} " + " ".join(f"{sign}{counts[kind]:,}" for sign, kind in _KINDS if counts[kind])
        for mart, counts in changes.items()
        if any(counts.values())
    ]
    return ", ".join(told) or "no row"


_KINDS = (("+", "added"), ("~", "changed"), ("-", "removed"))


def _head(diff: ReleaseDiff) -> RenderableType:
    rows = [("code and vocabulary", _version(diff.code))]
    counts = [f"{n} {change}" for change in _SIGNS if (n := sum(each.change == change for each in diff.documents))]
    rows.append(("documents", ", ".join(counts) or "the same"))
    rows.append(("checks", f"{len(diff.checks)} findings differ" if diff.checks else "the same findings"))
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    return table


def _version(code: Change) -> str:
    return f"{code.before} → {code.after}" if code.before != code.after else f"the same, {code.after}"


def _documents(documents: Sequence[DocumentChange], samples: int) -> Iterator[RenderableType]:
    for change, (sign, style) in _SIGNS.items():
        of_kind = [each for each in documents if each.change == change]
        for each in of_kind[:samples]:
            name = each.file_name or each.document_id[:16]
            title = f" {each.document_title}" if each.document_title and each.document_title not in name else ""
            said = f" ({each.detail or change})" if change not in ("added", "gone") else ""
            yield _line(f"{sign} {name}{title}{said}", style)
        if len(of_kind) > samples:
            yield _line(f"{sign} and {len(of_kind) - samples:,} more {change}", _DIM)


def _table(marts: Sequence[MartDiff]) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style=_DIM, pad_edge=False)
    table.add_column("mart", no_wrap=True)
    for name in ("before", "after", "added", "changed", "removed"):
        table.add_column(name, justify="right", no_wrap=True)
    for mart in marts:
        counts = [mart.added, mart.changed, mart.removed] if mart.status in ("compared", "same") else [None] * 3
        numbers = ["" if count is None else f"{count:,}" if count else "·" for count in counts]
        style = _DIM if mart.is_same else None
        table.add_row(mart.mart, f"{mart.rows_before:,}", f"{mart.rows_after:,}", *numbers, style=style)
    return Padding(table, (0, 0, 0, 2))


def _mart(mart: MartDiff) -> Iterator[RenderableType]:
    yield _title(mart.mart)
    if mart.status in ("only_before", "only_after"):
        yield _line(f"only the release {mart.status.removeprefix('only_')} has this mart")
    if mart.reason:
        yield _line(f"its rows cannot be compared: {mart.reason}")
    for columns, which in ((mart.only_before, "before"), (mart.only_after, "after")):
        if columns:
            yield _line(f"columns that only the release {which} has: {', '.join(columns)}")
    for change in mart.types:
        yield _line(f"{change.column} is of another type: {change.before} → {change.after}")
    if mart.columns:
        yield _line("changed: " + ", ".join(f"{column} {rows:,}" for column, rows in mart.columns.items()))
    for kind, count, rows in (
        ("+", mart.added, mart.added_rows),
        ("~", mart.changed, mart.changed_rows),
        ("-", mart.removed, mart.removed_rows),
    ):
        for row in rows:
            yield from _row(kind, row)
        if rows and count > len(rows):
            name = {"+": "added", "~": "changed", "-": "removed"}[kind]
            yield _line(f"{kind} and {count - len(rows):,} more {name}", _DIM)


def _row(sign: str, row: Row) -> Iterator[RenderableType]:
    style = {"+": "green", "-": "red", "~": "yellow"}[sign]
    named = ("name_zh", "indicator_zh", "measure_zh", "breakdown", "time_period", "status_zh", "finding_zh", "label_zh")
    words = [row.told[each] for each in named if row.told.get(each) and row.told[each] != _TOTAL]
    key = " ".join(value or "null" for value in row.key.values())
    yield _line(f"{sign} {' '.join(filter(None, words))} [{key}]", style)
    amount = row.told.get("value_text") or row.told.get("obs_value")
    quotes = [f"{said}「{row.told[each]}」" for each, said in _QUOTES.items() if row.told.get(each)]
    title = next((row.told[each] for each in _TITLES if row.told.get(each)), None)
    if quotes and f"「{amount}」" == quotes[0]:
        amount = None
    said = ", ".join(filter(None, (amount, *quotes, title)))
    if said:
        yield _line(said, _DIM, 4)
    for change in row.changes:
        yield _line(f"{change.column}: {_value(change.before)} → {_value(change.after)}", "default", 4)


def _value(text: str | None) -> str:
    if text is None:
        return "null"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _title(text: str) -> RenderableType:
    return Padding(Text(text, style="underline"), (1, 0, 0, 0))


def _line(text: str, style: str = "default", indent: int = 2) -> RenderableType:
    return Padding(Text(harmless(" ".join(text.split())), style=style), (0, 0, 0, indent))
