"""The list of questions and the page of one, for a terminal of any width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Columns
from rich.text import Text

from gongbao.grid import cell_address
from gongbao.harmless import harmless
from gongbao.normalise.corrections import KIND as STALE_CORRECTION
from gongbao.normalise.review import CONTRADICTION, SHEET_BLOCK
from gongbao.normalise.source_conflicts import KIND as SOURCE_CONFLICT
from gongbao.review.picture import picture
from gongbao.review.questions import Question, Table, Words, addresses, id_length

_DRAFT_LINES = 40
_ANSWERS = {
    "unknown_indicator": "--indicator ID",
    "unknown_place": "--place CODE",
    "unknown_unit": "--unit CODE",
    "unit_conflict": "--unit CODE --factor NUMBER",
    SHEET_BLOCK: "--template FILE",
}
_ELSEWHERE = {
    STALE_CORRECTION: "→ correct or delete the record in corrections.yml; gongbao doctor names its line",
    SOURCE_CONFLICT: "→ correct the source in gongbao.toml",
}
_OF_CELL = re.compile(r"([A-Z]{1,3}\d+): (.+)", re.DOTALL)
_DIM = "bright_black"


def listing(questions: Sequence[Question], width: int, first: int | None = None) -> RenderableType:
    """The `first` questions as a table: how many figures and places wait, id, kind, question, what it may be."""
    if not questions:
        return Text("no open questions")
    length = id_length(question.review_id for question in questions)
    figures = sum(question.waiting for question in questions)
    many = f"{len(questions):,} questions" if len(questions) > 1 else "1 question"
    more = len(questions) - len(questions[:first])
    questions = questions[:first]
    kinds = max(len(question.kind) for question in questions)
    room = max(20, width - len("waiting") - len("places") - length - kinds - 5 * 2)
    may_be = min(room // 3, max(cell_len(_may_be(question)) for question in questions))
    table = Columns(box=None, padding=(0, 2, 0, 0), header_style=_DIM, pad_edge=False)
    table.add_column("waiting", justify="right", no_wrap=True, width=len("waiting"))
    table.add_column("places", justify="right", no_wrap=True, width=len("places"))
    table.add_column("id", no_wrap=True, width=length)
    table.add_column("kind", no_wrap=True, width=kinds)
    table.add_column("question", no_wrap=True, overflow="ellipsis", width=room - may_be)
    table.add_column("may be", no_wrap=True, overflow="ellipsis", width=may_be, style=_DIM)
    for question in questions:
        table.add_row(
            f"{question.waiting:,}",
            f"{question.places:,}",
            question.review_id[:length],
            question.kind,
            Text(_line(question.subject)),
            Text(_may_be(question)),
        )
    unlisted = f"; {more:,} are not listed: --first 0 lists all" if more else ""
    return Group(table, Text(f"\n{many}, {figures:,} figures wait; gongbao review show ID{unlisted}", style=_DIM))


def _may_be(question: Question) -> str:
    """The candidates; those of a contradiction are the figures themselves, by their ids."""
    return "" if question.kind == CONTRADICTION else _line("; ".join(question.candidates))


def page(found: Words | Table, short: str, width: int) -> RenderableType:
    """All that is known of a question; `short` is enough of its id."""
    return words_page(found, short) if isinstance(found, Words) else table_page(found, short, width)


def words_page(found: Words, short: str) -> RenderableType:
    """The phrase, the nearest answers with their names, and the first figures that wait with their quotes."""
    question = found.question
    parts: list[RenderableType] = [
        _head(question, short, f"{question.waiting:,} {_figures(question.waiting)} wait"),
        Padding(Text(_line(question.subject), style="bold"), (0, 0, 0, 2)),
    ]
    if found.choices:
        parts += [_title("nearest"), _pairs([(choice.code, choice.name) for choice in found.choices])]
    if found.mentions:
        shown = len(found.mentions)
        parts.append(_title("figures that wait" + (f", the first {shown}" if shown < question.waiting else "")))
        for mention in found.mentions:
            sentence = Text(_line(mention.before, strip=False).lstrip())
            sentence.append(f"【{_line(mention.quote)}】", style="bold")
            sentence.append(_line(mention.after, strip=False).rstrip())
            parts.append(Padding(sentence, (0, 0, 0, 2)))
            parts.append(Padding(Text(f"{_line(mention.document)}, {_line(mention.where)}", style=_DIM), (0, 0, 0, 4)))
    elif question.example:
        parts += [_title("example"), Padding(Text(_line(question.example)), (0, 0, 0, 2))]
    return Group(*parts, _answers(question, short))


def table_page(found: Table, short: str, width: int) -> RenderableType:
    """The block as it stands in the workbook, why it is not read, and the draft of a template to begin with."""
    question = found.question
    many = f" in {found.blocks:,} blocks of {found.files:,} files" if found.blocks > 1 else ""
    reasons = together(found.detail)
    how = "reads it" if found.status == "failed_identity" else "knows it in part"
    knows = f"{found.status}, {found.template} {how}" if found.template else found.status
    parts: list[RenderableType] = [
        _head(question, short, f"{question.waiting:,} numbers wait{many}"),
        Padding(Text(f"{_line(found.file_name)}, sheet {_line(found.sheet)}, {found.cells}"), (0, 0, 1, 2)),
        *picture(found.window, width, _marked(found)),
        _title(f"why it is not read ({knows})"),
        *(Padding(Text(_line(reason)), (0, 0, 0, 2)) for reason in reasons),
    ]
    checked = [
        (each.identity, f"held {each.held:,}, failed {each.failed:,}") for each in found.identities if each.failed
    ]
    if checked:
        parts += [_title("identities"), _pairs(checked)]
        hint = f"  where the source itself is wrong, known_failures say so: gongbao review show {short} --draft > FILE"
        parts.append(Text(hint, style=_DIM))
    if found.draft:
        parts += [_title("draft of a template"), *_draft(found.draft, short)]
    is_whole = found.draft is not None and not re.search(r"\btodo:", found.draft)
    return Group(*parts, _answers(question, short, "" if is_whole else None))


def _marked(found: Table) -> list[str]:
    """The cells that the reason names, by their addresses, or as failures do by the number printed there."""
    reason = found.detail or ""
    printed = set(re.findall(r"\d[\d,.]*\d\d", reason)) if found.status == "failed_identity" else set()
    by_number = [cell_address(cell.row, cell.column) for cell in found.window.cells if cell.text.strip() in printed]
    return [*addresses(reason), *by_number]


def together(detail: str | None) -> list[str]:
    """The reasons one by one, what is said of several cells once: `C21, D21: its unit cell holds no unit`."""
    cells: dict[str, list[str]] = {}
    for reason in filter(None, (detail or "").split("; ")):
        found = _OF_CELL.fullmatch(reason)
        cells.setdefault(found[2] if found else reason, []).extend([found[1]] if found else [])
    return [f"{', '.join(named)}: {reason}" if named else reason for reason, named in cells.items()]


def _draft(draft: str, short: str) -> Iterator[RenderableType]:
    lines = draft.rstrip().splitlines()
    for line in lines[:_DRAFT_LINES]:
        style = "yellow" if re.search(r"\btodo:", line) else "default"
        yield Padding(Text(harmless(line), style=style), (0, 0, 0, 2))
    open_questions = sum(bool(re.search(r"\btodo:", line)) for line in lines)
    if len(lines) > _DRAFT_LINES:
        yield Text(f"  … and {len(lines) - _DRAFT_LINES:,} more lines", style=_DIM)
    if open_questions:
        lines_are = "1 line of it is" if open_questions == 1 else f"{open_questions:,} lines of it are"
        yield Text(f"  {lines_are} open (todo): gongbao review show {short} --draft > FILE", style=_DIM)


def _head(question: Question, short: str, waiting: str) -> Text:
    head = Text().append(f"{question.kind} ", style="bold")
    head.append(question.review_id[: len(short)], style="bold cyan")
    head.append(question.review_id[len(short) :], style=_DIM)
    return head.append(f"  {question.status}, {waiting}", style="default")


def _answers(question: Question, short: str, option: str | None = None) -> RenderableType:
    answer = _ANSWERS.get(question.kind) if option is None else option
    lines = [f"→ gongbao review accept {short} {answer}".rstrip()] if answer is not None else []
    if question.kind in _ELSEWHERE:
        lines.append(_ELSEWHERE[question.kind])
    if question.kind == CONTRADICTION:
        lines += [
            f"→ gongbao explain {fact_id}  # begins a record of corrections.yml" for fact_id in question.candidates
        ]
    lines.append(f"→ gongbao review reject {short} --reason TEXT")
    return Padding(Text("\n".join(lines), style=_DIM), (1, 0, 0, 0))


def _title(text: str) -> RenderableType:
    return Padding(Text(text, style="underline"), (1, 0, 0, 0))


def _pairs(pairs: Sequence[tuple[str, str]]) -> RenderableType:
    table = Columns.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=max(min(cell_len(name), 40) for name, _ in pairs))
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(_line(name)), Text(_line(value)))
    return Padding(table, (0, 0, 0, 2))


def _figures(number: int) -> str:
    return "figure" if number == 1 else "figures"


def _line(text: str, strip: bool = True) -> str:
    joined = re.sub(r"\s+", " ", text)
    return harmless(joined.strip() if strip else joined)
