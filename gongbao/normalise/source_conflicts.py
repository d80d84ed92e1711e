"""Where a document says of itself something else than the settings of its source: questions for a curator.

The text is believed, as a folder may hold what belongs elsewhere; but a county's report in its neighbour's folder is a
slip that somebody should see.
"""

from __future__ import annotations

import re
from typing import Any

from gongbao.normalise.facts import content_id
from gongbao.normalise.places import resolve_document
from gongbao.normalise.review import Decision, decisions, status_of
from gongbao.reference.gazetteer import gazetteer
from gongbao.reference.zones import is_zone, zone_owner
from gongbao.warehouse import Warehouse, insert

KIND = "source_conflict"
_OFFICE = re.compile(r"(?:办公室|人民政府|政府|统计局|财政局|发展和改革委员会|新闻办公室?|信息中心|\s)")


def write_source_conflicts(warehouse: Warehouse) -> int:
    """Rewrite the items of this kind, with what was decided on them. Returns how many there are."""
    decided = decisions(warehouse)
    documents = warehouse.connection.execute(
        """
        select document.file_name, document.source_name, document.source_place, read.ref_area, read.place_evidence,
            document.publisher_stated, source.publisher, count(figure.fact_id)
        from raw.document as document
        inner join core.normalisation as read on read.document_id = document.document_id
        left join raw.source as source on source.source_name = document.source_name
        left join core.figure as figure on figure.document_id = document.document_id
        where document.superseded_by is null
        group by all
        order by all
        """
    ).fetchall()
    rows = []
    for file_name, source, place, ref_area, evidence, stated, publisher, waiting in documents:
        conflicts = {
            place_conflict(place, ref_area): evidence,
            publisher_conflict(publisher, stated): f"the document names {stated}",
        }
        for conflict, example in conflicts.items():
            if conflict is not None:
                rows.append(_item(f"{file_name} of source {source}: {conflict}", example, waiting, decided))
    with warehouse.transaction() as connection:
        connection.execute("delete from ops.review_item where kind = ?", [KIND])
        insert(connection, "ops.review_item", rows)
    return len(rows)


def place_conflict(source_place: str | None, ref_area: str | None) -> str | None:
    """What is at odds where the document's place lies outside the source's; null where it is inside, or unknown."""
    if source_place is None or ref_area is None:
        return None
    wanted = resolve_document(None, (), source_place).code
    home = zone_owner(ref_area) if is_zone(ref_area) else ref_area
    if wanted is None or home is None or wanted == home or wanted in gazetteer().ancestors(home):
        return None
    return f"the source is of {gazetteer().path(wanted)}, the document of {gazetteer().path(home)}"


def publisher_conflict(publisher: str | None, stated: str | None) -> str | None:
    """What is at odds where source and document name different publishers; null where one is the other's office."""
    if publisher is None or stated is None:
        return None
    one, other = _OFFICE.sub("", publisher), _OFFICE.sub("", stated)
    if one in other or other in one:
        return None
    return f"the source is published by {publisher}, the document by {stated}"


def _item(subject: str, example: str | None, waiting: int, decided: dict[str, Decision]) -> dict[str, Any]:
    review_id = content_id(KIND, subject)
    return {
        "review_id": review_id,
        "kind": KIND,
        "subject": subject,
        "waiting": waiting,
        "example": example,
        "candidates": None,
        "status": status_of(decided.get(review_id)),
    }
