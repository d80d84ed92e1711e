"""Which phrases may fold to something that has given signs: told by DuckDB, so that the others are not even fetched.

Folding a phrase (`gongbao.normalise.vocabulary.fold`) takes signs away, and brings some where it has a spelling; other
signs come only from compatibility characters (㎡), which few phrases have.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from gongbao import reference

_COMPATIBLE = r"[^\x{01}-\x{7F}\x{4E00}-\x{9FFF}\x{2018}-\x{201D}\x{3000}-\x{3020}\x{FF01}-\x{FF5E}]"
"""A sign that may fold to a sign that is no ASCII character. Those left out stay themselves, or fold to ASCII."""


def may_have(column: str, alternatives: Iterable[Iterable[str]]) -> str:
    """The SQL condition that phrases in a column may fold to something with all signs of one of the alternatives."""
    different = sorted({"".join(sorted(_telling(signs))) for signs in alternatives})
    if "" in different:
        return "true"
    each = (" and ".join(_sign(column, sign) for sign in signs) for signs in different)
    return " or ".join([f"regexp_matches({column}, '{_COMPATIBLE}')", *(f"({condition})" for condition in each)])


def _sign(column: str, sign: str) -> str:
    """The phrase has the sign, or what is needed of a spelling that brings it."""
    spelt = (" and ".join(f"contains({column}, '{each}')" for each in needed) for needed in _bringing().get(sign, ()))
    return "(" + " or ".join([f"contains({column}, '{sign}')", *(f"({each or 'true'})" for each in spelt)]) + ")"


def _telling(signs: Iterable[str]) -> set[str]:
    """ASCII characters have other forms; and none of the others is a quotation mark of SQL."""
    return {sign for sign in signs if not sign.isascii()}


@cache
def _bringing() -> dict[str, tuple[str, ...]]:
    """A sign → of each spelling that brings it, the signs that no spelling brings."""
    rows = reference.rows("indicator_spellings.csv")
    brought = {sign for row in rows for sign in row["folded"]}
    found: dict[str, set[str]] = {}
    for row in rows:
        for sign in row["folded"]:
            found.setdefault(sign, set()).add("".join(sorted(_telling(row["spelling"]) - brought)))
    return {sign: tuple(sorted(needed)) for sign, needed in found.items()}
