"""The night's intake: all that the sources hold, each to a blob, a sighting, and a document or a refusal.

First what the ledger tells and the database does not know is read from blobs/ again: a lost database is filled before
the sources are looked at, in the order in which things were first seen. Then what readers of another version have read
is read anew, so that an upgraded warehouse holds what a rebuilt one would.

Order of writing, so that a run killed anywhere is made whole by the next: blobs, then the database in one
transaction, then ledgers and quarantine files, which are compared with what they should hold and not trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

import duckdb

from gongbao.errors import UnreadableDocument
from gongbao.ingest import attribution, names, quarantine, revisions, schedule, sightings
from gongbao.ingest.ahead import Readers
from gongbao.ingest.frames import refresh
from gongbao.ingest.limits import Limits
from gongbao.ingest.names import Name
from gongbao.ingest.night import Night
from gongbao.ingest.reader_versions import version
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.report import IngestReport, Refusal
from gongbao.ingest.sources import Source
from gongbao.ingest.store import flush_names, sweep
from gongbao.ingest.visits import visit
from gongbao.ingest.web import Web
from gongbao.warehouse import Warehouse
from gongbao.workers import HERE, Workers


def take_in(
    warehouse: Warehouse,
    sources: Sequence[Source],
    now: datetime,
    limits: Limits,
    only_hosts: tuple[str, ...] | None,
    contact: str | None,
    named: Sequence[str] | None,
    workers: Workers,
) -> IngestReport:
    """See `gongbao.ingest.ingest`."""
    sweep(warehouse.blobs)
    moment = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    visits = schedule.last_visits(warehouse)
    due = [
        source
        for source in sorted(sources, key=lambda source: source.name)
        if (
            source.name in named
            if named is not None
            else schedule.is_due(source.schedule, visits.get(source.name), moment)
        )
    ]
    with ExitStack() as stack:
        parser = stack.enter_context(ParserProcess(limits))
        web = stack.enter_context(Web(contact))
        connection = stack.enter_context(warehouse.transaction())
        sightings.register(warehouse, sources)
        night = Night(warehouse, moment, Readers(warehouse.blobs, limits, parser, workers))
        night.replay()
        night.reread()
        visit(night, web, due, limits, only_hosts)
        night.retry()
        night.flush()
        not_due = [source.name for source in sources if source not in due]
        _settle(connection, night, due, not_due if named is None else _others(connection, due))
        flush_names(warehouse.blobs)  # before the rows that count on them are committed
    sightings.record(warehouse, moment)
    names.record(warehouse, moment)
    missed = {name for name, _ in night.tally.unreached}
    schedule.record(warehouse, [source for source in due if source.name not in missed], moment)
    quarantine.write_files(warehouse.connection, warehouse.quarantine)
    return night.tally.report(not_due)


def read_again(
    warehouse: Warehouse, document_ids: Sequence[str], now: datetime, limits: Limits, workers: Workers
) -> IngestReport:
    """Read these documents and refusals anew from their blobs, as if other readers had read them; visit no source.

    Whatever has one of their texts must be among them. What was extracted is the caller's to forget. Raises
    `WarehouseDamaged` where a blob is missing or altered. A run killed before the end leaves all as it was.
    """
    with ExitStack() as stack:
        parser = stack.enter_context(ParserProcess(limits))
        connection = stack.enter_context(warehouse.transaction())
        sightings.register(warehouse, ())
        ids = {"ids": list(document_ids)}
        connection.execute(
            "update raw.document set reader_version = '' where document_id in (select unnest($ids))", ids
        )
        for relation in ("raw.text", "raw.cell"):
            connection.execute(f"delete from {relation} where text_id in ({TEXTS})", ids)
        night = Night(warehouse, now, Readers(warehouse.blobs, limits, parser, workers))
        night.replay()
        night.reread()
        night.retry()
        night.flush()
        _settle(connection, night, (), _others(connection, ()))
        flush_names(warehouse.blobs)
    sightings.record(warehouse, now)
    names.record(warehouse, now)
    quarantine.write_files(warehouse.connection, warehouse.quarantine)
    refusals = quarantine.standing(warehouse.connection, document_ids)
    return replace(night.tally.report(()), seen=len(document_ids), quarantined=len(refusals), refusals=refusals)


TEXTS = """
    select document.text_id from raw.document as document
    left join raw.source_item as item on item.sha256 = document.document_id
    where document.document_id in (select unnest($ids)) or item.container in (select unnest($ids))
"""
"""Texts of the documents `$ids`, and of those that lie in them."""


def _others(connection: duckdb.DuckDBPyConnection, visited: Sequence[Source]) -> list[str]:
    """Every source that was ever known besides these: nobody looked whether what it brought still lies there."""
    known = connection.execute(
        "select source_name from raw.source union select source_name from raw.source_item order by source_name"
    ).fetchall()
    names_ = {source.name for source in visited}
    return [name for (name,) in known if name not in names_]


def take_again(
    warehouse: Warehouse, known: Sequence[Name], moment: datetime, limits: Limits, workers: Workers = HERE
) -> None:
    """Fill an empty warehouse with what its ledgers tell, as of `moment`, and look at no source.

    `known` are the names without readable bytes that were refused or waited for then. Raises `WarehouseDamaged` as
    `take_in` does.
    """
    with ParserProcess(limits) as parser, warehouse.transaction() as connection:
        sightings.register(warehouse, ())
        night = Night(warehouse, moment, Readers(warehouse.blobs, limits, parser, workers))
        night.replay()
        for each in known:
            refused = (each.reason or "", each.detail or "", each.remedy or "")
            if each.status == "pending":
                night.wait_for(Refusal(each.source, each.uri, *refused))
            else:
                night.refuse_name(each.source, each.uri, UnreadableDocument(*refused))
        night.flush()
        _settle(connection, night, (), ())
        flush_names(warehouse.blobs)


def _settle(connection: duckdb.DuckDBPyConnection, night: Night, due: Sequence[Source], not_due: Sequence[str]) -> None:
    """What the documents owe to all their sightings, once the night has seen everything."""
    missed = [name for name, _ in night.tally.unreached]
    visited = [source.name for source in due if source.name not in missed]
    revisions.end_pending(connection, visited, [(each.source, each.uri) for each in night.tally.pending])
    renamed = attribution.name_documents(connection)
    night.tally.warnings += refresh(connection, version(), renamed)
    attribution.apply_settings(connection)
    revisions.supersede(connection)
    revisions.drop_orphans(connection)
    night.tally.counts["gone"] = quarantine.settle(connection, night.lying, [*not_due, *missed])
