"""One statement → exactly one of fact, target, project figure, unresolved.

Pure: a statement is a row of core.statement, a document its resolved place and dates; what comes back is the name of
the relation and its row. A statement about a named project never becomes an area's figure, and one that cannot be
placed, matched, converted or dated says why instead of guessing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gongbao.normalise.indicators import PERCENT_MEASURES, UNITLESS_MEASURES, Match, as_share, match
from gongbao.normalise.modality import modality, nature, obs_status
from gongbao.normalise.periods import Period, parse_period, stock_period
from gongbao.normalise.places import Resolution, resolve_subject
from gongbao.normalise.printed import decimals, last_digit
from gongbao.normalise.surroundings import PLANNED
from gongbao.normalise.units import PLACES, conversion, convert, units
from gongbao.normalise.vocabulary import TOTAL, catalogue
from gongbao.reference.gazetteer import gazetteer

LIMIT = Decimal(10) ** 28
"""What DECIMAL(38, 10) cannot hold any more."""
ID_LENGTH = 24

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """What all figures of a document share: its own place (`home`), and since when the text is known.

    `known_to` is when another document superseded it; null while it stands.
    """

    document_id: str
    home: Resolution
    published_on: date | None
    known_from: datetime
    caveats: tuple[str, ...] = ()
    known_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in its canonical unit; `factor` led there from the statement's unit."""

    value: Decimal
    high: Decimal | None
    unit: str | None
    factor: Fraction
    exact: bool


