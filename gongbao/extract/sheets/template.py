"""Sheet templates: which tables are known, and how their labels are read. Data under gongbao/reference/sheets/.

A template is a YAML mapping over `defaults.yaml`. Patterns are regular expressions, searched in folded labels
(full-width forms narrowed, all spaces gone).

    id, version, what       name, integer, and the table's title for people
    match.title             must be found in the block's title (its title rows, or the file's name where it has none)
    match.header            must be found in at least one header label
    layouts                 list of {areas: rows | columns, anchor}: where the places stand, and the label at the head
                            of the column of row labels, by which the header is found
    missing, notes, continuation, furniture[{label, reason}],
    unit_column, sum_labels, whole_labels, subtotals, of_which,
    labels[{label, measure, unit, base, kind, period, negative}], generic, groups, plan_title
                            see defaults.yaml
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from gongbao import reference
from gongbao.errors import UsageError
from gongbao.extract.statement import Kind, Measure

Areas = Literal["rows", "columns"]

_DEFAULTS = "defaults.yaml"
_PATTERNS = (
    "missing", "notes", "continuation", "unit_column", "sum_labels", "whole_labels", "subtotals", "of_which",
    "generic", "groups", "plan_title",
)  # fmt: skip
_RULE_CHOICES = {
    "measure": ("level", "growth", "change", "share", "rank", "completion", "index"),
    "base": ("year", "previous", "average"),
    "kind": ("fact", "target"),
    "period": ("previous_year",),
}


@dataclass(frozen=True, slots=True)
class LabelRule:
    """Words in a label that say something besides the indicator; see `labels` in defaults.yaml."""

    label: re.Pattern[str]
    measure: Measure | None = None
    unit: str | None = None
    base: str | None = None
    kind: Kind | None = None
    period: str | None = None
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the places stand, and the label at the head of the row labels."""

    areas: Areas
    anchor: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Template:
    """One known kind of table; the fields are those of the YAML file."""

    id: str
    version: int
    what: str
    title: re.Pattern[str]
    header: re.Pattern[str]
    layouts: tuple[Layout, ...]
    furniture: tuple[tuple[re.Pattern[str], str], ...]
    labels: tuple[LabelRule, ...]
    missing: re.Pattern[str]
    notes: re.Pattern[str]
    continuation: re.Pattern[str]
    unit_column: re.Pattern[str]
    sum_labels: re.Pattern[str]
    whole_labels: re.Pattern[str]
    subtotals: re.Pattern[str]
    of_which: re.Pattern[str]
    generic: re.Pattern[str]
    groups: re.Pattern[str]
    plan_title: re.Pattern[str]


@cache
def templates() -> tuple[Template, ...]:
    """All templates of the vocabulary in the order of their files. Raises `UsageError` naming file and field."""
    documents = dict(reference.documents("sheets"))
    defaults = documents.pop(_DEFAULTS)
    return tuple(
        parse(name, {**defaults, **_mapping(name, "the file", document)}) for name, document in documents.items()
    )


def parse(name: str, document: Mapping[str, Any]) -> Template:
    """A template from the mapping of the file called `name`. Raises `UsageError` naming the field and what it needs."""
    known = {"id", "version", "what", "match", "layouts", "furniture", "labels", *_PATTERNS}
    for field in document:
        if field not in known:
            raise _wrong(name, str(field), f"no such field; the fields are {', '.join(sorted(known))}")
    match = _mapping(name, "match", document.get("match"))
    patterns = {field: _pattern(name, field, document.get(field)) for field in _PATTERNS}
    return Template(
        id=_text(name, "id", document.get("id")),
        version=_integer(name, "version", document.get("version")),
        what=_text(name, "what", document.get("what")),
        title=_pattern(name, "match.title", match.get("title")),
        header=_pattern(name, "match.header", match.get("header")),
        layouts=tuple(
            _layout(name, f"layouts[{n}]", item)
            for n, item in enumerate(_list(name, "layouts", document.get("layouts")))
        ),
        furniture=tuple(
            _furniture(name, f"furniture[{n}]", item)
            for n, item in enumerate(_list(name, "furniture", document.get("furniture")))
        ),
        labels=tuple(
            _rule(name, f"labels[{n}]", item) for n, item in enumerate(_list(name, "labels", document.get("labels")))
        ),
        **patterns,
    )


def _layout(name: str, field: str, value: object) -> Layout:
    item = _mapping(name, field, value)
    areas = item.get("areas")
    if areas not in ("rows", "columns"):
        raise _wrong(name, f"{field}.areas", f"is {areas!r}; rows or columns is expected")
    return Layout(cast("Areas", areas), _pattern(name, f"{field}.anchor", item.get("anchor")))


def _furniture(name: str, field: str, value: object) -> tuple[re.Pattern[str], str]:
    item = _mapping(name, field, value)
    reason = _text(name, f"{field}.reason", item.get("reason"))
    if reason not in {row["reason"] for row in reference.rows("rejection_reasons.csv")}:
        raise _wrong(name, f"{field}.reason", f"is {reason!r}; a code of rejection_reasons.csv is expected")
    return _pattern(name, f"{field}.label", item.get("label")), reason


def _rule(name: str, field: str, value: object) -> LabelRule:
    item = _mapping(name, field, value)
    for key, given in item.items():
        if key in _RULE_CHOICES and given not in _RULE_CHOICES[key]:
            raise _wrong(name, f"{field}.{key}", f"is {given!r}; one of {', '.join(_RULE_CHOICES[key])} is expected")
        if key not in _RULE_CHOICES.keys() | {"label", "unit", "negative"}:
            raise _wrong(name, f"{field}.{key}", "no such field")
    return LabelRule(
        label=_pattern(name, f"{field}.label", item.get("label")),
        measure=item.get("measure"),
        unit=item.get("unit"),
        base=item.get("base"),
        kind=item.get("kind"),
        period=item.get("period"),
        negative=bool(item.get("negative", False)),
    )


def _pattern(name: str, field: str, value: object) -> re.Pattern[str]:
    text = _text(name, field, value)
    try:
        return re.compile(text)
    except re.error as error:
        raise _wrong(name, field, f"is no regular expression ({error})") from None


def _text(name: str, field: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(name, field, f"is {value!r}; a text is expected")
    return value


def _integer(name: str, field: str, value: object) -> int:
    if not isinstance(value, int):
        raise _wrong(name, field, f"is {value!r}; a whole number is expected")
    return value


def _list(name: str, field: str, value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise _wrong(name, field, f"is {value!r}; a list is expected")
    return value


def _mapping(name: str, field: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, field, f"is {value!r}; a mapping is expected")
    return value


def _wrong(name: str, field: str, what: str) -> UsageError:
    return UsageError(f"sheet template {name}: {field} {what}", "correct gongbao/reference/sheets/" + name)
