"""Statements → columns of core.fact, core.target, core.project, core.unresolved: the parts of facts.py put together.

Places, wordings and numbers are worked out once for each distinct combination of the slots that they depend on: in a
sheet of half a million figures there are few, in a text about as many as statements. Every statement is in exactly one
of the relations.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gongbao.normalise.combinations import Shared, combinations
from gongbao.normalise.facts import (
    KEY,
    PLACE_SLOTS,
    PROJECT,
    WORDING_SLOTS,
    Document,
    Unresolved,
    Wording,
    names_of,
    phrase_of,
    place_of,
    wording_of,
)
from gongbao.normalise.number_columns import Numbers, numbers_of
from gongbao.normalise.places import Resolution
from gongbao.warehouse import Coded, Column, Hashed

FACT, TARGET, UNRESOLVED = "core.fact", "core.target", "core.unresolved"
RELATIONS = (FACT, TARGET, PROJECT, UNRESOLVED)
SLOTS = ("statement_id", "text_id", "quote", "value", "value_high", "indicator", *PLACE_SLOTS, *WORDING_SLOTS)
"""The columns of core.statement that are needed."""

_NO_TEXT = pa.scalar(None, pa.string())

Columns = dict[str, Column]


@dataclass(frozen=True, slots=True)
class _Parts:
    """Statements and what each says: a `Resolution` and a `Wording` each, or in the place of one `Unresolved`.

    A wording is unresolved where its place is; a number is null where its wording is unresolved.
    """

    statements: pa.RecordBatch
    places: Shared[Any]
    wordings: Shared[Any]
    numbers: Numbers

    def take(self, rows: pa.Array) -> _Parts:
        """Those of some rows."""
        if len(rows) == self.statements.num_rows:
            return self
        return _Parts(
            self.statements.take(rows), self.places.take(rows), self.wordings.take(rows), self.numbers.take(rows)
        )


def normalise_statements(statements: pa.RecordBatch, documents: Mapping[str, Document]) -> dict[str, Columns]:
    """The columns of each relation that these statements fill, in their order.

    `statements` has the columns `SLOTS` of core.statement; `documents` are by text id.
    """
    places = _places(statements, documents)
    wordings = _wordings(statements, places, documents)
    parts = _Parts(statements, places, wordings, numbers_of(statements, wordings))
    relations = _relations(parts)
    found = {}
    for number, relation in enumerate(RELATIONS):
        rows = pc.indices_nonzero(pc.equal(relations, number))
        if len(rows):
            found[relation] = _columns(relation, parts.take(rows), documents)
    return found


def _columns(relation: str, parts: _Parts, documents: Mapping[str, Document]) -> Columns:
    if relation == UNRESOLVED:
        return _unresolved(parts, documents)
    return _projects(parts) if relation == PROJECT else _figures(parts)


def _places(statements: pa.RecordBatch, documents: Mapping[str, Document]) -> Shared[Resolution | Unresolved]:
    """A project's is that of its document."""
    names = ("text_id", "subject_type", *PLACE_SLOTS)
    first, codes = combinations([statements.column(name) for name in names])
    found: list[Resolution | Unresolved] = []
    for slots in statements.select(names).take(first).to_pylist():
        document = documents[slots["text_id"]]
        try:
            found.append(document.home if slots["subject_type"] == "entity" else place_of(slots, document))
        except Unresolved as why:
            found.append(why.with_traceback(None))  # its frames would hold all of this
    return Shared(found, codes)


def _wordings(
    statements: pa.RecordBatch, places: Shared[Resolution | Unresolved], documents: Mapping[str, Document]
) -> Shared[Wording | Unresolved]:
    # Of the place a wording takes what few places have: a scope, a former name, or why it could not be told.
    of_place: dict[Any, int] = {}
    place_kinds = places.array(lambda place: of_place.setdefault(_kind(place), len(of_place)))
    phrases = _phrases(statements)
    names = ("text_id", *WORDING_SLOTS)
    first, codes = combinations([phrases, place_kinds, *(statements.column(name) for name in names)])
    found: list[Wording | Unresolved] = []
    told = zip(
        statements.select(names).take(first).to_pylist(),
        phrases.take(first).to_pylist(),
        places.codes.take(first).to_pylist(),
        strict=True,
    )
    for slots, phrase, code in told:
        place = places.values[code]
        if isinstance(place, Unresolved):
            found.append(place)
            continue
        try:
            found.append(wording_of(slots, phrase, place, documents[slots["text_id"]]))
        except Unresolved as why:
            found.append(why.with_traceback(None))  # its frames would hold all of this
    return Shared(found, codes)


def _kind(place: Resolution | Unresolved) -> object:
    return place if isinstance(place, Unresolved) else (place.scope, place.historic)


