"""The `gongbao` command: what people and schedulers call.

Heavy imports (Prefect, Great Expectations, DuckDB) happen inside the commands, so that `--help` answers at once. A
`GongbaoError` ends as one line on standard error and its exit code; anything else is a defect and keeps its
traceback. With `--json` standard output carries one JSON document and nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast

from cyclopts import App, Parameter

from gongbao import __version__, consoles
from gongbao.errors import ExitCode, GongbaoError, ReleaseHeld, UsageError, is_interrupt
from gongbao.explore_commands import explore
from gongbao.harmless import harmless, harmless_json
from gongbao.options import Json, WarehouseFolder, warn_of_root
from gongbao.progress_bar import progress_bar
from gongbao.release_commands import diff, publish
from gongbao.review_commands import review
from gongbao.runs_commands import runs
from gongbao.serve_commands import serve
from gongbao.validate_commands import validate

_STOPPED = "stopped; what was done is kept, and the next run goes on from there"

app = App(
    name="gongbao",
    version=__version__,
    help="公报: local-government bulletins and spreadsheets to comparable county data, every figure with its source.",
    help_format="plaintext",
    result_action="return_value",
    error_console=consoles.opened(stderr=True),
    suppress_keyboard_interrupt=False,  # `main` says what became of it
)
app.command(review)
app.command(diff)
app.command(publish)
app.command(runs)
app.command(validate)
app.command(serve)
app.command(explore)

Inboxes = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--inbox", negative=(), json_list=False, help="A folder of bulletins and workbooks; may be repeated."
    ),
]
OutFolder = Annotated[Path | None, Parameter(name="--out", help="Write one NAME.jsonl per input into this folder.")]
AsTable = Annotated[bool, Parameter(name="--table", negative=(), help="Notes to read, into a pipe too.")]
JsonLines = Annotated[bool, Parameter(name="--json", negative=(), help="JSON lines, on a terminal too.")]


@app.command
def run(*, inbox: Inboxes = (), warehouse: WarehouseFolder = None, as_json: Json = False) -> int:
    """Run the whole night on the configured sources, the bundled samples, or the inboxes named.

    Example: gongbao run --inbox bulletins --warehouse warehouse
    """
    from gongbao import settings
    from gongbao.warehouse import Warehouse

    signal.signal(signal.SIGTERM, _end_by_signal)  # Prefect's own, while the flow is at work, hands on to it
    # Wrong use and a held lock are answered before Prefect's server is started for nothing.
    configured = settings.load(source=settings.inbox_sources(inbox), warehouse=warehouse)
    configured.read_corrections()
    warn_of_root()
    with Warehouse(configured.warehouse):
        pass
    from flows import server

    folder = Path(os.environ.get("PREFECT_HOME") or configured.warehouse.resolve() / ".prefect")
    with server.temporary(folder) as starting, progress_bar(as_json):
        # Read by Prefect when it is first imported.
        os.environ |= {"PREFECT_LOGGING_LEVEL": "CRITICAL", **os.environ, **starting.environment}
        summary = _night(inbox, warehouse, as_json, starting.wait)
    if as_json:
        print(harmless_json(json.dumps(asdict(summary), ensure_ascii=False)))
    else:
        from gongbao.terminal import print_summary

        print_summary(summary)
    return ExitCode.DONE_WITH_FAULTS if summary.outcome == "done_with_faults" else ExitCode.DONE


def _end_by_signal(number: int, _: object) -> None:
    """Say that the night is stopped, and die of the signal as who sent it expects."""
    os.write(sys.stderr.fileno(), f"gongbao: {_STOPPED}\n".encode())  # `print` may be what is interrupted
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _night(inbox: Inboxes, warehouse: WarehouseFolder, as_json: bool, wait: Callable[[], None]) -> Any:
    """The flow's summary; what it raises is told by `main`. Its imports come first, while its server starts."""
    import logging

    from gongbao import memory

    with memory.imports_that_last():
        import httpx
        from prefect.exceptions import PrefectException

        from flows import flow_logs, stop_signals
        from flows.nightly import nightly
        from gongbao.validate import stock

        stock.load()
    wait()
    # Else Prefect tells of lines that its server did not take by half a line, which the last one would follow.
    told_of_lost_lines, logging.raiseExceptions = logging.raiseExceptions, False
    try:
        with stop_signals.heard():
            state = nightly(
                inbox=[str(folder) for folder in inbox] or None,
                warehouse=str(warehouse) if warehouse else None,
                return_state=True,
            )
        return cast(Any, state.result())  # a failed state carries the error itself
    except ReleaseHeld as held:
        if as_json:
            print(harmless_json(json.dumps({"outcome": "held", "findings": held.findings}, ensure_ascii=False)))
        else:
            from gongbao.terminal import print_findings

            print_findings(held.findings)
        raise
    except (PrefectException, httpx.HTTPError) as error:
        raise GongbaoError(
            f"Prefect's server failed the run ({' '.join(str(error).split()) or type(error).__name__})",
            "its server.log, in PREFECT_HOME or the warehouse's .prefect, says why; `gongbao runs` tells how far the "
            "night came; run again",
        ) from error
    finally:
        flow_logs.hand_in()
        logging.raiseExceptions = told_of_lost_lines


