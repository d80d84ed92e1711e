"""One sentence read number by number: what each says, what it inherits, which of them are read in step.

`read` walks the numbers of a sentence from left to right and keeps a state: the indicators last named, the subject
last named, the aspect of the last verb. A number with a noun of its own renews the state; one without (`、增长6.1%`,
`占年度计划的115%`, `总量位列全县第2`) inherits it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gongbao.extract import comparators, measures, pairs, phrases, subjects
from gongbao.extract.amounts import Amount
from gongbao.extract.statement import Aspect, Comparator, Measure, SubjectType


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number says, before time and commitment are asked: the slots that a sentence alone decides."""

    amount: Amount
    end: int
    subject_type: SubjectType
    subject: str | None
    indicator: str | None
    measure: Measure
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    comparator: Comparator
    aspect: Aspect | None = None
    base: str | None = None
    price_base: str | None = None
    scope: str | None = None
    part: int | None = None


@dataclass(slots=True)
class State:
    """What a sentence has named so far."""

    names: tuple[str, ...] = ()
    joint: str = ""
    aspect: Aspect | None = None
    subject: str | None = None
    entity: str | None = None
    entity_until: int = 0
    consumed: int = 0
    end: int = 0
    readings: list[Reading] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    r"""A sentence `[start, end)` of the folded text with its numbers; `masked` blanks bracketed stretches by \\x00."""

    text: str
    masked: str
    start: int
    end: int
    own_names: tuple[str, ...]


_BRACKETS = re.compile(r"\([^()\n]{0,200}\)")
_ONLY_JOIN = re.compile(
    r"[ \x1f]*(?:[、，][ \x1f]*)?(?:和|及|与|以及|、|;)?[ \x1f]*(?:约|近|超过?|达到?|不低于|不少于|突破|逾|-)?[ \x1f]*\Z"
)
_STEP = re.compile(r"(?:分别|依次|各自|各为|各达)")
_GENERIC = frozenset(
    ["总量", "强度", "增速", "占比", "比重", "总产值", "产值", "总投资", "投资", "计划总投资", "投资额", "总额", "余额", "总数", "总数量", "数量", "数额", "规模", "面积", "总面积", "产量", "产值", "价值", "收入", "支出", "利润", "利税", "税收", "增幅", "总值", "金额", "合同额", "资金", "标准", "均价", "人口", "人数", "户数", "总人口", "个数", "平均", "增量", "增加值", "占地", "覆盖率", "普及率", "达标率", "合格率", "办结率", "完成率", "成功率", "满意率", "满意度", "年产值", "年产量", "总产量", "总长", "全长", "总长度", "长度", "建筑面积", "占地面积", "单产", "年产", "年末存栏", "存栏", "出栏", "年出栏", "存栏量", "出栏量", "年末存栏量", "到位资金", "涉及资金", "总金额", "首位度", "位次"]
)
_CLASS_TAIL = re.compile(r"(?:以上|以下|以内)\Z")


def mask(text: str, start: int, end: int) -> str:
    """`text[start:end]` with bracketed stretches blanked, of the same length."""
    return _BRACKETS.sub(lambda match: "\x00" * len(match.group()), text[start:end])


def read(sentence: Sentence, numbers: list[Amount], subject: str | None, state: State | None = None) -> State:
    """The readings of the sentence's numbers (refused ones left out before), with what it refuses itself."""
    state = state or State()
    state.subject = subject
    index = 0
    while index < len(numbers):
        if _is_masked(sentence, numbers[index]):
            index = _bracketed(sentence, numbers, index, state)
            continue
        group = _group(sentence, numbers, index)
        _read_group(sentence, numbers, group, state)
        index = group[-1] + 1
    return state


def _is_masked(sentence: Sentence, amount: Amount) -> bool:
    return sentence.masked[amount.start - sentence.start] == "\x00"


