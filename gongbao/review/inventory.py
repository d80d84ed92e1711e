"""`gongbao blocks`: what became of each block of a workbook, and why.

    {"file": "population.xlsx", "sheet": "2022", "cells": "A1:H17", "title": "…", "status": "read",
     "template": "county_population@1", "numbers": 72, "figures": 72, "held": 12, "failed": 0, "reason": null}

One row a block in reading order. A file that cannot be read has one row with the status `quarantined` and its reason,
one in which no block was found the status `empty`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Columns
from rich.text import Text

from gongbao.errors import UnreadableDocument
from gongbao.extract.statement import Extraction
from gongbao.harmless import harmless
from gongbao.review.pages import together

QUARANTINED = "quarantined"
EMPTY = "empty"
_STYLES = {"unknown": "yellow", "not_covered": "yellow", "failed_identity": "red", QUARANTINED: "red"}
_DIM = "bright_black"
_GAP = 2
_NUMBERS = ("numbers", "figures", "held", "failed")
_COLUMNS = {
    "sheet": 20, "cells": 12, "status": 15, "template": 40, "numbers": 9, "figures": 9, "held": 9, "failed": 9,
}  # fmt: skip
"""The columns and how wide each may be."""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block and what became of it: `numbers` numeric cells, of them `figures` read; identities held and failed."""

    file: str
    sheet: str | None
    cells: str | None
    title: str | None
    status: str
    template: str | None
    numbers: int
    figures: int
    held: int
    failed: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows; `statuses` counts blocks by status, quarantined files apart."""

    files: int
    quarantined: int
    blocks: int
    statuses: tuple[tuple[str, int], ...]
    numbers: int
    figures: int
    held: int
    failed: int


def rows_of(file: str, found: Extraction | UnreadableDocument) -> list[BlockRow]:
    """The rows of one file."""
    if isinstance(found, UnreadableDocument):
        return [_bare(file, QUARANTINED, f"{found.reason}: {found.what}")]
    if not found.blocks:
        return [_bare(file, EMPTY, "no table was found in it")]
    return [
        BlockRow(
            file=file,
            sheet=block.sheet,
            cells=block.cells,
            title=block.title,
            status=block.status,
            template=block.template,
            numbers=block.numbers,
            figures=block.figures,
            held=sum(identity.held for identity in block.identities),
            failed=sum(identity.failed for identity in block.identities),
            reason=block.detail,
        )
        for block in found.blocks
    ]


def totals(rows: Sequence[BlockRow]) -> Totals:
    """The sums."""
    blocks = [row for row in rows if row.status not in (QUARANTINED, EMPTY)]
    return Totals(
        files=len({row.file for row in rows}),
        quarantined=sum(row.status == QUARANTINED for row in rows),
        blocks=len(blocks),
        statuses=tuple(sorted(Counter(row.status for row in blocks).items())),
        numbers=sum(row.numbers for row in blocks),
        figures=sum(row.figures for row in blocks),
        held=sum(row.held for row in blocks),
        failed=sum(row.failed for row in blocks),
    )


def page(rows: Sequence[BlockRow], width: int) -> RenderableType:
    """A line for each file, one for each of its blocks with the reason below where it was not read, and the totals."""
    widths = _widths(rows, width)
    parts: list[RenderableType] = [_table([], widths, shows_names=True)]
    for file, of_file in groupby(rows, key=lambda row: row.file):
        blocks = list(of_file)
        parts.append(Text(harmless(file), style="bold", no_wrap=True, overflow="ellipsis"))
        for row in blocks:
            if row.cells is not None:
                parts.append(_table([row], widths))
            style = _STYLES.get(row.status, "default")
            reasons = [f"known to {row.template}"] if row.template and row.reason and "template" not in widths else []
            reasons += together(row.reason)
            parts += [Padding(Text(harmless(reason), style=style), (0, 0, 0, 4)) for reason in reasons]
    return Group(*parts, Padding(_pairs(totals(rows)), (1, 0, 0, 0)))


def _widths(rows: Sequence[BlockRow], width: int) -> dict[str, int]:
    """The width of each column; the template has one where the terminal has room."""
    widths = {}
    for name, widest in _COLUMNS.items():
        texts = [name, *(_cell(row, name) for row in rows if row.cells is not None)]
        widths[name] = min(widest, max(map(cell_len, texts)))
    if sum(widths.values()) + _GAP * len(widths) > width:
        del widths["template"]
    over = sum(widths.values()) + _GAP * len(widths) - width
    if over > 0:
        widths["sheet"] = max(4, widths["sheet"] - over)
    return widths


def _table(rows: Sequence[BlockRow], widths: dict[str, int], shows_names: bool = False) -> RenderableType:
    table = Columns(box=None, padding=(0, 0, 0, _GAP), pad_edge=True, show_header=shows_names, header_style=_DIM)
    for name, width in widths.items():
        justify: Literal["left", "right"] = "right" if name in _NUMBERS else "left"
        table.add_column(name, width=width, justify=justify, no_wrap=True, overflow="ellipsis")
    for row in rows:
        style = _STYLES.get(row.status, "default")
        table.add_row(*(Text(_cell(row, name), style=style if name == "status" else "default") for name in widths))
    return table


def _cell(row: BlockRow, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, int):
        return f"{value:,}"
    return harmless(" ".join((value or "").split()))


def _pairs(sums: Totals) -> RenderableType:
    table = Columns.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style=_DIM)
    lines = [("files", sums.files, f"of them {sums.quarantined:,} could not be read" if sums.quarantined else "")]
    lines.append(("blocks", sums.blocks, ", ".join(f"{status} {count:,}" for status, count in sums.statuses)))
    share = f"{100 * sums.figures / sums.numbers:.1f} % of the numbers" if sums.numbers else ""
    lines += [("numbers", sums.numbers, "numeric cells in the blocks"), ("figures", sums.figures, share)]
    lines.append(("identities", sums.held, f"held, {sums.failed:,} failed"))
    for name, count, meaning in lines:
        table.add_row(name, f"{count:,}", meaning)
    return table


def _bare(file: str, status: str, reason: str) -> BlockRow:
    return BlockRow(file, None, None, None, status, None, 0, 0, 0, 0, reason)
