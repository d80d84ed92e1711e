"""Indicator phrases: the noun that a number measures, without verb, number and place.

`before` reads the clause that leads up to a number (完成一般公共预算收入 → 一般公共预算收入), `after` reads what
follows a number that stands before its noun (10个省级美丽乡村创建 → 省级美丽乡村创建).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import comparators, edges, vocabulary
from gongbao.extract.statement import Aspect

_ASPECTS: Final[dict[str, Aspect]] = {"new": "new", "cumulative": "cumulative"}


class Phrase:
    """A noun (may be empty), the aspect its verbs give it, the last verb stripped, and whether it ends in a verb."""

    def __init__(
        self,
        noun: str,
        aspect: Aspect | None = None,
        verb: str = "",
        ends_in_verb: bool = False,
    ) -> None:
        self.noun: Final = noun
        self.aspect: Final = aspect
        self.verb: Final = verb
        self.ends_in_verb: Final = ends_in_verb


_NOTHING: Final = Phrase("")

_PERIOD: Final = re.compile(
    r"(?:(?:19|20)\d{2}[ \x1f]?年?(?:[-—至](?:19|20)?\d{2}年)?(?:底|末|初|度)?|第?[一二三四]季度末?|[上下]半年|"
    r"前三季度|全年|年末|年底|年初以?来?|[一两二三四五]年(?=新)|\d{1,2}[-—至]\d{1,2}月份?|"
    r"\d{1,2}月(?:末|底|份)?|截[至止]到?|到(?!位|账|岗|货|期|达)|“?十[一二三四五]五”?(?:末|期间|时期|以来)?|"
    r"[一-鿿]{2,8}?期间|[一-鿿]{2,8}?(?:调查|考核|测评|评估)中|今年|去年|上年|本年度?(?!新签)|当年|五年(?:来|间)|一年来|近[三五]年|过去五年)"
)
_PERIOD_SIGNS: Final = frozenset("0123456789第上下前全年一两二三四五截到“十今去本当近过")
_EDGE: Final = " \x1f\x00，、：:;。-—·.*)]①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"
_ITEM: Final = re.compile(
    r"(?:剔除|扣除)[^，。;]{2,26}?后(?:实际)?|\d{1,2}[、.．)]|[一二三四五六七八九十]{1,2}是(?![一-鿿]$)|其[一二三四五六]，?|[^，。;]{0,30}?(?:批准|核定|审议通过)的|(?:汇总)?(?:全市)?各级人代会批准的"
)
_ITEM_HEADS: Final = frozenset("剔扣其一二三四五六七八九十0123456789")
_APPROVED: Final = re.compile(r"(?:批准|核定|审议通过)的")
_ADVERBIAL: Final = re.compile(
    r"(?:已?连续|近|在)[\d一二两三四五六七八九十]{1,3}个?(?:年|月|季度|届)(?:份开始)?|于?(?:19|20)\d\d年(?:末|底|初)?(?!代|度|版)|"
    r"(?<![A-Za-z\d.])[\d一二两三四五]{1,2}年(?=累计|年均|共|净增|新增|新建|\Z)"
)
_OTHER_START: Final = re.compile(
    r"(?:达产|建成|投产|投用|竣工|运营)(?:达效)?后|[了着的]|首[个家只批条座项次笔]|建议(?=[一-鿿]{4})(?!提案|办理|意见)"
)
_PLACE_SIGNS: Final = frozenset("我全本各省市县区州镇")
_PLACE: Final = re.compile(
    r"[省市县区州镇]本?级(?=发行|偿还|争取|安排|一般公共|公共|政府性|国有资本|社会保险|社保|财政|税收)|"
    r"(?:我|全|本)(?:省|市|县|区|镇|乡|州|旗|盟|街道|域|村|地区)(?:上下|共|范围内?|境内)?|"
    r"(?:省|市|县|区|镇)(?:内|域内)|各(?:县|市|区|镇|乡)+"
)

_TRADE_WITH: Final = re.compile(r"对(?=[一-鿿“”]{1,8}(?:进出口|出口|进口|贸易|投资))")


@cache
def _openers() -> edges.Edges:
    """The verbs and adverbs that may stand before a noun."""
    return edges.by_first_sign((*vocabulary.verbs(), *vocabulary.words("adverbs")))


@cache
def _opening_signs() -> frozenset[str]:
    """The signs that something stripped before a noun begins with, but for periods that any word names (换届期间)."""
    return frozenset((*_openers(), *_PLACE_SIGNS, *_PERIOD_SIGNS, *"达建投竣运了着的首建"))


@cache
def _noun_starts() -> edges.Edges:
    return edges.by_first_sign(vocabulary.words("noun_starts"))


def _begins_protected(rest: str, position: int) -> bool:
    """Whether a noun begins at `position` whose first signs look like a verb: 有效发明专利, 对韩出口."""
    sign = rest[position : position + 1]
    starts = _noun_starts().get(sign)
    return (starts is not None and rest.startswith(starts, position)) or (
        sign == "对" and _TRADE_WITH.match(rest, position) is not None
    )


@cache
def _end() -> re.Pattern[str]:
    links = vocabulary.alternation(vocabulary.words("links"))
    return re.compile(
        rf"(?:{links}|(?<=[入出算付])拟?(?:安排|执行)|(?<=[入出])完|(?<=[一-鿿]{{2}})可|"
        rf"{comparators.before_pattern()}|了|的是|[ \x1f\x00，、：:;\-—·])\Z"
    )


@cache
def _end_signs() -> frozenset[str]:
    """The signs that a link or a bound can end in."""
    words = (*vocabulary.words("links"), *vocabulary.comparators("before"))
    return frozenset({word[-1] for word in words} | set("排行完可了是 \x1f\x00，、：:;-—·"))


@cache
def _no_links() -> edges.Edges:
    """The words that only end like a link: 人均, 国有."""
    return edges.by_last_sign(vocabulary.word_class("no_link"))


@cache
def _added_at_end() -> re.Pattern[str]:
    verbs = vocabulary.any_of("added_verb")
    return re.compile(rf"(?<=[一-鿿”]{{2}})(?:累计|又|已|共|再|今年|全年)*{verbs}\Z")


_LONGEST_LINK: Final = 5
_ENDS_IN_VERB_MIN: Final = 2


@cache
def _verbs_at_end() -> edges.Edges:
    strong = [word for word, (kind, _) in vocabulary.verbs().items() if len(word) >= _ENDS_IN_VERB_MIN]
    return edges.by_last_sign((*strong, *(word + "了" for word in strong)))


@cache
def _agent_verb() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{vocabulary.any_of('agent')}|(?<![城集全乡])镇|”)\d*(?:全年|年内|累计|共)?"
        rf"(?P<verb>{vocabulary.any_of('agent_verb')})(?=[一-鿿“]{{2,}})"
    )


@cache
def _agent_sign() -> re.Pattern[str]:
    """The signs that an agent can end in."""
    return re.compile(f"[{''.join(sorted({agent[-1] for agent in vocabulary.word_class('agent')}))}镇”]")


@cache
def _possesses() -> re.Pattern[str]:
    return re.compile(rf"(?<=[一-鿿]{{2}}){vocabulary.any_of('possessing_verb')}(?=[一-鿿“]{{2,}})")


_LISTED_AS: Final = re.compile(r"的(?:有|是|为|包括)(?=[一-鿿]{2})")
_HAS: Final = re.compile(r"(?<=[校院所馆构社园育])有(?=在校|教职|专任|床位|藏书|卫生|执业|职工|学生|毕业生)")
_AND_OTHER: Final = re.compile(r".*(?<![中高初平优同均对])等(?!级|次|候|值|于|离子)(?P<head>[^等]{2,})\Z")
_MIDDLE_LINK: Final = re.compile(r"(?<=[一-鿿)”])(?:预计|累计|共|力争|可)?(?:实现|完成)(?=[一-鿿]{2,})")


def trim_end(clause: str) -> str:
    """The clause without the links and bounds that lead over to the number: `收入达到约` → `收入`."""
    end = len(clause)
    pattern, signs = _end(), _end_signs()
    while end:
        if clause[end - 1] not in signs:
            return clause[:end]
        if edges.ending(_no_links(), clause, end):
            return clause[:end]
        match = pattern.search(clause, max(0, end - _LONGEST_LINK), end)
        if match is None:
            return clause[:end]
        start = match.start()
        previous = clause[start - 1 : start]
        if clause[start] == "均" and previous in ("人", "户", "亩", "日"):
            return clause[: start + 1]
        if match.group() == "计" and previous in ("合", "总", "共"):
            return clause[: end - 2] if clause[end - 2] == "共" and end > 3 else clause[:end]
        end = start
    return ""


_REACHED_SIGNS: Final = frozenset("百千万亿元关阶十强位名外素响后")
_REACHED: Final = re.compile(
    r"(?<=[一-鿿])(?:已|也|历史性)?(?:首次|成功|率先)?"
    r"(?:(?:突破|跨越|跨上|迈上|站上|迈过)[百千万亿]{1,3}元?(?:大关|台阶)?|(?:进入|跻身|迈入|进)[^，。;]{0,8}?前[十百\d]{1,3}[强位名]?"
    r"|(?:剔除|扣除)[^，。;]{2,30}(?:因素|影响)后?|除[^，。;]{2,24}外)\Z"
)
"""What a noun has reached or leaves out before its figure comes: 投资突破千亿、达…; 项目除一个跨年的外，…"""
_INNER_VERB_MIN: Final = 5
"""The shortest noun that holds an agent, its verb and what the verb acts on."""
_INNER_SIGN: Final = re.compile(r"[实完的有下动等]")
"""A noun without one of these holds no link, no possession and no list that is named by its end."""


def _without_adverbials(clause: str) -> str:
    """`于2023年建成` → `建成`; most clauses hold no sign of time."""
    says_time = "年" in clause or "月" in clause or "季" in clause or "届" in clause
    return _ADVERBIAL.sub("", clause) if says_time else clause


def before(clause: str, own_names: tuple[str, ...] = ()) -> Phrase:
    """The noun of the clause that leads up to a number; `own_names` are the document's place, full and bare."""
    rest = trim_end(_without_adverbials(clause).strip(_EDGE))
    if not rest:
        return _NOTHING
    if rest[-1] in _REACHED_SIGNS:
        rest = trim_end(_REACHED.sub("", rest))
    rest = rest[rest.rfind("原因是") + 3 :] if "原因是" in rest else rest
    verbs, opening_signs = vocabulary.verbs(), _opening_signs()
    ends_in_verb = edges.ending(_verbs_at_end(), rest, len(rest)) != ""
    is_approved = "的" in rest and _APPROVED.search(rest) is not None
    names_period = "期间" in rest or "中" in rest
    position = 0
    stripped: list[tuple[int, str]] = []
    aspect: Aspect | None = None
    added = _added_at_end().search(rest) if rest.endswith(vocabulary.word_class("added_verb")) else None
    if added:
        is_new = any(word in added.group() for word in ("新增", "净增", "新建"))
        rest, aspect = rest[: added.start()], "new" if is_new else "cumulative" if "累计" in added.group() else None
    steps = [0]
    prepositional = False
    while position < len(rest):
        sign = rest[position]
        if sign in _EDGE:
            position += 1
            steps.append(position)
            continue
        item = _ITEM.match(rest, position) if is_approved or sign in _ITEM_HEADS else None
        if item:
            position = item.end()
            steps.append(position)
            continue
        if own_names and rest.startswith(own_names, position):
            named = position + len(next(name for name in own_names if rest.startswith(name, position)))
            if not rest.startswith(vocabulary.word_class("own_name_goes_on"), named):
                position = named
                steps.append(position)
                continue
        if not (names_period or sign in opening_signs) or _begins_protected(rest, position):
            break
        match = _PLACE.match(rest, position) if sign in _PLACE_SIGNS else None
        if match is None and (names_period or sign in _PERIOD_SIGNS):
            match = _PERIOD.match(rest, position)
        word = edges.opening(_openers(), rest, position) if match is None else ""
        if match is None and not word:
            match = _OTHER_START.match(rest, position)
            if match is None:
                break
        position = match.end() if match else position + len(word)
        if word:
            kind, given = verbs.get(word, ("", ""))
            if kind:
                stripped.append((position, word))
                aspect = _ASPECTS.get(given, aspect if kind == "act" else None)
            elif word in vocabulary.class_set("preposition"):
                prepositional = True
        steps.append(position)
    while len(steps) > 1 and _is_torn(rest[steps[-1] :].strip(_EDGE)):
        steps.pop()
        position = steps[-1]
    verb = next((word for end, word in reversed(stripped) if end <= position), "") if stripped else ""
    noun = rest[position:].strip(_EDGE)
    if len(noun) >= _INNER_VERB_MIN:
        noun, inner = _without_inner_verb(noun, prepositional)
        if inner in verbs:
            aspect = _ASPECTS.get(verbs[inner][1], aspect)
        verb, noun = inner or verb, noun.strip(_EDGE)
    return Phrase(_head(noun, verb), aspect, verb, ends_in_verb)


