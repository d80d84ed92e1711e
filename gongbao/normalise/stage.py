"""Statements → core.fact, core.target, core.project, core.unresolved; what cannot be told → the review queue.

Each text is normalised once per version of code and vocabulary, for the one document that speaks for it, and again
when that document tells something else: its place, its date, the caveats of its sources, or when a curator's
corrections of its figures are others. A changed alias has only the statements that it touches normalised anew. The rows
of a batch of texts are deleted and rewritten in one transaction.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pyarrow as pa

from gongbao import progress, project, reference
from gongbao.memory import rarely_collecting
from gongbao.normalise import corrections, crowds, touched
from gongbao.normalise.contributions import contributions
from gongbao.normalise.correction_file import Correction
from gongbao.normalise.fact_columns import FACT, RELATIONS, SLOTS, TARGET, UNRESOLVED
from gongbao.normalise.facts import PROJECT, Document
from gongbao.normalise.places import resolve_document
from gongbao.normalise.review import near_phrases, write_review_items
from gongbao.normalise.source_conflicts import write_source_conflicts
from gongbao.normalise.status_notes import notes
from gongbao.normalise.vocabulary_tables import add_zones, load_vocabulary
from gongbao.warehouse import Coded, Column, Warehouse, insert, insert_columns

BATCH = 64
CHUNK = 1 << 15
"""So many statements are in memory at once."""


@dataclass(frozen=True, slots=True)
class NormaliseReport:
    """Texts normalised now and texts unchanged; of those now: rows per relation, unresolved per reason.

    `aliases` are the curator's that changed since the night before, `touched` the files in which they may be read.
    `corrected` counts the figures that corrections change, now or before; `stale_corrections` says which do not apply.
    """

    normalised: int
    unchanged: int
    facts: int
    targets: int
    project_figures: int
    unresolved: int
    reasons: tuple[tuple[str, int], ...] = ()
    aliases: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    corrected: int = 0
    stale_corrections: tuple[str, ...] = ()


@cache
def version() -> str:
    """Hash of what every fact depends on: this stage's code and the vocabulary.

    The curator's aliases are left out: what a change of theirs concerns is told by `gongbao.normalise.touched`. So are
    templates of sheets: what they change is extracted anew, which is part of a text's state.
    """
    digest = hashlib.sha256()
    project.hash_tree(digest, Path(__file__).parent, prefix="normalise")
    project.hash_tree(digest, reference.FOLDER, prefix="reference")
    project.hash_overlay(digest, besides=(touched.FILE, *reference.names("sheets/*.yaml")))
    return digest.hexdigest()[:12]


@rarely_collecting()
def normalise(warehouse: Warehouse, corrected: Sequence[Correction] = ()) -> NormaliseReport:
    """Normalise every extracted text that this version has not normalised for its document as it is now.

    `corrected` are the curator's corrections, all of them.
    """
    is_left = _begin(warehouse)
    load_vocabulary(warehouse)
    changed = touched.follow(warehouse, version())
    told = _told(warehouse)
    plan = corrections.plan(
        warehouse.connection, corrected, {key: each.superseded_at is not None for key, each in told.items()}
    )
    extracted = dict(
        warehouse.connection.execute(
            "select text_id, extractor_version from core.extraction order by text_id"
        ).fetchall()
    )
    told = {
        text_id: replace(each, corrections=plan.state(text_id), extractor_version=extracted.get(text_id, ""))
        for text_id, each in told.items()
    }
    done = {
        text_id: (by, state)
        for text_id, by, state in warehouse.connection.execute(
            "select text_id, normaliser_version, document_state from core.normalisation"
        ).fetchall()
    }
    current = [text_id for text_id in extracted if text_id in told]
    in_part = {text_id for text_id in current if done.get(text_id) == (touched.undone(version()), told[text_id].state)}
    pending = [text_id for text_id in current if done.get(text_id) != (version(), told[text_id].state)]
    is_anew = is_left or _has_other_versions(warehouse)
    near = None if is_anew else near_phrases(warehouse, changed.aliases)
    counts: Counter[tuple[str, str]] = Counter()
    for first in range(0, len(pending), BATCH):
        counts += _batch(warehouse, [told[text_id] for text_id in pending[first : first + BATCH]], in_part, plan)
        progress.advance("normalise", min(first + BATCH, len(pending)), len(pending))
    withdrawn = _forget_all_but(warehouse, current)
    corrections.record(warehouse, plan)
    if pending or withdrawn or changed.aliases or is_left:
        with warehouse.transaction() as connection:
            add_zones(connection)
        write_review_items(warehouse, near)
        write_source_conflicts(warehouse)
    warehouse.connection.execute("delete from core.normalisation_begun")
    reasons = {reason: count for (relation, reason), count in counts.items() if relation == UNRESOLVED}
    return NormaliseReport(
        normalised=len(pending),
        unchanged=len(current) - len(pending),
        facts=counts[FACT, ""],
        targets=counts[TARGET, ""],
        project_figures=counts[PROJECT, ""],
        unresolved=sum(reasons.values()),
        reasons=tuple(sorted(reasons.items())),
        aliases=changed.aliases,
        touched=changed.files,
        corrected=plan.changed,
        stale_corrections=tuple(map(str, plan.stale)),
    )


def _begin(warehouse: Warehouse) -> bool:
    """Note that normalising began. Returns whether it did before and was ended before the questions were written."""
    [(begun,)] = warehouse.connection.execute("select count(*) from core.normalisation_begun").fetchall()
    warehouse.connection.execute("insert into core.normalisation_begun values (?)", [version()])
    return bool(begun)


def _has_other_versions(warehouse: Warehouse) -> bool:
    """Whether a text was last normalised by another version: other words of the vocabulary may have changed."""
    [(others,)] = warehouse.connection.execute(
        "select count(*) from core.normalisation where normaliser_version not in ($version, $undone)",
        {"version": version(), "undone": touched.undone(version())},
    ).fetchall()
    return bool(others)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the document that speaks for a text tells of it; `grid_name` as in `Contribution`.

    `corrections` are those of its figures, see `gongbao.normalise.corrections.Plan.state`.
    """

    text_id: str
    document_id: str
    place_stated: str | None
    parent_places: str | None
    source_place: str | None
    published_on: date | None
    reporting_period: str | None
    caveat_codes: str | None
    known_since: datetime
    grid_name: str | None
    superseded_at: datetime | None
    extractor_version: str = ""
    corrections: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Hash of all of it."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def _told(warehouse: Warehouse) -> dict[str, _Told]:
    """By text id; a text is known since any document brought it."""
    speaking = {each.document_id: each for each in contributions(warehouse.connection)}
    rows = warehouse.connection.execute(
        """
        select
            text_id, document_id, place_stated, parent_places, source_place, published_on, reporting_period,
            caveat_codes, known.since
        from raw.document
        join (select text_id, min(first_seen_at) as since from raw.document group by text_id) as known using (text_id)
        where document_id in (select unnest(?))
        order by text_id
        """,
        [sorted(speaking)],
    ).fetchall()
    return {row[0]: _Told(*(*row, *speaking[row[1]][4:])) for row in rows}


