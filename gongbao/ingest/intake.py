"""The night's intake: every file of every inbox to a blob, a sighting, a document, or a refusal.

First what the ledger tells and the database does not know is read from blobs/ again: a lost database is filled before
the inboxes are looked at, in the order in which things were first seen.

Order of writing, so that a run killed anywhere is made whole by the next: blobs, then the database in one
transaction, then ledgers and quarantine files, which are compared with what they should hold and not trusted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from gongbao import extract, progress, project
from gongbao.errors import UnreadableDocument
from gongbao.ingest import attribution, quarantine, sightings
from gongbao.ingest.frames import refresh
from gongbao.ingest.grids import cells
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.reading import read_document
from gongbao.ingest.report import IngestReport, Refusal
from gongbao.ingest.sightings import Sighting
from gongbao.ingest.sources import Arrival, Source, ignored, read_bytes, walk
from gongbao.ingest.store import flush_names, put, sweep
from gongbao.warehouse import Warehouse, insert

Outcome = Literal["new", "duplicate", "known", "quarantined"]
# Rows wait in memory up to about this many characters, a row counting some for itself.
_BATCH_CHARACTERS = 50_000_000
_ROW_OVERHEAD = 500
_IGNORED = {
    "lock_file": ("a lock file of an open workbook", "nothing to do: it goes when the workbook is closed"),
    "system_file": ("left by the operating system", "nothing to do"),
    "link_inside": ("a link to a file of the same inbox", "nothing to do: the file is read under its own name"),
}


def take_in(warehouse: Warehouse, sources: Sequence[Source], now: datetime, limits: Limits) -> IngestReport:
    """See `gongbao.ingest.ingest`."""
    sweep(warehouse.blobs)
    moment = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    with ParserProcess(limits) as parser, warehouse.transaction():
        sightings.register(warehouse, sources)
        night = _Night(warehouse, moment, limits, parser)
        night.replay()
        night.take(sources)
        night.retry()
        report = night.close()
        flush_names(warehouse.blobs)  # before the rows that count on them are committed
    sightings.record(warehouse)
    quarantine.write_files(warehouse.connection, warehouse.quarantine)
    return report


def version() -> str:
    """The version of the readers, then that of extraction, whose frames stand in the document."""
    return f"{readers_version()}+{extract.version()}"


@cache
def readers_version() -> str:
    """Twelve hex digits that change with the readers: a refusal by other ones is tried again."""
    digest = hashlib.sha256(package_version("python-calamine").encode())
    project.hash_tree(digest, Path(__file__).parent, prefix="ingest")
    return digest.hexdigest()[:12]


class _Night:
    """One night's state: what the warehouse knows already, and the rows that wait to be inserted."""

    def __init__(self, warehouse: Warehouse, now: datetime, limits: Limits, parser: ParserProcess) -> None:
        self._warehouse, self._now, self._limits, self._parser = warehouse, now, limits, parser
        connection = warehouse.connection
        self._sightings = {row[0] for row in connection.execute("select sighting_id from raw.source_item").fetchall()}
        self._texts = {row[0] for row in connection.execute("select distinct text_id from raw.text").fetchall()}
        self._texts |= {row[0] for row in connection.execute("select distinct text_id from raw.cell").fetchall()}
        self._documents: dict[str, tuple[str, str]] = {
            document: (status, reader_version)
            for document, status, reader_version in connection.execute(
                "select document_id, ingest_status, reader_version from raw.document"
            ).fetchall()
        }
        self._refused: dict[str, tuple[str, str, str]] = {
            row[0]: (row[1], row[2], row[3])
            for row in connection.execute("select quarantine_id, reason, detail, remedy from ops.quarantine").fetchall()
        }
        self._recorded = sightings.recorded(warehouse)
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._waiting = 0
        self._counts: Counter[str] = Counter()
        self._refusals: list[Refusal] = []
        self._lying: dict[str, tuple[str, str]] = {}
        self._ignored: list[Refusal] = []
        self._warnings: list[tuple[str, str]] = []
        self._unreached: list[tuple[str, str]] = []

    def replay(self) -> None:
        """What the ledger tells and the database does not know, from its blobs. Raises `WarehouseDamaged`."""
        self._read_again([each for each in self._recorded if each.sighting_id not in self._sightings])
        self._warnings.clear()  # they were told in the night of the document

    def retry(self) -> None:
        """Refusals by other readers that no inbox brought tonight, from their blobs. Raises `WarehouseDamaged`."""
        refused = {
            document_id
            for document_id, (status, reader_version) in self._documents.items()
            if status == "quarantined" and self._is_outdated(document_id, reader_version)
        }
        self._read_again([each for each in self._recorded if each.sha256 in refused])

    def _read_again(self, again: Sequence[Sighting]) -> None:
        for number, sighting in enumerate(again, start=1):
            data = sightings.read_blob(self._warehouse.blobs, sighting)
            self._sight(sighting)
            self._settle(sighting, data)
            progress.advance("replay", number, len(again))
        self._counts["replayed"] += len(again)

    def take(self, sources: Sequence[Source]) -> None:
        """Every file of every inbox, in the order of the sources' names and of the paths."""
        named = sorted(sources, key=lambda source: source.name)
        found = [(source, arrival) for source in named for arrival in self._listed(source)]
        for number, (source, arrival) in enumerate(found, start=1):
            self._take(source, arrival)
            progress.advance("ingest", number, len(found))

    def _listed(self, source: Source) -> list[Arrival]:
        try:
            return walk(source.inbox)
        except OSError as error:
            self._unreached.append((source.name, f"the inbox {source.inbox} cannot be listed ({error.strerror})"))
            return []

    def close(self) -> IngestReport:
        """Insert what waits, settle what the documents owe to all sightings; tell what the night took in."""
        self._flush()
        connection = self._warehouse.connection
        renamed = attribution.name_documents(connection)
        self._warnings += refresh(connection, version(), renamed)
        attribution.apply_settings(connection)
        gone = quarantine.settle(connection, self._lying, [name for name, _ in self._unreached])
        return IngestReport(
            seen=self._counts["seen"],
            new=self._counts["new"],
            unchanged=self._counts["unchanged"],
            duplicate=self._counts["duplicate"],
            quarantined=len(self._refusals),
            gone=gone,
            replayed=self._counts["replayed"],
            refusals=tuple(self._refusals),
            ignored=tuple(self._ignored),
            warnings=tuple(self._warnings),
            unreached=tuple(self._unreached),
        )

    def _take(self, source: Source, arrival: Arrival) -> None:
        self._counts["seen"] += 1
        reason = ignored(source.inbox, arrival)
        if reason:
            detail, remedy = _IGNORED[reason]
            self._ignored.append(Refusal(source.name, arrival.uri, reason, f"{arrival.uri} is {detail}", remedy))
            return
        try:
            data = read_bytes(arrival, self._limits)
        except UnreadableDocument as refused:
            self._refuse_name(source.name, arrival.uri, refused)
            return
        sighting = Sighting(source.name, arrival.uri, put(self._warehouse.blobs, data), len(data), self._now)
        was_here = self._sight(sighting)
        outcome = self._settle(sighting, data)
        if outcome == "quarantined":
            self._tell_refusal(sighting)
        else:
            known = "unchanged" if was_here else "duplicate"
            self._counts[known if outcome == "known" else outcome] += 1

    def _settle(self, sighting: Sighting, data: bytes) -> Outcome:
        """Make a document or a refusal of the content, where it is none yet."""
        status, reader_version = self._documents.get(sighting.sha256, (None, ""))
        if status == "quarantined" and self._is_outdated(sighting.sha256, reader_version):
            self._flush()
            quarantine.forget(self._warehouse.connection, sighting.sha256)
            status = None
        if status is None:
            return self._read(sighting, data)
        return "quarantined" if status == "quarantined" else "known"

    def _is_outdated(self, document_id: str, reader_version: str) -> bool:
        """Whether a refusal was by other readers, or (a defect of ours) by another extraction."""
        if self._refused[document_id][0] == "internal_error":
            return reader_version != version()
        return reader_version.partition("+")[0] != readers_version()

    def _read(self, sighting: Sighting, data: bytes) -> Outcome:
        try:
            document = read_document(
                data, self._warehouse.blobs / sighting.sha256, sighting.uri, self._limits, self._parser
            )
        except UnreadableDocument as refused:
            self._refuse(sighting, refused)
            return "quarantined"
        is_new = document.text_id not in self._texts
        if is_new:
            self._texts.add(document.text_id)
            if document.content is not None:
                self._add("raw.text", {"text_id": document.text_id, "content": document.content})
            for cell in cells(document.sheets):
                self._add("raw.cell", {"text_id": document.text_id, **cell})
        if document.warnings:
            self._warnings.append((sighting.uri, "; ".join(document.warnings)))
        self._add_document(sighting, document.columns())
        return "new" if is_new else "duplicate"

    def _sight(self, sighting: Sighting) -> bool:
        """Record that this content lies at this place; whether it was seen there before."""
        if sighting.sighting_id in self._sightings:
            return True
        self._sightings.add(sighting.sighting_id)
        self._add("raw.source_item", sighting.row())
        return False

    def _refuse_name(self, source: str, uri: str, refused: UnreadableDocument) -> None:
        """A file without readable bytes is known by its name until it can be read, or goes."""
        sighting = Sighting(source, uri, quarantine.name_id(source, uri), None, self._now)
        self._sight(sighting)
        before = self._refused.get(sighting.sha256)
        if before is not None and before[0] != refused.reason:
            self._flush()
            quarantine.forget(self._warehouse.connection, sighting.sha256)
        if before is None or before[0] != refused.reason:
            self._refuse(sighting, refused)
        self._tell_refusal(sighting)

    def _refuse(self, sighting: Sighting, refused: UnreadableDocument) -> None:
        known = (refused.reason, refused.what, refused.remedy)
        self._refused[sighting.sha256] = known
        row = dict(zip(("reason", "detail", "remedy"), known, strict=True))
        place = {"source_name": sighting.source, "uri": sighting.uri, "size_bytes": sighting.size}
        self._add("ops.quarantine", {"quarantine_id": sighting.sha256, "gone": False, **place, **row})
        self._add_document(sighting, {"ingest_status": "quarantined", "title": PurePosixPath(sighting.uri).stem})

    def _tell_refusal(self, sighting: Sighting) -> None:
        self._refusals.append(Refusal(sighting.source, sighting.uri, *self._refused[sighting.sha256]))
        self._lying.setdefault(sighting.sha256, (sighting.source, sighting.uri))

    def _add_document(self, sighting: Sighting, slots: dict[str, Any]) -> None:
        """A document's row; what is owed to all its sightings is settled at the end of the night."""
        self._documents[sighting.sha256] = (slots["ingest_status"], version())
        identity = {
            "document_id": sighting.sha256,
            "source_name": sighting.source,
            "file_name": PurePosixPath(sighting.uri).name,
            "reader_version": version(),
            "first_seen_at": sighting.fetched_at,
        }
        self._add("raw.document", {**identity, **slots})

    def _add(self, relation: str, row: dict[str, Any]) -> None:
        self._rows.setdefault(relation, []).append(row)
        self._waiting += len(row.get("content") or "") + _ROW_OVERHEAD
        if self._waiting > _BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        for relation in sorted(self._rows):
            insert(self._warehouse.connection, relation, self._rows[relation])
        self._rows.clear()
        self._waiting = 0