def _bracketed(sentence: Sentence, numbers: list[Amount], index: int, state: State) -> int:
    """The numbers inside one pair of brackets, read as a sentence of their own that inherits the state."""
    offset = numbers[index].start - sentence.start
    opened = sentence.masked.rfind("\x00", 0, offset + 1)
    while opened > 0 and sentence.masked[opened - 1] == "\x00":
        opened -= 1
    closed = offset
    while closed < len(sentence.masked) and sentence.masked[closed] == "\x00":
        closed += 1
    last = index
    while last < len(numbers) and numbers[last].start < sentence.start + closed:
        last += 1
    start, end = sentence.start + opened + 1, sentence.start + closed - 1
    inner = Sentence(
        sentence.text,
        sentence.text[start:end].replace("(", "\x00").replace(")", "\x00"),
        start,
        end,
        sentence.own_names,
    )
    before = phrases.before(_outer_clause(sentence, state, sentence.start + opened), sentence.own_names)
    names = (before.noun,) if before.noun and not before.noun.endswith("的") else state.names
    nested = State(names=names, joint=names[0] if names else "", aspect=state.aspect, end=start, consumed=start)
    inside = [number for number in numbers[index:last] if not _is_masked(inner, number)]
    read(inner, inside, state.subject, nested)
    state.readings.extend(nested.readings)
    state.refused.update(nested.refused)
    for number in numbers[index:last]:
        if number not in inside:
            state.refused[number.start] = "name"
    return last


def _outer_clause(sentence: Sentence, state: State, until: int) -> str:
    left = sentence.masked[max(state.end, sentence.start) - sentence.start : until - sentence.start]
    return re.split(r"[，。;:、]", left.replace("\x00", ""))[-1]


def _group(sentence: Sentence, numbers: list[Amount], index: int) -> list[int]:
    """The run of numbers that only list signs separate, beginning at `index`."""
    group = [index]
    for following in range(index + 1, len(numbers)):
        previous, number = numbers[following - 1], numbers[following]
        if _is_masked(sentence, number) or number.unit_kind != previous.unit_kind:
            break
        gap = sentence.text[comparators.read(sentence.text, previous).end : number.start]
        bare = _BRACKETS.sub("", gap)
        if not bare.strip(" \x1f") or not _ONLY_JOIN.match(bare):
            break
        group.append(following)
    return group


def _left(sentence: Sentence, state: State, amount: Amount) -> str:
    """What leads up to the number since the number before it, brackets left out."""
    start = max(state.end, sentence.start, state.consumed)
    return sentence.masked[max(0, start - sentence.start) : amount.start - sentence.start].replace("\x00", "")


def _right(sentence: Sentence, end: int, numbers: list[Amount], index: int) -> str:
    following = next((n.start for n in numbers[index + 1 :] if not _is_masked(sentence, n)), sentence.end)
    return sentence.masked[end - sentence.start : following - sentence.start].replace("\x00", "")


def _beyond(sentence: Sentence, numbers: list[Amount], index: int) -> str:
    """What follows the last of numbers that stand side by side: `96户177人贫困人口` → `贫困人口`."""
    while index + 1 < len(numbers):
        end = comparators.read(sentence.text, numbers[index]).end
        if sentence.text[end : numbers[index + 1].start].strip(" \x1f"):
            break
        index += 1
    return _right(sentence, comparators.read(sentence.text, numbers[index]).end, numbers, index)


def _right_of_next(sentence: Sentence, numbers: list[Amount], index: int) -> str:
    return sentence.text[numbers[index + 1].start : numbers[index + 1].end] if index + 1 < len(numbers) else ""


_LAST_CLAUSE = re.compile(r"[，;:]")


def _clause(left: str) -> str:
    return _LAST_CLAUSE.split(left)[-1]


def _read_group(sentence: Sentence, numbers: list[Amount], group: list[int], state: State) -> None:
    first = numbers[group[0]]
    left = _left(sentence, state, first)
    step = _STEP.search(_clause(left))
    if len(group) > 1 and (step or _names_for(left, len(group), sentence, first)):
        _read_in_step(sentence, numbers, group, state, left)
        return
    for index in group:
        _read_one(sentence, numbers, index, state)


