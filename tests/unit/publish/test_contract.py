"""Every column is described in two languages, and a mart that is not as described is never published."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gongbao.publish import contract, stage_marts
from gongbao.publish.contract import ContractBroken
from gongbao.warehouse import Warehouse

PROMISED = {
    "fact": "fact_id ref_area indicator_id measure time_period obs_value unit_measure comparator subject_type quote "
    "document_id span_start sheet cell",
    "target": "fact_id ref_area indicator_id measure time_period obs_value unit_measure comparator subject_type quote "
    "document_id span_start sheet cell",
    "document": "document_id source_name ref_area ingest_status",
    "place": "ref_area name_zh",
}  # fmt: skip


@pytest.fixture
def staged(warehouse: Warehouse) -> Warehouse:
    stage_marts(warehouse)
    return warehouse


@pytest.mark.parametrize("mart", contract.marts(), ids=lambda mart: mart.name)
def test_every_column_has_labels_and_descriptions_in_chinese_and_english(mart: contract.Mart) -> None:
    for column in mart.columns:
        for text in (column.label_zh, column.description_zh):
            assert any("一" <= character <= "鿿" for character in text), (column.name, text)
        for text in (column.label_en, column.description_en):
            assert text.strip(), column.name
    assert mart.columns[0].name == "release_id"


@pytest.mark.parametrize(("mart", "columns"), PROMISED.items())
def test_the_columns_that_programs_outside_count_on_are_there(mart: str, columns: str) -> None:
    described = next(each for each in contract.marts() if each.name == mart)
    assert set(columns.split()) <= {column.name for column in described.columns}


def test_the_staged_marts_are_as_described(staged: Warehouse) -> None:
    contract.check(staged.connection)


def test_the_order_of_the_rows_ends_in_their_key() -> None:
    assert [mart.name for mart in contract.marts() if not set(mart.key) & set(mart.order)] == []


@pytest.mark.parametrize(
    ("defect", "named"),
    [
        ("alter table marts.fact add column extra varchar", "columns.yaml describes"),
        ("alter table marts.fact rename column quote to cited", "cited VARCHAR"),
        ("alter table marts.document alter text_length type bigint", "text_length BIGINT"),
        ("create table marts.extra as select 1 as x", "extra"),
        ("drop table marts.place", "place"),
    ],
)
def test_a_defect_of_a_staged_mart_is_named(staged: Warehouse, defect: str, named: str) -> None:
    staged.connection.execute(defect)
    with pytest.raises(ContractBroken, match=named):
        contract.check(staged.connection)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda document: document["columns"]["quote"].pop("label_zh"), "quote has no label_zh"),
        (lambda document: document["columns"]["quote"].update(type="BIGINT"), "quote is of type BIGINT"),
        (lambda document: document["columns"].pop("quote"), "quote"),
        (lambda document: document["marts"]["fact"]["order"].append("nowhere"), "nowhere"),
        (lambda document: document["marts"]["fact"]["columns"].reverse(), "fact does not begin with release_id"),
    ],
)
def test_an_incomplete_description_is_refused(tmp_path: Path, change: object, named: str) -> None:
    document = yaml.safe_load(contract.DESCRIPTION.read_text("utf-8"))
    change(document)  # type: ignore[operator]
    path = tmp_path / "columns.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    with pytest.raises(ContractBroken, match=named):
        contract.marts(path)


def test_meta_column_describes_every_column_of_every_mart(staged: Warehouse) -> None:
    described = staged.connection.execute("select mart, column_name, column_type from marts.meta_column").fetchall()
    found = staged.connection.execute(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'marts'"
    ).fetchall()
    release_ids = [(mart.name, "release_id", "VARCHAR") for mart in contract.marts()]
    assert sorted(described) == sorted(found + release_ids)
