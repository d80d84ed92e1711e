"""A small clean core: two townships and their county, two years, one text each, every figure with its sentence.

Places are real, figures and sentences are made up for these tests. Ids are written out, so that a defect can name the
row it harms.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gongbao.warehouse import Warehouse, insert

KNOWN_FROM = datetime(2025, 3, 1)
DOCUMENT, WORKBOOK = "a" * 64, "b" * 64
PLACES = [
    ("370000", "province", "山东省", None),
    ("371600", "prefecture", "滨州市", "370000"),
    ("371621", "county", "惠民县", "371600"),
    ("371621101", "township", "石庙镇", "371621"),
    ("371621104", "township", "姜楼镇", "371621"),
]
INDICATORS = [
    # id, canonical unit, kind, additive across towns
    ("general_budget_revenue", "CNY", "flow", True),
    ("tax_revenue", "CNY", "flow", True),
    ("gdp", "CNY", "flow", False),
    ("resident_population", "person", "stock", True),
    ("industrial_units_above", "unit", "stock", True),
    ("forest_coverage", "%", "rate", False),
    ("livelihood_share", "%", "rate", False),
    ("natural_growth_rate", "‰", "rate", False),
    ("grain_area", "mu", "flow", True),
]
UNITS = [
    ("元", "CNY", "money"),
    ("美元", "USD", "money_usd"),
    ("人", "person", "count_person"),
    ("家", "unit", "count"),
    ("%", "%", "ratio"),
    ("百分点", "pp", "ratio_point"),
    ("‰", "‰", "ratio_permille"),
    ("亩", "mu", "farmland_area"),
    ("第N", "rank", "rank"),
]

# id, place, indicator, measure, year, value, unit, precision, quote, sentence around the quote, further slots
FACTS: list[tuple[str, str, str, str, int, str, str | None, str, str, str, dict[str, Any]]] = [
    ("jl-rev-22", "371621104", "general_budget_revenue", "level", 2022, "50000000", "CNY", "10000",
     "5000万元", "上年全镇财政收入为{}。", {}),
    ("jl-rev-23", "371621104", "general_budget_revenue", "level", 2023, "55000000", "CNY", "10000",
     "5500万元", "本年全镇财政收入到了{}。", {}),
    ("jl-rev-growth", "371621104", "general_budget_revenue", "growth", 2023, "10.0", "%", "0.1",
     "10.0%", "比上年多了{}。", {"base": "year"}),
    ("jl-rev-rank", "371621104", "general_budget_revenue", "rank", 2023, "2", None, "1",
     "第2", "在全县镇办里排{}。", {"scope": "全县镇办"}),
    ("jl-tax-23", "371621104", "tax_revenue", "level", 2023, "40000000", "CNY", "10000",
     "4000万元", "其中税收有{}。", {}),
    ("jl-pop-23", "371621104", "resident_population", "level", 2023, "48000", "person", "1000",
     "4.8万人", "年末住着{}。", {}),
    ("jl-firms-23", "371621104", "industrial_units_above", "level", 2023, "21", "unit", "1",
     "21家", "规上工业企业有{}。", {}),
    ("jl-firms-change", "371621104", "industrial_units_above", "change", 2023, "3", "unit", "1",
     "3家", "一年里多了{}。", {"base": "year"}),
    ("jl-forest-23", "371621104", "forest_coverage", "level", 2023, "32.1", "%", "0.1",
     "32.1%", "林木盖住了{}的地。", {}),
    ("jl-live-23", "371621104", "livelihood_share", "share", 2023, "81.5", "%", "0.1",
     "81.5%", "花在民生上的占{}。", {}),
    ("jl-done-23", "371621104", "tax_revenue", "completion", 2023, "103.2", "%", "0.1",
     "103.2%", "税收任务完成了{}。", {}),
    ("jl-range-23", "371621104", "grain_area", "level", 2023, "60000", "mu", "10000",
     "6万—7万亩", "种粮大约{}。", {"comparator": "range", "obs_value_high": Decimal(70000)}),
    ("sm-rev-23", "371621101", "general_budget_revenue", "level", 2023, "61000000", "CNY", "10000",
     "6100万元", "石庙镇财政收入是{}。", {}),
    ("hm-rev-23", "371621", "general_budget_revenue", "level", 2023, "2150000000", "CNY", "10000000",
     "21.5亿元", "全县财政收入合计{}。", {}),
    ("hm-gdp-23", "371621", "gdp", "level", 2023, "24500000000", "CNY", "100000000",
     "245亿元", "全县生产总值约合{}。", {"comparator": "approx"}),
    ("hm-natural-23", "371621", "natural_growth_rate", "level", 2023, "-3.2", "‰", "0.1",
     "-3.2‰", "人口自然变动为{}。", {}),
]  # fmt: skip
TARGETS: list[tuple[str, str, str, str, int, str, str | None, str, str, str, dict[str, Any]]] = [
    ("jl-rev-target", "371621104", "general_budget_revenue", "level", 2024, "58000000", "CNY", "10000",
     "5800万元以上", "明年争取收到{}。", {"comparator": "min", "modality": "strive", "modality_zh": "争取"}),
    ("jl-firms-target", "371621104", "industrial_units_above", "level", 2024, "24", "unit", "1",
     "24家", "规上企业要有{}。", {"modality": "plan", "modality_zh": "要"}),
]  # fmt: skip
CELL_FACT = ("jl-sheet-23", "371621104", "tax_revenue", "level", 2022, "36000000", "CNY", "10000", "3600")


def fill(warehouse: Warehouse) -> None:
    """Empty the warehouse's raw and core tables and fill them with the small core."""
    connection = warehouse.connection
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('raw', 'core')"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"delete from {table}")
    insert(connection, "core.place", [
        {"ref_area": code, "area_level": level, "name_zh": name, "parent": parent}
        for code, level, name, parent in PLACES
    ])  # fmt: skip
    insert(connection, "core.indicator", [
        {"indicator_id": name, "name_zh": name, "name_en": name, "theme": "economy", "unit_measure": unit,
         "kind": kind, "direction": "higher is better", "additive_across_towns": additive,
         "definition_zh": name, "definition_en": name}
        for name, unit, kind, additive in INDICATORS
    ])  # fmt: skip
    insert(connection, "core.unit", [
        {"spelling": spelling, "unit_measure": unit, "dimension": dimension, "multiplier": Decimal(1)}
        for spelling, unit, dimension in UNITS
    ])  # fmt: skip
    text = ""
    statements = []
    for name, *_, quote, sentence, _slots in [*FACTS, *TARGETS]:
        start = len(text) + sentence.index("{}")
        anchor = {"span_start": start, "span_end": start + len(quote), "sentence_start": len(text)}
        statements.append(_statement(name, quote, sentence=sentence.format(quote), **anchor))
        text += sentence.format(quote)
    insert(connection, "raw.text", [{"text_id": "text-1", "content": text}])
    insert(connection, "raw.cell", [
        {"text_id": "grid-1", "sheet_no": 1, "sheet": "收入", "row_no": 3, "column_no": 2, "cell": "B3",
         "content": "3600", "is_number": True, "row_span": 1, "column_span": 1},
    ])  # fmt: skip
    statements.append({**_statement(CELL_FACT[0], CELL_FACT[8], sheet="收入", cell="B3"), "text_id": "grid-1"})
    insert(connection, "core.statement", statements)
    insert(
        connection,
        "raw.document",
        [_document(DOCUMENT, "text-1", "jianglou.txt"), _document(WORKBOOK, "grid-1", "revenue.xlsx")],
    )
    insert(connection, "core.fact", [_figure(row, DOCUMENT) for row in FACTS])
    insert(connection, "core.fact", [_figure((*CELL_FACT, "", {}), WORKBOOK)])
    insert(
        connection,
        "core.target",
        [{"modality": "none", "nature": "unstated", **_figure(row, DOCUMENT)} for row in TARGETS],
    )


