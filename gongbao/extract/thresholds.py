"""Numbers that sort or count others and are no figure themselves: 亿元以上项目, 过10亿元企业12家, 全省6个试点县之一."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import comparators, subjects, vocabulary
from gongbao.extract.amount import Amount

_CLASS_UNITS: Final = frozenset(("money", "land", "floor", "length", "mass", "energy", "volume", "person", "compound"))
_WITHIN: Final = re.compile(r"以?内(?!的)[一-鿿]{2}")
"""`50米内换乘率90%`: how near something has to be to count."""
_ONE_OF: Final = re.compile(r"[^，。;、\d]{1,12}(?:之一|(?:城市|市|县|区|省份)(?:中(?=[，。;排位居列]|\Z)|前十))")
_AMONG: Final = re.compile(r"[^，。;、]{1,10}(?:中|里|内)(?:排名|位列|位居|居|列|排|名列|稳居)?[^，。;]{0,4}第\Z")
_SOME_ABOVE: Final = re.compile(r"(?:一批|一大批|若干)[^，。;]{0,12}(?:超|超过|过|逾|上)\Z")


@cache
def _sorted() -> re.Pattern[str]:
    return re.compile(rf"的?[一-鿿]{{0,6}}{vocabulary.any_of('sorted_noun')}(?:达到?|共|有|数|突破|超过?|各)?\Z")


def is_class(numbers: list[Amount], index: int, bound: comparators.Bound, text: str, right: str) -> bool:
    """Whether the number says which things are meant or how many stand by, and not how much there is.

    `text` is the folded text that the numbers stand in, `right` what follows the number.
    """
    is_followed = index + 1 < len(numbers)
    return (
        _is_threshold(numbers[index], bound, right, is_followed)
        or (is_followed and _sorts_counted(numbers[index], numbers[index + 1], bound, right))
        or (bound.comparator == "min" and _names_some(text, numbers[index], right))
        or _counts_peers(numbers[index], right, is_followed)
    )


def _is_threshold(amount: Amount, bound: comparators.Bound, right: str, is_followed: bool) -> bool:
    """N以上 as a class: a threshold of money, area or size directly before the noun that it sorts."""
    if right.startswith(("级", "量级")) and amount.unit in ("元", "吨", "人", "千瓦", None):
        return True
    if is_followed and amount.unit_kind in ("length", "time") and _WITHIN.match(right):
        return True
    if not bound.cue_after or bound.comparator not in ("min", "max"):
        return False
    if amount.unit_kind not in _CLASS_UNITS and not amount.bare_magnitude:
        return False
    if amount.unit in ("人", "人次", "户") and not right.startswith("的"):
        return False
    if not right and is_followed:
        return True
    return bool(subjects.class_noun().match(right))


def _names_some(text: str, amount: Amount, right: str) -> bool:
    """`一批投资超5000万元的项目`: a threshold among things that are not counted."""
    start = max(0, amount.start - 20)
    return right.startswith("的") and bool(_SOME_ABOVE.search(text, start, amount.start))


def _sorts_counted(amount: Amount, following: Amount, bound: comparators.Bound, right: str) -> bool:
    """`年产值超10亿元企业12家`: a threshold directly before a noun that is counted in turn."""
    if following.unit_kind != "count" or amount.unit_kind != "money":
        return False
    is_total = right.startswith("的") and bound.comparator == "eq"
    return not is_total and bool(_sorted().match(right))


def _counts_peers(amount: Amount, right: str, is_followed: bool) -> bool:
    """`在全市12个县中排名第5`, `全省6个试点县之一`: the number counts those among whom something stands."""
    return amount.unit_kind == "count" and bool(_ONE_OF.match(right) or (is_followed and _AMONG.match(right)))
