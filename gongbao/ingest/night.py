"""What the warehouse knows, and what becomes of one content: a document, several of a table of texts, or a refusal.

`Night` holds a night's state: what is stored already, the rows that wait to be inserted, and the tally for the report.
Contents come from the store (`replay`, `reread`, `retry`) or from the sources (`arrive`, see `gongbao.ingest.visits`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from gongbao import progress
from gongbao.errors import UnreadableDocument
from gongbao.ingest import quarantine, revisions, sightings
from gongbao.ingest.ahead import Content, Readers
from gongbao.ingest.reader_versions import readers_version, version
from gongbao.ingest.readers.isolation import KILLED
from gongbao.ingest.reading import Collection, ReadDocument
from gongbao.ingest.report import Refusal, Tally
from gongbao.ingest.rows import Rows
from gongbao.ingest.sightings import Answer, Sighting, file_name
from gongbao.ingest.store import put
from gongbao.warehouse import Warehouse
from gongbao.workers import in_advance

_log = logging.getLogger(__name__)
Outcome = Literal["new", "duplicate", "known", "quarantined"]
_AHEAD = timedelta(days=366)
"""How far ahead of its arrival a document may be dated: by more it would outrank every other report for years."""
_BYTES = re.compile("%[89A-F][0-9A-F]")
_BY_THE_DAY = "dated_in_future"
"""The reason that another day may do away with."""


class Night:
    """One night's state. Raises `WarehouseDamaged` where the ledger cannot be read."""

    def __init__(self, warehouse: Warehouse, now: datetime, readers: Readers) -> None:
        self._warehouse, self._now, self._readers = warehouse, now, readers
        connection = warehouse.connection
        self.tally = Tally()
        self.lying: dict[str, tuple[str, str]] = {}
        """Refusals that a source holds tonight, with the first (source, uri) of each."""
        self._rows = Rows(connection)
        self._placed = sightings.placed(connection)
        self._last = sightings.last_at(connection)
        self._standing = revisions.standing(connection)
        self._texts = {row[0] for row in connection.execute("select distinct text_id from raw.text").fetchall()}
        self._texts |= {row[0] for row in connection.execute("select distinct text_id from raw.cell").fetchall()}
        self._documents: dict[str, tuple[str, str]] = {
            document: (status, reader_version)
            for document, status, reader_version in connection.execute(
                "select document_id, ingest_status, reader_version from raw.document"
            ).fetchall()
        }
        self._refused_tonight: set[str] = set()
        self._refused: dict[str, tuple[str, str, str]] = {
            row[0]: (row[1], row[2], row[3])
            for row in connection.execute("select quarantine_id, reason, detail, remedy from ops.quarantine").fetchall()
        }
        self._collections = revisions.collections(connection)
        self._recorded = sightings.recorded(warehouse)

    def flush(self) -> None:
        """Insert what waits."""
        self._rows.flush()

    # ── from the store ─────────────────────────────────────────────────────────────────────────────────────────

    def replay(self) -> None:
        """What the ledger tells and the database does not know, from its blobs. Raises `WarehouseDamaged`."""
        again = [each for each in self._recorded if each.sighting_id not in self._placed]
        self._read_again("replay", again)
        self.tally.counts["replayed"] += len(again)
        self.tally.warnings.clear()  # they were told in the night of the document

    def reread(self) -> None:
        """Accepted documents that other readers have read, from their blobs. Raises `WarehouseDamaged`."""
        outdated = {
            document_id
            for document_id, (status, reader_version) in self._documents.items()
            if status.startswith("accepted") and reader_version.partition("+")[0] != readers_version()
        }
        again = [each for each in self._recorded if each.sha256 in outdated]
        connection = self._warehouse.connection
        self._rows.flush()
        forgotten = {each.sha256 for each in again}
        for document_id in sorted(forgotten):
            revisions.forget(connection, document_id)
        # Other readers may find other texts in a table: its members are taken anew at each of its addresses.
        forgotten |= revisions.forget_members(connection, sorted(forgotten & self._collections))
        self._collections -= forgotten
        self._documents = {name: known for name, known in self._documents.items() if name not in forgotten}
        self._placed, self._last = sightings.placed(connection), sightings.last_at(connection)
        self._read_again("reread", again)
        self.tally.warnings.clear()

    def retry(self) -> None:
        """Refusals by other readers that no source brought tonight, from their blobs. Raises `WarehouseDamaged`."""
        refused = {
            document_id
            for document_id, (status, reader_version) in self._documents.items()
            if status == "quarantined" and self._is_outdated(document_id, reader_version)
        }
        again = [each for each in self._recorded if each.sha256 in refused]
        self._read_again("replay", again)
        self.tally.counts["replayed"] += len(again)

    def _read_again(self, stage: str, again: Sequence[Sighting]) -> None:
        told = in_advance(again, self._look_at, self._readers.reach)
        for number, sighting in enumerate(told, start=1):
            is_placed = self._place(sighting)
            self._settle(sighting, is_new_here=is_placed or stage == "reread")
            progress.advance(stage, number, len(again))

    def _look_at(self, sighting: Sighting) -> Sighting:
        """See that its blob is whole, and have it read where it will be asked for. Raises `WarehouseDamaged`."""
        sightings.read_blob(self._warehouse.blobs, sighting)
        self._expect(_content(sighting))
        return sighting

    # ── from the sources ───────────────────────────────────────────────────────────────────────────────────────

    def last(self, source: str, uri: str) -> Sighting | None:
        """The last content at this address."""
        return self._last.get((source, uri))

    def stands(self, source: str, uri: str) -> bool:
        """Whether a readable document ever lay at this address."""
        return (source, uri) in self._standing

    def keep(self, source: str, uri: str, data: bytes, answer: Answer) -> Callable[[], None]:
        """A content lies at this address tonight: it is kept at once; what is returned has it known and read."""
        sha256 = put(self._warehouse.blobs, data)
        self._expect(Content(sha256, file_name(uri), answer.charset))
        return partial(self._arrive, source, uri, sha256, len(data), answer)

    def arrive(self, source: str, uri: str, data: bytes, answer: Answer) -> None:
        """A content lies at this address tonight: it is kept, known and read."""
        self.keep(source, uri, data, answer)()

    @property
    def reach(self) -> int:
        """How many contents should be kept before the first of them is read."""
        return self._readers.reach

    def _expect(self, content: Content) -> None:
        status, reader_version = self._documents.get(content.sha256, (None, ""))
        if status is None or (status == "quarantined" and self._is_outdated(content.sha256, reader_version)):
            self._readers.expect(content)

    def _arrive(self, source: str, uri: str, sha256: str, size: int, answer: Answer) -> None:
        last = self._last.get((source, uri))
        was_here = last is not None and last.sha256 == sha256
        if last is not None and was_here:
            sighting = last if last.answer == answer else self._renew(last, answer)
        else:
            sighting = Sighting(source, uri, sha256, size, self._moment_after(last), _following(last), answer)
            self._place(sighting)
        self._count(sighting, self._settle(sighting, is_new_here=not was_here), was_here=was_here)

    def stay(self, last: Sighting, answer: Answer) -> None:
        """The server says that nothing has changed since, perhaps under another version."""
        sighting = last if last.answer == answer else self._renew(last, answer)
        status, reader_version = self._documents.get(last.sha256, ("", ""))
        outcome: Outcome = "quarantined" if status == "quarantined" else "known"
        if status == "quarantined" and self._is_outdated(last.sha256, reader_version):
            sightings.read_blob(self._warehouse.blobs, last)
            outcome = self._settle(sighting, is_new_here=False)
        self._count(sighting, outcome, was_here=True)

    def _moment_after(self, last: Sighting | None) -> datetime:
        """Tonight; after what lay at the address before, even where the clock went back."""
        return self._now if last is None else max(self._now, last.fetched_at + timedelta(microseconds=1))

    def refuse_name(self, source: str, uri: str, refused: UnreadableDocument) -> None:
        """A file without readable bytes is known by its name until it can be read, or goes."""
        sighting = Sighting(source, uri, quarantine.name_id(source, uri), None, self._now, revision=0)
        self._place(sighting)
        before = self._refused.get(sighting.sha256)
        if before is not None and before[0] != refused.reason:
            self._rows.flush()
            quarantine.forget(self._warehouse.connection, sighting.sha256)
        if before is None or before[0] != refused.reason:
            self._refuse(sighting, refused)
        self._tell_refusal(sighting)

    def wait_for(self, refusal: Refusal) -> None:
        """A page that could not be had now: a document that is pending, where nothing was ever read at its address."""
        self.tally.pending.append(refusal)
        sighting = Sighting(
            refusal.source, refusal.uri, quarantine.name_id(refusal.source, refusal.uri), None, self._now, revision=0
        )
        if self._documents.get(sighting.sha256, ("", ""))[0] == "quarantined":
            self._rows.flush()
            quarantine.forget(self._warehouse.connection, sighting.sha256)
            del self._documents[sighting.sha256], self._refused[sighting.sha256]
        if not self.stands(refusal.source, refusal.uri) and sighting.sha256 not in self._documents:
            self._place(sighting)
            self._add_document(sighting, {"ingest_status": "pending", "title": sighting.file_name})

    def _renew(self, last: Sighting, answer: Answer) -> Sighting:
        """The same content, of which the server says something else than before."""
        self._rows.flush()
        sighting = replace(last, answer=answer)
        sightings.renew(self._warehouse.connection, sighting)
        self._last[(last.source, last.uri)] = sighting
        return sighting

    def _count(self, sighting: Sighting, outcome: Outcome, *, was_here: bool) -> None:
        address = (sighting.source, sighting.uri)
        if outcome == "quarantined":
            self._tell_refusal(sighting)
            return
        if not was_here and address in self._standing:
            self.tally.counts["revised"] += 1
        elif outcome == "known":
            self.tally.counts["unchanged" if was_here else "duplicate"] += 1
        else:
            self.tally.counts[outcome] += 1
        self._standing.add(address)

    # ── what becomes of a content ──────────────────────────────────────────────────────────────────────────────

    def _place(self, sighting: Sighting) -> bool:
        """Record that this content lies at this address, once; whether it was not recorded yet."""
        is_new = sighting.sighting_id not in self._placed
        if is_new:
            self._placed.add(sighting.sighting_id)
            self._rows.add("raw.source_item", sighting.row())
        if sighting.revision:
            self._last[(sighting.source, sighting.uri)] = sighting
        return is_new

    def _settle(self, sighting: Sighting, *, is_new_here: bool) -> Outcome:
        """Make a document or a refusal of the content, where it is none yet.

        The texts of a table lie wherever the table does: at an address that is new to it they are taken too.
        """
        status, reader_version = self._documents.get(sighting.sha256, (None, ""))
        if status == "quarantined" and self._is_outdated(sighting.sha256, reader_version):
            self._rows.flush()
            quarantine.forget(self._warehouse.connection, sighting.sha256)
            status = None
        if status is None:
            return self._read(sighting)
        if is_new_here and sighting.sha256 in self._collections:
            self._take_members_again(sighting)
        return "quarantined" if status == "quarantined" else "known"

    def _is_outdated(self, document_id: str, reader_version: str) -> bool:
        """Whether a refusal was by other readers, or (a defect of ours) by another extraction, or is of one night."""
        reason = self._refused[document_id][0]
        if reason in (_BY_THE_DAY, KILLED):
            return document_id not in self._refused_tonight
        if reason == "internal_error":
            return reader_version != version()
        return reader_version.partition("+")[0] != readers_version()

    def _read(self, sighting: Sighting) -> Outcome:
        try:
            read = self._readers.read(_content(sighting))
            self._require_past(sighting, read)
            if _is_named_in_bytes(sighting):
                read = replace(read, warnings=(*read.warnings, "name_not_utf8"))
        except UnreadableDocument as refused:
            self._refuse(sighting, refused)
            return "quarantined"
        if read.warnings:
            self.tally.warnings.append((sighting.uri, "; ".join(read.warnings)))
        if isinstance(read, ReadDocument):
            return self._accept(sighting, read)
        self._add_document(sighting, read.columns())
        self._collections.add(sighting.sha256)
        return self._take_members(sighting, read)

    def _require_past(self, sighting: Sighting, read: ReadDocument | Collection) -> None:
        """Refuse what is dated so far ahead of tonight that the date, or this machine's clock, is wrong."""
        published_on = read.frame.published_on if isinstance(read, ReadDocument) else None
        if published_on is not None and published_on > (self._now + _AHEAD).date():
            raise UnreadableDocument(
                _BY_THE_DAY,
                f"{sighting.file_name} says that it was published on {published_on}, and today is {self._now:%Y-%m-%d}",
                "correct its date, or this machine's clock; the next night looks again",
            )

    def _take_members_again(self, table: Sighting) -> None:
        """The texts of a table that was read before, at another address of it; what goes wrong costs them alone."""
        try:
            read = self._readers.read(_content(table))
        except UnreadableDocument as error:  # it was readable before: time or memory ran short
            self.tally.warnings.append((table.uri, f"its texts were not found here ({error.reason})"))
            return
        if isinstance(read, Collection):
            self._take_members(table, read)

    def _take_members(self, table: Sighting, read: Collection) -> Outcome:
        """Each text of a table as a document of its own; the table is new where one of them is."""
        outcomes: set[Outcome] = set()
        for member in read.members:
            sha256, uri = put(self._warehouse.blobs, member.data), f"{table.uri}#{member.key}"
            last = self._last.get((table.source, uri))
            if last is None or last.sha256 != sha256:
                last = replace(
                    table,
                    uri=uri,
                    sha256=sha256,
                    size=len(member.data),
                    revision=_following(last),
                    container=table.sha256,
                )
                self._place(last)
            if sha256 not in self._documents:
                outcomes.add(self._accept(last, member.document))
        return "new" if "new" in outcomes else "duplicate"

    def _accept(self, sighting: Sighting, document: ReadDocument) -> Outcome:
        is_new = document.text_id not in self._texts
        if is_new:
            self._texts.add(document.text_id)
            if document.content is not None:
                self._rows.add("raw.text", {"text_id": document.text_id, "content": document.content})
            if document.cells is not None:
                self._rows.add_cells(document.text_id, document.cells)
        self._add_document(sighting, document.columns())
        for relation, rows in (
            ("raw.frame_evidence", document.frame.evidence()),
            ("raw.stated", document.stated_rows()),
        ):
            for row in rows:
                self._rows.add(relation, {"document_id": sighting.sha256, **row})
        return "new" if is_new else "duplicate"

    def _add_document(self, sighting: Sighting, slots: dict[str, Any]) -> None:
        """A document's row; what is owed to all its sightings is settled at the end of the night."""
        self._documents[sighting.sha256] = (slots["ingest_status"], version())
        about = {"document_id": sighting.sha256, "source": sighting.source, "uri": sighting.uri}
        _log.info("document %s", slots["ingest_status"], extra=about)
        identity = {
            "document_id": sighting.sha256,
            "source_name": sighting.source,
            "file_name": sighting.file_name,
            "reader_version": version(),
            "first_seen_at": sighting.fetched_at,
        }
        self._rows.add("raw.document", {**identity, **slots})

    def _refuse(self, sighting: Sighting, refused: UnreadableDocument) -> None:
        known = (refused.reason, refused.what, refused.remedy)
        self._refused[sighting.sha256] = known
        self._refused_tonight.add(sighting.sha256)
        _log.info("refused: %s: %s", refused.reason, refused.what, extra={"document_id": sighting.sha256})
        row = dict(zip(("reason", "detail", "remedy"), known, strict=True))
        place = {"source_name": sighting.source, "uri": sighting.uri, "size_bytes": sighting.size}
        self._rows.add("ops.quarantine", {"quarantine_id": sighting.sha256, "gone": False, **place, **row})
        title = sighting.file_name.rpartition(".")[0] or sighting.file_name
        self._add_document(sighting, {"ingest_status": "quarantined", "title": title})

    def _tell_refusal(self, sighting: Sighting) -> None:
        self.tally.refusals.append(Refusal(sighting.source, sighting.uri, *self._refused[sighting.sha256]))
        self.lying.setdefault(sighting.sha256, (sighting.source, sighting.uri))


def _is_named_in_bytes(sighting: Sighting) -> bool:
    """Whether a file's name is no UTF-8: `gongbao.ingest.inbox` writes such bytes as `%XX`."""
    return "://" not in sighting.uri and _BYTES.search(sighting.uri) is not None


def _content(sighting: Sighting) -> Content:
    return Content(sighting.sha256, sighting.file_name, sighting.answer.charset)


def _following(last: Sighting | None) -> int:
    """The number of the next revision at an address."""
    return 1 if last is None else last.revision + 1