def _batch(
    warehouse: Warehouse, batch: Sequence[_Told], in_part: Collection[str], plan: corrections.Plan
) -> Counter[tuple[str, str]]:
    """Rewrite what is made of these texts, of those `in_part` of their touched statements alone.

    Returns the rows by relation and, of unresolved ones, reason.
    """
    text_ids = [told.text_id for told in batch]
    whole = [text_id for text_id in text_ids if text_id not in in_part]
    parts = [text_id for text_id in text_ids if text_id in in_part]
    documents = _documents(warehouse, batch)
    changes = plan.of(text_ids)
    counts: Counter[tuple[str, str]] = Counter()
    with warehouse.transaction() as connection:
        _forget_touched(warehouse, parts)
        _forget(warehouse, whole)
        for statements in _statements(warehouse, whole, parts):
            for relation, columns in corrections.normalise_corrected(statements, documents, changes):
                insert_columns(warehouse.connection, relation, columns)
                counts += _counted(relation, columns)
        for relation, moved in crowds.set_aside(connection, [told.document_id for told in batch]).items():
            counts[relation, ""] -= moved
            counts[UNRESOLVED, crowds.REASON] += moved
        normalised = [
            {
                "text_id": told.text_id,
                "document_id": told.document_id,
                "ref_area": documents[told.text_id].home.code,
                "place_evidence": documents[told.text_id].home.evidence,
                "document_state": told.state,
                "normaliser_version": version(),
            }
            for told in batch
        ]
        _forget_state(warehouse, text_ids)
        insert(warehouse.connection, "core.normalisation", normalised)
    return counts


