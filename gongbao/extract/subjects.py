"""Whom a figure describes: the document's place, a part of it that the sentence names, or a project or enterprise."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from gongbao.extract import phrases, vocabulary
from gongbao.extract.amount import Amount
from gongbao.reference.gazetteer import gazetteer

_ATTRIBUTE: Final = re.compile(
    r"(?P<attribute>(?:计划|概算|估算)?总?投资(?:额|总额|规模)?|总?占地(?:面积)?|总?(?:建筑|建设|用地|占地|规划)?面积|"
    r"总建筑面积|总?规模|造价|总长度?|全长|总?概算)(?:达到?|约|近|超过?|逾|突破|为|共)*\Z"
)
_ATTRIBUTE_NOUN: Final = re.compile(r"投资|占地|面积|规模|造价|长|概算")
_ATTRIBUTE_UNITS: Final = frozenset(("money", "land", "floor", "length", None))
_CHAINED: Final = re.compile(r"，(?!占(?!地))(?:[^，。;]{0,6}?(?:占地|建筑|面积)[^，。;]{0,14}?的)(?=[^，。;]{2,})")
_OWNER_END: Final = re.compile(r"[，。;、:!?\n(]|等(?!级)|\d{1,2}月")
_INNER_NUMBER: Final = re.compile(
    r"(?:[\d.,]+[ ]?[万亿千百]{0,2}余?(?:平方米|平米|平方公里|公里|立方米|万吨|千瓦|[亩吨米套个座户栋条处家台张头只])?"
    r"|[一二两三四五六七八九十]{1,3}[个座条处所家栋])的?"
)
_PLURAL_OWNER: Final = re.compile(r"(?:项目|工程|企业)\Z")
_LEAD: Final = (
    r"^[，、;:]*(?:(?:其中|含|包括)[，:]?)?"
    r"(?:(?:20\d\d年|全年|[一二三四]季度|上半年|前三季度|\d{1,2}[-—至]\d{1,2}月份?|年末|截至[^，]{1,8}?)，?)?"
)
_LEVEL_SUBJECT: Final = re.compile(
    _LEAD + r"(?P<name>[省市县区州镇]本?级)"
    r"(?=一般公共|公共|政府性|国有|社会保险|社保|财政|税收|预算|地方|收入|支出|基金|发行|偿还|争取|安排|机关事业|城乡居民|企业职工)"
)


@cache
def _whole_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{_LEAD}(?P<name>全[国省市县区州镇乡盟旗]|我[省市县区州镇乡])(?!{vocabulary.any_of('whole_described')})"
    )


@cache
def _zone() -> re.Pattern[str]:
    return re.compile(
        rf"{_LEAD}(?P<name>[一-鿿]{{0,8}}{vocabulary.any_of('zone_noun')})"
        r"(?=[^、等]{0,12}(?:营业|主营|税收|完成|实现|生产|收入|产值|规上|固定|一般|实际|地区|引进|签约|进出口|新增))"
    )


_OTHER_PLACE: Final = re.compile(_LEAD + r"(?P<name>[一-鿿]{1,8}?(?:自治县|[市县区旗镇乡]|街道))(?=[一-鿿“])")
_BUDGET_PLACE: Final = re.compile(
    _LEAD + r"(?P<name>[一-鿿]{2,5}[区县市])(?<![全各我本省市县辖城郊园地社新][区县市])"
    r"(?=(?:一般公共|政府性基金|国有资本经营|社会保险基金)预算)"
)
_ZONE_LEAD: Final = re.compile(
    r"^(?:其中|力争|实现|推动|加快|支持|推进|全年|确保|促进|预计|主要是|省级及以上|市级及以上)+"
)
_BARE_ZONES: Final = frozenset(("园区", "新区", "示范区", "度假区"))


_OWN_SUFFIX: Final = re.compile(r"(?:自治区|自治州|自治县|省|市|县|区|州|盟|旗|镇|乡|街道)$")


def own_names(place: str | None, parents: tuple[str, ...] = ()) -> tuple[str, ...]:
    """How a place calls itself in its own text, also after the places above it: `姜楼镇`, `姜楼`, `惠民县姜楼镇`."""
    if not place:
        return ()
    bare = _OWN_SUFFIX.sub("", place)
    names = (place, bare) if len(bare) >= 2 else (place,)
    paths = tuple("".join(parents[index:]) + place for index in range(len(parents)))
    return (*names, *paths, "街道") if place.endswith("街道") else (*names, *paths)


@cache
def class_noun() -> re.Pattern[str]:
    """The nouns that a threshold sorts: 亿元以上项目, 80岁以上老人."""
    return re.compile(f"(?:{vocabulary.alternation(vocabulary.words('class_nouns'))})")


def named(clause: str, own_names: tuple[str, ...], is_last: bool = True) -> str | None:
    """The subject that a clause names: `市本级`, a development zone, or `""` for the place itself (全市).

    A place above (全省 in a county's text) is the subject only of the clause that holds the number (`is_last`).
    """
    level = _LEVEL_SUBJECT.match(clause) if "级" in clause else None
    if level:
        return _level(level["name"], own_names)
    whole = _whole_pattern().match(clause) if "全" in clause or "我" in clause else None
    if whole:
        name = _whole(whole["name"], own_names)
        return name if is_last or not name else None
    zone = _zone().match(clause) if "区" in clause else None
    name = _ZONE_LEAD.sub("", zone["name"]) if zone else ""
    if name and name not in _BARE_ZONES:
        return name
    return None


def other_place(clause: str, own_names: tuple[str, ...]) -> str | None:
    """The neighbour or part of the document's place that opens the number's own clause: `樟树市财政收入…`."""
    budget = _BUDGET_PLACE.match(clause) if "预算" in clause else None
    if budget and "对" not in budget["name"] and not budget["name"].startswith((*own_names, "加", "其中", "全", "各")):
        return budget["name"]
    match = _OTHER_PLACE.match(clause)
    if match is None or clause.startswith(own_names, match.end("name")):
        return None
    return match["name"] if _is_near(match["name"], own_names) else None


@cache
def _alone_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{_LEAD}(?P<name>[省市县区州镇]本?级|[一-鿿]{{0,8}}{vocabulary.any_of('zone_noun')}"
        r"|[一-鿿]{1,8}?(?:自治县|[市县区旗镇乡]|街道))(?:完成|实现|达到?|为)?\Z"
    )


_PART_ENDS: Final = frozenset("级区县市旗镇乡道成现到达为")


def alone(clause: str, own_names: tuple[str, ...]) -> str | None:
    """The part of the place that stands for its figure of what was named before: `其中：高新区1.3亿元`."""
    match = _alone_pattern().match(clause) if clause[-1] in _PART_ENDS else None
    return part(_ZONE_LEAD.sub("", match["name"]), own_names) if match else None


_LISTED: Final = re.compile(
    r"[，、]?(?:其中[，:]?)?(?P<places>(?:[一-鿿]{1,8}?(?:自治县|[市县区旗镇乡]|街道)(?:、|以及|和|及))+"
    r"[一-鿿]{1,8}?(?:自治县|[市县区旗镇乡]|街道))(?P<noun>.*)\Z"
)
_LIST_SIGNS: Final = re.compile(r"、|以及|和|及")


def listed(noun: str, count: int, own_names: tuple[str, ...]) -> tuple[str, ...] | None:
    """`甲镇、乙镇和丙镇粮食产量`: the `count` parts that a phrase lists, then what is measured in each of them."""
    match = _LISTED.match(noun)
    names = _LIST_SIGNS.split(match["places"]) if match else []
    if match is None or len(names) != count or not all(part(name, own_names) for name in names):
        return None
    return (*names, match["noun"].removeprefix("的"))


def part(name: str, own_names: tuple[str, ...]) -> str | None:
    """A level of the place, a zone or a neighbour in the national list as a subject; null where a name is none."""
    if name.endswith("级"):
        return _level(name, own_names)
    is_zone = name.endswith(vocabulary.word_class("zone_noun")) and name not in _BARE_ZONES
    return name if is_zone or _is_near(name, own_names) else None


def _level(name: str, own_names: tuple[str, ...]) -> str:
    own = own_names[0] if own_names else ""
    return own + name.removeprefix(own[-1:]) if own.endswith((name[0], "自治区")) else name


@cache
def _enterprise() -> re.Pattern[str]:
    return re.compile(
        rf"^[，、;]?(?P<name>[^，。;:、\d]{{2,24}}?{vocabulary.any_of('enterprise_noun')})"
        rf"(?=，|位于|占地|始建|成立|建于|总投资|现有|注册|年产|是|为|:|(?:全?年)?(?:实现|完成)?{vocabulary.any_of('own_result')})"
    )


@cache
def _enterprise_sign() -> re.Pattern[str]:
    return re.compile(f"[{_last_signs('enterprise_noun')}]")


@cache
def _no_enterprise() -> re.Pattern[str]:
    return re.compile(vocabulary.any_of("no_enterprise"))


def _last_signs(name: str) -> str:
    return "".join(sorted({word[-1] for word in vocabulary.word_class(name)}))


@cache
def subject_sign() -> re.Pattern[str]:
    """The signs without which a stretch names no subject, neither a place nor an enterprise."""
    return re.compile(f"[级全我区市县旗镇乡道{_last_signs('enterprise_noun')}]")


@cache
def _word_names() -> frozenset[str]:
    return frozenset(vocabulary.words("place_word_names"))


def _is_near(name: str, own_names: tuple[str, ...]) -> bool:
    """Whether the national list has a place of this name inside, beside or above the document's own."""
    if not own_names or name in own_names or len(name) < 3:
        return False
    if name in _word_names() or (name[:-1] in _word_names() and name[-1] not in "县旗"):
        return False
    regions = _regions(own_names[0])
    return any(code.startswith(regions) for code in gazetteer().by_name.get(name, ()))


@lru_cache(maxsize=16)
def _regions(place: str) -> tuple[str, ...]:
    """The regions of all places of a name, asked for again and again while one text is read."""
    return tuple({_region(code) for code in gazetteer().by_name.get(place, ())})


def _region(code: str) -> str:
    """The prefix of codes inside and beside a place: a township's county, a county's city, a city's own."""
    return code[:6] if len(code) > 6 else code[:2] if code.endswith("0000") else code[:4]


_ABOVE: Final = {
    "镇": "县区市省国",
    "乡": "县区市省国",
    "道": "县区市省国",
    "县": "市省国",
    "旗": "市盟省国",
    "区": "市省国",
    "市": "省国",
    "州": "省国",
    "盟": "国",
    "省": "国",
}


def _whole(written: str, own_names: tuple[str, ...]) -> str:
    """`""` where 全市 means the document's place, else the words: 全市 in a county's text is the city above it."""
    own = own_names[0] if own_names else ""
    is_above = written[0] == "全" and written[1] in _ABOVE.get(own[-1:], "") and not own.endswith(("自治区",))
    return written if is_above or written == "全国" else ""


def enterprise(clause: str) -> str | None:
    """The enterprise or site that opens a clause and speaks of itself: `某某有限公司，1997年投产，占地…`."""
    match = _enterprise().match(clause) if _enterprise_sign().search(clause) else None
    return match["name"] if match and not _no_enterprise().search(match["name"]) else None


def attribute(clause: str, right: str, amount: Amount, text: str, end: int, limit: int) -> tuple[str, str, int] | None:
    """`投资5000万元的恒川机械` → (`投资`, `恒川机械`, end of the name); null where no such noun follows."""
    leads_on = right.startswith("的") or text.startswith("，", end)
    if not leads_on or amount.unit_kind not in _ATTRIBUTE_UNITS or _ATTRIBUTE_NOUN.search(clause) is None:
        return None
    match = _ATTRIBUTE.search(clause)
    if match is None:
        return None
    attribute_name = match["attribute"]
    if right.startswith("的"):
        found = _owner(text, end + 1, limit)
    else:
        chained = _CHAINED.match(text, end, limit)
        found = _owner(text, chained.end(), limit) if chained else None
    if found is None:
        return None
    owner, until = found
    return attribute_name, owner, until


def _owner(text: str, start: int, limit: int) -> tuple[str, int] | None:
    position = start
    while (inner := _INNER_NUMBER.match(text, position, limit)) is not None and inner.end() > position:
        position = inner.end()
    match = _OWNER_END.search(text, position, limit)
    until = match.start() if match else limit
    name = text[position:until].replace("\x1f", "").strip(" 的")
    name = phrases.without_predicate(name)
    if len(name) < 2 or _PLURAL_OWNER.fullmatch(name):
        return None
    return name, until
