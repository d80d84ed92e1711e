"""Names without readable bytes: refused, or waited for, in the database while that lasts and in a ledger of changes.

    ledger/names.jsonl, one line each time that what is known of such a name changes; the last one holds:
    {"at", "source", "uri", "status", "reason", "detail", "remedy"}

`status` is quarantined, pending (a page that could not be had now; without a reason) or ended. The marts list such
names among the documents, and no blob could tell of them. A night that fills a lost database looks at its sources
instead; marts as of a past date are made from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb

from gongbao import ledger
from gongbao.warehouse import Warehouse

NAMES = "names"
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Name:
    """What is known of a name; `reason`, `detail` and `remedy` are null where it is not refused."""

    source: str
    uri: str
    status: str
    reason: str | None = None
    detail: str | None = None
    remedy: str | None = None

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Name:
        """What a line of the ledger tells. Raises KeyError."""
        return cls(
            entry["source"],
            entry["uri"],
            entry["status"],
            *(entry.get(slot) for slot in ("reason", "detail", "remedy")),
        )


def last_known(entries: Iterable[Name]) -> dict[tuple[str, str], Name]:
    """What holds of each name, (source, uri), after these entries; without those that ended."""
    latest = {(each.source, each.uri): each for each in entries}
    return {address: each for address, each in sorted(latest.items()) if each.status != ENDED}


def record(warehouse: Warehouse, moment: datetime) -> None:
    """Append to the ledger what the database says otherwise than it: tonight's, and what a killed run left out."""
    before = last_known(ledger.read(warehouse.ledger_file(NAMES), Name.of_entry))
    now = _known(warehouse.connection)
    ended = [Name(each.source, each.uri, ENDED) for address, each in before.items() if address not in now]
    changed = [each for address, each in now.items() if before.get(address) != each]
    warehouse.append_ledger(NAMES, [{"at": moment.isoformat(), **asdict(each)} for each in (*ended, *changed)])


def _known(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Name]:
    rows = connection.execute(
        """
        select item.source_name, item.uri, document.ingest_status, refusal.reason, refusal.detail, refusal.remedy
        from raw.source_item as item
        inner join raw.document as document on document.document_id = item.sha256
        left join ops.quarantine as refusal on refusal.quarantine_id = item.sha256
        where item.size_bytes is null
        order by all
        """
    ).fetchall()
    return {(each.source, each.uri): each for each in (Name(*row) for row in rows)}
