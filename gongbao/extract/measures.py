"""What a number measures: a level, growth, an absolute change, a share, a rank, a completion or an index.

Told from the words between the noun and the number (增长, 占…的比重, 完成年度计划的), from the unit, and from what
follows (20%以上增长, 90%的县医院). Signs come from the verb: 下降3% is growth of -3. Words are taken off the end of
the clause one by one, so that no clause, however odd, takes more than linear time.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract import comparators, edges, ranks, vocabulary
from gongbao.extract.amount import Amount
from gongbao.extract.statement import Aspect, Measure


class Reading:
    """A measure with its sign, and `rest`: the clause without the words that told it."""

    def __init__(
        self,
        measure: Measure,
        rest: str,
        sign: int = 1,
        base: str | None = None,
        price_base: str | None = None,
        scope: str | None = None,
        of_group: bool = False,
        aspect: Aspect | None = None,
    ) -> None:
        self.measure: Final = measure
        self.rest: Final = rest
        self.sign: Final = sign
        self.base: Final = base
        self.price_base: Final = price_base
        self.scope: Final = scope
        self.of_group: Final = of_group
        self.aspect: Final = aspect

    def at_constant_prices(self) -> Reading:
        """The same at constant prices."""
        return Reading(
            self.measure, self.rest, self.sign, self.base, "constant", self.scope, self.of_group, self.aspect
        )

    def measuring(self, measure: Measure) -> Reading:
        """The same with another measure."""
        return Reading(
            measure, self.rest, self.sign, self.base, self.price_base, self.scope, self.of_group, self.aspect
        )


TAIL: Final = 44
"""How many signs before a number can tell its measure."""


@cache
def _leads() -> edges.Edges:
    return edges.by_last_sign(vocabulary.words("leads"))


@cache
def _cues(name: str) -> edges.Edges:
    return edges.by_last_sign(vocabulary.signs(name))


@cache
def _hows() -> re.Pattern[str]:
    patterns = [row["pattern"] for row in reference.rows("texts/hows.csv")]
    return re.compile(rf"(?:{'|'.join(patterns)})\Z")


def _without_leads(clause: str) -> int:
    """Where the words begin that lead over to the number (达到, 为, 约), taken off one after another."""
    end = len(clause)
    while lead := edges.ending(_leads(), clause, end):
        end -= len(lead)
    return end


def _without_hows(clause: str, end: int) -> int:
    """Where the words begin that qualify a change and end at `end` (同比, 按可比价格), taken off one after another."""
    while end > 0:
        match = _hows().search(clause, max(0, end - 18), end)
        if match is None or match.start() == end:
            return end
        end = match.start()
    return end


class _Cue:
    """A cue word of a vocabulary list that ends a clause: where what qualifies it begins, and its sign."""

    def __init__(
        self,
        start: int,
        word: str,
        sign: int,
    ) -> None:
        self.start: Final = start
        self.word: Final = word
        self.sign: Final = sign


def _cue(clause: str, name: str, last: int) -> _Cue | None:
    """The word of texts/NAME.csv (changes, rates) that ends at `last`, with what qualifies it before it."""
    for word in _cues(name).get(clause[last - 1 : last], ()):
        start = last - len(word)
        if clause.endswith(word, 0, last) and clause[start - 1 : start] != "新":
            if clause.endswith(vocabulary.word_class("no_change"), 0, last):
                return None
            if name == "rates" and clause.endswith("自然", 0, start):
                return None
            return _Cue(_without_hows(clause, start), word, vocabulary.signs(name)[word])
    return None


@cache
def _came_to() -> re.Pattern[str]:
    verbs = vocabulary.any_of("result_verb")
    return re.compile(rf"(?P<verb>{verbs}|[一-鿿]{{2}})(?:到|至|为|成)(?:了|约|近|超过?)?\Z")


_RESULT_SIGNS: Final = frozenset("到至为成了约近超过")
_CAME_FROM: Final = re.compile(r"(?:(?<![自理])由|从(?![业事])|自(?=[\d上去]))[^，。;]{1,24}\Z")
"""由, 从 and 自 before a value; not those of words: 自由, 从业, 自然, 自来水."""


def _result(clause: str) -> int | None:
    """Where 提高到, 降至, 调整为 begins at the end of a clause; the number is what something came to."""
    match = _came_to().search(clause, max(0, len(clause) - 8)) if clause[-1:] in _RESULT_SIGNS else None
    if match is None or not (
        match["verb"] in vocabulary.class_set("result_verb") or match["verb"] in vocabulary.signs("changes")
    ):
        return None
    start = _without_hows(clause, match.start())
    origin = _CAME_FROM.search(clause, max(0, start - 30), start)
    return origin.start() if origin else start


_WHEN: Final = re.compile(r"(?:(?:19|20)\d{2}年(?:末|底)?|现在|目前|当前)的?\Z")
_WHEN_SIGNS: Final = ("年", "末", "底", "在", "前", "的")


@cache
def _fulfilled() -> re.Pattern[str]:
    plan, size = vocabulary.any_of("plan"), vocabulary.any_of("plan_size")
    return re.compile(
        r"(?:(?:完成了?|占|为|达到?|超额?完成|是|相当于|执行|实现|超|超额)(?:了|到)?"
        rf"{vocabulary.any_of('plan_maker')}*{plan}{size}?(?:\([^)]*\))?(?:的|数的|率|率为|率达到?)?"
        r"|(?:预算|任务|计划|目标|投资|年度)(?:任务)?(?:完成|执行)率?|完成率)\Z"
    )


_FULFILLED_SIGNS: Final = frozenset("划务标算数期度资额入出量)的率为到达成行")
"""The signs that a plan and its completion can end in."""
_SHARE: Final = re.compile(
    r"(?:(?:约|共|各|只|仅|已|其中)?占(?:到|据)?(?P<whole>[^，。;占]{0,34}?)(?:的?(?:比重|比例|份额|比率))?的?"
    r"|(?:的?比重|占比|的?比例|份额))\Z"
)
_MULTIPLE_OF: Final = re.compile(r"(?:是|为|相当于|达到?)[^，。;]{2,20}的?\Z")
_GROWS_AFTER: Final = re.compile(r"的?(?:以上)?的?(?:(?:正?增长|上涨)(?![到至为])|增速|涨幅|增幅)")
_FALLS_AFTER: Final = re.compile(r"的?(?:下降(?![到至为])|降幅|负增长|(?:比例)?(?:压减|压缩|削减|核减))")
_GROUP_AFTER: Final = re.compile(r"(?:以上)?的?(?!以上|以内|左右|和|及|与|至|到)[一-鿿]")


def read(clause: str, right: str, amount: Amount) -> Reading:
    """The measure of `amount`, `clause` leading up to it and `right` following it (after a bound)."""
    if amount.unit != "倍" and clause.endswith(_WHEN_SIGNS):
        clause = _WHEN.sub("", clause)
    if clause.endswith("第"):
        rest, scope = ranks.read(clause)
        return Reading("rank", rest, scope=scope)
    if amount.unit in ("百分点", "千分点") or amount.unit_kind in ("basis_point", "position"):
        return _points(clause)
    if amount.unit == "倍":
        return _multiple(clause)
    if amount.unit_kind in ("ratio", "tenth"):
        return _percent(clause, right)
    if amount.unit is None and not amount.magnitude:
        return _unitless(clause)
    return _counted(clause, amount)


_ANY_BASE: Final = re.compile(r"[价均每比较]")
_CONSTANT: Final = re.compile(r"可比价|不变价")
_AVERAGE: Final = re.compile(r"年均|年平均|两年平均|每年")
_PREVIOUS: Final = re.compile(
    r"环比|[比较](?:上个?季|上个?月|年初|上半年|[一二三]季度|前三季度|前[\d一二三四五六七八九十]+个?月|1[-—至~]\d{1,2}月)"
)
_PLAN: Final = re.compile(r"[比较][“\"]?十(?P<number>[一二三四五])五[”\"]?(?P<at>期?末)?")
"""`较“十三五”末提高`, `比“十三五”时期增加`: the last year or all years of a five-year plan."""
_NAMED_YEAR: Final = re.compile(r"[比较]((?:19|20)\d{2})年")
_IN_STEP: Final = re.compile(r"(?:分别|均|各)\Z")
_EARNED_MORE: Final = re.compile(r"[人户]均增收\Z")


class _Base:
    """On what a change is measured, as the clause says: the base period and the price base."""

    def __init__(
        self,
        base: str | None,
        price: str | None,
    ) -> None:
        self.base: Final = base
        self.price: Final = price

    @staticmethod
    def of(clause: str) -> _Base:
        tail = clause[-24:]
        if _ANY_BASE.search(tail) is None:
            return _Base("year", None)
        price = "constant" if _CONSTANT.search(tail) else None
        if _AVERAGE.search(tail):
            return _Base("average", price)
        if _PREVIOUS.search(tail):
            return _Base("previous", price)
        if plan := _PLAN.search(tail):
            last = 2010 + 5 * "一二三四五".index(plan["number"])
            return _Base(str(last) if plan["at"] else f"{last - 4}/{last}", price)
        named = _NAMED_YEAR.search(tail)
        return _Base(named[1] if named else "year", price)


def _changed(measure: Measure, clause: str, cue: _Cue) -> Reading:
    how = _Base.of(clause)
    return Reading(measure, clause[: cue.start], cue.sign, how.base, how.price)


_COMPARED: Final = re.compile(
    r"(?P<verb>高于|低于|大于|小于|快于|慢于|高出|多于|少于|超序时|超过?|落后|优于|好于|领先)[^，。;]{0,24}\Z"
)
DRIVEN: Final = re.compile(
    r"(?P<verb>下拉|拉动|带动|贡献|影响|推高)(?P<driven>[^，。;]{1,16}?)(?:增长|上涨|下降|增速)?约?\Z"
)


def _points(clause: str) -> Reading:
    compared = _COMPARED.search(clause, max(0, len(clause) - TAIL))
    last = _without_leads(clause)
    cue = _cue(clause, "changes", last) or (None if compared else _cue(clause, "rates", last))
    how = _Base.of(clause)
    driven = DRIVEN.search(clause, max(0, len(clause) - TAIL))
    pull = -1 if driven and driven["verb"] == "下拉" else 1
    if driven and "分别" in clause:
        return Reading("change", clause[: driven.start()], pull, None, how.price)
    if driven:
        return Reading("change", driven["driven"], pull, None, how.price)
    if cue:
        return _changed("change", clause, cue)
    if compared:
        sign = -1 if compared["verb"] in ("低于", "小于", "慢于", "少于", "落后") else 1
        return Reading("change", clause[: compared.start()], sign, None, how.price)
    return Reading("change", clause, 1, how.base, how.price)


def _unitless(clause: str) -> Reading:
    result = _result(clause)
    if result is not None and not clause[:result].endswith("指数"):
        return Reading("level", clause[:result])
    last = _without_leads(clause)
    cue = _cue(clause, "changes", last)
    if cue:
        return _changed("change", clause, cue)
    return Reading("index" if clause.endswith("指数", 0, last) else "level", clause)


def _percent(clause: str, right: str) -> Reading:
    last = _without_leads(clause)
    stops = (len(clause), last) if last < len(clause) else (last,)
    for stop in stops:
        fulfilled = _ends_with(_fulfilled(), clause, stop) if clause[stop - 1 : stop] in _FULFILLED_SIGNS else None
        if fulfilled:
            return Reading("completion", clause[: _without_step(clause, fulfilled.start())])
    result = _result(clause)
    if result is not None:
        # 比重 may be one of the words that `_result` takes off with the verb.
        came = _came_to().search(clause, max(0, len(clause) - 8))
        for stop in dict.fromkeys((result, came.start() if came else result)):
            share = _ends_with(_SHARE, clause, stop)
            if share:
                return Reading("share", clause[: share.start()])
        return Reading("level", clause[:result])
    for name in ("rates", "changes"):
        cue = _cue(clause, name, last)
        if cue:
            return _changed("growth", clause, cue)
    for stop in stops if "占" in clause or "比" in clause or "份" in clause else ():
        share = _ends_with(_SHARE, clause, stop)
        if share:
            return Reading("share", clause[: _without_step(clause, share.start())])
    sign = 1 if _GROWS_AFTER.match(right) else -1 if _FALLS_AFTER.match(right) else 0
    if sign:
        how = _Base.of(clause)
        return Reading("growth", clause, sign, how.base, how.price)
    if clause.endswith("的") and len(clause) > 2:
        return Reading("share", clause[:-1])
    if _GROUP_AFTER.match(right) and _is_bare(clause):
        return Reading("share", clause, of_group=True)
    return Reading("index" if clause.endswith("指数", 0, last) else "level", clause)


def _ends_with(pattern: re.Pattern[str], clause: str, end: int) -> re.Match[str] | None:
    return pattern.search(clause, max(0, end - TAIL), end)


def _without_step(clause: str, end: int) -> int:
    """分别 and 均 before a share or a completion belong to neither."""
    match = _IN_STEP.search(clause, max(0, end - 2), end)
    return match.start() if match else end


def _is_bare(clause: str) -> bool:
    bare = re.sub(rf"(?:{comparators.before_pattern()})\Z", "", clause).strip("，、")
    return not bare or bare in vocabulary.class_set("no_noun") or clause.endswith(("和", "及", "与", "、"))


def _multiple(clause: str) -> Reading:
    result = _result(clause)
    if result is not None:
        return Reading("index", clause[:result])
    last = _without_leads(clause)
    cue = _cue(clause, "changes", last) or _cue(clause, "rates", last)
    if cue:
        return _changed("growth", clause, cue)
    multiple = _MULTIPLE_OF.search(clause, max(0, len(clause) - TAIL))
    return Reading("index", clause[: multiple.start()]) if multiple else Reading("level", clause)


_BOUND_WORDS: Final = frozenset(("超出", "高于", "低于", "多", "高", "少", "低"))
_IS_BOUND: Final = re.compile(r"(?:不低于|不高于|高于|低于)\Z")
_CHANGED_NOUN: Final = re.compile(
    r"(?:^|[，、])[^，。;]{0,8}?(?P<verb>增加(?!值)|减少|净减少)了?(?P<noun>[一-鿿“][^，。;]{1,13})\Z"
)
_STOCK_NOUN: Final = re.compile(r"(?:收入|支出|总额|余额|产值)\Z")
_FALLS_SHORT: Final = re.compile(r"[，、]?(?:[与比离距]?(?:目标|计划|任务))?[还尚仅只]?差")
_MOVED: Final = re.compile(r"(?:前移|提升|上升|跃升|晋升|后移|进)了?\Z")


def _counted(clause: str, amount: Amount) -> Reading:
    result = _result(clause)
    if result is not None:
        return Reading("level", clause[:result])
    if clause.endswith("增收") and _EARNED_MORE.search(clause):
        return Reading("change", clause)
    if clause.endswith("差") and _FALLS_SHORT.fullmatch(clause):
        return Reading("change", "", -1)
    cue = _cue(clause, "changes", _without_leads(clause))
    if cue and cue.word == "净增":
        return Reading("level", clause[: cue.start], aspect="new")
    if cue and _changes_count(cue, clause, amount):
        return _changed("change", clause, cue)
    holds_change = "增加" in clause or "减少" in clause
    noun = _ends_with(_CHANGED_NOUN, clause, len(clause)) if holds_change and not cue else None
    if noun and not _STOCK_NOUN.search(clause):
        how = _Base.of(clause)
        return Reading("change", noun["noun"], vocabulary.signs("changes").get(noun["verb"], 1), how.base, how.price)
    if amount.unit == "人" and _MOVED.search(clause):
        return Reading("change", clause)
    return Reading("level", clause)


def _changes_count(cue: _Cue, clause: str, amount: Amount) -> bool:
    """Whether a verb before an amount that is no percentage says that something changed by it."""
    if cue.word in _BOUND_WORDS and _IS_BOUND.search(clause):
        return False
    # A verb that changes a rate or a price only leads up to a count of things: 住房提升2万户.
    return cue.word not in vocabulary.class_set("soft_change") or amount.unit_kind in ("money", "time", "compound")
