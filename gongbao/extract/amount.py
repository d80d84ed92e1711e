"""A number in a folded text: where it stands, what it is worth, in which unit."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import NamedTuple


class Amount(NamedTuple):
    """A numeral as found. `[start, end)` spans numeral and unit; `number_end` ends the bare numeral.

    `value` is null where the digits are no number. `unit` and `unit_kind` are null for a bare number. `vague` is the
    余, 多 or 几 inside it; `ratio` holds the parts of `22:28:50`; `chinese` tells the script of the numeral,
    `spelled` the unit as written.
    """

    start: int
    end: int
    number_end: int
    value: Decimal | None
    value_high: Decimal | None = None
    unit: str | None = None
    unit_kind: str | None = None
    magnitude: str = ""
    vague: str = ""
    chinese: bool = False
    ratio: tuple[tuple[int, int, Decimal], ...] = ()
    bare_magnitude: bool = False
    spelled: str = ""


_WIDE = Context(prec=80)
"""Wide enough for the longest numeral with the largest magnitude."""


def whole(value: Decimal) -> Decimal:
    """`1166.3亿` is 116630000000, without the places that the magnitude filled."""
    return value.quantize(Decimal(1), context=_WIDE) if value == value.to_integral_value() else value.normalize()
