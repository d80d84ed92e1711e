"""Open questions for a curator: what waits in core.unresolved, by phrase, ranked by how many figures wait on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import Any

from gongbao.normalise.facts import content_id
from gongbao.normalise.vocabulary import aliases, fold
from gongbao.warehouse import Warehouse, insert

# What a curator can answer with a line of vocabulary: reason → what the question is about.
_SUBJECTS = {
    "unknown_indicator": "s.indicator",
    "unknown_place": "coalesce(s.subject, d.place_stated, d.title, d.file_name)",
    "unknown_unit": "s.unit",
    "unit_conflict": "u.detail",
}
NEAREST = 3


def write_review_items(warehouse: Warehouse) -> int:
    """Rewrite the open items of these kinds from core.unresolved; decided ones keep their status. Returns how many."""
    decided = dict(
        warehouse.connection.execute("select review_id, status from ops.review_item where status <> 'open'").fetchall()
    )
    rows = [item for reason, subject in _SUBJECTS.items() for item in _items(warehouse, reason, subject, decided)]
    with warehouse.transaction() as connection:
        connection.execute("delete from ops.review_item where kind in (select unnest(?))", [list(_SUBJECTS)])
        insert(connection, "ops.review_item", rows)
    return len(rows)


def _items(warehouse: Warehouse, reason: str, subject: str, decided: dict[str, str]) -> list[dict[str, Any]]:
    waiting = warehouse.connection.execute(
        f"""
        select {subject} as subject, count(*) as waiting,
               min_by(coalesce(s.sentence, s.header_path || ': ' || s.quote, s.quote), s.statement_id) as example,
               min(u.candidates) as candidates
        from core.unresolved as u
        join core.statement as s using (statement_id)
        join raw.document as d using (document_id)
        where u.reason = ? and {subject} is not null and d.superseded_by is null
        group by 1
        order by waiting desc, subject
        """,
        [reason],
    ).fetchall()
    rows = []
    for phrase, count, example, candidates in waiting:
        review_id = content_id(reason, phrase)
        guess = "; ".join(nearest_indicators(phrase)) if reason == "unknown_indicator" else candidates
        rows.append(
            {
                "review_id": review_id,
                "kind": reason,
                "subject": phrase,
                "waiting": count,
                "example": example,
                "candidates": guess or None,
                "status": decided.get(review_id, "open"),
            }
        )
    return rows


def nearest_indicators(phrase: str) -> list[str]:
    """The three ids whose aliases share most with the phrase (Dice coefficient of character pairs, at least 0.4)."""
    pairs = _pairs(fold(phrase))
    shared: Counter[tuple[str, str, int]] = Counter()
    for pair in pairs:
        shared.update(_aliases_with().get(pair, ()))
    best: dict[str, float] = {}
    for (_, indicator_id, size), count in shared.items():
        likeness = 2 * count / (len(pairs) + size)
        if likeness >= 0.4:
            best[indicator_id] = max(likeness, best.get(indicator_id, 0.0))
    return sorted(best, key=lambda each: (-best[each], each))[:NEAREST]


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(max(1, len(text) - 1)))


@cache
def _aliases_with() -> dict[str, tuple[tuple[str, str, int], ...]]:
    """A pair of characters → the aliases that have it, each with its indicator and its number of pairs."""
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for phrase, alias in aliases().items():
        pairs = _pairs(phrase)
        for pair in pairs:
            found[pair].append((phrase, alias.indicator_id, len(pairs)))
    return {pair: tuple(names) for pair, names in found.items()}
