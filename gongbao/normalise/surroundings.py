"""What the sentence before a figure adds to a matched phrase, or takes from it.

批准的市级政府性基金收入预算为50亿元: 市级 makes it a figure of the own level, 预算 one that was planned.
调入资金 needs to know into which of the four budgets. 拉动GDP增长1个百分点 is a contribution and no growth of GDP.
indicator_surroundings.csv holds the words; of the words of one group the last before the figure decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gongbao import reference
from gongbao.normalise.vocabulary import fold

PLANNED = "预算"
"""Scope of a fact that is a budget, not what came in or was spent."""
ADJUSTED = "调整预算"
"""Scope of a budget after its change, and of what was fulfilled of it: the one of the year's beginning is another."""
_PLANNED_BEFORE = re.compile(rf"{PLANNED}(?:数|额)?(?:为|是|共)?$")
_APPROVED_BEFORE = re.compile(
    r"(?:批准|审议通过|审查通过)(?![^;；。]*(?:完成|实际|执行(?!情况)|同比|增长|下降))[^;；。]*$"
)
_ADJUSTED_BEFORE = re.compile(rf"(?:调整(?:后)?(?:{PLANNED})?数?(?:为|到|至)|调整{PLANNED}数?(?:为|是)?)$")
_OF_ADJUSTED = re.compile(rf"调整(?:后)?{PLANNED}数?$")
_SAME_SCOPE = re.compile(
    r"(?P<scope>同口径|可比口径|区划口径|剔除[^;；]{2,40}因素)[^,，;；]{0,8}(?:增长|下降|增加|减少|增|降)(?:约|近|了)?$"
)
_LIKE_FOR_LIKE = "同口径"
_PEERS = re.compile(
    r"(?:高于|低于|快于|慢于|高出|超过|优于|好于)"
    r"(?P<peers>全[国省市区州盟](?:[、和及与]全[国省市区州盟])*)(?:平均)?(?:水平|增速|增幅)?"
    r"(?P<said>[\d.]+(?:个百分点)?[、和及与])?(?:约|近)?$"
)
_SHARE_OF = re.compile(
    r"占(?P<area>全[国省市区州盟])(?P<rest>[^,，;；占]{0,16}?)(?:比重|比例|份额|总量)*"
    r"(?:由[\d.]+%)?(?:提高|提升|上升|下降|降低|达|升|降)?(?:到|至|为|约|超过?|近)*$"
)
_CONTRIBUTION = re.compile(r"(?:拉动|下拉|贡献)[^,，;；。、]{0,12}$")
_GROWN_GROWTH = re.compile(r"(?:增速|增幅)[^,，;；。、]{0,8}(?:增长|翻|下降)了?$")
_ITEM = re.compile(r"[的到达为共约各了,，]*$")
_OF_WHICH = re.compile(r"其中(?:有|,|，|:)?$")
_SUM = re.compile(r"\d[^\d,，;；。]{0,9}[)）]?[,，、]\s*(?:两项|三项)?(?:合计|总计|共计)(?:为|达)?\s*$")
_WHOLE = re.compile(
    r"占(?!比)(?:[全我][国省市县区州盟旗镇乡])?(?P<whole>[^,，;；。占\d]{2,20}?)(?:总量)?"
    r"(?:比重|比例|份额|比率|(?=\d|由|从|稳定|保持|达|提高|约|为|超|近|分别|$))[^,，;；。占]*$"
)
_DOES = re.compile(r"(?![和及与或等中内]|建设|创建|任务|项目)[一-鿿]")
_ALL_OF_THEM = frozenset({"beautiful_villages", "key_projects", "poverty_out_persons"})
"""Stocks of which a text tells at once how many they are and what they do: 20个省市重点项目完成投资100亿元."""
_PER = re.compile(r"(?:每[百千万]|[千万]人(?:均|口)?拥有|[人户日月]均)[^,，;；。、]{0,14}$")
_OF_ITS_OWN = frozenset({"residence", "mode"})
"""Groups whose words each speak of their own figure."""
_ANOTHER = "-"
_CHANGES = frozenset({"growth", "change"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`parts` of a breakdown and a scope.

    `complete` is false where a necessary word is missing, `another` is true where a word says that this is something
    else (三次产业投资构成: no shares of GDP).
    """

    parts: tuple[str, ...]
    scope: str | None
    complete: bool = True
    another: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    group: str
    word: str
    breakdown: str
    scope: str
    required: bool


def names_another_thing(phrase: str, before: str, after: str, measure: str) -> bool:
    """Whether the sentence says that the figure is no figure of the phrase itself.

    A contribution to growth, or growth of the growth (增速增长了9倍); a sum of the phrase and others
    (上解支出等12亿元, 一般债券5亿元,合计12亿元); one purpose among several that the sentence lists
    (专项债券100亿元,其中30亿元用于…); some of what was just counted (幼儿园51所,其中4所已停办).
    """
    if measure in _CHANGES:
        return _CONTRIBUTION.search(before) is not None or (
            measure == "growth" and _GROWN_GROWTH.search(before) is not None
        )
    lead, noun = fold(before), fold(phrase)
    if measure == "level" and _OF_WHICH.search(lead) and _DOES.match(fold(after)) and not fold(after).startswith(noun):
        return True
    if lead.endswith(f"{noun}等") or _SUM.search(before):
        return True
    return fold(after).startswith("用于") and noun in lead and not _ITEM.sub("", lead).endswith(noun)


def is_ratio(phrase: str, before: str) -> bool:
    """Whether the figure is one per so many people, households or days, which the phrase itself does not say."""
    return _PER.search(before) is not None and _PER.search(phrase) is None


def whole_of(before: str) -> str:
    """What the figure is said to be a share of, folded and without its place; empty where the sentence does not say."""
    said = _WHOLE.search(fold(before))
    return said["whole"] if said else ""


def is_of_group(phrase: str, after: str, indicator_id: str) -> bool:
    """Whether the figure counts those that do something, not all that there are: 18个行政村实行了市场化保洁."""
    rest, noun = fold(after), fold(phrase)
    if indicator_id in _ALL_OF_THEM:
        return False
    return rest.startswith(noun) and _DOES.match(rest, len(noun)) is not None


def surroundings(before: str, indicator_id: str, measure: str, phrase: str = "") -> Surroundings:
    """What the words before the figure add to a match of this indicator."""
    sentence = fold(before)
    parts: list[str] = []
    scopes: list[str] = []
    complete = True
    for words in _groups().get(indicator_id, ()):
        ends = [(sentence.rfind(each.word) + len(each.word), len(each.word), each) for each in words]
        found = [end for end in ends if end[2].word in sentence]
        if found:
            last = max(found, key=lambda end: end[:2])[2]
            if last.breakdown == _ANOTHER or (last.group in _OF_ITS_OWN and _is_of_both(sentence, fold(phrase), words)):
                return Surroundings((), None, False, True)
            parts += [last.breakdown] if last.breakdown else []
            scopes += [last.scope] if last.scope else []
        else:
            complete = complete and not any(each.required for each in words)
    scopes += _said_scopes(sentence, indicator_id, measure, fold(phrase))
    return Surroundings(tuple(parts), ";".join(scopes) or None, complete)


def _is_of_both(sentence: str, noun: str, words: tuple[_Word, ...]) -> bool:
    """Whether phrase and clause are silent after two parts of one whole: 城市低保2万人,农村低保8万人,低保金6亿元."""
    segment = re.split("[;；。]", sentence)[-1]
    clause = re.split("[,，]", segment)[-1]
    if any(each.word in clause or each.word in noun for each in words):
        return False
    parts = set()
    for each in sorted(words, key=lambda each: -len(each.word)):
        if each.word in segment:
            parts.add(each.breakdown)
            segment = segment.replace(each.word, "")
    return len(parts - {""}) > 1


def _said_scopes(sentence: str, indicator_id: str, measure: str, noun: str) -> list[str]:
    """The scopes that the words next to the figure state.

    Which budget a level is or was fulfilled; growth of what is the same as a year before; of a difference and of a
    share whose the other figure is, where it is one of the same thing.
    """
    if measure == "level" and indicator_id in _budgeted():
        if _ADJUSTED_BEFORE.search(sentence):
            return [ADJUSTED]
        return [PLANNED] if _PLANNED_BEFORE.search(sentence) or _APPROVED_BEFORE.search(sentence) else []
    if measure == "completion":
        return [ADJUSTED] if _OF_ADJUSTED.search(sentence) else []
    if measure in _CHANGES and (same := _SAME_SCOPE.search(sentence)):
        return [_LIKE_FOR_LIKE if same["scope"].startswith("剔除") else same["scope"]]
    if measure == "change" and (peers := _PEERS.search(sentence)):
        named = re.findall(r"全[国省市区州盟]", peers["peers"])
        return [f"较{named[-1] if peers['said'] else named[0]}"]
    if measure == "share" and (whole := _SHARE_OF.search(sentence)):
        same_thing = not whole["rest"] or noun.endswith(whole["rest"]) or whole["rest"].endswith(noun)
        return [f"占{whole['area']}"] if same_thing else []
    return []


@cache
def _groups() -> dict[str, tuple[tuple[_Word, ...], ...]]:
    """Indicator → its groups of words."""
    found: dict[str, dict[str, list[_Word]]] = {}
    for row in reference.rows("indicator_surroundings.csv"):
        for indicator_id in row["indicator_ids"].split("|"):
            words = found.setdefault(indicator_id, {}).setdefault(row["group"], [])
            words += [
                _Word(row["group"], fold(word), row["breakdown"], row["scope"], row["required"] == "yes")
                for word in row["words"].split("|")
            ]
    return {indicator_id: tuple(map(tuple, groups.values())) for indicator_id, groups in found.items()}


@cache
def _budgeted() -> frozenset[str]:
    """The indicators that budgets plan: those that 预算 may stand behind."""
    return frozenset(
        indicator_id
        for row in reference.rows("indicator_qualifiers.csv")
        if row["word"] == PLANNED and row["position"] == "tail"
        for indicator_id in row["indicator_ids"].split("|")
    )
