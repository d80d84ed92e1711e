"""A curator's corrections, applied to statements before they are normalised; what became of each is in ops.correction.

Which figure each record means is settled before anything is normalised (`plan`), from core.statement as it is now. A
record whose guard fails, or that fits more than one figure, changes nothing: it is stale, and a question of the kind
`stale_correction`. The plan is part of what is told of a text, so that a changed record has only its texts normalised
anew. The statement itself stays as it was read; a corrected figure bears the caveat `corrected`, and its quote as it is
printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from gongbao.normalise.correction_file import Correction, Expected, Quantity, Replacement
from gongbao.normalise.fact_columns import UNRESOLVED, Columns, normalise_statements
from gongbao.normalise.facts import Document, content_id, phrase_of
from gongbao.normalise.review import decisions, status_of
from gongbao.normalise.units import units
from gongbao.reference.gazetteer import gazetteer
from gongbao.warehouse import Coded, Warehouse, insert

CAVEAT = "corrected"
WITHDRAWN = "withdrawn"
KIND = "stale_correction"
_SHORTEST_HASH = 8
_SLOTS = (
    "statement_id", "text_id", "quote", "value", "value_high", "unit", "time_period", "indicator", "indicator_id",
    "subject", "subject_type", "ref_area", "sheet", "cell", "span_start", "sentence",
)  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A correction and the statement that it changes."""

    correction: Correction
    statement: Row


@dataclass(frozen=True, slots=True)
class Stale:
    """A correction that is not applied, and why, for a person."""

    correction: Correction
    detail: str

    def __str__(self) -> str:
        named = self.correction
        return f"line {named.line}, {named.document} at {named.target}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the corrections come to: changes by text id, then by statement id, and those that fit no more."""

    changes: Mapping[str, Mapping[str, Change]] = field(default_factory=dict)
    stale: tuple[Stale, ...] = ()

    def of(self, text_ids: Sequence[str]) -> dict[str, Change]:
        """The changes of some texts, by statement id."""
        return {key: change for text_id in text_ids for key, change in self.changes.get(text_id, {}).items()}

    def state(self, text_id: str) -> tuple[str, ...]:
        """What decides how a text is corrected: which records change which statements."""
        return tuple(
            f"{key} {change.correction.correction_id}" for key, change in self.changes.get(text_id, {}).items()
        )

    @property
    def changed(self) -> int:
        """How many figures are changed."""
        return sum(map(len, self.changes.values()))


def plan(
    connection: duckdb.DuckDBPyConnection, corrections: Sequence[Correction], superseded: Mapping[str, bool]
) -> Plan:
    """Find the figure of each correction. `superseded` tells it of each text that is normalised."""
    if not corrections:
        return Plan()
    named = _named(connection, corrections, superseded)
    standing = _standing(connection, corrections, {text_id for texts in named.values() for text_id in texts})
    changes: dict[str, dict[str, Change]] = defaultdict(dict)
    stale = []
    for correction in corrections:
        texts = named[correction.correction_id]
        found = [each for text_id in texts for each in standing[text_id] if _stands_at(correction, each)]
        fitting = [each for each in found if _fits(correction.expect, each)]
        try:
            chosen = _chosen(correction, texts, found, fitting, superseded)
            for statement in chosen:
                _check(correction, statement, changes[statement["text_id"]])
        except _Unfit as why:
            stale.append(Stale(correction, str(why)))
            continue
        for statement in chosen:
            changes[statement["text_id"]][statement["statement_id"]] = Change(correction, statement)
    ordered = {text_id: dict(sorted(each.items())) for text_id, each in sorted(changes.items()) if each}
    return Plan(ordered, tuple(stale))


def normalise_corrected(
    statements: pa.RecordBatch, documents: Mapping[str, Document], changes: Mapping[str, Change]
) -> Iterator[tuple[str, Columns]]:
    """As `normalise_statements`, with the changes, by statement id, made first."""
    if not changes:
        yield from normalise_statements(statements, documents).items()
        return
    is_named = pc.is_in(statements.column("statement_id"), pa.array(sorted(changes), pa.string()))
    others = statements.filter(pc.invert(is_named))
    if others.num_rows:
        yield from normalise_statements(others, documents).items()
    replaced, withdrawn = [], []
    printed = {}
    for row in statements.filter(is_named).to_pylist():
        correction = changes[row["statement_id"]].correction
        if correction.replacement is None:
            withdrawn.append(_withdrawn(row, correction, documents))
        else:
            printed[row["statement_id"]] = row["quote"]
            replaced.append(_replaced(row, correction.replacement))
    if withdrawn:
        columns: Columns = {name: [row[name] for row in withdrawn] for name in withdrawn[0]}
        yield UNRESOLVED, columns | {"reason": Coded([WITHDRAWN], pa.repeat(pa.scalar(0, pa.int8()), len(withdrawn)))}
    if replaced:
        batch = pa.RecordBatch.from_pylist(replaced, schema=statements.schema)
        for relation, columns in normalise_statements(batch, documents).items():
            if "value_text" in columns:
                ids = columns["statement_id"]
                assert isinstance(ids, pa.Array)
                columns["value_text"] = [printed[each] for each in ids.to_pylist()]
            yield relation, columns