def _names_for(left: str, count: int, sentence: Sentence, amount: Amount) -> bool:
    """Whether a list before numbers without 分别 names exactly as many things."""
    reading = measures.read(_clause(left), "", amount)
    noun = phrases.before(reading.rest, sentence.own_names).noun
    return bool(noun) and amount.unit_kind != "count" and bool(pairs.names(noun, count))


def _read_in_step(sentence: Sentence, numbers: list[Amount], group: list[int], state: State, left: str) -> None:
    first = numbers[group[0]]
    reading = measures.read(_clause(left), "", first)
    clause = _STEP.sub("", reading.rest)
    phrase = phrases.before(clause, sentence.own_names)
    noun = phrase.noun
    if noun in _GENERIC and len(state.names) == len(group):
        names: tuple[str, ...] = tuple(_with_stem(name, noun) for name in state.names)
    elif noun:
        names = pairs.names(noun, len(group)) or (noun,) * len(group)
        state.joint = noun
    elif len(state.names) == len(group):
        names = state.names
    else:
        names = pairs.names(state.joint, len(group)) or (
            (state.joint or (state.names[-1] if state.names else "")),
        ) * len(group)
    _take_subject(sentence, _clause(left), state)
    if noun:
        state.aspect = phrase.aspect
    for index, name in zip(group, names, strict=True):
        amount = numbers[index]
        bound = comparators.read(sentence.text, amount)
        _emit(state, amount, bound, name, reading)
        state.end = bound.end
    state.names = names
    state.consumed = state.end


def _with_stem(name: str, generic: str) -> str:
    """`研发经费投入总量` and `强度` → `研发经费投入强度`; `重点项目` and `投资` → `重点项目投资`."""
    if name.endswith(generic):
        return name
    for tail in sorted(_GENERIC, key=lambda word: (-len(word), word)):
        if name.endswith(tail) and len(name) > len(tail) + 1 and len(tail) >= 2:
            return name[: -len(tail)] + generic
    return name + generic


def _read_one(sentence: Sentence, numbers: list[Amount], index: int, state: State) -> None:
    amount = numbers[index]
    bound = comparators.read(sentence.text, amount)
    left = _left(sentence, state, amount)
    right = _right(sentence, bound.end, numbers, index)
    if amount.ratio:
        _read_ratio(sentence, amount, left, state)
        return
    clause = _clause(left)
    if _is_class(sentence, amount, bound, right):
        state.refused[amount.start] = "class"
        return
    reading = measures.read(clause, right, amount)
    if amount.unit is None and not amount.magnitude and reading.measure == "level" and not _UNITLESS.search(clause):
        state.refused[amount.start] = "unit_missing"
        return
    if _entity(sentence, amount, bound, clause, right, state):
        return
    if reading.measure == "level" and amount.start >= state.entity_until:
        state.entity = None
    _take_subject(sentence, clause, state)
    following = _beyond(sentence, numbers, index) if not right.strip(" \x1f") else _right_of_next(sentence, numbers, index)
    name, aspect = _name(sentence, reading, amount, left, right, following, state, bound.end)
    if aspect is not None or name not in state.names:
        state.aspect = aspect if aspect is not None else (state.aspect if left.startswith("、") else None)
    _emit(state, amount, bound, name, reading)
    state.end = bound.end
    state.consumed = max(state.consumed, bound.end)
    if name:
        state.names, state.joint = (name,), name


_UNITLESS = re.compile(
    r"(?:指数|率|比|系数|得分|评分|满意度|比例|强度|弹性|倍数|数|值)[^，。;一-鿿]*(?:达到?|为|至|到|降至|升至|完成|是|[ \x1f])*\Z"
)
_CLASS_UNITS = frozenset(
    ("money", "land", "floor", "length", "mass", "energy", "volume", "person", "compound", "ratio")
)


