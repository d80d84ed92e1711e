"""Given rows of core, in short: what a case leaves out takes a plain default, so that a case shows what it is about.

`core.fact` and `core.target` rows bring their own statement (its quote is the printed value) and, where the case
names none, the document `report`. A row's `published_on` is its document's where that is given. Slots of the statement
begin with an underscore: `_span_start`, `_sentence`, `_sentence_start`, `_indicator_stated`.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from gongbao.warehouse import insert

HERE = Path(__file__).parent
NOW = datetime(2026, 1, 1)

Row = dict[str, Any]
Given = Mapping[str, Sequence[Row]]


def world() -> dict[str, list[Row]]:
    """The places and indicators of world.yaml."""
    loaded: dict[str, list[Row]] = yaml.safe_load((HERE / "world.yaml").read_text("utf-8"))
    return loaded


def insert_given(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Insert a case's rows on top of the world; relations are named with their schema."""
    rows = {name: [dict(row) for row in relation] for name, relation in (world() | dict(given)).items()}
    documents = {row["document_id"]: _document(row) for row in rows.pop("raw.document", [])}
    statements = []
    for name, kind in (("core.fact", "fact"), ("core.target", "target")):
        observed = [_observed(row, kind, documents) for row in rows.pop(name, [])]
        statements += [_statement(row, kind) for row in observed]
        insert(connection, name, [{k: v for k, v in row.items() if not k.startswith("_")} for row in observed])
    insert(connection, "core.statement", statements + rows.pop("core.statement", []))
    # Of a text that several bring, the first speaks.
    normalised: dict[str, Row] = {}
    for row in documents.values():
        about = {"document_id": row["document_id"], "ref_area": row.pop("ref_area", None), "normaliser_version": "v"}
        if row["text_id"] is not None:
            normalised.setdefault(row["text_id"], {"text_id": row["text_id"], **about})
    insert(connection, "core.normalisation", list(normalised.values()))
    insert(connection, "raw.document", list(documents.values()))
    insert(
        connection, "core.indicator", [{"definition_en": row["name_en"], **row} for row in rows.pop("core.indicator")]
    )
    for name, relation in rows.items():
        insert(connection, name, relation)


def _document(row: Row) -> Row:
    return {
        "text_id": f"text of {row['document_id']}",
        "source_name": "inbox",
        "file_name": f"{row['document_id']}.txt",
        "title": row["document_id"],
        "doc_type": "work_report",
        "ingest_status": "accepted",
        "first_seen_at": NOW,
    } | row


def _observed(row: Row, kind: str, documents: dict[str, Row]) -> Row:
    document_id = row.setdefault("document_id", "report")
    document = documents.setdefault(document_id, _document({"document_id": document_id}))
    start, end = period_bounds(row["time_period"])
    target = {"modality": "none", "nature": "unstated"} if kind == "target" else {}
    full = {
        "statement_id": f"statement of {row['fact_id']}",
        "indicator_id": "general_budget_revenue",
        "breakdown": "_T",
        "measure": "level",
        "freq": "P" if "/" in row["time_period"] else "A",
        "period_start": start,
        "period_end": end,
        "subject_type": "area",
        "unit_measure": "%" if row.get("measure") == "growth" else "CNY",
        "value_text": str(row["obs_value"]),
        "decimals": 0,
        "precision_value": 1,
        "comparator": "eq",
        "obs_status": "A",
        "published_on": document.get("published_on"),
        "known_from": NOW,
    }
    full |= target | row
    if full["measure"] == "rank":
        full["unit_measure"] = None
    for name in ("obs_value", "obs_value_high", "precision_value"):
        if full.get(name) is not None:
            full[name] = Decimal(str(full[name]))
    return full


def _statement(row: Row, kind: str) -> Row:
    start = row.pop("_span_start", 2)
    return {
        "statement_id": row["statement_id"],
        "text_id": f"text of {row['document_id']}",
        "span_start": start,
        "span_end": start + len(row["value_text"]),
        "quote": row["value_text"],
        "sentence": row.pop("_sentence", f"为{row['value_text']}。"),
        "sentence_start": row.pop("_sentence_start", start - 1),
        "kind": kind,
        "subject_type": "area",
        "indicator": row.pop("_indicator_stated", None),
        "measure": row["measure"],
        "value": row["obs_value"],
        "unit": row["unit_measure"],
        "comparator": row["comparator"],
        "time_period": row["time_period"],
        "extractor_version": "v",
    }


def period_bounds(time_period: str) -> tuple[date, date]:
    """`2023`, `2023-06`, `2021/2025` and `2023-01/2023-06` to first and last day."""
    first, _, last = time_period.partition("/")
    last = last or first
    start = date(int(first[:4]), int(first[5:7] or 1), 1)
    month = int(last[5:7] or 12)
    return start, date(int(last[:4]), month, calendar.monthrange(int(last[:4]), month)[1])
