"""When a source is due: cron expressions in China's time, and the ledger of visits.

    ledger/visits.jsonl, one line each time that a source with a schedule was reached:
    {"source", "visited_at"}

A source without a schedule is due every night and leaves no line. After downtime one visit makes up for all missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

from cronsim import CronSim, CronSimError

from gongbao import ledger
from gongbao.ingest.sources import Source
from gongbao.warehouse import Warehouse

VISITS = "visits"
# No daylight saving since 1991: a fixed offset needs no zone database.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def problem(expression: str) -> str | None:
    """What is wrong with a cron expression, or null."""
    try:
        next(CronSim(expression, datetime(2025, 1, 1, tzinfo=CHINA)))
    except (CronSimError, StopIteration) as error:
        return str(error) or "it never comes true"
    return None


def is_due(schedule: str | None, last_visit: datetime | None, now: datetime) -> bool:
    """Whether a time of the schedule has passed since the last visit; both moments in UTC without a zone."""
    if schedule is None or last_visit is None:
        return True
    due = next(CronSim(schedule, last_visit.replace(tzinfo=UTC).astimezone(CHINA)))
    return due <= now.replace(tzinfo=UTC).astimezone(CHINA)


def last_visits(warehouse: Warehouse) -> dict[str, datetime]:
    """Source name to its last visit. Raises `WarehouseDamaged` for a line that cannot be read."""
    entries = ledger.read(warehouse.ledger_file(VISITS), _visit)
    return dict(sorted(entries, key=lambda entry: entry[1]))


def record(warehouse: Warehouse, visited: Sequence[Source], now: datetime) -> None:
    """Append tonight's visits of sources that have a schedule."""
    entries = [
        {"source": source.name, "visited_at": now.isoformat()} for source in visited if source.schedule is not None
    ]
    warehouse.append_ledger(VISITS, entries)


def _visit(entry: Mapping[str, str]) -> tuple[str, datetime]:
    return entry["source"], datetime.fromisoformat(entry["visited_at"])