def _is_class(sentence: Sentence, amount: Amount, bound: comparators.Bound, right: str) -> bool:
    """N以上 as a class: a threshold of money, area or size directly before the noun that it sorts."""
    following = right.lstrip(" \x1f")
    if following.startswith(("级", "量级")) and amount.unit in ("元", "吨", "人", "千瓦", None):
        return True
    if not bound.cue_after or bound.comparator not in ("min", "max") or bound.end == amount.end:
        return False
    if amount.unit_kind not in _CLASS_UNITS and not amount.bare_magnitude:
        return False
    if amount.unit_kind in ("ratio",) or (amount.unit in ("人", "人次", "户") and not following.startswith("的")):
        return False
    if following.startswith("的") and amount.unit_kind == "ratio":
        return False
    return bool(subjects.class_noun().match(following))


def _entity(
    sentence: Sentence, amount: Amount, bound: comparators.Bound, clause: str, right: str, state: State
) -> bool:
    """`投资N元的Y`, `占地N亩的Y`: the amount is Y's own. Remembers Y for the numbers inside its name."""
    found = subjects.attribute(clause, right, amount, sentence.text, bound.end, sentence.end)
    if found is None:
        return False
    attribute, owner, until = found
    state.entity, state.entity_until = owner, until
    level = measures.Reading("level", clause)
    _emit(state, amount, bound, attribute, level, owner)
    state.end = bound.end
    state.consumed = bound.end
    return True


def _take_subject(sentence: Sentence, clause: str, state: State) -> None:
    named = subjects.named(clause, sentence.own_names)
    if named is not None:
        state.subject = named or None


def _name(
    sentence: Sentence, reading: measures.Reading, amount: Amount, left: str, right: str, following: str, state: State,
    end: int,
) -> tuple[str, Aspect | None]:
    """The indicator of a number that stands alone, with the aspect its verb gives it."""
    phrase = phrases.before(reading.rest, sentence.own_names)
    noun = phrase.noun
    takes_right = reading.measure in ("level", "change") and (
        not noun or noun.endswith("等") or phrase.ends_in_verb or reading.rest.rstrip(" \x1f").endswith("的")
    )
    if not takes_right and reading.measure == "level" and amount.unit_kind == "count":
        takes_right = _stands_before_its_noun(noun, right, following)
    if takes_right and not right.strip(" \x1f") and following:
        right, end = following, end - len(following) - 1
    if reading.of_group:
        found, taken = phrases.after(right)
        if found:
            state.consumed = end + taken
            return found, None
    if takes_right:
        found, taken = phrases.after(right)
        if found:
            state.consumed = max(state.consumed, end + taken)
            return found, phrase.aspect
    if noun.endswith("等"):
        noun = re.split(r"[、和]", noun[:-1])[-1]
    if not noun:
        if (
            reading.measure in ("level", "change")
            and phrase.verb
            and not left.lstrip(" \x1f").startswith("、")
            and not state.names
        ):
            return phrase.verb, phrase.aspect
        if (
            reading.measure == "level"
            and phrase.verb
            and len(phrase.verb) >= 2
            and state.names
            and amount.unit_kind == "money"
        ):
            return phrase.verb, phrase.aspect
        if state.names:
            return state.names[-1] if len(state.names) == 1 else state.joint or state.names[-1], state.aspect
        return _earlier_noun(sentence, left) or phrase.verb, phrase.aspect
    if amount.unit_kind == "count":
        noun = _counted_last(noun, amount)
    if noun in _GENERIC and state.names:
        return _with_stem(state.names[-1], noun), phrase.aspect
    if _GRADE.fullmatch(noun) and state.names:
        return noun + _GRADE.sub("", state.names[-1], count=1), phrase.aspect if phrase.verb else state.aspect
    if _CLASS_TAIL.search(noun) and state.names:
        return noun + state.names[-1], phrase.aspect
    return noun, phrase.aspect


_GRADE = re.compile(r"^(?:国家|省部|省|市|县|区|州|部|世界|国际)级(?:以上)?")
_ATTRIBUTIVE = re.compile(r"(?:[定批办属管]|票决|重点|主要|全国|全省|全市|首批|累计|共|级|新型|大型|中型|小型|标准化|规范化|[、和及与].{0,8})\Z")


