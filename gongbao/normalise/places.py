"""Which place a document is of, and which place a statement's subject is: from the document's frame downward.

A name is looked up inside a setting, never by substring in the whole country: 易县 is not 米易县, 唐县 not 高唐县, and
姜楼镇 (there are two) is a place only in a document that names its county. What cannot be told apart stays unresolved,
with its candidates and the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongbao.reference.gazetteer import FormerPlace, Gazetteer, gazetteer, is_prefecture, significant, word_names
from gongbao.reference.zones import is_zone, split_zone, zone_code, zone_owner

RANKS = ("自治区", "自治州", "地区", "街道", "省", "市", "州", "盟", "县", "区", "旗", "镇", "乡")
_RANK = "|".join(RANKS)
_SELF = re.compile(rf"(?:我|全|本|该)(?:{_RANK}|国)(?:域|境)?(?:内|上下)?|辖区(?:内)?|境内|当地")
_OFFICE = re.compile(r"(?:(?:人民)?政府(?:办公室)?|人大常委会|统计局|财政局|发展和改革委员会|发改委|党委)$")
_OWN_LEVEL = re.compile(rf"(?P<name>.*?)(?P<rank>{_RANK})?(?:本级|直属|级)$")
OWN_LEVEL = "本级"
SHORT_MENTIONS = 2
"""How often a text must name a county by its short name to be of that county."""
_NO_OWNER = ("", "国家级", "省级", "市级", "县级")


@dataclass(frozen=True, slots=True)
class Resolution:
    """A place's code, or null with the codes that it might be; `scope` is 本级 where only the own level is meant.

    `historic` says that the text uses a name that the place no longer bears.
    """

    code: str | None
    evidence: str
    candidates: tuple[str, ...] = ()
    scope: str | None = None
    historic: bool = False


def resolve_document(
    stated: str | None, parents: Sequence[str] = (), source_place: str | None = None, text: str = ""
) -> Resolution:
    """The document's own place.

    `stated` is the place as the text names it, `parents` the places named above it (outermost first), `source_place`
    what the source's settings say (a name, a path with `/`, or a code), `text` the text itself: where a name is
    ambiguous, the one candidate whose parents the text names is taken.
    """
    default = _path(source_place.split("/")) if source_place else None
    setting = _path(parents)
    outer = setting.code if setting and setting.code else default.code if default else None
    if not stated:
        if default and default.code:
            return Resolution(default.code, f"the source is of {source_place}")
        return Resolution(None, "the document names no place of its own")
    name = _bare(stated)
    if (
        default
        and default.code
        and name == gazetteer().places[default.code].name
        and (setting is None or setting.code in (None, default.code, *gazetteer().ancestors(default.code)))
    ):
        return Resolution(default.code, f"{stated} is the source's place")
    found = _named(name, outer)
    if found.code is None and not found.candidates and outer is not None:
        zone = _zone(name, outer)
        if zone is not None:
            return zone
        found, outer = _named(name, None), None
    if found.code is None and not found.candidates and default and default.code and _same_rank(name, default.code):
        return Resolution(default.code, f"{stated} is not in the list; the source is of {source_place}")
    if found.candidates:
        return _by_mention(found, text)
    if outer is None and found.code is not None and len(found.code) == 9 and name in gazetteer().by_name:
        return _by_mention(Resolution(None, found.evidence, (found.code,)), text)  # the only one, but is it this one?
    return found


def _same_rank(name: str, code: str) -> bool:
    """A text of 县 may be its source's county; a town that the list does not know is not."""
    return name[-1:] == gazetteer().places[code].name[-1:]


def resolve_subject(subject: str | None, home: str | None) -> Resolution:
    """The place that a statement's subject names in a document of `home` (null: a document of no one place).

    A subject left out, 全县 or 我市 of the own rank, and the own name are the document's place; 全市 in a county's
    document is the place above; any other name is looked up inside `home`, then beside and above it.
    """
    return _subject((subject or "").strip(), home)


