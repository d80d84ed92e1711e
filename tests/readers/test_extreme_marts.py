"""Marts of what is largest, smallest, longest, rarest or absent, published as any release: all six readers agree.

The staged marts are filled by hand: row n holds in each column the n-th extreme of the column's type. So every column
of every mart meets them, and what is expected is what is written here.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from gongbao.publish import publish
from gongbao.publish.contract import Mart, marts
from gongbao.warehouse import Warehouse
from tests.readers.comparing import difference
from tests.readers.readers import Reader, Table

EXTREMES: dict[str, list[Any]] = {
    "VARCHAR": [
        "",
        " 　\t",
        "第一行\n第二行\r\n第三行\r",
        "引号“”‘’「」『』\"'`\\,;|",
        "一般公共预算收入同比增长百分之八点六，" * 1_200,
        "𠮷野家𪚥㐀𰻞麺🀄😀👨‍👩‍👧‍👦🇨🇳é\U0010fffd",
        "\ufeff\u200b\u202e\u00a0",
        "\0甲\0\uffff",
        "null",
        "NaN",
        "007",
        None,
    ],
    "DECIMAL(18,4)": [
        Decimal("99999999999999.9999"),
        Decimal("-99999999999999.9999"),
        Decimal("0.0001"),
        Decimal("-0.0001"),
        Decimal("0.0000"),
        Decimal("9007199254740.9931"),
        None,
    ],
    "DOUBLE": [-0.0, 0.0, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 0.1 + 0.2, math.pi, None],
    "INTEGER": [2**31 - 1, -(2**31), 0, None],
    "BOOLEAN": [True, False, None],
    "DATE": [date(1, 1, 1), date(1949, 10, 1), date(1970, 1, 1), date(2024, 2, 29), date(9999, 12, 31), None],
}
ROWS = 24
EMPTY, WITHOUT_VALUES = {"coverage", "discrepancy"}, {"target_attainment", "document"}


def filled(mart: Mart) -> Table:
    """The rows of a mart without its release id, in its order: the first column of the order is their number."""
    if mart.name in EMPTY:
        return {column.name: [] for column in mart.staged}
    extremes = {type_: [None] if mart.name in WITHOUT_VALUES else values for type_, values in EXTREMES.items()}
    table = {column.name: list(islice(cycle(extremes[column.type]), ROWS)) for column in mart.staged}
    return table | {mart.order[0]: [f"{number:04}" for number in range(ROWS)]}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the filled marts."""
    with Warehouse(tmp_path_factory.mktemp("extremes") / "warehouse") as warehouse:
        warehouse.connection.execute("create schema marts")
        for mart in marts():
            columns = ", ".join(f"{column.name} {column.type}" for column in mart.staged)
            warehouse.connection.execute(f"create table marts.{mart.name} ({columns})")
            rows = list(zip(*filled(mart).values(), strict=True))
            if rows:
                places = ", ".join("?" for _ in mart.staged)
                warehouse.connection.executemany(f"insert into marts.{mart.name} values ({places})", rows)
        return publish(warehouse, ()).path


@pytest.mark.parametrize("mart", marts(), ids=lambda mart: mart.name)
def test_extremes_are_read_as_they_were_staged(release: Path, read: Reader, mart: Mart) -> None:
    rows = filled(mart)
    expected = {"release_id": [release.name] * len(rows[mart.order[0]]), **rows}
    assert difference(mart.name, expected, read(release / f"{mart.name}.parquet")) is None


def test_every_type_of_the_contract_has_its_extremes() -> None:
    met = {column.type for mart in marts() if mart.name not in EMPTY | WITHOUT_VALUES for column in mart.columns}
    assert met == EXTREMES.keys()
