"""What arrives: sources (folders and sites), a content-addressed store, sniffing by bytes, one reader per format.

`ingest` is the stage; `gongbao.ingest.grids.load_grid` gives a stored workbook back as sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gongbao.ingest.limits import Limits
from gongbao.ingest.report import IngestReport, Refusal, merged
from gongbao.ingest.sources import Source, SourceLimits

if TYPE_CHECKING:
    from gongbao.warehouse import Warehouse
    from gongbao.workers import Workers

__all__ = ["IngestReport", "Limits", "Refusal", "Source", "SourceLimits", "ingest", "merged", "read_again"]


def ingest(
    warehouse: Warehouse,
    sources: Sequence[Source],
    now: datetime,
    limits: Limits | None = None,
    *,
    only_hosts: tuple[str, ...] | None = None,
    contact: str | None = None,
    named: Sequence[str] | None = None,
    workers: Workers | None = None,
) -> IngestReport:
    """Take in what every source that is due holds; a second run on the same files and pages adds nothing.

    `now` is the time of the night in UTC. A file or page that cannot be read, or is no bulletin, goes to quarantine and
    the rest goes on; a source that cannot be reached is named in the report's `unreached`. `only_hosts` are the
    `host:port` beyond which nothing is fetched, `contact` is told to the servers. `named` visits these sources alone,
    whatever their schedules say. `workers` read what many files hold.
    """
    # The parser process imports this package and must stay small: the database comes in only here.
    from gongbao.ingest.intake import take_in
    from gongbao.workers import HERE

    return take_in(warehouse, sources, now, limits or Limits(), only_hosts, contact, named, workers or HERE)


def read_again(
    warehouse: Warehouse,
    document_ids: Sequence[str],
    now: datetime,
    limits: Limits | None = None,
    workers: Workers | None = None,
) -> IngestReport:
    """Read documents and refusals anew from blobs/, whatever was known of them; see `intake.read_again`."""
    from gongbao.ingest import intake
    from gongbao.workers import HERE

    return intake.read_again(warehouse, document_ids, now, limits or Limits(), workers or HERE)