@lru_cache(maxsize=65536)
def _subject(subject: str, home: str | None) -> Resolution:
    name = re.sub(r"[“”\"'‘’《》\s]", "", subject)
    if home is None:
        return _named(name, None) if name else Resolution(None, "no subject, and the document has no place")
    if not name:
        return Resolution(home, "the document's own place")
    if is_zone(home):
        found = _subject(name, zone_owner(home))
        of_zone = name in ("全区", "我区", "本区") or found.code == home
        return Resolution(home, f"{name} is the document's own place") if of_zone else found
    own = _as_home(name, home)
    if own is not None:
        return own
    level = _OWN_LEVEL.fullmatch(name)
    if level is not None:
        base = _subject(level["name"] + (level["rank"] or ""), home) if level["name"] else _ranked(level["rank"], home)
        if base.code is None and level["name"]:
            base = _subject(level["name"], home)
        if base.code is not None:
            return Resolution(base.code, f"{base.evidence}, own level only", scope=OWN_LEVEL)
    zone = _zone(name, home)
    return zone or _beside(name, home)


def _as_home(name: str, home: str) -> Resolution | None:
    place = gazetteer().places.get(home)
    if place is None:
        return None
    if name in (place.name, place.short) or home in gazetteer().by_name.get(name, ()):
        return Resolution(home, f"{name} is the document's own place")
    former = gazetteer().former.get(name, ())
    if any(gazetteer().current(each) == home for each in former):
        return Resolution(home, f"{name} is a former name of the document's own place", historic=True)
    if _SELF.fullmatch(name):
        rank = re.search(_RANK, name)
        return _ranked(rank[0] if rank else None, home) if "国" not in name else None
    return None


def _ranked(rank: str | None, home: str) -> Resolution:
    """全市, 市本级: the own place where it has that rank, else the nearest place above that has it."""
    if rank is None:
        return Resolution(home, "the document's own place")
    places = gazetteer().places
    for code in (home, *gazetteer().ancestors(home)):
        name = places[code].name
        if name.endswith(rank) or (rank == "州" and name.endswith("自治州")):
            which = "the document's own place" if code == home else f"{name} above the document's place"
            return Resolution(code, f"{rank}: {which}")
    return Resolution(None, f"no {rank} at or above {gazetteer().path(home)}")


def _beside(name: str, home: str) -> Resolution:
    """A name inside the document's place, else inside each place above it, else in the whole country (full name)."""
    province = [code for code in gazetteer().prefectures_by_short_name.get(name, ()) if code.endswith("0000")]
    if province:
        return Resolution(province[0], f"{name} is a province")
    for outer in (home, *gazetteer().ancestors(home)):
        found = _named(name, outer, short=outer == home)
        if found.code is not None or found.candidates:
            if found.code is not None and len(found.code) == 9 and not gazetteer().within(found.code, home):
                inside = gazetteer().within(found.code, _county(home))
                if not inside:
                    return Resolution(None, f"{name}: a township outside the document's county", (found.code,))
            return found
    found = _named(name, None)
    if found.code is not None and len(found.code) == 9:
        return Resolution(None, f"{name}: a township outside the document's county", (found.code,))
    return found


def _county(home: str) -> str:
    return home[:6] if len(home) == 9 else home


def _zone(name: str, home: str) -> Resolution | None:
    """A development zone: of the document's county where only its kind is named, else of the place before the kind."""
    parts = split_zone(name)
    if parts is None:
        return None
    before, suffix = parts
    owner = Resolution(_county(home), "") if before in _NO_OWNER else _subject(before, home)
    if owner.code is None or len(owner.code) != 6:
        return Resolution(None, f"{name}: a zone whose owner is not known", owner.candidates)
    return Resolution(zone_code(owner.code, suffix), f"{name}, of {gazetteer().path(owner.code)}")


def _path(names: Iterable[str]) -> Resolution | None:
    """Names from the outermost inward, each looked up inside the one before; the deepest that is known."""
    found: Resolution | None = None
    for name in names:
        step = _named(_bare(name.strip()), found.code if found else None)
        if step.code is not None:
            found = step
    return found


