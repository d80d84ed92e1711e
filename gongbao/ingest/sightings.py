"""What was seen where, and what is known of the sources: in the database, and in the ledger that outlives it.

    ledger/sightings.jsonl, one line for each content at each place, when it was first seen there:
    {"sighting_id", "source", "uri", "sha256", "size_bytes", "fetched_at"}
    ledger/sources.jsonl, one line each time that a source's settings are new or changed; the last one holds:
    {"source", "publisher", "place", "caveats"}

With blobs/ this is enough to fill a lost database again. Names without readable bytes are in neither ledger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongbao import ledger
from gongbao.errors import UsageError, WarehouseDamaged
from gongbao.ingest.sources import Source
from gongbao.ingest.store import content_id
from gongbao.warehouse import Warehouse, insert

SIGHTINGS = "sightings"
SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A content (its sha256) at a place; `size` is null where there were no bytes to read. `fetched_at` is in UTC."""

    source: str
    uri: str
    sha256: str
    size: int | None
    fetched_at: datetime

    @property
    def sighting_id(self) -> str:
        """The sha256 of source, uri and content."""
        return hashlib.sha256("\0".join((self.source, self.uri, self.sha256)).encode()).hexdigest()

    def row(self) -> dict[str, Any]:
        """The row of `raw.source_item`."""
        return {
            "sighting_id": self.sighting_id,
            "source_name": self.source,
            "uri": self.uri,
            "sha256": self.sha256,
            "size_bytes": self.size,
            "fetched_at": self.fetched_at,
        }

    def entry(self) -> dict[str, Any]:
        """The line of the ledger."""
        row = self.row()
        source = row.pop("source_name")
        return {**row, "source": source, "fetched_at": self.fetched_at.isoformat()}

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Sighting:
        """The sighting that a line of the ledger tells of. Raises KeyError, TypeError or ValueError."""
        if not re.fullmatch("[0-9a-f]{64}", entry["sha256"]):
            raise ValueError(f"{entry['sha256']!r} is no sha256")
        fetched_at = datetime.fromisoformat(entry["fetched_at"])
        return cls(str(entry["source"]), str(entry["uri"]), entry["sha256"], int(entry["size_bytes"]), fetched_at)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What the settings say of a source; `caveats` is sorted, separated by `;`, null where there is none."""

    source: str
    publisher: str | None
    place: str | None
    caveats: str | None

    @classmethod
    def of(cls, source: Source) -> SourceSettings:
        """Those of a source of tonight."""
        return cls(source.name, source.publisher, source.place, _joined(source.caveats))

    def entry(self) -> dict[str, Any]:
        """The line of the ledger."""
        caveats = self.caveats.split(";") if self.caveats else []
        return {"source": self.source, "publisher": self.publisher, "place": self.place, "caveats": caveats}

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> SourceSettings:
        """Those that a line of the ledger tells of. Raises KeyError or TypeError."""
        return cls(str(entry["source"]), entry["publisher"], entry["place"], _joined(entry["caveats"]))


def _joined(caveats: Sequence[str]) -> str | None:
    return ";".join(sorted(set(caveats))) or None


def recorded(warehouse: Warehouse) -> list[Sighting]:
    """Every sighting of the ledger, in the order in which they were made. Raises `WarehouseDamaged` for a bad line."""
    found = ledger.read(warehouse.ledger_file(SIGHTINGS), Sighting.of_entry)
    return sorted(found, key=lambda each: (each.fetched_at, each.source, each.uri, each.sha256))


def read_blob(blobs: Path, sighting: Sighting) -> bytes:
    """The bytes of a sighting, kept in `blobs`. Raises `WarehouseDamaged` where they are missing or altered."""
    path = blobs / sighting.sha256
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
            {"source_name": each.source, "publisher": each.publisher, "place": each.place, "caveat_codes": each.caveats}
            for each in wanted.values()
        ]
        insert(warehouse.connection, "raw.source", sorted(rows, key=lambda row: str(row["source_name"])))


def record(warehouse: Warehouse) -> None:
    """Append to the ledgers what the database knows and they do not: tonight's, and what a killed run left out."""
    known = {each.sighting_id for each in recorded(warehouse)}
    rows = warehouse.connection.execute(
        """
        select source_name, uri, sha256, size_bytes, fetched_at from raw.source_item
        where size_bytes is not null order by fetched_at, source_name, uri, sha256
        """
    ).fetchall()
    seen = [Sighting(*row) for row in rows]
    warehouse.append_ledger(SIGHTINGS, [each.entry() for each in seen if each.sighting_id not in known])
    before = _last_recorded(warehouse)
    changed = [each for name, each in sorted(_registered(warehouse).items()) if before.get(name) != each]
    warehouse.append_ledger(SOURCES, [each.entry() for each in changed])


def _registered(warehouse: Warehouse) -> dict[str, SourceSettings]:
    rows = warehouse.connection.execute("select source_name, publisher, place, caveat_codes from raw.source").fetchall()
    return {row[0]: SourceSettings(*row) for row in rows}


def _last_recorded(warehouse: Warehouse) -> dict[str, SourceSettings]:
    entries = ledger.read(warehouse.ledger_file(SOURCES), SourceSettings.of_entry)
    return {each.source: each for each in entries}
