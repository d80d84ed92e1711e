"""From the phrase that says what is measured to the catalogue's indicator: no match is better than a wrong match.

A phrase matches when it is an alias, or an alias between words that are known to qualify it: 省级 + 创新平台,
居民人均可支配收入 + 增速. One unknown word beside the alias and there is no match. The unit then has to fit, and the
aspect tells additions (新增) from stocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from gongbao.normalise.surroundings import (
    ADJUSTED,
    PLANNED,
    is_of_group,
    is_ratio,
    names_another_thing,
    surroundings,
    whole_of,
)
from gongbao.normalise.units import conversion, dimensions, units
from gongbao.normalise.vocabulary import TOTAL, Alias, Qualifier, aliases, catalogue, fold, qualifiers, shares, variants
from gongbao.normalise.wordings import in_context, readings

LEVEL_MEASURES = frozenset({"level"})
PERCENT_MEASURES = frozenset({"growth", "share", "completion"})
UNITLESS_MEASURES = frozenset({"rank", "index"})
_JOINT = re.compile(r"[、和与及]")
LONGEST_VERB = 6
_GAP = re.compile(r"[\s“”\"了共约达]+|各类")
_ASIDE = re.compile(r"\([^()]*\)")
_STOCKS = ("总量", "总数", "保有量", "存量")
_STOCK_BEFORE = re.compile(rf"(?:{'|'.join(_STOCKS)})[已共]?(?:达到?|增?至|增加到|为|有)?\s*$")
_REACHED = re.compile(r"\d\s*[^\d\s,，、;；]{1,3}[,，、]\s*(?:达到?|增?至)\s*$")
_HAS_REACHED = re.compile(r"(?:已?达到?|增至)\s*$")
_SHARE_RANKED = re.compile(r"(?:占比|比重)[^,，;；。]{0,14}[,，、]?[^,，;；。\d]{0,8}$")
_ADDED_BEFORE = re.compile(r"[,，、;；](?:其中)?(?:新增|净增)了?$")
_CLAUSE_END = re.compile(r"[,，;；、]")
_ASPECTS = (("新增", "new"), ("净增", "new"), ("累计", "cumulative"))


@dataclass(frozen=True, slots=True)
class Match:
    """What a phrase measures: the id, `dim=code;dim=code` or `_T`, and a stated 口径.

    `aspect` is null where additions are what the indicator counts: then 新增 says nothing more.
    `fits` is false where the printed unit is of another dimension than the indicator's.
    """

    indicator_id: str
    breakdown: str = TOTAL
    scope: str | None = None
    aspect: str | None = None
    fits: bool = True


def match_indicator(
    phrase: str | None,
    *,
    unit: str | None,
    aspect: str | None = None,
    measure: str = "level",
    before: str = "",
    after: str = "",
) -> str | None:
    """The indicator's id, or null where the catalogue has none for this phrase, unit, aspect and measure.

    `before` and `after` are the sentence before and behind the figure, where they are at hand: a phrase without its
    verb may need it (检查 + 企业).
    """
    found = match(phrase, unit=unit, aspect=aspect, measure=measure, before=before, after=after)
    return found.indicator_id if found is not None and found.fits else None


def as_share(found: Match, *, unit: str | None, measure: str, before: str = "") -> Match:
    """A share of something as the indicator that is this share, so that 税收占比 and 税收收入占…比重 meet.

    The annotation guide names the thing that has the share; `match_indicator` follows it, the facts do not. Where the
    sentence before the figure names the whole, it must be the usual one: 税收收入占GDP比重 is no 税收占比.
    """
    is_points = measure == "change" and unit in units() and units()[unit].dimension == "ratio_point"
    is_total = found.breakdown == TOTAL  # the share of a part (增值税) is of another whole
    is_rank = measure == "rank" and _SHARE_RANKED.search(before) is not None
    if found.indicator_id not in shares() or not is_total or not (measure == "share" or is_points or is_rank):
        return found
    share = shares()[found.indicator_id]
    whole = whole_of(before)
    if (whole and not whole.endswith(share.wholes)) or (not whole and share.is_stated):
        return found
    return replace(found, indicator_id=share.id)


def match(
    phrase: str | None, *, unit: str | None, aspect: str | None, measure: str, before: str = "", after: str = ""
) -> Match | None:
    """The whole match; a match whose unit does not fit is returned with `fits` false, so that it can be reported."""
    if not phrase:
        return None
    if names_another_thing(phrase, before, after, measure):
        return None
    if aspect == "new" and (_STOCK_BEFORE.search(before) or _REACHED.search(before) or _has_reached(phrase, before)):
        aspect = None  # 新增5家,总量20家 and 新增5家,达到20家: the second is a stock
    is_added = measure == "level" and _ADDED_BEFORE.search(before) is not None
    aspect = aspect or ("new" if is_added else None)
    found = _match(phrase, unit, aspect, measure)
    if found is None and before:
        found = next(
            filter(None, (_match(each, unit, aspect, measure) for each in _with_verb(phrase, before, after))), None
        )
    if found is None and (name := in_context(phrase, before, aspect)):
        found = _match(name, unit, aspect, measure)
    if found is None or (catalogue()[found.indicator_id].kind != "rate" and is_ratio(phrase, before)):
        return None  # 每千人拥有床位6张
    if is_added and found.aspect is None and _is_stock(found):
        found = replace(found, aspect="new")  # 保有量11万辆,净增3万辆
    if (
        measure == "level"
        and found.aspect is None
        and _is_stock(found)
        and is_of_group(phrase, after, found.indicator_id)
    ):
        return None
    return _placed(found, phrase, before, measure)


def _has_reached(phrase: str, before: str) -> bool:
    """Whether a clause of its own says what the phrase has come to: 新增破零企业5家,实绩企业达到90家."""
    clause = _CLAUSE_END.split(before)[-1]
    verb = _HAS_REACHED.search(clause)
    return len(clause) < len(before) and verb is not None and fold(clause[: verb.start()]) == fold(phrase)


def _is_stock(found: Match) -> bool:
    return catalogue()[found.indicator_id].kind == "stock"


def _placed(found: Match, phrase: str, before: str, measure: str) -> Match | None:
    """The match with what the sentence before adds; null where that sentence lacks what the indicator needs."""
    around = surroundings(before, found.indicator_id, measure, phrase)
    if around.another or (not around.complete and found.breakdown == TOTAL):
        return None
    own = () if found.breakdown == TOTAL else tuple(found.breakdown.split(";"))
    parts = _parts(*own, *around.parts) or own
    scopes = dict.fromkeys(scope for each in (found.scope, around.scope) if each for scope in each.split(";"))
    if ADJUSTED in scopes:
        scopes.pop(PLANNED, None)
    return replace(found, breakdown=";".join(sorted(parts)) or TOTAL, scope=";".join(scopes) or None)


def _with_verb(phrase: str, before: str, after: str) -> Iterator[str]:
    """Aliases that are a verb and the phrase: 检查企业30家 and 检查30家企业 have 检查企业 beside the figure."""
    lead = without_gaps(before)
    noun = fold(phrase)
    verbs = lead.removesuffix(noun) if lead.endswith(noun) else lead if fold(after).startswith(noun) else ""
    for length in range(min(LONGEST_VERB, len(verbs)), 0, -1):
        is_cut_number = verbs[:-length][-1:].isdigit()  # 过10 + 亿元项目
        if verbs[-length:] + noun in aliases() and not is_cut_number:
            yield verbs[-length:] + noun


@lru_cache(maxsize=262144)
def _match(phrase: str, unit: str | None, aspect: str | None, measure: str) -> Match | None:
    dimension = units()[unit].dimension if unit in units() else ""
    found = next(filter(None, map(_parsed, readings(fold(phrase), aspect, measure, dimension))), None)
    if found is None:
        return None
    indicator_id, parts, scope = found
    aspect = _said(phrase, aspect)
    indicator_id, spent = _variant(indicator_id, unit, aspect, measure)
    parts, fits = _fit(indicator_id, parts, unit, measure)
    if aspect == "new" and (spent or _counts_additions(indicator_id)):
        aspect = None
    return Match(indicator_id, ";".join(sorted(parts)) or TOTAL, scope, aspect, fits)


def _said(phrase: str, aspect: str | None) -> str | None:
    """The aspect, unless the phrase itself says another: 高新技术企业总量 is a stock whatever stood before it."""
    if aspect == "new" and (phrase.endswith(_STOCKS) or phrase.startswith("实有")):
        return None
    return aspect or next((aspect for word, aspect in _ASPECTS if word in phrase), None)


@lru_cache(maxsize=131072)
def _parsed(phrase: str) -> tuple[str, tuple[str, ...], str | None] | None:
    """(id, breakdown parts, scope) of a folded phrase."""
    found = _alone(phrase)
    if found is None and "(" in phrase:
        found = _alone(without_asides(phrase))
    if found is None:
        found = _joint(phrase)
    return found


def without_gaps(text: str) -> str:
    """A text without what may stand between a verb and what it is about: 检查了企业."""
    return _GAP.sub("", text)


def without_asides(phrase: str) -> str:
    """A phrase without what stands in brackets."""
    return _ASIDE.sub("", phrase)


def _alone(phrase: str) -> tuple[str, tuple[str, ...], str | None] | None:
    """The longest alias in the phrase whose surroundings are all known qualifiers."""
    best: tuple[int, str, tuple[str, ...], str | None] | None = None
    for start, end, alias in _occurrences(phrase):
        if alias.risky and start == 0 and end == len(phrase):
            return None
        around = _surroundings(phrase[:start], phrase[end:], alias)
        if around is None or (alias.risky and not any(word.breakdown for word in around)):
            continue
        if best is None or end - start > best[0]:
            parts = _parts(alias.breakdown, *(word.breakdown for word in around))
            if parts is None:
                continue
            scopes = [word.scope for word in around if word.scope]
            best = (end - start, alias.indicator_id, parts, scopes[0] if scopes else None)
    if best is None:
        return None
    return best[1], best[2] or _inner_breakdown(phrase, best[1]), best[3]


def _parts(*breakdowns: str | None) -> tuple[str, ...] | None:
    """`dim=code` parts without repetition; null where one dimension would get two codes (公路 and 水路)."""
    parts = tuple(dict.fromkeys(part for breakdown in breakdowns if breakdown for part in breakdown.split(";")))
    return parts if len({part.split("=")[0] for part in parts}) == len(parts) else None


def _occurrences(phrase: str) -> Iterator[tuple[int, int, Alias]]:
    known = aliases()
    for start in range(len(phrase)):
        for end in range(len(phrase), start + 1, -1):
            alias = known.get(phrase[start:end])
            if alias is not None:
                yield start, end, alias


def _surroundings(head: str, tail: str, alias: Alias) -> tuple[Qualifier, ...] | None:
    """The qualifiers that `head` and `tail` consist of, or null where a word is not known."""
    before = _consume(head, alias.indicator_id, is_tail=False)
    after = _consume(tail, alias.indicator_id, is_tail=True)
    return None if before is None or after is None else (*before, *after)


def _consume(text: str, indicator_id: str, is_tail: bool) -> tuple[Qualifier, ...] | None:
    if not text:
        return ()
    for end in range(len(text), 0, -1):
        for qualifier in qualifiers().get((is_tail, text[:end]), ()):
            if qualifier.applies(indicator_id):
                rest = _consume(text[end:], indicator_id, is_tail)
                if rest is not None:
                    return (qualifier, *rest)
    return None


def _inner_breakdown(phrase: str, indicator_id: str) -> tuple[str, ...]:
    """The grade inside an alias: 省级美丽乡村 is an alias by itself and still counts those of the province only."""
    for end in range(len(phrase) - 1, 1, -1):
        for word in qualifiers().get((False, phrase[:end]), ()):
            if word.breakdown and word.breakdown.startswith("grade=") and word.applies(indicator_id):
                return (word.breakdown,)
    return ()


def _joint(phrase: str) -> tuple[str, tuple[str, ...], str | None] | None:
    """执业医师和执业助理医师: several names of one and the same indicator; one unknown part and there is no match."""
    parts = [part.removesuffix("等") for part in _JOINT.split(phrase)]
    found = {_alone(part) for part in parts} if len(parts) > 1 else set()
    return found.pop() if len(found) == 1 else None


def _variant(indicator_id: str, unit: str | None, aspect: str | None, measure: str) -> tuple[str, bool]:
    """The id after aspect and unit have spoken, and whether the aspect is spent by that."""
    known = variants()
    dimension = units()[unit].dimension if unit in units() and measure in LEVEL_MEASURES else ""
    if dimension and (by_unit := known.get((indicator_id, "", dimension))):
        return by_unit, False
    if by_aspect := known.get((indicator_id, aspect or "", "")):
        return by_aspect, aspect == "new"
    return indicator_id, False


def _counts_additions(indicator_id: str) -> bool:
    entry = catalogue()[indicator_id]
    return entry.kind == "flow" and not dimensions().get(entry.unit, "").startswith("money")


def _fit(indicator_id: str, breakdown: tuple[str, ...], unit: str | None, measure: str) -> tuple[tuple[str, ...], bool]:
    canonical = catalogue()[indicator_id].unit
    if measure in UNITLESS_MEASURES:
        return breakdown, True
    if measure in PERCENT_MEASURES:
        return breakdown, unit is None or conversion(unit, "%", indicator_id) is not None
    if unit is None:
        return breakdown, canonical == "ratio"
    if measure == "change" and units().get(unit) is not None and units()[unit].dimension == "ratio_point":
        return breakdown, True
    passage = conversion(unit, canonical, indicator_id)
    if passage is None:
        return breakdown, False
    return (*breakdown, passage.breakdown) if passage.breakdown else breakdown, True
