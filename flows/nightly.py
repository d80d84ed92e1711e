"""The night: what the sources hold, from ingest to a published release."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stages
from gongbao import runs, settings
from gongbao.warehouse import Warehouse


@flow(name="nightly", persist_result=False, timeout_seconds=6 * 3600)
def nightly(inbox: list[str] | None = None, warehouse: str | None = None) -> State[runs.Summary]:
    """Run the whole night on the configured sources, or on the inboxes named.

    Args:
        inbox: Folders of bulletins and workbooks (收件箱); the configured sources where none is named.
        warehouse: The warehouse folder (仓库); the configured one where none is named.

    """
    return stages.state_of(lambda: _night(inbox, warehouse))


def _night(inbox: list[str] | None, warehouse: str | None) -> runs.Summary:
    configured = settings.load(
        source=settings.inbox_sources(tuple(Path(folder) for folder in inbox or ())),
        warehouse=Path(warehouse) if warehouse else None,
    )
    stages.check_curated(configured)
    with Warehouse(configured.warehouse) as opened:
        return stages.night(opened, configured, stages.ingest_sources)
