"""The rules of expectations/: what no look at single rows can see, as SQL that returns the bad rows.

A file `expectations/<schema>/rules/<rule>.sql` is one query without parameters, runnable by hand. Its name is the
rule's. It returns three columns:

- `fact_id`: the id of the bad row (in marts: of the row, whatever its id column is called);
- `detail`: what is wrong with it, for people;
- `other_id`: the row that it clashes with, or null.

and begins with a header, one `-- key: value` a line:

    -- relation: core.figure                what counts as checked; several with ', ' between
    -- severity: critical                   as in the suites: critical withholds, warning puts a caveat, info reports
    -- mostly: 0.95                         critical only: below this share of good rows the release is held;
    --                                      without it one bad row holds it
    -- tolerated_rows: 20                   critical only: so many bad rows never hold a release
    -- caveat: contradicted                 warnings of core: the caveat's code
    -- note_zh: …
    -- note_en: …

Critical rules of core run first. The others should read `core.admitted_fact` and `core.admitted_target`, the rows
that no critical check withheld, or relations of sql/2_core over them, which are built before these rules run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from gongbao import project
from gongbao.errors import UsageError
from gongbao.validate.bad_rows import NAME
from gongbao.validate.suites import SEVERITIES
from gongbao.validate.verdict import Severity

_HEADER = re.compile(r"-- (?P<key>[a-z_]+): *(?P<value>.+)")
_NEEDS = frozenset({"relation", "severity", "note_zh", "note_en"})
_KNOWN = _NEEDS | {"mostly", "tolerated_rows", "caveat"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its header and its query. `relations` are the relations whose rows it judges."""

    name: str
    relations: tuple[str, ...]
    severity: Severity
    mostly: float
    tolerated_rows: int
    caveat: str
    note_zh: str
    note_en: str
    sql: str
    where: str


def load_rules(schema: str) -> tuple[Rule, ...]:
    """The rules of one schema, in the order of their names. Raises `UsageError` with the file at fault."""
    folder = project.folder("expectations")
    return tuple(_load(path, folder) for path in sorted((folder / schema / "rules").glob("*.sql")))


def _load(path: Path, folder: Path) -> Rule:
    where = f"expectations/{path.relative_to(folder).as_posix()}"
    text = path.read_text("utf-8")
    header = _header(text, where)
    for key in sorted(_NEEDS - set(header)):
        raise UsageError(f"{where}: the header has no {key!r}", "see gongbao/validate/rules.py for the format")
    for key in sorted(set(header) - _KNOWN):
        raise UsageError(f"{where}: unknown header {key!r}", f"known ones are {', '.join(sorted(_KNOWN))}")
    if header["severity"] not in SEVERITIES:
        raise UsageError(f"{where}: severity is {header['severity']!r}", f"use one of {', '.join(SEVERITIES)}")
    relations = tuple(header["relation"].split(", "))
    for relation in relations:
        if not NAME.fullmatch(relation):
            raise UsageError(f"{where}: {relation!r} is no relation", "write schema.table, several with ', ' between")
    return Rule(
        name=path.stem,
        relations=relations,
        severity=header["severity"],  # type: ignore[arg-type]
        mostly=_number(header.get("mostly", "1"), f"{where}: mostly"),
        tolerated_rows=int(_number(header.get("tolerated_rows", "0"), f"{where}: tolerated_rows")),
        caveat=header.get("caveat", path.stem),
        note_zh=header["note_zh"],
        note_en=header["note_en"],
        sql=text.rstrip().rstrip(";"),
        where=where,
    )


def _header(text: str, where: str) -> dict[str, str]:
    """The `-- key: value` lines at the top; comments that are none of these stay comments."""
    header: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if found := _HEADER.fullmatch(line):
            if found["key"] in header:
                raise UsageError(f"{where}: the header has {found['key']!r} twice", "keep one of them")
            header[found["key"]] = found["value"].strip()
    return header


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{where} is {text!r}", "it must be a number") from None
