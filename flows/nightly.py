"""The night: what the sources hold, from ingest to a published release."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stages
from flows.hooks import when_it_ends_badly
from flows.parameters import Inboxes, WarehouseFolder
from gongbao import runs, settings
from gongbao.warehouse import Warehouse


@flow(
    name="nightly",
    description="每夜：采集、抽取、规范化、校验、发布。 The night, from the sources to a published release.",
    persist_result=False,
    timeout_seconds=6 * 3600,
    on_failure=[when_it_ends_badly],
    on_crashed=[when_it_ends_badly],
    on_cancellation=[when_it_ends_badly],
)
def nightly(inbox: Inboxes = None, warehouse: WarehouseFolder = None) -> State[runs.Summary]:
    """Run the whole night on the configured sources, or on the inboxes named."""
    return stages.state_of(lambda: _night(inbox, warehouse))


def _night(inbox: list[str] | None, warehouse: str | None) -> runs.Summary:
    configured = settings.load(
        source=settings.inbox_sources(tuple(Path(folder) for folder in inbox or ())),
        warehouse=Path(warehouse) if warehouse else None,
    )
    stages.check_curated(configured)
    with Warehouse(configured.warehouse) as opened:
        return stages.night(opened, configured, stages.take_in, "nightly")
