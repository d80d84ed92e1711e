r"""Sheet templates: which tables are known, and what their labels mean. Data under gongbao/reference/sheets/.

A template is a YAML mapping over `defaults.yaml`; `vocabulary/sheets/` beside the settings adds to them. Patterns are
regular expressions, searched in plain labels: full-width forms narrowed, spaces and translations gone, units taken out.

    id, version, what        name, integer, the table's title for people
    valid_for                {from, to}: the first and last year of the table's period that the template was written for
    match                    what must hold of a block, all of it:
        title                found in its title (its title rows, or the file's name where it has none)
        head                 found in the head of the row labels
        header               each found in a header path (`出生/人数`), or in a row's where rows name the indicators
        places               each one of the labels that name places: tells 佛山市's table from another city's
        sheet, file          found in the sheet's name, the file's name
        fingerprints         or the block has one of these, and nothing else is asked
    place                    code of the table's place, where the table does not name it
    rows, columns            what the labels of each axis are:
        role                 area, indicator, period: what a label is that no rule names
        stub                 rows only: found in the head of the column of labels, where it is not the first
        codes                rows only: found in the head of a column that holds the places' codes
        read                 `labels`: a label without a rule is read by the words of `labels` below (county tables of
                             any indicators); else a label without a rule leaves the whole block to a curator
        rules                [{path, …}], the first whose `path` is found says what the label means:
            indicator, breakdown, measure, base, kind, scope, negative
            unit             the units that the sheet may state here, or {printed: meant} for a known misprint
            assume           the unit, only where the sheet states none at all
            period           `previous_year`, or a period; `(?P<period>…)` and `(?P<unit>…)` in `path` read the label's
            key              its name in identities, else the indicator's id
            rounded          true: whole numbers that are rounded (an average), so that parts add up in about
            unmapped         true: known, and not in the catalogue: the figures wait in review under the label's words
            skip             a code of rejection_reasons.csv: no figures, and why
    table                    [{path, …}]: rules for the title, which may name indicator and unit of all figures
    exclude                  [{row, column, reason}]: where both are found the cells are rejected
    period                   from: where to look for it, in this order, of title, sheet, file; value: the period itself
    marks                    {meaning: pattern}: cells that say "no figure", by their declared meaning
    note_rules               [{find, obs_status, caveat, label}]: a note that says so marks the figures whose row or
                             column label `label` is found in, or all
    identities               [expression = name]: over the keys of one place and period, such as
                             `births - deaths = natural_increase`, within what the printed digits allow
    known_failures           [{label, period, key, reason}]: the figure (`key`) of a place and year that is wrong in the
                             source itself: what it breaks is rejected, the rest of the block is read
    totals                   [keys] whose parts make the whole exactly, beside what the catalogue says adds up
    expect                   {rows: [least, most]}: how many rows of figures the block has
    variants                 [{…}]: dated variants: each is a template of its own, over the rest of the file
    furniture, unit_column, sum_labels, whole_labels, subtotals, of_which, statuses, labels, generic, groups, plan_title
                             see defaults.yaml
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from gongbao import reference, yaml_text
from gongbao.errors import UsageError
from gongbao.extract.sheets import words
from gongbao.extract.sheets.identities import Expression, parse_identity
from gongbao.extract.statement import Kind, Measure

_DEFAULTS = "defaults.yaml"
_PERIOD = r"^\d{4}(-(S[12]|Q[1-4]|\d{2}))?(/\d{4}(-\d{2})?)?$"

Pattern = re.Pattern[str]


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _indicator_id(value: str) -> str:
    if value not in _ids():
        raise ValueError(f"no id of indicators.csv: {value}")
    return value


def _unit(value: str) -> str:
    if words.unit(words.fold(value)) is None:
        raise ValueError(f"no unit that extraction knows: {value}")
    return value


def _reason(value: str) -> str:
    if value not in {row["reason"] for row in reference.rows("rejection_reasons.csv")}:
        raise ValueError(f"no code of rejection_reasons.csv: {value}")
    return value


def _caveat(value: str) -> str:
    if value not in {row["code"] for row in reference.rows("caveats.csv")}:
        raise ValueError(f"no code of caveats.csv: {value}")
    return value


@cache
def _ids() -> frozenset[str]:
    return frozenset(row["id"] for row in reference.rows("indicators.csv"))


IndicatorId = Annotated[str, AfterValidator(_indicator_id)]
Unit = Annotated[str, AfterValidator(_unit)]
Reason = Annotated[str, AfterValidator(_reason)]
Period = Annotated[str, Field(pattern=_PERIOD)]
Code = Annotated[str, Field(pattern=r"^\d{6}(\d{3})?$")]
ObsStatus = Literal["A", "B", "E", "F", "I", "P"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Years(_Record):
    """The years of a table's period that a template was written for, both inclusive, open where absent."""

    first: int | None = Field(None, alias="from")
    last: int | None = Field(None, alias="to")

    def covers(self, period: str) -> bool:
        """Whether the period begins in these years."""
        year = int(period[:4])
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


