"""Open questions for a curator: what waits in core.unresolved and core.sheet_block, ranked by the figures that wait.

What a curator decided stands in `ledger/review.jsonl`, the newest line of a question last, and outlives the database:

    {"review_id": "…", "kind": "unknown_indicator", "subject": "…", "status": "accepted", "at": "2026-01-01T00:00:00",
     "answer": "indicator_aliases.csv: …"}

A question that was rejected stays so. One that was accepted and has figures waiting all the same, after they were read
anew, is open again: the answer did not reach them. Decided questions on which nothing waits stay as a record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from operator import add
from typing import Any, Literal

import duckdb

from gongbao import ledger
from gongbao.normalise import signs
from gongbao.normalise.facts import content_id
from gongbao.normalise.vocabulary import aliases, fold
from gongbao.warehouse import ID_LENGTH, Warehouse, insert

LEDGER = "review"
SHEET_BLOCK = "sheet_block"
CONTRADICTION = "contradiction"
# What a curator can answer with a line of vocabulary: reason → what the question is about.
SUBJECTS = {
    "unknown_indicator": "case when s.indicator is not null then u.detail end",
    # What a document without a place calls 开发区 has none either: the document's own is asked for.
    "unknown_place": """
        coalesce(
            case when n.ref_area is not null or u.candidates is not null then s.subject end,
            d.place_stated, s.subject, d.title, d.file_name
        )
    """,
    "unknown_unit": "s.unit",
    "unit_conflict": "u.detail",
}
NEAREST = 3
_KINDS = (*SUBJECTS, SHEET_BLOCK)

Row = dict[str, Any]
Status = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a curator decided, and when (ISO 8601, UTC); `answer` is the line or file written, or the reason."""

    review_id: str
    kind: str
    subject: str
    status: Status
    at: str
    answer: str


def decide(warehouse: Warehouse, decision: Decision) -> None:
    """Append the decision to the ledger and mark its question."""
    warehouse.append_ledger(LEDGER, [asdict(decision)])
    warehouse.connection.execute(
        "update ops.review_item set status = ? where review_id = ?", [decision.status, decision.review_id]
    )


def decisions(warehouse: Warehouse) -> dict[str, Decision]:
    """The newest decision of each question that has one, by its id."""
    read = ledger.read(warehouse.ledger_file(LEDGER), lambda entry: Decision(**entry))
    return {decision.review_id: decision for decision in read}


def status_of(decision: Decision | None) -> str:
    """The status of a question on which figures wait."""
    return "rejected" if decision is not None and decision.status == "rejected" else "open"


def block_id(fingerprint: str) -> str:
    """The id of the question about the blocks of a fingerprint."""
    return content_id(SHEET_BLOCK, fingerprint)


def write_review_items(warehouse: Warehouse, near: Collection[str] | None = None) -> int:
    """Bring the questions of these kinds up to date; those that stay as they are are not written again.

    Candidates are found for phrases that were not asked for before, and for those of `near`; for all where it is null.
    Returns how many questions wait on.
    """
    decided = decisions(warehouse)
    with warehouse.transaction() as connection:
        _stage_candidates(connection, near)
        _stage_asked(connection)
        insert(connection, "asked", list(_sheet_blocks(warehouse)))
        waiting = {review_id for (review_id,) in connection.execute("select review_id from asked").fetchall()}
        rejected = [each.review_id for each in decided.values() if status_of(each) == "rejected"]
        connection.execute("update asked set status = 'rejected' where list_contains(?, review_id)", [rejected])
        settled = [each for each in decided.values() if each.kind in _KINDS and each.review_id not in waiting]
        insert(connection, "asked", list(map(_settled, settled)))
        connection.execute(
            """
            delete from ops.review_item where list_contains($kinds, kind) and review_id not in (
                select asked.review_id
                from asked join ops.review_item as before on asked.review_id = before.review_id
                where asked is not distinct from before
            )
            """,
            {"kinds": list(_KINDS)},
        )
        connection.execute("insert into ops.review_item (from asked anti join ops.review_item using (review_id))")
        connection.execute("drop table asked")
        connection.execute("drop table nearest")
    return len(waiting)


def near_phrases(warehouse: Warehouse, changed: Iterable[str]) -> frozenset[str]:
    """The phrases asked for now that a changed alias may be near to: those that share a pair of signs with it."""
    pairs = frozenset[str]().union(*(_pairs(fold(alias)) for alias in changed))
    asked = warehouse.connection.execute(
        f"""
        select subject from ops.review_item
        where kind = 'unknown_indicator' and waiting > 0 and ({signs.may_have("subject", pairs)})
        """
    ).fetchall()
    return frozenset(phrase for (phrase,) in asked if not pairs.isdisjoint(_pairs(fold(phrase))))


