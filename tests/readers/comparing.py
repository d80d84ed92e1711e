"""Two readings of a mart compared: the same columns in the same order, and every value the same in type and content."""

from __future__ import annotations

from typing import Any

from tests.readers.readers import Table


def difference(mart: str, expected: Table, found: Table) -> str | None:
    """The first difference, as mart, column, row (from 0) and both values; null where there is none.

    Exact: Decimals by their value, floats by their bits (-0.0 is not 0.0), and True is not 1.
    """
    if list(expected) != list(found):
        return f"{mart}: columns {list(found)} where {list(expected)} are expected"
    for column, should in expected.items():
        is_ = found[column]
        if len(is_) != len(should):
            return f"{mart}.{column}: {len(is_)} rows where {len(should)} are expected"
        if is_ == should and _identities(is_) == _identities(should):
            continue
        for row, (one, other) in enumerate(zip(is_, should, strict=True)):
            if one != other or _identity(one) != _identity(other):
                return f"{mart}.{column}, row {row}: {_shown(one)} where {_shown(other)} is expected"
    return None


def _identities(values: list[Any]) -> list[object]:
    return [_identity(value) for value in values]


def _identity(value: Any) -> object:
    """What `==` does not tell: the type of a value, and of a float every bit."""
    return value.hex() if type(value) is float else type(value)


def _shown(value: Any) -> str:
    told = repr(value)
    return f"{type(value).__name__} {told if len(told) <= 200 else f'{told[:200]}… of {len(value)} characters'}"
