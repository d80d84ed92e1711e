"""What many rows share is worked out once: the distinct combinations of some columns' values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from gongbao.warehouse import Coded

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shared(Generic[T]):
    """One value for each row, kept once: row i has `values[codes[i]]`; `codes` is an Arrow array of integers."""

    values: Sequence[T]
    codes: pa.Array

    def take(self, rows: pa.Array) -> Shared[T]:
        """The same for these rows alone, by their numbers, with the values that they have."""
        found = self.codes.take(rows).dictionary_encode()
        return Shared([self.values[code] for code in found.dictionary.to_pylist()], found.indices)

    def column(self, tells: Callable[[T], Any]) -> Coded:
        """A column of what the values tell."""
        return Coded(list(map(tells, self.values)), self.codes)

    def array(self, tells: Callable[[T], Any]) -> pa.Array:
        """The same as an Arrow array, row by row."""
        return pa.array(list(map(tells, self.values))).take(self.codes)

    def rows(self, tells: Callable[[T], Any]) -> list[Any]:
        """The same as a list, row by row."""
        told = list(map(tells, self.values))
        return [told[code] for code in self.codes.to_pylist()]


def combinations(columns: Sequence[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """The distinct combinations of the columns' values; null is a value like others.

    Returns the row in which each stands first, in the order of these rows, and for each row the number of its
    combination in that order.
    """
    codes = columns[0].dictionary_encode(null_encoding="encode").indices
    for column in columns[1:]:
        encoded = column.dictionary_encode(null_encoding="encode")
        if len(encoded.dictionary) > 1:  # a pair is below rows * rows, which 64 bits hold
            pairs = pc.add(pc.multiply(codes.cast(pa.int64()), len(encoded.dictionary)), encoded.indices)
            codes = pairs.dictionary_encode().indices
    # The codes are numbered as they come: a combination stands first where the highest number so far rises.
    highest = pc.cumulative_max(codes)
    before = pa.concat_arrays([pa.array([-1], codes.type), highest[:-1]])
    return pc.indices_nonzero(pc.greater(highest, before)), codes
