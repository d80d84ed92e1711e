"""Units: from a spelling of the guide to the indicator's canonical unit, exactly or marked as rounded.

units.csv gives a spelling's canonical unit, dimension and multiplier (a decimal or a fraction); unit_conversions.csv
the few passages between canonical units. All classifiers (dimension `count`) count one for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache

from gongbao import reference

PLACES = Decimal("1e-10")
"""What the warehouse's DECIMAL(38, 10) resolves."""
_CONTEXT = Context(prec=80)
_COUNT = "count"
_BED = "bed"
"""张 counts beds, never the institutions that have them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A spelling's meaning: `value * multiplier` is the value in `code`."""

    code: str
    dimension: str
    multiplier: Fraction


@dataclass(frozen=True, slots=True)
class Conversion:
    """From a spelling to a canonical unit; `breakdown` where the spelling counts something else (户 for 小区)."""

    unit: str
    factor: Fraction
    breakdown: str | None = None


@cache
def units() -> dict[str, Unit]:
    """Spelling → unit."""
    return {
        row["spelling"]: Unit(row["canonical_unit"], row["dimension"], Fraction(row["multiplier_to_canonical"]))
        for row in reference.rows("units.csv")
    }


@cache
def dimensions() -> dict[str, str]:
    """Canonical unit → dimension."""
    return {row["canonical_unit"]: row["dimension"] for row in reference.rows("units.csv")}


@cache
def conversion(spelling: str, canonical: str, indicator_id: str) -> Conversion | None:
    """How a figure of the indicator written in `spelling` becomes `canonical`; null where the dimensions differ."""
    unit = units().get(spelling)
    if unit is None:
        return None
    if unit.code == canonical:
        return Conversion(canonical, unit.multiplier)
    for row in _passages().get((unit.code, canonical), ()):
        if not row["indicator_ids"] or indicator_id in row["indicator_ids"].split("|"):
            return Conversion(canonical, unit.multiplier * Fraction(row["factor"]), row["breakdown"] or None)
    if unit.dimension == _COUNT and dimensions().get(canonical) == _COUNT and unit.code != _BED:
        return Conversion(canonical, unit.multiplier)
    return None


def convert(value: Decimal, factor: Fraction) -> tuple[Decimal, bool]:
    """`value * factor`, and whether that is exact within ten decimals (otherwise rounded half to even)."""
    return multiplier(factor)(value)


def multiplier(factor: Fraction) -> Callable[[Decimal], tuple[Decimal, bool]]:
    """The same for many values and one factor."""
    numerator, denominator = Decimal(factor.numerator), Decimal(factor.denominator)
    is_whole, is_one = denominator == 1, factor == 1

    def convert(value: Decimal) -> tuple[Decimal, bool]:
        if is_one and (whole := value.to_integral_value()) == value:  # nearly all of a sheet
            return whole, True
        product = _CONTEXT.multiply(value, numerator)
        if is_whole:
            rounded = _CONTEXT.quantize(product, PLACES)
            return _plain(rounded), rounded == product
        quotient = _CONTEXT.divide(product, denominator)
        rounded = _CONTEXT.quantize(quotient, PLACES)
        exact = rounded == quotient and _CONTEXT.multiply(quotient, denominator) == product
        return _plain(rounded), exact

    return convert


def is_representable(value: Decimal) -> bool:
    """Whether the warehouse's decimals hold all of a finite value below 10 ** 28."""
    return _CONTEXT.quantize(value, PLACES) == value


def _plain(rounded: Decimal) -> Decimal:
    """A number of ten decimals without their trailing zeros: 3.5000000000 → 3.5, 30.0000000000 → 30."""
    whole = rounded.to_integral_value()
    return whole if whole == rounded else rounded.normalize(_CONTEXT)


@cache
def _passages() -> dict[tuple[str, str], tuple[dict[str, str], ...]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in reference.rows("unit_conversions.csv"):
        found.setdefault((row["from_unit"], row["to_unit"]), []).append(row)
    # A passage for named indicators goes before the one for all.
    return {
        key: tuple(sorted(rows, key=lambda row: (not row["indicator_ids"], row["indicator_ids"])))
        for key, rows in found.items()
    }