def record(warehouse: Warehouse, planned: Plan) -> None:
    """Rewrite ops.correction, and the questions about those that fit no more."""
    changed = [
        {
            **_told(change.correction),
            "statement_id": statement_id,
            "text_id": text_id,
            "was": _was(change.correction, change.statement),
            "became": _became(change.correction.replacement),
            "applied": True,
        }
        for text_id, changes in planned.changes.items()
        for statement_id, change in changes.items()
    ]
    unapplied = [{**_told(each.correction), "applied": False, "detail": each.detail} for each in planned.stale]
    with warehouse.transaction() as connection:
        connection.execute("delete from ops.correction")
        insert(connection, "ops.correction", [*changed, *unapplied])
        connection.execute("delete from ops.review_item where kind = ?", [KIND])
        if planned.stale:
            decided = decisions(warehouse)
            insert(connection, "ops.review_item", [_question(each, decided) for each in planned.stale])


class _Unfit(Exception):
    """Why a correction is not applied."""


def _named(
    connection: duckdb.DuckDBPyConnection, corrections: Sequence[Correction], texts: Mapping[str, bool]
) -> dict[str, list[str]]:
    """Correction id → the texts of the documents that it names, by file name, document id or text id; sorted."""
    documents = connection.execute(
        "select document_id, text_id, file_name from raw.document where text_id is not null"
    ).fetchall()
    by_name: dict[str, set[str]] = defaultdict(set)
    for _, text_id, file_name in documents:
        by_name[file_name].add(text_id)

    def named(name: str) -> set[str]:
        if name in by_name or len(name) < _SHORTEST_HASH:
            return by_name.get(name, set())
        return {text_id for document_id, text_id, _ in documents if _begins(name, document_id, text_id)}

    found = {name: named(name) for name in {correction.document for correction in corrections}}
    return {each.correction_id: sorted(found[each.document] & texts.keys()) for each in corrections}


def _begins(prefix: str, *ids: str) -> bool:
    return any(each.startswith(prefix) for each in ids)


def _standing(
    connection: duckdb.DuckDBPyConnection, corrections: Sequence[Correction], text_ids: set[str]
) -> dict[str, list[Row]]:
    """Text id → its statements that stand where a correction looks, in one look at all of them."""
    cursor = connection.execute(
        f"""
        select {", ".join(_SLOTS)} from core.statement
        where list_contains($texts::varchar[], text_id)
          and (
            list_contains($cells::varchar[], cell) or list_contains($starts::integer[], span_start)
            or len(list_filter($sentences::varchar[], lambda beginning: starts_with(sentence, beginning))) > 0
          )
        order by statement_id
        """,
        {
            "texts": sorted(text_ids),
            "cells": sorted({each.cell[1] for each in corrections if each.cell}),
            "starts": sorted({each.start for each in corrections if each.start is not None}),
            "sentences": sorted({each.sentence for each in corrections if each.sentence}),
        },
    )
    found: dict[str, list[Row]] = defaultdict(list)
    for values in cursor.fetchall():
        row = dict(zip(_SLOTS, values, strict=True))
        found[row["text_id"]].append(row)
    return found


def _stands_at(correction: Correction, statement: Row) -> bool:
    if correction.cell is not None:
        return (statement["sheet"], statement["cell"]) == correction.cell
    if correction.start is not None:
        return bool(statement["span_start"] == correction.start)
    return (statement["sentence"] or "").startswith(correction.sentence or "")


def _fits(expected: Expected, statement: Row) -> bool:
    """Whether the guard holds: the quote, what it was read as, and what else tells figures of one quote apart."""
    return (
        _unspaced(expected.quote) == _unspaced(statement["quote"])
        and _is_same(expected.value, statement)
        and expected.indicator in (None, statement["indicator"], statement["indicator_id"])
        and expected.subject in (None, statement["subject"])
    )


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _is_same(expected: Quantity, statement: Row) -> bool:
    value, unit = statement["value"], statement["unit"]
    if expected.unit in (None, unit):
        return bool(expected.number == value)
    one, other = units().get(expected.unit or ""), units().get(unit)
    return (
        one is not None
        and other is not None
        and one.code == other.code
        and Fraction(expected.number) * one.multiplier == Fraction(value) * other.multiplier
    )


