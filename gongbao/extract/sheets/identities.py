"""Identities of a table (births - deaths = natural_increase), checked within what the printed digits allow.

A printed number stands for all numbers that round to it: `7.8` for [7.75, 7.85], a whole count for itself. An identity
holds where the values that its left side may have and those of its right side meet.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
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
        left, right = _program(self.left)(figures), _program(self.right)(figures)
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


def interval(value: Decimal, decimals: int) -> Interval:
    """The numbers that round to a printed value with so many decimals."""
    half = Decimal(1).scaleb(-decimals) / 2
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


Program = Callable[[Mapping[str, Interval]], Interval | None]
"""From the figures to the values that a side may have; null where it divides by what may be nothing."""


@lru_cache(maxsize=1_000)
def _program(side: str) -> Program:
    return _compiled(_tree(side))


def _compiled(node: ast.expr) -> Program:
    if isinstance(node, ast.Name):
        return itemgetter(node.id)
    if isinstance(node, ast.Constant):
        value = Decimal(str(node.value))
        return lambda figures: (value, value)
    assert isinstance(node, ast.BinOp)
    if isinstance(node.op, (ast.Add, ast.Sub)):
        return _sum([(isinstance(sign, ast.Sub), _compiled(term)) for sign, term in _terms(node)])
    return _product(_compiled(node.left), _compiled(node.right), divides=isinstance(node.op, ast.Div))


def _terms(node: ast.expr) -> list[tuple[ast.operator, ast.expr]]:
    """The terms of a sum with their signs: a table of ages has fifty, which are no tree to climb down."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return [*_terms(node.left), (node.op, node.right)]
    return [(ast.Add(), node)]


def _sum(terms: Sequence[tuple[bool, Program]]) -> Program:
    def program(figures: Mapping[str, Interval]) -> Interval | None:
        low = high = Decimal(0)
        for is_taken_off, term in terms:
            found = term(figures)
            if found is None:
                return None
            low, high = (low - found[1], high - found[0]) if is_taken_off else (low + found[0], high + found[1])
        return low, high

    return program


def _product(left: Program, right: Program, divides: bool) -> Program:
    def program(figures: Mapping[str, Interval]) -> Interval | None:
        one, other = left(figures), right(figures)
        if one is None or other is None:
            return None
        if divides:
            if other[0] <= 0 <= other[1]:
                return None
            other = (1 / other[1], 1 / other[0])
        products = [a * b for a in one for b in other]
        return min(products), max(products)

    return program
