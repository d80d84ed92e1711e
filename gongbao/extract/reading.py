"""One sentence read number by number: what each says, what it inherits, which of them are read in step.

`read` walks the numbers of a sentence from left to right and keeps a state: the indicators last named, the subject
last named, the aspect of the last verb. A number with a noun of its own renews the state; one without (`、增长6.1%`,
`占年度计划的115%`, `总量位列全县第2`) inherits it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import clauses, comparators, measures, naming, pairs, phrases, subjects, thresholds, vocabulary
from gongbao.extract.amount import Amount
from gongbao.extract.clauses import Sentence
from gongbao.extract.state import Reading, State, emit
from gongbao.extract.statement import Measure


def read(sentence: Sentence, numbers: list[Amount], subject: str | None, state: State | None = None) -> State:
    """The readings of the sentence's numbers (refused ones left out before), with what it refuses itself."""
    state = state or State()
    state.subject = subject
    index = 0
    while index < len(numbers):
        if sentence.is_bracketed(numbers[index]):
            index = _bracketed(sentence, numbers, index, state)
            continue
        group = clauses.group(sentence, numbers, index)
        _read_group(sentence, numbers, group, state)
        index = group[-1] + 1
    return state


def _bracketed(sentence: Sentence, numbers: list[Amount], index: int, state: State) -> int:
    """The numbers inside one pair of brackets, read as a sentence of their own that inherits the state."""
    start, end = clauses.bracket_of(sentence, numbers[index])
    inside = []
    while index < len(numbers) and numbers[index].start < end:
        inside.append(numbers[index])
        index += 1
    inner = clauses.sentence(sentence.text, start, end, sentence.own_names)
    before = re.split(r"[，;:、]", sentence.clean[state.place : sentence.at(start)])[-1]
    noun = phrases.before(before, sentence.own_names).noun
    names = (noun,) if noun else state.names
    nested = State(names=names, joint=names[-1] if names else "", aspect=state.aspect)
    nested.entity, nested.entity_until = state.entity, state.entity_until
    read(inner, inside, state.subject, nested)
    state.readings.extend(nested.readings)
    state.refused.update(nested.refused)
    return index


def _left(sentence: Sentence, state: State, amount: Amount) -> str:
    """What leads up to the number since the number before it or its noun."""
    end = sentence.at(amount.start)
    is_upward = amount.chinese and comparators.is_upward(sentence.text, amount)
    return sentence.clean[state.place : end - 1 if is_upward else end]


_STEP: Final = re.compile(r"(?:分别|依次|各自|各为|各达)")
_YEARS_IN_STEP: Final = re.compile(r"(20\d\d)年?[、和]?(20\d\d)?年?[、和](20\d\d)年")


def _read_group(sentence: Sentence, numbers: list[Amount], group: list[int], state: State) -> None:
    if len(group) > 1 and _is_in_step(sentence, numbers, group, state):
        _read_in_step(sentence, numbers, group, state)
        return
    for index in group:
        _read_one(sentence, numbers, index, state)


def _is_in_step(sentence: Sentence, numbers: list[Amount], group: list[int], state: State) -> bool:
    """Whether a run of numbers is read in step with a list: by 分别, by as many names before it or in the state."""
    first = numbers[group[0]]
    clause = clauses.last_clause(_left(sentence, state, first))
    if _STEP.search(clause):
        return True
    if first.unit_kind == "count":
        return False
    noun = phrases.before(measures.read(clause, "", first).rest, sentence.own_names).noun
    return bool(pairs.names(noun, len(group))) if noun else len(state.names) == len(group)


