"""A block's fingerprint: its title, the head of its labels, its header paths and units, whatever the year.

Two years of the same table have one fingerprint; a moved unit, a column more or another wording gives another.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from gongbao.extract.sheets import words
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import joined

_YEARS: Final = re.compile(r"\(?(?:19|20)\d{2}年?度?(?:[-—~至](?:19|20)\d{2}年?)?\)?")
_NUMBER: Final = re.compile(r"^(?:表|附表)?\d{1,3}(?:[-—.]\d{1,3}){0,2}")
_LENGTH: Final = 16


def fingerprint(block: Block) -> str:
    """Sixteen hex digits."""
    title = _NUMBER.sub("", _yearless("".join(words.plain(text) for text in block.title)))
    figure_columns = [c for c in sorted(block.headers) if c not in block.label_columns]
    paths = list(dict.fromkeys(_yearless(_with_units(block.headers[c])) for c in figure_columns))
    parts = (title, block.head, "|".join(paths), words.fold(block.unit_line or ""))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_LENGTH]


def _with_units(path: tuple[str, ...]) -> str:
    return joined(path) + "|" + "".join(u.written for label in path if (u := words.split_unit(words.plain(label))[1]))


def _yearless(text: str) -> str:
    return _YEARS.sub("<year>", text)
