"""The command `gongbao validate`; what all commands keep to: gongbao/cli.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gongbao.errors import ExitCode, ReleaseHeld, UsageError
from gongbao.harmless import harmless_json
from gongbao.options import Json, WarehouseFolder
from gongbao.progress_bar import progress_bar

if TYPE_CHECKING:
    from gongbao.settings import Settings
    from gongbao.validate import Verdict
    from gongbao.warehouse import Warehouse

DataDocs = Annotated[
    bool,
    Parameter(
        name="--data-docs",
        negative=(),
        help="Make Great Expectations' own pages, too: WAREHOUSE/data_docs/index.html. They load their styles from the "
        "network; without one they are bare.",
    ),
]


def validate(*, data_docs: DataDocs = False, warehouse: WarehouseFolder = None, as_json: Json = False) -> int:
    """Judge what the last run left in the warehouse: core, and the marts that would be published; publishes nothing.

    `current` stays as it is. Ends with 4 where the checks would hold the release. How much of `current` would be gone
    is judged by the night alone.

    Example: gongbao validate
    """
    from gongbao import settings
    from gongbao import validate as gate
    from gongbao.warehouse import DATABASE, Warehouse

    configured = settings.load(warehouse=warehouse)
    if not (configured.warehouse / DATABASE).exists():
        raise UsageError(
            f"no warehouse at {configured.warehouse}", "name one with --warehouse; the first `gongbao run` makes it"
        )
    with Warehouse(configured.warehouse) as opened, progress_bar(as_json):
        run_id, verdicts = _judge(opened, configured)
        waiting = _waiting(opened)
        pages = None
        if data_docs:
            from gongbao.validate.data_docs import build

            pages = build(opened, run_id, configured.clock())
        opened.checkpoint()
    findings = tuple(line for verdict in verdicts for line in gate.describe(verdict))
    held = [each.expectation for verdict in verdicts for each in verdict.results if each.outcome == "held"]
    counts = gate.checks_summary(verdicts)
    if as_json:
        told = {
            "run_id": run_id,
            "outcome": "held" if held else "done",
            **{name: counts[name] for name in ("passed", "failed", "withheld", "caveats")},
            "waiting": waiting,
            "findings": findings,
            "data_docs": str(pages) if pages else None,
        }
        print(harmless_json(json.dumps(told, ensure_ascii=False)))
    else:
        _print(run_id, counts, findings, waiting, pages)
    if held:
        raise ReleaseHeld(
            f"the gate would hold the release for {', '.join(held)}",
            "`current` is as before; see the findings",
            findings,
        )
    return ExitCode.DONE


def _judge(warehouse: Warehouse, configured: Settings) -> tuple[str, tuple[Verdict, Verdict]]:
    """Both verdicts, under a run of their own: its id comes with them."""
    from gongbao import publish, runs
    from gongbao import validate as gate

    run_id = runs.begin(warehouse, configured.clock(), "validate")
    try:
        core = gate.validate_core(warehouse, run_id)
        publish.stage_marts(warehouse)
        marts = gate.validate_marts(warehouse, run_id)
    except BaseException as error:
        runs.end(warehouse, run_id, "failed", configured.clock(), None, error=str(error))
        raise
    held = [each.expectation for verdict in (core, marts) for each in verdict.results if each.outcome == "held"]
    runs.end(warehouse, run_id, "held" if held else "done", configured.clock(), None, held_by=held)
    return run_id, (core, marts)


def _waiting(warehouse: Warehouse) -> int:
    """Documents that have arrived and state nothing yet: the next night reads and judges them."""
    query = """
        select count(*) from raw.document as document
        anti join core.normalisation as normalised on normalised.text_id = document.text_id
        where document.ingest_status in ('accepted', 'accepted_with_warning') and document.superseded_by is null
    """
    ((waiting,),) = warehouse.connection.execute(query).fetchall()
    return int(waiting)


def _print(run_id: str, counts: dict[str, int], findings: tuple[str, ...], waiting: int, pages: Path | None) -> None:
    from gongbao.terminal import print_findings

    print_findings(findings)
    print(
        f"\nchecks: {counts['passed']:,} of {counts['passed'] + counts['failed']:,} passed; figures withheld: "
        f"{counts['withheld']:,}, with a caveat: {counts['caveats']:,}\n"
        f"nothing was published, `current` is as before; each result stands in ops.check_result under run {run_id}"
    )
    if waiting:
        documents = "1 document was" if waiting == 1 else f"{waiting:,} documents were"
        print(f"{documents} not judged: read by no night yet, `gongbao run` does")
    if pages:
        print(f"data docs: {pages}\n  as Great Expectations makes them: without a network a browser shows them bare")