def _read_in_step(sentence: Sentence, numbers: list[Amount], group: list[int], state: State) -> None:
    first = numbers[group[0]]
    clause = clauses.last_clause(_left(sentence, state, first))
    reading = measures.read(clause, "", first)
    phrase = phrases.before(_STEP.sub("", reading.rest), sentence.own_names)
    years = _YEARS_IN_STEP.search(clause)
    in_years = [year for year in years.groups() if year] if years else []
    left = _left(sentence, state, first)
    old = naming.from_noun(reading.rest)
    if old is not None:
        phrase = phrases.before(old, sentence.own_names)
    elif not phrase.noun:
        phrase = _list_before(left, sentence.own_names, len(group)) or phrase
        if not phrase.noun and not state.names:
            phrase = _earlier(left, sentence.own_names)
    noun = "" if len(in_years) == len(group) and phrase.noun in ("同期", "同期增速", "") else phrase.noun
    listed = subjects.listed(noun, len(group), sentence.own_names) if noun else None
    if listed:
        noun = listed[-1]
    names = (noun,) * len(group) if listed and noun else pairs.of_verbs(clause, noun, len(group))
    names = names or _names_in_step(noun, len(group), state, left, reading.measure)
    driven = measures.DRIVEN.search(clause)
    if driven and reading.measure == "change":
        names = tuple(f"{name}拉动{driven['driven']}" for name in names)
    _take_subject(sentence, left, clause, state)
    if noun:
        state.joint = noun
        state.aspect = phrase.aspect
    subject = state.subject
    for position, index in enumerate(group):
        bound = sentence.bound(numbers[index])
        if listed:
            state.subject, state.owner = listed[position], None
        emit(
            state, numbers[index], bound, naming.Name(names[position], state.aspect, 0, not noun), reading,
            is_old=old is not None, year=in_years[position] if len(in_years) == len(group) else None,
        )  # fmt: skip
        state.place = sentence.at(bound.end)
    state.names, state.subject = names, subject


def _list_before(left: str, own_names: tuple[str, ...], count: int) -> phrases.Phrase | None:
    """The list of as many names that the clause before ends in: `总数达到1万座，甲、乙，分别达到64家和6家`."""
    clause = next(iter(clauses.earlier_clauses(left)), "")
    phrase = phrases.before(clause, own_names) if clause else None
    return phrase if phrase and phrase.noun and pairs.names(phrase.noun, count) else None


def _earlier(left: str, own_names: tuple[str, ...]) -> phrases.Phrase:
    """The phrase of the nearest clause before that has a noun: `甲、乙招生，分别增长`."""
    for clause in clauses.earlier_clauses(left):
        phrase = phrases.before(clause, own_names)
        if phrase.noun:
            return phrase
    return phrases.Phrase("")


def _names_in_step(noun: str, count: int, state: State, left: str, measure: Measure) -> tuple[str, ...]:
    levels = [r.indicator for r in state.readings if r.measure == "level" and r.indicator]
    latest = tuple(levels[-count:]) if len(set(levels[-count:])) == count else ()
    if noun in naming.totals() and latest:
        return latest
    if noun in naming.generic() and len(state.names) == count:
        return tuple(naming.stem(name, noun) for name in state.names)
    if noun in vocabulary.signs("rates") and state.names:
        return latest if latest and measure != "change" else (state.names[-1],) * count
    named = pairs.names(noun, count) if noun else None
    if named and pairs.sides(named) and levels:
        return tuple(levels[-1] if name == "总量" else naming.stem(levels[-1], name) for name in named)
    if noun:
        return (
            named
            or pairs.of_class(clauses.last_clause(left), noun, count)
            or pairs.across_clauses(left, noun, count)
            or (noun,) * count
        )
    if len(state.names) == count:
        return state.names
    if latest and not pairs.names(state.joint, count):
        return latest
    last = state.joint or (state.names[-1] if state.names else "")
    return pairs.names(state.joint, count) or (last,) * count


def _read_one(sentence: Sentence, numbers: list[Amount], index: int, state: State) -> None:
    amount = numbers[index]
    bound = sentence.bound(amount)
    left = _left(sentence, state, amount)
    right = clauses.right(sentence, bound.end, numbers, index)
    clause = clauses.last_clause(left)
    if "每" in clause and (per := _PER.search(clause)):
        clause = clause[: per.start()]
        if per["what"] == "立方米" and amount.unit_kind == "mass":
            amount = amount.changed(unit=f"{amount.unit}/立方米")
    if amount.ratio:
        _read_ratio(sentence, amount, left, state)
        return
    if thresholds.is_class(numbers, index, bound, sentence.text, right):
        state.refused[amount.start] = "class"
        return
    reading = measures.read(clause, right, amount)
    if reading.measure == "growth" and reading.price_base is None and _AT_CONSTANT_PRICES.search(left):
        reading = reading.at_constant_prices()
    if state.is_aside and clause.strip() == "的" and amount.unit == "%":
        reading = measures.Reading("completion", "")
    if _goes_on_from_share(sentence, amount, reading, state):
        reading = reading.measuring("share")
    if _goes_on_from_index(amount, reading, state):
        reading = reading.measuring("index")
    if _lacks_unit(amount, reading, clause, state):
        state.refused[amount.start] = "unit_missing"
        return
    if _entity(sentence, amount, bound, clause, right, state):
        return
    if reading.measure == "level" and amount.start >= state.entity_until:
        state.entity = None
    subject_before = state.subject
    if reading.measure != "rank":
        _take_subject(sentence, left, clause, state)
        is_of_part = clause and state.names and amount.unit_kind in _OF_PARTS
        part = subjects.alone(clause, sentence.own_names) if is_of_part else None
        if part:
            state.subject, state.owner = part, None
    end = sentence.at(bound.end)
    is_followed = index + 1 < len(numbers)
    stands_alone = not is_followed or (right.strip("、和") and not sentence.is_bracketed(numbers[index + 1]))
    beyond, beyond_at = (right, end) if stands_alone else clauses.beyond(sentence, numbers, index)
    context = naming.Context(
        left, clause, right, end, beyond, beyond_at, is_followed,
        state.names, state.joint, state.aspect, _called(sentence, state), state.subject != subject_before, state.index,
    )  # fmt: skip
    name = naming.read(reading, amount, context)
    if not name.is_inherited or name.is_total:
        carried = state.aspect if state.aspect and _carries_aspect(amount, name, left, state) else None
        state.aspect = name.aspect or carried
    if reading.aspect:
        name = name.of_aspect(reading.aspect)
    emit(state, amount, bound, name, reading, is_old=naming.is_old_value(clause, right))
    state.place = max(end, name.taken_until)
    state.is_aside = name.is_aside
    if name.text and not name.is_aside:
        state.names, state.joint = (name.text,), name.text


