"""The numbers of statements by column: each in its canonical unit, with how it was printed.

Most cells of a sheet print a whole number in its canonical unit: those are columns already. The others are converted
one by one, each different one once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gongbao.normalise.combinations import Shared, combinations
from gongbao.normalise.facts import Number, Passage, Unresolved, Wording, converter

_DECIMAL = pa.decimal128(38, 10)
_WHOLE = "^[0-9]{1,18}$"
_NONE = -1
"""Stands for the passage of a number that needs none."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The columns of a `Number`, all null where there is none.

    `text` is what ids are made of: value and upper value, each with a null character behind it. `reason` is the
    position in `reasons` of why there is none: 0, a null, where the wording says why.
    """

    value: pa.Array
    high: pa.Array
    exact: pa.Array
    decimals: pa.Array
    precision: pa.Array
    text: pa.Array
    reason: pa.Array
    reasons: Sequence[Unresolved | None]

    def take(self, rows: pa.Array) -> Numbers:
        """Those of some rows."""
        return Numbers(
            value=self.value.take(rows),
            high=self.high.take(rows),
            exact=self.exact.take(rows),
            decimals=self.decimals.take(rows),
            precision=self.precision.take(rows),
            text=self.text.take(rows),
            reason=self.reason.take(rows),
            reasons=self.reasons,
        )


def numbers_of(statements: pa.RecordBatch, wordings: Shared[Wording | Unresolved]) -> Numbers:
    """The number of each statement, by the passage of its wording; null where the wording is unresolved."""
    quote, value, high = (statements.column(name) for name in ("quote", "value", "value_high"))
    whole = pc.if_else(pc.match_substring_regex(quote, _WHOLE), quote, pa.scalar(None, pa.string())).cast(pa.int64())
    is_one = wordings.array(lambda wording: not isinstance(wording, Unresolved) and wording.passage.factor == 1)
    is_plain = pc.and_(pc.and_(is_one, pc.is_null(high)), pc.equal(whole.cast(_DECIMAL), value)).fill_null(False)
    found, codes, reasons = _one_by_one([quote, value, high], wordings, is_plain)

    def column(plain: pa.Array | pa.Scalar, name: str, kind: pa.DataType) -> pa.Array:
        told = [getattr(number, name) if number is not None else None for number in found]
        return pc.if_else(is_plain, plain, pa.array(told, kind).take(codes))

    texts = [None if each is None else f"{each.value}\0{'' if each.high is None else each.high}\0" for each in found]
    plain_text = pc.binary_join_element_wise(whole.cast(pa.string()), "\0\0", "")
    return Numbers(
        value=column(value, "value", _DECIMAL),
        high=column(high, "high", _DECIMAL),
        exact=column(pa.scalar(True), "exact", pa.bool_()),
        decimals=column(pa.scalar(0, pa.int32()), "decimals", pa.int32()),
        precision=column(pa.scalar(1).cast(_DECIMAL), "precision", _DECIMAL),
        text=pc.if_else(is_plain, plain_text, pa.array(texts, pa.string()).take(codes)),
        reason=reasons.codes,
        reasons=reasons.values,
    )


def _one_by_one(
    printed: Sequence[pa.Array], wordings: Shared[Wording | Unresolved], is_plain: pa.Array
) -> tuple[list[Number | None], pa.Array, Shared[Unresolved | None]]:
    """The different numbers that are not plain, for each row the position of its own, and why some are none."""
    passages: dict[Passage | None, int] = {}
    passage = wordings.array(lambda wording: passages.setdefault(_passage(wording), len(passages)))
    # Of figures that no wording measures no number is asked for: most of a sheet may wait for its indicator.
    is_left = pc.or_(is_plain, wordings.array(lambda wording: isinstance(wording, Unresolved)))
    passage = pc.if_else(is_left, pa.scalar(_NONE, passage.type), passage)
    told = [pc.if_else(is_left, pa.scalar(None, column.type), column) for column in printed]
    first, codes = combinations([*told, passage])
    converters = {code: converter(each) for each, code in passages.items() if each is not None}
    found: list[Number | None] = []
    reasons: list[Unresolved | None] = [None]
    reason: list[int] = []
    for code, *figure in zip(*(column.take(first).to_pylist() for column in (passage, *told)), strict=True):
        number, why = None, None
        if code in converters:
            try:
                number = converters[code](*figure)
            except Unresolved as unresolved:
                why = unresolved.with_traceback(None)  # its frames would hold all of this
        found.append(number)
        reason.append(len(reasons) if why else 0)
        if why:
            reasons.append(why)
    return found, codes, Shared(reasons, pa.array(reason, pa.int32()).take(codes))


def _passage(wording: Wording | Unresolved) -> Passage | None:
    return None if isinstance(wording, Unresolved) else wording.passage
