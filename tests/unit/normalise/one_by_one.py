"""Statements as rows: given to the columns of `normalise_statements` and taken from them, and normalised one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from gongbao.normalise.fact_columns import SLOTS, normalise_statements
from gongbao.normalise.facts import (
    KEY,
    Document,
    Unresolved,
    content_id,
    converter,
    phrase_of,
    place_of,
    wording_of,
)
from tests.unit.normalise.listed import listed

Row = dict[str, Any]
TYPES = dict.fromkeys(("value", "value_high"), pa.decimal128(38, 10)) | dict.fromkeys(
    ("sentence_start", "span_start", "span_end"), pa.int32()
)
SCHEMA = pa.schema([(name, TYPES.get(name, pa.string())) for name in SLOTS])


def statement(**slots: Any) -> Row:
    """A row of core.statement: revenue of 5533万元 in 2023, with other slots where a test says so."""
    row = dict.fromkeys(SLOTS) | {
        "statement_id": "s1",
        "text_id": "t1",
        "quote": "5533万元",
        "sentence": "完成一般公共预算收入5533万元。",
        "sentence_start": 100,
        "span_start": 110,
        "span_end": 116,
        "kind": "fact",
        "subject_type": "area",
        "subject": "姜楼镇",
        "indicator": "一般公共预算收入",
        "measure": "level",
        "value": Decimal(55330000),
        "unit": "元",
        "comparator": "eq",
        "time_period": "2023",
    }
    return row | slots


def normalised(statements: Sequence[Row], documents: Mapping[str, Document]) -> list[tuple[str, Row]]:
    """(relation, row) of each statement, in the order of relations, as all of them together are normalised."""
    found = normalise_statements(pa.RecordBatch.from_pylist(list(statements), schema=SCHEMA), documents)
    return [(relation, row) for relation, columns in found.items() for row in _rows(columns)]


def normalise_statement(given: Row, document: Document) -> tuple[str, Row]:
    """The same of one statement by itself: place, wording, number, one after another."""
    try:
        place = document.home if given["subject_type"] == "entity" else place_of(given, document)
        wording = wording_of(given, phrase_of(given["indicator"], given["subject"]), place, document)
        number = converter(wording.passage)(given["quote"], given["value"], given["value_high"])
        if wording.undated is not None:
            raise wording.undated
    except Unresolved as why:
        return "core.unresolved", {
            "statement_id": given["statement_id"],
            "document_id": document.document_id,
            "reason": why.reason,
            "detail": why.detail,
            "candidates": "; ".join(why.candidates) or None,
        }
    row = {
        **wording.columns,
        "statement_id": given["statement_id"],
        "obs_value": number.value,
        "value_text": given["quote"],
    }
    if given["subject_type"] == "entity":
        return wording.relation, row | {"subject": given["subject"], "indicator": given["indicator"]}
    key = (place.code, *(row[name] for name in KEY), number.value, number.high, row["unit_measure"], row["comparator"])
    return wording.relation, row | {
        "fact_id": content_id(given["kind"], given["statement_id"], *key),
        "ref_area": place.code,
        "obs_value_high": number.high,
        "decimals": number.decimals,
        "precision_value": number.precision,
        "caveat_codes": row["caveat_codes"] if number.exact else wording.rounded_caveats,
    }


def _rows(columns: Mapping[str, Any]) -> list[Row]:
    lists = {name: listed(column) for name, column in columns.items()}
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
