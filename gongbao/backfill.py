"""Documents that are worked through anew: chosen by name, place, date or all, read again from their originals.

After a change of vocabulary, extractor or readers every night does by itself what the change concerns, as versions
tell it; a backfill does it for what a person names, whatever the versions say: after a correction of the database by
hand, say, or to see that the same comes out again. What was extracted is forgotten first, so that a run that is killed
is made whole by the next one, of whatever flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gongbao.errors import UsageError
from gongbao.ingest import IngestReport, Limits, read_again
from gongbao.ingest.intake import TEXTS
from gongbao.normalise.places import resolve_document
from gongbao.warehouse import Warehouse
from gongbao.workers import HERE, Workers

_SHORTEST = 6
"""Digits of a document's id that are enough to name it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Documents that meet every condition given; within one, any of its names does.

    `documents` are file names, addresses, or the first digits of ids. `places` are names or codes: a document of that
    place or of one below it is meant, and one that states a figure of these. `since` and `until` bound the date of
    publication, both included; a document without one meets neither. `everything` excludes the others.
    """

    documents: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    everything: bool = False

    def __post_init__(self) -> None:
        is_narrowed = bool(self.documents or self.places or self.since or self.until)
        if self.everything == is_narrowed:
            raise UsageError(
                "both everything and a choice are named" if is_narrowed else "nothing is selected",
                "name documents, places or dates of publication; or everything, and nothing beside it",
            )
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"no date is between {self.since} and {self.until}", "name the earlier one first")


def select(warehouse: Warehouse, selection: Selection) -> tuple[str, ...]:
    """The ids of the documents meant, sorted; for a text of a table of texts that of the table.

    Other files of the same text are among them: it is extracted once for all.

    Raises `UsageError` for a document or place that is not there, and where no document meets all conditions.
    """
    chosen = _ids(warehouse, "true")
    if selection.documents:
        chosen &= set().union(*(_named(warehouse, name) for name in selection.documents))
    if selection.places:
        chosen &= set().union(*(_of_place(warehouse, place) for place in selection.places))
    if selection.since:
        chosen &= _ids(warehouse, "document.published_on >= ?", selection.since)
    if selection.until:
        chosen &= _ids(warehouse, "document.published_on <= ?", selection.until)
    if not chosen:
        raise UsageError(
            "nothing is selected: no document of the warehouse meets all conditions",
            "warehouse/current/document.parquet lists them with places and dates of publication",
        )
    texts = "document.text_id in (select text_id from raw.document where document_id in (select unnest(?)))"
    return tuple(sorted(chosen | _ids(warehouse, texts, sorted(chosen))))


def work_anew(
    warehouse: Warehouse, document_ids: tuple[str, ...], now: datetime, limits: Limits, workers: Workers = HERE
) -> IngestReport:
    """Forget what was made of these documents and read them from blobs/; extraction and the rest find them undone.

    Raises `WarehouseDamaged` where an original is missing or altered.
    """
    with warehouse.transaction() as connection:
        for relation in ("core.extraction", "core.normalisation"):
            connection.execute(f"delete from {relation} where text_id in ({TEXTS})", {"ids": list(document_ids)})
    return read_again(warehouse, document_ids, now, limits, workers)


def _ids(warehouse: Warehouse, condition: str, *values: object) -> set[str]:
    """Documents with bytes that meet a condition, the program's own words; those within a table as the table."""
    rows = warehouse.connection.execute(
        f"""
        select distinct coalesce(item.container, document.document_id)
        from raw.document as document
        inner join raw.source_item as item on item.sha256 = document.document_id
        where item.size_bytes is not null and {condition}
        """,
        list(values),
    ).fetchall()
    return {document_id for (document_id,) in rows}


def _named(warehouse: Warehouse, name: str) -> set[str]:
    is_id = len(name) >= _SHORTEST and all(digit in "0123456789abcdef" for digit in name)
    found = _ids(warehouse, "(item.file_name = ? or item.uri = ?)", name, name)
    if is_id:
        found |= _ids(warehouse, "starts_with(document.document_id, ?)", name)
    if not found:
        raise UsageError(
            f"no document is called {name}",
            "name it as its file is called, by its address, or by six and more digits of its document_id",
        )
    return found


def _of_place(warehouse: Warehouse, place: str) -> set[str]:
    code = resolve_document(None, (), place).code
    if code is None:
        raise UsageError(f"{place} is no place of the list", "write a path such as 山东省/惠民县, or a code")
    below = """
        with recursive inside (ref_area) as (
            select ?
            union
            select place.ref_area from core.place as place inner join inside on place.parent = inside.ref_area
        )
    """
    rows = warehouse.connection.execute(
        f"""
        {below}
        select document_id from core.normalisation where ref_area in (from inside)
        union select document_id from core.figure where ref_area in (from inside)
        """,
        [code],
    ).fetchall()
    wanted = [document_id for (document_id,) in rows]
    texts = "document.text_id in (select text_id from raw.document where document_id in (select unnest(?)))"
    return _ids(warehouse, texts, wanted)
