r"""Corrections: `corrections.yml` beside gongbao.toml says which figures are wrong, and what stands for them.

A list of records, in YAML rather than csv, as reasons are sentences with commas and a record nests. All is read as
written, so that 5533.10 keeps its digits.

    - document: report.txt                # the file's name, or 8 or more first digits of its sha256 or its text's
      at: 210                             # where the figure begins in the text, in code points, or the cell Sheet!B5 …
      sentence: 2023年姜楼镇规上工业总产值    # … or how its sentence begins; one of the two
      expect:                             # what the source states now: the guard
        quote: 5,533亿元                  # as `gongbao explain` marks it; for a cell, what the cell says
        value: 553300000000元             # as it was read; the unit may be left out
        indicator: 一般公共预算收入         # only where several figures stand there: the words as they were read …
        subject: 姜楼镇                    # … and the subject
      action: replace                     # or `withdraw`: the figure waits in core.unresolved as `withdrawn`
      with:                               # for `replace` only, at least one of these
        value: 5533万元                   # the whole quantity with its unit, so a wrong unit is corrected here too
        value_high: 6000万元              # the upper end of a range, where `value` is the lower
        period: '2023'                    # 2023, 2023-S1, 2023-Q3, 2023-09, 2023-01/2023-10
        indicator: general_budget_revenue # an id of indicators.csv
        place: 山东省/惠民县/姜楼镇         # a path or a code
      reason: a township takes no 亿元; its finance office states 万元
      source: 惠民县2023年财政决算, page 12

`gongbao explain` prints the first lines of the record of any figure. A record whose guard fails is not applied and asks
(`stale_correction`), see `gongbao.normalise.corrections`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from gongbao.errors import UsageError
from gongbao.normalise.facts import LIMIT, content_id
from gongbao.normalise.periods import parse_period
from gongbao.normalise.places import resolve_document
from gongbao.normalise.units import is_representable, units
from gongbao.normalise.vocabulary import catalogue
from gongbao.reference.gazetteer import gazetteer

_QUANTITY = re.compile(r"(?P<number>[-+−]?\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>\S*)")
_SHEET_AND_CELL = re.compile(r".+![A-Z]{1,3}[1-9]\d*")
_START = re.compile(r"\d{1,12}")
_REMEDY = "the page of gongbao.normalise.correction_file shows a whole record; `gongbao explain` prints its beginning"

Lines = dict[tuple[Hashable, ...], int]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, null where none is written, and the number as written."""

    number: Decimal
    unit: str | None
    written: str

    def __str__(self) -> str:
        return f"{self.written}{self.unit or ''}"


def _expected(text: object) -> Quantity:
    if not isinstance(text, str):
        raise ValueError("a number with its unit is expected, such as 5533万元")
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text} is no number with its unit, such as 5533万元 or 5.2%")
    written = found["number"].replace("−", "-")
    number = Decimal(re.sub("[,，]", "", written))
    if abs(number) >= LIMIT or not is_representable(number):
        raise ValueError(f"{text} has more digits than the warehouse holds: 28 before the point, 10 behind it")
    return Quantity(number, found["unit"] or None, written)


def _quantity(text: object) -> Quantity:
    quantity = _expected(text)
    if quantity.unit is not None and quantity.unit not in units():
        raise ValueError(f"{quantity.unit} is no unit of units.csv")
    return quantity


def _period(text: str) -> str:
    if parse_period(text) is None:
        raise ValueError(f"{text} is no period; write it as 2023, 2023-S1, 2023-Q3, 2023-09 or 2023-01/2023-10")
    return text


def _indicator(text: str) -> str:
    if text not in catalogue():
        raise ValueError(f"{text} is no id of indicators.csv")
    return text


def _place(text: str) -> str:
    code = text if text in gazetteer().places else resolve_document(None, (), text).code
    if code is None or code not in gazetteer().places:
        raise ValueError(f"{text} is no place of the list; write a path such as 山东省/惠民县, or a code")
    return code


def _at(text: str) -> str:
    if not (_START.fullmatch(text) or _SHEET_AND_CELL.fullmatch(text)):
        raise ValueError(f"{text} is neither a start in the text, such as 210, nor a cell, such as Sheet1!B5")
    return text


