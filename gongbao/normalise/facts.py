"""What one statement says, in three parts that are worked out apart: its place, its wording, its number.

A statement becomes exactly one of fact, target, project figure, unresolved. Many figures of a sheet share a place, many
a wording; so each part is a function of only those slots that it needs, and `gongbao.normalise.fact_columns` puts the
parts of many statements together. Pure: a statement is a row of core.statement, a document its resolved place and
dates. A statement about a named project never becomes an area's figure, and one that cannot be placed, matched,
converted or dated says why instead of guessing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from gongbao.normalise.indicators import PERCENT_MEASURES, UNITLESS_MEASURES, Match, as_share, match
from gongbao.normalise.modality import modality, nature
from gongbao.normalise.observation_status import ESTIMATE, NORMAL, obs_status
from gongbao.normalise.periods import Period, parse_period, stock_period
from gongbao.normalise.places import OWN_LEVEL, Resolution, resolve_subject
from gongbao.normalise.printed import printed
from gongbao.normalise.status_notes import StatusNote, noted
from gongbao.normalise.surroundings import PLANNED
from gongbao.normalise.units import PLACES, conversion, convert, multiplier, units
from gongbao.normalise.vocabulary import TOTAL, catalogue
from gongbao.reference.gazetteer import gazetteer
from gongbao.reference.zones import is_zone
from gongbao.warehouse import ID_LENGTH

LIMIT = Decimal(10) ** 28
"""What DECIMAL(38, 10) cannot hold any more."""
SHORTEST_PART = 3
PROJECT = "core.project"
PLACE_SLOTS = ("subject", "ref_area", "parent_area")
"""What a statement's place depends on, its document apart."""
WORDING_SLOTS = (
    "kind", "subject_type", "indicator_id", "breakdown", "measure", "unit", "comparator", "time_period", "scope",
    "modality_zh", "aspect", "base", "price_base", "obs_status", "caveat_codes",
    "sentence", "sentence_start", "span_start", "span_end",
)  # fmt: skip
"""What its wording depends on, its document, phrase and place apart."""
KEY = ("indicator_id", "breakdown", "measure", "base", "time_period", "aspect", "price_base", "scope")
"""The columns by which figures of a place meet."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """What all figures of a document share: its own place (`home`), and since when the text is known.

    `known_to` is when another document superseded it; null while it stands. `status_notes` are what its text says of
    all its figures.
    """

    document_id: str
    home: Resolution
    published_on: date | None
    known_from: datetime
    caveats: tuple[str, ...] = ()
    known_to: datetime | None = None
    status_notes: tuple[StatusNote, ...] = ()


class Passage(NamedTuple):
    """From a statement's unit to the canonical one: `value * factor` is in `unit`."""

    unit: str | None
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Wording:
    """What a statement's words say: the relation, the columns that they fill, and how its number is to be converted.

    `rounded_caveats` are the caveats of a number that the conversion rounds. `undated` says why a figure has no
    period; it has no columns then.
    """

    relation: str
    passage: Passage
    columns: Row
    rounded_caveats: str | None = None
    undated: Unresolved | None = None


class Number(NamedTuple):
    """A number in its canonical unit, with how it was printed.

    `precision` is what one unit of the last printed digit is worth; `exact` is false where the conversion rounded.
    """

    value: Decimal
    high: Decimal | None
    exact: bool
    decimals: int
    precision: Decimal


