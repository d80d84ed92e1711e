"""What a number measures: a level, growth, an absolute change, a share, a rank, a completion or an index.

Told from the words between the noun and the number (增长, 占…的比重, 完成年度计划的), from the unit, and from what
follows (20%以上增长, 90%的县医院). Signs come from the verb: 下降3% is growth of -3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gongbao.extract import comparators, vocabulary
from gongbao.extract.amounts import Amount
from gongbao.extract.statement import Measure


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure with its sign, and `rest`: the clause without the words that told it."""

    measure: Measure
    rest: str
    sign: int = 1
    base: str | None = None
    price_base: str | None = None
    scope: str | None = None
    of_group: bool = False


_LEADS = (
    r"(?:达到?|为|了|约为?|近|超过?|突破|逾|不低于|不超过|不少于|不高于|低于|高于|不足|接近|至少|最高|仅|控制在|稳定在|保持在?|"
    r"实现|完成|在|率先|左右|,|:|都|均|各|分别|[ \x1f]|力争|预计|全部|大于|小于|将|要|高达|只有|是|有|合计|共|已)*"
)
_HOW = (
    r"(?:同比|环比|可比|同口径|可比口径|比照?上[年季月]末?(?:同期|底)?|(?<![同环占])[较比][^，。;]{1,14}?|按(?:可比|不变)(?:价格?)?(?:口径)?(?:计算)?|可比价格?|不变价格?|"
    r"两?[一二三五]?年?年?(?<![人户亩日])均|平均|每年|逐年|累计|分别|(?<![人户亩日])均|都|各|实际|名义|现价|也|又|已|共|再|净|约|预计|全年|扣除[^，。;]{1,10}(?:后|因素)|自然|总体|整体|双双|略|小幅|大幅|快速|稳步|持续|[ \x1f、])*"
)


@cache
def _change() -> re.Pattern[str]:
    verbs = vocabulary.alternation(tuple(vocabulary.signs("changes")))
    return re.compile(rf"(?P<how>{_HOW})(?P<verb>(?<!新)(?:{verbs})){_LEADS}\Z")


@cache
def _rate() -> re.Pattern[str]:
    nouns = vocabulary.alternation(tuple(vocabulary.signs("rates")))
    return re.compile(rf"(?P<how>{_HOW})(?P<noun>{nouns}){_LEADS}\Z")


@cache
def _result() -> re.Pattern[str]:
    verbs = vocabulary.alternation(tuple(vocabulary.signs("changes")))
    return re.compile(
        rf"(?:[由从自].{{1,30}})?{_HOW}(?:{verbs}|升|调整|压减|推高|拓展|变|优化|降|增|改善|缩小)(?:到|至|为|成)(?:了|约|近|超过?)?[ \x1f]?\Z"
    )


_PLAN_WORD = r"(?:年度|全年|年初|当年|年|全部|调整后?|变动|计划|总|目标|下达|省|市|县|上级|序时|本年|代编|人代会批准的?|人大批准的?|季度|预期|收入|支出|投资|考核|区|任务)*(?:计划|任务|目标|预算|预算数|预期|序时进度|指标|进度|总投资|调整数|总任务)(?:数|额|总额|任务|投资|目标|总投资|收入|支出|总量|进度)?"
_COMPLETION = re.compile(
    rf"(?:(?P<lead>完成了?|占|为|达到?|超额?完成|分别完成|均完成|是|相当于|执行|实现|均?占|超|超额)[ \x1f]*(?:了|到)?{_PLAN_WORD}(?:\([^)]*\))?[ \x1f]*(?:的|数的|率|率为|率达到?)?|(?:预算|任务|计划|目标|投资|年度)(?:任务)?(?:完成|执行)率?|完成率){_LEADS}\Z"
)
_SHARE = re.compile(
    rf"(?:(?:约|共|分别|均|各|只|仅|已|其中)?占(?:到|据)?(?P<whole>[^，。;]{{0,34}}?)(?:的?(?:比重|比例|份额|比率))?的?|(?:的?比重|占比|的?比例|份额)){_LEADS}(?:提高到|上升到|提升到|上升至|提高至|提升至|降至|升至|下降到|调整为)?{_LEADS}\Z"
)
_MULTIPLE_OF = re.compile(r"(?:是|为|相当于|达到?)[^，。;]{2,20}的?[ \x1f]?\Z")
_RANK = re.compile(
    r"(?P<verb>位列|位居|列居|列|居|排名|排在|排|位于|位|名列|稳居|跃居|升至|上升至|上升到|跃升至|提升至|保持|保持在|连续|继续|进入|为|在)?"
    r"(?P<scope>[^，。;]{0,16}?)[ \x1f]?第[ \x1f]?\Z"
)
_RANK_VERB = re.compile(
    r"(?:分别|均|双双|继续|稳|始终|已|并|更|一直|仍|依旧|连续[^，。;]{0,6}|年内)?(?:位列|位居|列居|名列|稳居|跃居|高居|排名|排在|排位|位次|位于|位居|升至|上升[到至]|跃升[到至]?|前移[到至]|提升[到至]|保持|居于|列|居(?!民)|排|进入|由第[^，。;]{1,6}|获得|荣获|获)"
)
_WHOLE_SCOPE = re.compile(r"全(?:国|省|市|县|区|州|盟|旗|疆|球)[一-鿿]{0,6}\Z")
_SCOPE = re.compile(
    r"(?:全(?:国|省|市|县|区|州|盟|旗|疆|球)|(?:[一-鿿]{1,6}(?:省|市|州|盟|地区))?[\d一二三四五六七八九十]{1,3}个[^，。;]{1,8}?(?:中|的|里)?|[一-鿿]{1,6}(?:省|市|县|区|州|地区|经济圈|城市群|城市|都市圈|三角|中部|西部|东部|东北)(?:各?[一-鿿]{0,6})?)[一-鿿]{0,6}\Z"
)


