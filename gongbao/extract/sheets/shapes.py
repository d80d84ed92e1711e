"""The words by which blocks are told in a sheet, whatever template reads them: `layout` of sheets/defaults.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gongbao.extract.sheets import words


@dataclass(frozen=True, slots=True)
class Shapes:
    """The words by which blocks are told; `layout` of defaults.yaml says what each is for."""

    heads: re.Pattern[str]
    notes: re.Pattern[str]
    continuation: re.Pattern[str]
    changes: re.Pattern[str]
    of_units: re.Pattern[str]


@cache
def shapes() -> Shapes:
    """The patterns, compiled once."""
    patterns = words.defaults()["layout"]
    return Shapes(**{name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()})