@app.command
def ingest(
    *,
    source: Annotated[str | None, Parameter(name="--source", help="Visit this source alone, due or not.")] = None,
    inbox: Inboxes = (),
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Take in what the configured sources hold: new, unchanged, revised, duplicate, quarantined, each counted.

    Nothing is extracted or published yet; `gongbao run` does the whole night.

    Example: gongbao ingest --source huimin
    """
    from gongbao import ingest as stage
    from gongbao import settings
    from gongbao.terminal import print_intake
    from gongbao.warehouse import Warehouse

    configured = settings.load(source=settings.inbox_sources(inbox), warehouse=warehouse)
    names = [each.name for each in configured.sources()]
    if source is not None and source not in names:
        raise UsageError(f"there is no source {source}", f"known are {', '.join(names)}")
    warn_of_root()
    with Warehouse(configured.warehouse) as opened, configured.workers() as workers, progress_bar(as_json):
        report = stage.ingest(
            opened,
            configured.sources(),
            configured.clock(),
            configured.parse_limits(),
            only_hosts=configured.allow_hosts,
            contact=configured.contact,
            named=None if source is None else (source,),
            workers=workers,
        )
        opened.checkpoint()
    if as_json:
        print(harmless_json(json.dumps(asdict(report), ensure_ascii=False)))
    else:
        print_intake(report)
    return ExitCode.DONE_WITH_FAULTS if report.has_faults else ExitCode.DONE


@app.command
def extract(
    *paths: Annotated[Path, Parameter(json_list=False, help="Texts, pages, documents or workbooks.")],
    out: OutFolder = None,
    as_table: AsTable = False,
    as_json: JsonLines = False,
) -> int:
    """Print what documents or sheets state: notes to read on a terminal, JSON lines into a pipe; needs no warehouse.

    With --out DIR each input gives DIR/NAME.jsonl, else the JSON lines of all inputs have a `document` slot.

    Example: gongbao extract --out statements bulletin.txt
    """
    from gongbao import notes, settings, statements
    from gongbao.errors import UnreadableDocument

    if not paths:
        raise UsageError("no text or workbook named", "gongbao extract --out DIR FILE …")
    if as_table and (as_json or out):
        raise UsageError("notes are printed, not written as JSON lines", "leave out --table, or --json and --out")
    settings.use_vocabulary()
    console = consoles.opened()
    is_read_by_people = as_table or (sys.stdout.isatty() and not as_json)
    outputs = statements.output_paths(paths, out) if out else {}
    written: dict[Path, list[str]] = {}
    refused = 0
    with progress_bar(quiet=out is None):
        for path, key, found in statements.read(paths):
            name = f"{path}#{key}" if key else str(path)
            if isinstance(found, UnreadableDocument):
                refused += 1
                print(harmless(f"gongbao: {found}"), file=sys.stderr)
            elif out:
                written.setdefault(path, []).append(statements.as_lines(found, name if key else None))
            elif is_read_by_people:
                title = f"{path.name}#{key}" if key else path.name
                console.print(notes.render(title, found.extraction, found.text), width=min(console.width, notes.WIDEST))
            else:
                sys.stdout.write(harmless_json(statements.as_lines(found, name)))
        for path, lines in written.items():
            statements.write(outputs[path], "".join(lines))
    return ExitCode.DONE_WITH_FAULTS if refused else ExitCode.DONE


@app.command
def explain(fact_id: str, *, warehouse: WarehouseFolder = None, as_json: Json = False) -> int:
    """Tell a fact's or target's whole story: its sentence, document, normalisation, rivals and checks.

    Example: gongbao explain 3f2a9c
    """
    from gongbao import publish, settings
    from gongbao.warehouse import Warehouse

    with Warehouse.reading(settings.load(warehouse=warehouse).warehouse) as opened:
        explanation = publish.explain(opened, fact_id)
    if as_json:
        print(harmless_json(json.dumps(asdict(explanation), ensure_ascii=False, default=str)))
    else:
        print("\n".join(publish.render(explanation)))
    return ExitCode.DONE


@app.command
def asof(
    date: Annotated[str | None, Parameter(help="A day in UTC, or a moment (ISO 8601).")] = None,
    /,
    *,
    out: Annotated[Path | None, Parameter(name="--out", help="Write them here; else warehouse/asof/DATE.")] = None,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Make the marts of a past date anew, from what had arrived by then; `current` stays as it is.

    Example: gongbao asof 2026-03-31
    """
    from gongbao import asof as past_marts
    from gongbao import settings
    from gongbao.terminal import print_findings

    configured = settings.load(warehouse=warehouse)
    if date is None:
        raise UsageError("no date named", "gongbao asof 2026-03-31")
    wanted = past_marts.parse_date(date, past_marts.present(configured))
    warn_of_root()
    try:
        with progress_bar(as_json):
            rebuilt = past_marts.rebuild(configured, wanted, out)
    except ReleaseHeld as held:
        if as_json:
            print(harmless_json(json.dumps({"outcome": "held", "findings": held.findings}, ensure_ascii=False)))
        else:
            print_findings(held.findings)
        raise
    if as_json:
        told = {**asdict(rebuilt), "is_as_published": rebuilt.is_as_published}
        print(harmless_json(json.dumps(told, ensure_ascii=False, default=str)))
    else:
        print("\n".join(past_marts.describe(rebuilt)))
    return ExitCode.DONE_WITH_FAULTS if rebuilt.failures else ExitCode.DONE


@app.command
def blocks(
    *paths: Annotated[Path, Parameter(json_list=False, help="Workbooks.")],
    as_json: Json = False,
) -> int:
    """Tell what became of each table of workbooks: read by which template, or why not; needs no warehouse.

    Example: gongbao blocks population.xlsx
    """
    from gongbao import settings, statements
    from gongbao.errors import UnreadableDocument
    from gongbao.review import inventory

    if not paths:
        raise UsageError("no workbook named", "gongbao blocks FILE …")
    settings.use_vocabulary()
    rows: list[inventory.BlockRow] = []
    with progress_bar(as_json):
        for path, key, found in statements.read(paths):
            name = f"{path}#{key}" if key else str(path)
            rows += inventory.rows_of(name, found if isinstance(found, UnreadableDocument) else found.extraction)
    sums = inventory.totals(rows)
    if as_json:
        told = {"blocks": [asdict(row) for row in rows], "totals": asdict(sums)}
        print(harmless_json(json.dumps(told, ensure_ascii=False)))
    else:
        console = consoles.opened()
        console.print(inventory.page(rows, console.width))
    return ExitCode.DONE_WITH_FAULTS if sums.quarantined else ExitCode.DONE


@app.command
def doctor(*, warehouse: WarehouseFolder = None, as_json: Json = False) -> int:
    """Check versions, settings, lock, disk, schema and vocabulary; each finding comes with a remedy.

    Example: gongbao doctor
    """
    from gongbao.doctor import examine
    from gongbao.terminal import print_examination

    findings = examine({"warehouse": warehouse})
    if as_json:
        print(harmless_json(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)))
    else:
        print_examination(findings)
    return ExitCode.INTERNAL if any(finding.status == "fault" for finding in findings) else ExitCode.DONE


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; the console script and `python -m gongbao` come here."""
    try:
        code = app(arguments, exit_on_error=True)
    except GongbaoError as error:
        consoles.opened(stderr=True, soft_wrap=True).print(f"gongbao: {error}", style="red", markup=False)
        code = error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no mistake of anyone's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interrupt(error):
            raise
        print(f"gongbao: {_STOPPED}", file=sys.stderr)
        code = ExitCode.INTERRUPTED
    sys.exit(int(code or 0))
