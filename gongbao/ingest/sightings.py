"""What was seen where, and what is known of the sources: in the database, and in the ledger that outlives it.

    ledger/sightings.jsonl, one line for each content at each address, when it was first seen there:
    {"sighting_id", "source", "uri", "sha256", "size_bytes", "fetched_at", "revision"}
    and of a web page "etag", "last_modified", "http_status", "media_type"; a server that names new ones for the same
    content adds a line of the same id, and the last one holds
    ledger/sources.jsonl, one line each time that a source's settings are new or changed; the last one holds:
    {"at", "source", "publisher", "place", "caveats"}, and "doc_type" where one is set; lines of the first version
    have no "at"

With blobs/ this is enough to fill a lost database again. Names without readable bytes are in neither ledger (see
`gongbao.ingest.names`), nor are texts inside a table of texts: reading the table brings them back.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb

from gongbao import ledger
from gongbao.errors import UsageError, WarehouseDamaged
from gongbao.ingest.sources import Source
from gongbao.ingest.store import content_id
from gongbao.warehouse import Warehouse, insert

SIGHTINGS = "sightings"
SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a web server said of a content: what it wants to hear next time, and how the bytes are to be read."""

    etag: str | None = None
    last_modified: str | None = None
    http_status: int | None = None
    media_type: str | None = None

    @property
    def charset(self) -> str | None:
        """The charset of the media type, if it names one."""
        found = re.search(r"charset\s?=\s?[\"']?([\w.:-]{1,40})", self.media_type or "", re.I)
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A content (its sha256) at an address; `size` is null where there were no bytes to read. `fetched_at` is in UTC.

    `revision` counts the contents at this address, from 1. `container` is the sha256 of the table that holds a text.
    """

    source: str
    uri: str
    sha256: str
    size: int | None
    fetched_at: datetime
    revision: int = 1
    answer: Answer = Answer()
    container: str | None = None

    @property
    def sighting_id(self) -> str:
        """The sha256 of source, uri and content, and of the number of a later revision."""
        parts = (self.source, self.uri, self.sha256) + ((str(self.revision),) if self.revision > 1 else ())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def file_name(self) -> str:
        """The last part of the path, or of the address without its query; the host where there is no path."""
        return file_name(self.uri)

    def row(self) -> dict[str, Any]:
        """The row of `raw.source_item`."""
        return {
            "sighting_id": self.sighting_id,
            "source_name": self.source,
            "uri": self.uri,
            "file_name": self.file_name,
            "sha256": self.sha256,
            "size_bytes": self.size,
            "fetched_at": self.fetched_at,
            "revision": self.revision,
            "container": self.container,
            **asdict(self.answer),
        }

    def entry(self) -> dict[str, Any]:
        """The line of the ledger."""
        answer = {key: value for key, value in asdict(self.answer).items() if value is not None}
        return {
            "sighting_id": self.sighting_id,
            "source": self.source,
            "uri": self.uri,
            "sha256": self.sha256,
            "size_bytes": self.size,
            "fetched_at": self.fetched_at.isoformat(),
            "revision": self.revision,
            **answer,
        }

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Sighting:
        """The sighting that a line of the ledger tells of. Raises KeyError, TypeError or ValueError."""
        if not re.fullmatch("[0-9a-f]{64}", entry["sha256"]):
            raise ValueError(f"{entry['sha256']!r} is no sha256")
        return cls(
            source=str(entry["source"]),
            uri=str(entry["uri"]),
            sha256=entry["sha256"],
            size=int(entry["size_bytes"]),
            fetched_at=datetime.fromisoformat(entry["fetched_at"]),
            revision=int(entry.get("revision", 0)),
            answer=Answer(*(entry.get(slot) for slot in ("etag", "last_modified", "http_status", "media_type"))),
        )


def is_address(uri: str) -> bool:
    """Whether a uri is a web address and not a path below an inbox."""
    return uri.startswith(("http://", "https://"))


def file_name(uri: str) -> str:
    """What a document is called: see `Sighting.file_name`."""
    if not is_address(uri):
        return uri.rpartition("/")[2]
    parts = urlsplit(uri)
    return PurePosixPath(unquote(parts.path)).name or parts.netloc


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What the settings say of a source; `caveats` is sorted, separated by `;`, null where there is none."""

    source: str
    publisher: str | None
    place: str | None
    caveats: str | None
    doc_type: str | None = None

    @classmethod
    def of(cls, source: Source) -> SourceSettings:
        """Those of a source of tonight."""
        return cls(source.name, source.publisher, source.place, _joined(source.caveats), source.doc_type)

    def entry(self) -> dict[str, Any]:
        """The line of the ledger."""
        caveats = self.caveats.split(";") if self.caveats else []
        told = {"source": self.source, "publisher": self.publisher, "place": self.place, "caveats": caveats}
        return told | ({"doc_type": self.doc_type} if self.doc_type else {})

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> SourceSettings:
        """Those that a line of the ledger tells of. Raises KeyError or TypeError."""
        caveats = _joined(entry["caveats"])
        return cls(str(entry["source"]), entry["publisher"], entry["place"], caveats, entry.get("doc_type"))


