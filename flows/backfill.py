"""Documents worked through anew: read from their originals, extracted, normalised, then judged and published."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stages
from flows.hooks import when_it_ends_badly
from flows.parameters import Documents, Everything, Places, Since, Until, WarehouseFolder
from gongbao import backfill as chosen
from gongbao import ingest, runs, settings
from gongbao.settings import Settings
from gongbao.warehouse import Warehouse
from gongbao.workers import Workers


@stages.stage
def read_anew(
    warehouse: Warehouse, configured: Settings, workers: Workers, document_ids: tuple[str, ...]
) -> ingest.IngestReport:
    """The documents chosen, from blobs/ once more."""
    return chosen.work_anew(warehouse, document_ids, configured.clock(), configured.parse_limits(), workers)


@flow(
    name="backfill",
    description="重新处理选定的文件。 Documents chosen are worked through anew; conditions narrow the choice together.",
    persist_result=False,
    timeout_seconds=24 * 3600,
    on_failure=[when_it_ends_badly],
    on_crashed=[when_it_ends_badly],
    on_cancellation=[when_it_ends_badly],
)
def backfill(
    documents: Documents = None,
    places: Places = None,
    published_since: Since = None,
    published_until: Until = None,
    everything: Everything = False,
    warehouse: WarehouseFolder = None,
) -> State[runs.Summary]:
    """Read, extract and normalise anew what is chosen, judge and publish as a night does; no source is visited."""
    return stages.state_of(
        lambda: _backfill(
            chosen.Selection(tuple(documents or ()), tuple(places or ()), published_since, published_until, everything),
            warehouse,
        )
    )


def _backfill(selection: chosen.Selection, warehouse: str | None) -> runs.Summary:
    configured = settings.load(warehouse=Path(warehouse) if warehouse else None)
    stages.check_curated(configured)
    with Warehouse(configured.warehouse) as opened:
        document_ids = chosen.select(opened, selection)
        return stages.night(opened, configured, partial(read_anew, document_ids=document_ids), "backfill")