Said = Annotated[str, Field(min_length=1)]
Read = Annotated[Quantity, BeforeValidator(_expected)]
"""As it was read, whatever the unit."""
Amount = Annotated[Quantity, BeforeValidator(_quantity)]
"""In a unit of units.csv."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Expected(_Record):
    """What the source states, as the curator saw it."""

    quote: Said
    value: Read
    indicator: Said | None = None
    subject: Said | None = None


class Replacement(_Record):
    """What stands for the figure: the slots that are not null replace its own; `place` is a code."""

    value: Amount | None = None
    value_high: Amount | None = None
    period: Annotated[str, AfterValidator(_period)] | None = None
    indicator: Annotated[str, AfterValidator(_indicator)] | None = None
    place: Annotated[str, AfterValidator(_place)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Replacement:
        if not any(getattr(self, name) is not None for name in type(self).model_fields):
            raise ValueError(f"nothing to put in its place: give one of {', '.join(type(self).model_fields)}")
        if self.value_high is not None:
            if self.value is None or self.value.unit != self.value_high.unit:
                raise ValueError("value_high goes with a value of the same unit")
            if self.value_high.number < self.value.number:
                raise ValueError("value_high is below value")
        return self


class Correction(_Record):
    """One record of the file; `line` is where it begins there, and no part of what it says."""

    document: Said
    at: Annotated[str, AfterValidator(_at)] | None = None
    sentence: Said | None = None
    expect: Expected
    action: Literal["replace", "withdraw"]
    replacement: Replacement | None = Field(None, alias="with")
    reason: Said
    source: Said
    line: int = Field(0, exclude=True)

    @model_validator(mode="after")
    def _fits_together(self) -> Correction:
        if (self.at is None) == (self.sentence is None):
            raise ValueError("a record needs one of at and sentence, and only one")
        if (self.action == "replace") != (self.replacement is not None):
            raise ValueError("`replace` needs `with`, and `withdraw` has none")
        return self

    @property
    def correction_id(self) -> str:
        """Hash of what the record says."""
        return content_id(self.model_dump_json())

    @property
    def target(self) -> str:
        """Where the figure stands: the cell, the start, or the beginning of its sentence."""
        return self.at or self.sentence or ""

    @property
    def cell(self) -> tuple[str, str] | None:
        """Sheet and cell; null for a text."""
        sheet, mark, cell = (self.at or "").rpartition("!")
        return (sheet, cell) if mark else None

    @property
    def start(self) -> int | None:
        """The start in the text; null for a cell and where the sentence is named."""
        return int(self.at) if self.at is not None and self.cell is None else None


def read(path: Path) -> tuple[Correction, ...]:
    """The records in their order; none where there is no such file.

    Raises `UsageError` naming line, field and remedy.
    """
    if not path.exists():
        return ()
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"{path} line {line}: no UTF-8", "save the file as UTF-8") from None
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror})", "make it a file that can be read") from None
    try:
        records, lines = _composed(path, text)
    except RecursionError:
        raise UsageError(f"{path}: parts lie too deep in each other", _REMEDY) from None
    if not isinstance(records, list):
        raise UsageError(f"{path} line 1: a list of records is expected", _REMEDY)
    found: dict[str, Correction] = {}
    for number, record in enumerate(records):
        correction = _correction(path, record, number, lines)
        earlier = found.setdefault(correction.correction_id, correction)
        if earlier is not correction:
            raise UsageError(f"{path} line {correction.line}: the record of line {earlier.line} again", "delete one")
    return tuple(found.values())


def _correction(path: Path, record: object, number: int, lines: Lines) -> Correction:
    line = lines[number,]
    if not isinstance(record, dict):
        raise UsageError(f"{path} line {line}: a record is expected", _REMEDY)
    if "line" in record:
        raise UsageError(f"{path} line {lines[number, 'line']}: line: no field of a record", _REMEDY)
    try:
        return Correction.model_validate({**record, "line": line})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = first["loc"]
        where = next(
            (
                lines[number, *field[:length]]
                for length in range(len(field), 0, -1)
                if (number, *field[:length]) in lines
            ),
            line,
        )
        spelt = ".".join(map(str, field))
        wrong = _said(first, ", ".join(_fields(field)))
        raise UsageError(f"{path} line {where}: {f'{spelt}: ' if spelt else ''}{wrong}", _REMEDY) from None


def _said(error: Mapping[str, Any], known: str) -> str:
    """What is wrong, in words for a curator."""
    kinds = {
        "missing": "is missing",
        "extra_forbidden": f"no field of a record; known are {known}",
        "string_too_short": "is empty",
    }
    kind: str = error["type"]
    return kinds.get(kind) or str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")


def _fields(location: tuple[int | str, ...]) -> list[str]:
    """The fields of the part of a record in which a field lies."""
    models: dict[object, type[BaseModel]] = {"expect": Expected, "with": Replacement}
    model = models.get(location[0], Correction) if len(location) > 1 else Correction
    names = (field.alias or name for name, field in model.model_fields.items())
    return [name for name in names if name != "line"]


def _composed(path: Path, text: str) -> tuple[Any, Lines]:
    """What a YAML text holds, scalars as they are written, and the line of each part; nothing is an empty list."""
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                at = f" line {event.start_mark.line + 1}" if event.start_mark else ""
                raise UsageError(f"{path}{at}: an alias, which is not read here", "quote what begins with *")
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise UsageError(f"{path}{line}: no readable YAML ({problem})", "correct the line") from None
    lines: Lines = {}
    return ([] if node is None else _built(path, node, (), lines)), lines


def _built(path: Path, node: yaml.Node, place: tuple[Hashable, ...], lines: Lines) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_built(path, item, (*place, number), lines) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise UsageError(f"{path} line {line}: a field's name is expected", _REMEDY)
            if key.value in mapping:
                raise UsageError(f"{path} line {line}: {key.value} stands twice in one record", "delete one")
            lines[(*place, key.value)] = line
            mapping[key.value] = _built(path, value, (*place, key.value), lines)
        return mapping
    return node.value