_AT_CONSTANT_PRICES: Final = re.compile(r"按(?:可比|不变)价格?(?:计算|核算)?，[^，。;]*\Z")
_PER: Final = re.compile(r"每(?P<what>立方米|立方|吨|亩|平方米|公斤|斤|千瓦时)\Z")
"""`浓度不高于每立方米30微克`: what the amount is measured in stands before it."""
_OF_PARTS: Final = ("money", "ratio")
"""Units in which parts of a place have figures: 5个开发区 counts zones, 开发区5亿元 is one's own."""
_SAYS_SHARE: Final = re.compile(r"占|比重|比例|份额")


def _goes_on_from_share(sentence: Sentence, amount: Amount, reading: measures.Reading, state: State) -> bool:
    """`占…比重由8.9%提高到9.2%`: what it came to is a share as what it came from."""
    previous = state.readings[-1] if state.readings else None
    is_state = reading.measure == "level" and amount.unit == "%" and not reading.rest.strip("，")
    if not is_state or previous is None or not previous.is_old or previous.measure != "share":
        return False
    return bool(_SAYS_SHARE.search(sentence.clean, max(0, state.place - 40), state.place))


def _goes_on_from_index(amount: Amount, reading: measures.Reading, state: State) -> bool:
    """`居民消费价格指数100.1%，其中衣着类100.9%`: a class of what an index was given for has an index too."""
    is_class = amount.unit in ("%", None) and reading.rest.endswith("类")
    return bool(state.index) and is_class and reading.measure == "level"


def _carries_aspect(amount: Amount, name: naming.Name, left: str, state: State) -> bool:
    """新增 before a list carries on over items without a verb of their own, and never to a total of the same thing."""
    if name.is_total or not state.readings or left.startswith(";"):
        return False
    counted = ("count", "person")
    return amount.unit_kind in counted and name.is_bare and not _names_stock_of(name.text, state)


def _names_stock_of(text: str, state: State) -> bool:
    """`新增高新技术企业3家，期末高新技术企业18家`: the second is what there is of the first."""
    standing = vocabulary.class_set("standing_stock")
    said = {reading.indicator for reading in state.readings if reading.indicator}
    return text in said or any(text.endswith(name) and text.removesuffix(name) in standing for name in said)


@cache
def _unitless() -> re.Pattern[str]:
    return re.compile(
        rf"{vocabulary.any_of('unitless_noun')}[^，。;一-鿿]*(?:[由从](?:(?:上年|去年|(?:19|20)\d\d年末?)的?)?)?"
        rf"(?:进一步|持续|预计)?{vocabulary.any_of('ratio_move')}?(?:达到?|为|至|到|完成|是)*\Z"
    )


@cache
def _goes_to() -> re.Pattern[str]:
    return re.compile(rf"(?:{vocabulary.any_of('ratio_move')}|调整)?(?:达到?|为|至|到|是)约?\Z")