def _head(noun: str, verb: str) -> str:
    """The noun without what stands before it inside the phrase: its owner, a link, the members of its list."""
    if _INNER_SIGN.search(noun) is None:
        return noun
    noun = _MIDDLE_LINK.sub("", noun).strip(_EDGE)
    noun = _HAS.sub("", _possesses().split(_LISTED_AS.split(noun)[-1])[-1])
    named = _AND_OTHER.match(noun)
    is_spent_on = named is not None and named["head"] in vocabulary.class_set("spent")
    if named and not is_spent_on and (len(named["head"]) > 2 or verb):
        noun = named["head"]
    return noun.removesuffix("的")


def _is_torn(noun: str) -> bool:
    """Whether stripping went too far: `成功率` is no `率`."""
    return len(noun) == 1 or (noun[:1] in _NO_HEAD and noun[:2] not in _HEAD_AFTER_ALL)


_NO_HEAD: Final = frozenset("率量额数值度")
_HEAD_AFTER_ALL: Final = frozenset(("数字", "数据", "数控", "数学", "度假", "量子"))


def _without_inner_verb(noun: str, prepositional: bool) -> tuple[str, str]:
    match = _agent_verb().search(noun) if _agent_sign().search(noun) else None
    if match and match["verb"] not in ("实现", "完成"):
        return noun[match.end() :], match["verb"]
    if prepositional:
        for position in range(len(noun) - 2, 1, -1):
            inner = edges.opening(_openers(), noun, position)
            end = position + len(inner)
            if len(inner) >= 2 and end <= len(noun) - 2 and inner in vocabulary.verbs():
                return noun[end:], inner
    return noun, ""


