"""The national list of places: by code, by name, by what lies inside what.

Codes are those of the Ministry of Civil Affairs' list (places.csv): 6 digits down to the county, 9 for a township.
Level and parent follow from the code: a township's parent is its first six digits, otherwise the parent is the longest
shorter code that is in the list (the districts of 北京市 have no prefecture above them). Nothing here decides what a
text means: that is gongbao/normalise/places.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property

from gongbao import reference

SUFFIXES = (
    "特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "街道办事处", "街道", "苏木",
    "民族乡", "省", "市", "州", "盟", "县", "区", "旗", "镇", "乡",
)  # fmt: skip
_BEHIND = ":"
"""Sorts behind all digits."""
_SUFFIX = re.compile(f"(?:{'|'.join(SUFFIXES)})$")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of the list; `parent` is null for a province, `nbs_code` null where the bureau's list lacks it."""

    code: str
    name: str
    short: str
    level: str
    parent: str | None
    nbs_code: str | None


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """A name that a code once had, by the snapshots in which it was seen (`YYYY-MM`, both inclusive)."""

    code: str
    name: str
    last_seen: str


class _Places(Mapping[str, Place]):
    """The list by code, in its order; a place is made when it is asked for, as most of 42,000 never are."""

    def __init__(self, listed: Mapping[str, tuple[str, ...]]) -> None:
        self.names = dict(zip(listed["code"], listed["name"], strict=True))
        self._nbs_codes = dict(zip(listed["code"], listed["nbs_code"], strict=True))
        self._made: dict[str, Place] = {}

    def __getitem__(self, code: str) -> Place:
        made = self._made.get(code)
        if made is None:
            name, told = self.names[code], self._nbs_codes[code]
            nbs_code = None if told == "-" else told or code
            made = Place(code, name, short_name(name), level(code), _parent(code, self.names.keys()), nbs_code)
            self._made[code] = made
        return made

    def __contains__(self, code: object) -> bool:
        return code in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Gazetteer:
    """The list with its indexes; build it once through `gazetteer()`."""

    def __init__(self) -> None:
        listed = _Places(reference.columns("places.csv"))
        self.places: Mapping[str, Place] = listed
        self._names = listed.names
        self._within: dict[str, dict[str, tuple[str, ...]]] = {}

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Every full name and alias → the codes that bear it, in code order."""
        return _index(self._full_names())

    @cached_property
    def by_short_name(self) -> dict[str, tuple[str, ...]]:
        """Every name without its suffix, of two characters and more → codes, in code order."""
        return self._by_short_name(self._names)

    @cached_property
    def prefectures_by_short_name(self) -> dict[str, tuple[str, ...]]:
        """Of `by_short_name` the prefectures and what is above them."""
        return self._by_short_name(code for code in self._names if is_prefecture(code))

    def by_short_name_within(self, outer: str) -> dict[str, tuple[str, ...]]:
        """Of `by_short_name` what lies inside a place, and itself: cheaper than the country's, and kept for each."""
        found = self._within.get(outer)
        if found is None:
            digits = significant(outer)
            inside = self._sorted[bisect_left(self._sorted, digits) : bisect_left(self._sorted, digits + _BEHIND)]
            found = self._within[outer] = self._by_short_name(inside)
        return found

    @cached_property
    def former(self) -> dict[str, tuple[FormerPlace, ...]]:
        """Former names of county and above → the codes that bore them."""
        found: dict[str, list[FormerPlace]] = {}
        history = reference.columns("place_history.csv")
        for code, name, last_seen in zip(history["code"], history["name"], history["last_seen"], strict=True):
            if last_seen:
                found.setdefault(name, []).append(FormerPlace(code, name, last_seen))
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def successors(self) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
        """(old code, old name) → the (code, name) that followed it."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for row in reference.rows("place_successions.csv"):
            followers = found.setdefault((row["old_code"], row["old_name"]), [])
            followers.append((row["new_code"], row["new_name"]))
        return {old: tuple(sorted(set(new))) for old, new in found.items()}

    def above(self, code: str) -> str | None:
        """The code directly above any code, one that is no longer in the list too."""
        return _parent(code, self._names.keys())

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, nearest first."""
        found = []
        parent = self.places[code].parent
        while parent is not None:
            found.append(parent)
            parent = self.places[parent].parent
        return tuple(found)

    def within(self, code: str, outer: str | None) -> bool:
        """Whether `code` is `outer` or lies inside it; everything lies inside null."""
        return outer is None or code.startswith(significant(outer))

    def current(self, former: FormerPlace) -> str | None:
        """The one code that a former name leads to today, or null where it split, vanished or is unknown."""
        steps = {(former.code, former.name)}
        seen: set[tuple[str, str]] = set()
        ends: set[str] = set()
        while steps:
            step = steps.pop()
            seen.add(step)
            code, name = step
            if code in self.places and self.places[code].name == name:
                ends.add(code)
            else:
                steps.update(follower for follower in self.successors.get(step, ()) if follower not in seen)
        return ends.pop() if len(ends) == 1 else None

    def path(self, code: str) -> str:
        """The name with the names above it: 山东省/滨州市/惠民县."""
        return "/".join(self.places[each].name for each in (*reversed(self.ancestors(code)), code))

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._names)

    def _by_short_name(self, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        return _index((short, code) for code in codes if len(short := short_name(self._names[code])) > 1)

    def _full_names(self) -> Iterator[tuple[str, str]]:
        """Full names, the forms that autonomous units go by (湘西州, 三江县), and the listed aliases."""
        for code, name in self._names.items():
            yield name, code
            if "自治" in name and len(short := short_name(name)) > 1:
                rank = name[name.rindex("自治") :]
                yield from ((short + rank, code), (short + rank[2:], code))
        for row in reference.rows("place_aliases.csv"):
            yield row["alias"], row["code"]


def level(code: str) -> str:
    """The level that a code's form tells: 371621111 → township, 371621 → county, 371600, 370000."""
    if len(code) == 9:
        return "township"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def significant(code: str) -> str:
    """The digits that all codes inside share: 370000 → 37, 371600 → 3716, 371621 → 371621."""
    if len(code) == 9:
        return code
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def is_prefecture(code: str) -> bool:
    """Whether a code is that of a prefecture or above."""
    return len(code) == 6 and code.endswith("00")


def short_name(name: str) -> str:
    """A name without its rank and nationality: 湘西土家族苗族自治州 → 湘西, 易县 → 易, 呼和浩特市 → 呼和浩特."""
    bare = _SUFFIX.sub("", name) or name
    last_signs, pattern = _nationalities()
    found = pattern.fullmatch(bare) if bare[-1:] in last_signs else None
    return found[1] if found else bare


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer of the process."""
    return Gazetteer()


@cache
def word_names() -> frozenset[str]:
    """Short names that are words as well (平安, 资源): alone they name no place."""
    return frozenset(row["word"] for row in reference.rows("texts/place_word_names.csv"))


@cache
def _nationalities() -> tuple[frozenset[str], re.Pattern[str]]:
    """The last signs of nationalities, and a pattern whose first group is what is before them, two signs or more."""
    names = tuple(row["name"] for row in reference.rows("place_ethnic_names.csv"))
    return frozenset(name[-1:] for name in names), re.compile(f"(.{{2,}}?)(?:{'|'.join(map(re.escape, names))})*")


def _parent(code: str, codes: Set[str]) -> str | None:
    if len(code) == 9:
        return code[:6]
    for outer in (code[:4] + "00", code[:2] + "0000"):
        if outer != code and outer in codes:
            return outer
    return None


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, code in pairs:
        if name in found:
            found[name].append(code)
        else:
            found[name] = [code]
    return {name: tuple(sorted({*codes}) if len(codes) > 1 else codes) for name, codes in found.items()}