def _lacks_unit(amount: Amount, reading: measures.Reading, clause: str, state: State) -> bool:
    if amount.unit is not None or amount.magnitude or reading.measure in ("rank", "index"):
        return False
    if reading.measure == "change":
        previous = state.readings[-1] if state.readings else None
        is_of_count = previous is not None and previous.measure == "level" and previous.amount.unit_kind == "count"
        return previous is None or not (previous.unit is None or is_of_count)
    names_ratio = state.names and state.names[-1].endswith(vocabulary.word_class("unitless_noun"))
    if names_ratio and _goes_to().fullmatch(clause):
        return False
    return not _unitless().search(clause)


_COUNTED_OWNER: Final = re.compile(r"(?P<noun>[^\d]+)\d+[余多]?[个项家]\Z")
"""`总投资64亿元的重点项目31个` speaks of the area's projects, not of one by name."""


def _entity(
    sentence: Sentence, amount: Amount, bound: comparators.Bound, clause: str, right: str, state: State
) -> bool:
    """`投资N元的Y`, `占地N亩的Y`: the amount is Y's own. Remembers Y for the numbers inside its name."""
    found = subjects.attribute(clause, right, amount, sentence.text, bound.end, sentence.end)
    if found is None:
        return False
    attribute, owner, until = found
    counted = _COUNTED_OWNER.match(owner)
    if counted:
        emit(state, amount, bound, naming.Name(counted["noun"] + attribute), measures.Reading("level", clause))
        state.place, state.entity = sentence.at(bound.end), None
        return True
    state.entity, state.entity_until = owner, until
    emit(state, amount, bound, naming.Name(attribute), measures.Reading("level", clause), owner=owner)
    state.place = sentence.at(bound.end)
    return True


def _called(sentence: Sentence, state: State) -> tuple[str, ...]:
    """The names that an indicator does not repeat: the place's own, and the subject's where it is another."""
    is_other = state.subject is not None and state.subject not in sentence.own_names
    subject = state.subject if is_other else None
    if not subject and not state.owner:
        return sentence.own_names
    level = subject[-3:] if subject and subject.endswith("本级") else None
    named = (state.owner, subject, level)
    return (*sentence.own_names, *(name for name in named if name))


_STRETCH_END: Final = re.compile(r"(?<=[，;])")
_OPENING: Final = 16
"""A place named this far into a sentence is spoken of up to the next semicolon only."""


def _take_subject(sentence: Sentence, left: str, last: str, state: State) -> None:
    """The subject that the clauses of `left` name, the `last` one last; an enterprise that opens a clause is one."""
    if subjects.subject_sign().search(left) is None:
        if ";" in left:
            state.owner = None
            if state.is_passing_place:
                state.subject, state.is_passing_place = None, False
        return
    stretches = _STRETCH_END.split(left) if "，" in left or ";" in left else [left]
    for clause in stretches:
        named = subjects.named(clause, sentence.own_names, is_last=clause is stretches[-1])
        if named is not None:
            state.subject, state.owner = named or None, None
        owner = subjects.enterprise(clause)
        if owner and owner != state.owner:
            state.owner, state.names, state.joint = owner, (), ""
        elif not owner and clause.endswith(";"):
            state.owner = None
    if state.is_passing_place and ";" in left:
        state.subject, state.is_passing_place = None, False
    is_home = state.is_passing_place or state.subject is None or state.subject in sentence.own_names
    other = subjects.other_place(last, sentence.own_names)
    if other:
        state.subject, state.owner = other, None
        state.is_passing_place = is_home and state.place + len(left) - len(last) > _OPENING


_SECTORS: Final = ("第一产业比重", "第二产业比重", "第三产业比重")
_SECTOR_CUE: Final = re.compile(r"产业|三产|结构|一二三")
_RATIO_LEAD: Final = re.compile(r"(?:[由从].*)?(?:调整|优化|转变|变化|演变|变)?(?:为|到|至|成)\Z")


def _read_ratio(sentence: Sentence, amount: Amount, left: str, state: State) -> None:
    noun = phrases.before(_RATIO_LEAD.sub("", clauses.last_clause(left)), sentence.own_names).noun
    is_sectors = len(amount.ratio) == 3 and _SECTOR_CUE.search(left + state.joint)
    names = _SECTORS if is_sectors else (noun or "比例",) * len(amount.ratio)
    is_old = bool(re.search(r"[由从][^，。;]{0,20}\Z", left))
    for position, (start, end, value) in enumerate(amount.ratio):
        part = amount.changed(start=start, end=end, number_end=end, value=value)
        state.readings.append(
            Reading(part, end, "area", state.subject, names[position], "share", value, None, "%", "eq", is_old=is_old)
        )
    state.place = sentence.at(amount.end)
    state.names, state.joint = (noun or "产业结构",), noun or "产业结构"