@lru_cache(maxsize=65536)
def _named(name: str, outer: str | None, short: bool = True) -> Resolution:
    """A name, or names run together (柳河县安口镇), inside `outer`.

    In the whole country (null) and where `short` is false a name counts in full only, prefectures and above apart.
    """
    places = gazetteer()
    if name in places.places:
        return Resolution(name, f"code {name}")
    here = places.path(outer) if outer and outer in places.places else "the country"
    codes = _inside(places.by_name.get(name, ()), outer)
    if not codes:
        shorts = places.prefectures_by_short_name if outer is None or not short else places.by_short_name_within(outer)
        codes = _inside(shorts.get(name, ()), outer)
    codes = _highest(codes)
    if len(codes) == 1:
        return Resolution(codes[0], f"{name} in {here}")
    if codes:
        return Resolution(None, f"{len(codes)} places in {here} are called {name}", codes)
    former = _formerly(places, places.former.get(name, ()), outer)
    if len(former) == 1:
        return Resolution(former[0], f"former name {name} in {here}", historic=True)
    return _run_together(name, outer) or Resolution(None, f"no {name} in {here}", former)


def _inside(codes: Iterable[str], outer: str | None) -> tuple[str, ...]:
    prefix = significant(outer) if outer else ""
    return tuple(code for code in codes if code.startswith(prefix) and code != outer)


def _highest(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The candidates of the highest level: 吉林 is the province before the city, 海南 before its namesakes."""
    if len(codes) < 2:
        return codes
    provinces = tuple(code for code in codes if code.endswith("0000"))
    prefectures = tuple(code for code in codes if is_prefecture(code))
    counties = tuple(code for code in codes if len(code) == 6)
    return provinces or prefectures or counties or codes


def _formerly(places: Gazetteer, former: Iterable[FormerPlace], outer: str | None) -> tuple[str, ...]:
    ends = {places.current(each) for each in former}
    return tuple(sorted(code for code in ends if code is not None and places.within(code, outer)))


def _run_together(name: str, outer: str | None) -> Resolution | None:
    """保定市满城区 → 满城区 inside 保定市: the longest leading name that has a rank, then the rest inside it."""
    for cut in range(len(name) - 2, 1, -1):
        head, rest = name[:cut], name[cut:]
        if not head.endswith(RANKS) or head not in gazetteer().by_name:
            continue
        found = _named(head, outer)
        if found.code is not None:
            inner = _named(rest, found.code)
            if inner.code is not None or inner.candidates:
                return inner
    return None


def _by_mention(found: Resolution, text: str) -> Resolution:
    """The one candidate whose county (or, above it, prefecture) the text names most often and at least once.

    Where it names none in full, the short name counts that its towns and rivers bear too (柳河镇 in 柳河县): twice at
    least, as one such name may stand by chance, and never one that is a word (平安).
    """
    places = gazetteer()
    above = {
        code: [places.places[each] for each in places.ancestors(code)[: 1 if len(code) == 9 else 2]]
        for code in found.candidates
    }
    counts = {code: sum(text.count(each.name) for each in outer) for code, outer in above.items()}
    if not any(counts.values()):
        shorts = {code: sum(_short_mentions(each.short, text) for each in outer[:1]) for code, outer in above.items()}
        counts = {code: count for code, count in shorts.items() if count >= SHORT_MENTIONS}
    named = sorted((-count, code) for code, count in counts.items() if count)
    if len(named) == 1 or (len(named) > 1 and -named[0][0] >= 2 * -named[1][0]):
        code = named[0][1]
        return Resolution(code, f"the text names {places.path(places.places[code].parent or code)}")
    return Resolution(None, f"{found.evidence}; the text does not tell which", found.candidates)


def _short_mentions(short: str, text: str) -> int:
    return text.count(short) if len(short) > 1 and short not in word_names() else 0


def _bare(name: str) -> str:
    return _OFFICE.sub("", re.sub(r"[\s“”]", "", name))
