"""The comparison tells the first difference in full, and takes for different what `==` takes for equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.readers.comparing import difference


@pytest.mark.parametrize(
    ("expected", "found", "told"),
    [
        ([Decimal("5.0001")], [Decimal("5")], "fact.x, row 0: Decimal Decimal('5') where Decimal Decimal('5.0001')"),
        ([Decimal("5.5")], [5.5], "fact.x, row 0: float 5.5 where Decimal Decimal('5.5')"),
        ([0.0, 0.0], [0.0, -0.0], "fact.x, row 1: float -0.0 where float 0.0"),
        ([0.3], [0.1 + 0.2], "fact.x, row 0: float 0.30000000000000004 where float 0.3"),
        ([True], [1], "fact.x, row 0: int 1 where bool True"),
        ([None], [""], "fact.x, row 0: str '' where NoneType None"),
        (["\u00e9"], ["e\u0301"], "fact.x, row 0: str "),
        (["甲" * 300], ["甲" * 299], f"fact.x, row 0: str '{'甲' * 199}… of 299 characters where"),
        ([1, 2], [1], "fact.x: 1 rows where 2 are expected"),
    ],
)
def test_a_difference_is_told_with_mart_column_row_and_both_values(
    expected: list[Any], found: list[Any], told: str
) -> None:
    message = difference("fact", {"x": expected}, {"x": found})
    assert message is not None
    assert message.startswith(told)


def test_columns_in_another_order_are_a_difference() -> None:
    assert difference("fact", {"a": [], "b": []}, {"b": [], "a": []}) is not None


def test_an_exact_number_is_the_same_however_many_zeros_it_ends_in() -> None:
    assert difference("fact", {"x": [Decimal("31.0000"), None]}, {"x": [Decimal(31), None]}) is None
