"""The night's intake: every file of every inbox to a blob, a sighting, a document, or a refusal.

Order of writing, so that a run killed anywhere is made whole by the next: blobs, then the database in one
transaction, then ledger and quarantine files, which are compared with what they should hold and not trusted.

    ledger/sightings.jsonl, one line a new sighting:
    {"sighting_id", "source", "uri", "sha256", "size_bytes", "fetched_at", "publisher", "place", "caveats"}
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path, PurePosixPath
from typing import Any

from gongbao import extract, progress, project
from gongbao.errors import UnreadableDocument
from gongbao.ingest import quarantine
from gongbao.ingest.frames import refresh
from gongbao.ingest.grids import cells
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.reading import ReadDocument, read_document
from gongbao.ingest.report import IngestReport, Refusal
from gongbao.ingest.sources import Arrival, Source, ignored, read_bytes, walk
from gongbao.ingest.store import flush_names, put, sweep
from gongbao.warehouse import Warehouse, insert

_LEDGER = "sightings"
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
        night = _Night(warehouse, moment, limits, parser)
        night.take(sources)
        report = night.close()
        flush_names(warehouse.blobs)  # before the rows that count on them are committed
    warehouse.append_ledger(_LEDGER, night.sighted)
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
        self._sightings: dict[str, datetime] = dict(
            connection.execute("select sighting_id, fetched_at from raw.source_item").fetchall()
        )
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
        # A database that was lost is filled again with the times that the ledger remembers.
        self._ledger = {entry["sighting_id"]: entry for entry in warehouse.read_ledger(_LEDGER)}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._waiting = 0
        self._counts: Counter[str] = Counter()
        self._refusals: list[Refusal] = []
        self._ignored: list[Refusal] = []
        self._warnings: list[tuple[str, str]] = []
        self._unreached: list[tuple[str, str]] = []
        self._reached: list[str] = []
        self._refused_names: set[tuple[str, str]] = set()
        self.sighted: list[dict[str, Any]] = []

    def take(self, sources: Sequence[Source]) -> None:
        """Every file of every inbox, in the order of the sources and of the paths."""
        found = [(source, arrival) for source in sources for arrival in self._listed(source)]
        for number, (source, arrival) in enumerate(found, start=1):
            self._take(source, arrival)
            progress.advance("ingest", number, len(found))

    def _listed(self, source: Source) -> list[Arrival]:
        try:
            arrivals = walk(source.inbox)
        except OSError as error:
            self._unreached.append((source.name, f"the inbox {source.inbox} cannot be listed ({error.strerror})"))
            return []
        self._reached.append(source.name)
        return arrivals

    def close(self) -> IngestReport:
        """Insert what waits, end refusals that are over, read stale frames anew; tell what the night took in."""
        self._flush()
        self._warnings += refresh(self._warehouse.connection, version(), self._publishers())
        quarantine.release_names(self._warehouse.connection, self._reached, self._refused_names)
        return IngestReport(
            seen=self._counts["seen"],
            new=self._counts["new"],
            unchanged=self._counts["unchanged"],
            duplicate=self._counts["duplicate"],
            quarantined=len(self._refusals),
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
            self._refuse_name(source, arrival, refused)
            return
        document_id = put(self._warehouse.blobs, data)
        known_sighting = self._sight(source, arrival, document_id, len(data))
        status, reader_version = self._documents.get(document_id, (None, ""))
        if status == "quarantined" and self._is_outdated(document_id, reader_version):
            self._flush()
            quarantine.forget(self._warehouse.connection, document_id)
            status = None
        if status == "quarantined":
            self._refusals.append(Refusal(source.name, arrival.uri, *self._refused[document_id]))
        elif status is not None:
            self._counts["unchanged" if known_sighting else "duplicate"] += 1
        else:
            self._read(source, arrival, data, document_id)

    def _is_outdated(self, document_id: str, reader_version: str) -> bool:
        """Whether a refusal was by other readers, or (a defect of ours) by another extraction."""
        if self._refused[document_id][0] == "internal_error":
            return reader_version != version()
        return reader_version.partition("+")[0] != readers_version()

    def _read(self, source: Source, arrival: Arrival, data: bytes, document_id: str) -> None:
        try:
            document = read_document(data, self._warehouse.blobs / document_id, arrival.uri, self._limits, self._parser)
        except UnreadableDocument as refused:
            self._refuse(source, arrival, refused, document_id, len(data))
            return
        if document.text_id in self._texts:
            self._counts["duplicate"] += 1
        else:
            self._counts["new"] += 1
            self._texts.add(document.text_id)
            if document.content is not None:
                self._add("raw.text", {"text_id": document.text_id, "content": document.content})
            for cell in cells(document.sheets):
                self._add("raw.cell", {"text_id": document.text_id, **cell})
        if document.warnings:
            self._warnings.append((arrival.uri, "; ".join(document.warnings)))
        self._add_document(source, arrival, document_id, _accepted(document, source))

    def _sight(self, source: Source, arrival: Arrival, sha256: str, size: int | None) -> bool:
        """Record that this content lies at this place; whether it was seen there before."""
        sighting_id = _sighting_id(source, arrival, sha256)
        known = sighting_id in self._sightings
        fetched_at = self._fetched_at(sighting_id)
        seen = {"sighting_id": sighting_id, "uri": arrival.uri, "sha256": sha256, "size_bytes": size}
        if not known:
            self._sightings[sighting_id] = fetched_at
            self._add("raw.source_item", {**seen, "source_name": source.name, "fetched_at": fetched_at})
        if size is not None and sighting_id not in self._ledger:
            settings = {"publisher": source.publisher, "place": source.place, "caveats": sorted(source.caveats)}
            entry = {**seen, **settings, "source": source.name, "fetched_at": fetched_at.isoformat()}
            self._ledger[sighting_id] = entry
            self.sighted.append(entry)
        return known

    def _fetched_at(self, sighting_id: str) -> datetime:
        """When this content was first seen at this place, by the database, else the ledger, else now."""
        if sighting_id in self._sightings:
            return self._sightings[sighting_id]
        entry = self._ledger.get(sighting_id)
        return datetime.fromisoformat(entry["fetched_at"]) if entry else self._now

    def _publishers(self) -> dict[tuple[str, str], str | None]:
        """The publisher that each source had in its settings when it brought a document."""
        return {(entry["source"], entry["sha256"]): entry["publisher"] for entry in self._ledger.values()}

    def _refuse_name(self, source: Source, arrival: Arrival, refused: UnreadableDocument) -> None:
        """A file without readable bytes is known by its name until it can be read, or goes."""
        document_id = quarantine.name_id(arrival.uri)
        self._refused_names.add((source.name, arrival.uri))
        self._sight(source, arrival, document_id, None)
        if self._refused.get(document_id, ("",))[0] == refused.reason:
            self._refusals.append(Refusal(source.name, arrival.uri, *self._refused[document_id]))
            return
        if document_id in self._refused:
            self._flush()
            quarantine.forget(self._warehouse.connection, document_id)
        self._refuse(source, arrival, refused, document_id, None)

    def _refuse(
        self, source: Source, arrival: Arrival, refused: UnreadableDocument, document_id: str, size: int | None
    ) -> None:
        known = (refused.reason, refused.what, refused.remedy)
        self._refused[document_id] = known
        self._refusals.append(Refusal(source.name, arrival.uri, *known))
        row = dict(zip(("reason", "detail", "remedy"), known, strict=True))
        identity = {"quarantine_id": document_id, "source_name": source.name, "uri": arrival.uri, "size_bytes": size}
        self._add("ops.quarantine", {**identity, **row})
        self._add_document(
            source, arrival, document_id, {"ingest_status": "quarantined", "title": PurePosixPath(arrival.uri).stem}
        )

    def _add_document(self, source: Source, arrival: Arrival, document_id: str, slots: dict[str, Any]) -> None:
        self._documents[document_id] = (slots["ingest_status"], version())
        self._add(
            "raw.document",
            {
                "document_id": document_id,
                "source_name": source.name,
                "file_name": PurePosixPath(arrival.uri).name,
                "source_place": source.place,
                "caveat_codes": ";".join(sorted(source.caveats)) or None,
                "reader_version": version(),
                "first_seen_at": self._fetched_at(_sighting_id(source, arrival, document_id)),
                **slots,
            },
        )

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


def _accepted(document: ReadDocument, source: Source) -> dict[str, Any]:
    return {
        **document.frame.columns(source.publisher),
        "text_id": document.text_id,
        "media_type": document.media_type,
        "reader": document.reader,
        "text_length": document.length,
        "ingest_status": "accepted_with_warning" if document.warnings else "accepted",
        "warnings": "; ".join(document.warnings) or None,
    }


def _sighting_id(source: Source, arrival: Arrival, sha256: str) -> str:
    return hashlib.sha256("\0".join((source.name, arrival.uri, sha256)).encode()).hexdigest()
