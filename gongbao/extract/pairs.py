"""Lists that are read in step: A、B分别增长x和y, hidden pairs (城乡, 存贷款), and 均 over a whole list."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import phrases, vocabulary

_HIDDEN: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = (
    (re.compile(r"城乡(?=居民|[一-鿿])"), ("城镇", "农村")),
    (re.compile(r"城镇?农村?(?=居民)"), ("城镇", "农村")),
    (re.compile(r"存贷款?(?=款|余额|总额|规模|增)"), ("存款", "贷款")),
    (re.compile(r"存、?贷款"), ("存款", "贷款")),
    (re.compile(r"进出口"), ("进口", "出口")),
    (re.compile(r"轻重(?=工业)"), ("轻", "重")),
    (re.compile(r"(?:第?一二三|三次|一二三次)产业?"), ("第一产业", "第二产业", "第三产业")),
    (re.compile(r"(?:第?二三|二、三)次?产业?"), ("第二产业", "第三产业")),
    (re.compile(r"收支"), ("收入", "支出")),
    (re.compile(r"量[、和]?额"), ("量", "额")),
    (re.compile(r"产销"), ("产", "销")),
)
_GRADES: Final = re.compile(
    r"(?P<first>国家|省|市|县|区|镇)(?:级)?[、和](?P<second>省|市|县|区|镇|村)两?级(?P<rest>.+)"
)
_SECTORS: Final = re.compile(r"第?一(?:产业?)?、第?二(?:产业?)?、第?三次?产业")
_DOUBLED: Final = re.compile(r"款款")
_SPLITTERS: Final = (
    # The name of an industry may be a list itself: 计算机、通信和其他电子设备制造业.
    re.compile(r"(?<=业)(?:、|以及|和|及|与)"),
    re.compile(r"、|以及|和(?!谐|美)|及(?!时|以)|与(?!会)"),
    re.compile(r"、"),
    re.compile(r"、|以及|及(?!时|以)"),
    re.compile(r"和(?!谐|美)|以及|与"),
)


@cache
def _tails() -> tuple[str, ...]:
    return tuple(sorted(vocabulary.words("tails"), key=lambda word: (-len(word), word)))


def names(joint: str, count: int) -> tuple[str, ...] | None:
    """The `count` indicators that a joint phrase names, each in full; null where it does not name so many."""
    joint = _SECTORS.sub("一二三产业", joint) if count == 3 else joint
    graded = _GRADES.match(joint)
    if graded and count == 2:
        return (f"{graded['first']}级{graded['rest']}", f"{graded['second']}级{graded['rest']}")
    for splitter in _SPLITTERS:
        parts = [part.strip(" \x1f，") for part in _split_outside_quotes(joint, splitter)]
        if len(parts) == count and all(parts):
            return _of_one_thing(parts) or _completed(parts)
    for pattern, members in _HIDDEN:
        if len(members) == count and pattern.search(joint):
            return tuple(_DOUBLED.sub("款", pattern.sub(member, joint, count=1)) for member in members)
    return None


_LIST_LEAD: Final = re.compile(r"^[，、]?(?:其中[，:]?)?")
_OF_CLASS: Final = re.compile(
    r"(?P<list>[^，。;:]{3,60}?)等(?:[\d一二三四五六七八九十]{1,2}[大个类])?(?P<head>[^，。;等]{2,14}?)(?=分别|依次)"
)
_STEP_CLAUSE: Final = re.compile(r"^(?:分别|依次)")
_LISTED_AS: Final = re.compile(r".*[一-鿿](?:是|为|包括)(?=[一-鿿]{2})")


def of_class(clause: str, noun: str, count: int) -> tuple[str, ...] | None:
    """`食品、石化等产业增加值分别`: the members of a class, each with the noun that the class is measured by."""
    match = _OF_CLASS.search(clause)
    members = match["list"].split("、") if match else []
    if match is None or len(members) != count or not match["head"].startswith(noun):
        return None
    members[0] = phrases.before(members[0]).noun
    if not all(len(member) >= 2 for member in members):
        return None
    return tuple(member + (noun[2:] if member.endswith(noun[:2]) else noun) for member in members)


def of_verbs(clause: str, noun: str, count: int) -> tuple[str, ...] | None:
    """`新签约、新开工、新投产项目分别`: one noun with as many verbs as there are numbers, each with its verb."""
    before, found, _ = clause.partition(noun) if noun and "、" in clause else ("", "", "")
    verbs = [*before.split("、")[-count:-1], before.split("、")[-1]] if found else []
    if len(verbs) != count:
        return None
    known = [word for word in vocabulary.verbs() if verbs[0].endswith(word) and len(word) >= 2]
    verbs[0] = max(known, key=len, default="")
    return tuple(verb + noun for verb in verbs) if all(verb in vocabulary.verbs() for verb in verbs) else None


def across_clauses(left: str, last: str, count: int) -> tuple[str, ...] | None:
    """`甲、乙业，丙业，丁业产值分别增长`: a list whose members commas part, `last` being the last of them."""
    parts = _LIST_LEAD.sub("", left).split("，")
    if _STEP_CLAUSE.match(parts[-1]) and len(parts) > count:
        # `甲业，乙业，分别实现利润`: the last clause names what is measured and no member of its own.
        members = parts[-count - 1 : -1]
        members[0] = _LISTED_AS.sub("", members[0])
        return tuple(member + last for member in members) if all(2 <= len(m) <= 24 for m in members) else None
    if len(parts) < count or last[:2] not in parts[-1]:
        return None
    members = parts[-count:-1]
    return _completed([*members, last]) if all(2 <= len(member) <= 24 for member in members) else None


def _split_outside_quotes(joint: str, splitter: re.Pattern[str]) -> list[str]:
    parts, start = [], 0
    for match in splitter.finditer(joint, 1):
        if not _is_quoted(joint, match.start()):
            parts.append(joint[start : match.start()])
            start = match.end()
    parts.append(joint[start:])
    return parts


def _is_quoted(joint: str, position: int) -> bool:
    depth = 0
    for sign in joint[:position]:
        if sign in "“《(":
            depth += 1
        elif sign in "”》)":
            depth = max(0, depth - 1)
    return depth > 0


_SIDES: Final = ("总量", "增速", "增幅", "增量", "规模")
"""Sides of one thing that a text ranks in step: 总量和增速分别排第5、第6."""


def sides(names: tuple[str, ...]) -> bool:
    """Whether a list names nothing but sides of what was named before."""
    return bool(names) and all(name in _SIDES for name in names)


def _of_one_thing(parts: list[str]) -> tuple[str, ...] | None:
    own = next((side for side in _SIDES if parts[0].endswith(side)), None)
    if own is None or not all(part in _SIDES for part in parts[1:]):
        return None
    base = parts[0][: -len(own)]
    return (parts[0], *(base + part for part in parts[1:]))


def _completed(parts: list[str]) -> tuple[str, ...]:
    """`城镇`, `农村居民人均可支配收入`: the first takes the last one's tail; a bare tail takes the first one's head."""
    last = parts[-1]
    if all(len(part) == 1 for part in parts[:-1]) and len(last) >= 2:
        return (*(part + last[1:] for part in parts[:-1]), last)
    tail = next((t for t in _tails() if last.endswith(t)), "")
    full = []
    for part in parts[:-1]:
        has_tail = part.endswith("数") or any(part.endswith(t) for t in _tails())  # 事故数 is a count already
        full.append(part if has_tail or not tail or part.endswith(tail) else part + tail)
    head = ""
    first = full[0] if full else ""
    if first and last in _tails() and (cut := next((t for t in _tails() if first.endswith(t)), "")):
        head = first[: len(first) - len(cut)]
    return (*full, last if not head or last.startswith(head) else head + last)
