"""One block: recognised, mapped, checked, and read; or left to a curator, with what is unclear and a draft.

The defences stand here: labels and units that the template does not know, parts that do not make their total, an
identity that fails. Any of them costs the block, never the file, and never less than the block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gongbao.extract.sheets import doubts, words
from gongbao.extract.sheets.cells import CellsRead, read_cells
from gongbao.extract.sheets.drafts import draft
from gongbao.extract.sheets.figures import Figures, percent_as_fraction, reject_reason
from gongbao.extract.sheets.filled_grid import Grid, is_number
from gongbao.extract.sheets.fingerprints import fingerprint
from gongbao.extract.sheets.identity_checks import Cited, check_identity, grouped
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import Mapping, map_block
from gongbao.extract.sheets.recognition import block_period, knows, unknown
from gongbao.extract.sheets.statements import NoteMark, SheetStatements, state
from gongbao.extract.sheets.template import Template
from gongbao.extract.sheets.totals import check_totals
from gongbao.extract.statement import BlockStatus, Identity, Rejection, SheetBlock, Statement
from gongbao.grid import cell_address

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a block yields, and what became of it; `open_figures` are those of identities that it has in part."""

    block: SheetBlock
    statements: SheetStatements | None
    rejections: tuple[Rejection, ...]
    template: Template | None = None
    open_figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A block as one template reads it; `problems` is why it does not."""

    template: Template
    problems: tuple[str, ...]
    read: CellsRead | None = None
    identities: tuple[Identity, ...] = ()
    broken: frozenset[int] = frozenset()


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
    return _left(grid, block, attempts[0] if attempts else unknown(block, known, file_name))


def _attempt(grid: Grid, block: Block, template: Template, file_name: str, place: str | None) -> _Attempt:
    mapping = map_block(grid, block, template)
    period, conflict = block_period(template, block, file_name)
    problems = [*mapping.problems, *([conflict] if conflict else [])]
    if template.expect and not template.expect.rows[0] <= len(block.rows) <= template.expect.rows[1]:
        least, most = template.expect.rows
        problems.append(f"{len(block.rows)} rows of figures, where {least} to {most} are expected")
    problems += doubts.of_twins(block, mapping)
    if template.is_ruled:
        problems += doubts.of_layout(grid, block, template, mapping)
    if problems:
        return _Attempt(template, tuple(problems))
    read = read_cells(grid, block, template, mapping, period)
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
        return Reading(record, None, tuple(rejections))
    refused = _refused(read.figures, template, attempt.broken, grid.ragged)
    for at, reason in sorted(refused.items()):
        rejections.append(_rejection(grid, read.figures.row[at], read.figures.column(at), reason))
    kept = read.figures.take(at for at in range(len(read.figures)) if at not in refused) if refused else read.figures
    statements = state(kept, block, place, template, _note_marks(grid, block, template))
    record = _record(grid, block, "read", template, len(statements), None, attempt.identities, read.marks)
    return Reading(record, statements, tuple(rejections), template, _open(template, read.figures))


def _refused(figures: Figures, template: Template, broken: frozenset[int], ragged: frozenset[int]) -> dict[int, str]:
    """The figures that are no statements, by their positions, and why."""
    reasons = [reject_reason(said) for said in figures.sayings]
    refused = {at: reason for at, said in enumerate(figures.said) if (reason := reasons[said])} if any(reasons) else {}
    refused |= dict.fromkeys(percent_as_fraction(figures, template), "percent_as_fraction")
    refused |= dict.fromkeys(broken, "failed_identity")
    return refused | {at: "ragged_row" for at, row in enumerate(figures.row) if row in ragged} if ragged else refused


def _open(template: Template, figures: Figures) -> Figures | None:
    """The figures of identities whose other keys stand in another block: in the one that goes on with the table."""
    here = figures.keys()
    wanted = {key for each in template.identities if not each.keys <= here for key in each.keys}
    return figures.take(figures.where(lambda said: said.key in wanted)) if wanted & here else None


def check_tables(readings: Sequence[Reading]) -> list[Reading]:
    """The readings, identities checked that reach over the blocks of one table (续表): a failure costs them all."""
    tables: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, reading in enumerate(readings):
        if reading.template is not None and reading.open_figures is not None:
            tables[reading.template.name, reading.block.title].append(number)
    checked = list(readings)
    for numbers in tables.values():
        template = readings[numbers[0]].template
        if len(numbers) < 2 or template is None:
            continue
        blocks = [figures for number in numbers if (figures := readings[number].open_figures) is not None]
        keys = [figures.keys() for figures in blocks]
        groups = grouped(blocks, template.identities)
        for expression in template.identities:
            if expression.keys <= set().union(*keys) and not any(expression.keys <= each for each in keys):
                identity, broken = check_identity(expression, groups, template)
                for number in numbers:
                    checked[number] = _with_identity(checked[number], identity, broken, last=number == numbers[-1])
    return checked


def _with_identity(reading: Reading, identity: Identity, broken: Iterable[Cited], last: bool) -> Reading:
    """The reading after a check over its table: refused where it failed, else with the check's counts in the last."""
    block, failed, statements = reading.block, identity.detail is not None, reading.statements
    own = reading.open_figures
    wrong = {(figures.row[at], figures.column(at)) for figures, at, _ in broken if figures is own}
    rejections = reading.rejections
    if statements is not None and (failed or wrong):
        addresses = statements.addresses()
        gone = [at for at, address in enumerate(addresses) if failed or address in wrong]
        rejections = (*rejections, *map(_not_kept, statements.take(gone)))
        statements = (
            None if failed else statements.take(at for at, address in enumerate(addresses) if address not in wrong)
        )
    block = replace(
        block,
        status="failed_identity" if failed else block.status,
        figures=len(statements or ()),
        detail=f"{identity.identity} fails: {identity.detail}" if failed else block.detail,
        identities=(*block.identities, identity) if last else block.identities,
    )
    return replace(reading, block=block, statements=statements, rejections=rejections)


