"""Whose figures stand under a heading: `（2）市级收支情况。` speaks of the city's own level until the next heading.

Budgets and their execution are told level by level (全市, 市本级, a development zone), and the sentences below a
heading leave out whose they are. A heading is a short numbered line, or a short numbered sentence that opens one;
it holds over the headings below it (`1.` under `（二）`), up to the next one of its own rank.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from typing import Final

from gongbao.extract import subjects, vocabulary


@cache
def _heading() -> re.Pattern[str]:
    # It begins with a class of signs, which the search skips to; `find` puts a line end before the text.
    return re.compile(
        r"[\n。][ \x1f]*(?:(?P<mark>\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.．]"
        r"|\(\d{1,2}\)|\d{1,2}(?:[、．)]|\.(?!\d)))|(?<=\n)(?=关于))"
        r"[ \x1f]*(?:关于)?(?:20\d\d[ \x1f]?年)?"
        rf"(?P<whose>全[省市县区州旗盟]|[省市县区州旗盟]本?级|[一-鿿]{{0,8}}{vocabulary.any_of('zone_noun')}|[一-鿿]{{2,6}}新城)?"
        r"(?P<rest>[^，。;:\n\d]{0,28})(?=[。\n])"
    )


_TOLD_BY_LEVEL: Final = re.compile(r"预算|收支|财政")
_BOTH: Final = re.compile(r"[和及与、]")


def _rank(mark: str) -> int:
    """一、 stands above （一）, that above 1. and （1）; 关于… without a number stands as high as 一、."""
    is_arabic, is_bracketed = any(sign.isdecimal() for sign in mark), mark.startswith("(")
    return 2 * is_arabic + is_bracketed


def find(folded: str, own_names: tuple[str, ...]) -> Callable[[int], str | None]:
    """A look-up from a place of the text to the subject of the heading it stands under; null: the document's place."""
    starts: list[int] = []
    named: list[str | None] = []
    open_headings: list[tuple[int, str | None]] = []
    for match in _heading().finditer(f"\n{folded}"):
        rank, whose = _rank(match["mark"] or ""), match["whose"] or ""
        open_headings = [heading for heading in open_headings if heading[0] < rank]
        if whose and _TOLD_BY_LEVEL.search(match["rest"]) and not _BOTH.match(match["rest"]):
            # A part that nobody knows is still none of the place's own figures: it stays without a place.
            part = None if whose.startswith("全") else subjects.part(whose, own_names) or whose
            open_headings.append((rank, part))
        starts.append(match.end() - 1)
        named.append(open_headings[-1][1] if open_headings else None)
    if not any(named):
        return lambda _: None
    return lambda position: named[index] if (index := bisect_right(starts, position) - 1) >= 0 else None
