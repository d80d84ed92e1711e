"""Which versions of the extractor the mart `extraction_quality` lists, and with what figures.

Every version has a row for each family and slot, so these are told in a row; the rows are in extraction_quality.yaml.
"""

from __future__ import annotations

from datetime import date

from gongbao.publish import stage_marts
from gongbao.warehouse import Warehouse, insert
from tests.sql.given import insert_given

Told = tuple[str, bool, int]
"""A version, whether it is in use, its rows with precision."""


def versions(warehouse: Warehouse, in_use: list[str], measured: list[str]) -> list[Told]:
    documents = {f"d{number}": version for number, version in enumerate(in_use)}
    given = {
        "raw.document": [{"document_id": name} for name in documents],
        "core.extraction": [
            {"text_id": f"text of {name}", "extractor_version": version, "statements": 1, "rejections": 0}
            for name, version in documents.items()
        ],
    }
    insert_given(warehouse.connection, given)
    names = {"normaliser_version": "v", "theme": "fiscal", "slot": "value", "measured_on": date(2026, 11, 26)}
    counts = {"n_documents": 1, "n_gold": 1, "n_found": 1, "n_right": 1}
    rows = [{"extractor_version": version} | names | counts for version in measured]
    insert(warehouse.connection, "core.extraction_quality", rows)
    stage_marts(warehouse)
    query = (
        "select extractor_version, is_in_use, count(precision) from marts.extraction_quality group by all order by all"
    )
    return warehouse.connection.execute(query).fetchall()


def test_the_version_in_use_has_no_figures_where_an_earlier_one_was_measured(warehouse: Warehouse) -> None:
    assert versions(warehouse, ["new"], ["old"]) == [("new", True, 0), ("old", False, 1)]


def test_a_version_that_many_texts_were_read_by_stands_once(warehouse: Warehouse) -> None:
    assert versions(warehouse, ["new", "new"], ["new"]) == [("new", True, 1)]


def test_without_texts_the_measured_versions_stand(warehouse: Warehouse) -> None:
    assert versions(warehouse, [], ["old", "older"]) == [("old", False, 1), ("older", False, 1)]
