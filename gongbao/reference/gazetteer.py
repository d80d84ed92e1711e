"""The national list of places: by code, by name, by what lies inside what.

Codes are those of the Ministry of Civil Affairs' list (places.csv): 6 digits down to the county, 9 for a township.
Level and parent follow from the code: a township's parent is its first six digits, otherwise the parent is the longest
shorter code that is in the list (the districts of 北京市 have no prefecture above them). Nothing here decides what a
text means: that is gongbao/normalise/places.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from gongbao import reference

SUFFIXES = (
    "特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "街道办事处", "街道", "苏木",
    "民族乡", "省", "市", "州", "盟", "县", "区", "旗", "镇", "乡",
)  # fmt: skip
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


class Gazetteer:
    """The list with its indexes; build it once through `gazetteer()`."""

    def __init__(self) -> None:
        listed = reference.rows("places.csv")
        codes = {row["code"] for row in listed}
        self.places: dict[str, Place] = {}
        for row in listed:
            code = row["code"]
            nbs_code = None if row["nbs_code"] == "-" else row["nbs_code"] or code
            short = short_name(row["name"])
            self.places[code] = Place(code, row["name"], short, level(code), _parent(code, codes), nbs_code)
        self._codes = codes

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Every full name and alias → the codes that bear it, in code order."""
        return _index(self._full_names())

    @cached_property
    def by_short_name(self) -> dict[str, tuple[str, ...]]:
        """Every name without its suffix, of two characters and more → codes, in code order."""
        return _index((place.short, code) for code, place in self.places.items() if len(place.short) > 1)

    @cached_property
    def former(self) -> dict[str, tuple[FormerPlace, ...]]:
        """Former names of county and above → the codes that bore them."""
        found: dict[str, list[FormerPlace]] = {}
        for row in reference.rows("place_history.csv"):
            if row["last_seen"]:
                found.setdefault(row["name"], []).append(FormerPlace(row["code"], row["name"], row["last_seen"]))
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
        return _parent(code, self._codes)

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

    def _full_names(self) -> Iterator[tuple[str, str]]:
        """Full names, the forms that autonomous units go by (湘西州, 三江县), and the listed aliases."""
        for code, place in self.places.items():
            yield place.name, code
            if "自治" in place.name and len(place.short) > 1:
                rank = place.name[place.name.rindex("自治") :]
                yield from ((place.short + rank, code), (place.short + rank[2:], code))
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


def short_name(name: str) -> str:
    """A name without its rank and nationality: 湘西土家族苗族自治州 → 湘西, 易县 → 易, 呼和浩特市 → 呼和浩特."""
    bare = _SUFFIX.sub("", name) or name
    nationalities, pattern = _nationalities()
    found = pattern.fullmatch(bare) if bare.endswith(nationalities) else None
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
def _nationalities() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The names of nationalities, and a pattern whose first group is what stands before them, two signs or more."""
    names = tuple(row["name"] for row in reference.rows("place_ethnic_names.csv"))
    return names, re.compile(f"(.{{2,}}?)(?:{'|'.join(map(re.escape, names))})*")


def _parent(code: str, codes: set[str]) -> str | None:
    if len(code) == 9:
        return code[:6]
    for outer in (code[:4] + "00", code[:2] + "0000"):
        if outer != code and outer in codes:
            return outer
    return None


def _index(pairs: Iterator[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for name, code in pairs:
        found.setdefault(name, set()).add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}
