"""The indicator vocabulary as indexes: aliases by folded phrase, qualifiers by word, the catalogue by id."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from gongbao import reference

TOTAL = "_T"
_NOISE = re.compile(r"[“”\"'‘’《》【】\s]|的")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A catalogue entry as matching needs it; `is_share`: a part of a whole by itself (三产占比)."""

    id: str
    unit: str
    kind: str
    is_share: bool


@dataclass(frozen=True, slots=True)
class Alias:
    """What a phrase stands for; `risky` phrases name the indicator only with more words around them."""

    indicator_id: str
    breakdown: str | None
    risky: bool


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A word beside an alias: `position` is head, tail or ignored (a head that says nothing new)."""

    word: str
    position: str
    breakdown: str | None
    scope: str | None
    only: frozenset[str]
    never: frozenset[str]

    def applies(self, indicator_id: str) -> bool:
        """Whether the word may stand beside this indicator's alias."""
        return indicator_id not in self.never and (not self.only or indicator_id in self.only)


def fold(phrase: str) -> str:
    """One spelling per phrase: half-width, no quotes, spaces or 的, 规上 for 规模以上 (indicator_spellings.csv)."""
    folded = _NOISE.sub("", unicodedata.normalize("NFKC", phrase))
    if _any_spelling().search(folded):  # few have one
        for long, short in _spellings():
            folded = folded.replace(long, short)
    return folded


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    """(spelling, the one it is folded to), in file order: each is applied to what those before have left."""
    return tuple((row["spelling"], row["folded"]) for row in reference.rows("indicator_spellings.csv"))


@cache
def _any_spelling() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(long) for long, _ in _spellings()))


@cache
def catalogue() -> dict[str, Indicator]:
    """Id → entry. Entries measured in ranks are left out: a rank belongs to the indicator that is ranked."""
    return {
        row["id"]: Indicator(row["id"], row["canonical_unit"], row["kind"], row["zh_name"].endswith("占比"))
        for row in reference.rows("indicators.csv")
        if row["canonical_unit"] != "rank"
    }


@cache
def aliases() -> dict[str, Alias]:
    """Folded phrase → what it stands for. A line of indicator_aliases.csv goes before the catalogue's own alias."""
    found: dict[str, Alias] = {}
    for row in reference.rows("indicators.csv"):
        if row["id"] not in catalogue():
            continue
        risky = {fold(phrase) for phrase in row["risky_aliases"].split("|")}
        for phrase in (row["zh_name"], *row["aliases"].split("|")):
            if phrase:
                found.setdefault(fold(phrase), Alias(row["id"], None, fold(phrase) in risky))
    for row in reference.rows("indicator_aliases.csv"):
        found[fold(row["alias"])] = Alias(row["indicator_id"], row["breakdown"] or None, False)
    return found


@cache
def qualifiers() -> dict[tuple[bool, str], tuple[Qualifier, ...]]:
    """(is a tail, folded word) → the qualifiers that it may be."""
    found: dict[tuple[bool, str], list[Qualifier]] = {}
    for row in reference.rows("indicator_qualifiers.csv"):
        qualifier = Qualifier(
            fold(row["word"]),
            row["position"],
            row["breakdown"] or None,
            row["scope"] or None,
            frozenset(row["indicator_ids"].split("|")) - {""},
            frozenset(row["not_for"].split("|")) - {""},
        )
        found.setdefault((qualifier.position == "tail", qualifier.word), []).append(qualifier)
    return {key: tuple(words) for key, words in found.items()}


@cache
def variants() -> dict[tuple[str, str, str], str]:
    """(id, aspect, dimension) → the id that such a figure belongs to; empty strings where that does not matter."""
    return {
        (row["indicator_id"], row["aspect"], row["dimension"]): row["becomes"]
        for row in reference.rows("indicator_variants.csv")
    }


@dataclass(frozen=True, slots=True)
class Share:
    """The indicator that is a share: names of the whole end in one of `wholes`; `is_stated`: they have to be said."""

    id: str
    wholes: tuple[str, ...]
    is_stated: bool


@cache
def shares() -> dict[str, Share]:
    """An indicator → the one that is its share of the usual whole: 税收收入 → 税收占比."""
    return {
        row["indicator_id"]: Share(
            row["share_id"],
            tuple(fold(word) for word in row["whole_names"].split("|") if word),
            row["must_be_said"] == "yes",
        )
        for row in reference.rows("indicator_shares.csv")
    }