def _phrases(statements: pa.RecordBatch) -> pa.Array:
    """What each statement measures by its words; null where a template says it."""
    indicator = statements.column("indicator")
    indicator = pc.if_else(pc.is_null(statements.column("indicator_id")), indicator, _NO_TEXT)
    subjects = filter(None, statements.column("subject").unique().to_pylist())
    names = {name for subject in subjects for name in names_of(subject)}
    naming = [each for each in indicator.unique().to_pylist() if each and _begins_with_any(each, names)]
    if not naming:
        return indicator
    is_naming = pc.is_in(indicator, pa.array(naming, pa.string()))
    named = pc.if_else(is_naming, indicator, _NO_TEXT)
    first, codes = combinations([named, pc.if_else(is_naming, statements.column("subject"), _NO_TEXT)])
    told = map(phrase_of, named.take(first).to_pylist(), statements.column("subject").take(first).to_pylist())
    return pc.if_else(is_naming, pa.array(list(told), pa.string()).take(codes), indicator)


def _begins_with_any(text: str, beginnings: Container[str]) -> bool:
    return any(text[:length] in beginnings for length in range(1, len(text)))


def _relations(parts: _Parts) -> pa.Array:
    """The relation of each statement, as its number in `RELATIONS`."""
    unresolved = RELATIONS.index(UNRESOLVED)

    def of_wording(wording: Wording | Unresolved) -> int:
        if isinstance(wording, Unresolved) or wording.undated is not None:
            return unresolved
        return RELATIONS.index(wording.relation)

    return pc.if_else(pc.is_null(parts.numbers.value), unresolved, parts.wordings.array(of_wording))


def _figures(parts: _Parts) -> Columns:
    """Rows of core.fact or core.target."""
    statements, places, wordings, numbers = parts.statements, parts.places, parts.wordings, parts.numbers
    columns: Columns = _told(wordings)
    if not pc.all(numbers.exact).as_py():
        as_told, rounded = (
            wordings.array(lambda wording: wording.columns["caveat_codes"]).cast(pa.string()),
            wordings.array(lambda wording: wording.rounded_caveats).cast(pa.string()),
        )
        columns["caveat_codes"] = pc.if_else(numbers.exact, as_told, rounded)
    return {
        **columns,
        "fact_id": _fact_ids(parts),
        "statement_id": statements.column("statement_id"),
        "ref_area": places.column(lambda place: place.code),
        "obs_value": numbers.value,
        "obs_value_high": numbers.high,
        "value_text": statements.column("quote"),
        "decimals": numbers.decimals,
        "precision_value": numbers.precision,
    }


def _fact_ids(parts: _Parts) -> Hashed:
    """The ids: hashes of kind, statement, place, the columns by which figures meet, and the number."""
    wordings = parts.wordings
    return Hashed(
        (
            wordings.column(lambda wording: f"{wording.relation.removeprefix('core.')}\0"),
            parts.statements.column("statement_id"),
            "\0",
            parts.places.column(lambda place: place.code),
            wordings.column(lambda wording: "\0".join(["", *(wording.columns[name] or "" for name in KEY), ""])),
            parts.numbers.text,
            wordings.column(lambda w: f"{w.columns['unit_measure'] or ''}\0{w.columns['comparator']}"),
        )
    )


def _projects(parts: _Parts) -> Columns:
    """Rows of core.project."""
    return {
        **_told(parts.wordings),
        "statement_id": parts.statements.column("statement_id"),
        "subject": parts.statements.column("subject"),
        "indicator": parts.statements.column("indicator"),
        "obs_value": parts.numbers.value,
        "value_text": parts.statements.column("quote"),
    }


def _unresolved(parts: _Parts, documents: Mapping[str, Document]) -> Columns:
    """Rows of core.unresolved: the first of place, wording, number and period that could not be told."""
    reasons = _reasons(parts.wordings, parts.numbers)
    texts = parts.statements.column("text_id").dictionary_encode()
    return {
        "statement_id": parts.statements.column("statement_id"),
        "document_id": Coded([documents[each].document_id for each in texts.dictionary.to_pylist()], texts.indices),
        "reason": reasons.column(lambda why: why.reason),
        "detail": reasons.column(lambda why: why.detail),
        "candidates": reasons.column(lambda why: "; ".join(why.candidates) or None),
    }


def _reasons(wordings: Shared[Wording | Unresolved], numbers: Numbers) -> Shared[Unresolved]:
    first, codes = combinations([wordings.codes, numbers.reason])
    found = []
    pairs = zip(wordings.codes.take(first).to_pylist(), numbers.reason.take(first).to_pylist(), strict=True)
    for wording, number in ((wordings.values[wording], numbers.reasons[number]) for wording, number in pairs):
        candidates = (wording, number, getattr(wording, "undated", None))
        found.append(next(each for each in candidates if isinstance(each, Unresolved)))
    return Shared(found, codes)


def _told(wordings: Shared[Any]) -> Columns:
    """The columns that wordings fill."""
    names = wordings.values[0].columns
    return {name: Coded([each.columns[name] for each in wordings.values], wordings.codes) for name in names}