def _document(document_id: str, text_id: str, file_name: str) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "text_id": text_id,
        "source_name": "samples",
        "file_name": file_name,
        "published_on": date(2024, 1, 20),
        "ingest_status": "accepted",
        "first_seen_at": KNOWN_FROM,
    }


def _statement(name: str, quote: str, **anchor: Any) -> dict[str, Any]:
    return {
        "statement_id": f"s-{name}",
        "text_id": "text-1",
        "quote": quote,
        "kind": "fact",
        "subject_type": "area",
        "measure": "level",
        "value": Decimal(0),
        "comparator": "eq",
        "extractor_version": "1",
        **anchor,
    }


def _figure(row: tuple[Any, ...], document_id: str) -> dict[str, Any]:
    name, ref_area, indicator_id, measure, year, value, unit, precision, quote, _sentence, slots = row
    return {
        "fact_id": name,
        "statement_id": f"s-{name}",
        "document_id": document_id,
        "ref_area": ref_area,
        "indicator_id": indicator_id,
        "breakdown": "_T",
        "measure": measure,
        "freq": "A",
        "time_period": str(year),
        "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31),
        "subject_type": "area",
        "obs_value": Decimal(value),
        "unit_measure": unit,
        "value_text": quote,
        "decimals": len(value.partition(".")[2]),
        "precision_value": Decimal(precision),
        "comparator": "eq",
        "obs_status": "A",
        "published_on": date(2024, 1, 20),
        "known_from": KNOWN_FROM,
        **slots,
    }
