"""An extraction as rows of core.statement, core.rejection and core.extraction."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gongbao.extract.statement import Extraction, Rejection, SheetBlock, Statement
from gongbao.normalise.facts import LIMIT, content_id
from gongbao.normalise.units import convert
from gongbao.normalise.work import Task

OUT_OF_RANGE = "out_of_range"
Rows = dict[str, list[dict[str, Any]]]


def extraction_rows(task: Task, extraction: Extraction, version: str) -> Rows:
    """Rows by relation. A value that DECIMAL(38, 10) cannot hold is a rejection, `out_of_range`."""
    statements: list[dict[str, Any]] = []
    rejections = [_rejection_row(task, rejection, version) for rejection in extraction.rejections]
    seen: dict[str, int] = {}
    for statement in extraction.statements:
        if not _fits(statement):
            rejections.append(_rejection_row(task, _out_of_range(statement), version))
            continue
        anchor = f"{statement.sheet}!{statement.cell}" if statement.start is None else str(statement.start)
        seen[anchor] = seen.get(anchor, 0) + 1
        if seen[anchor] > 1:
            anchor += f"#{seen[anchor]}"
        statements.append(_statement_row(task, statement, anchor, version))
    summary = {
        "text_id": task.text_id,
        "file_name": task.file_name if task.content is None else None,
        "extractor_version": version,
        "statements": len(statements),
        "rejections": len(rejections),
    }
    return {
        "core.statement": statements,
        "core.rejection": rejections,
        "core.sheet_block": [_block_row(task, number, each) for number, each in enumerate(extraction.blocks, start=1)],
        "core.extraction": [summary],
    }


def _fits(statement: Statement) -> bool:
    return all(_representable(value) for value in (statement.value, statement.value_high) if value is not None)


def _representable(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < LIMIT and convert(value, Fraction(1))[1]


def _out_of_range(statement: Statement) -> Rejection:
    return Rejection(
        statement.text, OUT_OF_RANGE, statement.start, statement.end, sheet=statement.sheet, cell=statement.cell
    )


def _statement_row(task: Task, statement: Statement, anchor: str, version: str) -> dict[str, Any]:
    first, last = statement.sentence_start, statement.sentence_end
    sentence = task.content[first:last] if task.content is not None and first is not None else None
    return {
        "statement_id": content_id(task.text_id, anchor),
        "text_id": task.text_id,
        "span_start": statement.start,
        "span_end": statement.end,
        "sheet": statement.sheet,
        "cell": statement.cell,
        "header_path": " / ".join(statement.header_path) or None,
        "quote": statement.text,
        "sentence": sentence,
        "sentence_start": first,
        "kind": statement.kind,
        "subject_type": statement.subject_type,
        "subject": statement.subject,
        "indicator": statement.indicator,
        "measure": statement.measure,
        "value": statement.value,
        "value_high": statement.value_high,
        "unit": statement.unit,
        "comparator": statement.comparator,
        "time_period": statement.period,
        "scope": statement.scope,
        "modality_zh": statement.modality,
        "aspect": statement.aspect,
        "base": statement.base,
        "price_base": statement.price_base,
        "indicator_id": statement.indicator_id,
        "breakdown": statement.breakdown,
        "ref_area": statement.ref_area,
        "parent_area": statement.parent_area,
        "obs_status": statement.obs_status,
        "caveat_codes": ";".join(statement.caveats) or None,
        "template": statement.template,
        "extractor_version": version,
    }


def _rejection_row(task: Task, rejection: Rejection, version: str) -> dict[str, Any]:
    return {
        "text_id": task.text_id,
        "span_start": rejection.start,
        "span_end": rejection.end,
        "sheet": rejection.sheet,
        "cell": rejection.cell,
        "quote": rejection.text,
        "reason": rejection.reason,
        "extractor_version": version,
    }


def _block_row(task: Task, number: int, block: SheetBlock) -> dict[str, Any]:
    return {
        "text_id": task.text_id,
        "block_no": number,
        "sheet": block.sheet,
        "cells": block.cells,
        "title": block.title,
        "status": block.status,
        "template": block.template,
        "fingerprint": block.fingerprint,
        "numbers": block.numbers,
        "figures": block.figures,
        "detail": block.detail,
        "identities": json.dumps([asdict(each) for each in block.identities], ensure_ascii=False),
        "draft": block.draft,
    }