@cache
def _predicate() -> re.Pattern[str]:
    return re.compile(f"(?:{vocabulary.alternation(vocabulary.words('predicates'))})")


_LEAVING_OUT: Final = re.compile(r"(?<=[一-鿿]{2})除[^，。;]{2,24}外\Z")
_CLAUSE_END: Final = re.compile(r"[，。;:!?)\n\x00]")
_TASK: Final = re.compile(r"(?:建设任务|目标任务|任务|目标|工作)\Z")
_AND_MORE: Final = re.compile(r"^[^，。;]{1,40}?等(?!级|次|候|值|于)(?P<rest>[^，。;、\d]{0,14})")
_SHORT_NOUNS: Final = frozenset("村镇乡县市区校桥路河")
_COMPOSED: Final = re.compile(
    r"(?P<who>[村镇乡县市区校])(?:入选|获批|获评|列入|完成|通过|荣获|成为|创成|建成|纳入)了?(?P<what>[^，。;、\d]{2,18})(?![^，。;])"
)
_BECAME: Final = re.compile(
    r"(?:公司|企业|单位)(?:晋升|获评|荣获|(?:被)?认定为|成为|入选|获批|升级为|跻身)了?"
    r"(?P<what>[^，。;、\d]{2,18}(?:企业|公司|“小巨人”|冠军|单位|工厂|车间|中心|基地))(?![^，。;、])"
)
_DOES: Final = re.compile(r"[^，。;、]{2,20}?的(?P<noun>[一-鿿]{2,12})")
_FIRST_OF_LIST: Final = re.compile(r"(?:.、)*[^、]*")
_TRAILING: Final = re.compile(
    r"(?:等|全部|全|均|都|也|再|还|又|分别|共|总|以及|(?<![方面转导趋走意])向|(?<![普以])及)\Z"
)


