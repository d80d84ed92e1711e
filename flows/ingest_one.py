"""One file or address that a person names, then the rest of the night."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stages
from flows.hooks import when_it_ends_badly
from flows.parameters import Caveats, DocumentKind, Place, Publisher, WarehouseFolder, Where
from gongbao import by_hand, ingest, runs
from gongbao.ingest import Source
from gongbao.settings import Settings
from gongbao.warehouse import Warehouse
from gongbao.workers import Workers


@stages.stage
def ingest_item(warehouse: Warehouse, configured: Settings, workers: Workers, source: Source) -> ingest.IngestReport:
    """The one file or page: blob, text or grid, or its refusal."""
    return stages.visit(warehouse, configured, (source,), (source.name,), workers)


@flow(
    name="ingest_one",
    description="采集一个文件或网址，并完成其后各步。 Takes in one file or address, then does the rest of the night.",
    persist_result=False,
    timeout_seconds=6 * 3600,
    on_failure=[when_it_ends_badly],
    on_crashed=[when_it_ends_badly],
    on_cancellation=[when_it_ends_badly],
)
def ingest_one(
    where: Where,
    publisher: Publisher = None,
    place: Place = None,
    doc_type: DocumentKind = None,
    caveats: Caveats = None,
    warehouse: WarehouseFolder = None,
) -> State[runs.Summary]:
    """Take in one file or address as a source of its own, extract, normalise, judge and publish as a night does."""
    item = by_hand.Item(where, publisher, place, doc_type, tuple(caveats or ()))
    return stages.state_of(lambda: _ingest_one(item, warehouse))


def _ingest_one(item: by_hand.Item, warehouse: str | None) -> runs.Summary:
    configured, source = by_hand.load(item, Path(warehouse) if warehouse else None)
    stages.check_curated(configured)
    with Warehouse(configured.warehouse) as opened:
        return stages.night(opened, configured, partial(ingest_item, source=source), "ingest_one")
