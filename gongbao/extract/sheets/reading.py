"""One block: recognised, mapped, checked, and read; or left to a curator, with what is unclear and a draft.

The defences stand here: labels and units that the template does not know, parts that do not make their total, an
identity that fails. Any of them costs the block, never the file, and never less than the block.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gongbao.extract.grid import cell_address
from gongbao.extract.sheets import doubts, words
from gongbao.extract.sheets.drafts import draft
from gongbao.extract.sheets.figures import (
    Figure,
    Figures,
    counts_exactly,
    decimals,
    percent_as_fraction,
    read_figures,
    reject_reason,
    statement,
)
from gongbao.extract.sheets.filled_grid import Grid, is_number
from gongbao.extract.sheets.fingerprints import fingerprint
from gongbao.extract.sheets.identities import Expression, Interval, interval
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import Mapping, map_block
from gongbao.extract.sheets.recognition import block_period, knows
from gongbao.extract.sheets.template import Template
from gongbao.extract.sheets.totals import check_totals
from gongbao.extract.statement import BlockStatus, Identity, Rejection, SheetBlock, Statement

_SHOWN = 8
_Mark = tuple[re.Pattern[str] | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a block yields, and what became of it; `open_figures` are those of identities that it has in part."""

    block: SheetBlock
    statements: tuple[Statement, ...]
    rejections: tuple[Rejection, ...]
    template: Template | None = None
    open_figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A block as one template reads it; `problems` is why it does not."""

    template: Template
    problems: tuple[str, ...]
    read: Figures | None = None
    identities: tuple[Identity, ...] = ()
    broken: frozenset[tuple[int, int]] = frozenset()


def read_block(grid: Grid, block: Block, known: Sequence[Template], file_name: str, place: str | None) -> Reading:
    """The block by the first template that knows it and reads all of it."""
    attempts = []
    for template in known:
        if not knows(template, block, file_name):
            continue
        attempt = _attempt(grid, block, template, file_name, place)
        if attempt.read is not None and not attempt.problems:
            return _read(grid, block, attempt, place)
        attempts.append(attempt)
    return _left(grid, block, attempts[0] if attempts else None)


def _attempt(grid: Grid, block: Block, template: Template, file_name: str, place: str | None) -> _Attempt:
    mapping = map_block(grid, block, template)
    period, conflict = block_period(template, block, file_name)
    problems = [*mapping.problems, *([conflict] if conflict else [])]
    if template.expect and not template.expect.rows[0] <= len(block.rows) <= template.expect.rows[1]:
        least, most = template.expect.rows
        problems.append(f"{len(block.rows)} rows of figures, where {least} to {most} are expected")
    if template.is_ruled:
        problems += doubts.of_layout(grid, block, template, mapping)
    if problems:
        return _Attempt(template, tuple(problems))
    read = read_figures(grid, block, template, mapping, period)
    if read.problems or not read.figures:
        return _Attempt(template, read.problems or ("no figure is left to read",))
    doubtful = doubts.of_figures(read.figures, template) if template.is_ruled else []
    if doubtful:
        return _Attempt(template, tuple(doubtful))
    identities, broken = _checked(template, mapping, read.figures, place)
    return _Attempt(template, (), read, identities, broken)


def _read(grid: Grid, block: Block, attempt: _Attempt, place: str | None) -> Reading:
    template, read = attempt.template, attempt.read
    assert read is not None
    failed = [each for each in attempt.identities if each.failed]
    unexplained = [each for each in failed if each.detail]
    rejections = [*read.rejections, *_notes(grid, block)]
    if unexplained:
        rejections += [_rejection(grid, f.row, f.column, "failed_identity") for f in read.figures]
        detail = "; ".join(f"{each.identity} fails: {each.detail}" for each in unexplained)
        record = _record(grid, block, "failed_identity", template, 0, detail, attempt.identities, read.marks)
        return Reading(record, (), tuple(rejections))
    statements = []
    fractions = {(f.row, f.column) for f in percent_as_fraction(read.figures, template)}
    marks = _note_marks(grid, block, template)
    for figure in read.figures:
        reason = "percent_as_fraction" if (figure.row, figure.column) in fractions else reject_reason(figure)
        if (figure.row, figure.column) in attempt.broken:
            reason = "failed_identity"
        if reason:
            rejections.append(_rejection(grid, figure.row, figure.column, reason))
        else:
            statements.append(statement(figure, block, place, template, _marked(figure, block, marks)))
    record = _record(grid, block, "read", template, len(statements), None, attempt.identities, read.marks)
    return Reading(record, tuple(statements), tuple(rejections), template, _open(template, read.figures))


def _open(template: Template, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures of identities whose other keys stand in another block: in the one that goes on with the table."""
    here = {figure.said.key for figure in figures}
    wanted = {key for each in template.identities if not each.keys <= here for key in each.keys}
    return tuple(figure for figure in figures if figure.said.key in wanted)