@cache
def _no_predicates() -> edges.Edges:
    """The words that only begin like a predicate: 建成区, 投产项目."""
    return edges.by_first_sign(vocabulary.word_class("no_predicate"))


def after(right: str, of_money: bool = False) -> tuple[str, int]:
    """The noun that begins `right` and how many characters it takes, leading 的 included; `("", 0)` where none does.

    After an amount of money (`of_money`) a verb at its head is dropped: `400万元购买防贫险` is spent on 防贫险.
    """
    if not right:
        return "", 0
    position = 0
    while position < len(right) and right[position] in " \x1f的和及与":
        position += 1
    if right.startswith("等", position) and not right.startswith("等级", position):
        return "", 0
    if position >= len(right) or not _begins_noun(right[position]):
        return "", 0
    match = _CLAUSE_END.search(right, position)
    end = match.start() if match else len(right)
    body = _LEAVING_OUT.sub("", right[position:end])
    listed = _AND_MORE.match(body)
    body = listed.group() if listed and "、" in body else _FIRST_OF_LIST.match(body).group()  # type: ignore[union-attr]
    cut = next(
        (
            m.start()
            for m in _predicate().finditer(body)
            if (m.start() != 1 or body[0] in _SHORT_NOUNS) and not edges.opening(_no_predicates(), body, m.start())
        ),
        None,
    )
    composed = _COMPOSED.match(body)
    if composed:
        what, who = composed["what"], composed["who"]
        return (what if what.endswith(who) else what + who), position + composed.end()
    became = _BECAME.match(body)
    if became:
        return became["what"], position + became.end()
    relative = _DOES.match(body) if cut == 0 else None
    if relative:
        return without_predicate(relative["noun"]), position + relative.end()
    noun = body[:cut] if cut is not None else body
    if len(noun) < 2 and noun not in _SHORT_NOUNS:
        return "", 0
    taken = position + len(noun)
    if cut == len(body) or not noun:
        return "", 0
    noun = noun.strip(_EDGE)
    while (trailing := _TRAILING.search(noun, max(0, len(noun) - 2))) and len(noun) > 2:
        noun = noun[: trailing.start()]
    led = _led_by_verb(noun) if of_money else noun
    return (_TASK.sub("", led) or led).removesuffix("的"), taken