class Unresolved(Exception):
    """Why a statement is no figure: a reason code, what it says for a person, and what it might be."""

    def __init__(self, reason: str, detail: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.candidates = reason, detail, candidates


def content_id(*parts: object) -> str:
    """The first 24 hexadecimal digits of the sha256 of the parts."""
    return hashed("\0".join("" if part is None else str(part) for part in parts))


def hashed(text: str) -> str:
    """The same of parts that are one text already, with a null character between each two."""
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def place_of(statement: Mapping[str, Any], document: Document) -> Resolution:
    """The place that a statement is about, of its `PLACE_SLOTS`. Raises `Unresolved`."""
    if statement["ref_area"]:
        found = _coded(statement["ref_area"], statement["subject"])
    else:
        home = statement["parent_area"] or document.home.code
        found = resolve_subject(statement["subject"], home)
        if found.code is None:
            own_is_missing = home is None and not statement["subject"]
            why = document.home if own_is_missing else found
            raise Unresolved("unknown_place", why.evidence, why.candidates)
    return replace(found, historic=document.home.historic) if found.code == document.home.code else found


def phrase_of(indicator: str | None, subject: str | None) -> str | None:
    """What is measured, without the place that is told apart: 姜楼镇规上工业总产值 of 姜楼镇.

    The place's own name may be gone already: 高新区税收收入 of 益阳高新区.
    """
    if not indicator or not subject or indicator == subject:
        return indicator
    is_named = (name for name in names_of(subject) if indicator.startswith(name) and indicator != name)
    rest = indicator.removeprefix(next(is_named, ""))
    return indicator if rest.startswith("级") else rest  # 自治区级绿色工厂 names a grade


def names_of(subject: str) -> list[str]:
    """What a subject may be called before what is measured of it, the longest first."""
    return [subject[cut:] for cut in range(max(1, len(subject) - SHORTEST_PART + 1))]


def wording_of(statement: Mapping[str, Any], phrase: str | None, place: Resolution, document: Document) -> Wording:
    """What the words say, of the `WORDING_SLOTS`; of the place, its scope and whether its name is a former one.

    Raises `Unresolved`.
    """
    if statement["subject_type"] == "entity":
        return _project(statement, document)
    found = _indicator(statement, phrase)
    passage = _passage(statement, found)
    relation = f"core.{statement['kind']}"
    try:
        period = _period(statement, found)
    except Unresolved as why:
        return Wording(relation, passage, {}, undated=why)
    measure = statement["measure"]
    entry = catalogue()[found.indicator_id]
    if measure in ("level", "share") and entry.unit == "%":
        measure = "share" if entry.is_share else "level"  # however it is said
    said = ";".join(each for each in (statement["scope"], found.scope, place.scope) if each)
    scopes = dict.fromkeys(each for each in said.split(";") if each)
    if is_zone(place.code or ""):
        scopes.pop(OWN_LEVEL, None)  # 市级收入5亿元;开发区收入1亿元: a zone has no level of its own
    if statement["kind"] == "target":
        scopes.pop(PLANNED, None)  # what is planned is a target by itself
    footnotes = filter(None, (statement["caveat_codes"] or "").split(";"))
    status = (
        statement["obs_status"]
        or obs_status(statement["kind"], phrase, *_around(statement))
        or noted(document.status_notes, statement["span_start"], period.time_period)
        or NORMAL
    )
    caveats = {*document.caveats, *footnotes, *(["historic_name"] if place.historic else [])}
    if status == ESTIMATE:
        caveats.add("estimated")
    columns: Row = {
        "document_id": document.document_id,
        "indicator_id": found.indicator_id,
        "breakdown": found.breakdown,
        "measure": measure,
        "base": statement["base"] or ("year" if measure == "growth" else None),
        "time_period": period.time_period,
        "aspect": found.aspect,
        "price_base": statement["price_base"],
        "scope": ";".join(scopes) or None,
        "unit_measure": passage.unit,
        "comparator": statement["comparator"],
        "freq": period.freq,
        "period_start": period.start,
        "period_end": period.end,
        "subject_type": statement["subject_type"],
        "obs_status": status,
        "published_on": document.published_on,
        "known_from": document.known_from,
        "known_to": document.known_to,
        "caveat_codes": ";".join(sorted(caveats)) or None,
    }
    if statement["kind"] == "target":
        columns["modality"] = modality(statement["modality_zh"])
        columns["modality_zh"] = statement["modality_zh"]
        columns["nature"] = nature(statement["sentence"])
    return Wording(relation, passage, columns, rounded_caveats=";".join(sorted({*caveats, "rounded"})))


def converter(passage: Passage) -> Callable[[str, Decimal, Decimal | None], Number]:
    """From a quote with its value, and the upper one of a range, to its `Number`; that raises `Unresolved`."""
    unit, factor = passage
    convert = multiplier(factor)
    precisions: dict[Decimal | Fraction, Decimal] = {}

    def number(quote: str, value: Decimal, value_high: Decimal | None) -> Number:
        converted, exact = convert(value)
        high = None
        if value_high is not None:
            high, high_exact = convert(value_high)
            exact = exact and high_exact
        if abs(converted) >= LIMIT or (high is not None and abs(high) >= LIMIT):
            raise Unresolved("out_of_range", f"{quote} in {unit}")
        decimals, digit = printed(quote, value)
        precision = precisions.get(digit)
        if precision is None:  # few, as digits are worth powers of ten
            precision = precisions[digit] = _precision(Fraction(digit) * factor)
        return Number(converted, high, exact, decimals, precision)

    return number


def _precision(digit: Fraction) -> Decimal:
    precision, _ = convert(Decimal(digit.numerator), Fraction(1, digit.denominator))
    return max(precision, PLACES)


def _coded(code: str, name: str | None) -> Resolution:
    """The place of a code that the sheet states; its name must be one that the place bears or bore."""
    place = gazetteer().places.get(code)
    if place is None:
        raise Unresolved("unknown_place", f"the list has no code {code} ({name})")
    if name and name not in (place.name, place.short) and resolve_subject(name, place.parent).code != code:
        raise Unresolved("unknown_place", f"{code} is {place.name}, not {name}", (code,))
    return Resolution(code, f"the code {code}")


def _indicator(statement: Mapping[str, Any], phrase: str | None) -> Match:
    if statement["indicator_id"]:
        return _mapped(statement)
    before, after = _around(statement)
    found = match(
        phrase,
        unit=statement["unit"],
        aspect=statement["aspect"],
        measure=statement["measure"],
        before=before,
        after=after,
    )
    if found is None:
        raise Unresolved("unknown_indicator", phrase or "the statement names no indicator")
    return as_share(found, unit=statement["unit"], measure=statement["measure"], before=before)


def _mapped(statement: Mapping[str, Any]) -> Match:
    """What a template says a label measures: nothing is guessed, only the unit has to fit."""
    entry, unit, measure = catalogue()[statement["indicator_id"]], statement["unit"], statement["measure"]
    fits = unit is None or measure in (*PERCENT_MEASURES, *UNITLESS_MEASURES)
    fits = fits or conversion(unit, entry.unit, entry.id) is not None or (measure == "change" and unit in units())
    return Match(entry.id, statement["breakdown"] or TOTAL, aspect=statement["aspect"], fits=fits)


def _around(statement: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence before and behind the figure; empty for a grid."""
    sentence, first = statement["sentence"], statement["sentence_start"]
    if sentence is None or first is None:
        return "", ""
    return sentence[: statement["span_start"] - first], sentence[statement["span_end"] - first :]


def _passage(statement: Mapping[str, Any], found: Match) -> Passage:
    entry, unit, measure = catalogue()[found.indicator_id], statement["unit"], statement["measure"]
    if not found.fits:
        if unit is not None and unit not in units():
            raise Unresolved("unknown_unit", unit, (entry.unit,))
        raise Unresolved(
            "unit_conflict", f"{unit or 'no unit'} for {found.indicator_id}, measured in {entry.unit}", (entry.unit,)
        )
    if measure in UNITLESS_MEASURES:
        return Passage(None, Fraction(1))
    if measure in PERCENT_MEASURES:
        passage = conversion(unit, "%", found.indicator_id) if unit else None
        return Passage("%", passage.factor if passage else Fraction(1))
    if unit is None:
        return Passage(entry.unit, Fraction(1))
    if measure == "change" and units()[unit].dimension == "ratio_point":
        return Passage(units()[unit].code, units()[unit].multiplier)
    passage = conversion(unit, entry.unit, found.indicator_id)
    if passage is None:
        raise Unresolved("unit_conflict", f"{unit} for {found.indicator_id}, measured in {entry.unit}", (entry.unit,))
    return Passage(entry.unit, passage.factor)


def _period(statement: Mapping[str, Any], found: Match) -> Period:
    text = statement["time_period"]
    if text is None:
        raise Unresolved("no_period", "neither the sentence nor its section gives a period")
    period = parse_period(text)
    if period is None:
        raise Unresolved("no_period", f"{text} is no period")
    return stock_period(period) if catalogue()[found.indicator_id].kind == "stock" else period


def _project(statement: Mapping[str, Any], document: Document) -> Wording:
    unit = statement["unit"]
    if unit is not None and unit not in units():
        raise Unresolved("unknown_unit", unit)
    passage = Passage(units()[unit].code, units()[unit].multiplier) if unit is not None else Passage(None, Fraction(1))
    columns = {
        "document_id": document.document_id,
        "ref_area": document.home.code,
        "kind": statement["kind"],
        "measure": statement["measure"],
        "time_period": statement["time_period"],
        "unit_measure": passage.unit,
        "comparator": statement["comparator"],
    }
    return Wording(PROJECT, passage, columns)
