"""The indicator of a number: named before it, named after it, or inherited.

`完成一般公共预算收入5533万元` names it before the number, `建成10个省级美丽乡村` after it; `、增长6.1%` inherits the
last one, and a generic noun (总投资, 强度, 办结率) is completed by it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import clauses, phrases, vocabulary
from gongbao.extract.amount import Amount
from gongbao.extract.measures import Reading
from gongbao.extract.statement import Aspect


class Context:
    """Where a number stands: `left` and `clause` before it, `right` after it up to the next number.

    `end` is the place where `right` begins. `beyond` and `beyond_at` are the same after the last of numbers that stand
    side by side; `names`, `joint` and `aspect` are what the sentence has named so far, `price_index`
    the last price index of its paragraph.
    """

    def __init__(
        self,
        left: str,
        clause: str,
        right: str,
        end: int,
        beyond: str,
        beyond_at: int,
        is_followed: bool,
        names: tuple[str, ...],
        joint: str,
        aspect: Aspect | None,
        own_names: tuple[str, ...],
        is_subject_new: bool = False,
        price_index: str = "",
    ) -> None:
        self.left: Final = left
        self.clause: Final = clause
        self.right: Final = right
        self.end: Final = end
        self.beyond: Final = beyond
        self.beyond_at: Final = beyond_at
        self.is_followed: Final = is_followed
        self.names: Final = names
        self.joint: Final = joint
        self.aspect: Final = aspect
        self.own_names: Final = own_names
        self.is_subject_new: Final = is_subject_new
        self.price_index: Final = price_index


class Name:
    """An indicator, its aspect, how far into the clean sentence its noun reaches; `is_total`: all of what was named.

    `is_bare`: a noun with no verb of its own, neither before nor after it. `is_aside`: nothing after it inherits it.
    """

    def __init__(
        self,
        text: str,
        aspect: Aspect | None = None,
        taken_until: int = 0,
        is_inherited: bool = False,
        is_total: bool = False,
        is_bare: bool = False,
        is_aside: bool = False,
    ) -> None:
        self.text: Final = text
        self.aspect: Final = aspect
        self.taken_until: Final = taken_until
        self.is_inherited: Final = is_inherited
        self.is_total: Final = is_total
        self.is_bare: Final = is_bare
        self.is_aside: Final = is_aside

    def bare(self) -> Name:
        """The same as a noun with no verb of its own."""
        return Name(self.text, self.aspect, self.taken_until, self.is_inherited, self.is_total, True, self.is_aside)

    def of_aspect(self, aspect: Aspect | None) -> Name:
        """The same of this aspect."""
        return Name(self.text, aspect, self.taken_until, self.is_inherited, self.is_total, self.is_bare, self.is_aside)


@cache
def generic() -> frozenset[str]:
    """Nouns that measure something of what was named before: 总投资, 强度, 办结率."""
    return frozenset(vocabulary.words("generic_nouns"))


@cache
def _generic_by_length() -> tuple[str, ...]:
    return tuple(sorted(generic(), key=lambda word: (-len(word), word)))


_GRADE: Final = re.compile(r"^(?:国家|省部|省|市|县|区|州|部|世界|国际)级(?:以上)?")
_GRADE_ENDS: Final = ("级", "级以上")
_CLASS_TAILS: Final = ("以上", "以下", "以内")
_WHOLE: Final = re.compile(r"^(?:其中)?(?:全|我)[省市县区州镇乡盟旗]")
_FROM: Final = re.compile(r"(?P<noun>[^，。;]*?)[由从][^，。;由从]{0,20}\Z")
_ADDED: Final = re.compile(
    r".*加(?=上级|预计|上年|上解|转移|调入|下级)|^加上(?=[一-鿿]{2})|^减(?:去)?(?=调出|上解|补助|结转|安排)"
)
_DONE: Final = re.compile(r"实际|完成")
_PLANNED: Final = re.compile(r"(?<=[入出])(?:年初|调整)?预算\Z")
_OF_INDUSTRY: Final = re.compile(r"(?:业|活动)(?P<what>增加值|利润总额|利润|总产值|营业收入|用电量|投资)\Z")
_OF_CLASS: Final = re.compile(r"^[^，。;]{1,14}类(?=[一-鿿]*指数)")
_BUDGET_SIDE: Final = re.compile(r"(?:收入|支出)(?:预算|总计|合计)?")
_OF_BUDGET: Final = re.compile(
    r"(?P<budget>[^，。;]*?(?:一般公共预算|政府性基金预算|政府性基金|国有资本经营预算|国有资本经营|社会保险基金预算|社会保险基金))"
    r"(?:收入|支出)(?:预算)?\Z"
)
_MEN: Final = frozenset(("死亡", "受伤", "失踪"))
_TOWN_ENDS: Final = ("镇", "乡", "街道")
_USED_FOR: Final = re.compile(r"用于[一-鿿]{2,6}(?=[，。;]|\Z)")
_JOINED: Final = re.compile(r"和(?!谐|美|田|平)|及(?!时)|以及|与(?!会)")
_MAINLY: Final = re.compile(r"(?P<noun>[^，。;、]{2,14}?)(?:主要)?(?:是|(?<![国所])有|包括|涉及|涵盖)[^，。;]{2,}等\Z")
_TO: Final = re.compile(r"(?:分别)?[一-鿿]{0,4}?(?:到|至|为|成)")


_COMPARED: Final = re.compile(
    r"(?P<noun>[^，。;]*?)[较比](?:上年|去年|年初|上年?末|(?:19|20)\d\d年)[末底]?(?:同期)?的[^，。;\d]{0,4}\Z"
)
_CHANGED: Final = re.compile(r"(?:分别|净|共)?(?:增加|减少|增长|下降|提高|降低|上升)了?(?:约|近|超过?)?\s?\Z")


def is_old_value(clause: str, right: str) -> bool:
    """`由29.1亿元增长到`, `较2020年的29.1亿元增加2亿元`: whether a number is where something came from."""
    return bool(_origin(clause, right))


def _origin(clause: str, right: str) -> re.Match[str] | None:
    if not right:
        return None
    if ("由" in clause or "从" in clause) and _TO.match(right) and (found := _FROM.search(clause)):
        return found
    return _base(clause, right)


def _base(clause: str, right: str) -> re.Match[str] | None:
    is_compared = "的" in clause and ("较" in clause or "比" in clause)
    return _COMPARED.search(clause) if is_compared and _CHANGED.match(right) else None


_MEMBER_SIGN: Final = re.compile(r"[、和]")
_MEMBERS: Final = re.compile(r"、|及(?!时)|以及")
_HERD_HEAD: Final = re.compile(r"^(?:年末?|全年)?(?:出栏|存栏)量?(?=[一-鿿])|(?:年末?|全年)?(?:出栏|存栏)量?\Z")
_GROWN: Final = re.compile(r"(?:播种|种植|栽种|栽培|收获)\Z")


def from_noun(clause: str) -> str | None:
    """The words before 由 or 从 where a clause ends in where something came from; null where it does not."""
    match = re.search(r"(?P<noun>[^，。;]*?)[由从](?:[^，。;由从]{0,12}的)?\Z", clause)
    return match["noun"] if match else None


def stem(name: str, tail: str) -> str:
    """`研发经费投入总量` and `强度` → `研发经费投入强度`; `重点项目` and `投资` → `重点项目投资`."""
    if name.endswith(tail):
        return name
    if name in generic():
        return tail
    if name.endswith("预算") and name[:-2].endswith(tail):
        return name[:-2]
    if tail in vocabulary.signs("rates"):
        return name + tail
    if tail in vocabulary.class_set("herd"):
        name = _HERD_HEAD.sub("", name)
    for own in _generic_by_length():
        if name.endswith(own) and len(name) > len(own) + 1 and len(own) >= 2:
            bare = name[: -len(own)]
            return (_GROWN.sub("", bare) if own == "面积" else bare) + tail
    return name + tail


def read(reading: Reading, amount: Amount, context: Context) -> Name:
    """The indicator of a number that stands alone."""
    old = context.right and (_origin(reading.rest, context.right) or _base(context.clause, context.right))
    phrase = phrases.before(old["noun"] if old else reading.rest, context.own_names)
    noun = phrase.noun
    after = None if old else _after(reading, amount, context, phrase)
    if after:
        return after
    if noun.endswith("等"):
        whole = _MAINLY.match(noun)
        noun = whole["noun"] if whole else _MEMBER_SIGN.split(noun[:-1])[-1]
    if not noun:
        return _inherited(reading, amount, context, phrase)
    if noun in vocabulary.class_set("stated") and context.names:
        return _inherited(reading, amount, context, phrases.Phrase("", phrase.aspect, "", phrase.ends_in_verb))
    if noun in _MEN and amount.unit == "人":
        noun += "人数"
    if amount.unit_kind == "count":
        noun = _counted_last(noun, amount)
    name = _completed(
        _with_verb(_ADDED.sub("", noun) if "加" in noun or noun[0] == "减" else noun, phrase), reading, phrase, context
    )
    is_bare = not phrase.verb and phrases.trim_end(reading.rest).endswith(noun)
    return name.bare() if is_bare else name


def _with_verb(noun: str, phrase: phrases.Phrase) -> str:
    """`招引项目`, `检查企业`, `新增就业`: a noun too plain to say what is counted keeps its verb."""
    if (
        len(noun) > 2
        or len(phrase.verb) < 2
        or noun in generic()
        or phrase.verb in vocabulary.class_set("attaining_verb")
    ):
        return noun
    kind, _ = vocabulary.verbs().get(phrase.verb, ("", ""))
    return phrase.verb + noun if kind == "act" or (kind == "new" and noun == "就业") else noun


def _after(reading: Reading, amount: Amount, context: Context, phrase: phrases.Phrase) -> Name | None:
    """The noun after the number, where the number stands before its noun."""
    if reading.of_group:
        found, taken = phrases.after(context.right)
        used = _USED_FOR.match(context.right, taken) if found else None
        return Name(f"{used.group()}的{found}" if used else found, None, context.end + taken) if found else None
    if reading.measure not in ("level", "change"):
        return None
    noun = phrase.noun
    is_given = noun[-1:] in ("向", "给") and amount.unit_kind in ("count", "person")
    is_given = is_given or (noun.endswith(_TOWN_ENDS) and amount.unit_kind not in ("money", "ratio", "count"))
    is_given = is_given or (amount.unit_kind == "person" and _names_each(noun, amount))
    leads_on = not noun or is_given or noun.endswith("等") or phrase.ends_in_verb or reading.rest.endswith("的")
    if not leads_on and amount.unit_kind == "count" and reading.measure == "level":
        found, taken = phrases.after(context.right)
        is_whole = context.is_followed and taken >= len(context.right)
        leads_on = len(found) >= 2 and (not is_whole or bool(_JOINED.search(found)))
    if not leads_on:
        return None
    right, place = (context.right, context.end) if context.right.strip("、和") else (context.beyond, context.beyond_at)
    found, taken = phrases.after(right, amount.unit_kind == "money")
    if found in vocabulary.class_set("stated"):
        return None
    if context.is_followed and right is context.right and taken >= len(right.rstrip("和及与、")):
        found = _JOINED.split(found)[0]
        taken = right.find(found) + len(found) if found else 0
    return Name(found, phrase.aspect, place + taken if right is context.right else 0) if found else None


def _names_each(noun: str, amount: Amount) -> bool:
    """`聘请甲某、乙某、丙某3名院士`: people named one by one before they are counted."""
    members = noun.split("、")
    return amount.value == len(members) and all(2 <= len(member) <= 4 for member in members)


def _inherited(reading: Reading, amount: Amount, context: Context, phrase: phrases.Phrase) -> Name:
    """The last indicator, or what the sentence says otherwise: a verb of its own, an earlier clause, what follows."""
    is_act = vocabulary.verbs().get(phrase.verb, ("", ""))[0] == "act" and phrase.verb not in vocabulary.class_set(
        "attaining_verb"
    )
    stage = phrase.verb if phrase.verb in _JOINABLE else ""
    if stage and context.names and context.names[-1].endswith(tuple(_JOINABLE)) and context.left.startswith("、"):
        return Name(context.names[-1][:-2] + stage, phrase.aspect)
    begins_clause = context.left.startswith(("，", ";")) or not context.names
    goes_on = context.is_subject_new and context.names
    if is_act and len(phrase.verb) >= 2 and reading.measure == "level" and begins_clause and not goes_on:
        own = _JOINABLE.get(phrase.verb)
        return Name(own + context.names[-1] if own and context.names else phrase.verb, phrase.aspect)
    is_bare = not phrases.trim_end(context.clause.strip("，"))
    if is_bare and (done := phrases.predicate_at(context.beyond)):
        return Name(done, phrase.aspect)
    begins_item = context.left.startswith(";") and "，" in context.left
    looks_back = not context.names or reading.measure == "rank" or begins_item
    between = clauses.earlier_clauses(context.left) if looks_back else []
    for clause in between:
        noun = _object(clause) or phrases.before(clause.removesuffix("中"), context.own_names).noun
        noun = _GOING_ON.sub("", noun)
        if noun:
            return Name(noun if len(noun) <= 20 else "", phrase.aspect)
    if context.names:
        name = context.names[-1] if len(context.names) == 1 else context.joint or context.names[-1]
        name = _PLANNED.sub("", name) if _DONE.search(context.clause) else name
        return Name(name, _cumulative(context) or context.aspect, is_inherited=True)
    return Name(phrase.verb or _BY_UNIT.get(amount.unit or "", ""), phrase.aspect)


_GOING_ON: Final = re.compile(
    r"(?:涨幅|增速|增幅)?(?:逐步|持续|稳步|不断|进一步|明显|显著|继续|大幅)[一-鿿]{2,4}\Z"
    r"|(?<=[一-鿿]{2})(?:主要)?以[^，。;]{2,40}为主\Z|(?<=[一-鿿]{2})分为[^，。;]{2,20}\Z"
)
"""What something does in a clause that only leads up to its figure: 菜价涨幅逐步回落，全年涨幅…"""
_BY_UNIT: Final = {"户": "户数", "人": "人口"}
_JOINABLE: Final = {"落地": "落地", "开工": "开工", "竣工": "竣工", "投产": "投产", "签约": "签约"}
_OBJECT: Final = re.compile(r".*(?:入选|获批|获评|荣获|被评为|成为|认定为|列入|纳入)(?P<noun>[^，。;]{2,20})\Z")


def _object(clause: str) -> str:
    match = _OBJECT.match(clause)
    return match["noun"] if match else ""


def _cumulative(context: Context) -> Aspect | None:
    return "cumulative" if "累计" in context.clause else None


@cache
def totals() -> frozenset[str]:
    """Nouns that say of the last indicator only that all of it is meant: 新增7家，总数达到63家."""
    return vocabulary.class_set("total")


def _completed(noun: str, reading: Reading, phrase: phrases.Phrase, context: Context) -> Name:
    """The noun with what it leaves out: `强度`, `省级`, `亿元以上`, `其中城市` are completed by the last indicator."""
    if reading.measure == "index" and context.price_index and noun.endswith("类"):
        return Name(noun + _OF_CLASS.sub("", context.price_index), phrase.aspect)
    names_whole = "全" in context.clause or "我" in context.clause
    if not context.names or (names_whole and _WHOLE.match(context.clause)):
        return Name(noun, phrase.aspect)
    last = context.names[-1]
    if noun in ("人均", "户均", "亩均", "日均"):
        return Name(noun + last, phrase.aspect)
    if noun in vocabulary.signs("rates") and reading.measure == "change":
        return Name(last, context.aspect, is_inherited=True)
    if noun in totals() and reading.measure in ("rank", "level", "growth"):
        return Name(last, _cumulative(context), is_inherited=True, is_total=True)
    is_side = noun.startswith(("收入", "支出")) and _BUDGET_SIDE.fullmatch(noun) is not None
    of_budget = _OF_BUDGET.match(last) if is_side else None
    if of_budget:
        return Name(of_budget["budget"] + noun, phrase.aspect)
    if noun in generic() and ";" not in context.left:
        is_act = vocabulary.verbs().get(phrase.verb, ("", ""))[0] == "act" and phrase.verb not in vocabulary.class_set(
            "attaining_verb"
        )
        return Name(phrase.verb + noun if is_act else stem(last, noun), phrase.aspect)
    if noun in ("预算", "年初预算", "调整预算") and reading.measure == "level":
        return Name(last if last.endswith("预算") else last + "预算", is_aside=True)
    of_industry = _OF_INDUSTRY.search(last) if noun.endswith(("业", "活动")) else None
    if of_industry and reading.measure in ("growth", "change"):
        return Name(noun + of_industry["what"], phrase.aspect)
    if noun.endswith(_GRADE_ENDS) and _GRADE.fullmatch(noun):
        return Name(
            noun + _GRADE.sub("", last.removeprefix("各级"), count=1), phrase.aspect if phrase.verb else context.aspect
        )
    if noun.endswith(_CLASS_TAILS):
        return Name(noun + (phrases.before(last).noun or last), phrase.aspect)
    if noun in vocabulary.class_set("qualifier") and not phrase.verb:
        return Name(noun + re.sub(r"^(?:城乡|全社会|城市|城镇|农村|乡村)", "", last), phrase.aspect, is_inherited=True)
    return Name(noun, phrase.aspect)


def _counted_last(noun: str, amount: Amount) -> str:
    """Of a list with more members than the count, the count is the last member's: `A、B、C及医院1座` → `医院`."""
    members = _MEMBERS.split(noun) if "、" in noun or "及" in noun else [noun]
    if (
        amount.value is not None
        and len(members) > max(int(amount.value), 1)
        and "等" not in noun
        and "”" not in members[0]
    ):
        return members[-1] if len(members[-1]) >= 2 else noun
    return noun
