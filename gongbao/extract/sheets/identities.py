"""Identities of a table (births - deaths = natural_increase), checked within what the printed digits allow.

A printed number stands for all numbers that round to it: `7.8` for [7.75, 7.85], a whole count for itself. An identity
holds where the values that its left side may have and those of its right side meet.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

Interval = tuple[Decimal, Decimal]

_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div)


@dataclass(frozen=True, slots=True)
class Expression:
    """An identity as written, its two sides, and the keys that they name."""

    text: str
    left: str
    right: str
    keys: frozenset[str]

    def holds(self, figures: Mapping[str, Interval]) -> bool | None:
        """Whether it holds of the figures; null where one of its keys has none, or a divisor may be nothing."""
        if not self.keys <= figures.keys():
            return None
        left, right = _value(_tree(self.left), figures), _value(_tree(self.right), figures)
        if left is None or right is None:
            return None
        return left[0] <= right[1] and right[0] <= left[1]


def parse_identity(text: str) -> Expression:
    """`births - deaths = natural_increase`: sums, differences, products, quotients of keys and whole numbers.

    Raises `ValueError` with what is wrong.
    """
    left, sign, right = text.partition("=")
    if not sign or "=" in right:
        raise ValueError(f"{text}: one = with an expression on each side is expected")
    keys = _keys(_tree(left), text) | _keys(_tree(right), text)
    return Expression(text, left.strip(), right.strip(), frozenset(keys))


def interval(value: Decimal, decimals: int, exact: bool) -> Interval:
    """The numbers that round to a printed value with so many decimals; itself where whole things are counted."""
    half = Decimal(0) if exact else Decimal(1).scaleb(-decimals) / 2
    return value - half, value + half


@lru_cache(maxsize=1_000)
def _tree(side: str) -> ast.expr:
    try:
        return ast.parse(side.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(f"{side.strip()} is no expression of keys and numbers with + - * / ( )") from None


def _keys(node: ast.expr, text: str) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return set()
    if isinstance(node, ast.BinOp) and isinstance(node.op, _OPERATORS):
        return _keys(node.left, text) | _keys(node.right, text)
    raise ValueError(f"{text}: only keys, whole numbers and + - * / ( ) are expected")


def _value(node: ast.expr, figures: Mapping[str, Interval]) -> Interval | None:
    if isinstance(node, ast.Name):
        return figures[node.id]
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value)), Decimal(str(node.value))
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left, figures), _value(node.right, figures)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Add):
        return left[0] + right[0], left[1] + right[1]
    if isinstance(node.op, ast.Sub):
        return left[0] - right[1], left[1] - right[0]
    if isinstance(node.op, ast.Div):
        if right[0] <= 0 <= right[1]:
            return None
        right = (1 / right[1], 1 / right[0])
    products = [one * other for one in left for other in right]
    return min(products), max(products)