def _stands_before_its_noun(noun: str, right: str, following: str) -> bool:
    """`省定20项民生工程`: the noun before the number only qualifies the one after it."""
    if not _ATTRIBUTIVE.search(noun):
        return False
    found, taken = phrases.after(right)
    return len(found) >= 2 and not (following and taken >= len(right.rstrip(" \x1f")))


def _counted_last(noun: str, amount: Amount) -> str:
    """Of a list with more members than the count, the count is the last member's: `A、B、C及医院1座` → `医院`."""
    members = re.split(r"、|及(?!时)|以及", noun)
    if amount.value is not None and len(members) > max(amount.value, 1) and "等" not in noun and "”" not in members[0]:
        return members[-1] if len(members[-1]) >= 2 else noun
    return noun


def _earlier_noun(sentence: Sentence, left: str) -> str:
    """The noun of the nearest clause before, where the number's own clause has none."""
    for clause in reversed(_LAST_CLAUSE.split(left)[:-1]):
        noun = phrases.before(clause, sentence.own_names).noun
        if noun:
            return noun if len(noun) <= 20 else ""
    return ""


_SECTORS = ("第一产业比重", "第二产业比重", "第三产业比重")
_SECTOR_CUE = re.compile(r"产业|三产|结构|一二三")


def _read_ratio(sentence: Sentence, amount: Amount, left: str, state: State) -> None:
    clause = _clause(left)
    noun = phrases.before(
        re.sub(r"(?:[由从].*)?(?:调整|优化|转变|变化|演变)?(?:为|到|至|成)\Z", "", clause), sentence.own_names
    ).noun
    names = (
        _SECTORS
        if len(amount.ratio) == 3 and _SECTOR_CUE.search(left + state.joint)
        else (noun or "比例",) * len(amount.ratio)
    )
    for position, (start, end, value) in enumerate(amount.ratio):
        state.readings.append(
            Reading(
                replace(amount, start=start, end=end, number_end=end, value=value), end, "area", state.subject,
                names[position], "share", value, None, "%", "eq", part=position,
            )
        )  # fmt: skip
    state.end = state.consumed = amount.end
    state.names, state.joint = (noun or "产业结构",), noun or "产业结构"


_MONEY_NOUN = re.compile(
    r"(?:资金|投资|收入|支出|产值|利润|税收|税|GDP|生产总值|增加值|销售额|零售额|交易额|贷款|存款|余额|债券|补贴|补助|任务|费用?|额|金|成本|营收|财政|总值)"
)


def _unit(amount: Amount, name: str, reading: measures.Reading) -> str | None:
    if reading.measure == "rank":
        return None
    if reading.measure == "index":
        return None if amount.unit != "倍" else "%"
    if amount.unit == "倍" and reading.measure == "growth":
        return "%"
    if amount.unit is None and amount.magnitude:
        return "元" if "亿" in amount.magnitude or _MONEY_NOUN.search(name) else "人"
    if amount.unit == "人" and reading.measure == "change" and re.search(r"位次|排名|名次", name):
        return "位"
    return amount.unit


def _emit(
    state: State,
    amount: Amount,
    bound: comparators.Bound,
    name: str,
    reading: measures.Reading,
    owner: str | None = None,
) -> None:
    value, high = amount.value, amount.value_high
    if value is None:
        state.refused[amount.start] = "unreadable"
        return
    scale = Decimal(100) if amount.unit == "倍" and reading.measure in ("growth", "index") else Decimal(1)
    value *= scale
    high = high * scale if high is not None else None
    if reading.sign < 0 and value > 0:
        value, high = -value, (-high if high is not None else None)
    owner = owner or (state.entity if amount.start < state.entity_until else None)
    state.readings.append(
        Reading(
            amount, bound.end, "entity" if owner else "area", owner or state.subject, name or None, reading.measure,
            value, high, _unit(amount, name, reading), bound.comparator, state.aspect,
            reading.base if reading.measure in ("growth", "change") else None, reading.price_base, reading.scope,
        )
    )  # fmt: skip