def check_tables(readings: Sequence[Reading]) -> list[Reading]:
    """The readings, identities checked that reach over the blocks of one table (续表): a failure costs them all."""
    tables: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, reading in enumerate(readings):
        if reading.template is not None and reading.open_figures:
            tables[reading.template.name, reading.block.title].append(number)
    checked = list(readings)
    for numbers in tables.values():
        template = readings[numbers[0]].template
        if len(numbers) < 2 or template is None:
            continue
        figures = [figure for number in numbers for figure in readings[number].open_figures]
        keys = {figure.said.key for figure in figures}
        groups = _groups(figures)
        for expression in template.identities:
            inside = any(expression.keys <= {f.said.key for f in readings[n].open_figures} for n in numbers)
            if expression.keys <= keys and not inside:
                identity, broken = _check(expression, groups, template)
                for number in numbers:
                    checked[number] = _with_identity(checked[number], identity, broken, last=number == numbers[-1])
    return checked


def _with_identity(reading: Reading, identity: Identity, broken: set[tuple[int, int]], last: bool) -> Reading:
    """The reading after a check over its table: refused where it failed, else with the check's counts in the last."""
    block, failed = reading.block, identity.detail is not None
    wrong = {cell_address(*place) for place in broken}
    kept = () if failed else tuple(each for each in reading.statements if each.cell not in wrong)
    left = set(kept)
    refused = tuple(
        Rejection(each.text, "failed_identity", sheet=each.sheet, cell=each.cell)
        for each in reading.statements
        if each not in left
    )
    block = replace(
        block,
        status="failed_identity" if failed else block.status,
        figures=len(kept),
        detail=f"{identity.identity} fails: {identity.detail}" if failed else block.detail,
        identities=(*block.identities, identity) if last else block.identities,
    )
    return replace(reading, block=block, statements=kept, rejections=(*reading.rejections, *refused))


