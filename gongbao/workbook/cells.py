"""How a value of the marts stands in a cell: exact, as what it is, and never as a formula."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
CUT = "…（过长，全文见 Parquet）"
DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number."""
BOUNDS = {"不低于": "以上", "不高于": "以内", "左右": "左右"}
"""What a number format says after a number, by the label of its comparator."""
CHANGES = ("增速", "增减量")
"""The measures, by their labels, of which a plus sign tells something."""
LIGHTS = {"green": "●", "yellow": "▲", "red": "■", "grey": "○"}
"""The mark of each light, told apart without colours."""
FIRST_DATE = datetime.date(1900, 3, 1)
"""Before it, spreadsheets count days that never were; earlier dates are text."""
DATE, SIGNED = "yyyy-mm-dd", "+0.00;-0.00;0.00"
_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")


def text(value: str) -> str:
    """The text as a cell can hold it: what XML knows no sign for is U+FFFD; what is too long says that it was cut."""
    known = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    if known.startswith("<r>") and known.endswith("</r>"):
        known += " "  # or XlsxWriter takes it for markup of its own, and writes it as it is
    # Its length is counted in UTF-16, in which signs beyond the first 65,536 are two.
    if len(known) <= LONGEST // 2 or len(known.encode("utf-16-le")) // 2 <= LONGEST:
        return known
    return known.encode("utf-16-le")[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def is_exact(value: Decimal) -> bool:
    """Whether a spreadsheet's number holds all of its digits."""
    digits = value.normalize().as_tuple().digits
    return len(digits) <= DIGITS


def decimal_format(value: Decimal, bound: str | None = None, *, is_change: bool = False) -> str:
    """The number format that shows all decimals of a value and no more, a change with its sign, a bound after it."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    shown = "#,##0" + ("." + "0" * decimals if decimals else "") + (f'"{bound}"' if bound else "")
    return f"+{shown};-{shown};{shown}" if is_change else shown


def plain(value: Decimal) -> str:
    """All digits, without exponent or trailing zeros."""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def number_format(value: float, unit: str | None) -> str:
    """The format of a whole or computed number."""
    if isinstance(value, int):
        return "0"
    return "0.0%" if unit == "ratio" else "#,##0.00"
