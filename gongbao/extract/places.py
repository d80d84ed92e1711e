"""Place names in a text: what they look like, and which of them the list of divisions knows.

The list (gongbao/reference/places.csv) is asked for names only: whether `满城区` is a name, of which level, and under
which `保定市`. Which code a name means is decided later, by the stage that normalises.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from gongbao import reference

SUFFIX = "(?:特别行政区|自治区|自治州|自治县|自治旗|地区|街道办事处|街道|苏木|省|市|县|区|州|盟|旗|镇|乡)"
_LEVELS = (
    ("province", re.compile(r"(?:省|自治区|特别行政区)$")),
    ("township", re.compile(r"(?:镇|乡|街道|街道办事处|苏木)$")),
    ("county", re.compile(r"(?:县|旗|区)$")),
    ("prefecture", re.compile(r"(?:市|州|盟|地区)$")),
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names that the list knows: full names to their codes, and bare names (`宜春`) to full ones."""

    codes: dict[str, tuple[str, ...]]
    bare: dict[str, tuple[str, ...]]


_BARE_SUFFIX = re.compile(
    r"(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    r"柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|裕固|各)族?){0,3}(?:自治州|自治县|自治旗|自治区|地区|省|市|县|区|州|盟|旗)$"
)


@cache
def gazetteer() -> Gazetteer:
    """The list, read once."""
    codes: dict[str, list[str]] = {}
    bare: dict[str, list[str]] = {}
    for row in reference.rows("places.csv"):
        codes.setdefault(row["name"], []).append(row["code"])
    for name, where in codes.items():
        short = _BARE_SUFFIX.sub("", name)
        if len(short) >= 2 and short != name and len(where[0]) == 6:
            bare.setdefault(short, []).append(name)
    return Gazetteer({k: tuple(v) for k, v in codes.items()}, {k: tuple(v) for k, v in bare.items()})


def level(name: str) -> str | None:
    """`province`, `prefecture`, `county` or `township` by the list, else by the name's last sign."""
    for code in gazetteer().codes.get(name, ()):
        if len(code) > 6:
            return "township"
        return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
    return next((kind for kind, pattern in _LEVELS if pattern.search(name)), None)


_ENDS = re.compile(SUFFIX)


def split(run: str) -> tuple[str, ...]:
    """`呼伦贝尔市海拉尔区` → (`呼伦贝尔市`, `海拉尔区`); the last of them is the place, those before its parents."""
    known = gazetteer().codes
    parts: list[str] = []
    rest = run
    while rest:
        ends = [match.end() for match in _ENDS.finditer(rest) if match.end() > 1]
        if not ends:
            break
        end = next((e for e in reversed(ends) if rest[:e] in known), None)
        if end is None:
            end = next((e for e in ends if rest[e:] == "" or _ENDS.search(rest[e:])), ends[-1])
        parts.append(rest[:end])
        rest = rest[end:]
    return tuple(parts)


def ending_at(text: str, end: int, longest: int = 12) -> str | None:
    """The longest name of the list that ends at `end`."""
    known = gazetteer().codes
    return next((text[start:end] for start in range(max(0, end - longest), end - 1) if text[start:end] in known), None)


def named(text: str) -> Counter[str]:
    """Full names of the list in `text`, with how often they stand there."""
    found: Counter[str] = Counter()
    for match in _ENDS.finditer(text):
        name = ending_at(text, match.end())
        if name:
            found[name] += 1
    return found


_HAN_RUN = re.compile(r"[一-鿿]+")


def most_named(text: str, kinds: frozenset[str]) -> str | None:
    """The place of one of these levels that a text names most often by its bare name: `宜春` → `宜春市`."""
    bare = gazetteer().bare
    found: Counter[str] = Counter()
    for run in _HAN_RUN.findall(text):
        for start in range(len(run) - 1):
            for length in (4, 3, 2):
                short = run[start : start + length]
                if len(short) == length and short in bare:
                    found[short] += 1
                    break
    for short, times in found.most_common(40):
        names = [name for name in bare[short] if level(name) in kinds]
        if names and times >= 3:
            return names[0]
    return None


def parents(place: str, text: str) -> tuple[str, ...]:
    """The places above `place` that `text` names, outermost first, as far as the list places it under them."""
    known = gazetteer().codes
    own = known.get(place, ())
    found = [name for name, _ in named(text).most_common(60) if name != place]
    levels: dict[str, str] = {}
    for name in found:
        for code in known[name]:
            stem = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
            if len(code) == 6 and any(mine.startswith(stem) and mine != code for mine in own):
                levels.setdefault(str(len(stem)), name)
    return tuple(levels[key] for key in sorted(levels))
