"""A drafted template for a block that nobody knows: what its labels seem to be, for a curator to finish.

A draft names the block by its fingerprint. What the vocabulary knows is filled in; each open question is a line
`todo: …`, and a template with a `todo` in it cannot be read, so that no draft is taken over unseen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import yaml

from gongbao import reference
from gongbao.extract.sheets import words
from gongbao.extract.sheets.filled_grid import Grid
from gongbao.extract.sheets.fingerprints import fingerprint
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import joined

_MOST = 0.6
_KINDS = re.compile(r"(?:特别行政区|自治区|自治州|自治县|地区|街道|省|市|州|盟|县|区|旗|镇|乡)$")
_WHOLE = re.compile(r"^(?:全[国省市县区]|合计|总计|地方合计)")


def draft(grid: Grid, block: Block) -> str:
    """The YAML text of the draft."""
    mark = fingerprint(block)
    figure_columns = [c for c in sorted(block.headers) if c not in block.label_columns]
    row_labels = [row.path[-1] for row in block.rows]
    column_labels = [words.plain(block.headers[c][-1]) if block.headers[c] else "" for c in figure_columns]
    document: dict[str, Any] = {
        "id": f"sheet_{mark[:8]}",
        "version": 1,
        "what": " ".join(block.title) or grid.name,
        "match": {"fingerprints": [mark]},
        "rows": _axis([row.path for row in block.rows], _role(row_labels), block),
        "columns": _axis([block.headers[c] for c in figure_columns], _role(column_labels), block),
    }
    if not any(document[axis]["role"] == "indicator" for axis in ("rows", "columns")):
        document["todo"] = "say what is measured, as in table: [{path: '', indicator: gdp, assume: 亿元}]"
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _role(labels: Sequence[str]) -> str:
    filled = [label for label in labels if label]
    periods = sum(words.period(words.fold(label)) is not None for label in filled)
    places = sum(_is_place(label) for label in filled)
    if filled and periods > _MOST * len(filled):
        return "period"
    return "area" if filled and places > _MOST * len(filled) else "indicator"


def _is_place(label: str) -> bool:
    bare = label.lstrip("#*")
    return bare in _places() or _WHOLE.match(bare) is not None


@cache
def _places() -> frozenset[str]:
    """The names of provinces, prefectures and counties, with and without their kind."""
    names = {row["name"] for row in reference.rows("places.csv") if len(row["code"]) <= 6}
    return frozenset(names | {short for name in names if len(short := _KINDS.sub("", name)) > 1})


def _axis(paths: Sequence[Sequence[str]], role: str, block: Block) -> dict[str, Any]:
    if role != "indicator":
        return {"role": role}
    rules, seen = [], set()
    for path in paths:
        shown = joined(path)
        if shown not in seen:
            seen.add(shown)
            rules.append(_rule(path, shown, block))
    return {"role": role, "rules": rules}


def _rule(path: Sequence[str], shown: str, block: Block) -> dict[str, Any]:
    if not shown:
        return {"path": "^$", "todo": "no label: say what stands in this column, or skip it"}
    rule: dict[str, Any] = {"path": f"^{re.escape(shown)}$"}
    leaf = shown.rpartition("/")[2].lstrip("#*")
    known = words.catalogue().get(shown.replace("/", "")) or words.catalogue().get(leaf)
    if known is None:
        rule["todo"] = "name the indicator of indicators.csv, or skip it with a reason"
    else:
        rule["indicator"] = known.id
    stated = [unit for label in path if (unit := words.split_unit(words.plain(label))[1]) is not None]
    if stated:
        rule["unit"] = stated[-1].written
    elif len(block.units) == 1:
        rule["unit"] = block.units[0].written
    return rule