def _counted(relation: str, columns: Mapping[str, Column]) -> Counter[tuple[str, str]]:
    if relation != UNRESOLVED:
        return Counter({(relation, ""): len(columns["statement_id"])})
    reason = columns["reason"]
    assert isinstance(reason, Coded)
    counted: Counter[tuple[str, str]] = Counter()
    for found in reason.codes.value_counts().to_pylist():
        counted[relation, reason.values[found["values"]]] += found["counts"]
    return counted


def _documents(warehouse: Warehouse, batch: Sequence[_Told]) -> dict[str, Document]:
    """Text id → the document that speaks for it, its place resolved."""
    contents = dict(
        warehouse.connection.execute(
            "select text_id, content from raw.text where text_id in (select unnest(?))",
            [[told.text_id for told in batch]],
        ).fetchall()
    )
    documents = {}
    for told in batch:
        parents = _listed(told.parent_places, "/")
        content = contents.get(told.text_id, "")
        documents[told.text_id] = Document(
            told.document_id,
            resolve_document(told.place_stated, parents, told.source_place, content),
            told.published_on,
            told.known_since,
            _listed(told.caveat_codes, ";"),
            known_to=told.superseded_at,
            status_notes=notes(content, told.reporting_period),
        )
    return documents


def _listed(text: str | None, separator: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(separator)) if text else ()


def _statements(warehouse: Warehouse, whole: Sequence[str], parts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """All statements of some texts and the touched ones of others, in chunks, as they were written: in reading order.

    Read beside the open transaction.
    """
    wanted = {
        "list_contains($texts, text_id)": whole,
        "statement_id in (select statement_id from core.touched_statement where list_contains($texts, text_id))": parts,
    }
    with warehouse.connection.cursor() as reading:
        for condition, text_ids in wanted.items():
            if text_ids:
                query = f"select {', '.join(SLOTS)} from core.statement where {condition}"
                yield from reading.sql(query, params={"texts": list(text_ids)}).to_arrow_reader(CHUNK)


def _forget_touched(warehouse: Warehouse, text_ids: Sequence[str]) -> None:
    """Delete what was made of the touched statements of these texts."""
    if not text_ids:
        return
    for relation in RELATIONS:
        warehouse.connection.execute(
            f"""
            delete from {relation} where statement_id in (
                select statement_id from core.touched_statement where list_contains($texts, text_id)
            )
            """,
            {"texts": list(text_ids)},
        )


def _forget(warehouse: Warehouse, text_ids: Sequence[str]) -> None:
    """Delete what was made of these texts, whichever document spoke for them."""
    for relation in RELATIONS:
        warehouse.connection.execute(
            f"""
            delete from {relation} where document_id in (
                select document_id from raw.document where text_id in (select unnest($texts))
                union all
                select document_id from core.normalisation where text_id in (select unnest($texts))
            )
            """,
            {"texts": list(text_ids)},
        )


def _forget_state(warehouse: Warehouse, text_ids: Sequence[str]) -> None:
    """Delete what is noted of these texts: who normalised them, and what is still to be done."""
    for relation in ("core.normalisation", "core.touched_statement"):
        warehouse.connection.execute(
            f"delete from {relation} where list_contains($texts, text_id)", {"texts": list(text_ids)}
        )


def _forget_all_but(warehouse: Warehouse, text_ids: Sequence[str]) -> bool:
    """Delete what was made of texts that no accepted document has any more, or that no longer extract."""
    stale = warehouse.connection.execute(
        "select text_id from core.normalisation where text_id not in (select unnest(?)) order by text_id",
        [list(text_ids)],
    ).fetchall()
    if stale:
        with warehouse.transaction():
            gone = [text_id for (text_id,) in stale]
            _forget(warehouse, gone)
            _forget_state(warehouse, gone)
    return bool(stale)
