"""The suites of expectations/: one YAML file for each judged relation, in Great Expectations' own vocabulary.

A file `expectations/<schema>/<table>.yaml` holds the arguments of `great_expectations.ExpectationSuite`, nothing
else, so the stock tool loads it as it stands:

    name: core.figure                  # the relation: <schema>.<table>, as the path says
    meta:
      row_id: fact_id                  # the column that names a row; bad rows of core are withheld by it
      max_withheld: 0.1                # core only: the share of rows that may be withheld, all checks together
      tolerated_rows: 20               # core only: so many bad rows never hold a release, whatever their share
      conditions:                      # optional: anchors for row conditions that several entries share
        level: &level {type: comparison, column: {name: measure}, operator: "==", parameter: level}
    expectations:
      - type: expect_column_values_to_be_in_set
        kwargs: {column: comparator, value_set: [eq, min], mostly: 0.95}
        severity: critical             # critical, warning, info
        meta:
          rule: comparator_known       # its own name, once in the file
          note_zh: …                   # what a bad row means, for people
          note_en: …
          caveat: comparator_unknown   # warnings of core only: the caveat's code, else the rule's name

What follows from a bad row:

- critical with `mostly`: the row is withheld; the release is held when the share of good rows falls below `mostly`
  and the bad ones outnumber `tolerated_rows`. Critical without `mostly`: one bad row holds the release.
- warning: in core the row is published with the caveat; in marts it is reported.
- info: reported.

A regular expression must match the whole value (`^…$`): engines differ on partial matches. Nor do they agree on what
a digit is (in pandas ４ is one, too: write `[0-9]`), nor on `!=` and `NOT_IN` in the condition of a column with nulls,
which pandas counts in: name the values with `IN`. The suites of marts are held to the same counts in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml

from gongbao import project, yaml_text
from gongbao.errors import UsageError
from gongbao.validate.bad_rows import KINDS, NAME, columns_of
from gongbao.validate.verdict import Severity

# Expectations about a relation as a whole: a failure has no rows.
TABLE_KINDS = frozenset(
    {
        "expect_column_to_exist",
        "expect_column_unique_value_count_to_be_between",
        "expect_table_row_count_to_be_between",
    }
)
MISSING = "either_value_is_missing"
SEVERITIES = get_args(Severity)
_SUITE_KEYS = frozenset({"name", "meta", "expectations"})
_SUITE_META = frozenset({"row_id", "max_withheld", "tolerated_rows", "conditions"})
_ENTRY_KEYS = frozenset({"type", "kwargs", "severity", "meta"})
_ENTRY_META = frozenset({"rule", "note_zh", "note_en", "caveat"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One expectation of a suite."""

    rule: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    note_zh: str
    note_en: str
    caveat: str

    @property
    def mostly(self) -> float:
        """The share of rows that must be good."""
        return float(self.kwargs.get("mostly", 1))

    @property
    def target(self) -> str:
        """The columns it judges, or `table`."""
        return ", ".join(columns_of(self.kwargs)) or "table"


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations on one relation; `definition` is the file as Great Expectations takes it."""

    relation: str
    row_id: str
    max_withheld: float
    tolerated_rows: int
    entries: tuple[Entry, ...]
    definition: Mapping[str, Any]


def load_suites(schema: str) -> tuple[Suite, ...]:
    """The suites of one schema (`core`, `marts`), in the order of their names.

    Raises `UsageError` with the file and the entry at fault.
    """
    folder = project.folder("expectations")
    return tuple(_load(path, folder) for path in sorted((folder / schema).glob("*.yaml")))


def _load(path: Path, folder: Path) -> Suite:
    where = f"expectations/{path.relative_to(folder).as_posix()}"
    try:
        content = yaml_text.read(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise UsageError(f"{where} is no YAML: {' '.join(str(error).split())}", "correct the file") from error
    expected_name = f"{path.parent.name}.{path.stem}"
    _check_keys(content, _SUITE_KEYS, where)
    if content["name"] != expected_name:
        raise UsageError(f"{where}: name is {content['name']!r}", f"it must be {expected_name}, as the path says")
    meta = content["meta"] or {}
    _check_keys(meta, _SUITE_META, f"{where}, meta", needs=frozenset({"row_id"}))
    entries = tuple(
        _entry(raw, f"{where}, entry {number}") for number, raw in enumerate(content["expectations"], start=1)
    )
    names = [entry.rule for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{where}: two entries have the rule name {name}", "give each its own")
    return Suite(
        relation=content["name"],
        row_id=meta["row_id"],
        max_withheld=float(meta.get("max_withheld", 0)),
        tolerated_rows=int(meta.get("tolerated_rows", 0)),
        entries=entries,
        definition=content,
    )


def _entry(raw: Any, where: str) -> Entry:
    _check_keys(raw, _ENTRY_KEYS, where)
    meta, type_, kwargs = raw["meta"], raw["type"], raw["kwargs"]
    _check_keys(meta, _ENTRY_META, f"{where}, meta", needs=_ENTRY_META - {"caveat"})
    where = f"{where} ({meta['rule']})"
    if raw["severity"] not in SEVERITIES:
        raise UsageError(f"{where}: severity is {raw['severity']!r}", f"use one of {', '.join(SEVERITIES)}")
    if type_ in KINDS:
        _check_row_kwargs(type_, kwargs, where)
    elif type_ not in TABLE_KINDS:
        known = ", ".join(sorted({*KINDS, *TABLE_KINDS}))
        raise UsageError(f"{where}: the gate does not know the type {type_!r}", f"use one of {known}")
    return Entry(
        rule=meta["rule"],
        type=type_,
        kwargs=kwargs,
        severity=raw["severity"],
        note_zh=meta["note_zh"],
        note_en=meta["note_en"],
        caveat=meta.get("caveat", meta["rule"]),
    )


def _check_row_kwargs(type_: str, kwargs: Mapping[str, Any], where: str) -> None:
    kind = KINDS[type_]
    _check_keys(kwargs, kind.needs | kind.may, f"{where}, kwargs", needs=kind.needs)
    for column in columns_of(kwargs):
        if not NAME.fullmatch(column):
            raise UsageError(f"{where}: {column!r} is no name of a column", "write it as the schema does")
    if not 0 < float(kwargs.get("mostly", 1)) <= 1:
        raise UsageError(f"{where}: mostly is {kwargs['mostly']}", "it is a share above 0, at most 1")
    if kwargs.get("ignore_row_if", MISSING) != MISSING:
        raise UsageError(f"{where}: ignore_row_if is {kwargs['ignore_row_if']!r}", f"the gate knows {MISSING} only")
    regex = kwargs.get("regex")
    if regex is not None and not (regex.removeprefix("(?s)").startswith("^") and regex.endswith("$")):
        raise UsageError(f"{where}: the regular expression {regex!r} is not anchored", "write it as ^…$")


def _check_keys(found: Any, known: frozenset[str], where: str, needs: frozenset[str] | None = None) -> None:
    if not isinstance(found, Mapping):
        raise UsageError(f"{where} is no mapping", "see gongbao/validate/suites.py for the format")
    for key in sorted(set(found) - known):
        raise UsageError(f"{where}: unknown key {key!r}", f"known keys are {', '.join(sorted(known))}")
    for key in sorted((known if needs is None else needs) - set(found)):
        raise UsageError(f"{where}: {key!r} is missing", "see gongbao/validate/suites.py for the format")