@cache
def _done() -> re.Pattern[str]:
    done = vocabulary.any_of("done_by_counted")
    return re.compile(rf"(?:稳定|顺利|如期|实现|成功)*(?P<done>{done})(?=[，。;、]|\Z)")


def predicate_at(right: str) -> str:
    """What a bare count did, where nothing else names it: `1754户3735人脱贫` → `脱贫`."""
    match = _done().match(right)
    return match["done"] if match else ""


def without_predicate(noun: str) -> str:
    """`跳台二期建成投训` → `跳台二期`: what a noun does is no part of its name."""
    cut = next((m.start() for m in _predicate().finditer(noun) if m.start() >= 3), None)
    return noun[:cut] if cut is not None and not edges.opening(_no_predicates(), noun, cut) else noun


def _begins_noun(sign: str) -> bool:
    return "一" <= sign <= "鿿" or sign in "“《‘" or (sign.isascii() and sign.isalnum())


def _led_by_verb(noun: str) -> str:
    """`购买防贫险` → `防贫险`: a verb at the head of the noun after a number is dropped where a noun remains."""
    verb = "" if _begins_protected(noun, 0) else edges.opening(_openers(), noun, 0)
    is_led = len(verb) >= 2 and len(noun) - len(verb) >= 2 and verb in vocabulary.verbs()
    return noun[len(verb) :] if is_led else noun
