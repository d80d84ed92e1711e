"""Whose figures stand under a heading: `（2）市级收支情况。` speaks of the city's own level until the next heading.

Budgets and their execution are told level by level (全市, 市本级, a development zone), and the sentences below a
heading leave out whose they are. A heading is a short numbered line, or a short numbered sentence that opens one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache

from gongbao.extract import subjects, vocabulary

_MARK = r"(?:[(（]?[一二三四五六七八九十\d]{1,3}(?:[)）、]|[.．](?!\d)))"


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|(?<=[\n。]))[ \x1f]*{_MARK}[ \x1f]*(?:20\d\d[ \x1f]?年)?"
        rf"(?P<whose>全[省市县区州旗盟]|[省市县区州旗盟]本?级|[一-鿿]{{0,8}}{vocabulary.any_of('zone_noun')})?"
        rf"(?P<rest>[^，。;:\n\d]{{0,28}})(?=[。\n])",
        re.MULTILINE,
    )


_TOLD_BY_LEVEL = re.compile(r"预算|收支|财政")
_BOTH = re.compile(r"[和及与、]")


def find(folded: str, own_names: tuple[str, ...]) -> Callable[[int], str | None]:
    """A look-up from a place of the text to the subject of the heading it stands under; null: the document's place."""
    starts: list[int] = []
    named: list[str | None] = []
    for match in _heading().finditer(folded):
        whose = match["whose"] or ""
        is_one = bool(whose) and _TOLD_BY_LEVEL.search(match["rest"]) and not _BOTH.match(match["rest"])
        starts.append(match.end())
        named.append(subjects.part(whose, own_names) if is_one and not whose.startswith("全") else None)
    if not any(named):
        return lambda _: None
    return lambda position: named[index] if (index := bisect_right(starts, position) - 1) >= 0 else None