def _chosen(
    correction: Correction,
    texts: Sequence[str],
    found: Sequence[Row],
    fitting: Sequence[Row],
    superseded: Mapping[str, bool],
) -> list[Row]:
    """The figures to change: one of a text that stands, and the same of those that it superseded."""
    if not texts:
        raise _Unfit(f"no document that was read is called {correction.document}")
    standing = [text_id for text_id in texts if not superseded[text_id]]
    wanted = [each for each in fitting if each["text_id"] in standing] if standing else list(fitting)
    if not wanted:
        here = [each for each in found if not standing or each["text_id"] in standing]
        if not here:
            raise _Unfit("no figure is read there now")
        now = "; ".join(sorted({f"{each['quote']}, read as {_quantity(each)}" for each in here})[:3])
        raise _Unfit(f"expected is {correction.expect.quote}, read as {correction.expect.value}; there is now {now}")
    for text_id in {each["text_id"] for each in fitting}:
        if sum(each["text_id"] == text_id for each in fitting) > 1:
            raise _Unfit("several figures stand there: add indicator or subject to expect, or name the start")
    if standing and len(wanted) > 1:
        raise _Unfit(f"it fits {len(wanted)} documents: name one by the first digits of its sha256")
    return list(fitting)


def _check(correction: Correction, statement: Row, changed: Mapping[str, Change]) -> None:
    """Whether the figure can bear this change."""
    earlier = changed.get(statement["statement_id"])
    if earlier is not None:
        raise _Unfit(f"line {earlier.correction.line} corrects the same figure")
    replacement = correction.replacement
    if replacement is None:
        return
    if replacement.value is not None and replacement.value.unit is None and statement["unit"] is not None:
        raise _Unfit(f"the figure is in {statement['unit']}: write the unit behind the value")
    if statement["subject_type"] == "entity" and (replacement.indicator or replacement.place):
        raise _Unfit("the figure is a project's or enterprise's own: it has neither indicator nor place to correct")


def _withdrawn(statement: Row, correction: Correction, documents: Mapping[str, Document]) -> dict[str, Any]:
    return {
        "statement_id": statement["statement_id"],
        "document_id": documents[statement["text_id"]].document_id,
        "detail": f"{correction.reason} ({correction.source})",
        "candidates": None,
    }


def _replaced(statement: Row, replacement: Replacement) -> dict[str, Any]:
    """The statement as it would have been read; its quote is the number that counts, for the printed digits."""
    row = dict(statement)
    row["caveat_codes"] = ";".join(filter(None, (row["caveat_codes"], CAVEAT)))
    if replacement.value is not None:
        row["quote"], row["value"], row["unit"] = (
            str(replacement.value),
            replacement.value.number,
            replacement.value.unit,
        )
        row["value_high"] = replacement.value_high.number if replacement.value_high else None
    if replacement.period is not None:
        row["time_period"] = replacement.period
    if replacement.indicator is not None:
        row["indicator_id"] = replacement.indicator
    if replacement.place is not None:
        # The words stay those of the subject that was read, the code says whose they are.
        row["indicator"] = phrase_of(row["indicator"], row["subject"])
        row["subject"], row["ref_area"] = None, replacement.place
    return row


def _told(correction: Correction) -> dict[str, Any]:
    return {
        "correction_id": correction.correction_id,
        "document": correction.document,
        "target": correction.target,
        "quote": correction.expect.quote,
        "action": correction.action,
        "reason": correction.reason,
        "source": correction.source,
    }


def _question(stale: Stale, decided: Mapping[str, Any]) -> dict[str, Any]:
    correction = stale.correction
    review_id = content_id(KIND, correction.correction_id)
    return {
        "review_id": review_id,
        "kind": KIND,
        "subject": f"{correction.document} at {correction.target}: {correction.expect.quote}",
        "waiting": 1,
        "example": stale.detail,
        "status": status_of(decided.get(review_id)),
    }


def _was(correction: Correction, statement: Row) -> str:
    """The slots that are corrected, as they were read."""
    value = f"value {_quantity(statement)}"
    replacement = correction.replacement
    if replacement is None:
        return value
    place = statement["ref_area"] or statement["subject"] or "of the document"
    slots = {
        value: replacement.value,
        f"period {statement['time_period'] or 'none'}": replacement.period,
        f"indicator {statement['indicator_id'] or statement['indicator'] or 'none'}": replacement.indicator,
        f"place {place}": replacement.place,
    }
    return "; ".join(told for told, new in slots.items() if new is not None)


def _became(replacement: Replacement | None) -> str | None:
    if replacement is None:
        return None
    high = f" to {replacement.value_high}" if replacement.value_high else ""
    place = gazetteer().places[replacement.place].name if replacement.place else ""
    slots = {
        f"value {replacement.value}{high}": replacement.value,
        f"period {replacement.period}": replacement.period,
        f"indicator {replacement.indicator}": replacement.indicator,
        f"place {replacement.place} {place}": replacement.place,
    }
    return "; ".join(told for told, new in slots.items() if new is not None)


def _quantity(statement: Row) -> str:
    """As a record writes it: 553300000000元."""
    ends = (each for each in (statement["value"], statement["value_high"]) if each is not None)
    return " to ".join(f"{_plain(each)}{statement['unit'] or ''}" for each in ends)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
