"""What arrives: sources, a content-addressed store, sniffing by bytes, one reader per format.

`ingest` is the stage; `gongbao.ingest.grids.load_grid` gives a stored workbook back as sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gongbao.ingest.limits import Limits
from gongbao.ingest.report import IngestReport, Refusal
from gongbao.ingest.sources import Source

if TYPE_CHECKING:
    from gongbao.warehouse import Warehouse

__all__ = ["IngestReport", "Limits", "Refusal", "Source", "ingest"]


def ingest(
    warehouse: Warehouse, sources: Sequence[Source], now: datetime, limits: Limits | None = None
) -> IngestReport:
    """Take in every file of every source's inbox; a second run on the same files adds nothing.

    `now` is the time of the night in UTC. A file that cannot be read, or is no bulletin, goes to quarantine and the
    rest goes on; an inbox that is not there is named in the report's `unreached`.
    """
    # The parser process imports this package and must stay small: the database comes in only here.
    from gongbao.ingest.intake import take_in

    return take_in(warehouse, sources, now, limits or Limits())