class Match(_Record):
    """What must hold of a block for the template to know it."""

    title: Pattern | None = None
    head: Pattern | None = None
    header: tuple[Pattern, ...] = Field((), strict=False)
    places: tuple[str, ...] = Field((), strict=False)
    sheet: Pattern | None = None
    file: Pattern | None = None
    fingerprints: tuple[str, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _says_something(self) -> Match:
        if not (self.title or self.header or self.fingerprints):
            raise ValueError("nothing to know the table by: give title, header or fingerprints")
        return self


class Rule(_Record):
    """What a label means whose path the pattern is found in."""

    path: Pattern
    indicator: IndicatorId | None = None
    breakdown: Annotated[str, Field(pattern=r"^\w+=\w+(;\w+=\w+)*$")] | None = None
    measure: Measure | None = None
    base: str | None = None
    kind: Kind | None = None
    scope: str | None = None
    negative: bool = False
    unit: Annotated[Unit | tuple[Unit, ...] | dict[Unit, Unit] | None, BeforeValidator(_frozen)] = None
    assume: Unit | None = None
    period: Period | Literal["previous_year"] | None = None
    key: str | None = None
    rounded: bool = False
    unmapped: bool = False
    skip: Reason | None = None


class Axis(_Record):
    """What the labels of the rows, or of the columns, are."""

    role: Literal["area", "indicator", "period"]
    rules: tuple[Rule, ...] = Field((), strict=False)
    read: Literal["labels"] | None = None
    stub: Pattern | None = None
    codes: Pattern | None = None


class LabelRule(_Record):
    """Words in a label that say something besides the indicator; see `labels` in defaults.yaml."""

    label: Pattern
    measure: Measure | None = None
    unit: Unit | None = None
    base: Literal["year", "previous", "average"] | None = None
    kind: Kind | None = None
    period: Literal["previous_year"] | None = None
    negative: bool = False


class Furniture(_Record):
    """Columns or rows without figures of the places, and why."""

    label: Pattern
    reason: Reason


class Exclusion(_Record):
    """Cells where both labels are found: no figures, and why."""

    row: Pattern
    column: Pattern
    reason: Reason


class PeriodSource(_Record):
    """Where the table's period is looked for; `value` where it is the same for every such table."""

    sources: tuple[Literal["title", "sheet", "file"], ...] = Field(
        ("title", "sheet", "file"), alias="from", strict=False
    )
    value: Period | None = None


class NoteRule(_Record):
    """A note that marks figures: those whose labels `label` is found in, or all."""

    find: Pattern
    obs_status: ObsStatus | None = None
    caveat: Annotated[str, AfterValidator(_caveat)] | None = None
    label: Pattern | None = None


class KnownFailure(_Record):
    """A figure that is wrong in the source itself, and what is known of it."""

    label: str
    period: Period
    key: str
    reason: str


class Expected(_Record):
    """How many rows of figures the block has, least and most."""

    rows: tuple[int, int] = Field(strict=False)


class Template(_Record):
    """One known kind of table; the fields are those of the YAML file."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int
    what: str
    valid_for: Years = Field(default_factory=lambda: Years.model_validate({}))
    match: Match
    place: Code | None = None
    rows: Axis
    columns: Axis
    table: tuple[Rule, ...] = Field((), strict=False)
    exclude: tuple[Exclusion, ...] = Field((), strict=False)
    period: PeriodSource = Field(default_factory=lambda: PeriodSource.model_validate({}))
    identities: tuple[Expression, ...] = Field((), strict=False)
    known_failures: tuple[KnownFailure, ...] = Field((), strict=False)
    totals: tuple[str, ...] = Field((), strict=False)
    expect: Expected | None = None
    note_rules: tuple[NoteRule, ...] = Field((), strict=False)
    variants: tuple[dict[str, Any], ...] = Field((), strict=False)
    marks: dict[Literal["not_significant", "not_applicable", "not_collected", "unknown"], Pattern]
    furniture: tuple[Furniture, ...] = Field(strict=False)
    labels: tuple[LabelRule, ...] = Field(strict=False)
    unit_column: Pattern
    sum_labels: Pattern
    whole_labels: Pattern
    subtotals: Pattern
    of_which: Pattern
    statuses: dict[ObsStatus, Pattern]
    generic: Pattern
    groups: Pattern
    plan_title: Pattern

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"

    @property
    def is_ruled(self) -> bool:
        """Whether it names its indicators, and has to account for every label."""
        return self.rows.read is None and self.columns.read is None

    def status(self, folded: str) -> ObsStatus | None:
        """How final a title or a label says that its figures are; null where it says nothing."""
        return next((status for status, pattern in self.statuses.items() if pattern.search(folded)), None)

    def mark(self, folded: str) -> str | None:
        """What a cell without a figure means; null where it is no mark."""
        return next((meaning for meaning, pattern in self.marks.items() if pattern.fullmatch(folded)), None)


@cache
def templates() -> tuple[Template, ...]:
    """All templates of the vocabulary in the order of their files, dated variants one by one.

    Raises `UsageError` naming file, line and field.
    """
    return tuple(
        template
        for name, text in reference.texts("sheets")
        if name != _DEFAULTS
        for template in parse_all(name, text)
    )  # fmt: skip


def parse(name: str, text: str) -> Template:
    """The template in the YAML text of the file called `name`; of dated variants the first.

    Raises `UsageError` naming the line, the field and what it needs.
    """
    return parse_all(name, text)[0]


def parse_all(name: str, text: str) -> tuple[Template, ...]:
    """The template in a YAML text, or its dated variants in their order; raises `UsageError` as `parse` does."""
    document, lines = _read(name, text)
    base = {**_defaults(), **document}
    variants = base.get("variants") or []
    if not isinstance(variants, list) or not all(isinstance(each, dict) for each in variants):
        raise _wrong(name, lines, ("variants",), "a list of mappings is expected")
    if not variants:
        return (_template(name, lines, base, ()),)
    return tuple(
        _template(name, lines, _over(base, variant), ("variants", number)) for number, variant in enumerate(variants)
    )


def _over(base: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, Any]:
    """A dated variant over the rest of its file; `match`, `rows` and `columns` are laid over field by field."""
    merged = {**base, **variant, "variants": []}
    for field in ("match", "rows", "columns"):
        if isinstance(base.get(field), dict) and isinstance(variant.get(field), dict):
            merged[field] = {**base[field], **variant[field]}
    return merged


def _template(
    name: str, lines: Mapping[tuple[Any, ...], int], document: dict[str, Any], prefix: tuple[Any, ...]
) -> Template:
    identities = document.get("identities") or []
    try:
        document = {**document, "identities": [parse_identity(str(each)) for each in identities]}
        return Template.model_validate(document)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # Of a value that may be of several kinds there is an error for each: the one about its content says most.
        first = next((each for each in errors if each["type"] == "value_error"), errors[0])
        location = tuple(part for part in first["loc"] if not (isinstance(part, str) and "[" in part))
        raise _wrong(name, lines, location, _message(first["msg"]), prefix) from None
    except ValueError as error:
        raise _wrong(name, lines, ("identities",), str(error), prefix) from None
    except (OverflowError, RecursionError) as error:  # of a pattern's repeats, of what lies deep in itself
        raise UsageError(
            f"sheet template {name}: {error}", f"make the patterns and identities of {name} shorter"
        ) from None


def _message(text: str) -> str:
    return text.removeprefix("Value error, ").removeprefix("Input should be ")


def _wrong(
    name: str, lines: Mapping[tuple[Any, ...], int], field: tuple[Any, ...], what: str, prefix: tuple[Any, ...] = ()
) -> UsageError:
    """The error at the deepest part of the field that has a line of its own: in the variant, else in the file."""
    spelt = ".".join(str(part) for part in field)
    for start in (prefix, ()) if prefix else ((),):
        for length in range(len(field), 0, -1):
            line = lines.get((*start, *field[:length]))
            if line is not None:
                return UsageError(
                    f"sheet template {name} line {line}: {spelt}: {what}", f"correct line {line} of {name}"
                )
    return UsageError(f"sheet template {name}: {spelt}: {what}", f"add it to {name}, or correct it")


@cache
def _defaults() -> dict[str, Any]:
    return {field: value for field, value in words.defaults().items() if field != "layout"}


def _read(name: str, text: str) -> tuple[dict[str, Any], dict[tuple[Any, ...], int]]:
    """The mapping in a YAML text, and the line of each of its fields."""
    try:
        document, node = yaml_text.read_with_node(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise UsageError(f"sheet template {name}{line}: no readable YAML ({error})", "correct the line") from None
    except RecursionError:
        raise UsageError(f"sheet template {name}: parts lie too deep in each other", f"correct {name}") from None
    except (
        ValueError,
        AttributeError,
        LookupError,
        ArithmeticError,
    ) as error:  # PyYAML's own, of 2023-02-30 or !!int x
        raise UsageError(f"sheet template {name}: a value is not what it looks like ({error})", "quote it") from None
    if not isinstance(document, dict) or node is None:
        raise UsageError(
            f"sheet template {name}: a mapping is expected", f"see the other templates, and correct {name}"
        )
    lines: dict[tuple[Any, ...], int] = {}
    try:
        _lines(node, (), lines)
    except RecursionError:
        raise UsageError(f"sheet template {name}: a part lies in itself", f"correct the alias in {name}") from None
    return document, lines


def _lines(node: yaml.Node, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + 1
            _lines(value, (*path, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _lines(item, (*path, number), lines)
