"""The command `gongbao runs`: what each run did, for the operator in the morning; see gongbao/cli.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from gongbao import consoles
from gongbao.errors import ExitCode, UsageError
from gongbao.harmless import harmless_json
from gongbao.options import Json, WarehouseFolder

if TYPE_CHECKING:
    from gongbao.run_history import Run

Newest = Annotated[int, Parameter(name=["-n", "--newest"], help="So many of the newest runs; 0: all.")]

_WORDS = {"done_with_faults": "faults"}
_STYLES = {"done": "green", "done_with_faults": "yellow", "held": "yellow", "failed": "red", "killed": "red"}
_HEAD = ("when (UTC)", "flow", "outcome", "new", "facts", "targets", "quarantined", "seconds")
_LONGEST = 300
"""Characters of an error that are shown."""
_TEXTS = 3
"""The first columns are texts, the others numbers."""


def runs(*, newest: Newest = 10, warehouse: WarehouseFolder = None, as_json: Json = False) -> int:
    """Tell what the newest runs did: outcome, counts, what held them, the release, seconds by stage.

    Reads the run ledger alone, so it may be asked during a run. `killed` is a run that began and never ended.

    Example: gongbao runs -n 30
    """
    from gongbao import run_history, settings

    if newest < 0:
        raise UsageError(f"-n is {newest}", "name how many runs to show: 1 or more, 0 for all")
    root = settings.load(warehouse=warehouse).warehouse.resolve()
    if not (root / "ledger").is_dir():
        raise UsageError(f"no warehouse at {root}", "name one with --warehouse; the first `gongbao run` makes it")
    found = run_history.read(root)[-newest:]
    if as_json:
        print(harmless_json(json.dumps([_told(run) for run in found], ensure_ascii=False, default=str)))
    else:
        console = consoles.opened()
        console.print(page(found, console.width))
    return ExitCode.DONE


def _told(run: Run) -> dict[str, Any]:
    """A run as JSON: all that the ledger has of it, with the counts that the table shows."""
    counts = {name: getattr(run, name) for name in ("new_documents", "facts", "targets", "quarantined", "seconds")}
    return {**asdict(run), **counts, "stages": [stage.entry() for stage in run.stages]}


def page(runs: Sequence[Run], width: int) -> RenderableType:
    """A line of numbers for each run, oldest first, and below it what became of it."""
    if not runs:
        return Text("no run yet: `gongbao run` makes the first night")
    rows = [_HEAD, *map(_cells, runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= width else " "
    parts: list[RenderableType] = [Text(_line(_HEAD, widths, gap), "bright_black", no_wrap=True)]
    for run, cells in zip(runs, rows[1:], strict=True):
        line = Text(_line(cells, widths, gap), no_wrap=True)
        begin = widths[0] + widths[1] + 2 * len(gap)
        line.stylize(_STYLES.get(run.standing, "default"), begin, begin + widths[2])
        parts += [line, *(Padding(Text(told, style), (0, 0, 0, 4)) for told, style in _below(run, width - 4))]
    return Group(*parts)


def _cells(run: Run) -> tuple[str, ...]:
    numbers = (run.new_documents, run.facts, run.targets, run.quarantined)
    seconds = f"{run.seconds:,.1f}" if run.stages else ""
    return (
        f"{run.started_at:%Y-%m-%d %H:%M}",
        run.flow,
        _WORDS.get(run.standing, run.standing),
        *("" if number is None else f"{number:,}" for number in numbers),
        seconds,
    )


def _line(cells: Sequence[str], widths: Sequence[int], gap: str) -> str:
    padded = [
        cell.ljust(width) if column < _TEXTS else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return gap.join(padded).rstrip()


def _below(run: Run, width: int) -> list[tuple[str, str]]:
    """Lines with their style: what held or ended it, its release, seconds by stage; a stage stays in one line."""
    from gongbao.harmless import harmless

    lines: list[tuple[str, str]] = []
    if run.held_by:
        lines.append((f"held by {', '.join(run.held_by)}", "yellow"))
    if run.error:
        told_error = harmless(" ".join(run.error.split()))
        shown = told_error if len(told_error) <= _LONGEST else f"{told_error[:_LONGEST]}…"
        lines.append((shown, "red" if run.standing == "failed" else "default"))
    if run.standing == "killed":
        lines.append(("never ended: run again, nothing half done is visible", "red"))
    told = [f"release {run.release_id}"] if run.release_id else []
    told += [f"{stage.name} {stage.seconds:,.1f}" for stage in run.stages]
    below = ""
    for each in told:
        joined = f"{below} · {each}" if below else each
        if len(joined) > width:
            lines.append((below, "bright_black"))
        below = each if len(joined) > width else joined
    return [*lines, (below, "bright_black")] if below else lines
