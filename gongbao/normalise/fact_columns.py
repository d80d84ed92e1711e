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
    Number,
    Passage,
    Unresolved,
    Wording,
    converter,
    phrase_of,
    place_of,
    wording_of,
)
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
    """Statements and what each says: a `Resolution`, `Wording`, `Number` each, or in the place of one `Unresolved`.

    A wording is unresolved where its place is; a number is null where its wording is unresolved.
    """

    statements: pa.RecordBatch
    places: Shared[Any]
    wordings: Shared[Any]
    numbers: Shared[Any]

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
    parts = _Parts(statements, places, wordings, _numbers(statements, wordings))
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
    subjects = set(statements.column("subject").unique().to_pylist())
    naming = [each for each in indicator.unique().to_pylist() if each and _begins_with_any(each, subjects)]
    if not naming:
        return indicator
    is_naming = pc.is_in(indicator, pa.array(naming, pa.string()))
    named = pc.if_else(is_naming, indicator, _NO_TEXT)
    first, codes = combinations([named, pc.if_else(is_naming, statements.column("subject"), _NO_TEXT)])
    told = map(phrase_of, named.take(first).to_pylist(), statements.column("subject").take(first).to_pylist())
    return pc.if_else(is_naming, pa.array(list(told), pa.string()).take(codes), indicator)


def _begins_with_any(text: str, beginnings: Container[str | None]) -> bool:
    return any(text[:length] in beginnings for length in range(1, len(text)))


def _numbers(statements: pa.RecordBatch, wordings: Shared[Wording | Unresolved]) -> Shared[Number | Unresolved | None]:
    passages: dict[Passage | None, int] = {}
    passage = wordings.array(lambda wording: passages.setdefault(_passage(wording), len(passages)))
    printed = [statements.column(name) for name in ("quote", "value", "value_high")]
    first, codes = combinations([*printed, passage])
    converters = [converter(each) if each else None for each in passages]
    found: list[Number | Unresolved | None] = []
    for code, *figure in zip(*(column.take(first).to_pylist() for column in (passage, *printed)), strict=True):
        convert = converters[code]
        try:
            found.append(convert(*figure) if convert else None)
        except Unresolved as why:
            found.append(why.with_traceback(None))  # its frames would hold all of this
    return Shared(found, codes)


def _passage(wording: Wording | Unresolved) -> Passage | None:
    return None if isinstance(wording, Unresolved) else wording.passage


def _relations(parts: _Parts) -> pa.Array:
    """The relation of each statement, as its number in `RELATIONS`."""
    unresolved = RELATIONS.index(UNRESOLVED)

    def of_wording(wording: Wording | Unresolved) -> int:
        if isinstance(wording, Unresolved) or wording.undated is not None:
            return unresolved
        return RELATIONS.index(wording.relation)

    no_number = parts.numbers.array(lambda number: not isinstance(number, Number))
    return pc.if_else(no_number, unresolved, parts.wordings.array(of_wording))


def _figures(parts: _Parts) -> Columns:
    """Rows of core.fact or core.target."""
    statements, places, wordings, numbers = parts.statements, parts.places, parts.wordings, parts.numbers
    columns: Columns = _told(wordings)
    if not all(number.exact for number in numbers.values):
        either = wordings.rows(lambda wording: (wording.rounded_caveats, wording.columns["caveat_codes"]))
        exact = numbers.rows(lambda number: number.exact)
        columns["caveat_codes"] = [caveats[is_exact] for caveats, is_exact in zip(either, exact, strict=True)]
    return {
        **columns,
        "fact_id": _fact_ids(parts),
        "statement_id": statements.column("statement_id"),
        "ref_area": places.column(lambda place: place.code),
        "obs_value": numbers.column(lambda number: number.value),
        "obs_value_high": numbers.column(lambda number: number.high),
        "value_text": statements.column("quote"),
        "decimals": numbers.column(lambda number: number.decimals),
        "precision_value": numbers.column(lambda number: number.precision),
    }


def _fact_ids(parts: _Parts) -> Hashed:
    """The ids: hashes of kind, statement, place, the columns by which figures meet, and the number."""
    wordings, numbers = parts.wordings, parts.numbers
    return Hashed(
        (
            wordings.column(lambda wording: f"{wording.relation.removeprefix('core.')}\0"),
            parts.statements.column("statement_id"),
            "\0",
            parts.places.column(lambda place: place.code),
            wordings.column(lambda wording: "\0".join(["", *(wording.columns[name] or "" for name in KEY), ""])),
            numbers.column(lambda number: f"{number.value}\0{'' if number.high is None else number.high}\0"),
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
        "obs_value": parts.numbers.column(lambda number: number.value),
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


def _reasons(wordings: Shared[Wording | Unresolved], numbers: Shared[Number | Unresolved | None]) -> Shared[Unresolved]:
    of_numbers: dict[Unresolved | None, int] = {}

    def of_number(number: Number | Unresolved | None) -> int:
        return of_numbers.setdefault(number if isinstance(number, Unresolved) else None, len(of_numbers))

    number_reasons = numbers.array(of_number)
    first, codes = combinations([wordings.codes, number_reasons])
    why = list(of_numbers)
    pairs = zip(wordings.codes.take(first).to_pylist(), number_reasons.take(first).to_pylist(), strict=True)
    found = []
    for wording, number in ((wordings.values[wording], why[number]) for wording, number in pairs):
        candidates = (wording, number, getattr(wording, "undated", None))
        found.append(next(each for each in candidates if isinstance(each, Unresolved)))
    return Shared(found, codes)


def _told(wordings: Shared[Any]) -> Columns:
    """The columns that wordings fill."""
    names = wordings.values[0].columns
    return {name: Coded([each.columns[name] for each in wordings.values], wordings.codes) for name in names}
