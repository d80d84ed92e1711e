"""What a text says of how final its figures are: all of them (本公报数据为初步统计数), or those below ((预计数,下同)).

Such a note speaks of the year that it names, else of the one that the document reports, and only of figures of which
nothing else says how final they are. It is found in the text as it is, so that places in it can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from gongbao import reference


class StatusNote(NamedTuple):
    """From the code point `start` on, figures of `year` have this status."""

    start: int
    year: str
    status: str


def notes(content: str, reporting_period: str | None) -> tuple[StatusNote, ...]:
    """The notes of a text, in reading order; none where no year is named and none is reported."""
    reported = reporting_period[:4] if reporting_period else None
    found = []
    for note in _note().finditer(content):
        of_all = note["of_all"]
        year = note["year"] or reported
        if year:
            found.append(StatusNote(0 if of_all else note.end(), year, _statuses()[of_all or note["of_rest"]]))
    return tuple(found)


def noted(found: Sequence[StatusNote], start: int | None, time_period: str) -> str | None:
    """What the notes say of a figure that begins there; the last of them holds."""
    if start is None:
        return None
    telling = (note.status for note in reversed(found) if note.start <= start and note.year == time_period[:4])
    return next(telling, None)


@cache
def _statuses() -> dict[str, str]:
    return {row["word"]: row["obs_status"] for row in reference.rows("obs_status.csv")}


@cache
def _note() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, _statuses()), key=lambda word: (-len(word), word)))
    return re.compile(
        r"(?:本(?:公报|报告|资料|材料|文)(?:中|内|所列|所用)*|(?<=[\])】）、.．:：\s注])所列)的?\s*(?P<year>(?:19|20)\d\d(?=\s*年))?"
        rf"(?:(?!部分|其中|以外|除)[^。;；,，\n]){{0,16}}?[为是系]\s*(?P<of_all>{words})"
        rf"|[(（]\s*(?P<of_rest>{words})(?:完成|执行)?[数值]?\s*[,，、]\s*下同\s*[)）]"
    )
