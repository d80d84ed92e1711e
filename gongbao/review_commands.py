"""The commands `gongbao review list`, `show`, `accept` and `reject`; what all commands keep to: gongbao/cli.py."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from gongbao import consoles
from gongbao.errors import ExitCode, UsageError
from gongbao.harmless import harmless, harmless_json, harmless_lines
from gongbao.options import Json, WarehouseFolder

if TYPE_CHECKING:
    from gongbao.settings import Settings
    from gongbao.warehouse import Warehouse

review = App(
    name="review",
    help="Open questions, ranked by how many figures wait on them, and a curator's answers.\n\nExample: gongbao review",
    help_format="plaintext",
    result_action="return_value",
)
Beginning = Annotated[str, Parameter(name="ID", help="An id, or as much of its beginning as no other has.")]


@review.default
@review.command(name="list")
def review_list(
    *,
    kind: Annotated[str | None, Parameter(name="--kind", help="Questions of this kind alone.")] = None,
    first: Annotated[int, Parameter(name="--first", help="So many of them at most; 0 for all.")] = 40,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """List the open questions, those first on which the most figures wait.

    `--json` lists all of them.

    Example: gongbao review list --kind sheet_block --first 10
    """
    from gongbao import settings
    from gongbao.review import pages, questions
    from gongbao.warehouse import Warehouse

    if first < 0:
        raise UsageError(f"--first is {first}", "name how many questions to list, or 0 for all")
    with Warehouse.reading(settings.load(warehouse=warehouse).warehouse) as opened:
        found = questions.questions(opened, kind)
    if as_json:
        print(harmless_json(json.dumps([asdict(question) for question in found], ensure_ascii=False)))
    else:
        console = consoles.opened()
        console.print(pages.listing(found, console.width, first or len(found)))
    return ExitCode.DONE


@review.command(name="show")
def review_show(
    beginning: Beginning,
    /,
    *,
    draft: Annotated[
        bool, Parameter(name="--draft", negative=(), help="The drafted template alone, to be edited.")
    ] = False,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Show a question: the phrase with its figures and what it may be, or the table with the draft of a template.

    Example: gongbao review show 3f2a9c
    """
    from gongbao import settings
    from gongbao.review import pages, questions
    from gongbao.warehouse import Warehouse

    with Warehouse.reading(settings.load(warehouse=warehouse).warehouse) as opened:
        question = questions.find(opened, beginning)
        found = questions.details(opened, question)
        short = question.review_id[: questions.shortest(opened)]
    if draft:
        text = questions.template_to_edit(found) if isinstance(found, questions.Table) else None
        if text is None:
            raise UsageError(f"there is no draft for {question.subject}", "leave out --draft")
        sys.stdout.write(text)
    elif as_json:
        print(harmless_json(json.dumps(asdict(found), ensure_ascii=False)))
    else:
        console = consoles.opened()
        console.print(pages.page(found, short, console.width))
    return ExitCode.DONE


@review.command(name="accept")
def review_accept(
    beginning: Beginning,
    /,
    *,
    indicator: Annotated[str | None, Parameter(name="--indicator", help="The id of indicators.csv.")] = None,
    place: Annotated[str | None, Parameter(name="--place", help="The code of places.csv.")] = None,
    unit: Annotated[str | None, Parameter(name="--unit", help="A spelling or canonical unit of units.csv.")] = None,
    factor: Annotated[str | None, Parameter(name="--factor", help="How many of --unit one is: 10000, 3/2000.")] = None,
    template: Annotated[
        Path | None, Parameter(name="--template", help="The edited draft; without it, as it is.")
    ] = None,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Answer a question: writes the line, or the template, into vocabulary/ beside gongbao.toml.

    Example: gongbao review accept 3f2a9c --indicator new_enterprises
    """
    from gongbao.review import answers, questions

    answer = answers.Answer(indicator=indicator, place=place, unit=unit, factor=factor, template=template)
    with _deciding(warehouse) as (configured, opened):
        question = questions.find(opened, beginning)
        accepted = answers.accept(opened, configured.vocabulary, question, answer, configured.clock())
    if as_json:
        print(harmless_json(json.dumps(asdict(accepted), ensure_ascii=False, default=str)))
    else:
        said = "" if accepted.is_new else " (it stood there already)"
        figures = "1 figure" if question.waiting == 1 else f"{question.waiting:,} figures"
        print(harmless_lines(f"{accepted.line}\nwritten to {accepted.path}{said}; the next run reads {figures} anew"))
    return ExitCode.DONE


@review.command(name="reject")
def review_reject(
    beginning: Beginning,
    /,
    *,
    reason: Annotated[str, Parameter(name="--reason", help="Why it is no question any more.")],
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Close a question with a reason; its figures stay out of the marts.

    Example: gongbao review reject 3f2a9c --reason "a workshop is no indicator"
    """
    from gongbao.review import answers, questions

    with _deciding(warehouse) as (configured, opened):
        question = questions.find(opened, beginning)
        answers.reject(opened, question, reason, configured.clock())
    if as_json:
        print(harmless_json(json.dumps({"review_id": question.review_id, "status": "rejected"})))
    else:
        figures = "1 figure stays" if question.waiting == 1 else f"{question.waiting:,} figures stay"
        print(f"rejected: {harmless(question.subject)}\n{figures} out of the marts; the next run asks no more")
    return ExitCode.DONE


@contextmanager
def _deciding(warehouse: Path | None) -> Iterator[tuple[Settings, Warehouse]]:
    """The settings and the warehouse, held as a run holds it; there must be one."""
    from gongbao import settings
    from gongbao.warehouse import Warehouse

    configured = settings.load(warehouse=warehouse)
    with Warehouse.reading(configured.warehouse):
        pass
    with Warehouse(configured.warehouse) as opened:
        yield configured, opened
        opened.checkpoint()
