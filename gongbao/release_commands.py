"""The commands `gongbao diff` and `gongbao publish`; what all commands keep to: gongbao/cli.py."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter

from gongbao import consoles
from gongbao.errors import ExitCode, UsageError
from gongbao.harmless import harmless_json
from gongbao.options import Json, WarehouseFolder
from gongbao.progress_bar import progress_bar

Older = Annotated[
    str | None, Parameter(name="OLD", help="A release's id, or as much of its beginning as no other has.")
]
Newer = Annotated[str | None, Parameter(name="NEW", help="Another; `current` where left out.")]
Samples = Annotated[int, Parameter(name="--samples", help="So many rows of each kind are shown of a mart.")]


def diff(
    older: Older = None,
    newer: Newer = None,
    /,
    *,
    samples: Samples = 3,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Tell what changed between two releases; without ids, between the one before `current` and `current`.

    By mart the rows added, changed and removed, with samples; documents, checks, code. May be asked during a run.

    Example: gongbao diff 3f2a9c current
    """
    from gongbao import settings
    from gongbao.publish import diff as differing
    from gongbao.publish import diff_page, history, published

    if samples < 0:
        raise UsageError(f"--samples is {samples}", "name how many rows to show: 0 or more")
    root = settings.load(warehouse=warehouse).warehouse.resolve()
    if older is None:
        ids = history.last_two(root)
    else:
        ids = published.find(root, older), published.find(root, newer or published.CURRENT)
    before, after = (published.read(published.folder_of(root, each)) for each in ids)
    with progress_bar(as_json):
        found = differing.compare(before, after, samples)
    if as_json:
        print(harmless_json(json.dumps(asdict(found) | {"counts": found.counts}, ensure_ascii=False)))
    else:
        consoles.opened().print(diff_page.page(found, published.shortest(root), samples))
    return ExitCode.DONE


def publish(
    release: Annotated[
        str, Parameter(name="ID", help="The release's id, or as much of its beginning as no other has.")
    ],
    /,
    *,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Make a release current that you have looked at: one that changes too much by itself, or an older one again.

    It is published as it lies there, in a moment; the next night goes on from it.

    Example: gongbao publish 3f2a9c
    """
    from gongbao import runs, settings
    from gongbao.publish import approve, diff_page, published
    from gongbao.warehouse import Warehouse

    configured = settings.load(warehouse=warehouse)
    release_id = published.find(configured.warehouse.resolve(), release)
    with Warehouse(configured.warehouse) as opened:
        run_id = runs.begin(opened, configured.clock(), "publish")
        try:
            done = approve(opened, release_id)
        except BaseException as error:
            runs.end(opened, run_id, "failed", configured.clock(), None, error=str(error))
            raise
        runs.end(opened, run_id, "done", configured.clock(), None, done.release_id)
        opened.checkpoint()
    if as_json:
        print(harmless_json(json.dumps(asdict(done), ensure_ascii=False, default=str)))
    elif not done.is_new:
        print(f"release {done.release_id} is current already")
    else:
        rows = f", against {done.previous}: {diff_page.in_words(done.changes)}" if done.changes is not None else ""
        print(f"release {done.release_id} is current{rows}")
    return ExitCode.DONE