def _stage_candidates(connection: duckdb.DuckDBPyConnection, near: Collection[str] | None) -> None:
    """Fill `nearest` with what is known of phrases and stays, none where `near` is null."""
    connection.execute(
        """
        create or replace temp table nearest as
        select subject, candidates from ops.review_item
        where kind = 'unknown_indicator' and waiting > 0 and $is_kept
            and subject not in (select unnest($near::varchar[]))
        """,
        {"is_kept": near is not None, "near": sorted(near or ())},
    )


def _stage_asked(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `asked` with the questions about words, as rows of ops.review_item; `nearest` gets what it lacks."""
    subjects = " ".join(f"when '{reason}' then {subject}" for reason, subject in SUBJECTS.items())
    connection.execute(
        f"""
        create or replace temp table waiting as
        select
            u.reason as kind, case u.reason {subjects} end as subject, count(*) as waiting,
            min_by(coalesce(s.sentence, s.header_path || ': ' || s.quote, s.quote), s.statement_id) as example,
            min(u.candidates) as candidates, count(distinct coalesce(n.ref_area, document_id)) as places
        from core.unresolved as u
        join core.statement as s using (statement_id)
        join raw.document as d using (document_id)
        left join core.normalisation as n using (document_id)
        where list_contains($reasons, u.reason) and d.superseded_by is null
        group by 1, 2
        """,
        {"reasons": list(SUBJECTS)},
    )
    new = connection.execute(
        """
        select subject from waiting anti join nearest using (subject)
        where kind = 'unknown_indicator' and subject is not null order by subject
        """
    ).fetchall()
    found = [{"subject": phrase, "candidates": "; ".join(nearest_indicators(phrase))} for (phrase,) in new]
    insert(connection, "nearest", found)
    connection.execute("create or replace temp table asked as from ops.review_item limit 0")
    connection.execute(
        f"""
        insert into asked by name
        select
            left(sha256(concat(kind, chr(0), waiting.subject)), {ID_LENGTH}) as review_id, kind, waiting.subject,
            waiting.waiting, example, 'open' as status, places,
            nullif(if(kind = 'unknown_indicator', nearest.candidates, waiting.candidates), '') as candidates
        from waiting left join nearest on waiting.subject = nearest.subject
        where waiting.subject is not null
        """
    )
    connection.execute("drop table waiting")


def _sheet_blocks(warehouse: Warehouse) -> Iterator[Row]:
    """One question a fingerprint; its first block, by file and place in it, is the example."""
    blocks = warehouse.connection.execute(
        """
        with speaking as (
            select text_id, min(file_name) as file_name from raw.document
            where superseded_by is null and ingest_status in ('accepted', 'accepted_with_warning')
            group by text_id
        ),

        asked as (
            select
                block.*,
                speaking.file_name,
                row_number() over (
                    partition by fingerprint order by file_name, block.text_id, block_no
                ) as place,
                sum(numbers) over (partition by fingerprint) as waiting,
                count(distinct coalesce(read.ref_area, block.text_id)) over (partition by fingerprint) as places,
            from core.sheet_block as block
            inner join speaking on block.text_id = speaking.text_id
            left join core.normalisation as read on read.text_id = block.text_id
            where block.status <> 'read'
        )

        select fingerprint, title, sheet, cells, file_name, detail, template, waiting, places
        from asked where place = 1 and waiting > 0
        order by waiting desc, fingerprint
        """
    ).fetchall()
    for fingerprint, title, sheet, cells, file_name, detail, template, waiting, places in blocks:
        subject = f"{title or sheet}: {detail}" if detail else title or sheet
        example = f"{file_name}, {sheet} {cells}"
        yield _row(block_id(fingerprint), SHEET_BLOCK, subject, waiting, example, template, places)


def _row(
    review_id: str,
    kind: str,
    subject: str,
    waiting: int,
    example: str | None,
    candidates: str | None,
    places: int | None = None,
) -> Row:
    return {
        "review_id": review_id,
        "kind": kind,
        "subject": subject,
        "waiting": waiting,
        "example": example,
        "candidates": candidates or None,
        "status": "open",
        "places": places,
    }


def _settled(decision: Decision) -> Row:
    row = _row(decision.review_id, decision.kind, decision.subject, 0, None, None)
    return {**row, "status": decision.status}


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
    return frozenset(map(add, text, text[1:])) or frozenset((text,))


@cache
def _aliases_with() -> dict[str, tuple[tuple[str, str, int], ...]]:
    """A pair of characters → the aliases that have it, each with its indicator and its number of pairs."""
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for phrase, alias in aliases().items():
        pairs = _pairs(phrase)
        for pair in pairs:
            found[pair].append((phrase, alias.indicator_id, len(pairs)))
    return {pair: tuple(names) for pair, names in found.items()}