def read(clause: str, right: str, amount: Amount) -> Reading:
    """The measure of `amount`, `clause` leading up to it and `right` following it (after a bound)."""
    if clause.endswith("第"):
        return _rank(clause)
    kind = amount.unit_kind
    how = _Base.of(clause)
    if amount.unit in ("百分点", "千分点") or kind in ("basis_point", "position"):
        return _by_verb("change", clause, how)
    if amount.unit == "倍":
        return _multiple(clause, how)
    if kind in ("ratio", "tenth"):
        return _percent(clause, right, how)
    if amount.unit is None and not amount.magnitude:
        changed = _change().search(clause)
        if changed:
            sign = vocabulary.signs("changes")[changed["verb"]]
            return Reading("change", clause[: changed.start()], sign, how.base, how.price)
        measure: Measure = "index" if re.search(rf"指数{_LEADS}\Z", clause) else "level"
        return Reading(measure, clause)
    return _counted(clause, amount, how)


@dataclass(frozen=True, slots=True)
class _Base:
    base: str | None
    price: str | None

    @staticmethod
    def of(clause: str) -> _Base:
        tail = clause[-24:]
        price = "constant" if re.search(r"可比价|不变价|可比口径", tail) else None
        if re.search(r"年均|年平均|两年平均|每年", tail):
            return _Base("average", price)
        if re.search(r"环比|比上季|比上月|较上月|比年初|较年初", tail):
            return _Base("previous", price)
        named = re.search(r"[比较]((?:19|20)\d{2})年", tail)
        return _Base(named[1] if named else "year", price)


def _by_verb(measure: Measure, clause: str, how: _Base) -> Reading:
    for pattern, name, group in ((_change(), "changes", "verb"), (_rate(), "rates", "noun")):
        match = pattern.search(clause)
        if match:
            sign = vocabulary.signs(name)[match[group]]
            return Reading(measure, clause[: match.start()], sign, how.base, how.price)
    match = re.search(
        r"(?P<verb>高于|低于|快于|慢于|高出|多于|少于|超序时|超过?|落后|优于|好于|领先)[^，。;]{0,24}\Z", clause
    )
    if match:
        sign = -1 if match["verb"] in ("低于", "慢于", "少于", "落后") else 1
        return Reading(measure, clause[: match.start()], sign, None, how.price)
    match = re.search(
        r"(?P<verb>拉动|带动|贡献|影响|推高)(?P<driven>[^，。;]{1,16}?)(?:增长|上涨|下降)?[ \x1f]*(?:约)?\Z", clause
    )
    if match:
        return Reading(measure, match["driven"], 1, None, how.price)
    return Reading(measure, clause, 1, how.base, how.price)