class Unresolved(Exception):
    """Why a statement is no figure: a reason code, what it says for a person, and what it might be."""

    def __init__(self, reason: str, detail: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.candidates = reason, detail, candidates


def content_id(*parts: object) -> str:
    """The first 24 hexadecimal digits of the sha256 of the parts."""
    text = "\0".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def normalise_statement(statement: Mapping[str, Any], document: Document) -> tuple[str, Row]:
    """(`core.fact`, `core.target`, `core.project` or `core.unresolved`; the row)."""
    try:
        if statement["subject_type"] == "entity":
            return "core.project", _project(statement, document)
        return f"core.{statement['kind']}", _figure(statement, document)
    except Unresolved as why:
        return "core.unresolved", {
            "statement_id": statement["statement_id"],
            "document_id": document.document_id,
            "reason": why.reason,
            "detail": why.detail,
            "candidates": "; ".join(why.candidates) or None,
        }


def _figure(statement: Mapping[str, Any], document: Document) -> Row:
    place = _place(statement, document)
    found = _indicator(statement)
    amount = _amount(statement, found)
    period = _period(statement, found)
    entry = catalogue()[found.indicator_id]
    measure = statement["measure"]
    if measure in ("level", "share") and entry.unit == "%":
        measure = "share" if entry.is_share else "level"  # however it is said
    said = ";".join(each for each in (statement["scope"], found.scope, place.scope) if each)
    scopes = dict.fromkeys(each for each in said.split(";") if each)
    if statement["kind"] == "target":
        scopes.pop(PLANNED, None)  # what is planned is a target by itself
    key = {
        "ref_area": place.code,
        "indicator_id": found.indicator_id,
        "breakdown": found.breakdown,
        "measure": measure,
        "base": statement["base"] or ("year" if measure == "growth" else None),
        "time_period": period.time_period,
        "aspect": found.aspect,
        "price_base": statement["price_base"],
        "scope": ";".join(scopes) or None,
    }
    value = {
        "obs_value": amount.value,
        "obs_value_high": amount.high,
        "unit_measure": amount.unit,
        "comparator": statement["comparator"],
    }
    historic = document.home.historic if place.code == document.home.code else place.historic
    flags = {"rounded": not amount.exact, "historic_name": historic}
    footnotes = (statement["caveat_codes"] or "").split(";")
    caveats = {*document.caveats, *filter(None, footnotes), *(code for code, holds in flags.items() if holds)}
    row: Row = {
        "fact_id": content_id(statement["kind"], statement["statement_id"], *key.values(), *value.values()),
        "statement_id": statement["statement_id"],
        "document_id": document.document_id,
        **key,
        **value,
        "freq": period.freq,
        "period_start": period.start,
        "period_end": period.end,
        "subject_type": statement["subject_type"],
        "value_text": statement["quote"],
        "decimals": decimals(statement["quote"]),
        "precision_value": _precision(statement, amount),
        "obs_status": statement["obs_status"]
        or obs_status(statement["kind"], statement["modality_zh"], statement["sentence"]),
        "published_on": document.published_on,
        "known_from": document.known_from,
        "known_to": document.known_to,
        "caveat_codes": ";".join(sorted(caveats)) or None,
    }
    if statement["kind"] == "target":
        row["modality"] = modality(statement["modality_zh"])
        row["modality_zh"] = statement["modality_zh"]
        row["nature"] = nature(statement["sentence"])
    return row


def _place(statement: Mapping[str, Any], document: Document) -> Resolution:
    if statement["ref_area"]:
        return _coded(statement["ref_area"], statement["subject"])
    home = statement["parent_area"] or document.home.code
    place = resolve_subject(statement["subject"], home)
    if place.code is None:
        own_is_missing = home is None and not statement["subject"]
        why = document.home if own_is_missing else place
        raise Unresolved("unknown_place", why.evidence, why.candidates)
    return place


def _coded(code: str, name: str | None) -> Resolution:
    """The place of a code that the sheet states; its name must be one that the place bears or bore."""
    place = gazetteer().places.get(code)
    if place is None:
        raise Unresolved("unknown_place", f"the list has no code {code} ({name})")
    if name and name not in (place.name, place.short) and resolve_subject(name, place.parent).code != code:
        raise Unresolved("unknown_place", f"{code} is {place.name}, not {name}", (code,))
    return Resolution(code, f"the code {code}")


def _indicator(statement: Mapping[str, Any]) -> Match:
    if statement["indicator_id"]:
        return _mapped(statement)
    phrase, subject = statement["indicator"], statement["subject"]
    if phrase and subject and phrase != subject:
        phrase = phrase.removeprefix(subject)  # 姜楼镇规上工业总产值 of 姜楼镇
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
    return as_share(found, unit=statement["unit"], measure=statement["measure"])


def _mapped(statement: Mapping[str, Any]) -> Match:
    """What a template says a label measures: nothing is guessed, only the unit has to fit."""
    entry, unit, measure = catalogue()[statement["indicator_id"]], statement["unit"], statement["measure"]
    fits = unit is None or measure in (*PERCENT_MEASURES, *UNITLESS_MEASURES)
    fits = fits or conversion(unit, entry.unit, entry.id) is not None or measure == "change"
    return Match(entry.id, statement["breakdown"] or TOTAL, aspect=statement["aspect"], fits=fits)


def _around(statement: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence before and behind the figure; empty for a grid."""
    sentence, first = statement["sentence"], statement["sentence_start"]
    if sentence is None or first is None:
        return "", ""
    return sentence[: statement["span_start"] - first], sentence[statement["span_end"] - first :]


def _amount(statement: Mapping[str, Any], found: Match) -> Amount:
    entry, unit, measure = catalogue()[found.indicator_id], statement["unit"], statement["measure"]
    if not found.fits:
        if unit is not None and unit not in units():
            raise Unresolved("unknown_unit", unit, (entry.unit,))
        raise Unresolved(
            "unit_conflict", f"{unit or 'no unit'} for {found.indicator_id}, measured in {entry.unit}", (entry.unit,)
        )
    if measure in UNITLESS_MEASURES:
        return _converted(statement, None, Fraction(1))
    if measure in PERCENT_MEASURES:
        passage = conversion(unit, "%", found.indicator_id) if unit else None
        return _converted(statement, "%", passage.factor if passage else Fraction(1))
    if unit is None:
        return _converted(statement, entry.unit, Fraction(1))
    if measure == "change" and units()[unit].dimension == "ratio_point":
        return _converted(statement, units()[unit].code, units()[unit].multiplier)
    passage = conversion(unit, entry.unit, found.indicator_id)
    if passage is None:
        raise Unresolved("unit_conflict", f"{unit} for {found.indicator_id}, measured in {entry.unit}", (entry.unit,))
    return _converted(statement, entry.unit, passage.factor)


def _converted(statement: Mapping[str, Any], unit: str | None, factor: Fraction) -> Amount:
    value, exact = convert(statement["value"], factor)
    high: Decimal | None = None
    high_exact = True
    if statement["value_high"] is not None:
        high, high_exact = convert(statement["value_high"], factor)
    if max(abs(value), abs(high or Decimal(0))) >= LIMIT:
        raise Unresolved("out_of_range", f"{statement['quote']} in {unit}")
    return Amount(value, high, unit, factor, exact and high_exact)


def _precision(statement: Mapping[str, Any], amount: Amount) -> Decimal:
    digit = last_digit(statement["quote"], statement["value"]) * amount.factor
    precision, _ = convert(Decimal(digit.numerator), Fraction(1, digit.denominator))
    return max(precision, PLACES)


def _period(statement: Mapping[str, Any], found: Match) -> Period:
    text = statement["time_period"]
    if text is None:
        raise Unresolved("no_period", "neither the sentence nor its section gives a period")
    period = parse_period(text)
    if period is None:
        raise Unresolved("no_period", f"{text} is no period")
    return stock_period(period) if catalogue()[found.indicator_id].kind == "stock" else period


def _project(statement: Mapping[str, Any], document: Document) -> Row:
    unit = statement["unit"]
    if unit is not None and unit not in units():
        raise Unresolved("unknown_unit", unit)
    canonical = units().get(unit) if unit is not None else None
    amount = _converted(
        statement, canonical.code if canonical else None, canonical.multiplier if canonical else Fraction(1)
    )
    return {
        "statement_id": statement["statement_id"],
        "document_id": document.document_id,
        "ref_area": document.home.code,
        "subject": statement["subject"],
        "indicator": statement["indicator"],
        "kind": statement["kind"],
        "measure": statement["measure"],
        "time_period": statement["time_period"],
        "obs_value": amount.value,
        "unit_measure": amount.unit,
        "value_text": statement["quote"],
        "comparator": statement["comparator"],
    }