def _left(grid: Grid, block: Block, attempt: _Attempt | None) -> Reading:
    """A block that no template reads: its numbers are refused, and a curator gets a draft."""
    rejections = [_rejection(grid, row, column, "unknown_block") for row, column in _numbers(grid, block)]
    rejections += _notes(grid, block)
    if attempt is None:
        record = _record(grid, block, "unknown", None, 0, "no template knows this table")
    else:
        more = len(attempt.problems) - _SHOWN
        detail = "; ".join(attempt.problems[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
        record = _record(grid, block, "not_covered", attempt.template, 0, detail)
    return Reading(record, (), tuple(rejections))


def _record(
    grid: Grid,
    block: Block,
    status: BlockStatus,
    template: Template | None,
    figures: int,
    detail: str | None,
    identities: tuple[Identity, ...] = (),
    marks: tuple[tuple[str, int], ...] = (),
) -> SheetBlock:
    first, last = cell_address(block.first, block.left), cell_address(block.last, block.right)
    return SheetBlock(
        sheet=grid.name,
        cells=f"{first}:{last}",
        title=" ".join(block.title),
        status=status,
        fingerprint=fingerprint(block),
        numbers=sum(1 for _ in _numbers(grid, block)),
        figures=figures,
        template=template.name if template else None,
        detail=detail,
        identities=identities,
        marks=marks,
        draft=draft(grid, block) if status in ("unknown", "not_covered") else None,
    )


def _numbers(grid: Grid, block: Block) -> list[tuple[int, int]]:
    """The places of the numbers in the block's body, its label columns aside."""
    columns = [c for c in range(block.left, block.right + 1) if c not in block.label_columns]
    return [(row.number, c) for row in block.rows for c in columns if is_number(grid.cell(row.number, c))]


# ── checks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _checked(
    template: Template, mapping: Mapping, figures: Sequence[Figure], place: str | None
) -> tuple[tuple[Identity, ...], frozenset[tuple[int, int]]]:
    """What the identities and totals of the template say, and the figures of failures that are known and explained."""
    broken: set[tuple[int, int]] = set()
    found = []
    groups = _groups(figures) if template.identities else {}
    for expression in template.identities:
        identity, cells = _check(expression, groups, template)
        found.append(identity)
        broken |= cells
    totals, wrong = check_totals(template, mapping, figures, place)
    broken |= wrong
    if totals.held or totals.failed:
        found.append(totals)
    return tuple(found), frozenset(broken)


def _groups(figures: Sequence[Figure]) -> dict[tuple[str, str], dict[str, Figure]]:
    """The figures of each place and year by their keys; a key that stands twice tells nothing."""
    groups: dict[tuple[str, str], dict[str, Figure]] = defaultdict(dict)
    twice: set[tuple[tuple[str, str], str]] = set()
    for figure in figures:
        if figure.said.key is None:
            continue
        label = (figure.area.code or figure.area.label) if figure.area else ""
        group = (label, (figure.said.period or "")[:4])
        if figure.said.key in groups[group]:
            twice.add((group, figure.said.key))
        groups[group][figure.said.key] = figure
    for group, key in twice:
        del groups[group][key]
    return groups


def _check(
    expression: Expression, groups: dict[tuple[str, str], dict[str, Figure]], template: Template
) -> tuple[Identity, set[tuple[int, int]]]:
    held, failed, unexplained = 0, 0, []
    broken: set[tuple[int, int]] = set()
    for (label, period), figures in groups.items():
        holds = expression.holds({key: _interval(figure) for key, figure in figures.items() if key in expression.keys})
        if holds is None:
            continue
        if holds:
            held += 1
            continue
        failed += 1
        involved = [figures[key] for key in sorted(expression.keys)]
        known = [each for each in template.known_failures if each.key in expression.keys]
        if any(each.label == label and each.period == period for each in known):
            broken |= {(figure.row, figure.column) for figure in involved}
        else:
            cells = ", ".join(f"{cell_address(f.row, f.column)} {f.printed}" for f in involved)
            unexplained.append(f"{label} {period} ({cells})".strip())
    detail = "; ".join(unexplained[:_SHOWN]) or None
    return Identity(expression.text, held, failed, detail), broken


def _interval(figure: Figure) -> Interval:
    unit = figure.said.unit
    magnitude = unit.magnitude if unit else Decimal(1)
    places = decimals(figure.printed)
    low, high = interval(figure.value, places, counts_exactly(figure, places))
    return low * magnitude, high * magnitude


# ── notes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _notes(grid: Grid, block: Block) -> list[Rejection]:
    return [
        _rejection(grid, row, column, "footnote")
        for row in block.notes
        for column in range(block.left, block.right + 1)
        if any(c.isdigit() for c in grid.cell(row, column).text)
    ]


def _note_marks(grid: Grid, block: Block, template: Template) -> list[_Mark]:
    """(pattern of labels or null for all, obs_status, caveat) of each note that a rule of the template finds."""
    texts = [words.fold("".join(grid.texts(row, block.left, block.right))) for row in block.notes]
    texts += [words.fold(text) for text in block.title]
    return [
        (rule.label, rule.obs_status, rule.caveat)
        for rule in template.note_rules
        if any(rule.find.search(text) for text in texts)
    ]


def _marked(figure: Figure, block: Block, marks: Sequence[_Mark]) -> tuple[str | None, str | None]:
    for label, obs_status, caveat in marks:
        labels = (*block.headers[figure.column], figure.label)
        if label is None or any(label.search(words.plain(each)) for each in labels):
            return obs_status, caveat
    return None, None


def _rejection(grid: Grid, row: int, column: int, reason: str) -> Rejection:
    return Rejection(grid.cell(row, column).text, reason, sheet=grid.name, cell=cell_address(row, column))