def _percent(clause: str, right: str, how: _Base) -> Reading:
    completion = _COMPLETION.search(clause)
    if completion:
        return Reading("completion", clause[: completion.start()])
    if _result().search(clause):
        result = _result().search(clause)
        stem = clause[: result.start()] if result else clause
        share = re.search(r"(?:占(?P<w>[^，。;]{0,24}?)的?(?:比重|比例)|比重|占比)\Z", stem)
        return Reading("share", stem[: share.start()]) if share else Reading("level", stem)
    for pattern, name, group in ((_rate(), "rates", "noun"), (_change(), "changes", "verb")):
        match = pattern.search(clause)
        if match and not (
            match[group] == "高于"
            or (match[group] == "低于" and len(clause[match.end(group) :]) == 0 and _is_bound(clause))
        ):
            sign = vocabulary.signs(name)[match[group]]
            return Reading("growth", clause[: match.start()], sign, how.base, how.price)
    share = _SHARE.search(clause)
    if share:
        return Reading("share", clause[: share.start()])
    if re.match(r"[ \x1f]?的?(?:以上)?的?(?:正?增长|增速|涨幅|增幅|上涨)", right):
        return Reading("growth", clause, 1, how.base, how.price)
    if re.match(r"[ \x1f]?的?(?:下降|降幅|负增长)", right):
        return Reading("growth", clause, -1, how.base, how.price)
    if clause.endswith("的") and len(clause) > 2:
        return Reading("share", clause[:-1])
    if re.match(r"[ \x1f]?(?:以上)?的?[一-鿿]", right) and not re.match(
        r"[ \x1f]?(?:以上|以内|左右|和|及|与|至|到|，|、)", right
    ):
        bare = "" if clause.endswith(("和", "及", "与", "、")) else re.sub(r"[ \x1f，、]", "", comparators_free(clause))
        if not bare or bare in (
            "有",
            "共有",
            "全省",
            "全市",
            "全县",
            "全区",
            "实现",
            "其中",
            "确保",
            "力争",
            "全国",
            "超",
        ):
            return Reading("share", clause, of_group=True)
    return Reading("level", clause)


def _is_bound(clause: str) -> bool:
    return bool(re.search(r"(?:不低于|不高于|高于|低于)[ \x1f]?\Z", clause))


def comparators_free(clause: str) -> str:
    """The clause without a bound at its end."""
    return re.sub(rf"(?:{comparators.before_pattern()})\Z", "", clause.rstrip(" \x1f"))


def _multiple(clause: str, how: _Base) -> Reading:
    if _result().search(clause):
        return Reading("index", clause[: _result().search(clause).start()])  # type: ignore[union-attr]
    change = _change().search(clause)
    if change:
        return Reading(
            "growth", clause[: change.start()], vocabulary.signs("changes")[change["verb"]], how.base, how.price
        )
    rate = _rate().search(clause)
    if rate:
        return Reading("growth", clause[: rate.start()], 1, how.base, how.price)
    multiple = _MULTIPLE_OF.search(clause)
    if multiple:
        return Reading("index", clause[: multiple.start()])
    return Reading("level", clause)


_SOFT_CHANGES = frozenset(
    ("提升", "提高", "扩大", "改善", "加快", "精简", "压减", "扩增", "优化", "压缩", "升", "扩", "高", "低")
)
"""Verbs that change a rate or a price, and that only lead up to a count of things: 住房提升2万户."""


def _counted(clause: str, amount: Amount, how: _Base) -> Reading:
    result = _result().search(clause)
    if result:
        return Reading("level", clause[: result.start()])
    if re.search(r"[人户]均增收\Z", clause):
        return Reading("change", clause)
    change = _change().search(clause)
    if change and change["verb"] in _SOFT_CHANGES and amount.unit_kind not in ("money", "time", "compound"):
        change = None
    if change and not (change["verb"] in ("超出", "高于", "低于", "多", "高", "少", "低") and _is_bound(clause)):
        verb = change["verb"]
        if verb == "净增":
            return Reading("level", clause)
        return Reading("change", clause[: change.start()], vocabulary.signs("changes")[verb], how.base, how.price)
    noun_first = re.search(
        r"(?:^|[，、 \x1f])(?:[^，。;]{0,8}?)(?P<verb>增加(?!值)|减少|净减少)(?=(?:了)?[一-鿿“]{2,14}\Z)", clause
    )
    if noun_first and amount.unit_kind != "ratio" and not re.search(r"(?:收入|支出|总额|余额|产值)\Z", clause):
        sign = vocabulary.signs("changes").get(noun_first["verb"], 1)
        return Reading("change", clause[noun_first.end("verb") :], sign, how.base, how.price)
    if amount.unit == "人" and re.search(r"(?:前移|提升|上升|跃升|晋升|后移|进)(?:了)?\Z", clause):
        return Reading("change", clause)
    return Reading("level", clause)


def _rank(clause: str) -> Reading:
    stem = clause[:-1].rstrip(" \x1f")
    verb = None
    for match in _RANK_VERB.finditer(stem):
        verb = match
    if verb:
        scope = stem[verb.end() :].strip(" \x1f在了到于")
        if scope:
            return Reading("rank", stem[: verb.start()], scope=scope)
        before = _WHOLE_SCOPE.search(stem, 0, verb.start()) or _SCOPE.search(stem, 0, verb.start())
        if before:
            return Reading("rank", stem[: before.start()], scope=before.group())
        return Reading("rank", stem[: verb.start()])
    scope_match = _WHOLE_SCOPE.search(stem) or re.search(r"(?<=[在居列])[一-鿿]{1,4}[省市州][一-鿿]{0,6}\Z", stem)
    if scope_match:
        return Reading("rank", stem[: scope_match.start()], scope=scope_match.group())
    return Reading("rank", stem)
