"""A number in a folded text: where it stands, what it is worth, in which unit."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final


class Amount:
    """A numeral as found. `[start, end)` spans numeral and unit; `number_end` ends the bare numeral.

    `value` is null where the digits are no number. `unit` and `unit_kind` are null for a bare number. `vague` is the
    余, 多 or 几 inside it; `ratio` holds the parts of `22:28:50`; `chinese` tells the script of the numeral,
    `spelled` the unit as written.
    """

    def __init__(
        self,
        start: int,
        end: int,
        number_end: int,
        value: Decimal | None,
        value_high: Decimal | None = None,
        unit: str | None = None,
        unit_kind: str | None = None,
        magnitude: str = "",
        vague: str = "",
        chinese: bool = False,
        ratio: tuple[tuple[int, int, Decimal], ...] = (),
        bare_magnitude: bool = False,
        spelled: str = "",
    ) -> None:
        self.start: Final = start
        self.end: Final = end
        self.number_end: Final = number_end
        self.value: Final = value
        self.value_high: Final = value_high
        self.unit: Final = unit
        self.unit_kind: Final = unit_kind
        self.magnitude: Final = magnitude
        self.vague: Final = vague
        self.chinese: Final = chinese
        self.ratio: Final = ratio
        self.bare_magnitude: Final = bare_magnitude
        self.spelled: Final = spelled

    def changed(
        self,
        *,
        start: int | None = None,
        end: int | None = None,
        number_end: int | None = None,
        value: Decimal | None = None,
        unit: str | None = None,
        unit_kind: str | None = None,
        magnitude: str | None = None,
        bare_magnitude: bool | None = None,
        spelled: str | None = None,
    ) -> Amount:
        """The same with what is given; nothing can be taken away."""
        return Amount(
            self.start if start is None else start,
            self.end if end is None else end,
            self.number_end if number_end is None else number_end,
            self.value if value is None else value,
            self.value_high,
            self.unit if unit is None else unit,
            self.unit_kind if unit_kind is None else unit_kind,
            self.magnitude if magnitude is None else magnitude,
            self.vague,
            self.chinese,
            self.ratio,
            self.bare_magnitude if bare_magnitude is None else bare_magnitude,
            self.spelled if spelled is None else spelled,
        )


_WIDE: Final = Context(prec=80)
"""Wide enough for the longest numeral with the largest magnitude."""


def whole(value: Decimal) -> Decimal:
    """`1166.3亿` is 116630000000, without the places that the magnitude filled."""
    return value.quantize(Decimal(1), context=_WIDE) if value == value.to_integral_value() else value.normalize()