def _joined(caveats: Sequence[str]) -> str | None:
    return ";".join(sorted(set(caveats))) or None


def recorded(warehouse: Warehouse) -> list[Sighting]:
    """Every sighting of the ledger, in the order in which they were made. Raises `WarehouseDamaged` for a bad line."""
    latest: dict[str, Sighting] = {}
    revisions: Counter[tuple[str, str]] = Counter()
    for each in ledger.read(warehouse.ledger_file(SIGHTINGS), Sighting.of_entry):
        address = (each.source, each.uri)
        # Lines of the first version count no revisions: their order does.
        numbered = each if each.revision else replace(each, revision=revisions[address] + 1)
        revisions[address] = max(revisions[address], numbered.revision)
        latest[numbered.sighting_id] = numbered
    return sorted(latest.values(), key=lambda each: (each.fetched_at, each.source, each.uri, each.revision))


def placed(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The ids of all sightings of the database."""
    return {row[0] for row in connection.execute("select sighting_id from raw.source_item").fetchall()}


def last_at(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Sighting]:
    """The last content at each address, (source, uri); names without bytes are left out."""
    rows = connection.execute(
        f"select {_COLUMNS} from raw.source_item where size_bytes is not null "
        "qualify row_number() over (partition by source_name, uri order by revision desc) = 1"
    ).fetchall()
    return {(each.source, each.uri): each for each in map(_of_row, rows)}


_COLUMNS = """
    source_name, uri, sha256, size_bytes, fetched_at, revision,
    etag, last_modified, http_status, media_type, container
"""


def _of_row(row: tuple[Any, ...]) -> Sighting:
    source, uri, sha256, size, fetched_at, revision, *said, container = row
    return Sighting(source, uri, sha256, size, fetched_at, revision, Answer(*said), container)


def renew(connection: duckdb.DuckDBPyConnection, sighting: Sighting) -> None:
    """The same content, of which the server now says something else."""
    connection.execute(
        "update raw.source_item set etag = ?, last_modified = ?, http_status = ?, media_type = ? where sighting_id = ?",
        [*astuple(sighting.answer), sighting.sighting_id],
    )


def read_blob(blobs: Path, sighting: Sighting) -> bytes:
    """The bytes of a sighting, kept in `blobs`. Raises `WarehouseDamaged` where they are missing or altered."""
    path = (blobs / sighting.sha256).resolve()  # where it is a link, the original is the one to put back
    came = f"which came as {sighting.uri} of source {sighting.source} at {sighting.fetched_at.isoformat()}"
    remedy = f"put that file back under this name; without it, take its lines out of ledger/{SIGHTINGS}.jsonl"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WarehouseDamaged(f"cannot read blob {path}, {came} ({error.strerror})", remedy) from error
    if content_id(data) != sighting.sha256:
        raise WarehouseDamaged(f"blob {path}, {came}, has been altered", remedy)
    return data


def register(warehouse: Warehouse, sources: Sequence[Source]) -> None:
    """Make `raw.source` say what tonight's settings say, and of sources not listed what they said last.

    Raises `UsageError` where two sources have one name.
    """
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise UsageError(f"two sources are called {max(names, key=names.count)}", "rename one: sources go by name")
    known = _registered(warehouse) | _last_recorded(warehouse)
    wanted = known | {source.name: SourceSettings.of(source) for source in sources}
    if wanted != _registered(warehouse):
        warehouse.connection.execute("delete from raw.source")
        rows = [
            {
                "source_name": each.source,
                "publisher": each.publisher,
                "place": each.place,
                "caveat_codes": each.caveats,
                "doc_type": each.doc_type,
            }
            for each in wanted.values()
        ]
        insert(warehouse.connection, "raw.source", sorted(rows, key=lambda row: str(row["source_name"])))


def record(warehouse: Warehouse, moment: datetime) -> None:
    """Append to the ledgers what the database knows and they do not: tonight's, and what a killed run left out."""
    known = {(each.sighting_id, each.answer) for each in recorded(warehouse)}
    rows = warehouse.connection.execute(
        f"""
        select {_COLUMNS} from raw.source_item
        where size_bytes is not null and container is null order by fetched_at, source_name, uri, revision
        """
    ).fetchall()
    missing = [each for each in map(_of_row, rows) if (each.sighting_id, each.answer) not in known]
    warehouse.append_ledger(SIGHTINGS, [each.entry() for each in missing])
    before = _last_recorded(warehouse)
    changed = [each for name, each in sorted(_registered(warehouse).items()) if before.get(name) != each]
    warehouse.append_ledger(SOURCES, [{"at": moment.isoformat(), **each.entry()} for each in changed])


def _registered(warehouse: Warehouse) -> dict[str, SourceSettings]:
    rows = warehouse.connection.execute(
        "select source_name, publisher, place, caveat_codes, doc_type from raw.source"
    ).fetchall()
    return {row[0]: SourceSettings(*row) for row in rows}


def _last_recorded(warehouse: Warehouse) -> dict[str, SourceSettings]:
    entries = ledger.read(warehouse.ledger_file(SOURCES), SourceSettings.of_entry)
    return {each.source: each for each in entries}
