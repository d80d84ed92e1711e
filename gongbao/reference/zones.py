"""Development zones, which the national list does not have: local codes `X371621-KFQ` (owner, kind)."""

from __future__ import annotations

from functools import cache

from gongbao import reference
from gongbao.reference.gazetteer import gazetteer


def split_zone(name: str) -> tuple[str, str] | None:
    """惠民经开区 → (惠民, KFQ); null where the name ends in no kind of zone."""
    return next(((name.removesuffix(kind), suffix) for kind, suffix in _kinds() if name.endswith(kind)), None)


def zone_code(owner: str, suffix: str) -> str:
    """The local code of a kind of zone in the place that it belongs to."""
    return f"X{owner}-{suffix}"


def is_zone(code: str) -> bool:
    """Whether a code is a local one."""
    return code.startswith("X")


def zone_owner(code: str) -> str:
    """X371621-KFQ → 371621."""
    return code.removeprefix("X").split("-")[0]


def zone_name(code: str) -> str:
    """X371621-KFQ → 惠民县开发区."""
    suffix = code.split("-")[1]
    kinds = [kind for kind, each in _kinds() if each == suffix]
    return gazetteer().places[zone_owner(code)].name + min(kinds, key=lambda kind: (len(kind), kind))


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    """(kind, suffix), the longest kind first."""
    kinds = [(row["name"], row["suffix"]) for row in reference.rows("zone_kinds.csv")]
    return tuple(sorted(kinds, key=lambda kind: (-len(kind[0]), kind)))
