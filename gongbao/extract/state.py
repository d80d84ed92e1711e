"""What a sentence has said so far: the readings of its numbers, and what the next number inherits from them.

`emit` writes one reading: the value with the sign of its verb, the unit that a bare number leaves out, whose it is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

from gongbao.extract import comparators, measures, naming, vocabulary
from gongbao.extract.amount import Amount, whole
from gongbao.extract.statement import Aspect, Comparator, Measure, SubjectType


class Reading:
    """What a number says, before time and commitment are asked: the slots that a sentence alone decides.

    `is_old` marks where something came from (由…), `is_inherited` an indicator that the number does not name itself;
    `years` are the years that its list is read in step with.
    """

    def __init__(
        self,
        amount: Amount,
        end: int,
        subject_type: SubjectType,
        subject: str | None,
        indicator: str | None,
        measure: Measure,
        value: Decimal,
        value_high: Decimal | None,
        unit: str | None,
        comparator: Comparator,
        aspect: Aspect | None = None,
        base: str | None = None,
        price_base: str | None = None,
        scope: str | None = None,
        is_old: bool = False,
        is_inherited: bool = False,
        year: str | None = None,
    ) -> None:
        self.amount: Final = amount
        self.end: Final = end
        self.subject_type: Final = subject_type
        self.subject: Final = subject
        self.indicator: Final = indicator
        self.measure: Final = measure
        self.value: Final = value
        self.value_high: Final = value_high
        self.unit: Final = unit
        self.comparator: Final = comparator
        self.aspect: Final = aspect
        self.base: Final = base
        self.price_base: Final = price_base
        self.scope: Final = scope
        self.is_old: Final = is_old
        self.is_inherited: Final = is_inherited
        self.year: Final = year


class State:
    """What a sentence has named so far; `place` is how far its clean reading has been used up."""

    def __init__(
        self,
        names: tuple[str, ...] = (),
        joint: str = "",
        index: str = "",
        aspect: Aspect | None = None,
        subject: str | None = None,
        entity: str | None = None,
        entity_until: int = 0,
        owner: str | None = None,
        place: int = 0,
        readings: list[Reading] | None = None,
        is_passing_place: bool = False,
        is_aside: bool = False,
        refused: dict[int, str] | None = None,
    ) -> None:
        self.names = names
        self.joint = joint
        self.index = index
        self.aspect = aspect
        self.subject = subject
        self.entity = entity
        self.entity_until = entity_until
        self.owner = owner
        self.place = place
        self.readings: list[Reading] = [] if readings is None else readings
        self.is_passing_place = is_passing_place
        self.is_aside = is_aside
        self.refused: dict[int, str] = {} if refused is None else refused


@cache
def _money_noun() -> re.Pattern[str]:
    return re.compile(vocabulary.any_of("money_noun"))


def _unit(amount: Amount, name: str, reading: measures.Reading) -> str | None:
    if reading.measure in ("rank", "index"):
        return "%" if amount.unit == "倍" else None
    if amount.unit == "倍" and reading.measure == "growth":
        return "%"
    if amount.unit is None and amount.magnitude:
        return "元" if "亿" in amount.magnitude or _money_noun().search(name) else "人"
    if amount.spelled == "位" and reading.measure == "change":
        return "位"
    return amount.unit


def _unit_of_level(amount: Amount, name: naming.Name, reading: measures.Reading, state: State) -> str | None:
    """`托位达1450个，同比多210`: a bare change is counted in the unit of the level that it changed."""
    if reading.measure != "change" or amount.unit is not None or amount.magnitude:
        return None
    levels = (r for r in reversed(state.readings) if r.measure == "level" and r.indicator == name.text)
    return next((level.unit for level in levels), None)


def emit(
    state: State, amount: Amount, bound: comparators.Bound, name: naming.Name, reading: measures.Reading,
    owner: str | None = None, is_old: bool = False, year: str | None = None,
) -> None:  # fmt: skip
    """Add the reading of a number to what the sentence has said, or refuse a number that cannot be read."""
    value, high = amount.value, amount.value_high
    if value is None:
        state.refused[amount.start] = "unreadable"
        return
    if amount.unit == "倍" and reading.measure in ("growth", "index"):
        value, high = whole(value * 100), whole(high * 100) if high is not None else None
    if reading.sign < 0 and value > 0:
        value, high = -value, (-high if high is not None else None)
    if reading.measure == "index" and name.text.endswith("指数"):
        state.index = name.text
    unit = _unit(amount, name.text, reading) or _unit_of_level(amount, name, reading, state)
    owner = owner or (state.entity if amount.start < state.entity_until else None) or state.owner
    has_base = reading.measure in ("growth", "change")
    state.readings.append(
        Reading(
            amount, bound.end, "entity" if owner else "area", owner or state.subject, name.text or None,
            reading.measure, value, high, unit, bound.comparator,
            name.aspect or state.aspect, reading.base if has_base else None, reading.price_base, reading.scope,
            is_old, name.is_inherited, year,
        )
    )  # fmt: skip
