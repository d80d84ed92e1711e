"""The marts of the sample night, read by all six readers: every mart, every column, every row.

What is expected are the rows that the night staged in the warehouse's database: they have never been in a Parquet file.
"""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest

from gongbao.publish.contract import Mart, marts
from gongbao.warehouse import Warehouse
from tests.conftest import Night
from tests.readers.comparing import difference
from tests.readers.readers import Reader, Table


@pytest.fixture(scope="module")
def staged(sample_night: Night) -> dict[str, Table]:
    """Every mart as it was staged, in its order, with the id of the release."""
    with Warehouse.reading(sample_night.warehouse) as warehouse:
        return {mart.name: _staged(warehouse, mart, sample_night.marts.name) for mart in marts()}


def _staged(warehouse: Warehouse, mart: Mart, release_id: str) -> Table:
    names = [column.name for column in mart.staged]
    query = f"select {', '.join(names)} from marts.{mart.name} order by {', '.join(mart.order)}"
    rows = warehouse.connection.execute(query).fetchall()
    columns = zip(*rows, strict=True)
    return {
        "release_id": [release_id] * len(rows),
        **{name: list(column) for name, column in zip(names, columns, strict=True)},
    }


def test_the_files_of_a_release_are_its_marts(sample_marts: Path, staged: dict[str, Table]) -> None:
    assert {path.stem for path in sample_marts.glob("*.parquet")} == staged.keys()
    assert all(staged[mart]["release_id"] for mart in staged)


@pytest.mark.parametrize("mart", [mart.name for mart in marts()])
def test_a_mart_is_read_as_it_was_staged(sample_marts: Path, staged: dict[str, Table], read: Reader, mart: str) -> None:
    assert difference(mart, staged[mart], read(sample_marts / f"{mart}.parquet")) is None


@pytest.mark.parametrize("mart", [mart.name for mart in marts()])
def test_pandas_by_default_reads_other_types_and_the_same_values(
    sample_marts: Path, staged: dict[str, Table], mart: str
) -> None:
    frame = pandas.read_parquet(sample_marts / f"{mart}.parquet")
    found = {name: [None if pandas.isna(value) else value for value in frame[name]] for name in frame.columns}
    assert found == staged[mart]