def _not_kept(statement: Statement) -> Rejection:
    return Rejection(statement.text, "failed_identity", sheet=statement.sheet, cell=statement.cell)


def _left(grid: Grid, block: Block, attempt: _Attempt | str) -> Reading:
    """A block that no template reads, or none knows (and why): its numbers are refused, and a curator gets a draft."""
    rejections = [_rejection(grid, row, column, "unknown_block") for row, column in _numbers(grid, block)]
    rejections += _notes(grid, block)
    if isinstance(attempt, str):
        record = _record(grid, block, "unknown", None, 0, attempt)
    else:
        more = len(attempt.problems) - _SHOWN
        detail = "; ".join(attempt.problems[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
        record = _record(grid, block, "not_covered", attempt.template, 0, detail)
    return Reading(record, None, tuple(rejections))


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
        numbers=grid.count_numbers((row.number for row in block.rows), _columns(block)),
        figures=figures,
        template=template.name if template else None,
        detail=detail,
        identities=identities,
        marks=marks,
        draft=draft(grid, block) if status in ("unknown", "not_covered") else None,
    )


def _numbers(grid: Grid, block: Block) -> list[tuple[int, int]]:
    """The places of the numbers in the block's body, its label columns aside."""
    columns = _columns(block)
    return [(row.number, c) for row in block.rows for c in columns if is_number(grid.cell(row.number, c))]


def _columns(block: Block) -> list[int]:
    return [c for c in range(block.left, block.right + 1) if c not in block.label_columns]


# ── checks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _checked(
    template: Template, mapping: Mapping, figures: Figures, place: str | None
) -> tuple[tuple[Identity, ...], frozenset[int]]:
    """What the identities and totals of the template say, and the figures of failures that are known and explained."""
    broken: set[int] = set()
    found = []
    groups = grouped([figures], template.identities)
    for expression in template.identities:
        identity, explained = check_identity(expression, groups, template)
        found.append(identity)
        broken.update(at for _, at, _ in explained)
    totals, wrong = check_totals(template, mapping, figures, place)
    broken |= wrong
    if totals.held or totals.failed:
        found.append(totals)
    return tuple(found), frozenset(broken)


# ── notes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _notes(grid: Grid, block: Block) -> list[Rejection]:
    return [
        _rejection(grid, row, column, "footnote")
        for row in block.notes
        for column in range(block.left, block.right + 1)
        if any(c.isdigit() for c in grid.cell(row, column).text)
    ]


def _note_marks(grid: Grid, block: Block, template: Template) -> list[NoteMark]:
    """What notes and title say of figures, by the rules of the template."""
    texts = [words.fold("".join(grid.texts(row, block.left, block.right))) for row in block.notes]
    texts += [words.fold(text) for text in block.title]
    return [
        NoteMark(rule.label, rule.obs_status, rule.caveat)
        for rule in template.note_rules
        if any(rule.find.search(text) for text in texts)
    ]


def _rejection(grid: Grid, row: int, column: int, reason: str) -> Rejection:
    return Rejection(grid.cell(row, column).text, reason, sheet=grid.name, cell=cell_address(row, column))
