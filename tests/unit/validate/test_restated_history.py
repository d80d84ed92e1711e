"""History that a revised document restates: what its new text says otherwise, and not what it says more finely."""

from __future__ import annotations

import pytest

from gongbao.validate import validate_core
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill


@pytest.mark.parametrize(
    ("former", "outcome"),
    [
        pytest.param("obs_value = 2145000000, precision_value = 1000000", "passed", id="more digits"),
        pytest.param("obs_value = 2100000000, comparator = 'min'", "passed", id="a bound that holds"),
        pytest.param("obs_value = 2160000000", "reported", id="another value"),
        pytest.param("obs_value = 2200000000, comparator = 'min'", "reported", id="a bound that does not"),
    ],
)
def test_a_revision_restates_what_does_not_agree_with_it(warehouse: Warehouse, former: str, outcome: str) -> None:
    fill(warehouse)
    warehouse.connection.execute(f"""
        insert into raw.document select * replace (repeat('e', 64) as document_id, document_id as superseded_by)
        from raw.document where file_name = 'jianglou.txt';
        insert into core.fact select * replace (
            'former' as fact_id, repeat('e', 64) as document_id, timestamp '2025-04-01' as known_to
        ) from core.fact where fact_id = 'hm-rev-23';
        update core.fact set {former} where fact_id = 'former';
    """)
    results = {result.expectation: result for result in validate_core(warehouse, "run").results}
    assert results["history_stands"].outcome == outcome
